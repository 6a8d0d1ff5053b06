//! Properties that are arguments, and those that are none.

use mcpwright::Config;
use serde_json::{Value, json};

use super::support::{arguments, arguments_and_findings, generate, generate_paths};

#[test]
fn a_name_that_is_required_and_not_declared_is_a_further_property() {
    let arguments = arguments(json!({"content": {"application/json": {
        "schema": {
            "type": "object", "required": ["ghost"], "properties": {"name": {"type": "string"}},
            "additionalProperties": {"type": ["integer", "null"], "minimum": 3},
        }
    }}}));
    let ghost = &arguments["ghost"];
    assert_eq!(
        (&ghost["type"], &ghost["minimum"]),
        (&json!("integer"), &json!(3))
    );
    assert!(ghost["description"].is_string());
}

#[test]
fn a_type_without_fields_can_be_made_and_the_empty_text_has_a_name() {
    let generated = generate(
        json!({"parameters": [], "responses": {"200": {"description": "ok", "content": {
            "application/json": {"schema": {"type": "object", "properties": {
                "state": {"enum": ["", "Empty", "new"]}
            }}}
        }}}}),
        json!({}),
    );
    let operation = &generated.files["src/operations/leads.rs"];
    assert!(operation.contains("pub fn new() -> Self"), "{operation}");
    assert!(
        operation.contains("impl Default for CreateLead"),
        "{operation}"
    );
    let types: String = generated
        .files
        .iter()
        .filter(|(file, _)| file.starts_with("src/types/"))
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(types.contains("/// The empty text.\n    Empty,"), "{types}");
    assert!(types.contains("/// `Empty`\n    Empty2,"), "{types}");
}

#[test]
fn items_beside_a_union_do_not_make_it_an_array() {
    let schema = json!({
        "oneOf": [{"type": "array"}, {"type": "string"}], "items": {"type": "string"},
    });
    let arguments = arguments(json!({"content": {"application/json": {
        "schema": {"type": "object", "properties": {"domain": schema}},
    }}}));
    let domain = &arguments["domain"];
    assert_eq!(domain.get("type"), None, "{domain}");
    assert_eq!(domain["anyOf"].as_array().map(Vec::len), Some(2));
    assert_eq!(domain["items"]["type"], "string");
}

#[test]
fn a_property_that_no_value_fits_is_no_argument() {
    let arguments = arguments(json!({"content": {"application/json": {
        "schema": {"type": "object", "properties": {
            "never": false,
            "inner": {"type": "object", "properties": {"never": false, "name": {"type": "string"}}},
        }},
    }}}));
    assert_eq!(arguments.get("never"), None);
    assert_eq!(arguments["inner"]["properties"].get("never"), None);
    assert!(arguments["inner"]["properties"]["name"].is_object());
}

#[test]
fn properties_that_stand_only_in_some_cases_can_be_given() {
    let text = json!({"type": "string"});
    let kind = json!({"kind": {"enum": ["person", "company"]}});
    let question = json!({"properties": {"kind": {"const": "company"}}});
    let vat = json!({"properties": {"vat_id": text}, "required": ["vat_id"]});
    let base = |more: Value| {
        let mut schema = json!({"type": "object", "properties": kind, "required": ["kind"]});
        let members = schema.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        schema
    };
    let any = json!(["vat_id"]);
    for (what, schema, names, vat_id) in [
        (
            "then",
            base(json!({"if": question, "then": vat})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "else",
            base(json!({"if": question, "else": vat})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "without a question",
            base(json!({"then": vat})),
            vec!["kind"],
            json!(null),
        ),
        (
            "in what depends",
            base(json!({"dependentSchemas": {"kind": vat}})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "before 2019-09",
            base(json!({"dependencies": {"kind": vat}})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "behind a reference",
            base(json!({"if": question, "then": {"$ref": "#/components/schemas/Vat"}})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "in a branch",
            json!({"allOf": [{"if": question, "then": vat}, base(json!({}))]}),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        // What the schema itself says of a property counts, wherever it stands.
        (
            "declared too",
            json!({"allOf": [{"if": question, "then": {"properties": {"vat_id": {"type": "string", "minLength": 9}}}}, base(json!({})), {"properties": {"vat_id": text}}]}),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "in both",
            base(
                json!({"if": question, "then": vat, "else": {"properties": {"vat_id": {"type": "integer"}}}}),
            ),
            vec!["kind", "vat_id"],
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ),
        (
            "not in the other",
            base(json!({"if": question, "then": vat, "else": {"properties": {"vat_id": false}}})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "in alternatives",
            base(json!({"if": question, "then": {"oneOf": [vat, {"properties": {"tax": text}}]}})),
            vec!["kind", "vat_id", "tax"],
            text.clone(),
        ),
        (
            "as a name",
            base(json!({"if": question, "then": {"required": any}})),
            vec!["kind", "vat_id"],
            json!({}),
        ),
        (
            "not together",
            base(json!({"not": {"required": ["kind", "vat_id"]}})),
            vec!["kind", "vat_id"],
            json!({}),
        ),
        (
            "never",
            base(json!({"not": {"required": ["vat_id"]}})),
            vec!["kind"],
            json!(null),
        ),
        (
            "as what others depend on",
            base(json!({"dependentSchemas": {"vat_id": {"properties": {"tax": text}}}})),
            vec!["kind", "vat_id", "tax"],
            json!({}),
        ),
        (
            "in the question",
            base(json!({"if": {"properties": {"vat_id": {"const": "x"}}}, "then": true})),
            vec!["kind", "vat_id"],
            json!({}),
        ),
        (
            "within itself",
            base(
                json!({"if": question, "then": {"allOf": [vat, {"if": {"required": any}, "then": {"$ref": "#/components/schemas/Vat"}}]}}),
            ),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
        (
            "closed",
            base(json!({"if": question, "then": vat, "additionalProperties": false})),
            vec!["kind", "vat_id"],
            text.clone(),
        ),
    ] {
        let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        let mut round = vat.clone();
        round["if"] = question.clone();
        round["then"] = json!({"$ref": "#/components/schemas/Vat"});
        let generated = generate(
            json!({"requestBody": body}),
            json!({"schemas": {"Vat": round}}),
        );
        let (tools, said) = arguments_and_findings(&generated);
        assert_eq!(tools[0].1, names, "{what}");
        let input = &generated.api.operations().next().unwrap().input_schema;
        assert_eq!(input["required"], json!(["kind"]), "{what}");
        assert_eq!(input["properties"]["vat_id"], vat_id, "{what}");
        let excluded = said.iter().filter(|line| line.starts_with("E0517")).count();
        assert_eq!(excluded, usize::from(what == "closed"), "{what}: {said:?}");
        assert!(
            !said.iter().any(|line| line.starts_with("E03")),
            "{what}: {said:?}"
        );
    }
}

#[test]
fn what_is_asked_for_only_to_be_refused_is_no_argument() {
    let question = json!({"properties": {"gone": {"type": "string"}}, "required": ["gone"]});
    let legacy = json!({"required": ["gone"]});
    for more in [
        json!({"if": legacy, "then": false, "additionalProperties": false}),
        json!({"if": legacy, "then": false}),
        json!({"if": question, "then": {"properties": {"gone": false}}}),
    ] {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let members = schema.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        let generated = generate(json!({"requestBody": body}), json!({}));
        let (tools, said) = arguments_and_findings(&generated);
        assert_eq!(tools[0].1, ["a"], "{more}");
        assert!(
            !said.iter().any(|line| line.starts_with("E0517")),
            "{said:?}"
        );
    }
}

/// Those after the 256th were left out without a word, and a closed object refused what they name.
#[test]
fn cases_that_are_too_many_are_said_and_leave_the_object_open() {
    for (pairs, listed) in [(128_usize, true), (140, false)] {
        let case = |i: usize| json!({"if": {"properties": {"a": {"const": i}}}, "then": {"properties": {format!("p{i}"): {"type": "string"}}}});
        let cases: Vec<Value> = (0..pairs).map(case).collect();
        let schema = json!({"type": "object", "properties": {"a": {"type": "integer"}},
            "allOf": cases, "additionalProperties": false});
        let lead = json!({"type": "object", "properties": {"lead": schema}});
        let body = json!({"required": true, "content": {"application/json": {"schema": lead}}});
        let generated = generate(json!({"requestBody": body}), json!({}));
        let input = &generated.api.operations().next().unwrap().input_schema;
        let lead = &input["properties"]["lead"];
        let last = format!("p{}", pairs - 1);
        assert_eq!(lead["properties"].get(&last).is_some(), listed, "{pairs}");
        let is_closed = lead.get("additionalProperties") == Some(&json!(false));
        assert_eq!(is_closed, listed, "{pairs}");
        let (_, said) = arguments_and_findings(&generated);
        let cut = said.iter().filter(|line| line.starts_with("E0505")).count();
        assert_eq!(cut, usize::from(!listed), "{said:?}");
    }
}

#[test]
fn schemas_that_are_joined_count_as_no_reference() {
    let text = |more: Value| json!({"properties": {"name": more}});
    let schema = json!({"type": "object", "allOf": [
        text(json!({"type": "string", "minLength": 2})), text(json!({"maxLength": 9}))]});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {"post": {"responses": {},
            "requestBody": {"content": {"application/json": {"schema": schema}}}}}},
    });
    let budgets = mcpwright::source::Budgets {
        ref_hops: 0,
        ..Default::default()
    };
    let generated = Config::new()
        .spec_str("a.json", &document.to_string())
        .budgets(budgets)
        .generate()
        .unwrap();
    let (_, said) = arguments_and_findings(&generated);
    assert_eq!(said, Vec::<String>::new());
    let name = &generated.api.operations().next().unwrap().input_schema["properties"]["name"];
    assert_eq!(
        *name,
        json!({"type": "string", "minLength": 2, "maxLength": 9})
    );
}

#[test]
fn properties_with_several_forms_have_types_of_their_own() {
    let values = |values: &[&str]| json!({"enum": values});
    let (a, b) = (
        json!({"kid": {"$ref": "#/components/schemas/L"}}),
        json!({"n": {}}),
    );
    let lead = json!({
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}},
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"properties": {"vat": values(&["a", "b"]), "tax": values(&["x", "y"]), "tree": {"type": "object", "properties": a}}},
        "else": {"properties": {"vat": values(&["c"]), "tax": values(&["z"]), "tree": {"type": "object", "properties": b}}},
    });
    let body = json!({"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/L"}}}});
    let post = json!({"operationId": "createLead", "requestBody": body, "responses": {}});
    let generated = generate_paths(
        json!({"/leads": {"post": post}}),
        json!({"schemas": {"L": lead}}),
    );
    let operation = generated.api.operations().next().unwrap();
    let type_of = |name: &str| {
        let field = operation.fields.iter().find(|field| field.name == name);
        format!("{:?}", field.unwrap().ty)
    };
    assert_ne!(type_of("vat"), type_of("tax"));
    // The same within a property that leads back to the schema.
    let nested = "/properties/tree/anyOf/0/properties/kid/properties/vat/enum";
    let found = operation.input_schema.pointer(nested);
    assert_eq!(
        found,
        Some(&json!(["a", "b", "c"])),
        "{}",
        operation.input_schema
    );
}
