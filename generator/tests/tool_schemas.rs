//! What tool schemas say of schemas that they cannot repeat.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// A tool whose body is an object with these members.
fn generate(schema: Value) -> Generated {
    let mut body = json!({"type": "object"});
    body.as_object_mut()
        .unwrap()
        .extend(schema.as_object().unwrap().clone());
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {"post": {
            "operationId": "createLead",
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn arguments(schema: Value) -> Value {
    generate(schema).api.groups[0].operations[0].input_schema["properties"].clone()
}

#[test]
fn rules_for_names_are_checked_and_told() {
    let closed = |patterns: Value| json!({"type": "object", "patternProperties": patterns, "additionalProperties": false});
    for (schema, rule, told) in [
        (
            json!({"type": "object", "propertyNames": {"pattern": "^[\\w-]+$", "maxLength": 256}, "description": "Items"}),
            json!({"pattern": "^[\\w-]+$", "maxLength": 256}),
            json!("Items. Names match `^[\\w-]+$` and have at most 256 characters."),
        ),
        (
            json!({"type": "object", "propertyNames": {"enum": ["a", "b"]}}),
            json!({"enum": ["a", "b"]}),
            json!("Names are among \"a\", \"b\"."),
        ),
        (
            closed(json!({"^x-": {"type": "string"}})),
            json!({"pattern": "^x-"}),
            json!("Names match `^x-`."),
        ),
        (
            closed(json!({"^x-": {"type": "string"}, "^y-": {"type": "integer"}})),
            json!({"pattern": "(?:^x-)|(?:^y-)"}),
            json!("Names match `(?:^x-)|(?:^y-)`."),
        ),
        // Properties of their own keep their names.
        (
            json!({"type": "object", "propertyNames": {"pattern": "^x-"}, "properties": {"id": {"type": "integer"}}}),
            json!({"anyOf": [{"pattern": "^x-"}, {"enum": ["id"]}]}),
            json!("Names match `^x-`."),
        ),
        // An expression that cannot be run here is left to the service.
        (
            json!({"type": "object", "propertyNames": {"pattern": "^(?!x)"}}),
            Value::Null,
            Value::Null,
        ),
        // Where other names are allowed too, the expressions refuse nothing.
        (
            json!({"type": "object", "patternProperties": {"^x-": {}}}),
            Value::Null,
            Value::Null,
        ),
    ] {
        let found = arguments(json!({"properties": {"labels": schema}}));
        assert_eq!(found["labels"]["propertyNames"], rule, "{schema}");
        assert_eq!(found["labels"]["description"], told, "{schema}");
    }
    let root = arguments(
        json!({"properties": {"id": {"type": "string"}}, "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": false}),
    );
    assert_eq!(
        root["additional_fields"]["propertyNames"],
        json!({"pattern": "^x-"})
    );
}

#[test]
fn only_a_closed_object_asks_the_schema_of_its_patterns_of_every_further_name() {
    let text = json!({"type": "string"});
    let of = |pattern: &str| json!({"type": "object", "patternProperties": {pattern: text}});
    let with = |mut schema: Value, keyword: &str, value: Value| {
        schema[keyword] = value;
        schema
    };
    let closed = with(of("^x-"), "additionalProperties", json!(false));
    let either = json!({"anyOf": [text, {"type": "integer"}]});
    for (schema, expected) in [
        (closed.clone(), Some(&text)),
        (of("^x-"), None),
        (with(of("^x-"), "additionalProperties", json!(true)), None),
        (
            with(
                of("^x-"),
                "additionalProperties",
                json!({"type": "integer"}),
            ),
            Some(&either),
        ),
        // Expressions with schemas of their own: each name has one of them.
        (
            with(
                json!({"type": "object", "patternProperties": {"^x-": text, "^y-": {"type": "integer"}}}),
                "additionalProperties",
                json!(false),
            ),
            Some(&either),
        ),
        (
            with(of("^x-"), "additionalProperties", text.clone()),
            Some(&text),
        ),
        (
            with(
                json!({"type": "object", "patternProperties": {"^x-": text, "^y-": {}}}),
                "additionalProperties",
                json!(false),
            ),
            None,
        ),
        (
            json!({"type": "object", "patternProperties": {"^x-": false}}),
            None,
        ),
        // A closed branch does not close what the others describe.
        (
            json!({"allOf": [closed, {"properties": {"id": {"type": "string"}}}]}),
            None,
        ),
        // Ways to write `additionalProperties`.
        (of(".*"), Some(&text)),
        (of("^.+$"), Some(&text)),
    ] {
        let found = arguments(json!({"properties": {"labels": schema}}));
        let further = found["labels"].get("additionalProperties");
        let further = further.filter(|further| further.is_object() && **further != json!({}));
        assert_eq!(further, expected, "{schema}: {found}");
        assert_ne!(
            found["labels"].get("additionalProperties"),
            Some(&json!(false)),
            "{schema}: {found}"
        );
    }
}

#[test]
fn what_would_refuse_every_text_is_left_out_with_a_finding() {
    for (schema, kept) in [
        (json!({"pattern": " ^[-\\w\\._\\(\\)]+[^\\.]$"}), false),
        (json!({"pattern": "^a$b"}), false),
        (json!({"pattern": "(a^b)+"}), false),
        (json!({"pattern": "a^|b$c"}), false),
        (json!({"pattern": "[^\\s\\S]"}), false),
        (json!({"pattern": "a^|b"}), true),
        (json!({"pattern": "(a^)*b"}), true),
        (json!({"pattern": "a*^b$c?"}), true),
        (json!({"pattern": "^a$"}), true),
        (
            json!({"format": "uuid", "minLength": 64, "maxLength": 64}),
            false,
        ),
        (json!({"format": "uuid", "maxLength": 35}), false),
        (
            json!({"format": "uuid", "minLength": 36, "maxLength": 36}),
            true,
        ),
        (json!({"format": "date", "minLength": 20}), false),
        (json!({"format": "date-time", "minLength": 64}), true),
        (json!({"format": "date-time", "maxLength": 10}), false),
        (json!({"format": "email", "maxLength": 3}), true),
    ] {
        let mut text = schema.clone();
        text["type"] = json!("string");
        let generated = generate(json!({"properties": {"it": text}}));
        let it = &generated.api.groups[0].operations[0].input_schema["properties"]["it"];
        let keyword = if schema.get("pattern").is_some() {
            "pattern"
        } else {
            "format"
        };
        assert_eq!(it.get(keyword).is_some(), kept, "{schema}: {it}");
        let found = generated.report.diagnostics.iter();
        let codes: Vec<&str> = found
            .map(|f| f.code.id())
            .filter(|code| *code != "E0603")
            .collect();
        let expected: &[&str] = if kept { &[] } else { &["E0527"] };
        assert_eq!(codes, expected, "{schema}");
        for limit in ["minLength", "maxLength"] {
            assert_eq!(it.get(limit), schema.get(limit), "{schema}");
        }
    }
}

#[test]
fn a_value_that_can_only_be_null_is_null() {
    let generated = generate(
        json!({"properties": {"sso": {"type": "null"}, "old": {"type": ["null"]}, "name": {"type": ["string", "null"]}}}),
    );
    let operation = &generated.api.groups[0].operations[0];
    for (name, kind) in [("sso", "null"), ("old", "null"), ("name", "string")] {
        let schema = &operation.input_schema["properties"][name];
        assert_eq!(schema["type"], kind, "{name}");
        let place = format!("/{name}");
        assert!(operation.nullable.contains(&place), "{name}");
    }
}

#[test]
fn what_lies_too_deep_keeps_what_is_required() {
    let long = "d".repeat(290);
    // Beside what is needed, much that is not, so that the inner levels are cut.
    let leaf = json!({"type": "object", "required": ["kind"], "properties": {
        "kind": {"type": "string", "enum": ["host", "path"]}, "note": {"type": "string"},
    }});
    let union = json!({"anyOf": [leaf, {"type": "object", "required": ["$key"], "properties": {
        "$key": {"type": "string", "maxLength": 5}, "more": {"type": "string"},
    }}]});
    let mut schema = json!({"type": "object", "required": ["has"], "properties": {"has": {"type": "array", "items": union}}});
    for _ in 0..3 {
        let mut level: serde_json::Map<String, Value> = (0..3)
            .map(|i| {
                (
                    format!("p{i}"),
                    json!({"type": "string", "description": long}),
                )
            })
            .collect();
        for i in 0..4 {
            level.insert(format!("inner{i}"), schema.clone());
        }
        schema = json!({"type": "object", "required": ["inner0"], "properties": level});
    }
    let found = arguments(schema);
    let text = found.to_string();
    assert!(text.len() < 24_000, "{} bytes", text.len());
    let has = &found["inner0"]["properties"]["inner0"];
    assert!(has.is_object(), "{text}");
    let deep = text.contains(r#""required":["kind"]"#);
    assert!(deep, "{text}");
    // What is not listed may still be given.
    assert!(!text.contains("note"), "{text}");
    assert!(!text.contains(r#""additionalProperties":false"#), "{text}");
}

#[test]
fn where_a_schema_contains_itself_what_it_requires_is_still_asked_for() {
    let reference = |pointer: &str| json!({"$ref": format!("#/paths/~1leads/post/requestBody/content/application~1json/schema{pointer}")});
    let node = json!({
        "type": "object",
        "required": ["kind", "style", "tags"],
        "properties": {
            "kind": {"type": "string", "enum": ["a", "b"]},
            "style": {"type": "object", "required": ["color"], "properties": {"color": {"type": "string"}, "size": {}}},
            "tags": {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}},
            "note": {"type": "string"},
            "child": reference("/properties/node"),
            "children": {"type": "array", "items": reference("/properties/node")},
        },
    });
    let arguments = arguments(json!({"properties": {"node": node}}));
    let schema = json!({"type": "object", "properties": arguments});
    let validator = jsonschema::validator_for(&schema).unwrap();
    let leaf = json!({"kind": "a", "style": {"color": "red"}, "tags": [{"id": 1}]});
    let with = |member: &str, value: Value| {
        let mut node = leaf.clone();
        node[member] = value;
        node
    };
    let without = json!({"kind": "a", "tags": []});
    let wrong = with("kind", json!("c"));
    for (node, accepted) in [
        (leaf.clone(), true),
        (with("child", with("child", leaf.clone())), true),
        (with("child", with("children", json!([leaf]))), true),
        (with("child", without.clone()), false),
        (with("children", json!([without])), false),
        (with("children", json!([wrong])), false),
        (with("child", wrong.clone()), false),
    ] {
        assert_eq!(
            validator.is_valid(&json!({"node": node})),
            accepted,
            "{node}"
        );
    }
}

#[test]
fn a_value_that_can_only_be_null_is_null_however_that_is_said() {
    for schema in [
        json!({"type": "null"}),
        json!({"const": null}),
        json!({"enum": [null]}),
    ] {
        let arguments = arguments(json!({"properties": {"gone": schema}}));
        assert_eq!(arguments["gone"], json!({"type": "null"}), "{schema}");
    }
}

#[test]
fn a_format_is_not_asked_of_values_that_are_listed() {
    let text =
        |values: Value, format: &str| json!({"type": "string", "enum": values, "format": format});
    let found = arguments(json!({"properties": {
        "send_at": text(json!(["now"]), "date-time"),
        "day": text(json!(["2026-01-01"]), "date"),
    }}));
    assert_eq!(found["send_at"], json!({"type": "string", "enum": ["now"]}));
    assert_eq!(found["day"]["format"], "date");
}

#[test]
fn what_is_required_stays_listed_one_level_further_in_what_is_too_large() {
    // So many objects that nothing but the nearest of what they require has room.
    let inner = json!({"type": "object", "required": ["deep"], "properties": {"deep": {"type": "object", "required": ["end"], "properties": {"end": {"type": "object", "required": ["of"], "properties": {"of": {"type": "string"}}}}}}});
    let item = json!({"type": "object", "required": ["category", "inner"], "properties": {"category": {"enum": ["Payroll"]}, "inner": inner}});
    let properties: serde_json::Map<String, Value> = (0..90)
        .map(|i| (format!("field{i}"), json!({"type": "array", "items": item})))
        .collect();
    let found = arguments(json!({ "properties": properties }));
    assert_eq!(
        found["field0"]["items"]["required"],
        json!(["category", "inner"]),
        "{}",
        found["field0"]
    );
}

#[test]
fn a_body_that_a_reference_does_not_lead_to_is_any_value() {
    for (reference, code) in [
        ("#/components/requestBodies/None", "E0301"),
        ("#/components/requestBodies/Circle", "E0302"),
        ("https://example.com/bodies.json", "E0303"),
    ] {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [{"url": "https://crm.example.com"}],
            "paths": {"/leads": {"post": {
                "operationId": "createLead",
                "requestBody": {"$ref": reference},
                "responses": {"204": {"description": "ok"}},
            }}},
            "components": {"requestBodies": {"Circle": {"$ref": "#/components/requestBodies/Circle"}}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap_or_else(|error| panic!("{reference}: {error}"));
        let operation = &generated.api.groups[0].operations[0];
        let body = operation.body.as_ref().unwrap();
        assert_eq!(body.media_type, "application/json", "{reference}");
        let listed = &operation.input_schema["properties"]["body"];
        assert_eq!(listed.get("type"), None, "{reference}: {listed}");
        let found = generated.report.diagnostics.iter();
        let codes: Vec<&str> = found.map(|finding| finding.code.id()).collect();
        assert_eq!(codes, [code], "{reference}");
    }
}

/// A tool whose body is an object of texts, behind parameters.
fn counted(parameters: &Value, required: bool, schema: Value) -> Generated {
    let text = json!({"type": "string"});
    let mut body = json!({"type": "object", "properties": {"k": text, "l": text}});
    body.as_object_mut()
        .unwrap()
        .extend(schema.as_object().unwrap().clone());
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads/{id}": {"put": {
            "operationId": "setLead",
            "parameters": parameters,
            "requestBody": {"required": required, "content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn as_many_properties_can_be_given_as_a_body_asks_for_and_no_more() {
    let text = json!({"type": "string"});
    let open = |limits: Value| {
        let mut schema = json!({"additionalProperties": text});
        let limits = limits.as_object().unwrap().clone();
        schema.as_object_mut().unwrap().extend(limits);
        schema
    };
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": text}]);
    let and_query = json!([
        {"name": "id", "in": "path", "required": true, "schema": text},
        {"name": "q", "in": "query", "schema": text},
    ]);
    let more = |names: &[&str]| -> Value {
        let fields: serde_json::Map<_, _> = names
            .iter()
            .map(|name| ((*name).to_owned(), json!("1")))
            .collect();
        Value::Object(fields)
    };
    // What is accepted, and what is refused.
    for (parameters, required, schema, accepted, refused) in [
        // All further ones are one argument, so that two cannot be told from it.
        (
            &id,
            true,
            open(json!({"minProperties": 2})),
            vec![
                json!({"body": more(&["a", "b"])}),
                json!({"body": more(&["k", "a"])}),
            ],
            vec![json!({"body": more(&["a"])}), json!({})],
        ),
        (
            &id,
            true,
            open(json!({"minProperties": 1})),
            vec![
                json!({"additional_fields": more(&["a"])}),
                json!({"k": "1"}),
            ],
            vec![json!({}), json!({"additional_fields": {}})],
        ),
        (
            &id,
            true,
            json!({"minProperties": 1, "patternProperties": {"^a": text}, "additionalProperties": false}),
            vec![json!({"additional_fields": more(&["a"])})],
            vec![json!({"additional_fields": {}})],
        ),
        (
            &id,
            true,
            json!({"minProperties": 2}),
            vec![json!({"k": "1", "l": "1"})],
            vec![json!({"k": "1"})],
        ),
        // Nothing forbids names that the document does not know.
        (
            &id,
            true,
            json!({"minProperties": 3}),
            vec![json!({"body": more(&["k", "l", "m"])})],
            vec![json!({"body": more(&["k", "l"])})],
        ),
        (
            &id,
            true,
            open(json!({"maxProperties": 2})),
            vec![json!({"body": more(&["a", "b"])}), json!({"body": {}})],
            vec![json!({"body": more(&["a", "b", "k"])})],
        ),
        (
            &and_query,
            true,
            json!({"maxProperties": 1}),
            vec![json!({"q": "1", "body": more(&["k"])})],
            vec![json!({"body": more(&["k", "l"])})],
        ),
        (
            &and_query,
            true,
            json!({"maxProperties": 2}),
            vec![json!({"q": "1", "k": "1", "l": "1"})],
            vec![],
        ),
        // A property that only answers carry does not count.
        (
            &id,
            true,
            json!({"maxProperties": 1, "properties": {"k": text, "l": {"type": "string", "readOnly": true}}}),
            vec![json!({"k": "1"})],
            vec![],
        ),
        // One that may be left out has as many when it is there.
        (
            &id,
            false,
            json!({"minProperties": 2}),
            vec![json!({}), json!({"body": more(&["k", "l"])})],
            vec![json!({"body": more(&["k"])})],
        ),
        (
            &id,
            false,
            json!({"minProperties": 1}),
            vec![json!({}), json!({"k": "1"})],
            vec![],
        ),
    ] {
        let said = format!("{schema}");
        let generated = counted(parameters, required, schema);
        let schema = &generated.api.groups[0].operations[0].input_schema;
        let validator = jsonschema::validator_for(schema).unwrap();
        let calls = accepted.into_iter().map(|call| (call, true));
        for (mut call, is_accepted) in calls.chain(refused.into_iter().map(|call| (call, false))) {
            call["id"] = json!("1");
            assert_eq!(
                validator.is_valid(&call),
                is_accepted,
                "{said}: {call} {schema}"
            );
        }
    }
}

#[test]
fn an_expression_with_a_fault_is_said_to_be_one() {
    let labels = json!({"type": "object", "patternProperties": {"(": {"type": "string"}}});
    let generated = generate(json!({"properties": {"labels": labels}}));
    let found = generated.report.diagnostics.iter();
    let found: Vec<_> = found.filter(|d| d.code.id() == "E0502").collect();
    assert_eq!(found.len(), 1, "{:?}", generated.report.diagnostics);
}

#[test]
fn names_that_nothing_else_speaks_of_are_those_of_unevaluated_properties() {
    let integer = json!({"type": "integer"});
    let k = json!({"properties": {"k": {"type": "string"}}});
    let with = |members: Value, rest: &Value| {
        let mut schema = json!({"type": "object", "unevaluatedProperties": rest});
        let members = members.as_object().unwrap().clone();
        schema.as_object_mut().unwrap().extend(members);
        schema
    };
    // The schema of further names, where there is a word for it, and whether something is not checked.
    for (schema, further, is_told) in [
        (with(k.clone(), &json!(true)), None, false),
        (with(k.clone(), &integer), Some(&integer), false),
        (with(json!({}), &integer), Some(&integer), false),
        (with(json!({"allOf": [k]}), &integer), Some(&integer), false),
        (with(k.clone(), &json!(false)), Some(&json!(false)), false),
        // A branch may hold what is not known here.
        (with(json!({"allOf": [k]}), &json!(false)), None, true),
        (
            with(json!({"anyOf": [k, {"properties": {"l": {}}}]}), &integer),
            None,
            true,
        ),
        // Another keyword, or a branch, speaks of all names.
        (
            with(
                json!({"additionalProperties": {"type": "string"}}),
                &integer,
            ),
            Some(&json!({"type": "string"})),
            false,
        ),
        (
            with(
                json!({"allOf": [{"additionalProperties": {"type": "string"}}]}),
                &integer,
            ),
            Some(&json!({"type": "string"})),
            false,
        ),
    ] {
        let generated = generate(json!({"properties": {"labels": schema}}));
        let found = &generated.api.groups[0].operations[0].input_schema["properties"]["labels"];
        assert_eq!(
            found.get("additionalProperties"),
            further,
            "{schema}: {found}"
        );
        let mut said = generated.report.diagnostics.iter();
        let said = said.any(|d| d.code.id() == "E0506");
        assert_eq!(
            said, is_told,
            "{schema}: {:?}",
            generated.report.diagnostics
        );
    }
    // Where properties are arguments of their own, so are further ones.
    for (schema, further) in [
        (with(k.clone(), &json!(true)), json!({"type": "object"})),
        (
            with(json!({"allOf": [k]}), &integer),
            json!({"type": "object", "additionalProperties": integer}),
        ),
    ] {
        let mut found = arguments(schema.clone())["additional_fields"].clone();
        found.as_object_mut().unwrap().remove("description");
        assert_eq!(found, further, "{schema}");
    }
    let found = arguments(
        json!({"properties": {"row": {"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": false}}}),
    );
    assert_eq!(found["row"]["maxItems"], 1, "{found}");
}

#[test]
fn what_values_mean_is_told_in_the_description() {
    for (schema, told) in [
        (
            json!({"oneOf": [
                {"const": 1, "title": "Open", "description": "still open."}, {"const": 2, "title": "Closed"},
            ]}),
            json!("1 = Open (still open), 2 = Closed."),
        ),
        (
            json!({"description": "Where it stands", "anyOf": [
                {"const": "o", "title": "Open"}, {"const": "c", "description": "Closed for good"},
                {"type": "null"},
            ]}),
            json!("Where it stands. o = Open, c = Closed for good."),
        ),
        (
            json!({"type": "integer", "enum": [1, 2], "x-enum-varnames": ["Open", "Closed"],
                "x-enum-descriptions": ["Still open", "Done with"], "description": "Where it is."}),
            json!("Where it is. 1 = Open (Still open), 2 = Closed (Done with)."),
        ),
        (
            json!({"enum": [1, 2], "x-enumDescriptions": {"2": "Done with"}}),
            json!("2 = Done with."),
        ),
        // A name that is the value says nothing, and a list of another length not which is which.
        (
            json!({"enum": ["small", "large"], "x-enum-varnames": ["SMALL", "LARGE"]}),
            Value::Null,
        ),
        (
            json!({"enum": [1, 2], "x-enum-varnames": ["Open"]}),
            Value::Null,
        ),
        // What the description says already is not repeated.
        (
            json!({"enum": [1, 2], "x-enumNames": ["Open", "Closed"], "description": "1: Open, 2: Closed"}),
            json!("1: Open, 2: Closed"),
        ),
    ] {
        let own = json!({"stage": schema, "all": {"type": "array", "items": schema}});
        let found = arguments(json!({"properties": own}));
        assert_eq!(found["stage"]["description"], told, "{schema}");
        assert_eq!(found["all"]["items"]["description"], told, "{schema}");
    }
    let many = |count: usize| {
        let branches = (0..count)
            .map(|i| json!({"const": i, "title": format!("Of kind {i} {}", "x".repeat(30))}));
        let schema = json!({"oneOf": branches.collect::<Vec<_>>()});
        arguments(json!({"properties": {"stage": schema}}))["stage"]["description"].clone()
    };
    let cut = many(20);
    let cut = cut.as_str().unwrap();
    assert!(cut.ends_with(", …") && cut.len() < 320, "{cut}");
    assert!(!many(30).to_string().contains("= Of kind"), "{}", many(30));
}
