//! A service that takes its time, and fails when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use crate::failure::Result;

/// The service. Its thread ends with the process.
#[derive(Debug)]
pub struct Service {
    /// Its base URL.
    pub url: String,
}

#[derive(Debug)]
struct Shared {
    latency: Duration,
    /// Requests of a hundred that fail.
    faults: u64,
    requests: AtomicU64,
}

impl Service {
    /// Listens on a free port. Each answer takes so long; so many requests of a hundred fail.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn start(latency: Duration, faults: u64) -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            latency,
            faults,
            requests: AtomicU64::new(0),
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

async fn answer(State(shared): State<Arc<Shared>>) -> Response {
    let number = shared.requests.fetch_add(1, Ordering::Relaxed);
    // A timer fires at the next millisecond, which is none at all.
    if !shared.latency.is_zero() {
        tokio::time::sleep(shared.latency).await;
    }
    // Spread evenly, and each in a way of its own.
    let is_fault = number * shared.faults % 100 < shared.faults;
    let json = [(CONTENT_TYPE, "application/json")];
    match (is_fault, number % 3) {
        (false, _) => (json, r#"{"id":1,"name":"a lead"}"#).into_response(),
        (true, 0) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        (true, 1) => (json, r#"{"id":1,"na"#).into_response(),
        (true, _) => (StatusCode::NOT_FOUND, json, r#"{"message":"no such lead"}"#).into_response(),
    }
}
