//! Lists that are no plain arrays of objects.

use serde_json::json;

use super::support::{answer, answer_of, array, object, small, texts};

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
