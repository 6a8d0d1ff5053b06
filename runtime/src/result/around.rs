//! What is said around the records of a list: how many there are, how to get others, and what is not shown.

use super::controls::{has_whole, known};
use super::paging::{Pages, copyable};
use super::projection::{LeftOut, is_empty};
use crate::json::{Object, Value};
use crate::operation::{Answer, OperationDef, PagingStyle};
use crate::text::{cap, clean};

/// Words with which the names of tools begin that list something.
const LIST_VERBS: [&str; 8] = [
    "list", "search", "get", "find", "query", "filter", "all", "fetch",
];

/// Names of empty properties of a record that are worth listing.
const MOST_EMPTY: usize = 12;

/// The columns of which no record of several has anything; none where no record has any column.
pub(super) fn empty(value: &Value, plan: &Answer) -> Vec<&'static str> {
    let rows = value.pointer(plan.records).and_then(Value::as_array);
    let rows = rows.map(Vec::as_slice).unwrap_or_default();
    let there = |name: &&&str| rows.iter().any(|row| row.get(**name).is_some());
    let missing: Vec<&str> = plan
        .columns
        .iter()
        .filter(|name| !there(name))
        .copied()
        .collect();
    if rows.len() < 2 || missing.len() == plan.columns.len() {
        return Vec::new();
    }
    missing
}

/// That records have nothing in some columns, which are not shown then.
pub(super) fn without(empty: &[&str]) -> Option<String> {
    (!empty.is_empty()).then(|| format!("Empty in all rows: {}", empty.join(", ")))
}

/// The properties of a single record that are left out since nothing is in them (row C4).
pub(super) fn empty_of_one(value: &Value, plan: &Answer) -> Vec<String> {
    let record = value.pointer(plan.records).and_then(Value::as_object);
    let members = record.into_iter().flatten();
    let empty = members.filter(|(_, value)| is_empty(value));
    empty
        .map(|(name, _)| cap(&clean(name), 60).into_owned())
        .collect()
}

/// That a record has nothing in some properties; a record of a CRM has dozens of them.
pub(super) fn without_of_one(empty: &[String]) -> Option<String> {
    let shown: Vec<&str> = empty.iter().take(MOST_EMPTY).map(String::as_str).collect();
    let more = match empty.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!shown.is_empty()).then(|| format!("Empty: {}{more}", shown.join(", ")))
}

/// How many records are shown, of how many, and how to get others (row D3).
pub(super) fn standing(
    operation: &OperationDef,
    shown: usize,
    page: &Pages,
    arguments: &Object,
) -> Option<String> {
    let total = page
        .total
        .map_or_else(String::new, |total| format!(" of {total}"));
    if page.next.is_empty() {
        return page.total.map(|_| format!("{shown}{total}"));
    }
    let next = copyable(&page.next);
    let narrow = filter(operation, arguments)
        .map_or_else(String::new, |filter| format!("; or narrow with {filter}"));
    Some(format!("{shown}{total} - next: {next}{narrow}"))
}

/// A filter that the caller did not use: the first argument that takes one of a few values.
fn filter(operation: &OperationDef, arguments: &Object) -> Option<String> {
    // Read for each page that leads on; without the word there is nothing to find.
    if !operation.input_schema.contains("\"enum\"") {
        return None;
    }
    let schema: Object = serde_json::from_str(operation.input_schema).ok()?;
    let properties = schema.get("properties")?;
    operation.parameters.iter().find_map(|parameter| {
        let name = parameter.argument;
        let sorts = [
            "sort", "order", "dir", "page", "limit", "size", "include", "expand", "fields",
            "format",
        ];
        if name.is_empty()
            || arguments.contains_key(name)
            || parameter.required
            || sorts.iter().any(|word| name.contains(word))
        {
            return None;
        }
        let property = properties.get(name)?;
        let values = property
            .get("enum")
            .or_else(|| property.get("items")?.get("enum"))?;
        // Not the value itself, of which nothing says that it is wanted.
        values.as_array().filter(|values| values.len() > 1)?;
        Some(format!("{name}=…"))
    })
}

/// What the columns leave out and how to get it.
pub(super) fn hidden(
    operation: &OperationDef,
    schema: Option<&Object>,
    left_out: &LeftOut,
    empty: usize,
) -> Option<String> {
    let all = known(operation, schema).len();
    let fields = match operation.answer {
        Some(answer) if all > 0 && !left_out.strange => {
            let gone = left_out.columns.len() + empty;
            let shown = answer.columns.len().saturating_sub(gone);
            format!("{shown} of {all} fields")
        }
        _ => "Some fields only".to_owned(),
    };
    let what = match (left_out.fields, left_out.values) {
        (false, false) => return None,
        (true, false) => fields,
        (true, true) => format!("{fields}, long values shortened"),
        (false, true) => "Long values shortened".to_owned(),
    };
    if !left_out.fields && has_whole(operation) {
        return Some("Related records shortened; all with detail=full".to_owned());
    }
    if operation.answer.is_some_and(|answer| !answer.selectable) {
        return Some("Some fields only, as this server is set up".to_owned());
    }
    let gone = match left_out.columns.as_slice() {
        [] => String::new(),
        columns => format!(", left out: {}", columns.join(", ")),
    };
    Some(format!("{what}{gone}; more with fields=[…] or detail=full"))
}

/// What was cut for its length, and how to get it: in the words of the arguments that do.
pub(super) fn shortened(
    operation: &OperationDef,
    cuts: &[String],
    (shown, came): (usize, usize),
    arguments: &Object,
) -> String {
    let is_cut_list = 0 < shown && shown < came;
    let paging = operation.answer.and_then(|answer| answer.paging);
    let selectable = operation.answer.is_some_and(|answer| answer.selectable);
    let mut ways: Vec<String> = Vec::new();
    if let Some(paging) = paging.filter(|_| is_cut_list) {
        if let Some(size) = paging.size {
            ways.push(format!("pages of {}={shown}", size.argument));
        }
        if paging.style == PagingStyle::Offset && !paging.position.is_empty() {
            let here = arguments.get(paging.position).and_then(Value::as_u64);
            let shown = u64::try_from(shown).unwrap_or(u64::MAX);
            let next = here.unwrap_or(paging.first.into()).saturating_add(shown);
            ways.push(format!("the rest with {}={next}", paging.position));
        }
    }
    if selectable {
        ways.push("fewer fields with fields=[…]".to_owned());
    }
    let less = match ways.as_slice() {
        [] if is_cut_list => "less, for the next page, or for single records".to_owned(),
        [] => "less".to_owned(),
        ways => ways.join(", or for "),
    };
    format!("Shortened to fit. {}. Ask for {less}", cuts.join("; "))
}

/// An empty list as a sentence with the filters that were used (row C8).
pub(super) fn nothing(operation: &OperationDef, arguments: &Object) -> String {
    let words: Vec<&str> = operation.tool.split('_').collect();
    let noun = match words.as_slice() {
        [verb, rest @ ..] if LIST_VERBS.contains(verb) && !rest.is_empty() => rest.join(" "),
        [rest @ .., verb] if LIST_VERBS.contains(verb) && !rest.is_empty() => rest.join(" "),
        _ => "records".to_owned(),
    };
    let size = operation.answer.and_then(|answer| answer.paging?.size);
    let used = arguments
        .iter()
        .filter(|(name, _)| size.is_none_or(|size| size.argument != name.as_str()));
    let used = clean(&copyable(used)).into_owned();
    if used.is_empty() {
        format!("No {noun} found.")
    } else {
        format!("No {noun} matched {}.", cap(&used, 300))
    }
}
