//! The standard's own judgement of any schema and value.

use mcpwright_runtime::arguments::{Nulls, check_with, validate};
use mcpwright_runtime::json::Value;
use proptest::prelude::*;
use serde_json::json;

use super::object;

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
