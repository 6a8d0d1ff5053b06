//! What is sent again, and what is said of what may have arrived (rows D6 and D7; ADR 0039).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::time::{Duration, Instant};

use common::process::{Server, text};
use common::script::{self, Act};
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::{
    Api, Body, BodyEncoding, BodyShape, Hints, OperationDef, Parameter, Part, Risk, Segment,
};
use mcpwright_runtime::request::build;
use mcpwright_runtime::upstream::{Failure, Settings, Upstream};
use serde_json::json;

const fn operation(tool: &'static str, method: &'static str, idempotent: bool) -> OperationDef {
    OperationDef {
        tool,
        method,
        risk: Risk::Write,
        segments: &[Segment(&[Part::Literal("leads")])],
        hints: Hints {
            read_only: false,
            idempotent,
            ..Hints::READ
        },
        ..OperationDef::DEFAULT
    }
}

static GET: OperationDef = OperationDef {
    tool: "get",
    segments: &[Segment(&[Part::Literal("leads")])],
    ..OperationDef::DEFAULT
};
static POST: OperationDef = OperationDef {
    body: Some(Body {
        media_type: "application/json",
        shape: BodyShape::Whole { argument: "body" },
        encoding: BodyEncoding::Json,
        required: true,
    }),
    ..operation("post", "POST", false)
};
static KEYED: OperationDef = OperationDef {
    tool: "keyed",
    parameters: &[Parameter {
        name: "Idempotency-Key",
        generated: true,
        ..Parameter::HEADER
    }],
    ..POST
};
static PUT: OperationDef = operation("put", "PUT", true);
static ADD: OperationDef = operation("add", "PUT", false);
static PATCH: OperationDef = operation("patch", "PATCH", true);
static DELETE: OperationDef = operation("delete", "DELETE", true);
static API: Api = Api {
    env_prefix: "R",
    operations: &[&GET, &POST, &KEYED, &PUT, &ADD, &PATCH, &DELETE],
    ..Api::DEFAULT
};

/// An upstream at a base URL with further variables.
fn upstream(base: &str, variables: &[(&str, &str)]) -> Upstream {
    let read = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        match (name, found) {
            ("R_BASE_URL", _) => Some(base.to_owned()),
            (_, found) => found.map(|(_, value)| (*value).to_owned()),
        }
    };
    Upstream::new(Settings::read(&API, &read).unwrap(), "r", "1")
}

/// How a request of an operation ends: a status, or what is said.
async fn ends(upstream: &Upstream, operation: &OperationDef) -> Result<u16, Failure> {
    let mut arguments = Object::new();
    arguments.insert("body".to_owned(), json!({"name": "Ann", "n": 1.10}));
    let request = build(operation, &arguments).unwrap();
    let sent = upstream.send(operation, request).await;
    sent.map(|reply| reply.status)
}

const fn say(status: u16) -> Act {
    Act::Say(status, "", "{}")
}

#[tokio::test]
async fn what_is_sent_again_is_what_can_do_no_harm() {
    use Act::{Cut, Garble, Hang};
    for (operation, acts, requests, expected) in [
        (&GET, &[Hang, Garble] as &[Act], 3, Ok(200)),
        (&GET, &[Cut, say(503)], 3, Ok(200)),
        (&GET, &[say(500), say(502), say(504), say(200)], 3, Ok(504)),
        (&GET, &[say(408), say(404)], 2, Ok(404)),
        (&GET, &[say(501)], 1, Ok(501)),
        (&GET, &[say(403)], 1, Ok(403)),
        (&PUT, &[Hang, say(200)], 2, Ok(200)),
        (&DELETE, &[Hang, say(204)], 2, Ok(204)),
        // An update that adds up each time.
        (&ADD, &[say(503)], 1, Ok(503)),
        (&POST, &[say(500)], 1, Ok(500)),
        (&POST, &[say(503)], 1, Ok(503)),
        (&PATCH, &[say(502)], 1, Ok(502)),
        (&POST, &[say(409)], 1, Ok(409)),
        // Nobody declared that the service honours the key.
        (&KEYED, &[say(500)], 1, Ok(500)),
        // A write that was answered with 2xx is done.
        (&PUT, &[Cut], 1, Err("the answer (200) broke off")),
        (&POST, &[Cut], 1, Err("the answer (200) broke off")),
        // The second is refused for what the first may have done.
        (
            &PUT,
            &[say(500), say(412)],
            2,
            Err(
                "the service answered HTTP 500; when the request was sent once more, it was refused (HTTP 412)",
            ),
        ),
        (&DELETE, &[say(502), say(404)], 2, Ok(404)),
        (&DELETE, &[say(404)], 1, Ok(404)),
    ] {
        let (base, seen) = script::start(acts).await;
        let ended = ends(&upstream(&base, &[]), operation).await;
        let ended = ended.map_err(|failure| failure.to_string());
        let expected = expected.map_err(str::to_owned);
        assert_eq!(ended, expected, "{} {acts:?}", operation.method);
        assert_eq!(seen.count(), requests, "{} {acts:?}", operation.method);
    }
    for operation in [&POST, &PATCH, &ADD] {
        let (base, seen) = script::start(&[Hang]).await;
        let ended = ends(&upstream(&base, &[]), operation).await;
        assert!(matches!(ended, Err(Failure::Broken(_))), "{ended:?}");
        assert_eq!(seen.count(), 1);
    }
}

#[tokio::test]
async fn d7_a_create_with_a_key_that_is_honoured_is_sent_again_byte_for_byte() {
    use Act::{Garble, Hang};
    let in_progress = Act::Say(409, "retry-after: 0\r\n", "{}");
    for (acts, requests, expected) in [
        (&[Hang, Garble] as &[Act], 3, Ok(200)),
        (&[say(500), in_progress, say(201)], 3, Ok(201)),
        // A key that goes out for the first time cannot be in progress.
        (&[say(409)], 1, Ok(409)),
        (
            &[say(500), say(422)],
            2,
            Err(
                "the service answered HTTP 500; when the request was sent once more, it was refused (HTTP 422)",
            ),
        ),
    ] {
        let (base, seen) = script::start(acts).await;
        let service = upstream(&base, &[("R_IDEMPOTENCY_KEYS", "keyed")]);
        let ended = ends(&service, &KEYED).await;
        let ended = ended.map_err(|failure| failure.to_string());
        assert_eq!(ended, expected.map_err(str::to_owned), "{acts:?}");
        let seen = seen.all();
        assert_eq!(seen.len(), requests, "{acts:?}");
        assert!(seen.iter().all(|request| *request == seen[0]), "{acts:?}");
        let first = String::from_utf8_lossy(&seen[0]).into_owned();
        assert!(first.contains("idempotency-key: "), "{first}");
        assert!(first.ends_with(r#"{"name":"Ann","n":1.1}"#), "{first}");
    }
    // A key that the service has forgotten protects nothing.
    let (base, seen) = script::start(&[say(500)]).await;
    let mut settings = Settings::read(&API, &|name| match name {
        "R_BASE_URL" => Some(base.clone()),
        "R_IDEMPOTENCY_KEYS" => Some("all".to_owned()),
        _ => None,
    })
    .unwrap();
    settings.retries.key_time = Duration::ZERO;
    assert_eq!(
        ends(&Upstream::new(settings, "r", "1"), &KEYED).await,
        Ok(500)
    );
    assert_eq!(seen.count(), 1);
}

#[tokio::test]
async fn d6_a_refusal_for_too_many_requests_is_waited_for_and_not_longer_than_the_call_has() {
    let wait = Act::Say(429, "retry-after: 1\r\n", "{}");
    for operation in [&GET, &POST, &PUT] {
        let (base, seen) = script::start(&[wait]).await;
        let begin = Instant::now();
        assert_eq!(ends(&upstream(&base, &[]), operation).await, Ok(200));
        assert!(begin.elapsed() >= Duration::from_secs(1));
        assert_eq!(seen.count(), 2);
    }
    let long = Act::Say(429, "retry-after: 31\r\n", "{}");
    for (variables, acts) in [
        (&[] as &[(&str, &str)], long),
        (&[("R_MAX_ATTEMPTS", "1")], wait),
        (&[("R_NO_RESEND", "post")], wait),
    ] {
        let (base, seen) = script::start(&[acts]).await;
        let begin = Instant::now();
        assert_eq!(ends(&upstream(&base, variables), &POST).await, Ok(429));
        assert!(begin.elapsed() < Duration::from_secs(1));
        assert_eq!(seen.count(), 1);
    }
    // A 503 that the operator declared.
    let (base, seen) = script::start(&[Act::Say(503, "retry-after: 0\r\n", "{}")]).await;
    let declared = upstream(&base, &[("R_UNPROCESSED_503", "1")]);
    assert_eq!(ends(&declared, &POST).await, Ok(200));
    assert_eq!(seen.count(), 2);
}

#[tokio::test]
async fn an_attempt_has_a_time_of_its_own_and_all_of_them_that_of_the_call() {
    for (operation, variables, acts, requests, expected) in [
        (
            &GET,
            &[("R_TRY_SECONDS", "1")] as &[(&str, &str)],
            1,
            2,
            Ok(200),
        ),
        (&PUT, &[("R_TRY_SECONDS", "1")], 1, 2, Ok(200)),
        (
            &POST,
            &[("R_TRY_SECONDS", "1")],
            1,
            1,
            Err(Failure::Timeout(Duration::from_secs(1))),
        ),
        // Whoever gave calls a time gave it to one attempt.
        (
            &GET,
            &[("R_TIMEOUT_SECONDS", "1")],
            1,
            1,
            Err(Failure::Timeout(Duration::from_secs(1))),
        ),
        (
            &GET,
            &[("R_TIMEOUT_SECONDS", "2"), ("R_TRY_SECONDS", "1")],
            3,
            2,
            Err(Failure::Timeout(Duration::from_secs(2))),
        ),
    ] {
        let (base, seen) = script::start(&[Act::Stall; 3][..acts]).await;
        let begin = Instant::now();
        let ended = ends(&upstream(&base, variables), operation).await;
        assert_eq!(ended, expected, "{} {variables:?}", operation.method);
        assert_eq!(seen.count(), requests, "{} {variables:?}", operation.method);
        assert!(begin.elapsed() < Duration::from_millis(2_500));
    }
}

#[tokio::test]
async fn in_a_total_outage_the_service_is_left_alone() {
    let acts = [say(500); 1_000];
    let (base, seen) = script::start(&acts).await;
    let service = upstream(&base, &[]);
    let (mut calls, mut resting) = (0, 0);
    for _ in 0..100 {
        calls += 1;
        match ends(&service, &GET).await {
            Err(Failure::Resting { wait }) => {
                assert!(wait <= Duration::from_secs(5));
                resting += 1;
            }
            other => assert_eq!(other, Ok(500)),
        }
    }
    assert!(resting > 80, "{resting}");
    assert!(seen.count() <= 25 && calls == 100, "{}", seen.count());
    // Another service is another matter.
    let (base, _) = script::start(&[]).await;
    assert_eq!(ends(&upstream(&base, &[]), &GET).await, Ok(200));
}

#[tokio::test]
async fn what_is_down_is_asked_with_a_get_before_anything_is_written() {
    let mut acts = vec![say(500); 20];
    acts.push(say(404));
    let (base, seen) = script::start(&acts).await;
    let service = upstream(&base, &[]);
    while !matches!(ends(&service, &POST).await, Err(Failure::Resting { .. })) {}
    assert_eq!(seen.count(), 20);
    tokio::time::sleep(Duration::from_millis(5_100)).await;
    // Whatever the base URL answers, the service is back.
    assert_eq!(ends(&service, &POST).await, Ok(200));
    let lines: Vec<String> = seen.all()[20..]
        .iter()
        .map(|request| {
            String::from_utf8_lossy(request)
                .lines()
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(lines, ["GET / HTTP/1.1", "POST /leads HTTP/1.1"]);
}

#[tokio::test]
async fn results_say_what_became_of_a_write() {
    let outcome = |result: &serde_json::Value| {
        let meta = &result["_meta"];
        (
            meta["dev.mcpwright/outcome"].as_str().map(str::to_owned),
            meta["dev.mcpwright/attempts"].as_u64(),
        )
    };
    for (tool, acts, word, attempts, error, expected) in [
        ("poke", &[say(200)] as &[Act], "done", 1, false, ""),
        ("poke", &[say(404)], "refused", 1, true, "Not found: "),
        (
            "poke",
            &[Act::Hang],
            "unknown",
            1,
            true,
            "Upstream error: the connection to the service broke",
        ),
        (
            "delete_customer",
            &[Act::Hang, say(404)],
            "done",
            2,
            false,
            "Done: deleted or already absent (the first request was not answered, the second with HTTP 404).",
        ),
        (
            "delete_customer",
            &[Act::Hang, say(403)],
            "unknown",
            2,
            true,
            "Upstream error: the connection to the service broke",
        ),
    ] {
        let (base, _) = script::start(acts).await;
        let mut server = Server::with_credentials(&base);
        let result = match tool {
            "poke" => server.call(tool, json!({"what": "x"})).await,
            _ => server.confirmed(tool, json!({"id": "5"})).await,
        };
        assert_eq!(result["isError"], error, "{result}");
        assert_eq!(
            outcome(&result),
            (Some(word.to_owned()), Some(attempts)),
            "{result}"
        );
        assert!(text(&result).starts_with(expected), "{result}");
        assert!(!text(&result).to_lowercase().contains("failed"), "{result}");
        let unknown = "The outcome is unknown: the service may have carried this out. ";
        assert_eq!(text(&result).contains(unknown), word == "unknown");
        // The read of the same record.
        let check = format!("{unknown}Check with probe before you repeat the call.");
        assert_eq!(
            text(&result).contains(&check),
            word == "unknown" && tool == "poke"
        );
    }
    // Nobody listens there.
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let result = server.call("poke", json!({"what": "x"})).await;
    assert_eq!(outcome(&result), (Some("not_sent".to_owned()), Some(0)));
    let result = server.call("get_customer", json!({"id": "5"})).await;
    assert_eq!(outcome(&result), (None, None), "a read has none");
}

#[tokio::test]
async fn d6_the_budget_is_one_for_all_calls_and_a_refusal_pauses_all_of_them() {
    let refusal = Act::Say(429, "retry-after: 1\r\n", "{}");
    let (base, seen) = script::start(&[refusal]).await;
    let service = upstream(&base, &[("R_MAX_ATTEMPTS", "1")]);
    assert_eq!(ends(&service, &GET).await, Ok(429));
    let begin = Instant::now();
    assert_eq!(ends(&service, &POST).await, Ok(200));
    assert!(
        begin.elapsed() >= Duration::from_millis(900),
        "it waits too"
    );
    // Longer than calls may take: nothing is sent, and it is said for how long.
    let refusal = Act::Say(429, "retry-after: 90\r\n", "{}");
    let (base, other) = script::start(&[refusal]).await;
    let service = upstream(&base, &[]);
    assert_eq!(ends(&service, &GET).await, Ok(429));
    match ends(&service, &POST).await {
        Err(Failure::Limited { wait }) => assert!((80..90).contains(&wait.as_secs())),
        other => panic!("{other:?}"),
    }
    assert_eq!((seen.count(), other.count()), (2, 1));
    // What the service says is left is not used up.
    let left = Act::Say(200, "ratelimit: \"a\";r=1;t=1\r\n", "{}");
    let (base, seen) = script::start(&[left, left, left]).await;
    let service = upstream(&base, &[]);
    let begin = Instant::now();
    for _ in 0..3 {
        assert_eq!(ends(&service, &GET).await, Ok(200));
    }
    assert!(begin.elapsed() >= Duration::from_millis(900));
    assert_eq!(seen.count(), 3);
}

#[tokio::test]
async fn a_configured_rate_is_kept_and_said() {
    let (base, seen) = script::start(&[]).await;
    let service = upstream(&base, &[("R_RATE", "20"), ("R_RATE_BURST", "1")]);
    let begin = Instant::now();
    let calls = (0..11).map(|_| ends(&service, &GET));
    for ended in futures_util::future::join_all(calls).await {
        assert_eq!(ended, Ok(200));
    }
    let took = begin.elapsed().as_millis();
    assert!((500..2_000).contains(&took), "{took}");
    assert_eq!(seen.count(), 11);
    let mut server = Server::start(&[
        ("FIX_BASE_URL", &base),
        ("FIX_TOKEN", "t"),
        ("FIX_RATE", "1/h"),
        ("FIX_TIMEOUT_SECONDS", "1"),
    ]);
    let result = server.call("poke", json!({"what": "x"})).await;
    assert_eq!(result["isError"], false, "{result}");
    let result = server.call("poke", json!({"what": "y"})).await;
    assert_eq!(
        text(&result),
        "Rate limited: the service takes no more requests now. Nothing was sent.\nTry again after 3600 s."
    );
    assert_eq!(result["_meta"]["dev.mcpwright/outcome"], "not_sent");
}

#[tokio::test]
async fn what_one_credential_meets_is_no_matter_of_another() {
    let (base, seen) = script::start(&[Act::Say(429, "retry-after: 90\r\n", "{}")]).await;
    let mut server = Server::start(&[
        ("FIX_BASE_URL", &base),
        ("FIX_TOKEN", "t"),
        ("FIX_KEY", "k"),
    ]);
    let result = server.call("get_customer", json!({"id": "1"})).await;
    assert!(text(&result).starts_with("Rate limited: "), "{result}");
    let result = server.call("get_customer", json!({"id": "2"})).await;
    assert!(text(&result).contains("Nothing was sent."), "{result}");
    // This one is sent without a credential.
    let result = server.call("poke", json!({"what": "x"})).await;
    assert_eq!(result["isError"], false, "{result}");
    assert_eq!(seen.count(), 2);
}
