//! Traces and metrics: a real process, a real HTTP service, and a collector that reads OTLP.
//! `cargo build --package mcpwright-runtime --features otel --examples` first, then
//! `cargo test --package mcpwright-runtime --features otel --test telemetry`.
#![cfg(all(unix, feature = "otel", feature = "http"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod collector;
#[path = "../common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use collector::{Collector, attributes, hexadecimal};
use common::http::{Http, ask, start_with};
use common::process::{Server, command, ends_well, modern, terminate};
use common::upstream;
use serde_json::{Value, json};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";
const SERVER: i32 = 2;
const CLIENT: i32 = 3;
const ERROR: i32 = 2;

fn parent() -> String {
    format!("00-{TRACE}-{SPAN}-01")
}

/// A server over HTTP that sends to a collector.
async fn start(base: &str, collector: &str, more: &[(&str, &str)]) -> Http {
    let mut variables = vec![
        ("FIX_BASE_URL", base),
        ("FIX_TOKEN", "token-canary"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=header-canary"),
    ];
    variables.extend_from_slice(more);
    start_with(&variables, &[]).await
}

async fn call(server: &Http, fields: &str, params: Value) -> Value {
    ask(server, "", fields, "tools/call", params).await.1
}

async fn end(mut server: Http) {
    terminate(&server.child);
    ends_well(&mut server.child).await;
}

/// A call that says which trace it belongs to; [`modern`] writes `_meta` anew.
async fn traced(server: &Http, fields: &str, name: &str, arguments: Value) {
    let mut message = modern(
        1,
        "tools/call",
        json!({"name": name, "arguments": arguments}),
    );
    message["params"]["_meta"]["traceparent"] = json!(parent());
    message["params"]["_meta"]["tracestate"] = json!("congo=t61rcWkgMzE");
    let request = common::http::post(&server.address, "tools/call", fields, &message.to_string());
    let (status, body) = common::http::raw(&server.address, &request).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn a_call_is_a_span_of_its_callers_trace_with_one_for_each_request_below_it() {
    let (base, _ledger) = upstream::start().await;
    let (address, collected) = collector::start().await;
    let server = start(&base, &address, &[("OTEL_SERVICE_NAME", "crm-tools")]).await;
    traced(&server, "", "probe", json!({"what": "503", "n": 5})).await;
    // What was not sent yet is sent at the end.
    end(server).await;

    assert_eq!(collected.headers()["api-key"], "header-canary");
    let resource = collected.resource();
    assert_eq!(resource["service.name"], "crm-tools");
    assert_eq!(resource["telemetry.sdk.language"], "rust");
    assert!(resource.contains_key("service.version"), "{resource:?}");
    assert!(
        resource.contains_key("mcpwright.document.sha256"),
        "{resource:?}"
    );

    let [call] = &collected.named("tools/call probe")[..] else {
        panic!("{:?}", collected.spans())
    };
    assert_eq!(call.kind, SERVER);
    assert_eq!(hexadecimal(&call.trace_id), TRACE);
    assert_eq!(hexadecimal(&call.parent_span_id), SPAN);
    assert_eq!(call.trace_state, "congo=t61rcWkgMzE");
    assert_eq!(
        Value::from(
            attributes(&call.attributes)
                .into_iter()
                .map(|(k, v)| (k, json!(v)))
                .collect::<serde_json::Map<_, _>>()
        ),
        json!({
            "mcp.method.name": "tools/call",
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "probe",
            "mcp.protocol.version": "2026-07-28",
            "jsonrpc.request.id": "1",
            "network.transport": "tcp",
            "network.protocol.name": "http",
            "network.protocol.version": "1.1",
            "error.type": "tool_error",
        })
    );
    assert_eq!(call.status.as_ref().unwrap().code, ERROR);
    assert_eq!(
        call.status.as_ref().unwrap().message,
        "",
        "it would repeat arguments"
    );

    let attempts = collected.named("GET /x/{what}");
    assert_eq!(attempts.len(), 3, "503 is asked again");
    for (number, attempt) in attempts.iter().enumerate() {
        assert_eq!(attempt.kind, CLIENT);
        assert_eq!(attempt.parent_span_id, call.span_id);
        assert_eq!(attempt.trace_id, call.trace_id);
        let attributes = attributes(&attempt.attributes);
        let text = |name: &str| attributes.get(name).map(String::as_str);
        assert_eq!(text("http.request.method"), Some("GET"));
        assert_eq!(text("url.template"), Some("/x/{what}"));
        assert_eq!(text("server.address"), Some("127.0.0.1"));
        assert!(base.contains(&format!(":{}", text("server.port").unwrap())));
        assert_eq!(text("http.response.status_code"), Some("503"));
        assert_eq!(text("error.type"), Some("503"));
        let resent = (number > 0).then(|| number.to_string());
        assert_eq!(text("http.request.resend_count"), resent.as_deref());
        assert_eq!(text("url.full"), None, "it holds arguments");
    }
}

#[tokio::test]
async fn metrics_have_the_names_units_and_bounds_of_the_conventions() {
    let (base, _ledger) = upstream::start().await;
    let (address, collected) = collector::start().await;
    let server = start(&base, &address, &[]).await;
    for _ in 0..3 {
        call(
            &server,
            "",
            json!({"name": "probe", "arguments": {"what": "a"}}),
        )
        .await;
    }
    call(
        &server,
        "",
        json!({"name": "probe", "arguments": {"n": []}}),
    )
    .await;
    call(&server, "", json!({"name": "canary-tool", "arguments": {}})).await;
    ask(&server, "", "", "tools/list", json!({})).await;
    end(server).await;

    let points = collected.points();
    let count = |metric: &str, labels: &[(&str, &str)]| -> u64 {
        let has = |point: &&collector::Point| {
            let mut labels = labels.iter();
            point.metric == metric
                && labels.all(|(name, value)| {
                    point.attributes.get(*name).map_or("", String::as_str) == *value
                })
        };
        points.iter().filter(has).map(|point| point.count).sum()
    };
    let operations = "mcp.server.operation.duration";
    let calls = ("mcp.method.name", "tools/call");
    for (labels, expected) in [
        (
            vec![calls, ("gen_ai.tool.name", "probe"), ("error.type", "")],
            3,
        ),
        (
            vec![
                calls,
                ("gen_ai.tool.name", "probe"),
                ("error.type", "tool_error"),
            ],
            1,
        ),
        // Names that are not ours are in no label.
        (
            vec![
                calls,
                ("gen_ai.tool.name", ""),
                ("error.type", "-32602"),
                ("rpc.response.status_code", "-32602"),
            ],
            1,
        ),
        (
            vec![("mcp.method.name", "tools/list"), ("error.type", "")],
            1,
        ),
        (vec![("jsonrpc.request.id", "")], 6),
    ] {
        assert_eq!(
            count(operations, &labels),
            expected,
            "{labels:?} {points:#?}"
        );
    }
    let requests = "http.client.request.duration";
    assert_eq!(count(requests, &[("http.response.status_code", "200")]), 3);
    for point in &points {
        assert_eq!(point.unit, "s");
        let first = if point.metric == requests {
            0.005
        } else {
            0.01
        };
        let last = if point.metric == requests {
            10.0
        } else {
            300.0
        };
        assert_eq!(point.bounds.first(), Some(&first), "{point:?}");
        assert_eq!(point.bounds.last(), Some(&last), "{point:?}");
    }
}

#[tokio::test]
async fn nothing_that_is_sent_holds_an_argument_an_answer_or_a_secret() {
    let (base, ledger) = upstream::start().await;
    let (address, collected) = collector::start().await;
    let server = start(&base, &address, &[]).await;
    for arguments in [
        json!({"what": "canary-path", "n": 41_414_141}),
        json!({"what": "a", "n": "canary-invalid", "canary-unknown": 1}),
    ] {
        call(
            &server,
            "",
            json!({"name": "probe", "arguments": arguments}),
        )
        .await;
    }
    call(&server, "", json!({"name": "canary-tool", "arguments": {}})).await;
    call(
        &server,
        "",
        json!({"name": "list_customers", "arguments": {}}),
    )
    .await;
    ask(&server, "", "", "canary/method", json!({})).await;
    ask(
        &server,
        "",
        "",
        "prompts/get",
        json!({"name": "canary-prompt"}),
    )
    .await;
    ask(
        &server,
        "",
        "Mcp-Name: x://canary\r\n",
        "resources/read",
        json!({"uri": "x://canary"}),
    )
    .await;
    end(server).await;
    assert_eq!(
        ledger.last().header("authorization"),
        Some("Bearer token-canary")
    );
    assert!(collected.spans().len() >= 9, "{:?}", collected.spans());
    let sent = String::from_utf8_lossy(&collected.bytes()).into_owned();
    for secret in ["canary", "41414141"] {
        assert!(!sent.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_trace_of_the_message_counts_and_that_of_its_http_request_is_linked() {
    let (base, _ledger) = upstream::start().await;
    let (address, collected) = collector::start().await;
    let server = start(&base, &address, &[]).await;
    let other = "0af7651916cd43dd8448eb211c80319c";
    let field = format!("traceparent: 00-{other}-b7ad6b7169203331-01\r\n");
    let probe = json!({"name": "probe", "arguments": {"what": "a"}});
    call(&server, &field, probe.clone()).await;
    traced(&server, &field, "probe", json!({"what": "a"})).await;
    // One that is none, and two that are as good as none.
    call(&server, "traceparent: 00-x-y-01\r\n", probe.clone()).await;
    call(&server, &format!("{field}{field}"), probe).await;
    end(server).await;
    let calls = collected.named("tools/call probe");
    let traces: Vec<String> = calls
        .iter()
        .map(|call| hexadecimal(&call.trace_id))
        .collect();
    assert_eq!(traces[..2], [other, TRACE]);
    assert!(calls[0].links.is_empty());
    let [link] = &calls[1].links[..] else {
        panic!("{:?}", calls[1])
    };
    assert_eq!(hexadecimal(&link.trace_id), other);
    for (call, trace) in calls.iter().zip(&traces).skip(2) {
        assert!(call.parent_span_id.is_empty(), "{call:?}");
        assert!(![other, TRACE].contains(&trace.as_str()), "{call:?}");
    }
}

#[tokio::test]
async fn the_service_is_told_of_the_trace_only_if_the_operator_wants_that() {
    let (base, ledger) = upstream::start().await;
    for wanted in [false, true] {
        let (address, collected) = collector::start().await;
        let more: &[_] = if wanted {
            &[("FIX_SEND_TRACEPARENT", "1")]
        } else {
            &[]
        };
        let server = start(&base, &address, more).await;
        traced(
            &server,
            "baggage: user=canary\r\n",
            "probe",
            json!({"what": "a"}),
        )
        .await;
        end(server).await;
        let seen = ledger.last();
        let span = &collected.named("GET /x/{what}")[0];
        let expected = format!("00-{TRACE}-{}-01", hexadecimal(&span.span_id));
        assert_eq!(
            seen.header("traceparent"),
            wanted.then_some(expected.as_str())
        );
        assert_eq!(
            seen.header("tracestate"),
            wanted.then_some("congo=t61rcWkgMzE")
        );
        assert_eq!(seen.header("baggage"), None);
    }
}

#[tokio::test]
async fn over_stdio_the_session_is_measured_and_the_audit_log_names_the_trace() {
    let (base, _ledger) = upstream::start().await;
    let (address, collected) = collector::start().await;
    let folder = std::env::temp_dir().join(format!("mcpwright-otel-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let log = folder.join("audit.jsonl");
    let mut server = Server::start(&[
        ("FIX_BASE_URL", &base),
        ("FIX_TOKEN", "t"),
        ("FIX_AUDIT", log.to_str().unwrap()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &address),
    ]);
    let params = json!({"name": "poke", "arguments": {"what": "a"}});
    server
        .request(modern(5, "tools/call", params.clone()))
        .await;
    let mut traced = modern(6, "tools/call", params);
    traced["params"]["_meta"]["traceparent"] = json!(parent());
    traced["params"]["arguments"]["what"] = json!("b");
    server.request(traced).await;
    drop(server.input.take());
    ends_well(&mut server.child).await;

    let spans = collected.named("tools/call poke");
    let traces: Vec<String> = spans
        .iter()
        .map(|span| hexadecimal(&span.trace_id))
        .collect();
    assert_eq!(traces.len(), 2);
    assert_eq!(traces[1], TRACE);
    assert_eq!(
        attributes(&spans[0].attributes)["network.transport"],
        "pipe"
    );
    let text = std::fs::read_to_string(&log).unwrap();
    let _ = std::fs::remove_dir_all(&folder);
    let records: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for event in ["intent", "call"] {
        let of_event = records.iter().filter(|record| record["event"] == event);
        let noted: Vec<&str> = of_event
            .map(|record| record["trace_id"].as_str().unwrap())
            .collect();
        assert_eq!(noted, traces, "{event}: {text}");
    }
    let points = collected.points();
    let session = points
        .iter()
        .find(|point| point.metric == "mcp.server.session.duration");
    assert_eq!(session.map(|point| point.count), Some(1), "{points:?}");
}

#[tokio::test]
async fn a_collector_that_is_away_or_hangs_costs_no_call_and_two_seconds_at_the_end() {
    let (base, _ledger) = upstream::start().await;
    // One takes connections and says nothing; nobody listens at the other.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    for address in [silent.as_str(), "http://127.0.0.1:9"] {
        let more = [
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
        ];
        let server = start(&base, address, &more).await;
        let begin = Instant::now();
        for number in 0..40 {
            let arguments = json!({"name": "probe", "arguments": {"what": "a", "n": number}});
            let answer = call(&server, "", arguments).await;
            assert_eq!(answer["result"]["isError"], false, "{answer}");
        }
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
        let begin = Instant::now();
        end(server).await;
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_unless_it_is_wanted() {
    let (base, _ledger) = upstream::start().await;
    let (address, collected) = collector::start().await;
    let server = start(&base, &address, &[("OTEL_SDK_DISABLED", "true")]).await;
    call(
        &server,
        "",
        json!({"name": "probe", "arguments": {"what": "a"}}),
    )
    .await;
    end(server).await;
    assert!(collected.bytes().is_empty());
    let sampled: Collector = collected;
    let server = start(&base, &address, &[("OTEL_TRACES_SAMPLER", "always_off")]).await;
    call(
        &server,
        "",
        json!({"name": "probe", "arguments": {"what": "a"}}),
    )
    .await;
    end(server).await;
    assert!(sampled.spans().is_empty());
    assert!(!sampled.points().is_empty(), "metrics are not sampled");
}

#[tokio::test]
async fn a_mistake_ends_the_start_with_the_variable_to_mend() {
    let mut command = command(&[
        ("FIX_BASE_URL", "http://127.0.0.1:9"),
        ("FIX_TOKEN", "t"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ]);
    let output = command.args(["http", "--listen", "127.0.0.1:0"]).output();
    let output = output.await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("OTEL_EXPORTER_OTLP_PROTOCOL is `grpc`"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// `COLLECTOR` names the program of a collector of others, `rotel-agent` of the package `rotel` (PyPI).
#[tokio::test]
async fn a_collector_of_others_reads_what_is_sent_compressed_too() {
    let Ok(program) = std::env::var("COLLECTOR") else {
        println!("skipped: COLLECTOR names no program");
        return;
    };
    let free = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    let (http, grpc) = (free(), free());
    let log = std::env::temp_dir().join(format!("mcpwright-collector-{}", std::process::id()));
    let file = std::fs::File::create(&log).unwrap();
    let mut collector = std::process::Command::new(program);
    collector.args(["start", "--exporter", "blackhole"]);
    collector.args(["--debug-log", "traces", "--debug-log", "metrics"]);
    collector.args(["--debug-log-verbosity", "detailed"]);
    collector.args(["--otlp-http-endpoint", &http, "--otlp-grpc-endpoint", &grpc]);
    let mut collector = collector
        .stdout(file.try_clone().unwrap())
        .stderr(file)
        .spawn()
        .unwrap();
    common::process::wait_for(|| std::net::TcpStream::connect(&http).is_ok()).await;
    let (base, _ledger) = upstream::start().await;
    let more = [("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")];
    let server = start(&base, &format!("http://{http}"), &more).await;
    traced(&server, "", "probe", json!({"what": "a"})).await;
    end(server).await;
    let said = || std::fs::read_to_string(&log).unwrap();
    let expected = [
        TRACE,
        "tools/call probe",
        "GET /x/{what}",
        "mcp.server.operation.duration",
        "http.client.request.duration",
    ];
    common::process::wait_for(|| expected.iter().all(|words| said().contains(words))).await;
    collector.kill().unwrap();
    collector.wait().unwrap();
    std::fs::remove_file(&log).unwrap();
}
