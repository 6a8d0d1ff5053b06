//! Actions of an OpenAPI Overlay that mend a finding, as lines to paste.

use serde_json::{Map, Value};

use super::Pointer;
use super::render::is_hidden;

/// Raises a budget that is used up.
pub fn raise(budget: &str, now: usize, enough: usize) -> String {
    format!(
        "the budget `{budget}` is {now}; if the document is trusted, raise it: \
         `--budget {budget}={enough}`"
    )
}

/// The JSONPath (RFC 9535) of one node: `$.paths['/leads'].get`.
#[must_use]
pub fn json_path(pointer: &Pointer) -> String {
    let tokens: Vec<_> = pointer.tokens().collect();
    let mut path = String::from("$");
    for (at, token) in tokens.iter().enumerate() {
        if token.parse::<u32>().is_ok() {
            let above = |n: usize| {
                at.checked_sub(n)
                    .and_then(|at| tokens.get(at))
                    .map(|t| &**t)
            };
            path.push_str(&number(token, above(1), above(2)));
        } else {
            path.push_str(&member(token));
        }
    }
    path
}

/// A segment for a number, which in a pointer is a name or an index. Where the names above do not
/// tell, it selects either: a name selects nothing in an array, and an index nothing in an object.
fn number(token: &str, parent: Option<&str>, above: Option<&str>) -> String {
    const ARRAYS: [&str; 8] = [
        "parameters",
        "allOf",
        "anyOf",
        "oneOf",
        "prefixItems",
        "security",
        "servers",
        "tags",
    ];
    const MAPS: [&str; 6] = [
        "components",
        "properties",
        "schemas",
        "patternProperties",
        "$defs",
        "definitions",
    ];
    match (parent, above) {
        (Some("responses"), _) => member(token),
        (Some(parent), above)
            if ARRAYS.contains(&parent) && above.is_none_or(|above| !MAPS.contains(&above)) =>
        {
            format!("[{token}]")
        }
        _ => format!("[{token},'{token}']"),
    }
}

/// A segment that selects a member.
fn member(token: &str) -> String {
    let is_name = token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name {
        return format!(".{token}");
    }
    format!("['{}']", escaped(token))
}

/// A text between single quotes of JSONPath (RFC 9535 §2.7).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            c if needs_escape(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Controls, and what YAML or a terminal would not show as it is; all below U+10000.
fn needs_escape(c: char) -> bool {
    is_hidden(c) && u32::from(c) < 0x1_0000
}

/// An action that merges a value into the node at `target`, a JSONPath.
pub(crate) fn update(target: &str, value: &Value) -> String {
    format!(
        "- target: {}\n  update: {}",
        quoted_unless_plain(target),
        flow(value)
    )
}

/// An action that removes the nodes at `target`, a JSONPath.
pub(crate) fn remove(target: &str) -> String {
    format!("- target: {}\n  remove: true", quoted_unless_plain(target))
}

/// The element of the array at `pointer` that has these members, as a JSONPath filter: it stays
/// right when elements before it come and go.
pub(crate) fn element(array: &Pointer, members: &[(&str, &str)]) -> String {
    let tests: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("@{} == '{}'", member(name), escaped(value)))
        .collect();
    format!("{}[?{}]", json_path(array), tests.join(" && "))
}

/// An object with one member inside another, down to a value.
pub(crate) fn nested(keys: &[&str], value: Value) -> Value {
    keys.iter().rev().fold(value, |inner, key| {
        Value::Object(Map::from_iter([((*key).to_owned(), inner)]))
    })
}

/// A JSONPath as a YAML scalar in a block.
fn quoted_unless_plain(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "$.[]'/{}_-@?=&()~+*,".contains(c);
    // ` == ` and ` && ` are plain in a block; `: ` and ` #` are not, and `:` and `#` are no part.
    if text.starts_with('$') && text.chars().all(|c| plain(c) || c == ' ') {
        return text.to_owned();
    }
    quoted(text)
}

/// A value as YAML flow, which stays on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key), flow(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text as a YAML scalar: plain where no reader could take it for anything else.
fn scalar(text: &str) -> String {
    const OTHERS: [&str; 11] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
    ];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && !OTHERS.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { quoted(text) }
}

/// A text between double quotes, in the escapes that JSON and YAML share.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if needs_escape(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_become_json_paths() {
        for (pointer, expected) in [
            ("", "$"),
            ("/paths/~1leads~1{id}/get", "$.paths['/leads/{id}'].get"),
            (
                "/components/schemas/a'b\\c",
                "$.components.schemas['a\\'b\\\\c']",
            ),
            ("/x-y/a\nb", "$['x-y']['a\\u000ab']"),
            (
                "/paths/~1a/get/parameters/0/schema",
                "$.paths['/a'].get.parameters[0].schema",
            ),
            (
                "/paths/~1a/get/responses/200",
                "$.paths['/a'].get.responses['200']",
            ),
            ("/components/parameters/0", "$.components.parameters[0,'0']"),
        ] {
            let pointer = Pointer::parse(pointer).unwrap();
            assert_eq!(json_path(&pointer), expected);
        }
    }

    #[test]
    fn values_come_back_from_what_is_written() {
        let names = [
            "a",
            "",
            "no",
            "1",
            "-",
            "a: b",
            "#",
            "'",
            "\"\\",
            "{x}",
            "ü😀",
            "\u{1b}\n\t\u{85}\u{2028}\u{feff}",
            "~",
            "*a",
            "&b",
            "!c",
            "|",
            "%d",
            "@e",
            "`f",
            "=",
            "<<",
        ];
        for name in names {
            let value = json!({name: [name, {"deep": {name: null}}, 1.5, true]});
            let lines = update("$", &value);
            let read: Value =
                serde_yaml::from_str(&lines).unwrap_or_else(|e| panic!("{name:?}: {e}: {lines}"));
            assert_eq!(read, json!([{"target": "$", "update": value}]), "{lines}");

            let pointer = Pointer::root().child("paths").child(name).child("x");
            let target = json_path(&pointer);
            let read: Value = serde_yaml::from_str(&remove(&target)).unwrap();
            assert_eq!(read, json!([{"target": target, "remove": true}]));
            let document = json!({"paths": {name: {"x": [{"name": name, "in": "query"}]}}});
            let path = serde_json_path::JsonPath::parse(&target).unwrap();
            assert_eq!(
                path.query(&document).all(),
                vec![&document["paths"][name]["x"]],
                "{target}"
            );
            let target = element(&pointer, &[("name", name), ("in", "query")]);
            let path = serde_json_path::JsonPath::parse(&target)
                .unwrap_or_else(|e| panic!("{target}: {e}"));
            assert_eq!(path.query(&document).len(), 1, "{target}");
        }
    }
}
