//! Keys, roles, limits, files and everything else that is HTTP.

mod support;

use demo_crm::Options;
use serde_json::json;
use support::{ADMIN, READONLY, STAFF, start, start_with};

#[test]
fn both_schemes_authenticate_and_wrong_keys_are_401() {
    let crm = start();
    let get = |headers: &[(&str, &str)]| crm.send("GET", "/me", headers, b"");
    assert_eq!(get(&[("X-API-KEY", ADMIN)]).json["role"], "admin");
    assert_eq!(
        get(&[("Authorization", "Bearer demo-staff-key")]).json["role"],
        "staff"
    );
    for headers in [
        &[][..],
        &[("X-API-KEY", "wrong")],
        &[("Authorization", "Basic ZGVtbw==")],
    ] {
        let answer = get(headers);
        assert_eq!(
            (answer.status, answer.json["code"].as_str()),
            (401, Some("unauthenticated"))
        );
        assert!(!answer.header("www-authenticate").is_empty());
    }
    assert_eq!(crm.send("GET", "/health", &[], b"").status, 200);
}

#[test]
fn roles_limit_what_a_key_may_do() {
    let crm = start();
    let lead = json!({"name": "x"});
    let search = json!({});
    let table = [
        (READONLY, "GET", "/leads", &lead, 200),
        (READONLY, "POST", "/leads", &lead, 403),
        (READONLY, "POST", "/customers/search", &search, 200),
        (STAFF, "POST", "/leads", &lead, 201),
        (STAFF, "DELETE", "/invoices/12", &lead, 403),
        (STAFF, "POST", "/staff", &lead, 403),
        (ADMIN, "DELETE", "/invoices/12", &lead, 204),
    ];
    for (key, method, path, body, status) in table {
        let answer = crm.call_as(key, method, path, body);
        assert_eq!(
            answer.status, status,
            "{key} {method} {path}: {}",
            answer.json
        );
    }
}

#[test]
fn a_deactivated_member_loses_the_key() {
    let crm = start();
    assert_eq!(
        crm.call("POST", "/staff/2/deactivate", &json!({})).status,
        200
    );
    assert_eq!(crm.call_as(STAFF, "GET", "/me", &json!({})).status, 401);
    assert_eq!(
        crm.call("POST", "/staff/1/deactivate", &json!({})).json["code"],
        "own_account"
    );
}

#[test]
fn too_many_requests_are_429_with_retry_after_per_key() {
    let crm = start_with(Options {
        rate_limit: 3,
        ..Options::default()
    });
    for left in ["2", "1", "0"] {
        assert_eq!(crm.get("/me").header("x-ratelimit-remaining"), left);
    }
    let refused = crm.get("/me");
    assert_eq!(
        (refused.status, refused.json["code"].as_str()),
        (429, Some("rate_limited"))
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(crm.call_as(STAFF, "GET", "/me", &json!({})).status, 200);
}

#[test]
fn unknown_paths_methods_and_ids_are_problems() {
    let crm = start();
    assert_eq!(crm.get("/nothing").status, 404);
    let wrong = crm.send("PUT", "/leads", &[("X-API-KEY", ADMIN)], b"");
    assert_eq!(wrong.status, 405);
    assert!(wrong.header("allow").contains("POST"));
    assert_eq!(wrong.header("content-type"), "application/problem+json");
    assert_eq!(crm.get("/customers/4711").status, 404);
    for id in [
        "abc",
        "0",
        "-1",
        "1.5",
        "99999999999999999999",
        "%00",
        "1%2F2",
    ] {
        assert_eq!(crm.get(&format!("/customers/{id}")).status, 422, "{id}");
    }
    assert_eq!(crm.get("/customers/%FF").status, 400);
    assert_eq!(crm.get("/customers?q=%FF").status, 400);
}

#[test]
fn every_answer_names_its_request() {
    let crm = start();
    let (first, second) = (crm.get("/me"), crm.get("/nothing"));
    assert!(first.header("x-request-id").starts_with("req_"));
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    assert_eq!(second.header("x-request-id"), second.json["request_id"]);
}

/// Every entry of the cross-reference table must point at the object it names.
#[test]
fn the_invoice_pdf_is_well_formed() {
    let crm = start();
    let lines: Vec<_> = (0..100)
        .map(|n| json!({"description": format!("Zeile {n} (ä\\€)"), "quantity": "1", "unit_price": "1"}))
        .collect();
    let invoice = crm.call(
        "POST",
        "/invoices",
        &json!({"customer_id": 1, "lines": lines}),
    );
    let pdf = crm.get(&format!("/invoices/{}/pdf", invoice.json["id"]));
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert_eq!(
        pdf.header("content-disposition"),
        "attachment; filename=\"INV-2026-0042.pdf\""
    );
    let text = String::from_utf8(pdf.bytes).unwrap();
    assert!(text.starts_with("%PDF-1.4\n") && text.ends_with("%%EOF\n"));
    let (body, tail) = text.rsplit_once("startxref\n").unwrap();
    let start: usize = tail.lines().next().unwrap().parse().unwrap();
    assert!(body[start..].starts_with("xref\n"));
    for (n, entry) in body[start..]
        .lines()
        .skip(3)
        .take_while(|l| l.ends_with(" n "))
        .enumerate()
    {
        let offset: usize = entry[..10].parse().unwrap();
        assert!(
            text[offset..].starts_with(&format!("{} 0 obj\n", n + 1)),
            "object {}",
            n + 1
        );
    }
    assert!(text.matches("/Type /Page ").count() > 1);
    assert!(text.contains("100.00 EUR") && text.contains("Zeile 99 \\(\\344\\\\\\200\\)"));
}

#[test]
fn the_csv_export_has_a_header_and_the_filtered_rows() {
    let crm = start();
    crm.call("PATCH", "/customers/1", &json!({"name": "=Acme, \"Corp\""}));
    let csv = crm.get("/exports/invoices.csv?status=paid");
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(csv.bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("number,customer_name,status,"));
    assert_eq!(lines.len(), 4);
    assert!(lines[1].contains("\"'=Acme, \"\"Corp\"\"\",paid,"));
}

#[test]
fn a_database_file_keeps_its_data() {
    let folder = std::env::temp_dir().join(format!("demo-crm-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let options = Options {
        db: Some(folder.join("crm.db")),
        rate_limit: 0,
        ..Options::default()
    };
    let first = start_with(options.clone());
    let made = first.call("POST", "/leads", &json!({"name": "Ada"}));
    drop(first);
    let second = start_with(options);
    assert_eq!(
        second.get(&format!("/leads/{}", made.json["id"])).json["name"],
        "Ada"
    );
    drop(second);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn two_servers_on_the_same_day_have_the_same_data() {
    let (one, two) = (start(), start());
    for path in [
        "/customers",
        "/tickets",
        "/contracts",
        "/activities",
        "/timesheets",
    ] {
        assert_eq!(one.get(path).json, two.get(path).json, "{path}");
    }
}
