//! Bodies of requests, and what is too large in them.

use serde_json::{Value, json};

use super::support::{arguments, generate, said};

#[test]
fn a_body_of_text_is_one_described_argument() {
    for (media, sent) in [
        ("text/plain", "text/plain"),
        ("text/*", "text/plain"),
        ("text/csv", "text/csv"),
    ] {
        for (own, before) in [
            (json!({}), ""),
            (json!({"description": "The note"}), "The note. "),
        ] {
            let mut body = json!({"required": true, "content": {media: {}}});
            body.as_object_mut()
                .unwrap()
                .extend(own.as_object().unwrap().clone());
            let generated = generate(json!({"requestBody": body}), json!({}));
            let operation = &generated.api.groups[0].operations[0];
            let body = operation.body.as_ref().unwrap();
            assert_eq!((body.media_type.as_str(), body.encoding), (sent, "text"));
            let argument = &operation.input_schema["properties"]["body"];
            assert_eq!(argument["type"], "string", "{media}");
            let kind = match sent {
                "text/plain" => "Plain text, sent as it is.".to_owned(),
                _ => format!("Text of the type `{sent}`, sent as it is."),
            };
            assert_eq!(argument["description"], format!("{before}{kind}"));
            assert_eq!(operation.input_schema["required"], json!(["body"]));
        }
    }
}

#[test]
fn a_body_without_a_schema_keeps_its_description() {
    let arguments = arguments(
        json!({"description": "A lead, as exported.", "content": {"application/json": {}}}),
    );
    assert_eq!(
        arguments["body"],
        json!({"description": "A lead, as exported."})
    );
}

#[test]
fn what_is_said_of_a_body_whose_properties_are_arguments_is_said_of_the_tool() {
    let component =
        json!({"Lead": {"type": "object", "description": "A lead.", "properties": {"name": {}}}});
    for (schema, expected) in [
        (
            json!({"type": "object", "description": "Update a lead.", "properties": {"name": {}}}),
            "Update a lead.\nOnly the fields given are changed.",
        ),
        (
            json!({"type": "object", "description": "Null clears", "properties": {"name": {}}}),
            "Update a lead.\nOnly the fields given are changed.\nNull clears.",
        ),
        // What the type is, is not what the operation does.
        (
            json!({"$ref": "#/components/schemas/Lead"}),
            "Update a lead.\nOnly the fields given are changed.",
        ),
    ] {
        let body = json!({
            "description": "Only the fields given are changed",
            "content": {"application/json": {"schema": schema}},
        });
        let operation = json!({"summary": "Update a lead", "requestBody": body});
        let generated = generate(operation, json!({"schemas": component}));
        let operation = &generated.api.groups[0].operations[0];
        assert!(operation.input_schema["properties"].get("name").is_some());
        assert_eq!(operation.description, expected);
    }
}

#[test]
fn a_body_of_text_keeps_what_its_schema_says() {
    for (schema, expected) in [
        (
            json!({"type": "string", "maxLength": 9, "pattern": "^a", "description": "A note"}),
            json!({
                "description": "A note. Plain text, sent as it is.",
                "type": "string", "pattern": "^a", "maxLength": 9,
            }),
        ),
        (
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"description": "Plain text, sent as it is.", "type": "string", "enum": ["a", "b"]}),
        ),
        (
            json!({"type": "object"}),
            json!({"description": "Plain text, sent as it is.", "type": "string"}),
        ),
    ] {
        let arguments = arguments(json!({"content": {"text/plain": {"schema": schema}}}));
        assert_eq!(arguments["body"], expected, "{schema}");
    }
}

#[test]
fn text_in_base64_is_a_format() {
    for (property, format) in [
        (
            json!({"type": "string", "contentEncoding": "base64"}),
            json!("byte"),
        ),
        (
            json!({"type": "string", "contentEncoding": "base64", "format": "uuid"}),
            json!("uuid"),
        ),
        (
            json!({"type": "string", "contentEncoding": "gzip"}),
            Value::Null,
        ),
        (
            json!({"type": "integer", "contentEncoding": "base64"}),
            Value::Null,
        ),
    ] {
        let arguments = arguments(json!({"content": {"application/json": {
            "schema": {"type": "object", "properties": {"data": property}}
        }}}));
        assert_eq!(arguments["data"]["format"], format, "{property}");
    }
}

#[test]
fn arguments_that_are_too_large_are_reported_with_level_or_size() {
    let wide: serde_json::Map<String, Value> = (0..400)
        .map(|i| {
            let long = "d".repeat(290);
            (
                format!("field_{i}"),
                json!({"type": "string", "description": long}),
            )
        })
        .collect();
    let body = |schema: Value| json!({"requestBody": {"content": {"application/json": {"schema": schema}}}});
    let generated = generate(
        body(json!({"type": "object", "properties": wide})),
        json!({}),
    );
    let found = said(&generated, "E0505");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("bytes"), "{found:?}");

    // Four in each of six levels: the objects below some level are left open.
    let mut schema = json!({"type": "string"});
    for _ in 0..6 {
        let level: serde_json::Map<String, Value> =
            (0..4).map(|i| (format!("p{i}"), schema.clone())).collect();
        schema = json!({"type": "object", "properties": level});
    }
    let generated = generate(body(schema), json!({}));
    let found = said(&generated, "E0505");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("below level"), "{found:?}");
    let tool = generated.api.groups[0].operations[0]
        .input_schema
        .to_string();
    assert!(tool.len() < 100_000, "{} bytes", tool.len());
}
