//! Servers that are asked: this one, and those at an address.

use super::{Home, SECRETS, common};

#[test]
fn a_server_that_does_not_answer_is_connected_to_nothing() {
    let home = Home::new();
    let run = home.run(&["connect", "cursor", "--url", "http://127.0.0.1:9/mcp"]);
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(run.err.contains("Nothing was written"), "{}", run.err);
    assert!(!home.0.join(".cursor").exists());
    let run = home.run_with(&["connect", "cursor"], &[("FIX_BASE_URL", "")]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("FIX_BASE_URL is not set"), "{}", run.err);
    assert!(!home.0.join(".cursor").exists());
    // What the program says of itself is what is told.
    let run = home.run(&["connect", "cursor", "--view", "nonsense"]);
    assert_eq!(run.code, 4, "{}", run.out);
    assert!(run.err.contains("nonsense"), "{}", run.err);
    assert!(!home.0.join(".cursor").exists());
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_at_an_address_is_asked_as_the_client_will_ask_it() {
    let (base, _ledger) = common::upstream::start().await;
    let keys = Home::new();
    let file = keys.0.join("keys.json").to_str().unwrap().to_owned();
    let variables = [
        ("FIX_BASE_URL", base.as_str()),
        ("FIX_TOKEN", SECRETS[0]),
        ("FIX_KEYS", file.as_str()),
        ("FIX_PEPPER", "0123456789abcdef0123456789abcdef"),
    ];
    let made = common::process::command(&variables)
        .args(["keys", "create", "--name", "cursor", "--scope", "*:read"])
        .output()
        .await
        .unwrap();
    let key = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let locked = common::http::start_with(&variables, &["--auth", "keys"]).await;
    let open = common::http::start(&base, &[]).await;
    let home = Home::new();
    let connect = |address: &str, auth: &str, key: &str| {
        let url = format!("http://{address}/mcp");
        let args = [
            "connect", "cursor", "--url", &url, "--auth", auth, "--force",
        ];
        let outcome = home.run_with(&args, &[("FIX_MCP_KEY", key)]);
        assert!(key.is_empty() || !outcome.out.contains(key) && !outcome.err.contains(key));
        outcome
    };
    let said = connect(&open.address, "none", "");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("✓ handshake: fixture speaks MCP"),
        "{}",
        said.out
    );
    // Its own variables are not needed for a server that runs already.
    for (auth, key, code, wanted) in [
        ("none", "", 3, "add --auth keys"),
        ("keys", "", 2, "FIX_MCP_KEY is not set"),
        ("keys", "wrong", 3, "refuses the credential"),
        ("oauth", "", 3, "not for OAuth"),
    ] {
        let before = home.text(".cursor/mcp.json");
        let said = connect(&locked.address, auth, key);
        assert_eq!(said.code, code, "{auth}: {} {}", said.out, said.err);
        assert!(said.err.contains(wanted), "{auth}: {}", said.err);
        assert_eq!(home.text(".cursor/mcp.json"), before);
    }
    let said = connect(&open.address, "oauth", "");
    assert!(said.err.contains("lets everybody in"), "{}", said.err);
    let said = connect(&locked.address, "keys", &key);
    assert_eq!(said.code, 0, "{}", said.err);
    let text = home.text(".cursor/mcp.json");
    assert!(
        text.contains("\"Authorization\": \"Bearer ${env:FIX_MCP_KEY}\""),
        "{text}"
    );
    assert!(
        !text.contains(&key) && !text.contains(&open.address),
        "{text}"
    );
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn tools_of_a_running_server_are_listed_and_called_as_those_of_this_one() {
    let (base, ledger) = common::upstream::start().await;
    let server = common::http::start(&base, &["--view", "all"]).await;
    let url = format!("http://{}/mcp", server.address);
    let home = Home::new();
    let listed = home.well(&["tools", "--url", &url]);
    assert!(
        listed
            .lines()
            .any(|line| line.starts_with("list_customers ") && line.contains(" read ")),
        "{listed}"
    );
    let signed = home.well(&["tools", "get_customer", "--url", &url]);
    let here = home.well(&["tools", "get_customer"]);
    assert_eq!(signed, here);
    assert!(here.starts_with("get_customer("), "{here}");
    assert!(here.contains("\n  call get_customer "), "{here}");
    let called = home.run(&["call", "list_customers", "limit=2", "--url", &url]);
    assert_eq!(called.code, 0, "{}", called.err);
    assert_eq!(ledger.count(), 1);
    for (args, code, said) in [
        (
            &["call", "list_customer", "--url", &url][..],
            2,
            "did you mean list_customers?",
        ),
        (
            &["tools", "get_custmer", "--url", &url],
            2,
            "did you mean get_customer?",
        ),
        (&["tools", "get_custmer"], 2, "get_customer"),
        (
            &["tools", "--url", "http://127.0.0.1:9/mcp"],
            4,
            "http://127.0.0.1:9/mcp: ",
        ),
        (&["call", "get_customer", "--url", &url], 5, ""),
    ] {
        let run = home.run(args);
        assert_eq!(run.code, code, "{args:?}: {} {}", run.out, run.err);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}

/// A server that answers each request with the same bytes.
#[cfg(feature = "http")]
async fn answering(answer: &'static str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8192];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}/mcp")
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_mcp_server_is_told_in_words_of_ours() {
    let home = Home::new();
    let end = "content-length: 0\r\nconnection: close\r\n\r\n";
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    for (answer, code, said) in [
        (
            leak(format!("HTTP/1.1 401 Unauthorized\r\n{end}")),
            3,
            "asks for a credential",
        ),
        (
            leak(format!("HTTP/1.1 403 Forbidden\r\n{end}")),
            3,
            "asks for a credential",
        ),
        (
            leak(format!("HTTP/1.1 404 Not Found\r\n{end}")),
            4,
            "404: what answers there is no MCP server; give the address of /mcp",
        ),
        (
            leak(format!("HTTP/1.1 503 Busy\r\n{end}")),
            4,
            "it answers 503",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 3\r\nconnection: close\r\n\r\n401",
            4,
            "is no MCP server",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\nconnection: close\r\n\r\n401",
            4,
            "is no MCP server",
        ),
    ] {
        let url = answering(answer).await;
        let run = home.run(&["tools", "--url", &url]);
        assert_eq!(run.code, code, "{answer}: {}", run.err);
        assert!(run.err.contains(said), "{answer}: {}", run.err);
    }
    let run = home.run(&["tools", "--url", "http://127.0.0.1:9/mcp"]);
    assert!(run.err.contains("nothing answers there: "), "{}", run.err);
    for word in ["Client error", "Send message", "transport", "error sending"] {
        assert!(!run.err.contains(word), "{}", run.err);
    }
}

/// A server whose list of tools has a further page behind each page.
#[cfg(feature = "http")]
async fn endless() -> String {
    use axum::response::{IntoResponse as _, Response};
    let answer = |body: String| async move {
        let request: serde_json::Value = serde_json::from_str(&body).unwrap();
        let id = &request["id"];
        let result = match request["method"].as_str().unwrap() {
            "initialize" => serde_json::json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "endless", "version": "1"},
            }),
            "tools/list" => {
                let page = request["params"]["cursor"].as_str().unwrap_or("0");
                let next = page.parse::<u64>().unwrap() + 1;
                serde_json::json!({"tools": [], "nextCursor": next.to_string()})
            }
            _ => return http::StatusCode::ACCEPTED.into_response(),
        };
        let answer = serde_json::json!({"jsonrpc": "2.0", "id": id, "result": result});
        let fields = [("content-type", "application/json")];
        let answer: Response = (fields, answer.to_string()).into_response();
        answer
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().route("/mcp", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/mcp")
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_tools_without_an_end_is_left() {
    let home = Home::new();
    let url = endless().await;
    let run = home.run(&["tools", "--url", &url]);
    assert_eq!(run.code, 5, "{} {}", run.out, run.err);
    assert!(
        run.err.contains("its list of tools has no end"),
        "{}",
        run.err
    );
}
