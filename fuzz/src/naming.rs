//! Any text in every place of a document that gives something a name.

use serde_json::{Map, Value, json};

use crate::document::check;

/// Texts, one a line, as names of everything.
///
/// # Panics
/// When the output breaks a law.
pub fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut texts: Vec<&str> = text.split('\n').take(4).collect();
    texts.retain(|text| text.len() <= 400);
    if texts.is_empty() {
        return;
    }
    let at = |index: usize| texts.iter().cycle().nth(index).copied().unwrap_or_default();
    let mut paths = Map::new();
    let mut properties = Map::new();
    let mut parameters = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let clean: String = text.chars().filter(|c| !"{}?#/".contains(*c)).collect();
        let place = ["query", "header", "cookie"][index % 3];
        parameters
            .push(json!({"name": text, "in": place, "schema": {"type": "string", "enum": texts}}));
        properties.insert(
            (*text).to_owned(),
            json!({"type": "string", "const": at(index + 1)}),
        );
        let operation = json!({
            "operationId": text,
            "tags": [at(index + 1)],
            "summary": at(index + 2),
            "parameters": parameters,
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object", "title": text, "properties": properties, "required": [text]}}}},
            "responses": {"200": {"description": "Done.", "content": {"application/json": {
                "schema": {"$ref": format!("#/components/schemas/{}", escape(text))}}}}},
            "security": [{at(index): []}],
        });
        paths.insert(
            format!("/things{index}/{clean}"),
            json!({"post": operation}),
        );
    }
    let each = |value: &dyn Fn(&str) -> Value| -> Map<String, Value> {
        texts
            .iter()
            .map(|text| ((*text).to_owned(), value(text)))
            .collect()
    };
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": at(0), "version": at(1)},
        "tags": texts.iter().map(|text| json!({"name": text})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": each(&|text| json!({"type": "object", "properties": {text: {"enum": texts}}})),
            "securitySchemes": each(&|text| json!({"type": "apiKey", "in": "header", "name": text})),
        },
    });
    check(&document.to_string());
}

/// A step of a JSON Pointer in a fragment (RFC 6901 §6).
fn escape(text: &str) -> String {
    text.replace('~', "~0")
        .replace('/', "~1")
        .replace('%', "%25")
}
