//! How the answer of an operation is shown: decided by the generator from the schema of the answer and
//! the names of its properties (ADR 0022).

use super::Format;

/// Where the records of an answer stand, what of them is shown unless more is asked for, and how the next
/// page is got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// JSON Pointer (RFC 6901) of the record, or of the array of records; empty for the whole body.
    pub records: &'static str,
    /// Whether an array of records stands there.
    pub list: bool,
    /// Whether the document does not say where the records stand, or whether there are several: what comes
    /// decides (ADR 0054).
    pub open: bool,
    /// The properties of a record that a list shows, most telling first.
    pub columns: &'static [&'static str],
    /// Whether a caller can choose what is shown: the tool has the arguments `fields` and `detail`, unless
    /// arguments of the operation have these names.
    pub selectable: bool,
    /// Names of properties that the document marks as secret (`writeOnly`, `format: password`).
    pub secrets: &'static [&'static str],
    /// How pages of a list are asked for.
    pub paging: Option<Paging>,
    /// The columns of a table, where settings want others than the properties that are shown; the `id` of
    /// a record stands before them in any case.
    pub table: &'static [&'static str],
    /// Words for values in the text of a result, which settings give.
    pub words: &'static [Words],
    /// The properties of a record that the answer to a write shows; empty for all.
    pub echo: &'static [&'static str],
    /// The form of the text, where settings want another than that of the server.
    pub format: Option<Format>,
    /// Whether settings name the properties that a list shows: none of them is left out to keep it small.
    pub settled: bool,
    /// Whether the text writes dates as people do; the structured copy has them as they came.
    pub human_dates: bool,
}

/// Words for the values of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The property of a record.
    pub property: &'static str,
    /// Each value, a text as it is and any other as JSON, with its word.
    pub words: &'static [(&'static str, &'static str)],
}

impl Answer {
    /// A record that is the whole body.
    pub const DEFAULT: Self = Self {
        records: "",
        list: false,
        open: false,
        columns: &[],
        selectable: false,
        secrets: &[],
        paging: None,
        table: &[],
        words: &[],
        echo: &[],
        format: None,
        settled: false,
        human_dates: false,
    };
}

/// How pages are asked for, in the words of the service. Arguments are named, or found in the object that
/// is one by a JSON Pointer (`/pagination/page`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// What the position counts.
    pub style: PagingStyle,
    /// The argument that says where the page starts; empty for none.
    pub position: &'static str,
    /// What the position of the first page is.
    pub first: u32,
    /// The argument that says how many records a page has.
    pub size: Option<PageSize>,
    /// JSON Pointer of what leads to the next page in an answer: a cursor or an address; empty for none.
    pub next: &'static str,
    /// JSON Pointer of a flag that says whether there are more pages; empty for none.
    pub more: &'static str,
    /// JSON Pointer of the number of all records; empty for none.
    pub total: &'static str,
    /// JSON Pointer of the number of all pages; empty for none.
    pub pages: &'static str,
    /// JSON Pointer, in a record, of what the next page begins behind, where the position is that of the last
    /// record (`starting_after`); empty for none.
    pub last: &'static str,
    /// JSON Pointer of the position of the page in an answer, where the document does not say which position
    /// is the first; empty for none.
    pub here: &'static str,
    /// JSON Pointer of a flag that is true on the last page; empty for none.
    pub done: &'static str,
}

impl Paging {
    /// Paging of which nothing is known.
    pub const DEFAULT: Self = Self {
        style: PagingStyle::Link,
        position: "",
        first: 1,
        size: None,
        next: "",
        more: "",
        total: "",
        pages: "",
        last: "",
        here: "",
        done: "",
    };
}

/// What the position of a page counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// Pages.
    Page,
    /// Records that are skipped.
    Offset,
    /// Nothing: it is what the answer before said, or its last record.
    Cursor,
    /// Nothing: the answer before has the address of the next (RFC 8288 §3.3, `rel=next`).
    Link,
}

/// The argument for the number of records on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize {
    /// Its name.
    pub argument: &'static str,
    /// The largest number that is sent; what is above is lowered to it. 0 for no limit, where the
    /// document lists the numbers allowed.
    pub max: u32,
    /// How many records come if nothing is said: the document's default, or what is sent instead of none.
    pub usual: u32,
    /// Whether the usual number is sent, since the document says no default.
    pub send: bool,
}
