//! One call of a tool from arguments to result, whatever asked for it: MCP or the command line.
//!
//! | file | subject |
//! |---|---|
//! | `entry.rs` | a tool, wherever it comes from |
//! | `admission.rs` | whether a call may go on |
//! | `check.rs` | which tool shows what became of a write |
//! | `duty.rs` | what requests of custom tools have to keep |
//! | `exchange.rs` | one request of an operation, and what is shown of its answer |

mod admission;
mod check;
mod duty;
mod entry;
mod exchange;
mod limited;

use std::collections::HashMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

pub(crate) use admission::{Call, outcome_of_several};
pub(crate) use duty::Duty;
pub(crate) use entry::{Entry, Kind};
pub(crate) use exchange::Exchange;

use crate::arguments::{self, Nulls, Problem, Problems};
use crate::audit::{Audit, Subject};
use crate::client::Client;
use crate::clock::Clock;
use crate::extend::Extensions;
use crate::guard::{Caller, Guard, Said};
use crate::json::Object;
use crate::json::scan::Defects;
use crate::live;
use crate::measure::Timing;
use crate::operation::{Api, Composite, OperationDef};
use crate::result::{self, Content, ErrorKind, ToolResult};
#[cfg(feature = "http")]
use crate::state::Unavailable;
use crate::turn::{Full, Places, Turn};
use crate::upstream::{Upstream, with_callers_own};

/// What stands before it.
const ACCEPTED: &str = " Accepted is, for example: ";
/// Longest call that the answer to wrong arguments shows, in bytes.
const LONGEST_CALL: usize = 400;

/// Calls at a time. Each can hold a body, an answer of the service, and several forms of both.
const MAX_CALLS: usize = 64;

/// What answers calls of tools.
#[derive(Debug)]
pub(crate) struct Engine {
    api: &'static Api,
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
    /// What is there for tools alone that are made of several, and under no name for callers.
    behind: Arc<[Entry]>,
    extensions: Extensions,
    upstream: Option<Arc<Upstream>>,
    guard: Arc<Guard>,
    audit: Audit,
    clock: Clock,
    calls: Arc<Places>,
    /// Requests of composites, which are several for one call.
    steps: Arc<Places>,
}

impl Engine {
    /// An engine; without `upstream` it lists tools only.
    pub(crate) fn new(
        api: &'static Api,
        extensions: Extensions,
        upstream: Option<Upstream>,
        clock: Clock,
    ) -> Self {
        Self::guarded(api, extensions, upstream, Guard::new(clock), clock)
    }

    /// An engine with a guard of the operator's making.
    pub(crate) fn guarded(
        api: &'static Api,
        extensions: Extensions,
        upstream: Option<Upstream>,
        guard: Guard,
        clock: Clock,
    ) -> Self {
        let custom = extensions.tools();
        let replaced = |name: &str| custom.iter().any(|tool| tool.name == name);
        let paths = upstream
            .as_ref()
            .is_some_and(|upstream| upstream.settings().files.is_on());
        let mut entries: Vec<Entry> = api
            .operations
            .iter()
            .filter(|operation| !replaced(operation.tool))
            .map(|operation| {
                let mut entry = Entry::new(Kind::Operation(operation));
                entry.paths = paths;
                entry
            })
            .chain(
                api.composites
                    .iter()
                    .filter(|tool| is_whole(tool, &replaced))
                    .map(|tool| Entry::new(Kind::Composite(tool))),
            )
            .chain(
                custom
                    .iter()
                    .map(|tool| Entry::new(Kind::Custom(tool.clone()))),
            )
            .collect();
        for entry in &mut entries {
            let policies = guard.policies();
            entry.policy = match &entry.kind {
                Kind::Composite(tool) => {
                    policies.of_several(tool.tool, tool.risk, &tool.operations())
                }
                Kind::Operation(operation) => {
                    let settled = operation.settled.confirm;
                    policies.of(operation.tool, operation.risk, settled)
                }
                Kind::Custom(_) => policies.of(entry.name(), entry.risk(), None),
            };
        }
        Self {
            api,
            index: places(&entries),
            entries,
            behind: Arc::default(),
            extensions,
            upstream: upstream.map(Arc::new),
            guard: Arc::new(guard),
            audit: Audit::default(),
            clock,
            calls: Places::new(MAX_CALLS),
            steps: Places::new(MAX_CALLS),
        }
    }

    /// The engine with a log of what it is asked and does.
    pub(crate) fn audited(self, audit: Audit) -> Self {
        Self { audit, ..self }
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    pub(crate) const fn audit(&self) -> &Audit {
        &self.audit
    }

    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// Tools in the order in which they are listed.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.get(self.place(name)?)
    }

    /// A tool that the operator says how to confirm, and that there is not.
    pub(crate) fn without_tool(&self) -> Option<&str> {
        let mut named = self.guard.policies().tools();
        named.find(|name| self.find(name).is_none())
    }

    /// Place of a tool in the list.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Calls a tool. `defects` are those of the arguments' JSON text. A panic, of a hook mostly, is an
    /// answer too: without one the client would wait for ever. So is a call beyond [`MAX_CALLS`].
    pub(crate) async fn call(
        &self,
        entry: &Entry,
        arguments: Object,
        defects: &Defects,
        caller: &Caller,
    ) -> ToolResult {
        let timing = Timing::of(entry.name());
        let record = self.audit.record(entry, &arguments, caller);
        let seen = live::begin(entry, &arguments, caller, self.audit.shows_values());
        let work = Box::pin(self.answered(entry, arguments, defects, caller));
        let result = record.of(work).await;
        timing.end(&result);
        if let Some(seen) = seen {
            seen.end(&result);
        }
        result
    }

    /// Whether what replicas share can be asked.
    #[cfg(feature = "http")]
    pub(crate) async fn shared_state(&self) -> Result<(), Unavailable> {
        // By writing what nobody looks at: a store that can only be read (a replica of it, a full disk) refuses every
        // write of a tool, and answers all questions.
        let time = std::time::Duration::from_secs(1);
        self.guard.state().put(&[0; 32], None, "", time).await
    }

    async fn answered(
        &self,
        entry: &Entry,
        arguments: Object,
        defects: &Defects,
        caller: &Caller,
    ) -> ToolResult {
        let place = match self.calls.at_once(&caller.principal) {
            Ok(place) => place,
            Err(full) => return crowded(entry, full),
        };
        let turn = Turn::new(Arc::clone(&caller.principal), &self.calls, place);
        // On the heap: what surrounds it would carry all of it on the stack, several times over.
        let work = Box::pin(self.dispatch(entry, arguments, defects, caller));
        let call = turn.take(with_callers_own(caller.credentials.clone(), work));
        let mut call = std::pin::pin!(call);
        let caught = poll_fn(|context| {
            match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))) {
                Ok(state) => state.map(Some),
                Err(_) => Poll::Ready(None),
            }
        });
        caught.await.unwrap_or_else(|| {
            tracing::error!(tool = entry.name(), "the call panicked");
            ToolResult::error(
                ErrorKind::Unknown,
                "Internal error: this server broke while it worked on the call. If the tool changes something, look the record up before you repeat the call.",
            )
        })
    }

    async fn dispatch(
        &self,
        entry: &Entry,
        mut arguments: Object,
        defects: &Defects,
        caller: &Caller,
    ) -> ToolResult {
        // Numbers of an operation get their digits back; whoever wrote a custom tool reads a tree.
        let is_restorable =
            matches!(entry.kind, Kind::Operation(_)) && defects.inexact.len() == defects.total;
        if !defects.is_empty() && !is_restorable {
            return self.defective(entry.name(), defects);
        }
        let Some(upstream) = &self.upstream else {
            return ToolResult::error(ErrorKind::Refused, "This server lists tools only.");
        };
        let said = match Said::take(&mut arguments, |name| entry.owns(name)) {
            Ok(said) => said,
            Err(problems) => return self.invalid(entry.name(), &problems),
        };
        let call = Call {
            caller,
            said: &said,
        };
        match &entry.kind {
            Kind::Operation(operation) => {
                self.operation(entry, operation, upstream, arguments, defects, call)
                    .await
            }
            Kind::Composite(tool) => self.composite(entry, tool, upstream, arguments, call).await,
            Kind::Custom(tool) => {
                let arguments = match arguments::check_with(entry.input(), Nulls::All, arguments) {
                    Ok(arguments) => arguments,
                    Err(problems) => return self.invalid(&tool.name, &problems),
                };
                if let Err(result) = self.confirmed(entry, call, &arguments, None).await {
                    return result;
                }
                let subject = Subject {
                    tool: &tool.name,
                    risk: entry.risk(),
                    schema: entry.input(),
                    arguments: &arguments,
                    request: None,
                    key: None,
                };
                let mut intent = match self.audit.intent(subject).await {
                    Ok(intent) => intent,
                    Err(result) => return result,
                };
                let limit = tool.timeout.unwrap_or(upstream.settings().timeout);
                intent.sending();
                let duty = self.duty(entry, call);
                let client = Client::of_a_tool(Arc::clone(upstream), duty);
                let run = (tool.run)(arguments, client);
                match tokio::time::timeout(limit, run).await {
                    Ok(Ok(value)) => {
                        intent.done();
                        result::custom(value)
                    }
                    // How far it came is its own to say.
                    Ok(Err(refusal)) => result::refused(ErrorKind::Refused, &refusal.0),
                    Err(_) => {
                        tracing::warn!(tool = tool.name, "no answer in time");
                        result::unfinished(limit, tool.hints)
                    }
                }
            }
        }
    }

    async fn operation(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        arguments: Object,
        defects: &Defects,
        call: Call<'_>,
    ) -> ToolResult {
        let (arguments, wrapper) = arguments::unwrapped(operation, entry.input(), arguments);
        let moved = wrapper.map(|name| defects.moved_up(&name));
        let defects = moved.as_ref().unwrap_or(defects);
        let exchange = self.exchange(entry, operation, upstream, arguments, defects, Some(call));
        match exchange.await {
            Ok(exchange) => self.shown(entry, operation, upstream, exchange),
            Err(result) => result,
        }
    }

    /// One request of a composite: the same way as that of the operation's own tool.
    ///
    /// # Errors
    /// What the tool would have answered, if the service did not do what was asked.
    pub(crate) async fn step(
        &self,
        operation: &'static OperationDef,
        upstream: &Upstream,
        arguments: Object,
    ) -> Result<(&Entry, Exchange), ToolResult> {
        let entry = self.find_step(operation.tool);
        let turn = Turn::of_step(&self.steps).await;
        let (Some(entry), Some(turn)) = (entry, turn) else {
            return Err(result::refused(
                ErrorKind::Refused,
                &format!("{} is switched off, so nothing was sent.", operation.tool),
            ));
        };
        let defects = Defects::unknown();
        let exchange = self.exchange(entry, operation, upstream, arguments, &defects, None);
        Ok((entry, turn.take(exchange).await?))
    }

    /// The answer to arguments that parsing would change.
    pub(crate) fn defective(&self, tool: &str, defects: &Defects) -> ToolResult {
        self.invalid(tool, &defect_problems(defects))
    }

    /// The answer to arguments with problems.
    pub(crate) fn invalid(&self, tool: &str, problems: &Problems) -> ToolResult {
        let places: Vec<String> = problems
            .iter()
            .take(20)
            .map(|problem| arguments::shorten(&problem.pointer))
            .collect();
        tracing::info!(tool, ?places, "arguments refused");
        let text = arguments::report(tool, problems, self.clock);
        let mut result = ToolResult::error(ErrorKind::Validation, text);
        result.problems = Some(Box::new(problems.clone()));
        match self.accepted_call(tool) {
            Some(call) => with_example(result, &call),
            None => result,
        }
    }

    /// The answer to wrong arguments of a tool as one of the tool through which it was called: with that name, and the
    /// places in that call. Other results as they are.
    pub(crate) fn retold(
        &self,
        mut result: ToolResult,
        (behind, tool): (&str, &str),
        place: impl Fn(&str) -> String,
    ) -> ToolResult {
        if let Some(problems) = result.problems.take()
            && let Some(Content::Text(text)) = result.content.first_mut()
            && let Some(rest) = text.strip_prefix(&arguments::report(behind, &problems, self.clock))
        {
            let told = arguments::report(tool, &problems.placed(place), self.clock);
            *text = format!("{told}{rest}");
        }
        result
    }

    /// The answer to wrong arguments of a tool with other words for some problems. Other results as they are.
    pub(crate) fn reworded(
        &self,
        mut result: ToolResult,
        tool: &str,
        words: impl Fn(&Problem) -> Option<String>,
    ) -> ToolResult {
        if let Some(problems) = &mut result.problems
            && let Some(Content::Text(text)) = result.content.first_mut()
            && let Some(rest) = text.strip_prefix(&arguments::report(tool, problems, self.clock))
        {
            problems.reword(words);
            let told = arguments::report(tool, problems, self.clock);
            *text = format!("{told}{rest}");
        }
        result
    }

    /// The arguments of a call that a tool accepts, as JSON: where there is more to see than in the messages,
    /// which have a value for each argument, and no more than a glance takes.
    fn accepted_call(&self, tool: &str) -> Option<String> {
        let entry = self.entries.get(self.place(tool)?)?;
        let (input, _) = entry.whole();
        let call = arguments::accepted(entry.operation(), &input)?;
        let given = call.as_object()?;
        let is_telling =
            given.len() > 1 || given.values().any(|one| one.is_object() || one.is_array());
        let text = call.to_string();
        (is_telling && text.len() <= LONGEST_CALL).then_some(text)
    }
}

/// The answer to wrong arguments with a call that is accepted.
pub(crate) fn with_example(mut result: ToolResult, call: &str) -> ToolResult {
    if let Some(Content::Text(text)) = result.content.last_mut() {
        text.push_str(ACCEPTED);
        text.push_str(call);
    }
    result
}

/// The answer to wrong arguments with the call that it shows as `shown` has it; without one where `shown` has none.
pub(crate) fn with_other_example(
    mut result: ToolResult,
    shown: impl FnOnce(Object) -> Option<String>,
) -> ToolResult {
    if let (Some(ErrorKind::Validation), Some(Content::Text(text))) =
        (result.error, result.content.last_mut())
        && let Some((said, call)) = text.rsplit_once(ACCEPTED)
        && let Ok(call) = serde_json::from_str(call)
    {
        let shown = shown(call).map(|shown| format!("{ACCEPTED}{shown}"));
        *text = format!("{said}{}", shown.unwrap_or_default());
    }
    result
}

/// The answer to a call for which there is no place.
fn crowded(entry: &Entry, full: Full) -> ToolResult {
    tracing::warn!(
        tool = entry.name(),
        ?full,
        "refused: too many calls at a time"
    );
    let (calls, whose, reason) = match full {
        Full::All => (MAX_CALLS, "", "calls"),
        Full::Share(calls) => (calls, " of yours", "caller_share"),
    };
    crate::measure::refused(reason);
    result::refused(
        ErrorKind::RateLimited,
        &format!(
            "Rate limited: this server works on {calls} calls{whose} already, so nothing was sent. Try again when some of them are answered, after 1 s."
        ),
    )
}

/// Places of tools by their names.
fn places(entries: &[Entry]) -> HashMap<String, usize> {
    let names = entries.iter().map(|entry| entry.name().to_owned());
    names.zip(0..).collect()
}

/// Whether no tool of one's own replaces an operation of a composite: whoever replaced it wants it to be
/// called no more.
fn is_whole(tool: &Composite, replaced: &dyn Fn(&str) -> bool) -> bool {
    let operations = tool.operations();
    let gone = operations.iter().find(|operation| replaced(operation.tool));
    if let Some(operation) = gone {
        tracing::warn!(
            tool = tool.tool,
            operation = operation.tool,
            "left out, since a custom tool replaces what it calls"
        );
    }
    gone.is_none() && !replaced(tool.tool)
}

/// Duplicate keys and numbers that JSON parsing would change.
fn defect_problems(defects: &Defects) -> Problems {
    let duplicates = defects.duplicates.iter().map(|pointer| Problem {
        pointer: pointer.clone(),
        message: "is given twice; give it once.".to_owned(),
        ..Problem::default()
    });
    let inexact = defects.inexact.iter().map(|(pointer, text)| Problem {
        pointer: pointer.clone(),
        message: format!(
            "the number {} has more digits than can be sent exactly here; write it without an exponent, or shorter.",
            crate::text::cap(text, 60)
        ),
        ..Problem::default()
    });
    Problems::first_of(defects.total, duplicates.chain(inexact).collect())
}
