//! What becomes of one thing in a document: a rule, a small document, the tool.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// One operation `POST /leads` with these members, in a document with these components.
fn generate(operation: Value, components: Value) -> Generated {
    let mut post =
        json!({"operationId": "createLead", "responses": {"204": {"description": "ok"}}});
    let members = operation.as_object().unwrap().clone();
    post.as_object_mut().unwrap().extend(members);
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {"post": post}},
        "components": components,
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The same with the whole of `paths`.
fn generate_paths(paths: Value, components: Value) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": paths,
        "components": components,
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Messages and notes of the diagnostics of one code.
fn said(generated: &Generated, code: &str) -> Vec<String> {
    generated
        .report
        .diagnostics
        .iter()
        .filter(|d| d.code.to_string() == code)
        .map(|d| format!("{} {}", d.message, d.notes.join(" ")))
        .collect()
}

#[test]
fn each_credential_has_a_variable_of_its_own() {
    let scheme = |name: &str| json!({"type": "apiKey", "in": "header", "name": name});
    let basic = json!({"type": "http", "scheme": "basic"});
    let generated = generate(
        json!({"security": [{"api_key": [], "api-key": [], "API KEY": []}, {"a": []}, {"b": []}]}),
        json!({"securitySchemes": {
            "api_key": scheme("X-One"), "api-key": scheme("X-Two"), "API KEY": scheme("X-Three"),
            "a": basic, "b": basic,
        }}),
    );
    let variables: Vec<&String> = generated
        .api
        .schemes
        .iter()
        .flat_map(|s| &s.variables)
        .collect();
    let mut distinct = variables.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(variables.len(), 7, "{variables:?}");
    assert_eq!(distinct.len(), 7, "{variables:?}");
}

#[test]
fn bearer_schemes_share_the_token() {
    let generated = generate(
        json!({"security": [{"jwt": []}, {"oauth": []}]}),
        json!({"securitySchemes": {
            "jwt": {"type": "http", "scheme": "Bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
        }}),
    );
    for scheme in &generated.api.schemes {
        assert_eq!(scheme.variables, ["LEADS_TOKEN"], "{}", scheme.name);
    }
}

#[test]
fn bearer_schemes_have_tokens_of_their_own_when_operations_need_different_ones() {
    let get = |id: &str, security: Value| json!({"get": {"operationId": id, "security": security, "responses": {}}});
    let either = json!([{"user": []}, {"admin": []}]);
    for (first, second, variables) in [
        (
            json!([{"user": []}]),
            json!([{"admin": []}]),
            ["LEADS_USER_TOKEN", "LEADS_ADMIN_TOKEN"],
        ),
        (
            either.clone(),
            json!([{"admin": []}]),
            ["LEADS_TOKEN", "LEADS_TOKEN"],
        ),
        (either, json!([]), ["LEADS_TOKEN", "LEADS_TOKEN"]),
    ] {
        let bearer = json!({"type": "http", "scheme": "bearer"});
        let generated = generate_paths(
            json!({"/a": get("getA", first), "/b": get("getB", second)}),
            json!({"securitySchemes": {"user": bearer, "admin": bearer}}),
        );
        let given: Vec<&String> = generated
            .api
            .schemes
            .iter()
            .flat_map(|s| &s.variables)
            .collect();
        assert_eq!(given, variables);
    }
}

#[test]
fn a_body_of_text_is_one_described_argument() {
    for (media, sent) in [
        ("text/plain", "text/plain"),
        ("text/*", "text/plain"),
        ("text/csv", "text/csv"),
    ] {
        for (own, before) in [
            (json!({}), ""),
            (json!({"description": "The note"}), "The note. "),
        ] {
            let mut body = json!({"required": true, "content": {media: {}}});
            body.as_object_mut()
                .unwrap()
                .extend(own.as_object().unwrap().clone());
            let generated = generate(json!({"requestBody": body}), json!({}));
            let operation = &generated.api.groups[0].operations[0];
            let body = operation.body.as_ref().unwrap();
            assert_eq!((body.media_type.as_str(), body.encoding), (sent, "text"));
            let argument = &operation.input_schema["properties"]["body"];
            assert_eq!(argument["type"], "string", "{media}");
            let kind = match sent {
                "text/plain" => "Plain text, sent as it is.".to_owned(),
                _ => format!("Text of the type `{sent}`, sent as it is."),
            };
            assert_eq!(argument["description"], format!("{before}{kind}"));
            assert_eq!(operation.input_schema["required"], json!(["body"]));
        }
    }
}

#[test]
fn arguments_that_are_too_large_are_reported_with_level_or_size() {
    let wide: serde_json::Map<String, Value> = (0..400)
        .map(|i| {
            let long = "d".repeat(290);
            (
                format!("field_{i}"),
                json!({"type": "string", "description": long}),
            )
        })
        .collect();
    let body = |schema: Value| json!({"requestBody": {"content": {"application/json": {"schema": schema}}}});
    let generated = generate(
        body(json!({"type": "object", "properties": wide})),
        json!({}),
    );
    let found = said(&generated, "E0505");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("bytes"), "{found:?}");

    // Four in each of six levels: the objects below some level are left open.
    let mut schema = json!({"type": "string"});
    for _ in 0..6 {
        let level: serde_json::Map<String, Value> =
            (0..4).map(|i| (format!("p{i}"), schema.clone())).collect();
        schema = json!({"type": "object", "properties": level});
    }
    let generated = generate(body(schema), json!({}));
    let found = said(&generated, "E0505");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("below level"), "{found:?}");
    let tool = generated.api.groups[0].operations[0]
        .input_schema
        .to_string();
    assert!(tool.len() < 100_000, "{} bytes", tool.len());
}

#[test]
fn a_description_is_cut_between_words_after_1_024_characters() {
    let text = "Makes a lead and tells the owner. ".repeat(100);
    let generated = generate(json!({"description": text}), json!({}));
    let description = &generated.api.groups[0].operations[0].description;
    assert!(description.chars().count() <= 1_024, "{description}");
    assert!(description.chars().count() > 900, "{description}");
    let flat = description.replace('\n', " ");
    let kept = flat.trim_end_matches(['…', '.', ' ']);
    assert!(text.contains(kept), "{kept}");
    assert!(text[kept.len()..].starts_with([' ', '.']), "{kept}");
}

/// The arguments of the tool for one request body.
fn arguments(body: Value) -> Value {
    let generated = generate(json!({"requestBody": body}), json!({}));
    generated.api.groups[0].operations[0].input_schema["properties"].clone()
}

#[test]
fn a_body_without_a_schema_keeps_its_description() {
    let arguments = arguments(
        json!({"description": "A lead, as exported.", "content": {"application/json": {}}}),
    );
    assert_eq!(
        arguments["body"],
        json!({"description": "A lead, as exported."})
    );
}

#[test]
fn what_is_said_of_a_body_whose_properties_are_arguments_is_said_of_the_tool() {
    let component =
        json!({"Lead": {"type": "object", "description": "A lead.", "properties": {"name": {}}}});
    for (schema, expected) in [
        (
            json!({"type": "object", "description": "Update a lead.", "properties": {"name": {}}}),
            "Update a lead.\nOnly the fields given are changed.",
        ),
        (
            json!({"type": "object", "description": "Null clears", "properties": {"name": {}}}),
            "Update a lead.\nOnly the fields given are changed.\nNull clears.",
        ),
        // What the type is, is not what the operation does.
        (
            json!({"$ref": "#/components/schemas/Lead"}),
            "Update a lead.\nOnly the fields given are changed.",
        ),
    ] {
        let body = json!({
            "description": "Only the fields given are changed",
            "content": {"application/json": {"schema": schema}},
        });
        let operation = json!({"summary": "Update a lead", "requestBody": body});
        let generated = generate(operation, json!({"schemas": component}));
        let operation = &generated.api.groups[0].operations[0];
        assert!(operation.input_schema["properties"].get("name").is_some());
        assert_eq!(operation.description, expected);
    }
}

#[test]
fn a_body_of_text_keeps_what_its_schema_says() {
    for (schema, expected) in [
        (
            json!({"type": "string", "maxLength": 9, "pattern": "^a", "description": "A note"}),
            json!({
                "description": "A note. Plain text, sent as it is.",
                "type": "string", "pattern": "^a", "maxLength": 9,
            }),
        ),
        (
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"description": "Plain text, sent as it is.", "type": "string", "enum": ["a", "b"]}),
        ),
        (
            json!({"type": "object"}),
            json!({"description": "Plain text, sent as it is.", "type": "string"}),
        ),
    ] {
        let arguments = arguments(json!({"content": {"text/plain": {"schema": schema}}}));
        assert_eq!(arguments["body"], expected, "{schema}");
    }
}

#[test]
fn text_in_base64_is_a_format() {
    for (property, format) in [
        (
            json!({"type": "string", "contentEncoding": "base64"}),
            json!("byte"),
        ),
        (
            json!({"type": "string", "contentEncoding": "base64", "format": "uuid"}),
            json!("uuid"),
        ),
        (
            json!({"type": "string", "contentEncoding": "gzip"}),
            Value::Null,
        ),
        (
            json!({"type": "integer", "contentEncoding": "base64"}),
            Value::Null,
        ),
    ] {
        let arguments = arguments(json!({"content": {"application/json": {
            "schema": {"type": "object", "properties": {"data": property}}
        }}}));
        assert_eq!(arguments["data"]["format"], format, "{property}");
    }
}

#[test]
fn the_example_of_a_parameter_may_stand_in_either_place() {
    for example in [json!({"value": "new"}), json!({"dataValue": "new"})] {
        let parameter = json!({
            "name": "status", "in": "query", "schema": {"type": "string"},
            "examples": {"one": example},
        });
        let generated = generate(json!({"parameters": [parameter]}), json!({}));
        let schema = &generated.api.groups[0].operations[0].input_schema;
        assert_eq!(
            schema["properties"]["status"]["examples"],
            json!(["new"]),
            "{example}"
        );
    }
}

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
fn a_scheme_that_cannot_be_sent_is_reported_if_an_operation_names_it() {
    for (security, count) in [(json!([{"tls": []}]), 1), (json!([]), 0)] {
        let generated = generate(
            json!({"security": security}),
            json!({"securitySchemes": {"tls": {"type": "http", "scheme": "digest"}}}),
        );
        assert_eq!(said(&generated, "E0602").len(), count, "{security}");
    }
}

#[test]
fn the_readme_says_what_is_there() {
    let scheme = json!({"securitySchemes": {"jwt": {"type": "http", "scheme": "bearer"}}});
    for (security, files) in [(json!([]), false), (json!([{"jwt": []}]), true)] {
        let generated = generate(json!({"security": security}), scheme.clone());
        let readme = &generated.files["README.md"];
        assert_eq!(readme.contains("given as a file"), files, "{readme}");
        assert!(readme.contains("1 tool, for the one operation of its API."));
        assert!(
            generated
                .api
                .instructions
                .contains(" 1 tool, for the one operation of its API.")
        );
    }
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

/// The arguments of each tool, and the codes with the places of what was said.
fn arguments_and_findings(generated: &Generated) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let tools = generated.api.operations().map(|o| {
        let properties = o.input_schema["properties"].as_object();
        let names = properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone());
        (o.tool.clone(), names.collect())
    });
    let found = generated.report.diagnostics.iter();
    let found = found.filter(|d| d.code.id() != "E0603").map(|d| {
        let place = d.pointer.as_ref().map(|p| p.as_str().to_owned());
        format!("{} {}", d.code.id(), place.unwrap_or_default())
    });
    (tools.collect(), found.collect())
}

#[test]
fn a_reference_in_the_place_of_an_operation_is_read_as_what_it_leads_to() {
    let list = json!({"parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
        "responses": {}});
    let schema =
        json!({"type": "object", "properties": {"name": {"type": "string", "nullable": true}}});
    let create = json!({"responses": {}, "requestBody": {"content": {"application/json": {"schema": schema}}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {
            "/leads": {"get": list, "post": {"$ref": "#/x-create", "summary": "Create a lead"}},
            "/contacts": {
                "get": {"$ref": "#/paths/~1leads/get"},
                "put": {"$ref": "#/nowhere"},
                "post": {"$ref": "#/info"},
            },
        },
        "x-create": create,
    });
    let generated = Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap();
    let (tools, found) = arguments_and_findings(&generated);
    let expected = [
        ("list_leads", vec!["page"]),
        ("create_lead", vec!["name"]),
        ("list_contacts", vec!["page"]),
    ];
    let expected = expected.map(|(tool, names)| {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        (tool.to_owned(), names)
    });
    assert_eq!(tools, expected);
    let expected = [
        "E0222 /paths/~1leads/post/$ref",
        "E0222 /paths/~1contacts/get/$ref",
        "E0301 /paths/~1contacts/put/$ref",
        "E0304 /paths/~1contacts/post/$ref",
    ];
    assert_eq!(found, expected);
    // What stands elsewhere is normalised too.
    let create = generated.api.operations().nth(1).unwrap();
    assert_eq!(create.nullable, ["/name"]);
    assert_eq!(generated.api.exclusions.len(), 2);
}

#[test]
fn what_stands_at_unusual_places_is_read_as_it_is_elsewhere() {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {"post": {
            "parameters": [{"$ref": "#/parameters/page"}],
            "requestBody": {"$ref": "#/x-shared/body"},
            "responses": {"200": {"$ref": "#/x-shared/answer"}},
        }}},
        "parameters": {"page": {"name": "page", "in": "query", "type": "integer", "required": "true"}},
        "definitions": {
            "Lead": {"type": "object", "properties": {"note": {"$ref": "#/definitions/Note"}}},
            "Note": {"type": "string", "nullable": true, "minLength": "1", "maxLenght": 5},
        },
        "x-shared": {
            "body": {"required": "yes", "content": {"application/json": {"schema": {"$ref": "#/definitions/Lead"}}}},
            "answer": {"description": 5, "content": {"application/json": {"schema": {"$ref": "#/definitions/Note"}}}},
        },
    });
    let generated = Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap();
    let operation = generated.api.operations().next().unwrap();
    let schema = &operation.input_schema;
    assert_eq!(schema["required"], json!(["page"]));
    let note = &schema["properties"]["note"];
    assert_eq!(*note, json!({"type": "string", "minLength": 1}));
    let mut found: Vec<_> = generated
        .report
        .diagnostics
        .iter()
        .map(|d| d.code.id())
        .collect();
    found.sort_unstable();
    found.dedup();
    for code in ["E0211", "E0214", "E0220"] {
        assert!(found.contains(&code), "{code}: {found:?}");
    }
}

#[test]
fn an_operation_behind_a_reference_need_not_say_what_it_answers() {
    let parameters = json!([{"name": "q", "in": "query", "schema": {"type": "string"}}]);
    for (target, is_operation) in [
        (json!({"parameters": parameters}), true),
        (json!({"summary": "List", "tags": ["a"]}), true),
        (json!({"security": []}), true),
        (json!({"responses": {}}), true),
        // A path item, components, a tag.
        (
            json!({"parameters": parameters, "get": {"responses": {}}}),
            false,
        ),
        (json!({"parameters": {"Q": {}}, "schemas": {}}), false),
        (json!({"name": "a", "summary": "b"}), false),
    ] {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "paths": {"/leads": {"get": {"$ref": "#/x-list"}, "post": {"responses": {}}}},
            "x-list": target,
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap();
        let (tools, found) = arguments_and_findings(&generated);
        let found: Vec<String> = found.into_iter().filter(|f| f.ends_with("/$ref")).collect();
        let code = if is_operation { "E0222" } else { "E0304" };
        assert_eq!(tools.len(), 1 + usize::from(is_operation), "{target}");
        assert_eq!(
            found,
            [format!("{code} /paths/~1leads/get/$ref")],
            "{target}"
        );
    }
}

#[test]
fn of_two_equal_paths_the_first_that_can_be_a_tool_counts() {
    let operation = |names: &[&str]| {
        let parameters = names.iter().map(
            |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
        );
        json!({"get": {"parameters": parameters.collect::<Vec<_>>(), "responses": {}}})
    };
    for (of_id, of_name, counts, codes) in [
        (vec!["id"], vec!["name"], Some("/a/{id}"), vec!["E0404"]),
        (vec![], vec!["name"], Some("/a/{name}"), vec!["E0404"]),
        (vec!["id"], vec![], Some("/a/{id}"), vec!["E0404"]),
        (vec![], vec![], None, vec!["E0404", "E0401"]),
    ] {
        let paths = json!({
            "/a/{id}": operation(&of_id),
            "/a/{name}": operation(&of_name),
            "/b": operation(&[]),
        });
        let generated = generate_paths(paths, json!({}));
        let found: Vec<&str> = generated
            .api
            .operations()
            .map(|o| o.path.as_str())
            .collect();
        let expected: Vec<&str> = counts.into_iter().chain(["/b"]).collect();
        assert_eq!(found, expected);
        let found = generated.report.diagnostics.iter().map(|d| d.code.id());
        let found: Vec<&str> = found.filter(|code| code.starts_with("E040")).collect();
        assert_eq!(found, codes, "{of_id:?} {of_name:?}");
        let left_out = 2 - usize::from(counts.is_some());
        assert_eq!(generated.api.exclusions.len(), left_out);
    }
}

#[test]
fn null_where_an_object_belongs_is_said_and_keeps_what_can_be_kept() {
    let json = |media: Value| json!({"requestBody": {"content": {"application/json": media}}});
    for (operation, arguments, found) in [
        (
            json(Value::Null),
            vec!["body"],
            vec!["E0221 /requestBody/content/application~1json"],
        ),
        (
            json(json!({"schema": {"$ref": null}})),
            vec!["body"],
            vec!["E0210 /requestBody/content/application~1json/schema/$ref"],
        ),
        (
            json(json!({"schema": null})),
            vec!["body"],
            vec!["E0501 /requestBody/content/application~1json/schema"],
        ),
        (
            json(json!({"schema": {"properties": {"name": null}}})),
            vec!["name"],
            vec!["E0501 /requestBody/content/application~1json/schema/properties/name"],
        ),
        (
            json!({"requestBody": null}),
            vec![],
            vec!["E0221 /requestBody"],
        ),
        (
            json!({"requestBody": {"content": null}}),
            vec![],
            vec!["E0216 /requestBody"],
        ),
        (
            json!({"responses": {"200": {"content": {"application/json": null}}}}),
            vec![],
            vec!["E0221 /responses/200/content/application~1json"],
        ),
        (
            json!({"parameters": [{"name": "a", "in": "query", "content": {"application/json": null}}]}),
            vec!["a"],
            vec!["E0221 /parameters/0/content/application~1json"],
        ),
    ] {
        let generated = generate(operation.clone(), json!({}));
        let (tools, said) = arguments_and_findings(&generated);
        assert_eq!(tools[0].1, arguments, "{operation}");
        let found: Vec<String> = found
            .into_iter()
            .map(|line| line.replacen(' ', " /paths/~1leads/post", 1))
            .collect();
        assert_eq!(said, found, "{operation}");
    }
    let nothing = json!({"requestBody": null, "responses": {}});
    let paths = json!({"/leads": {"get": nothing, "delete": nothing}, "/contacts": null});
    let generated = generate_paths(paths, json!({}));
    let (tools, said) = arguments_and_findings(&generated);
    assert_eq!(
        (tools.len(), said),
        (2, vec!["E0221 /paths/~1contacts".to_owned()])
    );
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
fn suggested_addresses_name_no_user_and_say_what_has_to_be_filled_in() {
    for (server, suggested) in [
        (
            json!({"url": "HTTPS://crm.example.com"}),
            "https://crm.example.com",
        ),
        (
            json!({"url": "https://admin:secret@crm.example.com"}),
            "https://crm.example.com",
        ),
        (
            json!({"url": "https://{r}.example.com", "variables": {"r": null}}),
            "https://{r}.example.com",
        ),
        (
            json!({"url": "https://{r}.example.com", "variables": {"r": {}}}),
            "https://{r}.example.com",
        ),
        (
            json!({"url": "https://{r}.example.com", "variables": {"r": {"enum": ["eu"]}}}),
            "https://eu.example.com",
        ),
        (
            json!({"url": "https://example.com{b}", "variables": {"b": {"default": ""}}}),
            "https://example.com",
        ),
    ] {
        let own = json!({"url": "https://admin:secret@files.example.org"});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [server],
            "paths": {"/leads": {"get": {"responses": {}, "servers": [own]}}},
        });
        let generated = Config::new()
            .spec_str("a.json", &document.to_string())
            .generate()
            .unwrap();
        assert_eq!(generated.api.servers, [suggested], "{server}");
        let own = &generated.api.own_servers[0];
        assert_eq!(own.variable, "LEADS_FILES_BASE_URL");
        assert_eq!(own.urls, ["https://files.example.org"]);
        for (path, text) in &generated.files {
            assert!(!text.contains("admin:secret"), "{path}");
        }
    }
}

#[test]
fn names_of_packages_that_could_not_be_built_are_refused_with_another() {
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {}}}}})
    .to_string();
    let generated = |package: &str| {
        let config = Config::new().spec_str("a.json", &document);
        config
            .package_name(package)
            .generate()
            .map_err(|error| error.to_string())
    };
    for package in [
        "std",
        "core",
        "alloc",
        "test",
        "proc-macro",
        "self",
        "fn",
        "async",
        "mcpwright-runtime",
        "mcpwright_runtime",
        "build",
        "deps",
        "nul",
        "com1",
    ] {
        let error = generated(package).unwrap_err();
        assert!(error.contains(&format!("`{package}-mcp`")), "{error}");
        assert!(generated(&format!("{package}-mcp")).is_ok(), "{package}");
    }
    // Settings name it too.
    let settings = "[server]\npackage = \"std\"\n";
    let config = Config::new()
        .spec_str("a.json", &document)
        .settings(settings);
    assert!(config.generate().is_err());
}

#[test]
fn what_is_excluded_has_a_reason() {
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {}, "operationId": "a"}}, "/b": {"get": {"responses": {}}}}})
    .to_string();
    for (reason, is_ok) in [("", false), (" ", false), ("internal", true)] {
        let config = Config::new()
            .spec_str("a.json", &document)
            .exclude("a", reason);
        assert_eq!(config.generate().is_ok(), is_ok, "{reason:?}");
    }
}

#[test]
fn all_placeholders_without_a_parameter_are_said_at_once() {
    let paths = json!({"/a/{x}/{y}/{x}/{z}": {"get": {"parameters": [
        {"name": "z", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {}}},
        "/b": {"get": {"responses": {}}}});
    let generated = generate_paths(paths, json!({}));
    let found = &generated.report.diagnostics;
    let found: Vec<_> = found.iter().filter(|d| d.code.id() == "E0401").collect();
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .message
            .ends_with("`{x}`, `{y}` in the path have no parameter; the operation is left out"),
        "{}",
        found[0]
    );
    let help = found[0].help.as_ref().unwrap();
    assert!(
        help.contains("{name: x,") && help.contains("{name: y,"),
        "{help}"
    );
}

#[test]
fn a_remedy_is_one_for_what_is_wrong() {
    let said = |paths: Value, components: Value, code: &str| {
        let generated = generate_paths(paths, components);
        let found = generated.report.diagnostics.into_iter();
        let found = found.filter(|d| d.code.id() == code);
        found.filter_map(|d| d.help).next().unwrap()
    };
    let help = said(
        json!({"/a": {"trace": {"responses": {}}, "get": {"responses": {}}}}),
        json!({}),
        "E0405",
    );
    assert!(help.starts_with("remove the entry"), "{help}");
    for (scheme, expected) in [
        (
            json!({"type": "apikey", "in": "header", "name": "k"}),
            "did you mean `type: apiKey`?",
        ),
        (
            json!({"type": "apiKey", "in": "Header", "name": "k"}),
            "did you mean `in: header`?",
        ),
        (
            json!({"type": "apiKey", "in": "header"}),
            "give it a `name` that can be sent, and `in: header`, `query` or `cookie`",
        ),
        (
            json!({"type": "http", "scheme": "baerer"}),
            "did you mean `scheme: bearer`?",
        ),
        (
            json!({"type": "http", "scheme": "digest"}),
            "of `type: http`, the schemes `basic` and `bearer` can be sent",
        ),
        (
            json!({"type": "kerberos"}),
            "the types are: apiKey, http, oauth2, openIdConnect, mutualTLS",
        ),
    ] {
        let paths = json!({"/a": {"get": {"security": [{"k": []}], "responses": {}}}});
        let components = json!({"securitySchemes": {"k": scheme}});
        assert_eq!(said(paths, components, "E0602"), expected, "{scheme}");
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
fn arguments_say_their_names_on_the_wire_where_their_own_say_less() {
    let parameters: Vec<Value> = ["StartTime", "StartTime<", "StartTime>", "名称", "filter[a]", "a`<b"]
        .iter()
        .map(|name| json!({"name": name, "in": "query", "description": "When.", "schema": {"type": "string"}}))
        .chain([json!({"name": "値", "in": "path", "required": true, "schema": {"type": "string"}})])
        .collect();
    let body = json!({"content": {"application/json": {"schema": {
        "properties": {"Größe": {"type": "string"}, "first name": {"type": "string"}},
    }}}});
    let post = json!({"operationId": "x", "parameters": parameters, "requestBody": body});
    let generated = generate_paths(json!({"/leads/{値}": {"post": post}}), json!({}));
    let properties = &generated.api.groups[0].operations[0].input_schema["properties"];
    for (name, expected) in [
        ("StartTime", json!("When.")),
        ("StartTime_query", json!("When. Sent as `StartTime<`.")),
        ("StartTime_query_2", json!("When. Sent as `StartTime>`.")),
        ("value_query", json!("When. Sent as `名称`.")),
        ("filter_a", json!("When.")),
        ("a_b", json!("When. Sent as `a'<b`.")),
        ("value", json!("Sent in place of `{値}`.")),
        ("Gr_e", json!("Sent as `Größe`.")),
        ("first_name", Value::Null),
    ] {
        assert_eq!(properties[name]["description"], expected, "{name}");
    }
}

#[test]
fn a_tool_of_which_nothing_is_said_shows_a_path_in_another_script() {
    for (operation, expected) in [
        (json!({}), "Get ri ben: GET /日本/{id}."),
        (json!({"summary": "Show Japan"}), "Show Japan."),
    ] {
        let parameter = json!({"name": "id", "in": "path", "required": true});
        let mut get = json!({"parameters": [parameter], "responses": {}});
        get.as_object_mut()
            .unwrap()
            .extend(operation.as_object().unwrap().clone());
        let generated = generate_paths(json!({"/日本/{id}": {"get": get}}), json!({}));
        let operation = &generated.api.groups[0].operations[0];
        assert_eq!(operation.description, expected);
    }
}

#[test]
fn what_is_wrong_with_the_requirements_of_the_document_is_said_once() {
    let findings = |security: Value, own: Value| {
        let operation = |id: &str| {
            let mut operation = json!({"operationId": id, "responses": {}});
            if !own.is_object() {
                operation["security"] = own.clone();
            }
            operation
        };
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [{"url": "https://crm.example.com"}],
            "security": security,
            "paths": {"/leads": {"get": operation("a"), "put": operation("b")}},
            "components": {"securitySchemes": {"k": {"type": "http", "scheme": "bearer"}}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap();
        let said = generated.report.diagnostics.iter();
        let said = said.filter(|finding| finding.code.id().starts_with("E06"));
        said.map(|finding| finding.code.id()).collect::<Vec<_>>()
    };
    let absent = json!({});
    for (security, own, expected) in [
        (json!([{"nowhere": []}]), &absent, vec!["E0601"]),
        (json!({"k": []}), &absent, vec!["E0605"]),
        (json!("k"), &absent, vec!["E0605"]),
        // Each operation's own are said at each.
        (
            json!([{"k": []}]),
            &json!([{"nowhere": []}]),
            vec!["E0601"; 2],
        ),
        // Null is not there, unless it could mean that what the document requires does not hold.
        (Value::Null, &absent, vec![]),
        (Value::Null, &Value::Null, vec![]),
        (json!([]), &Value::Null, vec![]),
        (json!([{"k": []}]), &Value::Null, vec!["E0605"; 2]),
    ] {
        assert_eq!(
            findings(security.clone(), own.clone()),
            expected,
            "{security} {own}"
        );
    }
}

#[test]
fn a_placeholder_and_a_parameter_of_nearly_one_name_are_meant_to_be_one() {
    for (path, name, code, message, help) in [
        (
            "/a/{id}",
            "ID",
            "E0401",
            "`{id}` in",
            "write `{ID}` in the path, or call the parameter `id`",
        ),
        (
            "/a/{ id }",
            "id",
            "E0401",
            "`{ id }` in",
            "write `{id}` in the path",
        ),
        (
            "/a/{lead_id}",
            "leadId",
            "E0401",
            "`{lead_id}` in",
            "write `{leadId}` in",
        ),
        (
            "/a/{id}",
            "number",
            "E0401",
            "`{id}` in",
            "declare it: `parameters: [{name: id, in: path,",
        ),
        (
            "/a/:id",
            "id",
            "E0402",
            "`id` does not occur",
            "write `{id}` instead of `:id` in the path",
        ),
        ("/a", "id", "E0402", "`id` does not occur", "remove it"),
    ] {
        let parameter =
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
        let paths = json!({"/ok": {"get": {"responses": {}}},
            path: {"get": {"parameters": [parameter], "responses": {}}}});
        let generated = generate_paths(paths, json!({}));
        let mut found = generated.report.diagnostics.iter();
        let found = found.find(|d| d.code.id() == code).unwrap();
        assert!(found.message.contains(message), "{path}: {}", found.message);
        let said = found.help.as_deref().unwrap_or_default();
        assert!(said.starts_with(help), "{path}: {said}");
        assert_eq!(
            found.overlay.is_some(),
            said.starts_with("declare"),
            "{path}"
        );
    }
}

#[test]
fn a_segment_with_a_colon_and_no_parameter_is_said_to_be_sent_as_it_is() {
    for (path, said) in [
        ("/g/:id", Some("GET /g/:id: `:id` is sent as it stands")),
        (
            "/:a/b/:c_d",
            Some("GET /:a/b/:c_d: `:a`, `:c_d` is sent as it stands"),
        ),
        ("/g/leads:cancel", None),
        ("/g/:1", None),
        ("/g/:", None),
    ] {
        let paths = json!({path: {"get": {"responses": {}}}});
        let generated = generate_paths(paths, json!({}));
        let mut found = generated.report.diagnostics.iter();
        let found = found.find(|d| d.code.id() == "E0224");
        assert_eq!(found.map(|d| d.message.as_str()), said, "{path}");
    }
}

#[test]
fn a_document_without_tools_says_what_became_of_its_operations() {
    let operation = json!({"responses": {}});
    let webhooks = json!({"lead": {"post": operation}});
    let of =
        "1 operation is left out; the first is GET /a/{id}: `{id}` in the path has no parameter";
    for (paths, webhooks, expected) in [
        (json!({}), json!({}), vec![]),
        (
            json!({}),
            webhooks,
            vec!["webhooks are sent by the service, and no tool comes from them"],
        ),
        (json!({"/a/{id}": {"get": operation}}), json!({}), vec![of]),
    ] {
        let document = json!({"openapi": "3.1.0", "info": {"title": "L", "version": "1"},
            "paths": paths, "webhooks": webhooks});
        let error = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap_err();
        let mcpwright::Error::Refused(failed) = error else {
            panic!("{error}");
        };
        let mut found = failed.diagnostics.iter();
        let found = found.find(|d| d.code.id() == "E0411").unwrap();
        assert_eq!(found.notes, expected);
        let help = found.help.as_deref().unwrap();
        assert!(help.starts_with("a document needs `paths`"), "{help}");
    }
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
