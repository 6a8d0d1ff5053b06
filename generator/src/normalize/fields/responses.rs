//! The keys of a Responses Object (OpenAPI 3.2 §4.16): status codes, ranges of them, and `default`.

use serde_json::Value;

use super::Object;
use crate::diagnostics::{Code, Diagnostic, Severity, Sink, Site};
use crate::http::Status;
use crate::text;

/// Says which keys are none; one that nearly is one is read as it.
pub(super) fn check(operation: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let Some(Value::Object(responses)) = operation.get("responses") else {
        return;
    };
    let site = site.member("responses");
    for (key, response) in responses {
        let is_extension = key.starts_with("x-");
        // What is no response is said already.
        if is_extension || !(response.is_object() || response.is_null()) {
            continue;
        }
        let status = Status::of(key).map(|status| status.to_string());
        if status.as_ref() == Some(key) {
            continue;
        }
        let shown = text::line(key, 40);
        let finding = match &status {
            Some(status) => {
                let message = format!("`{shown}` of `responses` is read as `{status}`");
                let finding = Diagnostic::new(Code::E0227, message);
                // Ranges in small letters are read by everyone.
                let is_case = key.eq_ignore_ascii_case(status);
                let severity = if is_case {
                    Severity::Info
                } else {
                    Code::E0227.severity()
                };
                finding
                    .severity(severity)
                    .note("ranges are written with capitals, and about all codes with one first digit")
                    .help(format!("write `{status}`"))
            }
            None => {
                let message = format!("`{shown}` of `responses` is no status code; ignored");
                Diagnostic::new(Code::E0227, message)
                    .note("status codes have three digits, from 100 to 599 (RFC 9110 §15)")
                    .help("write a code such as `200`, a range such as `2XX`, or `default`")
            }
        };
        sink.push(finding.at_key(&site.member(key).pointer()));
    }
}
