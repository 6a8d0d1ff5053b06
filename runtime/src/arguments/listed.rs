//! Argument schemas as tool lists show them: without the keywords that are checked here and that model
//! APIs refuse with the whole request (`propertyNames`: "Unknown name … Cannot find field", Gemini API),
//! and without patterns that nothing here can check. The generator says their rules in descriptions.

use std::sync::Arc;

use crate::json::{Object, Value};

/// Keywords that are not listed.
const UNLISTED: [&str; 2] = ["propertyNames", "x-pattern"];
/// Keywords whose members are schemas by name; there a name is no keyword.
const BY_NAME: [&str; 2] = ["properties", "$defs"];

/// The schema without them; the same one if it has none.
pub(crate) fn listed(schema: Arc<Object>) -> Arc<Object> {
    if !has_unlisted(&schema) {
        return schema;
    }
    let mut shown = schema.as_ref().clone();
    strip(&mut shown);
    Arc::new(shown)
}

fn has_unlisted(schema: &Object) -> bool {
    schema.iter().any(|(keyword, value)| {
        UNLISTED.contains(&keyword.as_str())
            || match value {
                Value::Object(named) if BY_NAME.contains(&keyword.as_str()) => named
                    .values()
                    .filter_map(Value::as_object)
                    .any(has_unlisted),
                Value::Object(inner) => has_unlisted(inner),
                Value::Array(items) => items.iter().filter_map(Value::as_object).any(has_unlisted),
                _ => false,
            }
    })
}

fn strip(schema: &mut Object) {
    schema.retain(|keyword, _| !UNLISTED.contains(&keyword.as_str()));
    for (keyword, value) in schema {
        match value {
            Value::Object(named) if BY_NAME.contains(&keyword.as_str()) => {
                named
                    .values_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(strip);
            }
            Value::Object(inner) => strip(inner),
            Value::Array(items) => {
                items
                    .iter_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(strip);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::listed;
    use crate::json::{Value, json};

    #[test]
    fn rules_for_names_are_not_listed_and_properties_of_that_name_are() {
        let rule = json!({"pattern": "^a"});
        for (schema, shown) in [
            (
                json!({"properties": {"propertyNames": {"type": "string"}}}),
                json!({"properties": {"propertyNames": {"type": "string"}}}),
            ),
            (
                json!({"properties": {"properties": {"type": "object", "propertyNames": rule}}}),
                json!({"properties": {"properties": {"type": "object"}}}),
            ),
            (
                json!({"properties": {"a": {"items": {"anyOf": [{"propertyNames": rule}, {}]}}}}),
                json!({"properties": {"a": {"items": {"anyOf": [{}, {}]}}}}),
            ),
            (
                json!({"properties": {"x-pattern": {"x-pattern": "(?=a)"}}}),
                json!({"properties": {"x-pattern": {}}}),
            ),
        ] {
            let schema = schema.as_object().cloned().unwrap_or_default();
            let made = listed(Arc::new(schema));
            assert_eq!(Value::Object(made.as_ref().clone()), shown);
        }
    }
}
