//! One call of a tool: as the document shows it (examples of the body, OpenAPI 3.2 §4.14 and §4.19), or made
//! up from the schema of the arguments. None is written that the schema does not accept.

mod check;
mod make;

use serde_json::{Map, Value};

use self::check::{Verdict, check};
use super::arguments::Argument;
use super::body::RawBody;
use crate::ir::{self, BodyShape, Operation};
use crate::model::Resolver;
use crate::text;
use crate::text::pointer::unescaped;

/// Longest example, in bytes of compact JSON: optional arguments beyond it are left out.
const LONGEST: usize = 300;
/// Bytes of what a document shows that are looked at.
const MOST_BYTES: usize = 20_000;
/// Levels of an example that are looked at.
const DEEPEST: usize = 12;

/// The arguments of a call as the document shows them: the example of the body, and those of parameters that
/// are required. They are not looked at yet: settings may change what the tool takes.
pub(super) fn shown<'a>(
    raw: &RawBody<'a>,
    sent: &ir::Body,
    arguments: &[Argument<'a>],
    resolver: Resolver<'a>,
) -> Option<Value> {
    if !matches!(sent.encoding, "json" | "form") {
        return None;
    }
    let of_body = of_media(raw, resolver).or(raw.shape.example)?;
    // Many operations may refer to one example.
    weight(of_body, MOST_BYTES)?;
    // What nobody sees is no part of an example, and without it the value would be another one.
    if has_hidden(of_body) {
        return None;
    }
    let mut call = Map::new();
    let parameters = arguments.iter().filter(|one| !one.body && one.required);
    for parameter in parameters {
        if let Some(example) = parameter.example.filter(|one| !has_hidden(one)) {
            call.insert(parameter.name.clone(), example.clone());
        }
    }
    match &sent.shape {
        BodyShape::Properties(fields, further) => {
            let mut more = Map::new();
            for (name, value) in of_body.as_object()? {
                match fields.iter().find(|field| field.name == *name) {
                    Some(field) => {
                        call.insert(field.argument.clone(), value.clone());
                    }
                    None => {
                        more.insert(name.clone(), value.clone());
                    }
                }
            }
            if !further.is_empty() && !more.is_empty() {
                call.insert(further.clone(), Value::Object(more));
            }
        }
        BodyShape::Whole(argument) | BodyShape::Members(argument, ..) => {
            call.insert(argument.clone(), of_body.clone());
        }
        BodyShape::Items(..) => return None,
    }
    Some(Value::Object(call))
}

/// The first example of the media type: `example`, or the value of one of `examples`.
fn of_media<'a>(raw: &RawBody<'a>, resolver: Resolver<'a>) -> Option<&'a Value> {
    let media = &raw.media;
    if let Some(example) = media.value.get("example") {
        return Some(example);
    }
    let all = media.get("examples")?;
    let (name, _) = all.object()?.iter().next()?;
    let example = resolver.follow(all.get(name)?).ok()?;
    // An Example Object says it in one of two ways (OpenAPI 3.2 §4.19).
    let value = example.value;
    value.get("dataValue").or_else(|| value.get("value"))
}

/// Whether texts have characters that nobody sees, or that turn the direction of others.
fn has_hidden(value: &Value) -> bool {
    let is_hidden = |text: &str| {
        let mut seen = text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t'));
        seen.any(text::is_hidden)
    };
    match value {
        Value::String(text) => is_hidden(text),
        Value::Array(items) => items.iter().any(has_hidden),
        Value::Object(object) => object
            .iter()
            .any(|(name, value)| is_hidden(name) || has_hidden(value)),
        _ => false,
    }
}

/// Whether values of a schema are secrets, which are not shown even where the document does.
fn is_secret(schema: &Value) -> bool {
    schema
        .get("format")
        .is_some_and(|format| format == "password")
        || schema
            .get("writeOnly")
            .is_some_and(|flag| *flag == Value::Bool(true))
}

/// What is left of a number of bytes; `None` for a value that has more, or that is nested too deep.
fn weight(value: &Value, left: usize) -> Option<usize> {
    fn of(value: &Value, left: usize, depth: usize) -> Option<usize> {
        let left = left.checked_sub(8)?;
        if depth > DEEPEST {
            return None;
        }
        let next = depth.saturating_add(1);
        match value {
            Value::String(text) => left.checked_sub(text.len()),
            Value::Array(items) => items
                .iter()
                .try_fold(left, |left, item| of(item, left, next)),
            Value::Object(object) => object.iter().try_fold(left, |left, (name, value)| {
                of(value, left.checked_sub(name.len())?, next)
            }),
            _ => Some(left),
        }
    }
    of(value, left, 0)
}

/// Brings what the document shows into the form that the tool takes, once settings have had their say: words
/// for values, no arguments that callers do not see, nothing that is optional beyond a bound.
///
/// # Errors
/// Where it is refused, if it is: then the operation has no example.
pub(super) fn settle(operation: &mut Operation) -> Result<(), String> {
    let Some(Value::Object(given)) = operation.example.take() else {
        return Ok(());
    };
    // Its names are those on the wire.
    if !operation.renamed.is_empty() {
        return Ok(());
    }
    let schema = &operation.input_schema;
    let mut call = Value::Object(given);
    prune(schema, &mut call, 0);
    for alias in &operation.settled.aliases {
        let place: Vec<&str> = alias.place.split('/').skip(1).collect();
        say_words(&mut call, &place, &alias.words);
    }
    let Value::Object(mut call) = call else {
        return Ok(());
    };
    complete(schema, &mut call);
    shorten(schema, &mut call);
    // Nothing is left of what the document shows, or it would be a document of its own.
    if call.is_empty() || length(&call) > 2 * LONGEST {
        return Ok(());
    }
    let call = Value::Object(call);
    match check(schema, &call) {
        Verdict::Fits => {
            operation.example = Some(call);
            Ok(())
        }
        Verdict::Refused(place) => Err(place),
        Verdict::Unknown => Ok(()),
    }
}

/// A call of any tool: the one of the document, or what is required made up. `None` where it is not easy to find.
pub(super) fn call(operation: &Operation) -> Option<Value> {
    let schema = &operation.input_schema;
    let shown = operation.example.as_ref().and_then(Value::as_object);
    let mut call = shown.cloned().unwrap_or_default();
    complete(schema, &mut call);
    change(operation, &mut call);
    let call = Value::Object(call);
    (check(schema, &call) == Verdict::Fits).then_some(call)
}

/// Adds one field to the call of an update that would change nothing, which the server refuses.
fn change(operation: &Operation, call: &mut Map<String, Value>) {
    let fields = match &operation.body {
        Some(body) if matches!(operation.method.as_str(), "PUT" | "PATCH") => match &body.shape {
            BodyShape::Properties(fields, _) => fields,
            _ => return,
        },
        _ => return,
    };
    let mut names = fields.iter().map(|field| field.argument.as_str());
    if names.clone().any(|name| call.contains_key(name)) {
        return;
    }
    let schema = &operation.input_schema;
    let changed = names.find_map(|name| {
        let mut changed = call.clone();
        changed.insert(name.to_owned(), make::property(schema, name)?);
        let changed = Value::Object(changed);
        (check(schema, &changed) == Verdict::Fits).then_some(changed)
    });
    if let Some(Value::Object(changed)) = changed {
        *call = changed;
    }
}

/// The call that a description shows: the one of the document, or one made up, with what is required and the
/// objects within arguments. `None` where there are none, and no required argument whose form its schema does not
/// tell, since names and types say all else, or where no call is easy to find. Models get nested arguments right more often that have seen some (Anthropic, advanced tool
/// use: 72 to 90 %). What the argument's own example shows is not shown again.
pub(super) fn telling(operation: &Operation) -> Option<Value> {
    let schema = &operation.input_schema;
    let mut call = match &operation.example {
        Some(example) => example.as_object()?.clone(),
        None => Map::new(),
    };
    complete(schema, &mut call);
    let properties = schema.get("properties");
    let shows_own = |name: &str| {
        properties.is_some_and(|all| {
            all.get(name)
                .is_some_and(|own| own.get("examples").is_some())
        })
    };
    let needed: Vec<&str> = required(schema).collect();
    let is_unclear = |name: &str| {
        let own = properties.and_then(|all| all.get(name));
        needed.contains(&name) && own.is_some_and(is_unclear)
    };
    let is_telling =
        |name: &str, value: &Value| (has_object(value) || is_unclear(name)) && !shows_own(name);
    call.retain(|name, value| needed.contains(&name.as_str()) || is_telling(name, value));
    let tells = call.iter().any(|(name, value)| is_telling(name, value));
    if tells {
        change(operation, &mut call);
    }
    let call = Value::Object(call);
    (tells && check(schema, &call) == Verdict::Fits).then_some(call)
}

/// Whether a schema does not tell the form of a value: several forms, none, or texts of a pattern that says less
/// than an example.
fn is_unclear(schema: &Value) -> bool {
    let has = |keyword: &str| schema.get(keyword).is_some();
    let is_free = !has("type") && !has("enum") && !has("const") && !has("$ref");
    let is_open = schema.get("type").is_some_and(|kind| kind == "object") && !has("properties");
    has("anyOf") || has("oneOf") || has("x-pattern") || has("pattern") || is_free || is_open
}

fn has_object(value: &Value) -> bool {
    match value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => items.iter().any(has_object),
        _ => false,
    }
}

/// Takes out nulls, and properties that a schema with properties does not name: those that only answers have.
fn prune(schema: &Value, value: &mut Value, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            let Some(known) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            let is_open = schema
                .get("additionalProperties")
                .is_some_and(|more| *more != Value::Bool(false));
            object.retain(|name, _| match known.get(name) {
                Some(schema) => !is_secret(schema),
                None => is_open,
            });
            for (name, value) in object {
                if let Some(schema) = known.get(name) {
                    prune(schema, value, depth.saturating_add(1));
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for item in items {
                    prune(schema, item, depth.saturating_add(1));
                }
            }
        }
        _ => {}
    }
}

/// Values on the wire become the words that the tool takes for them. `*` stands for any step.
fn say_words(value: &mut Value, place: &[&str], words: &[(String, Value)]) {
    let Some((step, rest)) = place.split_first() else {
        if let Some((word, _)) = words.iter().find(|(_, wire)| wire == value) {
            *value = Value::from(word.as_str());
        }
        return;
    };
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                // RFC 6901 §4.
                if *step == "*" || unescaped(step) == *name {
                    say_words(value, rest, words);
                }
            }
        }
        Value::Array(items) if *step == "*" => {
            for item in items {
                say_words(item, rest, words);
            }
        }
        _ => {}
    }
}

/// Adds what is required and not there.
fn complete(schema: &Value, call: &mut Map<String, Value>) {
    let mut made = Map::new();
    for name in required(schema) {
        let value = call.shift_remove(name);
        if let Some(value) = value.or_else(|| make::property(schema, name)) {
            made.insert(name.to_owned(), value);
        }
    }
    made.append(call);
    *call = made;
}

/// Leaves out what is optional from the end, as long as there is too much; those with objects in them last.
fn shorten(schema: &Value, call: &mut Map<String, Value>) {
    let needed: Vec<&str> = required(schema).collect();
    for keeps_objects in [true, false] {
        while length(call) > LONGEST {
            let last = call.iter().rev().find(|(name, value)| {
                !(needed.contains(&name.as_str()) || keeps_objects && has_object(value))
            });
            match last.map(|(name, _)| name.clone()) {
                Some(name) => call.shift_remove(&name),
                None => break,
            };
        }
    }
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

fn length(call: &Map<String, Value>) -> usize {
    let parts = call.iter();
    parts.fold(2_usize, |all, (name, value)| {
        let own = name.len().saturating_add(value.to_string().len());
        all.saturating_add(own).saturating_add(4)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_no_place_in_the_schema_is_taken_out() {
        let line = json!({"type": "object", "properties": {"quantity": {"type": "string"}}});
        let schema = json!({"properties": {
            "lines": {"type": "array", "items": line},
            "free": {"type": "object", "properties": {"a": {}}, "additionalProperties": true},
        }});
        let mut call = json!({
            "id": 7, "lines": [{"quantity": "5", "id": 1, "note": null}], "free": {"x": 1, "a": null},
        });
        prune(&schema, &mut call, 0);
        assert_eq!(
            call,
            json!({"lines": [{"quantity": "5"}], "free": {"x": 1}})
        );
    }

    #[test]
    fn secrets_and_what_nobody_sees_are_not_shown() {
        let schema = json!({"properties": {
            "user": {"type": "string"},
            "password": {"type": "string", "format": "password"},
            "pin": {"type": "string", "writeOnly": true},
        }});
        let mut call = json!({"user": "ann", "password": "S3cret!prod", "pin": "1234"});
        prune(&schema, &mut call, 0);
        assert_eq!(call, json!({"user": "ann"}));
        assert!(has_hidden(&json!({"a": [{"b": "zw\u{200b}"}]})));
        assert!(has_hidden(&json!({"a\u{202e}": 1})));
        assert!(!has_hidden(&json!({"a": ["é\n", 1, null]})));
    }

    #[test]
    fn values_become_words() {
        let words = [("paid".to_owned(), json!(2))];
        let mut call = json!({"status": 2, "lines": [{"status": 2}, {"status": 3}], "other": 2});
        say_words(&mut call, &["status"], &words);
        say_words(&mut call, &["lines", "*", "status"], &words);
        let lines = json!([{"status": "paid"}, {"status": 3}]);
        assert_eq!(call, json!({"status": "paid", "lines": lines, "other": 2}));
    }

    #[test]
    fn what_is_optional_is_left_out_beyond_a_bound_and_objects_last() {
        let schema = json!({"required": ["name"]});
        let long = "x".repeat(150);
        let call = json!({"a": long, "lines": [{"n": 1}], "b": long, "name": "n"});
        let mut call = call.as_object().cloned().unwrap_or_default();
        shorten(&schema, &mut call);
        let names: Vec<&str> = call.keys().map(String::as_str).collect();
        assert_eq!(names, ["a", "lines", "name"]);
    }
}
