//! What real documents do wrong or differently, rule by rule (R1 to R16): lenient with a diagnostic
//! where something is lost, and refused by `--strict`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::{BodyShape, Operation, OutputKind, Risk, SchemeKind};
use mcpwright::{Config, Error, Generated};
use serde_json::{Value, json};

fn config(paths: &Value, components: &Value) -> Config {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": paths,
        "components": components,
    });
    Config::new().spec_str("leads.json", &document.to_string())
}

fn generate(paths: Value, components: Value) -> Generated {
    config(&paths, &components)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn tools(generated: &Generated) -> Vec<&str> {
    generated
        .api
        .operations()
        .map(|o| o.tool.as_str())
        .collect()
}

fn only(generated: &Generated) -> &Operation {
    generated.api.operations().next().unwrap()
}

fn codes(generated: &Generated) -> Vec<&'static str> {
    let all = generated.report.diagnostics.iter();
    all.map(|d| d.code.id()).collect()
}

/// A `POST` whose body is this schema.
fn post(schema: &Value) -> Value {
    json!({"/leads": {"post": {"operationId": "createLead",
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
        "responses": {"204": {"description": "ok"}}}}})
}

fn arguments(schema: &Value) -> Value {
    let generated = generate(post(schema), json!({}));
    only(&generated).input_schema["properties"].clone()
}

const OK: fn() -> Value = || json!({"204": {"description": "ok"}});

#[test]
fn r1_operation_ids_may_be_missing_doubled_long_or_odd() {
    let get = |id: Value| json!({"get": {"operationId": id, "responses": OK()}});
    let generated = generate(
        json!({
            "/leads": get(json!("list")),
            "/deals": get(json!("list")),
            "/notes": {"get": {"responses": OK()}},
            "/tasks": get(json!("list_tasks_with_everything_that_belongs_to_them_api_v1_tasks_get_by_anyone")),
            "/users": get(json!("users.v1/list")),
            "/odd": get(json!("???")),
        }),
        json!({}),
    );
    let names = tools(&generated);
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 6, "{names:?}");
    for name in &names {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        assert!(name.len() <= 40 && name.bytes().all(plain), "{name}");
    }
    assert_eq!(&names[..3], ["list_leads", "list_deals", "list_notes"]);
    assert!(
        codes(&generated).contains(&"E0403"),
        "{:?}",
        codes(&generated)
    );
}

#[test]
fn r2_credentials_and_versions_are_no_arguments() {
    let header = |name: &str, schema: Value| json!({"name": name, "in": "header", "required": true, "schema": schema});
    let generated = generate(
        json!({"/leads": {"get": {"parameters": [
            header("Authorization", json!({"type": "string"})),
            header("X-Api-Key", json!({"type": "string"})),
            header("Api-Version", json!({"type": "string", "enum": ["2026-01"]})),
        ], "responses": OK()}}}),
        json!({}),
    );
    let operation = only(&generated);
    assert_eq!(operation.input_schema.get("properties"), None);
    assert_eq!(operation.parameters[0].constant.as_deref(), Some("2026-01"));
    assert_eq!(generated.api.schemes.len(), 2);
    assert!(codes(&generated).contains(&"E0421"));
}

#[test]
fn r3_and_r4_null_is_one_thing_however_it_is_written() {
    for schema in [
        json!({"type": "string", "nullable": true}),
        json!({"type": ["string", "null"]}),
        json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"oneOf": [{"type": "null"}, {"type": "string"}]}),
    ] {
        let generated = generate(post(&json!({"properties": {"note": schema}})), json!({}));
        let operation = only(&generated);
        assert_eq!(
            operation.input_schema["properties"]["note"],
            json!({"type": "string"})
        );
        assert_eq!(operation.nullable, ["/note"], "{schema}");
    }
    let generated = generate(
        post(&json!({"properties": {"level": {"type": "string", "enum": ["a", null]}}})),
        json!({}),
    );
    assert_eq!(
        only(&generated).input_schema["properties"]["level"]["enum"],
        json!(["a"])
    );
    assert_eq!(only(&generated).nullable, ["/level"]);
}

#[test]
fn r5_constants_are_enumerations_and_names_may_be_keywords() {
    let schema = json!({"properties": {
        "a": {"anyOf": [{"const": "x"}, {"const": "y"}]},
        "b": {"const": "only"},
        "c": {"type": "integer", "enum": [1, 2]},
        "d": {"type": "string", "enum": ["", "é", "e", "E"]},
        "type": {"type": "string"},
        "self": {"type": "string"},
        "2nd": {"type": "string"},
        "größe": {"type": "string"},
    }});
    let found = arguments(&schema);
    assert_eq!(found["a"]["enum"], json!(["x", "y"]));
    assert_eq!(found["b"]["enum"], json!(["only"]));
    assert_eq!(found["c"]["enum"], json!([1, 2]));
    assert_eq!(found["d"]["enum"], json!(["", "é", "e", "E"]));
    let generated = generate(post(&schema), json!({}));
    let body = only(&generated).body.as_ref().unwrap();
    let BodyShape::Properties(fields, _) = &body.shape else {
        panic!("{body:?}")
    };
    let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names[4..], ["type", "self", "2nd", "größe"]);
    assert!(fields.iter().all(|f| found.get(&f.argument).is_some()));
}

#[test]
fn r6_unions_without_a_discriminator_are_kept_as_they_are() {
    let found = arguments(&json!({"properties": {"to": {"oneOf": [
        {"type": "string"},
        {"type": "object", "properties": {"id": {"type": "integer"}}},
        {"type": "array", "items": {"type": "string"}},
    ]}}}));
    assert_eq!(found["to"]["anyOf"].as_array().unwrap().len(), 3);
}

#[test]
fn r7_recursive_schemas_are_cut_and_large_ones_stay_within_the_gate() {
    let wide = |next: &str| {
        let members: serde_json::Map<String, Value> = (0..40)
            .map(|n| {
                (
                    format!("member_{n}"),
                    json!({"$ref": format!("#/components/schemas/{next}")}),
                )
            })
            .collect();
        json!({"type": "object", "properties": members})
    };
    let generated = generate(
        post(&json!({"properties": {
            "tree": {"$ref": "#/components/schemas/Tree"}, "wide": {"$ref": "#/components/schemas/A"},
        }})),
        json!({"schemas": {
            "Tree": {"properties": {"kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
            "A": wide("B"), "B": wide("C"), "C": wide("A"),
        }}),
    );
    let size = only(&generated).input_schema.to_string().len();
    assert!(size < 64 * 1024, "{size}");
    let codes = codes(&generated);
    assert!(
        codes.contains(&"E0504") && codes.contains(&"E0505"),
        "{codes:?}"
    );
}

#[test]
fn r8_references_that_lead_nowhere_accept_anything_and_strict_refuses_them() {
    for (reference, code) in [
        ("#/components/schemas/Gone", "E0301"),
        ("https://e.example/lead.json", "E0303"),
    ] {
        let paths = post(&json!({"properties": {"lead": {"$ref": reference}}}));
        let generated = generate(paths.clone(), json!({}));
        assert_eq!(
            only(&generated).input_schema["properties"]["lead"],
            json!({})
        );
        assert_eq!(codes(&generated), [code]);
        let strict = config(&paths, &json!({})).strict(true).generate();
        assert!(matches!(strict, Err(Error::Refused(_))), "{reference}");
    }
}

#[test]
fn r9_of_several_media_types_the_best_is_taken() {
    let types = [
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/vnd.crm.v2+json",
        "application/json",
    ];
    for most in 1..=types.len() {
        let content: serde_json::Map<String, Value> = types[..most]
            .iter()
            .map(|name| {
                (
                    (*name).to_owned(),
                    json!({"schema": {"properties": {"a": {"type": "string"}}}}),
                )
            })
            .collect();
        let generated = generate(
            json!({"/leads": {"post": {"requestBody": {"content": content}, "responses": OK()}}}),
            json!({}),
        );
        let body = only(&generated).body.as_ref().unwrap();
        assert_eq!(body.media_type, types[most - 1]);
    }
}

#[test]
fn r10_a_delete_has_its_body_and_a_get_only_one_that_holds_something() {
    let body = |schema: Value| json!({"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": OK()});
    let ids = json!({"properties": {"ids": {"type": "array", "items": {"type": "integer"}}}});
    let generated = generate(
        json!({"/leads": {"delete": body(ids), "get": body(json!({"type": "object"}))}}),
        json!({}),
    );
    let of = |method: &str| {
        generated
            .api
            .operations()
            .find(|o| o.method == method)
            .unwrap()
    };
    let delete = of("DELETE").body.as_ref().unwrap();
    assert!(matches!(&delete.shape, BodyShape::Properties(fields, _) if fields.len() == 1));
    assert!(of("GET").input_schema["properties"].get("ids").is_none());
}

#[test]
fn r11_a_pattern_that_cannot_be_used_is_left_out_with_a_diagnostic() {
    let schema =
        |pattern: &str| json!({"properties": {"code": {"type": "string", "pattern": pattern}}});
    for pattern in ["(", r"\p{Nonsense}"] {
        let generated = generate(post(&schema(pattern)), json!({}));
        assert_eq!(codes(&generated), ["E0502"], "{pattern}");
        assert_eq!(
            only(&generated).input_schema["properties"]["code"],
            json!({"type": "string"})
        );
    }
    assert_eq!(
        arguments(&schema("^[a-z]+$"))["code"]["pattern"],
        "^[a-z]+$"
    );
}

#[test]
fn r12_an_answer_without_a_schema_is_any_value_or_nothing() {
    for (responses, output) in [
        (
            json!({"200": {"description": "ok", "content": {"application/json": {}}}}),
            OutputKind::Wrapped,
        ),
        (json!({"200": {"description": "ok"}}), OutputKind::Empty),
        // Nothing is said, so anything may come.
        (json!({}), OutputKind::Wrapped),
    ] {
        let generated = generate(
            json!({"/leads": {"get": {"responses": responses}}}),
            json!({}),
        );
        assert_eq!(only(&generated).output, output, "{responses}");
    }
}

#[test]
fn r13_the_method_alone_does_not_say_what_is_safe() {
    for (method, path, id, risk) in [
        ("post", "/leads/search", "searchLeads", Risk::Read),
        ("post", "/leads/batch/read", "", Risk::Read),
        (
            "post",
            "/leads/{id}/cancel",
            "cancelLead",
            Risk::Destructive,
        ),
        ("post", "/invoices/{id}/send", "sendInvoice", Risk::Outward),
        ("get", "/leads/{id}/delete", "deleteLead", Risk::Destructive),
        ("post", "/leads", "createLead", Risk::Write),
        ("get", "/leads", "listLeads", Risk::Read),
    ] {
        let parameters = if path.contains('{') {
            json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}])
        } else {
            json!([])
        };
        let mut operation = json!({"parameters": parameters, "responses": OK()});
        if !id.is_empty() {
            operation["operationId"] = json!(id);
        }
        let generated = generate(json!({path: {method: operation}}), json!({}));
        assert_eq!(only(&generated).risk, risk, "{method} {path}");
    }
}

#[test]
fn r14_servers_may_be_missing_local_relative_or_templates() {
    for servers in [
        json!([]),
        json!([{"url": "/api"}]),
        json!([{"url": "http://localhost:3000"}]),
        json!([{"url": "https://{region}.e.com", "variables": {"region": {"default": "eu"}}}]),
        json!([{"url": "https://{undeclared}.e.com"}]),
    ] {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "Leads", "version": "1"}, "servers": servers,
            "paths": {"/leads": {"get": {"responses": OK()}}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap_or_else(|error| panic!("{servers}: {error}"));
        let readme = &generated.files["README.md"];
        assert!(readme.contains("LEADS_BASE_URL"), "{servers}");
    }
}

#[test]
fn r15_answers_may_be_texts_and_files() {
    for (media_type, output) in [
        ("application/pdf", OutputKind::Binary),
        ("application/octet-stream", OutputKind::Binary),
        ("image/png", OutputKind::Binary),
        ("text/csv", OutputKind::Text),
        ("text/plain", OutputKind::Text),
    ] {
        let content = json!({media_type: {"schema": {"type": "string"}}});
        let generated = generate(
            json!({"/export": {"get": {"responses": {"200": {"description": "ok", "content": content}}}}}),
            json!({}),
        );
        assert_eq!(only(&generated).output, output, "{media_type}");
        assert_eq!(only(&generated).accept, [media_type]);
    }
}

#[test]
fn r16_schemes_come_alone_together_or_as_alternatives() {
    let key = |location: &str, name: &str| json!({"type": "apiKey", "in": location, "name": name});
    let generated = generate(
        json!({"/leads": {"get": {
            "security": [{"one": [], "two": [], "three": []}, {"bearer": []}, {"oauth": ["read"]}],
            "responses": OK(),
        }}}),
        json!({"securitySchemes": {
            "one": key("header", "X-One"), "two": key("query", "two"), "three": key("cookie", "c"),
            "bearer": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": {"authorizationCode": {
                "authorizationUrl": "https://e.com/a", "tokenUrl": "https://e.com/t", "scopes": {"read": ""}}}},
        }}),
    );
    let alternatives: Vec<usize> = only(&generated).security.iter().map(Vec::len).collect();
    assert_eq!(alternatives, [3, 1, 1]);
    let kinds: Vec<bool> = generated
        .api
        .schemes
        .iter()
        .map(|s| matches!(s.kind, SchemeKind::Unsupported))
        .collect();
    assert_eq!(kinds, [false; 5]);
}

#[test]
fn references_to_parameters_by_name_follow_them_into_the_list() {
    let page = json!({"in": "query", "schema": {"type": "integer"}});
    let generated = generate(
        json!({
            "/leads": {"get": {"parameters": {"a/b": page, "page": page}, "responses": OK()}},
            "/deals": {"get": {
                "parameters": [{"$ref": "#/paths/~1leads/get/parameters/page"}],
                "responses": OK(),
            }},
        }),
        json!({"schemas": {"Page": {"$ref": "#/paths/~1leads/get/parameters/a~1b/schema"}}}),
    );
    assert_eq!(codes(&generated), ["E0212"]);
    let all: Vec<_> = generated.api.operations().collect();
    let names = |operation: &Operation| {
        let all = operation.parameters.iter();
        all.map(|one| one.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(all[0]), ["a/b", "page"]);
    assert_eq!(names(all[1]), ["page"]);
}

#[test]
fn values_with_more_digits_than_a_number_keeps_are_told_and_sent_with_all_of_them() {
    let long = "100000000000000000000000000000.01";
    let document = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "servers": [{{"url": "https://a.example"}}],
        "paths": {{"/leads": {{"post": {{"operationId": "createLead",
            "parameters": [{{"name": "Api-Version", "in": "header", "required": true, "schema": {{"const": {long}}}}}],
            "requestBody": {{"content": {{"application/json": {{"schema": {{"type": "object", "properties": {{
                "kind": {{"enum": [{long}, 5], "description": "Why it is kept."}},
                "mark": {{"enum": [{long}, 5], "x-enum-descriptions": ["Great", "Small"]}},
                "false": {{"enum": [5, 6], "x-mcpwright-digits": {{"5": "7", "6": "6\\n"}}}}
            }}}}}}}}}},
            "responses": {{"204": {{"description": "ok"}}}}}}}}}}}}"#
    );
    let generated = Config::new()
        .spec_str("leads.json", &document)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    let operation = only(&generated);
    assert_eq!(operation.parameters[0].constant.as_deref(), Some(long));
    let said = |name: &str| {
        let description = &operation.input_schema["properties"][name]["description"];
        description.as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(said("kind"), format!("Why it is kept. 1e+29 is {long}."));
    assert_eq!(said("mark"), format!("{long} = Great, 5 = Small."));
    assert_eq!(said("false"), "");
    // Nothing is lost: no refusal by `--strict`.
    let severities = generated.report.diagnostics.iter();
    let mut of_digits = severities.filter(|d| d.code.id() == "E0114");
    assert!(of_digits.all(|d| d.severity == mcpwright::diagnostics::Severity::Info));
}
