//! Tools beside the operations: each makes several requests, and every one of them goes the way of the
//! operation's own tool (arguments checked, hooks, limits, secrets hidden). ADR 0027.
//!
//! | file | subject |
//! |---|---|
//! | `fanout.rs` | one search over several lists |
//! | `count.rs` | how many, without the records |
//! | `multi_get.rs` | several records by id |
//! | `lookup.rs` | one record by its name |
//! | `change.rs` | what relations and appended texts share: read, change, write |
//! | `merged.rs` | lists of an update merged with those of the record |
//! | `relation.rs` | ids in a list that an update replaces |
//! | `append.rs` | text behind text |
//! | `sheet.rs` | several results as one |

mod append;
mod change;
mod count;
mod fanout;
mod lookup;
mod merged;
mod multi_get;
mod relation;
mod sheet;

use crate::json::place::unescaped;
use std::future::Future;
use std::pin::Pin;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::time::Instant;

use crate::arguments::{self, Nulls};
use crate::engine::{Call, Engine, Entry, Exchange, outcome_of_several};
use crate::json::{Object, Value};
use crate::operation::{Composite, Deed, OperationDef, Source};
use crate::result::{self, ErrorKind, ToolResult};
use crate::text::{cap, clean};
use crate::typed::Payload;
use crate::upstream::Upstream;

/// Requests of one call at a time.
const AT_ONCE: usize = 4;
/// How many times the time of one request all requests of one call may take.
const ROUNDS: u32 = 2;

/// One request of several, on its way.
type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Engine {
    /// Calls a tool beside the operations.
    pub(crate) async fn composite(
        &self,
        entry: &Entry,
        tool: &'static Composite,
        upstream: &Upstream,
        arguments: Object,
        call: Call<'_>,
    ) -> ToolResult {
        // A null means "not given" (T18); what the lists take is checked once more with their schemas.
        let given = arguments.into_iter().filter(|(_, value)| !value.is_null());
        let arguments = match arguments::check_with(entry.input(), Nulls::All, given.collect()) {
            Ok(arguments) => arguments,
            Err(problems) => return self.invalid(tool.tool, &problems),
        };
        let time = upstream.settings().timeout.saturating_mul(ROUNDS);
        let admitted = match self.undertaken(entry, call, &arguments, time).await {
            Ok(admitted) => admitted,
            Err(result) => return result,
        };
        let result = match &tool.deed {
            Deed::Fanout(sources) => self.fanout(upstream, sources, &arguments).await,
            Deed::Count(count) => self.count(upstream, count, arguments).await,
            Deed::MultiGet(gets) => self.multi_get(upstream, gets, &arguments).await,
            Deed::Lookup(lookup) => self.look_up(upstream, tool, lookup, &arguments).await,
            Deed::Relation(relation) => self.relate(upstream, relation, &arguments).await,
            Deed::Append(append) => self.append(upstream, append, &arguments).await,
        };
        admitted.settle(outcome_of_several(&result)).await;
        result
    }

    /// A request whose answer is shown as the operation's own tool would show it.
    async fn told(
        &self,
        upstream: &Upstream,
        operation: &'static OperationDef,
        arguments: Object,
    ) -> ToolResult {
        match self.step(operation, upstream, arguments).await {
            Ok((entry, exchange)) => self.shown(entry, operation, upstream, exchange),
            Err(result) => result,
        }
    }

    /// A request whose answer has to be JSON; `after` hooks have not seen it.
    async fn json(
        &self,
        upstream: &Upstream,
        operation: &'static OperationDef,
        arguments: Object,
    ) -> Result<(Value, Exchange), ToolResult> {
        let (_, mut exchange) = self.step(operation, upstream, arguments).await?;
        let payload = std::mem::replace(&mut exchange.reply.payload, Payload::Empty);
        let Payload::Json(value) = payload else {
            return Err(unusable(operation, "is not JSON"));
        };
        match result::disowned(operation, &value) {
            Some(reason) => Err(ToolResult::error(
                ErrorKind::Upstream,
                format!("Upstream error: {}", clean(&reason)),
            )),
            None => Ok((value, exchange)),
        }
    }
}

/// Several requests, some at a time, their answers in order. One that does not come in time is `late`.
async fn all<'a, T: Send>(
    upstream: &Upstream,
    requests: Vec<(&'static OperationDef, Pending<'a, T>)>,
    late: &(dyn Fn(ToolResult) -> T + Sync),
) -> Vec<T> {
    let limit = upstream.settings().timeout.saturating_mul(ROUNDS);
    let end = Instant::now() + limit;
    let bounded: Vec<Pending<'_, T>> = requests
        .into_iter()
        .map(|(operation, request)| -> Pending<'_, T> {
            Box::pin(async move {
                match tokio::time::timeout_at(end, request).await {
                    Ok(answer) => answer,
                    Err(_) => late(result::unfinished(limit, operation.hints)),
                }
            })
        })
        .collect();
    stream::iter(bounded).buffered(AT_ONCE).collect().await
}

/// An answer that is none for this purpose.
fn unusable(operation: &OperationDef, what: &str) -> ToolResult {
    ToolResult::error(
        ErrorKind::Upstream,
        format!("Upstream error: the answer to {} {what}.", operation.tool),
    )
}

/// The arguments that ask a list.
fn asked(source: &Source, words: Option<&str>) -> Object {
    let mut arguments = Object::new();
    if let Some(words) = words {
        put(&mut arguments, source.words, Value::from(words));
    }
    settle(&mut arguments, source.set);
    arguments
}

/// Adds what is always sent.
fn settle(arguments: &mut Object, set: &[(&str, &str)]) {
    for (place, text) in set {
        put(
            arguments,
            place,
            serde_json::from_str(text).unwrap_or_default(),
        );
    }
}

/// Puts a value at a place, with the objects that lead there.
fn put(arguments: &mut Object, place: &str, value: Value) {
    let Some(path) = place.strip_prefix('/') else {
        return;
    };
    match path.split_once('/') {
        None => {
            arguments.insert(unescaped(path), value);
        }
        Some((first, rest)) => {
            let inner = arguments
                .entry(unescaped(first))
                .or_insert_with(|| Value::Object(Object::new()));
            if let Value::Object(inner) = inner {
                put(inner, &format!("/{rest}"), value);
            }
        }
    }
}

/// A name or an id as text, of what is one.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The service's text in one of our sentences.
fn quoted(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    cap(&clean(&line.join(" ")), 100).into_owned()
}

/// A text of the checked arguments, without the blanks around it.
fn text<'a>(arguments: &'a Object, name: &str) -> &'a str {
    let text = arguments.get(name).and_then(Value::as_str);
    text.unwrap_or_default().trim()
}

/// A text and the same data as a value.
fn answer(text: String, structured: Value) -> ToolResult {
    ToolResult {
        structured: Some(structured),
        ..ToolResult::text(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_put_where_they_belong() {
        let mut arguments = Object::new();
        for (place, value) in [
            ("/a", json!(1)),
            ("/p/size", json!(5)),
            ("/p/n~1o", json!("x")),
            // Nowhere, and into what is no object: nothing happens.
            ("", json!(2)),
            ("/a/b", json!(3)),
        ] {
            put(&mut arguments, place, value);
        }
        let expected = json!({"a": 1, "p": {"size": 5, "n/o": "x"}});
        assert_eq!(Value::Object(arguments), expected);
    }
}
