//! The argument checker against the official JSON-Schema-Test-Suite, for the keywords that the
//! generator emits.
//!
//! The suite is read from `JSON_SCHEMA_SUITE`, the folder that holds `type.json` and the others of
//! draft 2020-12; without the variable the test says that it is skipped.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::fs;
use std::path::Path;

use mcpwright_runtime::arguments::validate;
use serde_json::Value;

/// The files of the keywords that are emitted.
const FILES: [&str; 28] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "default",
    "dependentRequired",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "infinite-loop-detection",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "prefixItems",
    "properties",
    "ref",
    "required",
    "type",
    "uniqueItems",
];

/// Keywords that emitted schemas never hold (`generator/tests/hostile/laws.rs` checks that), so that
/// the checker need not know them.
const NEVER_EMITTED: [&str; 10] = [
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "contains",
    "dependentSchemas",
    "if",
    "unevaluatedItems",
    "unevaluatedProperties",
    "patternProperties",
];

/// Whether a schema has what is never emitted, or refers beyond itself.
fn is_beyond(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.iter().any(|(key, value)| {
            NEVER_EMITTED.contains(&key.as_str())
                || key == "$ref"
                    && !value
                        .as_str()
                        .is_none_or(|r| r == "#" || r.starts_with("#/"))
                || is_beyond(value)
        }),
        Value::Array(items) => items.iter().any(is_beyond),
        _ => false,
    }
}

#[test]
fn the_checker_agrees_with_the_official_suite() {
    let Some(folder) = std::env::var_os("JSON_SCHEMA_SUITE") else {
        println!("skipped: JSON_SCHEMA_SUITE names no folder");
        return;
    };
    let (mut checked, mut beyond, mut wrong) = (0, 0, Vec::new());
    for file in FILES {
        let path = Path::new(&folder).join(format!("{file}.json"));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let groups: Vec<Value> = serde_json::from_str(&text).unwrap();
        for group in &groups {
            // Tools have object schemas; `true` and `false` are only ever parts of one.
            let Some(schema) = group["schema"]
                .as_object()
                .filter(|_| !is_beyond(&group["schema"]))
            else {
                beyond += 1;
                continue;
            };
            for test in group["tests"].as_array().unwrap() {
                checked += 1;
                let valid = validate(schema, &test["data"]).is_empty();
                if valid != test["valid"] {
                    wrong.push(format!(
                        "{file}: {}: {}: {} of {}",
                        group["description"], test["description"], test["data"], group["schema"]
                    ));
                }
            }
        }
    }
    println!("{checked} cases agree or not, {beyond} groups use what is never emitted");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
