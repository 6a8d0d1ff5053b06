//! A value never changes the route.

use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::build;
use proptest::prelude::*;
use serde_json::json;

use crate::{leak, send};

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
