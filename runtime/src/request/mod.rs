//! Turns a static description and checked arguments into an HTTP request.
//!
//! **The route law.** A value can never change the route. Path values that are empty, that are or
//! contain dot segments at any percent-decoding depth, or that hold control characters are refused;
//! everything else is percent-encoded within its segment. Encoding alone would not do, since URL
//! parsers collapse `%2e%2e` too (WHATWG URL, "double-dot path segment").

mod body;
mod encode;
mod error;
mod field;
mod file;
mod form;
mod header;
mod media;
mod multipart;
mod names;
mod path;
mod query;
mod read_only;
mod style;
mod xml;

pub(crate) use encode::strict;
pub use error::RequestError;
pub(crate) use file::is_file;
pub use header::is_reserved as is_reserved_header;
pub(crate) use media::by_name as media_type_by_name;

use std::borrow::Cow;

use crate::json::{Object, Value, exact};
use crate::operation::{Location, OperationDef, Parameter};

/// A request without origin and credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Percent-encoded path that starts with a slash.
    pub path: String,
    /// Percent-encoded query string without the question mark; empty for none.
    pub query: String,
    /// Header fields from parameters.
    pub headers: Vec<(String, String)>,
    /// `name=value` pairs for the `Cookie` header.
    pub cookies: Vec<String>,
    /// The body, if one is sent.
    pub body: Option<RequestBody>,
}

/// The bytes of a request body and their media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBody {
    /// Value of the `Content-Type` header.
    pub content_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Builds the request of an operation.
///
/// # Errors
/// When a value cannot be sent where it belongs; the message names the argument.
pub fn build(operation: &OperationDef, arguments: &Object) -> Result<Request, RequestError> {
    let arguments = read_only::without(arguments, operation);
    let arguments = arguments.as_ref();
    let mut query = Vec::new();
    let mut headers = Vec::new();
    let mut cookies = Vec::new();
    let mut in_query = names::Names::of_query(operation);
    let mut in_cookies = names::Names::of_cookies(operation);
    // What is made anew for each call is added where the request goes out.
    let given = operation.parameters.iter().filter(|one| !one.generated);
    for parameter in given {
        let constant = parameter.constant.map(Value::from);
        let given = constant
            .as_ref()
            .or_else(|| arguments.get(parameter.argument));
        let Some(value) = given.and_then(|value| defined(parameter, value)) else {
            if parameter.required && parameter.location != Location::Path {
                return Err(RequestError::new(
                    parameter.argument,
                    "is required and missing",
                ));
            }
            continue;
        };
        let value = value.as_ref();
        match parameter.location {
            Location::Path => {}
            Location::Query => {
                in_query.take_parameter(parameter, value)?;
                query.extend(query::pairs(parameter, value)?);
            }
            Location::QueryString => {
                in_query.take_parameter(parameter, value)?;
                query.extend(query::whole(parameter, value)?);
            }
            Location::Header => headers.extend(header::field(operation.method, parameter, value)?),
            Location::Cookie => {
                in_cookies.take_parameter(parameter, value)?;
                cookies.extend(header::cookies(parameter, value)?);
            }
        }
    }
    Ok(Request {
        method: operation.method,
        path: path::path(operation, arguments)?,
        query: query.join("&"),
        headers,
        cookies,
        body: body::body(operation, arguments)?,
    })
}

/// What a value says in a parameter. No style has a form for null: it is undefined, alone and in arrays
/// and objects (RFC 6570 §2.3). In JSON it is a value.
fn defined<'a>(parameter: &Parameter, value: &'a Value) -> Option<Cow<'a, Value>> {
    if is_json(parameter) {
        return Some(Cow::Borrowed(value));
    }
    if value.is_null() {
        return None;
    }
    if !has_null(value) {
        return Some(Cow::Borrowed(value));
    }
    let mut value = value.clone();
    drop_nulls(&mut value);
    Some(Cow::Owned(value))
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(object) => object.values().any(has_null),
        _ => false,
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(drop_nulls);
        }
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}

/// The value of a parameter whose content is JSON.
fn json_text(value: &Value) -> String {
    exact::text(value)
}

/// Whether a parameter's style says that the value goes as JSON text.
fn is_json(parameter: &Parameter) -> bool {
    parameter.style == crate::operation::Style::Json
}
