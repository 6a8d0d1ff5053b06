//! Properties that several branches of `allOf` describe (JSON Schema core §10.2.1.1): all of it holds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// A tool whose body is `allOf` two components, which describe `value` in these ways.
fn generate(base: &Value, own: &Value) -> Generated {
    let object = |value: &Value| json!({"type": "object", "properties": {"value": value}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {"post": {
            "operationId": "createLead",
            "requestBody": {"required": true, "content": {"application/json": {"schema":
                {"allOf": [{"$ref": "#/components/schemas/Base"}, object(own)]}}}},
            "responses": {"204": {"description": "ok"}},
        }}},
        "components": {"schemas": {
            "Base": object(base),
            "Text": {"type": "string", "maxLength": 5},
        }},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn codes(generated: &Generated) -> Vec<&str> {
    let found = generated.report.diagnostics.iter();
    found.map(|diagnostic| diagnostic.code.id()).collect()
}

#[test]
fn a_property_that_two_branches_describe_has_to_fit_both() {
    let object = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let one_of = |a: &str, b: &str| {
        let one = |name: &str| object(json!({name: {}}), json!([name]));
        json!({"type": "object", "oneOf": [one(a), one(b)]})
    };
    for (base, own, accepted, refused) in [
        (
            json!({"type": "number", "minimum": 5}),
            json!({"type": "integer", "maximum": 9}),
            json!([5, 9]),
            json!([4, 10, 5.5]),
        ),
        (
            json!({"type": "integer", "minimum": 5}),
            json!({"minimum": 3}),
            json!([5]),
            json!([4]),
        ),
        (
            json!({"type": "integer", "minimum": 3}),
            json!({"minimum": 5}),
            json!([5]),
            json!([4]),
        ),
        (
            json!({"type": "integer", "exclusiveMaximum": 3}),
            json!({"exclusiveMaximum": 5}),
            json!([2]),
            json!([3]),
        ),
        (
            json!({"type": "string", "minLength": 2}),
            json!({"maxLength": 3}),
            json!(["ab", "abc"]),
            json!(["a", "abcd"]),
        ),
        (
            json!({"type": "string", "enum": ["a", "b", "c"]}),
            json!({"enum": ["d", "c", "b"]}),
            json!(["b", "c"]),
            json!(["a", "d"]),
        ),
        (
            json!({"type": "string"}),
            json!({"const": "b"}),
            json!(["b"]),
            json!(["a"]),
        ),
        (
            json!({"type": "string", "pattern": "^a"}),
            json!({"pattern": "z$"}),
            json!(["az"]),
            json!(["a", "z"]),
        ),
        (
            json!({"type": "integer", "multipleOf": 2}),
            json!({"multipleOf": 3}),
            json!([6]),
            json!([2, 3]),
        ),
        (
            json!({"$ref": "#/components/schemas/Text"}),
            json!({"minLength": 2}),
            json!(["ab"]),
            json!(["a", "abcdef", 5]),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "maxItems": 2}),
            json!({"items": {"minLength": 2}, "maxItems": 3}),
            json!([["ab", "cd"], []]),
            json!([["a"], [5], ["ab", "cd", "ef"]]),
        ),
        (
            object(
                json!({"x": {"type": "string", "maxLength": 2}}),
                json!(["x"]),
            ),
            object(
                json!({"x": {"minLength": 2}, "y": {"type": "integer"}}),
                json!(["y"]),
            ),
            json!([{"x": "ab", "y": 1}]),
            json!([{"x": "ab"}, {"y": 1}, {"x": "a", "y": 1}, {"x": "abc", "y": 1}]),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"additionalProperties": {"maxLength": 1}}),
            json!([{"a": "b"}]),
            json!([{"a": 1}, {"a": "bc"}]),
        ),
        (
            one_of("a", "b"),
            one_of("c", "d"),
            json!([{"a": 1, "d": "x"}, {"b": 1, "c": 1}]),
            json!([{"a": 1}, {"d": "x"}, {"a": 1, "b": 1}]),
        ),
    ] {
        let generated = generate(&base, &own);
        assert_eq!(codes(&generated), Vec::<&str>::new(), "{base} {own}");
        let schema = &generated.api.groups[0].operations[0].input_schema;
        let validator = jsonschema::validator_for(schema).unwrap();
        for value in accepted.as_array().unwrap() {
            assert!(
                validator.is_valid(&json!({"value": value})),
                "{base} {own}: {value}"
            );
        }
        for value in refused.as_array().unwrap() {
            assert!(
                !validator.is_valid(&json!({"value": value})),
                "{base} {own}: {value}"
            );
        }
    }
}

#[test]
fn the_later_description_of_a_property_is_the_one_that_is_read() {
    for (base, own, said) in [
        (
            json!({"type": "string", "description": "Any text"}),
            json!({"maxLength": 9, "description": "Short text"}),
            "Short text",
        ),
        (
            json!({"type": "string", "description": "Any text"}),
            json!({"maxLength": 9}),
            "Any text",
        ),
        (
            json!({"type": "string", "description": "Any text"}),
            json!({"description": "Short text"}),
            "Short text",
        ),
        (
            json!({"type": "string", "description": "Any text"}),
            json!({"type": "string", "maxLength": 9}),
            "Any text",
        ),
    ] {
        let generated = generate(&base, &own);
        let schema = &generated.api.groups[0].operations[0].input_schema;
        assert_eq!(
            schema["properties"]["value"]["description"], said,
            "{base} {own}"
        );
    }
}

#[test]
fn a_property_that_one_branch_keeps_to_answers_is_no_argument() {
    let generated = generate(
        &json!({"type": "string", "readOnly": true}),
        &json!({"maxLength": 9}),
    );
    let schema = &generated.api.groups[0].operations[0].input_schema;
    assert_eq!(schema.pointer("/properties/value"), None);
}

#[test]
fn descriptions_that_exclude_each_other_are_reported() {
    for (base, own) in [
        (json!({"type": "string"}), json!({"type": "integer"})),
        (json!({"enum": ["a"]}), json!({"enum": ["b"]})),
        (
            json!({"const": "a"}),
            json!({"oneOf": [{"const": "b"}, {"const": "c"}]}),
        ),
        (
            json!({"type": "string", "minLength": 5}),
            json!({"maxLength": 3}),
        ),
        (
            json!({"type": "integer", "exclusiveMinimum": 4}),
            json!({"exclusiveMaximum": 5}),
        ),
    ] {
        let generated = generate(&base, &own);
        assert_eq!(codes(&generated), ["E0520"], "{base} {own}");
        let schema = &generated.api.groups[0].operations[0].input_schema;
        let limits = schema.to_string();
        assert!(
            !limits.contains("max") && !limits.contains("Max"),
            "{schema}"
        );
        assert!(jsonschema::validator_for(schema).is_ok());
    }
}

/// A body that is the component `root` of these.
fn of_components(components: &Value, root: &str) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Files", "version": "1"},
        "servers": [{"url": "https://files.example.com"}],
        "paths": {"/files": {"post": {
            "operationId": "createFile",
            "requestBody": {"required": true, "content": {"application/json": {"schema":
                {"$ref": format!("#/components/schemas/{root}")}}}},
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema":
                {"$ref": format!("#/components/schemas/{root}")}}}}},
        }}},
        "components": {"schemas": components},
    });
    Config::new()
        .spec_str("files.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What extends a schema with a property of its own kind went on for ever: each level stood for one
/// schema more than the one above.
#[test]
fn what_extends_a_schema_of_its_own_kind_comes_to_an_end() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for of_base in [reference("Item"), json!({"type": "object"})] {
        let components = json!({
            "Item": {"type": "object", "properties": {"parent": of_base, "size": {"type": "integer"}}},
            "Folder": {
                "allOf": [reference("Item")],
                "properties": {"parent": reference("Folder"), "name": {"type": "string"}},
            },
        });
        let generated = of_components(&components, "Folder");
        let operation = generated.api.operations().next().unwrap();
        let schema = operation.input_schema.to_string();
        assert!(
            schema.contains("parent") && schema.contains("name"),
            "{schema}"
        );
        assert!(schema.len() < 4_000, "{schema}");
    }
}

/// The same schemas that come together in other ways are one schema: otherwise a chain of forty took
/// hours.
#[test]
fn schemas_that_come_together_again_are_not_made_again() {
    for keyword in ["items", "additionalProperties"] {
        let mut components = serde_json::Map::new();
        components.insert(
            "S0".to_owned(),
            json!({"type": "object", "properties": {"x": {"type": "string"}}}),
        );
        for level in 1..40_usize {
            let part = |below: usize| {
                let name = format!("#/components/schemas/S{}", level.saturating_sub(below));
                json!({ keyword: {"$ref": name} })
            };
            components.insert(format!("S{level}"), json!({"allOf": [part(1), part(2)]}));
        }
        let generated = of_components(&Value::Object(components), "S39");
        assert_eq!(generated.api.operations().count(), 1, "{keyword}");
    }
}

#[test]
fn what_two_schemas_make_of_a_property_of_the_same_base_are_two_types() {
    let extends = |own: &str| {
        let object = json!({"type": "object", "properties": {own: {"type": "string"}}});
        let properties = json!({"kind": {"enum": [own, "x"]}, "part": object});
        json!({"allOf": [{"properties": properties}, {"$ref": "#/components/schemas/Base"}]})
    };
    let post = |name: &str| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        json!({"post": {
            "operationId": format!("create{name}"),
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
            "responses": {},
        }})
    };
    let part = json!({"type": "object", "properties": {"z": {"type": "string"}}});
    let base = json!({"type": "object", "properties": {"kind": {"type": "string"}, "part": part}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/a": post("A"), "/b": post("B")},
        "components": {"schemas": {"A": extends("a"), "B": extends("b"), "Base": base}},
    });
    let generated = Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    let types = |index: usize| {
        let operation = generated.api.operations().nth(index).unwrap();
        let types = operation
            .fields
            .iter()
            .map(|field| format!("{:?}", field.ty));
        types.collect::<Vec<_>>()
    };
    let (a, b) = (types(0), types(1));
    assert_eq!(a.len(), 2);
    assert!(a.iter().all(|ty| !b.contains(ty)), "{a:?} {b:?}");
}
