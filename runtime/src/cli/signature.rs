//! A tool as a function, in the notation of TypeScript, for people who type its arguments.

use crate::json::place::unescaped;
use crate::json::{Object, Value};

/// Depth to which properties of objects are written out.
const DEEPEST: usize = 2;
/// Values of an enumeration that are written out.
const VALUES: usize = 6;

/// `create_invoice(customer_id: integer, due_date?: date)`: required arguments first, each type in short.
pub(super) fn signature(name: &str, schema: &Object) -> String {
    let arguments = properties(schema, schema, 0);
    let line = format!("{name}({})", arguments.join(", "));
    if line.chars().count() <= 100 {
        return line;
    }
    format!("{name}(\n  {}\n)", arguments.join(",\n  "))
}

/// A call of it, as it is typed: the required arguments with values of their types.
pub(super) fn usage(name: &str, schema: &Object) -> String {
    let required = names(schema.get("required"));
    let all = schema.get("properties").and_then(Value::as_object);
    let arguments = required.iter().filter_map(|name| {
        let property = all?.get(*name)?;
        let kind = kind(schema, property, DEEPEST);
        Some(if kind.ends_with("[]") || kind.starts_with('{') {
            format!(
                "'{name}={}'",
                if kind.ends_with("[]") {
                    "[…]"
                } else {
                    "{…}"
                }
            )
        } else {
            format!("{name}=…")
        })
    });
    std::iter::once(name.to_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

fn names(value: Option<&Value>) -> Vec<&str> {
    let names = value.and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

fn properties(root: &Object, schema: &Object, depth: usize) -> Vec<String> {
    let required = names(schema.get("required"));
    let all = schema.get("properties").and_then(Value::as_object);
    let line = |(name, property): (&String, &Value), mark: &str| {
        let name = crate::text::clean(name).into_owned();
        format!("{name}{mark}: {}", kind(root, property, depth))
    };
    let is_required = |name: &String| required.contains(&name.as_str());
    let all = all.into_iter().flatten();
    let needed = all.clone().filter(|(name, _)| is_required(name));
    let others = all.filter(|(name, _)| !is_required(name));
    needed
        .map(|entry| line(entry, ""))
        .chain(others.map(|entry| line(entry, "?")))
        .collect()
}

/// A type in short.
fn kind(root: &Object, schema: &Value, depth: usize) -> String {
    let Some(schema) = schema.as_object() else {
        return "any".to_owned();
    };
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let place = target.trim_start_matches('#');
        let found = place.strip_prefix('/').and_then(|place| {
            let mut steps = place.split('/');
            let mut node = root.get(steps.next()?)?;
            for step in steps {
                node = node.get(unescaped(step))?;
            }
            Some(node)
        });
        return match found {
            Some(found) if depth < DEEPEST => kind(root, found, depth + 1),
            _ => "{…}".to_owned(),
        };
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let mut words: Vec<String> = values.iter().take(VALUES).map(Value::to_string).collect();
        if values.len() > VALUES {
            words.push("…".to_owned());
        }
        return words.join(" | ");
    }
    // Beside a type of its own, branches only say what goes together.
    let is_open = !schema.contains_key("type") && !schema.contains_key("properties");
    for union in ["anyOf", "oneOf"].iter().filter(|_| is_open) {
        if let Some(branches) = schema.get(*union).and_then(Value::as_array) {
            let mut kinds: Vec<String> = Vec::new();
            for branch in branches {
                let kind = kind(root, branch, depth);
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
            return kinds.join(" | ");
        }
    }
    let types = match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        several => names(several),
    };
    if types.is_empty() {
        let has_properties = depth < DEEPEST && schema.contains_key("properties");
        return if has_properties {
            format!("{{{}}}", properties(root, schema, depth + 1).join(", "))
        } else {
            "any".to_owned()
        };
    }
    let kinds: Vec<String> = types
        .iter()
        .map(|name| match *name {
            "array" => {
                let item = schema
                    .get("items")
                    .map_or_else(|| "any".to_owned(), |items| kind(root, items, depth));
                if item.contains(" | ") {
                    format!("({item})[]")
                } else {
                    format!("{item}[]")
                }
            }
            "object" if depth < DEEPEST && schema.contains_key("properties") => {
                format!("{{{}}}", properties(root, schema, depth + 1).join(", "))
            }
            "object" => "{…}".to_owned(),
            "string" => {
                let format = schema.get("format").and_then(Value::as_str);
                crate::text::clean(format.unwrap_or("string")).into_owned()
            }
            name => name.to_owned(),
        })
        .collect();
    kinds.join(" | ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn signatures() {
        for (schema, signed) in [
            (json!({"type": "object"}), "t()"),
            (
                json!({"properties": {"due": {"type": "string", "format": "date"}, "id": {"type": "integer"}}, "required": ["id"]}),
                "t(id: integer, due?: date)",
            ),
            (
                json!({"properties": {"s": {"enum": ["a", "b"]}, "n": {"type": ["string", "null"]}}}),
                "t(s?: \"a\" | \"b\", n?: string | null)",
            ),
            (
                json!({"properties": {"lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}}}, "$defs": {"Line": {"type": "object", "properties": {"qty": {"type": "number"}, "more": {"$ref": "#/$defs/Line"}}, "required": ["qty"]}}}),
                "t(lines?: {qty: number, more?: {…}}[])",
            ),
            (
                json!({"properties": {"v": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"anyOf": [{"const": 1}, {"type": "boolean"}]}}]}}}),
                "t(v?: string | (1 | boolean)[])",
            ),
            (
                json!({"properties": {"v": {}, "w": true}}),
                "t(v?: any, w?: any)",
            ),
        ] {
            assert_eq!(signature("t", schema.as_object().unwrap()), signed);
        }
    }

    #[test]
    fn many_arguments_stand_in_lines_of_their_own() {
        let mut all = Object::new();
        for index in 0..12 {
            all.insert(format!("argument_{index}"), json!({"type": "string"}));
        }
        let schema = json!({"properties": all, "required": ["argument_3"]});
        let signed = signature("t", schema.as_object().unwrap());
        assert!(
            signed.starts_with("t(\n  argument_3: string,\n  argument_0?: string,\n"),
            "{signed}"
        );
    }

    #[test]
    fn a_call_names_what_is_required() {
        let schema = json!({"properties": {"a": {"type": "array"}, "b": {"type": "string"}, "c": {}}, "required": ["a", "b"]});
        assert_eq!(usage("t", schema.as_object().unwrap()), "t 'a=[…]' b=…");
    }
}
