//! Calls that go to the handler at once (ADR 0060, 0070): those about which the SDK has nothing left to judge. It would
//! start two tasks and four channels for each, and read its bytes a second time.
//!
//! Whatever is not exactly as most clients send it goes through the SDK, whose answers are the same.

use std::future::pending;

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use rmcp::model::{
    CallToolRequest, ClientJsonRpcMessage, ClientRequest, JsonRpcMessage, ProtocolVersion,
    RequestId, RequestMetaObject, ServerJsonRpcMessage, ServerResult,
};

use crate::catalog::Catalog;
use crate::mcp::source::Source;
use crate::mcp::{Handler, Observed};

/// A call of a tool that can be answered at once.
pub(super) struct Call {
    id: RequestId,
    request: CallToolRequest,
    /// The revision by which it is answered.
    revision: ProtocolVersion,
}

impl Call {
    /// The call in a message, if nothing about it is for the SDK to judge. `whole` has all tools.
    pub(super) fn of(
        message: ClientJsonRpcMessage,
        headers: &HeaderMap,
        whole: &Catalog,
    ) -> Option<Self> {
        let JsonRpcMessage::Request(message) = message else {
            return None;
        };
        match message.request {
            ClientRequest::CallToolRequest(request) => Some(Self {
                revision: revision(&request, headers, whole)?,
                id: message.id,
                request,
            }),
            _ => None,
        }
    }

    /// Answers it. Whoever leaves before it is answered takes the call along: it is dropped with this.
    pub(super) async fn answer(self, handler: Handler, parts: &Parts) -> Response {
        let Self {
            id,
            mut request,
            revision,
        } = self;
        let meta = request.extensions.remove().unwrap_or_default();
        let source = Source::over_http(&id, &meta, (parts, &revision));
        let observed = Observed::new(handler);
        let answer = Box::pin(observed.called(request.params, source, pending())).await;
        let message = match answer {
            Ok(answer) => {
                let mut result = ServerResult::from(answer);
                if revision.has_initialize() {
                    result.strip_result_type_for_legacy_peer();
                }
                ServerJsonRpcMessage::response(result, id)
            }
            Err(error) => ServerJsonRpcMessage::error(error, Some(id)),
        };
        let Ok(bytes) = serde_json::to_vec(&message) else {
            let mut broken = Response::new(Body::empty());
            *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return broken;
        };
        let mut response = Response::new(Body::from(bytes));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }
}

/// The revision of a call of which all holds that the SDK checks.
///
/// Of one that says its revision in `_meta` (from 2026-07-28 on): that header fields and `_meta` name the same one, that
/// `_meta` is complete, and that header fields repeat the method and the name as they are. Of one of the revisions
/// before: that the header field names it, or is not there, which means 2025-03-26. There are no sessions here, and
/// nothing else in such a request is looked at.
fn revision(
    call: &CallToolRequest,
    headers: &HeaderMap,
    whole: &Catalog,
) -> Option<ProtocolVersion> {
    let field = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let named = field("mcp-protocol-version");
    let meta = call.extensions.get::<RequestMetaObject>();
    let Some((meta, revision)) = meta.and_then(|meta| Some((meta, meta.protocol_version()?)))
    else {
        let Some(named) = named else {
            return Some(ProtocolVersion::V_2025_03_26);
        };
        let mut known = ProtocolVersion::KNOWN_VERSIONS.iter();
        let known = known.find(|known| known.as_str().as_bytes() == named)?;
        return known.has_initialize().then(|| known.clone());
    };
    let name = call.params.name.as_ref();
    let entry = whole.engine().find(name);
    let is_usual = revision == ProtocolVersion::V_2026_07_28
        && named == Some(revision.as_str().as_bytes())
        && meta.missing_required_keys(&revision).is_empty()
        && field("mcp-method") == Some(b"tools/call")
        && field("mcp-name") == Some(name.as_bytes())
        // What is encoded is not there as it is.
        && !name.starts_with("=?")
        && name.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !entry.is_some_and(crate::engine::Entry::is_mirrored);
    is_usual.then_some(revision)
}
