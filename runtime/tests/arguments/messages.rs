//! What is wrong, what was expected, and what would be right.

use std::time::{Duration, UNIX_EPOCH};

use mcpwright_runtime::arguments::{Nulls, check_with, report};
use mcpwright_runtime::clock::Clock;
use serde_json::json;

use super::{check, object};

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
        // What comes of nothing is no example of what there can be.
        (
            json!({"type": "array", "items": {"type": "string"}, "default": []}),
            json!({"a": 1}),
            "/v expected an array, got {\"a\":1}. Example: [\"text\"].",
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
            json!({"type": "object", "minProperties": 2, "properties": {"a": {"type": "integer"}, "b": {}}}),
            json!({}),
            "/v expected at least 2 properties, got 0. Give at least 2 of: a, b.",
        ),
        // An example has as many as are wanted.
        (
            json!({"type": "object", "required": ["b"], "minProperties": 2, "properties": {"a": {"type": "integer"}, "b": {"type": "string"}, "c": {"type": "string"}}}),
            json!("x"),
            "/v expected an object, got \"x\" (a string). Example: {\"b\":\"text\",\"a\":1}.",
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
