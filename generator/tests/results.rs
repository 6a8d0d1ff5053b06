//! What is decided of answers from their schemas: where the records stand, which properties a list
//! shows, how pages are asked for. Rows C3, C10, C11 and D1 to D4 of the behaviours.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::Config;
use serde_json::{Value, json};

/// The `answer` of the one operation `GET /invoices` in the generated table, on one line; empty for none.
fn answer(schema: Value, parameters: Value) -> String {
    answer_of("/invoices", "listInvoices", schema, parameters)
}

/// The same of another GET, whose path has no parameter.
fn answer_of(path: &str, operation_id: &str, schema: Value, parameters: Value) -> String {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Invoices", "version": "1"},
        "paths": {path: {"get": {
            "operationId": operation_id,
            "parameters": parameters,
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}},
        }}},
    });
    let generated = Config::new()
        .spec_str("invoices.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    let code = generated
        .files
        .iter()
        .find(|(path, _)| path.to_string().contains("operations/"))
        .map(|(_, text)| text.to_string())
        .unwrap();
    let Some((_, rest)) = code.split_once("answer: Some(") else {
        return String::new();
    };
    let (answer, _) = rest.split_once("..op::OperationDef").unwrap();
    let words: Vec<&str> = answer.split_whitespace().collect();
    words.join(" ").replace("op::", "").replace("u32", "")
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn array(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn small() -> Value {
    object(json!({"id": {"type": "integer"}, "name": {"type": "string"}}))
}

/// An object with these properties, all of them texts.
fn texts(names: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "string"})))
        .collect();
    object(Value::Object(properties))
}

#[test]
fn c10_records_are_found_in_envelopes_of_common_shapes() {
    let text = json!({"type": "string"});
    let int = json!({"type": "integer"});
    let list = |records: &str| {
        format!("Answer {{ records: \"{records}\", list: true, ..Answer::DEFAULT }}),")
    };
    let many = texts(&["id", "a", "b", "c", "d", "e", "f", "g", "h"]);
    let single = |records: &str| {
        format!("Answer {{ records: \"{records}\", selectable: true, ..Answer::DEFAULT }}),")
    };
    for (schema, expected) in [
        (
            array(small()),
            "Answer { list: true, ..Answer::DEFAULT }),".to_owned(),
        ),
        (object(json!({"data": array(small())})), list("/data")),
        (
            object(json!({"data": array(small()), "meta": small()})),
            list("/data"),
        ),
        (
            object(json!({"error": text, "data": array(small()), "meta": small()})),
            list("/data"),
        ),
        (
            object(json!({"results": array(small()), "totals": array(small())})),
            list("/results"),
        ),
        (
            object(json!({"invoices": array(small()), "offset": int})),
            list("/invoices"),
        ),
        (
            object(json!({"data": object(json!({"items": array(small())})), "success": text})),
            list("/data/items"),
        ),
        (
            object(json!({"_embedded": object(json!({"x": array(small())})), "_links": small()})),
            list("/_embedded/x"),
        ),
        (
            object(
                json!({"users": array(small()), "invoices": array(small()), "kinds": array(text.clone())}),
            ),
            list("/invoices"),
        ),
        (
            many.clone(),
            "Answer { selectable: true, ..Answer::DEFAULT }),".to_owned(),
        ),
        (object(json!({"data": many.clone()})), single("/data")),
        (
            object(
                json!({"invoice_obj": many.clone(), "comments": array(small()), "allowed": text}),
            ),
            single("/invoice_obj"),
        ),
        // Parts of a record are not the records.
        (
            object(json!({"id": int, "items": array(small())})),
            String::new(),
        ),
        (
            object(json!({"number": text, "items": array(small())})),
            String::new(),
        ),
        (
            object(json!({"users": array(small()), "teams": array(small())})),
            String::new(),
        ),
        (object(json!({"names": array(text.clone())})), String::new()),
        (small(), String::new()),
    ] {
        assert_eq!(answer(schema.clone(), json!([])), expected, "{schema}");
    }
}

/// Where the records of envelopes that standards and services have in common are, and how their pages are
/// asked for. Rows C10 and D3.
#[test]
fn c10_d3_envelopes_of_standards_are_lists_with_pages() {
    let int = json!({"type": "integer"});
    let text = json!({"type": "string"});
    let flag = json!({"type": "boolean"});
    let many = array(small());
    for (what, schema, parameters, records, paging) in [
        (
            "Spring Data",
            object(
                json!({"content": many, "pageable": object(json!({"pageNumber": int, "sort": object(json!({"sorted": flag}))})),
                "last": flag, "first": flag, "totalElements": int, "totalPages": int, "size": int, "number": int,
                "sort": object(json!({"sorted": flag})), "numberOfElements": int, "empty": flag}),
            ),
            json!([query("page", int.clone()), query("size", int.clone())]),
            "/content",
            "style: PagingStyle::Page, position: \"page\", size: Some(PageSize { argument: \"size\", max: 100, usual: 20, send: true, }), total: \"/totalElements\", pages: \"/totalPages\", here: \"/number\", done: \"/last\"",
        ),
        (
            "the same, which says where it begins",
            object(json!({"content": many, "last": flag, "totalElements": int, "number": int})),
            json!([query("page", json!({"type": "integer", "minimum": 0}))]),
            "/content",
            "style: PagingStyle::Page, position: \"page\", first: 0, total: \"/totalElements\", done: \"/last\"",
        ),
        (
            "Spring HATEOAS",
            object(
                json!({"_embedded": object(json!({"invoiceList": many})), "_links": small(),
                "page": object(json!({"size": int, "totalElements": int, "totalPages": int, "number": int}))}),
            ),
            json!([query("page", json!({"type": "integer", "default": 0}))]),
            "/_embedded/invoiceList",
            "style: PagingStyle::Page, position: \"page\", first: 0, total: \"/page/totalElements\", pages: \"/page/totalPages\"",
        ),
        (
            "OData 4",
            object(
                json!({"@odata.context": text, "@odata.count": int, "@odata.nextLink": text, "value": many}),
            ),
            json!([query("$skip", int.clone()), query("$top", int.clone())]),
            "/value",
            "style: PagingStyle::Offset, position: \"_skip\", first: 0, size: Some(PageSize { argument: \"_top\", max: 100, usual: 20, send: true, }), next: \"/@odata.nextLink\", total: \"/@odata.count\"",
        ),
        (
            "SCIM",
            object(
                json!({"schemas": array(text.clone()), "totalResults": int, "startIndex": int, "itemsPerPage": int, "Resources": many}),
            ),
            json!([
                query("startIndex", int.clone()),
                query("count", int.clone())
            ]),
            "/Resources",
            "style: PagingStyle::Offset, position: \"startIndex\", size: Some(PageSize { argument: \"count\", max: 100, usual: 20, send: true, }), total: \"/totalResults\", here: \"/startIndex\"",
        ),
        (
            "Hydra",
            object(
                json!({"@context": text, "@id": text, "@type": text, "hydra:member": many, "hydra:totalItems": int,
                "hydra:view": object(json!({"@id": text, "hydra:first": text, "hydra:next": text})),
                "hydra:search": object(json!({"hydra:mapping": array(small())}))}),
            ),
            json!([
                query("page", json!({"type": "integer", "default": 1})),
                query("itemsPerPage", json!({"type": "integer", "default": 30}))
            ]),
            "/hydra:member",
            "style: PagingStyle::Page, position: \"page\", size: Some(PageSize { argument: \"itemsPerPage\", max: 100, usual: 30, send: false, }), next: \"/hydra:view/hydra:next\", total: \"/hydra:totalItems\"",
        ),
        (
            "JSON-LD without prefixes",
            object(
                json!({"@context": text, "member": many, "totalItems": int, "view": object(json!({"next": text})), "search": small()}),
            ),
            json!([query("page", json!({"type": "integer", "default": 1}))]),
            "/member",
            "style: PagingStyle::Page, position: \"page\", next: \"/view/next\", total: \"/totalItems\"",
        ),
        (
            "a token beside records that have a name of envelopes",
            object(json!({"messages": many, "nextPageToken": text, "resultSizeEstimate": int})),
            json!([
                query("pageToken", text.clone()),
                query("maxResults", json!({"type": "integer", "default": 100}))
            ]),
            "/messages",
            "style: PagingStyle::Cursor, position: \"pageToken\", first: 0, size: Some(PageSize { argument: \"maxResults\", max: 100, usual: 100, send: false, }), next: \"/nextPageToken\"",
        ),
        (
            "flags in `info`",
            object(
                json!({"data": many, "info": object(json!({"per_page": int, "count": int, "page": int, "more_records": flag}))}),
            ),
            json!([
                query("page", json!({"type": "integer", "default": 1})),
                query("per_page", json!({"type": "integer", "default": 200}))
            ]),
            "/data",
            "style: PagingStyle::Page, position: \"page\", size: Some(PageSize { argument: \"per_page\", max: 200, usual: 200, send: false, }), more: \"/info/more_records\"",
        ),
        (
            "start and size by offset",
            object(
                json!({"startAt": int, "maxResults": int, "total": int, "isLast": flag, "values": many}),
            ),
            json!([query("startAt", json!({"type": "integer", "default": 0}))]),
            "/values",
            "style: PagingStyle::Offset, position: \"startAt\", first: 0, total: \"/total\", done: \"/isLast\"",
        ),
    ] {
        let found = answer(schema, parameters);
        let head = format!("Answer {{ records: \"{records}\", list: true, paging: Some(Paging {{ ");
        let rest = found
            .strip_prefix(&head)
            .unwrap_or_else(|| panic!("{what}: {found}"));
        let (own, _) = rest.split_once(", ..Paging::DEFAULT").unwrap_or((rest, ""));
        assert_eq!(own, paging, "{what}");
    }
    // A record with lines is none, whatever its numbers are called.
    for properties in [
        json!({"number": text, "total": int, "items": many}),
        json!({"customer": text, "size": int, "content": many}),
        json!({"number": text, "first": flag, "last": flag, "messages": many, "owner": small()}),
        json!({"name": text, "value": many}),
        json!({"per_page": int, "open": object(json!({"leads": many, "count": int})), "closed": object(json!({"leads": many, "count": int})), "tags": many}),
    ] {
        let found = answer(object(properties.clone()), json!([]));
        assert!(!found.contains("list: true"), "{properties}: {found}");
    }
}

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

/// The columns of a list of records with these properties.
fn columns(properties: Value) -> Vec<String> {
    columns_in(&answer(array(object(properties)), json!([])))
}

fn columns_in(answer: &str) -> Vec<String> {
    let (_, rest) = answer.split_once("columns: &[").unwrap_or_default();
    let (names, _) = rest.split_once(']').unwrap_or_default();
    names
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn c3_columns_tell_which_record_it_is_how_it_stands_and_whose_it_is() {
    let t = json!({"type": "string"});
    let n = json!({"type": "number"});
    let day = json!({"type": "string", "format": "date"});
    let time = json!({"type": "string", "format": "date-time"});
    let rows = [
        (
            json!({"description": t, "created_at": time, "currency": t, "tax_total": n, "total": n, "status": t,
                "due_date": day, "customer_id": n, "customer_name": t, "number": t, "id": n, "lines": array(small()),
                "issue_date": day, "balance_due": n}),
            vec![
                "id",
                "number",
                "status",
                "total",
                "currency",
                "customer_name",
                "due_date",
            ],
        ),
        (
            json!({"uuid": t, "first_name": t, "last_name": t, "email": t, "notes": t, "company_id": n, "phone": t,
                "avatar_url": t, "owner": small(), "updated_at": time}),
            vec![
                "uuid",
                "first_name",
                "last_name",
                "owner",
                "company_id",
                "email",
                "updated_at",
            ],
        ),
        // Nothing that it knows: the first ones that are short.
        (
            json!({"a": t, "b": t, "html_body": t, "d": n, "e": t, "f": t, "g": {"type": "boolean"}, "h": t, "link": t}),
            vec!["a", "b", "d", "e", "f", "g"],
        ),
        // A record of eight properties is shown whole.
        (
            json!({"a": t, "b": t, "c": t, "d": n, "e": t, "f": t, "g": t, "h": t}),
            vec![],
        ),
    ];
    for (properties, expected) in rows {
        assert_eq!(columns(properties.clone()), expected, "{properties}");
    }
}

#[test]
fn c11_what_the_document_marks_as_secret_is_named() {
    let schema = object(json!({
        "id": {"type": "integer"}, "pin": {"type": "string", "format": "password"},
        "hook": object(json!({"key": {"type": "string", "writeOnly": true}})),
        "invite": {"type": "boolean", "writeOnly": true},
    }));
    assert_eq!(
        answer(schema, json!([])),
        "Answer { secrets: &[\"pin\", \"key\"], ..Answer::DEFAULT }),"
    );
}

fn query(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "schema": schema})
}

/// The paging of a list in an envelope with these other properties.
fn paging(beside: Value, parameters: Value) -> String {
    let mut properties = beside;
    properties["data"] = array(small());
    let answer = answer(object(properties), parameters);
    let paging = answer.split_once("paging: Some(Paging { ");
    paging.map_or_else(String::new, |(_, rest)| {
        let (paging, _) = rest.split_once("..Paging").unwrap_or((rest, ""));
        paging.trim_end_matches([',', ' ']).to_owned()
    })
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

#[test]
fn c3_the_records_of_a_record_are_called_by_their_own_name() {
    let names = [
        "id",
        "customer_id",
        "customer_name",
        "first_name",
        "last_name",
        "a",
        "b",
        "c",
        "d",
    ];
    for (path, id, first) in [
        (
            "/customers/contacts",
            "listCustomerContacts",
            "id, first_name, last_name",
        ),
        ("/customers", "listCustomers", "id, customer_name, a"),
        (
            "/customers/contacts",
            "customer_contacts_list",
            "id, first_name, last_name",
        ),
    ] {
        let found = columns_in(&answer_of(path, id, array(texts(&names)), json!([])));
        assert_eq!(found.get(..3).unwrap().join(", "), first, "{id}: {found:?}");
    }
}

/// Rows C3, C10 and D2: a list is one, however its document says it; where it does not say it, what comes decides
/// (ADR 0054).
#[test]
fn c10_lists_that_are_no_plain_arrays_of_objects_are_lists() {
    let free = || json!({"type": "object"});
    let forms = |wide: bool| {
        let of = |own: &str| {
            let mut names = vec!["id", "kind", "status", own];
            if wide {
                names.extend(["a", "b", "c", "d", "e"]);
            }
            texts(&names)
        };
        array(json!({"oneOf": [of("amount"), of("subject")]}))
    };
    let entry = |form: &str, own: &str| {
        let mut entry = texts(&[
            "id",
            "occurred_at",
            "actor",
            "customer_id",
            "summary",
            own,
            "by",
        ]);
        entry["properties"]["type"] = json!({"type": "string", "const": form});
        entry
    };
    let feed = array(json!({"oneOf": [entry("mail", "subject"), entry("payment", "amount")]}));
    let text = json!({"type": "string"});
    let mut beside = texts(&["p", "q", "r", "s", "t", "u", "v", "w", "x"]);
    beside["oneOf"] = json!([
        object(json!({"id": text, "y": text})),
        object(json!({"id": text, "z": text}))
    ]);
    let meta = object(json!({"page": {"type": "integer"}, "total": {"type": "integer"}}));
    let page = json!([
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
    ]);
    let paged = "paging: Some(Paging { style: PagingStyle::Page, position: \"page\", size: Some(PageSize { argument: \"limit\", max: 100, usual: 20, send: true, }),";
    for (schema, parameters, expected) in [
        (
            object(json!({"data": forms(false)})),
            json!([]),
            "records: \"/data\", list: true, ..Answer::DEFAULT }),".to_owned(),
        ),
        (
            object(json!({"data": forms(true)})),
            json!([]),
            "records: \"/data\", list: true, columns: &[\"id\", \"status\", \"subject\", \"amount\", \"kind\", \"a\"], selectable: true, ..Answer::DEFAULT }),"
                .to_owned(),
        ),
        // A feed: which form an entry has and who made it stays, whatever single forms have.
        (
            object(json!({"data": feed})),
            json!([]),
            "records: \"/data\", list: true, columns: &[ \"id\", \"summary\", \"type\", \"actor\", \"occurred_at\", \"customer_id\", \"amount\", ], selectable: true, ..Answer::DEFAULT }),"
                .to_owned(),
        ),
        // What stands beside a union is in each of its forms.
        (
            object(json!({"data": array(beside)})),
            json!([]),
            "records: \"/data\", list: true, columns: &[\"p\", \"q\", \"r\", \"s\", \"t\", \"u\"], selectable: true, ..Answer::DEFAULT }),"
                .to_owned(),
        ),
        (
            json!({"oneOf": [array(free()), object(json!({"data": array(free()), "meta": meta}))]}),
            page.clone(),
            format!(
                "records: \"/data\", list: true, open: true, selectable: true, {paged} total: \"/meta/total\", here: \"/meta/page\", ..Paging::DEFAULT }}), ..Answer::DEFAULT }}),"
            ),
        ),
        (
            json!({"anyOf": [array(small()), {"type": "null"}]}),
            json!([]),
            "list: true, ..Answer::DEFAULT }),".to_owned(),
        ),
        (
            object(json!({"data": array(json!({})), "error": {"type": "string"}})),
            json!([]),
            "records: \"/data\", list: true, open: true, selectable: true, ..Answer::DEFAULT }),"
                .to_owned(),
        ),
        (
            object(json!({"data": array(json!({"type": "string"}))})),
            json!([]),
            String::new(),
        ),
        (
            free(),
            page,
            format!("open: true, selectable: true, {paged} ..Paging::DEFAULT }}), ..Answer::DEFAULT }}),"),
        ),
        (
            object(json!({"data": {}})),
            json!([]),
            "open: true, selectable: true, ..Answer::DEFAULT }),".to_owned(),
        ),
        // What is said is believed: a record, and a map.
        (object(json!({"data": small(), "tags": array(free())})), json!([]), String::new()),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!([]),
            String::new(),
        ),
    ] {
        let found = answer(schema.clone(), parameters);
        let found = found.strip_prefix("Answer { ").unwrap_or(&found);
        assert_eq!(found, expected, "{schema}");
    }
    // One thing may come there, and its name does not speak of many.
    assert_eq!(
        answer_of("/me", "getMe", free(), json!([])),
        "Answer { open: true, ..Answer::DEFAULT }),"
    );
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
