//! The page that a browser gets at the MCP URL, over real sockets. `cargo xtask interop page` looks at it in a browser.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{Http, start, start_with};
use common::upstream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Head and body of the answer to a GET.
async fn get(server: &Http, path: &str, accept: &str, extra: &str) -> (String, String) {
    let address = &server.address;
    let host = if extra.contains("Host:") {
        String::new()
    } else {
        format!("Host: {address}\r\n")
    };
    let request = format!(
        "GET {path} HTTP/1.1\r\n{host}Connection: close\r\nAccept: {accept}\r\n{extra}\r\n"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

fn status(head: &str) -> &str {
    head.split(' ').nth(1).unwrap()
}

#[tokio::test]
async fn a_browser_gets_a_page_that_lets_nothing_else_in() {
    let (base, ledger) = upstream::start().await;
    let server = start(&base, &[]).await;
    let (head, body) = get(&server, "/mcp", BROWSER, "").await;
    assert_eq!(status(&head), "200", "{head}");
    for field in [
        "content-type: text/html; charset=utf-8",
        "vary: accept",
        "cache-control: private, no-store",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "default-src 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(head.contains(field), "{field}: {head}");
    }
    // What it takes from elsewhere would stand in an attribute; what a client is told may name other places.
    for never in [" src=", "<link", "<img", "<iframe", " style=", " onclick="] {
        assert!(!body.contains(never), "{never}");
    }
    assert!(body.contains(&format!("http://{}/mcp", server.address)));
    assert!(body.contains("<code>probe</code>"), "{body}");
    assert!(body.len() < 150_000);
    assert_eq!(ledger.count(), 0, "nobody asked the service");
}

#[tokio::test]
async fn what_is_copied_or_typed_from_the_page_works_as_it_stands() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &[]).await;
    let (_, body) = get(&server, "/mcp", BROWSER, "").await;
    // A sentence for an assistant, with what is to be filled in, and none of the steps.
    let asked: Vec<&str> = body
        .split("data-copy=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(asked[0], "Tidy the customers of [Where they are].");
    assert!(asked[1].starts_with("Give me an overview of "), "{asked:?}");
    assert!(asked.iter().all(|text| !text.contains('\n')), "{asked:?}");
    // Commands name the program's file.
    #[cfg(feature = "connect")]
    {
        assert!(!body.contains("the program connect"), "{body}");
        let program = common::process::binary();
        let name = program.file_name().unwrap().to_str().unwrap();
        assert!(
            body.contains(&format!("{name} connect claude-desktop")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn who_is_no_browser_gets_what_mcp_says() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &[]).await;
    for accept in ["text/event-stream", "*/*", "application/json"] {
        let (head, _) = get(&server, "/mcp", accept, "").await;
        assert_eq!(status(&head), "405", "{accept}: {head}");
        assert!(head.contains("vary: accept"), "{accept}: {head}");
    }
}

#[tokio::test]
async fn the_page_keeps_the_rules_of_the_endpoint() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &[]).await;
    for (path, extra, expected) in [
        ("/mcp", "Host: evil.example\r\n", "403"),
        ("/mcp", "Origin: https://evil.example\r\n", "403"),
        ("/mcp/x/nothing", "", "404"),
        ("/mcp/%FF", "", "404"),
        ("/mcp/", "", "200"),
        ("/mcp/readonly", "", "200"),
        ("/mcp/lean", "", "200"),
        ("/mcp/records", "", "200"),
    ] {
        let (head, body) = get(&server, path, BROWSER, extra).await;
        assert_eq!(status(&head), expected, "{path} {extra}: {head} {body}");
    }
}

#[tokio::test]
async fn pages_that_were_made_are_those_of_their_view_and_fields() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &[]).await;
    let tools = |body: &str| body.matches("class=\"tool\"").count();
    let mut seen = Vec::new();
    for (path, fields) in [
        ("/mcp", ""),
        ("/mcp", "X-MCP-Tools: probe\r\n"),
        ("/mcp", ""),
        ("/mcp/readonly", ""),
    ] {
        let (_, body) = get(&server, path, BROWSER, fields).await;
        seen.push(tools(&body));
    }
    assert_eq!(seen[0], seen[2]);
    assert_eq!(seen[1], 1);
    assert!(seen[3] < seen[0]);
}

#[tokio::test]
async fn the_address_is_the_one_that_the_browser_has() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &["--allow-host", "crm.example.com"]).await;
    let fields = "Host: crm.example.com\r\nX-Forwarded-Proto: https\r\n";
    let (_, body) = get(&server, "/mcp/readonly", BROWSER, fields).await;
    assert!(
        body.contains("https://crm.example.com/mcp/readonly"),
        "{body}"
    );
}

#[tokio::test]
async fn strangers_see_no_tools() {
    let (base, _) = upstream::start().await;
    // Callers bring their own credential.
    let server = start_with(&[("FIX_BASE_URL", &base)], &["--auth", "passthrough"]).await;
    let (head, body) = get(&server, "/mcp", BROWSER, "").await;
    assert_eq!(status(&head), "200", "{head}");
    assert!(!body.contains("<code>probe</code>"), "{body}");
    assert!(body.contains("credential"));
    // Nor do they learn what there is from what they guess.
    let (_, of_all) = get(&server, "/mcp", BROWSER, "").await;
    for (path, fields) in [
        ("/mcp/x/nothing", ""),
        ("/mcp", "X-MCP-Tools: prob\r\n"),
        ("/mcp", "X-MCP-Tools: probe\r\n"),
    ] {
        let (head, body) = get(&server, path, BROWSER, fields).await;
        assert_eq!((status(&head), &body), ("200", &of_all), "{path} {fields}");
    }
}

#[tokio::test]
async fn the_address_is_the_one_that_the_operator_says() {
    let (base, _) = upstream::start().await;
    let options = ["--public-url", "https://crm.example.com/tools/mcp/"];
    let server = start(&base, &options).await;
    let (_, body) = get(
        &server,
        "/mcp/readonly",
        BROWSER,
        "X-Forwarded-Proto: https\r\n",
    )
    .await;
    assert!(
        body.contains("https://crm.example.com/tools/mcp/readonly"),
        "{body}"
    );
    assert!(!body.contains(&server.address), "{body}");
}

#[cfg(feature = "connect")]
#[tokio::test]
async fn places_of_files_are_written_as_people_of_each_system_do() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &[]).await;
    let (_, body) = get(&server, "/mcp", BROWSER, "").await;
    for path in [
        "~/.cursor/mcp.json",
        "%USERPROFILE%\\.cursor\\mcp.json",
        "~/.config/zed/settings.json",
    ] {
        assert!(body.contains(path), "{path}");
    }
    for pattern in ["{home}", "{config}", "{appdata}", "{localappdata}"] {
        assert!(!body.contains(pattern), "{pattern}");
    }
}

#[cfg(feature = "connect")]
#[tokio::test]
async fn clients_that_open_links_have_one_that_adds_this_address() {
    let (base, _) = upstream::start().await;
    let server = start(&base, &[]).await;
    let (_, body) = get(&server, "/mcp", BROWSER, "").await;
    let address = server.address.replace(':', "%3A");
    for link in [
        format!(
            "href=\"goose://extension?url=http%3A%2F%2F{address}%2Fmcp&amp;type=streamable_http&amp;id=fixture&amp;"
        ),
        format!(
            "href=\"vscode:mcp/install?%7B%22name%22%3A%22fixture%22%2C%22type%22%3A%22http%22%2C%22url%22%3A%22http%3A%2F%2F{address}%2Fmcp%22%7D\""
        ),
        "href=\"cursor://anysphere.cursor-deeplink/mcp/install?name=fixture&amp;config=".to_owned(),
        "href=\"lmstudio://add_mcp?name=fixture&amp;config=".to_owned(),
    ] {
        assert!(body.contains(&link), "{link}");
    }
}
