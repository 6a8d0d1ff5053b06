//! What operators ask, on an address of its own: whether the server lives, whether it can work, what it counted; and
//! their page, where there is one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::operator::{self, Operator};
use crate::catalog::Catalog;
use crate::measure;
use crate::state::Unavailable;

/// How long an answer of the store that replicas share is as good as a new one.
const FRESH: Duration = Duration::from_secs(1);

/// The address, from `--admin-listen`. One that other machines can reach needs `remote`: nobody is asked who they
/// are there.
///
/// # Errors
/// One line for the operator.
pub(crate) fn address(text: &str, remote: bool) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    let address: SocketAddr = numeric.parse().map_err(|_| {
        format!("--admin-listen {text} is not an IP address and port such as 127.0.0.1:9464")
    })?;
    if !address.ip().is_loopback() && !remote {
        return Err(format!(
            "--admin-listen {text} can be reached from other machines, and whoever asks there is answered; add --allow-remote-admin if only those who may can reach it"
        ));
    }
    Ok(address)
}

/// What the store said, and when.
type Said = (Instant, Result<(), Unavailable>);

#[derive(Clone)]
struct Admin {
    catalog: Arc<Catalog>,
    /// Cancelled once callers are answered, and once they are not any more.
    started: CancellationToken,
    stop: CancellationToken,
    hosts: Arc<[String]>,
    /// The last of it.
    state: Arc<Mutex<Option<Said>>>,
}

impl Admin {
    /// Whether what replicas share can be asked. Whoever asks often asks the store no oftener.
    async fn shared_state(&self) -> Result<(), Unavailable> {
        let mut known = self.state.lock().await;
        let said = match &*known {
            Some((at, said)) if at.elapsed() < FRESH => said.clone(),
            _ => {
                let said = self.catalog.engine().shared_state().await;
                *known = Some((Instant::now(), said.clone()));
                said
            }
        };
        measure::state(said.is_ok());
        said
    }

    /// Whether there is an audit log that cannot be written.
    fn log_is_broken(&self) -> bool {
        let is_broken = self.catalog.engine().audit().is_broken();
        measure::audit(!is_broken);
        is_broken
    }
}

/// `/healthz`, `/readyz` and `/metrics`, of which pages of a browser are refused: none has any business there. Beside
/// them the operator's page, if there is one. A page whose name was bound to this address says so in `Host` only, so
/// that all of it is for known hosts alone.
pub(super) fn router(
    catalog: Arc<Catalog>,
    hosts: &[String],
    (started, stop): (CancellationToken, CancellationToken),
    page: Option<Operator>,
) -> Router {
    let admin = Admin {
        catalog,
        started,
        stop,
        hosts: hosts.into(),
        state: Arc::default(),
    };
    let numbers = Router::new()
        .route("/healthz", get(live))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .layer(from_fn(refuse_pages));
    let page = match page {
        Some(page) => operator::router(Arc::new(page)),
        None => Router::new()
            .route("/", get(no_page))
            .with_state(admin.clone()),
    };
    numbers
        .with_state(admin.clone())
        .merge(page)
        .layer(from_fn_with_state(admin, refuse_hosts))
}

const REFUSED: (StatusCode, &str) = (StatusCode::FORBIDDEN, "no pages here, and no other host\n");

async fn refuse_hosts(State(admin): State<Admin>, request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let is_known = host.is_some_and(|host| is_own(host, &admin.hosts)) && hosts.next().is_none();
    if !is_known {
        return REFUSED.into_response();
    }
    next.run(request).await
}

async fn refuse_pages(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ORIGIN) {
        return REFUSED.into_response();
    }
    next.run(request).await
}

/// How there would be a page.
async fn no_page(State(admin): State<Admin>) -> Response {
    let prefix = admin.catalog.engine().api().env_prefix;
    let text = format!(
        "The operator's page is off: {prefix}_ADMIN_KEY (or {prefix}_ADMIN_KEY_FILE) switches it on, with a credential of at least 32 characters.\n"
    );
    (StatusCode::NOT_FOUND, text).into_response()
}

/// Whether a `Host` is an address, which no page can be at by a name of its own, this machine, or one of the names
/// that the operator gives.
fn is_own(host: &str, names: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    address.unwrap_or(name).parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name) || known == host)
}

/// That the server lives, and which one it is: its version, the runtime's, and the document that it was generated
/// from.
async fn live(State(admin): State<Admin>) -> String {
    let api = admin.catalog.engine().api();
    format!(
        "ok\nserver {} {}\nruntime {}\ndocument sha256:{}\n",
        api.name,
        api.version,
        env!("CARGO_PKG_VERSION"),
        api.document_sha256
    )
}

/// Whether requests should come here. Without what replicas share, or a log, reads go on: it is said and is no
/// reason to send them elsewhere.
async fn ready(State(admin): State<Admin>) -> Response {
    if admin.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    if !admin.started.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "starting\n").into_response();
    }
    let store = admin.shared_state().await.err();
    let log = admin
        .log_is_broken()
        .then(|| "the audit log cannot be written".to_owned());
    let reasons: Vec<String> = store
        .map(|error| error.to_string())
        .into_iter()
        .chain(log)
        .collect();
    if reasons.is_empty() {
        return "ready\n".into_response();
    }
    let reasons = reasons.join("; ");
    format!("ready for reads; writes are refused: {reasons}\n").into_response()
}

async fn metrics(State(admin): State<Admin>) -> Response {
    // These are among the numbers.
    let _ = admin.shared_state().await;
    let _ = admin.log_is_broken();
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match measure::text() {
        Some(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_no_names_of_pages_and_others_have_to_be_given() {
        let names = ["crm.internal".to_owned(), "other:9464".to_owned()];
        for (host, expected) in [
            ("127.0.0.1:9464", true),
            ("[::1]:9464", true),
            ("10.0.0.7", true),
            ("LOCALHOST:9464", true),
            ("crm.internal:9464", true),
            ("other:9464", true),
            ("other:1", false),
            ("evil.example:9464", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_own(host, &names), expected, "{host}");
        }
        assert!(address("127.0.0.1:9464", false).is_ok());
        assert!(address("0.0.0.0:9464", true).is_ok());
        let refused = address("0.0.0.0:9464", false).err().unwrap_or_default();
        assert!(refused.contains("--allow-remote-admin"), "{refused}");
    }
}
