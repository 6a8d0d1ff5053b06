//! Fields of the wrong kind, one by one.

mod places;

use serde_json::{Value, json};

use super::{Found, document, in_schema};
use crate::diagnostics::{Code, Sink, Site};

/// What becomes of a document, and the codes and places of what is said.
fn mended(mut value: Value) -> (Value, Vec<(Code, String)>) {
    let mut sink = Sink::new();
    let run = |value: &mut Value, sink: &mut Sink| {
        let moved = &mut Vec::new();
        document(value, &[], &mut Found { sink, moved });
    };
    run(&mut value, &mut sink);
    let once = value.clone();
    run(&mut value, &mut Sink::new());
    assert_eq!(once, value, "the second time changes nothing");
    let said = sink.into_vec().into_iter();
    let said = said.map(|f| (f.code, f.pointer.map(|p| p.as_str().to_owned())));
    let said = said.map(|(code, place)| (code, place.unwrap_or_default()));
    (value, said.collect())
}

/// A document with one operation.
fn operation(operation: &Value) -> Value {
    json!({"paths": {"/a": {"get": operation}}})
}

#[test]
fn fields_of_the_wrong_kind_are_mended_or_taken_out_and_said() {
    let at = "/paths/~1a/get";
    for (before, after, said) in [
        (json!({"summary": 5}), json!({"summary": "5"}), None),
        (json!({"summary": null}), json!({}), None),
        (
            json!({"summary": ["a"]}),
            json!({}),
            Some((Code::E0210, "/summary")),
        ),
        (
            json!({"deprecated": "TRUE"}),
            json!({"deprecated": true}),
            Some((Code::E0211, "/deprecated")),
        ),
        (
            json!({"deprecated": "maybe"}),
            json!({}),
            Some((Code::E0210, "/deprecated")),
        ),
        (
            json!({"tags": "Leads"}),
            json!({"tags": ["Leads"]}),
            Some((Code::E0212, "/tags")),
        ),
        (json!({"tags": ["A", 5]}), json!({"tags": ["A", "5"]}), None),
        (
            json!({"servers": "https://e.example"}),
            json!({}),
            Some((Code::E0210, "/servers")),
        ),
        (
            json!({"servers": {"url": "/v1"}}),
            json!({"servers": [{"url": "/v1"}]}),
            Some((Code::E0212, "/servers")),
        ),
        (
            json!({"responses": ["ok"]}),
            json!({}),
            Some((Code::E0210, "/responses")),
        ),
        (
            json!({"responses": {"200": 5}}),
            json!({"responses": {"200": 5}}),
            Some((Code::E0210, "/responses/200")),
        ),
        (
            json!({"responses": {"200": null}}),
            json!({"responses": {"200": null}}),
            None,
        ),
        (
            json!({"requestBody": {"required": "true"}}),
            json!({"requestBody": {"required": true}}),
            Some((Code::E0211, "/requestBody/required")),
        ),
        (
            json!({"requestBody": {"content": {"text/plain": null, "a/b": {"examples": null}}}}),
            json!({"requestBody": {"content": {"text/plain": {}, "a/b": {}}}}),
            Some((Code::E0221, "/requestBody/content/text~1plain")),
        ),
        (
            json!({"requestBody": {"$ref": null}}),
            json!({"requestBody": {}}),
            Some((Code::E0210, "/requestBody/$ref")),
        ),
        // Other stages say it.
        (
            json!({"requestBody": null}),
            json!({"requestBody": null}),
            None,
        ),
        (
            json!({"parameters": "none"}),
            json!({"parameters": "none"}),
            None,
        ),
        (json!({"requestBody": 5}), json!({"requestBody": 5}), None),
    ] {
        let (found, findings) = mended(operation(&before));
        assert_eq!(found, operation(&after), "{before}");
        let said: Vec<_> = said
            .into_iter()
            .map(|(code, place)| (code, format!("{at}{place}")))
            .collect();
        assert_eq!(findings, said, "{before}");
    }
}

#[test]
fn names_of_components_and_headers_may_start_like_extensions() {
    let object = |required: Value| json!({"x-a": {"required": required}});
    let (text, flag) = (json!("true"), json!(true));
    let component =
        |section: &str, value: &Value| json!({"components": {section: object(value.clone())}});
    let part = |value: &Value| {
        let encoding = json!({"x-file": {"headers": object(value.clone())}});
        operation(&json!({"requestBody": {"content": {"a/b": {"encoding": encoding}}}}))
    };
    let answer = |value: &Value| {
        operation(&json!({"responses": {"200": {"headers": object(value.clone())}}}))
    };
    for (before, after, place) in [
        (
            component("parameters", &text),
            component("parameters", &flag),
            "/components/parameters/x-a/required",
        ),
        (
            component("requestBodies", &text),
            component("requestBodies", &flag),
            "/components/requestBodies/x-a/required",
        ),
        (
            component("headers", &text),
            component("headers", &flag),
            "/components/headers/x-a/required",
        ),
        (
            part(&text),
            part(&flag),
            "/paths/~1a/get/requestBody/content/a~1b/encoding/x-file/headers/x-a/required",
        ),
        (
            answer(&text),
            answer(&flag),
            "/paths/~1a/get/responses/200/headers/x-a/required",
        ),
    ] {
        assert_eq!(
            mended(before),
            (after, vec![(Code::E0211, place.to_owned())])
        );
    }
    for extension in [
        json!({"paths": {"x-a": {"get": {"deprecated": "true"}}}}),
        operation(&json!({"responses": {"x-a": {"content": 5}}})),
        json!({"x-a": {"paths": 5}}),
    ] {
        assert_eq!(mended(extension.clone()), (extension, vec![]));
    }
}

#[test]
fn variables_of_servers_are_declared_with_a_default_that_they_can_have() {
    for (server, code) in [
        (
            json!({"url": "https://{a}.e.example", "variables": {"a": {"default": "x"}}}),
            None,
        ),
        (
            json!({"url": "https://{a}.e.example", "variables": {"a": {"default": "x", "enum": ["x", "y"]}}}),
            None,
        ),
        (
            json!({"url": "https://{a}.e.example/{a}"}),
            Some(Code::E0620),
        ),
        (json!({"url": "https://e.example/{"}), None),
        (
            json!({"url": "https://{a}.e.example", "variables": {"a": {"enum": ["x"]}}}),
            Some(Code::E0621),
        ),
        (
            json!({"url": "https://{a}.e.example", "variables": {"a": {"default": "z", "enum": ["x"]}}}),
            Some(Code::E0621),
        ),
        (
            json!({"url": "https://{a}.e.example", "variables": {"a": "x"}}),
            Some(Code::E0210),
        ),
        (json!({"description": "no address"}), Some(Code::E0210)),
    ] {
        let (_, said) = mended(json!({"servers": [server]}));
        let codes: Vec<Code> = said.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{server}");
    }
}

#[test]
fn a_tag_stands_in_another_that_exists_and_not_in_itself() {
    for (tags, expected) in [
        (json!([{"name": "a", "parent": "b"}, {"name": "b"}]), vec![]),
        (
            json!([{"name": "a", "parent": "c"}, {"name": "b"}]),
            vec!["/tags/0/parent"],
        ),
        (
            json!([{"name": "a", "parent": "a"}]),
            vec!["/tags/0/parent"],
        ),
        (
            json!([{"name": "x", "parent": "a"}, {"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}]),
            vec!["/tags/1/parent"],
        ),
    ] {
        let (_, said) = mended(json!({"tags": tags}));
        assert!(said.iter().all(|(code, _)| *code == Code::E0215));
        let places: Vec<&str> = said.iter().map(|(_, place)| place.as_str()).collect();
        assert_eq!(places, expected, "{tags}");
    }
}

#[test]
fn a_field_that_is_nearly_a_known_one_is_said_with_the_name_that_is_meant() {
    let body = json!({"content": {"application/json": {}}});
    let scheme = |fields: Value| json!({"components": {"securitySchemes": {"a": fields}}});
    let media = |fields: Value| operation(&json!({"requestBody": {"content": {"a/b": fields}}}));
    let parameter = |fields: Value| operation(&json!({"parameters": [fields]}));
    for (document, expected) in [
        (json!({"Paths": {}}), Some("/Paths")),
        (json!({"server": []}), Some("/server")),
        (
            json!({"paths": {"/a": {"POST": {"responses": {}}}}}),
            Some("/paths/~1a/POST"),
        ),
        (
            json!({"paths": {"/a": {"pots": {"responses": {}}}}}),
            Some("/paths/~1a/pots"),
        ),
        (
            operation(&json!({"parametres": []})),
            Some("/paths/~1a/get/parametres"),
        ),
        (
            operation(&json!({"requestbody": body})),
            Some("/paths/~1a/get/requestbody"),
        ),
        (
            operation(&json!({"request_body": body})),
            Some("/paths/~1a/get/request_body"),
        ),
        (
            operation(&json!({"requestBodies": body})),
            Some("/paths/~1a/get/requestBodies"),
        ),
        (
            operation(&json!({"Security": []})),
            Some("/paths/~1a/get/Security"),
        ),
        (
            operation(&json!({"operationID": "a"})),
            Some("/paths/~1a/get/operationID"),
        ),
        (
            parameter(json!({"name": "a", "in": "query", "requried": true})),
            Some("/paths/~1a/get/parameters/0/requried"),
        ),
        (
            parameter(json!({"ref": "#/components/parameters/A"})),
            Some("/paths/~1a/get/parameters/0/ref"),
        ),
        (
            media(json!({"Schema": {}})),
            Some("/paths/~1a/get/requestBody/content/a~1b/Schema"),
        ),
        (
            scheme(json!({"type": "apiKey", "Name": "k"})),
            Some("/components/securitySchemes/a/Name"),
        ),
        (
            scheme(json!({"flows": {"clientcredentials": {}}})),
            Some("/components/securitySchemes/a/flows/clientcredentials"),
        ),
        (
            scheme(json!({"flows": {"password": {"tokenURL": "/t"}}})),
            Some("/components/securitySchemes/a/flows/password/tokenURL"),
        ),
        (
            json!({"components": {"schema": {}}}),
            Some("/components/schema"),
        ),
        // Beside the right one too: the object may have no others.
        (
            operation(&json!({"parametrs": [], "parameters": []})),
            Some("/paths/~1a/get/parametrs"),
        ),
        (
            json!({"paths": {"/a": {"get ": {"responses": {}}}}}),
            Some("/paths/~1a/get "),
        ),
        // The value could not be the known field's.
        (json!({"paths": {"/a": {"path": "/a", "Get": 5}}}), None),
        (operation(&json!({"parameter": "none", "tag": 5})), None),
        // Names of the author's own.
        (
            operation(&json!({"x-parametres": [], "X-Security": [], "notes": "a"})),
            None,
        ),
        (
            json!({"paths": {"/a": {}, "/get": {}}, "components": {"schemas": {"Property": {}}, "parameters": {"Name": {}}}}),
            None,
        ),
        (
            parameter(json!({"name": "a", "in": "query", "examples": {"Value": {"values": [1]}}})),
            None,
        ),
        (operation(&json!({"responses": {"Default": {}}})), None),
        (
            json!({"servers": [{"url": "/", "variables": {"Enum": {"default": "a"}}}]}),
            None,
        ),
    ] {
        let (_, said) = mended(document.clone());
        let found: Vec<&str> = said
            .iter()
            .filter(|(code, _)| *code == Code::E0220)
            .map(|(_, place)| place.as_str())
            .collect();
        assert_eq!(
            found,
            expected.into_iter().collect::<Vec<_>>(),
            "{document}"
        );
    }
}

#[test]
fn objects_in_schemas_are_mended_as_others_are() {
    for (before, after, said) in [
        (
            json!({"xml": {"attribute": "true", "Name": "a"}}),
            json!({"xml": {"attribute": true, "Name": "a"}}),
            vec![(Code::E0211, "/xml/attribute"), (Code::E0220, "/xml/Name")],
        ),
        (
            json!({"xml": {"name": {}, "prefix": 5}}),
            json!({"xml": {"prefix": "5"}}),
            vec![(Code::E0210, "/xml/name")],
        ),
        (
            json!({"discriminator": {"propertyname": "a"}}),
            json!({"discriminator": {"propertyname": "a"}}),
            vec![(Code::E0220, "/discriminator/propertyname")],
        ),
    ] {
        let mut schema = before.as_object().cloned().unwrap();
        let mut sink = Sink::new();
        in_schema(&mut schema, &Site::ROOT, &mut sink);
        assert_eq!(Value::Object(schema), after);
        let found: Vec<_> = sink.into_vec();
        let found: Vec<_> = found
            .iter()
            .map(|f| (f.code, f.pointer.as_ref().unwrap().as_str()))
            .collect();
        assert_eq!(found, said, "{before}");
    }
}

#[test]
fn schemes_of_servers_have_no_case_and_users_are_left_out() {
    for (url, after, code) in [
        ("HTTPS://E.example/A", "https://E.example/A", None),
        (
            "https://u:p@e.example/a@b",
            "https://e.example/a@b",
            Some(Code::E0606),
        ),
        (
            "https://u@x@e.example?q=1",
            "https://e.example?q=1",
            Some(Code::E0606),
        ),
        ("//u@e.example", "//e.example", Some(Code::E0606)),
        ("/a@b", "/a@b", None),
        ("https://e.example/?m=a@b", "https://e.example/?m=a@b", None),
    ] {
        let (found, said) = mended(json!({"servers": [{"url": url}]}));
        assert_eq!(found["servers"][0]["url"], after);
        let codes: Vec<Code> = said.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{url}");
    }
    let unset = json!({"url": "https://{a}.e.example", "variables": {"a": null}});
    let (_, said) = mended(json!({ "servers": [unset] }));
    assert_eq!(said, [(Code::E0620, "/servers/0/url".to_owned())]);
}
