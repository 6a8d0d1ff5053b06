//! What requests carry, from the document to the bytes: one table for each rule.

mod kinds;
mod parts;
mod xml;

use mcpwright_runtime::arguments::check;
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::{Api, OperationDef};
use mcpwright_runtime::request::{self, Request};
use serde_json::{Value, json};

use super::table;

/// The API of one operation `/leads` with these members, and these components.
pub(super) fn api(method: &str, operation: &Value, components: &Value) -> &'static Api {
    api_of("3.2.0", method, operation, components)
}

/// The same in a version of OpenAPI.
pub(super) fn api_of(
    version: &str,
    method: &str,
    operation: &Value,
    components: &Value,
) -> &'static Api {
    let mut members =
        json!({"operationId": "doLeads", "responses": {"204": {"description": "ok"}}});
    let own = operation.as_object().cloned().unwrap_or_default();
    members.as_object_mut().unwrap().extend(own);
    let document = json!({
        "openapi": version,
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {method: members}},
        "components": components,
    });
    let generated = mcpwright::Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    table::api(&generated.api).unwrap()
}

pub(super) fn only(api: &'static Api) -> &'static OperationDef {
    api.operations.first().copied().unwrap()
}

/// The request for these arguments, or what is wrong with them.
pub(super) fn send(operation: &OperationDef, arguments: Value) -> Result<Request, String> {
    let schema: Object = serde_json::from_str(operation.input_schema).unwrap();
    let given = arguments.as_object().cloned().unwrap_or_default();
    let checked = check(operation, &schema, given).map_err(|problems| format!("{problems:?}"))?;
    request::build(operation, &checked).map_err(|error| error.to_string())
}

/// Media type and text of the body.
pub(super) fn body(request: &Request) -> Option<(String, String)> {
    let body = request.body.as_ref()?;
    let text = String::from_utf8(body.bytes.clone()).unwrap();
    Some((body.content_type.clone(), text))
}

/// The body of a POST whose body has one media type.
pub(super) fn posted(
    media: &str,
    entry: &Value,
    components: &Value,
    arguments: Value,
) -> (String, String) {
    let operation = json!({"requestBody": {"required": true, "content": {media: entry}}});
    let api = api("post", &operation, components);
    let request = send(only(api), arguments).unwrap_or_else(|why| panic!("{entry}: {why}"));
    body(&request).unwrap()
}

fn text(media: &str, schema: Value, arguments: Value) -> String {
    let (content_type, text) = posted(media, &json!({"schema": schema}), &json!({}), arguments);
    assert_eq!(content_type, media);
    text
}

/// The parts of a multipart body, joined with `|`, each with its header fields.
pub(super) fn parts(media: &str, entry: &Value, arguments: Value) -> String {
    let sent = posted(media, entry, &json!({}), arguments);
    split(media, &sent)
}

/// The parts of a body that was sent.
pub(super) fn split(media: &str, (content_type, text): &(String, String)) -> String {
    let (own, boundary) = content_type.split_once("; boundary=").unwrap();
    assert_eq!(own, media);
    let text = text.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    let delimiter = format!("--{boundary}\r\n");
    let parts = text.split(&delimiter).skip(1);
    let parts: Vec<&str> = parts
        .map(|part| part.strip_suffix("\r\n").unwrap())
        .collect();
    parts.join("|")
}
