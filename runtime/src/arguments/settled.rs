//! What settings change in arguments: words for values, values that are always sent, and nulls that are
//! refused.

use std::collections::HashSet;

use super::nulls::is_at;
use super::problem::Problem;
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
    let found = aliases
        .iter()
        .filter(|alias| is_at(alias.place, path))
        .flat_map(|alias| alias.words)
        .find_map(|(word, json)| {
            let wire: Value = serde_json::from_str(json).ok()?;
            match back {
                true => (*value == wire).then(|| Value::from(*word)),
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

/// Takes the nulls out that settings refuse, and says what to do instead.
pub(super) fn refused_nulls(
    settled: &Settled,
    schema: &Object,
    arguments: &mut Object,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if settled.null_refused.is_empty() {
        return problems;
    }
    let arrays = arrays(schema);
    let mut path = Vec::new();
    take(settled, &arrays, arguments, &mut path, &mut problems);
    problems
}

/// The arguments that are arrays: `[]` clears those.
fn arrays(schema: &Object) -> HashSet<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("type").and_then(Value::as_str) == Some("array"))
        .map(|(name, _)| name.as_str())
        .collect()
}

fn take(
    settled: &Settled,
    arrays: &HashSet<&str>,
    object: &mut Object,
    path: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    object.retain(|name, value| {
        path.push(name.clone());
        let refused =
            value.is_null() && settled.null_refused.iter().any(|place| is_at(place, path));
        if refused {
            let is_array = path.len() == 1 && arrays.contains(name.as_str());
            problems.push(Problem::new(path, message(settled, name, is_array)));
        } else {
            inside(settled, arrays, value, path, problems);
        }
        path.pop();
        !refused
    });
}

fn inside(
    settled: &Settled,
    arrays: &HashSet<&str>,
    value: &mut Value,
    path: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    match value {
        Value::Object(object) => take(settled, arrays, object, path, problems),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                inside(settled, arrays, item, path, problems);
                path.pop();
            }
        }
        _ => {}
    }
}

fn message(settled: &Settled, name: &str, is_array: bool) -> String {
    let advice: Vec<&str> = settled
        .advice
        .iter()
        .filter(|advice| !advice.null_at.is_empty() && like(advice.null_at, name))
        .map(|advice| advice.text)
        .collect();
    let mut message = "null is refused here. ".to_owned();
    message.push_str(&match (advice.as_slice(), is_array) {
        ([], true) => "Leave it out to keep what is there, or give [] to clear it.".to_owned(),
        ([], false) => "Leave it out to keep what is there.".to_owned(),
        (advice, _) => advice.join(" "),
    });
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
                words: &[("open", "\"o\"")],
            },
        ],
        null_refused: &["/tags", "/records/*/ownerIds"],
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
            (json!({"status": "other"}), json!("other"), json!("other")),
        ] {
            let before = before(&SETTLED, object(given));
            assert_eq!(before["status"], checked);
            assert_eq!(after(&SETTLED, before)["status"], sent);
        }
        let nested = after(&SETTLED, object(json!({"filter": [{"state": "open"}]})));
        assert_eq!(nested["filter"], json!([{"state": "o"}]));
    }

    #[test]
    fn what_is_fixed_is_sent_whatever_the_caller_says() {
        let sent = after(&SETTLED, object(json!({"grant_type": "other"})));
        assert_eq!(sent["grant_type"], "password");
    }

    #[test]
    fn nulls_are_refused_with_the_remedy() {
        let schema = object(json!({"properties": {"tags": {"type": "array"}}}));
        let mut given =
            object(json!({"tags": null, "name": null, "records": [{"ownerIds": null}]}));
        let problems = refused_nulls(&SETTLED, &schema, &mut given);
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
                    "/records/0/ownerIds",
                    "null is refused here. Use link_owner."
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
