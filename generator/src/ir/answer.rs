//! How answers are shown; the same as the runtime's `Answer`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Where the records of an answer stand and what of them is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// JSON Pointer of the record or the records.
    pub records: String,
    /// Whether an array stands there.
    pub list: bool,
    /// Whether that is not known, and what comes decides.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// What a list shows of a record.
    pub columns: Vec<String>,
    /// Whether a caller can choose what is shown.
    pub selectable: bool,
    /// Names of properties that are secret.
    pub secrets: Vec<String>,
    /// How pages are asked for.
    pub paging: Option<Paging>,
    /// Columns of a table, where settings want others than what is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<String>,
    /// Words for values of properties, for each property.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub words: IndexMap<String, IndexMap<String, String>>,
    /// What the answer to a write shows of a record; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub echo: Vec<String>,
    /// The form of the text, where settings want another than the server's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Whether settings name what a list shows.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// Whether the text writes dates as people do.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub human_dates: bool,
}

/// The form of the text of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Lists as tables.
    Markdown,
    /// JSON.
    Json,
    /// Token-Oriented Object Notation.
    Toon,
    /// Lists as CSV.
    Csv,
}

/// How the text of results writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dates {
    /// As the service does.
    Iso,
    /// As people do.
    Human,
}

/// How pages are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paging {
    /// What the position counts.
    pub style: PagingStyle,
    /// The argument for the position; empty for none.
    pub position: String,
    /// Position of the first page.
    pub first: u32,
    /// The argument for the size of a page.
    pub size: Option<PageSize>,
    /// JSON Pointer of a cursor or an address; empty for none.
    pub next: String,
    /// JSON Pointer of a flag; empty for none.
    pub more: String,
    /// JSON Pointer of the number of records; empty for none.
    pub total: String,
    /// JSON Pointer of the number of pages; empty for none.
    pub pages: String,
    /// JSON Pointer, in a record, of what the next page begins behind; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last: String,
    /// JSON Pointer of the position of the page, where the document does not say which is the first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub here: String,
    /// JSON Pointer of a flag that is true on the last page; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub done: String,
}

/// What the position of a page counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PagingStyle {
    /// Pages.
    Page,
    /// Records that are skipped.
    Offset,
    /// Nothing.
    #[serde(alias = "token")]
    Cursor,
    /// Nothing; answers have addresses.
    Link,
}

/// The argument for the size of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageSize {
    /// Its name.
    pub argument: String,
    /// The largest that is sent; 0 for no limit.
    pub max: u32,
    /// The usual one.
    pub usual: u32,
    /// Whether that is sent.
    pub send: bool,
}
