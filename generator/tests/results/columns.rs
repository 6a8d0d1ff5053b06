//! What a list shows of its records, and what is secret in them.

use serde_json::{Value, json};

use super::support::{answer, answer_of, array, object, small, texts};

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
