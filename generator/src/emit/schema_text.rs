//! JSON Schemas as text that can be reviewed: compact, but with a line for each property of the root.

use serde_json::Value;

/// The schema as JSON text with a line for each argument.
pub fn schema_text(schema: &Value) -> String {
    let Some(object) = schema.as_object() else {
        return schema.to_string();
    };
    let mut out = String::from("{");
    for (i, (key, value)) in object.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push_str(&Value::String(key.clone()).to_string());
        out.push(':');
        match value.as_object() {
            Some(properties) if key == "properties" && !properties.is_empty() => {
                out.push('{');
                for (j, (name, property)) in properties.iter().enumerate() {
                    out.push_str(if j == 0 { "\n" } else { ",\n" });
                    out.push_str(&Value::String(name.clone()).to_string());
                    out.push(':');
                    out.push_str(&property.to_string());
                }
                out.push_str("\n}");
            }
            _ => out.push_str(&value.to_string()),
        }
    }
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use super::schema_text;
    use serde_json::{Value, json};

    #[test]
    fn each_argument_has_a_line_and_nothing_else_changes() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b\n": {}}, "required": ["a"]});
        let text = schema_text(&schema);
        assert_eq!(text.lines().count(), 4);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), schema);
    }
}
