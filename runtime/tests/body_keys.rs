//! Keys that a service reads from the body.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::api::API;
use common::upstream;
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::build;
use mcpwright_runtime::upstream::{Settings, Upstream};
use serde_json::json;

static KEY: SecurityScheme = SecurityScheme {
    name: "key",
    kind: SchemeKind::ApiKey {
        location: ApiKeyLocation::Body,
        name: "key",
    },
    variables: &["OWN_KEY"],
};

const KEYS: &[&[SecurityUse]] = &[&[SecurityUse {
    scheme: &KEY,
    scopes: &[],
}]];

const fn operation(encoding: BodyEncoding, media_type: &'static str) -> OperationDef {
    OperationDef {
        tool: "create",
        method: "POST",
        segments: &[Segment(&[Part::Literal("echo")])],
        body: Some(Body {
            media_type,
            encoding,
            shape: BodyShape::Properties {
                fields: &[BodyField {
                    name: "name",
                    argument: "name",
                    ..BodyField::DEFAULT
                }],
                additional: "additional_fields",
            },
            required: true,
        }),
        security: KEYS,
        read_only: &["/additional_fields/key"],
        ..OperationDef::DEFAULT
    }
}

static JSON: OperationDef = operation(BodyEncoding::Json, "application/json");
static FORM: OperationDef = operation(BodyEncoding::Form, "application/x-www-form-urlencoded");
static OWN: Api = Api {
    env_prefix: "OWN",
    operations: &[&JSON, &FORM],
    security_schemes: &[&KEY],
    ..API
};

#[tokio::test]
async fn a_key_in_the_body_comes_from_the_operator_and_from_nowhere_else() {
    let (base, ledger) = upstream::start().await;
    let read = |name: &str| match name {
        "OWN_BASE_URL" => Some(base.clone()),
        "OWN_KEY" => Some("key \"canary&".to_owned()),
        _ => None,
    };
    let service = Upstream::new(Settings::read(&OWN, &read).unwrap(), "own", "1");
    for (operation, arguments, sent) in [
        (&JSON, json!({}), r#"{"key":"key \"canary&"}"#),
        (
            &JSON,
            json!({"name": "a"}),
            r#"{"key":"key \"canary&","name":"a"}"#,
        ),
        // A key that a model makes up is not sent beside it.
        (
            &JSON,
            json!({"name": "a", "additional_fields": {"key": "evil", "x": 1}}),
            r#"{"key":"key \"canary&","name":"a","x":1}"#,
        ),
        (&FORM, json!({}), "key=key%20%22canary%26"),
        (
            &FORM,
            json!({"name": "a", "additional_fields": {"key": "evil"}}),
            "key=key%20%22canary%26&name=a",
        ),
    ] {
        let arguments: Object = arguments.as_object().cloned().unwrap();
        let request = build(operation, &arguments).unwrap();
        service.send(operation, request).await.unwrap();
        let body = ledger.last().body.clone();
        assert_eq!(String::from_utf8_lossy(&body), sent, "{arguments:?}");
    }
    // Without it nothing is sent, and the operator is told what is missing.
    let none = |name: &str| (name == "OWN_BASE_URL").then(|| base.clone());
    let service = Upstream::new(Settings::read(&OWN, &none).unwrap(), "own", "1");
    let request = build(&JSON, &Object::new()).unwrap();
    let failure = service.send(&JSON, request).await.unwrap_err();
    assert!(failure.to_string().contains("OWN_KEY"), "{failure}");
    assert_eq!(ledger.count(), 5);
}
