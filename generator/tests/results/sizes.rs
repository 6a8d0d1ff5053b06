//! How large a page is.

use mcpwright::Config;
use serde_json::json;

use super::support::{answer, paging, query};

#[test]
fn d1_d2_d4_page_sizes_are_those_of_the_document() {
    for (schema, expected) in [
        (
            json!({"type": "integer", "maximum": 50}),
            "max: 50, usual: 20, send: true",
        ),
        (
            json!({"type": "integer", "default": 30}),
            "max: 100, usual: 30, send: false",
        ),
        (
            json!({"type": "integer", "maximum": 10}),
            "max: 10, usual: 10, send: true",
        ),
        (
            json!({"type": "integer", "minimum": 30}),
            "max: 100, usual: 30, send: true",
        ),
        (
            json!({"type": "integer", "enum": [5, 10, 25, 100]}),
            "max: 0, usual: 10, send: true",
        ),
        (
            json!({"type": "integer", "default": 500}),
            "max: 500, usual: 500, send: false",
        ),
    ] {
        let paging = paging(json!({}), json!([query("per_page", schema.clone())]));
        let expected =
            format!("first: 0, size: Some(PageSize {{ argument: \"per_page\", {expected}, }})");
        assert_eq!(paging, expected, "{schema}");
    }
    // A list of which nothing is known but how to page it.
    assert!(
        answer(
            json!({}),
            json!([query("limit", json!({"type": "integer"}))])
        )
        .starts_with("Answer { open: true, selectable: true, paging: Some(")
    );
}

#[test]
fn no_page_size_is_sent_by_itself_where_nothing_tells_that_there_is_more() {
    let sizes = json!([query("$top", json!({"type": "integer"}))]);
    let pages = json!([
        query("$top", json!({"type": "integer"})),
        query("$skip", json!({"type": "integer"}))
    ]);
    for (parameters, sent) in [(sizes, false), (pages, true)] {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [{"url": "https://crm.example.com"}],
            "paths": {"/leads": {"get": {
                "operationId": "listLeads", "parameters": parameters,
                "responses": {"200": {"description": "ok", "content": {"application/json": {}}}},
            }}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap();
        let answer = generated.api.operations().next().unwrap().answer.clone();
        let size = answer.unwrap().paging.unwrap().size.unwrap();
        assert_eq!(size.send, sent);
    }
}
