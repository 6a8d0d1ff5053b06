//! What relations and appended texts share: a record is read, a part of it changed, and written back. Two
//! requests are not atomic (T12): where the service has `ETag` and the update takes `If-Match`, a change in
//! between is refused; elsewhere descriptions say so. Nothing is written when nothing changes.

use super::{put, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::{Getter, Updater};
use crate::result::{Content, ErrorKind, ToolResult};
use crate::upstream::Upstream;

/// A record as the service has it: no hook has changed it, since parts of it are written back.
pub(super) struct Held {
    pub(super) record: Value,
    etag: Option<String>,
    /// Places in the record whose numbers are not held exactly.
    inexact: Vec<String>,
}

impl Held {
    /// Something of the record that is to be written back.
    ///
    /// # Errors
    /// When writing it back would change it, or it is not there.
    pub(super) fn part(&self, getter: &Getter, place: &str) -> Result<&Value, ToolResult> {
        let lost = self.inexact.iter().any(|inexact| {
            let rest = inexact.strip_prefix(place);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if lost {
            let what = format!("has numbers at {place} that cannot be sent back exactly");
            return Err(unwritten(unusable(getter.get, &what)));
        }
        self.record.pointer(place).ok_or_else(|| {
            let what = format!("has nothing at {place}, so what is there now is not known");
            unwritten(unusable(getter.get, &what))
        })
    }
}

impl Engine {
    /// Reads a record that is to be changed.
    pub(super) async fn hold(
        &self,
        upstream: &Upstream,
        getter: &'static Getter,
        id: &Value,
    ) -> Result<Held, ToolResult> {
        let mut arguments = Object::new();
        put(&mut arguments, getter.id, id.clone());
        let (value, exchange) = self
            .json(upstream, getter.get, arguments)
            .await
            .map_err(unwritten)?;
        match value.pointer(getter.record) {
            Some(record @ Value::Object(_)) => {
                let below = |(place, _): &(String, String)| {
                    place.strip_prefix(getter.record).map(str::to_owned)
                };
                Ok(Held {
                    record: record.clone(),
                    etag: exchange.reply.header("etag").map(str::to_owned),
                    inexact: exchange.reply.inexact.iter().filter_map(below).collect(),
                })
            }
            // Some services answer 200 with a null where there is no such record.
            None | Some(Value::Null) if value.is_object() => Err(unwritten(ToolResult::error(
                ErrorKind::NotFound,
                format!("Not found: {} gave no record for this id.", getter.get.tool),
            ))),
            _ => Err(unwritten(unusable(getter.get, "is no record"))),
        }
    }

    /// Writes a part of a record back.
    ///
    /// # Errors
    /// What the update answered, with what was done and what was not.
    pub(super) async fn write(
        &self,
        upstream: &Upstream,
        (getter, updater): (&'static Getter, &'static Updater),
        (id, held): (&Value, &Held),
        to: &str,
        value: Value,
    ) -> Result<(), ToolResult> {
        let mut arguments = Object::new();
        put(&mut arguments, updater.id, id.clone());
        for (place, from) in updater.carry {
            put(&mut arguments, place, held.part(getter, from)?.clone());
        }
        if let Some(etag) = held.etag.as_ref().filter(|_| !updater.if_match.is_empty()) {
            put(&mut arguments, updater.if_match, Value::from(etag.as_str()));
        }
        put(&mut arguments, to, value);
        let result = self.told(upstream, updater.update, arguments).await;
        let Some(kind) = result.error else {
            return Ok(());
        };
        let (get, update) = (getter.get.tool, updater.update.tool);
        Err(with_line(
            result,
            &match kind {
                ErrorKind::Unknown => {
                    format!("Done: {get} read the record. Not known: whether {update} changed it.")
                }
                _ => format!("Done: {get} read the record. Not done: {update} did not change it."),
            },
        ))
    }
}

/// A failure before anything was written.
pub(super) fn unwritten(result: ToolResult) -> ToolResult {
    with_line(result, "Nothing was written.")
}

fn with_line(mut result: ToolResult, line: &str) -> ToolResult {
    result.content.push(Content::Text(line.to_owned()));
    result.structured = None;
    result
}
