//! Each rule of the argument check in one table, and the standard's own judgement as an oracle.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::time::{Duration, UNIX_EPOCH};

use mcpwright_runtime::arguments::check as check_operation;
use mcpwright_runtime::arguments::{Nulls, check_with, report, validate};
use mcpwright_runtime::clock::Clock;
use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::OperationDef;
use proptest::prelude::*;
use serde_json::json;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// Checks `{"v": value}` against a schema for `v`; gives the value or the first message.
fn check(schema: Value, value: Value) -> Result<Value, String> {
    let root = object(
        json!({"type": "object", "properties": {"v": schema}, "additionalProperties": false}),
    );
    check_with(&root, Nulls::At(&[]), object(json!({"v": value})))
        .map(|object| object.get("v").cloned().unwrap_or_default())
        .map_err(|problems| format!("{} {}", problems[0].pointer, problems[0].message))
}

#[test]
fn messages_say_what_was_expected_what_came_and_what_would_be_right() {
    for (schema, value, message) in [
        (
            json!({"type": "integer"}),
            json!("five"),
            "/v expected an integer, got \"five\" (a string). Example: 1.",
        ),
        (
            json!({"type": "integer"}),
            json!(1.5),
            "/v expected an integer, got 1.5. Example: 1.",
        ),
        // Read out of the text, these would lose digits.
        (
            json!({"type": "integer"}),
            json!("123456789012345678901"),
            "/v expected an integer, got \"123456789012345678901\" (a string). Give it as a number, without quotes.",
        ),
        (
            json!({"type": "number"}),
            json!("0.1234567890123456789"),
            "/v expected a number, got \"0.1234567890123456789\" (a string). Give it as a number, without quotes.",
        ),
        (
            json!({"type": "integer"}),
            json!("0.1234567890123456789"),
            "/v expected an integer, got \"0.1234567890123456789\" (a string). Example: 1.",
        ),
        (
            json!({"type": "number"}),
            json!([]),
            "/v expected a number, got []. Example: 1.",
        ),
        (
            json!({"type": "string"}),
            json!([5]),
            "/v expected a string, got [5]. Example: \"text\".",
        ),
        (
            json!({"type": "boolean"}),
            json!("yes"),
            "/v expected true or false, got \"yes\" (a string). Example: true.",
        ),
        (
            json!({"type": ["string", "null"]}),
            json!({}),
            "/v expected a string or null, got {}. Example: \"text\".",
        ),
        (
            json!({"enum": ["paid", "open"]}),
            json!("payed"),
            "/v \"payed\" (a string) is not an allowed value. Did you mean \"paid\"? Allowed: \"paid\", \"open\".",
        ),
        // Of a listed value any type may be wrong, and all values are told.
        (
            json!({"type": "string", "enum": ["paid", "open"]}),
            json!(5),
            "/v expected a string, got 5. Allowed: \"paid\", \"open\".",
        ),
        (
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "enum": ["x", "y"]}}}),
            json!({}),
            "/v/a is required and missing: expected a string. Allowed: \"x\", \"y\".",
        ),
        (json!({"const": 1}), json!(2), "/v expected 1, got 2."),
        (
            json!({"type": "integer", "minimum": 1}),
            json!(0),
            "/v expected at least 1, got 0.",
        ),
        (
            json!({"type": "integer", "maximum": 9}),
            json!(10),
            "/v expected at most 9, got 10.",
        ),
        (
            json!({"type": "number", "exclusiveMinimum": 0}),
            json!(0),
            "/v expected more than 0, got 0.",
        ),
        (
            json!({"type": "number", "exclusiveMaximum": 1}),
            json!(1),
            "/v expected less than 1, got 1.",
        ),
        (
            json!({"type": "number", "multipleOf": 0.1}),
            json!(0.25),
            "/v expected a multiple of 0.1, got 0.25.",
        ),
        (
            json!({"type": "string", "minLength": 3}),
            json!("äö"),
            "/v expected at least 3 characters, got 2.",
        ),
        (
            json!({"type": "string", "maxLength": 1}),
            json!("äö"),
            "/v expected at most 1 character, got 2.",
        ),
        (
            json!({"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]}),
            json!("eur"),
            "/v expected text that matches ^[A-Z]{3}$, got \"eur\" (a string). Example: \"EUR\".",
        ),
        (
            json!({"type": "string", "pattern": "^[0-9]{1,6}([.][0-9]{1,2})?$", "maxLength": 9}),
            json!("4.50 EUR"),
            "/v expected text that matches ^[0-9]{1,6}([.][0-9]{1,2})?$, got \"4.50 EUR\" (a string). Example: \"1.1\".",
        ),
        // An example that is no text of the pattern is not shown.
        (
            json!({"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["euro"]}),
            json!("eur"),
            "/v expected text that matches ^[A-Z]{3}$, got \"eur\" (a string). Example: \"AAA\".",
        ),
        (
            json!({"type": "string", "format": "date"}),
            json!("tomorrow"),
            "/v expected a date as YYYY-MM-DD, got \"tomorrow\" (a string). Example: \"2026-12-05\".",
        ),
        (
            json!({"type": "string", "format": "email"}),
            json!("ann"),
            "/v expected an e-mail address, got \"ann\" (a string). Example: \"ann@example.com\".",
        ),
        (
            json!({"type": "array", "minItems": 1}),
            json!([]),
            "/v expected at least 1 item, got 0.",
        ),
        (
            json!({"type": "array", "maxItems": 1}),
            json!([1, 2]),
            "/v expected at most 1 item, got 2.",
        ),
        (
            json!({"type": "array", "uniqueItems": true}),
            json!([1, 2, 1.0]),
            "/v items 0 and 2 are the same; each may occur once.",
        ),
        (
            json!({"type": "array", "items": {"type": "integer"}}),
            json!([1, "x"]),
            "/v/1 expected an integer, got \"x\" (a string). Example: 1.",
        ),
        // A single value in the place of a list is wrong as an item: it is said which values there are.
        (
            json!({"type": "array", "items": {"type": "string", "enum": ["open", "won"]}}),
            json!("opne"),
            "/v/0 \"opne\" (a string) is not an allowed value. Did you mean \"open\"? Allowed: \"open\", \"won\".",
        ),
        (
            json!({"type": "array", "items": {"type": "string", "enum": ["open", "won"]}}),
            json!("won, opne"),
            "/v/1 \"opne\" (a string) is not an allowed value. Did you mean \"open\"? Allowed: \"open\", \"won\".",
        ),
        (
            json!({"type": "array", "items": {"type": "integer", "maximum": 5}}),
            json!(7),
            "/v/0 expected at most 5, got 7.",
        ),
        (
            json!({"prefixItems": [{"type": "integer"}], "items": false}),
            json!([1, 2]),
            "/v/1 nothing is accepted here.",
        ),
        // What the form asks for and what is asked for around it.
        (
            json!({"type": "object", "required": ["quantity"], "properties": {"item": {"type": "integer"}, "text": {"type": "string"}, "quantity": {"type": "string", "minLength": 1}}, "anyOf": [{"required": ["item"]}, {"required": ["text"]}]}),
            json!("x"),
            "/v expected an object, got \"x\" (a string). Example: {\"quantity\":\"text\",\"item\":1}.",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!("{\"a\": 1"),
            "/v expected an object, got \"{\\\"a\\\": 1\" (a string). The text is not valid JSON; give the value itself, without quotes around it. Example: {\"key\":1}.",
        ),
        (
            json!({"type": "array", "minItems": 2, "items": {"type": "string", "minLength": 6}}),
            json!("[\"a\", "),
            "/v expected an array, got \"[\\\"a\\\", \" (a string). The text is not valid JSON; give the value itself, without quotes around it. Example: [\"textxx\",\"textxx\"].",
        ),
        (
            json!({"type": "object", "minProperties": 1}),
            json!({}),
            "/v expected at least 1 property, got 0.",
        ),
        (
            json!({"type": "object", "maxProperties": 0}),
            json!({"a": 1}),
            "/v expected at most 0 properties, got 1.",
        ),
        (
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "format": "date"}}}),
            json!({}),
            "/v/a is required and missing: expected a date as YYYY-MM-DD. Example: \"2026-12-05\".",
        ),
        (
            json!({"type": "object", "properties": {"name": {}}, "additionalProperties": false}),
            json!({"nmae": 1}),
            "/v/nmae there is no such argument. Did you mean \"name\"? Valid: name.",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!({"a/b": "x"}),
            "/v/a~1b expected an integer, got \"x\" (a string). Example: 1.",
        ),
        (
            json!({"anyOf": [{"type": "integer"}, {"type": "array"}]}),
            json!("x"),
            "/v expected an integer or an array, got \"x\" (a string). Example: 1.",
        ),
        (
            json!({"oneOf": [{"type": "object", "required": ["to"], "properties": {"to": {"type": "integer"}}}, {"type": "object", "required": ["from"]}]}),
            json!("{\"to\": 1"),
            "/v expected an object, got \"{\\\"to\\\": 1\" (a string). The text is not valid JSON; give the value itself, without quotes around it. Example: {\"to\":1}.",
        ),
        (
            json!({"type": "object", "required": ["filename"], "properties": {"filename": {"type": "string"}, "data_base64": {"type": "string"}, "text": {"type": "string"}}}),
            json!("invoice.pdf"),
            "/v expected an object, got \"invoice.pdf\" (a string). Example: {\"filename\":\"text\",\"text\":\"text\"}.",
        ),
        (
            json!({"anyOf": [{"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}, {"type": "string"}]}),
            json!({"id": "x"}),
            "/v/id expected an integer, got \"x\" (a string). Example: 1.",
        ),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            json!(1),
            "/v fits 2 of the allowed forms; exactly one must fit.",
        ),
        (
            json!({"allOf": [{"type": "integer"}, {"minimum": 5}]}),
            json!(1),
            "/v expected at least 5, got 1.",
        ),
        (
            json!({"type": "object", "properties": {"b": {"type": "string"}}, "dependentRequired": {"a": ["b"], "b": ["a"]}}),
            json!({"a": 1}),
            "/v/b is required beside `a` and missing: expected a string. Example: \"text\".",
        ),
        (
            json!({"dependentRequired": {"a": ["b"], "c": ["b"]}}),
            json!({"a": 1, "c": 2}),
            "/v/b is required beside `a` and missing.",
        ),
        (
            json!({"type": "object", "propertyNames": {"pattern": "^x-"}}),
            json!({"x-a": 1, "b": 2}),
            "/v/b this name is not accepted: expected text that matches ^x-, got \"b\" (a string).",
        ),
        (
            json!({"type": "object", "propertyNames": false}),
            json!({"b": 2}),
            "/v/b this name is not accepted: nothing is accepted here.",
        ),
    ] {
        assert_eq!(
            check(schema.clone(), value.clone()),
            Err(message.to_owned()),
            "{schema} {value}"
        );
    }
}

#[test]
fn other_forms_of_the_same_value_are_understood() {
    for (schema, value, expected) in [
        (json!({"type": "integer"}), json!("5"), json!(5)),
        (json!({"type": "integer"}), json!(" 5 "), json!(5)),
        (json!({"type": "integer"}), json!("5.0"), json!(5)),
        (json!({"type": "integer"}), json!(5.0), json!(5)),
        (
            json!({"type": "integer"}),
            json!(1e17),
            json!(100_000_000_000_000_000_i64),
        ),
        (json!({"type": "number"}), json!("1.5"), json!(1.5)),
        (json!({"type": "boolean"}), json!("false"), json!(false)),
        (
            json!({"type": "array", "items": {"type": "integer"}}),
            json!("[1,\"2\"]"),
            json!([1, 2]),
        ),
        (
            json!({"type": "object", "properties": {"a": {"type": "integer"}}}),
            json!("{\"a\":\"1\"}"),
            json!({"a": 1}),
        ),
        (
            json!({"enum": ["Paid", "Open"]}),
            json!(" paid"),
            json!("Paid"),
        ),
        // Blanks go where they cannot be meant, and stay where they can.
        (
            json!({"type": "string", "format": "date"}),
            json!(" 2026-12-05\n"),
            json!("2026-12-05"),
        ),
        (
            json!({"type": "string", "pattern": "^[A-Z]{3}$"}),
            json!("EUR "),
            json!("EUR"),
        ),
        (
            json!({"type": "string", "pattern": "^[A-Z ]+$"}),
            json!("EUR "),
            json!("EUR "),
        ),
        (json!({"type": "string"}), json!(" a "), json!(" a ")),
        (
            json!({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}),
            json!("true"),
            json!(true),
        ),
        (
            json!({"anyOf": [{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}, {"type": "null"}]}),
            json!({"n": "3"}),
            json!({"n": 3}),
        ),
        (json!({"type": "boolean"}), json!("True"), json!(true)),
        (json!({"type": "boolean"}), json!(" FALSE "), json!(false)),
        (json!({"type": "string"}), json!("True"), json!("True")),
        // A single value is a list of one where nothing but a list is accepted.
        (
            json!({"type": "array", "items": {"type": "integer"}}),
            json!("7"),
            json!([7]),
        ),
        (
            json!({"type": "array", "items": {"enum": ["Paid", "Open"]}, "minItems": 1}),
            json!("paid"),
            json!(["Paid"]),
        ),
        (
            json!({"type": "array", "items": {"type": "object", "required": ["n"], "properties": {"n": {"type": "array", "items": {}}}}}),
            json!({"n": true}),
            json!([{"n": [true]}]),
        ),
        (
            json!({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "array", "items": {"type": "integer"}}]}),
            json!(7),
            json!([7]),
        ),
        // A number is the text of its digits where nothing but a text is accepted.
        (json!({"type": "string"}), json!(5), json!("5")),
        (
            json!({"type": "string"}),
            json!(u64::MAX),
            json!("18446744073709551615"),
        ),
        (json!({"type": "string"}), json!(true), json!("true")),
        (json!({"type": ["string", "null"]}), json!(5), json!("5")),
        (json!({"type": ["string", "boolean"]}), json!(5), json!("5")),
        (json!({"enum": ["1", "2"]}), json!(2), json!("2")),
        (
            json!({"type": "array", "items": {"enum": ["Paid", "Open"]}}),
            json!("paid, Open"),
            json!(["Paid", "Open"]),
        ),
        (json!({"const": "false"}), json!(false), json!("false")),
        (
            json!({"type": "string", "pattern": "^[0-9]{5}$"}),
            json!(12345),
            json!("12345"),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!(7),
            json!(["7"]),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!("[7,true]"),
            json!(["7", "true"]),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"a": 1}),
            json!({"a": "1"}),
        ),
        (
            json!({"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "string"}]}),
            json!(7),
            json!("7"),
        ),
        // A form that takes the number itself comes first.
        (
            json!({"anyOf": [
                {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
                {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
            ]}),
            json!({"a": 7, "b": "8"}),
            json!({"a": 7, "b": 8}),
        ),
        (
            json!({"anyOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}},
                {"type": "boolean"},
            ]}),
            json!({"a": 7}),
            json!({"a": "7"}),
        ),
        (json!({"type": ["string", "integer"]}), json!(5), json!(5)),
        // A string stays one wherever strings are allowed.
        (json!({"type": "string"}), json!("5"), json!("5")),
        (
            json!({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
            json!("a"),
            json!("a"),
        ),
        (
            json!({"type": ["string", "integer"]}),
            json!("5"),
            json!("5"),
        ),
        (json!({}), json!("5"), json!("5")),
        (
            json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
            json!("5"),
            json!("5"),
        ),
        (json!({"enum": ["5", "6"]}), json!("5"), json!("5")),
    ] {
        assert_eq!(
            check(schema.clone(), value.clone()),
            Ok(expected),
            "{schema} {value}"
        );
    }
    for (schema, value) in [
        (
            json!({"type": "integer"}),
            json!("123456789012345678901234567890"),
        ),
        (
            json!({"type": "number"}),
            json!("0.12345678901234567890123"),
        ),
        (json!({"type": "object"}), json!("{\"a\":1,\"a\":2}")),
        // What may be several values, none, or another form of the union is no list of one.
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!("a,b"),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!(""),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!("[a"),
        ),
        (
            json!({"type": "array", "items": {"type": "integer"}, "minItems": 2}),
            json!(7),
        ),
        (
            json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}),
            json!(7),
        ),
        (
            json!({"anyOf": [{"type": "array", "items": {}}, {"type": "object", "required": ["n"]}]}),
            json!({"m": 1}),
        ),
        (json!({"type": "boolean"}), json!("yes")),
        (json!({"enum": ["a", "A"]}), json!(" a ")),
        // A number is no text where the text would break the schema, or where a number is taken.
        (json!({"enum": ["a", "b"]}), json!(5)),
        (json!({"type": "string", "maxLength": 1}), json!(10)),
        (json!({"type": "string", "pattern": "^[A-Z]+$"}), json!(5)),
        (json!({"type": "string", "format": "date"}), json!(20261205)),
        (json!({"type": "string"}), json!(1e300)),
        // How it was written is not known here.
        (json!({"type": "string"}), json!(0.5)),
        (json!({"type": ["integer", "string"]}), json!(1.5)),
        (
            json!({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}),
            json!(0),
        ),
        (
            json!({"anyOf": [{"const": false}, {"type": "string"}]}),
            json!(true),
        ),
    ] {
        assert!(
            check(schema.clone(), value.clone()).is_err(),
            "{schema} {value}"
        );
    }
}

#[test]
fn nulls_mean_nothing_unless_they_are_meant() {
    let schema = object(json!({"type": "object", "properties": {
        "a": {"type": "string"}, "b": {"type": "integer"},
        "list": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "string"}, "d": {"type": "string"}}}},
    }, "required": ["b"]}));
    let nulls = Nulls::At(&["/a", "/list/*/c"]);
    let checked = check_with(
        &schema,
        nulls,
        object(json!({"a": null, "b": 1, "list": [{"c": null, "d": null}]})),
    );
    assert_eq!(
        checked.map(Value::Object),
        Ok(json!({"a": null, "b": 1, "list": [{"c": null}]}))
    );
    let problems = check_with(&schema, nulls, object(json!({"b": null}))).unwrap_err();
    assert!(problems[0].message.starts_with("is required and missing"));
    let problems = check_with(&schema, nulls, object(json!({"b": 1, "x": 1}))).unwrap_err();
    assert!(
        problems[0].message.contains("there is no such argument"),
        "the root is closed even if it does not say so"
    );
}

#[test]
fn a_report_names_everything_at_once() {
    let schema = object(json!({"type": "object", "properties": {
        "customer_id": {"type": "string"}, "due": {"type": "string", "format": "date"},
    }, "required": ["customer_id"], "additionalProperties": false}));
    let problems = check_with(
        &schema,
        Nulls::At(&[]),
        object(json!({"custmer_id": "c", "due": "soon"})),
    )
    .unwrap_err();
    let clock = Clock::new(|| UNIX_EPOCH + Duration::from_secs(1_795_219_200));
    assert_eq!(
        report("create_invoice", &problems, clock),
        "Validation error: 3 problems in the arguments of create_invoice; nothing was sent.\n\
         - /customer_id: is required and missing: expected a string. Example: \"text\".\n\
         - /custmer_id: there is no such argument. Did you mean \"customer_id\"? Valid: customer_id, due.\n\
         - /due: expected a date as YYYY-MM-DD, got \"soon\" (a string). Example: \"2026-12-05\".\n\
         Today is 2026-11-21.\n\
         Correct this and call the tool again."
    );
}

#[test]
fn references_are_followed_and_loops_end() {
    let schema = object(
        json!({"type": "object", "properties": {"tree": {"$ref": "#/$defs/node"}, "loop": {"$ref": "#/$defs/loop"}},
        "$defs": {
            "node": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "additionalProperties": false},
            "loop": {"$ref": "#/$defs/loop"},
        }}),
    );
    assert!(
        validate(
            &schema,
            &json!({"tree": {"kids": [{"kids": []}]}, "loop": 1})
        )
        .is_empty()
    );
    let problems = validate(&schema, &json!({"tree": {"kids": [{"kid": []}]}}));
    assert_eq!(problems[0].pointer, "/tree/kids/0/kid");
}

/// Schemas of the subset, with keywords that may or may not fit together.
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!({"type": "null"})),
        Just(json!({"type": "boolean"})),
        (0..5_i64, 0..9_i64)
            .prop_map(|(a, b)| json!({"type": "integer", "minimum": a, "maximum": b})),
        (1..4_i64, -3..3_i64)
            .prop_map(|(m, e)| json!({"type": "number", "multipleOf": m, "exclusiveMinimum": e})),
        (0..3_u64, 0..4_u64)
            .prop_map(|(a, b)| json!({"type": "string", "minLength": a, "maxLength": b})),
        Just(json!({"type": "string", "pattern": "^a|b$"})),
        Just(json!({"type": ["string", "integer"]})),
        Just(json!({"enum": ["a", 1, null, [1]]})),
        Just(json!({"const": {"a": 1}})),
        Just(json!({"exclusiveMaximum": 3, "minLength": 1})),
        Just(json!({"$ref": "#/$defs/d"})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(a, b, open)| {
                json!({"type": "object", "properties": {"a": a, "b": b}, "required": ["a"], "additionalProperties": open})
            }),
            (inner.clone(), 0..2_u64).prop_map(|(a, n)| json!({"additionalProperties": a, "minProperties": n, "maxProperties": 2})),
            (inner.clone(), 0..2_u64, any::<bool>()).prop_map(|(a, n, u)| json!({"type": "array", "items": a, "minItems": n, "maxItems": 3, "uniqueItems": u})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"prefixItems": [a], "items": b})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|v| json!({"anyOf": v})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|v| json!({"oneOf": v})),
            prop::collection::vec(inner, 1..3).prop_map(|v| json!({"allOf": v})),
        ]
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2..10_i64).prop_map(Value::from),
        (-4..12_i64).prop_map(|n| json!(n as f64 / 2.0)),
        "[ab1é]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[abc]", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// How many times as long as reading a value something takes, at best of three: whatever else the machine does, it does
/// to both.
fn beside_reading(value: &Value, mut work: impl FnMut(Value)) -> f64 {
    let text = value.to_string();
    let timed = |work: &mut dyn FnMut()| {
        let begin = std::time::Instant::now();
        work();
        begin.elapsed().as_secs_f64()
    };
    let least = |work: &mut dyn FnMut()| (0..3).map(|_| timed(work)).fold(f64::MAX, f64::min);
    let reading = least(&mut || {
        serde_json::from_str::<Value>(&text).unwrap();
    });
    least(&mut || work(value.clone())) / reading
}

#[test]
fn a_large_call_is_checked_in_the_time_that_reading_it_takes() {
    let mut ratios = Vec::new();
    // Comparing each item with each would take 10,000 times as long.
    let distinct: Vec<Value> = (0..50_000).map(Value::from).collect();
    let schema = json!({"type": "array", "uniqueItems": true});
    ratios.push(beside_reading(&json!(distinct), |value| {
        assert!(check(schema.clone(), value).is_ok());
    }));
    // Looking for the nearest known name of each unknown one would take hundreds of times as long.
    let properties: Object = (0..60)
        .map(|i| (format!("property_number_{i}"), json!({"type": "string"})))
        .collect();
    for closed in [json!({"additionalProperties": false}), json!({})] {
        let mut schema = object(json!({"type": "object", "properties": properties}));
        schema.extend(object(closed));
        let unknown: Object = (0..25_000)
            .map(|i| (format!("property_nunber_{i}"), json!(1)))
            .collect();
        ratios.push(beside_reading(&Value::Object(unknown), |value| {
            let problems = check_with(&schema, Nulls::At(&[]), object(value)).unwrap_err();
            assert!((20..1_000).contains(&problems.len()), "{}", problems.len());
        }));
    }
    let schema = json!({"type": "array", "items": {"enum": ["a", "b"]}});
    let root = object(json!({"type": "object", "properties": {"v": schema}}));
    ratios.push(beside_reading(&json!({"v": vec![1; 75_000]}), |value| {
        let problems = check_with(&root, Nulls::At(&[]), object(value)).unwrap_err();
        assert!((20..1_000).contains(&problems.len()), "{}", problems.len());
    }));
    assert!(ratios.iter().all(|ratio| *ratio < 100.0), "{ratios:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Our judgement is that of the `jsonschema` crate.
    #[test]
    fn the_oracle_agrees(schema in schemas(), value in values()) {
        let mut root = object(json!({"allOf": [schema], "$defs": {"d": {"type": "object", "properties": {"a": {"$ref": "#/$defs/d"}}}}}));
        root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        let oracle = jsonschema::validator_for(&Value::Object(root.clone())).unwrap();
        prop_assert_eq!(validate(&root, &value).is_empty(), oracle.is_valid(&value), "{} {}", Value::Object(root), value);
    }

    /// An example that a message shows is accepted at its place.
    #[test]
    fn examples_are_accepted(schema in schemas(), value in values()) {
        let root = object(json!({"type": "object", "properties": {"v": schema}, "$defs": {"d": {"type": "object", "properties": {"a": {"$ref": "#/$defs/d"}}}}}));
        for problem in validate(&root, &json!({"v": value})).iter() {
            let example = problem.message.split_once("Example: ").map(|(_, rest)| rest.trim_end_matches('.'));
            // Of several forms the example is one of the form that is spoken of.
            let one = !["anyOf", "oneOf"].iter().any(|union| schema.to_string().contains(union));
            if let (Some(example), "/v", true) = (example, problem.pointer.as_str(), one) {
                let example: Value = serde_json::from_str(example).unwrap();
                let then = validate(&root, &json!({"v": example}));
                prop_assert!(then.is_empty(), "{} {:?}", schema, then);
            }
        }
    }

    /// What is valid is never changed into something else.
    #[test]
    fn valid_arguments_stay_as_they_are(schema in schemas(), value in values()) {
        let root = object(json!({"type": "object", "properties": {"v": schema}, "$defs": {"d": {"type": "object"}}}));
        let arguments = object(json!({"v": value}));
        if validate(&root, &Value::Object(arguments.clone())).is_empty() {
            let checked = check_with(&root, Nulls::All, arguments.clone());
            // `5.0` may have become `5`, which is the same number.
            let same = |a: &Value, b: &Value| a == b || validate(&object(json!({"const": a})), b).is_empty();
            prop_assert!(checked.is_ok_and(|checked| same(&Value::Object(checked), &Value::Object(arguments))));
        }
    }
}

#[test]
fn properties_get_the_names_that_they_have_on_the_wire() {
    let operation = OperationDef {
        renamed: &[
            ("/update/_set", "$set"),
            ("/update/_set/*/a_b", "a/b"),
            ("/list/*/_type", "@type"),
        ],
        ..OperationDef::DEFAULT
    };
    let schema = json!({"type": "object", "properties": {"update": {}, "list": {}, "_set": {}}});
    let given = json!({
        "_set": 1,
        "update": {"_set": [{"a_b": 2, "_set": 3}], "other": {"_set": 4}},
        "list": [{"_type": "x"}, "_type"],
    });
    let (Value::Object(schema), Value::Object(given)) = (schema, given) else {
        panic!("objects")
    };
    assert_eq!(
        Value::Object(check_operation(&operation, &schema, given).unwrap()),
        json!({
            "_set": 1,
            "update": {"$set": [{"a/b": 2, "_set": 3}], "other": {"_set": 4}},
            "list": [{"@type": "x"}, "_type"],
        })
    );
}

#[test]
fn two_properties_with_one_name_on_the_wire_are_refused() {
    let operation = OperationDef {
        renamed: &[("/update/*/_set", "$set"), ("/_q", "$q")],
        ..OperationDef::DEFAULT
    };
    let schema =
        object(json!({"type": "object", "properties": {"update": {}, "_q": {}, "$q": {}}}));
    for (given, place) in [
        (
            json!({"update": [{"_set": 1, "$set": 2}]}),
            "/update/0/$set",
        ),
        (
            json!({"update": [{"$set": 2, "_set": 1}]}),
            "/update/0/_set",
        ),
        (json!({"_q": 1, "$q": 1}), "/$q"),
    ] {
        let problems = check_operation(&operation, &schema, object(given.clone())).unwrap_err();
        assert_eq!(problems.total(), 1, "{given}");
        assert_eq!(problems[0].pointer, place, "{given}");
        assert!(problems[0].message.contains("\"$"), "{given}");
    }
    for given in [json!({"$set": 2}), json!({"_set": 2})] {
        let given = object(json!({"update": [given]}));
        let checked = check_operation(&operation, &schema, given).unwrap();
        assert_eq!(Value::Object(checked), json!({"update": [{"$set": 2}]}));
    }
}

#[test]
fn what_contains_itself_gets_its_names_on_the_wire_at_any_depth() {
    let operation = OperationDef {
        renamed: &[("/folder/_set", "$set"), ("/folder/_set/a_b", "a/b")],
        repeats: &[("/folder/_set/folders/*", "/folder")],
        ..OperationDef::DEFAULT
    };
    let schema = object(json!({"type": "object", "properties": {"folder": {}}}));
    let mut given = json!({"_set": {"a_b": 0}});
    let mut sent = json!({"$set": {"a/b": 0}});
    for _ in 0..9 {
        given = json!({"_set": {"a_b": 1, "_set": 2, "folders": [given]}});
        sent = json!({"$set": {"a/b": 1, "_set": 2, "folders": [sent]}});
    }
    let checked = check_operation(&operation, &schema, object(json!({"folder": given})));
    assert_eq!(Value::Object(checked.unwrap()), json!({"folder": sent}));
}
