//! Laws that hold for any input.

use mcpwright::diagnostics::{Pointer, Sink};
use mcpwright::normalize::normalize;
use mcpwright::source::{Budgets, read};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn budgets() -> Budgets {
    Budgets {
        nodes: 10_000,
        ..Budgets::default()
    }
}

/// Any JSON value, with keys that matter to the rules.
fn value() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        "[a-z~/ ]{0,4}",
        prop::sample::select(vec![
            "type",
            "nullable",
            "properties",
            "items",
            "allOf",
            "anyOf",
            "required",
            "enum",
            "example",
            "examples",
            "exclusiveMinimum",
            "minimum",
            "$ref",
            "const",
            "<<",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 100.0)),
        "\\PC{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["string", "null", "Array", "any"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn pointers(value: &Value, at: &Pointer, all: &mut Vec<Pointer>) {
    all.push(at.clone());
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, value)| pointers(value, &at.child(key), all));
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(n, value)| pointers(value, &at.index(n), all));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read("a.yaml", &bytes, &budgets());
        let _ = read("a.json", &bytes, &budgets());
    }

    #[test]
    fn reading_text_with_marks_never_panics(
        text in "[\\[\\]{}:,&*!|>'\"%@`#?~<\\-+. \n\tab01é\u{feff}]{0,120}",
    ) {
        for name in ["a.yaml", "a.json"] {
            if let Ok(document) = read(name, text.as_bytes(), &budgets()) {
                let mut all = Vec::new();
                pointers(&document.value, &Pointer::root(), &mut all);
                for pointer in all {
                    let _ = document.locate(&pointer, false);
                    let _ = document.locate(&pointer, true);
                }
            }
        }
    }

    #[test]
    fn json_is_read_as_serde_json_reads_it(value in value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let document = read("a.json", text.as_bytes(), &budgets()).unwrap();
            prop_assert_eq!(&document.value, &value);
            let mut all = Vec::new();
            pointers(&value, &Pointer::root(), &mut all);
            for pointer in all {
                let place = document.locate(&pointer, false).unwrap();
                let found: Value =
                    serde_json::from_str(&document.text[place.start..place.end]).unwrap();
                prop_assert_eq!(Some(&found), value.pointer(pointer.as_str()));
            }
        }
    }

    #[test]
    fn a_key_twice_is_always_found(value in value(), key in "\\PC{0,6}", at in 0usize..3) {
        let mut members = vec![(key.clone(), value.clone()), (key, json!(1))];
        members.insert(at, ("unrelated key".to_owned(), value));
        let members: Vec<String> = members
            .iter()
            .map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())))
            .collect();
        let text = format!("[{{{}}}]", members.join(","));
        let error = read("a.json", text.as_bytes(), &budgets()).unwrap_err();
        prop_assert_eq!(error.code.id(), "E0105");
        prop_assert!(error.position.is_some());
    }

    #[test]
    fn normalising_never_panics_and_is_done_at_once(schema in value()) {
        let mut document = json!({
            "openapi": "3.0.3",
            "components": {"schemas": {"S": schema.clone()}},
            "paths": {"/x": {"get": {"parameters": [{"schema": schema}]}}}
        });
        normalize(&mut document, &budgets(), &mut Sink::new()).unwrap();
        let once = document.clone();
        let mut sink = Sink::new();
        normalize(&mut document, &budgets(), &mut sink).unwrap();
        prop_assert_eq!(once, document);
        prop_assert_eq!(sink.into_vec(), vec![]);
    }
}
