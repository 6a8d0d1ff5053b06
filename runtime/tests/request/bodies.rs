//! Bodies of all encodings.

use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::build;
use serde_json::json;

use crate::leak;

#[test]
fn bodies() {
    let field = |name: &'static str, part| BodyField {
        name,
        argument: name,
        part,
        headers: &[],
    };
    let fields: &'static [BodyField] = leak([
        field("a", PartEncoding::Plain),
        field("b", PartEncoding::Styled(Style::DeepObject, true)),
        field("c", PartEncoding::Styled(Style::PipeDelimited, false)),
        field("d", PartEncoding::Json("application/json")),
    ]);
    let body = |media_type, encoding, shape, required| {
        Some(Body {
            media_type,
            encoding,
            shape,
            required,
        })
    };
    let properties = BodyShape::Properties {
        fields,
        additional: "more",
    };
    let whole = BodyShape::Whole { argument: "body" };
    let make = |body: Option<Body>, arguments: Value| {
        let operation = OperationDef {
            body,
            ..OperationDef::DEFAULT
        };
        let Value::Object(arguments) = arguments else {
            panic!("an object")
        };
        build(&operation, &arguments).map(|request| {
            request
                .body
                .map(|body| (body.content_type, String::from_utf8(body.bytes).unwrap()))
        })
    };
    let some =
        |content_type: &str, text: &str| Ok(Some((content_type.to_owned(), text.to_owned())));
    const JSON: &str = "application/merge-patch+json";
    const FORM: &str = "application/x-www-form-urlencoded";
    let args = json!({"a": [1, "x y"], "b": {"k": [1, 2]}, "c": ["p", "q"], "d": {"e": null}, "more": {"z": 1}});
    assert_eq!(
        make(
            body(JSON, BodyEncoding::Json, properties, true),
            args.clone()
        ),
        some(
            JSON,
            r#"{"a":[1,"x y"],"b":{"k":[1,2]},"c":["p","q"],"d":{"e":null},"z":1}"#
        )
    );
    assert_eq!(
        make(body(FORM, BodyEncoding::Form, properties, true), args),
        some(
            FORM,
            "a=1&a=x%20y&b%5Bk%5D%5B%5D=1&b%5Bk%5D%5B%5D=2&c=p%7Cq&d=%7B%22e%22%3Anull%7D&z=1"
        )
    );
    assert_eq!(
        make(body(JSON, BodyEncoding::Json, properties, true), json!({})),
        some(JSON, "{}")
    );
    assert_eq!(
        make(body(JSON, BodyEncoding::Json, properties, false), json!({})),
        Ok(None)
    );
    assert_eq!(
        make(
            body(JSON, BodyEncoding::Json, whole, true),
            json!({"body": [1]})
        ),
        some(JSON, "[1]")
    );
    assert_eq!(
        make(
            body("text/plain", BodyEncoding::Text, whole, true),
            json!({"body": "hi\n"})
        ),
        some("text/plain", "hi\n")
    );
    assert_eq!(
        make(
            body("image/*", BodyEncoding::Bytes, whole, true),
            json!({"body": {"data_base64": "aGk", "content_type": "image/png"}})
        ),
        some("image/png", "hi")
    );
    assert_eq!(
        make(
            body("application/pdf", BodyEncoding::Bytes, whole, true),
            json!({"body": {"text": "hi"}})
        ),
        some("application/pdf", "hi")
    );
    assert!(
        make(
            body("application/pdf", BodyEncoding::Bytes, whole, true),
            json!({"body": {"data_base64": "%"}})
        )
        .is_err()
    );
    // A boundary never occurs in a part.
    let tricky = "mcpwright-boundary-0000000000000000";
    // Nor does a part that holds many of them keep the server searching.
    let start = std::time::Instant::now();
    let many: String = (0..100_000)
        .map(|number| format!("mcpwright-boundary-{number:016x}"))
        .collect();
    let (content_type, _) = make(
        body("multipart/form-data", BodyEncoding::Multipart, whole, true),
        json!({"body": {"x": many}}),
    )
    .unwrap()
    .unwrap();
    assert!(
        content_type.ends_with(&format!("{:016x}", 100_000)),
        "{content_type}"
    );
    // Searching for each anew takes minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    let (content_type, text) = make(
        body("multipart/form-data", BodyEncoding::Multipart, whole, true),
        json!({"body": {"x": tricky}}),
    )
    .unwrap()
    .unwrap();
    assert!(content_type.ends_with("boundary=mcpwright-boundary-0000000000000001"));
    assert_eq!(
        text.matches("--mcpwright-boundary-0000000000000001")
            .count(),
        2
    );
}

#[test]
fn a_further_property_that_has_an_argument_of_its_own_is_refused() {
    let fields: &'static [BodyField] = leak([BodyField {
        name: "a",
        argument: "body_a",
        ..BodyField::DEFAULT
    }]);
    for encoding in [
        BodyEncoding::Json,
        BodyEncoding::Form,
        BodyEncoding::Multipart,
    ] {
        let operation = OperationDef {
            body: Some(Body {
                media_type: "x/y",
                encoding,
                shape: BodyShape::Properties {
                    fields,
                    additional: "more",
                },
                required: true,
            }),
            ..OperationDef::DEFAULT
        };
        for arguments in [
            json!({"more": {"a": "y"}}),
            json!({"more": {"z": 1, "a": null}, "body_a": "x"}),
        ] {
            let refusal = build(&operation, arguments.as_object().unwrap()).unwrap_err();
            assert_eq!(
                refusal.to_string(),
                "/more: `a` has an argument of its own; give it as body_a, and not here",
                "{encoding:?} {arguments}"
            );
        }
        let further = json!({"more": {"body_a": 1}});
        assert!(build(&operation, further.as_object().unwrap()).is_ok());
    }
}

#[test]
fn texts_are_written_in_the_charset_that_the_media_type_names() {
    let send = |media_type, encoding, value: &str| {
        let operation = OperationDef {
            body: Some(Body {
                media_type,
                encoding,
                shape: BodyShape::Whole { argument: "body" },
                required: true,
            }),
            ..OperationDef::DEFAULT
        };
        let arguments = Object::from_iter([("body".to_owned(), json!(value))]);
        build(&operation, &arguments).map(|request| request.body.unwrap().bytes)
    };
    for (media_type, text, expected) in [
        ("text/plain", "é€", Some("é€".as_bytes())),
        ("text/plain; charset=\"UTF-8\"", "é€", Some("é€".as_bytes())),
        (
            "text/plain;charset=ISO-8859-1",
            "aé",
            Some(b"a\xe9".as_slice()),
        ),
        ("text/plain; charset=iso-8859-1", "€", None),
        ("text/plain; charset=us-ascii", "a", Some(b"a")),
        ("text/plain; charset=us-ascii", "é", None),
        ("text/csv; header=present; charset=shift_jis", "日", None),
        (
            "text/plain; charset=UTF-16",
            "a😀",
            Some(b"\xfe\xff\0a\xd8\x3d\xde\x00"),
        ),
        ("text/plain; charset=utf-16le", "é", Some(b"\xe9\0")),
        ("text/plain; charset=utf-16be", "é", Some(b"\0\xe9")),
    ] {
        let sent = send(media_type, BodyEncoding::Text, text);
        assert_eq!(sent.as_deref().ok(), expected, "{media_type} {text}");
    }
    // JSON has a form for every character.
    for (media_type, expected) in [
        ("application/json", "\"é😀\""),
        ("application/json; charset=utf-8", "\"é😀\""),
        (
            "application/json; charset=iso-8859-1",
            r#""\u00e9\ud83d\ude00""#,
        ),
    ] {
        let sent = send(media_type, BodyEncoding::Json, "é😀").unwrap();
        assert_eq!(String::from_utf8(sent).unwrap(), expected, "{media_type}");
    }
    let sent = send("text/json;charset=utf-16be", BodyEncoding::Json, "a").unwrap();
    assert_eq!(sent, b"\0\"\0a\0\"");
    // So has XML, whose declaration agrees with the media type (RFC 7303 §3).
    static ROOT: Xml = Xml {
        name: "a",
        ..Xml::DEFAULT
    };
    for (media_type, expected) in [
        (
            "application/xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>é😀</a>",
        ),
        (
            "application/xml; charset=iso-8859-1",
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>&#xE9;&#x1F600;</a>",
        ),
    ] {
        let sent = send(media_type, BodyEncoding::Xml(&ROOT), "é😀").unwrap();
        assert_eq!(String::from_utf8(sent).unwrap(), expected, "{media_type}");
    }
}
