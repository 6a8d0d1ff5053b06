//! What is left of 2.0 in documents of 3, and what 3 has in documents of 2.0.

use serde_json::{Value, json};

use super::super::upgrade;
use crate::diagnostics::{Pointer, Sink};

/// A document of OpenAPI 3, with what is left of 2.0 in it read.
fn adopted(mut document: Value) -> (Value, Option<crate::source::Origins>, Vec<String>) {
    document["openapi"] = json!("3.0.3");
    let mut sink = Sink::new();
    let moved = upgrade(&mut document, &mut sink);
    let said = sink.iter().map(|finding| {
        let at = finding.pointer.as_ref().unwrap().as_str();
        format!("{} {at}", finding.code.id())
    });
    (document, moved, said.collect())
}

#[test]
fn what_is_left_of_2_0_in_openapi_3_is_read_as_in_2_0_and_said() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let json_of = |schema: &Value| json!({"application/json": {"schema": schema}});
    let body = json!({"name": "b", "in": "body", "required": true, "schema": schema});
    let query = json!({"name": "q", "in": "query", "schema": {"type": "string"}});
    let x = |operation: Value| json!({"paths": {"/x": {"post": operation}}});
    let post = "/paths/~1x/post";
    for (old, at, expected, said) in [
        (
            x(json!({"responses": {"200": {"description": "ok", "schema": schema}}})),
            format!("{post}/responses/200"),
            json!({"description": "ok", "content": json_of(&schema)}),
            vec![format!("E0223 {post}/responses/200/schema")],
        ),
        (
            x(json!({"produces": ["text/csv"], "responses": {"200": {"schema": schema}}})),
            format!("{post}/responses/200/content"),
            json!({"text/csv": {"schema": schema}}),
            vec![format!("E0223 {post}/responses/200/schema")],
        ),
        // What OpenAPI 3 reads counts.
        (
            x(json!({"responses": {"200": {"content": json_of(&query), "schema": schema}}})),
            format!("{post}/responses/200/content"),
            json_of(&query),
            vec![format!("E0223 {post}/responses/200/schema")],
        ),
        (
            json!({"components": {"responses": {"R": {"schema": schema}}}}),
            "/components/responses/R".to_owned(),
            json!({"content": json_of(&schema)}),
            vec!["E0223 /components/responses/R/schema".to_owned()],
        ),
        (
            json!({"responses": {"R": {"schema": schema}}}),
            "/responses/R".to_owned(),
            json!({"content": json_of(&schema)}),
            vec!["E0223 /responses/R/schema".to_owned()],
        ),
        (
            x(json!({"parameters": [body, query]})),
            post.to_owned(),
            json!({"parameters": [query], "requestBody": {"required": true, "content": json_of(&schema)}}),
            vec![format!("E0223 {post}/parameters/0/in")],
        ),
        (
            x(json!({"parameters": [body, query], "requestBody": {"content": {}}})),
            post.to_owned(),
            json!({"parameters": [query], "requestBody": {"content": {}}}),
            vec![format!("E0223 {post}/parameters/0/in")],
        ),
        // Of the path, and behind references; said once.
        (
            json!({
                "components": {"parameters": {"B": body}},
                "paths": {"/x": {"parameters": [{"$ref": "#/components/parameters/B"}], "put": {}, "post": {}}}
            }),
            "/paths/~1x".to_owned(),
            json!({
                "parameters": [],
                "put": {"requestBody": {"required": true, "content": json_of(&schema)}},
                "post": {"requestBody": {"required": true, "content": json_of(&schema)}}
            }),
            vec!["E0223 /components/parameters/B/in".to_owned()],
        ),
        (
            x(
                json!({"parameters": [{"name": "f", "in": "formData", "type": "file", "required": true}]}),
            ),
            format!("{post}/requestBody"),
            json!({"required": true, "content": {"multipart/form-data": {"schema": {
                "type": "object", "properties": {"f": {"type": "file"}}, "required": ["f"]}}}}),
            vec![format!("E0223 {post}/parameters/0/in")],
        ),
        (
            json!({"securityDefinitions": {"k": {"type": "basic"}}, "components": {"schemas": {}}}),
            String::new(),
            json!({"openapi": "3.0.3", "components": {"schemas": {}, "securitySchemes": {
                "k": {"type": "http", "scheme": "basic"}}}}),
            vec!["E0223 /securityDefinitions".to_owned()],
        ),
        (
            json!({"components": {"securitySchemes": {
                "o": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.b/t"}}}}),
            "/components/securitySchemes/o".to_owned(),
            json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.b/t", "scopes": {}}}}),
            vec!["E0223 /components/securitySchemes/o/flow".to_owned()],
        ),
        (
            json!({"host": "a.b", "basePath": "/v1"}),
            "/servers".to_owned(),
            json!([{"url": "https://a.b/v1"}]),
            vec!["E0223 /host".to_owned()],
        ),
        (
            json!({"host": "a.b", "servers": [{"url": "/"}]}),
            "/servers".to_owned(),
            json!([{"url": "/"}]),
            vec![],
        ),
    ] {
        let (new, _, found) = adopted(old.clone());
        assert_eq!(new.pointer(&at), Some(&expected), "{old}");
        assert_eq!(found, said, "{old}");
        let again = adopted(new.clone());
        assert!(again.1.is_none(), "{old}");
        assert_eq!(again.0, new, "{old}");
    }
}

#[test]
fn what_was_moved_in_openapi_3_is_found_where_it_stood_and_references_follow_it() {
    let at = "#/paths/~1x/post/parameters";
    let (new, moved, _) = adopted(json!({
        "paths": {"/x": {"post": {
            "parameters": [
                {"in": "body", "name": "b", "schema": {"type": "y"}},
                {"in": "query", "name": "q", "schema": {"type": "z"}}
            ],
        }}},
        "components": {"schemas": {
            "B": {"$ref": format!("{at}/0/schema")},
            "Q": {"$ref": format!("{at}/1/schema")},
            "D": {"$ref": "#/definitions/D"},
        }},
        "definitions": {"D": {}},
    }));
    let schemas = &new["components"]["schemas"];
    assert_eq!(
        schemas["B"]["$ref"],
        "#/paths/~1x/post/requestBody/content/application~1json/schema"
    );
    assert_eq!(schemas["Q"]["$ref"], format!("{at}/0/schema"));
    assert_eq!(schemas["D"]["$ref"], "#/definitions/D");
    let now = Pointer::parse("/paths/~1x/post/parameters/0/name").unwrap();
    let before = moved.unwrap().find(&now).pointer;
    assert_eq!(before.as_str(), "/paths/~1x/post/parameters/1/name");
}

/// A document of 2.0, upgraded, and what is said of it.
fn older(mut document: Value) -> (Value, Vec<String>) {
    document["swagger"] = json!("2.0");
    let mut sink = Sink::new();
    upgrade(&mut document, &mut sink).unwrap();
    let said = sink.iter().map(|finding| {
        let at = finding.pointer.as_ref().unwrap().as_str();
        format!("{} {at}", finding.code.id())
    });
    (document, said.collect())
}

#[test]
fn what_openapi_3_has_is_read_in_2_0_unless_2_0_says_the_same_and_either_is_said() {
    let schema = json!({"type": "object"});
    let json_of = |schema: &Value| json!({"application/json": {"schema": schema}});
    let new_body = json!({"content": json_of(&json!({"type": "integer"}))});
    let x = |operation: Value| json!({"paths": {"/x": {"post": operation}}});
    let parameter = |parameter: Value| x(json!({"parameters": [parameter]}));
    let post = "/paths/~1x/post";
    let first = format!("{post}/parameters/0");
    for (old, at, expected, said) in [
        (
            x(json!({"requestBody": new_body})),
            format!("{post}/requestBody"),
            Some(new_body.clone()),
            vec![format!("E0226 {post}/requestBody")],
        ),
        (
            x(
                json!({"requestBody": new_body, "parameters": [{"in": "body", "name": "b", "schema": schema}]}),
            ),
            format!("{post}/requestBody/content"),
            Some(json_of(&schema)),
            vec![format!("E0226 {post}/requestBody")],
        ),
        (
            parameter(json!({"in": "body", "name": "b", "content": json_of(&schema)})),
            format!("{post}/requestBody/content"),
            Some(json_of(&schema)),
            vec![format!("E0226 {first}/content")],
        ),
        (
            parameter(json!({"in": "body", "name": "b", "content": {}, "schema": schema})),
            format!("{post}/requestBody/content"),
            Some(json_of(&schema)),
            vec![format!("E0226 {first}/content")],
        ),
        // No part of OpenAPI 3, but lost all the same.
        (
            parameter(
                json!({"in": "body", "name": "b", "type": "object", "required": ["a"], "properties": {"a": {}}}),
            ),
            format!("{post}/requestBody/content/application~1json/schema"),
            Some(json!({"type": "object", "required": ["a"], "properties": {"a": {}}})),
            vec![format!("E0214 {first}/type")],
        ),
        (
            parameter(json!({"in": "query", "name": "q", "schema": {"type": "array"}})),
            first.clone(),
            Some(json!({"in": "query", "name": "q", "schema": {"type": "array"}})),
            vec![format!("E0226 {first}/schema")],
        ),
        (
            parameter(
                json!({"in": "query", "name": "q", "type": "integer", "schema": {"type": "array"}}),
            ),
            format!("{first}/schema"),
            Some(json!({"type": "integer"})),
            vec![format!("E0226 {first}/schema")],
        ),
        (
            parameter(
                json!({"in": "query", "name": "q", "type": "array", "style": "form", "explode": true}),
            ),
            first.clone(),
            Some(
                json!({"in": "query", "name": "q", "style": "form", "explode": true, "schema": {"type": "array"}}),
            ),
            vec![
                format!("E0226 {first}/style"),
                format!("E0226 {first}/explode"),
            ],
        ),
        (
            parameter(
                json!({"in": "query", "name": "q", "type": "array", "collectionFormat": "csv", "explode": true}),
            ),
            format!("{first}/explode"),
            Some(json!(false)),
            vec![format!("E0226 {first}/explode")],
        ),
        (
            parameter(json!({"in": "cookie", "name": "q", "type": "string"})),
            format!("{first}/in"),
            Some(json!("cookie")),
            vec![format!("E0226 {first}/in")],
        ),
        (
            parameter(
                json!({"in": "formData", "name": "f", "schema": {"type": "integer"}, "default": 5}),
            ),
            format!(
                "{post}/requestBody/content/application~1x-www-form-urlencoded/schema/properties/f"
            ),
            Some(json!({"type": "integer", "default": 5})),
            vec![format!("E0226 {first}/schema")],
        ),
        (
            x(json!({"responses": {"200": {"content": json_of(&schema)}}})),
            format!("{post}/responses/200/content"),
            Some(json_of(&schema)),
            vec![format!("E0226 {post}/responses/200/content")],
        ),
        (
            x(json!({"responses": {"200": {"content": {}, "schema": schema}}})),
            format!("{post}/responses/200/content"),
            Some(json_of(&schema)),
            vec![format!("E0226 {post}/responses/200/content")],
        ),
        (
            x(json!({"responses": {"200": {"headers": {"H": {"schema": {"type": "integer"}}}}}})),
            format!("{post}/responses/200/headers/H/schema"),
            Some(json!({"type": "integer"})),
            vec![format!("E0226 {post}/responses/200/headers/H/schema")],
        ),
        (
            json!({"paths": {"/x": {"trace": {"parameters": [{"in": "body", "name": "b", "schema": schema}]}}}}),
            "/paths/~1x/trace/requestBody/content".to_owned(),
            Some(json_of(&schema)),
            vec!["E0226 /paths/~1x/trace".to_owned()],
        ),
        (
            json!({"servers": [{"url": "https://a.b/v1"}], "basePath": "/v2"}),
            "/servers".to_owned(),
            Some(json!([{"url": "https://a.b/v1"}])),
            vec!["E0226 /servers".to_owned(), "E0226 /basePath".to_owned()],
        ),
        (
            json!({"servers": [{"url": "https://a.b/v1"}], "host": "c.d"}),
            "/servers".to_owned(),
            Some(json!([{"url": "https://c.d"}])),
            vec!["E0226 /servers".to_owned()],
        ),
        (
            json!({"components": {"schemas": {"A": {"type": "x"}, "B": {"type": "z"}}}, "definitions": {"A": {"type": "y"}}}),
            "/components/schemas".to_owned(),
            Some(json!({"B": {"type": "z"}, "A": {"type": "y"}})),
            vec![
                "E0226 /components".to_owned(),
                "E0226 /components/schemas/A".to_owned(),
            ],
        ),
        (
            json!({"securityDefinitions": {"o": {"type": "oauth2", "flows": {"password": {"tokenUrl": "t"}}}}}),
            "/components/securitySchemes/o".to_owned(),
            Some(json!({"type": "oauth2", "flows": {"password": {"tokenUrl": "t"}}})),
            vec!["E0226 /securityDefinitions/o/flows".to_owned()],
        ),
    ] {
        let (new, found) = older(old.clone());
        assert_eq!(new.pointer(&at), expected.as_ref(), "{old}");
        assert_eq!(found, said, "{old}");
    }
}

#[test]
fn places_of_parts_of_the_body_are_read_in_any_case_in_every_version() {
    let x = |location: &str| {
        let parameter =
            json!({"in": location, "name": "a", "type": "string", "schema": {"type": "string"}});
        json!({"paths": {"/x": {"post": {"parameters": [parameter]}}}})
    };
    let at = "/paths/~1x/post";
    for (written, has_body) in [
        ("Body", true),
        ("body ", true),
        ("formdata", true),
        ("form-data", true),
        ("Query", false),
        ("form", false),
    ] {
        let (new, said) = older(x(written));
        let body = new.pointer(&format!("{at}/requestBody"));
        assert_eq!(body.is_some(), has_body, "{written}");
        let corrected = said[0] == format!("E0230 {at}/parameters/0/in");
        assert_eq!(corrected, written != "form", "{written}: {said:?}");
    }
    for (written, has_body) in [("Body", true), ("FormData", true), ("Query", false)] {
        let (new, _, said) = adopted(x(written));
        let body = new.pointer(&format!("{at}/requestBody"));
        assert_eq!(body.is_some(), has_body, "{written}");
        let expected = format!("E0230 {at}/parameters/0/in");
        assert_eq!(said.contains(&expected), has_body, "{written}: {said:?}");
    }
    // A list of 2.0 has commas between its elements, whatever the case of its place.
    let (new, _) = older(json!({"paths": {"/x": {"get": {"parameters": [
        {"in": "Query", "name": "a", "type": "array", "items": {"type": "string"}}]}}}}));
    let parameter = &new["paths"]["/x"]["get"]["parameters"][0];
    assert_eq!(parameter["in"], "query");
    assert_eq!(parameter["explode"], json!(false));
}
