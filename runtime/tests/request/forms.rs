//! Fields of forms and parts of multipart bodies.

use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::build;
use serde_json::json;

use crate::leak;

#[test]
fn form_fields_follow_their_encoding_objects() {
    let (deep, form) = (Style::DeepObject, Style::Form);
    for (part, value, expected) in [
        (
            PartEncoding::Styled(deep, true),
            json!({"k": "v", "n": {"m": 1}}),
            "p[k]=v&p[n][m]=1",
        ),
        (
            PartEncoding::Styled(deep, true),
            json!([{"price": "x"}, {"price": "y"}]),
            "p[0][price]=x&p[1][price]=y",
        ),
        (
            PartEncoding::Styled(deep, true),
            json!(["a", "b"]),
            "p[]=a&p[]=b",
        ),
        (PartEncoding::Styled(deep, true), json!(""), "p="),
        (
            PartEncoding::Styled(form, false),
            json!(["a", "b,c"]),
            "p=a,b%2Cc",
        ),
        (PartEncoding::Styled(form, true), json!({"k": 1}), "k=1"),
        (
            PartEncoding::Styled(Style::PipeDelimited, false),
            json!(["a", "b"]),
            "p=a|b",
        ),
        (
            PartEncoding::Reserved(form, true),
            json!("https://h/?a&b=1#c"),
            "p=https://h/?a%26b%3D1%23c",
        ),
        (PartEncoding::Json("application/json"), json!([1]), "p=[1]"),
        (PartEncoding::Plain, json!([1, {"a": 2}]), "p=1&p={\"a\":2}"),
        (PartEncoding::Plain, json!({"a": 2}), "p={\"a\":2}"),
        (PartEncoding::Plain, json!(null), "p="),
        (PartEncoding::Typed("text/plain"), json!(true), "p=true"),
    ] {
        let text = sent(
            BodyEncoding::Form,
            BodyField {
                part,
                ..BodyField::DEFAULT
            },
            value,
        );
        // What a style writes is encoded, what a value holds too: only the former is readable here.
        let readable = ["%5B", "%5D", "%7C", "%22", "%7B", "%7D", "%3A"]
            .into_iter()
            .zip(["[", "]", "|", "\"", "{", "}", ":"])
            .fold(text, |text, (code, c)| text.replace(code, c));
        assert_eq!(readable, expected, "{part:?}");
    }
}

#[test]
fn a_form_that_is_given_as_one_text_is_sent_as_it_is() {
    let operation = |encoding| OperationDef {
        body: Some(Body {
            media_type: "application/x-www-form-urlencoded",
            encoding,
            shape: BodyShape::Whole { argument: "body" },
            required: true,
        }),
        ..OperationDef::DEFAULT
    };
    let text = "a=1&b=x+y&c=%5B%5D";
    let given = |value: Value| Object::from_iter([("body".to_owned(), value)]);
    let form = operation(BodyEncoding::Form);
    let request = build(&form, &given(json!(text))).unwrap();
    assert_eq!(request.body.unwrap().bytes, text.as_bytes());
    // What is left out of a parameter says nothing of the form.
    let beside = OperationDef {
        read_only: &["/filter/id", "/bodyguard/id"],
        ..form
    };
    let request = build(&beside, &given(json!(text))).unwrap();
    assert_eq!(request.body.unwrap().bytes, text.as_bytes());
    // Anything else is no form, and a text is no list of parts.
    for (operation, value) in [
        (&form, json!(5)),
        (&form, json!(["a=1"])),
        (&operation(BodyEncoding::Multipart), json!(text)),
        // Nor can a field be left out of it that is not for callers.
        (
            &OperationDef {
                read_only: &["/body/key"],
                ..form
            },
            json!("key=x"),
        ),
    ] {
        assert!(build(operation, &given(value)).is_err());
    }
}

#[test]
fn parts_follow_their_encoding_objects() {
    const FILE: &str = "Content-Disposition: form-data; name=\"p\"; filename=\"a.bin\"\r\n";
    const TEXT: &str = "Content-Disposition: form-data; name=\"p\"\r\n";
    let plain = BodyField::DEFAULT;
    let part = |part| BodyField { part, ..plain };
    let file = json!({"filename": "a.bin", "data_base64": "AAEC"});
    let typed = json!({"filename": "a.bin", "text": "x", "content_type": "image/gif"});
    let headers = BodyField {
        headers: &[("X-Kind", "note")],
        ..part(PartEncoding::Typed("text/csv"))
    };
    for (field, value, expected) in [
        (plain, json!("x\r\ny"), format!("{TEXT}\r\nx\r\ny")),
        (plain, json!(12.5), format!("{TEXT}\r\n12.5")),
        (plain, json!(["a", 1]), format!("{TEXT}\r\na|{TEXT}\r\n1")),
        (
            plain,
            json!({"a": [1]}),
            format!("{TEXT}Content-Type: application/json\r\n\r\n{{\"a\":[1]}}"),
        ),
        (
            plain,
            json!([{"a": 1}, "b"]),
            format!("{TEXT}Content-Type: application/json\r\n\r\n{{\"a\":1}}|{TEXT}\r\nb"),
        ),
        (
            part(PartEncoding::Json("application/vnd.a+json")),
            json!("t"),
            format!("{TEXT}Content-Type: application/vnd.a+json\r\n\r\n\"t\""),
        ),
        (
            part(PartEncoding::Typed("text/csv")),
            json!("a,b"),
            format!("{TEXT}Content-Type: text/csv\r\n\r\na,b"),
        ),
        // In the charset that it says: Latin 1 is written, and JSON has a form for every character.
        (
            part(PartEncoding::Typed("text/plain; charset=utf-16be")),
            json!("a"),
            format!("{TEXT}Content-Type: text/plain; charset=utf-16be\r\n\r\n\0a"),
        ),
        (
            part(PartEncoding::Json("application/json; charset=latin1")),
            json!("é"),
            format!("{TEXT}Content-Type: application/json; charset=latin1\r\n\r\n\"\\u00e9\""),
        ),
        (
            headers,
            json!("a,b"),
            format!("{TEXT}Content-Type: text/csv\r\nX-Kind: note\r\n\r\na,b"),
        ),
        (
            part(PartEncoding::Styled(Style::Form, false)),
            json!(["a b", "c"]),
            format!("{TEXT}\r\na b,c"),
        ),
        (
            part(PartEncoding::File),
            file.clone(),
            format!("{FILE}Content-Type: application/octet-stream\r\n\r\n\0\u{1}\u{2}"),
        ),
        (
            part(PartEncoding::FileOf("image/png")),
            file,
            format!("{FILE}Content-Type: image/png\r\n\r\n\0\u{1}\u{2}"),
        ),
        (
            part(PartEncoding::FileOf("image/png")),
            json!([typed, typed]),
            [(); 2]
                .map(|()| format!("{FILE}Content-Type: image/gif\r\n\r\nx"))
                .join("|"),
        ),
    ] {
        let text = sent(BodyEncoding::Multipart, field, value.clone());
        let boundary = "--mcpwright-boundary-0000000000000000";
        let parts: Vec<&str> = text.split(boundary).collect();
        assert_eq!(parts.last(), Some(&"--\r\n"));
        let parts: Vec<&str> = parts[1..parts.len() - 1]
            .iter()
            .map(|part| {
                part.strip_prefix("\r\n")
                    .unwrap()
                    .strip_suffix("\r\n")
                    .unwrap()
            })
            .collect();
        assert_eq!(parts.join("|"), expected, "{value}");
    }
}

/// Media type and parts, joined with `|`, of the multipart body that an argument `body` gives.
fn multipart(media_type: &'static str, shape: BodyShape, value: Value) -> (String, String) {
    let operation = OperationDef {
        body: Some(Body {
            media_type,
            encoding: BodyEncoding::Multipart,
            shape,
            required: true,
        }),
        ..OperationDef::DEFAULT
    };
    let arguments = Object::from_iter([("body".to_owned(), value)]);
    let body = build(&operation, &arguments).unwrap().body.unwrap();
    let text = String::from_utf8(body.bytes).unwrap();
    let parts = text
        .strip_suffix("--mcpwright-boundary-0000000000000000--\r\n")
        .unwrap();
    let parts: Vec<&str> = parts
        .split("--mcpwright-boundary-0000000000000000\r\n")
        .skip(1)
        .map(|part| part.strip_suffix("\r\n").unwrap())
        .collect();
    (body.content_type, parts.join("|"))
}

#[test]
fn parts_of_a_list_stand_in_its_order_and_have_names_only_if_the_document_gives_them() {
    let rest = BodyField {
        part: PartEncoding::File,
        ..BodyField::DEFAULT
    };
    let prefix = leak([
        BodyField {
            part: PartEncoding::Json("application/json"),
            ..BodyField::DEFAULT
        },
        BodyField {
            name: "note",
            part: PartEncoding::Plain,
            headers: &[("X-Kind", "note")],
            ..BodyField::DEFAULT
        },
    ]);
    let items = BodyShape::Items {
        argument: "body",
        prefix,
        rest,
    };
    let file = json!({"filename": "a.bin", "data_base64": "AAEC"});
    let (content_type, parts) = multipart(
        "multipart/related; boundary=own; type=\"a/b\"",
        items,
        json!([{"a": 1}, "n", file, file]),
    );
    assert_eq!(
        content_type,
        "multipart/related; type=\"a/b\"; boundary=mcpwright-boundary-0000000000000000"
    );
    let file = "Content-Disposition: attachment; filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n\0\u{1}\u{2}";
    let note = "Content-Disposition: form-data; name=\"note\"\r\nX-Kind: note\r\n\r\nn";
    assert_eq!(
        parts,
        format!("Content-Type: application/json\r\n\r\n{{\"a\":1}}|{note}|{file}|{file}")
    );
    // A list in the list is one part; text beyond ASCII says how it is written.
    let plain = BodyShape::Items {
        argument: "body",
        prefix: &[],
        rest: BodyField::DEFAULT,
    };
    let (_, parts) = multipart("multipart/mixed", plain, json!([["a", "b"], "é", "e"]));
    assert_eq!(
        parts,
        "Content-Type: application/json\r\n\r\n[\"a\",\"b\"]|Content-Type: text/plain; charset=utf-8\r\n\r\né|\r\ne"
    );
}

#[test]
fn members_of_an_object_are_sent_as_the_document_says_or_as_what_they_are() {
    let members = BodyShape::Members {
        argument: "body",
        fields: leak([BodyField {
            name: "photo",
            part: PartEncoding::FileOf("image/png"),
            ..BodyField::DEFAULT
        }]),
        rest: PartEncoding::Any,
    };
    let file = json!({"filename": "a.bin", "text": "x"});
    let (content_type, parts) = multipart(
        "multipart/form-data",
        members,
        json!({"photo": file, "more": [file, "t"], "like": {"text": "t"}}),
    );
    assert_eq!(
        content_type,
        "multipart/form-data; boundary=mcpwright-boundary-0000000000000000"
    );
    let part = |name: &str, filename: &str, rest: &str| {
        format!("Content-Disposition: form-data; name=\"{name}\"{filename}\r\n{rest}")
    };
    let filename = "; filename=\"a.bin\"";
    assert_eq!(
        parts,
        [
            part("photo", filename, "Content-Type: image/png\r\n\r\nx"),
            part(
                "more",
                filename,
                "Content-Type: application/octet-stream\r\n\r\nx"
            ),
            part("more", "", "\r\nt"),
            part(
                "like",
                "",
                "Content-Type: application/json\r\n\r\n{\"text\":\"t\"}"
            ),
        ]
        .join("|")
    );
}

/// The body that a value gives as the property `p`.
fn sent(encoding: BodyEncoding, field: BodyField, value: Value) -> String {
    let field = BodyField {
        name: "p",
        argument: "p",
        ..field
    };
    let operation = OperationDef {
        body: Some(Body {
            media_type: "x/y",
            encoding,
            shape: BodyShape::Properties {
                fields: leak([field]),
                additional: "",
            },
            required: false,
        }),
        ..OperationDef::DEFAULT
    };
    let request = build(&operation, &Object::from_iter([("p".to_owned(), value)])).unwrap();
    String::from_utf8(request.body.unwrap().bytes).unwrap()
}

/// Fields and content of the only part, or what is wrong.
fn part(part: PartEncoding, value: Value) -> Result<String, String> {
    let fields = leak([BodyField {
        name: "p",
        argument: "p",
        part,
        headers: &[],
    }]);
    let operation = OperationDef {
        body: Some(Body {
            media_type: "multipart/form-data",
            encoding: BodyEncoding::Multipart,
            shape: BodyShape::Properties {
                fields,
                additional: "",
            },
            required: true,
        }),
        ..OperationDef::DEFAULT
    };
    let arguments = Object::from_iter([("p".to_owned(), value)]);
    let body = build(&operation, &arguments).map_err(|error| error.message)?;
    let bytes = body.body.unwrap().bytes;
    let text: String = bytes.into_iter().map(char::from).collect();
    let (_, rest) = text.split_once("\r\n").unwrap();
    let (one, _) = rest.rsplit_once("\r\n--mcpwright").unwrap();
    let (_, from) = one.split_once("Content-Type: ").unwrap();
    Ok(from.to_owned())
}

#[test]
fn a_file_that_is_given_as_text_is_in_the_charset_that_its_part_says() {
    let text = |content_type: Option<&str>| match content_type {
        None => json!({"filename": "a.txt", "text": "é"}),
        Some(named) => json!({"filename": "a.txt", "text": "é", "content_type": named}),
    };
    for (encoding, given, expected) in [
        (
            PartEncoding::File,
            text(None),
            Ok("text/plain; charset=utf-8\r\n\r\nÃ©"),
        ),
        (
            PartEncoding::File,
            text(Some("text/csv; Charset=ISO-8859-1")),
            Ok("text/csv; Charset=ISO-8859-1\r\n\r\né"),
        ),
        (
            PartEncoding::FileOf("text/plain; charset=latin1"),
            text(None),
            Ok("text/plain; charset=latin1\r\n\r\né"),
        ),
        (
            PartEncoding::File,
            text(Some("text/plain; charset=utf-16le")),
            Ok("text/plain; charset=utf-16le\r\n\r\né\0"),
        ),
        (
            PartEncoding::File,
            text(Some("text/plain;charset=UTF-8")),
            Ok("text/plain;charset=UTF-8\r\n\r\nÃ©"),
        ),
        // These are UTF-8 unless they say otherwise.
        (
            PartEncoding::File,
            text(Some("application/json")),
            Ok("application/json\r\n\r\nÃ©"),
        ),
        (
            PartEncoding::File,
            json!({"filename": "a.txt", "text": "e"}),
            Ok("text/plain\r\n\r\ne"),
        ),
        // Bytes are what they are.
        (
            PartEncoding::File,
            json!({"filename": "a.txt", "data_base64": "6Q=="}),
            Ok("text/plain\r\n\r\né"),
        ),
        (
            PartEncoding::Base64("text/plain; charset=latin1"),
            text(None),
            Ok("text/plain; charset=latin1\r\nContent-Transfer-Encoding: base64\r\n\r\n6Q=="),
        ),
        (
            PartEncoding::File,
            text(Some("text/plain; charset=us-ascii")),
            Err("is sent as us-ascii"),
        ),
        (
            PartEncoding::File,
            text(Some("text/plain; charset=koi8-r")),
            Err("is sent as koi8-r"),
        ),
    ] {
        match (part(encoding, given.clone()), expected) {
            (Ok(sent), Ok(expected)) => assert_eq!(sent, expected, "{given}"),
            (Err(said), Err(expected)) => assert!(said.contains(expected), "{given}: {said}"),
            (sent, expected) => panic!("{given}: {sent:?}, not {expected:?}"),
        }
    }
}

#[test]
fn base64_is_sent_in_the_form_that_its_name_means() {
    const BASE64: PartEncoding = PartEncoding::Base64("image/png");
    const HEAD: &str = "image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    for (given, sent) in [
        ("+/8=", Some("+/8=")),
        ("+/8", Some("+/8=")),
        ("-_8", Some("+/8=")),
        ("-_8=", Some("+/8=")),
        ("YWJj", Some("YWJj")),
        ("YW\r\nJj", Some("YW\r\nJj")),
        ("", Some("")),
        ("+_8=", None),
        ("Y", None),
        ("not base64", None),
        ("data:image/png;base64,YWJj", None),
    ] {
        let expected = sent.map(|sent| format!("{HEAD}{sent}"));
        assert_eq!(part(BASE64, json!(given)).ok(), expected, "{given}");
        // What a file has in it is decoded either way.
        let file = json!({"filename": "a.png", "data_base64": given});
        let decoded = part(PartEncoding::File, file);
        assert_eq!(decoded.is_ok(), sent.is_some(), "{given}: {decoded:?}");
    }
    let said = part(BASE64, json!("+_8=")).unwrap_err();
    assert!(said.contains("is not valid base64 (RFC 4648"), "{said}");
}
