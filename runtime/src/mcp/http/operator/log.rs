//! The audit log, as the operator's page asks for it: a page of its newest records, a table for spreadsheets, and
//! whether all of it holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, StatusCode};
use tokio::sync::OwnedMutexGuard;

use super::Operator;
use super::answer::{beside, failed, json_answer};
use crate::audit::{self, Filter, Place, Recent, Report};
use crate::engine::Entry;
use crate::json::{Value, json};

/// Records of a page, and how far back one is looked for.
const PAGE: usize = 100;
const LOOKED: u64 = 8 << 20;
/// Records of a table, and how far back they are looked for.
const ROWS: usize = 10_000;
const FAR: u64 = 64 << 20;
/// Largest log that is read from its beginning.
const WHOLE: u64 = 256 << 20;
/// Writes of unknown outcome that are shown.
const UNKNOWN: usize = 50;

/// The file, or what to say where there is none.
fn file(operator: &Operator) -> Result<PathBuf, Response> {
    let engine = operator.catalog.engine();
    let path = engine.audit().path();
    path.map(PathBuf::from).ok_or_else(|| {
        let prefix = engine.api().env_prefix;
        json_answer(&json!({
            "on": false,
            "why": "This server writes no audit log.",
            "mend": format!("{prefix}_AUDIT=audit.jsonl"),
        }))
    })
}

/// What a query asks for: the filter, and where to go on.
fn asked(request: &Request) -> (Filter, Option<Place>) {
    let (mut filter, mut from) = (Filter::default(), None);
    let query = request.uri().query().unwrap_or_default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = crate::text::cap(&value, 200).into_owned();
        match &*name {
            "who" => filter.who = value,
            "tool" => filter.tool = value,
            "outcome" => filter.outcome = value,
            "class" => filter.class = value,
            "all" => filter.all = value == "1",
            "before" => from = Place::parse(&value),
            _ => {}
        }
    }
    (filter, from)
}

fn found(
    path: &Path,
    (filter, from): (Filter, Option<Place>),
    bounds: (usize, u64),
) -> Result<Recent, String> {
    let found = audit::recent(path, from, &filter, bounds);
    found.map_err(|error| format!("the log cannot be read: {error}"))
}

/// Who reads much of the log, one at a time.
fn reading(operator: &Operator) -> Result<OwnedMutexGuard<()>, Response> {
    Arc::clone(&operator.reading).try_lock_owned().map_err(|_| {
        let why = "the log is being read already; ask again in a moment";
        failed(StatusCode::TOO_MANY_REQUESTS, why)
    })
}

/// Records before a place, the newest first.
pub(super) async fn page(State(operator): State<Arc<Operator>>, request: Request) -> Response {
    let asked = asked(&request);
    let path = match file(&operator) {
        Ok(path) => path,
        Err(answer) => return answer,
    };
    let name = name(&path);
    match beside(move || found(&path, asked, (PAGE, LOOKED))).await {
        Ok(found) => json_answer(&json!({
            "on": true,
            "file": name,
            "records": found.records,
            "next": found.next.map(|next| next.to_string()),
            "read": found.read,
            "broken": found.broken,
            "gaps": found.gaps,
        })),
        Err(answer) => answer,
    }
}

/// The same as a table, with more of them.
pub(super) async fn table(State(operator): State<Arc<Operator>>, request: Request) -> Response {
    let (filter, _) = asked(&request);
    let (path, reading) = match file(&operator).and_then(|path| Ok((path, reading(&operator)?))) {
        Ok(both) => both,
        Err(answer) => return answer,
    };
    let made = beside(move || {
        let _one_at_a_time = reading;
        let found = found(&path, (filter, None), (ROWS, FAR))?;
        Ok((audit::csv(&found.records), found.next.is_some()))
    });
    let (table, is_more) = match made.await {
        Ok(made) => made,
        Err(answer) => return answer,
    };
    let mut response = Response::new(Body::from(table));
    let fields = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ] {
        fields.insert(name, HeaderValue::from_static(value));
    }
    let more = if is_more { "1" } else { "0" };
    let name = HeaderName::from_static("x-more-records");
    fields.insert(name, HeaderValue::from_static(more));
    response
}

/// Whether the log holds from its first record to the last, and which writes have no known outcome.
pub(super) async fn state(State(operator): State<Arc<Operator>>) -> Response {
    let path = match file(&operator) {
        Ok(path) => path,
        Err(answer) => return answer,
    };
    let reading = match reading(&operator) {
        Ok(reading) => reading,
        Err(answer) => return answer,
    };
    let read = beside(move || {
        let _one_at_a_time = reading;
        let wrong = |error: std::io::Error| format!("the log cannot be read: {error}");
        if audit::size(&path).map_err(wrong)? > WHOLE {
            return Ok(None);
        }
        audit::read_log(&path, "", 0).map(Some).map_err(wrong)
    });
    match read.await {
        Ok(Some(reports)) => json_answer(&told(&operator, &reports)),
        Ok(None) => json_answer(&json!({
            "on": true,
            "too_large": true,
            "why": "The log has more than 256 MiB, and is not read from its beginning here.",
            "mend": "audit verify, audit unknown",
        })),
        Err(answer) => answer,
    }
}

fn told(operator: &Operator, reports: &[Report]) -> Value {
    let engine = operator.catalog.engine();
    let logs = reports.iter().map(|report| {
        json!({
            "file": name(&report.path),
            "whole": report.faults.is_empty(),
            "records": report.records,
            "files": report.files,
            "head": report.head.as_ref().map(|(seq, hash)| json!({"seq": seq, "hash": hash})),
            "notes": report.notes,
            "faults": report.faults,
            "more_faults": report.more_faults,
        })
    });
    let logs: Vec<Value> = logs.collect();
    let open = reports.iter().flat_map(|report| &report.unknown);
    let number = open.clone().count();
    let unknown = open.rev().take(UNKNOWN).map(|open| {
        let tool = open.members.get("tool").and_then(Value::as_str);
        let operation = tool.and_then(|tool| engine.find(tool));
        let operation = operation.and_then(Entry::operation);
        json!({
            "record": open.members,
            "said": open.said,
            "check": operation.and_then(|operation| engine.check_of(operation)),
        })
    });
    let unknown: Vec<Value> = unknown.collect();
    json!({"on": true, "logs": logs, "unknown": unknown, "unknown_in_all": number})
}

/// The name of a file, without its folder.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
