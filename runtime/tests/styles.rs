//! The table "Style Examples" of OpenAPI 3.2 (§4.12.4) cell by cell, and what it leaves open (ADR 0011).
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
use serde_json::json;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// The request of an operation with one parameter `color` in the path `/c/{color}` or elsewhere.
fn send(parameter: Parameter, value: Value) -> Result<Request, RequestError> {
    named("color", parameter, value)
}

fn named(name: &'static str, parameter: Parameter, value: Value) -> Result<Request, RequestError> {
    let parameter = Parameter {
        name,
        argument: "color",
        ..parameter
    };
    let operation = OperationDef {
        segments: if parameter.location == Location::Path {
            leak([Segment(leak([Part::Parameter(name)]))])
        } else {
            &[]
        },
        parameters: leak([parameter]),
        ..OperationDef::DEFAULT
    };
    build(
        &operation,
        &Object::from_iter([("color".to_owned(), value)]),
    )
}

#[test]
fn every_cell_of_the_style_table_is_sent_as_openapi_shows_it() {
    use Style::{Cookie, DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let path = Parameter::PATH;
    let query = Parameter::QUERY;
    let header = Parameter::HEADER;
    let cookie = Parameter::COOKIE;
    // `-`: the table has no value here. Empty path values are refused: they would name another resource.
    for (place, style, explode, empty, text, array, object) in [
        (
            path,
            Matrix,
            false,
            "!",
            ";color=blue",
            ";color=blue,black,brown",
            ";color=R,100,G,200,B,150",
        ),
        (
            path,
            Matrix,
            true,
            "!",
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";R=100;G=200;B=150",
        ),
        (
            path,
            Label,
            false,
            "!",
            ".blue",
            ".blue,black,brown",
            ".R,100,G,200,B,150",
        ),
        (
            path,
            Label,
            true,
            "!",
            ".blue",
            ".blue.black.brown",
            ".R=100.G=200.B=150",
        ),
        (
            path,
            Simple,
            false,
            "!",
            "blue",
            "blue,black,brown",
            "R,100,G,200,B,150",
        ),
        (
            path,
            Simple,
            true,
            "!",
            "blue",
            "blue,black,brown",
            "R=100,G=200,B=150",
        ),
        (
            header,
            Simple,
            false,
            "",
            "blue",
            "blue,black,brown",
            "R,100,G,200,B,150",
        ),
        (
            header,
            Simple,
            true,
            "",
            "blue",
            "blue,black,brown",
            "R=100,G=200,B=150",
        ),
        (
            query,
            Form,
            false,
            "color=",
            "color=blue",
            "color=blue,black,brown",
            "color=R,100,G,200,B,150",
        ),
        (
            query,
            Form,
            true,
            "color=",
            "color=blue",
            "color=blue&color=black&color=brown",
            "R=100&G=200&B=150",
        ),
        (
            query,
            SpaceDelimited,
            false,
            "-",
            "-",
            "color=blue%20black%20brown",
            "color=R%20100%20G%20200%20B%20150",
        ),
        (
            query,
            PipeDelimited,
            false,
            "-",
            "-",
            "color=blue%7Cblack%7Cbrown",
            "color=R%7C100%7CG%7C200%7CB%7C150",
        ),
        (
            query,
            DeepObject,
            true,
            "-",
            "-",
            "-",
            "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        ),
        (
            cookie,
            Form,
            false,
            "color=",
            "color=blue",
            "color=blue,black,brown",
            "color=R,100,G,200,B,150",
        ),
        // Not `&` as in a query: that is one cookie with an odd value (OpenAPI 3.2 appendix D.1).
        (
            cookie,
            Form,
            true,
            "color=",
            "color=blue",
            "color=blue; color=black; color=brown",
            "R=100; G=200; B=150",
        ),
        (
            cookie,
            Cookie,
            false,
            "color=",
            "color=blue",
            "color=blue,black,brown",
            "color=R,100,G,200,B,150",
        ),
        (
            cookie,
            Cookie,
            true,
            "color=",
            "color=blue",
            "color=blue; color=black; color=brown",
            "R=100; G=200; B=150",
        ),
    ] {
        for (value, expected) in [
            (json!(""), empty),
            (json!("blue"), text),
            (json!(["blue", "black", "brown"]), array),
            (json!({"R": 100, "G": 200, "B": 150}), object),
        ] {
            let parameter = Parameter {
                style,
                explode,
                ..place
            };
            let about = format!("{:?} {style:?} {explode} {value}", place.location);
            let sent = send(parameter, value);
            match expected {
                "-" => continue,
                "!" => assert!(sent.is_err(), "{about}"),
                expected => {
                    let sent = sent.unwrap();
                    let got = match place.location {
                        Location::Path => sent.path.trim_start_matches('/').to_owned(),
                        Location::Header => sent.headers[0].1.clone(),
                        Location::Cookie => sent.cookies.join("; "),
                        _ => sent.query,
                    };
                    assert_eq!(got, expected, "{about}");
                }
            }
        }
    }
}

#[test]
fn what_is_undefined_is_not_sent() {
    let styles = [
        Style::Form,
        Style::SpaceDelimited,
        Style::PipeDelimited,
        Style::DeepObject,
    ];
    for value in [
        json!(null),
        json!([]),
        json!({}),
        json!([null]),
        json!({"a": null}),
    ] {
        for style in styles {
            for explode in [false, true] {
                let query = Parameter {
                    style,
                    explode,
                    ..Parameter::QUERY
                };
                assert_eq!(
                    send(query, value.clone()).unwrap().query,
                    "",
                    "{style:?} {value}"
                );
            }
        }
        assert_eq!(
            send(Parameter::HEADER, value.clone()).unwrap().headers,
            [],
            "{value}"
        );
        assert_eq!(
            send(Parameter::COOKIE, value.clone()).unwrap().cookies,
            [""; 0],
            "{value}"
        );
        assert!(send(Parameter::PATH, value.clone()).is_err(), "{value}");
        let required = Parameter {
            required: true,
            ..Parameter::QUERY
        };
        assert_eq!(
            send(required, value.clone()).is_err(),
            value.is_null(),
            "{value}"
        );
    }
    // In JSON, null is a value.
    let json = Parameter {
        style: Style::Json,
        ..Parameter::QUERY
    };
    assert_eq!(
        send(json, json!({"a": null})).unwrap().query,
        "color=%7B%22a%22%3Anull%7D"
    );
    assert_eq!(
        send(Parameter::QUERY, json!(["a", null, {"b": null}]))
            .unwrap()
            .query,
        "color=a&color=%7B%7D"
    );
}

#[test]
fn numbers_and_booleans_keep_their_digits() {
    for (value, expected) in [
        ("9007199254740993", "9007199254740993"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("0.1", "0.1"),
        ("-0.000001", "-0.000001"),
        ("1e21", "1000000000000000000000"),
        ("true", "true"),
        ("false", "false"),
    ] {
        let value: Value = serde_json::from_str(value).unwrap();
        let sent = send(Parameter::QUERY, value).unwrap().query;
        assert_eq!(sent, format!("color={expected}"));
    }
}

#[test]
fn names_reach_the_wire_as_the_document_writes_them() {
    for (name, expected) in [
        ("ids[]", "ids[]=1&ids[]=2"),
        ("filter[status]", "filter[status]=1&filter[status]=2"),
        ("$top", "$top=1&$top=2"),
        ("a.b:c", "a.b:c=1&a.b:c=2"),
        (
            "a b&c=d#e+f%",
            "a%20b%26c%3Dd%23e%2Bf%25=1&a%20b%26c%3Dd%23e%2Bf%25=2",
        ),
        ("größe", "gr%C3%B6%C3%9Fe=1&gr%C3%B6%C3%9Fe=2"),
    ] {
        let request = named(name, Parameter::QUERY, json!([1, 2])).unwrap();
        assert_eq!(request.query, expected);
        let url = reqwest::Url::parse(&format!("http://h/?{}", request.query)).unwrap();
        assert_eq!(url.query(), Some(expected));
        assert!(url.query_pairs().all(|(read, _)| read == name), "{name}");
    }
}

#[test]
fn deep_objects_nest_as_the_frameworks_read_them() {
    for (value, expected) in [
        (json!({"a": {"b": {"c": 1}}}), "color[a][b][c]=1"),
        (json!([1, 2]), "color[]=1&color[]=2"),
        (json!({"ids": ["x", "y"]}), "color[ids][]=x&color[ids][]=y"),
        (
            json!([{"price": "p", "n": 2}, {"price": "q"}]),
            "color[0][price]=p&color[0][n]=2&color[1][price]=q",
        ),
        (json!({"a": "[c]"}), "color[a]=[c]"),
        (json!("x"), "color=x"),
    ] {
        let parameter = Parameter {
            style: Style::DeepObject,
            ..Parameter::QUERY
        };
        let query = send(parameter, value).unwrap().query;
        let decoded = percent_encoding::percent_decode_str(&query)
            .decode_utf8()
            .unwrap();
        assert_eq!(decoded, expected);
        assert!(!query.contains(['[', ']']), "{query}");
    }
}

#[test]
fn allow_reserved_keeps_reserved_characters_and_triplets_only() {
    let all = ":/?#[]@!$&'()*+,;=";
    for (parameter, value, expected) in [
        // `&`, `=` and `+` mean something to readers of forms, `#` and brackets are not allowed in a query.
        (
            Parameter::QUERY,
            all,
            "color=:/?%23%5B%5D@!$%26%27()*%2B,;%3D",
        ),
        (Parameter::QUERY, "a%2Fb%zz%", "color=a%2Fb%25zz%25"),
        (Parameter::QUERY, "ü \"", "color=%C3%BC%20%22"),
        (Parameter::PATH, "a:b;c=d", "/a:b;c=d"),
        (Parameter::PATH, "a/b?c#d", "/a%2Fb%3Fc%23d"),
        (Parameter::PATH, "a%2fb", "/a%2fb"),
        // What is no octet of a cookie stays encoded (RFC 6265 §4.1.1).
        (Parameter::COOKIE, all, "color=:/?#[]@!$&'()*+%2C%3B="),
        (Parameter::COOKIE, "a%2fb \"", "color=a%2fb%20%22"),
    ] {
        let reserved = Parameter {
            allow_reserved: true,
            ..parameter
        };
        let request = send(reserved, json!(value)).unwrap();
        let got = match parameter.location {
            Location::Path => request.path,
            Location::Cookie => request.cookies.concat(),
            _ => request.query,
        };
        assert_eq!(got, expected, "{value}");
        // Where there is no style, it says nothing (OpenAPI 3.2 §4.12.2).
        let request = send(
            Parameter {
                style: Style::Json,
                ..reserved
            },
            json!(value),
        );
        let request = request.unwrap();
        let json = [request.path, request.query, request.cookies.concat()].concat();
        assert!(!json.contains(['@', ';', '$']), "{json}");
        let request = send(parameter, json!(value)).unwrap();
        let kept = |c: char| c.is_ascii_alphanumeric() || "-._~%/".contains(c);
        assert!(request.path.chars().all(kept), "{}", request.path);
        assert!(
            request.query.trim_start_matches("color=").chars().all(kept),
            "{}",
            request.query
        );
    }
    let reserved = Parameter {
        allow_reserved: true,
        ..Parameter::PATH
    };
    for value in ["%2e%2e", "a%2f..%2fb", "%00"] {
        assert!(send(reserved, json!(value)).is_err(), "{value}");
    }
}

#[test]
fn the_whole_query_string_is_a_form_json_or_an_encoded_text() {
    let whole = Parameter {
        location: Location::QueryString,
        ..Parameter::QUERY
    };
    for (style, value, expected) in [
        (
            Style::Form,
            json!({"a": ["x", "y"], "b": "c d", "n": null}),
            "a=x&a=y&b=c%20d",
        ),
        (Style::Form, json!("a=1&b=%20"), "a=1&b=%20"),
        (Style::Json, json!({"a": null}), "%7B%22a%22%3Anull%7D"),
        // OpenAPI 3.2 §4.12.6, `application/jsonpath`.
        (Style::Simple, json!("$.a.b[1:1]"), "%24.a.b%5B1%3A1%5D"),
    ] {
        assert_eq!(
            send(Parameter { style, ..whole }, value).unwrap().query,
            expected
        );
    }
}

#[test]
fn a_parameter_with_one_value_is_sent_whatever_the_arguments_say() {
    let constant = Some("2025-09-03");
    let header = Parameter {
        constant,
        ..Parameter::HEADER
    };
    let query = Parameter {
        constant,
        ..Parameter::QUERY
    };
    for value in [json!(null), json!("2020-01-01")] {
        let request = send(header, value.clone()).unwrap();
        assert_eq!(
            request.headers,
            [("color".to_owned(), "2025-09-03".to_owned())]
        );
        assert_eq!(send(query, value).unwrap().query, "color=2025-09-03");
    }
}
