//! Keys of callers over HTTP: who has none is not let in, and who has one finds only what it is for.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use common::http::{Http, ask, post, raw, start_with};
use common::process::{command, ends_well, modern, terminate, text, token, wait_for};
use common::upstream::{self, Ledger};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PEPPER: &str = "0123456789abcdef0123456789abcdef";

/// A folder with keys, which goes with the value.
struct Keys {
    folder: PathBuf,
    base: String,
    ledger: Ledger,
}

impl Keys {
    async fn new(name: &str) -> Self {
        let name = format!("mcpwright-keys-test-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (base, ledger) = upstream::start().await;
        Self {
            folder,
            base,
            ledger,
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    async fn run(&self, pepper: &str, arguments: &[&str]) -> Output {
        let path = self.path("keys.json");
        let mut command = command(&[("FIX_KEYS", path.as_str()), ("FIX_PEPPER", pepper)]);
        command.arg("keys").args(arguments).stdin(Stdio::null());
        command.output().await.unwrap()
    }

    async fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(PEPPER, arguments).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    async fn create(&self, scopes: &[&str]) -> String {
        let mut arguments = vec!["create", "--name", "Ann's laptop"];
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        self.done(&arguments).await
    }

    async fn serve(&self, pepper: &str) -> Http {
        self.serve_with(pepper, &[]).await
    }

    async fn serve_with(&self, pepper: &str, more: &[(&str, &str)]) -> Http {
        let (keys, audit) = (self.path("keys.json"), self.path("audit.jsonl"));
        let mut variables = vec![
            ("FIX_BASE_URL", self.base.as_str()),
            ("FIX_TOKEN", "t"),
            ("FIX_KEYS", &keys),
            ("FIX_PEPPER", pepper),
            ("FIX_AUDIT", &audit),
        ];
        variables.extend_from_slice(more);
        start_with(&variables, &["--auth", "keys"]).await
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}\r\n")
}

/// The id in a key.
fn id(key: &str) -> String {
    let parts: Vec<&str> = key.split('_').collect();
    parts[parts.len() - 2].to_owned()
}

async fn tools(server: &Http, path: &str, key: &str) -> Vec<String> {
    let (status, body) = ask(server, path, &bearer(key), "tools/list", json!({})).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["result"]["cacheScope"], "private");
    let tools = body["result"]["tools"].as_array().unwrap().iter();
    tools
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn call(server: &Http, path: &str, key: &str, tool: &str, arguments: Value) -> Value {
    let params = json!({"name": tool, "arguments": arguments});
    ask(server, path, &bearer(key), "tools/call", params)
        .await
        .1
}

/// The head of an answer.
async fn head(server: &Http, fields: &str) -> String {
    let body = modern(1, "tools/list", json!({})).to_string();
    let request = post(&server.address, "tools/list", fields, &body);
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split("\r\n\r\n").next().unwrap().to_lowercase()
}

#[tokio::test]
async fn e5_who_has_no_key_is_not_let_in_and_is_told_how() {
    let keys = Keys::new("challenge").await;
    let key = keys.create(&["*:*"]).await;
    assert!(key.starts_with("fixture_"), "{key}");
    let server = keys.serve(PEPPER).await;
    let none = head(&server, "").await;
    assert!(none.starts_with("http/1.1 401"), "{none}");
    assert!(
        none.contains("www-authenticate: bearer realm=\"fixture\""),
        "{none}"
    );
    assert!(!none.contains("error="), "{none}");
    let other = format!(
        "{}{}",
        &key[..key.len() - 1],
        if key.ends_with('0') { 1 } else { 0 }
    );
    for fields in [
        bearer("nonsense"),
        bearer(&other),
        bearer(&key.to_uppercase()),
        bearer(&key.replace("fixture_", "fixture__")),
        format!("X-API-Key: {other}\r\n"),
    ] {
        let refused = head(&server, &fields).await;
        assert!(refused.starts_with("http/1.1 401"), "{fields}: {refused}");
        assert!(
            refused.contains("error=\"invalid_token\""),
            "{fields}: {refused}"
        );
    }
    // Another scheme is no key, and two credentials are one too many.
    assert!(
        head(&server, "Authorization: Basic YTpi\r\n")
            .await
            .starts_with("http/1.1 401")
    );
    let twice = format!("{}{}", bearer(&key), bearer(&key));
    assert!(head(&server, &twice).await.starts_with("http/1.1 400"));
    // RFC 6750 §2.3 allows a token in the query; MCP forbids it.
    let body = modern(1, "tools/list", json!({})).to_string();
    let request = post(&server.address, "tools/list", "", &body);
    let request = request.replacen("POST /mcp ", &format!("POST /mcp?access_token={key} "), 1);
    assert_eq!(raw(&server.address, &request).await.0, 401);
    assert_eq!(keys.ledger.count(), 0);
    for fields in [
        bearer(&key),
        format!("X-API-Key: {key}\r\n"),
        format!("Authorization: bearer  {key}\r\n"),
    ] {
        let let_in = head(&server, &fields).await;
        assert!(let_in.starts_with("http/1.1 200"), "{fields}: {let_in}");
    }
}

#[tokio::test]
async fn g18_every_view_shows_what_the_key_may_use_and_nothing_else_is_there() {
    let keys = Keys::new("scopes").await;
    let reader = keys.create(&["customers:read"]).await;
    let writer = keys.create(&["invoices:write"]).await;
    let server = keys.serve(PEPPER).await;
    for path in ["", "/all", "/core", "/x/customers"] {
        let listed = tools(&server, path, &reader).await;
        assert_eq!(listed, ["list_customers", "get_customer"], "{path}");
    }
    // Writing does not imply reading.
    let listed = tools(&server, "/all", &writer).await;
    assert_eq!(listed, ["create_invoice"]);
    // A name that is hidden is a name that there is not, whatever the way to it.
    let hidden = call(&server, "", &reader, "delete_customer", json!({"id": "1"})).await;
    let absent = call(&server, "", &reader, "delete_custom", json!({"id": "1"})).await;
    for (answer, name) in [(&hidden, "delete_customer"), (&absent, "delete_custom")] {
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        let expected = format!("there is no tool `{name}`");
        assert!(message.starts_with(&expected), "{message}");
        assert_eq!(
            message.matches("delete_customer").count(),
            usize::from(name == "delete_customer")
        );
    }
    for (tool, arguments) in [
        ("find_tools", json!({"query": "delete a customer"})),
        ("describe_tool", json!({"name": "delete_customer"})),
        ("describe_tool", json!({"name": "invoices"})),
        (
            "run_destructive",
            json!({"name": "delete_customer", "arguments": {"id": "1"}}),
        ),
        (
            "run_write",
            json!({"name": "create_invoice", "arguments": {}}),
        ),
        (
            "run_write",
            json!({"name": "poke", "arguments": {"what": "a"}}),
        ),
        (
            "run_read",
            json!({"name": "probe", "arguments": {"what": "a"}}),
        ),
    ] {
        let answer = call(&server, "/lean", &reader, tool, arguments.clone())
            .await
            .to_string();
        for other in [
            "Deletes one",
            "Creates an invoice",
            "\\\"create_invoice",
            "create_invoice (",
        ] {
            assert!(!answer.contains(other), "{tool} {arguments}: {answer}");
        }
    }
    let (_, records) = ask(
        &server,
        "/records",
        &bearer(&reader),
        "tools/list",
        json!({}),
    )
    .await;
    let described = call(
        &server,
        "/records",
        &reader,
        "crm_describe",
        json!({"entity": "customers"}),
    )
    .await;
    for shown in [&records, &described] {
        let shown = shown.to_string();
        assert!(
            !shown.contains("delete_customer") && !shown.contains("create_invoice"),
            "{shown}"
        );
    }
    let deleted = call(
        &server,
        "/records",
        &reader,
        "crm_delete",
        json!({"entity": "customers", "id": "1"}),
    )
    .await;
    assert!(
        deleted["error"].is_object() || deleted["result"]["isError"] == true,
        "{deleted}"
    );
    // A view cannot be asked for what is hidden.
    for path in ["/x/invoices", "/x/files"] {
        let (status, body) = ask(&server, path, &bearer(&reader), "tools/list", json!({})).await;
        assert_eq!(status, 404, "{body}");
        assert!(!body.to_string().contains("create_invoice"), "{body}");
    }
    let fields = format!("{}X-MCP-Tools: delete_customer\r\n", bearer(&reader));
    let (status, _) = ask(&server, "", &fields, "tools/list", json!({})).await;
    assert_eq!(status, 400);
    for (method, params) in [
        ("server/discover", json!({})),
        ("resources/list", json!({})),
        ("prompts/list", json!({})),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/resource", "uri": "fixture://schemas/{tool}"}, "argument": {"name": "tool", "value": ""}}),
        ),
    ] {
        let (_, body) = ask(&server, "", &bearer(&reader), method, params).await;
        let body = body.to_string();
        for other in [
            "delete_customer",
            "create_invoice",
            "nvoices",
            "upload_document",
        ] {
            assert!(!body.contains(other), "{method}: {body}");
        }
    }
    // Places in the caller's own list are places in no other one.
    let of_all = keys.create(&["*:read"]).await;
    for (key, tool, is_there) in [
        (&reader, "get_customer", true),
        (&reader, "create_invoice", false),
        (&reader, "get_file", false),
        (&of_all, "get_file", true),
        (&of_all, "delete_customer", false),
        (&of_all, "upload_document", false),
    ] {
        let uri = format!("fixture://schemas/{tool}");
        let fields = format!("{}Mcp-Name: {uri}\r\n", bearer(key));
        let params = json!({"uri": uri});
        let (_, body) = ask(&server, "", &fields, "resources/read", params).await;
        let text = &body["result"]["contents"][0]["text"];
        assert_eq!(text.is_string(), is_there, "{tool}: {body}");
        assert_eq!(body["error"]["code"] == -32602, !is_there, "{tool}: {body}");
    }
    let setup = json!({"name": "setup"});
    let (_, body) = ask(&server, "", &bearer(&reader), "prompts/get", setup).await;
    assert!(body["result"].is_object(), "{body}");
    for other in ["delete_customer", "create_invoice", "nvoices"] {
        assert!(!body.to_string().contains(other), "{body}");
    }
    assert_eq!(keys.ledger.count(), 0);
    let read = call(&server, "", &reader, "get_customer", json!({"id": "7"})).await;
    assert_ne!(read["result"]["isError"], true, "{read}");
    // What comes in is not passed on.
    assert_eq!(keys.ledger.last().header("authorization"), Some("Bearer t"));
    let log = fs::read_to_string(keys.path("audit.jsonl")).unwrap();
    assert!(
        log.contains(&format!("\"principal\":\"key:{}\"", id(&reader))),
        "{log}"
    );
    assert!(!log.contains(&reader), "{log}");
    // What was asked for by another tool was asked for, too.
    let denied = |line: &&str| line.contains("\"tool\":\"poke\"") && line.contains("\"denied\"");
    assert_eq!(log.lines().filter(denied).count(), 1, "{log}");
}

#[tokio::test]
async fn g15_a_key_that_is_revoked_ends_with_its_next_request_on_every_server() {
    let keys = Keys::new("revoke").await;
    let (first, second) = (
        keys.create(&["*:read"]).await,
        keys.create(&["*:read"]).await,
    );
    let servers = [keys.serve(PEPPER).await, keys.serve(PEPPER).await];
    for server in &servers {
        assert!(
            head(server, &bearer(&first))
                .await
                .starts_with("http/1.1 200")
        );
    }
    keys.done(&["revoke", &id(&first)]).await;
    keys.done(&["revoke", &id(&first)]).await;
    for server in &servers {
        assert!(
            head(server, &bearer(&first))
                .await
                .starts_with("http/1.1 401")
        );
        assert!(
            head(server, &bearer(&second))
                .await
                .starts_with("http/1.1 200")
        );
    }
    let rotated = keys.done(&["rotate", &id(&second)]).await;
    for server in &servers {
        assert!(
            head(server, &bearer(&second))
                .await
                .starts_with("http/1.1 401")
        );
        assert!(
            head(server, &bearer(&rotated))
                .await
                .starts_with("http/1.1 200")
        );
    }
    // A file that is gone or broken lets nobody in, and one that is back lets in again.
    let path = keys.path("keys.json");
    let kept = fs::read(&path).unwrap();
    for broken in [None, Some("{"), Some("{\"keys\": [{}]}")] {
        let _ = fs::remove_file(&path);
        if let Some(text) = broken {
            fs::write(&path, text).unwrap();
        }
        assert!(
            head(&servers[0], &bearer(&rotated))
                .await
                .starts_with("http/1.1 401")
        );
    }
    fs::write(&path, kept).unwrap();
    assert!(
        head(&servers[0], &bearer(&rotated))
            .await
            .starts_with("http/1.1 200")
    );
    let used = keys.path("keys.json.used");
    wait_for(|| fs::read_to_string(&used).is_ok_and(|text| text.contains(&id(&rotated)))).await;
    let listed = keys.done(&["list"]).await;
    assert_eq!(listed.matches("revoked").count(), 2, "{listed}");
    assert!(!listed.contains(&rotated), "{listed}");
    let listed: Value = serde_json::from_str(&keys.done(&["list", "--json"]).await).unwrap();
    assert!(listed[2]["last_used"].is_u64(), "{listed}");
}

#[tokio::test]
async fn g13_the_file_has_no_key_and_a_new_pepper_leaves_the_old_keys_valid() {
    let keys = Keys::new("pepper").await;
    let key = keys.create(&["*:read"]).await;
    let file = fs::read_to_string(keys.path("keys.json")).unwrap();
    let secret = key.rsplit('_').next().unwrap();
    assert!(!file.contains(secret), "{file}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(keys.path("keys.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let newer = format!("fedcba9876543210fedcba9876543210 {PEPPER}");
    let server = keys.serve(&newer).await;
    assert!(
        head(&server, &bearer(&key))
            .await
            .starts_with("http/1.1 200")
    );
    let rotated = keys.run(&newer, &["rotate", &id(&key)]).await;
    let rotated = String::from_utf8(rotated.stdout).unwrap().trim().to_owned();
    assert!(
        head(&server, &bearer(&rotated))
            .await
            .starts_with("http/1.1 200")
    );
    drop(server);
    let server = keys.serve("fedcba9876543210fedcba9876543210").await;
    assert!(
        head(&server, &bearer(&rotated))
            .await
            .starts_with("http/1.1 200")
    );
}

#[tokio::test]
async fn a_confirmation_holds_for_the_key_that_asked_for_it() {
    let keys = Keys::new("confirm").await;
    let (ann, bob) = (keys.create(&["*:*"]).await, keys.create(&["*:*"]).await);
    let server = keys.serve(PEPPER).await;
    let asked = call(&server, "", &ann, "delete_customer", json!({"id": "1"})).await;
    let given = json!({"id": "1", "confirm_token": token(&asked["result"])});
    let of_bob = call(&server, "", &bob, "delete_customer", given.clone()).await;
    assert!(
        text(&of_bob["result"]).contains("is not one for these arguments"),
        "{of_bob}"
    );
    assert_eq!(keys.ledger.count(), 0);
    let of_ann = call(&server, "", &ann, "delete_customer", given).await;
    assert_ne!(of_ann["result"]["isError"], true, "{of_ann}");
    assert_eq!(keys.ledger.count(), 1);
    // What one made says nothing to the other.
    let invoice = json!({"customer_id": "c", "lines": [{"text": "x", "hours": 1}]});
    for key in [&ann, &bob] {
        let made = call(&server, "", key, "create_invoice", invoice.clone()).await;
        assert_ne!(made["result"]["isError"], true, "{made}");
    }
}

#[tokio::test]
async fn what_is_missing_ends_the_start_with_one_line() {
    let keys = Keys::new("start").await;
    let path = keys.path("keys.json");
    let start = async |variables: &[(&str, &str)], options: &[&str]| {
        let mut all = vec![("FIX_BASE_URL", keys.base.as_str()), ("FIX_TOKEN", "t")];
        all.extend_from_slice(variables);
        let mut command = command(&all);
        command
            .args(["http", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::null());
        let output = command.output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let auth = ["--auth", "keys"];
    let line = start(&[("FIX_PEPPER", PEPPER)], &auth).await;
    assert!(line.starts_with("error: FIX_KEYS is not set"), "{line}");
    let line = start(&[("FIX_KEYS", &path)], &auth).await;
    assert!(line.starts_with("error: FIX_PEPPER is not set"), "{line}");
    let line = start(&[("FIX_KEYS", &path), ("FIX_PEPPER", PEPPER)], &auth).await;
    assert!(line.contains("there is no key that holds"), "{line}");
    let line = start(&[("FIX_KEYS", &path)], &[]).await;
    assert!(line.contains("--auth none does not ask for keys"), "{line}");
    let unknown = keys
        .run(PEPPER, &["create", "--name", "x", "--scope", "leads:read"])
        .await;
    assert_eq!(unknown.status.code(), Some(2));
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("there are customers, invoices"), "{said}");
    let key = keys.create(&["*:read"]).await;
    keys.done(&["revoke", &id(&key)]).await;
    let line = start(&[("FIX_KEYS", &path), ("FIX_PEPPER", PEPPER)], &auth).await;
    assert!(line.contains("there is no key that holds"), "{line}");
}

#[tokio::test]
async fn d6_a_key_has_a_rate_of_its_own_and_is_told_when_to_come_back() {
    let keys = Keys::new("rate").await;
    let wrong = keys
        .run(
            PEPPER,
            &["create", "--name", "x", "--scope", "*:*", "--rate", "fast"],
        )
        .await;
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    let arguments = [
        "create", "--name", "x", "--scope", "*:*", "--rate", "30/min",
    ];
    let limited = keys.done(&arguments).await;
    let other = keys.create(&["*:*"]).await;
    let listed = keys.done(&["list"]).await;
    assert!(listed.contains("rate 30/min"), "{listed}");
    let mut server = keys.serve(PEPPER).await;
    for _ in 0..10 {
        assert!(!tools(&server, "", &limited).await.is_empty());
    }
    for _ in 0..5 {
        let refused = head(&server, &bearer(&limited)).await;
        assert!(refused.starts_with("http/1.1 429"), "{refused}");
        let seconds = refused.split("retry-after: ").nth(1).unwrap_or_default();
        let seconds = seconds.lines().next().and_then(|text| text.parse().ok());
        assert!(
            seconds.is_some_and(|s: u64| (1..=2).contains(&s)),
            "{refused}"
        );
    }
    let (status, body) = ask(&server, "", &bearer(&limited), "tools/list", json!({})).await;
    assert_eq!(status, 429);
    let message = body["error"]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("Rate limited: "), "{body}");
    assert_eq!(body["error"]["data"]["kind"], "rate_limited", "{body}");
    assert!(body["error"]["data"]["retry_after_s"].is_u64(), "{body}");
    assert!(!tools(&server, "", &other).await.is_empty());
    // It is in the log, and one line for all of it.
    terminate(&server.child);
    ends_well(&mut server.child).await;
    let log = fs::read_to_string(keys.path("audit.jsonl")).unwrap();
    let lines: Vec<&str> = log.lines().filter(|l| l.contains("rate limited")).collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].contains(&format!("key:{}", id(&limited))), "{log}");
    assert!(lines[1].contains("\"times\":5"), "{log}");
}

#[tokio::test]
async fn d6_one_rate_for_all_callers_is_one_for_each_of_them() {
    let keys = Keys::new("rates").await;
    let (ann, bob) = (keys.create(&["*:*"]).await, keys.create(&["*:*"]).await);
    let more = [
        ("FIX_CALLER_RATE", "30/min"),
        ("FIX_CALLER_RATE_BURST", "2"),
    ];
    let server = keys.serve_with(PEPPER, &more).await;
    for key in [&ann, &bob] {
        for expected in ["200", "200", "429"] {
            let head = head(&server, &bearer(key)).await;
            assert!(head.starts_with(&format!("http/1.1 {expected}")), "{head}");
        }
    }
}

#[tokio::test]
async fn d6_a_key_that_keeps_all_its_calls_open_leaves_places_for_others() {
    let keys = Keys::new("share").await;
    let (ann, bob) = (keys.create(&["*:*"]).await, keys.create(&["*:*"]).await);
    let server = keys.serve(PEPPER).await;
    let slow = modern(
        1,
        "tools/call",
        json!({"name": "probe", "arguments": {"what": "slow"}}),
    );
    let request = post(
        &server.address,
        "tools/call",
        &bearer(&ann),
        &slow.to_string(),
    );
    let mut open = Vec::new();
    for _ in 0..48 {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        open.push(stream);
    }
    wait_for(|| keys.ledger.count() == 48).await;
    let arguments = json!({"id": "7"});
    let refused = call(&server, "", &ann, "get_customer", arguments.clone()).await;
    let said = text(&refused["result"]);
    assert!(
        said.starts_with("Rate limited: this server works on 48 calls of yours"),
        "{said}"
    );
    assert!(said.ends_with("after 1 s."), "{said}");
    let served = call(&server, "", &bob, "get_customer", arguments).await;
    assert!(text(&served["result"]).contains("Acme"), "{served}");
}

#[tokio::test]
async fn whoever_repeats_what_is_refused_fills_no_disk() {
    let keys = Keys::new("flood").await;
    let (gone, _) = (keys.create(&["*:*"]).await, keys.create(&["*:*"]).await);
    let mut server = keys.serve(PEPPER).await;
    keys.done(&["revoke", &id(&gone)]).await;
    for _ in 0..40 {
        let head = head(&server, &bearer(&gone)).await;
        assert!(head.starts_with("http/1.1 401"), "{head}");
    }
    terminate(&server.child);
    ends_well(&mut server.child).await;
    let log = fs::read_to_string(keys.path("audit.jsonl")).unwrap();
    let lines: Vec<&str> = log.lines().filter(|l| l.contains("revoked")).collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[1].contains("\"times\":39"), "{log}");
}
