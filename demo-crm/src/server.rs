//! Starting and stopping the server.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::http::header::CONTENT_TYPE;
use axum::routing::{MethodFilter, get, on};
use rusqlite::Connection;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::http::{body, dispatch, rate::RateLimit};
use crate::{Options, database, resources};

const PREFIX: &str = "/api/v1";

/// What all requests share.
#[derive(Debug)]
pub struct State {
    db: Mutex<Connection>,
    requests: AtomicU64,
    /// Source of the current day.
    pub clock: Clock,
    /// Request counters.
    pub rate: RateLimit,
    /// Start of links.
    pub base_url: String,
}

impl State {
    /// The connection. A poisoned lock is fine: transactions roll back when dropped.
    pub fn lock(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name for the next request, for `X-Request-Id`.
    pub fn next_request_id(&self) -> String {
        format!(
            "req_{:08}",
            self.requests.fetch_add(1, Ordering::Relaxed) + 1
        )
    }
}

/// A server that runs until this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, for example `http://127.0.0.1:8787/api/v1`.
    pub base_url: String,
    runtime: Option<Runtime>,
    server: Option<JoinHandle<()>>,
}

impl Running {
    /// Blocks until the server ends. Not to be called from asynchronous code.
    pub fn wait(mut self) {
        if let (Some(runtime), Some(server)) = (self.runtime.take(), self.server.take()) {
            let _ = runtime.block_on(server);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waited for, so that nobody answers here any more; on a thread of its own, since whoever
            // drops this may itself run on a runtime, which must not be blocked from within.
            let stop = std::thread::spawn(move || {
                runtime.shutdown_timeout(std::time::Duration::from_secs(2));
            });
            let _ = stop.join();
        }
    }
}

/// Starts the CRM on threads of its own and returns at once.
///
/// # Errors
/// A sentence for the user when the database, the document or the port cannot be had.
pub fn serve(options: Options) -> Result<Running, String> {
    let clock = Clock::new(options.today.as_deref())?;
    let connection = database::open(options.db.as_deref(), &clock.now())?;
    let document = match &options.document {
        None => None,
        Some(file) => Some(
            std::fs::read_to_string(file)
                .map_err(|error| format!("cannot read {}: {error}", file.display()))?,
        ),
    };
    let address = (options.host.as_str(), options.port);
    let listener = TcpListener::bind(address)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|error| {
            format!(
                "cannot listen on {}:{}: {error}",
                options.host, options.port
            )
        })?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    let origin = format!("http://{bound}");
    let state = Arc::new(State {
        db: Mutex::new(connection),
        requests: AtomicU64::new(0),
        clock,
        rate: RateLimit::new(options.rate_limit),
        base_url: format!("{}{PREFIX}", options.public_url.as_ref().unwrap_or(&origin)),
    });
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let app = router(&state, document);
    let server = {
        let _inside = runtime.enter();
        let listener =
            tokio::net::TcpListener::from_std(listener).map_err(|error| error.to_string())?;
        runtime.spawn(async move {
            let _ = axum::serve(listener, app).await;
        })
    };
    Ok(Running {
        base_url: format!("{origin}{PREFIX}"),
        runtime: Some(runtime),
        server: Some(server),
    })
}

fn router(state: &Arc<State>, document: Option<String>) -> Router {
    let mut router = Router::new();
    for route in resources::routes() {
        let Ok(filter) = MethodFilter::try_from(route.method.clone()) else {
            continue;
        };
        let path = format!("{PREFIX}{}", route.path);
        let (route, state) = (Arc::new(route), Arc::clone(state));
        let handler = move |params: Result<RawPathParams, _>, request: Request| {
            let params: Result<RawPathParams, axum::extract::rejection::RawPathParamsRejection> =
                params;
            let path = dispatch::path_params(params);
            dispatch::dispatch(Arc::clone(&state), Arc::clone(&route), path, request)
        };
        router = router.route(&path, on(filter, handler));
    }
    if let Some(text) = document {
        let answer = move || async move { ([(CONTENT_TYPE, "application/yaml")], text) };
        router = router.route(&format!("{PREFIX}/openapi.yaml"), get(answer));
    }
    let (missing, wrong) = (Arc::clone(state), Arc::clone(state));
    router
        .method_not_allowed_fallback(move || async move { dispatch::no_route(&wrong, 405) })
        .fallback(move || async move { dispatch::no_route(&missing, 404) })
        .layer(axum::middleware::from_fn(body::take_in))
}
