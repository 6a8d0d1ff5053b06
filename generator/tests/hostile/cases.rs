//! Schemas that refer to each other through properties and cases: `if`, `then`, `else` and
//! `dependentSchemas` lead to all of them from each of them. Two dozen kilobytes took minutes.

use std::time::{Duration, Instant};

use mcpwright::{Config, Generated, RuntimeSource};
use serde_json::{Map, Value, json};

/// Generous: a fraction of it is needed where nothing is optimised.
const LONGEST: Duration = Duration::from_secs(60);

fn reference(index: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/S{index}")})
}

/// A tool whose body and answer are the first of `count` components.
fn generate(count: usize, schema: impl Fn(usize) -> Value) -> Generated {
    let schemas: Map<String, Value> = (0..count).map(|i| (format!("S{i}"), schema(i))).collect();
    let content = json!({"application/json": {"schema": reference(0)}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Cases", "version": "1"},
        "servers": [{"url": "https://x.example.com"}],
        "paths": {"/a": {"post": {
            "operationId": "a",
            "requestBody": {"content": content},
            "responses": {"200": {"description": "ok", "content": content}},
        }}},
        "components": {"schemas": schemas},
    });
    Config::new()
        .spec_str("cases.json", &document.to_string())
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap()
}

/// Properties that refer to the next ones, and cases that do.
fn with_properties(count: usize, width: usize, i: usize) -> Value {
    let next = |step: usize| reference((i + step) % count);
    let properties: Map<String, Value> = (0..width)
        .map(|j| (format!("p{i}_{j}"), next(j + 1)))
        .collect();
    json!({"type": "object", "properties": properties, "if": {"required": ["p"]}, "then": next(1), "else": next(2)})
}

/// Unions and cases of every kind.
fn with_unions(count: usize, i: usize) -> Value {
    let next = |step: usize| reference(step % count);
    let branches: Vec<Value> = (0..8).map(|j| next(i * 7 + j)).collect();
    json!({
        "anyOf": branches, "type": "object",
        "properties": {format!("p{i}"): next(i * 3 + 1)},
        "if": next(i + 1), "then": next(i + 2), "dependentSchemas": {"x": next(i + 5)},
    })
}

#[test]
fn schemas_whose_cases_lead_to_each_other_are_looked_at_once() {
    type Make = fn(usize) -> Value;
    let shapes: [(&str, usize, Make); 3] = [
        ("six properties each", 60, |i| with_properties(60, 6, i)),
        ("five properties each", 20, |i| with_properties(20, 5, i)),
        ("unions", 40, |i| with_unions(40, i)),
    ];
    for (what, count, schema) in shapes {
        let started = Instant::now();
        let generated = generate(count, schema);
        let took = started.elapsed();
        assert_eq!(generated.api.operations().count(), 1, "{what}");
        assert!(took < LONGEST, "{what}: {took:?}");
    }
}

/// Each of very many schemas has the properties of all others: what is looked at has an end, and it is said
/// that it was reached.
#[test]
fn cases_that_lead_to_very_many_schemas_are_cut_and_that_is_said() {
    let started = Instant::now();
    let generated = generate(120, |i| with_properties(120, 12, i));
    let took = started.elapsed();
    let found = generated.report.diagnostics.iter();
    // Schemas with more than 256 cases have a finding of their own.
    let cut = found.filter(|d| d.code.id() == "E0505" && d.message.contains("are too many"));
    assert_eq!(cut.count(), 1);
    assert!(took < LONGEST, "{took:?}");
}
