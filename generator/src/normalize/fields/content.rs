//! Schemas that stand directly in a media type or a request body (OpenAPI 3.2 §4.13, §4.14): both hold
//! them in `schema`, a request body below the media type.

use serde_json::{Value, json};

use super::{Found, Object, Shape, table};
use crate::diagnostics::{Code, Diagnostic, Site};

/// Names of types in JSON Schema, by which `type` is known to be that of a schema.
const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Moves the schema of an object that holds it directly to where the standard has it.
pub(super) fn gather(
    members: &mut Object,
    shape: &'static Shape,
    site: &Site<'_>,
    to: &mut Found<'_>,
) {
    if members.contains_key("$ref") {
        return;
    }
    if std::ptr::eq(shape, &table::MEDIA_TYPE) {
        media_type(members, site, to);
    } else if std::ptr::eq(shape, &table::REQUEST_BODY) {
        request_body(members, site, to);
    }
}

/// A media type: what it holds of a schema is its schema.
fn media_type(media: &mut Object, site: &Site<'_>, to: &mut Found<'_>) {
    let has_schema = ["schema", "itemSchema"]
        .iter()
        .any(|key| media.contains_key(*key));
    let Some(first) = keyword(media).filter(|_| !has_schema) else {
        return;
    };
    let is_schema = |key: &str| {
        let fields = table::MEDIA_TYPE.fields;
        !key.starts_with("x-") && !fields.iter().any(|(name, _)| *name == key)
    };
    let (schema, kept) = std::mem::take(media)
        .into_iter()
        .partition(|(key, _)| is_schema(key));
    *media = kept;
    let message = format!("`{first}` of a media type stands outside its `schema`; read as in it");
    let finding = Diagnostic::new(Code::E0229, message).at_key(&site.member(&first).pointer());
    let help = format!("write `schema: {{ {first}: … }}` in the media type");
    to.sink.push(finding.help(help));
    let now = site.member("schema").pointer();
    to.moved.push((now, site.pointer()));
    media.insert("schema".to_owned(), Value::Object(schema));
}

/// A request body without `content`: what it holds of a schema is that of JSON.
fn request_body(body: &mut Object, site: &Site<'_>, to: &mut Found<'_>) {
    if body.contains_key("content") {
        return;
    }
    let direct = body.get("schema").is_some_and(Value::is_object);
    let Some(first) = direct
        .then(|| "schema".to_owned())
        .or_else(|| keyword(body))
    else {
        return;
    };
    let at = site.member(&first).pointer();
    let (schema, before) = if direct {
        (body.shift_remove("schema"), at.clone())
    } else {
        // A list of required names is that of the schema.
        let of_body = |key: &str, value: &Value| match key {
            "required" => !value.is_array(),
            _ => key == "description" || key.starts_with("x-"),
        };
        let (kept, schema): (Object, Object) = std::mem::take(body)
            .into_iter()
            .partition(|(key, value)| of_body(key, value));
        *body = kept;
        (Some(Value::Object(schema)), site.pointer())
    };
    let message = format!("`{first}` of a request body stands outside of `content`; read as JSON");
    let finding = Diagnostic::new(Code::E0229, message).at_key(&at);
    to.sink
        .push(finding.help("write `content: { application/json: { schema: … } }`"));
    let now = ["content", "application/json", "schema"]
        .iter()
        .fold(site.pointer(), |at, key| at.child(key));
    to.moved.push((now, before));
    let content = json!({"application/json": {"schema": schema.unwrap_or_default()}});
    body.insert("content".to_owned(), content);
}

/// The first keyword that only a schema has.
fn keyword(members: &Object) -> Option<String> {
    let is_keyword = |(key, value): &(&String, &Value)| match key.as_str() {
        "type" => match value {
            Value::String(name) => TYPES.contains(&name.as_str()),
            Value::Array(_) => true,
            _ => false,
        },
        "properties" | "items" | "additionalProperties" => value.is_object(),
        "allOf" | "anyOf" | "oneOf" | "enum" => value.is_array(),
        _ => false,
    };
    members.iter().find(is_keyword).map(|(key, _)| key.clone())
}
