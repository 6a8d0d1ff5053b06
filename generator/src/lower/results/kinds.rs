//! What a property says of a record, by its name and its type. General words only.

use crate::lower::schema::{Shape, Types};
use crate::names::{VERBS, words};

/// What a property says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Label,
    /// Part of the name of a person.
    Person,
    /// What a person does, or what the record of a person is called.
    Title,
    Email,
    Status,
    /// Which of several forms a record has.
    Form,
    /// The sum that a record is about.
    Sum,
    Money,
    /// A part of a sum, such as its tax.
    Part,
    Currency,
    /// A date that somebody waits for.
    Due,
    Date,
    Owner,
    /// A related record, by its name or whole.
    Related,
    /// The identifier of a related record.
    Key,
    /// The time of a change: when the record was made, changed or done with.
    Stamp,
    /// A text that is more than a cell can show.
    Long,
    Other,
}

/// The words of a property's name. What columns of databases write as one comes apart: `ticketid`, `dateend`.
pub(super) fn spoken(name: &str, shape: &Shape<'_>) -> Vec<String> {
    let mut all = words(name);
    let Some(last) = all.pop() else {
        return all;
    };
    // `guid`, `paid` and `update` are words.
    let is_word = |stem: &&str| stem.len() > 2;
    let may_be_id = !shape.types.has(Types::BOOLEAN) && !ENGLISH.contains(&last.as_str());
    let dated = is_dated(shape);
    let id = last.strip_suffix("id").filter(|_| may_be_id);
    let before = last.strip_suffix("date").filter(|_| dated);
    let behind = last.strip_prefix("date").filter(|_| dated);
    let apart = id
        .filter(is_word)
        .map(|stem| [stem, "id"])
        .or_else(|| Some([before.filter(is_word)?, "date"]))
        .or_else(|| Some(["date", behind.filter(is_word)?]));
    match apart {
        Some(pair) => all.extend(pair.map(str::to_owned)),
        None => all.push(last),
    }
    all
}

/// Words that end like the names of identifiers.
const ENGLISH: [&str; 28] = [
    "afraid",
    "android",
    "avoid",
    "candid",
    "devoid",
    "fluid",
    "forbid",
    "humid",
    "hybrid",
    "invalid",
    "liquid",
    "outbid",
    "overpaid",
    "postpaid",
    "prepaid",
    "rapid",
    "repaid",
    "rigid",
    "solid",
    "splendid",
    "squid",
    "stupid",
    "tabloid",
    "thyroid",
    "underpaid",
    "unpaid",
    "valid",
    "vivid",
];

/// Whom a record is about, where a property has no more than their name.
fn is_party(word: &str) -> bool {
    matches!(
        word,
        "account"
            | "client"
            | "company"
            | "contact"
            | "customer"
            | "deal"
            | "invoice"
            | "lead"
            | "opportunity"
            | "organisation"
            | "organization"
            | "project"
            | "supplier"
            | "vendor"
    )
}

/// Whether values stand for a record: a number, or what only computers read.
fn is_reference(shape: &Shape<'_>) -> bool {
    shape.types == Types::INTEGER || format(shape) == Some("uuid")
}

fn format<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    shape.keywords.get("format")?.value.as_str()
}

fn is_dated(shape: &Shape<'_>) -> bool {
    matches!(format(shape), Some("date" | "date-time"))
}

/// Whether a name says an amount of money, and which: the sum that a record is about, or a part of one.
fn money(words: &[String]) -> Option<Kind> {
    const MONEY: [&str; 10] = [
        "total", "amount", "balance", "value", "price", "revenue", "budget", "rate", "cost",
        "subtotal",
    ];
    const PARTS: [&str; 6] = ["tax", "sub", "discount", "shipping", "subtotal", "vat"];
    const OPEN: [&str; 4] = ["due", "open", "paid", "outstanding"];
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let last = words.last()?;
    let named = is(&MONEY, last) || is(&OPEN, last) && words.iter().any(|word| is(&MONEY, word));
    named.then(|| {
        if words.iter().any(|word| is(&PARTS, word)) {
            Kind::Part
        } else if words.len() == 1 {
            Kind::Sum
        } else {
            Kind::Money
        }
    })
}

/// What the property of these words says; `None` for what no column shows.
pub(super) fn kind(all: &[String], shape: &Shape<'_>, nouns: &[String]) -> Option<Kind> {
    let (last, stem) = all.split_last()?;
    let last = last.as_str();
    let of_itself = stem.is_empty() || own_noun(nouns).ends_with(stem);
    let first = all.first().map(String::as_str).unwrap_or_default();
    if shape.write_only || shape.is_array() || !shape.unions.is_empty() {
        return None;
    }
    if shape.is_object() {
        let has = |key: &str| shape.properties.contains_key(key);
        let is_record = has("id") || has("name") || has("title");
        return is_record.then_some(if is_owner(first) {
            Kind::Owner
        } else {
            Kind::Related
        });
    }
    let dated = is_dated(shape);
    if let Some(money) = money(all).filter(|_| !dated) {
        return Some(money);
    }
    let related = stem.is_empty() && is_party(last);
    Some(match last {
        _ if related && is_reference(shape) => Kind::Key,
        "id" | "uuid" | "guid" if of_itself => Kind::Id,
        "name" | "title" | "number" | "subject" | "label" | "code" | "headline" | "reference"
            if of_itself || matches!(first, "display" | "full") =>
        {
            Kind::Label
        }
        "company" | "summary" | "filename" if stem.is_empty() => Kind::Label,
        "name" if *stem == ["file"] => Kind::Label,
        "email" | "mail" => Kind::Email,
        "firstname" | "lastname" | "surname" => Kind::Person,
        "name" if matches!(first, "first" | "last" | "given" | "family") => Kind::Person,
        "status" | "state" | "stage" | "priority" => Kind::Status,
        "currency" => Kind::Currency,
        _ if is_stamp(all, dated) => Kind::Stamp,
        "due" | "deadline" | "duedate" => Kind::Due,
        _ if (dated || last == "date")
            && all.iter().any(|w| {
                matches!(
                    w.as_str(),
                    "due"
                        | "end"
                        | "ends"
                        | "close"
                        | "closing"
                        | "deadline"
                        | "expires"
                        | "expiry"
                        | "expiration"
                        | "till"
                        | "until"
                )
            }) =>
        {
            Kind::Due
        }
        _ if dated
            || matches!(last, "date" | "on" | "at") && !stem.is_empty()
            || *all == ["date"] =>
        {
            Kind::Date
        }
        "id" | "name" | "to" if is_owner(first) => {
            if last == "id" {
                Kind::Key
            } else {
                Kind::Owner
            }
        }
        _ if is_owner(first) && all.len() == 1 => Kind::Owner,
        "id" => Kind::Key,
        "name" => Kind::Related,
        _ if matches!(
            format(shape),
            Some("uri" | "url" | "byte" | "binary" | "html")
        ) =>
        {
            return None;
        }
        _ if related && (shape.types.is_any() || shape.types == Types::STRING) => Kind::Related,
        _ if is_long(all) => Kind::Long,
        _ => Kind::Other,
    })
}

/// Whether it is when something was done to the record: `created_at`, `datecreated`.
fn is_stamp(all: &[String], dated: bool) -> bool {
    const DONE: [&str; 11] = [
        "created",
        "updated",
        "modified",
        "deleted",
        "closed",
        "resolved",
        "completed",
        "finished",
        "cancelled",
        "canceled",
        "archived",
    ];
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return false;
    };
    let timed = dated || is(last, &DONE) || is(last, &["at", "on", "date", "time"]);
    is(first, &DONE) && timed || dated && first == "date" && (is(last, &DONE) || last == "added")
}

/// The words of a tool's name up to what it lists: those behind it are a verb where names end with one
/// (`lead_sources_list`). What a record is called stands last: `customer_name` is no name of the records
/// of `list_customer_contacts`.
pub(super) fn own_noun(nouns: &[String]) -> &[String] {
    let is_verb = |word: &String| VERBS.contains(&word.as_str());
    match nouns.split_last() {
        Some((last, rest)) if is_verb(last) && !rest.first().is_none_or(is_verb) => rest,
        _ => nouns,
    }
}

fn is_owner(word: &str) -> bool {
    matches!(
        word,
        "owner"
            | "assignee"
            | "assigned"
            | "responsible"
            | "agent"
            | "manager"
            | "actor"
            | "author"
    )
}

/// Whether a text of this name is more than a cell can show.
fn is_long(words: &[String]) -> bool {
    const LONG: [&str; 24] = [
        "description",
        "notes",
        "note",
        "content",
        "body",
        "html",
        "text",
        "message",
        "comment",
        "comments",
        "terms",
        "url",
        "link",
        "href",
        "avatar",
        "image",
        "photo",
        "logo",
        "hash",
        "metadata",
        "settings",
        "address",
        "bio",
        "signature",
    ];
    words.iter().any(|word| LONG.contains(&word.as_str()))
}
