//! Credentials: where each kind goes, which one is taken, and that none is told or doubled.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::api::{API, KEY_COOKIE, KEY_HEADER, KEY_QUERY, WITH_BASIC};
use common::process::{Server, text};
use common::upstream;
use mcpwright_runtime::Client;
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::{
    OperationDef, Parameter, Part, SecurityScheme, SecurityUse, Segment,
};
use mcpwright_runtime::upstream::{Failure, Settings, Upstream};
use serde_json::json;

#[tokio::test]
async fn each_kind_of_credential_goes_where_it_belongs() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    server.call("list_customers", json!({})).await;
    assert_eq!(
        ledger.last().header("authorization"),
        Some("Bearer token-canary")
    );
    assert_eq!(ledger.last().header("accept"), Some("application/json"));
    assert!(
        ledger
            .last()
            .header("user-agent")
            .unwrap()
            .starts_with("fixture/1.2.3 mcpwright/")
    );
    server.call("with_query_key", json!({})).await;
    assert_eq!(ledger.last().uri, "/api/echo?api_key=query%20canary%26");
    assert_eq!(ledger.last().header("authorization"), None);
    server.call("with_cookie", json!({})).await;
    assert_eq!(
        ledger.last().header("cookie"),
        Some("session=cookie-canary")
    );
    server.call("with_basic", json!({})).await;
    assert_eq!(
        ledger.last().header("authorization"),
        Some("Basic YW5uOnB3LWNhbmFyeQ==")
    );
    server.call("with_two", json!({})).await;
    assert_eq!(ledger.last().header("x-api-key"), Some("key-canary"));
    assert!(ledger.last().uri.contains("api_key="));
    server.call("with_optional", json!({})).await;
    assert_eq!(ledger.last().header("x-api-key"), Some("key-canary"));
    server.call("probe", json!({"what": "a"})).await;
    let seen = ledger.last();
    for name in ["authorization", "x-api-key", "cookie", "referer"] {
        assert_eq!(seen.header(name), None, "{name}");
    }
    assert_eq!(seen.header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn the_first_complete_alternative_is_taken() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::start(&[("FIX_BASE_URL", &base), ("FIX_KEY", "k")]);
    server.call("get_customer", json!({"id": "1"})).await;
    assert_eq!(ledger.last().header("x-api-key"), Some("k"));
    let result = server.call("with_two", json!({})).await;
    assert!(
        text(&result).ends_with("has to set FIX_KEY and FIX_QUERY_KEY."),
        "{result}"
    );
    let mut server = Server::start(&[("FIX_BASE_URL", &base), ("FIX_TOKEN", "t")]);
    server.call("with_optional", json!({})).await;
    assert_eq!(ledger.last().header("x-api-key"), None);
}

#[tokio::test]
async fn what_is_missing_is_told_with_the_least_that_helps_first() {
    const fn uses(scheme: &'static SecurityScheme) -> SecurityUse {
        SecurityUse {
            scheme,
            scopes: &[],
        }
    }
    // A parameter that is a credential and optional: with it first, and then without.
    static KEY_AND_OPTIONAL: OperationDef = OperationDef {
        security: &[&[uses(&KEY_HEADER), uses(&KEY_QUERY)], &[uses(&KEY_HEADER)]],
        path: "/echo",
        segments: &[Segment(&[Part::Literal("echo")])],
        ..OperationDef::DEFAULT
    };
    static LONG_OR_SHORT: OperationDef = OperationDef {
        security: &[&[uses(&KEY_HEADER), uses(&KEY_QUERY)], &[uses(&KEY_COOKIE)]],
        path: "/echo",
        segments: &[Segment(&[Part::Literal("echo")])],
        ..OperationDef::DEFAULT
    };
    static ALIKE: OperationDef = OperationDef {
        security: &[&[uses(&KEY_QUERY)], &[uses(&KEY_HEADER)]],
        path: "/echo",
        segments: &[Segment(&[Part::Literal("echo")])],
        ..OperationDef::DEFAULT
    };
    let read = |name: &str| (name == "FIX_BASE_URL").then(|| "http://127.0.0.1:9".to_owned());
    for (operation, expected) in [
        (&KEY_AND_OPTIONAL, "FIX_KEY"),
        (&LONG_OR_SHORT, "FIX_COOKIE, or FIX_KEY and FIX_QUERY_KEY"),
        (&ALIKE, "FIX_QUERY_KEY, or FIX_KEY"),
    ] {
        let upstream = Upstream::new(Settings::read(&API, &read).unwrap(), "fixture", "1");
        let request = mcpwright_runtime::request::build(operation, &Object::new()).unwrap();
        let failure = upstream.send(operation, request).await.unwrap_err();
        let Failure::NoCredential(text) = failure else {
            panic!("{failure:?}");
        };
        let told = text.rsplit(" has to set ").next();
        assert_eq!(told, Some(expected));
    }
}

#[tokio::test]
async fn a_password_may_be_empty_and_must_not_be_missing() {
    let (base, ledger) = upstream::start().await;
    let read = |password: Option<&str>, file: Option<&str>| {
        let read = |name: &str| match name {
            "FIX_BASE_URL" => Some(base.clone()),
            "FIX_USERNAME" => Some("key-canary".to_owned()),
            "FIX_PASSWORD" => password.map(str::to_owned),
            "FIX_PASSWORD_FILE" => file.map(str::to_owned),
            _ => None,
        };
        Settings::read(&API, &read).map_err(|error| error.to_string())
    };
    let settings = read(Some(""), None).unwrap();
    let upstream = Upstream::new(settings, "fixture", "1");
    let request = mcpwright_runtime::request::build(&WITH_BASIC, &Object::new()).unwrap();
    upstream.send(&WITH_BASIC, request).await.unwrap();
    // base64("key-canary:")
    assert_eq!(
        ledger.last().header("authorization"),
        Some("Basic a2V5LWNhbmFyeTo=")
    );
    assert_eq!(
        read(None, None).unwrap_err(),
        "FIX_USERNAME is set and FIX_PASSWORD is not; set it too, to the empty text (FIX_PASSWORD=) if \
         the service takes no password"
    );
    // A file that holds nothing is a secret that did not arrive, whatever the variable says.
    for password in [None, Some("")] {
        assert_eq!(
            read(password, Some("/dev/null")).unwrap_err(),
            "FIX_PASSWORD_FILE names an empty file"
        );
    }
}

fn settings(base: &str) -> Settings {
    let read = |name: &str| match name {
        "FIX_BASE_URL" => Some(base.to_owned()),
        "FIX_TOKEN" => Some("token-canary".to_owned()),
        "FIX_USERNAME" => Some("ann".to_owned()),
        "FIX_PASSWORD" => Some("pw-canary".to_owned()),
        "FIX_PROXY" if base.contains("proxied") => {
            Some("http://u:proxy-canary@127.0.0.1:1".to_owned())
        }
        _ => None,
    };
    Settings::read(&API, &read).unwrap()
}

#[tokio::test]
async fn secrets_are_never_printed() {
    let settings = settings("https://proxied.example");
    let client_text = format!("{:?}", Client::new(&API, settings));
    assert!(client_text.contains("bearer"), "{client_text}");
    for canary in ["token-canary", "pw-canary", "proxy-canary", "cHctY2FuYXJ5"] {
        assert!(!client_text.contains(canary), "{client_text}");
    }
    // Everything that the server writes, with all logging on, while calls succeed and fail.
    let (base, _) = upstream::start().await;
    for base in [base.as_str(), "http://127.0.0.1:9"] {
        let mut command = common::process::command(&[
            ("FIX_BASE_URL", base),
            ("FIX_QUERY_KEY", "query-canary"),
            ("FIX_TOKEN", "token-canary"),
            ("FIX_LOG", "trace"),
        ]);
        let output = command
            .args(["call", "with_query_key"])
            .output()
            .await
            .unwrap();
        let all = [output.stdout, output.stderr].concat();
        let all = String::from_utf8_lossy(&all);
        assert!(!all.contains("canary"), "{all}");
    }
}

#[tokio::test]
async fn an_argument_never_stands_beside_a_credential() {
    let (base, ledger) = upstream::start().await;
    let read = |name: &str| match name {
        "FIX_BASE_URL" => Some(base.clone()),
        "FIX_KEY" | "FIX_QUERY_KEY" | "FIX_COOKIE" => Some("canary".to_owned()),
        _ => None,
    };
    let settings = Settings::read(&API, &read).unwrap();
    let upstream = Upstream::new(settings, "fixture", "1");
    for (parameter, scheme) in [
        (
            Parameter {
                name: "x-API-key",
                ..Parameter::HEADER
            },
            &KEY_HEADER,
        ),
        (
            Parameter {
                name: "api_key",
                ..Parameter::QUERY
            },
            &KEY_QUERY,
        ),
        (
            Parameter {
                name: "session",
                ..Parameter::COOKIE
            },
            &KEY_COOKIE,
        ),
        // The names of an exploded object are the caller's.
        (
            Parameter {
                name: "filter",
                ..Parameter::QUERY
            },
            &KEY_QUERY,
        ),
    ] {
        let uses: &'static [SecurityUse] = Box::leak(Box::new([SecurityUse {
            scheme,
            scopes: &[],
        }]));
        let operation = OperationDef {
            segments: &[Segment(&[Part::Literal("echo")])],
            parameters: Box::leak(Box::new([Parameter {
                argument: "p",
                ..parameter
            }])),
            security: Box::leak(Box::new([uses])),
            ..OperationDef::DEFAULT
        };
        let value = if parameter.name == "filter" {
            json!({"api_key": "mine"})
        } else {
            json!("mine")
        };
        let arguments = Object::from_iter([("p".to_owned(), value)]);
        let request = match mcpwright_runtime::request::build(&operation, &arguments) {
            Ok(request) => request,
            Err(error) => {
                assert!(parameter.name == "filter", "{error}");
                assert!(error.message.contains("credential"), "{error}");
                continue;
            }
        };
        let failure = upstream.send(&operation, request).await.unwrap_err();
        assert!(matches!(failure, Failure::Unsendable(_)), "{failure}");
        assert!(!failure.to_string().contains("canary"), "{failure}");
    }
    assert_eq!(ledger.count(), 0);
}
