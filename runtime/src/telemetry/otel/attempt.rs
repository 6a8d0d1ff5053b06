//! Requests to the service, one for each attempt: the span kind CLIENT and `http.client.request.duration`
//! (conventions for HTTP). `url.full` is left out, since paths and queries hold arguments and credentials.

use std::time::Instant;

use opentelemetry::trace::{SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, Value};
use reqwest::header::{HeaderName, HeaderValue};

use super::{RECORDER, Recorder};
use crate::operation::OperationDef;

/// W3C Trace Context.
const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");

/// A request that is on its way. One that is dropped before its end was given up.
#[derive(Debug)]
pub(crate) struct Attempt(Option<Running>);

#[derive(Debug)]
struct Running {
    recorder: &'static Recorder,
    context: Context,
    /// Those that metrics have, too.
    attributes: Vec<KeyValue>,
    begin: Instant,
    outcome: Result<u16, &'static str>,
}

impl Attempt {
    /// Begins; the request is told of its trace if the operator wants that. `resent`: how often it was sent before.
    pub(crate) fn begin(
        operation: &OperationDef,
        request: &mut reqwest::Request,
        resent: u32,
    ) -> Self {
        let Some(recorder) = RECORDER.get() else {
            return Self(None);
        };
        let url = request.url();
        let mut attributes = vec![
            KeyValue::new("http.request.method", operation.method),
            KeyValue::new("url.template", operation.path),
            KeyValue::new(
                "server.address",
                url.host_str().unwrap_or_default().to_owned(),
            ),
        ];
        if let Some(port) = url.port_or_known_default() {
            attributes.push(KeyValue::new("server.port", i64::from(port)));
        }
        let mut of_span = attributes.clone();
        if resent > 0 {
            of_span.push(KeyValue::new(
                "http.request.resend_count",
                i64::from(resent),
            ));
        }
        let name = format!("{} {}", operation.method, operation.path);
        let builder = recorder
            .tracer
            .span_builder(name)
            .with_kind(SpanKind::Client)
            .with_attributes(of_span);
        let parent = Context::current();
        let span = recorder.tracer.build_with_context(builder, &parent);
        let context = parent.with_span(span);
        if recorder.tells_service {
            tell(&context, request);
        }
        Self(Some(Running {
            recorder,
            context,
            attributes,
            begin: Instant::now(),
            outcome: Err("cancelled"),
        }))
    }

    /// Ends with a status, or with what went wrong.
    pub(crate) fn end(mut self, outcome: Result<u16, &'static str>) {
        if let Some(running) = &mut self.0 {
            running.outcome = outcome;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut attributes = std::mem::take(&mut self.attributes);
        let span = self.context.span();
        let mut put = |name: &'static str, value: Value| {
            let pair = KeyValue::new(name, value);
            span.set_attribute(pair.clone());
            attributes.push(pair);
        };
        let failed = match self.outcome {
            Ok(status) => {
                put("http.response.status_code", i64::from(status).into());
                (status >= 400).then(|| status.to_string())
            }
            Err(kind) => Some(kind.to_owned()),
        };
        if let Some(kind) = failed {
            put("error.type", kind.into());
            span.set_status(Status::error(""));
        }
        span.end();
        let seconds = self.begin.elapsed().as_secs_f64();
        self.recorder.requests.record(seconds, &attributes);
    }
}

/// Puts the span into the header section, where an argument of the document's does not stand already.
fn tell(context: &Context, request: &mut reqwest::Request) {
    let span = context.span();
    let span = span.span_context();
    let headers = request.headers_mut();
    if !span.is_valid() || headers.contains_key(PARENT) {
        return;
    }
    let parent = format!(
        "00-{}-{}-{:02x}",
        span.trace_id(),
        span.span_id(),
        span.trace_flags().to_u8() & 1
    );
    if let Ok(parent) = HeaderValue::from_str(&parent) {
        headers.insert(PARENT, parent);
    }
    let state = span.trace_state().header();
    if !state.is_empty()
        && let Ok(state) = HeaderValue::from_str(&state)
    {
        headers.insert(STATE, state);
    }
}
