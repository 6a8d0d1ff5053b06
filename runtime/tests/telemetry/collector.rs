//! A collector: a real HTTP endpoint that reads what is sent to it by the published messages of OTLP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// What came in.
#[derive(Clone, Default)]
pub struct Collector {
    requests: Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>,
}

/// Attributes as texts, in order.
pub type Attributes = BTreeMap<String, String>;

/// A point of a histogram.
#[derive(Debug)]
pub struct Point {
    pub metric: String,
    pub unit: String,
    pub bounds: Vec<f64>,
    pub attributes: Attributes,
    pub count: u64,
}

/// Starts one; gives its address.
pub async fn start() -> (String, Collector) {
    let collector = Collector::default();
    let router = Router::new().fallback(take).with_state(collector.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, collector)
}

async fn take(State(collector): State<Collector>, uri: Uri, headers: HeaderMap, body: Bytes) {
    let mut requests = collector.requests.lock().unwrap();
    requests.push((uri.path().to_owned(), headers, body));
}

pub fn attributes(pairs: &[KeyValue]) -> Attributes {
    let text = |pair: &KeyValue| match pair.value.as_ref().and_then(|any| any.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{other:?}"),
    };
    pairs
        .iter()
        .map(|pair| (pair.key.clone(), text(pair)))
        .collect()
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Collector {
    fn bodies(&self, path: &str) -> Vec<(HeaderMap, Bytes)> {
        let requests = self.requests.lock().unwrap();
        let of_path = requests.iter().filter(|(sent, _, _)| sent == path);
        of_path
            .map(|(_, headers, body)| (headers.clone(), body.clone()))
            .collect()
    }

    /// Everything that came in, as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .flat_map(|(_, _, body)| body.to_vec())
            .collect()
    }

    /// The fields of the first request.
    pub fn headers(&self) -> HeaderMap {
        self.requests.lock().unwrap()[0].1.clone()
    }

    fn traces(&self) -> Vec<ExportTraceServiceRequest> {
        let bodies = self.bodies("/v1/traces").into_iter();
        bodies
            .map(|(headers, body)| {
                assert_eq!(headers["content-type"], "application/x-protobuf");
                ExportTraceServiceRequest::decode(body).unwrap()
            })
            .collect()
    }

    /// What the server says that it is.
    pub fn resource(&self) -> Attributes {
        let traces = self.traces();
        attributes(
            &traces[0].resource_spans[0]
                .resource
                .as_ref()
                .unwrap()
                .attributes,
        )
    }

    pub fn spans(&self) -> Vec<Span> {
        let traces = self.traces().into_iter();
        let resources = traces.flat_map(|request| request.resource_spans);
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// The spans of a name, in the order of their beginning.
    pub fn named(&self, name: &str) -> Vec<Span> {
        let mut spans = self.spans();
        spans.retain(|span| span.name == name);
        spans.sort_by_key(|span| span.start_time_unix_nano);
        spans
    }

    /// The points of the last export of metrics.
    pub fn points(&self) -> Vec<Point> {
        let (_, body) = self.bodies("/v1/metrics").pop().expect("metrics were sent");
        let request = ExportMetricsServiceRequest::decode(body).unwrap();
        let resources = request.resource_metrics.into_iter();
        let scopes = resources.flat_map(|resource| resource.scope_metrics);
        scopes
            .flat_map(|scope| scope.metrics)
            .flat_map(|metric| {
                let Some(Data::Histogram(histogram)) = metric.data else {
                    panic!("{metric:?}")
                };
                let points = histogram.data_points.into_iter();
                points
                    .map(|point| Point {
                        metric: metric.name.clone(),
                        unit: metric.unit.clone(),
                        bounds: point.explicit_bounds.clone(),
                        attributes: attributes(&point.attributes),
                        count: point.count,
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}
