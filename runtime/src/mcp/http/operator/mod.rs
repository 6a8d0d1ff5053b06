//! The operator's page, on the admin address: keys, the audit log and live traffic, for who shows the operator's
//! credential (ADR 0065).
//!
//! | file | subject |
//! |---|---|
//! | `sign_in.rs` | the credential, and who has it |
//! | `origin.rs` | which pages may ask |
//! | `answer.rs` | answers, and bodies of requests |
//! | `log.rs` | the audit log |
//! | `keys.rs` | keys of callers |
//! | `traffic.rs` | calls as they begin and end |

mod answer;
mod keys;
mod log;
mod origin;
mod sign_in;
mod traffic;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;

pub(crate) use sign_in::AdminKey;

use crate::access;
use crate::catalog::Catalog;
use crate::json::json;
use crate::web;
use answer::{failed, json_answer};
use sign_in::{Refused, SignIn};

/// What the page is made of and asks for.
#[derive(Debug)]
pub(super) struct Operator {
    catalog: Arc<Catalog>,
    sign_in: SignIn,
    /// How callers are identified, as `--auth` names it.
    auth: &'static str,
    /// Keys of callers, where they are identified by them.
    keys: Option<Arc<access::Keys>>,
    /// Who reads the whole log: one at a time.
    reading: Arc<Mutex<()>>,
    /// Who watches.
    watching: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Operator {
    pub(super) fn new(
        catalog: Arc<Catalog>,
        key: AdminKey,
        (auth, keys): (&'static str, Option<Arc<access::Keys>>),
        stop: CancellationToken,
    ) -> Self {
        Self {
            catalog,
            sign_in: SignIn::new(key),
            auth,
            keys,
            reading: Arc::default(),
            watching: Arc::new(Semaphore::new(traffic::MOST)),
            stop,
        }
    }
}

/// The page, and what it asks for.
pub(super) fn router(operator: Arc<Operator>) -> Router {
    let api = Router::new()
        .route("/session", get(session))
        .route("/audit", get(log::page))
        .route("/audit.csv", get(log::table))
        .route("/audit/state", get(log::state))
        .route("/keys", get(keys::list).post(keys::create))
        .route("/keys/{id}/revoke", post(keys::revoke))
        .route("/keys/{id}/rotate", post(keys::rotate))
        .route("/live", get(traffic::stream))
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(from_fn_with_state(Arc::clone(&operator), signed_in));
    Router::new()
        .route("/", get(page))
        .nest("/api", api)
        .layer(from_fn(origin::own_pages))
        .with_state(operator)
}

/// The page; it is the same for everybody, and shows nothing before a credential was given.
async fn page(State(operator): State<Arc<Operator>>) -> Response {
    let api = operator.catalog.engine().api();
    let mut response = Response::new(Body::from(web::operator_page(api)));
    let fields = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    fields.insert(CONTENT_TYPE, html);
    if let Ok(policy) = HeaderValue::from_str(web::operator_policy()) {
        fields.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Lets in who shows the credential.
async fn signed_in(
    State(operator): State<Arc<Operator>>,
    request: Request,
    next: Next,
) -> Response {
    let refused = match operator.sign_in.look(request.headers()).await {
        Ok(()) => return next.run(request).await,
        Err(refused) => refused,
    };
    if refused != Refused::Missing {
        let audit = operator.catalog.engine().audit();
        audit.kept_away("operator", "a wrong credential at the admin address");
    }
    let (status, why) = match refused {
        Refused::Missing => (
            StatusCode::UNAUTHORIZED,
            "the operator's credential is needed: Authorization: Bearer CREDENTIAL",
        ),
        Refused::Wrong => (
            StatusCode::UNAUTHORIZED,
            "this is not the operator's credential",
        ),
        Refused::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "this is not the operator's credential, as many before",
        ),
    };
    let mut response = failed(status, why);
    let fields = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        fields.insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"operator\""),
        );
    } else {
        fields.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// What the page says at its head, and what there is.
async fn session(State(operator): State<Arc<Operator>>) -> Response {
    let engine = operator.catalog.engine();
    let api = engine.api();
    json_answer(&json!({
        "server": api.name,
        "version": api.version,
        "runtime": env!("CARGO_PKG_VERSION"),
        "tools": engine.entries().len(),
        "auth": operator.auth,
    }))
}

async fn nothing() -> Response {
    failed(StatusCode::NOT_FOUND, "there is nothing here")
}
