//! Where records stand.

use serde_json::json;

use super::support::{answer, array, object, small, texts};

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
