//! What settings change in arguments: words for values, limits, values that are always sent, and nulls
//! that are refused.

use std::collections::HashSet;

use super::nulls::is_at;
use super::problem::Problem;
use crate::json::{Object, Value};
use crate::operation::{Alias, Limit, Settled};

/// Before the check: what is absent gets its default, a number above the most is lowered, and values
/// that callers in Rust give as they are on the wire become words.
pub(super) fn before(settled: &Settled, arguments: Object) -> Object {
    if settled == &Settled::NONE {
        return arguments;
    }
    let mut arguments = translate(settled.aliases, arguments, true);
    if let Some(limit) = &settled.limit {
        if let Some(default) = limit.default {
            insert(limit.place, default, &mut arguments);
        }
        if let (Some(max), Some(_)) = (limit.max, above(limit, &arguments))
            && let Some(value) = at_mut(limit.place, &mut arguments)
        {
            *value = Value::from(max);
        }
    }
    arguments
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

/// What is said when a number above the most was lowered.
pub(crate) fn lowered(settled: &Settled, arguments: &Object) -> Option<String> {
    let limit = settled.limit.as_ref()?;
    let (given, max) = (above(limit, arguments)?, limit.max?);
    let name = limit.place.trim_start_matches('/').replace('/', ".");
    Some(format!(
        "{name} was lowered from {given} to {max}, the most that one call gives"
    ))
}

/// A number that is above the most.
fn above(limit: &Limit, arguments: &Object) -> Option<u64> {
    let max = limit.max?;
    let given = match at(limit.place, arguments)? {
        Value::String(text) => text.trim().parse().ok()?,
        value => value.as_u64()?,
    };
    (given > max).then_some(given)
}

fn steps(place: &str) -> impl Iterator<Item = String> + '_ {
    let steps = place.split('/').skip(1);
    steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
}

fn at<'a>(place: &str, arguments: &'a Object) -> Option<&'a Value> {
    let mut steps = steps(place);
    let first = arguments.get(&steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(&step))
}

fn at_mut<'a>(place: &str, arguments: &'a mut Object) -> Option<&'a mut Value> {
    let mut steps = steps(place);
    let first = arguments.get_mut(&steps.next()?)?;
    steps.try_fold(first, |value, step| value.get_mut(&step))
}

/// Puts a number where nothing is. An object that holds it is not made up: it may need more.
fn insert(place: &str, number: u64, arguments: &mut Object) {
    let steps: Vec<String> = steps(place).collect();
    let holder = match steps.as_slice() {
        [] => None,
        [_] => Some(arguments),
        [first, inner @ .., _] => arguments
            .get_mut(first)
            .and_then(|value| {
                inner
                    .iter()
                    .try_fold(value, |value, step| value.get_mut(step))
            })
            .and_then(Value::as_object_mut),
    };
    if let (Some(holder), Some(last)) = (holder, steps.last())
        && holder.get(last).is_none_or(Value::is_null)
    {
        holder.insert(last.clone(), Value::from(number));
    }
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
        limit: Some(Limit {
            place: "/limit",
            default: Some(20),
            max: Some(50),
        }),
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
    fn a_limit_has_a_default_and_a_most_and_says_so() {
        for (given, sent, said) in [
            (json!({}), json!(20), None),
            (json!({"limit": null}), json!(20), None),
            (json!({"limit": 50}), json!(50), None),
            (
                json!({"limit": 500}),
                json!(50),
                Some("limit was lowered from 500 to 50"),
            ),
            (
                json!({"limit": " 51 "}),
                json!(50),
                Some("limit was lowered from 51 to 50"),
            ),
            (json!({"limit": "x"}), json!("x"), None),
        ] {
            let given = object(given);
            let note = lowered(&SETTLED, &given);
            assert_eq!(
                note.as_deref().map(|n| n.split(',').next().unwrap_or(n)),
                said
            );
            assert_eq!(before(&SETTLED, given)["limit"], sent);
        }
    }

    #[test]
    fn the_default_of_a_property_waits_for_its_object() {
        let limit = Limit {
            place: "/page/size",
            default: Some(10),
            max: Some(20),
        };
        let settled = Settled {
            limit: Some(limit),
            ..Settled::NONE
        };
        assert_eq!(before(&settled, Object::new()), Object::new());
        let given = object(json!({"page": {"number": 1}}));
        assert_eq!(
            before(&settled, given)["page"],
            json!({"number": 1, "size": 10})
        );
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
