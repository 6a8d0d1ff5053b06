//! relation and append over the demo CRM, and what they say when something fails in between.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::stub::{Seen, Stub};
use crate::{crm, said};

#[test]
fn ids_are_added_and_removed_and_the_others_stay() {
    let (crm, mut server) = crm();
    let tags = || crm.json("/tickets/1")["tags"].clone();
    let before = tags();
    assert_eq!(before, json!(["login", "mail"]));
    let add = json!({"id": 1, "relation": "tag", "ids": ["mail", "vip"]});
    let result = server.call("tag_ticket", add.clone());
    assert!(
        said(&result).starts_with("1, tag: was 2, now 3. Added: vip."),
        "{result}"
    );
    assert_eq!(tags(), json!(["login", "mail", "vip"]));
    // The same again changes nothing, and nothing is written.
    let touched = crm.json("/tickets/1")["updated_at"].clone();
    let result = server.call("tag_ticket", add);
    assert!(said(&result).starts_with("Nothing changed and nothing was written"));
    assert_eq!(result["structuredContent"]["changed"], json!([]));
    assert_eq!(crm.json("/tickets/1")["updated_at"], touched);
    let remove = json!({"id": 1, "relation": "tag", "ids": ["vip", "never there"]});
    let removed = server.done("untag_ticket", remove);
    assert_eq!((&removed["was"], &removed["now"]), (&json!(3), &json!(2)));
    assert_eq!(tags(), before);
}

#[test]
fn a_change_that_is_refused_says_what_was_done_and_what_not() {
    let (crm, mut server) = crm();
    let long = "x".repeat(60);
    let result = server.call(
        "tag_ticket",
        json!({"id": 1, "relation": "tag", "ids": [long]}),
    );
    assert_eq!(result["isError"], true);
    let text = said(&result);
    assert!(text.starts_with("Validation error: "), "{text}");
    assert!(
        text.ends_with(
            "Done: get_ticket read the record. Not done: update_ticket did not change it."
        ),
        "{text}"
    );
    assert_eq!(crm.json("/tickets/1")["tags"], json!(["login", "mail"]));
    let none = json!({"id": 99_999, "relation": "tag", "ids": ["a"]});
    let text = said(&server.call("tag_ticket", none));
    assert!(
        text.starts_with("Not found: ") && text.ends_with("Nothing was written."),
        "{text}"
    );
}

#[test]
fn text_is_added_behind_the_text_that_is_there() {
    let (crm, mut server) = crm();
    let description = || crm.json("/tasks/1")["description"].clone();
    let mut append = |text: &str| {
        let arguments = json!({"id": 1, "text": text});
        server.done("append_task_description", arguments)
    };
    append("First.");
    let second = append("Second.\n- *point*");
    assert_eq!(description(), "First.\n\nSecond.\n- *point*");
    assert_eq!((&second["was"], &second["now"]), (&json!(6), &json!(25)));
}

/// A service that has a lead and refuses or breaks when it is written.
fn broken(status: u16) -> Stub {
    Stub::start(move |seen: &Seen| match seen.method.as_str() {
        "GET" => (
            200,
            json!({"data": {"id": 7, "name": "Ada", "description": "Old."}}),
        ),
        _ => (status, json!({"message": "no"})),
    })
}

#[test]
fn a_write_that_fails_is_not_told_as_done_and_one_that_breaks_is_not_known() {
    // A PUT that the service may have acted on is sent again, at most twice (RFC 9110 §9.2.2).
    for (status, requests, expected) in [
        (403, 2, "Not done: update_lead did not change it."),
        (500, 4, "Not known: whether update_lead changed it."),
    ] {
        let stub = broken(status);
        let mut server = stub.server("perfex", &[("API_KEY", "pk_1")]);
        let arguments = json!({"id": 7, "text": "New."});
        let result = server.call("append_lead_description", arguments);
        assert_eq!(result["isError"], true);
        let text = said(&result);
        assert!(text.contains("Done: get_lead read the record. "), "{text}");
        assert!(text.ends_with(expected), "{text}");
        assert_eq!(stub.asked().len(), requests);
        // What is added once more by whoever repeats it: not without a word, while nobody knows of the first.
        let arguments = json!({"id": 7, "text": "New."});
        let text = said(&server.call("append_lead_description", arguments));
        let is_asked_for =
            text.starts_with("Confirmation needed") && text.contains("may have been");
        assert_eq!(is_asked_for, status == 500, "{text}");
        assert_eq!(stub.asked().len(), if is_asked_for { 0 } else { requests });
    }
}

#[test]
fn what_is_not_in_the_answer_is_never_taken_for_empty() {
    let answers: [Value; 4] = [
        json!({"data": {"id": 7}}),
        json!({"data": {"id": 7, "description": ["no", "text"]}}),
        json!({"data": null}),
        json!([]),
    ];
    let next = AtomicUsize::new(0);
    let stub = Stub::start(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed);
        (200, answers[index].clone())
    });
    let mut server = stub.server("perfex", &[("API_KEY", "pk_1")]);
    for prefix in [
        "Upstream error: ",
        "Upstream error: ",
        "Not found: ",
        "Upstream error: ",
    ] {
        let arguments = json!({"id": 7, "text": "New."});
        let result = server.call("append_lead_description", arguments);
        let text = said(&result);
        assert!(text.starts_with(prefix), "{text}");
        assert!(text.ends_with("Nothing was written."), "{text}");
    }
    assert!(stub.asked().iter().all(|seen| seen.method == "GET"));
}

#[test]
fn a6_each_part_of_an_operation_sends_its_own_value() {
    let (crm, mut server) = crm();
    let listed = crate::names(&mut server);
    assert!(!listed.contains(&"create_note".to_owned()), "{listed:?}");
    for kind in ["customer", "lead", "project", "ticket", "contract"] {
        let tool = format!("create_note_for_{kind}");
        assert!(listed.contains(&tool), "{listed:?}");
        let arguments = json!({"subject_id": 1, "body": format!("About a {kind}.")});
        let made = server.done(&tool, arguments);
        let note = crm.json(&format!("/notes/{}", made["id"]));
        assert_eq!(note["subject_type"], kind);
    }
    // Who gives the value all the same is told that there is no such argument.
    let given = json!({"subject_id": 1, "body": "x", "subject_type": "lead"});
    let text = said(&server.call("create_note_for_customer", given));
    assert!(text.starts_with("Validation error: "), "{text}");
    let (_crm, mut records) = crate::crm_with("records");
    let actions = records.call("list_actions", json!({"entity": "notes"}));
    assert!(said(&actions).contains("create_note_for_lead"), "{actions}");
}
