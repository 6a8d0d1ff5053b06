//! One call of a tool from arguments to result, whatever asked for it: MCP or the command line.

use std::collections::HashMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use tokio::sync::Semaphore;

use crate::arguments::{self, Nulls, Problem, Problems};
use crate::client::Client;
use crate::clock::Clock;
use crate::extend::{CallInfo, CustomTool, Extensions};
use crate::guard::{Admitted, Caller, Guard, Matter, Outcome, Policy, Said, with_token};
use crate::json::scan::Defects;
use crate::json::{Object, Value, exact};
use crate::operation::{Api, Composite, Hints, OperationDef, Risk};
use crate::request;
use crate::result::{self, Asked, Concealed, ErrorKind, ToolResult, Wish};
use crate::typed::Payload;
use crate::upstream::{Failure, Reply, Upstream, with_paths};

/// Calls at a time. Each can hold a body, an answer of the service, and several forms of both.
const MAX_CALLS: usize = 64;

/// What answers calls of tools.
#[derive(Debug)]
pub(crate) struct Engine {
    api: &'static Api,
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
    extensions: Extensions,
    upstream: Option<Arc<Upstream>>,
    guard: Guard,
    clock: Clock,
    calls: Semaphore,
    /// Requests of composites, which are several for one call.
    steps: Semaphore,
}

/// A tool, with its schemas once they were needed.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    input: OnceLock<Arc<Object>>,
    output: OnceLock<Option<Arc<Object>>>,
    /// Whether files may be given by path.
    paths: bool,
    /// How its calls are confirmed.
    policy: Policy,
}

/// Where a tool comes from.
#[derive(Debug)]
pub(crate) enum Kind {
    Operation(&'static OperationDef),
    Composite(&'static Composite),
    Custom(CustomTool),
}

/// Who makes a call, and what it says besides its arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    caller: &'a Caller,
    said: &'a Said,
}

/// A request that the service carried out, and its answer.
pub(crate) struct Exchange {
    wish: Wish,
    /// The checked arguments as the caller gave them.
    given: Object,
    /// What is to be said of a page size that was lowered.
    clamped: Option<String>,
    pub(crate) reply: Reply,
}

impl Entry {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            paths: false,
            policy: Policy::Off,
            input: OnceLock::new(),
            output: OnceLock::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.tool,
            Kind::Composite(tool) => tool.tool,
            Kind::Custom(tool) => &tool.name,
        }
    }

    /// The operation behind the tool, if there is one.
    pub(crate) fn operation(&self) -> Option<&'static OperationDef> {
        match &self.kind {
            Kind::Operation(operation) => Some(operation),
            Kind::Composite(_) | Kind::Custom(_) => None,
        }
    }

    /// Display name.
    pub(crate) fn title(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.title,
            Kind::Composite(tool) => tool.title,
            Kind::Custom(tool) => &tool.title,
        }
    }

    /// What the model reads.
    pub(crate) fn description(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.description,
            Kind::Composite(tool) => tool.description,
            Kind::Custom(tool) => &tool.description,
        }
    }

    /// The tag that groups it; tools of one's own are a group.
    pub(crate) fn group(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.group,
            Kind::Composite(tool) => tool.group,
            Kind::Custom(_) => "custom",
        }
    }

    /// The four hints.
    pub(crate) fn hints(&self) -> Hints {
        match &self.kind {
            Kind::Operation(operation) => operation.hints,
            Kind::Composite(tool) => tool.hints,
            Kind::Custom(tool) => tool.hints,
        }
    }

    /// The strictest class that applies; of a tool of one's own, as its hints say.
    pub(crate) fn risk(&self) -> Risk {
        match &self.kind {
            Kind::Operation(operation) => operation.risk,
            Kind::Composite(tool) => tool.risk,
            Kind::Custom(tool) if tool.hints.read_only => Risk::Read,
            Kind::Custom(tool) if tool.hints.open_world => Risk::Outward,
            Kind::Custom(tool) if tool.hints.destructive => Risk::Destructive,
            Kind::Custom(_) => Risk::Write,
        }
    }

    /// The input schema; kept once the tool was called.
    pub(crate) fn input(&self) -> &Arc<Object> {
        self.input.get_or_init(|| self.parse_input())
    }

    /// The output schema; kept once the tool was called.
    pub(crate) fn output(&self) -> Option<&Arc<Object>> {
        self.output.get_or_init(|| self.parse_output()).as_ref()
    }

    /// The schemas for a list: those that are kept, or parsed ones that go with the list.
    pub(crate) fn listed(&self) -> (Arc<Object>, Option<Arc<Object>>) {
        let (input, output) = self.whole();
        (arguments::listed(input), output)
    }

    /// The schemas with what lists leave out.
    pub(crate) fn whole(&self) -> (Arc<Object>, Option<Arc<Object>>) {
        let input = self
            .input
            .get()
            .cloned()
            .unwrap_or_else(|| self.parse_input());
        let output = self
            .output
            .get()
            .cloned()
            .unwrap_or_else(|| self.parse_output());
        (input, output)
    }

    fn parse_input(&self) -> Arc<Object> {
        let schema = match &self.kind {
            Kind::Operation(operation) => {
                let mut schema = parse(operation.input_schema).unwrap_or_default();
                if self.paths {
                    with_paths(&mut schema);
                }
                result::with_controls(operation, schema)
            }
            Kind::Composite(tool) => parse(tool.input_schema).unwrap_or_default(),
            Kind::Custom(tool) => tool.input_schema.clone(),
        };
        Arc::new(if self.takes_token() {
            with_token(schema)
        } else {
            schema
        })
    }

    /// Whether a call may have to carry a token of an earlier one.
    pub(crate) const fn takes_token(&self) -> bool {
        matches!(self.policy, Policy::Auto | Policy::Token)
    }

    /// Whether the tool itself has an argument of this name.
    fn owns(&self, name: &str) -> bool {
        let has = |schema: &Object| {
            let properties = schema.get("properties");
            properties.is_some_and(|properties| properties.get(name).is_some())
        };
        match &self.kind {
            Kind::Operation(operation) => parse(operation.input_schema).is_some_and(|s| has(&s)),
            Kind::Composite(tool) => parse(tool.input_schema).is_some_and(|s| has(&s)),
            Kind::Custom(tool) => has(&tool.input_schema),
        }
    }

    /// What calls of it settle before they are made.
    fn matter<'a>(&'a self, arguments: &'a Object, request: Option<String>) -> Matter<'a> {
        Matter {
            tool: self.name(),
            title: self.title(),
            description: self.description(),
            risk: self.risk(),
            arguments,
            request,
            reason: None,
        }
    }

    fn parse_output(&self) -> Option<Arc<Object>> {
        match &self.kind {
            Kind::Operation(operation) => parse(operation.output_schema).map(Arc::new),
            Kind::Composite(_) | Kind::Custom(_) => None,
        }
    }
}

fn parse(schema: &str) -> Option<Object> {
    serde_json::from_str(schema).ok()
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
            .map(|operation| Entry {
                paths,
                ..Entry::new(Kind::Operation(operation))
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
            let settled = entry.operation().and_then(|op| op.settled.confirm);
            entry.policy = guard.policies().of(entry.name(), entry.risk(), settled);
        }
        let index = entries
            .iter()
            .enumerate()
            .map(|(i, e)| (e.name().to_owned(), i))
            .collect();
        Self {
            api,
            entries,
            index,
            extensions,
            upstream: upstream.map(Arc::new),
            guard,
            clock,
            calls: Semaphore::new(MAX_CALLS),
            steps: Semaphore::new(MAX_CALLS),
        }
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
        let Ok(_slot) = self.calls.try_acquire() else {
            tracing::warn!(tool = entry.name(), "refused: too many calls at a time");
            return result::refused(
                ErrorKind::RateLimited,
                &format!(
                    "Rate limited: this server works on {MAX_CALLS} calls already, so nothing was sent. Try again when some of them are answered."
                ),
            );
        };
        let mut call = std::pin::pin!(self.dispatch(entry, arguments, defects, caller));
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
                if let Err(result) = self.confirmed(entry, call, &arguments).await {
                    return result;
                }
                let limit = tool.timeout.unwrap_or(upstream.settings().timeout);
                let run = (tool.run)(arguments, Client::over(Arc::clone(upstream)));
                match tokio::time::timeout(limit, run).await {
                    Ok(Ok(value)) => result::custom(value),
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
        let entry = self.find(operation.tool);
        let (Some(entry), Ok(_slot)) = (entry, self.steps.acquire().await) else {
            return Err(result::refused(
                ErrorKind::Refused,
                &format!("{} is switched off, so nothing was sent.", operation.tool),
            ));
        };
        let exchange = self
            .exchange(
                entry,
                operation,
                upstream,
                arguments,
                &Defects::unknown(),
                None,
            )
            .await?;
        Ok((entry, exchange))
    }

    /// An exchange in which nothing repeats what settings conceal.
    async fn exchange(
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
            Err(result) => Err(concealed.in_result(result)),
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
        let full = result::take_unlisted(operation, &mut arguments);
        let invalid = |problems| self.invalid(operation.tool, &problems);
        let texts = exact::in_texts(&arguments);
        let mut arguments =
            arguments::check_exactly(operation, entry.input(), arguments, defects, &texts)
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
        let request = request::build(operation, &arguments)
            .map_err(|error| result::refused(ErrorKind::Validation, &error.to_string()))?;
        let admitted = match call {
            Some(call) if call.said.dry_run => {
                return Err(self.rehearsed(entry, operation, upstream, request).await);
            }
            Some(call) => {
                self.admitted(entry, operation, call, &arguments, &request)
                    .await?
            }
            None => Admitted::unguarded(),
        };
        let sent = upstream.send(operation, request).await;
        admitted.settle(outcome(operation, &sent)).await;
        match sent {
            Ok(reply) if reply.is_success() => Ok(Exchange {
                wish,
                given,
                clamped,
                reply,
            }),
            Ok(reply) => {
                tracing::info!(
                    tool = operation.tool,
                    status = reply.status,
                    "the service refused"
                );
                let result = result::rejected(operation, &reply);
                Err(result::advised(operation.settled, result, &reply))
            }
            Err(failure) => {
                tracing::warn!(tool = operation.tool, %failure, "no usable answer");
                let result = result::failure(operation, &failure);
                Err(result::complete(result, schema))
            }
        }
    }

    /// Whether a call that is no single request may go on.
    pub(crate) async fn confirmed(
        &self,
        entry: &Entry,
        call: Call<'_>,
        arguments: &Object,
    ) -> Result<(), ToolResult> {
        let matter = entry.matter(arguments, None);
        if call.said.dry_run {
            let text = "Nothing was sent. This tool makes several requests, which cannot be shown before; call it without dry_run, or the tools that it stands for with it.";
            return Err(ToolResult::error(ErrorKind::Refused, text));
        }
        let (caller, said) = (call.caller, call.said);
        let admitted = self.guard.admit(entry.policy, caller, said, &matter).await;
        self.said(entry, admitted)
    }

    /// Whether a request may go out: it is none that was just made, and who has to agree did.
    async fn admitted(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        call: Call<'_>,
        arguments: &Object,
        request: &request::Request,
    ) -> Result<Admitted, ToolResult> {
        let (caller, said) = (call.caller, call.said);
        let first = self.guard.first(caller, said, operation, arguments).await;
        let admitted = first.inspect_err(|_| {
            tracing::info!(
                tool = operation.tool,
                "not sent: the same call a second time"
            );
        })?;
        let mut policy = entry.policy;
        let query = if request.query.is_empty() { "" } else { "?" };
        let line = format!(
            "{} {}{query}{}",
            request.method, request.path, request.query
        );
        let mut matter = entry.matter(arguments, Some(line));
        if let Some(suspicion) = &admitted.suspicion {
            policy = policy.max(Policy::Auto);
            matter.reason = Some(suspicion.clone());
        }
        let agreed = self.guard.admit(policy, caller, said, &matter).await;
        match self.said(entry, agreed) {
            Ok(()) => Ok(admitted),
            Err(result) => {
                admitted.settle(Outcome::NotDone).await;
                Err(result)
            }
        }
    }

    /// Notes a refusal.
    fn said(&self, entry: &Entry, admitted: Result<(), ToolResult>) -> Result<(), ToolResult> {
        admitted.inspect_err(|_| tracing::info!(tool = entry.name(), "not confirmed, not sent"))
    }

    /// The request as it would be sent.
    async fn rehearsed(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        request: request::Request,
    ) -> ToolResult {
        match upstream.sketch(operation, request).await {
            Ok(sketch) => {
                let text = format!("Dry run: nothing was sent. The request would be:\n{sketch}");
                let schema = entry.output().map(AsRef::as_ref);
                result::complete(ToolResult::text(text), schema)
            }
            Err(failure) => result::failure(operation, &failure),
        }
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
        } = exchange;
        let empty = reply.payload == Payload::Empty;
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
        };
        let schema = entry.output().map(AsRef::as_ref);
        let result = result::success(operation, schema, reply.status, payload, &asked);
        let result = if empty || reply.status == 201 {
            result::with_fields(operation, result, &reply.headers)
        } else {
            result
        };
        result::with_digits(operation, result, &reply.inexact)
    }

    /// What of a JSON answer may be looked at for what is shown: hooks have seen it, and what is never
    /// shown is gone.
    pub(crate) fn seen(&self, operation: &'static OperationDef, value: Value) -> Value {
        let mut value = self.extensions.run_after(value, &info(operation));
        result::redact(operation.settled, &mut value);
        value
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
        ToolResult::error(
            ErrorKind::Validation,
            arguments::report(tool, problems, self.clock),
        )
    }
}

const fn info(operation: &'static OperationDef) -> CallInfo {
    CallInfo {
        tool: operation.tool,
        operation,
    }
}

/// What became of a request, for who asks for the same again.
fn outcome(operation: &OperationDef, sent: &Result<Reply, Failure>) -> Outcome {
    match sent {
        Ok(reply) if reply.is_success() => Outcome::Done(result::made(&reply.payload)),
        Ok(reply) if result::is_ambiguous(reply.status) => Outcome::Unknown,
        Ok(_) => Outcome::NotDone,
        Err(failure) if result::failure(operation, failure).error == Some(ErrorKind::Unknown) => {
            Outcome::Unknown
        }
        Err(failure) if failure.may_have_arrived() => Outcome::Done(String::new()),
        Err(_) => Outcome::NotDone,
    }
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
        dated: false,
    });
    let inexact = defects.inexact.iter().map(|(pointer, text)| Problem {
        pointer: pointer.clone(),
        message: format!(
            "the number {} has more digits than can be sent exactly here; write it without an exponent, or shorter.",
            crate::text::cap(text, 60)
        ),
        dated: false,
    });
    Problems::first_of(defects.total, duplicates.chain(inexact).collect())
}
