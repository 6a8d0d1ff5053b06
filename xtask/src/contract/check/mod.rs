//! A request against the document.

mod body;
mod parameters;

use serde_json::Value;

use self::body::body;
use self::parameters::{cookies, headers, path, query};
use super::reader::{Operation, Scheme};
use super::schemas::Schemas;
use crate::upstream::Seen;
use crate::wire;

/// The path of the base URL.
pub const BASE: &str = "/base";
/// What every credential is.
pub const CREDENTIAL: &str = "made-up-credential";

/// Header fields that every client sends.
const USUAL: [&str; 8] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "user-agent",
];

/// What is wrong: a word for its kind, and the rest.
pub type Fault = (&'static str, String);

/// Checks what arrived; gives the values in it.
pub fn request(
    schemas: &Schemas<'_>,
    operation: &Operation<'_>,
    (method, template): (&str, &str),
    seen: &Seen,
) -> Result<Vec<Value>, Fault> {
    if seen.method != method {
        return Err(("method", seen.method.clone()));
    }
    let mut found = Found {
        schemas,
        values: Vec::new(),
    };
    path(&mut found, operation, template, &seen.path)?;
    let security = credentials(operation, seen)?;
    query(&mut found, operation, &seen.query, &security)?;
    headers(&mut found, operation, seen, &security)?;
    cookies(&mut found, operation, seen, &security)?;
    body(&mut found, operation.body.as_ref(), seen)?;
    Ok(found.values)
}

/// The values that were found so far.
struct Found<'s, 'd> {
    schemas: &'s Schemas<'d>,
    values: Vec<Value>,
}

/// The schemes that were used: those of one alternative, or none where none is needed.
fn credentials(operation: &Operation<'_>, seen: &Seen) -> Result<Vec<Scheme>, Fault> {
    let header = |wanted: &str| {
        seen.headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, text)| text.as_str())
    };
    let is_there = |scheme: &Scheme| match scheme {
        Scheme::Key(location, name) => match location.as_str() {
            "header" => header(name) == Some(CREDENTIAL),
            "query" => wire::pairs(&seen.query)
                .iter()
                .any(|(own, value)| own == name && value == CREDENTIAL),
            _ => header("cookie").is_some_and(|text| {
                text.split("; ")
                    .any(|pair| pair == format!("{name}={CREDENTIAL}"))
            }),
        },
        Scheme::Authorization(prefix) => {
            header("authorization").is_some_and(|text| text.starts_with(prefix))
        }
        Scheme::Other => false,
    };
    let complete = |all: &&Vec<Scheme>| !all.is_empty() && all.iter().all(is_there);
    if let Some(all) = operation.security.iter().find(complete) {
        return Ok(all.clone());
    }
    if operation.security.is_empty() || operation.security.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    Err(("security", format!("none of {:?}", operation.security)))
}
