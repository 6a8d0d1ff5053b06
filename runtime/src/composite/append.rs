//! Text behind the text of a field that an update replaces as a whole (row B27).

use serde_json::json;

use super::change::unwritten;
use super::{answer, quoted, scalar, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::Append;
use crate::result::{ErrorKind, ToolResult, refused};
use crate::upstream::Upstream;

impl Engine {
    pub(super) async fn append(
        &self,
        upstream: &Upstream,
        append: &'static Append,
        arguments: &Object,
    ) -> ToolResult {
        match self.appended(upstream, append, arguments).await {
            Ok(result) | Err(result) => result,
        }
    }

    async fn appended(
        &self,
        upstream: &Upstream,
        append: &'static Append,
        arguments: &Object,
    ) -> Result<ToolResult, ToolResult> {
        let id = arguments.get("id").unwrap_or(&Value::Null);
        let new = super::text(arguments, "text");
        if new.is_empty() {
            return Err(refused(
                ErrorKind::Validation,
                "/text: is empty; nothing was sent.",
            ));
        }
        let held = self.hold(upstream, &append.get, id).await?;
        let old = match held.part(&append.get, append.from)? {
            Value::String(text) => text.as_str(),
            Value::Null => "",
            _ => {
                let what = format!("has no text at {}", append.from);
                return Err(unwritten(unusable(append.get.get, &what)));
            }
        };
        let text = if old.is_empty() {
            new.to_owned()
        } else {
            format!("{old}{}{new}", append.separator)
        };
        let (was, now) = (old.chars().count(), text.chars().count());
        let steps = (&append.get, &append.update);
        self.write(upstream, steps, (id, &held), append.to, Value::from(text))
            .await?;
        let shown = quoted(&scalar(id).unwrap_or_default());
        let field = append.from.trim_start_matches('/');
        Ok(answer(
            format!("{shown}, {field}: was {was} characters, now {now}. The text before is kept."),
            json!({"id": id, "field": field, "was": was, "now": now}),
        ))
    }
}
