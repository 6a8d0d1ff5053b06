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
    for (value, content_type, encoded) in
        [(about, "text/plain", "w6k="), (typed, "image/gif", "AAEC")]
    {
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
fn a_file_with_its_content_in_two_ways_is_refused() {
    let raw = json!({"type": "string", "format": "binary"});
    let both = json!({"filename": "a", "data_base64": "AAEC", "text": "x"});
    let refused = it("3.2.0", &raw, &json!({}), &both);
    assert!(refused.is_err_and(|why| why.contains("both data_base64 and text")));
    let bytes = json!({"requestBody": {"content": {"application/pdf": {}}}});
    let bytes = only(api("post", &bytes, &json!({})));
    assert!(send(bytes, json!({"body": {"data_base64": "AAEC", "text": "x"}})).is_err());
}
