//! How bodies of files and multipart bodies are sent, and which arguments stand for them (OpenAPI 3.2
//! §4.14.3 to §4.15).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::{BodyShape, Operation, PartEncoding};
use mcpwright::{Config, Generated};
use serde_json::{Value, json};

fn generate(media_type: &str, media: &Value) -> Generated {
    let document = json!({
        "openapi": "3.2.0",
        "info": {"title": "Files", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/files": {"post": {
            "operationId": "addFile",
            "requestBody": {"required": true, "content": {media_type: media}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    Config::new()
        .spec_str("files.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn operation(generated: &Generated) -> &Operation {
    &generated.api.groups[0].operations[0]
}

fn accepts(generated: &Generated, arguments: &Value) -> bool {
    jsonschema::validator_for(&operation(generated).input_schema)
        .unwrap()
        .is_valid(arguments)
}

/// A form with the one property `it`.
fn form(schema: &Value, encoding: &Value) -> Generated {
    let schema = json!({"type": "object", "required": ["it"], "properties": {"it": schema}});
    generate(
        "multipart/form-data",
        &json!({"schema": schema, "encoding": {"it": encoding}}),
    )
}

fn parts(generated: &Generated) -> Vec<&PartEncoding> {
    match &operation(generated).body.as_ref().unwrap().shape {
        BodyShape::Properties(fields, _) => fields.iter().map(|field| &field.part).collect(),
        BodyShape::Members(_, fields, rest) => {
            let fields = fields.iter().map(|field| &field.part);
            fields.chain([rest]).collect()
        }
        BodyShape::Items(_, fields, rest) => fields.iter().chain([rest]).map(|f| &f.part).collect(),
        BodyShape::Whole(_) => Vec::new(),
    }
}

fn file() -> Value {
    json!({"filename": "a.png", "data_base64": "AAAA"})
}

#[test]
fn an_encoding_makes_a_file_of_what_has_no_type() {
    let images = PartEncoding::FileOf("image/png, image/jpeg".to_owned());
    let encoding = json!({"contentType": "image/png, image/jpeg"});
    let of_file = json!({"it": file()});
    let of_files = json!({"it": [file(), file()]});
    for (schema, arguments) in [
        (json!({}), &of_file),
        (json!(true), &of_file),
        (json!({"description": "A photo"}), &of_file),
        (json!({"type": "string"}), &of_file),
        (json!({"type": "array", "items": {}}), &of_files),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            &of_files,
        ),
    ] {
        let generated = form(&schema, &encoding);
        assert_eq!(parts(&generated), [&images], "{schema}");
        assert!(accepts(&generated, arguments), "{schema}");
        assert!(!accepts(&generated, &json!({"it": "AAAA"})), "{schema}");
    }
    for content_type in [
        "application/json",
        "Application/JSON",
        "text/csv",
        "Text/CSV",
    ] {
        let generated = form(&json!({}), &json!({"contentType": content_type}));
        assert!(!parts(&generated)[0].is_file(), "{content_type}");
    }
}

#[test]
fn an_encoding_makes_files_of_parts_that_have_their_place_in_a_list() {
    let png = PartEncoding::FileOf("image/png".to_owned());
    let encoding = json!({"contentType": "image/png"});
    for schema in [json!({}), json!({"type": "string"})] {
        let generated = generate(
            "multipart/mixed",
            &json!({"itemSchema": schema, "itemEncoding": encoding}),
        );
        assert_eq!(parts(&generated), [&png], "{schema}");
        assert!(accepts(&generated, &json!({"body": [file()]})), "{schema}");
        assert!(!accepts(&generated, &json!({"body": ["AAAA"]})), "{schema}");
    }
    let about = json!({"type": "object", "properties": {"title": {"type": "string"}}});
    let generated = generate(
        "multipart/mixed",
        &json!({
            "schema": {"type": "array", "prefixItems": [about, {}], "items": false},
            "prefixEncoding": [{}, encoding],
        }),
    );
    assert_eq!(parts(&generated)[1], &png);
    let title = json!({"title": "A"});
    assert!(accepts(&generated, &json!({"body": [title, file()]})));
    assert!(!accepts(&generated, &json!({"body": [title, "AAAA"]})));
}

#[test]
fn an_encoding_makes_a_file_of_what_one_branch_of_a_union_has() {
    let branch =
        |name: &str| json!({"type": "object", "required": [name], "properties": {name: {}}});
    let generated = generate(
        "multipart/form-data",
        &json!({
            "schema": {"oneOf": [branch("photo"), branch("link")]},
            "encoding": {"photo": {"contentType": "image/*"}},
        }),
    );
    assert_eq!(
        parts(&generated)[0],
        &PartEncoding::FileOf("image/*".to_owned())
    );
    assert!(accepts(&generated, &json!({"body": {"photo": file()}})));
    assert!(!accepts(&generated, &json!({"body": {"photo": "AAAA"}})));
}

#[test]
fn what_has_neither_a_type_nor_an_encoding_is_sent_as_what_is_given() {
    let generated = form(&json!({}), &json!({}));
    assert_eq!(parts(&generated), [&PartEncoding::Any]);
    for value in [json!("A"), json!({"a": 1}), file()] {
        assert!(accepts(&generated, &json!({"it": value})), "{value}");
    }
    let described = &operation(&generated).input_schema["properties"]["it"]["description"];
    let described = described.as_str().unwrap();
    assert!(described.contains("A file is an object"), "{described}");
}

#[test]
fn bytes_under_a_range_are_sent_as_they_are_with_the_type_that_the_caller_says() {
    for range in ["*/*", "application/*"] {
        for schema in [
            json!({"type": "string", "format": "binary"}),
            json!({"contentMediaType": "application/zip"}),
        ] {
            let generated = generate(range, &json!({"schema": schema}));
            let body = operation(&generated).body.as_ref().unwrap();
            assert_eq!((body.encoding, body.media_type.as_str()), ("bytes", range));
            for (body, accepted) in [
                (
                    json!({"content_type": "application/zip", "data_base64": "AAAA"}),
                    true,
                ),
                (json!({"data_base64": "AAAA"}), false),
                (json!("AAAA"), false),
            ] {
                assert_eq!(
                    accepts(&generated, &json!({"body": body})),
                    accepted,
                    "{range} {schema} {body}"
                );
            }
        }
        let generated = generate(range, &json!({"schema": {"type": "string"}}));
        let body = operation(&generated).body.as_ref().unwrap();
        assert_eq!(
            (body.encoding, body.media_type.as_str()),
            ("json", "application/json")
        );
    }
}

fn codes(generated: &Generated) -> Vec<&str> {
    let found = generated.report.diagnostics.iter();
    found.map(|d| d.code.id()).collect()
}

#[test]
fn what_is_not_written_here_is_asked_for_as_text_of_its_type() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let list = json!({"type": "array", "items": object});
    let either = json!({"oneOf": [object, {"type": "string"}]});
    let encoding = json!({"contentType": "text/csv"});
    let csv = PartEncoding::Typed("text/csv".to_owned());
    for (schema, text) in [
        (&object, json!("a;b")),
        (&list, json!(["a;b"])),
        (&either, json!("a;b")),
    ] {
        let generated = form(schema, &encoding);
        assert_eq!(parts(&generated), [&csv], "{schema}");
        assert_eq!(codes(&generated), ["E0451"], "{schema}");
        assert!(accepts(&generated, &json!({"it": text})), "{schema}");
        assert!(!accepts(&generated, &json!({"it": {"a": "A"}})), "{schema}");
        let described = &operation(&generated).input_schema["properties"]["it"]["description"];
        let described = described.as_str().unwrap();
        assert!(described.contains("`text/csv`"), "{described}");
    }
    // XML is written where its elements have names (OpenAPI 3.2 §4.26.3): not in each form of a union, nor
    // where there is no property.
    let encoding = json!({"contentType": "application/xml"});
    let generated = form(&either, &encoding);
    assert_eq!(codes(&generated), ["E0451"]);
    assert!(accepts(&generated, &json!({"it": "a;b"})));
    let generated = generate(
        "multipart/mixed",
        &json!({"itemSchema": object, "itemEncoding": encoding}),
    );
    assert_eq!(codes(&generated), ["E0451"]);
    assert!(accepts(&generated, &json!({"body": ["a;b"]})));
    assert!(!accepts(&generated, &json!({"body": [{"a": "A"}]})));
    let generated = form(
        &json!({"type": "integer"}),
        &json!({"contentType": "text/csv"}),
    );
    assert!(codes(&generated).is_empty());
    assert!(accepts(&generated, &json!({"it": 1})));
}

#[test]
fn a_parameter_of_a_type_that_is_not_written_here_keeps_its_name() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let text = json!({"type": "string"});
    for (place, media_type, schema, asked) in [
        ("query", "application/x-www-form-urlencoded", &object, true),
        ("header", "application/xml", &object, true),
        ("query", "application/json", &object, false),
        ("query", "text/plain", &text, false),
        (
            "querystring",
            "application/x-www-form-urlencoded",
            &object,
            false,
        ),
    ] {
        let document = json!({
            "openapi": "3.2.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [{"url": "https://crm.example.com"}],
            "paths": {"/leads": {"get": {
                "operationId": "listLeads",
                "parameters": [{"name": "w", "in": place, "content": {media_type: {"schema": schema}}}],
                "responses": {"204": {"description": "ok"}},
            }}},
        });
        let config = Config::new().spec_str("leads.json", &document.to_string());
        let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
        let is_text = accepts(&generated, &json!({"w": "a=1&b=2"}));
        assert_eq!(
            codes(&generated).contains(&"E0451"),
            asked,
            "{place} {media_type}"
        );
        assert_eq!(is_text, asked || schema == &text, "{place} {media_type}");
    }
}

#[test]
fn what_is_json_is_told_by_the_whole_name_in_either_case() {
    let list = json!({"type": "array", "items": {"type": "object"}});
    for (content_type, schema, is_json) in [
        ("application/json", &list, true),
        ("Application/Vnd.A+JSON", &list, true),
        ("application/jsonl", &list, false),
        ("application/json-seq", &list, false),
    ] {
        let generated = form(schema, &json!({"contentType": content_type}));
        let json = PartEncoding::Json(content_type.to_owned());
        assert_eq!(*parts(&generated)[0] == json, is_json, "{content_type}");
        let text = json!({"type": "string", "contentMediaType": content_type});
        let generated = form(&text, &json!({}));
        assert!(!parts(&generated)[0].is_file(), "{content_type}");
    }
}

#[test]
fn a_header_of_a_part_is_one_field_in_whatever_case_it_stands() {
    let one = |value: &str| json!({"schema": {"const": value}});
    let free = json!({"schema": {"type": "string"}});
    for (first, second, fixed) in [
        (one("a"), one("b"), Some("b")),
        (free.clone(), one("b"), Some("b")),
        (one("a"), free, None),
    ] {
        let headers = json!({"X-Kind": first, "x-kind": second, "X-Other": one("c")});
        let generated = form(&json!({"type": "string"}), &json!({"headers": headers}));
        let mut expected: Vec<(String, String)> = Vec::new();
        expected.extend(fixed.map(|value| ("x-kind".to_owned(), value.to_owned())));
        expected.push(("X-Other".to_owned(), "c".to_owned()));
        let operation = operation(&generated);
        match &operation.body.as_ref().unwrap().shape {
            BodyShape::Properties(fields, _) => assert_eq!(fields[0].headers, expected),
            other => panic!("{other:?}"),
        }
        let argument = operation.input_schema["properties"].get("it_x-kind");
        assert_eq!(argument.is_some(), fixed.is_none(), "{headers}");
        assert!(codes(&generated).contains(&"E0424"), "{headers}");
    }
}
