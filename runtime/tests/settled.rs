//! What an operator's settings change, from a call of a tool to the wire and back.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use common::process::{Server, text};
use serde_json::{Value, json};

/// A service that says what it was sent, or that status 1 is taken.
async fn serve() -> String {
    let router = Router::new().fallback(|request: Request| async move {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body = to_bytes(request.into_body(), 1 << 20).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let (status, answer) = if body["status"] == 1 {
            let refusal = json!({"code": "x", "message": "It is Taken."});
            (StatusCode::CONFLICT, refusal)
        } else {
            let data = json!({"hash": "s3cr3t", "query": query, "body": body});
            (StatusCode::OK, json!({"data": [data]}))
        };
        let field = [("content-type", "application/json")];
        (status, field, answer.to_string())
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/api")
}

#[tokio::test]
async fn words_fixed_values_and_limits_reach_the_wire_and_secrets_stay_there() {
    let mut server = Server::with_credentials(&serve().await);
    for (arguments, query, body, note) in [
        (json!({}), "limit=20", json!({"source": "mcp"}), None),
        (
            json!({"status": "paid", "limit": 500}),
            "limit=50",
            json!({"status": 2, "source": "mcp"}),
            Some("limit=500 is more than a page can have; 50 was sent"),
        ),
    ] {
        let result = server.call("settled", arguments.clone()).await;
        let data = &result["structuredContent"]["data"][0];
        assert_eq!(data["query"], query, "{arguments}: {result}");
        assert_eq!(data["body"], body, "{arguments}");
        assert_eq!(data["hash"], "[redacted]");
        assert!(!result.to_string().contains("s3cr3t"));
        let said = result["structuredContent"]["_notes"][0].as_str();
        assert_eq!(said, note, "{result}");
        assert!(
            note.is_none_or(|note| text(&result).contains(note)),
            "{result}"
        );
    }
}

#[tokio::test]
async fn what_is_refused_comes_with_advice() {
    let mut server = Server::with_credentials(&serve().await);
    for (arguments, expected) in [
        (
            json!({"ownerIds": null}),
            "null is refused here. Use link_owner.",
        ),
        (json!({"source": "other"}), "there is no such argument"),
        (json!({"status": "late"}), "paid"),
        (json!({"status": "unpaid"}), "Choose another one."),
        // Within one more object, as hosts and models write it.
        (json!({"body": {"status": "unpaid"}}), "Choose another one."),
        (json!({"arguments": {"status": "late"}}), "- /status: "),
        (
            json!({"body": {"other": 1}}),
            "- /body: there is no such argument",
        ),
        (
            json!({"not": {"status": "unpaid"}}),
            "- /not: there is no such argument",
        ),
    ] {
        let result = server.call("settled", arguments.clone()).await;
        assert_eq!(result["isError"], true, "{arguments}");
        assert!(
            text(&result).contains(expected),
            "{arguments}: {}",
            text(&result)
        );
    }
}
