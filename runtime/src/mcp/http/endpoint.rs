//! The checks in front of the SDK's service: what it would answer without a JSON-RPC error, or would
//! let pass.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, RETRY_AFTER,
    TRANSFER_ENCODING, WWW_AUTHENTICATE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorCode, ErrorData, JsonRpcMessage, RequestId,
    ServerJsonRpcMessage,
};
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;

use super::body::Bodies;
use super::callers::Callers;
use super::connections::Peer;
use super::direct::Call;
use super::inbound::Inbound;
use super::listen::Listen;
use super::page::{self, Pages};
use super::vetted::Vetted;
use super::view::selection;
use crate::access::{Fault, Refusal};
use crate::catalog::Catalog;
use crate::json::json;
use crate::mcp::message::read;
use crate::mcp::{Handler, Observed};

/// Header fields that may occur once.
const SINGLE: [&str; 8] = [
    "authorization",
    "x-api-key",
    "origin",
    "content-type",
    "content-encoding",
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
];
/// `HeaderMismatch` (MCP 2026-07-28, `basic/transports/streamable-http`).
const HEADER_MISMATCH: ErrorCode = ErrorCode(-32020);
/// Of the server's own codes (JSON-RPC 2.0, section 5.1).
const RATE_LIMITED: ErrorCode = ErrorCode(-32000);

type Service = StreamableHttpService<Observed, NeverSessionManager>;

/// The SDK's service and what is asked before it, shared by all requests.
pub(super) struct Endpoint {
    service: Service,
    callers: Arc<Callers>,
    inbound: Arc<Inbound>,
    /// Whether something is in front of us that passes requests of others on.
    fronted: bool,
    document: bool,
    public: Option<Arc<str>>,
    bodies: Bodies,
    pages: Arc<Pages>,
    vetted: Arc<Vetted>,
}

impl Endpoint {
    pub(super) fn new(
        service: Service,
        callers: Arc<Callers>,
        inbound: Inbound,
        listen: &Listen,
    ) -> Self {
        Self {
            service,
            callers,
            inbound: Arc::new(inbound),
            fronted: listen.is_fronted(),
            document: listen.serves_document(),
            public: listen.public().map(Arc::from),
            bodies: Bodies::new(),
            pages: Arc::default(),
            vetted: Arc::default(),
        }
    }
}

impl Endpoint {
    pub(super) fn callers(&self) -> &Callers {
        &self.callers
    }

    pub(super) fn pages(&self) -> &Pages {
        &self.pages
    }

    /// The URL of `/mcp` as clients reach it, where the operator says it.
    pub(super) fn public(&self) -> Option<&str> {
        self.public.as_deref()
    }

    /// Whether `/openapi.json` is there.
    pub(super) const fn serves_document(&self) -> bool {
        self.document
    }

    /// Lets a request in that is not one of MCP, by the same rules: the SDK judges host and origin of one
    /// without a body.
    ///
    /// # Errors
    /// The answer to who is not let in.
    pub(super) async fn admit(&self, request: Request) -> Result<Arc<Catalog>, Response> {
        let (parts, _) = request.into_parts();
        self.vetted(&parts).await?;
        self.taken(&parts).await
    }

    /// Judges host and origin of a request that is not one of MCP.
    ///
    /// # Errors
    /// The answer to one that is refused.
    pub(super) async fn vetted(&self, parts: &Parts) -> Result<(), Response> {
        if let Some(refused) = malformed(parts) {
            return Err(refused);
        }
        let mut probe = parts.clone();
        probe.method = Method::POST;
        let json = HeaderValue::from_static("application/json");
        probe.headers.insert(CONTENT_TYPE, json);
        probe.headers.remove(ACCEPT);
        widen_accept(&mut probe.headers);
        let probe = Request::from_parts(probe, Body::empty());
        let verdict = self.service.handle(probe).await;
        if verdict.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            return Ok(());
        }
        Err(verdict.map(Body::new))
    }

    /// Identifies who makes such a request, and counts it.
    ///
    /// # Errors
    /// The answer to who is not let in, or asks too often.
    pub(super) async fn taken(&self, parts: &Parts) -> Result<Arc<Catalog>, Response> {
        // A token is one for MCP.
        let mut fields = parts.headers.clone();
        let network = network(parts.extensions.get::<Peer>());
        let identified = self.callers.identify(&mut fields, "/mcp", &network).await;
        let (identity, catalog) = identified.map_err(|refused| turned_away(None, refused))?;
        match self.inbound.take(&identity).await {
            Ok(()) => Ok(catalog),
            Err(wait) => {
                self.callers.kept_away(&identity, "rate limited");
                Err(too_many(wait))
            }
        }
    }
}

/// Answers a request, whose connection is closed where a second one on it could be mistaken.
pub(super) async fn endpoint(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let chunked = request.headers().contains_key(TRANSFER_ENCODING);
    // A request with a length besides is how requests are smuggled (RFC 9112 §6.1), and hyper drops
    // the length, so that it looks like any other with a transfer coding. Whatever is in front of us
    // can send a length; without it, no second request is read on the connection.
    let mut answer = if chunked && endpoint.fronted {
        let error = invalid("Transfer-Encoding is not accepted here; send a Content-Length");
        refusal(StatusCode::LENGTH_REQUIRED, None, error)
    } else {
        judge(&endpoint, request).await
    };
    if chunked || !answer.status().is_success() {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(CONNECTION, close);
    }
    answer
}

/// What a request is refused for before anything else is looked at.
fn malformed(request: &Parts) -> Option<Response> {
    // RFC 9112 §3.2: one Host field; the absolute form is for proxies.
    let hosts = request.headers.get_all(HOST);
    let one = hosts.iter().count() == 1 && hosts.iter().all(is_host);
    if !one || request.uri.authority().is_some() {
        let error = invalid("exactly one Host and a plain path are needed");
        return Some(refusal(StatusCode::BAD_REQUEST, None, error));
    }
    // A field that decides something and comes twice means one thing to us and another to whatever
    // checks requests in front of us.
    let twice = |headers: &HeaderMap, name: &str| headers.get_all(name).iter().count() > 1;
    if let Some(name) = SINGLE.iter().find(|name| twice(&request.headers, name)) {
        let error = match name.strip_prefix("mcp-") {
            Some(_) => ErrorData::new(HEADER_MISMATCH, format!("{name} occurs twice"), None),
            None => ErrorData::invalid_request(format!("{name} occurs twice"), None),
        };
        return Some(refusal(StatusCode::BAD_REQUEST, None, error));
    }
    None
}

async fn judge(endpoint: &Endpoint, request: Request) -> Response {
    let service = &endpoint.service;
    if page::is_wanted(&request) {
        return page::page(endpoint, request).await;
    }
    let (mut parts, body) = request.into_parts();
    if let Some(refused) = malformed(&parts) {
        return refused;
    }
    if parts.method != Method::POST {
        let request = Request::from_parts(parts, body);
        let mut answer = service.handle(request).await.map(Body::new);
        page::varies(answer.headers_mut());
        return answer;
    }
    widen_accept(&mut parts.headers);
    // Host, Origin, Accept and Content-Type are the SDK's to judge, and before the body is read: any
    // web page can send one here, if not with this type. The SDK judges them first, so a request
    // without a body shows its verdict, and 415 is what it says of an empty body too.
    if !endpoint.vetted.has(&parts.headers) {
        let probe = Request::from_parts(parts.clone(), Body::empty());
        let verdict = service.handle(probe).await;
        if verdict.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE || !is_json(&parts.headers) {
            return verdict.map(Body::new);
        }
        endpoint.vetted.put(&parts.headers);
    }
    // Before the body is read, and before anything of MCP is looked at.
    let path = parts.uri.path().to_owned();
    let peer = parts.extensions.remove::<Peer>();
    let network = network(peer.as_ref());
    let identified = endpoint
        .callers
        .identify(&mut parts.headers, &path, &network)
        .await;
    let (mut identity, catalog) = match identified {
        Ok(known) => known,
        Err(refused) => return turned_away(None, refused),
    };
    if let Err(wait) = endpoint.inbound.take(&identity).await {
        endpoint.callers.kept_away(&identity, "rate limited");
        return too_many(wait);
    }
    let encoded = parts
        .headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value != "identity");
    if encoded {
        return refusal(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            None,
            invalid("Content-Encoding is not supported"),
        );
    }
    // The share is given back after the answer: until then the request is there, as bytes or parsed.
    let mut whose = identity.also.clone();
    whose.extend([Arc::clone(&identity.principal), network]);
    if let Some(peer) = &peer {
        peer.brings();
    }
    let (bytes, _shares) = match endpoint.bodies.read(body, &whose).await {
        Ok(body) => body,
        Err((status, message)) => {
            let mut refused = refusal(status, None, invalid(message));
            if status == StatusCode::SERVICE_UNAVAILABLE {
                let second = HeaderValue::from_static("1");
                refused.headers_mut().insert(RETRY_AFTER, second);
            }
            return refused;
        }
    };
    if let Some(peer) = &peer {
        peer.has_brought();
    }
    match read(&bytes) {
        Ok((message, losses)) => {
            let is_call = match called(&message) {
                Some((id, name, inner)) => {
                    let known = (&identity, &*catalog);
                    if let Some(refused) = endpoint.callers.lacks(known, &path, name, inner) {
                        return turned_away(Some(id), refused);
                    }
                    endpoint.callers.settle(&mut identity, name, inner);
                    true
                }
                None => false,
            };
            let selection = match selection(&catalog, &parts) {
                Ok(selection) => selection,
                Err((status, wrong)) => {
                    let id = match message {
                        JsonRpcMessage::Request(request) => Some(request.id),
                        _ => None,
                    };
                    return refusal(status, id, ErrorData::invalid_params(wrong, None));
                }
            };
            if is_call {
                endpoint.callers.prepare(&mut identity).await;
            }
            parts.extensions.insert(identity);
            parts.extensions.insert(losses);
            let handler = Handler::seeing(catalog, selection);
            // What is none the SDK reads itself.
            if let Some(call) = Call::of(message, &parts.headers, endpoint.callers.whole()) {
                drop(bytes);
                return call.answer(handler, &parts).await;
            }
            parts.extensions.insert(handler);
            service
                .handle(Request::from_parts(parts, Body::from(bytes)))
                .await
                .map(Body::new)
        }
        Err(bad) => refusal(StatusCode::BAD_REQUEST, bad.id, bad.error),
    }
}

/// Where a request comes from, as far as the network tells.
fn network(peer: Option<&Peer>) -> Arc<str> {
    peer.map_or_else(|| Arc::from(""), |peer| Arc::clone(peer.network()))
}

/// Whether a `Host` is a host with an optional port (RFC 9110 §7.2): the SDK would read past a user
/// name, and past a port that is none.
fn is_host(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|text| {
        let end_of_host = text.rfind(']').unwrap_or_default();
        let port = text
            .get(end_of_host..)
            .and_then(|tail| tail.split_once(':'));
        !text.contains('@') && port.is_none_or(|(_, port)| port.parse::<u16>().is_ok())
    })
}

/// Whether the body says that it is JSON.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// Clients that accept JSON, or anything, or say nothing, get the answer that they can read: it is
/// always JSON here.
fn widen_accept(headers: &mut HeaderMap) {
    let both = HeaderValue::from_static("application/json, text/event-stream");
    // The field may have several lines (RFC 9110 §5.3).
    let lenient = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|accept| accept.contains("*/*") || accept.contains("application/"))
    };
    if !headers.contains_key(ACCEPT) || headers.get_all(ACCEPT).iter().any(lenient) {
        headers.insert(ACCEPT, both);
    }
}

/// The id of a call, the tool that it names, and the one that its arguments name.
fn called(message: &ClientJsonRpcMessage) -> Option<(RequestId, &str, Option<&str>)> {
    let JsonRpcMessage::Request(request) = message else {
        return None;
    };
    let ClientRequest::CallToolRequest(call) = &request.request else {
        return None;
    };
    let inner = call.params.arguments.as_ref();
    let inner = inner.and_then(|arguments| arguments.get("name")?.as_str());
    Some((request.id.clone(), &call.params.name, inner))
}

/// What this server says of itself (RFC 9728 §3).
pub(super) async fn metadata(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let Some(metadata) = endpoint.callers.metadata(request.uri().path()) else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = Response::new(Body::from(metadata.to_string()));
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
    response
}

/// No credential, none that holds, or one for less (RFC 9110 §15.5.2, RFC 6750 §3).
fn turned_away(id: Option<RequestId>, refused: Refusal) -> Response {
    let error = ErrorData::invalid_request(refused.why, None);
    let status = match refused.fault {
        Fault::Missing | Fault::Invalid => StatusCode::UNAUTHORIZED,
        Fault::Insufficient => StatusCode::FORBIDDEN,
        Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = refusal(status, id, error);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let fields = response.headers_mut();
        fields.insert(RETRY_AFTER, HeaderValue::from_static("10"));
    } else if let Ok(challenge) = HeaderValue::from_str(&refused.challenge) {
        let fields = response.headers_mut();
        fields.insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// More requests than are taken of a caller (RFC 6585 §4).
fn too_many(wait: Duration) -> Response {
    crate::measure::refused("caller_rate");
    let seconds = crate::upstream::seconds(wait);
    let text = format!(
        "Rate limited: this server takes no more requests of this caller now, and nothing was done; try again after {seconds} s."
    );
    let data = json!({"kind": "rate_limited", "retry_after_s": seconds});
    let error = ErrorData::new(RATE_LIMITED, text, Some(data));
    let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, None, error);
    let fields = response.headers_mut();
    fields.insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn invalid(message: &'static str) -> ErrorData {
    ErrorData::invalid_request(message, None)
}

fn refusal(status: StatusCode, id: Option<RequestId>, error: ErrorData) -> Response {
    let body = serde_json::to_vec(&ServerJsonRpcMessage::error(error, id)).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
