//! `access_token`, `token` and `key` in the query: credentials where it is said, values elsewhere.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use mcpwright::{Config, RuntimeSource};

/// The arguments of the operations of a document with these paths, by operationId.
fn arguments(paths: &str) -> Vec<(String, Vec<String>)> {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: https://e.example}}]\npaths:\n{paths}"
    );
    let generated = Config::new()
        .spec_str("a.yaml", &text)
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap();
    let operations = generated.api.operations();
    operations
        .map(|operation| {
            let properties = operation.input_schema["properties"].as_object();
            let names = properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone());
            (operation.operation_id.clone(), names.collect())
        })
        .collect()
}

fn get(path: &str, id: &str, parameters: &str, more: &str) -> String {
    format!(
        "  {path}: {{get: {{operationId: {id}, parameters: [{parameters}], {more}responses: {{}}}}}}\n"
    )
}

#[test]
fn a_token_is_configured_where_it_is_said_to_be_the_callers_and_an_argument_elsewhere() {
    let own = "{name: token, in: query, description: Your API token}";
    let link = "{name: token, in: query, required: true, description: Token of the link}";
    let other = "{name: q, in: query}";
    let paths = [
        get("/leads", "listLeads", own, ""),
        get("/links", "openLink", link, ""),
        get("/password/reset", "reset", own, ""),
        get("/open", "open", own, "security: [], "),
        get("/deals", "listDeals", other, ""),
        get("/notes", "listNotes", other, ""),
        get("/tasks", "listTasks", other, ""),
        get("/calls", "listCalls", other, ""),
        get("/mails", "listMails", other, ""),
    ];
    let found = arguments(&paths.concat());
    let of = |id: &str| {
        let operation = found.iter().find(|(own, _)| own == id);
        operation.unwrap().1.clone()
    };
    assert_eq!(of("listLeads"), Vec::<String>::new());
    for id in ["openLink", "reset", "open"] {
        assert_eq!(of(id), ["token"], "{id}");
    }
    assert_eq!(of("listDeals"), ["q"]);
}

#[test]
fn a_key_that_the_operation_deletes_is_an_argument() {
    let delete = |path: &str, id: &str, more: &str| {
        let in_path = match path.contains("{id}") {
            true => "{name: id, in: path, required: true}",
            false => "",
        };
        format!(
            "  {path}: {{delete: {{operationId: {id}, {more}parameters: [{{name: api_key, in: query, required: true}}], responses: {{}}}}, parameters: [{in_path}]}}\n"
        )
    };
    let key = "{name: api_key, in: query, required: true}";
    let paths = [
        delete("/keys", "revokeKey", ""),
        // The path says which key is meant, and the body does.
        delete("/api_keys/{id}", "deleteKey", ""),
        delete(
            "/secret/key",
            "dropKey",
            "requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}, ",
        ),
        get("/leads", "listLeads", key, ""),
        get("/deals", "listDeals", "", ""),
        get("/notes", "listNotes", "", ""),
        get("/tasks", "listTasks", "", ""),
        get("/calls", "listCalls", "", ""),
        get("/mails", "listMails", "", ""),
    ];
    let of = |found: &[(String, Vec<String>)], id: &str| {
        let operation = found.iter().find(|(own, _)| own == id);
        operation.unwrap().1.clone()
    };
    let found = arguments(&paths.concat());
    assert_eq!(of(&found, "revokeKey"), ["api_key"]);
    assert_eq!(of(&found, "deleteKey"), ["id"]);
    assert_eq!(of(&found, "dropKey"), ["id"]);
    assert!(of(&found, "listLeads").is_empty());
    // Where every operation is called with it, so is this one.
    let all = [
        delete("/keys", "revokeKey", ""),
        get("/leads", "listLeads", key, ""),
    ];
    assert!(of(&arguments(&all.concat()), "revokeKey").is_empty());
}

#[test]
fn an_undeclared_scheme_is_said_to_leave_the_operation_without_credentials() {
    for (security, told) in [
        (
            "[{Gone: []}]",
            "nothing else is required: requests are sent without credentials",
        ),
        ("[{Gone: []}, {Key: []}]", "the other alternatives are used"),
    ] {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: https://e.example}}]\npaths:\n{}components: {{securitySchemes: {{Key: {{type: apiKey, in: header, name: X-Key}}}}}}\n",
            get(
                "/leads",
                "listLeads",
                "",
                &format!("security: {security}, ")
            )
        );
        let generated = Config::new().spec_str("a.yaml", &text).generate().unwrap();
        let mut found = generated.report.diagnostics.iter();
        let found = found.find(|one| one.code.id() == "E0601").unwrap();
        assert!(
            found.notes.iter().any(|note| note == told),
            "{:?}",
            found.notes
        );
    }
}
