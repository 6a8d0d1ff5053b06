//! A service that shows everything that it is told, in each way in which services answer; and an issuer of
//! tokens that does the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::failure::Result;

/// Largest body.
const LARGEST: usize = 1 << 20;
/// Ways of answering.
pub const WAYS: usize = 8;

/// The service. Its thread ends with the process.
#[derive(Debug)]
pub struct Mirror {
    /// Its base URL.
    pub url: String,
}

struct Shared {
    /// The one token that the issuer says is active, and for whom.
    active: (String, String),
    turn: AtomicUsize,
}

impl Mirror {
    /// Listens on a free port; as an issuer, it says that one token is active for an audience.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn start(token: &str, audience: &str) -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            active: (token.to_owned(), audience.to_owned()),
            turn: AtomicUsize::new(0),
        });
        let router = Router::new().fallback(answer).with_state(shared);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, router).await
            })
        });
        Ok(Self { url })
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let told = told(&head.headers);
    let json = [(CONTENT_TYPE, "application/json")];
    if head.uri.path().ends_with("/introspect") {
        let (token, audience) = &shared.active;
        let active = body.contains(token.as_str());
        let answer = json!({
            "active": active, "iss": "https://id.example", "sub": "ann", "client_id": "app",
            "aud": audience, "scope": "*:read *:write", "exp": 4_000_000_000_u64, "told": told,
        });
        return (json, answer.to_string()).into_response();
    }
    let seen = format!("{} {} {told} {body}", head.method, head.uri);
    let record = json!({
        "id": 1, "name": seen, "company": told, "stage": "new", "source": "web", told.clone(): told,
        "custom_fields": {"told": told}, "tags": [told],
    });
    let problem =
        json!({"title": seen, "detail": told, "errors": [{"field": told, "message": seen}]});
    match shared.turn.fetch_add(1, Ordering::Relaxed) % WAYS {
        0 => (
            json,
            json!({"data": [record], "meta": {"told": told}}).to_string(),
        )
            .into_response(),
        1 => (json, record.to_string()).into_response(),
        2 => (StatusCode::UNPROCESSABLE_ENTITY, json, problem.to_string()).into_response(),
        3 => (StatusCode::INTERNAL_SERVER_ERROR, seen).into_response(),
        4 => (StatusCode::UNAUTHORIZED, json, problem.to_string()).into_response(),
        5 => (
            StatusCode::FOUND,
            [(LOCATION, format!("/{}", told.replace(' ', "/")))],
        )
            .into_response(),
        6 => (json, format!("{{\"name\": \"{seen}")).into_response(),
        _ => (StatusCode::NOT_FOUND, [("x-request-id", told)], "no").into_response(),
    }
}

/// The fields in which credentials come.
fn told(fields: &HeaderMap) -> String {
    let names = [
        "authorization",
        "x-api-key",
        "proxy-authorization",
        "cookie",
    ];
    let told = names
        .iter()
        .filter_map(|name| fields.get(*name)?.to_str().ok());
    told.collect::<Vec<_>>().join(" ")
}
