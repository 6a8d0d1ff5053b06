//! The numbers of this process, in the text form of Prometheus (OpenMetrics 1.0).

use std::sync::OnceLock;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// One server is one process.
static NUMBERS: OnceLock<Numbers> = OnceLock::new();

/// Seconds (OpenTelemetry, `mcp.server.operation.duration`).
const SECONDS: [f64; 14] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];
/// Tokens of results.
const TOKENS: [f64; 9] = [
    50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0, 25_000.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOperation {
    mcp_method_name: &'static str,
    gen_ai_tool_name: String,
    error_type: &'static str,
    error_kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfExchange {
    gen_ai_tool_name: String,
    http_request_method: &'static str,
    http_response_status_code: String,
    error_type: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfTool {
    gen_ai_tool_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOutcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfReason {
    reason: &'static str,
}

#[derive(Debug)]
struct Numbers {
    registry: Registry,
    operations: Family<OfOperation, Histogram, fn() -> Histogram>,
    exchanges: Family<OfExchange, Histogram, fn() -> Histogram>,
    tokens: Family<OfTool, Histogram, fn() -> Histogram>,
    decisions: Family<OfOutcome, Counter>,
    duplicates: Counter,
    refusals: Family<OfReason, Counter>,
    calls: Gauge,
    state: Gauge,
    audit: Gauge,
    other_tools: Gauge,
}

/// Begins to count.
pub(crate) fn install() {
    NUMBERS.get_or_init(Numbers::new);
}

/// All numbers so far, as text of the media type `application/openmetrics-text`; none if nothing is counted.
pub(crate) fn text() -> Option<String> {
    let mut out = String::new();
    encode(&mut out, &NUMBERS.get()?.registry).ok()?;
    Some(out)
}

/// Whether what replicas share can be asked.
pub(crate) fn state(is_there: bool) {
    if let Some(numbers) = NUMBERS.get() {
        numbers.state.set(i64::from(is_there));
    }
}

/// Whether the audit log can be written, or there is none.
pub(crate) fn audit(is_well: bool) {
    if let Some(numbers) = NUMBERS.get() {
        numbers.audit.set(i64::from(is_well));
    }
}

/// Whether the tools are not those of the last start.
pub(crate) fn other_tools(are_there: bool) {
    if let Some(numbers) = NUMBERS.get() {
        numbers.other_tools.set(i64::from(are_there));
    }
}

pub(super) fn operation(
    method: &'static str,
    (tool, error, kind): (&str, &'static str, &'static str),
    time: Duration,
) {
    let Some(numbers) = NUMBERS.get() else { return };
    let labels = OfOperation {
        mcp_method_name: method,
        gen_ai_tool_name: tool.to_owned(),
        error_type: error,
        error_kind: kind,
    };
    let one = numbers.operations.get_or_create(&labels);
    one.observe(time.as_secs_f64());
    drop(one);
    if kind == "duplicate" {
        numbers.duplicates.inc();
    }
}

pub(super) fn exchange(
    tool: &str,
    method: &'static str,
    outcome: Result<u16, &'static str>,
    time: Duration,
) {
    let Some(numbers) = NUMBERS.get() else { return };
    let labels = OfExchange {
        gen_ai_tool_name: tool.to_owned(),
        http_request_method: method,
        // A service may answer with any three digits.
        http_response_status_code: match outcome {
            Ok(status @ 100..=599) => status.to_string(),
            Ok(_) => "other".to_owned(),
            Err(_) => String::new(),
        },
        error_type: outcome.err().unwrap_or_default(),
    };
    let one = numbers.exchanges.get_or_create(&labels);
    one.observe(time.as_secs_f64());
}

pub(super) fn decided(outcome: &'static str) {
    if let Some(numbers) = NUMBERS.get() {
        numbers
            .decisions
            .get_or_create(&OfOutcome { outcome })
            .inc();
    }
}

pub(super) fn refused(reason: &'static str) {
    if let Some(numbers) = NUMBERS.get() {
        numbers.refusals.get_or_create(&OfReason { reason }).inc();
    }
}

pub(super) fn result_tokens(tool: &str, tokens: u64) {
    let Some(numbers) = NUMBERS.get() else { return };
    let labels = OfTool {
        gen_ai_tool_name: tool.to_owned(),
    };
    // A result has fewer than 2^53 tokens.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let tokens = tokens as f64;
    numbers.tokens.get_or_create(&labels).observe(tokens);
}

pub(super) fn in_flight(change: i64) {
    if let Some(numbers) = NUMBERS.get() {
        numbers.calls.inc_by(change);
    }
}

fn of_time() -> Histogram {
    Histogram::new(SECONDS)
}

fn of_tokens() -> Histogram {
    Histogram::new(TOKENS)
}

impl Numbers {
    fn new() -> Self {
        let mut this = Self {
            registry: Registry::default(),
            operations: Family::new_with_constructor(of_time),
            exchanges: Family::new_with_constructor(of_time),
            tokens: Family::new_with_constructor(of_tokens),
            decisions: Family::default(),
            duplicates: Counter::default(),
            refusals: Family::default(),
            calls: Gauge::default(),
            state: Gauge::default(),
            audit: Gauge::default(),
            other_tools: Gauge::default(),
        };
        this.state.set(1);
        this.audit.set(1);
        let registry = &mut this.registry;
        registry.register_with_unit(
            "mcp_server_operation_duration",
            "Time of a request of MCP",
            Unit::Seconds,
            this.operations.clone(),
        );
        registry.register_with_unit(
            "http_client_request_duration",
            "Time of a request to the service, one for each attempt",
            Unit::Seconds,
            this.exchanges.clone(),
        );
        registry.register(
            "mcp_result_tokens_estimate",
            "Tokens of results, four bytes of text each",
            this.tokens.clone(),
        );
        registry.register(
            "mcp_confirmations",
            "How calls were confirmed or refused",
            this.decisions.clone(),
        );
        registry.register(
            "mcp_duplicates_suppressed",
            "Writes that were not made a second time",
            this.duplicates.clone(),
        );
        registry.register(
            "mcp_requests_refused",
            "Requests that were refused so that others are served",
            this.refusals.clone(),
        );
        registry.register(
            "mcp_calls_in_flight",
            "Calls that are being answered",
            this.calls.clone(),
        );
        registry.register(
            "mcp_shared_state_up",
            "1 if what replicas share could be asked when it was last asked",
            this.state.clone(),
        );
        registry.register(
            "mcp_audit_log_up",
            "0 if there is an audit log that could not be written when it was last tried: writes are refused",
            this.audit.clone(),
        );
        registry.register(
            "mcp_tool_list_changed",
            "1 if the tools are not those of the last start; known where there is an audit log",
            this.other_tools.clone(),
        );
        this
    }
}
