//! Token-Oriented Object Notation (TOON specification 2.0): indentation instead of braces, and arrays of
//! uniform records as tables.

use std::collections::HashSet;

use crate::json::{Object, Value};

/// The value as TOON.
pub(super) fn toon(value: &Value) -> String {
    let mut lines = Vec::new();
    match value {
        Value::Object(object) => members(object, 0, &mut lines),
        Value::Array(items) => array("", items, 0, &mut lines),
        scalar => lines.push(primitive(scalar)),
    }
    lines.join("\n")
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

fn members(object: &Object, depth: usize, lines: &mut Vec<String>) {
    for (name, value) in object {
        member(&key(name), value, depth, lines);
    }
}

fn member(name: &str, value: &Value, depth: usize, lines: &mut Vec<String>) {
    match value {
        Value::Object(inner) => {
            lines.push(format!("{}{name}:", indent(depth)));
            members(inner, depth + 1, lines);
        }
        Value::Array(items) => array(name, items, depth, lines),
        scalar => lines.push(format!("{}{name}: {}", indent(depth), primitive(scalar))),
    }
}

fn array(name: &str, items: &[Value], depth: usize, lines: &mut Vec<String>) {
    let start = format!("{}{name}[{}]", indent(depth), items.len());
    if items.iter().all(is_primitive) {
        let all: Vec<String> = items.iter().map(primitive).collect();
        let space = if all.is_empty() { "" } else { " " };
        lines.push(format!("{start}:{space}{}", all.join(",")));
        return;
    }
    if let Some(names) = tabular(items) {
        let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
        lines.push(format!("{start}{{{}}}:", keys.join(",")));
        for item in items {
            let cells: Vec<String> = names
                .iter()
                .map(|name| primitive(item.get(name).unwrap_or(&Value::Null)))
                .collect();
            lines.push(format!("{}{}", indent(depth + 1), cells.join(",")));
        }
        return;
    }
    lines.push(format!("{start}:"));
    for item in items {
        let first = lines.len();
        match item {
            Value::Object(object) if !object.is_empty() => members(object, depth + 2, lines),
            Value::Object(_) => lines.push(indent(depth + 2)),
            Value::Array(inner) => array("", inner, depth + 2, lines),
            scalar => lines.push(format!("{}{}", indent(depth + 2), primitive(scalar))),
        }
        // The hyphen stands where the indentation of the item's first line ends.
        if let Some(line) = lines.get_mut(first) {
            let rest = line.trim_start().to_owned();
            *line = format!("{}- {rest}", indent(depth + 1))
                .trim_end()
                .to_owned();
        }
    }
}

/// The names that records have, each with nothing but primitives. A record may lack some of them, as what is empty is
/// left out: its cell is `null`. Where that would be more cells than there are values, a list is shorter.
fn tabular(items: &[Value]) -> Option<Vec<&str>> {
    let mut names: Vec<&str> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    let mut values: usize = 0;
    for item in items {
        for (name, value) in item.as_object()? {
            if !is_primitive(value) {
                return None;
            }
            if known.insert(name) {
                names.push(name);
            }
            values = values.saturating_add(1);
        }
    }
    let cells = names.len().saturating_mul(items.len());
    (!names.is_empty() && cells <= values.saturating_mul(2)).then_some(names)
}

fn is_primitive(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

fn key(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    if plain {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}

/// A primitive; texts are quoted where they could be read as something else (§7.2).
fn primitive(value: &Value) -> String {
    let Value::String(text) = value else {
        return value.to_string();
    };
    let ambiguous = text.is_empty()
        || text.trim() != text
        || matches!(text.as_str(), "true" | "false" | "null")
        || text.starts_with('-')
        || text.parse::<f64>().is_ok()
        || text.contains([',', ':', '"', '\\', '[', ']', '{', '}', '\n', '\r', '\t']);
    if ambiguous {
        value.to_string()
    } else {
        text.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Row C9; the forms of the specification's examples.
    #[test]
    fn c9_values_as_toon() {
        for (value, expected) in [
            (
                json!({"data": [{"id": 1, "name": "Ann, B"}, {"id": 2, "name": "7"}], "total": 2}),
                "data[2]{id,name}:\n  1,\"Ann, B\"\n  2,\"7\"\ntotal: 2",
            ),
            (
                json!({"tags": ["a", "b"], "none": [], "a b": null, "o": {"x": true, "e": ""}}),
                "tags[2]: a,b\nnone[0]:\n\"a b\": null\no:\n  x: true\n  e: \"\"",
            ),
            (
                json!({"l": [{"id": 1, "t": ["x"]}, 5, {"o": {"y": 1}}]}),
                "l[3]:\n  - id: 1\n    t[1]: x\n  - 5\n  - o:\n      y: 1",
            ),
            // What one record lacks, as it was empty, is no reason to repeat the names for all of them.
            (
                json!([{"id": 1, "name": "Ann"}, {"id": 2, "phone": "x"}, {"id": 3, "name": "", "phone": "y"}]),
                "[3]{id,name,phone}:\n  1,Ann,null\n  2,null,x\n  3,\"\",y",
            ),
            (
                json!([{"a": 1}, {"b": 2}, {"c": 3}]),
                "[3]:\n  - a: 1\n  - b: 2\n  - c: 3",
            ),
            (json!([{}, {}]), "[2]:\n  -\n  -"),
            (json!("plain"), "plain"),
        ] {
            assert_eq!(toon(&value), expected, "{value}");
        }
    }
}
