//! Other forms of a value that are understood, and nulls.

use mcpwright_runtime::arguments::{Nulls, check_with};
use mcpwright_runtime::json::Value;
use serde_json::json;

use super::{check, object};

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
        // Where texts are listed too, one that is none of them is the number that it writes.
        (json!({"enum": ["draft", 6]}), json!("6"), json!(6)),
        (json!({"enum": ["draft", "6", 6]}), json!("6"), json!("6")),
        (
            json!({"enum": ["Draft", 6]}),
            json!("draft"),
            json!("Draft"),
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
