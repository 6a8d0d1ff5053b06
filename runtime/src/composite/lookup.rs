//! One record by its name, or by its id (rows B17 and B19). Where several fit, they are listed and none is
//! chosen (T6).

use crate::json::place::escaped;
use serde_json::json;

use super::{answer, asked, put, quoted, scalar, text, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::{Composite, Getter, IdForm, Lookup};
use crate::result::{self, ErrorKind, ToolResult};
use crate::upstream::Upstream;

/// Candidates that are listed.
const LISTED: usize = 10;
/// Properties of a candidate that are shown besides id and name.
const SHOWN: usize = 3;

impl Engine {
    pub(super) async fn look_up(
        &self,
        upstream: &Upstream,
        tool: &'static Composite,
        lookup: &'static Lookup,
        arguments: &Object,
    ) -> ToolResult {
        let wanted = text(arguments, "name");
        if wanted.is_empty() {
            return result::refused(
                ErrorKind::Validation,
                "/name: is empty; give a name or an id.",
            );
        }
        if let Some(getter) = &lookup.get
            && is_id(lookup.form, wanted)
        {
            let result = self.get_one(upstream, getter, Value::from(wanted)).await;
            if result.error != Some(ErrorKind::NotFound) {
                return result;
            }
        }
        let operation = lookup.source.list;
        let (value, _) = match self
            .json(upstream, operation, asked(&lookup.source, Some(wanted)))
            .await
        {
            Ok(found) => found,
            Err(result) => return result,
        };
        let value = self.seen(operation, value);
        let Some(records) = records(lookup, &value) else {
            return unusable(operation, "is no list");
        };
        let complete = is_complete(lookup, &value, records.len());
        let fits = Fits::among(records, lookup, wanted);
        let chosen = if complete { fits.chosen() } else { None };
        match chosen {
            Some(record) => self.found(upstream, lookup, record).await,
            None => candidates(tool, lookup, &fits, wanted, complete),
        }
    }

    async fn get_one(&self, upstream: &Upstream, getter: &Getter, id: Value) -> ToolResult {
        let mut arguments = Object::new();
        put(&mut arguments, getter.id, id);
        self.told(upstream, getter.get, arguments).await
    }

    /// The record that was found, whole.
    async fn found(
        &self,
        upstream: &Upstream,
        lookup: &'static Lookup,
        record: &Value,
    ) -> ToolResult {
        let id = record.pointer(lookup.id).filter(|id| scalar(id).is_some());
        match (&lookup.get, id) {
            (Some(getter), Some(id)) => self.get_one(upstream, getter, id.clone()).await,
            (Some(_), None) => unusable(
                lookup.source.list,
                &format!("has a record without an id at {}", lookup.id),
            ),
            (None, _) => {
                let mut record = record.clone();
                hide(lookup, &mut record);
                result::custom(record)
            }
        }
    }
}

fn hide(lookup: &Lookup, record: &mut Value) {
    let answer = lookup.source.list.answer;
    result::hide(record, answer.map_or(&[], |answer| answer.secrets));
}

fn is_id(form: IdForm, text: &str) -> bool {
    match form {
        IdForm::Text => false,
        IdForm::Integer => text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit()),
        IdForm::Uuid => {
            let groups: Vec<&str> = text.split('-').collect();
            let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
            lengths == [8, 4, 4, 4, 12]
                && groups
                    .iter()
                    .all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
        }
    }
}

fn records<'a>(lookup: &Lookup, value: &'a Value) -> Option<&'a Vec<Value>> {
    let place = lookup
        .source
        .list
        .answer
        .map_or("", |answer| answer.records);
    value.pointer(place).and_then(Value::as_array)
}

/// Whether every record that the service found has come: else another may fit as well.
fn is_complete(lookup: &Lookup, value: &Value, came: usize) -> bool {
    let paging = lookup.source.list.answer.and_then(|answer| answer.paging);
    let total = paging
        .filter(|paging| !paging.total.is_empty())
        .and_then(|paging| value.pointer(paging.total)?.as_u64());
    let came = u64::try_from(came).unwrap_or(u64::MAX);
    let size = u64::from(lookup.source.size);
    match total {
        Some(total) => came >= total,
        None => size == 0 || came < size,
    }
}

/// Records by how they fit a name.
#[derive(Default)]
struct Fits<'a> {
    exact: Vec<&'a Value>,
    prefix: Vec<&'a Value>,
    within: Vec<&'a Value>,
}

impl<'a> Fits<'a> {
    fn among(records: &'a [Value], lookup: &Lookup, wanted: &str) -> Self {
        let wanted = plain(wanted);
        let mut fits = Self::default();
        for record in records {
            let Some(name) = record.pointer(lookup.matched).and_then(scalar) else {
                continue;
            };
            let name = plain(&name);
            let kind = if name == wanted {
                &mut fits.exact
            } else if name.starts_with(&wanted) {
                &mut fits.prefix
            } else if name.contains(&wanted) {
                &mut fits.within
            } else {
                continue;
            };
            kind.push(record);
        }
        fits
    }

    /// The one that is meant: the only exact one, else the only one that begins so, else the only one
    /// that has the words.
    fn chosen(&self) -> Option<&'a Value> {
        let kinds = [&self.exact, &self.prefix, &self.within];
        let first = kinds.into_iter().find(|kind| !kind.is_empty())?;
        match first.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn all(&self) -> impl Iterator<Item = &'a Value> {
        let kinds = [&self.exact, &self.prefix, &self.within];
        kinds.into_iter().flatten().copied()
    }
}

/// A name without what people write in different ways: case, and blanks.
fn plain(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

fn candidates(
    tool: &Composite,
    lookup: &Lookup,
    fits: &Fits<'_>,
    wanted: &str,
    complete: bool,
) -> ToolResult {
    let list = lookup.source.list.tool;
    let shown: Vec<Value> = fits
        .all()
        .take(LISTED)
        .map(|record| candidate(lookup, record))
        .collect();
    let count = fits.all().count();
    let wanted = quoted(wanted);
    if shown.is_empty() {
        let text = if complete {
            format!("Nothing is named `{wanted}` or has it in its name. {list} searches more.")
        } else {
            format!(
                "None of the first records that {list} gives for `{wanted}` has it in its name, and there are more. Give more of the name."
            )
        };
        return answer(text, json!({"candidates": []}));
    }
    let mut text = match complete {
        true => format!("{count} records fit `{wanted}`, and none was chosen."),
        false => format!(
            "More records match `{wanted}` than were looked at, so none was chosen; these fit so far."
        ),
    };
    match &lookup.get {
        Some(getter) => text.push_str(&format!(
            " Call {} with the id of the one that is meant, or {} with more of the name.",
            getter.get.tool, tool.tool
        )),
        None => text.push_str(&format!(" Call {} with more of the name.", tool.tool)),
    }
    for one in &shown {
        text.push_str(&format!("\n- {one}"));
    }
    if count > shown.len() {
        text.push_str(&format!("\n- and {} more", count - shown.len()));
    }
    answer(text, json!({"candidates": shown, "fit": count}))
}

/// What tells a candidate from the others: id, name, and the first things that a list shows.
fn candidate(lookup: &Lookup, record: &Value) -> Value {
    let mut record = record.clone();
    hide(lookup, &mut record);
    let mut shown = Object::new();
    let id = record.pointer(lookup.id).cloned().unwrap_or_default();
    shown.insert("id".to_owned(), id);
    let short = |value: &Value| scalar(value).map(|text| quoted(&text));
    if let Some(name) = record.pointer(lookup.matched).and_then(short) {
        shown.insert("name".to_owned(), Value::from(name));
    }
    let known = [lookup.id, lookup.matched];
    let columns = lookup.source.list.answer.map_or(&[][..], |a| a.columns);
    let more = columns.iter().filter(|column| {
        let place = format!("/{}", escaped(column));
        !known.contains(&place.as_str())
    });
    let more = more.filter_map(|column| Some((column, short(record.get(column)?)?)));
    for (column, value) in more.take(SHOWN) {
        shown
            .entry((*column).to_owned())
            .or_insert(Value::from(value));
    }
    Value::Object(shown)
}
