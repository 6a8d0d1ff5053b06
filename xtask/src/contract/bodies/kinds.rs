//! Bodies of each kind: what of the arguments is sent, and when.

use serde_json::{Value, json};

use super::{api, body, only, posted, send, text};

#[test]
fn names_that_only_answers_carry_are_not_sent_even_when_they_are_given() {
    let node = json!({"schemas": {
        "Node": {"type": "object", "properties": {
            "id": {"type": "integer", "readOnly": true},
            "name": {"type": "string"},
            "kids": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        }},
    }});
    let own = |more: Value| {
        let mut schema = json!({"type": "object", "properties": {
            "id": {"type": "integer", "readOnly": true}, "name": {"type": "string"},
        }});
        schema
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        schema
    };
    let open = own(json!({"additionalProperties": true}));
    for (schema, given, sent) in [
        // In objects that say nothing of further names, and in those that allow them.
        (
            json!({"type": "object", "properties": {"lead": own(json!({})), "leads": {"type": "array", "items": open}}}),
            json!({"lead": {"id": 1, "name": "a"}, "leads": [{"name": "b", "id": 2, "x": 3}]}),
            json!({"lead": {"name": "a"}, "leads": [{"name": "b", "x": 3}]}),
        ),
        // Among the further fields of the body itself.
        (
            open.clone(),
            json!({"name": "a", "additional_fields": {"id": 1, "x": 2}}),
            json!({"name": "a", "x": 2}),
        ),
        // In a body that is one argument, in each branch of its union.
        (
            json!({"anyOf": [open, {"type": "array", "items": open}]}),
            json!({"body": [{"id": 1, "x": 2}]}),
            json!([{"x": 2}]),
        ),
        // Not where another branch means something by the name.
        (
            json!({"type": "object", "properties": {"either": {"anyOf": [open, {"type": "object", "properties": {"id": {"type": "integer"}}}]}}}),
            json!({"either": {"id": 1}}),
            json!({"either": {"id": 1}}),
        ),
        // In schemas that contain themselves.
        (
            json!({"$ref": "#/components/schemas/Node"}),
            json!({"name": "a", "kids": [{"id": 1, "kids": [{"id": 2, "name": "c"}]}]}),
            json!({"name": "a", "kids": [{"kids": [{"name": "c"}]}]}),
        ),
        // As the value of any name.
        (
            json!({"type": "object", "properties": {"by": {"type": "object", "additionalProperties": own(json!({}))}}}),
            json!({"by": {"k": {"id": 1, "name": "a"}}}),
            json!({"by": {"k": {"name": "a"}}}),
        ),
    ] {
        let (_, text) = posted("application/json", &json!({"schema": schema}), &node, given);
        let found: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found, sent, "{schema}");
    }
    // A closed object does not take the name at all.
    let closed = json!({"requestBody": {"content": {"application/json": {"schema": {
        "type": "object", "properties": {"lead": own(json!({"additionalProperties": false}))},
    }}}}});
    let refused = send(
        only(api("post", &closed, &json!({}))),
        json!({"lead": {"id": 1}}),
    );
    assert!(refused.is_err_and(|why| why.contains("/lead/id")));
}

#[test]
fn a_body_of_any_kind_arrives_as_it_is_given() {
    let patch = json!({"type": "array", "items": {"type": "object", "required": ["op", "path"], "properties": {
        "op": {"enum": ["add", "remove"]}, "path": {"type": "string"}, "value": {},
    }}});
    for (media, schema, arguments, sent) in [
        (
            "text/plain",
            json!({"type": "string"}),
            json!({"body": "a\n b"}),
            "a\n b",
        ),
        ("text/csv", json!({}), json!({"body": "a;b"}), "a;b"),
        (
            "text/plain",
            json!({"type": "number"}),
            json!({"body": 1.5}),
            "1.5",
        ),
        (
            "text/plain",
            json!({"type": "integer", "minimum": 1}),
            json!({"body": "7"}),
            "7",
        ),
        (
            "text/plain",
            json!({"type": "boolean"}),
            json!({"body": true}),
            "true",
        ),
        (
            "text/plain",
            json!({"type": ["string", "integer"]}),
            json!({"body": 7}),
            "7",
        ),
        // What has no text of its own is written by the caller.
        (
            "text/plain",
            json!({"type": "object"}),
            json!({"body": "a: b"}),
            "a: b",
        ),
        (
            "application/octet-stream",
            json!({}),
            json!({"body": {"data_base64": "YWJj"}}),
            "abc",
        ),
        (
            "application/pdf",
            json!({"type": "string", "format": "binary"}),
            json!({"body": {"text": "%PDF"}}),
            "%PDF",
        ),
        (
            "application/json",
            json!({"type": "array", "items": {"type": "integer"}}),
            json!({"body": [1, 2]}),
            "[1,2]",
        ),
        (
            "application/json",
            json!({"type": "string"}),
            json!({"body": "a"}),
            "\"a\"",
        ),
        (
            "application/json",
            json!({"type": "number"}),
            json!({"body": 1.50}),
            "1.5",
        ),
        (
            "application/json",
            json!({"type": "boolean"}),
            json!({"body": false}),
            "false",
        ),
        (
            "application/json",
            json!({"oneOf": [{"type": "integer"}, {"type": "object", "properties": {"a": {"type": "string"}}}]}),
            json!({"body": {"a": "b"}}),
            r#"{"a":"b"}"#,
        ),
        (
            "application/json",
            json!({}),
            json!({"body": {"free": null}}),
            r#"{"free":null}"#,
        ),
        (
            "application/json-patch+json",
            patch,
            json!({"body": [{"op": "add", "path": "/a", "value": {"b": null}}]}),
            r#"[{"op":"add","path":"/a","value":{"b":null}}]"#,
        ),
        (
            "application/merge-patch+json",
            json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "string"}}}),
            json!({"a": null}),
            r#"{"a":null}"#,
        ),
        (
            "application/vnd.leads.v2+json",
            json!({"type": "object", "properties": {"a": {"type": "string"}}}),
            json!({"a": "b"}),
            r#"{"a":"b"}"#,
        ),
    ] {
        assert_eq!(
            text(media, schema.clone(), arguments),
            sent,
            "{media} {schema}"
        );
    }
}

#[test]
fn a_body_of_bytes_asks_for_a_media_type_only_where_the_document_leaves_it_open() {
    let operation =
        |media: &str| json!({"requestBody": {"required": true, "content": {media: {}}}});
    let pdf = only(api("post", &operation("application/pdf"), &json!({})));
    let image = only(api("post", &operation("image/*"), &json!({})));
    for (operation, body, expected) in [
        (pdf, json!({"text": "x"}), Ok("application/pdf")),
        (
            pdf,
            json!({"filename": "a.pdf", "text": "x"}),
            Err("filename"),
        ),
        (
            pdf,
            json!({"content_type": "a/b", "text": "x"}),
            Err("content_type"),
        ),
        (pdf, json!({}), Err("body")),
        (
            image,
            json!({"content_type": "image/gif", "text": "x"}),
            Ok("image/gif"),
        ),
        (
            image,
            json!({"content_type": "text/plain", "text": "x"}),
            Err("of the kind image/*"),
        ),
        (
            image,
            json!({"text": "x", "data_base64": "eA=="}),
            Err("content_type"),
        ),
    ] {
        let sent = send(operation, json!({"body": body}))
            .map(|request| request.body.unwrap().content_type);
        match (sent, expected) {
            (Ok(sent), Ok(expected)) => assert_eq!(sent, expected, "{body}"),
            (Err(said), Err(expected)) => assert!(said.contains(expected), "{body}: {said}"),
            (sent, _) => panic!("{body}: {sent:?}"),
        }
    }
}

#[test]
fn sequences_of_json_are_lists_of_which_each_item_is_a_line() {
    let item = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "integer"}}});
    let list = json!({"body": [{"a": "x\ny", "b": 1}, {"a": null}]});
    const LINES: &str = "{\"a\":\"x\\ny\",\"b\":1}\n{\"a\":null}\n";
    for (media, entry, before) in [
        ("application/jsonl", json!({"itemSchema": item}), ""),
        ("application/x-ndjson", json!({"itemSchema": item}), ""),
        (
            "application/x-ndjson",
            json!({"schema": {"type": "array", "items": item}}),
            "",
        ),
        (
            "application/json-seq",
            json!({"itemSchema": item}),
            "\u{1e}",
        ),
        (
            "application/geo+json-seq",
            json!({"itemSchema": item}),
            "\u{1e}",
        ),
    ] {
        let (content_type, text) = posted(media, &entry, &json!({}), list.clone());
        let expected: String = LINES
            .lines()
            .map(|line| format!("{before}{line}\n"))
            .collect();
        assert_eq!((content_type.as_str(), text), (media, expected));
    }
    // What the schema of the items refuses is refused; without one, the lines are a text.
    let operation = json!({"requestBody": {"required": true, "content": {"application/jsonl": {"itemSchema": item}}}});
    let refused = send(
        only(api("post", &operation, &json!({}))),
        json!({"body": [{"b": 1}]}),
    );
    assert!(refused.unwrap_err().contains("/body/0/a"));
    let sent = posted(
        "application/jsonl",
        &json!({}),
        &json!({}),
        json!({"body": "{}\n{}"}),
    );
    assert_eq!(sent.1, "{}\n{}");
}

#[test]
fn a_required_body_without_arguments_is_sent_empty_and_an_optional_one_is_not() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    for (method, media, required, sent) in [
        ("post", "application/json", true, Some("{}")),
        ("post", "application/json", false, None),
        ("delete", "application/json", true, Some("{}")),
        ("delete", "application/json", false, None),
        // A PUT that says nothing is refused before.
        ("post", "application/x-www-form-urlencoded", true, Some("")),
        ("post", "application/x-www-form-urlencoded", false, None),
    ] {
        let operation =
            json!({"requestBody": {"required": required, "content": {media: {"schema": object}}}});
        let request = send(only(api(method, &operation, &json!({}))), json!({})).unwrap();
        let found = body(&request).map(|(_, text)| text);
        assert_eq!(found.as_deref(), sent, "{method} {media} {required}");
    }
}

#[test]
fn a_delete_sends_its_body() {
    let operation = json!({"requestBody": {"content": {"application/json": {"schema": {
        "type": "object", "required": ["ids"], "properties": {"ids": {"type": "array", "items": {"type": "integer"}}},
    }}}}});
    let request = send(
        only(api("delete", &operation, &json!({}))),
        json!({"ids": [1, 2]}),
    )
    .unwrap();
    assert_eq!(request.method, "DELETE");
    let sent = ("application/json".to_owned(), r#"{"ids":[1,2]}"#.to_owned());
    assert_eq!(body(&request), Some(sent));
}

#[test]
fn forms_are_written_as_stripe_reads_them() {
    let schema = json!({"type": "object", "properties": {
        "amount": {"type": "integer"},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "items": {"type": "array", "items": {"type": "object", "properties": {
            "price": {"type": "string"}, "tax_rates": {"type": "array", "items": {"type": "string"}},
        }}},
        "expand": {"type": "array", "items": {"type": "string"}},
        "address": {"type": "object", "properties": {"line1": {"type": "string"}, "geo": {"type": "object", "properties": {"lat": {"type": "number"}}}}},
    }});
    let deep = json!({"style": "deepObject", "explode": true});
    let entry = json!({"schema": schema, "encoding": {"metadata": deep, "items": deep, "expand": deep, "address": deep}});
    let arguments = json!({
        "amount": 5,
        "metadata": {"a b": "c&d"},
        "items": [{"price": "p", "tax_rates": ["t", "u"]}, {"price": "q"}],
        "expand": ["x", "y"],
        "address": {"line1": "l", "geo": {"lat": 1.5}},
    });
    let media = "application/x-www-form-urlencoded";
    let (_, text) = posted(media, &entry, &json!({}), arguments);
    let decoded: Vec<String> = crate::wire::pairs(&text)
        .into_iter()
        .map(|(name, value)| format!("{name}={}", crate::wire::text(&value)))
        .collect();
    assert_eq!(
        decoded,
        [
            "amount=5",
            "metadata[a b]=c&d",
            "items[0][price]=p",
            "items[0][tax_rates][]=t",
            "items[0][tax_rates][]=u",
            "items[1][price]=q",
            "expand[]=x",
            "expand[]=y",
            "address[line1]=l",
            "address[geo][lat]=1.5",
        ]
    );
}

#[test]
fn defaults_are_not_sent_unless_they_are_given() {
    let operation = json!({
        "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {
            "state": {"type": "string", "default": "open"},
            "inner": {"type": "object", "properties": {"n": {"type": "integer", "default": 3}}},
        }}}}},
    });
    let operation = only(api("post", &operation, &json!({})));
    for (given, query, sent) in [
        (json!({}), "", None),
        (json!({"inner": {}}), "", Some(r#"{"inner":{}}"#)),
        (
            json!({"page": 1, "state": "open"}),
            "page=1",
            Some(r#"{"state":"open"}"#),
        ),
    ] {
        let request = send(operation, given.clone()).unwrap();
        assert_eq!(request.query, query, "{given}");
        assert_eq!(
            body(&request).map(|(_, text)| text).as_deref(),
            sent,
            "{given}"
        );
    }
}

#[test]
fn an_empty_value_is_sent_as_one() {
    let parameter = |more: Value| {
        let mut parameter =
            json!({"name": "flag", "in": "query", "schema": {"type": "string", "enum": ["a"]}});
        parameter
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"parameters": [parameter]})
    };
    for (parameter, given, sent) in [
        (
            parameter(json!({"allowEmptyValue": true})),
            json!(""),
            Some("flag="),
        ),
        (
            parameter(json!({"allowEmptyValue": true})),
            json!("a"),
            Some("flag=a"),
        ),
        (
            parameter(json!({"allowEmptyValue": true})),
            json!("b"),
            None,
        ),
        (parameter(json!({})), json!(""), None),
        (
            parameter(json!({"schema": {"type": "string"}})),
            json!(""),
            Some("flag="),
        ),
        (
            parameter(json!({"allowEmptyValue": true, "schema": {"type": "boolean"}})),
            json!(""),
            Some("flag="),
        ),
        (
            parameter(
                json!({"allowEmptyValue": true, "schema": {"type": "string", "minLength": 2}}),
            ),
            json!(""),
            Some("flag="),
        ),
    ] {
        let found = send(
            only(api("get", &parameter, &json!({}))),
            json!({"flag": given}),
        );
        assert_eq!(
            found.ok().map(|request| request.query).as_deref(),
            sent,
            "{parameter} {given}"
        );
    }
}

#[test]
fn what_is_deprecated_is_kept_and_said() {
    let operation = json!({
        "parameters": [
            {"name": "old", "in": "query", "deprecated": true, "schema": {"type": "string"}},
            {"name": "older", "in": "query", "description": "Use new", "schema": {"type": "string", "deprecated": true}},
        ],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {
            "was": {"type": "string", "deprecated": true},
            "inner": {"type": "object", "properties": {"was": {"type": "string", "deprecated": true, "description": "Use it not."}}},
        }}}}},
    });
    let operation = only(api("post", &operation, &json!({})));
    let schema: Value = serde_json::from_str(operation.input_schema).unwrap();
    for (place, said) in [
        ("/properties/old", "Deprecated."),
        ("/properties/older", "Use new. Deprecated."),
        ("/properties/was", "Deprecated."),
        (
            "/properties/inner/properties/was",
            "Use it not. Deprecated.",
        ),
    ] {
        let found = schema
            .pointer(place)
            .and_then(|schema| schema.get("description"));
        assert_eq!(found, Some(&json!(said)), "{place}");
    }
    let request = send(operation, json!({"old": "a", "was": "b"})).unwrap();
    assert_eq!(request.query, "old=a");
    assert_eq!(
        body(&request).map(|(_, text)| text).as_deref(),
        Some(r#"{"was":"b"}"#)
    );
}
