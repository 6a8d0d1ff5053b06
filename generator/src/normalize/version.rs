//! Is it an OpenAPI document, and of which version.

use serde_json::{Map, Value};

use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::similar::misspelt;

/// The minor version of OpenAPI that a document declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// OpenAPI 3.0.x
    V3_0,
    /// OpenAPI 3.1.x
    V3_1,
    /// OpenAPI 3.2.x
    V3_2,
}

impl Version {
    /// `3.0`, `3.1` or `3.2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Reads the version (OpenAPI 3.2 §4.1, field `openapi`). A number (`openapi: 3.1` in YAML) is
/// accepted with a warning.
pub(super) fn detect(document: &Value, sink: &mut Sink) -> Result<Version, Diagnostic> {
    let Value::Object(root) = document else {
        return Err(
            Diagnostic::new(Code::E0201, "the root of the document is not an object")
                .at(&Pointer::root())
                .label(format!("this is {}", kind(document)))
                .help("an OpenAPI document starts with `openapi: 3.1.0`"),
        );
    };
    let Some(declared) = root.get("openapi") else {
        return Err(not_openapi(root));
    };
    let place = Pointer::root().child("openapi");
    let written = match declared {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            if known(&text).is_some() {
                sink.push(
                    Diagnostic::new(Code::E0205, "the OpenAPI version is a number, not a text")
                        .at(&place)
                        .help(format!("write `openapi: {text}.0`")),
                );
            }
            text
        }
        other => {
            let message = format!("the OpenAPI version is {}", kind(other));
            return Err(Diagnostic::new(Code::E0204, message).at(&place).help(KNOWN));
        }
    };
    known(written.trim()).ok_or_else(|| {
        Diagnostic::new(
            Code::E0204,
            format!("OpenAPI version `{written}` is not known"),
        )
        .at(&place)
        .label("not a version that is read")
        .help(KNOWN)
    })
}

const KNOWN: &str = "versions that are read: 3.0.x, 3.1.x and 3.2.x, and Swagger 2.0";

/// `3.1`, `3.1.0`, `3.1.0-rc1`; the patch version does not matter (OpenAPI 3.2 §4.1).
fn known(text: &str) -> Option<Version> {
    let mut parts = text.splitn(3, '.');
    let version = match (parts.next()?, parts.next()?) {
        ("3", "0") => Version::V3_0,
        ("3", "1") => Version::V3_1,
        ("3", "2") => Version::V3_2,
        _ => return None,
    };
    match parts.next() {
        Some(patch) if !patch.starts_with(|first: char| first.is_ascii_digit()) => None,
        _ => Some(version),
    }
}

/// A document without `openapi`: says what it seems to be.
fn not_openapi(root: &Map<String, Value>) -> Diagnostic {
    if let Some(version) = root.get("swagger") {
        let version = version
            .as_str()
            .map_or_else(|| version.to_string(), str::to_owned);
        let message = format!("Swagger {version} is not read");
        return Diagnostic::new(Code::E0203, message)
            .at(&Pointer::root().child("swagger"))
            .help(
                "2.0 is read; convert others to OpenAPI 3 first, for example in the Swagger Editor",
            );
    }
    let diagnostic =
        Diagnostic::new(Code::E0202, "the document has no `openapi` key").at(&Pointer::root());
    let looks_like = [
        ("asyncapi", "an AsyncAPI document"),
        (
            "arazzo",
            "an Arazzo document; give the OpenAPI document that it describes",
        ),
        (
            "overlay",
            "an OpenAPI Overlay; give the document that it changes",
        ),
        ("item", "a Postman collection; export the API as OpenAPI"),
        (
            "swaggerVersion",
            "a Swagger 1.x document; convert it to OpenAPI 3",
        ),
        ("$schema", "a JSON Schema"),
        ("paths", "an OpenAPI document whose first line is missing"),
        (
            "error",
            "an error message of the server; was a token missing when it was fetched?",
        ),
        (
            "detail",
            "an error message of the server; was a token missing when it was fetched?",
        ),
        (
            "message",
            "an error message of the server; was a token missing when it was fetched?",
        ),
    ];
    let diagnostic = match looks_like.iter().find(|(key, _)| root.contains_key(*key)) {
        Some((_, what)) => diagnostic.note(format!("it looks like {what}")),
        None => diagnostic,
    };
    let near = root
        .keys()
        .find(|key| misspelt(key, ["openapi"], 3).is_some());
    match near {
        Some(key) => diagnostic.help(format!("rename `{key}` to `openapi`")),
        None => diagnostic.help("an OpenAPI document starts with `openapi: 3.1.0`"),
    }
}

/// The kind of a value, with its article.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_told_apart() {
        for (document, expected) in [
            (json!({"openapi": "3.0.3"}), Ok(Version::V3_0)),
            (json!({"openapi": "3.1"}), Ok(Version::V3_1)),
            (json!({"openapi": 3.1}), Ok(Version::V3_1)),
            (json!({"openapi": "3.1.0-rc1"}), Ok(Version::V3_1)),
            (json!({"openapi": "3.2.0"}), Ok(Version::V3_2)),
            (json!({"openapi": "3.x"}), Err(Code::E0204)),
            (json!({"openapi": "3.1.x"}), Err(Code::E0204)),
            (json!({"openapi": "4.0.0"}), Err(Code::E0204)),
            (json!({"openapi": "2.5"}), Err(Code::E0204)),
            (json!({"openapi": null}), Err(Code::E0204)),
            (json!({"swagger": "2.0"}), Err(Code::E0203)),
            (json!({"OpenApi": "3.1.0"}), Err(Code::E0202)),
            (json!({}), Err(Code::E0202)),
            (json!([1]), Err(Code::E0201)),
        ] {
            let found = detect(&document, &mut Sink::new()).map_err(|error| error.code);
            assert_eq!(found, expected, "{document}");
        }
    }

    #[test]
    fn other_documents_are_recognised() {
        let error = detect(&json!({"detail": "no token"}), &mut Sink::new()).unwrap_err();
        assert!(error.notes[0].contains("token"));
        let error = detect(&json!({"OpenApi": "3.1.0"}), &mut Sink::new()).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("rename `OpenApi` to `openapi`"));
    }
}
