//! Parameters of all places and styles.

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::build;
use serde_json::json;

use crate::{leak, send};

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
