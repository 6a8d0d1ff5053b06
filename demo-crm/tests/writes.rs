//! Bodies: validation, PATCH and PUT, idempotency, uploads.

mod support;

use serde_json::{Value, json};
use support::{ADMIN, start};

#[test]
fn every_wrong_field_is_reported_at_once() {
    let crm = start();
    let body = json!({"customer_id": "one", "due_date": "tomorrow", "colour": "red", "number": "INV-1",
                      "lines": [{"quantity": 5}, {"item_id": 1, "quantity": "0"}]});
    let answer = crm.call("POST", "/invoices", &body);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (422, "application/problem+json")
    );
    let mut fields = answer.fields();
    fields.sort_unstable();
    let expected = [
        "colour",
        "customer_id",
        "due_date",
        "lines[0].quantity",
        "lines[1].quantity",
        "number",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn unreadable_bodies_are_400_and_other_types_415() {
    let crm = start();
    let post = |media: &str, body: &[u8]| {
        crm.send(
            "POST",
            "/leads",
            &[("X-API-KEY", ADMIN), ("Content-Type", media)],
            body,
        )
        .status
    };
    assert_eq!(post("application/json", b"{\"name\": "), 400);
    assert_eq!(post("application/json", b"\xff\xfe"), 400);
    assert_eq!(
        post("application/json", "[".repeat(100_000).as_bytes()),
        400
    );
    assert_eq!(post("text/plain", b"{\"name\": \"x\"}"), 415);
    assert_eq!(post("application/json", b"[1]"), 422);
    assert_eq!(
        post("application/json; charset=utf-8", b"{\"name\": \"x\"}"),
        201
    );
    assert_eq!(post("application/json", &vec![b' '; 2 * 1024 * 1024]), 413);
}

#[test]
fn a_large_body_gets_its_answer_also_when_it_is_refused_for_another_reason() {
    let crm = start();
    let large = vec![b' '; 12 * 1024 * 1024];
    let send = |method: &str, path: &str, key: &str, media: &str| {
        let headers = [("X-API-KEY", key), ("Content-Type", media)];
        crm.send(method, path, &headers, &large).status
    };
    // Eight times, since an answer that comes too early breaks only some of the connections.
    for _ in 0..8 {
        assert_eq!(
            send("POST", "/leads", "no-such-key", "application/json"),
            401
        );
        assert_eq!(send("POST", "/leads", ADMIN, "application/json"), 413);
        assert_eq!(
            send("POST", "/nothing/here", ADMIN, "application/json"),
            404
        );
        assert_eq!(
            send("POST", "/customers/1/attachments", ADMIN, "text/plain"),
            415
        );
    }
}

#[test]
fn hostile_text_comes_back_as_it_was() {
    let crm = start();
    for name in [
        "a\0b",
        "Robert'); DROP TABLE leads;--",
        "🦀\u{202e}\u{301}",
        "  ",
        "%_",
    ] {
        let made = crm.call(
            "POST",
            "/leads",
            &json!({"name": name, "custom_fields": {"\0": name}}),
        );
        assert_eq!(made.status, 201);
        let read = crm.get(&format!("/leads/{}", made.json["id"]));
        assert_eq!(read.json["name"], name);
        assert_eq!(read.json["custom_fields"]["\0"], name);
    }
}

#[test]
fn patch_leaves_absent_fields_and_null_clears() {
    let crm = start();
    let before = crm.get("/customers/1").json;
    let after = crm
        .call(
            "PATCH",
            "/customers/1",
            &json!({"phone": null, "payment_terms_days": 30}),
        )
        .json;
    assert_eq!(after["phone"], Value::Null);
    assert_eq!(after["payment_terms_days"], 30);
    assert_eq!(
        (&after["email"], &after["tags"]),
        (&before["email"], &before["tags"])
    );
    let refused = crm.call("PATCH", "/customers/1", &json!({"name": null}));
    assert_eq!((refused.status, refused.fields()), (422, vec!["name"]));
}

#[test]
fn put_resets_absent_fields() {
    let crm = start();
    let after = crm
        .call("PUT", "/customers/1", &json!({"name": "Acme Corp"}))
        .json;
    assert_eq!(
        (&after["email"], &after["tags"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(after["payment_terms_days"], 14);
}

#[test]
fn references_to_nothing_are_conflicts_with_their_fields() {
    let crm = start();
    let body = json!({"title": "x", "project_id": 4711, "assignee_id": 4712});
    let answer = crm.call("POST", "/tasks", &body);
    assert_eq!(
        (answer.status, answer.json["code"].as_str()),
        (409, Some("unknown_reference"))
    );
    assert_eq!(answer.fields(), ["project_id", "assignee_id"]);
}

#[test]
fn an_idempotency_key_replays_the_first_answer() {
    let crm = start();
    let post = |name: &str| {
        let headers = [
            ("X-API-KEY", ADMIN),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "order-4711-a"),
        ];
        crm.send(
            "POST",
            "/leads",
            &headers,
            json!({ "name": name }).to_string().as_bytes(),
        )
    };
    let first = post("Ada");
    let second = post("Ada");
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json, second.json);
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            second.header("idempotency-replayed")
        ),
        ("", "true")
    );
    let other = post("Grace");
    assert_eq!(
        (other.status, other.json["code"].as_str()),
        (409, Some("idempotency_key_reused"))
    );
    assert_eq!(crm.get("/leads?q=Ada").json["meta"]["total"], 1);
}

#[test]
fn a_failed_request_does_not_use_up_its_key() {
    let crm = start();
    let post = |body: Value| {
        let headers = [
            ("X-API-KEY", ADMIN),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "again-please"),
        ];
        crm.send("POST", "/leads", &headers, body.to_string().as_bytes())
            .status
    };
    assert_eq!(post(json!({"name": ""})), 422);
    assert_eq!(post(json!({"name": "Ada"})), 201);
}

#[test]
fn bulk_creation_is_all_or_nothing() {
    let crm = start();
    let count = || crm.get("/leads").json["meta"]["total"].clone();
    let before = count();
    let bad = crm.call(
        "POST",
        "/leads/bulk",
        &json!({"items": [{"name": "a"}, {"name": "b", "owner_id": 99}]}),
    );
    assert_eq!((bad.status, count()), (409, before));
    let good = crm.call(
        "POST",
        "/leads/bulk",
        &json!({"items": [{"name": "a"}, {"name": "b"}]}),
    );
    assert_eq!((good.status, good.json["created"].as_i64()), (201, Some(2)));
}

#[test]
fn an_uploaded_file_comes_back_byte_for_byte() {
    let crm = start();
    let content = [0_u8, 255, 13, 10, 45, 45, 34];
    let mut form = b"--frame\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nSigned offer\r\n\
        --frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../Angebot \xc3\xa4.pdf\"\r\n\
        Content-Type: application/pdf\r\n\r\n"
        .to_vec();
    form.extend_from_slice(&content);
    form.extend_from_slice(b"\r\n--frame--\r\n");
    let headers = [
        ("X-API-KEY", ADMIN),
        ("Content-Type", "multipart/form-data; boundary=frame"),
    ];
    let made = crm.send("POST", "/customers/1/attachments", &headers, &form);
    assert_eq!(made.status, 201, "{}", made.json);
    assert_eq!(made.json["filename"], "Angebot ä.pdf");
    assert_eq!(
        (
            made.json["size"].as_i64(),
            made.json["description"].as_str()
        ),
        (Some(7), Some("Signed offer"))
    );
    let id = &made.json["id"];
    let read = crm.get(&format!("/attachments/{id}/content"));
    assert_eq!(read.bytes, content);
    assert!(
        read.header("content-disposition")
            .contains("filename*=UTF-8''Angebot%20%C3%A4%2Epdf")
    );
    assert_eq!(crm.get("/customers/1/attachments").column("id"), [id]);

    let empty = crm.send(
        "POST",
        "/customers/1/attachments",
        &headers,
        b"--frame--\r\n",
    );
    assert_eq!((empty.status, empty.fields()), (422, vec!["file"]));
}

#[test]
fn write_only_fields_are_used_and_never_shown() {
    let crm = start();
    let body = json!({"name": "Mira", "email": "mira@northlight.example", "send_invitation": true});
    let made = crm.call("POST", "/staff", &body);
    assert_eq!((made.status, made.json.get("send_invitation")), (201, None));
    assert_eq!(
        crm.get("/outbox?kind=invitation").json["data"][0]["to"],
        json!(["mira@northlight.example"])
    );
}
