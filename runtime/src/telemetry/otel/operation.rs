//! Requests of MCP: the span kind SERVER, `mcp.server.operation.duration` and `mcp.server.session.duration`
//! (conventions for the Model Context Protocol, status Development). Arguments, results, callers and texts of
//! errors, which repeat arguments, are in neither.

use std::future::Future;
use std::time::Instant;

use opentelemetry::trace::{
    FutureExt as _, Link, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags,
    TraceId, TraceState, Tracer as _,
};
use opentelemetry::{Context, KeyValue};

use super::{RECORDER, Recorder};
use crate::telemetry::{Begun, Ended, Parent, Target, Transport};

/// A request that is being answered. One that is dropped before its end was given up.
#[derive(Debug)]
pub(crate) struct Operation(Option<Running>);

#[derive(Debug)]
struct Running {
    recorder: &'static Recorder,
    context: Context,
    /// Those that metrics have, too.
    attributes: Vec<KeyValue>,
    begin: Instant,
    ended: Option<Ended>,
}

impl Operation {
    /// One that nobody watches.
    pub(crate) const NONE: Self = Self(None);

    /// Begins.
    pub(crate) fn begin(begun: Begun<'_>) -> Self {
        let Some(recorder) = RECORDER.get() else {
            return Self(None);
        };
        let mut attributes = vec![KeyValue::new("mcp.method.name", begun.method)];
        let name = match begun.target {
            Target::None => begun.method.into(),
            Target::Tool(tool) => {
                attributes.push(KeyValue::new("gen_ai.operation.name", "execute_tool"));
                attributes.push(KeyValue::new("gen_ai.tool.name", tool.to_owned()));
                format!("{} {tool}", begun.method)
            }
            Target::Prompt(prompt) => {
                attributes.push(KeyValue::new("gen_ai.prompt.name", prompt.to_owned()));
                format!("{} {prompt}", begun.method)
            }
        };
        if let Some(version) = begun.version {
            attributes.push(KeyValue::new("mcp.protocol.version", version));
        }
        attributes.extend(of_transport(begun.transport));
        let mut of_span = attributes.clone();
        of_span.push(KeyValue::new("jsonrpc.request.id", begun.id));
        let links = begun
            .carrier
            .as_ref()
            .map(|carrier| Link::with_context(remote(carrier)));
        let builder = recorder
            .tracer
            .span_builder(name)
            .with_kind(SpanKind::Server)
            .with_attributes(of_span)
            .with_links(links.into_iter().collect());
        let parent = match &begun.parent {
            Some(parent) => Context::new().with_remote_span_context(remote(parent)),
            None => Context::new(),
        };
        let span = recorder.tracer.build_with_context(builder, &parent);
        Self(Some(Running {
            recorder,
            context: parent.with_span(span),
            attributes,
            begin: Instant::now(),
            ended: None,
        }))
    }

    /// Does its work, of which `ended` says how it ended.
    pub(crate) async fn of<T, E>(
        self,
        work: impl Future<Output = Result<T, E>>,
        ended: impl FnOnce(&Result<T, E>) -> Ended,
    ) -> Result<T, E> {
        let Some(mut running) = self.0 else {
            return work.await;
        };
        let result = work.with_context(running.context.clone()).await;
        running.ended = Some(ended(&result));
        result
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut attributes = std::mem::take(&mut self.attributes);
        let kind = match self.ended {
            Some(Ended::Well) => None,
            Some(Ended::ToolError) => Some("tool_error".to_owned()),
            Some(Ended::Error(code)) => {
                let status = KeyValue::new("rpc.response.status_code", code.to_string());
                self.context.span().set_attribute(status.clone());
                attributes.push(status);
                Some(code.to_string())
            }
            None => Some("cancelled".to_owned()),
        };
        let span = self.context.span();
        if let Some(kind) = kind {
            let kind = KeyValue::new("error.type", kind);
            span.set_attribute(kind.clone());
            span.set_status(Status::error(""));
            attributes.push(kind);
        }
        span.end();
        let seconds = self.begin.elapsed().as_secs_f64();
        self.recorder.operations.record(seconds, &attributes);
    }
}

/// A connection for as long as it lasts; over HTTP there are none.
#[derive(Debug)]
pub(crate) struct Session {
    transport: Transport,
    begin: Instant,
}

impl Session {
    /// Begins.
    pub(crate) fn begin(transport: Transport) -> Self {
        Self {
            transport,
            begin: Instant::now(),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(recorder) = RECORDER.get() {
            let seconds = self.begin.elapsed().as_secs_f64();
            let attributes: Vec<KeyValue> = of_transport(self.transport).collect();
            recorder.sessions.record(seconds, &attributes);
        }
    }
}

fn of_transport(transport: Transport) -> impl Iterator<Item = KeyValue> {
    let pairs: &[(&str, &str)] = match transport {
        Transport::Pipe => &[("network.transport", "pipe")],
        #[cfg(feature = "http")]
        Transport::Http => &[
            ("network.transport", "tcp"),
            ("network.protocol.name", "http"),
            ("network.protocol.version", "1.1"),
        ],
    };
    pairs
        .iter()
        .map(|(name, value)| KeyValue::new(*name, *value))
}

/// A span of somebody else.
fn remote(parent: &Parent) -> SpanContext {
    let flags = if parent.sampled {
        TraceFlags::SAMPLED
    } else {
        TraceFlags::default()
    };
    SpanContext::new(
        TraceId::from_hex(parent.trace()).unwrap_or(TraceId::INVALID),
        SpanId::from_hex(&parent.span).unwrap_or(SpanId::INVALID),
        flags,
        true,
        parent.state.parse::<TraceState>().unwrap_or_default(),
    )
}
