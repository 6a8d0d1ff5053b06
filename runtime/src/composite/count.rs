//! How many records there are, without the records (row A16).

use serde_json::json;

use super::{answer, settle, text, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::Count;
use crate::result::{ErrorKind, ToolResult, refused};
use crate::upstream::Upstream;

impl Engine {
    pub(super) async fn count(
        &self,
        upstream: &Upstream,
        count: &'static Count,
        mut arguments: Object,
    ) -> ToolResult {
        let by_entity = count.lists.iter().any(|list| !list.name.is_empty());
        let name = text(&arguments, "entity").to_owned();
        let list = count
            .lists
            .iter()
            .find(|list| !by_entity || list.name == name);
        let Some(list) = list else {
            return refused(ErrorKind::Validation, "entity is none of those listed.");
        };
        let mut filters = if by_entity {
            match arguments.shift_remove("filters") {
                Some(Value::Object(filters)) => filters,
                _ => Object::new(),
            }
        } else {
            arguments
        };
        let given = filters.len();
        settle(&mut filters, list.source.set);
        let operation = list.source.list;
        let value = match self.json(upstream, operation, filters).await {
            Ok((value, _)) => self.seen(operation, value),
            Err(result) => return result,
        };
        let Some(total) = value.pointer(list.total).and_then(whole) else {
            return unusable(operation, &format!("has no number at {}", list.total));
        };
        let noun = if by_entity {
            format!("{name}: ")
        } else {
            String::new()
        };
        let how = if given == 0 { "in all" } else { "match" };
        let mut structured = json!({"count": total});
        if by_entity && let Some(object) = structured.as_object_mut() {
            object.insert("entity".to_owned(), Value::from(name));
        }
        let text = format!("{noun}{total} {how}. {} lists them.", operation.tool);
        answer(text, structured)
    }
}

/// A number that counts; some services send it as text.
fn whole(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}
