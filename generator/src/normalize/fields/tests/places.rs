//! Objects in the wrong place, or of another kind than their place asks for.

use serde_json::{Value, json};

use super::super::{Found, document};
use super::{mended, operation};
use crate::diagnostics::{Code, Sink};

#[test]
fn what_a_parameter_says_twice_or_in_the_wrong_place_is_read_once() {
    let content = json!({"application/json": {}});
    for (before, after, code) in [
        (
            json!({"name": "a", "in": "query", "schema": {}, "content": content}),
            json!({"name": "a", "in": "query", "content": content}),
            Code::E0213,
        ),
        (
            json!({"name": "a", "in": "query", "schema": {}, "content": {}}),
            json!({"name": "a", "in": "query", "schema": {}}),
            Code::E0213,
        ),
        (
            json!({"name": "a", "in": "query", "type": "integer", "minimum": 1}),
            json!({"name": "a", "in": "query", "schema": {"type": "integer", "minimum": 1}}),
            Code::E0214,
        ),
        (
            json!({"name": "a", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"}),
            json!({"name": "a", "in": "query", "style": "pipeDelimited", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}}),
            Code::E0214,
        ),
        (
            json!({"name": "a", "in": "query", "default": 5, "schema": {"type": "integer"}}),
            json!({"name": "a", "in": "query", "schema": {"type": "integer", "default": 5}}),
            Code::E0214,
        ),
        // The same twice is no finding, and what the schema says counts.
        (
            json!({"name": "a", "in": "query", "type": "integer", "default": 5, "schema": {"type": "integer", "default": 6}}),
            json!({"name": "a", "in": "query", "schema": {"type": "integer", "default": 6}}),
            Code::E0214,
        ),
    ] {
        let (found, said) = mended(operation(&json!({"parameters": [before]})));
        assert_eq!(
            found["paths"]["/a"]["get"]["parameters"][0], after,
            "{before}"
        );
        let codes: Vec<Code> = said.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [code], "{before}");
    }
}

#[test]
fn the_place_of_a_parameter_is_the_nearest_one() {
    let at = "/paths/~1a/get/parameters/0/in";
    for (written, meant) in [
        ("Query", "query"),
        ("qurey", "query"),
        ("PATH", "path"),
        ("headers", "header"),
        ("query_string", "querystring"),
        ("cookies", "cookie"),
        (" header ", "header"),
    ] {
        let parameter = |place: &str| json!({"parameters": [{"name": "q", "in": place}]});
        let (value, found) = mended(operation(&parameter(written)));
        assert_eq!(value, operation(&parameter(meant)));
        assert_eq!(found, [(Code::E0230, at.to_owned())], "{written}");
    }
    for kept in [
        "query",
        "body",
        "formData",
        "url",
        "p",
        "",
        "querystringquerystring",
    ] {
        let one = operation(&json!({"parameters": [{"name": "q", "in": kept}]}));
        assert_eq!(mended(one.clone()), (one, Vec::new()), "{kept}");
    }
}

#[test]
fn parameters_by_name_are_a_list() {
    let both =
        json!({"page": {"in": "query", "schema": {}}, "q": {"$ref": "#/components/parameters/Q"}});
    let (found, said) = mended(operation(&json!({"parameters": both})));
    let expected = json!([
        {"in": "query", "schema": {}, "name": "page"},
        {"$ref": "#/components/parameters/Q"}
    ]);
    assert_eq!(found["paths"]["/a"]["get"]["parameters"], expected);
    assert_eq!(
        said,
        [(Code::E0212, "/paths/~1a/get/parameters".to_owned())]
    );
}

#[test]
fn a_schema_that_stands_directly_in_a_media_type_or_body_is_its_schema() {
    let schema =
        json!({"type": "object", "required": ["z"], "properties": {"z": {"type": "string"}}});
    let content = json!({"application/json": {"schema": schema}});
    let with = |key: &str, value: &Value| {
        let mut all = schema.clone();
        all[key] = value.clone();
        all
    };
    let at = "/paths/~1a/get";
    for (before, after, said) in [
        (
            json!({"requestBody": {"content": {"text/csv": with("example", &json!(5))}}}),
            json!({"requestBody": {"content": {"text/csv": {"example": 5, "schema": schema}}}}),
            Some("/requestBody/content/text~1csv/type"),
        ),
        (
            json!({"responses": {"200": {"content": {"application/json": with("x-a", &json!(5))}}}}),
            json!({"responses": {"200": {"content": {"application/json": {"x-a": 5, "schema": schema}}}}}),
            Some("/responses/200/content/application~1json/type"),
        ),
        (
            json!({"responses": {"200": {"content": {"application/json": {"oneOf": [{}]}}}}}),
            json!({"responses": {"200": {"content": {"application/json": {"schema": {"oneOf": [{}]}}}}}}),
            Some("/responses/200/content/application~1json/oneOf"),
        ),
        (
            json!({"requestBody": {"required": true, "schema": schema}}),
            json!({"requestBody": {"required": true, "content": content}}),
            Some("/requestBody/schema"),
        ),
        (
            json!({"requestBody": with("description", &json!("A lead"))}),
            json!({"requestBody": {"description": "A lead", "content": content}}),
            Some("/requestBody/type"),
        ),
        // What has its schema, or says nothing of one.
        (
            json!({"requestBody": {"content": {"text/csv": {"schema": {}, "type": "object"}}}}),
            json!({"requestBody": {"content": {"text/csv": {"schema": {}, "type": "object"}}}}),
            None,
        ),
        (
            json!({"requestBody": {"content": {"text/csv": {"type": "file"}}}}),
            json!({"requestBody": {"content": {"text/csv": {"type": "file"}}}}),
            None,
        ),
    ] {
        let (value, found) = mended(operation(&before));
        assert_eq!(value, operation(&after), "{before}");
        let said = said.map(|said| (Code::E0229, format!("{at}{said}")));
        assert_eq!(found, Vec::from_iter(said), "{before}");
    }
}

#[test]
fn a_schema_that_is_moved_is_known_by_where_it_stood() {
    let mut value = operation(
        &json!({"requestBody": {"schema": {"type": "object"}}, "responses":
        {"200": {"content": {"a/b": {"type": "object"}}}}}),
    );
    let (mut sink, mut moved) = (Sink::new(), Vec::new());
    let (sink, moved) = (&mut sink, &mut moved);
    document(&mut value, &[], &mut Found { sink, moved });
    let moved = moved
        .iter()
        .map(|(now, before)| (now.as_str(), before.as_str()));
    let expected = [
        (
            "/paths/~1a/get/requestBody/content/application~1json/schema",
            "/paths/~1a/get/requestBody/schema",
        ),
        (
            "/paths/~1a/get/responses/200/content/a~1b/schema",
            "/paths/~1a/get/responses/200/content/a~1b",
        ),
    ];
    assert_eq!(moved.collect::<Vec<_>>(), expected);
}

#[test]
fn keys_of_responses_that_are_no_status_codes_are_said() {
    use crate::diagnostics::Severity::{Info, Warning};
    for (key, severity) in [
        ("200", None),
        ("2XX", None),
        ("default", None),
        ("x-ok", None),
        ("2xx", Some(Info)),
        ("2Xx", Some(Info)),
        ("20X", Some(Warning)),
        (" 200", Some(Warning)),
        ("999", Some(Warning)),
        ("ok", Some(Warning)),
    ] {
        let mut value = operation(&json!({"responses": {key: {"description": "d"}}}));
        let mut sink = Sink::new();
        let moved = &mut Vec::new();
        let sinking = &mut sink;
        document(
            &mut value,
            &[],
            &mut Found {
                sink: sinking,
                moved,
            },
        );
        let said: Vec<_> = sink.iter().map(|f| (f.code, f.severity)).collect();
        let expected: Vec<_> = severity.map(|it| (Code::E0227, it)).into_iter().collect();
        assert_eq!(said, expected, "{key}");
    }
}

#[test]
fn a_reference_to_an_object_of_another_kind_is_said_and_a_schema_is_read_as_one() {
    let to = |target: &str| json!({ "$ref": target });
    let lead = to("#/components/schemas/Lead");
    let response = |value: &Value| operation(&json!({"responses": {"200": value}}));
    let body = |value: &Value| operation(&json!({ "requestBody": value }));
    let media = |value: &Value| operation(&json!({"requestBody": {"content": {"a/b": value}}}));
    for (before, after, place) in [
        (response(&to("#/components/responses/R")), None, None),
        (response(&to("#/paths/~1b/get/responses/200")), None, None),
        (response(&to("#/x-responses/R")), None, None),
        (
            response(&to("#/info")),
            None,
            Some("/paths/~1a/get/responses/200/$ref"),
        ),
        (
            response(&lead),
            Some(response(
                &json!({"content": {"application/json": {"schema": lead}}}),
            )),
            Some("/paths/~1a/get/responses/200/$ref"),
        ),
        (body(&to("#/components/requestBodies/B")), None, None),
        (
            body(&lead),
            Some(body(
                &json!({"content": {"application/json": {"schema": lead}}}),
            )),
            Some("/paths/~1a/get/requestBody/$ref"),
        ),
        // Where nothing is meant by it, the operation is left out, which is said then.
        (body(&to("#/info")), None, None),
        (media(&to("#/components/mediaTypes/M")), None, None),
        (
            media(&lead),
            Some(media(&json!({"schema": lead}))),
            Some("/paths/~1a/get/requestBody/content/a~1b/$ref"),
        ),
        (
            json!({"paths": {"/a": to("#/components/pathItems/A")}}),
            None,
            None,
        ),
        (json!({"paths": {"/a": to("#/paths/~1b")}}), None, None),
        (
            json!({"paths": {"/a": to("#")}}),
            None,
            Some("/paths/~1a/$ref"),
        ),
        (
            json!({"paths": {"/a": lead}}),
            None,
            Some("/paths/~1a/$ref"),
        ),
    ] {
        let (found, said) = mended(before.clone());
        assert_eq!(found, after.unwrap_or(before.clone()), "{before}");
        let expected: Vec<_> = place
            .map(|place| (Code::E0304, place.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(said, expected, "{before}");
    }
}
