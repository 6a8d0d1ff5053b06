//! Lists that an update replaces as a whole, merged with what the record has before they are sent (row B12):
//! an item that is given takes the place of the one with the same key, the others stay.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use super::change::unwritten;
use super::{scalar, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::{Merge, OperationDef};
use crate::result::{ErrorKind, ToolResult, refused};
use crate::upstream::Upstream;

impl Engine {
    /// The arguments of an update with its lists merged.
    ///
    /// # Errors
    /// When what the record has is not known: then nothing is written.
    pub(crate) fn merged<'a>(
        &'a self,
        upstream: &'a Upstream,
        operation: &'static OperationDef,
        arguments: &'a Object,
    ) -> Pin<Box<dyn Future<Output = Result<Cow<'a, Object>, ToolResult>> + Send + 'a>> {
        // Boxed: reading the record is a call of a tool, too.
        Box::pin(async move {
            let mut merged = Cow::Borrowed(arguments);
            for merge in operation.settled.merges {
                let given = arguments.get(merge.argument).and_then(Value::as_array);
                // An empty list clears; what is left out stays as it is.
                let Some(given) = given.filter(|items| !items.is_empty()) else {
                    continue;
                };
                let (held, etag) = self.held_list(upstream, merge, arguments).await?;
                let list = joined(merge, held, given);
                let all = merged.to_mut();
                all.insert(merge.argument.to_owned(), Value::Array(list));
                if let Some(etag) = etag
                    && !merge.if_match.is_empty()
                {
                    let known = all.entry(merge.if_match.to_owned());
                    known.or_insert_with(|| Value::from(etag));
                }
            }
            Ok(merged)
        })
    }

    /// The list that the record has, and the version of the record.
    async fn held_list(
        &self,
        upstream: &Upstream,
        merge: &Merge,
        arguments: &Object,
    ) -> Result<(Vec<Value>, Option<String>), ToolResult> {
        let tool = self
            .find_step(merge.get)
            .and_then(|entry| entry.operation());
        let Some(get) = tool else {
            let message = format!("{} is switched off, so nothing was sent.", merge.get);
            return Err(refused(ErrorKind::Refused, &message));
        };
        let asked = merge.given.iter().filter_map(|(to, of)| {
            let value = arguments.get(*of)?;
            Some(((*to).to_owned(), value.clone()))
        });
        let (mut value, exchange) = self
            .json(upstream, get, asked.collect())
            .await
            .map_err(unwritten)?;
        let is_lost = exchange.reply.inexact.iter().any(|(place, _)| {
            let rest = place.strip_prefix(merge.from);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        let held = value.pointer_mut(merge.from).map(Value::take);
        let what = match held {
            _ if is_lost => "has numbers that cannot be sent back exactly",
            Some(Value::Array(items)) => {
                let etag = exchange.reply.header("etag").map(str::to_owned);
                return Ok((items, etag));
            }
            Some(Value::Null) => return Ok((Vec::new(), None)),
            _ => "has no such list, so what is there now is not known",
        };
        let what = format!("{what} ({})", merge.from);
        Err(unwritten(unusable(get, &what)))
    }
}

/// The items of both lists, those of the record first and in its order.
fn joined(merge: &Merge, held: Vec<Value>, given: &[Value]) -> Vec<Value> {
    let key = |item: &Value| item.get(merge.key).and_then(scalar);
    let mut list: Vec<Value> = held.into_iter().map(|item| kept(merge, item)).collect();
    for item in given {
        let wanted = key(item);
        let known = list
            .iter_mut()
            .find(|known| wanted.is_some() && key(known) == wanted);
        match (known, item) {
            (Some(Value::Object(known)), Value::Object(item)) => {
                known.extend(
                    item.iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
            _ => list.push(item.clone()),
        }
    }
    list
}

/// What of an item the update takes: services refuse what they only answer.
fn kept(merge: &Merge, item: Value) -> Value {
    match item {
        Value::Object(mut item) if !merge.kept.is_empty() => {
            item.retain(|name, _| merge.kept.contains(&name.as_str()));
            Value::Object(item)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_that_are_given_change_and_the_others_stay() {
        let merge = Merge {
            argument: "values",
            key: "columnId",
            kept: &["columnId", "value", "note"],
            get: "",
            given: &[],
            from: "",
            if_match: "",
        };
        let held = vec![
            json!({"columnId": "a", "value": 1, "label": "A"}),
            json!({"columnId": 2, "value": "old", "note": "stays"}),
            json!({"value": "without a key"}),
        ];
        let given = [
            json!({"columnId": 2, "value": null}),
            json!({"columnId": "c", "value": true}),
            json!({"value": "another"}),
        ];
        assert_eq!(
            Value::Array(joined(&merge, held, &given)),
            json!([
                {"columnId": "a", "value": 1},
                {"columnId": 2, "value": null, "note": "stays"},
                {"value": "without a key"},
                {"columnId": "c", "value": true},
                {"value": "another"}
            ])
        );
    }
}
