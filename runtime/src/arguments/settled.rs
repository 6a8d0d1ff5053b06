//! What settings change in arguments: words for values, values that are always sent, and nulls that are
//! refused.

use super::coerce::below;
use super::nulls::is_at;
use super::problem::Problem;
use super::schema::{Root, Types, schemas};
use crate::json::{Object, Value};
use crate::operation::{Alias, Settled};

/// Before the check: values that callers in Rust give as they are on the wire become words.
pub(super) fn before(settled: &Settled, arguments: Object) -> Object {
    translate(settled.aliases, arguments, true)
}

/// After the check: words become values, and what is always sent is added.
pub(crate) fn after(settled: &Settled, arguments: Object) -> Object {
    if settled == &Settled::NONE {
        return arguments;
    }
    let mut arguments = translate(settled.aliases, arguments, false);
    for (argument, json) in settled.fixed {
        if let Ok(value) = serde_json::from_str(json) {
            arguments.insert((*argument).to_owned(), value);
        }
    }
    arguments
}

/// Words to values, or with `back` values to words.
fn translate(aliases: &[Alias], mut arguments: Object, back: bool) -> Object {
    if aliases.is_empty() {
        return arguments;
    }
    let mut path = Vec::new();
    for (name, value) in &mut arguments {
        path.push(name.clone());
        translate_at(aliases, value, &mut path, back);
        path.pop();
    }
    arguments
}

fn translate_at(aliases: &[Alias], value: &mut Value, path: &mut Vec<String>, back: bool) {
    let mut words = aliases
        .iter()
        .filter(|alias| is_at(alias.place, path))
        .flat_map(|alias| alias.words);
    // A word may be written as the value of another one.
    if back && words.clone().any(|(word, _)| value.as_str() == Some(word)) {
        return;
    }
    let found = words.find_map(|(word, json)| {
        let wire: Value = serde_json::from_str(json).ok()?;
        match back {
            // "6" is 6, as it is where no words are listed.
            true => is_same(value, &wire).then(|| Value::from(*word)),
            false => (value.as_str() == Some(word)).then_some(wire),
        }
    });
    if let Some(found) = found {
        *value = found;
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                path.push(name.clone());
                translate_at(aliases, value, path, back);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                translate_at(aliases, item, path, back);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Whether a value is that of a word, as a number or as a text.
fn is_same(value: &Value, wire: &Value) -> bool {
    let is_written = |text: &str, plain: &Value| match plain {
        Value::Number(_) | Value::Bool(_) => plain.to_string().as_str() == text.trim(),
        _ => false,
    };
    match (value, wire) {
        (Value::String(text), plain) | (plain, Value::String(text)) if is_written(text, plain) => {
            true
        }
        _ => value == wire,
    }
}

/// Takes the nulls out that settings refuse, and says what to do instead.
pub(super) fn refused_nulls<'a>(
    settled: &Settled,
    root: Root<'a>,
    schema: &'a Object,
    arguments: &mut Object,
) -> Vec<Problem> {
    if settled.null_refused.is_empty() {
        return Vec::new();
    }
    let mut path = Vec::new();
    let mut refused = Vec::new();
    take(settled, arguments, &mut path, &mut refused);
    let told = refused.into_iter().map(|path| {
        let name = path.last().map(String::as_str).unwrap_or_default();
        let kind = Kind::of(root, schema, &path);
        Problem::new(&path, message(settled, name, kind))
    });
    told.collect()
}

/// What takes the place of a null.
#[derive(Clone, Copy, Default)]
struct Kind {
    /// `[]` clears it.
    is_array: bool,
    /// It cannot be left out.
    is_required: bool,
}

impl Kind {
    fn of<'a>(root: Root<'a>, schema: &'a Object, path: &[String]) -> Self {
        let mut kind = Self::default();
        let mut at = schema;
        for step in path {
            let Some(parts) = root.parts(at) else {
                return Self::default();
            };
            let required = parts.iter().flat_map(|part| schemas(part, "required"));
            kind.is_required = required.into_iter().any(|name| name == step.as_str());
            let found = below(&parts, step).into_iter().next();
            let Some(found) = found else {
                return Self::default();
            };
            at = found;
        }
        kind.is_array = root.types(at) == Types::ARRAY;
        kind
    }
}

fn take(
    settled: &Settled,
    object: &mut Object,
    path: &mut Vec<String>,
    refused: &mut Vec<Vec<String>>,
) {
    object.retain(|name, value| {
        path.push(name.clone());
        let is_refused =
            value.is_null() && settled.null_refused.iter().any(|place| is_at(place, path));
        if is_refused {
            refused.push(path.clone());
        } else {
            inside(settled, value, path, refused);
        }
        path.pop();
        !is_refused
    });
}

fn inside(
    settled: &Settled,
    value: &mut Value,
    path: &mut Vec<String>,
    refused: &mut Vec<Vec<String>>,
) {
    match value {
        Value::Object(object) => take(settled, object, path, refused),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                inside(settled, item, path, refused);
                path.pop();
            }
        }
        _ => {}
    }
}

fn message(settled: &Settled, name: &str, kind: Kind) -> String {
    let advice: Vec<&str> = settled
        .advice
        .iter()
        .filter(|advice| !advice.null_at.is_empty() && like(advice.null_at, name))
        .map(|advice| advice.text)
        .collect();
    let mut message = "null is refused here. ".to_owned();
    message.push_str(
        &match (advice.as_slice(), kind.is_array, kind.is_required) {
            ([], true, false) => {
                "Leave it out to keep what is there, or give [] to clear it.".to_owned()
            }
            ([], true, true) => "Give what it shall be, or [] to clear it.".to_owned(),
            ([], false, true) => "Give what it shall be.".to_owned(),
            ([], false, false) => "Leave it out to keep what is there.".to_owned(),
            (advice, ..) => advice.join(" "),
        },
    );
    message
}

/// Whether a name is like a pattern in which `*` stands for any letters.
fn like(pattern: &str, name: &str) -> bool {
    let mut rest = name;
    let mut pieces = pattern.split('*');
    let Some(after) = rest.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    rest = after;
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => {
                rest = rest
                    .get(at.saturating_add(piece.len())..)
                    .unwrap_or_default()
            }
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operation::Advice;

    fn object(value: Value) -> Object {
        value.as_object().cloned().unwrap_or_default()
    }

    const SETTLED: Settled = Settled {
        fixed: &[("grant_type", "\"password\"")],
        aliases: &[
            Alias {
                place: "/status",
                words: &[("paid", "2"), ("unpaid", "1")],
            },
            Alias {
                place: "/filter/*/state",
                words: &[("open", "\"o\""), ("third", "\"3\"")],
            },
            Alias {
                place: "/level",
                words: &[("1", "2"), ("2", "3")],
            },
        ],
        null_refused: &[
            "/tags",
            "/teams",
            "/records/*/ownerIds",
            "/records/*/dealList",
        ],
        advice: &[Advice {
            null_at: "*Ids",
            text: "Use link_owner.",
            ..Advice::DEFAULT
        }],
        ..Settled::NONE
    };

    #[test]
    fn words_become_values_and_callers_may_give_either() {
        for (given, checked, sent) in [
            (json!({"status": "paid"}), json!("paid"), json!(2)),
            (json!({"status": 1}), json!("unpaid"), json!(1)),
            (json!({"status": "1"}), json!("unpaid"), json!(1)),
            (json!({"status": " 2"}), json!("paid"), json!(2)),
            (json!({"status": "12"}), json!("12"), json!("12")),
            (json!({"status": "other"}), json!("other"), json!("other")),
        ] {
            let before = before(&SETTLED, object(given));
            assert_eq!(before["status"], checked);
            assert_eq!(after(&SETTLED, before)["status"], sent);
        }
        let nested = before(&SETTLED, object(json!({"filter": [{"state": 3}]})));
        assert_eq!(nested["filter"], json!([{"state": "third"}]));
        let nested = after(&SETTLED, object(json!({"filter": [{"state": "open"}]})));
        assert_eq!(nested["filter"], json!([{"state": "o"}]));
        // A word is itself, also where another one stands for it.
        let level = before(&SETTLED, object(json!({"level": "2"})));
        assert_eq!(after(&SETTLED, level)["level"], 3);
    }

    #[test]
    fn what_is_fixed_is_sent_whatever_the_caller_says() {
        let sent = after(&SETTLED, object(json!({"grant_type": "other"})));
        assert_eq!(sent["grant_type"], "password");
    }

    #[test]
    fn nulls_are_refused_with_the_remedy() {
        let schema = object(json!({"required": ["teams"], "properties": {
            "tags": {"type": "array"}, "teams": {"type": "array"},
            "records": {"type": "array", "items": {"$ref": "#/$defs/record"}},
        }, "$defs": {"record": {"properties": {"dealList": {"type": "array"}}}}}));
        let mut given = object(json!({
            "tags": null, "teams": null, "name": null,
            "records": [{"ownerIds": null, "dealList": null}],
        }));
        let work = super::super::schema::Work::default();
        let root = Root::new(&schema, &work);
        let problems = refused_nulls(&SETTLED, root, &schema, &mut given);
        let said: Vec<(&str, &str)> = problems
            .iter()
            .map(|problem| (problem.pointer.as_str(), problem.message.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (
                    "/tags",
                    "null is refused here. Leave it out to keep what is there, or give [] to clear it."
                ),
                (
                    "/teams",
                    "null is refused here. Give what it shall be, or [] to clear it."
                ),
                (
                    "/records/0/ownerIds",
                    "null is refused here. Use link_owner."
                ),
                (
                    "/records/0/dealList",
                    "null is refused here. Leave it out to keep what is there, or give [] to clear it."
                ),
            ]
        );
        assert_eq!(Value::Object(given), json!({"name": null, "records": [{}]}));
    }

    #[test]
    fn names_are_like_patterns() {
        for (pattern, name, expected) in [
            ("*", "x", true),
            ("*Ids", "dealIds", true),
            ("*Ids", "deals", false),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abde", false),
            ("tags", "tags", true),
            ("tags", "tagsx", false),
        ] {
            assert_eq!(like(pattern, name), expected, "{pattern} {name}");
        }
    }
}
