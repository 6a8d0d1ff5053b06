//! Issuers that hang, and tokens that somebody makes up: who has a token that holds goes on.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::http::{Http, ask, raw, start_with};
use common::process::{command, text};
use common::upstream;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

const PUBLIC: &str = "https://crm.example/mcp";
/// Longer than anybody waits for an issuer.
const FOR_EVER: Duration = Duration::from_secs(60);

/// An issuer of tokens that does as it is told.
#[derive(Clone)]
struct Issuer {
    url: String,
    key: Arc<EcdsaKeyPair>,
    /// How often its keys were asked for.
    keys: Arc<AtomicU64>,
    /// How often each token was asked about, or was to be exchanged.
    asked: Arc<Mutex<HashMap<String, u64>>>,
    hangs: Arc<AtomicBool>,
    /// Whether the first place of its metadata leads elsewhere.
    redirects: bool,
}

impl Issuer {
    async fn start(redirects: bool) -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            key: Arc::new(key),
            keys: Arc::default(),
            asked: Arc::default(),
            hangs: Arc::default(),
            redirects,
        };
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    fn bearer(&self, key: &str, more: &Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut claims = json!({
            "iss": self.url, "aud": PUBLIC, "sub": "ann", "client_id": "app",
            "exp": now.as_secs() + 600, "scope": "*:read *:write *:destructive",
        });
        let own = claims.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"alg": "ES256", "kid": key, "typ": "at+jwt"});
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.unwrap());
        format!("Authorization: Bearer {signed}.{signature}\r\n")
    }

    fn asked_about(&self, token: &str) -> u64 {
        let asked = self.asked.lock().unwrap();
        asked.get(token).copied().unwrap_or_default()
    }
}

fn reply(status: u16, body: &Value) -> Response {
    let response = Response::builder().status(status);
    response.body(body.to_string().into()).unwrap()
}

async fn answer(State(issuer): State<Issuer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 16).await.unwrap();
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let hang = async || {
        if issuer.hangs.load(Ordering::SeqCst) {
            tokio::time::sleep(FOR_EVER).await;
        }
    };
    let count = |token: &str| {
        let mut asked = issuer.asked.lock().unwrap();
        *asked.entry(token.to_owned()).or_default() += 1;
    };
    match parts.uri.path() {
        "/.well-known/oauth-authorization-server" if issuer.redirects => Response::builder()
            .status(302)
            .header("location", "/elsewhere")
            .body("".into())
            .unwrap(),
        "/.well-known/oauth-authorization-server" if issuer.hangs.load(Ordering::SeqCst) => {
            hang().await;
            reply(500, &json!({}))
        }
        "/.well-known/oauth-authorization-server" | "/.well-known/openid-configuration" => {
            let keys = format!("{}/keys", issuer.url);
            reply(200, &json!({"issuer": issuer.url, "jwks_uri": keys}))
        }
        "/keys" => {
            issuer.keys.fetch_add(1, Ordering::SeqCst);
            hang().await;
            let point = issuer.key.public_key().as_ref();
            let part = |range| URL_SAFE_NO_PAD.encode(&point[range]);
            reply(
                200,
                &json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": part(1..33), "y": part(33..65)}]}),
            )
        }
        "/ask" => {
            let token = &form["token"];
            count(token);
            if token.starts_with("junk-slow") {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
            let active = token.starts_with("good");
            reply(
                200,
                &json!({"active": active, "aud": PUBLIC, "sub": "ann", "scope": "*:read"}),
            )
        }
        "/exchange" => {
            count("exchanged");
            hang().await;
            let pair = parts.headers["authorization"].to_str().unwrap();
            let why = format!("{pair} may not exchange {}", form["subject_token"]);
            reply(
                400,
                &json!({"error": "invalid_request", "error_description": why}),
            )
        }
        _ => reply(404, &json!({})),
    }
}

async fn serve(issuer: &Issuer, base: &str, more: &[(&str, &str)]) -> Http {
    let mut variables = vec![
        ("FIX_BASE_URL", base),
        ("FIX_PUBLIC_URL", PUBLIC),
        ("FIX_OAUTH_ISSUER", issuer.url.as_str()),
    ];
    variables.extend_from_slice(more);
    start_with(&variables, &["--auth", "oauth"]).await
}

async fn call(server: &Http, path: &str, fields: &str, tool: &str, id: &str) -> (u16, Value) {
    let params = json!({"name": tool, "arguments": {"id": id}});
    ask(server, path, fields, "tools/call", params).await
}

async fn read(server: &Http, fields: &str) -> (u16, Value) {
    call(server, "", fields, "get_customer", "7").await
}

#[tokio::test]
async fn tokens_with_keys_that_nobody_knows_make_one_fetch_and_keep_no_other_token_waiting() {
    let (base, _ledger) = upstream::start().await;
    let issuer = Issuer::start(false).await;
    let server = serve(&issuer, &base, &[("FIX_TOKEN", "t")]).await;
    let good = issuer.bearer("1", &json!({}));
    assert_eq!(read(&server, &good).await.0, 200);
    // After the time in which there is no fetch at all.
    tokio::time::sleep(Duration::from_millis(10_300)).await;
    issuer.hangs.store(true, Ordering::SeqCst);
    let junk = issuer.bearer("2", &json!({}));
    let begun = Instant::now();
    let floods = futures_util::future::join_all((0..8).map(|_| read(&server, &junk)));
    let meanwhile = async {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let begun = Instant::now();
            assert_eq!(read(&server, &good).await.0, 200);
            assert!(begun.elapsed() < Duration::from_secs(3));
        }
    };
    let (answers, ()) = tokio::join!(floods, meanwhile);
    for (status, body) in answers {
        // A client that got 401 would throw a token away which may hold.
        assert_eq!(status, 503, "{body}");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(9),
        "{:?}",
        begun.elapsed()
    );
    assert!(issuer.keys.load(Ordering::SeqCst) <= 2);
}

const ASKED: [(&str, &str); 3] = [
    ("FIX_TOKEN", "t"),
    ("FIX_OAUTH_CLIENT_ID", "rs"),
    ("FIX_OAUTH_CLIENT_SECRET", "client-canary"),
];

#[tokio::test]
async fn tokens_that_are_made_up_keep_none_waiting_that_held_a_moment_ago() {
    let (base, _ledger) = upstream::start().await;
    let issuer = Issuer::start(false).await;
    let url = format!("{}/ask", issuer.url);
    let mut variables = ASKED.to_vec();
    variables.push(("FIX_OAUTH_INTROSPECTION_URL", &url));
    variables.push(("FIX_OAUTH_INTROSPECTION_SECONDS", "1"));
    let server = serve(&issuer, &base, &variables).await;
    let good = "Authorization: Bearer good-1\r\n";
    assert_eq!(read(&server, good).await.0, 200);
    let floods = (0..64).map(|number| {
        let fields = format!("Authorization: Bearer junk-slow-{number}\r\n");
        let server = &server;
        async move { read(server, &fields).await.0 }
    });
    let meanwhile = async {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let begun = Instant::now();
            assert_eq!(read(&server, good).await.0, 200);
            assert!(begun.elapsed() < Duration::from_millis(1_800));
        }
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(floods), meanwhile);
    assert!(
        answers.iter().all(|status| matches!(status, 401 | 503)),
        "{answers:?}"
    );
    assert_eq!(
        issuer.asked_about("good-1"),
        4,
        "each answer counts for a second"
    );
    // What can be seen to be of no use is not asked about.
    let ended = issuer.bearer("1", &json!({"exp": 1}));
    let (status, body) = read(&server, &ended).await;
    assert_eq!(status, 401, "{body}");
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("expired"),
        "{body}"
    );
    assert_eq!(
        issuer.asked_about(ended.trim().rsplit(' ').next().unwrap()),
        0
    );
}

#[tokio::test]
async fn tokens_that_are_made_up_push_no_answer_about_others_out() {
    let (base, _ledger) = upstream::start().await;
    let issuer = Issuer::start(false).await;
    let url = format!("{}/ask", issuer.url);
    let mut variables = ASKED.to_vec();
    variables.push(("FIX_OAUTH_INTROSPECTION_URL", &url));
    variables.push(("FIX_OAUTH_INTROSPECTION_SECONDS", "60"));
    let server = serve(&issuer, &base, &variables).await;
    let flood = async |from: usize| {
        for begin in (from..from + 1_100).step_by(10) {
            let some = (begin..begin + 10).map(|number| {
                let fields = format!("Authorization: Bearer junk-{number}\r\n");
                let server = &server;
                async move { read(server, &fields).await.0 }
            });
            futures_util::future::join_all(some).await;
        }
    };
    flood(0).await;
    let good = "Authorization: Bearer good-2\r\n";
    assert_eq!(read(&server, good).await.0, 200);
    flood(10_000).await;
    assert_eq!(read(&server, good).await.0, 200);
    assert_eq!(issuer.asked_about("good-2"), 1);
    // Those who come with one token at a time share one question.
    let same = futures_util::future::join_all((0..16).map(|_| {
        let server = &server;
        async move { read(server, "Authorization: Bearer good-3\r\n").await.0 }
    }));
    assert_eq!(same.await, [200; 16]);
    assert_eq!(issuer.asked_about("good-3"), 1);
}

#[tokio::test]
async fn an_exchange_that_hangs_is_met_once_by_all_who_wait_for_it() {
    let (base, ledger) = upstream::start().await;
    let issuer = Issuer::start(false).await;
    let url = format!("{}/exchange", issuer.url);
    let mut variables = ASKED[1..].to_vec();
    variables.push(("FIX_OAUTH_EXCHANGE_URL", &url));
    let server = serve(&issuer, &base, &variables).await;
    let fields = issuer.bearer("1", &json!({}));
    // What it says of a refusal repeats what it was sent, in forms of its own.
    let (_, refused) = read(&server, &fields).await;
    let said = text(&refused["result"]);
    assert!(said.contains("invalid_request"), "{said}");
    let token = fields.trim().rsplit(' ').next().unwrap();
    assert!(
        !said.contains(token) && !said.contains("client-canary"),
        "{said}"
    );
    let pair = base64::engine::general_purpose::STANDARD.encode("rs:client-canary");
    assert!(!said.contains(&pair), "{said}");
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    issuer.hangs.store(true, Ordering::SeqCst);
    let begun = Instant::now();
    let calls = futures_util::future::join_all((0..5).map(|_| read(&server, &fields)));
    for (_, body) in calls.await {
        let said = text(&body["result"]);
        assert!(said.contains("did not answer within"), "{said}");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(issuer.asked_about("exchanged"), 2);
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn metadata_is_looked_for_at_the_next_place_whatever_is_at_the_first() {
    let (base, _ledger) = upstream::start().await;
    let issuer = Issuer::start(true).await;
    let server = serve(&issuer, &base, &[("FIX_TOKEN", "t")]).await;
    assert_eq!(read(&server, &issuer.bearer("1", &json!({}))).await.0, 200);
}

#[tokio::test]
async fn a_token_for_a_view_opens_nothing_beside_it() {
    let (base, ledger) = upstream::start().await;
    let issuer = Issuer::start(false).await;
    let server = serve(&issuer, &base, &[("FIX_TOKEN", "t")]).await;
    let of = |view: &str| issuer.bearer("1", &json!({"aud": format!("{PUBLIC}{view}")}));
    let found = async |path: &str, fields: &str, tool: &str| {
        let (status, body) = call(&server, path, fields, tool, "7").await;
        let is_there = body.get("result").is_some();
        assert!(
            is_there || !body.to_string().contains("insufficient_scope"),
            "{body}"
        );
        (status, is_there)
    };
    let (readonly, customers, whole) = (of("/readonly"), of("/x/customers"), of(""));
    for (path, fields, tool, expected) in [
        ("/readonly", &readonly, "get_customer", (200, true)),
        ("/readonly", &readonly, "delete_customer", (200, false)),
        ("", &readonly, "get_customer", (401, false)),
        ("/all", &readonly, "get_customer", (401, false)),
        ("/x/customers", &customers, "delete_customer", (200, true)),
        ("/x/customers", &customers, "get_file", (200, false)),
        // One for the whole is one for each view, which hides and does not forbid.
        ("/x/customers", &whole, "get_file", (200, true)),
        ("", &whole, "get_file", (200, true)),
    ] {
        assert_eq!(found(path, fields, tool).await, expected, "{path} {tool}");
    }
    // Neither do fields of the request.
    let widened = format!("{customers}X-MCP-Toolsets: files\r\n");
    let (status, body) = ask(&server, "/x/customers", &widened, "tools/list", json!({})).await;
    assert!(!body.to_string().contains("get_file\""), "{status} {body}");
    let (_, listed) = ask(&server, "/x/customers", &customers, "tools/list", json!({})).await;
    assert!(
        listed["result"]["tools"].as_array().unwrap().len() >= 3,
        "{listed}"
    );
    let sent: Vec<String> = ledger
        .seen
        .lock()
        .unwrap()
        .iter()
        .map(|one| one.uri.clone())
        .collect();
    let files = sent.iter().filter(|uri| uri.contains("files")).count();
    assert!(files <= 2, "{sent:?}");
}

#[tokio::test]
async fn a_server_is_not_ready_before_it_has_asked_its_issuer() {
    let issuer = Issuer::start(false).await;
    issuer.hangs.store(true, Ordering::SeqCst);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let admin = listener.local_addr().unwrap().to_string();
    drop(listener);
    let variables = [
        ("FIX_BASE_URL", "http://127.0.0.1:9"),
        ("FIX_TOKEN", "t"),
        ("FIX_PUBLIC_URL", PUBLIC),
        ("FIX_OAUTH_ISSUER", issuer.url.as_str()),
    ];
    let mut command = command(&variables);
    command.args([
        "http",
        "--listen",
        "127.0.0.1:0",
        "--auth",
        "oauth",
        "--admin-listen",
        &admin,
    ]);
    let _child = command.spawn().unwrap();
    let ready = async || {
        if tokio::net::TcpStream::connect(&admin).await.is_err() {
            return None;
        }
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n");
        Some(raw(&admin, &request).await)
    };
    let mut said = None;
    for _ in 0..100 {
        said = ready().await;
        if said.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(said, Some((503, "starting\n".to_owned())));
    issuer.hangs.store(false, Ordering::SeqCst);
    // The place that hung is given up for the next one.
    for _ in 0..400 {
        if ready().await == Some((200, "ready\n".to_owned())) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not become ready");
}
