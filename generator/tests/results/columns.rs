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

/// The columns of the list at a path: properties by their types, in words (`id int`, `dateend date`, `leadid int?`).
fn columns_of(path: &str, tool: &str, properties: &[&str]) -> String {
    let schema = |kind: &str| {
        let nullable = kind.ends_with('?');
        let (kind, format) = match kind.trim_end_matches('?') {
            "int" => ("integer", None),
            "bool" => ("boolean", None),
            "text" => ("string", None),
            format => ("string", Some(format)),
        };
        let mut schema =
            json!({"type": if nullable { json!([kind, "null"]) } else { json!(kind) }});
        if let Some(format) = format {
            schema["format"] = json!(format);
        }
        schema
    };
    let properties = properties.iter().map(|property| {
        let (name, kind) = property.split_once(' ').unwrap_or((property, "text"));
        (name.to_owned(), schema(kind))
    });
    let record = object(Value::Object(properties.collect()));
    columns_in(&answer_of(path, tool, array(record), json!([]))).join(" ")
}

#[test]
fn c3_identifiers_and_dates_that_are_written_as_one_word_are_known() {
    for (tool, properties, expected) in [
        (
            "listTickets",
            vec![
                "subject",
                "ticketid int",
                "dateadded date-time",
                "userid int",
                "a",
                "b",
                "c",
                "d",
                "e",
            ],
            "ticketid subject userid dateadded a b",
        ),
        (
            "listContracts",
            vec![
                "id int",
                "subject",
                "signed bool",
                "dateadded date",
                "client int",
                "datestart date",
                "dateend date",
                "a",
                "b",
            ],
            "id subject client dateend datestart dateadded",
        ),
        // Neither of these is an identifier or a date.
        (
            "listBills",
            vec![
                "id int",
                "unpaid int",
                "valid int",
                "update",
                "uuidish",
                "a",
                "b",
                "c",
                "isvoid bool",
            ],
            "id unpaid valid update uuidish a",
        ),
        // Whom a record is about, before its dates; not what it may have come from.
        (
            "listEstimates",
            vec![
                "id int",
                "clientid int",
                "number int",
                "total int",
                "invoiceid int?",
                "datecreated date-time",
                "date date",
                "expirydate date",
                "status int",
                "terms",
            ],
            "id number status total clientid expirydate date",
        ),
        // Their name says whom.
        (
            "listOrders",
            vec![
                "id int",
                "client int",
                "client_name",
                "date date",
                "a",
                "b",
                "c",
                "d",
                "e",
            ],
            "id client_name date a b c",
        ),
        // No identifier of its own.
        (
            "listCustomers",
            vec![
                "datecreated date-time",
                "leadid int?",
                "userid int",
                "company",
                "vat",
                "city",
                "zip",
                "phone",
                "b",
            ],
            "userid company leadid datecreated vat city",
        ),
    ] {
        let path = format!("/{}", tool.trim_start_matches("list").to_lowercase());
        assert_eq!(columns_of(&path, tool, &properties), expected, "{tool}");
    }
}

#[test]
fn c3_what_a_property_says_depends_on_those_beside_it() {
    for (path, properties, expected) in [
        // The title of a person is no name of theirs.
        (
            "/contacts",
            vec![
                "id int",
                "title",
                "firstname",
                "lastname",
                "email email",
                "a",
                "b",
                "c",
                "d",
            ],
            "id firstname lastname title email a",
        ),
        (
            "/deals",
            vec![
                "id int",
                "title",
                "email email",
                "a",
                "b",
                "c",
                "d",
                "e",
                "f",
            ],
            "id title email a b c",
        ),
        // A state in an address, and one of a record.
        (
            "/proposals",
            vec![
                "id int",
                "subject",
                "city",
                "state",
                "billing_city",
                "billing_state",
                "status int",
                "a",
                "b",
            ],
            "id subject status city state billing_city",
        ),
        (
            "/jobs",
            vec![
                "id int",
                "subject",
                "state",
                "a",
                "b",
                "c",
                "d",
                "e",
                "billing_city",
            ],
            "id subject state a b c",
        ),
        // How a record stands counts more than how urgent it is.
        (
            "/tasks",
            vec![
                "id int",
                "name",
                "priority int",
                "status int",
                "a",
                "b",
                "c",
                "d",
                "e",
            ],
            "id name status priority a b",
        ),
        // How urgent it is and when it came count more than when it is done with, and whose id it has.
        (
            "/tickets",
            vec![
                "id int",
                "customer_id int",
                "customer_name",
                "contact_id int",
                "subject",
                "status",
                "priority",
                "assignee_name",
                "closed_at date-time",
                "created_at date-time",
            ],
            "id subject status customer_name assignee_name priority created_at",
        ),
        // Where nothing else is a name, the description is.
        (
            "/items",
            vec![
                "itemid int",
                "group_name",
                "description",
                "long_description",
                "rate int",
                "unit",
                "tax int",
                "a",
                "b",
            ],
            "itemid description rate group_name unit tax",
        ),
        (
            "/attachments",
            vec![
                "id int",
                "customer_id int",
                "description",
                "a",
                "filename",
                "b",
                "c",
                "d",
                "e",
            ],
            "id filename customer_id a b c",
        ),
        (
            "/products",
            vec![
                "id int",
                "name",
                "description",
                "a",
                "b",
                "c",
                "d",
                "e",
                "f",
            ],
            "id name a b c d",
        ),
    ] {
        let tool = path.replace('/', "list_");
        assert_eq!(columns_of(path, &tool, &properties), expected, "{path}");
    }
}
