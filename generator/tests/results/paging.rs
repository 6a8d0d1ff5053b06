//! How pages are asked for.

use mcpwright::Config;
use serde_json::{Value, json};

use super::support::{object, paging, query, small};

/// Row D3: `page` declared as one parameter that is an object.
#[test]
fn d3_pages_are_asked_for_inside_of_objects_in_the_query() {
    let int = json!({"type": "integer"});
    let text = json!({"type": "string"});
    let deep = |name: &str, properties: Value| json!([{"name": name, "in": "query", "style": "deepObject", "explode": true, "schema": object(properties)}]);
    let size = |name: &str| {
        format!(
            "size: Some(PageSize {{ argument: \"/page/{name}\", max: 100, usual: 20, send: true, }})"
        )
    };
    for (beside, parameters, expected) in [
        (
            json!({"meta": object(json!({"total": int}))}),
            deep("page", json!({"number": int, "size": int})),
            format!(
                "style: PagingStyle::Page, position: \"/page/number\", {}, total: \"/meta/total\"",
                size("size")
            ),
        ),
        (
            json!({}),
            deep("page", json!({"offset": int, "limit": int})),
            format!(
                "style: PagingStyle::Offset, position: \"/page/offset\", first: 0, {}",
                size("limit")
            ),
        ),
        (
            json!({"meta": object(json!({"next_cursor": text}))}),
            deep("page", json!({"cursor": text, "size": int})),
            format!(
                "style: PagingStyle::Cursor, position: \"/page/cursor\", first: 0, {}, next: \"/meta/next_cursor\"",
                size("size")
            ),
        ),
        (
            json!({"totalElements": int, "last": {"type": "boolean"}}),
            deep(
                "pageable",
                json!({"page": {"type": "integer", "minimum": 0}, "size": {"type": "integer", "default": 10}}),
            ),
            "style: PagingStyle::Page, position: \"/pageable/page\", first: 0, size: Some(PageSize { argument: \"/pageable/size\", max: 100, usual: 10, send: false, }), total: \"/totalElements\", done: \"/last\"".to_owned(),
        ),
        // An object of filters is none of pages.
        (
            json!({"total": int}),
            deep("filter", json!({"page": int, "size": int})),
            String::new(),
        ),
    ] {
        assert_eq!(paging(beside.clone(), parameters), expected, "{beside}");
    }
}

#[test]
fn d3_paging_is_told_by_names_of_arguments_and_of_what_stands_beside_the_records() {
    let int = json!({"type": "integer"});
    let text = json!({"type": "string"});
    let no_size = |rest: &str| rest.to_owned();
    for (beside, parameters, expected) in [
        (
            json!({"meta": object(json!({"total": int, "pages": int}))}),
            json!([query("page", int.clone())]),
            no_size(
                "style: PagingStyle::Page, position: \"page\", total: \"/meta/total\", pages: \"/meta/pages\"",
            ),
        ),
        (
            json!({"totalCount": int}),
            json!([query("skip", int.clone())]),
            no_size(
                "style: PagingStyle::Offset, position: \"skip\", first: 0, total: \"/totalCount\"",
            ),
        ),
        (
            json!({"next_cursor": text, "has_more": {"type": "boolean"}}),
            json!([
                query("start_cursor", text.clone()),
                query("page", int.clone())
            ]),
            no_size(
                "style: PagingStyle::Cursor, position: \"start_cursor\", first: 0, next: \"/next_cursor\", more: \"/has_more\"",
            ),
        ),
        (
            json!({"paging": object(json!({"next": object(json!({"after": text, "link": text}))}))}),
            json!([query("after", text.clone())]),
            no_size(
                "style: PagingStyle::Cursor, position: \"after\", first: 0, next: \"/paging/next/after\"",
            ),
        ),
        (
            json!({"links": object(json!({"next": text}))}),
            json!([]),
            no_size("first: 0, next: \"/links/next\""),
        ),
        // The number of records on this page, for all that is known.
        (
            json!({"count": int}),
            json!([query("page", json!({"type": "integer", "minimum": 0}))]),
            no_size("style: PagingStyle::Page, position: \"page\", first: 0"),
        ),
        (
            json!({"meta": small()}),
            json!([query("status", text.clone())]),
            String::new(),
        ),
        // The last record, where a flag says that there is more.
        (
            json!({"has_more": {"type": "boolean"}}),
            json!([
                query("starting_after", text.clone()),
                query("ending_before", text.clone())
            ]),
            no_size(
                "style: PagingStyle::Cursor, position: \"starting_after\", first: 0, more: \"/has_more\", last: \"/id\"",
            ),
        ),
        // A cursor of the answer's own.
        (
            json!({"pages": object(json!({"next": object(json!({"starting_after": text}))}))}),
            json!([query("starting_after", text.clone())]),
            no_size(
                "style: PagingStyle::Cursor, position: \"starting_after\", first: 0, next: \"/pages/next/starting_after\"",
            ),
        ),
        (
            json!({"links": object(json!({"next": text}))}),
            json!([query("page[after]", text.clone())]),
            no_size(
                "style: PagingStyle::Cursor, position: \"page_after\", first: 0, next: \"/links/next\"",
            ),
        ),
        (
            json!({"nextPageToken": text}),
            json!([query("page_token", text.clone())]),
            no_size(
                "style: PagingStyle::Cursor, position: \"page_token\", first: 0, next: \"/nextPageToken\"",
            ),
        ),
        // Nobody knows what these take, or they are no pages.
        (
            json!({}),
            json!([query("starting_after", text.clone())]),
            String::new(),
        ),
        (
            json!({"has_more": {"type": "boolean"}}),
            json!([
                query("since_id", int.clone()),
                query("ending_before", text.clone())
            ]),
            String::new(),
        ),
        (
            json!({"has_more": {"type": "boolean"}}),
            json!([
                query("after", json!({"type": "string", "format": "date-time"})),
                query("start", int.clone()),
                query("end", int.clone())
            ]),
            String::new(),
        ),
    ] {
        assert_eq!(paging(beside.clone(), parameters), expected, "{beside}");
    }
}

/// The paging of a POST with this object in its body, as it stands in the IR.
fn paging_of_body(operation_id: &str, name: &str, held: Value) -> Option<mcpwright::ir::Paging> {
    let record = json!({"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}});
    let answer = json!({"type": "object", "properties": {
        "items": {"type": "array", "items": record},
        "pagination": {"type": "object", "properties": {"page": {"type": "integer"}, "total": {"type": "integer"}}},
    }});
    let body =
        json!({"type": "object", "properties": {"searchTerm": {"type": "string"}, name: held}});
    let path = format!("/deals/{}", operation_id.trim_end_matches("Deals"));
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Deals", "version": "1"},
        "paths": {path: {"post": {
            "operationId": operation_id,
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}},
        }}},
    });
    let generated = Config::new().spec_str("deals.json", &document.to_string());
    let api = generated
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
        .api;
    let operation = api.operations().next().unwrap();
    operation
        .answer
        .as_ref()
        .and_then(|answer| answer.paging.clone())
}

/// Rows D2 and D3.
#[test]
fn d3_pages_are_asked_for_in_an_object_of_the_body_that_is_about_pages() {
    let sizes = [5, 10, 25].map(|size| json!({"type": "number", "const": size}));
    let size = json!({"anyOf": sizes});
    let both = json!({"page": {"type": "number", "minimum": 1}, "pageSize": size});
    let held =
        |required: Value| json!({"type": "object", "properties": both, "required": required});
    let paging = paging_of_body(
        "searchDeals",
        "pagination",
        held(json!(["page", "pageSize"])),
    )
    .unwrap();
    let size = paging.size.unwrap();
    let found = (
        paging.position.as_str(),
        paging.first,
        paging.total.as_str(),
    );
    assert_eq!(found, ("/pagination/page", 1, "/pagination/total"));
    let found = (size.argument.as_str(), size.usual, size.max, size.send);
    assert_eq!(found, ("/pagination/pageSize", 10, 0, true));
    // What else it needs nobody knows, and what changes something is sent as it is given.
    for (id, held) in [
        ("searchDeals", held(json!(["page", "pageSize", "view"]))),
        ("closeDeals", held(json!(["page", "pageSize"]))),
    ] {
        let size = paging_of_body(id, "pagination", held)
            .unwrap()
            .size
            .unwrap();
        assert!(!size.send, "{id}");
    }
    // Other objects may hold numbers of any kind.
    assert_eq!(
        paging_of_body("searchDeals", "print", held(json!([]))),
        None
    );
}
