//! The arguments `fields` and `detail` of tools whose records have many properties. They say what of an
//! answer is shown and are not sent.

use crate::arguments::{Problem, Problems};
use crate::json::place::unescaped;
use crate::json::{Object, Value, json};
use crate::operation::{Answer, OperationDef, OutputKind};
use crate::text::{cap, clean, nearest};

const FIELDS: &str = "fields";
const DETAIL: &str = "detail";
/// Arguments with which services let a caller choose the properties that they send.
const OWN_CHOICE: [&str; 4] = [FIELDS, "select", "columns", "properties"];
/// Names of properties that are worth listing.
const MAX_NAMES: usize = 120;

/// What of an answer a caller wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// These properties of each record, whole; empty for the usual ones.
    pub fields: Vec<String>,
    /// Everything.
    pub full: bool,
}

impl Wish {
    /// Whether nothing is asked for but what is usual.
    #[must_use]
    pub const fn is_usual(&self) -> bool {
        self.fields.is_empty() && !self.full
    }
}

/// The argument schema with `fields` and `detail`, where the operation has them and no argument of its own
/// has the name.
#[must_use]
pub(crate) fn with_controls(operation: &OperationDef, mut schema: Object) -> Object {
    if !is_selectable(operation) {
        return schema;
    }
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Object::new()));
    if let Some(properties) = properties.as_object_mut() {
        let mut fields = json!({"type": "array", "items": {"type": "string"}});
        let shown = examples(operation);
        if let Some(fields) = fields.as_object_mut().filter(|_| !shown.is_empty()) {
            fields.insert("x-example".to_owned(), shown.into());
        }
        for (name, control) in [
            (FIELDS, fields),
            (
                DETAIL,
                json!({"type": "string", "enum": ["concise", "full"]}),
            ),
        ] {
            // Of a single record `detail` says no more than whether empty properties are shown, which is
            // not worth a place in a list of tools.
            let is_listed = name == FIELDS || operation.answer.is_some_and(|answer| answer.list);
            if is_listed && !owns(operation, name) {
                properties.entry(name).or_insert(control);
            }
        }
    }
    schema
}

/// Some properties that records have, for messages.
fn examples(operation: &OperationDef) -> Vec<String> {
    let columns = operation
        .answer
        .map_or(&[] as &[&str], |answer| answer.columns);
    if !columns.is_empty() {
        return columns
            .iter()
            .take(2)
            .map(|name| (*name).to_owned())
            .collect();
    }
    let output: Option<Object> = serde_json::from_str(operation.output_schema).ok();
    let known = known(operation, output.as_ref());
    known.into_iter().take(2).map(str::to_owned).collect()
}

/// Reads names of fields that came as one text, `id, subject`, as the list that they are.
pub(crate) fn read_fields(operation: &OperationDef, arguments: &mut Object) {
    let Some(Value::String(text)) = arguments.get(FIELDS) else {
        return;
    };
    let is_list = text.contains([',', ';', '\n']) && !text.trim_start().starts_with(['[', '{']);
    if !is_list {
        return;
    }
    let takes_names = match own(operation, FIELDS) {
        // An argument of the operation's own is a list of names, or whatever its document says.
        Some(own) => {
            let kind = |schema: &Value, kind: &str| schema.get("type").is_some_and(|it| it == kind);
            kind(&own, "array") && own.get("items").is_some_and(|items| kind(items, "string"))
        }
        None => is_selectable(operation),
    };
    if !takes_names {
        return;
    }
    let names = text.split([',', ';', '\n']).map(str::trim);
    let names: Vec<Value> = names
        .filter(|name| !name.is_empty())
        .map(Value::from)
        .collect();
    arguments.insert(FIELDS.to_owned(), names.into());
}

/// Whether a call says with this name what of the answer is shown.
pub(crate) fn is_control(operation: Option<&OperationDef>, name: &str) -> bool {
    [FIELDS, DETAIL].contains(&name) && operation.is_some_and(is_selectable)
}

fn is_selectable(operation: &OperationDef) -> bool {
    operation.answer.is_some_and(|answer| answer.selectable)
}

/// Takes one of ours out of the arguments, if the operation has none of that name.
fn taken(operation: &OperationDef, name: &str, arguments: &mut Object) -> Option<Value> {
    // Most calls carry none, and the schema need not be read then.
    if !arguments.contains_key(name) || owns(operation, name) {
        return None;
    }
    arguments.shift_remove(name)
}

/// Whether an argument of the operation itself has this name.
fn owns(operation: &OperationDef, name: &str) -> bool {
    own(operation, name).is_some()
}

/// The schema of the operation's own argument of this name.
fn own(operation: &OperationDef, name: &str) -> Option<Value> {
    let schema: Object = serde_json::from_str(operation.input_schema).ok()?;
    schema.get("properties")?.get(name).cloned()
}

/// Whether a list whose properties cannot be chosen can be had whole: results say how, and it is not worth a place in a
/// list of tools.
pub(super) fn has_whole(operation: &OperationDef) -> bool {
    let is_plain = |answer: Answer| answer.list && !answer.selectable && answer.echo.is_empty();
    operation.answer.is_some_and(is_plain) && !owns(operation, DETAIL)
}

/// Takes `detail` out of the arguments of a tool that does not list it and understands it all the same;
/// whether everything is asked for.
#[must_use]
pub(crate) fn take_unlisted(operation: &OperationDef, arguments: &mut Object) -> bool {
    if operation
        .answer
        .is_none_or(|answer| answer.selectable == answer.list)
    {
        return false;
    }
    let full = match arguments.get(DETAIL) {
        Some(Value::String(word)) if word == "full" => true,
        Some(Value::String(word)) if word == "concise" => false,
        Some(Value::Null) => false,
        _ => return false,
    };
    taken(operation, DETAIL, arguments).is_some() && full
}

/// Takes `fields` and `detail` out of checked arguments. `output` is the tool's output schema.
///
/// # Errors
/// When `fields` names what no record has.
pub(crate) fn take(
    operation: &OperationDef,
    output: Option<&Object>,
    arguments: &mut Object,
) -> Result<Wish, Problems> {
    let mut wish = Wish::default();
    if !is_selectable(operation) {
        return Ok(wish);
    }
    wish.full = taken(operation, DETAIL, arguments).is_some_and(|detail| detail == "full");
    if let Some(Value::Array(names)) = taken(operation, FIELDS, arguments) {
        wish.fields = names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
    }
    // What is left of these are arguments of the operation: everything that comes was asked for.
    wish.full |=
        wish.fields.is_empty() && OWN_CHOICE.iter().any(|name| arguments.contains_key(*name));
    if wish.fields.is_empty() {
        return Ok(wish);
    }
    let known = known(operation, output);
    let unknown: Vec<Problem> = wish
        .fields
        .iter()
        .enumerate()
        .filter(|(_, name)| !known.is_empty() && !known.contains(&name.as_str()))
        .map(|(index, name)| Problem {
            pointer: format!("/{FIELDS}/{index}"),
            message: no_such_field(name, &known),
            ..Problem::default()
        })
        .collect();
    if unknown.is_empty() {
        Ok(wish)
    } else {
        Err(Problems::first_of(unknown.len(), unknown))
    }
}

fn no_such_field(name: &str, known: &[&str]) -> String {
    let hint = nearest(name, known.iter().copied())
        .map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
    let shown: Vec<&str> = known.iter().copied().take(MAX_NAMES).collect();
    let more = match known.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "the records have no field \"{}\".{hint} Valid: {}{more}.",
        cap(&clean(name), 60),
        shown.join(", ")
    )
}

/// The properties of a record, as the output schema names them; none if it does not.
pub(super) fn known<'s>(operation: &OperationDef, output: Option<&'s Object>) -> Vec<&'s str> {
    let Some(answer) = operation.answer else {
        return Vec::new();
    };
    let record = output.and_then(|schema| record(operation, &answer, schema));
    record
        .and_then(|record| record.get("properties")?.as_object())
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

fn record<'s>(operation: &OperationDef, answer: &Answer, schema: &'s Object) -> Option<&'s Object> {
    let mut place = schema;
    if operation.output == OutputKind::Wrapped {
        place = place.get("properties")?.get("result")?.as_object()?;
    }
    for step in answer.records.split('/').skip(1) {
        let step = unescaped(step);
        place = place.get("properties")?.get(&step)?.as_object()?;
    }
    if answer.list {
        place = place.get("items")?.as_object()?;
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments;

    const LIST: OperationDef = OperationDef {
        answer: Some(Answer {
            records: "/data",
            list: true,
            selectable: true,
            ..Answer::DEFAULT
        }),
        ..OperationDef::DEFAULT
    };

    fn object(value: Value) -> Object {
        match value {
            Value::Object(object) => object,
            _ => Object::new(),
        }
    }

    fn call(operation: &OperationDef, arguments: Value) -> Result<(Wish, Object), String> {
        let own: Object = serde_json::from_str(operation.input_schema).unwrap_or_default();
        let schema = with_controls(operation, own);
        let output = object(
            json!({"properties": {"data": {"items": {"properties": {"id": {}, "name": {}}}}}}),
        );
        let words = |problems: Problems| {
            let all: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
            all.join("\n")
        };
        let mut arguments = object(arguments);
        read_fields(operation, &mut arguments);
        let full = take_unlisted(operation, &mut arguments);
        let mut arguments = arguments::check(operation, &schema, arguments).map_err(words)?;
        let mut wish = take(operation, Some(&output), &mut arguments).map_err(words)?;
        wish.full |= full;
        Ok((wish, arguments))
    }

    #[test]
    fn c3_fields_and_detail_say_what_is_shown_and_are_not_sent() {
        let wish = |fields: &[&str], full| Wish {
            fields: fields.iter().map(|name| (*name).to_owned()).collect(),
            full,
        };
        for (arguments, expected) in [
            (json!({}), wish(&[], false)),
            (
                json!({"fields": ["name"], "detail": "concise"}),
                wish(&["name"], false),
            ),
            (json!({"fields": "id, name"}), wish(&["id", "name"], false)),
            (json!({"fields": "name"}), wish(&["name"], false)),
            (json!({"fields": "[\"id\"]"}), wish(&["id"], false)),
            (json!({"detail": "FULL"}), wish(&[], true)),
            (json!({"fields": null, "detail": null}), wish(&[], false)),
        ] {
            let shown = arguments.to_string();
            assert_eq!(
                call(&LIST, arguments),
                Ok((expected, Object::new())),
                "{shown}"
            );
        }
        assert_eq!(
            call(&LIST, json!({"fields": ["nam", "id"]})),
            Err(
                "the records have no field \"nam\". Did you mean \"name\"? Valid: id, name."
                    .to_owned()
            )
        );
    }

    /// Row E3: what a message shows is accepted.
    #[test]
    fn e3_the_example_for_fields_is_one_of_the_records() {
        let listed = OperationDef {
            answer: Some(Answer {
                records: "/data",
                list: true,
                selectable: true,
                columns: &["id", "name", "status"],
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        };
        let described = OperationDef {
            output_schema: r#"{"properties": {"data": {"items": {"properties": {"id": {}, "name": {}}}}}}"#,
            ..LIST
        };
        for operation in [listed, described] {
            let said = call(&operation, json!({"fields": 7.5})).unwrap_err();
            assert!(said.ends_with("Example: [\"id\",\"name\"]."), "{said}");
            assert!(call(&operation, json!({"fields": ["id", "name"]})).is_ok());
            let schema = with_controls(&operation, Object::new());
            let listed = arguments::listed(std::sync::Arc::new(schema));
            assert!(
                !Value::Object(listed.as_ref().clone())
                    .to_string()
                    .contains("x-example")
            );
        }
    }

    #[test]
    fn arguments_of_the_operation_keep_their_names() {
        let own = OperationDef {
            input_schema: r#"{"type":"object","properties":{"fields":{"type":"string"}},"additionalProperties":false}"#,
            ..LIST
        };
        let (wish, sent) = call(&own, json!({"fields": "x,y"})).unwrap_or_default();
        assert!(wish.full && wish.fields.is_empty());
        assert_eq!(sent, object(json!({"fields": "x,y"})));
        // One that is a list of names is read as one, as ours is.
        let list = OperationDef {
            input_schema: r#"{"type":"object","properties":{"fields":{"type":"array","items":{"type":"string"}}},"additionalProperties":false}"#,
            ..LIST
        };
        let (_, sent) = call(&list, json!({"fields": "id, subject"})).unwrap_or_default();
        assert_eq!(sent, object(json!({"fields": ["id", "subject"]})));
        let (wish, sent) = call(&own, json!({"detail": "concise"})).unwrap_or_default();
        assert_eq!((wish, sent), (Wish::default(), Object::new()));
        let single = OperationDef {
            answer: Some(Answer {
                selectable: true,
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        };
        let (wish, sent) = call(&single, json!({"detail": "full"})).unwrap_or_default();
        assert!(wish.full && sent.is_empty());
        assert!(call(&single, json!({"detail": "some"})).is_err());
        // A list of few properties says that it can be had whole where it shortens records inside of its own.
        let few = OperationDef {
            answer: Some(Answer {
                list: true,
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        };
        let (wish, sent) = call(&few, json!({"detail": "full"})).unwrap_or_default();
        assert!(wish.full && sent.is_empty());
        assert!(call(&few, json!({"fields": ["id"]})).is_err());
        let plain = OperationDef {
            answer: None,
            ..LIST
        };
        assert!(call(&plain, json!({"detail": "full"})).is_err());
    }
}
