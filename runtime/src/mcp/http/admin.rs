//! What operators ask, on an address of its own: whether the server lives, whether it can work, what it counted.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use crate::catalog::Catalog;
use crate::measure;

/// The address, from `--admin-listen`.
///
/// # Errors
/// One line for the operator.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric.parse().map_err(|_| {
        format!("--admin-listen {text} is not an IP address and port such as 127.0.0.1:9464")
    })
}

#[derive(Clone)]
struct Admin {
    catalog: Arc<Catalog>,
    stop: CancellationToken,
}

/// `/healthz`, `/readyz` and `/metrics`. Pages of a browser are refused: none has any business here.
pub(super) fn router(catalog: Arc<Catalog>, stop: CancellationToken) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .layer(from_fn(refuse_pages))
        .with_state(Admin { catalog, stop })
}

async fn refuse_pages(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ORIGIN) {
        return (StatusCode::FORBIDDEN, "no pages here\n").into_response();
    }
    next.run(request).await
}

/// Whether requests should come here. Without what replicas share reads go on, so that it is said and is no
/// reason to send them elsewhere, where it is the same.
async fn ready(State(admin): State<Admin>) -> Response {
    if admin.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    let asked = admin.catalog.engine().shared_state().await;
    measure::state(asked.is_ok());
    match asked {
        Ok(()) => "ready\n".into_response(),
        Err(error) => format!("ready for reads; writes are refused: {error}\n").into_response(),
    }
}

async fn metrics(State(admin): State<Admin>) -> Response {
    measure::state(admin.catalog.engine().shared_state().await.is_ok());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match measure::text() {
        Some(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
