//! Streamable HTTP (MCP 2026-07-28, `basic/transports/streamable-http`): stateless, one JSON answer per
//! POST, no sessions.

mod admin;
mod body;
mod callers;
mod connections;
mod direct;
mod document;
mod endpoint;
mod guard;
mod inbound;
mod listen;
mod operator;
mod page;
mod seldom;
mod vetted;
mod view;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(crate) use admin::address as admin_address;
pub(crate) use listen::Listen;
pub(crate) use operator::AdminKey;

use super::{Handler, Observed};
use crate::access::Gate;
use crate::state::Rate;
use body::MAX_BODY;
use callers::Callers;
use connections::{Connection, Connections, Peer, network};
use document::document;
use endpoint::{Endpoint, endpoint, metadata};
use guard::{Answered, Guard};
use inbound::Inbound;
use operator::Operator;

/// Time for which a connection may be idle.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Largest header section, in bytes; of more than 100 fields hyper takes none.
const MAX_HEADERS: usize = 16 << 10;
/// Time for requests in flight after a signal.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `stop` is cancelled; then accepts nothing more and waits for requests in flight. Operators are
/// answered at `admin`, to the end; with a credential of theirs they have a page there.
///
/// # Errors
/// When an address cannot be listened on; `InvalidInput`, if it is the configuration that is wrong.
pub(crate) async fn serve(
    handler: Handler,
    listen: Listen,
    admin: Option<(SocketAddr, Option<AdminKey>)>,
    (gate, rate): (Gate, Option<Rate>),
    stop: CancellationToken,
) -> io::Result<()> {
    let listener = bind(listen.address).await?;
    let address = listener.local_addr()?;
    let ended = CancellationToken::new();
    let _ending = ended.clone().drop_guard();
    let started = CancellationToken::new();
    if let Some((admin, key)) = admin {
        let listener = bind(admin).await?;
        let address = listener.local_addr()?;
        let with = if key.is_some() {
            ", and the operator's page,"
        } else {
            ""
        };
        tracing::info!("serving health and metrics{with} at http://{address}");
        crate::measure::install();
        let audit = handler.catalog().engine().audit();
        crate::measure::other_tools(audit.has_other_tools());
        let states = (started.clone(), stop.clone());
        let page = key.map(|key| {
            let keys = (gate.mode(), gate.own_keys());
            Operator::new(Arc::clone(handler.catalog()), key, keys, stop.clone())
        });
        let router = admin::router(Arc::clone(handler.catalog()), &listen.hosts(), states, page);
        tokio::spawn(accept(listener, router, ended));
    }
    let streams = CancellationToken::new();
    let wrong = |line| io::Error::new(io::ErrorKind::InvalidInput, line);
    callers::offer(&gate, handler.catalog()).map_err(wrong)?;
    if let Gate::OAuth(server) = &gate {
        server.look().await.map_err(wrong)?;
    }
    let callers = Callers::new(gate, Arc::clone(handler.catalog()));
    let state = handler.catalog().engine().guard().state();
    let inbound = Inbound::new(rate, state);
    let router = router(
        handler,
        (callers, inbound),
        &listen,
        address.port(),
        streams.clone(),
    );
    started.cancel();
    tracing::info!("serving MCP at http://{address}/mcp");
    accept(listener, router, stop).await;
    streams.cancel();
    Ok(())
}

async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
    })
}

/// Answers whoever connects until `stop` is cancelled, and those that are being answered then.
async fn accept(listener: TcpListener, router: Router, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    let all = Connections::new();
    // One that was accepted and has no room yet.
    let mut next: Option<(TcpStream, SocketAddr)> = None;
    loop {
        let accepted = async {
            if next.is_none() {
                next = Some(listener.accept().await?);
            }
            let peer = next.as_ref().map(|(_, peer)| network(*peer));
            io::Result::Ok(all.take(peer.unwrap_or_default()).await)
        };
        let taken = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            taken = accepted => taken,
        };
        match taken.map(|taken| (taken, next.take())) {
            Ok((taken, Some((stream, _)))) => {
                let (router, stop) = (router.clone(), stop.clone());
                connections.spawn(connection(stream, router, stop, taken));
            }
            Ok((_, None)) => {}
            Err(error) => {
                // Out of file descriptors, mostly: others have to end first.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, drained).await.is_err() {
        tracing::warn!("requests in flight were given up at shutdown");
        // Each says in the log what became of its write as it is dropped, and the log ends after that.
        connections.shutdown().await;
    }
}

fn router(
    handler: Handler,
    (callers, inbound): (Callers, Inbound),
    listen: &Listen,
    port: u16,
    streams: CancellationToken,
) -> Router {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(MAX_BODY)
        .with_allowed_hosts(listen.hosts())
        .with_allowed_origins(listen.origins(port))
        .enforce_origin_validation()
        .with_cancellation_token(streams);
    let handler = Observed::new(handler);
    let service = StreamableHttpService::new(
        move || Ok(handler.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let router = if listen.serves_document() {
        Router::new().route("/openapi.json", get(document))
    } else {
        Router::new()
    };
    router
        .route("/mcp", any(endpoint))
        .route("/mcp/", any(endpoint))
        .route("/mcp/{*view}", any(endpoint))
        .route("/.well-known/oauth-protected-resource", get(metadata))
        .route(
            "/.well-known/oauth-protected-resource/{*path}",
            get(metadata),
        )
        .with_state(Arc::new(Endpoint::new(
            service,
            Arc::new(callers),
            inbound,
            listen,
        )))
}

async fn connection(
    stream: TcpStream,
    router: Router,
    stop: CancellationToken,
    taken: Arc<Connection>,
) {
    let _ = stream.set_nodelay(true);
    let answered = Answered::default();
    let stream = Guard::new(stream, answered.clone());
    let router = TowerToHyperService::new(router);
    let own = Arc::clone(&taken);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        let own = Arc::clone(&own);
        own.works();
        request.extensions_mut().insert(Peer::new(Arc::clone(&own)));
        let (answer, answered) = (router.call(request), answered.clone());
        async move {
            let answer = answer.await;
            answered.set();
            own.waits();
            answer
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        // To hyper, an idle connection is one whose next header section is slow.
        .header_read_timeout(IDLE_TIMEOUT)
        .max_header_size(MAX_HEADERS)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        // Others need its place, and it brings nothing.
        () = taken.closed() => {
            tracing::debug!("a connection that waited was closed for others");
            return;
        }
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}
