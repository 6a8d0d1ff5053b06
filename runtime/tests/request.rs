//! Every cell of the style tables, the body encodings, and the route law.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::{Request, RequestError, build};
use proptest::prelude::*;
use serde_json::json;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// An operation with one parameter `p`, and a path that has it if it belongs there.
fn with(parameter: Parameter) -> OperationDef {
    let parameter = Parameter {
        name: "p",
        argument: "p",
        ..parameter
    };
    let in_path = parameter.location == Location::Path;
    let segments: &'static [Segment] = if in_path {
        leak([
            Segment(&[Part::Literal("a")]),
            Segment(&[Part::Parameter("p")]),
            Segment(&[Part::Literal("z")]),
        ])
    } else {
        leak([Segment(&[Part::Literal("a")])])
    };
    OperationDef {
        segments,
        parameters: leak([parameter]),
        ..OperationDef::DEFAULT
    }
}

fn send(parameter: Parameter, value: Value) -> Result<Request, RequestError> {
    build(
        &with(parameter),
        &Object::from_iter([("p".to_owned(), value)]),
    )
}

#[test]
fn path_styles() {
    let (s, a, o) = (
        json!("b c"),
        json!(["x", "y/z"]),
        json!({"k": 1, "m": true}),
    );
    for (style, explode, value, expected) in [
        (Style::Simple, false, &s, "b%20c"),
        (Style::Simple, false, &a, "x,y%2Fz"),
        (Style::Simple, false, &o, "k,1,m,true"),
        (Style::Simple, true, &s, "b%20c"),
        (Style::Simple, true, &a, "x,y%2Fz"),
        (Style::Simple, true, &o, "k=1,m=true"),
        (Style::Label, false, &s, ".b%20c"),
        (Style::Label, false, &a, ".x,y%2Fz"),
        (Style::Label, false, &o, ".k,1,m,true"),
        (Style::Label, true, &s, ".b%20c"),
        (Style::Label, true, &a, ".x.y%2Fz"),
        (Style::Label, true, &o, ".k=1.m=true"),
        (Style::Matrix, false, &s, ";p=b%20c"),
        (Style::Matrix, false, &a, ";p=x,y%2Fz"),
        (Style::Matrix, false, &o, ";p=k,1,m,true"),
        (Style::Matrix, true, &s, ";p=b%20c"),
        (Style::Matrix, true, &a, ";p=x;p=y%2Fz"),
        (Style::Matrix, true, &o, ";k=1;m=true"),
        (Style::Json, false, &o, "%7B%22k%22%3A1%2C%22m%22%3Atrue%7D"),
    ] {
        let request = send(
            Parameter {
                style,
                explode,
                ..Parameter::PATH
            },
            value.clone(),
        )
        .unwrap();
        assert_eq!(
            request.path,
            format!("/a/{expected}/z"),
            "{style:?} {explode} {value}"
        );
    }
    let reserved = send(
        Parameter {
            allow_reserved: true,
            ..Parameter::PATH
        },
        json!("a:b/c?d#e"),
    )
    .unwrap();
    assert_eq!(reserved.path, "/a/a:b%2Fc%3Fd%23e/z");
}

#[test]
fn query_styles() {
    let (s, a, o) = (
        json!("b&c"),
        json!(["x", "y,z"]),
        json!({"k": 1.50, "m": "é"}),
    );
    let deep = json!({"a": {"b": 1}, "c": ["x", "y"], "d": [{"e": 2}]});
    for (style, explode, value, expected) in [
        (Style::Form, true, &s, "p=b%26c"),
        (Style::Form, true, &a, "p=x&p=y%2Cz"),
        (Style::Form, true, &o, "k=1.5&m=%C3%A9"),
        (Style::Form, false, &s, "p=b%26c"),
        (Style::Form, false, &a, "p=x,y%2Cz"),
        (Style::Form, false, &o, "p=k,1.5,m,%C3%A9"),
        (Style::Form, true, &json!([]), ""),
        (Style::Form, false, &json!([]), ""),
        (Style::Form, true, &json!({}), ""),
        (Style::Form, true, &json!(""), "p="),
        (
            Style::Form,
            true,
            &json!(18446744073709551615_u64),
            "p=18446744073709551615",
        ),
        (Style::SpaceDelimited, false, &a, "p=x%20y%2Cz"),
        (Style::SpaceDelimited, false, &o, "p=k%201.5%20m%20%C3%A9"),
        (Style::SpaceDelimited, true, &a, "p=x&p=y%2Cz"),
        (Style::PipeDelimited, false, &a, "p=x%7Cy%2Cz"),
        (Style::PipeDelimited, false, &o, "p=k%7C1.5%7Cm%7C%C3%A9"),
        (Style::PipeDelimited, true, &a, "p=x&p=y%2Cz"),
        (Style::DeepObject, true, &o, "p%5Bk%5D=1.5&p%5Bm%5D=%C3%A9"),
        (
            Style::DeepObject,
            true,
            &deep,
            "p%5Ba%5D%5Bb%5D=1&p%5Bc%5D%5B%5D=x&p%5Bc%5D%5B%5D=y&p%5Bd%5D%5B0%5D%5Be%5D=2",
        ),
        (Style::Json, true, &a, "p=%5B%22x%22%2C%22y%2Cz%22%5D"),
    ] {
        let request = send(
            Parameter {
                style,
                explode,
                ..Parameter::QUERY
            },
            value.clone(),
        )
        .unwrap();
        assert_eq!(request.query, expected, "{style:?} {explode} {value}");
        assert_eq!(request.path, "/a");
    }
    let reserved = send(
        Parameter {
            allow_reserved: true,
            ..Parameter::QUERY
        },
        json!("a/b?c&d=e#f+g"),
    )
    .unwrap();
    assert_eq!(reserved.query, "p=a/b?c%26d%3De%23f%2Bg");
    let whole = Parameter {
        location: Location::QueryString,
        ..Parameter::QUERY
    };
    assert_eq!(
        send(whole, json!({"a": [1, 2], "b": "x y"})).unwrap().query,
        "a=1&a=2&b=x%20y"
    );
    assert_eq!(
        send(whole, json!("?a=1&b=x y#z")).unwrap().query,
        "a=1&b=x%20y%23z"
    );
    assert_eq!(
        send(
            Parameter {
                style: Style::Json,
                ..whole
            },
            json!({"a": 1})
        )
        .unwrap()
        .query,
        "%7B%22a%22%3A1%7D"
    );
}

#[test]
fn header_and_cookie_styles() {
    let (a, o) = (json!(["x", 2]), json!({"k": 1, "m": "n"}));
    for (explode, value, expected) in [
        (false, &json!("plain text"), "plain text"),
        (false, &a, "x,2"),
        (true, &a, "x,2"),
        (false, &o, "k,1,m,n"),
        (true, &o, "k=1,m=n"),
    ] {
        let request = send(
            Parameter {
                explode,
                ..Parameter::HEADER
            },
            value.clone(),
        )
        .unwrap();
        assert_eq!(request.headers, [("p".to_owned(), expected.to_owned())]);
    }
    let request = send(
        Parameter {
            style: Style::Json,
            ..Parameter::HEADER
        },
        json!({"é": "😀"}),
    )
    .unwrap();
    assert_eq!(request.headers[0].1, "{\"\\u00e9\":\"\\ud83d\\ude00\"}");
    for (style, explode, value, expected) in [
        (Style::Form, true, json!("a b;c"), vec!["p=a%20b%3Bc"]),
        (Style::Form, true, a.clone(), vec!["p=x", "p=2"]),
        (Style::Form, false, a.clone(), vec!["p=x,2"]),
        (Style::Form, true, o.clone(), vec!["k=1", "m=n"]),
        (Style::Cookie, true, json!("a%b"), vec!["p=a%b"]),
    ] {
        let request = send(
            Parameter {
                style,
                explode,
                ..Parameter::COOKIE
            },
            value.clone(),
        )
        .unwrap();
        assert_eq!(request.cookies, expected, "{style:?} {value}");
    }
    for value in ["a\r\nX-Evil: 1", "é", "a\0"] {
        assert!(send(Parameter::HEADER, json!(value)).is_err(), "{value:?}");
    }
    assert!(
        send(
            Parameter {
                style: Style::Cookie,
                ..Parameter::COOKIE
            },
            json!("a; admin=1")
        )
        .is_err()
    );
    for name in [
        "Host",
        "content-length",
        "Authorization",
        "Cookie",
        "Connection",
        "Transfer-Encoding",
        "X-Forwarded-For",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Original-URL",
        "x-rewrite-url",
    ] {
        let parameter = Parameter {
            name: leak(name.to_owned()),
            argument: "p",
            ..Parameter::HEADER
        };
        let operation = OperationDef {
            parameters: leak([parameter]),
            ..OperationDef::DEFAULT
        };
        let error = build(
            &operation,
            &Object::from_iter([("p".to_owned(), json!("x"))]),
        )
        .unwrap_err();
        assert!(
            error.message.contains("cannot be set through an argument"),
            "{name}"
        );
    }
}

#[test]
fn a_constant_method_override_that_changes_nothing_is_sent() {
    for (name, constant, is_sent) in [
        ("X-HTTP-Method-Override", "GET", true),
        ("X-HTTP-Method-Override", "POST", true),
        ("X-HTTP-Method-Override", "DELETE", false),
        ("X-Original-URL", "GET", false),
        ("Host", "GET", false),
    ] {
        let parameter = Parameter {
            name,
            constant: Some(constant),
            ..Parameter::HEADER
        };
        let operation = OperationDef {
            method: "POST",
            parameters: leak([parameter]),
            ..OperationDef::DEFAULT
        };
        let sent = build(&operation, &Object::new()).map(|request| request.headers);
        let expected = vec![(name.to_owned(), constant.to_owned())];
        assert_eq!(sent.ok(), is_sent.then_some(expected), "{name}: {constant}");
    }
}

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
    let args = json!({"a": [1, "x y"], "b": {"k": [1, 2]}, "c": ["p", "q"], "d": {"e": null}, "more": {"z": 1, "a": "no"}});
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
}

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

#[test]
fn path_values_that_would_change_the_route_are_refused() {
    for value in [
        "",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        ".%2e",
        "%252e%252e",
        "%25252e%25252e",
        "a/../b",
        "a\\..\\b",
        "../x",
        "x/..",
        "a%2f..%2fb",
        "a%2F%2E%2E",
        "a\0b",
        "a\nb",
        "a%00b",
        "a%0d%0ab",
        "\u{7f}",
        " .. ",
        "%5c..%5c",
        "..;a",
        ".;",
        "%2e%2e%3bjsessionid=1",
        "a/..;/b",
    ] {
        let error = send(Parameter::PATH, json!(value));
        assert!(error.is_err(), "{value:?} gave {error:?}");
    }
    // A value that hides deeper and deeper is refused in the time that reading it takes.
    assert!(
        send(
            Parameter::PATH,
            json!(format!("%{}2e", "25".repeat(500_000)))
        )
        .is_err()
    );
    assert!(send(Parameter::PATH, json!([])).is_err());
    assert!(send(Parameter::PATH, json!(["a", ".."])).is_err());
    assert!(send(Parameter::PATH, json!(null)).is_err());
    assert!(
        send(
            Parameter {
                style: Style::Label,
                ..Parameter::PATH
            },
            json!(".")
        )
        .is_err()
    );
    for value in [
        "a..b", "...", "a;b", ";", "．．", "100%25", "a.", "v1.2", "a/b", "50%", "ü", "a b", "%41",
        "-", "~",
    ] {
        assert!(send(Parameter::PATH, json!(value)).is_ok(), "{value:?}");
    }
    // Two harmless values beside each other.
    let parameters = leak([
        Parameter {
            name: "p",
            argument: "p",
            ..Parameter::PATH
        },
        Parameter {
            name: "q",
            argument: "q",
            style: Style::Label,
            ..Parameter::PATH
        },
    ]);
    let operation = OperationDef {
        segments: leak([Segment(leak([Part::Parameter("p"), Part::Parameter("q")]))]),
        parameters,
        ..OperationDef::DEFAULT
    };
    let arguments =
        |p: &str, q: Value| Object::from_iter([("p".to_owned(), json!(p)), ("q".to_owned(), q)]);
    assert_eq!(
        build(&operation, &arguments("a", json!("b"))).unwrap().path,
        "/a.b"
    );
    assert!(build(&operation, &arguments("a", json!(""))).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a value is, the URL has the template's segments, and the value can be read back.
    #[test]
    fn the_route_law(value in "([a-z./\\\\%2eE5fF]|\\PC|[\\x00-\\x20]){0,12}", reserved: bool) {
        let parameter = Parameter { allow_reserved: reserved, ..Parameter::PATH };
        if let Ok(request) = send(parameter, json!(value)) {
            let url = reqwest::Url::parse(&format!("http://h{}", request.path)).unwrap();
            prop_assert_eq!(url.path(), &request.path);
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 3);
            prop_assert_eq!((segments[0], segments[2]), ("a", "z"));
            let decoded = percent_encoding::percent_decode_str(segments[1]).decode_utf8_lossy();
            // What is percent-encoded already stays in reserved expansion (RFC 6570 §3.2.3).
            let wanted = percent_encoding::percent_decode_str(&value).decode_utf8_lossy();
            let wanted = if reserved { wanted.as_ref() } else { value.as_str() };
            prop_assert_eq!(decoded.as_ref(), wanted);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }

    /// decode(encode(x)) = x, and no value adds a parameter.
    #[test]
    fn query_values_read_back(values in prop::collection::vec("([%2b6#&=+]|\\PC){0,8}", 1..4), reserved: bool) {
        let parameter = Parameter { allow_reserved: reserved, ..Parameter::QUERY };
        let request = send(parameter, json!(values)).unwrap();
        let url = reqwest::Url::parse(&format!("http://h/?{}", request.query)).unwrap();
        let read: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let wanted: Vec<(String, String)> = values.iter().map(|v| {
            let decoded = percent_encoding::percent_decode_str(v).decode_utf8_lossy().into_owned();
            ("p".to_owned(), if reserved { decoded } else { v.clone() })
        }).collect();
        prop_assert_eq!(read, wanted);
        prop_assert!(url.fragment().is_none());
    }

    /// A header value never breaks out of its line.
    #[test]
    fn header_values_stay_in_their_line(value in "(\\PC|[\\x00-\\x7f]){0,12}") {
        if let Ok(request) = send(Parameter::HEADER, json!(value)) {
            prop_assert!(request.headers[0].1.chars().all(|c| matches!(c, ' '..='~' | '\t')));
        }
    }
}
