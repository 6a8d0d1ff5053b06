//! The example server on HTTP, and requests to it as bytes.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::process::command;

pub struct Http {
    pub child: Child,
    pub address: String,
}

pub async fn start(base: &str, options: &[&str]) -> Http {
    start_with(&[("FIX_BASE_URL", base), ("FIX_TOKEN", "t")], options).await
}

/// With an environment of one's own.
pub async fn start_with(variables: &[(&str, &str)], options: &[&str]) -> Http {
    begin(command(variables), options).await
}

/// Starts what a command is, as a server over HTTP.
pub async fn begin(mut command: Command, options: &[&str]) -> Http {
    let mut child = command
        .args(["http", "--listen", "127.0.0.1:0"])
        .args(options)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut line = lines.next_line().await.unwrap().unwrap();
    while !line.contains("serving MCP at http://") {
        line = lines.next_line().await.unwrap().unwrap();
    }
    let address = line
        .split("http://")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Http { child, address }
}

/// Sends raw bytes and gives status and body.
pub async fn raw(address: &str, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

/// Reads to the end of the connection and gives status and body.
pub async fn rest(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(40), stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .parse()
        .unwrap_or(0);
    (
        status,
        answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned())
            .unwrap_or_default(),
    )
}

/// A POST with the headers that the modern era asks for, `extra` ones after them.
pub fn post(address: &str, method: &str, extra: &str, body: &str) -> String {
    let name = serde_json::from_str::<Value>(body)
        .ok()
        .and_then(|body| {
            Some(format!(
                "Mcp-Name: {}\r\n",
                body["params"]["name"].as_str()?
            ))
        })
        .unwrap_or_default();
    let accept = if extra.contains("Accept:") {
        ""
    } else {
        "Accept: application/json, text/event-stream\r\n"
    };
    let host = if extra.contains("Host:") {
        String::new()
    } else {
        format!("Host: {address}\r\n")
    };
    format!(
        "POST /mcp HTTP/1.1\r\n{host}Connection: close\r\nContent-Type: application/json\r\n{accept}MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: {method}\r\n{name}{extra}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A request at an address below `/mcp`.
pub async fn ask(
    server: &Http,
    path: &str,
    fields: &str,
    method: &str,
    params: Value,
) -> (u16, Value) {
    let body = super::process::modern(1, method, params).to_string();
    let request = post(&server.address, method, fields, &body).replacen(
        "POST /mcp ",
        &format!("POST /mcp{path} "),
        1,
    );
    let (status, body) = raw(&server.address, &request).await;
    (
        status,
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{status}: {body:?}")),
    )
}
