//! What is listed of schemas that are not gone into.

use serde_json::{Map, Value, json};

use super::super::Shape;
use super::InputSchemas;
use crate::text;

impl<'a> InputSchemas<'_, 'a> {
    /// What remains of a schema that is not gone into.
    pub(super) fn outline(
        &self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        recursive: bool,
    ) {
        if let [name] = shape.types.names().as_slice() {
            schema.insert("type".to_owned(), json!(name));
        } else if shape.is_object() {
            schema.insert("type".to_owned(), json!("object"));
        } else if shape.is_array() {
            schema.insert("type".to_owned(), json!("array"));
        }
        if schema.get("type") == Some(&json!("array")) {
            // Hosts refuse arrays without `items`.
            schema.insert("items".to_owned(), json!({}));
        }
        if recursive && !schema.contains_key("description") {
            let name = shape
                .name
                .map_or_else(|| "the object around it".to_owned(), |n| text::line(n, 60));
            schema.insert(
                "description".to_owned(),
                json!(format!("Nested; the same shape as {name}.")),
            );
        }
    }
}
