//! Values cannot change the structure of a parameter: reading it back by its style gives the value, and no
//! other parameter, field or credential changes (OpenAPI 3.2 §4.12.2, RFC 6570, RFC 9110 §5).
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
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::json;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn operation(parameters: &'static [Parameter]) -> OperationDef {
    let in_path = parameters.iter().any(|p| p.location == Location::Path);
    OperationDef {
        segments: if in_path {
            &[Segment(&[Part::Parameter("p")])]
        } else {
            &[]
        },
        parameters,
        ..OperationDef::DEFAULT
    }
}

fn send(parameter: Parameter, value: Value) -> Result<Request, RequestError> {
    let named = Parameter {
        name: "p",
        argument: "p",
        ..parameter
    };
    build(
        &operation(leak([named])),
        &Object::from_iter([("p".to_owned(), value)]),
    )
}

/// Where the parameter stands in the request, as one text.
fn written(place: Location, request: &Request) -> String {
    match place {
        Location::Path => request.path.trim_start_matches('/').to_owned(),
        Location::Header => request.headers[0].1.clone(),
        Location::Cookie => request.cookies.join("; "),
        _ => request.query.clone(),
    }
}

#[test]
fn delimiters_in_values_are_encoded_or_refused() {
    use Style::{Cookie, DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let (path, query, header, cookie) = (
        Parameter::PATH,
        Parameter::QUERY,
        Parameter::HEADER,
        Parameter::COOKIE,
    );
    let comma = "a comma";
    for (place, style, explode, reserved, value, expected) in [
        // Arrays.
        (
            path,
            Simple,
            false,
            false,
            json!(["a,b", "c"]),
            Ok("a%2Cb,c"),
        ),
        (
            path,
            Simple,
            false,
            true,
            json!(["a,b", "c;d"]),
            Ok("a%2Cb,c;d"),
        ),
        (path, Simple, false, true, json!("a,b"), Ok("a,b")),
        (
            path,
            Label,
            false,
            false,
            json!(["a.b", "c,d"]),
            Ok(".a.b,c%2Cd"),
        ),
        (path, Label, true, false, json!(["a.b", "c"]), Err("a dot")),
        (path, Label, true, true, json!(["a%2eb", "c"]), Err("a dot")),
        (path, Label, true, false, json!("a.b"), Ok(".a.b")),
        (
            path,
            Matrix,
            true,
            true,
            json!(["a;b=1", "c"]),
            Ok(";p=a%3Bb=1;p=c"),
        ),
        (
            path,
            Matrix,
            false,
            true,
            json!(["a;b,1", "c"]),
            Ok(";p=a%3Bb%2C1,c"),
        ),
        (path, Matrix, false, true, json!("a;q=1"), Ok(";p=a%3Bq=1")),
        (
            header,
            Simple,
            false,
            false,
            json!(["a,b", "c"]),
            Err(comma),
        ),
        (header, Simple, false, false, json!("a,b"), Ok("a,b")),
        (
            query,
            Form,
            false,
            false,
            json!(["a,b", "c"]),
            Ok("p=a%2Cb,c"),
        ),
        (
            query,
            Form,
            false,
            true,
            json!(["a,b", "c"]),
            Ok("p=a%2Cb,c"),
        ),
        (
            query,
            Form,
            true,
            true,
            json!(["a,b", "c&d=1"]),
            Ok("p=a,b&p=c%26d%3D1"),
        ),
        (
            query,
            PipeDelimited,
            false,
            false,
            json!(["a|b", "c"]),
            Err("`|`"),
        ),
        (
            query,
            PipeDelimited,
            false,
            true,
            json!(["a%7cb", "c"]),
            Err("`|`"),
        ),
        (
            query,
            PipeDelimited,
            false,
            false,
            json!(["a%7Cb", "c d"]),
            Ok("p=a%257Cb%7Cc%20d"),
        ),
        (
            query,
            SpaceDelimited,
            false,
            false,
            json!(["a b", "c"]),
            Err("a blank"),
        ),
        (
            query,
            SpaceDelimited,
            false,
            false,
            json!(["a|b", "c"]),
            Ok("p=a%7Cb%20c"),
        ),
        (
            cookie,
            Form,
            false,
            false,
            json!(["a,b", "c"]),
            Ok("p=a%2Cb,c"),
        ),
        (
            cookie,
            Cookie,
            false,
            false,
            json!(["a,b", "c"]),
            Err(comma),
        ),
        // Blanks around the items of a header are no part of them (RFC 9110 §5.6.1), and those around a whole
        // field none of it (§5.5).
        (
            header,
            Simple,
            false,
            false,
            json!(["a ", "b"]),
            Err("a blank at its start or end"),
        ),
        (
            header,
            Simple,
            true,
            false,
            json!({"k": "\tv"}),
            Err("a blank at its start or end"),
        ),
        (
            header,
            Simple,
            false,
            false,
            json!(["a b", "c"]),
            Ok("a b,c"),
        ),
        (header, Simple, false, false, json!(" a "), Ok("a")),
        // Objects.
        (
            path,
            Simple,
            false,
            true,
            json!({"a,b": "c,d"}),
            Ok("a%2Cb,c%2Cd"),
        ),
        (
            path,
            Simple,
            true,
            true,
            json!({"a=b": "c,d=e"}),
            Ok("a%3Db=c%2Cd=e"),
        ),
        (path, Label, true, false, json!({"a": "1.5"}), Err("a dot")),
        (
            path,
            Matrix,
            true,
            true,
            json!({"a;b=c": "d;e"}),
            Ok(";a%3Bb%3Dc=d%3Be"),
        ),
        (header, Simple, true, false, json!({"a=b": "c"}), Err("`=`")),
        (header, Simple, true, false, json!({"a": "c,d"}), Err(comma)),
        (
            header,
            Simple,
            true,
            false,
            json!({"a": "b=c"}),
            Ok("a=b=c"),
        ),
        (
            header,
            Simple,
            false,
            false,
            json!({"a": ["b", "c"]}),
            Err(comma),
        ),
        (
            query,
            Form,
            false,
            true,
            json!({"a,b": "c"}),
            Ok("p=a%2Cb,c"),
        ),
        (
            query,
            PipeDelimited,
            false,
            false,
            json!({"a|b": "c"}),
            Err("`|`"),
        ),
        (
            query,
            DeepObject,
            true,
            false,
            json!({"a][b": 1}),
            Err("brackets"),
        ),
        (
            query,
            DeepObject,
            true,
            false,
            json!({"a": {"[]": 1}}),
            Err("brackets"),
        ),
        (
            query,
            DeepObject,
            true,
            false,
            json!({"": 1}),
            Err("brackets"),
        ),
        (
            query,
            DeepObject,
            true,
            true,
            json!({"a%5d%5Bb": 1}),
            Err("brackets"),
        ),
        (
            query,
            DeepObject,
            true,
            false,
            json!({"a&b": "[c]"}),
            Ok("p%5Ba%26b%5D=%5Bc%5D"),
        ),
        (cookie, Cookie, true, false, json!({"a=b": "c"}), Err("`=`")),
        (
            cookie,
            Cookie,
            true,
            false,
            json!({"a": "b=c"}),
            Ok("a=b=c"),
        ),
    ] {
        let location = place.location;
        let parameter = Parameter {
            style,
            explode,
            allow_reserved: reserved,
            ..place
        };
        let sent = send(parameter, value.clone()).map(|request| written(location, &request));
        match (&sent, expected) {
            (Ok(sent), Ok(expected)) => assert_eq!(sent, expected, "{style:?} {explode} {value}"),
            (Err(error), Err(expected)) if error.message.contains(expected) => {}
            _ => panic!("{location:?} {style:?} {explode} {value}: {sent:?}, not {expected:?}"),
        }
    }
}

#[test]
fn members_of_an_exploded_object_are_no_other_parameter_and_no_credential() {
    static KEY: SecurityScheme = SecurityScheme {
        name: "key",
        kind: SchemeKind::ApiKey {
            location: ApiKeyLocation::Query,
            name: "api_key",
        },
        variables: &["KEY"],
    };
    static SESSION: SecurityScheme = SecurityScheme {
        name: "session",
        kind: SchemeKind::ApiKey {
            location: ApiKeyLocation::Cookie,
            name: "session",
        },
        variables: &["SESSION"],
    };
    static BODY: SecurityScheme = SecurityScheme {
        name: "body",
        kind: SchemeKind::ApiKey {
            location: ApiKeyLocation::Body,
            name: "secret",
        },
        variables: &["BODY"],
    };
    let query = |name, argument| Parameter {
        name,
        argument,
        ..Parameter::QUERY
    };
    let cookie = |name| Parameter {
        name,
        argument: name,
        ..Parameter::COOKIE
    };
    let styled = |name, style| BodyField {
        name,
        argument: name,
        part: PartEncoding::Styled(style, true),
        headers: &[],
    };
    let operation = OperationDef {
        parameters: leak([
            query("filter", "filter"),
            query("more", "more"),
            query("limit", "page_size"),
            query("ids[]", "ids"),
            Parameter {
                constant: Some("2"),
                ..query("version", "")
            },
            cookie("prefs"),
            cookie("theme"),
        ]),
        security: leak([leak([&KEY, &SESSION, &BODY].map(|scheme| SecurityUse {
            scheme,
            scopes: &[],
        }))
        .as_slice()]),
        body: Some(Body {
            media_type: "application/x-www-form-urlencoded",
            encoding: BodyEncoding::Form,
            shape: BodyShape::Properties {
                fields: leak([
                    styled("options", Style::Form),
                    styled("deep", Style::DeepObject),
                    BodyField {
                        name: "note",
                        argument: "note",
                        ..BodyField::DEFAULT
                    },
                ]),
                additional: "rest",
            },
            required: false,
        }),
        ..OperationDef::DEFAULT
    };
    for (arguments, expected) in [
        (
            json!({"filter": {"a": 1}, "more": {"b": 2}}),
            Ok("a=1&b=2&version=2"),
        ),
        (json!({"filter": {"filter": 1}}), Ok("filter=1&version=2")),
        (json!({"filter": {"limit": 1}}), Err("argument `page_size`")),
        (
            json!({"filter": {"limit[]": 1}}),
            Err("argument `page_size`"),
        ),
        (json!({"filter": {"ids": 1}}), Err("argument `ids`")),
        (json!({"filter": {"version": 1}}), Err("this server itself")),
        (json!({"filter": {"api_key": "mine"}}), Err("credential")),
        (
            json!({"filter": {"a": 1}, "more": {"a": 2}}),
            Err("already"),
        ),
        (json!({"prefs": {"theme": "x"}}), Err("argument `theme`")),
        (json!({"prefs": {"session": "x"}}), Err("credential")),
        (json!({"prefs": {"": "x"}}), Err("without a name")),
        (json!({"options": {"note": "x"}}), Err("argument `note`")),
        (json!({"options": {"deep[a]": "x"}}), Err("argument `deep`")),
        (json!({"options": {"secret": "x"}}), Err("credential")),
        (json!({"rest": {"deep[a]": "x"}}), Err("argument deep")),
    ] {
        let built = build(&operation, arguments.as_object().unwrap());
        match (&built, expected) {
            (Ok(request), Ok(expected)) => assert_eq!(request.query, expected, "{arguments}"),
            (Err(error), Err(expected)) if error.message.contains(expected) => {}
            _ => panic!("{arguments}: {built:?}, not {expected:?}"),
        }
    }
    // A query string as it is sets no credential either.
    let whole = OperationDef {
        parameters: leak([Parameter {
            location: Location::QueryString,
            ..query("q", "q")
        }]),
        ..operation
    };
    for (value, fits) in [
        (json!("a=1&b=2"), true),
        (json!("a=1&api%5Fkey=2"), false),
        (json!("?api_key[]=2"), false),
        (json!({"api_key": 1}), false),
        (json!({"a": 1}), true),
    ] {
        let arguments = Object::from_iter([("q".to_owned(), value.clone())]);
        assert_eq!(build(&whole, &arguments).is_ok(), fits, "{value}");
    }
}

/// Reads an array back, by its style.
fn read_array(style: Style, explode: bool, place: Location, text: &str) -> Vec<String> {
    let decoded = |text: &str| {
        if place == Location::Header || style == Style::Cookie {
            return text.to_owned();
        }
        percent_decode_str(text).decode_utf8().unwrap().into_owned()
    };
    let split = |text: &str, at: &str| text.split(at).map(decoded).collect();
    let value = |pair: &str| {
        pair.split_once('=')
            .map_or("", |(_, value)| value)
            .to_owned()
    };
    match (style, explode) {
        (Style::Simple, _) => split(text, ","),
        (Style::Label, true) => split(&text[1..], "."),
        (Style::Label, false) => split(&text[1..], ","),
        (Style::Matrix, true) => text[1..]
            .split(';')
            .map(|pair| decoded(&value(pair)))
            .collect(),
        (Style::Matrix, false) => split(&value(text), ","),
        (_, true) if place == Location::Cookie => {
            text.split("; ").map(|pair| decoded(&value(pair))).collect()
        }
        (_, true) => text.split('&').map(|pair| decoded(&value(pair))).collect(),
        (Style::PipeDelimited, false) => split(&value(text), "%7C"),
        (Style::SpaceDelimited, false) => split(&value(text), "%20"),
        (_, false) => split(&value(text), ","),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_array_is_refused_or_read_back(
        items in prop::collection::vec("[a-c,;=.|&%\\[\\] /+#-]{1,5}", 1..4),
        cell in 0_usize..16,
    ) {
        use Style::{Cookie, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
        let cells = [
            (Parameter::PATH, Simple), (Parameter::PATH, Label), (Parameter::PATH, Matrix),
            (Parameter::QUERY, Form), (Parameter::QUERY, PipeDelimited), (Parameter::QUERY, SpaceDelimited),
            (Parameter::COOKIE, Form), (Parameter::COOKIE, Cookie),
        ];
        let (place, style) = cells[cell / 2];
        let explode = cell % 2 == 1;
        let parameter = Parameter { style, explode, ..place };
        if let Ok(request) = send(parameter, json!(items)) {
            let text = written(place.location, &request);
            prop_assert_eq!(read_array(style, explode, place.location, &text), items, "{}", text);
        }
    }

    #[test]
    fn a_list_in_a_header_is_refused_or_read_back(items in prop::collection::vec("[a-c,;=. ]{0,4}[a-c]", 1..4)) {
        let items: Vec<String> = items.iter().map(|item| item.trim().to_owned()).collect();
        match send(Parameter::HEADER, json!(items)) {
            Ok(request) => {
                let text = written(Location::Header, &request);
                prop_assert_eq!(read_array(Style::Simple, false, Location::Header, &text), items);
            }
            Err(_) => prop_assert!(items.iter().any(|item| item.contains(','))),
        }
    }

    #[test]
    fn a_deep_object_is_refused_or_read_back(keys in prop::collection::btree_set("[a-b\\[\\]&=.%]{0,4}", 1..4), reserved: bool) {
        let object: Object = keys.iter().map(|key| (key.clone(), json!("v"))).collect();
        let parameter = Parameter { style: Style::DeepObject, explode: true, allow_reserved: reserved, ..Parameter::QUERY };
        if let Ok(request) = send(parameter, Value::Object(object)) {
            let read: Vec<String> = request.query.split('&').map(|pair| {
                let name = percent_decode_str(pair.split('=').next().unwrap()).decode_utf8_lossy().into_owned();
                name.strip_prefix("p[").unwrap().strip_suffix(']').unwrap().to_owned()
            }).collect();
            // Reserved expansion keeps what is percent-encoded already.
            let given = keys.iter().map(|key| if reserved { percent_decode_str(key).decode_utf8_lossy().into_owned() } else { key.clone() });
            prop_assert_eq!(read, given.collect::<Vec<_>>(), "{}", request.query);
        }
    }
}
