//! A real HTTP service on the loopback interface that answers what it was asked, and remembers it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub uri: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub seen: Arc<Mutex<Vec<Seen>>>,
    /// Requests whose connection was closed before their answer.
    pub dropped: Arc<Mutex<usize>>,
}

impl Ledger {
    pub fn last(&self) -> Seen {
        self.seen
            .lock()
            .unwrap()
            .last()
            .cloned()
            .expect("a request was sent")
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

/// Starts the service; gives its base URL.
pub async fn start() -> (String, Ledger) {
    let ledger = Ledger::default();
    let router = Router::new().fallback(answer).with_state(ledger.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/api"), ledger)
}

struct Dropped(Option<Ledger>);

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(ledger) = &self.0 {
            *ledger.dropped.lock().unwrap() += 1;
        }
    }
}

async fn answer(State(ledger): State<Ledger>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 24).await.unwrap_or_default();
    let seen = Seen {
        method: parts.method.to_string(),
        uri: parts.uri.to_string(),
        headers: parts
            .headers
            .iter()
            .map(|(k, v)| {
                (
                    k.to_string(),
                    String::from_utf8_lossy(v.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: body.clone(),
    };
    ledger.seen.lock().unwrap().push(seen);
    let path = parts
        .uri
        .path()
        .strip_prefix("/api")
        .unwrap_or_default()
        .to_owned();
    let what = path.strip_prefix("/x/").unwrap_or_default();
    match (path.as_str(), what) {
        (_, "slow") => {
            let mut guard = Dropped(Some(ledger.clone()));
            tokio::time::sleep(Duration::from_secs(300)).await;
            guard.0 = None;
            reply(200, "application/json", "{}")
        }
        (_, "pause") => {
            tokio::time::sleep(Duration::from_millis(700)).await;
            reply(200, "application/json", r#"{"paused":true}"#)
        }
        (_, "big") => reply(
            200,
            "application/json",
            format!("\"{}\"", "x".repeat(300_000)),
        ),
        (_, "long") => {
            let items: Vec<Value> = (0..20_000).map(|i| json!({"id": i, "name": "n"})).collect();
            reply(
                200,
                "application/json",
                json!({ "items": items }).to_string(),
            )
        }
        (_, "redirect") => {
            let mut response = reply(302, "text/plain", "");
            response
                .headers_mut()
                .insert("location", "https://evil.example/x".parse().unwrap());
            response
        }
        (_, "html") => reply(
            502,
            "text/html",
            "<html><body><h1>Bad <b>Gateway</b></h1></body></html>",
        ),
        (_, "digits") => reply(
            200,
            "application/json",
            r#"{"n":12345678901234567890123,"m":1.5}"#,
        ),
        (_, "digits-in-text") => reply(200, "text/csv", "12345678901234567890123,b"),
        (_, "digits-under-a-long-key") => {
            let numbers = vec!["1234567890123456789012"; 2_100].join(",");
            reply(
                200,
                "application/json",
                format!(r#"{{"{}":[{numbers}]}}"#, "k".repeat(100_000)),
            )
        }
        (_, "map") => {
            let map: serde_json::Map<String, Value> = (0..1_500)
                .map(|i| (format!("k{i}"), json!("v".repeat(90))))
                .collect();
            reply(200, "application/json", Value::Object(map).to_string())
        }
        (_, "nan") => reply(200, "application/json", r#"{"a":NaN}"#),
        (_, "csv") => reply(200, "text/csv; charset=utf-8", "a,b\n1,2\u{202e}\n"),
        (_, "bidi") => reply(200, "application/json", "{\"note\":\"a\u{202e}b\\u0007\"}"),
        (_, "image") => reply(200, "image/png", vec![0x89_u8, b'P']),
        (_, "pdf") => {
            let mut response = reply(200, "application/pdf", "%PDF-1.7");
            let disposition = "attachment; filename=\"a/b.pdf\"";
            response
                .headers_mut()
                .insert("content-disposition", disposition.parse().unwrap());
            response
        }
        (_, "broken") => {
            let mut response = Response::new(broken_body());
            response
                .headers_mut()
                .insert("content-type", "application/json".parse().unwrap());
            response
        }
        (_, status) if status.parse::<u16>().is_ok() => {
            let status = status.parse().unwrap();
            let mut response = reply(
                status,
                "application/json",
                r#"{"error":{"message":"because"}}"#,
            );
            if status == 429 {
                response
                    .headers_mut()
                    .insert("retry-after", "7".parse().unwrap());
            }
            response
        }
        (path, _) if path.starts_with("/empty") => reply(204, "", ""),
        ("/customers/digits", _) => reply(
            200,
            "application/json",
            r#"{"id":"digits","account":12345678901234567890123,"limit":98765432109876543210987}"#,
        ),
        (path, _) if path.starts_with("/customers/") => reply(
            200,
            "application/json",
            json!({"id": path.rsplit('/').next(), "name": "Acme", "extra": [1]}).to_string(),
        ),
        ("/customers", _) => reply(
            200,
            "application/json",
            json!([{"id": "1", "age": 5}, {"id": 2, "age": "old"}]).to_string(),
        ),
        _ => reply(
            200,
            "application/json",
            json!({"method": parts.method.as_str(), "body": String::from_utf8_lossy(&body)})
                .to_string(),
        ),
    }
}

/// A body that breaks off after its first piece was sent.
fn broken_body() -> Body {
    struct Broken(bool, std::pin::Pin<Box<tokio::time::Sleep>>);
    impl axum::body::HttpBody for Broken {
        type Data = Bytes;
        type Error = std::io::Error;
        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
            if !std::mem::replace(&mut self.0, true) {
                let first = http_body::Frame::data(Bytes::from_static(b"{\"a\":"));
                return std::task::Poll::Ready(Some(Ok(first)));
            }
            self.1
                .as_mut()
                .poll(context)
                .map(|()| Some(Err(std::io::Error::other("cut"))))
        }
    }
    Body::new(Broken(
        false,
        Box::pin(tokio::time::sleep(Duration::from_millis(100))),
    ))
}

fn reply(status: u16, content_type: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    if !content_type.is_empty() {
        response
            .headers_mut()
            .insert("content-type", content_type.parse().unwrap());
    }
    response
}
