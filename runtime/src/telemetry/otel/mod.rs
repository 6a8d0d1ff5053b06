//! Spans and metrics by the OpenTelemetry conventions, and how they are sent. Nothing here waits: spans go into a
//! queue that is emptied by a thread of its own, and what does not fit into it is dropped.
//!
//! | file | subject |
//! |---|---|
//! | `settings.rs` | what the operator configures, by the standard variables |
//! | `sender.rs` | OTLP over HTTP, with the client library that the service is asked with |
//! | `operation.rs` | a request of MCP |
//! | `attempt.rs` | a request to the service |

mod attempt;
mod operation;
mod sender;
mod settings;

use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use opentelemetry::metrics::{Histogram, Meter, MeterProvider as _};
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tokio::runtime::{Builder, Runtime};

pub(crate) use attempt::Attempt;
pub(crate) use operation::{Operation, Session};

use crate::operation::Api;
use crate::upstream::ConfigError;
use sender::Sender;
use settings::Settings;

/// Longest wait at the end of the process for what was not sent yet.
const LAST: Duration = Duration::from_secs(2);
/// Seconds (MCP conventions, `mcp.server.operation.duration` and `mcp.server.session.duration`).
const OF_MCP: [f64; 14] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];
/// Seconds (HTTP conventions, `http.client.request.duration`).
const OF_HTTP: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// One server is one process.
static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// What spans and metrics are recorded with.
#[derive(Debug)]
struct Recorder {
    tracer: SdkTracer,
    operations: Histogram<f64>,
    sessions: Histogram<f64>,
    requests: Histogram<f64>,
    /// Whether the service is told of the trace.
    tells_service: bool,
}

/// Whether anything is recorded.
pub(crate) fn is_on() -> bool {
    RECORDER.get().is_some()
}

/// The trace that is being worked on, 32 hexadecimal digits.
pub(crate) fn trace_id() -> Option<String> {
    Context::map_current(|context| {
        let span = context.span();
        let span = span.span_context();
        span.is_valid().then(|| span.trace_id().to_string())
    })
}

/// What sends spans and metrics until the process ends.
#[derive(Debug)]
pub(crate) struct Exporter(Option<Providers>);

#[derive(Debug)]
struct Providers {
    traces: SdkTracerProvider,
    metrics: SdkMeterProvider,
    runtime: Runtime,
}

impl Exporter {
    /// Begins to record, if the operator says where to.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn start(
        api: &Api,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let Some(settings) = Settings::read(api.env_prefix, variable)? else {
            return Ok(Self(None));
        };
        let wrong = |error: &dyn std::fmt::Display| ConfigError(format!("OpenTelemetry: {error}"));
        // Of its own: the one that answers calls may have a single thread, and ends before the last spans do.
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("telemetry")
            .enable_all()
            .build()
            .map_err(|error| wrong(&error))?;
        let resource = resource(api, variable);
        let mut traces = SdkTracerProvider::builder().with_resource(resource.clone());
        traces = match settings.traces {
            Some(timeout) => {
                let sender = Sender::new(runtime.handle().clone(), &settings, "traces", timeout)?;
                let exporter = SpanExporter::builder().with_http();
                let exporter = exporter.with_http_client(sender).build();
                traces.with_batch_exporter(exporter.map_err(|error| wrong(&error))?)
            }
            None => traces.with_sampler(Sampler::AlwaysOff),
        };
        let mut metrics = SdkMeterProvider::builder().with_resource(resource);
        if let Some(timeout) = settings.metrics {
            let sender = Sender::new(runtime.handle().clone(), &settings, "metrics", timeout)?;
            let exporter = MetricExporter::builder().with_http();
            let exporter = exporter.with_http_client(sender).build();
            metrics = metrics.with_periodic_exporter(exporter.map_err(|error| wrong(&error))?);
        }
        let providers = Providers {
            traces: traces.build(),
            metrics: metrics.build(),
            runtime,
        };
        RECORDER.get_or_init(|| Recorder::new(&providers, settings.tells_service));
        Ok(Self(Some(providers)))
    }

    /// Sends what was not sent yet, for [`LAST`] at most.
    pub(crate) fn finish(self) {
        let Some(Providers {
            traces,
            metrics,
            runtime,
        }) = self.0
        else {
            return;
        };
        let (done, ended) = channel();
        for end in [
            Box::new(move || traces.shutdown_with_timeout(LAST)) as Box<dyn FnOnce() -> _ + Send>,
            // It waits for its exporter, however long that takes.
            Box::new(move || metrics.shutdown_with_timeout(LAST)),
        ] {
            let done = done.clone();
            // Without a thread nothing is sent, and nobody waits.
            let _ = std::thread::Builder::new()
                .name("telemetry-end".to_owned())
                .spawn(move || {
                    let _ = end();
                    let _ = done.send(());
                });
        }
        drop(done);
        let begin = Instant::now();
        while ended
            .recv_timeout(LAST.saturating_sub(begin.elapsed()))
            .is_ok()
        {}
        runtime.shutdown_background();
    }
}

impl Recorder {
    fn new(providers: &Providers, tells_service: bool) -> Self {
        let scope = InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        let meter = providers.metrics.meter_with_scope(scope.clone());
        Self {
            tracer: providers.traces.tracer_with_scope(scope),
            operations: seconds(
                &meter,
                "mcp.server.operation.duration",
                "The duration of the MCP request or notification as observed on the receiver from the time it was received until the result or ack is sent.",
                &OF_MCP,
            ),
            sessions: seconds(
                &meter,
                "mcp.server.session.duration",
                "The duration of the MCP session as observed on the MCP server.",
                &OF_MCP,
            ),
            requests: seconds(
                &meter,
                "http.client.request.duration",
                "Duration of HTTP client requests.",
                &OF_HTTP,
            ),
            tells_service,
        }
    }
}

fn seconds(
    meter: &Meter,
    name: &'static str,
    description: &'static str,
    bounds: &[f64],
) -> Histogram<f64> {
    let histogram = meter.f64_histogram(name).with_unit("s");
    let histogram = histogram.with_description(description);
    histogram.with_boundaries(bounds.to_vec()).build()
}

/// What this server is: the operator's words count more than ours.
fn resource(api: &Api, variable: &dyn Fn(&str) -> Option<String>) -> Resource {
    let builder = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", api.name),
            KeyValue::new("service.version", api.version),
            KeyValue::new("mcpwright.document.sha256", api.document_sha256),
        ])
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_detector(Box::new(EnvResourceDetector::new()));
    match variable("OTEL_SERVICE_NAME").filter(|name| !name.is_empty()) {
        Some(name) => builder.with_service_name(name),
        None => builder,
    }
    .build()
}
