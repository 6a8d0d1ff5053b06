//! A mock behind a listener on HTTP/1.1.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request as HttpRequest, Response as HttpResponse, StatusCode};

use super::message::{Request, Response};
use super::{LARGEST_BODY, Mock};
use crate::ir::SchemeKind;

/// How long the content of a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was asked and answered, for whoever watches: method, path and query, status, and what is wrong.
pub type Watch = Arc<dyn Fn(&str) + Send + Sync>;

/// A mock that is served. It ends with the process, or when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Served {
    /// Waits for its end, which comes with an interrupt (Ctrl-C).
    pub fn wait(&self) {
        if let Some(runtime) = &self.runtime {
            let _ = runtime.block_on(tokio::signal::ctrl_c());
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Nobody waits for clients that hold connections open.
            runtime.shutdown_background();
        }
    }
}

struct Shared {
    mock: Mutex<Mock>,
    watch: Option<Watch>,
    /// Names in the query that stand before credentials.
    keys: Vec<String>,
}

/// Serves a mock at an address.
///
/// # Errors
/// When the address cannot be had.
pub fn serve(mock: Mock, address: SocketAddr, watch: Option<Watch>) -> std::io::Result<Served> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let keys = mock
        .api()
        .schemes
        .iter()
        .filter_map(|scheme| match &scheme.kind {
            SchemeKind::QueryKey(name) => Some(name.clone()),
            _ => None,
        });
    let shared = Arc::new(Shared {
        keys: keys.collect(),
        mock: Mutex::new(mock),
        watch,
    });
    let router = Router::new().fallback(answer).with_state(shared);
    runtime.spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    Ok(Served {
        address,
        runtime: Some(runtime),
    })
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    request: HttpRequest<Body>,
) -> HttpResponse<Body> {
    let (head, body) = request.into_parts();
    let read = tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST_BODY)).await;
    let body = match read {
        Ok(Ok(body)) => body.to_vec(),
        Ok(Err(_)) => return plain(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT),
    };
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body,
    };
    // Schemas may be large: what they take is not taken from those who wait for the network.
    let answered = tokio::task::spawn_blocking(move || {
        let response = {
            let mut mock = shared.mock.lock().unwrap_or_else(PoisonError::into_inner);
            mock.answer(&request)
        };
        if let Some(watch) = &shared.watch {
            watch(&told(&request, &response, &shared.keys));
        }
        response
    });
    match answered.await {
        Ok(response) => written(response),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// `POST /invoices → 422 body /due_date: …`; no credential.
fn told(request: &Request, response: &Response, keys: &[String]) -> String {
    let shown = request
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let name = super::wire::decoded(pair.split('=').next().unwrap_or_default());
            if keys.contains(&name) {
                format!("{name}=…")
            } else {
                pair.to_owned()
            }
        });
    let query: Vec<String> = shown.collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    let why = if response.status < 400 {
        String::new()
    } else {
        format!(" {}", String::from_utf8_lossy(&response.body))
    };
    let line = format!(
        "{} {}{query} → {}{why}",
        request.method, request.path, response.status
    );
    crate::text::line(&line, 500)
}

fn written(response: Response) -> HttpResponse<Body> {
    let mut built = HttpResponse::builder().status(response.status);
    for (name, value) in &response.headers {
        // What a document says of a media type may be no header value.
        if let Ok(value) = axum::http::HeaderValue::from_str(value) {
            built = built.header(name.as_str(), value);
        }
    }
    built
        .body(Body::from(response.body))
        .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

fn plain(status: StatusCode) -> HttpResponse<Body> {
    let mut response = HttpResponse::new(Body::empty());
    *response.status_mut() = status;
    response
}
