//! One line per rule: a piece of a 2.0 document, where to look in the result, what stands there.

mod two_dialects;

use serde_json::{Value, json};

use super::upgrade;
use crate::diagnostics::{Pointer, Sink};
use crate::text::percent_decode;

/// The document with a `swagger` key, upgraded.
fn upgraded(mut document: Value) -> (Value, crate::source::Origins, Vec<&'static str>) {
    document["swagger"] = json!("2.0");
    let mut sink = Sink::new();
    let moved = upgrade(&mut document, &mut sink).unwrap();
    let codes = sink.iter().map(|finding| finding.code.id()).collect();
    (document, moved, codes)
}

/// The operation `POST /x`, upgraded.
fn operation(operation: Value) -> (Value, Vec<&'static str>) {
    let (mut new, _, codes) = upgraded(json!({"paths": {"/x": {"post": operation}}}));
    (new["paths"]["/x"]["post"].take(), codes)
}

#[test]
fn servers_come_from_host_base_path_and_schemes() {
    for (old, urls) in [
        (
            json!({"host": "a.b", "basePath": "/v1/", "schemes": ["http", "https", "ws"]}),
            vec!["https://a.b/v1", "http://a.b/v1"],
        ),
        (json!({"host": "a.b:8080"}), vec!["https://a.b:8080"]),
        (
            json!({"host": "https://a.b/", "basePath": "v1"}),
            vec!["https://a.b/v1"],
        ),
        (json!({"basePath": "/v1"}), vec!["/v1"]),
        (json!({"basePath": "/"}), vec![]),
    ] {
        let (new, ..) = upgraded(old);
        let servers = new["servers"].as_array().cloned().unwrap_or_default();
        let found: Vec<_> = servers.iter().map(|server| server["url"].clone()).collect();
        assert_eq!(found, urls);
    }
}

#[test]
fn types_of_parameters_become_schemas_and_collection_formats_styles() {
    for (old, expected) in [
        (
            json!({"name": "a", "in": "query", "type": "string", "enum": ["x"], "x-example": "x"}),
            json!({"name": "a", "in": "query", "example": "x", "schema": {"type": "string", "enum": ["x"]}}),
        ),
        (
            json!({"name": "a", "in": "query", "type": "array", "items": {"type": "string"}}),
            json!({"name": "a", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}}),
        ),
        (
            json!({"name": "a", "in": "query", "type": "array", "collectionFormat": "multi"}),
            json!({"name": "a", "in": "query", "style": "form", "explode": true, "schema": {"type": "array"}}),
        ),
        (
            json!({"name": "a", "in": "query", "type": "array", "collectionFormat": "ssv"}),
            json!({"name": "a", "in": "query", "style": "spaceDelimited", "explode": false, "schema": {"type": "array"}}),
        ),
        (
            json!({"name": "a", "in": "query", "type": "array", "collectionFormat": "pipes"}),
            json!({"name": "a", "in": "query", "style": "pipeDelimited", "explode": false, "schema": {"type": "array"}}),
        ),
        (
            json!({"name": "a", "in": "header", "type": "array", "collectionFormat": "csv"}),
            json!({"name": "a", "in": "header", "schema": {"type": "array"}}),
        ),
        (
            json!({"name": "a", "in": "query", "type": "string", "x-nullable": true}),
            json!({"name": "a", "in": "query", "schema": {"type": "string", "nullable": true, "x-nullable": true}}),
        ),
    ] {
        let (new, codes) = operation(json!({"parameters": [old]}));
        assert_eq!(new["parameters"][0], expected);
        assert_eq!(codes, [""; 0]);
    }
}

#[test]
fn formats_without_a_style_are_reported_and_written_with_commas() {
    for (location, format) in [
        ("query", "tsv"),
        ("path", "multi"),
        ("header", "pipes"),
        ("query", "x\u{7}"),
    ] {
        let old = json!({"name": "a", "in": location, "type": "array", "collectionFormat": format});
        let (new, codes) = operation(json!({"parameters": [old]}));
        assert_eq!(codes, ["E0350"], "{format}");
        let explode = new["parameters"][0].get("explode").cloned();
        assert_eq!(explode, (location == "query").then_some(json!(false)));
    }
}

#[test]
fn lists_in_lists_are_said_to_be_sent_as_json() {
    for location in ["query", "formData"] {
        for (inner, said) in [
            (
                json!({"type": "array", "collectionFormat": "pipes"}),
                "pipes",
            ),
            (json!({"type": "array"}), "csv"),
        ] {
            let old = json!({"name": "a", "in": location, "type": "array", "collectionFormat": "multi", "items": inner});
            let (_, codes) = operation(json!({"parameters": [old]}));
            assert_eq!(codes, ["E0350"], "{location} {said}");
        }
    }
}

#[test]
fn bodies_and_forms_become_request_bodies() {
    let schema = json!({"type": "object"});
    for (old, expected) in [
        (
            json!({"parameters": [{"in": "body", "name": "b", "required": true, "description": "d", "schema": schema}]}),
            json!({"required": true, "description": "d", "content": {"application/json": {"schema": schema}}}),
        ),
        (
            json!({"consumes": ["text/xml", "*/*"], "parameters": [{"in": "body", "name": "b", "schema": schema}]}),
            json!({"content": {"text/xml": {"schema": schema}, "application/json": {"schema": schema}}}),
        ),
        (
            json!({"consumes": ["application/json"], "parameters": [{"in": "formData", "name": "a", "type": "integer", "required": true}]}),
            json!({"required": true, "content": {"application/x-www-form-urlencoded": {"schema":
                {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}}}}),
        ),
        (
            json!({"parameters": [{"in": "formData", "name": "a", "type": "array", "collectionFormat": "ssv"}]}),
            json!({"required": false, "content": {"application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"a": {"type": "array"}}},
                "encoding": {"a": {"style": "spaceDelimited", "explode": false}}}}}),
        ),
        (
            json!({"consumes": ["multipart/form-data"], "parameters": [
                {"in": "formData", "name": "a", "type": "array", "collectionFormat": "pipes"},
                {"in": "formData", "name": "b", "type": "array", "collectionFormat": "csv"},
                {"in": "formData", "name": "c", "type": "array", "collectionFormat": "multi"},
                {"in": "formData", "name": "d", "type": "array"}]}),
            json!({"required": false, "content": {"multipart/form-data": {
                "schema": {"type": "object", "properties": {
                    "a": {"type": "array"}, "b": {"type": "array"}, "c": {"type": "array"}, "d": {"type": "array"}}},
                "encoding": {
                    "a": {"style": "pipeDelimited", "explode": false},
                    "b": {"style": "form", "explode": false}}}}}),
        ),
        (
            json!({"consumes": ["application/x-www-form-urlencoded"], "parameters": [{"in": "formData", "name": "f", "type": "file"}]}),
            json!({"required": false, "content": {"multipart/form-data": {"schema":
                {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}}}}),
        ),
    ] {
        let (new, codes) = operation(old);
        assert_eq!(new["requestBody"], expected);
        assert_eq!(new["parameters"], json!([]));
        assert_eq!(codes, [""; 0]);
    }
    let body = json!({"in": "body", "name": "b", "schema": {}});
    for other in [
        json!({"in": "formData", "name": "a", "type": "string"}),
        body.clone(),
    ] {
        assert_eq!(operation(json!({"parameters": [body, other]})).1, ["E0351"]);
    }
}

#[test]
fn responses_have_content_for_each_media_type_that_is_produced() {
    for (old, expected) in [
        (
            json!({"description": "d", "schema": {"type": "string"}}),
            json!({"description": "d", "content": {"text/csv": {"schema": {"type": "string"}}}}),
        ),
        (json!({"description": "d"}), json!({"description": "d"})),
        (
            json!({"schema": {}, "examples": {"text/csv": "a,b", "text/html": "x"}}),
            json!({"content": {"text/csv": {"schema": {}, "example": "a,b"}}}),
        ),
        (
            json!({"headers": {"X-N": {"type": "integer"}}}),
            json!({"headers": {"X-N": {"schema": {"type": "integer"}}}}),
        ),
    ] {
        let (new, _) = operation(json!({"produces": ["text/csv"], "responses": {"200": old}}));
        assert_eq!(new["responses"]["200"], expected);
    }
    let (new, _) = operation(json!({"responses": {"200": {"schema": {"type": "file"}}}}));
    assert_eq!(
        new["responses"]["200"]["content"],
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    );
}

#[test]
fn security_schemes_are_renamed() {
    for (old, expected) in [
        (
            json!({"type": "basic"}),
            json!({"type": "http", "scheme": "basic"}),
        ),
        (
            json!({"type": "apiKey", "in": "query", "name": "k"}),
            json!({"type": "apiKey", "in": "query", "name": "k"}),
        ),
        (
            json!({"type": "oauth2", "flow": "application", "tokenUrl": "t", "scopes": {"a": "b"}}),
            json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "t", "scopes": {"a": "b"}}}}),
        ),
        (
            json!({"type": "oauth2", "flow": "accessCode", "tokenUrl": "t", "authorizationUrl": "a"}),
            json!({"type": "oauth2", "flows": {"authorizationCode": {"tokenUrl": "t", "authorizationUrl": "a", "scopes": {}}}}),
        ),
    ] {
        let (new, ..) = upgraded(json!({"securityDefinitions": {"s": old}}));
        assert_eq!(new["components"]["securitySchemes"]["s"], expected);
    }
}

#[test]
fn references_follow_and_data_is_left_alone() {
    let (new, ..) = upgraded(json!({
        "definitions": {"A": {
            "discriminator": "kind",
            "properties": {
                "discriminator": {"$ref": "#/definitions/A"},
                "default": {"$ref": "#/definitions/A"},
                "example": {"type": "file"}
            },
            "example": {"$ref": "#/definitions/A", "type": "file"}
        }},
        "parameters": {"limit": {"name": "limit", "in": "query", "type": "integer"}, "b": {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/A"}}},
        "responses": {"R": {"schema": {"$ref": "#/definitions/A"}}},
        "paths": {"/x": {
            "parameters": [{"$ref": "#/parameters/b"}],
            "put": {"parameters": [{"$ref": "#/parameters/limit"}], "responses": {"200": {"$ref": "#/responses/R"}}},
            "post": {"parameters": [{"$ref": "#/paths/~1x/get/parameters/0"}]},
            "get": {"parameters": [{"name": "q", "in": "query", "type": "string"}]}
        }}
    }));
    let reference = json!({"$ref": "#/components/schemas/A"});
    let a = &new["components"]["schemas"]["A"];
    assert_eq!(a["discriminator"], json!({"propertyName": "kind"}));
    assert_eq!(a["properties"]["discriminator"], reference);
    assert_eq!(a["properties"]["default"], reference);
    assert_eq!(
        a["properties"]["example"],
        json!({"type": "string", "format": "binary"})
    );
    assert_eq!(
        a["example"],
        json!({"$ref": "#/definitions/A", "type": "file"})
    );
    let put = &new["paths"]["/x"]["put"];
    assert_eq!(
        put["parameters"],
        json!([{"$ref": "#/components/parameters/limit"}])
    );
    assert_eq!(
        put["responses"]["200"],
        json!({"$ref": "#/components/responses/R"})
    );
    assert_eq!(
        put["requestBody"]["content"]["application/json"]["schema"],
        reference
    );
    assert_eq!(
        new["components"]["parameters"].as_object().unwrap().len(),
        1
    );
    assert_eq!(
        new["paths"]["/x"]["post"]["parameters"][0]["schema"],
        json!({"type": "string"})
    );
}

#[test]
fn references_to_parameters_bodies_and_answers_name_what_they_named() {
    let body = json!({"type": "object", "properties": {"n": {"type": "string"}}});
    let list = json!({"type": "array", "items": {"type": "boolean"}});
    let query = json!({"name": "q", "in": "query", "type": "array", "items": {"type": "integer"}});
    let at = "/paths/~1x~1{i%25d}/post";
    for (target, expected) in [
        // The body was the first parameter, and is none any more.
        (format!("{at}/parameters/0/schema"), Some(body.clone())),
        (
            format!("{at}/parameters/0/schema/properties/n"),
            Some(json!({"type": "string"})),
        ),
        (
            format!("{at}/parameters/1/items"),
            Some(json!({"type": "integer"})),
        ),
        (format!("{at}/responses/200/schema"), Some(list.clone())),
        (
            format!("{at}/responses/200/schema/items"),
            Some(json!({"type": "boolean"})),
        ),
        (
            format!("{at}/responses/200/headers/H/items"),
            Some(json!({"type": "number"})),
        ),
        (
            "/paths/~1form/post/parameters/0/items".into(),
            Some(json!({"type": "null"})),
        ),
        (
            "/parameters/q/items".into(),
            Some(json!({"type": "integer"})),
        ),
        ("/parameters/b/schema".into(), Some(body.clone())),
        ("/responses/R/schema".into(), Some(list.clone())),
        ("/definitions/A".into(), Some(json!({"type": "x"}))),
        ("/definitions/None".into(), None),
        (format!("{at}/parameters/7/schema"), None),
    ] {
        let reference = json!({"$ref": format!("#{target}")});
        let (new, ..) = upgraded(json!({
            "definitions": {"A": {"type": "x"}, "Asked": {"properties": {"p": reference}}},
            "parameters": {"q": query, "b": {"name": "b", "in": "body", "schema": body}},
            "responses": {"R": {"schema": list}},
            "paths": {
                "/x/{i%d}": {"post": {
                    "parameters": [{"name": "b", "in": "body", "schema": body}, query],
                    "responses": {"200": {"schema": list, "headers": {"H": {"type": "array", "items": {"type": "number"}}}}}
                }},
                "/y": {"put": {"parameters": [{"$ref": "#/parameters/b"}]}},
                "/form": {"post": {"parameters": [
                    {"name": "f", "in": "formData", "type": "array", "items": {"type": "null"}}
                ]}}
            }
        }));
        let now = &new["components"]["schemas"]["Asked"]["properties"]["p"]["$ref"];
        let fragment = now.as_str().unwrap().strip_prefix('#').unwrap();
        let found = new.pointer(&percent_decode(fragment).unwrap()).cloned();
        assert_eq!(found, expected, "{target} is {now}");
    }
}

#[test]
fn moved_nodes_are_found_where_they_stand_in_the_document() {
    let old = json!({
        "host": "a.b",
        "definitions": {"A": {"type": "x"}},
        "securityDefinitions": {"s": {"type": "basic"}},
        "paths": {"/x": {"post": {
            "parameters": [
                {"in": "body", "name": "b", "schema": {"type": "y"}},
                {"in": "query", "name": "q", "type": "z"}
            ],
            "responses": {"200": {"schema": {"type": "w"}, "headers": {"H": {"type": "v"}}}}
        }}}
    });
    let (new, moved, _) = upgraded(old.clone());
    let operation = "/paths/~1x/post";
    for (now, before) in [
        ("/servers".to_owned(), "/host".to_owned()),
        (
            "/components/schemas/A/type".to_owned(),
            "/definitions/A/type".to_owned(),
        ),
        (
            "/components/securitySchemes/s".to_owned(),
            "/securityDefinitions/s".to_owned(),
        ),
        (
            format!("{operation}/requestBody/content/application~1json/schema/type"),
            format!("{operation}/parameters/0/schema/type"),
        ),
        (
            format!("{operation}/parameters/0/schema/type"),
            format!("{operation}/parameters/1/type"),
        ),
        (
            format!("{operation}/parameters/0/name"),
            format!("{operation}/parameters/1/name"),
        ),
        (
            format!("{operation}/responses/200/content/application~1json/schema/type"),
            format!("{operation}/responses/200/schema/type"),
        ),
        (
            format!("{operation}/responses/200/headers/H/schema/type"),
            format!("{operation}/responses/200/headers/H/type"),
        ),
    ] {
        assert!(new.pointer(&now).is_some(), "{now}");
        assert!(old.pointer(&before).is_some(), "{before}");
        let found = moved.find(&Pointer::parse(&now).unwrap());
        assert_eq!(found.pointer.as_str(), before);
    }
}

#[test]
fn other_documents_are_left_alone() {
    for mut document in [
        json!({"openapi": "3.1.0"}),
        json!({"swagger": "1.2"}),
        json!({"swagger": "2.0", "openapi": "3.0.0"}),
        json!([]),
    ] {
        let before = document.clone();
        assert!(upgrade(&mut document, &mut Sink::new()).is_none());
        assert_eq!(document, before);
    }
}
