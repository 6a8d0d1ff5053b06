//! Documents of one operation, and how its answer is shown.

use mcpwright::Config;
use serde_json::{Value, json};

/// The `answer` of the one operation `GET /invoices` in the generated table, on one line; empty for none.
pub fn answer(schema: Value, parameters: Value) -> String {
    answer_of("/invoices", "listInvoices", schema, parameters)
}

/// The same of another GET, whose path has no parameter.
pub fn answer_of(path: &str, operation_id: &str, schema: Value, parameters: Value) -> String {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Invoices", "version": "1"},
        "paths": {path: {"get": {
            "operationId": operation_id,
            "parameters": parameters,
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}},
        }}},
    });
    let generated = Config::new()
        .spec_str("invoices.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    let code = generated
        .files
        .iter()
        .find(|(path, _)| {
            let path = path.to_string();
            path.contains("operations/") && !path.ends_with("/mod.rs")
        })
        .map(|(_, text)| text.to_string())
        .unwrap();
    let Some((_, rest)) = code.split_once("answer: Some(") else {
        return String::new();
    };
    let (answer, _) = rest.split_once("..op::OperationDef").unwrap();
    let words: Vec<&str> = answer.split_whitespace().collect();
    words.join(" ").replace("op::", "").replace("u32", "")
}

pub fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

pub fn array(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

pub fn small() -> Value {
    object(json!({"id": {"type": "integer"}, "name": {"type": "string"}}))
}

/// An object with these properties, all of them texts.
pub fn texts(names: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "string"})))
        .collect();
    object(Value::Object(properties))
}

pub fn query(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "schema": schema})
}

/// The paging of a list in an envelope with these other properties.
pub fn paging(beside: Value, parameters: Value) -> String {
    let mut properties = beside;
    properties["data"] = array(small());
    let answer = answer(object(properties), parameters);
    let paging = answer.split_once("paging: Some(Paging { ");
    paging.map_or_else(String::new, |(_, rest)| {
        let (paging, _) = rest.split_once("..Paging").unwrap_or((rest, ""));
        paging.trim_end_matches([',', ' ']).to_owned()
    })
}
