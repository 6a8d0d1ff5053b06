//! An authorization server that hangs, breaks or talks nonsense: nobody is let in who should not be, others go on,
//! and nobody waits for long.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::time::{Duration, Instant};

use common::http::{Http, ask, start_with};
use common::issuer::{FAULTS, Fault, INTROSPECTION, Issuer, KEYS, METADATA, PUBLIC, TOKEN};
use common::upstream::{self, Ledger};
use serde_json::{Value, json};

/// Longest wait for an answer: one exchange with the issuer.
const LONGEST: Duration = Duration::from_secs(14);
/// Time of a call that asks nobody else.
const QUICK: Duration = Duration::from_secs(3);
/// Longer than keys are left alone after a try.
const COOLDOWN: Duration = Duration::from_secs(11);

async fn serve(issuer: &Issuer, base: &str, more: &[(&str, &str)]) -> Http {
    let mut variables = vec![
        ("FIX_BASE_URL", base),
        ("FIX_PUBLIC_URL", PUBLIC),
        ("FIX_OAUTH_ISSUER", issuer.url.as_str()),
    ];
    variables.extend_from_slice(more);
    start_with(&variables, &["--auth", "oauth"]).await
}

async fn call(server: &Http, fields: &str) -> (u16, Value, Duration) {
    let params = json!({"name": "list_customers", "arguments": {}});
    let begin = Instant::now();
    let (status, body) = ask(server, "", fields, "tools/call", params).await;
    (status, body, begin.elapsed())
}

fn is_done((status, body, _): &(u16, Value, Duration)) -> bool {
    *status == 200 && body["result"]["isError"] == false
}

/// Each fault of its own, all at the same time.
async fn each<F: Future<Output = ()> + Send + 'static>(case: fn(Fault) -> F) {
    let cases: Vec<_> = FAULTS
        .into_iter()
        .map(|fault| tokio::spawn(case(fault)))
        .collect();
    for case in cases {
        case.await.unwrap();
    }
}

/// That nobody got to the service since it was last looked at.
fn nothing_arrived(ledger: &Ledger, before: usize, fault: Fault) {
    assert_eq!(ledger.count(), before, "{fault:?}");
}

#[tokio::test]
async fn without_keys_nobody_is_let_in_and_when_they_are_there_those_who_should_be() {
    async fn case(fault: Fault, path: &'static str) {
        let (base, ledger) = upstream::start().await;
        let issuer = Issuer::start().await;
        // What is plainly wrong would end the start.
        issuer.set(path, Some(Fault::Down));
        let server = serve(&issuer, &base, &[("FIX_TOKEN", "t")]).await;
        issuer.set(path, Some(fault));
        tokio::time::sleep(COOLDOWN).await;
        for fields in [
            issuer.bearer(&json!({})),
            "Authorization: Bearer x.y.z\r\n".to_owned(),
        ] {
            let (status, body, took) = call(&server, &fields).await;
            assert!(
                matches!(status, 401 | 503),
                "{fault:?} {path}: {status} {body}"
            );
            assert!(took < LONGEST, "{fault:?} {path}: {took:?}");
        }
        nothing_arrived(&ledger, 0, fault);
        issuer.set(path, None);
        // What hangs is given up later than those who wait for it give up, and the time until it is tried again
        // begins then.
        let healed = Instant::now();
        let answer = loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let answer = call(&server, &issuer.bearer(&json!({}))).await;
            if is_done(&answer) || healed.elapsed() > COOLDOWN + LONGEST {
                break answer;
            }
        };
        assert!(is_done(&answer), "{fault:?} {path}: {answer:?}");
    }
    each(|fault| async move {
        tokio::join!(case(fault, METADATA), case(fault, KEYS));
    })
    .await;
}

#[tokio::test]
async fn who_is_known_goes_on_while_keys_of_others_cannot_be_had() {
    each(|fault| async move {
        let (base, ledger) = upstream::start().await;
        let issuer = Issuer::start().await;
        let server = serve(&issuer, &base, &[("FIX_TOKEN", "t")]).await;
        let known = issuer.bearer(&json!({}));
        assert!(is_done(&call(&server, &known).await), "{fault:?}");
        tokio::time::sleep(COOLDOWN).await;
        issuer.set(KEYS, Some(fault));
        // A key that nobody has seen: it is asked for, and not found.
        let claims = json!({"iss": issuer.url, "aud": PUBLIC, "sub": "eve", "client_id": "app", "exp": 4_000_000_000_u64, "scope": "*:read"});
        let token = issuer.signed(&json!({"alg": "ES256", "kid": "2", "typ": "at+jwt"}), &claims);
        let stranger = format!("Authorization: Bearer {token}\r\n");
        let (refused, answers) = tokio::join!(call(&server, &stranger), async {
            let mut answers = Vec::new();
            for _ in 0..5 {
                answers.push(call(&server, &known).await);
            }
            answers
        });
        assert!(matches!(refused.0, 401 | 503), "{fault:?}: {refused:?}");
        assert!(refused.2 < LONGEST, "{fault:?}: {refused:?}");
        for answer in answers {
            assert!(is_done(&answer) && answer.2 < QUICK, "{fault:?}: {answer:?}");
        }
        assert_eq!(ledger.count(), 6, "{fault:?}");
    })
    .await;
}

#[tokio::test]
async fn a_token_that_cannot_be_asked_about_lets_nobody_in() {
    each(|fault| async move {
        let (base, ledger) = upstream::start().await;
        let issuer = Issuer::start().await;
        let url = format!("{}{INTROSPECTION}", issuer.url);
        let more = [
            ("FIX_TOKEN", "t"),
            ("FIX_OAUTH_INTROSPECTION_URL", url.as_str()),
            ("FIX_OAUTH_CLIENT_ID", "us"),
            ("FIX_OAUTH_CLIENT_SECRET", "secret-canary"),
        ];
        let server = serve(&issuer, &base, &more).await;
        let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
        let known = call(&server, &bearer("good-ann")).await;
        assert!(is_done(&known), "{fault:?}: {known:?}");
        issuer.set(INTROSPECTION, Some(fault));
        let before = ledger.count();
        for token in ["good-bob", "bad-eve"] {
            let (status, body, took) = call(&server, &bearer(token)).await;
            assert!(matches!(status, 401 | 503), "{fault:?}: {status} {body}");
            assert!(took < LONGEST, "{fault:?}: {took:?}");
            assert!(!body.to_string().contains("canary"), "{body}");
        }
        nothing_arrived(&ledger, before, fault);
        issuer.set(INTROSPECTION, None);
        assert!(
            is_done(&call(&server, &bearer("good-bob")).await),
            "{fault:?}"
        );
        assert_eq!(call(&server, &bearer("bad-eve")).await.0, 401, "{fault:?}");
    })
    .await;
}

#[tokio::test]
async fn without_an_exchange_nothing_is_sent_and_who_has_a_token_of_the_service_goes_on() {
    each(|fault| async move {
        let (base, ledger) = upstream::start().await;
        let issuer = Issuer::start().await;
        let url = format!("{}{TOKEN}", issuer.url);
        let more = [
            ("FIX_OAUTH_EXCHANGE_URL", url.as_str()),
            ("FIX_OAUTH_CLIENT_ID", "us"),
            ("FIX_OAUTH_CLIENT_SECRET", "secret-canary"),
        ];
        let server = serve(&issuer, &base, &more).await;
        let ann = issuer.bearer(&json!({}));
        let known = call(&server, &ann).await;
        assert!(is_done(&known), "{fault:?}: {known:?}");
        issuer.set(TOKEN, Some(fault));
        let before = ledger.count();
        let bob = issuer.bearer(&json!({"sub": "bob"}));
        let (refused, going_on) = tokio::join!(call(&server, &bob), call(&server, &ann));
        assert!(!is_done(&refused), "{fault:?}: {refused:?}");
        assert!(refused.2 < LONGEST, "{fault:?}: {refused:?}");
        assert!(!refused.1.to_string().contains("canary"), "{refused:?}");
        assert!(
            is_done(&going_on) && going_on.2 < QUICK,
            "{fault:?}: {going_on:?}"
        );
        assert_eq!(ledger.count(), before + 1, "{fault:?}: ann alone");
        assert_eq!(
            ledger.last().header("authorization"),
            Some("Bearer of-the-service")
        );
        issuer.set(TOKEN, None);
        // A refusal is believed for two seconds.
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert!(is_done(&call(&server, &bob).await), "{fault:?}");
    })
    .await;
}
