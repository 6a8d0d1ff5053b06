//! How the person behind a client is asked: by a form with the answer to the call (MCP 2026-07-28,
//! `basic/patterns/mrtr`), or, by clients of earlier revisions on stdio, while the call waits
//! (`elicitation/create`).

use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ClientResult, ElicitRequest, ElicitRequestParams, InputRequest,
    InputRequiredResult, ProtocolVersion, ServerRequest,
};
use rmcp::service::Peer;

use crate::guard::{Answer, Asking, Caller, PATIENCE, Question, Reply};
use crate::json::{Value, json};
use crate::telemetry;

use super::source::Source;

/// The one question of a call.
const NAME: &str = "confirm";

/// Who makes a call, as its request says.
pub(super) fn caller(request: &CallToolRequestParams, source: Source<'_>) -> Caller {
    let caller = identified(source);
    let elicitation = source.client_capabilities().and_then(|can| can.elicitation);
    // `{}` means forms only (MCP 2026-07-28, `client/elicitation`).
    let forms = elicitation.is_some_and(|can| can.form.is_some() || can.url.is_none());
    let version = source.protocol_version();
    let modern = version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
    let asking = match (forms, modern, source.peer()) {
        (false, ..) => Asking::Never,
        (true, true, _) => Asking::Later,
        (true, false, Some(peer)) => now(peer.clone()),
        // Without a session there is no way to a client of an earlier revision but its own requests.
        (true, false, None) => Asking::Never,
    };
    let trace = telemetry::trace_id().or_else(|| Some(source.parents().0?.trace().to_owned()));
    Caller {
        asking,
        reply: reply(request),
        trace: trace.map(Arc::from),
        client: source.client().map(Arc::from),
        ..caller
    }
}

/// Who is behind a request; nobody in particular on stdio.
fn identified(source: Source<'_>) -> Caller {
    #[cfg(feature = "http")]
    if let Some(identity) = source.attached::<crate::access::Identity>() {
        return Caller {
            principal: Arc::clone(&identity.principal),
            credentials: identity.credentials.clone(),
            ..Caller::silent()
        };
    }
    let _ = source;
    Caller::silent()
}

/// What a repeated call carries. Nothing in it is trusted: the state is sealed.
fn reply(request: &CallToolRequestParams) -> Option<Reply> {
    let state = request.request_state.clone()?;
    let responses = request.input_responses.as_ref();
    let said = responses.and_then(|responses| responses.get(NAME));
    Some(Reply {
        state,
        answer: said.map(answer),
    })
}

/// What a person said: yes is yes only if the form says so too.
fn answer(said: &Value) -> Answer {
    let confirmed = said
        .get("content")
        .and_then(|content| content.get(NAME))
        .is_some_and(|confirmed| *confirmed == Value::Bool(true));
    match said.get("action").and_then(Value::as_str) {
        Some("accept") if confirmed => Answer::Accept,
        Some("accept" | "decline") => Answer::Decline,
        _ => Answer::Cancel,
    }
}

/// The question as a form of one box.
fn form(message: &str) -> Option<ElicitRequest> {
    let params: ElicitRequestParams = serde_json::from_value(json!({
        "mode": "form",
        "message": message,
        "requestedSchema": {
            "type": "object",
            "properties": {
                NAME: {"type": "boolean", "title": "Yes, go on", "default": false}
            },
            "required": [NAME]
        }
    }))
    .ok()?;
    Some(ElicitRequest::new(params))
}

/// A question in place of a result.
pub(super) fn question(question: Question) -> Option<InputRequiredResult> {
    let form = form(&question.message)?;
    let requests = [(NAME.to_owned(), InputRequest::Elicitation(form))];
    Some(InputRequiredResult::new(
        Some(requests.into_iter().collect()),
        Some(question.state),
    ))
}

/// Asks through the connection while the call waits.
fn now(peer: Peer<RoleServer>) -> Asking {
    Asking::Now(Arc::new(move |message| {
        let peer = peer.clone();
        Box::pin(async move {
            let Some(form) = form(&message) else {
                return Answer::Cancel;
            };
            let asked = peer.send_request(ServerRequest::ElicitRequest(form));
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(Ok(ClientResult::ElicitResult(said))) => {
                    serde_json::to_value(said).map_or(Answer::Cancel, |said| answer(&said))
                }
                Ok(Ok(_)) => Answer::Cancel,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the client could not ask");
                    Answer::Cancel
                }
                Err(_) => {
                    tracing::info!("nobody answered the question in time");
                    Answer::Cancel
                }
            }
        })
    }))
}
