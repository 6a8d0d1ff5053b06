//! `GET /openapi.json`: the document that the server was made from, for who may call (behaviour A12).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::endpoint::Endpoint;

/// Answers with the document, by the rules of the endpoint: host, origin, credential, rate. Who has it already is
/// told so.
pub(super) async fn document(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let known = request.headers().clone();
    let catalog = match endpoint.admit(request).await {
        Ok(catalog) => catalog,
        Err(refused) => return refused,
    };
    let Some(told) = catalog.document() else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = if is_known(&known, &told.tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        Response::new(Body::from(told.text.clone()))
    };
    let fields = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&told.tag) {
        fields.insert(ETAG, tag);
    }
    for (name, value) in [
        (CONTENT_TYPE, "application/json"),
        // Another caller may see less.
        (CACHE_CONTROL, "private, no-cache"),
        (VARY, "Authorization, X-Api-Key"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        fields.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether a client has what has this tag (RFC 9110 §13.1.2): weak ones are compared as they are.
fn is_known(fields: &HeaderMap, tag: &str) -> bool {
    let lines = fields.get_all(IF_NONE_MATCH).iter();
    let tags = lines.filter_map(|line| line.to_str().ok());
    tags.flat_map(|line| line.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_of_several_weak_or_any() {
        for (field, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            let mut fields = HeaderMap::new();
            fields.insert(IF_NONE_MATCH, HeaderValue::from_static(field));
            assert_eq!(is_known(&fields, "\"a\""), expected, "{field}");
        }
    }
}
