//! What of a JSON answer is shown, and how: the same data in the text and in `structuredContent`, since a
//! server cannot know which of them reaches a model.

use std::borrow::Cow;

use super::controls::{Wish, known};
use super::paging::{Pages, copyable, pages};
use super::projection::{LeftOut, project, without_empties};
use super::secrets::hide;
use super::shrink::shrink;
use super::structured::conform;
use super::table::{MOST_COLUMNS, columns, csv, markdown};
use super::toon::toon;
use super::words::spoken;
use super::{Content, TEXT_LIMIT, ToolResult, untrusted};
use crate::json::{Object, Value};
use crate::operation::{Answer, Format, OperationDef, OutputKind};
use crate::text::{cap, clean, clean_value};

/// Property of structured content with the arguments that get the next page.
const NEXT: &str = "_next";
/// Property of structured content with what a reader has to know of it.
const NOTES: &str = "_notes";
/// The property that tells which record it is.
const ID: &str = "id";
/// Words with which the names of tools begin that list something.
const LIST_VERBS: [&str; 8] = [
    "list", "search", "get", "find", "query", "filter", "all", "fetch",
];

/// What a call asked for, as far as the form of its result depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What of the records.
    pub wish: &'a Wish,
    /// The checked arguments as the caller gave them.
    pub arguments: &'a Object,
    /// Header fields of the answer.
    pub headers: &'a [(String, String)],
    /// What is to be said of a page size that was lowered.
    pub clamped: Option<&'a str>,
    /// The form of the text.
    pub format: Format,
}

impl Default for Asked<'_> {
    fn default() -> Self {
        static WISH: Wish = Wish {
            fields: Vec::new(),
            full: false,
        };
        static NONE: std::sync::OnceLock<Object> = std::sync::OnceLock::new();
        Self {
            wish: &WISH,
            arguments: NONE.get_or_init(Object::new),
            headers: &[],
            clamped: None,
            format: Format::Json,
        }
    }
}

/// The result of a JSON answer.
pub(super) fn json(
    operation: &OperationDef,
    schema: Option<&Object>,
    value: Value,
    asked: &Asked<'_>,
) -> ToolResult {
    let mut value = clean_value(value);
    let plan = operation.answer;
    // Also where the document says nothing of the answer.
    let list = plan.filter(|plan| value.pointer(plan.records).is_some_and(Value::is_array));
    let rows = |value: &Value| {
        list.and_then(|plan| value.pointer(plan.records)?.as_array().map(Vec::len))
            .unwrap_or_default()
    };
    let came = rows(&value);
    let mut page = match list {
        Some(_) => pages(operation, &value, came, asked.arguments, asked.headers),
        None => Pages::default(),
    };
    hide(&mut value, plan.map_or(&[], |plan| plan.secrets));
    let left_out = plan.map_or_else(LeftOut::default, |plan| {
        project(&mut value, &plan, asked.wish)
    });
    let (value, cuts) = shrink(value, TEXT_LIMIT);
    let shown = rows(&value);
    let mut notes: Vec<String> = asked.clamped.map(str::to_owned).into_iter().collect();
    if shown < came {
        // The next page would leave out what was cut of this one.
        page.next = Object::new();
    }
    if !cuts.is_empty() {
        notes.push(shortened(operation, &cuts, shown, came));
    }
    // The structured copy keeps the values, whose types its schema says.
    let said = plan.map_or(Cow::Borrowed(&value), |plan| spoken(&value, &plan));
    let mut text = match list {
        Some(_) if came == 0 => {
            let sentence = nothing(operation, asked.arguments);
            notes.insert(0, sentence.clone());
            match list.and_then(|plan| beside(&said, &plan)) {
                Some(beside) => format!("{sentence}\n{beside}"),
                None => sentence,
            }
        }
        Some(plan) => list_text(&said, &plan, asked),
        None => match asked.format {
            Format::Toon => toon(&said),
            _ => match plan.filter(|plan| !plan.list && beside(&said, plan).is_none()) {
                // An envelope around nothing but the record says nothing (row C10).
                Some(plan) => said.pointer(plan.records).unwrap_or(&said).to_string(),
                None => said.to_string(),
            },
        },
    };
    drop(said);
    let mut last = Vec::new();
    if came > 0 {
        last.extend(standing(operation, shown, &page, asked.arguments));
    }
    last.extend(asked.clamped.map(str::to_owned));
    if !cuts.is_empty() {
        last.push(shortened(operation, &cuts, shown, came));
    }
    last.extend(hidden(operation, schema, &left_out));
    // What a custom tool says is its author's word.
    if !operation.tool.is_empty() && untrusted::has_free_text(&value) {
        notes.push(untrusted::NOTE.to_owned());
        last.push(untrusted::NOTE.to_owned());
    }
    if !last.is_empty() {
        text += &format!("\n[{}.]", last.join(". "));
    }
    let (structured, wrong) = structured(operation, schema, value, page.next, &notes);
    if !wrong.is_empty() {
        text += &format!(
            "\n[The answer differs from the service's own description; left out of the structured copy: {}]",
            wrong.join(" ")
        );
    }
    ToolResult {
        content: vec![Content::Text(text)],
        structured,
        error: None,
        question: None,
        fate: None,
    }
}

fn structured(
    operation: &OperationDef,
    schema: Option<&Object>,
    value: Value,
    next: Object,
    notes: &[String],
) -> (Option<Value>, Vec<String>) {
    let object = match value {
        Value::Object(object) if operation.output != OutputKind::Wrapped => Value::Object(object),
        // A document that promises an object and a service that sends another root: keep the data.
        other => {
            let mut object = Object::new();
            object.insert("result".to_owned(), other);
            Value::Object(object)
        }
    };
    let (mut structured, wrong) = match schema {
        None => (Some(object), Vec::new()),
        Some(schema) => conform(schema, object),
    };
    // A schema for further properties would have to fit these.
    let is_open = schema.is_none_or(|schema| !schema.contains_key("additionalProperties"));
    if let Some(Value::Object(object)) = structured.as_mut().filter(|_| is_open) {
        if !next.is_empty() {
            object.entry(NEXT).or_insert(Value::Object(next));
        }
        if !notes.is_empty() {
            object.entry(NOTES).or_insert(Value::from(notes.to_vec()));
        }
    }
    (structured, wrong)
}

/// A list as the format wants it, and what stands beside the records.
fn list_text(value: &Value, plan: &Answer, asked: &Asked<'_>) -> String {
    let rows = value.pointer(plan.records).and_then(Value::as_array);
    let rows = rows.map(Vec::as_slice).unwrap_or_default();
    let usual = asked.wish.fields.is_empty() && !asked.wish.full;
    let first: Vec<&str> = if asked.wish.fields.is_empty() {
        plan.columns.to_vec()
    } else {
        asked.wish.fields.iter().map(String::as_str).collect()
    };
    let names = |most: usize| match plan.table {
        [_, ..] if usual => Some(settled_columns(rows, plan.table)),
        _ => columns(rows, &first, most),
    };
    let table = match asked.format {
        Format::Markdown => names(MOST_COLUMNS).map(|names| markdown(rows, &names)),
        Format::Csv => names(usize::MAX).map(|names| csv(rows, &names)),
        Format::Json => None,
        Format::Toon => return toon(value),
    };
    let Some(mut text) = table else {
        return value.to_string();
    };
    if let Some(beside) = beside(value, plan) {
        text.push('\n');
        text += &beside;
    }
    text
}

/// The columns that settings name, behind the id, without which no other tool can be called.
fn settled_columns<'a>(rows: &[Value], table: &[&'a str]) -> Vec<&'a str> {
    let with_id = !table.contains(&ID) && rows.iter().any(|row| row.get(ID).is_some());
    let id = with_id.then_some(ID);
    id.into_iter().chain(table.iter().copied()).collect()
}

/// What an envelope says besides the records, without what the last line says anyway.
fn beside(value: &Value, plan: &Answer) -> Option<String> {
    let mut rest = value.clone();
    let paging = plan.paging;
    let places = paging.map_or([""; 4], |p| [p.next, p.more, p.total, p.pages]);
    for place in places.into_iter().chain([plan.records]) {
        if let Some((parent, key)) = place.rsplit_once('/')
            && let Some(Value::Object(object)) = rest.pointer_mut(parent)
        {
            object.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
        }
    }
    match rest {
        Value::Object(object) => {
            let object = without_empties(object);
            (!object.is_empty()).then(|| Value::Object(object).to_string())
        }
        _ => None,
    }
}

/// How many records are shown, of how many, and how to get others (row D3).
fn standing(
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
fn hidden(operation: &OperationDef, schema: Option<&Object>, left_out: &LeftOut) -> Option<String> {
    let all = known(operation, schema).len();
    let fields = match operation.answer {
        Some(answer) if all > 0 => format!("{} of {all} fields", answer.columns.len()),
        _ => "Some fields only".to_owned(),
    };
    let what = match (left_out.fields, left_out.values) {
        (false, false) => return None,
        (true, false) => fields,
        (true, true) => format!("{fields}, long values shortened"),
        (false, true) => "Long values shortened".to_owned(),
    };
    if operation.answer.is_some_and(|answer| !answer.selectable) {
        return Some("Some fields only, as this server is set up".to_owned());
    }
    Some(format!("{what}; more with fields=[…] or detail=full"))
}

/// What was cut for its length, and how to get it.
fn shortened(operation: &OperationDef, cuts: &[String], shown: usize, came: usize) -> String {
    let size = operation
        .answer
        .and_then(|answer| answer.paging?.size)
        .filter(|_| 0 < shown && shown < came);
    let less = match size {
        Some(size) => format!("Ask for pages of {}={shown}", size.argument),
        None => "Ask for less, for the next page, or for single records".to_owned(),
    };
    let selectable = operation.answer.is_some_and(|answer| answer.selectable);
    let fields = if selectable {
        ", or for fewer fields"
    } else {
        ""
    };
    format!("Shortened to fit. {}. {less}{fields}", cuts.join("; "))
}

/// An empty list as a sentence with the filters that were used (row C8).
fn nothing(operation: &OperationDef, arguments: &Object) -> String {
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
