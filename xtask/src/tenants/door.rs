//! What stands before the services of both tenants: it knows whose a request is by its credential, hands it to
//! that one's service, and notes each request whose words are those of the other one.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::tenant::Tenant;
use crate::crm::KEY;
use crate::failure::Result;

/// Largest body.
const LARGEST: usize = 1 << 20;
/// The credential's field.
const FIELD: &str = "x-api-key";
/// A request takes up to so long more, so that calls overlap and callers leave in their middle.
const SLOWEST: u64 = 8;

/// What arrived.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Requests.
    pub requests: u64,
    /// Requests with a credential of somebody else, or of nobody.
    pub faults: Vec<String>,
}

/// The door. Its thread ends with the process.
#[derive(Debug)]
pub struct Door {
    /// Base URL of the API behind it.
    pub url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Name, credential and base URL of each tenant.
    tenants: Vec<(&'static str, String, String)>,
    agent: ureq::Agent,
    seen: Mutex<Seen>,
}

impl Door {
    /// Listens on a free port before the services of some tenants.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn start(tenants: &[Tenant]) -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let agent = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = agent.allow_non_standard_methods(true).build();
        let of = |tenant: &Tenant| {
            (
                tenant.name,
                tenant.credential.clone(),
                tenant.crm.url.clone(),
            )
        };
        let shared = Arc::new(Shared {
            tenants: tenants.iter().map(of).collect(),
            agent: agent.into(),
            seen: Mutex::default(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, router).await
            })
        });
        Ok(Self { url, shared })
    }

    /// What arrived so far.
    pub fn seen(&self) -> Seen {
        self.shared.seen().clone()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let credential = head
        .headers
        .get(FIELD)
        .and_then(|value| value.to_str().ok());
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let method = head.method.as_str();
    let Some(base) = shared.judge(method, target, credential, &body) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let address = format!("{base}{target}");
    let request = axum::http::Request::builder()
        .method(head.method.clone())
        .uri(&address)
        .header(FIELD, KEY)
        .header(CONTENT_TYPE, "application/json");
    let number = shared.seen().requests;
    let passed = tokio::task::spawn_blocking(move || -> Result<(StatusCode, String)> {
        thread::sleep(Duration::from_millis(number % SLOWEST));
        let mut answer = if body.is_empty() {
            shared.agent.run(request.body(())?)?
        } else {
            shared.agent.run(request.body(body.to_vec())?)?
        };
        Ok((answer.status(), answer.body_mut().read_to_string()?))
    });
    match passed.await {
        Ok(Ok((status, text))) => {
            (status, [(CONTENT_TYPE, "application/json")], text).into_response()
        }
        _ => StatusCode::BAD_GATEWAY.into_response(),
    }
}

impl Shared {
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose service a request goes to, if anybody's; notes what is wrong with it.
    fn judge(
        &self,
        method: &str,
        target: &str,
        credential: Option<&str>,
        body: &Bytes,
    ) -> Option<String> {
        let mut seen = self.seen();
        seen.requests += 1;
        let words = format!("{target} {}", String::from_utf8_lossy(body));
        let owner = self
            .tenants
            .iter()
            .find(|(_, own, _)| credential == Some(own));
        let Some((name, _, base)) = owner else {
            seen.faults
                .push(format!("{method} {target}: the credential of nobody"));
            return None;
        };
        let foreign = self
            .tenants
            .iter()
            .find(|(other, ..)| other != name && words.contains(other));
        if let Some((other, ..)) = foreign {
            let fault = format!("{method} {target}: words of {other}, credential of {name}");
            seen.faults.push(fault);
        }
        Some(base.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_a_request_is_goes_by_its_credential_and_its_words_are_that_ones() {
        let of = |name: &'static str| (name, format!("secret of {name}"), format!("http://{name}"));
        let shared = Shared {
            tenants: vec![of("borealis"), of("australis")],
            agent: ureq::Agent::new_with_defaults(),
            seen: Mutex::default(),
        };
        for (credential, body, base, faults) in [
            (
                Some("secret of borealis"),
                "by borealis",
                Some("http://borealis"),
                0,
            ),
            (
                Some("secret of australis"),
                "nothing",
                Some("http://australis"),
                0,
            ),
            (
                Some("secret of australis"),
                "by borealis",
                Some("http://australis"),
                1,
            ),
            (Some("secret of"), "nothing", None, 2),
            (None, "nothing", None, 3),
        ] {
            let found = shared.judge(
                "POST",
                "/leads",
                credential,
                &Bytes::from_static(body.as_bytes()),
            );
            assert_eq!(found.as_deref(), base, "{credential:?} {body}");
            assert_eq!(shared.seen().faults.len(), faults, "{credential:?} {body}");
        }
    }
}
