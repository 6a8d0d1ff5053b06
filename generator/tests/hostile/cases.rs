//! Schemas that refer to each other through properties and cases: `if`, `then`, `else`, `dependentSchemas`
//! and `allOf` lead to all of them from each of them. Two dozen kilobytes took minutes. So did some
//! thousand parameters.

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
    with_parameters(count, schema, &[])
}

fn with_parameters(
    count: usize,
    schema: impl Fn(usize) -> Value,
    parameters: &[Value],
) -> Generated {
    let schemas: Map<String, Value> = (0..count).map(|i| (format!("S{i}"), schema(i))).collect();
    let content = json!({"application/json": {"schema": reference(0)}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Cases", "version": "1"},
        "servers": [{"url": "https://x.example.com"}],
        "paths": {"/a": {"post": {
            "operationId": "a",
            "parameters": parameters,
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

/// Six properties that refer to the others.
fn links(count: usize, i: usize) -> Value {
    let link = |j: usize| (format!("p{i}_{j}"), reference((i + j * 7 + 1) % count));
    Value::Object((0..6).map(link).collect())
}

/// Each has what the next two have, and the last has nothing to extend.
fn with_parts(count: usize, i: usize) -> Value {
    let parts: Vec<Value> = (i + 1..count).take(2).map(reference).collect();
    json!({"properties": links(count, i), "allOf": parts})
}

/// Each has what the next one has, round and round.
fn with_circle(count: usize, i: usize) -> Value {
    json!({"properties": links(count, i), "allOf": [reference((i + 1) % count)]})
}

/// Each extends the one before it and tells apart what extends it.
fn with_family(count: usize, i: usize) -> Value {
    let base = reference((i + count - 1) % count);
    let own = json!({"properties": links(count, i)});
    json!({"allOf": [base, own], "discriminator": {"propertyName": "t"}})
}

/// Properties that bring others with them.
fn with_dependent(count: usize, i: usize) -> Value {
    let next = |step: usize| reference((i + step) % count);
    let names = |j: usize| format!("p{i}_{j}");
    let cases = json!({names(0): next(1), names(1): next(2), names(2): next(5)});
    json!({"type": "object", "properties": links(count, i), "dependentSchemas": cases})
}

#[test]
fn schemas_that_consist_of_each_other_are_taken_apart_once() {
    type Make = fn(usize) -> Value;
    let shapes: [(&str, usize, Make); 4] = [
        ("parts", 60, |i| with_parts(60, i)),
        ("a circle of parts", 20, |i| with_circle(20, i)),
        ("a family", 20, |i| with_family(20, i)),
        ("dependent schemas", 20, |i| with_dependent(20, i)),
    ];
    for (what, count, schema) in shapes {
        let generated = generate(count, schema);
        assert_eq!(generated.api.operations().count(), 1, "{what}");
    }
}

#[test]
fn thousands_of_parameters_are_looked_at_once_even_where_their_names_collide() {
    let schema = |_| json!({"type": "object"});
    // Each fifty become the same name of an argument.
    let name = |i: usize| format!("p{}{}", "$".repeat(i % 50), i / 50);
    for name in [name, |i| format!("p{i}")] {
        let parameter = |i: usize| json!({"name": name(i), "in": "query", "schema": {}});
        let parameters: Vec<Value> = (0..5_000).map(parameter).collect();
        let generated = with_parameters(1, schema, &parameters);
        let arguments = generated.api.operations().map(|o| o.parameters.len());
        assert_eq!(arguments.collect::<Vec<_>>(), [5_000]);
    }
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
