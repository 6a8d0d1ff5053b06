//! Several records by id in one call (row A18): in the order in which they were asked for, each with its
//! own error.

use serde_json::json;

use super::fanout::{all_failed, parts};
use super::sheet::Sheet;
use super::{Pending, all, answer, put, quoted, scalar};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::{Getter, MultiGet};
use crate::result::{ErrorKind, ToolResult, refused};
use crate::upstream::Upstream;

impl Engine {
    pub(super) async fn multi_get(
        &self,
        upstream: &Upstream,
        gets: &'static MultiGet,
        arguments: &Object,
    ) -> ToolResult {
        let list = |name: &str| arguments.get(name).and_then(Value::as_array);
        let wanted = list("ids").or_else(|| list("records"));
        let mut requests = Vec::new();
        let mut names: Vec<(Value, String)> = Vec::new();
        for item in wanted.into_iter().flatten() {
            let Some((getter, id)) = wanted_of(gets, item) else {
                return refused(ErrorKind::Validation, "an item has no kind or no id.");
            };
            let shown = scalar(id).map(|id| quoted(&id)).unwrap_or_default();
            let (key, name) = if getter.name.is_empty() {
                (json!({"id": id}), shown)
            } else {
                let name = format!("{} {shown}", getter.name);
                (json!({"kind": getter.name, "id": id}), name)
            };
            // Asking twice for one record tells nothing new.
            if names.iter().any(|(known, _)| *known == key) {
                continue;
            }
            names.push((key, name));
            let mut arguments = Object::new();
            put(&mut arguments, getter.id, id.clone());
            let told: Pending<'_, ToolResult> =
                Box::pin(self.told(upstream, getter.get, arguments));
            requests.push((getter.get, told));
        }
        let results = all(upstream, requests, &|late| late).await;
        let total = names.len();
        let failed = results.iter().filter(|r| r.error.is_some()).count();
        let mut sheet = Sheet::default();
        for ((key, name), result) in names.into_iter().zip(results) {
            sheet.add(key, name, result);
        }
        let done = sheet.done("record");
        match done.error {
            Some(kind) if done.good == 0 => all_failed(kind, "ids", &done.text),
            Some(_) => answer(
                format!("{failed} of {total} failed.\n\n{}", done.text),
                parts(done.parts, "records", failed),
            ),
            None => answer(done.text, parts(done.parts, "records", 0)),
        }
    }
}

/// The operation and the id of an item: an id, or an object of `kind` and `id`.
fn wanted_of<'a>(gets: &'static MultiGet, item: &'a Value) -> Option<(&'static Getter, &'a Value)> {
    match item {
        Value::Object(item) => {
            let kind = item.get("kind").and_then(Value::as_str)?;
            let getter = gets.gets.iter().find(|getter| getter.name == kind)?;
            Some((getter, item.get("id")?))
        }
        id => Some((gets.gets.first()?, id)),
    }
}
