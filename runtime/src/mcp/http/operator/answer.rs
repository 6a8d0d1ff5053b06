//! Answers to the operator's page, and bodies of its requests.

use std::future::Future;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::json::{Object, Value, json};

/// Largest body of a request, in bytes.
const MOST: usize = 16 << 10;
/// Time for it.
const TIME: Duration = Duration::from_secs(10);

/// An answer of JSON.
pub(super) fn json_answer(value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// Why something is not done.
pub(super) fn failed(status: StatusCode, why: &str) -> Response {
    let mut response = json_answer(&json!({"error": crate::text::clean(why)}));
    *response.status_mut() = status;
    response
}

/// The object in a body. A form of another page cannot send this type without being asked first.
///
/// # Errors
/// The answer to what is none.
pub(super) async fn body(parts: &Parts, body: Body) -> Result<Object, Response> {
    let kind = parts.headers.get(CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        let why = "Content-Type: application/json is needed";
        return Err(failed(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let wrong = |why| Err(failed(StatusCode::BAD_REQUEST, why));
    let bytes = match tokio::time::timeout(TIME, to_bytes(body, MOST)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return wrong("the body is larger than 16 KiB, or broke off"),
        Err(_) => return wrong("the body took too long"),
    };
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => wrong("the body is no object of JSON"),
    }
}

/// Does all of something, also where whoever asked for it is gone before the end: what was changed is noted and told.
pub(super) async fn to_the_end(work: impl Future<Output = Response> + Send + 'static) -> Response {
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|_| {
        let why = "it broke; the server's log says why";
        failed(StatusCode::INTERNAL_SERVER_ERROR, why)
    })
}

/// Does something that waits for a disk where nobody else is kept waiting by it.
///
/// # Errors
/// The answer to what did not work.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, Response> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.unwrap_or_else(|_| Err("it broke; the server's log says why".to_owned()));
    done.map_err(|why| failed(StatusCode::CONFLICT, &why))
}
