//! Texts: descriptions, examples, addresses, names, the README.

use mcpwright::Config;
use serde_json::{Value, json};

use super::support::{generate, generate_paths};

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
fn the_readme_tells_the_address_that_the_document_names() {
    for (servers, address) in [
        (
            json!([{"url": "https://crm.example.com/"}]),
            "https://crm.example.com",
        ),
        (
            json!([{"url": "https://crm.example.com/v2"}]),
            "https://crm.example.com/v2",
        ),
        // The paths of the document are behind it, whatever they begin with.
        (json!([]), "https://your-server.example"),
        (json!([{"url": "/v2"}]), "https://your-server.example"),
        (
            json!([{"url": "https://{r}.example.com", "variables": {"r": {}}}]),
            "https://your-server.example",
        ),
        (
            json!([{"url": "https://crm.example.com/$(id)\"`"}]),
            "https://your-server.example",
        ),
    ] {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": servers,
            "paths": {"/api/leads": {"get": {"responses": {}}}},
        });
        let generated = Config::new()
            .spec_str("a.json", &document.to_string())
            .generate()
            .unwrap();
        let readme = &generated.files["README.md"];
        for line in [
            format!("export LEADS_BASE_URL={address}\n"),
            format!("\"LEADS_BASE_URL\": \"{address}\""),
        ] {
            assert!(readme.contains(&line), "{servers}: {readme}");
        }
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
