//! Errors as RFC 9457 problem details, with one entry per field that is wrong.
//!
//! The rule behind the status codes: 400 cannot be read, 422 breaks the document's schema, 404 the
//! addressed record does not exist, 409 is well formed but contradicts the data (a reference to a
//! record that does not exist, a status that does not allow the step, a duplicate).

use rusqlite::{Error as SqlError, ffi};
use serde_json::{Value, json};

/// One field that is wrong.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// Where: `due_date`, `lines[0].quantity`, or the name of a parameter.
    pub field: String,
    /// What, for programs: `required`, `type`, `format`, `range`, …
    pub code: &'static str,
    /// What, for people.
    pub message: String,
}

/// An error answer.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable name of the kind of error.
    pub code: &'static str,
    /// What happened, in a sentence that helps to correct the request.
    pub detail: String,
    /// The fields that are wrong.
    pub errors: Vec<FieldError>,
    /// Seconds to wait, on 429.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// An error without field errors.
    pub fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// 404 for a record.
    pub fn not_found(what: &str, id: &str) -> Self {
        Self::new(
            404,
            "not_found",
            format!("There is no {what} with the id {id}."),
        )
    }

    /// 409 for a request that contradicts the data.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(409, code, detail)
    }

    /// 422 with every field error at once.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).take(10).collect();
        let detail = format!("The request is not valid: see {}.", fields.join(", "));
        Self {
            errors,
            ..Self::new(422, "validation_failed", detail)
        }
    }

    /// 409 for references to records that do not exist.
    pub fn unknown_references(errors: Vec<FieldError>) -> Self {
        let detail = "The request refers to a record that does not exist.";
        Self {
            errors,
            ..Self::new(409, "unknown_reference", detail)
        }
    }

    /// The body of the answer.
    pub fn to_json(&self, request_id: &str) -> Value {
        let title = match self.status {
            400 => "Bad request",
            401 => "Not authenticated",
            403 => "Not allowed",
            404 => "Not found",
            405 => "Method not allowed",
            409 => "Conflict",
            413 => "Too large",
            415 => "Unsupported media type",
            422 => "Not valid",
            429 => "Too many requests",
            _ => "Internal error",
        };
        let mut body = json!({
            "type": format!("https://demo-crm.example/problems/{}", self.code.replace('_', "-")),
            "title": title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": request_id,
        });
        if let (Some(body), false) = (body.as_object_mut(), self.errors.is_empty()) {
            let errors = self
                .errors
                .iter()
                .map(|e| json!({"field": e.field, "code": e.code, "message": e.message}))
                .collect();
            body.insert("errors".to_owned(), Value::Array(errors));
        }
        body
    }
}

impl From<SqlError> for Problem {
    fn from(error: SqlError) -> Self {
        if let SqlError::SqliteFailure(failure, message) = &error {
            match failure.extended_code {
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER => {
                    return Self::conflict("in_use", "Other records depend on this one.");
                }
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                    let column = message.as_deref().and_then(|m| m.rsplit('.').next());
                    return Self::conflict(
                        "duplicate",
                        format!(
                            "Another record already has this {}.",
                            column.unwrap_or("value")
                        ),
                    );
                }
                _ => {}
            }
        }
        Self::new(500, "internal", format!("The database refused: {error}"))
    }
}
