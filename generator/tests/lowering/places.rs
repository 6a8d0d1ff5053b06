//! Operations, paths and placeholders at usual and unusual places.

use mcpwright::Config;
use serde_json::{Value, json};

use super::support::{arguments_and_findings, generate, generate_paths};

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
