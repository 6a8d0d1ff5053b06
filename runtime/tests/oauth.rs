//! Access tokens that the server obtains itself, from an authorization server that enforces the rules
//! of RFC 6749 and answers as it is told.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::response::Response;
use base64::Engine as _;
use mcpwright_runtime::operation::{
    Api, OperationDef, Parameter, Part, Risk, SchemeKind, SecurityScheme, SecurityUse, Segment,
};
use mcpwright_runtime::upstream::{Failure, Reply, Settings, Upstream};
use serde_json::{Value, json};

static OAUTH: SecurityScheme = SecurityScheme {
    name: "oauth",
    kind: SchemeKind::OAuth2 {
        token_url: "https://id.example/token",
    },
    variables: &["O_TOKEN"],
};
static KEY: SecurityScheme = SecurityScheme {
    name: "basic",
    kind: SchemeKind::Basic,
    variables: &["O_KEY_USERNAME", "O_KEY_PASSWORD"],
};
static GET: OperationDef = OperationDef {
    tool: "get_it",
    path: "/it",
    segments: &[Segment(&[Part::Literal("it")])],
    security: &[&[SecurityUse {
        scheme: &OAUTH,
        scopes: &[],
    }]],
    ..OperationDef::DEFAULT
};
static POST: OperationDef = OperationDef {
    tool: "post_it",
    method: "POST",
    path: "/it",
    segments: &[Segment(&[Part::Literal("it")])],
    security: &[&[SecurityUse {
        scheme: &OAUTH,
        scopes: &[],
    }]],
    risk: Risk::Write,
    parameters: &[Parameter {
        name: "Idempotency-Key",
        generated: true,
        required: true,
        ..Parameter::HEADER
    }],
    ..OperationDef::DEFAULT
};
static PUBLIC: OperationDef = OperationDef {
    tool: "get_public",
    path: "/public",
    segments: &[Segment(&[Part::Literal("public")])],
    ..OperationDef::DEFAULT
};
static API: Api = Api {
    name: "o",
    title: "O",
    version: "1",
    instructions: "",
    env_prefix: "O",
    servers: &[],
    security_schemes: &[&OAUTH, &KEY],
    operations: &[&GET, &POST, &PUBLIC],
    exclusions: &[],
    document_operations: 3,
    document_sha256: "",
    generator: "",
    ..Api::DEFAULT
};

/// What the issuer does and saw.
#[derive(Default)]
struct World {
    /// Access tokens that the service accepts.
    valid: Vec<String>,
    issued: usize,
    refresh_token: String,
    expires_in: Value,
    /// Answers of the token endpoint that are not the usual ones.
    hostile: Option<&'static str>,
    post_auth: bool,
    token_requests: Vec<HashMap<String, String>>,
    /// Authorization fields of the service's requests.
    seen: Vec<(String, Option<String>)>,
    /// Idempotency keys of those requests.
    keys: Vec<Option<String>>,
    issuer: String,
    token_endpoint: Option<String>,
}

type Shared = Arc<Mutex<World>>;

async fn start() -> (String, Shared) {
    let world = Shared::default();
    let state = Arc::clone(&world);
    let router =
        Router::new().fallback(move |request: Request| answer(Arc::clone(&state), request));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    {
        let mut world = world.lock().unwrap();
        world.issuer.clone_from(&base);
        world.refresh_token = "refresh-canary-0".to_owned();
        world.expires_in = json!(3600);
    }
    (base, world)
}

fn reply(status: u16, body: impl Into<String>) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.into().into())
        .unwrap()
}

async fn answer(world: Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let field = |name: &str| {
        parts
            .headers
            .get(name)
            .map(|v| v.to_str().unwrap().to_owned())
    };
    match parts.uri.path() {
        "/token" => {
            // Long enough for calls to meet.
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert_eq!(
                field("content-type").as_deref(),
                Some("application/x-www-form-urlencoded")
            );
            assert_eq!(parts.method, "POST");
            issue(&mut world.lock().unwrap(), field("authorization"), &body)
        }
        "/.well-known/openid-configuration" => {
            let world = world.lock().unwrap();
            let endpoint = world.token_endpoint.clone();
            let endpoint = endpoint.unwrap_or_else(|| format!("{}/token", world.issuer));
            reply(
                200,
                json!({"issuer": world.issuer, "token_endpoint": endpoint}).to_string(),
            )
        }
        path => {
            let mut world = world.lock().unwrap();
            let token = field("authorization");
            world.keys.push(field("idempotency-key"));
            world
                .seen
                .push((format!("{} {path}", parts.method), token.clone()));
            let bare = token.as_deref().and_then(|t| t.strip_prefix("Bearer "));
            if path == "/public" || bare.is_some_and(|t| world.valid.iter().any(|v| v == t)) {
                reply(200, String::from_utf8(body.to_vec()).unwrap())
            } else {
                reply(401, json!({"error": "invalid_token", "error_description": format!("{token:?} is bad")}).to_string())
            }
        }
    }
}

/// RFC 6749 §2.3.1, §4.3, §4.4, §5 and §6.
fn issue(world: &mut World, authorization: Option<String>, body: &[u8]) -> Response {
    let form: HashMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    world.token_requests.push(form.clone());
    match world.hostile {
        Some("redirect") => {
            return Response::builder()
                .status(307)
                .header("location", "https://evil.example/")
                .body("".into())
                .unwrap();
        }
        Some("big") => return reply(200, " ".repeat(1 << 20)),
        Some("echo") => {
            // The secret as it is, and in the field in which it came.
            let field = authorization.unwrap_or_default();
            let why = format!("no: sécret canary&+\u{202e} {field}");
            return reply(
                400,
                json!({"error": "invalid_client", "error_description": why}).to_string(),
            );
        }
        Some(body) => return reply(200, body),
        None => {}
    }
    let error = |status, code: &str| reply(status, json!({ "error": code }).to_string());
    let expected = ("the:client", "sécret canary&+");
    let proven = if world.post_auth {
        authorization.is_none()
            && form.get("client_id").map(String::as_str) == Some(expected.0)
            && form.get("client_secret").map(String::as_str) == Some(expected.1)
    } else {
        let pair = authorization
            .as_deref()
            .and_then(|field| field.strip_prefix("Basic "))
            .and_then(|pair| base64::engine::general_purpose::STANDARD.decode(pair).ok())
            .and_then(|pair| String::from_utf8(pair).ok())
            .unwrap_or_default();
        // Decoded as the RFC's appendix B says.
        let decoded: Vec<String> = pair
            .split(':')
            .map(|part| {
                url::form_urlencoded::parse(format!("x={part}").as_bytes())
                    .next()
                    .unwrap()
                    .1
                    .into_owned()
            })
            .collect();
        decoded == [expected.0, expected.1] && !form.contains_key("client_secret")
    };
    if !proven {
        return error(401, "invalid_client");
    }
    let mut refresh = Value::Null;
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some("password") => {
            if (
                form.get("username").map(String::as_str),
                form.get("password").map(String::as_str),
            ) != (Some("ann"), Some("pw canary"))
            {
                return error(400, "invalid_grant");
            }
        }
        Some("refresh_token") => {
            if form.get("refresh_token") != Some(&world.refresh_token) {
                return error(400, "invalid_grant");
            }
            world.refresh_token = format!("refresh-canary-{}", world.issued + 1);
            refresh = json!(world.refresh_token);
        }
        _ => return error(400, "unsupported_grant_type"),
    }
    world.issued += 1;
    let token = format!("access-canary-{}", world.issued);
    world.valid = vec![token.clone()];
    reply(200, json!({"access_token": token, "token_type": "Bearer", "expires_in": world.expires_in, "refresh_token": refresh}).to_string())
}

const CLIENT: [(&str, &str); 2] = [
    ("O_CLIENT_ID", "the:client"),
    ("O_CLIENT_SECRET", "sécret canary&+"),
];

fn read(base: &str, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let mut all: HashMap<String, String> =
        HashMap::from([("O_BASE_URL".to_owned(), base.to_owned())]);
    all.extend(
        variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.replace("BASE", base))),
    );
    Settings::read(&API, &|name| all.get(name).cloned()).map_err(|error| error.to_string())
}

fn upstream(base: &str, variables: &[(&str, &str)]) -> Upstream {
    let variables: Vec<_> = CLIENT.iter().chain(variables).copied().collect();
    let mut variables = variables;
    if !variables.iter().any(|(name, _)| *name == "O_ISSUER") {
        variables.push(("O_TOKEN_URL", "BASE/token"));
    }
    Upstream::new(read(base, &variables).unwrap(), "o", "1")
}

async fn send(upstream: &Upstream, operation: &OperationDef) -> Result<Reply, Failure> {
    let request = mcpwright_runtime::request::build(operation, &Default::default()).unwrap();
    upstream.send(operation, request).await
}

async fn status(upstream: &Upstream, operation: &OperationDef) -> u16 {
    send(upstream, operation).await.unwrap().status
}

#[tokio::test]
async fn each_grant_obtains_a_token_once() {
    for (variables, grant) in [
        (&[][..], "client_credentials"),
        (&[("O_REFRESH_TOKEN", "refresh-canary-0")], "refresh_token"),
        (
            &[("O_USERNAME", "ann"), ("O_PASSWORD", "pw canary")],
            "password",
        ),
        (
            &[
                ("O_USERNAME", "ann"),
                ("O_PASSWORD", "pw canary"),
                ("O_GRANT", "client_credentials"),
            ],
            "client_credentials",
        ),
        (
            &[("O_SCOPES", " read  write "), ("O_CLIENT_AUTH", "post")],
            "client_credentials",
        ),
        (&[("O_ISSUER", "BASE/")], "client_credentials"),
        // A token that lies about stays where it is.
        (&[("O_TOKEN", "old-canary")], "client_credentials"),
    ] {
        let (base, world) = start().await;
        let post = variables.contains(&("O_CLIENT_AUTH", "post"));
        world.lock().unwrap().post_auth = post;
        let upstream = upstream(&base, variables);
        assert_eq!(status(&upstream, &PUBLIC).await, 200);
        assert_eq!(
            world.lock().unwrap().seen,
            [("GET /public".to_owned(), None)]
        );
        for _ in 0..3 {
            assert_eq!(status(&upstream, &GET).await, 200, "{variables:?}");
        }
        let world = world.lock().unwrap();
        assert_eq!(world.token_requests.len(), 1, "{variables:?}");
        assert_eq!(world.token_requests[0]["grant_type"], grant);
        let scope = world.token_requests[0].get("scope").map(String::as_str);
        assert_eq!(scope, post.then_some("read write"));
        assert_eq!(world.seen[1].1.as_deref(), Some("Bearer access-canary-1"));
    }
}

#[tokio::test]
async fn calls_that_meet_share_one_exchange() {
    let (base, world) = start().await;
    let upstream = Arc::new(upstream(&base, &[]));
    let calls = |count: usize| {
        let calls: Vec<_> = (0..count)
            .map(|_| {
                let upstream = Arc::clone(&upstream);
                tokio::spawn(async move { send(&upstream, &GET).await.map(|reply| reply.status) })
            })
            .collect();
        calls
    };
    for call in calls(20) {
        assert_eq!(call.await.unwrap(), Ok(200));
    }
    assert_eq!(world.lock().unwrap().token_requests.len(), 1);
    // The same for a token that the service takes back.
    world.lock().unwrap().valid.clear();
    for call in calls(20) {
        assert_eq!(call.await.unwrap(), Ok(200));
    }
    assert_eq!(world.lock().unwrap().token_requests.len(), 2);
    // And for a refusal.
    world.lock().unwrap().valid.clear();
    world.lock().unwrap().hostile = Some("{}");
    for call in calls(20) {
        assert!(matches!(call.await.unwrap(), Err(Failure::NoToken(_))));
    }
    assert_eq!(world.lock().unwrap().token_requests.len(), 3);
    // Which does not last.
    world.lock().unwrap().hostile = None;
    assert_eq!(status(&upstream, &GET).await, 200);
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_request_sent_once_more() {
    let (base, world) = start().await;
    let upstream = upstream(&base, &[("O_REFRESH_TOKEN", "refresh-canary-0")]);
    assert_eq!(status(&upstream, &POST).await, 200);
    world.lock().unwrap().valid.clear();
    assert_eq!(status(&upstream, &POST).await, 200);
    {
        let world = world.lock().unwrap();
        let sent: Vec<&str> = world
            .seen
            .iter()
            .filter_map(|(_, token)| token.as_deref())
            .collect();
        assert_eq!(
            sent,
            [
                "Bearer access-canary-1",
                "Bearer access-canary-1",
                "Bearer access-canary-2"
            ]
        );
        // Row D7: what is sent again has the key of the first time, the call before it another one.
        let [before, first, again] = world.keys.as_slice() else {
            panic!("{:?}", world.keys);
        };
        assert!(first.is_some() && first == again, "{:?}", world.keys);
        assert_ne!(before, first);
        // The issuer's successor was used (RFC 6749 §6).
        assert_eq!(world.token_requests[1]["refresh_token"], "refresh-canary-1");
    }
    // A new token that is refused as well is the end of it, and the service's echo is masked.
    world.lock().unwrap().valid.clear();
    world.lock().unwrap().hostile = Some(r#"{"access_token":"other-canary"}"#);
    let reply = send(&upstream, &POST).await.unwrap();
    assert_eq!(reply.status, 401);
    assert_eq!(world.lock().unwrap().seen.len(), 5);
    let told = mcpwright_runtime::result::rejected(&POST, &reply).to_text();
    assert!(
        told.contains("invalid_token") && told.contains("[credential]"),
        "{told}"
    );
    assert!(!told.contains("canary"), "{told}");
}

#[tokio::test]
async fn a_first_token_that_is_refused_is_not_renewed() {
    let (base, world) = start().await;
    world.lock().unwrap().hostile = Some(r#"{"access_token":"other-canary"}"#);
    assert_eq!(status(&upstream(&base, &[]), &GET).await, 401);
    assert_eq!(world.lock().unwrap().token_requests.len(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let (base, world) = start().await;
    world.lock().unwrap().expires_in = json!("2");
    let upstream = upstream(&base, &[]);
    assert_eq!(status(&upstream, &GET).await, 200);
    assert_eq!(status(&upstream, &GET).await, 200);
    assert_eq!(world.lock().unwrap().token_requests.len(), 1);
    tokio::time::sleep(Duration::from_millis(1_850)).await;
    assert_eq!(status(&upstream, &GET).await, 200);
    let world = world.lock().unwrap();
    assert_eq!(world.token_requests.len(), 2);
    assert_eq!(world.seen.len(), 3, "no request was sent in vain");
}

#[tokio::test]
async fn an_exchange_outlives_its_caller() {
    let (base, world) = start().await;
    let upstream = upstream(&base, &[("O_REFRESH_TOKEN", "refresh-canary-0")]);
    let gone = tokio::time::timeout(Duration::from_millis(20), send(&upstream, &GET)).await;
    assert!(gone.is_err());
    assert_eq!(status(&upstream, &GET).await, 200);
    assert_eq!(world.lock().unwrap().token_requests.len(), 1);
}

#[tokio::test]
async fn hostile_issuers_are_refused_without_a_request_to_the_service() {
    for (hostile, expected) in [
        (
            "redirect",
            "it answered with a redirect (307), which is not followed",
        ),
        (
            "big",
            "the answer (200) is larger than the limit of 65536 bytes",
        ),
        (
            "echo",
            "(HTTP 400): invalid_client: no: [credential] Basic [credential]",
        ),
        ("<html>", "no JSON object"),
        (
            r#"{"access_token":"a\nb"}"#,
            "no access_token that a header can carry",
        ),
        (
            r#"{"access_token":"t","token_type":"mac"}"#,
            "the token is of the type mac",
        ),
    ] {
        let (base, world) = start().await;
        world.lock().unwrap().hostile = Some(hostile);
        let failure = send(&upstream(&base, &[]), &POST).await.unwrap_err();
        assert!(matches!(failure, Failure::NoToken(_)) && !failure.may_have_arrived());
        let told = mcpwright_runtime::result::failure(&POST, &failure).to_text();
        assert!(
            told.starts_with("Auth error: no access token for the service: "),
            "{told}"
        );
        assert!(
            told.contains(expected) && !told.contains("canary"),
            "{told}"
        );
        assert_eq!(world.lock().unwrap().seen.len(), 0);
    }
    // An issuer's metadata cannot send the secret elsewhere.
    let (base, world) = start().await;
    let elsewhere = base.replace("127.0.0.1", "localhost");
    world.lock().unwrap().token_endpoint = Some(format!("{elsewhere}/token"));
    let failure = send(&upstream(&base, &[("O_ISSUER", "BASE")]), &GET)
        .await
        .unwrap_err();
    assert!(
        failure
            .to_string()
            .ends_with("list the host in O_ALLOWED_TOKEN_HOSTS"),
        "{failure}"
    );
    assert_eq!(world.lock().unwrap().token_requests.len(), 0);
    let listed = upstream(
        &base,
        &[
            ("O_ISSUER", "BASE"),
            ("O_ALLOWED_TOKEN_HOSTS", "x.example, LOCALHOST"),
        ],
    );
    let reply = send(&listed, &GET).await;
    // The loopback name may resolve to another address here; the secret is allowed to go there.
    assert!(!matches!(reply, Err(Failure::NoToken(text)) if text.contains("ALLOWED")));
}

#[test]
fn wrong_configurations_say_what_is_wrong() {
    let id = ("O_CLIENT_ID", "c");
    let secret = ("O_CLIENT_SECRET", "canary");
    let url = ("O_TOKEN_URL", "https://id.example/token");
    for (variables, expected) in [
        (
            &[id][..],
            "O_CLIENT_ID is set, but not where to get a token: O_CLIENT_ID, O_CLIENT_SECRET and O_TOKEN_URL, for which the document suggests https://id.example/token",
        ),
        (
            &[id, url],
            "the grant client_credentials needs O_CLIENT_ID and O_CLIENT_SECRET",
        ),
        (&[secret, url], "O_CLIENT_SECRET needs O_CLIENT_ID"),
        (
            &[id, secret, url, ("O_ISSUER", "https://id.example")],
            "O_TOKEN_URL and O_ISSUER are both set; set one",
        ),
        (
            &[id, secret, ("O_TOKEN_URL", "http://id.example/token")],
            "O_TOKEN_URL is plain http, which would show the client's secret to the network; use https",
        ),
        (
            &[id, secret, ("O_TOKEN_URL", "token")],
            "O_TOKEN_URL is not an absolute URL such as https://id.example.com/token",
        ),
        (
            &[id, secret, ("O_TOKEN_URL", "https://u:p@id.example/")],
            "O_TOKEN_URL must not hold a user name, a password or a fragment",
        ),
        (
            &[id, secret, url, ("O_GRANT", "implicit")],
            "O_GRANT must be client_credentials, refresh_token or password",
        ),
        (
            &[id, secret, url, ("O_GRANT", "password")],
            "the grant password needs O_USERNAME and O_PASSWORD",
        ),
        (
            &[id, secret, url, ("O_GRANT", "refresh_token")],
            "the grant refresh_token needs O_REFRESH_TOKEN",
        ),
        (
            &[id, secret, url, ("O_CLIENT_AUTH", "jwt")],
            "O_CLIENT_AUTH must be basic or post",
        ),
    ] {
        let error = read("https://api.example", variables)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error, expected, "{variables:?}");
    }
    let settings = read("https://api.example", &[]).unwrap();
    let error = settings.check_credentials(&API).unwrap_err().to_string();
    assert_eq!(
        error,
        "no credential for O is configured; set O_TOKEN, or O_CLIENT_ID, O_CLIENT_SECRET and O_TOKEN_URL, for which the document suggests https://id.example/token (or the same name with _FILE and a path)"
    );
    let settings = read("https://api.example", &[id, secret, url]).unwrap();
    assert_eq!(settings.check_credentials(&API), Ok(()));
    assert!(!format!("{settings:?}").contains("canary"));
}
