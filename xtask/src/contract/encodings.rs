//! How encoding objects write the parts and fields of bodies, from the document to the bytes (OpenAPI 3.2
//! §4.15, 3.0.4 §4.7.15).

use mcpwright_runtime::operation::OperationDef;
use serde_json::{Value, json};

use super::bodies::{api, api_of, body, only, parts, send, split};

const FORM: &str = "multipart/form-data";

/// The one operation of a document of this version whose body is a form with the one property `it`.
fn of_version(version: &str, schema: &Value, encoding: &Value) -> &'static OperationDef {
    let form = json!({"type": "object", "required": ["it"], "properties": {"it": schema}});
    let entry = json!({"schema": form, "encoding": {"it": encoding}});
    let operation = json!({"requestBody": {"required": true, "content": {FORM: entry}}});
    only(api_of(version, "post", &operation, &json!({})))
}

/// The part of `it` in a document of this version, without its `Content-Disposition`.
fn it(version: &str, schema: &Value, encoding: &Value, value: &Value) -> Result<String, String> {
    let request = send(of_version(version, schema, encoding), json!({"it": value}))?;
    let sent = split(FORM, &body(&request).unwrap());
    let named = sent.strip_prefix("Content-Disposition: form-data; name=\"it\"");
    Ok(named.unwrap_or(&sent).to_owned())
}

#[test]
fn texts_in_base64_are_parts_that_say_so() {
    const BYTES: &str = "\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC";
    const PNG: &str =
        "\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC";
    let base64 = json!({"type": "string", "contentEncoding": "base64"});
    let image =
        json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"});
    let untyped = json!({"contentEncoding": "BASE64"});
    let byte = json!({"type": "string", "format": "byte"});
    let raw = json!({"type": "string", "format": "binary"});
    let none = json!({});
    let png = json!({"contentType": "image/png, image/jpeg"});
    let header = json!({"headers": {"Content-Transfer-Encoding": {"schema": {"type": "string", "enum": ["base64"]}}}});
    let text = json!("AAEC");
    let file = json!({"filename": "a.dat", "data_base64": "AAEC"});
    let named = |rest: &str| format!("; filename=\"a.dat\"{rest}");
    for (version, schema, encoding, value, expected) in [
        ("3.1.1", &base64, &none, &text, BYTES.to_owned()),
        ("3.1.1", &base64, &none, &file, named(BYTES)),
        // `contentMediaType` shall be ignored beside the default content type.
        ("3.2.0", &image, &none, &text, BYTES.to_owned()),
        ("3.2.0", &image, &png, &text, PNG.to_owned()),
        ("3.1.1", &base64, &png, &file, named(PNG)),
        ("3.1.1", &untyped, &none, &text, BYTES.to_owned()),
        ("3.1.1", &base64, &header, &text, BYTES.to_owned()),
        // In 3.0 `format: byte` is the same; later it says nothing of the encoding.
        ("3.0.4", &byte, &none, &text, BYTES.to_owned()),
        ("3.0.4", &byte, &png, &file, named(PNG)),
        ("3.1.1", &byte, &none, &text, "\r\n\r\nAAEC".to_owned()),
        // Bytes that the document asks to be transferred so.
        ("3.0.4", &raw, &header, &file, named(BYTES)),
        (
            "3.0.4",
            &raw,
            &none,
            &file,
            named("\r\nContent-Type: application/octet-stream\r\n\r\n\0\u{1}\u{2}"),
        ),
    ] {
        let sent = it(version, schema, encoding, value);
        assert_eq!(sent, Ok(expected), "{version} {schema} {encoding} {value}");
    }
    // A text of a file is encoded, its own media type counts, and so does its name.
    let about = json!({"filename": "a.txt", "text": "é"});
    let typed = json!({"filename": "a", "content_type": "image/gif", "data_base64": "AAEC"});
    for (value, content_type, encoded) in [
        (about, "text/plain; charset=utf-8", "w6k="),
        (typed, "image/gif", "AAEC"),
    ] {
        let sent = it("3.1.1", &base64, &none, &value).unwrap();
        let end = format!(
            "\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}"
        );
        assert!(sent.ends_with(&end), "{value} {sent}");
    }
    // Each item of a list is a part.
    let list = json!({"type": "array", "items": base64});
    let sent = it("3.1.1", &list, &none, &json!(["AAEC", file])).unwrap();
    assert_eq!(
        sent.matches("Content-Transfer-Encoding: base64").count(),
        2,
        "{sent}"
    );
    // What is no base64 would arrive as something else.
    for value in [
        json!("no base64!"),
        json!({"filename": "a", "data_base64": "?"}),
    ] {
        let refused = it("3.1.1", &base64, &none, &value);
        assert!(refused.is_err_and(|why| why.contains("base64")), "{value}");
    }
}

#[test]
fn texts_in_another_encoding_are_sent_as_they_are_and_say_it() {
    let hex = json!({"type": "string", "contentEncoding": "base16"});
    let sent = it("3.1.1", &hex, &json!({}), &json!("00FF"));
    const HEX: &str = "\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base16\r\n\r\n00FF";
    assert_eq!(sent, Ok(HEX.to_owned()));
    let sent = parts(
        "multipart/mixed",
        &json!({"itemSchema": {"type": "string", "contentEncoding": "base64"}}),
        json!({"body": ["AAEC"]}),
    );
    assert_eq!(
        sent,
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC"
    );
}

#[test]
fn base64_in_the_branch_of_a_union_or_under_any_name_is_sent_as_in_a_form() {
    let base64 = json!({"type": "string", "contentEncoding": "base64"});
    let branch = |name: &str, schema: &Value| json!({"type": "object", "properties": {name: schema}, "required": [name]});
    let union =
        json!({"oneOf": [branch("it", &base64), branch("link", &json!({"type": "string"}))]});
    let open = json!({"type": "object", "additionalProperties": base64});
    for schema in [union, open] {
        for value in [
            json!("AAEC"),
            json!({"filename": "it", "data_base64": "AAEC"}),
        ] {
            let sent = parts(
                FORM,
                &json!({"schema": schema}),
                json!({"body": {"it": value}}),
            );
            assert!(
                sent.ends_with("\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC"),
                "{schema} {value} {sent}"
            );
        }
    }
}

#[test]
fn further_fields_of_a_form_are_parts_as_their_schema_or_what_is_given_says() {
    let raw = json!({"type": "string", "format": "binary"});
    let title = json!({"title": {"type": "string"}});
    let file = json!({"filename": "a.txt", "text": "hi"});
    const FILE: &str = "; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhi";
    const TEXT: &str = "\r\n\r\nhi";
    let of = |schema: &Value, value: &Value| {
        let open = json!({"type": "object", "properties": title, "additionalProperties": schema});
        parts(
            FORM,
            &json!({"schema": open}),
            json!({"title": "t", "additional_fields": {"it": value}}),
        )
    };
    for (schema, value, expected) in [
        (raw.clone(), file.clone(), FILE),
        (json!({"type": "array", "items": raw}), json!([file]), FILE),
        (json!(true), file.clone(), FILE),
        (json!(true), json!("hi"), TEXT),
        (
            json!({"anyOf": [{"type": "string"}, raw]}),
            file.clone(),
            FILE,
        ),
        (
            json!({"anyOf": [{"type": "string"}, raw]}),
            json!("hi"),
            TEXT,
        ),
        (json!({"type": "string"}), json!("hi"), TEXT),
        (
            json!({"type": "object", "properties": {"a": {"type": "integer"}}}),
            json!({"a": 1}),
            "\r\nContent-Type: application/json\r\n\r\n{\"a\":1}",
        ),
        (
            json!({"type": "string", "contentEncoding": "base64"}),
            json!("aGk="),
            "\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=",
        ),
    ] {
        let sent = of(&schema, &value);
        let own = format!("Content-Disposition: form-data; name=\"it\"{expected}");
        assert!(sent.ends_with(&own), "{schema} {value}: {sent}");
    }
    // A name that is required, of which only that schema speaks.
    let required = json!({"type": "object", "properties": title, "required": ["it"], "additionalProperties": raw});
    let sent = parts(FORM, &json!({"schema": required}), json!({"it": file}));
    assert!(sent.ends_with(FILE), "{sent}");
}

#[test]
fn a_file_with_its_content_in_two_ways_is_refused() {
    let raw = json!({"type": "string", "format": "binary"});
    let both = json!({"filename": "a", "data_base64": "AAEC", "text": "x"});
    let refused = it("3.2.0", &raw, &json!({}), &both);
    assert!(refused.is_err_and(|why| why.contains("both data_base64 and text")));
    let bytes = json!({"requestBody": {"content": {"application/pdf": {}}}});
    let bytes = only(api("post", &bytes, &json!({})));
    assert!(send(bytes, json!({"body": {"data_base64": "AAEC", "text": "x"}})).is_err());
}

/// The query of a GET whose query string is a form with these properties.
fn queried(properties: &Value, encoding: &Value, value: Value) -> Result<String, String> {
    let media =
        json!({"schema": {"type": "object", "properties": properties}, "encoding": encoding});
    let parameter = json!({"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": media}});
    let operation = json!({"parameters": [parameter]});
    let operation = only(api("get", &operation, &json!({})));
    send(operation, json!({"q": value})).map(|request| request.query)
}

#[test]
fn a_query_string_follows_its_encoding_objects() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let object = json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}});
    let text = json!({"type": "string"});
    for (schema, encoding, value, expected) in [
        // Without one, items are pairs of their own, and objects are JSON.
        (&list, json!({}), json!(["x", "y"]), "it=x&it=y"),
        (&object, json!({}), json!({"a": 1}), "it=%7B%22a%22%3A1%7D"),
        (
            &list,
            json!({"explode": false}),
            json!(["x", "y"]),
            "it=x,y",
        ),
        (
            &list,
            json!({"style": "pipeDelimited"}),
            json!(["x", "y"]),
            "it=x%7Cy",
        ),
        (
            &list,
            json!({"style": "spaceDelimited"}),
            json!(["x", "y"]),
            "it=x%20y",
        ),
        (
            &object,
            json!({"style": "deepObject"}),
            json!({"a": 1, "b": "c d"}),
            "it%5Ba%5D=1&it%5Bb%5D=c%20d",
        ),
        (
            &object,
            json!({"style": "form"}),
            json!({"a": 1, "b": "c"}),
            "a=1&b=c",
        ),
        (
            &object,
            json!({"explode": false}),
            json!({"a": 1, "b": "c"}),
            "it=a,1,b,c",
        ),
        (
            &text,
            json!({"allowReserved": true}),
            json!("a/b?c&d"),
            "it=a/b?c%26d",
        ),
        (
            &text,
            json!({"contentType": "application/json"}),
            json!("a"),
            "it=%22a%22",
        ),
        (
            &list,
            json!({"contentType": "application/json"}),
            json!(["a"]),
            "it=%5B%22a%22%5D",
        ),
        (
            &object,
            json!({"contentType": "application/xml"}),
            json!({"a": 1}),
            "it=%3C%3Fxml%20version%3D%221%2E0%22%20encoding%3D%22UTF%2D8%22%3F%3E%3Cit%3E%3Ca%3E1%3C%2Fa%3E%3C%2Fit%3E",
        ),
        (
            &object,
            json!({"contentType": "application/x-www-form-urlencoded"}),
            json!({"a": 1, "b": "c"}),
            "it=a%3D1%26b%3Dc",
        ),
        (
            &object,
            json!({"contentType": "text/csv"}),
            json!("a;b"),
            "it=a%3Bb",
        ),
    ] {
        let sent = queried(
            &json!({"it": schema}),
            &json!({"it": encoding}),
            json!({"it": value}),
        );
        assert_eq!(sent.as_deref(), Ok(expected), "{schema} {encoding} {value}");
    }
    // Names that an exploded member brings are those of no other member.
    let both = json!({"it": object, "a": {"type": "integer"}});
    let clash = queried(
        &both,
        &json!({"it": {"style": "form"}}),
        json!({"a": 1, "it": {"a": 2}}),
    );
    assert!(clash.is_err(), "{clash:?}");
}

#[test]
fn values_in_parts_are_written_as_xml() {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let xml = json!({"contentType": "application/xml; charset=utf-8"});
    let inline = json!({"type": "object", "properties": {"n": {"type": "integer", "xml": {"attribute": true}}}});
    let mut named = inline.clone();
    named["xml"] = json!({"name": "address"});
    let part = |name: &str, n: u8| {
        format!(
            "Content-Disposition: form-data; name=\"it\"\r\nContent-Type: application/xml; charset=utf-8\r\n\r\n{HEAD}<{name} n=\"{n}\"/>"
        )
    };
    let one = json!({"n": 1});
    for (schema, value, expected) in [
        // The name is that of the property, unless the schema has one (OpenAPI 3.2 §4.26.3).
        (inline.clone(), &one, part("it", 1)),
        (named.clone(), &one, part("address", 1)),
        (
            json!({"$ref": "#/components/schemas/Address"}),
            &one,
            part("Address", 1),
        ),
        // Each item is a part.
        (
            json!({"type": "array", "items": named}),
            &json!([one, {"n": 2}]),
            [part("address", 1), part("address", 2)].join("|"),
        ),
        (
            json!({"type": "array", "items": inline}),
            &json!([one]),
            part("it", 1),
        ),
    ] {
        let form = json!({"type": "object", "properties": {"it": schema}});
        let entry = json!({"schema": form, "encoding": {"it": xml}});
        let operation = json!({"requestBody": {"required": true, "content": {FORM: entry}}});
        let components = json!({"schemas": {"Address": inline}});
        let request = send(
            only(api("post", &operation, &components)),
            json!({"it": value}),
        );
        let sent = split(FORM, &body(&request.unwrap()).unwrap());
        assert_eq!(sent, expected, "{schema}");
    }
    // What the caller has written already is a text, and no file.
    let sent = it("3.1.1", &json!({"type": "string"}), &xml, &json!("<a/>"));
    assert_eq!(
        sent,
        Ok("\r\nContent-Type: application/xml; charset=utf-8\r\n\r\n<a/>".to_owned())
    );
}

#[test]
fn parts_can_be_bodies_of_their_own() {
    let bytes = json!({"type": "string", "format": "binary"});
    let file = json!({"filename": "a.png", "text": "x"});
    // The example of the standard: OpenAPI 3.2 §4.15.6, nested `multipart/mixed`.
    let entry = json!({
        "schema": {"type": "array", "prefixItems": [
            {"type": "array"},
            {"type": "array", "prefixItems": [
                {"type": "object", "xml": {"name": "a"}, "properties": {"b": {"type": "string"}}}, {"type": "string"}, {},
            ]},
        ]},
        "prefixEncoding": [{}, {
            "contentType": "multipart/mixed",
            "prefixEncoding": [{"contentType": "application/xml"}, {}, {"contentType": "image/png"}],
        }],
    });
    let given = json!({"body": [[1, 2], [{"b": "c"}, "t", file]]});
    let outer = parts("multipart/mixed", &entry, given);
    let (list, inner) = outer.split_once('|').unwrap();
    assert_eq!(list, "Content-Type: application/json\r\n\r\n[1,2]");
    let (head, inner) = inner.split_once("\r\n\r\n").unwrap();
    let media = head.strip_prefix("Content-Type: ").unwrap().to_owned();
    assert_eq!(
        split("multipart/mixed", &(media, inner.to_owned())),
        "Content-Type: application/xml\r\n\r\n<?xml version=\"1.0\" encoding=\"UTF-8\"?><a><b>c</b></a>\
         |\r\nt|Content-Disposition: attachment; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nx"
    );
    // In a form: files in one part (RFC 2388 §4.2), and a form with its own encoding objects.
    let mixed =
        json!({"contentType": "multipart/mixed", "itemEncoding": {"contentType": "image/png"}});
    let sent = it(
        "3.2.0",
        &json!({"type": "array", "items": bytes}),
        &mixed,
        &json!([file, file]),
    )
    .unwrap();
    let (head, inner) = sent.trim_start().split_once("\r\n\r\n").unwrap();
    let media = head.strip_prefix("Content-Type: ").unwrap().to_owned();
    const PNG: &str =
        "Content-Disposition: attachment; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nx";
    assert_eq!(
        split("multipart/mixed", &(media, inner.to_owned())),
        format!("{PNG}|{PNG}")
    );
    let object = json!({"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer"}}, "o": {"type": "object", "properties": {"k": {"type": "string"}}}}});
    let own = json!({"contentType": "application/x-www-form-urlencoded", "encoding": {"o": {"style": "deepObject"}}});
    let sent = it(
        "3.2.0",
        &object,
        &own,
        &json!({"ids": [1, 2], "o": {"k": "v"}}),
    );
    const SENT: &str =
        "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nids=1&ids=2&o%5Bk%5D=v";
    assert_eq!(sent, Ok(SENT.to_owned()));
    // Files within an object that is a body of its own.
    let object =
        json!({"type": "object", "properties": {"photo": bytes, "note": {"type": "string"}}});
    let sent = it(
        "3.2.0",
        &object,
        &json!({"contentType": "multipart/form-data"}),
        &json!({"photo": file, "note": "n"}),
    )
    .unwrap();
    assert!(
        sent.contains("name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nx"),
        "{sent}"
    );
}

#[test]
fn header_fields_of_parts_are_arguments_where_the_document_leaves_their_value_open() {
    let photo = json!({"type": "array", "items": {"type": "string", "format": "binary"}});
    let schema =
        json!({"type": "object", "properties": {"photo": photo, "note": {"type": "string"}}});
    let headers = json!({
        "X-Kind": {"schema": {"const": "scan"}},
        "X-Tags": {"schema": {"type": "array", "items": {"type": "string"}}},
        "X-Limit": {"required": true, "description": "At most", "schema": {"type": "integer"}},
        "X-Meta": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "Content-ID": {"schema": false},
    });
    let entry = json!({"schema": schema, "encoding": {"photo": {"headers": headers}}});
    let file = json!({"filename": "a.png", "text": "x"});
    let sent = parts(
        FORM,
        &entry,
        json!({"photo": [file, file], "photo_X-Tags": ["a", "b"], "photo_X-Limit": 5, "photo_X-Meta": {"k": "é"}, "note": "n"}),
    );
    const PHOTO: &str = "Content-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\nX-Kind: scan\r\nX-Tags: a,b\r\nX-Limit: 5\r\nX-Meta: {\"k\":\"\\u00e9\"}\r\n\r\nx";
    const NOTE: &str = "Content-Disposition: form-data; name=\"note\"\r\n\r\nn";
    assert_eq!(sent, [PHOTO, PHOTO, NOTE].join("|"));
    let operation = json!({"requestBody": {"required": true, "content": {FORM: entry}}});
    let operation = only(api("post", &operation, &json!({})));
    let said = "At most. Header field `X-Limit` of the part `photo`, which needs it.";
    assert!(operation.input_schema.contains(said));
    for (given, why) in [
        (json!({"note": "n", "photo_X-Limit": 5}), "is not given"),
        (json!({"photo": [file]}), "needs it"),
        (
            json!({"photo": [file], "photo_X-Limit": 5, "photo_X-Tags": ["a\r\nX-Evil: 1"]}),
            "line breaks",
        ),
    ] {
        let refused = send(operation, given.clone());
        assert!(
            refused.as_ref().is_err_and(|error| error.contains(why)),
            "{given} {refused:?}"
        );
    }
    assert!(send(operation, json!({"note": "n"})).is_ok());
    // Nothing is lost where the whole body may be left out.
    let operation = json!({"requestBody": {"content": {FORM: entry}}});
    let operation = only(api("post", &operation, &json!({})));
    let refused = send(operation, json!({"photo_X-Limit": 5}));
    assert!(refused.is_err_and(|error| error.contains("is not given")));
    assert!(send(operation, json!({})).is_ok());
}

/// "Special Considerations for `multipart` Content" (OpenAPI 3.1.1 §4.8.14.4): a primitive is text, a complex
/// value JSON.
#[test]
fn what_a_union_takes_is_a_part_by_what_it_is() {
    let text = json!({"type": "string"});
    let model = json!({"anyOf": [text, {"type": "string", "enum": ["whisper-1"]}]});
    let choice =
        json!({"oneOf": [text, {"type": "object", "properties": {"k": {"type": "integer"}}}]});
    let number = json!({"anyOf": [{"type": "integer"}, {"type": "boolean"}]});
    let several = json!({"oneOf": [text, {"type": "array", "items": text}]});
    let none = json!({});
    for (schema, value, expected) in [
        (&model, json!("whisper-1"), "\r\n\r\nwhisper-1"),
        (&choice, json!("auto"), "\r\n\r\nauto"),
        (
            &choice,
            json!({"k": 1}),
            "\r\nContent-Type: application/json\r\n\r\n{\"k\":1}",
        ),
        (&number, json!(5), "\r\n\r\n5"),
        (&number, json!(true), "\r\n\r\ntrue"),
        (&several, json!("a"), "\r\n\r\na"),
    ] {
        for version in ["3.0.4", "3.1.1", "3.2.0"] {
            let sent = it(version, schema, &none, &value);
            assert_eq!(sent, Ok(expected.to_owned()), "{version} {schema} {value}");
        }
    }
}

#[test]
fn a_form_that_is_one_text_says_that_it_is_encoded_already() {
    let form = "application/x-www-form-urlencoded";
    let text = json!({"schema": {"type": "string"}});
    let body = json!({"requestBody": {"content": {form: text}}});
    let query =
        json!({"parameters": [{"name": "q", "in": "querystring", "content": {form: text}}]});
    for operation in [body, query] {
        let operation = only(api("post", &operation, &json!({})));
        let said = operation.input_schema;
        assert!(said.contains("encoded already"), "{said}");
    }
}

#[test]
fn a_body_of_base64_text_is_sent_as_that_text() {
    let base64 =
        json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"});
    let byte = json!({"type": "string", "format": "byte"});
    let raw = json!({"type": "string", "format": "binary"});
    let hex = json!({"type": "string", "contentEncoding": "base16"});
    let (text, file) = (json!("AAEC"), json!({"data_base64": "AAEC"}));
    for (version, media, schema, value, expected) in [
        ("3.1.0", "image/png", &base64, &text, Ok("AAEC")),
        ("3.1.0", "image/png", &base64, &file, Ok("AAEC")),
        (
            "3.2.0",
            "image/png",
            &base64,
            &json!({"text": "a"}),
            Ok("YQ=="),
        ),
        (
            "3.2.0",
            "image/png",
            &base64,
            &json!("no base64!"),
            Err("base64"),
        ),
        (
            "3.0.4",
            "application/octet-stream",
            &byte,
            &text,
            Ok("AAEC"),
        ),
        (
            "3.1.0",
            "application/octet-stream",
            &byte,
            &file,
            Ok("\0\u{1}\u{2}"),
        ),
        (
            "3.0.4",
            "application/octet-stream",
            &raw,
            &file,
            Ok("\0\u{1}\u{2}"),
        ),
        (
            "3.1.0",
            "application/octet-stream",
            &hex,
            &json!("00FF"),
            Ok("00FF"),
        ),
    ] {
        let operation =
            json!({"requestBody": {"required": true, "content": {media: {"schema": schema}}}});
        let operation = only(api_of(version, "post", &operation, &json!({})));
        let sent = send(operation, json!({"body": value})).map(|request| body(&request).unwrap());
        match (&sent, expected) {
            (Ok(sent), Ok(expected)) => assert_eq!(
                *sent,
                (media.to_owned(), expected.to_owned()),
                "{version} {schema}"
            ),
            (Err(said), Err(expected)) => assert!(said.contains(expected), "{said}"),
            _ => panic!("{version} {schema} {value}: {sent:?}"),
        }
    }
}

#[test]
fn a_style_counts_in_forms_and_the_content_type_elsewhere() {
    let object = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    let both = json!({"style": "deepObject", "contentType": "application/json"});
    let one = json!({"a": 1});
    const JSON: &str = "\r\nContent-Type: application/json\r\n\r\n{\"a\":1}";
    assert_eq!(it("3.0.4", &object, &both, &one), Ok(JSON.to_owned()));
    for version in ["3.1.1", "3.2.0"] {
        let styled = it(version, &object, &both, &one);
        assert!(styled.is_ok_and(|sent| sent.contains("name=\"it[a]\"\r\n\r\n1")));
    }
    // Files stay files, whatever style a framework writes beside each field.
    let raw = json!({"type": "string", "format": "binary"});
    let sent = it(
        "3.1.1",
        &raw,
        &json!({"style": "form"}),
        &json!({"filename": "a.png", "text": "x"}),
    );
    assert!(sent.is_ok_and(|sent| sent.contains("filename=\"a.png\"")));
    let form = json!({"type": "object", "properties": {"it": object}});
    let sent = parts(
        "multipart/related",
        &json!({"schema": form, "encoding": {"it": {"style": "deepObject"}}}),
        json!({"it": one}),
    );
    assert!(sent.ends_with(JSON), "{sent}");
}
