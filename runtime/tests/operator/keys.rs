//! Keys of callers, made and ended on the page.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Operated, signed};
use crate::common::http::ask;

#[tokio::test]
async fn keys_are_shown_once_and_end_as_with_the_command() {
    let operated = Operated::start("keys").await;
    let lists = async |key: &str| {
        ask(&operated.server, "", &signed(key), "tools/list", json!({}))
            .await
            .0
    };
    let order = json!({"name": "Ann <b>\u{202e}", "scopes": ["customers:read"], "days": 2, "rate": "60/min"});
    let (status, made) = operated.change("/api/keys", &order).await;
    assert_eq!(status, 200, "{made}");
    let key = made["key"].as_str().unwrap().to_owned();
    assert_eq!(made["name"], "Ann <b>");
    assert_eq!(lists(&key).await, 200);
    let listed = operated.get("/api/keys").await;
    assert!(!listed.to_string().contains(&key), "{listed}");
    let one = &listed["keys"][1];
    assert_eq!(
        (&one["state"], &one["scopes"]),
        (&json!("holds"), &json!(["customers:read"]))
    );
    assert_eq!(
        one["begins"],
        format!("fixture_{}_…", made["id"].as_str().unwrap())
    );
    let file = fs::read_to_string(operated.folder.join("keys.json")).unwrap();
    let mac = serde_json::from_str::<Value>(&file).unwrap()["keys"][1]["mac"].clone();
    assert!(
        !listed.to_string().contains(mac.as_str().unwrap()),
        "{listed}"
    );
    for (wrong, expected) in [
        (json!({"name": "x", "scopes": []}), "a scope is needed"),
        (json!({"name": " ", "scopes": ["*:read"]}), "name is empty"),
        (
            json!({"name": "x", "scopes": ["*:read", 1]}),
            "scopes is not taken so",
        ),
        (
            json!({"name": "x", "scopes": ["nothing:read"]}),
            "names no toolset",
        ),
        (
            json!({"name": "x", "scopes": ["*:read"], "days": 0}),
            "days are",
        ),
        (
            json!({"name": "x", "scopes": ["*:read"], "days": "never"}),
            "days is not taken so",
        ),
        (
            json!({"name": "x", "scopes": ["*:read"], "days": -1}),
            "days are",
        ),
        (
            json!({"name": "x", "scopes": ["*:read"], "rate": "fast"}),
            "the rate is",
        ),
        (
            json!({"name": "x", "scopes": ["*:read"], "admin": true}),
            "admin is not taken so",
        ),
    ] {
        let (status, said) = operated.change("/api/keys", &wrong).await;
        assert_eq!(status, 422, "{wrong}: {said}");
        assert!(said["error"].as_str().unwrap().contains(expected), "{said}");
    }
    let long = json!({"name": "x".repeat(20_000)});
    assert_eq!(operated.change("/api/keys", &long).await.0, 400);
    let id = made["id"].as_str().unwrap();
    let (status, rotated) = operated
        .change(&format!("/api/keys/{id}/rotate"), &json!({}))
        .await;
    assert_eq!(status, 200, "{rotated}");
    let new = rotated["key"].as_str().unwrap().to_owned();
    assert_eq!((lists(&key).await, lists(&new).await), (401, 200));
    let new_id = rotated["id"].as_str().unwrap();
    let (status, said) = operated
        .change(&format!("/api/keys/{new_id}/revoke"), &json!({}))
        .await;
    assert_eq!((status, &said["warning"]), (200, &Value::Null));
    assert_eq!(lists(&new).await, 401);
    for path in ["/api/keys/00000000/revoke", "/api/keys/%2e%2e%2f/rotate"] {
        let (status, said) = operated.change(path, &json!({})).await;
        assert_eq!(status, 409, "{said}");
    }
    // What was done stands in the log, once its thread has written it, and no key.
    let begin = Instant::now();
    let log = loop {
        let log = fs::read_to_string(operated.folder.join("audit.jsonl")).unwrap();
        if log.contains("\"decision\":\"revoke\"") && log.ends_with('\n') {
            break log;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "{log}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    for did in ["create", "rotate", "revoke"] {
        assert_eq!(
            log.matches(&format!("\"decision\":\"{did}\"")).count(),
            1,
            "{log}"
        );
    }
    assert!(!log.contains(&key) && !log.contains(&new), "{log}");
}

#[tokio::test]
async fn what_is_not_there_is_said_with_what_mends_it() {
    let operated = Operated::with("bare", &["ADMIN_KEY"]).await;
    for (path, mend) in [
        ("/api/keys", "http --auth keys"),
        ("/api/audit", "FIX_AUDIT=audit.jsonl"),
        ("/api/audit.csv", "FIX_AUDIT=audit.jsonl"),
        ("/api/audit/state", "FIX_AUDIT=audit.jsonl"),
    ] {
        let said = operated.get(path).await;
        assert_eq!(
            (&said["on"], &said["mend"]),
            (&json!(false), &json!(mend)),
            "{path}"
        );
    }
    let (_, said) = operated
        .change("/api/keys", &json!({"name": "x", "scopes": ["*:*"]}))
        .await;
    assert_eq!(said["on"], false);
}
