//! One request of an operation: from checked arguments to the answer, and what is shown of it.

use std::borrow::Cow;

use super::admission::outcome;
use super::{Call, Engine, Entry};
use crate::arguments;
use crate::audit::{Subject, decided};
use crate::extend::CallInfo;
use crate::guard::Admitted;
use crate::json::scan::Defects;
use crate::json::{Object, Value, exact};
use crate::operation::OperationDef;
use crate::request;
use crate::result::{self, Asked, Concealed, ErrorKind, Fate, Outcome, ToolResult, Wish};
use crate::text::{cap, clean};
use crate::typed::Payload;
use crate::upstream::{Reply, Upstream};

/// A request that the service carried out, and its answer.
pub(crate) struct Exchange {
    wish: Wish,
    /// The checked arguments as the caller gave them.
    given: Object,
    /// What is to be said of a page size that was lowered.
    clamped: Option<String>,
    pub(crate) reply: Reply,
    /// How often it went out.
    attempts: u32,
    /// Places of an update whose nulls were not sent.
    left_out: Vec<String>,
}

impl Engine {
    /// An exchange in which nothing repeats what settings conceal.
    pub(super) async fn exchange(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        arguments: Object,
        defects: &Defects,
        call: Option<Call<'_>>,
    ) -> Result<Exchange, ToolResult> {
        let concealed = Concealed::of(operation.settled, &arguments);
        let outcome = self.sent(entry, operation, upstream, arguments, defects, call);
        match outcome.await {
            Ok(mut exchange) => {
                concealed.in_arguments(&mut exchange.given);
                concealed.in_payload(&mut exchange.reply.payload);
                Ok(exchange)
            }
            Err(mut result) => {
                if operation.writes() && result.fate.is_none() {
                    result.fate = Some(Fate::NOT_SENT);
                }
                Err(concealed.in_result(result))
            }
        }
    }

    /// Checks arguments, sends the request, and gives what came if the service did what was asked. Without
    /// a `call` it is part of one that was confirmed as a whole.
    async fn sent(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        arguments: Object,
        defects: &Defects,
        call: Option<Call<'_>>,
    ) -> Result<Exchange, ToolResult> {
        let files = &upstream.settings().files;
        let (mut arguments, _room) = match files.fill(operation, arguments).await {
            Ok(filled) => filled,
            Err(error) => return Err(result::refused(ErrorKind::Validation, &error.to_string())),
        };
        let schema = entry.output().map(AsRef::as_ref);
        let clamped = result::clamp(operation, &mut arguments);
        let sized = result::sized(operation, &mut arguments);
        result::read_fields(operation, &mut arguments);
        let full = result::take_unlisted(operation, &mut arguments);
        let invalid = |problems| self.invalid(operation.tool, &problems);
        let texts = exact::in_texts(&arguments);
        let arguments::Checked {
            mut arguments,
            left_out,
        } = arguments::check_exactly(operation, entry.input(), arguments, defects, &texts)
            .map_err(invalid)?;
        let wish = result::take_controls(operation, schema, &mut arguments).map_err(invalid)?;
        let wish = Wish {
            full: wish.full || full,
            ..wish
        };
        let mut given = arguments.clone();
        if let Some(argument) = sized {
            // Nobody asked for it: the next call need not say it.
            given.shift_remove(argument);
        }
        let mut arguments = self
            .extensions
            .run_before(arguments, &info(operation))
            .map_err(|refusal| result::refused(ErrorKind::Refused, &refusal.0))?;
        if let Err(place) = exact::restore(&mut arguments, defects, operation.renamed) {
            return Err(if defects.is_empty() {
                let message = format!("{place}: begins with control characters; leave them out.");
                result::refused(ErrorKind::Validation, &message)
            } else {
                self.defective(operation.tool, defects)
            });
        }
        if let Err(lost) = exact::restore_in_texts(&mut arguments, &texts, operation.renamed) {
            let defects = Defects {
                inexact: vec![lost],
                total: 1,
                ..Defects::default()
            };
            return Err(self.defective(operation.tool, &defects));
        }
        // A composite has read the record itself, and writes whole lists.
        let whole = if operation.settled.merges.is_empty() || call.is_none() {
            Cow::Borrowed(&arguments)
        } else {
            self.merged(upstream, operation, &arguments).await?
        };
        let mut request = request::build(operation, &whole)
            .map_err(|error| result::refused(ErrorKind::Validation, &error.to_string()))?;
        let mut admitted = match call {
            Some(call) if call.said.dry_run => {
                decided("dry run");
                let shown = self.rehearsed(entry, operation, upstream, &whole, request);
                return Err(shown.await);
            }
            Some(call) => {
                self.admitted(entry, operation, call, &arguments, &request)
                    .await?
            }
            None => Admitted::unguarded(),
        };
        let key = Upstream::name(operation, &mut request)
            .map_err(|failure| result::failure(operation, &failure))?;
        let mut intent = self
            .audit
            .intent(Subject {
                tool: operation.tool,
                risk: entry.risk(),
                schema: entry.input(),
                arguments: &arguments,
                request: Some((operation, &request.path)),
                key: key.as_deref(),
            })
            .await?;
        // Here an exchange begins: nothing has gone out so far.
        let mut going = || {
            admitted.sending();
            intent.sending();
        };
        let sent = upstream.carry(operation, request, &mut going).await;
        let fate = Fate {
            outcome: result::outcome(operation, &sent.answer, sent.absent),
            attempts: sent.attempts,
        };
        let noted = outcome(fate.outcome, &sent);
        let status = sent.answer.as_ref().ok().map(|reply| reply.status);
        intent.settle(fate, &noted, status);
        admitted.settle(noted).await;
        // Here it ends: whatever became of it is known and noted.
        let check = || {
            self.check_of(operation)
                .filter(|_| fate.outcome == Outcome::Unknown)
        };
        let ended = match sent.answer {
            Ok(reply) if reply.is_success() => {
                return Ok(Exchange {
                    wish,
                    given,
                    clamped,
                    reply,
                    attempts: sent.attempts,
                    left_out,
                });
            }
            Ok(reply) if sent.absent => result::complete(result::absent(reply.status), schema),
            Ok(reply) => {
                tracing::info!(
                    tool = operation.tool,
                    status = reply.status,
                    "the service refused"
                );
                let result = result::rejected_so(operation, &reply, check());
                result::advised(operation.settled, result, &reply)
            }
            Err(failure) => {
                tracing::warn!(tool = operation.tool, %failure, "no usable answer");
                let result = result::unanswered(operation, &failure, check());
                result::complete(result, schema)
            }
        };
        Err(ToolResult {
            fate: operation.writes().then_some(fate),
            ..ended
        })
    }

    /// What is shown of an answer.
    pub(crate) fn shown(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        exchange: Exchange,
    ) -> ToolResult {
        let Exchange {
            wish,
            given,
            clamped,
            mut reply,
            attempts,
            left_out,
        } = exchange;
        let empty = reply.payload == Payload::Empty;
        let is_page = result::is_page(operation, &reply.payload);
        let payload = match reply.payload {
            Payload::Json(value) => {
                let before = (!reply.inexact.is_empty()).then(|| value.clone());
                let mut value = self.extensions.run_after(value, &info(operation));
                result::redact(operation.settled, &mut value);
                if let Some(before) = before {
                    result::keep_untouched(&mut reply.inexact, &before, &value);
                }
                Payload::Json(value)
            }
            other => {
                // Text and files are passed on as they came.
                reply.inexact.clear();
                other
            }
        };
        let asked = Asked {
            wish: &wish,
            arguments: &given,
            headers: &reply.headers,
            clamped: clamped.as_deref(),
            format: upstream.settings().format.unwrap_or_else(|| {
                let settled = operation.answer.and_then(|answer| answer.format);
                settled.unwrap_or_default()
            }),
            tokens: upstream.settings().max_result_tokens,
        };
        let schema = entry.output().map(AsRef::as_ref);
        let result = result::success(operation, schema, reply.status, payload, &asked);
        let result = if empty || reply.status == 201 {
            result::with_fields(operation, schema, result, &reply.headers)
        } else {
            result
        };
        let result = result::with_digits(operation, result, &reply.inexact);
        let result = match left_out.as_slice() {
            [] => result,
            places => result.noted(&format!(
                "Null means \"not given\" here, so these stay as they are: {}",
                cap(&clean(&places.join(", ")), 300)
            )),
        };
        // A body may say that nothing came of the request (ADR 0014).
        let outcome = match result.error {
            None if is_page => Outcome::Unknown,
            None => Outcome::Done,
            Some(_) => Outcome::Refused,
        };
        let fate = Fate { outcome, attempts };
        ToolResult {
            fate: operation.writes().then_some(fate),
            ..result
        }
    }

    /// What of a JSON answer may be looked at for what is shown: hooks have seen it, and what is never
    /// shown is gone.
    pub(crate) fn seen(&self, operation: &'static OperationDef, value: Value) -> Value {
        let mut value = self.extensions.run_after(value, &info(operation));
        result::redact(operation.settled, &mut value);
        value
    }
}

const fn info(operation: &'static OperationDef) -> CallInfo {
    CallInfo {
        tool: operation.tool,
        operation,
    }
}
