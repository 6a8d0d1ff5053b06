//! Repairs arguments by what an answer says of them, and by nothing else: neither the schema nor the tool
//! is known here. What a rule does, any reader of the sentence could do.

use serde_json::{Map, Value};

/// A problem as the answer has it.
#[derive(Debug)]
struct Problem<'m> {
    place: &'m str,
    says: &'m str,
}

/// The arguments as the message says that they should be.
pub fn repair(arguments: &Value, message: &str) -> Value {
    let problems: Vec<Problem<'_>> = message.lines().filter_map(problem).collect();
    let mut repaired = arguments.clone();
    // A name that is put right is not missing any more.
    let (names, others): (Vec<_>, Vec<_>) = problems
        .iter()
        .partition(|problem| problem.says.contains("Did you mean") && is_unknown(problem.says));
    for problem in names.into_iter().chain(others) {
        mend(&mut repaired, problem);
    }
    repaired
}

fn problem(line: &str) -> Option<Problem<'_>> {
    let (place, says) = line.strip_prefix("- ")?.split_once(": ")?;
    let place = if place == "arguments" { "" } else { place };
    (place.is_empty() || place.starts_with('/')).then_some(Problem { place, says })
}

fn is_unknown(says: &str) -> bool {
    says.starts_with("there is no such argument")
}

fn mend(arguments: &mut Value, problem: &Problem<'_>) {
    let says = problem.says;
    if is_unknown(says) {
        let value = remove(arguments, problem.place);
        if let (Some(name), Some(value)) = (between(says, "Did you mean \"", "\"?"), value) {
            put(arguments, &beside(problem.place, name), value, false);
        }
        return;
    }
    if says.contains("Leave it out") || says.starts_with("nothing is accepted here") {
        remove(arguments, problem.place);
        return;
    }
    let allowed = after(says, "Allowed: ").and_then(first);
    let example = allowed.clone().or_else(|| example(says));
    if says.contains("and missing") {
        let expected = between(says, "expected ", ".").unwrap_or_default();
        if let Some(value) = example.or_else(|| usual(expected)) {
            put(arguments, problem.place, value, false);
        }
        return;
    }
    let Some(given) = arguments.pointer(problem.place).cloned() else {
        return;
    };
    let better = if says.contains("is not an allowed value") {
        between(says, "Did you mean \"", "\"?")
            .map(Value::from)
            .or(allowed)
    } else if allowed.is_some() && !given.is_array() && !given.is_object() {
        allowed
    } else {
        bounded(says, &given)
            .or_else(|| of_type(says, &given))
            .or(example)
    };
    if let Some(better) = better {
        put(arguments, problem.place, better, true);
    }
}

/// A value within the limit that was overstepped.
fn bounded(says: &str, given: &Value) -> Option<Value> {
    for (words, is_least) in [("expected at least ", true), ("expected at most ", false)] {
        let Some(rest) = after(says, words) else {
            continue;
        };
        let (number, what) = rest.split_once([' ', ','])?;
        let limit: usize = number.parse().ok().unwrap_or_default();
        return match given {
            Value::Number(_) => serde_json::from_str(number).ok(),
            Value::String(text) if what.starts_with("character") && is_least => {
                let missing = limit.saturating_sub(text.chars().count());
                Some(format!("{text}{}", "x".repeat(missing)).into())
            }
            Value::String(text) => Some(text.chars().take(limit).collect::<String>().into()),
            Value::Array(items) if is_least => {
                let last = items.last()?.clone();
                let missing = limit.saturating_sub(items.len());
                let more = std::iter::repeat_n(last, missing);
                Some(items.iter().cloned().chain(more).collect())
            }
            Value::Array(items) => Some(items.iter().take(limit).cloned().collect()),
            _ => None,
        };
    }
    None
}

/// The value as the type that was expected.
fn of_type(says: &str, given: &Value) -> Option<Value> {
    let expected = says.strip_prefix("expected ")?.split(", got ").next()?;
    // A value that was wrapped in something.
    match given {
        Value::Array(items) if !expected.contains("an array") => {
            if let [only] = items.as_slice() {
                return Some(only.clone());
            }
        }
        Value::Object(members) if !expected.contains("an array") => {
            let mut values = members.values();
            if let (Some(only), None) = (values.next(), values.next()) {
                return Some(only.clone());
            }
        }
        _ => {}
    }
    match expected {
        "an array" => match given {
            Value::String(text) if text.trim_start().starts_with('[') => None,
            // Items under numbers.
            Value::Object(members) if members.keys().all(|name| name.parse::<usize>().is_ok()) => {
                Some(members.values().cloned().collect())
            }
            other => Some(vec![other.clone()].into()),
        },
        "an integer" | "a number" => match given {
            Value::String(text) => digits(text),
            Value::Number(number) => number.as_f64().map(|number| rounded(number).into()),
            _ => None,
        },
        "true or false" => match given.to_string().trim_matches('"').to_lowercase().as_str() {
            "yes" | "y" | "on" | "1" | "true" => Some(true.into()),
            "no" | "n" | "off" | "0" | "false" => Some(false.into()),
            _ => None,
        },
        "a string" => match given {
            Value::Number(_) | Value::Bool(_) => Some(given.to_string().into()),
            _ => None,
        },
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "small numbers of a script")]
fn rounded(number: f64) -> i64 {
    number.trunc() as i64
}

/// The first whole number in a text.
fn digits(text: &str) -> Option<Value> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(from..)?;
    let to = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let number: u32 = rest.get(..to)?.parse().ok()?;
    Some(number.into())
}

/// A value of the type that a message names, where it shows none.
fn usual(expected: &str) -> Option<Value> {
    match expected {
        "an integer" | "a number" => Some(1.into()),
        "true or false" => Some(true.into()),
        "a string" => Some("text".into()),
        "an array" => Some(Value::Array(Vec::new())),
        "an object" => Some(Map::new().into()),
        _ => None,
    }
}

fn example(says: &str) -> Option<Value> {
    first(after(says, "Example: ")?)
}

/// The JSON value at the beginning of a text.
fn first(text: &str) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = values.next() {
        return Some(value);
    }
    // A number before the full stop of its sentence.
    let word = text.split([',', ' ']).next()?.trim_end_matches('.');
    serde_json::from_str(word).ok()
}

fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    text.split_once(words).map(|(_, rest)| rest)
}

fn between<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    after(text, begin)?.split_once(end).map(|(found, _)| found)
}

/// The place of a name beside another.
fn beside(place: &str, name: &str) -> String {
    let above = place.rsplit_once('/').map_or("", |(above, _)| above);
    format!("{above}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn parts(place: &str) -> Option<(&str, String)> {
    let (above, last) = place.rsplit_once('/')?;
    Some((above, last.replace("~1", "/").replace("~0", "~")))
}

fn remove(arguments: &mut Value, place: &str) -> Option<Value> {
    let (above, last) = parts(place)?;
    match arguments.pointer_mut(above)? {
        Value::Object(object) => object.shift_remove(&last),
        Value::Array(items) => {
            let index: usize = last.parse().ok()?;
            (index < items.len()).then(|| items.remove(index))
        }
        _ => None,
    }
}

/// Puts a value at a place; what is there stays unless it may be replaced.
fn put(arguments: &mut Value, place: &str, value: Value, replace: bool) {
    let Some((above, last)) = parts(place) else {
        if replace && value.is_object() {
            *arguments = value;
        }
        return;
    };
    match arguments.pointer_mut(above) {
        // A null was nothing that was given.
        Some(Value::Object(object)) if replace || object.get(&last).is_none_or(Value::is_null) => {
            object.insert(last, value);
        }
        Some(Value::Array(items)) => {
            let index = last.parse::<usize>().ok();
            if let Some(item) = index.and_then(|index| items.get_mut(index)) {
                *item = value;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::repair;

    #[test]
    fn each_sentence_has_its_repair() {
        for (given, says, expected) in [
            (
                json!({"nmae": 1}),
                "- /nmae: there is no such argument. Did you mean \"name\"? Valid: name.",
                json!({"name": 1}),
            ),
            (
                json!({"a": 1, "b": 2}),
                "- /b: there is no such argument. Valid: a.",
                json!({"a": 1}),
            ),
            (
                json!({}),
                "- /a: is required and missing: expected an integer. Example: 7.",
                json!({"a": 7}),
            ),
            (
                json!({"nmae": 1}),
                "- /name: is required and missing: expected an integer. Example: 7.\n- /nmae: there is no such argument. Did you mean \"name\"? Valid: name.",
                json!({"name": 1}),
            ),
            (
                json!({"s": "opne"}),
                "- /s: \"opne\" (a string) is not an allowed value. Did you mean \"open\"? Allowed: \"shut\", \"open\".",
                json!({"s": "open"}),
            ),
            (
                json!({"s": "x"}),
                "- /s: \"x\" (a string) is not an allowed value. Allowed: 3, 4.",
                json!({"s": 3}),
            ),
            (
                json!({"n": 500}),
                "- /n: expected at most 100, got 500.",
                json!({"n": 100}),
            ),
            (
                json!({"s": "abcdef"}),
                "- /s: expected at most 3 characters, got 6.",
                json!({"s": "abc"}),
            ),
            (
                json!({"s": ""}),
                "- /s: expected at least 1 character, got 0.",
                json!({"s": "x"}),
            ),
            (
                json!({"s": "ab"}),
                "- /s: expected at least 4 characters, got 2.",
                json!({"s": "abxx"}),
            ),
            (
                json!({"id": "/customers/7"}),
                "- /id: expected an integer, got \"/customers/7\" (a string). Example: 1.",
                json!({"id": 7}),
            ),
            (
                json!({"l": ["a", {"d": "x"}]}),
                "- /l/1/d: expected a date as YYYY-MM-DD, got \"x\" (a string). Example: \"2026-12-05\".",
                json!({"l": ["a", {"d": "2026-12-05"}]}),
            ),
            (
                json!({"t": null}),
                "- /t: null is refused here. Leave it out to keep what is there.",
                json!({}),
            ),
        ] {
            assert_eq!(repair(&given, says), expected, "{says}");
        }
    }
}
