//! A browser at the MCP URL gets a page about it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::endpoint::Endpoint;
use super::view::selection;
use crate::catalog::Selection;
use crate::kept::Kept;
use crate::web::{self, Visit};

/// Fields of the page. Another caller may see another one, and what is shown changes with the server.
const FIELDS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "private, no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (VARY, "Accept"),
];

/// Pages that are kept.
const KEPT: usize = 32;

/// What tells a page from others: its address, and what it shows.
type Shown = (String, Option<Arc<Selection>>);

/// A page, and what it shows.
type Made = (Option<Arc<Selection>>, Bytes);

/// Pages that were made, by their addresses.
#[derive(Debug)]
pub(super) struct Pages(Mutex<Kept<String, Made>>);

impl Default for Pages {
    fn default() -> Self {
        Self(Mutex::new(Kept::of_at_most(KEPT)))
    }
}

impl Pages {
    fn page(&self, (url, selection): &Shown) -> Option<Bytes> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, text) = kept.get(url)?;
        // Header fields choose tools, too.
        (of == selection).then(|| text.clone())
    }

    fn keep(&self, (url, selection): Shown, text: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(url, (selection, text));
    }
}

/// Whether a request is a browser's.
pub(super) fn is_wanted(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && web::wants_page(request.headers())
}

/// The page of a view. Where callers are identified it shows no tools: a browser brings no credential.
pub(super) async fn page(endpoint: &Endpoint, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(refused) = endpoint.vetted(&parts).await {
        return refused;
    }
    let catalog = endpoint.callers().whole();
    // What there is and what there is not is said to nobody whom the server does not know.
    let selection = if endpoint.callers().is_open() {
        if let Err(refused) = endpoint.taken(&parts).await {
            return refused;
        }
        match selection(catalog, &parts) {
            Ok(selection) => Some(selection),
            Err((status, wrong)) => return plain(status, wrong),
        }
    } else {
        None
    };
    // What the operator says counts before what a request does.
    let whole = match endpoint.public() {
        Some(url) => url.to_owned(),
        None => format!("{}/mcp", base(&parts)),
    };
    let view = parts.uri.path().strip_prefix("/mcp").unwrap_or_default();
    let url = match &selection {
        Some(_) => format!("{whole}{}", view.trim_end_matches('/')),
        None => whole.clone(),
    };
    // Whoever asks again makes no work: what is shown depends on the address and the view alone.
    let key = (url, selection);
    let text = match endpoint.pages().page(&key) {
        Some(text) => text,
        None => {
            let (url, selection) = &key;
            let text = Bytes::from(web::page(&Visit {
                catalog,
                selection: selection.as_deref(),
                url,
                endpoint: &whole,
                said: endpoint.public().is_some(),
                auth: endpoint.callers().mode(),
                document: endpoint.serves_document(),
            }));
            endpoint.pages().keep(key, text.clone());
            text
        }
    };
    let mut response = Response::new(Body::from(text));
    for (name, value) in FIELDS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    if let Ok(policy) = HeaderValue::from_str(web::policy()) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Scheme and host as the browser has them. Something in front of us says with `X-Forwarded-Proto` that it speaks
/// TLS; whoever lies gets a page with a wrong address in it.
fn base(parts: &Parts) -> String {
    let field = |name: &str| -> Option<&str> { parts.headers.get(name)?.to_str().ok() };
    let scheme = match field("x-forwarded-proto") {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{}", field(HOST.as_str()).unwrap_or("localhost"))
}

/// That there is no such view.
fn plain(status: StatusCode, wrong: String) -> Response {
    let mut response = Response::new(Body::from(format!("{wrong}\n")));
    *response.status_mut() = status;
    for (name, value) in FIELDS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, text);
    response
}

/// An answer that is not the page depends on `Accept`, too.
pub(super) fn varies(fields: &mut HeaderMap) {
    fields.append(VARY, HeaderValue::from_static("Accept"));
}
