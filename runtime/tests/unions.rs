//! Which form of a union a value is meant to be, and how much work a check may be.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::time::{Duration, Instant, UNIX_EPOCH};

use mcpwright_runtime::arguments::{Nulls, check_with, report, validate};
use mcpwright_runtime::clock::Clock;
use mcpwright_runtime::json::{Object, Value};
use serde_json::json;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// Checks `{"v": value}`; gives the value, or places and messages.
fn check(schema: Value, defs: Value, value: Value) -> Result<Value, Vec<String>> {
    let root = object(json!({"type": "object", "properties": {"v": schema}, "$defs": defs}));
    check_with(&root, Nulls::At(&[]), object(json!({"v": value})))
        .map(|object| object["v"].clone())
        .map_err(|problems| {
            let lines = problems
                .iter()
                .map(|p| format!("{} {}", p.pointer, p.message));
            lines.collect()
        })
}

fn pets() -> Value {
    json!({
        "cat": {"type": "object", "required": ["kind", "lives"], "properties": {
            "kind": {"const": "cat"}, "name": {"type": "string"}, "lives": {"type": "integer", "maximum": 9},
        }},
        "dog": {"allOf": [{"$ref": "#/$defs/named"}], "type": "object", "required": ["kind"], "properties": {
            "kind": {"enum": ["dog", "hound"]}, "tricks": {"type": "array", "items": {"type": "string"}},
        }},
        "named": {"properties": {"name": {"type": "string"}}},
    })
}

#[test]
fn the_form_that_a_value_names_is_the_only_one_that_is_checked() {
    for keyword in ["oneOf", "anyOf"] {
        let union = json!({keyword: [{"$ref": "#/$defs/cat"}, {"$ref": "#/$defs/dog"}]});
        for (value, expected) in [
            (
                json!({"kind": "cat", "name": [5], "lives": "10", "tricks": 1}),
                Err(vec![
                    "/v/name expected a string, got [5]. Example: \"text\".",
                    "/v/lives expected at most 9, got 10.",
                ]),
            ),
            (
                json!({"kind": "hound", "lives": 99, "tricks": [{}]}),
                Err(vec![
                    "/v/tricks/0 expected a string, got {}. Example: \"text\".",
                ]),
            ),
            (
                json!({"kind": "cow", "name": 5}),
                Err(vec![
                    "/v/kind \"cow\" (a string) is not an allowed value. Allowed: \"cat\", \"dog\", \"hound\".",
                ]),
            ),
            (
                json!({"kind": "cat", "lives": "7"}),
                Ok(json!({"kind": "cat", "lives": 7})),
            ),
            (
                json!({"kind": "DOG", "tricks": []}),
                Ok(json!({"kind": "dog", "tricks": []})),
            ),
        ] {
            let found = check(union.clone(), pets(), value.clone());
            let expected = expected.map_err(|lines: Vec<&str>| {
                lines.into_iter().map(str::to_owned).collect::<Vec<_>>()
            });
            assert_eq!(found, expected, "{keyword} {value}");
        }
    }
}

#[test]
fn a_value_that_names_no_form_is_told_about_the_nearest_one_alone() {
    let union = json!({"oneOf": [
        {"type": "object", "required": ["iban"], "properties": {"iban": {"type": "string"}, "bic": {"type": "string"}}, "additionalProperties": false},
        {"type": "object", "required": ["number", "month", "year"], "properties": {
            "number": {"type": "string"}, "month": {"type": "integer"}, "year": {"type": "integer"}, "cvc": {"type": "string"},
        }, "additionalProperties": false},
        {"type": "string"},
    ]});
    for (value, expected) in [
        (
            json!({"number": "4242", "month": 13.5, "year": 2030}),
            "/v/month expected an integer, got 13.5. Example: 1.",
        ),
        (
            json!({"iban": "DE02", "bik": "x"}),
            "/v/bik there is no such argument. Did you mean \"bic\"? Valid: iban, bic.",
        ),
        (
            json!([5]),
            "/v expected an object or a string, got [5]. Example: {\"iban\":\"text\"}.",
        ),
    ] {
        assert_eq!(
            check(union.clone(), json!({}), value.clone()),
            Err(vec![expected.to_owned()]),
            "{value}"
        );
    }
    // A property that all forms list alike names none.
    let union = json!({"anyOf": [
        {"type": "object", "properties": {"state": {"enum": ["active", "closed"]}, "a": {"type": "string"}}},
        {"type": "object", "properties": {"state": {"enum": ["active", "closed"]}, "a": {"type": "integer"}}},
    ]});
    assert_eq!(
        check(union, json!({}), json!({"state": "activ", "a": 1})),
        Err(vec!["/v/state \"activ\" (a string) is not an allowed value. Did you mean \"active\"? Allowed: \"active\", \"closed\".".to_owned()])
    );
}

/// A payment in one of three forms: which one is asked for, and not guessed.
#[test]
fn a_value_that_does_not_say_which_form_it_is_is_asked_for_that() {
    let form = |kind: &str, more: &str| {
        json!({"type": "object", "required": ["type", more], "properties": {
            "type": {"type": "string", "enum": [kind]}, more: {"type": "string"}, "note": {"type": "string"},
        }, "additionalProperties": false})
    };
    let union = json!({"anyOf": [form("card", "last4"), form("transfer", "iban"), {
        "type": "object", "required": ["type"], "properties": {"type": {"const": "cash"}},
    }]});
    let says = "/v/type is required and missing: it says which form this is. Allowed: \"card\", \"transfer\", \"cash\".";
    for (value, expected) in [
        (json!({}), says),
        (json!({"iban": "DE02"}), says),
        (
            json!({"type": "transfer"}),
            "/v/iban is required and missing: expected a string. Example: \"text\".",
        ),
        (
            json!("cash"),
            "/v expected an object, got \"cash\" (a string). `type` says which form it is. Allowed: \"card\", \"transfer\", \"cash\". Example: {\"type\":\"card\",\"last4\":\"text\"}.",
        ),
    ] {
        assert_eq!(
            check(union.clone(), json!({}), value.clone()),
            Err(vec![expected.to_owned()]),
            "{value}"
        );
    }
}

/// A line of an invoice: an item, or a text with a price.
#[test]
fn sets_of_names_are_told_as_such_also_where_they_say_a_type() {
    let line = json!({"type": "object", "properties": {
        "item_id": {"type": "integer"}, "text": {"type": "string"}, "price": {"type": "string"},
    }, "anyOf": [
        {"type": "object", "properties": {"item_id": {"type": "integer"}}, "required": ["item_id"]},
        {"required": ["text", "price"]},
    ]});
    for (value, expected) in [
        (
            json!({"text": "a"}),
            "/v needs `item_id`, or `text` and `price`.",
        ),
        (
            json!({"item_id": "x"}),
            "/v/item_id expected an integer, got \"x\" (a string). Example: 1.",
        ),
    ] {
        let found = check(line.clone(), json!({}), value.clone()).unwrap_err();
        assert_eq!(found.first().map(String::as_str), Some(expected), "{value}");
    }
}

#[test]
fn recursive_unions_take_bounded_work() {
    let start = Instant::now();
    let reference = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    // Unions that name themselves and each other, without a step down in the value.
    let others = |own: usize| -> Vec<Value> {
        let names = (0..4).filter(|i| *i != own);
        names.map(|i| reference(&format!("u{i}"))).collect()
    };
    let mut defs: Object = (0..4)
        .map(|i| (format!("u{i}"), json!({"anyOf": others(i)})))
        .collect();
    defs.insert(
        "self".to_owned(),
        json!({"anyOf": [reference("self"), reference("self"), {"type": "integer"}]}),
    );
    defs.insert(
        "all".to_owned(),
        json!({"allOf": [reference("all"), reference("all")], "type": "integer"}),
    );
    // Two forms of a node that only a leaf tells apart.
    let node = |leaf: Value| json!({"type": "object", "properties": {"next": reference("node"), "leaf": leaf}});
    defs.insert(
        "node".to_owned(),
        json!({"anyOf": [node(json!({"type": "integer"})), node(json!({"type": "boolean"})), node(json!({"type": "array"}))]}),
    );
    let defs = Value::Object(defs);
    assert_eq!(
        check(reference("self"), defs.clone(), json!("5")),
        Ok(json!(5))
    );
    assert!(check(reference("self"), defs.clone(), json!("x")).is_err());
    assert_eq!(
        check(reference("all"), defs.clone(), json!(5)),
        Ok(json!(5))
    );
    assert!(check(reference("u0"), defs.clone(), json!({})).is_err());
    let nested = |leaf: Value, depth: usize| {
        (0..depth).fold(json!({"leaf": leaf}), |value, _| json!({"next": value}))
    };
    assert_eq!(
        check(reference("node"), defs.clone(), nested(json!(true), 8)),
        Ok(nested(json!(true), 8))
    );
    let refused = check(reference("node"), defs, nested(json!("x"), 20)).unwrap_err();
    assert_eq!(
        refused,
        [" is nested in more forms than can be tried; send less at once."]
    );
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn problems_beyond_those_in_words_are_counted() {
    let items = json!({"type": "array", "items": {"type": "string"}});
    let root = object(json!({"type": "object", "properties": {"v": items}}));
    let arguments = object(json!({"v": vec![json!({}); 5_000], "x": 1}));
    let problems = check_with(&root, Nulls::At(&[]), arguments.clone()).unwrap_err();
    assert_eq!((problems.total(), problems.len()), (5_001, 200));
    let text = report("t", &problems, Clock::new(|| UNIX_EPOCH));
    assert!(
        text.starts_with("Validation error: 5001 problems in"),
        "{text}"
    );
    assert!(text.contains("\n- and 4981 more\n"), "{text}");
    // The standard's own judgement names them all.
    assert_eq!(validate(&root, &Value::Object(arguments)).len(), 5_000);
}
