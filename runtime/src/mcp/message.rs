//! Reading a JSON-RPC message strictly: what is not one gets the right error code, and what parsing
//! would lose is handed on to the tool.

use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientJsonRpcMessage, ClientRequest, ErrorData,
    GetExtensions as _, RequestId, RequestMetaObject,
};

use crate::json::scan::{Defects, outline};
use crate::json::{Object, Value};

/// Defects of a call's arguments, on their way to the handler in the request's extensions.
#[derive(Debug, Clone, Default)]
pub(super) struct Losses(Defects);

impl Losses {
    pub(super) fn defects(&self) -> Defects {
        self.0.clone()
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

/// Whether a message is a call of a tool with nothing beside its name, arguments and `_meta`: most are. The SDK finds
/// out what a message is by reading it as one kind after the other, which takes longer than all else that is read.
fn is_plain_call(message: &Object) -> bool {
    let params = message.get("params").and_then(Value::as_object);
    message.len() == 4
        && message.get("method").and_then(Value::as_str) == Some("tools/call")
        && params.is_some_and(|params| {
            params.get("name").is_some_and(Value::is_string)
                && params.iter().all(|(name, value)| match name.as_str() {
                    "name" => true,
                    "arguments" | "_meta" => value.is_object(),
                    _ => false,
                })
        })
}

/// What the SDK reads out of such a message.
fn call(mut message: Object, id: RequestId) -> ClientJsonRpcMessage {
    let mut params = match message.get_mut("params").map(Value::take) {
        Some(Value::Object(params)) => params,
        _ => Object::new(),
    };
    let mut taken = |name: &str| params.get_mut(name).map(Value::take);
    let name = match taken("name") {
        Some(Value::String(name)) => name,
        _ => String::new(),
    };
    let mut made = CallToolRequestParams::new(name);
    if let Some(Value::Object(arguments)) = taken("arguments") {
        made = made.with_arguments(arguments);
    }
    let mut request = CallToolRequest::new(made);
    if let Some(Value::Object(meta)) = taken("_meta") {
        let meta = RequestMetaObject::from(meta);
        request.extensions.insert(meta);
    }
    ClientJsonRpcMessage::request(ClientRequest::CallToolRequest(request), id)
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
    let Value::Object(object) = value else {
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
    if let Some(wrong) = wrong_params(&object) {
        let error = ErrorData::invalid_params(wrong, None);
        return Err(Box::new(Bad { id, error, answer }));
    }
    let mut message = match (is_plain_call(&object), &id) {
        (true, Some(id)) => call(object, id.clone()),
        _ => serde_json::from_value(Value::Object(object))
            .map_err(|_| Bad::request(id, answer, "this is not a JSON-RPC message of MCP"))?,
    };
    let losses = Losses(defects);
    if losses.0 != Defects::default()
        && let ClientJsonRpcMessage::Request(request) = &mut message
        && let ClientRequest::CallToolRequest(call) = &mut request.request
    {
        call.extensions_mut().insert(losses.clone());
    }
    Ok((message, losses))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_call_that_is_read_here_is_what_the_sdk_reads() {
        let of = |params: Value| json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params});
        let meta =
            json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28", "progressToken": 3});
        for (message, plain) in [
            (of(json!({"name": "get_lead"})), true),
            (of(json!({"name": "get_lead", "arguments": {}})), true),
            (
                of(
                    json!({"_meta": meta, "arguments": {"b": [1, {"a": null}], "a": 1.50}, "name": "é"}),
                ),
                true,
            ),
            (of(json!({"name": "a", "arguments": null})), false),
            (of(json!({"name": "a", "_meta": null})), false),
            (of(json!({"name": "a", "requestState": "s"})), false),
            (of(json!({"name": "a", "inputResponses": {}})), false),
            (of(json!({"name": "a", "unknown": 1})), false),
            (
                json!({"jsonrpc": "2.0", "id": "x", "method": "tools/list", "params": {"name": "a"}}),
                false,
            ),
            (
                json!({"jsonrpc": "2.0", "id": "x", "method": "tools/call", "params": {"name": "a"}, "more": 1}),
                false,
            ),
        ] {
            let object = message.as_object().cloned().unwrap_or_default();
            assert_eq!(is_plain_call(&object), plain, "{message}");
            let read = read(message.to_string().as_bytes()).map(|(message, _)| message);
            let read = read.map_err(|bad| bad.error);
            let other = serde_json::from_value::<ClientJsonRpcMessage>(message.clone());
            match (read, other) {
                (Ok(read), Ok(other)) => {
                    assert_eq!(format!("{read:?}"), format!("{other:?}"), "{message}");
                    let meta = |read: &ClientJsonRpcMessage| match read {
                        ClientJsonRpcMessage::Request(request) => request
                            .request
                            .extensions()
                            .get::<RequestMetaObject>()
                            .cloned(),
                        _ => None,
                    };
                    assert_eq!(meta(&read), meta(&other), "{message}");
                    assert_eq!(
                        serde_json::to_value(&read).ok(),
                        serde_json::to_value(&other).ok(),
                        "{message}"
                    );
                }
                (read, other) => panic!("{message}: {read:?} {other:?}"),
            }
        }
    }
}
