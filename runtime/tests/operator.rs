//! The operator's page: who has the operator's credential sees keys, the audit log and live traffic, and nobody else
//! does, whatever page they are on. `cargo xtask interop page` looks at it in a browser.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::http::{Http, ask, post, raw};
use common::process::{command, ends_well, terminate};
use common::upstream;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};

const KEY: &str = "operator-credential-of-this-test-0123456789";
const PEPPER: &str = "0123456789abcdef0123456789abcdef";

/// A server with an admin address, and a folder that goes with the value.
struct Operated {
    server: Http,
    admin: String,
    folder: PathBuf,
}

impl Operated {
    /// With an audit log, and keys of callers.
    async fn start(name: &str) -> Self {
        Self::with(name, &["AUDIT", "KEYS", "ADMIN_KEY"]).await
    }

    async fn with(name: &str, parts: &[&str]) -> Self {
        let folder = format!("mcpwright-operator-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (base, _) = upstream::start().await;
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let (audit, keys) = (path("audit.jsonl"), path("keys.json"));
        let mut variables = vec![("FIX_BASE_URL", base.as_str()), ("FIX_TOKEN", "t")];
        let mut options = vec!["--admin-listen", "127.0.0.1:0"];
        for part in parts {
            match *part {
                "AUDIT" => variables.push(("FIX_AUDIT", &audit)),
                "ADMIN_KEY" => variables.push(("FIX_ADMIN_KEY", KEY)),
                _ => {
                    variables.extend([("FIX_KEYS", keys.as_str()), ("FIX_PEPPER", PEPPER)]);
                    options.extend(["--auth", "keys"]);
                    let mut create = command(&variables);
                    create.args(["keys", "create", "--name", "first", "--scope", "*:*"]);
                    let made = create.output().await.unwrap();
                    assert!(made.status.success(), "{made:?}");
                    fs::write(path("first.key"), made.stdout).unwrap();
                }
            }
        }
        let (server, admin) = start(&variables, &options).await;
        Self {
            server,
            admin,
            folder,
        }
    }

    fn first_key(&self) -> String {
        let key = fs::read_to_string(self.folder.join("first.key")).unwrap();
        key.trim().to_owned()
    }

    /// A request as it is; head in small letters, and body.
    async fn send(
        &self,
        method: &str,
        path: &str,
        fields: &str,
        body: &str,
    ) -> (u16, String, String) {
        let host = if fields.contains("Host:") {
            String::new()
        } else {
            format!("Host: {}\r\n", self.admin)
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n{fields}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(&self.admin).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), body.to_owned())
    }

    /// What the page asks for.
    async fn get(&self, path: &str) -> Value {
        let (status, _, body) = self.send("GET", path, &signed(KEY), "").await;
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"))
    }

    async fn change(&self, path: &str, body: &Value) -> (u16, Value) {
        let fields = format!(
            "{}Origin: http://{}\r\nContent-Type: application/json\r\n",
            signed(KEY),
            self.admin
        );
        let (status, _, body) = self.send("POST", path, &fields, &body.to_string()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    /// A call of a tool, by a client of some name.
    async fn call(&self, key: &str, client: &str, tool: &str, arguments: Value) -> u16 {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": tool, "arguments": arguments, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": client, "version": "1"},
        }}});
        let fields = if key.is_empty() {
            String::new()
        } else {
            signed(key)
        };
        let address = &self.server.address;
        let request = post(address, "tools/call", &fields, &body.to_string());
        raw(address, &request).await.0
    }

    /// The table, once it has as many lines: records wait for others, and for the thread that writes them.
    async fn table(&self, lines: usize) -> (String, String) {
        let begin = Instant::now();
        loop {
            let (status, head, table) = self.send("GET", "/api/audit.csv", &signed(KEY), "").await;
            assert_eq!(status, 200, "{table}");
            if table.lines().count() >= lines {
                return (head, table);
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{table}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The records, once there are as many calls.
    async fn records(&self, calls: usize) -> Vec<Value> {
        let begin = Instant::now();
        loop {
            let found = self.get("/api/audit").await;
            let records = found["records"].as_array().unwrap().clone();
            if records.len() >= calls {
                return records;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{found}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Operated {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Starts the server on ports that the system chooses, and gives its admin address too.
async fn start(variables: &[(&str, &str)], options: &[&str]) -> (Http, String) {
    let mut command = command(variables);
    command.args(["http", "--listen", "127.0.0.1:0"]);
    let mut child = command.args(options).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = String::new();
    let mut serving = async |what: &str| loop {
        let line = lines.next_line().await.unwrap();
        let line = line.unwrap_or_else(|| panic!("it ended: {said}"));
        if let Some((before, address)) = line.split_once(" at http://")
            && before.contains(what)
        {
            let address = address.split('/').next().unwrap();
            break address.trim().to_owned();
        }
        said.push_str(&line);
    };
    let admin = serving("serving health and metrics").await;
    let address = serving("serving MCP").await;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (Http { child, address }, admin)
}

fn signed(key: &str) -> String {
    format!("Authorization: Bearer {key}\r\n")
}

const ASKED: [&str; 6] = [
    "/api/session",
    "/api/audit",
    "/api/audit.csv",
    "/api/audit/state",
    "/api/keys",
    "/api/live",
];

#[tokio::test]
async fn without_a_credential_of_the_operator_there_is_no_page() {
    let off = Operated::with("off", &["AUDIT"]).await;
    let (status, _, body) = off.send("GET", "/", "", "").await;
    assert_eq!(status, 404);
    assert!(
        body.contains("FIX_ADMIN_KEY") && body.contains("is off"),
        "{body}"
    );
    for path in ASKED {
        let (status, _, body) = off.send("GET", path, &signed(""), "").await;
        assert_eq!((status, body.as_str()), (404, ""), "{path}");
    }
    let start = async |variables: &[(&str, &str)], options: &[&str]| {
        let mut command = command(&[("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")]);
        command.envs(variables.iter().copied()).stdin(Stdio::null());
        command
            .args(["http", "--listen", "127.0.0.1:0"])
            .args(options);
        let said = command.output().await.unwrap();
        (said.status.code(), String::from_utf8(said.stderr).unwrap())
    };
    let listen = ["--admin-listen", "127.0.0.1:0"];
    let (code, said) = start(&[("FIX_ADMIN_KEY", "short-canary")], &listen).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.starts_with("error: FIX_ADMIN_KEY must have at least 32"),
        "{said}"
    );
    assert!(!said.contains("canary"), "{said}");
    let (code, said) = start(&[("FIX_ADMIN_KEY", KEY)], &[]).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--admin-listen"), "{said}");
}

#[tokio::test]
async fn the_page_shows_nothing_of_the_server_and_lets_nothing_in() {
    let operated = Operated::start("page").await;
    let (status, head, body) = operated.send("GET", "/", "", "").await;
    assert_eq!(status, 200);
    for field in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
        "default-src 'none'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(head.contains(field), "{field}: {head}");
    }
    for never in [
        " src=",
        "<link",
        "<img",
        "<iframe",
        " style=",
        " onclick=",
        KEY,
        "audit.jsonl",
    ] {
        assert!(!body.contains(never), "{never}");
    }
    assert!(body.contains("Operator's credential") && body.len() < 60_000);
    // A link elsewhere leads to it; what it asks for is its own.
    let link = "Sec-Fetch-Site: cross-site\r\n";
    assert_eq!(operated.send("GET", "/", link, "").await.0, 200);
}

#[tokio::test]
async fn who_does_not_show_the_credential_gets_nothing_and_waits_for_it() {
    let operated = Operated::start("sign-in").await;
    for path in ASKED {
        let (status, head, body) = operated.send("GET", path, "", "").await;
        assert_eq!(status, 401, "{path}: {body}");
        assert!(
            head.contains("www-authenticate: bearer realm=\"operator\""),
            "{head}"
        );
    }
    let first = operated.first_key();
    let longer = format!("{KEY}0");
    for wrong in ["", "x", &KEY[1..], longer.as_str(), first.as_str()] {
        let begin = Instant::now();
        let (status, _, body) = operated
            .send("GET", "/api/session", &signed(wrong), "")
            .await;
        assert_eq!(status, 401, "{wrong}: {body}");
        assert!(begin.elapsed() >= Duration::from_secs(1), "{wrong}");
        assert!(!body.contains(KEY), "{body}");
    }
    // Nor in an address, or twice.
    let (status, ..) = operated
        .send("GET", &format!("/api/session?access_token={KEY}"), "", "")
        .await;
    assert_eq!(status, 401);
    let twice = format!("{}{}", signed(KEY), signed(KEY));
    assert_eq!(
        operated.send("GET", "/api/session", &twice, "").await.0,
        401
    );
    let session = operated.get("/api/session").await;
    assert_eq!(session["auth"], "keys");
    let (_, _, numbers) = operated.send("GET", "/metrics", "", "").await;
    assert!(
        numbers.contains("mcp_requests_refused_total{reason=\"operator\"} 6"),
        "{numbers}"
    );
    let records = operated.records(1).await;
    assert_eq!(records[0]["principal"], "operator", "{records:?}");
    assert_eq!(records[0]["decision"], "denied");
    let log = fs::read_to_string(operated.folder.join("audit.jsonl")).unwrap();
    assert!(!log.contains(KEY), "{log}");
}

#[tokio::test]
async fn other_pages_are_refused_with_the_credential_too() {
    let operated = Operated::start("origin").await;
    let own = format!("Origin: http://{}\r\n", operated.admin);
    let json = "Content-Type: application/json\r\n";
    let order = json!({"name": "x", "scopes": ["*:read"]}).to_string();
    let listed = operated.get("/api/keys").await;
    let id = listed["keys"][0]["id"].as_str().unwrap();
    let (revoke, rotate) = (
        format!("/api/keys/{id}/revoke"),
        format!("/api/keys/{id}/rotate"),
    );
    for (method, path, fields, expected) in [
        (
            "GET",
            "/",
            "Origin: https://evil.example\r\n".to_owned(),
            403,
        ),
        ("GET", "/", "Host: evil.example:9464\r\n".to_owned(), 403),
        ("GET", "/api/keys", "Host: evil.example\r\n".to_owned(), 403),
        // The name of the page that was bound to this address is host and origin.
        (
            "GET",
            "/api/keys",
            "Host: evil.example\r\nOrigin: http://evil.example\r\n".to_owned(),
            403,
        ),
        (
            "GET",
            "/api/keys",
            "Origin: https://evil.example\r\n".to_owned(),
            403,
        ),
        ("GET", "/api/keys", "Origin: null\r\n".to_owned(), 403),
        (
            "GET",
            "/api/keys",
            "Origin: http://127.0.0.1:1\r\n".to_owned(),
            403,
        ),
        (
            "GET",
            "/api/keys",
            "Sec-Fetch-Site: cross-site\r\n".to_owned(),
            403,
        ),
        (
            "GET",
            "/api/keys",
            "Sec-Fetch-Site: same-site\r\n".to_owned(),
            403,
        ),
        ("GET", "/api/keys", own.clone(), 200),
        (
            "OPTIONS",
            "/api/keys",
            "Origin: https://evil.example\r\n".to_owned(),
            403,
        ),
        ("POST", "/api/keys", json.to_owned(), 403),
        (
            "POST",
            "/api/keys",
            format!("{own}Content-Type: text/plain\r\n"),
            415,
        ),
        ("POST", "/api/keys", own.clone(), 415),
        ("POST", revoke.as_str(), own.clone(), 415),
        (
            "POST",
            revoke.as_str(),
            format!("{own}Content-Type: text/plain\r\n"),
            415,
        ),
        ("POST", rotate.as_str(), own.clone(), 415),
        ("POST", "/api/keys", format!("{own}{own}{json}"), 403),
        ("PUT", "/api/keys", format!("{own}{json}"), 404),
        ("GET", "/api/nothing", String::new(), 404),
        ("POST", "/api/keys", format!("{own}{json}"), 200),
    ] {
        let with = format!("{}{fields}", signed(KEY));
        let (status, head, body) = operated.send(method, path, &with, &order).await;
        assert_eq!(status, expected, "{method} {path} {fields}: {body}");
        assert!(!head.contains("access-control-"), "{head}");
        assert_eq!(
            head.matches("cache-control: no-store").count(),
            usize::from(!fields.contains("Host:")),
            "{head}"
        );
    }
    // One key for the one order that came from the page.
    let keys = operated.get("/api/keys").await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    assert_eq!(keys["keys"][0]["state"], "holds", "{keys}");
    // Numbers are for no page, as ever.
    assert_eq!(operated.send("GET", "/metrics", &own, "").await.0, 403);
}

#[tokio::test]
async fn the_audit_log_is_read_from_its_end_filtered_and_saved_without_formulas() {
    let operated = Operated::start("audit").await;
    let key = operated.first_key();
    let formula = "=HYPERLINK(\"http://evil.example\")";
    assert_eq!(
        operated
            .call(&key, formula, "get_customer", json!({"id": "5"}))
            .await,
        200
    );
    let secret = json!({"id": "5", "password": "canary-of-a-secret"});
    operated
        .call(&key, "<script>alert(1)</script>", "get_customer", secret)
        .await;
    operated.call(&key, "plain", "@SUM(A1)", json!({})).await;
    operated
        .call(
            &key,
            "plain",
            "create_invoice",
            json!({"customer_id": "c1", "lines": [{"text": "x", "hours": 1}]}),
        )
        .await;
    for _ in 0..120 {
        operated
            .call(&key, "many", "get_customer", json!({"id": "7"}))
            .await;
    }
    let (head, table) = operated.table(125).await;
    let newest = operated.records(100).await;
    assert_eq!(newest.len(), 100);
    assert_eq!(newest[0]["client"], "many 1");
    let page = operated.get("/api/audit").await;
    let next = page["next"].as_str().unwrap();
    let older = operated.get(&format!("/api/audit?before={next}")).await;
    let older = older["records"].as_array().unwrap();
    assert_eq!(older.len(), 24, "{older:?}");
    let below = |one: &Value| one["seq"].as_u64().unwrap();
    assert!(below(&older[0]) < below(newest.last().unwrap()));
    let oldest = older.last().unwrap();
    assert_eq!(oldest["client"], format!("{formula} 1"));
    assert_eq!(oldest["result"], "ok");
    assert!(oldest["principal"].as_str().unwrap().starts_with("key:"));
    for (query, expected) in [
        ("tool=invoice", 1),
        ("class=write", 1),
        ("outcome=failed&tool=get_customer", 1),
        ("outcome=denied", 1),
        ("who=SCRIPT", 1),
        ("who=nobody", 0),
    ] {
        let found = operated.get(&format!("/api/audit?{query}")).await;
        let records = found["records"].as_array().unwrap();
        assert_eq!(records.len(), expected, "{query}: {found}");
    }
    assert!(head.contains("content-disposition: attachment"), "{head}");
    assert!(head.contains("x-more-records: 0"), "{head}");
    assert_eq!(table.lines().count(), 125, "a head and 124 calls");
    assert!(table.contains("\"'=HYPERLINK"), "{table}");
    assert!(table.contains("\"'@SUM(A1)\""), "{table}");
    for line in table.lines() {
        for cell in line.split(',') {
            let begins = cell.trim_start_matches('"');
            assert!(!begins.starts_with(['=', '@', '+', '-']), "{line}");
        }
    }
    let all = format!("{page}{older:?}{table}");
    assert!(
        !all.contains("canary-of-a-secret") && !all.contains(&key),
        "{all}"
    );
    let state = operated.get("/api/audit/state").await;
    assert_eq!(state["logs"][0]["whole"], true, "{state}");
    assert_eq!(state["unknown"], json!([]));
    // A record that somebody changed is seen.
    let path = operated.folder.join("audit.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replacen(
            "\"tool\":\"create_invoice\"",
            "\"tool\":\"delete_invoice\"",
            1,
        ),
    )
    .unwrap();
    let state = operated.get("/api/audit/state").await;
    assert_eq!(state["logs"][0]["whole"], false, "{state}");
    // Nonsense is no reason to break.
    for query in [
        "before=x",
        "before=99-99",
        "before=1-18446744073709551615",
        "before=18446744073709551615-0",
    ] {
        operated.get(&format!("/api/audit?{query}")).await;
    }
}

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

/// A stream of events.
struct Events {
    stream: TcpStream,
    held: String,
}

impl Events {
    /// Begins to watch; `small`: with little room for what is not read.
    async fn watch(operated: &Operated, small: bool) -> (u16, Self) {
        let socket = TcpSocket::new_v4().unwrap();
        if small {
            socket.set_recv_buffer_size(4_096).unwrap();
        }
        let address = operated.admin.parse().unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let request = format!(
            "GET /api/live HTTP/1.1\r\nHost: {}\r\n{}\r\n",
            operated.admin,
            signed(KEY)
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut this = Self {
            stream,
            held: String::new(),
        };
        while !this.held.contains(": watching") && !this.held.contains("error") {
            this.more().await;
        }
        let status = this.held.split(' ').nth(1).unwrap().parse().unwrap();
        (status, this)
    }

    async fn more(&mut self) {
        let mut bytes = [0; 4_096];
        let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut bytes));
        let read = read.await.expect("an event in time").unwrap();
        assert!(read > 0, "it ended: {}", self.held);
        self.held.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }

    /// The next event.
    async fn next(&mut self) -> Value {
        loop {
            if let Some(at) = self.held.find("data: ")
                && let Some(end) = self.held[at..].find("\n\n")
            {
                let text = self.held[at + 6..at + end].to_owned();
                self.held.drain(..at + end);
                // A chunk may begin in an event that was long.
                if let Ok(event) = serde_json::from_str(&text) {
                    return event;
                }
                continue;
            }
            self.more().await;
        }
    }
}

#[tokio::test]
async fn calls_are_seen_as_they_begin_and_end_and_no_secret_is() {
    let operated = Operated::start("live").await;
    let key = operated.first_key();
    // Before anybody watches.
    operated
        .call(&key, "early", "get_customer", json!({"id": "1"}))
        .await;
    let (status, mut events) = Events::watch(&operated, false).await;
    assert_eq!(status, 200);
    let arguments = json!({"id": "5", "password": "canary-of-a-secret", "note": "some words"});
    operated
        .call(&key, "evil\r\n\r\ndata: {}", "get_customer", arguments)
        .await;
    let begin = events.next().await;
    assert_eq!(begin["event"], "begin", "{begin}");
    assert_eq!(
        (&begin["tool"], &begin["risk"]),
        (&json!("get_customer"), &json!("read"))
    );
    assert_eq!(
        begin["arguments"],
        json!({"id": "5", "password": "[redacted]", "note": "[text, 10 characters]"})
    );
    assert!(begin["bytes"].as_u64().unwrap() > 60, "{begin}");
    assert!(
        begin["principal"].as_str().unwrap().starts_with("key:"),
        "{begin}"
    );
    assert!(
        begin["client"].as_str().unwrap().starts_with("evil"),
        "{begin}"
    );
    let end = events.next().await;
    assert_eq!(
        (&end["event"], &end["result"]),
        (&json!("end"), &json!("validation"))
    );
    assert_eq!(end["call"], begin["call"]);
    assert!(end["ms"].is_u64(), "{end}");
    operated.call(&key, "x", "no_such_tool", json!({})).await;
    let refused = events.next().await;
    assert_eq!(
        (&refused["event"], &refused["tool"]),
        (&json!("refused"), &json!("no_such_tool"))
    );
    assert!(!format!("{begin}{end}{refused}").contains("canary"));
}

/// Makes calls whose events are large, several at a time, none of which may wait for who watches; gives how many.
/// It takes less than the 30 s after which who takes nothing is given up.
async fn flood(operated: &Operated, calls: usize) -> usize {
    const MOST: Duration = Duration::from_secs(18);
    let key = operated.first_key();
    let ids: Vec<String> = (0..35)
        .map(|number| format!("{number}{}", "x".repeat(190)))
        .collect();
    let (made, begin) = (Cell::new(0), Instant::now());
    let callers = (0..8).map(|_| async {
        while made.get() < calls && begin.elapsed() < MOST {
            made.set(made.get() + 1);
            let arguments = json!({"id": "1", "tag_ids": ids});
            let call = operated.call(&key, "many", "get_customer", arguments);
            let call = tokio::time::timeout(Duration::from_secs(10), call);
            call.await.expect("nobody waits for who watches");
        }
    });
    join_all(callers).await;
    made.get()
}

#[tokio::test]
async fn who_watches_slowly_holds_nobody_up_and_is_told_what_was_left_out() {
    // Without an audit log, whose writing would slow the flood.
    let operated = Operated::with("slow", &["KEYS", "ADMIN_KEY"]).await;
    let key = operated.first_key();
    // How much a system keeps for who does not read differs; a new connection is the least it begins with.
    for calls in [900, 1_800, 3_600, 7_200] {
        let (_, mut slow) = Events::watch(&operated, true).await;
        let made = flood(&operated, calls).await;
        operated.call(&key, "last", "get_customer", json!({})).await;
        let mut missed = 0;
        loop {
            let event = slow.next().await;
            if event["event"] == "missed" {
                missed += event["number"].as_u64().unwrap();
            }
            // What came last is never what is left out.
            let client = event["client"].as_str().unwrap_or_default();
            if event["event"] == "end" && client.starts_with("last") {
                break;
            }
        }
        if missed > 0 {
            assert!(missed < 2 * made as u64, "{missed} of {made} calls");
            return;
        }
    }
    panic!("nothing was left out");
}

#[tokio::test]
async fn only_so_many_watch_and_a_stream_ends_with_the_server() {
    let mut operated = Operated::start("watchers").await;
    let mut watching = Vec::new();
    for _ in 0..8 {
        let (status, events) = Events::watch(&operated, false).await;
        assert_eq!(status, 200);
        watching.push(events);
    }
    assert_eq!(Events::watch(&operated, false).await.0, 503);
    // The rest of the page works.
    operated.get("/api/keys").await;
    drop(watching.pop());
    let begin = Instant::now();
    let again = loop {
        let (status, events) = Events::watch(&operated, false).await;
        if status == 200 {
            break events;
        }
        assert!(begin.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let begin = Instant::now();
    terminate(&operated.server.child);
    ends_well(&mut operated.server.child).await;
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
    drop((again, watching));
}
