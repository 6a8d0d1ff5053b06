//! Bodies in parts: order, names, files, media types.

use serde_json::{Value, json};

use super::{api, body, only, parts, send, split};

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
