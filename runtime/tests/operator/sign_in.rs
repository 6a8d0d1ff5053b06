//! Who has not the operator's credential, or is on another page, gets nothing.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{KEY, Operated, signed};
use crate::common::process::command;

const ASKED: [&str; 6] = [
    "/api/session",
    "/api/audit",
    "/api/audit.csv",
    "/api/audit/state",
    "/api/keys",
    "/api/live",
];

#[tokio::test]
async fn without_a_credential_of_the_operator_there_is_no_page() {
    let off = Operated::with("off", &["AUDIT"]).await;
    let (status, _, body) = off.send("GET", "/", "", "").await;
    assert_eq!(status, 404);
    assert!(
        body.contains("FIX_ADMIN_KEY") && body.contains("is off"),
        "{body}"
    );
    for path in ASKED {
        let (status, _, body) = off.send("GET", path, &signed(""), "").await;
        assert_eq!((status, body.as_str()), (404, ""), "{path}");
    }
    let start = async |variables: &[(&str, &str)], options: &[&str]| {
        let mut command = command(&[("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")]);
        command.envs(variables.iter().copied()).stdin(Stdio::null());
        command
            .args(["http", "--listen", "127.0.0.1:0"])
            .args(options);
        let said = command.output().await.unwrap();
        (said.status.code(), String::from_utf8(said.stderr).unwrap())
    };
    let listen = ["--admin-listen", "127.0.0.1:0"];
    let (code, said) = start(&[("FIX_ADMIN_KEY", "short-canary")], &listen).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.starts_with("error: FIX_ADMIN_KEY must have at least 32"),
        "{said}"
    );
    assert!(!said.contains("canary"), "{said}");
    let (code, said) = start(&[("FIX_ADMIN_KEY", KEY)], &[]).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--admin-listen"), "{said}");
}

#[tokio::test]
async fn the_page_shows_nothing_of_the_server_and_lets_nothing_in() {
    let operated = Operated::start("page").await;
    let (status, head, body) = operated.send("GET", "/", "", "").await;
    assert_eq!(status, 200);
    for field in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
        "default-src 'none'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(head.contains(field), "{field}: {head}");
    }
    for never in [
        " src=",
        "<link",
        "<img",
        "<iframe",
        " style=",
        " onclick=",
        KEY,
        "audit.jsonl",
    ] {
        assert!(!body.contains(never), "{never}");
    }
    assert!(body.contains("Operator's credential") && body.len() < 60_000);
    // A link elsewhere leads to it; what it asks for is its own.
    let link = "Sec-Fetch-Site: cross-site\r\n";
    assert_eq!(operated.send("GET", "/", link, "").await.0, 200);
}

#[tokio::test]
async fn who_does_not_show_the_credential_gets_nothing_and_waits_for_it() {
    let operated = Operated::start("sign-in").await;
    for path in ASKED {
        let (status, head, body) = operated.send("GET", path, "", "").await;
        assert_eq!(status, 401, "{path}: {body}");
        assert!(
            head.contains("www-authenticate: bearer realm=\"operator\""),
            "{head}"
        );
    }
    let first = operated.first_key();
    let longer = format!("{KEY}0");
    for wrong in ["", "x", &KEY[1..], longer.as_str(), first.as_str()] {
        let begin = Instant::now();
        let (status, _, body) = operated
            .send("GET", "/api/session", &signed(wrong), "")
            .await;
        assert_eq!(status, 401, "{wrong}: {body}");
        assert!(begin.elapsed() >= Duration::from_secs(1), "{wrong}");
        assert!(!body.contains(KEY), "{body}");
    }
    // Nor in an address, or twice.
    let (status, ..) = operated
        .send("GET", &format!("/api/session?access_token={KEY}"), "", "")
        .await;
    assert_eq!(status, 401);
    let twice = format!("{}{}", signed(KEY), signed(KEY));
    assert_eq!(
        operated.send("GET", "/api/session", &twice, "").await.0,
        401
    );
    let session = operated.get("/api/session").await;
    assert_eq!(session["auth"], "keys");
    let (_, _, numbers) = operated.send("GET", "/metrics", "", "").await;
    assert!(
        numbers.contains("mcp_requests_refused_total{reason=\"operator\"} 6"),
        "{numbers}"
    );
    let records = operated.records(1).await;
    assert_eq!(records[0]["principal"], "operator", "{records:?}");
    assert_eq!(records[0]["decision"], "denied");
    let log = fs::read_to_string(operated.folder.join("audit.jsonl")).unwrap();
    assert!(!log.contains(KEY), "{log}");
}

#[tokio::test]
async fn other_pages_are_refused_with_the_credential_too() {
    let operated = Operated::start("origin").await;
    let own = format!("Origin: http://{}\r\n", operated.admin);
    let json = "Content-Type: application/json\r\n";
    let order = json!({"name": "x", "scopes": ["*:read"]}).to_string();
    let listed = operated.get("/api/keys").await;
    let id = listed["keys"][0]["id"].as_str().unwrap();
    let (revoke, rotate) = (
        format!("/api/keys/{id}/revoke"),
        format!("/api/keys/{id}/rotate"),
    );
    for (method, path, fields, expected) in [
        (
            "GET",
            "/",
            "Origin: https://evil.example\r\n".to_owned(),
            403,
        ),
        ("GET", "/", "Host: evil.example:9464\r\n".to_owned(), 403),
        ("GET", "/api/keys", "Host: evil.example\r\n".to_owned(), 403),
        // The name of the page that was bound to this address is host and origin.
        (
            "GET",
            "/api/keys",
            "Host: evil.example\r\nOrigin: http://evil.example\r\n".to_owned(),
            403,
        ),
        (
            "GET",
            "/api/keys",
            "Origin: https://evil.example\r\n".to_owned(),
            403,
        ),
        ("GET", "/api/keys", "Origin: null\r\n".to_owned(), 403),
        (
            "GET",
            "/api/keys",
            "Origin: http://127.0.0.1:1\r\n".to_owned(),
            403,
        ),
        (
            "GET",
            "/api/keys",
            "Sec-Fetch-Site: cross-site\r\n".to_owned(),
            403,
        ),
        (
            "GET",
            "/api/keys",
            "Sec-Fetch-Site: same-site\r\n".to_owned(),
            403,
        ),
        ("GET", "/api/keys", own.clone(), 200),
        (
            "OPTIONS",
            "/api/keys",
            "Origin: https://evil.example\r\n".to_owned(),
            403,
        ),
        ("POST", "/api/keys", json.to_owned(), 403),
        (
            "POST",
            "/api/keys",
            format!("{own}Content-Type: text/plain\r\n"),
            415,
        ),
        ("POST", "/api/keys", own.clone(), 415),
        ("POST", revoke.as_str(), own.clone(), 415),
        (
            "POST",
            revoke.as_str(),
            format!("{own}Content-Type: text/plain\r\n"),
            415,
        ),
        ("POST", rotate.as_str(), own.clone(), 415),
        ("POST", "/api/keys", format!("{own}{own}{json}"), 403),
        ("PUT", "/api/keys", format!("{own}{json}"), 404),
        ("GET", "/api/nothing", String::new(), 404),
        ("POST", "/api/keys", format!("{own}{json}"), 200),
    ] {
        let with = format!("{}{fields}", signed(KEY));
        let (status, head, body) = operated.send(method, path, &with, &order).await;
        assert_eq!(status, expected, "{method} {path} {fields}: {body}");
        assert!(!head.contains("access-control-"), "{head}");
        assert_eq!(
            head.matches("cache-control: no-store").count(),
            usize::from(!fields.contains("Host:")),
            "{head}"
        );
    }
    // One key for the one order that came from the page.
    let keys = operated.get("/api/keys").await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    assert_eq!(keys["keys"][0]["state"], "holds", "{keys}");
    // Numbers are for no page, as ever.
    assert_eq!(operated.send("GET", "/metrics", &own, "").await.0, 403);
}
