//! Which records the arguments of a tool name: `customer_id`, and the `item_id` of lines that it takes.

use crate::catalog::words::{split, stem};
use crate::json::{Object, Value};

/// Levels of objects and lists that are looked at.
const DEEPEST: usize = 3;
/// Records that are looked for in one schema.
const MOST: usize = 8;

/// What they are called, in stems, each once: of the arguments those that are required, and of the objects in
/// them all, since what a line names is rarely left out.
pub(super) fn named(schema: &Object) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    of_object(schema, true, 0, &mut found);
    found
}

fn of_object(schema: &Object, only_required: bool, depth: usize, found: &mut Vec<Vec<String>>) {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        if found.len() >= MOST || depth > DEEPEST {
            return;
        }
        if only_required && !required.contains(&name.as_str()) {
            continue;
        }
        if let Some(entity) = entity(name)
            && !found.contains(&entity)
        {
            found.push(entity);
        }
        let Some(schema) = schema.as_object() else {
            continue;
        };
        let inner = schema.get("items").and_then(Value::as_object);
        of_object(inner.unwrap_or(schema), false, depth + 1, found);
    }
}

/// What the record of an id is called: `customer_id`, `customerId` and `customer_ids` are of a customer.
fn entity(name: &str) -> Option<Vec<String>> {
    let mut words = split(name);
    let last = words.pop()?;
    let is_id = matches!(last.as_str(), "id" | "ids" | "uuid" | "uuids");
    (is_id && !words.is_empty()).then(|| words.iter().map(|word| stem(word)).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::named;

    #[test]
    fn required_ids_and_those_in_objects_are_found() {
        let line =
            json!({"type": "object", "properties": {"item_id": {"type": "integer"}, "qty": {}}});
        let schema = json!({
            "required": ["customerId", "lines", "tag_ids", "id", "paid"],
            "properties": {
                "id": {}, "customerId": {}, "project_id": {}, "tag_ids": {}, "paid": {},
                "lines": {"type": "array", "items": line},
            },
        });
        let found = named(schema.as_object().unwrap());
        assert_eq!(found, [vec!["customer"], vec!["tag"], vec!["item"]]);
    }
}
