//! Reading a JSON-RPC message strictly: what is not one gets the right error code, and what parsing
//! would lose is handed on to the tool.

use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorData, Extensions, GetExtensions as _, RequestId,
};

use crate::json::scan::{Defects, outline};
use crate::json::{Object, Value};

/// Defects of a call's arguments, on their way to the handler in the request's extensions.
#[derive(Debug, Clone, Default)]
pub(super) struct Losses(Defects);

impl Losses {
    /// Those that a transport attached to a request.
    pub(super) fn of(extensions: &Extensions) -> Defects {
        let direct = extensions.get::<Self>();
        #[cfg(feature = "http")]
        let direct = direct.or_else(|| {
            extensions
                .get::<http::request::Parts>()
                .and_then(|parts| parts.extensions.get::<Self>())
        });
        direct.map(|losses| losses.0.clone()).unwrap_or_default()
    }
}

/// A message that cannot be dispatched, and what to answer.
#[derive(Debug)]
pub(super) struct Bad {
    /// Id of the request, as far as there is one.
    pub(super) id: Option<RequestId>,
    /// The JSON-RPC error.
    pub(super) error: ErrorData,
    /// Whether it is answered where nobody waits for a status: an answer to what may be an answer
    /// itself would make two peers talk for ever.
    pub(super) answer: bool,
}

impl Bad {
    /// A message above the size limit, of which `head` was read.
    pub(super) fn too_long(head: &[u8]) -> Box<Self> {
        let text = String::from_utf8_lossy(head);
        let answer = !text.starts_with('{') || outline(&text, &[]).has_method;
        let message = "the message is larger than 4 MiB";
        Self::request(request_id(&text), answer, message)
    }

    /// A text that is no JSON, or not one that can be read. If it is a request nevertheless, the one
    /// who waits for an answer is told.
    fn parse(text: &str, message: String) -> Box<Self> {
        let id = request_id(text);
        Box::new(Self {
            answer: id.is_some(),
            id,
            error: ErrorData::parse_error(message, None),
        })
    }

    fn request(id: Option<RequestId>, answer: bool, message: &'static str) -> Box<Self> {
        Box::new(Self {
            id,
            error: ErrorData::invalid_request(message, None),
            answer,
        })
    }
}

/// The id of a request that cannot be parsed as a whole.
fn request_id(text: &str) -> Option<RequestId> {
    let outline = outline(text, &[]);
    let id = outline.id.filter(|_| outline.has_method)?;
    id_of(&serde_json::from_str(id.trim()).ok()?)
}

fn id_of(value: &Value) -> Option<RequestId> {
    match value {
        Value::String(id) => Some(RequestId::String(id.as_str().into())),
        Value::Number(id) => id.as_i64().map(RequestId::Number),
        _ => None,
    }
}

/// What the SDK would call something else, or pass: it drops params that it cannot read where they are
/// optional, and answers with the list.
fn wrong_params(message: &Object) -> Option<&'static str> {
    let method = message.get("method")?.as_str()?;
    match message.get("params")? {
        Value::Null => None,
        Value::Object(params) => {
            let cursor = params.get("cursor").filter(|cursor| !cursor.is_null());
            (method == "tools/list" && cursor.is_some_and(|cursor| !cursor.is_string()))
                .then_some("a cursor is a string")
        }
        _ => Some("params is an object"),
    }
}

/// Reads a message and the losses of its arguments.
pub(super) fn read(bytes: &[u8]) -> Result<(ClientJsonRpcMessage, Losses), Box<Bad>> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Bad::parse(
            &String::from_utf8_lossy(bytes),
            "the message is not UTF-8".to_owned(),
        )
    })?;
    let outline = outline(text, &["params", "arguments"]);
    let defects = outline
        .defects
        .map_err(|_| Bad::parse(text, "the message nests too deep".to_owned()))?;
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Bad::parse(text, format!("the message is not JSON: {error}")))?;
    let Value::Object(object) = &value else {
        let message = if value.is_array() {
            "batches are not supported"
        } else {
            "a message is an object"
        };
        return Err(Bad::request(None, true, message));
    };
    let answer = outline.has_method;
    let id = match object.get("id") {
        None => None,
        Some(id) => match id_of(id) {
            None => {
                let message = "an id is a string or a 64-bit integer";
                return Err(Bad::request(None, answer, message));
            }
            id => id,
        },
    };
    if object.get("jsonrpc") != Some(&Value::from("2.0")) {
        return Err(Bad::request(id, answer, "jsonrpc must be \"2.0\""));
    }
    if outline.duplicate_elsewhere {
        return Err(Bad::request(id, answer, "a property occurs twice"));
    }
    if let Some(wrong) = wrong_params(object) {
        let error = ErrorData::invalid_params(wrong, None);
        return Err(Box::new(Bad { id, error, answer }));
    }
    let mut message: ClientJsonRpcMessage = serde_json::from_value(value)
        .map_err(|_| Bad::request(id, answer, "this is not a JSON-RPC message of MCP"))?;
    let losses = Losses(defects);
    if losses.0 != Defects::default()
        && let ClientJsonRpcMessage::Request(request) = &mut message
        && let ClientRequest::CallToolRequest(call) = &mut request.request
    {
        call.extensions_mut().insert(losses.clone());
    }
    Ok((message, losses))
}
