//! Which properties of records are shown: of a list the columns that the generator chose, of a single
//! record all that are not empty, or those that the caller names.

use super::controls::Wish;
use super::opened;
use crate::json::{Object, Value};
use crate::operation::Answer;

/// Characters of a text in a list, unless it is asked for.
const LONGEST: usize = 200;
/// Items of an array inside a record of a list, unless it is asked for.
const MOST_ITEMS: usize = 5;
/// Of a record inside a record of a list these are shown: what tells which one it is.
const TELLING: [&str; 12] = [
    "id",
    "uuid",
    "code",
    "name",
    "title",
    "label",
    "number",
    "first_name",
    "last_name",
    "email",
    "amount",
    "currency",
];

/// What the projection has left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// Whether records have properties that are not shown.
    pub(super) fields: bool,
    /// Whether values are shortened.
    pub(super) values: bool,
    /// Columns that are left out for want of room.
    pub(super) columns: Vec<&'static str>,
    /// Whether the records are not those that the columns were chosen for, and are told by others.
    pub(super) strange: bool,
}

/// Reduces the records of an answer to what is shown.
pub(super) fn project(body: &mut Value, answer: &Answer, wish: &Wish) -> LeftOut {
    let mut left_out = LeftOut::default();
    if let [_, ..] = answer.echo {
        echo(body, answer, &mut left_out);
        return left_out;
    }
    if wish.full && wish.fields.is_empty() || !answer.selectable {
        return left_out;
    }
    match body.pointer_mut(answer.records) {
        Some(Value::Array(rows)) if answer.open && answer.columns.is_empty() && wish.is_usual() => {
            let columns = opened::columns(rows);
            if !columns.is_empty() {
                tell(rows, &columns, &mut left_out);
            }
        }
        Some(Value::Array(rows)) if answer.list && wish.is_usual() && are_strange(rows, answer) => {
            left_out.strange = true;
            let columns = opened::columns(rows);
            tell(rows, &columns, &mut left_out);
        }
        Some(Value::Array(rows)) if answer.list => {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                reduce(row, answer, wish, &mut left_out);
            }
        }
        Some(Value::Object(record)) if !answer.list => {
            if wish.fields.is_empty() {
                *record = without_empties(std::mem::take(record));
            } else {
                choose(record, &wish.fields);
            }
        }
        _ => {}
    }
    left_out
}

/// Whether no record has anything in a column but its id: the service sends other records than the document or the
/// settings say.
fn are_strange(rows: &[Value], answer: &Answer) -> bool {
    let has = |row: &Value, name: &str| row.get(name).is_some_and(|value| !is_empty(value));
    let mut columns = answer.columns.iter().filter(|name| **name != "id");
    let is_known = |name: &str| rows.iter().any(|row| has(row, name));
    !rows.is_empty() && answer.columns.len() > 1 && !columns.any(|name| is_known(name))
}

/// Reduces records to what tells most of them; without any such columns they stay whole.
fn tell(rows: &mut [Value], columns: &[String], left_out: &mut LeftOut) {
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        *row = without_empties(std::mem::take(row));
        if !columns.is_empty() {
            left_out.fields |= opened::reduce(row, columns);
        }
        let whole = std::mem::take(row).into_iter();
        row.extend(whole.map(|(name, value)| (name, brief(value, left_out))));
    }
}

/// Of what a write gives back, the properties that settings name. A record without any of them is not
/// the one that they are about.
fn echo(body: &mut Value, answer: &Answer, left_out: &mut LeftOut) {
    let Some(Value::Object(record)) = body.pointer_mut(answer.records) else {
        return;
    };
    let shown: Object = answer
        .echo
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), record.get(*name)?.clone())))
        .collect();
    if !shown.is_empty() {
        left_out.fields |= shown.len() < record.len();
        *record = shown;
    }
}

fn reduce(row: &mut Object, answer: &Answer, wish: &Wish, left_out: &mut LeftOut) {
    if !wish.fields.is_empty() {
        choose(row, &wish.fields);
        return;
    }
    let mut whole = without_empties(std::mem::take(row));
    for name in answer.columns {
        if let Some(value) = whole.shift_remove(*name) {
            row.insert((*name).to_owned(), brief(value, left_out));
        }
    }
    if row.is_empty() {
        // A record that is not as it was described: better all of it than nothing.
        *row = whole;
    } else {
        left_out.fields |= !whole.is_empty();
    }
}

/// Exactly the properties that are named, empty ones too, in this order.
fn choose(row: &mut Object, names: &[String]) {
    let mut whole = std::mem::take(row);
    for name in names {
        if let Some(value) = whole.shift_remove(name) {
            row.insert(name.clone(), value);
        }
    }
}

fn brief(value: Value, left_out: &mut LeftOut) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(LONGEST) {
            None => Value::String(text),
            Some((end, _)) => {
                left_out.values = true;
                Value::String(format!("{}…", text.get(..end).unwrap_or_default()))
            }
        },
        Value::Object(inner) => {
            if !inner.keys().any(|key| TELLING.contains(&key.as_str())) {
                return Value::Object(inner);
            }
            let all = inner.len();
            let telling: Object = inner
                .into_iter()
                .filter(|(key, _)| TELLING.contains(&key.as_str()))
                .map(|(key, value)| (key, brief(value, left_out)))
                .collect();
            left_out.values |= telling.len() < all;
            Value::Object(telling)
        }
        Value::Array(mut items) => {
            left_out.values |= items.len() > MOST_ITEMS;
            items.truncate(MOST_ITEMS);
            Value::Array(
                items
                    .into_iter()
                    .map(|item| brief(item, left_out))
                    .collect(),
            )
        }
        scalar => scalar,
    }
}

/// The object without nulls, empty texts, empty arrays and empty objects, at all depths.
pub(super) fn without_empties(object: Object) -> Object {
    object
        .into_iter()
        .filter_map(|(key, value)| Some((key, filled(value)?)))
        .collect()
}

/// Whether nothing is in a value, at any depth.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The value without what is empty in it; none if nothing is left. Items of arrays keep their places.
fn filled(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then_some(Value::String(text)),
        Value::Object(object) => {
            let object = without_empties(object);
            (!object.is_empty()).then_some(Value::Object(object))
        }
        Value::Array(items) => (!items.is_empty()).then(|| {
            let items = items.into_iter().map(|item| match item {
                Value::Object(object) => Value::Object(without_empties(object)),
                other => other,
            });
            Value::Array(items.collect())
        }),
        scalar => Some(scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LIST: Answer = Answer {
        records: "/data",
        list: true,
        columns: &["id", "customer", "notes", "tags"],
        selectable: true,
        ..Answer::DEFAULT
    };

    fn wish(fields: &[&str], full: bool) -> Wish {
        Wish {
            fields: fields.iter().map(|name| (*name).to_owned()).collect(),
            full,
        }
    }

    /// Row C3.
    #[test]
    fn c3_lists_show_their_columns_or_what_is_asked_for() {
        let row = json!({"x": 0, "id": 1, "customer": {"name": "A", "vat": "v", "id": 3}, "notes": "n".repeat(201),
            "tags": [], "e": ""});
        let body = json!({"data": [row, {"odd": 1}], "meta": {"total": null}});
        for (wish, expected, left_out) in [
            (
                wish(&[], false),
                json!([{"id": 1, "customer": {"name": "A", "id": 3}, "notes": format!("{}…", "n".repeat(200))}, {"odd": 1}]),
                LeftOut {
                    fields: true,
                    values: true,
                    ..LeftOut::default()
                },
            ),
            (
                wish(&["tags", "id", "gone"], false),
                json!([{"tags": [], "id": 1}, {}]),
                LeftOut::default(),
            ),
            (
                wish(&[], true),
                json!([row, {"odd": 1}]),
                LeftOut::default(),
            ),
        ] {
            let mut shown = body.clone();
            assert_eq!(project(&mut shown, &LIST, &wish), left_out);
            assert_eq!(shown.get("data"), Some(&expected));
            assert_eq!(shown.get("meta"), body.get("meta"));
        }
    }

    /// Row C5.
    #[test]
    fn c5_a_write_gives_back_what_settings_name() {
        let plan = Answer {
            records: "/data",
            echo: &["number", "id", "hash"],
            ..Answer::DEFAULT
        };
        for (record, shown, fields) in [
            (
                json!({"id": 1, "number": "A", "x": 2}),
                json!({"number": "A", "id": 1}),
                true,
            ),
            (json!({"id": 1}), json!({"id": 1}), false),
            (json!({"job": 1}), json!({"job": 1}), false),
            (
                json!([{"id": 1, "x": 2}]),
                json!([{"id": 1, "x": 2}]),
                false,
            ),
        ] {
            let mut body = json!({"data": record, "message": "Saved"});
            let left_out = project(&mut body, &plan, &wish(&[], true));
            assert_eq!(body, json!({"data": shown, "message": "Saved"}));
            assert_eq!(left_out.fields, fields);
        }
    }

    /// Row C4.
    #[test]
    fn c4_a_single_record_is_whole_without_what_is_empty() {
        let one = Answer {
            selectable: true,
            ..Answer::DEFAULT
        };
        let body = json!({"id": 1, "a": null, "b": "", "c": [], "d": {"e": {}}, "f": false, "g": 0, "h": [null, {"i": ""}]});
        let mut shown = body.clone();
        assert_eq!(
            project(&mut shown, &one, &Wish::default()),
            LeftOut::default()
        );
        assert_eq!(shown, json!({"id": 1, "f": false, "g": 0, "h": [null, {}]}));
        let mut shown = body.clone();
        project(&mut shown, &one, &wish(&[], true));
        assert_eq!(shown, body);
        let mut shown = body;
        project(&mut shown, &one, &wish(&["a", "id"], false));
        assert_eq!(shown, json!({"a": null, "id": 1}));
    }
}
