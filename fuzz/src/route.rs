//! Any value in every place of a path.

use mcpwright_runtime::OperationDef;
use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::{Location, Parameter, Part, Segment, Style};
use mcpwright_runtime::request::build;
use url::Url;

const STYLES: [Style; 4] = [Style::Simple, Style::Label, Style::Matrix, Style::Json];

const QUERY: [Style; 5] = [
    Style::Form,
    Style::SpaceDelimited,
    Style::PipeDelimited,
    Style::DeepObject,
    Style::Json,
];

/// `/a/{p}/z`, and two parameters beside each other in `/a/{p}{q}.pdf/z`.
static SEGMENTS: [&[Segment]; 2] = [
    &[
        Segment(&[Part::Literal("a")]),
        Segment(&[Part::Parameter("p")]),
        Segment(&[Part::Literal("z")]),
    ],
    &[
        Segment(&[Part::Literal("a")]),
        Segment(&[
            Part::Parameter("p"),
            Part::Parameter("q"),
            Part::Literal(".pdf"),
        ]),
        Segment(&[Part::Literal("z")]),
    ],
];

/// The first bytes choose the operation, the rest is the value: JSON if it can be, text if not.
///
/// # Panics
/// When the value changes the route.
pub fn request(bytes: &[u8]) {
    let [shape, flags, rest @ ..] = bytes else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let value = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text.as_ref()));
    let shape = usize::from(*shape);
    let both = shape & 1;
    let (explode, allow_reserved) = (flags & 1 != 0, flags & 2 != 0);
    let path = |name: &'static str| Parameter {
        name,
        argument: name,
        style: STYLES[(shape >> 1) % STYLES.len()],
        explode,
        allow_reserved,
        ..Parameter::PATH
    };
    let query = Parameter {
        name: "r",
        argument: "r",
        style: QUERY[(shape >> 3) % QUERY.len()],
        explode,
        allow_reserved,
        ..Parameter::QUERY
    };
    let header = Parameter {
        name: "x-h",
        argument: "h",
        explode,
        ..Parameter::HEADER
    };
    let cookie = Parameter {
        name: "c",
        argument: "c",
        explode,
        ..Parameter::COOKIE
    };
    let all = [path("p"), path("q"), query, header, cookie];
    // Which of the places beside the path have the value.
    let wanted = |name: &str| match name {
        "p" | "q" => true,
        "r" => flags & 4 != 0,
        "h" => flags & 8 != 0,
        _ => flags & 16 != 0,
    };
    let arguments: Object = all
        .iter()
        .map(|parameter| parameter.argument)
        .filter(|name| wanted(name))
        .map(|name| (name.to_owned(), value.clone()))
        .collect();
    // Tables are static; one small leak for each run would add up, so there is one for each shape.
    let operation = OperationDef {
        segments: SEGMENTS[both],
        parameters: table(all, usize::from(*flags & 3) << 8 | shape),
        ..OperationDef::DEFAULT
    };
    let Ok(request) = build(&operation, &arguments) else {
        return;
    };
    let mark = if request.query.is_empty() { "" } else { "?" };
    let address = format!("http://h{}{mark}{}", request.path, request.query);
    let url = Url::parse(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
    assert_eq!(url.path(), request.path, "a URL reader changes the path");
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    assert!(
        matches!(segments[..], ["a", middle, "z"] if !middle.is_empty()),
        "{address}"
    );
    assert!(url.fragment().is_none(), "{address}");
    assert_eq!(url.host_str(), Some("h"), "{address}");
    assert_eq!(url.query().unwrap_or_default(), request.query, "{address}");
    for (_, field) in &request.headers {
        assert!(
            field.chars().all(|c| matches!(c, ' '..='~' | '\t')),
            "{field:?}"
        );
    }
    for cookie in &request.cookies {
        assert!(
            !cookie.contains(|c: char| c.is_control() || c == ';'),
            "{cookie:?}"
        );
    }
}

/// The table of a shape, made once.
fn table(parameters: [Parameter; 5], shape: usize) -> &'static [Parameter] {
    use std::collections::HashMap;
    use std::sync::{Mutex, OnceLock, PoisonError};

    debug_assert!(parameters.iter().any(|p| p.location == Location::Path));
    static TABLES: OnceLock<Mutex<HashMap<usize, &'static [Parameter]>>> = OnceLock::new();
    let tables = TABLES.get_or_init(Mutex::default);
    let mut tables = tables.lock().unwrap_or_else(PoisonError::into_inner);
    tables
        .entry(shape)
        .or_insert_with(|| Box::leak(Box::new(parameters)))
}
