//! The check that a generated crate's own test runs on its requests: arguments are made up from each
//! tool's schema, pass the checker of arguments, and become a request that goes to the operation's
//! route and carries all of them. Nothing that a server does calls it.

mod looks;
mod synthesis;
mod text;

pub use synthesis::{Plan, arguments};

use base64::Engine as _;
use percent_encoding::percent_decode_str;

use crate::arguments::{check as check_arguments, is_change};
use crate::json::{Object, Value};
use crate::operation::{Api, OperationDef, Part};
use crate::request::{self, Request, is_file};

/// Checks the requests of every operation, with what is required and with everything that can be given.
/// Where a schema is such that no arguments can be made up for it (a pattern that nothing fits, limits
/// that exclude each other), there is nothing to check.
///
/// # Errors
/// Every fault found, one per line.
pub fn check(api: &Api) -> Result<(), String> {
    let faults: Vec<String> = api
        .operations
        .iter()
        .flat_map(|operation| {
            Plan::USUAL.iter().filter_map(|plan| {
                let arguments = made_up(operation, *plan).ok()?;
                let fault = check_request(operation, &arguments).err()?;
                Some(format!("{} ({plan}): {fault}", operation.tool))
            })
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

/// Makes up arguments for one operation and checks the request that they give.
///
/// # Errors
/// What is wrong with it.
pub fn check_one(operation: &OperationDef, plan: Plan) -> Result<(), String> {
    check_request(operation, &made_up(operation, plan)?)
}

/// Makes up arguments for an operation. Those of an update hold a change: without one there is nothing to send.
///
/// # Errors
/// When no value can be made up for something that is required; names the place.
pub fn arguments_of(
    operation: &OperationDef,
    schema: &Object,
    plan: Plan,
) -> Result<Object, String> {
    let given = arguments(schema, plan)?;
    let is_accepted = |given: &Object| check_arguments(operation, schema, given.clone()).is_ok();
    if plan.all || !is_change(operation) || is_accepted(&given) {
        return Ok(given);
    }
    let Ok(all) = arguments(schema, Plan::ALL) else {
        return Ok(given);
    };
    let changed = all.into_iter().find_map(|(name, value)| {
        let mut changed = given.clone();
        let is_new = changed.insert(name, value).is_none();
        (is_new && is_accepted(&changed)).then_some(changed)
    });
    Ok(changed.unwrap_or(given))
}

/// Arguments that the checker has accepted.
fn made_up(operation: &OperationDef, plan: Plan) -> Result<Object, String> {
    let schema: Object = serde_json::from_str(operation.input_schema)
        .map_err(|error| format!("the input schema is not JSON: {error}"))?;
    let given = arguments_of(operation, &schema, plan)?;
    check_arguments(operation, &schema, given.clone())
        .map_err(|problems| format!("{} are refused: {problems:?}", Value::Object(given)))
}

fn check_request(operation: &OperationDef, checked: &Object) -> Result<(), String> {
    let request = request::build(operation, checked).map_err(|error| error.to_string())?;
    if request.method != operation.method {
        return Err(format!("is sent as {}", request.method));
    }
    check_route(operation, &request)?;
    let required = operation.body.is_some_and(|body| body.required);
    if required && request.body.is_none() {
        return Err("has no body, which is required".to_owned());
    }
    let sent = Sent::of(&request);
    let values = checked.values().flat_map(leaves);
    match values.into_iter().find(|leaf| !sent.holds(leaf)) {
        Some(lost) => Err(format!("{lost:?} is given and does not arrive")),
        None => Ok(()),
    }
}

/// The path has the template's segments, and its literal text where that stands.
fn check_route(operation: &OperationDef, request: &Request) -> Result<(), String> {
    let path = request.path.strip_prefix('/').unwrap_or(&request.path);
    let segments: Vec<&str> = path.split('/').collect();
    let wrong = || format!("{} is not {}", request.path, operation.path);
    if segments.len() != operation.segments.len().max(1) {
        return Err(wrong());
    }
    for (expected, mut sent) in operation.segments.iter().zip(segments) {
        for part in expected.0 {
            if let Part::Literal(text) = part {
                let at = sent.find(text).ok_or_else(wrong)?;
                sent = sent
                    .get(at.saturating_add(text.len())..)
                    .unwrap_or_default();
            }
        }
    }
    Ok(())
}

/// The texts of a request, decoded.
struct Sent(Vec<Vec<u8>>);

impl Sent {
    fn of(request: &Request) -> Self {
        let mut texts: Vec<Vec<u8>> = vec![
            decoded(&request.path),
            decoded(&request.query),
            request.query.clone().into_bytes(),
        ];
        for (_, value) in &request.headers {
            texts.push(value.clone().into_bytes());
        }
        for pair in &request.cookies {
            texts.push(decoded(pair));
        }
        if let Some(body) = &request.body {
            texts.push(percent_encoding::percent_decode(&body.bytes).collect());
            texts.push(body.bytes.clone());
        }
        Self(texts)
    }

    fn holds(&self, text: &str) -> bool {
        let escaped = Value::from(text).to_string();
        let escaped = escaped.trim_matches('"');
        let twice = Value::from(escaped).to_string();
        // The content of a file that is sent as base64.
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        let forms = [text, escaped, twice.trim_matches('"'), &encoded];
        forms.iter().any(|form| {
            self.0
                .iter()
                .any(|sent| form.is_empty() || contains(sent, form.as_bytes()))
        })
    }
}

fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The scalars in a value, as they are sent. Of a file that is its content.
#[must_use]
pub fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        Value::Object(object) if is_file(value) => {
            let text = |key: &str| object.get(key).and_then(Value::as_str);
            let encoded = text("data_base64").and_then(|encoded| {
                let bytes = base64::engine::general_purpose::STANDARD.decode(encoded);
                String::from_utf8(bytes.ok()?).ok()
            });
            encoded
                .or_else(|| text("text").map(str::to_owned))
                .into_iter()
                .collect()
        }
        Value::Object(object) => object.values().flat_map(leaves).collect(),
    }
}
