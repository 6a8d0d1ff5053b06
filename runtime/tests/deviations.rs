//! Answers that are other than the document says they are: what they say reaches a model in both forms, and what
//! they do not say is told.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::*;
use mcpwright_runtime::result::{Asked, ErrorKind, Format, ToolResult, Wish, success};
use mcpwright_runtime::typed::Payload;
use serde_json::{Value, json};

const LIST: OperationDef = OperationDef {
    tool: "list_invoices",
    path: "/invoices",
    accept: &["application/json"],
    answer: Some(Answer {
        records: "/data",
        list: true,
        columns: &["id", "number", "status"],
        selectable: true,
        ..Answer::DEFAULT
    }),
    ..OperationDef::DEFAULT
};

const CREATE: OperationDef = OperationDef {
    tool: "create_invoice",
    method: "POST",
    path: "/invoices",
    accept: &["application/json"],
    risk: Risk::Write,
    hints: Hints {
        read_only: false,
        destructive: false,
        idempotent: false,
        open_world: false,
    },
    answer: Some(Answer {
        records: "/data",
        ..Answer::DEFAULT
    }),
    ..OperationDef::DEFAULT
};

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

/// The schema of one invoice, or of a list of them, in `data`.
fn schema(is_list: bool) -> Object {
    let one = json!({"type": "object", "properties": {"id": {"type": "integer"}, "number": {"type": "string"},
        "status": {"type": "integer"}, "due": {"type": "string"}}});
    let data = match is_list {
        true => json!({"type": "array", "items": one}),
        false => one,
    };
    object(json!({"type": "object", "properties": {"data": data}}))
}

fn shown(operation: &OperationDef, status: u16, payload: Payload) -> ToolResult {
    let asked = Asked {
        format: Format::Markdown,
        ..Asked::default()
    };
    let schema = schema(operation.answer.unwrap().list);
    success(operation, Some(&schema), status, payload, &asked)
}

/// Row C1.
#[test]
fn c1_numbers_that_come_as_texts_stand_in_both_forms() {
    let row = json!({"id": "7", "number": 26, "status": "4"});
    let listed = shown(&LIST, 200, Payload::Json(json!({"data": [row]})));
    assert!(listed.to_text().contains("|7|26|4|"), "{listed:?}");
    let structured = listed.structured.unwrap();
    assert_eq!(
        structured,
        json!({"data": [{"id": 7, "number": "26", "status": 4}]})
    );
    let made = shown(&CREATE, 201, Payload::Json(json!({"data": {"id": "26"}})));
    assert_eq!(made.structured, Some(json!({"data": {"id": 26}})));
}

/// Row C1.
#[test]
fn c1_what_the_structured_copy_cannot_have_is_said_in_both_forms() {
    let body = json!({"data": {"id": 7, "status": "overdue"}});
    let made = shown(&CREATE, 201, Payload::Json(body));
    let said = "The answer differs from the service's own description; left out of the structured copy: /data/status: expected integer, got string";
    assert_eq!(
        made.to_text(),
        format!("{{\"id\":7,\"status\":\"overdue\"}}\n[{said}]")
    );
    assert_eq!(
        made.structured,
        Some(json!({"data": {"id": 7}, "_notes": [said]}))
    );
}

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form>E-mail</form></body></html>";

/// Row E9.
#[test]
fn e9_a_page_of_html_in_the_place_of_json_is_no_record() {
    let read = shown(&LIST, 200, Payload::Text(PAGE.to_owned()));
    assert_eq!(read.error, Some(ErrorKind::Upstream));
    assert_eq!(
        read.to_text(),
        "Upstream error: a page of HTML came where JSON was expected (HTTP 200). The base URL may lead beside the API, or the credential may not be accepted: the operator of this server has to check both.\nSign in E-mail"
    );
    // A write that was accepted is no failure, and what is not known of it stands in both forms.
    let write = shown(&CREATE, 201, Payload::Text(PAGE.to_owned()));
    assert_eq!(write.error, None);
    let said = "HTTP 201, but a page of HTML came where JSON was expected. Whether it was carried out is not known: look before you do it once more. ";
    let notes = &write.structured.as_ref().unwrap()["_notes"];
    assert!(notes[0].as_str().unwrap().starts_with(said), "{notes}");
    assert!(write.to_text().contains(said), "{}", write.to_text());
    assert!(!write.to_text().contains('<'), "{}", write.to_text());
}

/// Row E9.
#[test]
fn e9_json_that_breaks_off_is_an_error_of_a_read_and_a_note_of_a_write() {
    let broken = || Payload::Text("{\"id\": 7, \"n".to_owned());
    let read = shown(&LIST, 200, broken());
    assert_eq!(
        read.to_text(),
        "Upstream error: the JSON of the answer breaks off or is not valid (HTTP 200).\n{\"id\": 7, \"n"
    );
    let write = shown(&CREATE, 201, broken());
    assert_eq!(write.error, None);
    let said = "HTTP 201, but the JSON of the answer breaks off or is not valid. The service accepted the request; what it made has to be looked up";
    assert_eq!(write.to_text(), format!("{{\"id\": 7, \"n\n[{said}.]"));
    assert_eq!(write.structured, Some(json!({"_notes": [said]})));
}

#[test]
fn a_text_that_may_be_what_was_asked_for_is_given_as_it_came() {
    let of_html = OperationDef {
        accept: &["application/json", "text/html"],
        ..LIST
    };
    let undescribed = OperationDef {
        accept: &[],
        ..LIST
    };
    for (operation, text) in [
        (&LIST, "OK"),
        (&LIST, "id,number\n7,INV-7"),
        (&of_html, PAGE),
        (&undescribed, PAGE),
    ] {
        let result = shown(operation, 200, Payload::Text(text.to_owned()));
        assert_eq!(result.error, None, "{result:?}");
        assert!(result.to_text().starts_with(text), "{result:?}");
    }
}

/// Rows C8 and E9.
#[test]
fn e9_an_empty_answer_to_a_read_says_that_nothing_came() {
    const GET: OperationDef = OperationDef {
        tool: "get_invoice",
        answer: CREATE.answer,
        ..LIST
    };
    for (operation, status, said) in [
        (
            &LIST,
            204,
            "No invoices found. The service sent no content (HTTP 204).",
        ),
        (
            &LIST,
            200,
            "The service sent an empty answer (HTTP 200), so nothing is known of what was asked for.",
        ),
        (
            &GET,
            204,
            "The service sent an empty answer (HTTP 204), so nothing is known of what was asked for.",
        ),
    ] {
        let result = shown(operation, status, Payload::Empty);
        assert_eq!(result.to_text(), said);
        assert_eq!(result.structured, Some(json!({"_notes": [said]})));
    }
    // Of a write it says that it is done.
    let write = shown(&CREATE, 204, Payload::Empty);
    assert_eq!(write.to_text(), r#"{"status":204,"done":true}"#);
}

/// Rows C8 and E9.
#[test]
fn e9_null_in_the_place_of_records_is_told() {
    let listed = shown(&LIST, 200, Payload::Json(json!({"data": null})));
    assert_eq!(listed.to_text(), "No invoices found.");
    assert_eq!(
        listed.structured,
        Some(json!({"data": [], "_notes": ["No invoices found."]}))
    );
    let made = shown(&CREATE, 201, Payload::Json(json!({"data": null})));
    assert_eq!(
        made.to_text(),
        "{\"data\":null}\n[The service gave no record back.]"
    );
    assert_eq!(made.error, None);
    let notes = json!({"_notes": ["The service gave no record back"]});
    assert_eq!(made.structured, Some(notes));
    let nothing = shown(&CREATE, 201, Payload::Json(json!(null)));
    assert_eq!(
        nothing.to_text(),
        "null\n[The service gave no record back.]"
    );
}

/// Row C10: what a form in a browser needs comes with every page of some services.
#[test]
fn c10_large_lists_beside_the_records_are_counted_in_both_forms_and_come_when_all_is_asked_for() {
    let person = |id: u32| json!({"id": id, "name": format!("Person number {id}"), "email": format!("p{id}@example.com")});
    let people: Vec<Value> = (0..40).map(person).collect();
    let row = |id: u32| json!({"id": id, "number": format!("INV-{id}"), "status": 1, "due": "2026-10-14"});
    let rows: Vec<Value> = (0..20).map(row).collect();
    let body = json!({"data": rows, "users": people, "open_amount": 5});
    let said = "Beside the records, not shown: users (40 items); all with detail=full";
    let fields = Wish {
        fields: vec!["id".to_owned()],
        full: false,
    };
    for wish in [Wish::default(), fields] {
        let asked = Asked {
            wish: &wish,
            format: Format::Markdown,
            ..Asked::default()
        };
        let result = success(&LIST, None, 200, Payload::Json(body.clone()), &asked);
        let text = result.to_text();
        assert!(text.contains(said) && !text.contains("Person"), "{text}");
        assert!(text.contains("|\n{\"open_amount\":5}\n["), "{text}");
        let structured = result.structured.unwrap();
        assert_eq!(structured.get("users"), None);
        assert_eq!(structured["open_amount"], 5);
        let notes = structured["_notes"].as_array().unwrap();
        assert!(notes.contains(&json!(said)), "{notes:?}");
        assert_eq!(structured["data"].as_array().unwrap().len(), 20);
    }
    let full = Wish {
        fields: Vec::new(),
        full: true,
    };
    let asked = Asked {
        wish: &full,
        format: Format::Markdown,
        ..Asked::default()
    };
    let result = success(&LIST, None, 200, Payload::Json(body.clone()), &asked);
    assert!(result.to_text().contains("Person number 39"));
    assert_eq!(result.structured.unwrap()["users"], body["users"]);
}

/// Row C2: records that have none of the columns are told by what they have.
#[test]
fn c2_records_without_any_of_the_columns_are_told_by_what_they_have() {
    const PLAN: Answer = Answer {
        records: "/data",
        list: true,
        columns: &["id", "number", "status"],
        selectable: true,
        settled: true,
        ..Answer::DEFAULT
    };
    let of = |answer: Answer| OperationDef {
        answer: Some(answer),
        ..LIST
    };
    let table = Answer {
        table: &["status", "number"],
        ..PLAN
    };
    let wide = json!({"uuid": "a1", "subject": "Roof", "state": "open", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6});
    for (row, head) in [
        (
            json!({"subject": "Roof", "state": "open"}),
            "|subject|state|\n",
        ),
        (
            json!({"id": 7, "subject": "Roof", "status": null, "state": ""}),
            "|id|subject|\n",
        ),
        (wide, "|uuid|subject|state|\n"),
        // A record that has one of them is one of those.
        (json!({"id": 7, "number": "INV-7", "x": 1}), "|id|number|\n"),
    ] {
        for plan in [PLAN, table] {
            let body = json!({"data": [row]});
            let asked = Asked {
                format: Format::Markdown,
                ..Asked::default()
            };
            let result = success(&of(plan), None, 200, Payload::Json(body), &asked);
            let text = result.to_text();
            assert!(text.starts_with(head), "{row}: {text}");
            let structured = result.structured.unwrap();
            let shown: Vec<&String> = structured["data"][0].as_object().unwrap().keys().collect();
            let columns: Vec<&str> = head.trim_matches(['|', '\n']).split('|').collect();
            assert_eq!(shown, columns, "{row}");
        }
    }
}

/// Row C3: records of few properties that hold whole records of others keep to the room of a page, too.
#[test]
fn c3_related_records_of_a_list_without_fields_are_shortened_and_come_when_all_is_asked_for() {
    const TEAMS: OperationDef = OperationDef {
        tool: "list_teams",
        input_schema: r#"{"type":"object","properties":{"page":{"type":"integer"}},"additionalProperties":false}"#,
        answer: Some(Answer {
            records: "/data",
            list: true,
            ..Answer::DEFAULT
        }),
        ..OperationDef::DEFAULT
    };
    let user = |id: u32| {
        json!({"id": format!("b3f9c1de-7a44-4b1e-9d2c-5f0e8a61c3{id:02}"), "role": "USER", "is_active": true,
            "user_details": {"email": format!("p{id}@example.com"), "pic": "x"}, "phone": "+49 431 5551234"})
    };
    let users: Vec<Value> = (0..4).map(user).collect();
    let team =
        |id: u32, users: &[Value]| json!({"id": id, "name": format!("Team {id}"), "users": users});
    let page = |users: &[Value]| -> Value { (0..20).map(|id| team(id, users)).collect() };
    let show = |wish: &Wish, rows: Value| {
        let asked = Asked {
            wish,
            format: Format::Markdown,
            ..Asked::default()
        };
        success(
            &TEAMS,
            None,
            200,
            Payload::Json(json!({"data": rows})),
            &asked,
        )
    };
    let usual = show(&Wish::default(), page(&users));
    let said = "Related records shortened; all with detail=full";
    assert!(usual.to_text().contains(said), "{}", usual.to_text());
    let structured = usual.structured.unwrap();
    let first = &structured["data"][0];
    assert_eq!(first["name"], "Team 0");
    let named = json!({"user_details": {"email": "p0@example.com"}});
    assert_eq!(first["users"][0], named);
    assert!(
        structured["_notes"]
            .as_array()
            .unwrap()
            .contains(&json!(said))
    );
    // What fits stays, and so does what is asked for.
    let full = Wish {
        fields: Vec::new(),
        full: true,
    };
    for (wish, rows) in [(Wish::default(), page(&users[..0])), (full, page(&users))] {
        let shown = show(&wish, rows.clone());
        assert!(!shown.to_text().contains(said));
        assert_eq!(shown.structured.unwrap()["data"], rows);
    }
}
