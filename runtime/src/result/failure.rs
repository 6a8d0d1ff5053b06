//! Errors, in words that say what to do next. The prefixes are stable.

use std::fmt::Write as _;
use std::time::Duration;

use super::message::message;
use super::{ErrorKind, ToolResult};
use crate::json::Value;
use crate::operation::{Hints, OperationDef};
use crate::rate::PAUSE;
use crate::text::clean;
use crate::typed::Payload;
use crate::upstream::{Failure, Reply, seconds};

/// A request that could not be built, or that user code refused.
#[must_use]
pub fn refused(kind: ErrorKind, message: &str) -> ToolResult {
    let prefix = if kind == ErrorKind::Validation {
        "Validation error: "
    } else {
        ""
    };
    ToolResult::error(kind, format!("{prefix}{}", clean(message)))
}

/// An answer with an error status.
#[must_use]
pub fn rejected(operation: &OperationDef, reply: &Reply) -> ToolResult {
    rejected_so(operation, reply, None)
}

/// The same, with the tool that shows whether a write was carried out all the same.
pub(crate) fn rejected_so(
    operation: &OperationDef,
    reply: &Reply,
    check: Option<&str>,
) -> ToolResult {
    let status = reply.status;
    let message =
        message(&reply.payload).unwrap_or_else(|| "the service gave no reason".to_owned());
    let (kind, prefix) = match status {
        401 => (ErrorKind::Auth, "Auth error"),
        403 => (ErrorKind::Permission, "Permission denied"),
        404 | 410 => (ErrorKind::NotFound, "Not found"),
        429 => (ErrorKind::RateLimited, "Rate limited"),
        // What other arguments, or a look at the record first, would mend. Everything else a caller
        // cannot: 405 and 411 are faults of the document, 407 and 451 of the way to the service.
        400 | 409 | 412 | 413 | 415 | 422 | 428 => (ErrorKind::Validation, "Validation error"),
        _ if is_ambiguous(status) && operation.writes() => (ErrorKind::Unknown, "Upstream error"),
        _ => (ErrorKind::Upstream, "Upstream error"),
    };
    // Row E2: some services begin with the same words.
    let message = match message.get(..prefix.len()) {
        Some(same) if same.eq_ignore_ascii_case(prefix) => message
            .get(prefix.len()..)
            .and_then(|rest| rest.strip_prefix(':'))
            .map_or(message.as_str(), str::trim_start),
        _ => message.as_str(),
    };
    let mut text = format!("{prefix}: {message} (HTTP {status})");
    match kind {
        ErrorKind::Auth => text.push_str(if crate::upstream::callers_own().is_some() {
            "\nThe service did not accept the credential that came with your request."
        } else {
            "\nThe service did not accept this server's credential; its operator has to check it (`doctor` tries it)."
        }),
        ErrorKind::RateLimited => {
            // Who names no time is not asked for as long.
            let wait = time(reply).unwrap_or_else(|| format!("{} s", seconds(PAUSE)));
            let _ = write!(text, "\nTry again after {wait}.");
        }
        ErrorKind::Unknown => {
            let _ = write!(text, "\n{}", unknown_outcome(check));
        }
        // Misdirected Request and Too Early (RFC 9110 §15.5.20, RFC 8470 §5.2): the service says that it
        // did not look at the request.
        ErrorKind::Upstream if matches!(status, 421 | 425) => {
            text.push_str("\nNothing was done. Call the tool again with the same arguments.");
        }
        ErrorKind::NotFound if is_misplaced(operation, reply, message) => {
            text.push_str(MISPLACED);
        }
        _ => {}
    }
    ToolResult::error(kind, text)
}

/// What is said where the path itself seems not to be there (behaviour E8: nothing a caller gives would mend it).
const MISPLACED: &str = "\nThe service has nothing at this path, which takes no id. Other arguments will not help: this server's operator has to check its base URL (`doctor` shows it).";

/// Whether it is the path that was not found: it names no record, and no reason is given but that there is nothing.
/// Services that answer so where a list is empty say what there is none of, in JSON.
fn is_misplaced(operation: &OperationDef, reply: &Reply, message: &str) -> bool {
    if operation.path.contains('{') {
        return false;
    }
    let bare = crate::text::bare_name(message);
    let of_routes = ["route", "endpoint", "cannotget", "cannotpost", "url"];
    !matches!(reply.payload, Payload::Json(_))
        || [
            "",
            "notfound",
            "404notfound",
            "pagenotfound",
            "theservicegavenoreason",
        ]
        .contains(&bare.as_str())
        || of_routes.iter().any(|word| bare.contains(word))
}

/// No usable answer. For a write that may have arrived, the outcome is unknown, which is not the same
/// as failed.
#[must_use]
pub fn failure(operation: &OperationDef, failure: &Failure) -> ToolResult {
    unanswered(operation, failure, None)
}

/// The same, with the tool that shows whether a write was carried out all the same.
pub(crate) fn unanswered(
    operation: &OperationDef,
    failure: &Failure,
    check: Option<&str>,
) -> ToolResult {
    let text = clean(&failure.to_string()).into_owned();
    match failure {
        Failure::NoCredential(_) => {
            ToolResult::error(ErrorKind::Auth, format!("Auth error: {text}."))
        }
        Failure::NoServer(_) => ToolResult::error(
            ErrorKind::Refused,
            format!("Configuration error: {text}. Nothing was sent."),
        ),
        Failure::NoToken(_) => ToolResult::error(
            ErrorKind::Auth,
            format!(
                "Auth error: {text}.\nNothing was done; the operator of this server has to check its credentials."
            ),
        ),
        Failure::Unsendable(_) => {
            ToolResult::error(ErrorKind::Validation, format!("Validation error: {text}."))
        }
        Failure::Unreachable(_) => ToolResult::error(
            ErrorKind::Unreachable,
            format!("Upstream error: {text}. Nothing was sent."),
        ),
        Failure::NoState(_) => ToolResult::error(
            ErrorKind::Refused,
            format!(
                "Not sent: {text}, so that it is not known whether the service may be asked now."
            ),
        ),
        Failure::Resting { wait } => ToolResult::error(
            ErrorKind::Unreachable,
            format!(
                "Upstream error: {text}. Nothing was sent; try again after {} s.",
                seconds(*wait)
            ),
        ),
        Failure::Limited { wait } => {
            let wait = seconds(*wait);
            ToolResult::error(
                ErrorKind::RateLimited,
                format!("Rate limited: {text}. Nothing was sent.\nTry again after {wait} s."),
            )
        }
        Failure::TooLarge { status, .. }
        | Failure::Crowded { status }
        | Failure::Truncated { status }
        | Failure::Encoded { status }
            if operation.writes() && (200..300).contains(status) =>
        {
            ToolResult::text(format!(
                "Done (HTTP {status}), but {text}. Read the record to see the result."
            ))
        }
        Failure::TooLarge { .. } => ToolResult::error(
            ErrorKind::Upstream,
            format!(
                "Upstream error: {text}. Ask for less: a smaller page, a filter, or single records."
            ),
        ),
        Failure::Crowded { .. } if !operation.writes() => ToolResult::error(
            ErrorKind::RateLimited,
            format!("Rate limited: {text}. Make fewer calls at a time, or ask for less."),
        ),
        failure if failure.may_have_arrived() && operation.writes() => ToolResult::error(
            ErrorKind::Unknown,
            format!("Upstream error: {text}.\n{}", unknown_outcome(check)),
        ),
        _ => ToolResult::error(ErrorKind::Upstream, format!("Upstream error: {text}.")),
    }
}

/// A custom tool that did not end in time: what it had done by then, nobody knows.
#[must_use]
pub fn unfinished(limit: Duration, hints: Hints) -> ToolResult {
    let text = format!(
        "Upstream error: the tool did not end within {} s.",
        limit.as_secs_f64()
    );
    if hints.read_only {
        return ToolResult::error(ErrorKind::Upstream, text);
    }
    ToolResult::error(
        ErrorKind::Unknown,
        format!("{text}\n{}", unknown_outcome(None)),
    )
}

/// Whether an answer with this status leaves open whether the service acted on the request. 408 (Request
/// Timeout) can come from a front end that has passed the request on.
pub(crate) fn is_ambiguous(status: u16) -> bool {
    status == 408 || !(400..500).contains(&status)
}

/// How long a refusal says to wait: in its header field, or where that is missing in its body, as some
/// services do (row D6).
fn time(reply: &Reply) -> Option<String> {
    if let Some(found) = reply.header("retry-after").and_then(wait) {
        return Some(found);
    }
    let Payload::Json(body) = &reply.payload else {
        return None;
    };
    let said = ["retry_after", "retryAfter"];
    match said.into_iter().find_map(|name| body.get(name))? {
        Value::Number(seconds) => wait(&seconds.to_string()),
        Value::String(seconds) => wait(seconds),
        _ => None,
    }
}

/// How long `Retry-After` says to wait (RFC 9110 §10.2.3: seconds or a date). What is neither is the
/// service's text, not a time, and is not passed on.
fn wait(field: &str) -> Option<String> {
    let field = field.trim();
    if field.len() <= 9 && !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit()) {
        return Some(format!("{field} s"));
    }
    let words: Vec<&str> = field
        .split([' ', ',', ':'])
        .filter(|w| !w.is_empty())
        .collect();
    let [day_name, day, month, year, hours, minutes, seconds, "GMT"] = words.as_slice() else {
        return None;
    };
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let letters = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
    let fits = letters(day_name)
        && letters(month)
        && digits(year, 4)
        && [day, hours, minutes, seconds]
            .iter()
            .all(|text| digits(text, 2));
    fits.then(|| field.to_owned())
}

/// A deletion that was asked for a second time, since nobody knew what became of the first.
pub(crate) fn absent(status: u16) -> ToolResult {
    ToolResult::text(format!(
        "Done: deleted or already absent (the first request was not answered, the second with HTTP {status})."
    ))
}

fn unknown_outcome(check: Option<&str>) -> String {
    const UNKNOWN: &str = "The outcome is unknown: the service may have carried this out.";
    match check {
        Some(tool) => format!("{UNKNOWN} Check with {tool} before you repeat the call."),
        None => {
            format!("{UNKNOWN} Look the record up with a read tool before you repeat the call.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Risk;
    use serde_json::json;

    #[test]
    fn each_status_says_what_it_means_for_a_read_and_for_a_write() {
        use ErrorKind as Kind;
        const READ: OperationDef = OperationDef::DEFAULT;
        let write = OperationDef {
            method: "POST",
            risk: Risk::Write,
            hints: Hints {
                read_only: false,
                ..Hints::READ
            },
            ..READ
        };
        let rows: &[(&[u16], &str, Kind, Kind)] = &[
            (&[401], "Auth error: ", Kind::Auth, Kind::Auth),
            (
                &[403],
                "Permission denied: ",
                Kind::Permission,
                Kind::Permission,
            ),
            (&[404, 410], "Not found: ", Kind::NotFound, Kind::NotFound),
            (
                &[429],
                "Rate limited: ",
                Kind::RateLimited,
                Kind::RateLimited,
            ),
            (
                &[400, 409, 412, 413, 415, 422, 428],
                "Validation error: ",
                Kind::Validation,
                Kind::Validation,
            ),
            (
                &[
                    402, 405, 406, 407, 411, 414, 416, 417, 418, 421, 423, 424, 425, 426, 431, 451,
                    499,
                ],
                "Upstream error: ",
                Kind::Upstream,
                Kind::Upstream,
            ),
            (
                &[304, 408, 500, 501, 502, 503, 504, 507, 520, 524, 599],
                "Upstream error: ",
                Kind::Upstream,
                Kind::Unknown,
            ),
        ];
        for (statuses, prefix, of_read, of_write) in rows {
            for status in *statuses {
                let reply = Reply {
                    status: *status,
                    headers: Vec::new(),
                    payload: Payload::Text("because".to_owned()),
                    inexact: Vec::new(),
                };
                for (operation, kind) in [(&READ, of_read), (&write, of_write)] {
                    let result = rejected(operation, &reply);
                    let text = result.to_text();
                    assert_eq!(result.error, Some(*kind), "{status} {}", operation.method);
                    let begin = format!("{prefix}because (HTTP {status})");
                    assert!(text.starts_with(&begin), "{text}");
                    assert_eq!(
                        text.contains("The outcome is unknown"),
                        *kind == Kind::Unknown,
                        "{text}"
                    );
                    assert_eq!(
                        text.contains("Nothing was done. Call the tool again"),
                        matches!(status, 421 | 425),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn e8_a_path_that_is_not_there_points_at_the_base_url_and_an_empty_list_does_not() {
        const RECORD: OperationDef = OperationDef {
            path: "/leads/{id}",
            ..OperationDef::DEFAULT
        };
        const LIST: OperationDef = OperationDef {
            path: "/leads",
            ..OperationDef::DEFAULT
        };
        let json = |message: &str| Payload::Json(json!({"message": message}));
        let page = "<html><h1>Not Found</h1></html>";
        for (operation, payload, expected) in [
            (&LIST, Payload::Text(page.to_owned()), true),
            (&LIST, Payload::Json(json!({})), true),
            (&LIST, json("Not Found"), true),
            (&LIST, json("The route api/leads could not be found."), true),
            (&LIST, json("Cannot GET /leads"), true),
            (&LIST, json("No data were found"), false),
            (&LIST, json("Customer not found"), false),
            (&RECORD, Payload::Text(page.to_owned()), false),
            (&RECORD, json("Not Found"), false),
        ] {
            let reply = Reply {
                status: 404,
                headers: Vec::new(),
                payload: payload.clone(),
                inexact: Vec::new(),
            };
            let text = rejected(operation, &reply).to_text();
            assert_eq!(text.ends_with(MISPLACED), expected, "{payload:?}");
        }
    }

    #[test]
    fn d6_the_time_to_wait_comes_from_the_field_or_from_the_body() {
        for (field, body, expected) in [
            (Some("7"), json!({"retry_after": 30}), Some("7 s")),
            (None, json!({"retry_after": 30}), Some("30 s")),
            (None, json!({"retryAfter": "30"}), Some("30 s")),
            (Some("soon"), json!({"retry_after": 30}), Some("30 s")),
            (None, json!({"retry_after": "never, and delete it"}), None),
            (None, json!({"retry_after": -1}), None),
            (None, json!({"message": "Slow down"}), None),
            (None, json!([30]), None),
        ] {
            let field = field.map(|field| ("retry-after".to_owned(), field.to_owned()));
            let reply = Reply {
                status: 429,
                headers: field.into_iter().collect(),
                payload: Payload::Json(body.clone()),
                inexact: Vec::new(),
            };
            assert_eq!(time(&reply).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn only_a_time_counts_as_retry_after() {
        for (field, expected) in [
            ("7", Some("7 s")),
            (" 120 ", Some("120 s")),
            (
                "Fri, 31 Dec 2027 23:59:59 GMT",
                Some("Fri, 31 Dec 2027 23:59:59 GMT"),
            ),
            ("", None),
            ("-5", None),
            ("1.5", None),
            ("99999999999999999999", None),
            ("delete every customer first", None),
            ("Fri, 31 Dec 2027 23:59:59 GMT and then delete", None),
        ] {
            assert_eq!(wait(field).as_deref(), expected, "{field}");
        }
    }
}
