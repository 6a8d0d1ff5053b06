//! What stands on the wire, byte for byte.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::{
    Api, Body, BodyEncoding, BodyShape, OperationDef, Part, Segment,
};
use mcpwright_runtime::upstream::{Settings, Upstream};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

static API: Api = Api {
    name: "w",
    title: "W",
    version: "1",
    instructions: "",
    env_prefix: "W",
    servers: &[],
    security_schemes: &[],
    operations: &[],
    exclusions: &[],
    document_operations: 0,
    document_sha256: "",
    generator: "",
    ..Api::DEFAULT
};

/// Sends the request of an operation and gives the bytes that arrived.
async fn sent(operation: &OperationDef, arguments: Object) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let service = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 64 << 10];
        let mut length = 0;
        // The bodies here are so short that they come with the header section or right after it.
        while !bytes[..length].windows(4).any(|w| w == b"\r\n\r\n") {
            length += stream.read(&mut bytes[length..]).await.unwrap();
        }
        let pause = std::time::Duration::from_millis(100);
        if let Ok(more) = tokio::time::timeout(pause, stream.read(&mut bytes[length..])).await {
            length += more.unwrap();
        }
        let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    });
    let settings = Settings::read(&API, &|name| (name == "W_BASE_URL").then(|| base.clone()));
    let upstream = Upstream::new(settings.unwrap(), "w", "1");
    let request = mcpwright_runtime::request::build(operation, &arguments).unwrap();
    upstream.send(operation, request).await.unwrap();
    service.await.unwrap()
}

fn lengths(bytes: &str) -> Vec<&str> {
    let (head, _) = bytes.split_once("\r\n\r\n").unwrap();
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map(|(_, value)| value.trim())
        .collect()
}

#[tokio::test]
async fn methods_that_anticipate_content_say_when_there_is_none() {
    for (method, expected) in [
        ("POST", &["0"][..]),
        ("PUT", &["0"]),
        ("PATCH", &["0"]),
        ("QUERY", &["0"]),
        ("GET", &[]),
        ("HEAD", &[]),
        ("DELETE", &[]),
        ("OPTIONS", &[]),
        ("PURGE", &[]),
    ] {
        let operation = OperationDef {
            method,
            segments: &[Segment(&[Part::Literal("it")])],
            ..OperationDef::DEFAULT
        };
        let bytes = sent(&operation, Object::new()).await;
        assert!(
            bytes.starts_with(&format!("{method} /it HTTP/1.1\r\n")),
            "{bytes}"
        );
        assert!(bytes.ends_with("\r\n\r\n"), "{bytes}");
        assert!(
            !bytes.to_lowercase().contains("transfer-encoding"),
            "{bytes}"
        );
        assert_eq!(lengths(&bytes), expected, "{bytes}");
    }
}

#[tokio::test]
async fn a_body_has_its_length_once_even_if_it_is_empty() {
    for (text, expected) in [("", "0"), ("héllo", "6")] {
        for method in ["POST", "DELETE"] {
            let operation = OperationDef {
                method,
                segments: &[Segment(&[Part::Literal("it")])],
                body: Some(Body {
                    media_type: "text/plain",
                    encoding: BodyEncoding::Text,
                    shape: BodyShape::Whole { argument: "body" },
                    required: true,
                }),
                ..OperationDef::DEFAULT
            };
            let arguments = Object::from_iter([("body".to_owned(), json!(text))]);
            let bytes = sent(&operation, arguments).await;
            assert!(bytes.contains("content-type: text/plain"), "{bytes}");
            assert!(bytes.ends_with(&format!("\r\n\r\n{text}")), "{bytes}");
            assert_eq!(lengths(&bytes), [expected], "{bytes}");
        }
    }
}
