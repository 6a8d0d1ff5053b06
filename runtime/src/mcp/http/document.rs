//! `GET /openapi.json`: the document that the server was made from, for who may call (behaviour A12).

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use super::endpoint::Endpoint;

/// Answers with the document, by the rules of the endpoint: host, origin, credential.
pub(super) async fn document(State(endpoint): State<Endpoint>, request: Request) -> Response {
    let catalog = match endpoint.admit(request).await {
        Ok(catalog) => catalog,
        Err(refused) => return refused,
    };
    let Some(text) = catalog.document() else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = Response::new(Body::from(text.to_owned()));
    for (name, value) in [
        (CONTENT_TYPE, "application/json"),
        // Another caller may see less.
        (CACHE_CONTROL, "private, no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
