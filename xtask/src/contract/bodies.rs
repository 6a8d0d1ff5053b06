//! What requests carry, from the document to the bytes: one table for each rule.

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

#[test]
fn parts_by_position_are_sent_in_their_order() {
    let bytes = json!({"type": "string", "format": "binary"});
    let image = json!({"contentType": "image/png"});
    let file = json!({"filename": "a", "text": "x"});
    let lead = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    const FILE: &str =
        "Content-Disposition: attachment; filename=\"a\"\r\nContent-Type: image/png\r\n\r\nx";
    const LEAD: &str = "Content-Type: application/json\r\n\r\n{\"name\":\"b\"}";
    for (entry, body, expected) in [
        (
            json!({"itemSchema": bytes, "itemEncoding": image}),
            json!([file, file]),
            format!("{FILE}|{FILE}"),
        ),
        (
            json!({
                "schema": {"type": "array", "prefixItems": [lead, {"type": "string"}], "items": bytes},
                "prefixEncoding": [{}, {"contentType": "text/csv"}],
                "itemEncoding": image,
            }),
            json!([{"name": "b"}, "c;d", file]),
            format!("{LEAD}|Content-Type: text/csv\r\n\r\nc;d|{FILE}"),
        ),
        (
            json!({"itemSchema": lead}),
            json!([{"name": "b"}]),
            LEAD.to_owned(),
        ),
        // The default is by the type of each value (OpenAPI 3.2 §4.15.1.1).
        (
            json!({"itemSchema": {"anyOf": [lead, {"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}]}}),
            json!([{"name": "b"}, "c", 5, ["d"]]),
            format!("{LEAD}|\r\nc|\r\n5|Content-Type: application/json\r\n\r\n[\"d\"]"),
        ),
    ] {
        let sent = parts("multipart/mixed", &entry, json!({"body": body}));
        assert_eq!(sent, expected, "{entry}");
    }
}

#[test]
fn lists_of_parts_in_a_form_have_the_names_that_the_document_or_the_caller_gives() {
    let bytes = json!({"type": "string", "format": "binary"});
    let file = json!({"filename": "a.png", "content_type": "image/png", "text": "x"});
    let named = json!({"headers": {"Content-Disposition": {"schema": {"const": "form-data; name=\"photo\""}}}});
    const PHOTO: &str = "Content-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nx";
    let sent = parts(
        "multipart/form-data",
        &json!({"itemSchema": bytes, "itemEncoding": named}),
        json!({"body": [file, file]}),
    );
    assert_eq!(sent, format!("{PHOTO}|{PHOTO}"));
    let list = json!({"schema": {"type": "array", "items": bytes}});
    let sent = parts(
        "multipart/form-data",
        &list,
        json!({"body": {"photo": [file, file]}}),
    );
    assert_eq!(sent, format!("{PHOTO}|{PHOTO}"));
}

#[test]
fn files_in_unions_are_sent_as_files() {
    let bytes = json!({"type": "string", "format": "binary"});
    let file = json!({"filename": "a.png", "content_type": "image/png", "text": "x"});
    let branch = |name: &str, schema: &Value| json!({"type": "object", "properties": {name: schema, "note": {"type": "string"}}, "required": [name]});
    let photo = branch("photo", &bytes);
    let link = branch("link", &json!({"type": "string"}));
    let many = branch("photo", &json!({"type": "array", "items": bytes}));
    const PHOTO: &str = "Content-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nx";
    const NOTE: &str = "Content-Disposition: form-data; name=\"note\"\r\n\r\nn";
    let whole = json!({"body": {"photo": file, "note": "n"}});
    let lifted = json!({"photo": file, "note": "n"});
    for (schema, arguments) in [
        (json!({"oneOf": [photo, link]}), &whole),
        (json!({"anyOf": [link, many, photo]}), &whole),
        (
            json!({"allOf": [photo, link]}),
            &json!({"photo": file, "note": "n", "link": "l"}),
        ),
        (
            branch(
                "photo",
                &json!({"oneOf": [bytes, {"type": "string", "format": "uri"}]}),
            ),
            &lifted,
        ),
        (
            branch(
                "photo",
                &json!({"anyOf": [{"type": "array", "items": bytes}, bytes]}),
            ),
            &lifted,
        ),
        (branch("photo", &json!({"allOf": [bytes]})), &lifted),
        (
            json!({"type": "object", "additionalProperties": bytes}),
            &json!({"body": {"photo": file}}),
        ),
        (json!({"type": "object"}), &whole),
    ] {
        let sent = parts(
            "multipart/form-data",
            &json!({"schema": schema}),
            (*arguments).clone(),
        );
        let found: Vec<&str> = sent.split('|').collect();
        assert!(found.contains(&PHOTO), "{schema}: {sent}");
        assert!(
            arguments.pointer("/note").is_none() || found.contains(&NOTE),
            "{schema}: {sent}"
        );
    }
    // Null stands for no file.
    let optional = |own: &Value| {
        let mut schema = branch("photo", own);
        schema["required"] = json!(["note"]);
        schema
    };
    let nullable = json!({"type": ["string", "null"], "format": "binary"});
    let or_null = json!({"anyOf": [bytes, {"type": "null"}]});
    for own in [&nullable, &or_null] {
        for schema in [
            json!({"oneOf": [optional(own), link]}),
            json!({"anyOf": [optional(own), optional(&json!({"type": "array", "items": bytes}))]}),
        ] {
            let operation = json!({"requestBody": {"required": true, "content": {"multipart/form-data": {"schema": schema}}}});
            let operation = only(api("post", &operation, &json!({})));
            for (photo, expected) in [(&file, Some(PHOTO)), (&Value::Null, None)] {
                let given = json!({"body": {"photo": photo, "note": "n"}});
                let request =
                    send(operation, given).unwrap_or_else(|why| panic!("{schema}: {why}"));
                let sent = split("multipart/form-data", &body(&request).unwrap());
                let found: Vec<&str> = sent.split('|').collect();
                let expected: Vec<&str> = expected.into_iter().chain([NOTE]).collect();
                assert_eq!(found, expected, "{schema}");
            }
        }
    }
    // Where a text can stand too, it is sent as one.
    let either = branch(
        "photo",
        &json!({"oneOf": [bytes, {"type": "string", "format": "uri"}]}),
    );
    let sent = parts(
        "multipart/form-data",
        &json!({"schema": either}),
        json!({"photo": "https://a.example/b"}),
    );
    assert_eq!(
        sent,
        "Content-Disposition: form-data; name=\"photo\"\r\n\r\nhttps://a.example/b"
    );
}

#[test]
fn a_part_has_the_listed_media_type_that_fits_its_file() {
    let schema =
        json!({"type": "object", "properties": {"photo": {"type": "string", "format": "binary"}}});
    for (listed, file, expected) in [
        (
            "image/png, image/jpeg",
            json!({"filename": "a.jpg", "text": "x"}),
            "image/jpeg",
        ),
        (
            "image/png, image/jpeg",
            json!({"filename": "a", "text": "x"}),
            "image/png",
        ),
        (
            "image/*",
            json!({"filename": "a.gif", "text": "x"}),
            "image/gif",
        ),
        (
            "image/*",
            json!({"filename": "a", "content_type": "image/webp", "text": "x"}),
            "image/webp",
        ),
        (
            "application/octet-stream",
            json!({"filename": "a.pdf", "text": "x"}),
            "application/pdf",
        ),
    ] {
        let entry = json!({"schema": schema, "encoding": {"photo": {"contentType": listed}}});
        let sent = parts("multipart/form-data", &entry, json!({"photo": file}));
        let head = format!("\r\nContent-Type: {expected}\r\n\r\nx");
        assert!(sent.ends_with(&head), "{listed} {file}: {sent}");
    }
    // What is no file takes the first.
    let entry = json!({
        "schema": {"type": "object", "properties": {"note": {"type": "string"}}},
        "encoding": {"note": {"contentType": "text/*, text/markdown, text/plain"}},
    });
    let sent = parts("multipart/form-data", &entry, json!({"note": "x"}));
    assert!(sent.contains("Content-Type: text/markdown\r\n"), "{sent}");
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
        ("put", "application/x-www-form-urlencoded", true, Some("")),
        ("put", "application/x-www-form-urlencoded", false, None),
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

/// The XML of a POST whose body is this component, without the declaration.
fn written(schemas: &Value, arguments: Value) -> String {
    let entry = json!({"schema": {"$ref": "#/components/schemas/Lead"}});
    let (media, text) = posted(
        "application/xml",
        &entry,
        &json!({"schemas": schemas}),
        arguments,
    );
    assert_eq!(media, "application/xml");
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    text.strip_prefix(declaration)
        .unwrap_or_else(|| panic!("{text}"))
        .to_owned()
}

#[test]
fn xml_is_written_as_the_xml_objects_say() {
    let text = json!({"type": "string"});
    let list = |xml: Value, items: Value| {
        let mut items = json!({"type": "string", "xml": items});
        let mut array = json!({"type": "array", "items": items.clone(), "xml": xml});
        for schema in [&mut array, &mut items] {
            let members = schema.as_object_mut().unwrap();
            members.retain(|_, value| !value.is_null());
        }
        array["items"] = items;
        array
    };
    let none = Value::Null;
    for (property, value, sent) in [
        // The examples of OpenAPI 3.1 §4.8.26.
        (
            json!({"type": "string"}),
            json!("a"),
            "<animals>a</animals>",
        ),
        (
            json!({"type": "string", "xml": {"name": "animal"}}),
            json!("a"),
            "<animal>a</animal>",
        ),
        (
            json!({"type": "string", "xml": {"namespace": "https://e.com/s", "prefix": "s"}}),
            json!("a"),
            "<s:animals xmlns:s=\"https://e.com/s\">a</s:animals>",
        ),
        (
            list(none.clone(), none.clone()),
            json!(["a", "b"]),
            "<animals>a</animals><animals>b</animals>",
        ),
        (
            list(json!({"name": "aliens"}), json!({"name": "animal"})),
            json!(["a", "b"]),
            "<animal>a</animal><animal>b</animal>",
        ),
        (
            list(json!({"wrapped": true}), none.clone()),
            json!(["a"]),
            "<animals><animals>a</animals></animals>",
        ),
        (
            list(json!({"wrapped": true}), json!({"name": "animal"})),
            json!(["a", "b"]),
            "<animals><animal>a</animal><animal>b</animal></animals>",
        ),
        (
            list(
                json!({"name": "aliens", "wrapped": true}),
                json!({"name": "animal"}),
            ),
            json!(["a"]),
            "<aliens><animal>a</animal></aliens>",
        ),
        (
            list(json!({"name": "aliens", "wrapped": true}), none.clone()),
            json!(["a"]),
            "<aliens><aliens>a</aliens></aliens>",
        ),
        // Node types of 3.2.
        (
            list(json!({"nodeType": "element"}), json!({"name": "animal"})),
            json!(["a"]),
            "<animals><animal>a</animal></animals>",
        ),
        (
            json!({"type": "string", "xml": {"nodeType": "text"}}),
            json!("a<b"),
            "a&lt;b",
        ),
        (
            json!({"type": "string", "xml": {"nodeType": "cdata"}}),
            json!("a<b]]>c"),
            "<![CDATA[a<b]]]]><![CDATA[>c]]>",
        ),
        (
            json!({"type": "object", "properties": {"n": text}, "xml": {"nodeType": "none"}}),
            json!({"n": "a"}),
            "<n>a</n>",
        ),
        // What is not said.
        (
            json!({"type": "object", "properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}}}),
            json!({"n": 1, "b": true}),
            "<animals><n>1</n><b>true</b></animals>",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "array", "items": text}}),
            json!({"k": ["a", "b"]}),
            "<animals><k>a</k><k>b</k></animals>",
        ),
        (
            json!({"type": ["string", "null"]}),
            none.clone(),
            "<animals xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>",
        ),
        (json!({"type": "string"}), json!(""), "<animals/>"),
    ] {
        let schemas = json!({"Lead": {"type": "object", "properties": {"animals": property}}});
        let found = written(&schemas, json!({"animals": value}));
        assert_eq!(found, format!("<Lead>{sent}</Lead>"), "{property} {value}");
    }
}

#[test]
fn xml_roots_have_the_name_that_the_schema_says_or_that_of_its_component() {
    let lead = json!({"type": "object", "properties": {
        "id": {"type": "integer", "xml": {"attribute": true}},
        "kind": {"type": "string", "xml": {"nodeType": "attribute", "prefix": "k", "namespace": "urn:k"}},
        "tag": {"$ref": "#/components/schemas/Tag"},
        "tags": {"type": "array", "xml": {"wrapped": true}, "items": {"$ref": "#/components/schemas/Tag"}},
        "owner": {"allOf": [{"$ref": "#/components/schemas/Tag"}], "description": "Who has it"},
    }});
    let mut named = lead.clone();
    named["xml"] = json!({"name": "lead", "namespace": "urn:l"});
    let tag = json!({"type": "object", "xml": {"name": "label"}, "properties": {"n": {"type": "string"}}});
    let given = json!({"id": 5, "kind": "a\"\n", "tag": {"n": "x"}, "tags": [{"n": "y"}, {"n": "z"}], "owner": {"n": "o"}});
    let inner = "<label><n>x</n></label><tags><label><n>y</n></label><label><n>z</n></label></tags><label><n>o</n></label>";
    for (lead, start, end) in [
        (
            lead,
            "<Lead id=\"5\" xmlns:k=\"urn:k\" k:kind=\"a&quot;&#10;\">",
            "</Lead>",
        ),
        (
            named,
            "<lead xmlns=\"urn:l\" id=\"5\" xmlns:k=\"urn:k\" k:kind=\"a&quot;&#10;\">",
            "</lead>",
        ),
    ] {
        let found = written(&json!({"Lead": lead, "Tag": tag}), given.clone());
        assert_eq!(found, format!("{start}{inner}{end}"));
    }
    let array = json!({"type": "array", "xml": {"name": "leads"}, "items": {"type": "string", "xml": {"name": "lead"}}});
    let found = written(&json!({"Lead": array}), json!({"body": ["a", "b"]}));
    assert_eq!(found, "<leads><lead>a</lead><lead>b</lead></leads>");
}

#[test]
fn the_branches_of_a_union_are_written_as_their_xml_objects_say() {
    let attribute = json!({"type": "integer", "xml": {"attribute": true}});
    let kind = |own: &str, schema: &Value| {
        let name = json!({"type": "string", "xml": {"name": own.to_uppercase()}});
        json!({"type": "object", "properties": {"id": schema, own: name}, "required": [own]})
    };
    let either = json!({"oneOf": [kind("cat", &attribute), kind("dog", &attribute)]});
    let lead = |own: &Value| json!({"Lead": {"type": "object", "properties": {"pet": own}}});
    let root = |own: &Value| {
        let mut schema = own.clone();
        schema["xml"] = json!({"name": "pet"});
        schema
    };
    let dog = json!({"id": 1, "dog": "rex"});
    const PET: &str = "<pet id=\"1\"><DOG>rex</DOG></pet>";
    let list = json!({"oneOf": [kind("dog", &attribute), {"type": "array", "items": kind("dog", &attribute)}]});
    for (own, value, sent) in [
        (&either, dog.clone(), PET.to_owned()),
        (
            &json!({"type": "array", "items": either}),
            json!([dog, dog]),
            PET.repeat(2),
        ),
        (&list, json!([dog, dog]), PET.repeat(2)),
        (&list, dog.clone(), PET.to_owned()),
        (
            &json!({"anyOf": [kind("dog", &attribute), {"type": "string"}]}),
            json!("rex"),
            "<pet>rex</pet>".to_owned(),
        ),
    ] {
        let found = written(&lead(own), json!({"pet": value}));
        assert_eq!(found, format!("<Lead>{sent}</Lead>"), "{own}");
    }
    let found = written(&json!({"Lead": root(&either)}), json!({"body": dog}));
    assert_eq!(found, PET);
    // Where branches write a member in several ways, nothing says which one is meant.
    let clash =
        json!({"oneOf": [kind("cat", &attribute), kind("dog", &json!({"type": "integer"}))]});
    let pet = json!({"type": "object", "xml": {"name": "lead"}, "properties": {"pet": clash}});
    assert_eq!(text("text/xml", pet, json!({"body": "<a/>"})), "<a/>");
}

#[test]
fn xml_whose_names_are_unknown_is_text_and_json_goes_before_it() {
    let inline = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let spaced = json!({"type": "object", "xml": {"name": "lead"}, "properties": {"a b": {"type": "string"}}});
    for schema in [
        inline.clone(),
        spaced,
        json!({}),
        json!({"type": "string"}),
        json!({"anyOf": [inline, {"type": "string"}], "xml": {"name": "a"}}),
    ] {
        assert_eq!(
            text("text/xml", schema.clone(), json!({"body": "<a/>"})),
            "<a/>",
            "{schema}"
        );
    }
    let both = json!({"requestBody": {"content": {
        "application/xml": {"schema": inline}, "application/json": {"schema": inline},
    }}});
    let request = send(only(api("post", &both, &json!({}))), json!({"a": "b"})).unwrap();
    assert_eq!(
        body(&request).map(|(media, _)| media).as_deref(),
        Some("application/json")
    );
}

#[test]
fn what_xml_cannot_carry_is_refused() {
    let lead = json!({"requestBody": {"content": {"application/xml": {"schema": {
        "type": "object", "xml": {"name": "lead"}, "properties": {"a": {"type": "string"}}, "additionalProperties": true,
    }}}}});
    let operation = only(api("post", &lead, &json!({})));
    for (given, why) in [
        (json!({"a": "\u{1}"}), "U+0001"),
        (json!({"a": "\u{ffff}"}), "U+FFFF"),
        (
            json!({"additional_fields": {"x><evil": 1}}),
            "no name in XML",
        ),
        (json!({"additional_fields": {"": 1}}), "no name in XML"),
        (json!({"additional_fields": {"a:b": 1}}), "no name in XML"),
        (json!({"additional_fields": {"-a": 1}}), "no name in XML"),
    ] {
        let found = send(operation, given.clone());
        assert!(
            found.as_ref().is_err_and(|error| error.contains(why)),
            "{given} {found:?}"
        );
    }
}
