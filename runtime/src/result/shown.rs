//! What of a JSON answer is shown, and how: the same data in the text and in `structuredContent`, since a
//! server cannot know which of them reaches a model.

use std::borrow::Cow;

use super::around::{
    empty, empty_of_one, hidden, nothing, shortened, standing, without, without_of_one,
};
use super::aside::{set_aside, told};
use super::beside::{Said, beside};
use super::caps::fit;
use super::controls::{Wish, has_whole};
use super::dates::humane;
use super::opened::{self, as_it_came};
use super::paging::{Pages, pages};
use super::projection::{LeftOut, project};
use super::secrets::hide;
use super::structured::conform;
use super::table::{self, MOST_COLUMNS, columns, csv, markdown};
use super::tight::{self, relate, room, tighten};
use super::toon::toon;
use super::words::{speak, spoken};
use super::{Content, TOKEN_LIMIT, ToolResult, untrusted};
use crate::json::{Object, Value};
use crate::operation::{Answer, Format, OperationDef, OutputKind};
use crate::text::clean_value;

/// Property of structured content with the arguments that get the next page.
const NEXT: &str = "_next";
/// Property of structured content with what a reader has to know of it.
pub(super) const NOTES: &str = "_notes";
/// Property of structured content with the number of all records, where only a header field says it.
const TOTAL: &str = "_total";
/// Property of structured content with what every record of the list has, and none says itself.
const SHARED: &str = "_in_every_record";
/// What is said of parts that the structured copy cannot have.
const DIFFERS: &str =
    "The answer differs from the service's own description; left out of the structured copy";
/// What is said of an answer in which null stands for the record.
const NO_RECORD: &str = "The service gave no record back";
/// The property that tells which record it is.
const ID: &str = "id";
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
    /// Tokens that it may have.
    pub tokens: usize,
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
            tokens: TOKEN_LIMIT,
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
    if let Some(plan) = operation.answer.filter(|plan| plan.list)
        && let Some(rows) = value.pointer_mut(plan.records)
        && rows.is_null()
    {
        // Some services send no empty lists.
        *rows = Value::Array(Vec::new());
    }
    let opened = as_it_came(operation, &value);
    let operation = opened.as_ref().unwrap_or(operation);
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
    let one = plan.filter(|plan| {
        !plan.list && plan.selectable && plan.echo.is_empty() && asked.wish.is_usual()
    });
    let empty_of_one = one.map_or_else(Vec::new, |plan| empty_of_one(&value, &plan));
    let mut left_out = plan.map_or_else(LeftOut::default, |plan| {
        project(&mut value, &plan, asked.wish)
    });
    let has_whole = has_whole(operation);
    let narrowed = list.filter(|plan| (plan.selectable || has_whole) && !asked.wish.full);
    let aside = narrowed.map_or_else(Vec::new, |plan| set_aside(&mut value, &plan));
    let usual = list.filter(|plan| plan.selectable && asked.wish.is_usual());
    let known = usual.filter(|_| !left_out.strange);
    let empty = known.map_or_else(Vec::new, |plan| empty(&value, &plan));
    // A schema for further properties would have to fit what is said beside the records.
    let is_open = schema.is_none_or(|schema| !schema.contains_key("additionalProperties"));
    // Other forms are read by programs, which a line of words would stop.
    let is_read = asked.format == Format::Markdown;
    let can_share = is_open && is_read && value.get(SHARED).is_none();
    let room = usual.map_or(0, |plan| room(&value, &plan, &page.next));
    let shared = match usual.and_then(|plan| Some((plan, value.pointer_mut(plan.records)?))) {
        Some((plan, Value::Array(rows))) => tighten(rows, &plan, room, can_share, &mut left_out),
        _ => Object::new(),
    };
    if let Some(plan) = list.filter(|_| has_whole && asked.wish.is_usual()) {
        let room = tight::room(&value, &plan, &page.next);
        if let Some(Value::Array(rows)) = value.pointer_mut(plan.records) {
            relate(rows, room, &mut left_out);
        }
    }
    let (value, cuts) = fit(value, asked.tokens);
    let shown = rows(&value);
    if shown < came {
        // The next page would leave out what was cut of this one.
        page.next = Object::new();
    }
    // The structured copy keeps the values, whose types its schema says.
    let said = plan.map_or(Cow::Borrowed(&value), |plan| {
        humane(spoken(&value, &plan), &plan)
    });
    let around = Said {
        page: list.map(|_| &page),
        rows: came,
        arguments: asked.arguments,
        path: operation.path,
    };
    let mut notes: Vec<String> = asked.clamped.map(str::to_owned).into_iter().collect();
    let mut text = match list {
        Some(plan) if came == 0 => {
            let mut sentence = nothing(operation, asked.arguments);
            // A page behind the last is not the end of what there is.
            if let Some(total) = page.total.filter(|total| *total > 0) {
                sentence += &format!(" There are {total} on other pages.");
            }
            notes.insert(0, sentence.clone());
            match beside(&said, &plan, &around) {
                Some(beside) => format!("{sentence}\n{beside}"),
                None => sentence,
            }
        }
        Some(plan) => list_text(&said, &plan, &shared, &around, asked),
        None => match asked.format {
            Format::Toon => toon(&said),
            // An envelope around nothing but the record says nothing (row C10).
            _ => match plan.filter(|plan| {
                let is_enveloped = !plan.list && !plan.records.is_empty();
                is_enveloped && beside(&said, plan, &around).is_none()
            }) {
                Some(plan) => {
                    let record = said.pointer(plan.records);
                    record
                        .filter(|record| !record.is_null())
                        .unwrap_or(&said)
                        .to_string()
                }
                None => said.to_string(),
            },
        },
    };
    if !operation.tool.is_empty() && has_no_record(&said, plan.as_ref()) {
        notes.push(NO_RECORD.to_owned());
    }
    drop(said);
    let standing = (came > 0).then(|| standing(operation, shown, &page, asked.arguments));
    if !cuts.is_empty() {
        notes.push(shortened(operation, &cuts, (shown, came), asked.arguments));
    }
    notes.extend(told(&aside));
    notes.extend(without(&empty));
    notes.extend(without_of_one(&empty_of_one));
    notes.extend(hidden(operation, schema, &left_out, empty.len()));
    // What a custom tool says is its author's word.
    let is_free = untrusted::has_free_text(&value) || shared.values().any(untrusted::has_free_text);
    if !operation.tool.is_empty() && is_free {
        notes.push(untrusted::NOTE.to_owned());
    }
    // The sentence of an empty list stands in the text already.
    let lines = notes.iter().skip(usize::from(list.is_some() && came == 0));
    let last: Vec<&str> = standing
        .iter()
        .flatten()
        .chain(lines)
        .map(String::as_str)
        .collect();
    if !last.is_empty() {
        text += &format!("\n[{}.]", last.join(". "));
    }
    let (mut structured, wrong) = structured(operation, schema, value);
    if !wrong.is_empty() {
        let said = format!("{DIFFERS}: {}", wrong.join("; "));
        text += &format!("\n[{said}]");
        notes.push(said);
    }
    if is_open && let Some(Value::Object(object)) = &mut structured {
        let total = page.total.filter(|_| page.only_in_header);
        for (name, beside) in [
            (NEXT, (!page.next.is_empty()).then(|| page.next.into())),
            (TOTAL, total.map(Value::from)),
            (NOTES, (!notes.is_empty()).then(|| notes.into())),
        ] {
            if let Some(beside) = beside {
                object.entry(name).or_insert(beside);
            }
        }
        if !shared.is_empty() {
            object.shift_insert(0, SHARED.to_owned(), shared.into());
        }
    }
    ToolResult {
        content: vec![Content::Text(text)],
        structured,
        error: None,
        question: None,
        confirm: None,
        fate: None,
        problems: None,
    }
}

/// Whether null stands where the record should.
fn has_no_record(value: &Value, plan: Option<&Answer>) -> bool {
    let is_null = |at: &str| value.pointer(at).is_some_and(Value::is_null);
    value.is_null()
        || plan
            .filter(|plan| !plan.list)
            .is_some_and(|plan| match plan.open {
                true => opened::RECORD.iter().any(|at| is_null(at)),
                false => is_null(plan.records),
            })
}

fn structured(
    operation: &OperationDef,
    schema: Option<&Object>,
    value: Value,
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
    match schema {
        None => (Some(object), Vec::new()),
        Some(schema) => conform(schema, object),
    }
}

/// A list as the format wants it, with what all its records have above it, and what stands beside them.
fn list_text(
    value: &Value,
    plan: &Answer,
    shared: &Object,
    around: &Said<'_>,
    asked: &Asked<'_>,
) -> String {
    let text = list_body(value, plan, around, asked);
    if shared.is_empty() {
        return text;
    }
    let mut shared = Value::Object(shared.clone());
    speak(&mut shared, plan.words);
    let shared = humane(Cow::Owned(shared), plan);
    format!("{}\n{text}", table::shared(&shared))
}

fn list_body(value: &Value, plan: &Answer, around: &Said<'_>, asked: &Asked<'_>) -> String {
    let rows = value.pointer(plan.records).and_then(Value::as_array);
    let rows = rows.map(Vec::as_slice).unwrap_or_default();
    let usual = asked.wish.is_usual();
    let first: Vec<&str> = if asked.wish.fields.is_empty() {
        plan.columns.to_vec()
    } else {
        asked.wish.fields.iter().map(String::as_str).collect()
    };
    let names = |most: usize| match plan.table {
        [_, ..] if usual => {
            settled_columns(rows, plan.table).or_else(|| columns(rows, &first, most))
        }
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
    if let Some(beside) = beside(value, plan, around) {
        text.push('\n');
        text += &beside;
    }
    text
}

/// The columns that settings name, as far as any record has them, behind the id, without which no other tool can be
/// called; `None` where no record has any.
fn settled_columns<'a>(rows: &[Value], table: &[&'a str]) -> Option<Vec<&'a str>> {
    let there = |name: &&str| rows.iter().any(|row| row.get(*name).is_some());
    let named: Vec<&str> = table.iter().copied().filter(there).collect();
    let id = (!table.contains(&ID)).then_some(ID).filter(there);
    let is_table = named.iter().any(|name| *name != ID);
    is_table.then(|| id.into_iter().chain(named).collect())
}
