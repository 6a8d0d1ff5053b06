//! Envelopes that standards and services have in common.

use serde_json::json;

use super::support::{answer, array, object, query, small};

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
