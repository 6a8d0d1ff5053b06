//! Keys of `mcpwright.toml`, from its JSON Schema.

use serde_json::Value;

use super::{cell, head};

pub fn page() -> String {
    let schema = mcpwright::settings::json_schema();
    let mut text = head("Settings: `mcpwright.toml`", "`mcpwright schema`");
    text.push_str(
        "\nThe same keys, without `select`, stand in `x-mcp` at an operation of the document. `[]` is a list of \
         tables, `*` any name. Editors take the schema from `docs/mcpwright.schema.json`.\n",
    );
    for (name, section) in properties(&schema) {
        let is_list = section.get("type").and_then(Value::as_str) == Some("array");
        let title = if is_list {
            format!("[[{name}]]")
        } else {
            format!("[{name}]")
        };
        text.push_str(&format!("\n## `{title}`\n\n"));
        if let Some(said) = section.get("description").and_then(Value::as_str) {
            text.push_str(&format!("{said}\n\n"));
        }
        text.push_str("| key | type | meaning |\n|---|---|---|\n");
        let item = section.get("items").unwrap_or(section);
        let mut rows = Vec::new();
        below("", item, &mut rows);
        text.push_str(&rows.concat());
    }
    text
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// Rows for the keys of a table, and of the tables in it.
fn below(prefix: &str, table: &Value, rows: &mut Vec<String>) {
    let required: Vec<&str> = table
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, schema) in properties(table) {
        let path = format!("{prefix}{name}");
        let said = schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let needed = if required.contains(&name.as_str()) {
            " (required)"
        } else {
            ""
        };
        rows.push(format!(
            "| `{path}` | {}{needed} | {} |\n",
            cell(&kind(schema)),
            cell(said)
        ));
        inner(&path, schema, rows);
    }
}

/// What stands inside of a value: keys, items of a list, values under any name, and each alternative.
fn inner(path: &str, schema: &Value, rows: &mut Vec<String>) {
    below(&format!("{path}."), schema, rows);
    if let Some(items) = schema.get("items") {
        inner(&format!("{path}[]"), items, rows);
    }
    if let Some(any @ Value::Object(_)) = schema.get("additionalProperties") {
        inner(&format!("{path}.*"), any, rows);
    }
    for one in schema
        .get("anyOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        inner(path, one, rows);
    }
}

/// The type in a few words.
fn kind(schema: &Value) -> String {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values
            .iter()
            .map(|value| format!("`{value}`"))
            .collect::<Vec<_>>()
            .join(", ");
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        return any.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => {
            let items = schema.get("items").map(kind).unwrap_or_default();
            format!("list of {}", if items.is_empty() { "any" } else { &items })
        }
        Some("object") => "table".to_owned(),
        Some(name) => name.to_owned(),
        None => "any".to_owned(),
    }
}
