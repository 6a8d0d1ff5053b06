//! The way to the service and back: limits, deadlines, errors, results, hooks.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::api::{API, Customer, GetCustomer};
use common::process::{Server, text};
use common::upstream;
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::{Api, OperationDef, Part, Segment, Server as ServerDef};
use mcpwright_runtime::upstream::{Failure, Settings, Upstream};
use mcpwright_runtime::{CallError, Client};
use serde_json::{Value, json};

#[tokio::test]
async fn errors_have_stable_prefixes_and_say_what_to_do() {
    let (base, _) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    for (tool, what, expected) in [
        ("probe", "400", "Validation error: because (HTTP 400)"),
        ("probe", "409", "Validation error: because (HTTP 409)"),
        ("probe", "422", "Validation error: because (HTTP 422)"),
        ("probe", "401", "Auth error: because (HTTP 401)"),
        ("probe", "403", "Permission denied: because (HTTP 403)"),
        ("probe", "404", "Not found: because (HTTP 404)"),
        ("probe", "410", "Not found: because (HTTP 410)"),
        (
            "probe",
            "429",
            "Rate limited: because (HTTP 429)\nTry again after 7 s.",
        ),
        ("probe", "500", "Upstream error: because (HTTP 500)"),
        (
            "poke",
            "500",
            "Upstream error: because (HTTP 500)\nThe outcome is unknown",
        ),
        ("probe", "html", "Upstream error: Bad Gateway (HTTP 502)"),
        (
            "probe",
            "redirect",
            "Upstream error: the service answered with a redirect (302) to evil.example, which is not followed.",
        ),
        (
            "poke",
            "redirect",
            "Upstream error: the service answered with a redirect (302) to evil.example, which is not followed.\nThe outcome is unknown",
        ),
        (
            "probe",
            "big",
            "Upstream error: the answer (200) is larger than the limit of 200000 bytes.",
        ),
        (
            "probe",
            "broken",
            "Upstream error: the answer (200) broke off.",
        ),
    ] {
        let result = server.call(tool, json!({"what": what})).await;
        assert_eq!(result["isError"], true, "{tool} {what}: {result}");
        assert!(
            text(&result).starts_with(expected),
            "{tool} {what}: {result}"
        );
        assert!(result.get("structuredContent").is_none());
        assert!(!text(&result).to_lowercase().contains("failed"));
    }
    let mut hasty = Server::start(&[
        ("FIX_BASE_URL", &base),
        ("FIX_TOKEN", "t"),
        ("FIX_TIMEOUT_SECONDS", "1"),
    ]);
    let result = hasty.call("probe", json!({"what": "slow"})).await;
    let expected = "Upstream error: the service did not answer within 1 s.";
    assert_eq!(text(&result), expected);
    let result = hasty.call("poke", json!({"what": "slow"})).await;
    let expected = format!("{expected}\nThe outcome is unknown");
    assert!(text(&result).starts_with(&expected), "{result}");
    // A write that was answered with 2xx is done, whatever became of the answer.
    for what in ["big", "broken"] {
        let result = server.call("poke", json!({"what": what})).await;
        assert_eq!(result["isError"], false);
        assert!(text(&result).starts_with("Done (HTTP 200)"), "{result}");
        // Or else clients take it for a failure, and the write is repeated.
        assert!(result["structuredContent"].is_object(), "{result}");
    }
}

#[tokio::test]
async fn results_by_kind() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let result = server.call("list_customers", json!({})).await;
    assert!(
        text(&result).starts_with(r#"[{"id":"1","age":5},{"id":2,"age":"old"}]"#),
        "{result}"
    );
    assert!(text(&result).contains("/result/1/age: expected integer, got string"));
    let structured = &result["structuredContent"];
    assert_eq!(
        structured["result"],
        json!([{"id": "1", "age": 5}, {"id": "2"}])
    );
    let notes = structured["_notes"].to_string();
    assert!(
        notes.contains("left out of the structured copy: /result/1/age"),
        "{notes}"
    );

    let result = server
        .confirmed("delete_customer", json!({"id": "5"}))
        .await;
    assert_eq!(text(&result), r#"{"status":204,"done":true}"#);
    assert_eq!(ledger.last().method, "DELETE");
    let result = server.call("probe", json!({"what": "csv"})).await;
    assert_eq!(text(&result), "a,b\n1,2\n");
    let result = server.call("probe", json!({"what": "bidi"})).await;
    assert_eq!(result["structuredContent"], json!({"note": "ab"}));
    let result = server.call("probe", json!({"what": "image"})).await;
    assert_eq!(
        result["content"][1],
        json!({"type": "image", "data": "iVA=", "mimeType": "image/png"})
    );
    let result = server.call("probe", json!({"what": "pdf"})).await;
    assert_eq!(text(&result), "b.pdf: application/pdf, 8 bytes");
    assert_eq!(
        result["content"][1]["resource"]["mimeType"],
        "application/pdf"
    );
    assert_eq!(result["content"][1]["resource"]["blob"], "JVBERi0xLjc=");
    let result = server.call("probe", json!({"what": "digits"})).await;
    assert!(
        text(&result).ends_with("exactly, /n is 12345678901234567890123.]"),
        "{result}"
    );
    let result = server
        .call("probe", json!({"what": "digits-in-text"}))
        .await;
    assert_eq!(text(&result), "12345678901234567890123,b");
    let result = server.call("probe", json!({"what": "map"})).await;
    assert!(text(&result).len() < 61_000, "{}", text(&result).len());
    assert!(text(&result).contains("the answer: the first "), "{result}");
    // Text and structured copy are cut alike, and say so.
    let mut server = Server::start(&[("FIX_BASE_URL", &base), ("FIX_TOKEN", "t")]);
    let result = server.call("probe", json!({"what": "long"})).await;
    let kept = result["structuredContent"]["items"]
        .as_array()
        .unwrap()
        .len();
    assert!(text(&result).len() < 61_000 && kept > 1000, "{kept}");
    assert!(text(&result).contains(&format!("/items: the first {kept} of 20000")));
}

#[tokio::test]
async fn bodies_reach_the_service_as_they_should() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let call = json!({"customer_id": "c1", "note": null, "due_date": null, "lines": "[{\"text\":\"dev\",\"hours\":\"5\"}]"});
    let result = server.call("create_invoice", call).await;
    assert_eq!(result["isError"], false, "{result}");
    assert_eq!(
        ledger.last().header("content-type"),
        Some("application/json")
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&ledger.last().body).unwrap(),
        json!({"customerId": "c1", "note": null, "lines": [{"text": "dev", "hours": 5}]})
    );
    let call = json!({"title": "T", "meta": {"a": 1}, "file": {"filename": "a\"b.txt", "content_type": "text/plain", "data_base64": "aGk="}});
    server.call("upload_document", call).await;
    let seen = ledger.last();
    let boundary = seen
        .header("content-type")
        .unwrap()
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = String::from_utf8(seen.body.to_vec()).unwrap();
    assert_eq!(
        body.replace(boundary, "B"),
        "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nT\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--B\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--B--\r\n"
    );
}

#[tokio::test]
async fn hooks_refuse_and_custom_tools_call_operations() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let result = server
        .call("get_customer", json!({"id": "forbidden"}))
        .await;
    assert_eq!(
        text(&result),
        "This customer is off limits; ask for another one."
    );
    assert_eq!(ledger.count(), 0);
    let result = server.confirmed("greet", json!({"id": "9"})).await;
    assert_eq!(
        result["structuredContent"],
        json!({"greeting": "Hello Acme"})
    );
    let result = server.call("greet", json!({"name": "9"})).await;
    assert_eq!(result["isError"], true);
    assert!(
        text(&result).contains("/name: there is no such argument."),
        "{result}"
    );
}

#[tokio::test]
async fn a_number_that_a_hook_takes_out_is_not_told_in_full_either() {
    let (base, _) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let result = server.call("get_customer", json!({"id": "digits"})).await;
    assert_eq!(result["structuredContent"]["hooked"], true);
    assert!(
        text(&result).ends_with("exactly, /limit is 98765432109876543210987.]"),
        "{result}"
    );
    assert!(!result.to_string().contains("12345678901234567890123"));
}

#[tokio::test]
async fn a_custom_tool_that_does_not_end_is_answered_in_time() {
    let (base, _) = upstream::start().await;
    let mut server = Server::start(&[
        ("FIX_BASE_URL", &base),
        ("FIX_TOKEN", "t"),
        ("FIX_TIMEOUT_SECONDS", "1"),
    ]);
    let result = server.confirmed("greet", json!({"id": "forever"})).await;
    assert_eq!(result["isError"], true, "{result}");
    assert!(
        text(&result).starts_with(
            "Upstream error: the tool did not end within 1 s.\nThe outcome is unknown"
        ),
        "{result}"
    );
}

fn settings(base: &str) -> Settings {
    let read = |name: &str| match name {
        "FIX_BASE_URL" => Some(base.to_owned()),
        "FIX_TOKEN" => Some("token".to_owned()),
        _ => None,
    };
    Settings::read(&API, &read).unwrap()
}

#[tokio::test]
async fn the_typed_client_decodes_and_reports() {
    let (base, _) = upstream::start().await;
    let client = Client::new(&API, settings(&base));
    let customer = client
        .call(&GetCustomer { id: "7".to_owned() })
        .await
        .unwrap();
    assert_eq!(
        customer,
        Customer {
            id: "7".to_owned(),
            name: Some("Acme".to_owned())
        }
    );
    let reply = client
        .send(&GetCustomer { id: "7".to_owned() })
        .await
        .unwrap();
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("application/json"))
    );
    let error = client
        .call(&GetCustomer {
            id: "..".to_owned(),
        })
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::Request(_)), "{error}");
    let client = Client::new(&API, settings("http://127.0.0.1:9"));
    let error = client
        .call(&GetCustomer { id: "7".to_owned() })
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::Failure(Failure::Unreachable(_))),
        "{error}"
    );
}

#[tokio::test]
async fn a_name_in_the_own_network_is_refused_unless_the_operator_says_that_it_is_right() {
    use std::net::ToSocketAddrs as _;

    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host = host.trim();
    let own = (host, 9).to_socket_addrs();
    let local = |found: std::net::SocketAddr| match found.ip() {
        std::net::IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        std::net::IpAddr::V6(ip) => ip.is_loopback(),
    };
    if host.is_empty() || !own.is_ok_and(|mut found| found.all(local)) {
        eprintln!("skipped: this machine's name has no address of its own network");
        return;
    }
    let base = format!("http://{host}:9");
    let ask = async |allow: &'static str| {
        let read = |name: &str| match name {
            "FIX_BASE_URL" => Some(base.clone()),
            "FIX_TOKEN" => Some("token".to_owned()),
            "FIX_ALLOW_HTTP" => Some("1".to_owned()),
            "FIX_ALLOW_PRIVATE" => Some(allow.to_owned()),
            _ => None,
        };
        let client = Client::new(&API, Settings::read(&API, &read).unwrap());
        let customer = GetCustomer { id: "7".to_owned() };
        client.call(&customer).await.unwrap_err()
    };
    let refused = ask("0").await;
    assert!(
        matches!(&refused, CallError::Failure(failure @ Failure::NoServer(said))
            if said.contains("FIX_ALLOW_PRIVATE=1") && !failure.may_have_arrived()),
        "{refused}"
    );
    // Nobody listens there, so it was tried.
    let tried = ask("1").await;
    assert!(
        matches!(tried, CallError::Failure(Failure::Unreachable(_))),
        "{tried}"
    );
}

#[test]
fn the_tables_are_complete() {
    assert_eq!(mcpwright_runtime::coverage::check(&API), Ok(()));
}

static UPLOADS: ServerDef = ServerDef {
    variable: "OWN_UPLOADS_BASE_URL",
    servers: &["https://uploads.example.com"],
};
static UPLOAD: OperationDef = OperationDef {
    tool: "upload",
    segments: &[Segment(&[Part::Literal("upload")])],
    server: Some(&UPLOADS),
    ..OperationDef::DEFAULT
};
static OWN: Api = Api {
    env_prefix: "OWN",
    operations: &[&UPLOAD],
    ..API
};

#[tokio::test]
async fn an_operation_with_a_server_of_its_own_goes_there_or_nowhere() {
    let (base, main) = upstream::start().await;
    let (other, own) = upstream::start().await;
    let request = || mcpwright_runtime::request::build(&UPLOAD, &Object::new()).unwrap();
    let upstream = |own: Option<String>| {
        let read = |name: &str| match name {
            "OWN_BASE_URL" => Some(base.clone()),
            "OWN_UPLOADS_BASE_URL" => own.clone(),
            _ => None,
        };
        Settings::read(&OWN, &read).map(|settings| Upstream::new(settings, "own", "1"))
    };
    // The server starts, and the call says what is missing.
    let failure = upstream(None)
        .unwrap()
        .send(&UPLOAD, request())
        .await
        .unwrap_err();
    assert!(!failure.may_have_arrived());
    assert_eq!(
        failure.to_string(),
        "this operation has a server of its own, whose address is not configured; the operator of this \
         server has to set OWN_UPLOADS_BASE_URL; the API's document suggests https://uploads.example.com"
    );
    let sent = upstream(Some(other))
        .unwrap()
        .send(&UPLOAD, request())
        .await;
    assert!(sent.is_ok(), "{sent:?}");
    assert!(own.last().uri.ends_with("/upload"));
    assert_eq!(main.count(), 0);
    // An address that would show credentials is refused as any other.
    let error = upstream(Some("http://uploads.example.com".to_owned())).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("OWN_UPLOADS_BASE_URL is plain http"),
        "{error}"
    );
    assert!(error.to_string().contains("OWN_ALLOW_HTTP=1"), "{error}");
}
