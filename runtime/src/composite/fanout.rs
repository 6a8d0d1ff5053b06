//! One search over several lists (row A15). A list that fails hides none of the others.

use serde_json::json;

use super::sheet::Sheet;
use super::{Pending, all, answer, asked, text};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::Source;
use crate::result::{ErrorKind, ToolResult};
use crate::upstream::Upstream;

impl Engine {
    pub(super) async fn fanout(
        &self,
        upstream: &Upstream,
        sources: &'static [Source],
        arguments: &Object,
    ) -> ToolResult {
        let words = text(arguments, "query");
        let requests = sources
            .iter()
            .map(|source| {
                let list = source.list;
                let arguments = asked(source, Some(words));
                let told: Pending<'_, ToolResult> = Box::pin(self.told(upstream, list, arguments));
                (list, told)
            })
            .collect();
        let results = all(upstream, requests, &|late| late).await;
        let mut sheet = Sheet::default();
        for (source, result) in sources.iter().zip(results) {
            let tool = source.list.tool;
            sheet.add(json!({"tool": tool}), tool.to_owned(), result);
        }
        let mut done = sheet.done("result");
        // Lists say how to see more in their own words.
        done.text
            .push_str("\n\n[Pages, fields and filters are arguments of these lists.]");
        match done.error {
            Some(kind) if done.good == 0 => all_failed(kind, "lists", &done.text),
            Some(_) => {
                let failed = sources.len() - done.good;
                let note = format!(
                    "{failed} of {} lists failed, so what follows is not all there is.",
                    sources.len()
                );
                let structured = json!({"results": done.parts, "note": note});
                answer(format!("{note}\n\n{}", done.text), structured)
            }
            None => answer(done.text, json!({"results": done.parts})),
        }
    }
}

/// The error of a call in which nothing worked. The prefix of the first stands at its start.
pub(super) fn all_failed(kind: ErrorKind, what: &str, text: &str) -> ToolResult {
    let prefix = match kind {
        ErrorKind::Validation => "Validation error",
        ErrorKind::Auth => "Auth error",
        ErrorKind::Permission => "Permission denied",
        ErrorKind::NotFound => "Not found",
        ErrorKind::RateLimited => "Rate limited",
        ErrorKind::Upstream | ErrorKind::Unreachable | ErrorKind::Unknown => "Upstream error",
        ErrorKind::Refused | ErrorKind::Unconfirmed | ErrorKind::Duplicate => "Refused",
    };
    ToolResult::error(kind, format!("{prefix}: all {what} failed.\n\n{text}"))
}

/// Structured content of parts of which some may have failed.
pub(super) fn parts(parts: Vec<Value>, field: &str, failed: usize) -> Value {
    let mut object = Object::new();
    object.insert(field.to_owned(), Value::Array(parts));
    if failed > 0 {
        object.insert("failed".to_owned(), Value::from(failed));
    }
    Value::Object(object)
}
