//! The log of calls: a real process against a real HTTP service, whose ledger shows what was sent.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use common::process::{Server, binary, command, ends_well, modern, signal, text, wait_for};
use common::upstream;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("mcpwright-audit-test-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn log(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn variables<'a>(base: &'a str, log: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("FIX_BASE_URL", base),
        ("FIX_TOKEN", "token-canary"),
        ("FIX_KEY", "key-canary"),
        ("FIX_AUDIT", log),
    ]
}

fn start(base: &str, log: &Path) -> Server {
    Server::start(&variables(base, log.to_str().unwrap()))
}

async fn stop(mut server: Server) {
    drop(server.input.take());
    ends_well(&mut server.child).await;
}

fn invoice(text: &str) -> Value {
    json!({"customer_id": "c1", "lines": [{"text": text, "hours": 5}]})
}

fn records(log: &Path) -> Vec<Value> {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn of<'a>(records: &'a [Value], event: &str) -> Vec<&'a Value> {
    let records = records.iter();
    records.filter(|record| record["event"] == event).collect()
}

async fn audit(log: &Path, arguments: &[&str]) -> Output {
    let path = log.to_str().unwrap();
    let mut command = command(&[("FIX_AUDIT", path)]);
    command.arg("audit").args(arguments).stdin(Stdio::null());
    command.output().await.unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[tokio::test]
async fn every_write_has_an_intent_before_and_an_outcome_after_and_every_call_a_record() {
    let folder = Folder::new("trail");
    let (base, ledger) = upstream::start().await;
    let mut server = start(&base, &folder.log());
    server.call("get_customer", json!({"id": "5"})).await;
    server
        .call("get_customer", json!({"id": 5, "pin": 1}))
        .await;
    let mut dry = invoice("Ada Canary");
    dry["dry_run"] = json!(true);
    server.call("create_invoice", dry).await;
    server.call("create_invoice", invoice("Ada Canary")).await;
    server.call("create_invoice", invoice("Ada Canary")).await;
    server
        .confirmed("delete_customer", json!({"id": "5"}))
        .await;
    server
        .request(modern(3, "tools/call", json!({"name": "no_such_tool"})))
        .await;
    let sent = ledger.count();
    stop(server).await;
    let all = records(&folder.log());
    let names: Vec<&str> = all
        .iter()
        .map(|one| one["event"].as_str().unwrap())
        .collect();
    assert_eq!(names.first(), Some(&"begin"));
    assert_eq!(names.last(), Some(&"end"));
    let calls: Vec<(&str, &str, &str)> = of(&all, "call")
        .into_iter()
        .map(|call| {
            (
                call["tool"].as_str().unwrap(),
                call["decision"].as_str().unwrap(),
                call["result"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        calls,
        [
            ("get_customer", "allowed", "ok"),
            ("get_customer", "invalid", "validation"),
            ("create_invoice", "dry run", "ok"),
            ("create_invoice", "allowed", "ok"),
            ("create_invoice", "duplicate", "duplicate"),
            ("delete_customer", "asked", "unconfirmed"),
            ("delete_customer", "confirmed by a token", "ok"),
            ("no_such_tool", "denied", "no such tool for this caller"),
        ]
    );
    let intents = of(&all, "intent");
    let outcomes = of(&all, "outcome");
    assert_eq!((intents.len(), outcomes.len(), sent), (2, 2, 3));
    assert_eq!(intents[0]["request"], "POST /invoices");
    let lines = json!([{"text": "[text, 10 characters]", "hours": "[number]"}]);
    let shown = json!({"customer_id": "c1", "lines": lines});
    assert_eq!(intents[0]["arguments"], shown);
    assert_eq!(intents[1]["request"], "DELETE /empty/5");
    assert_eq!(intents[1]["decision"], "confirmed by a token");
    assert_eq!(intents[1]["arguments"], json!({"id": "5"}));
    for (intent, outcome) in intents.iter().zip(&outcomes) {
        assert_eq!(outcome["of"], intent["seq"]);
        assert_eq!(outcome["outcome"], "done");
    }
    assert_eq!(
        (&outcomes[0]["status"], &outcomes[1]["status"]),
        (&json!(200), &json!(204))
    );
    // The same arguments have the same digest, whatever the guard was told.
    let of_create: Vec<&Value> = of(&all, "call")
        .into_iter()
        .filter(|call| call["tool"] == "create_invoice")
        .map(|call| &call["arguments_sha256"])
        .collect();
    assert!(of_create.iter().all(|digest| *digest == of_create[0]));
    let whole = fs::read_to_string(folder.log()).unwrap();
    assert!(!whole.contains("anary"), "{whole}");
    let verified = audit(&folder.log(), &["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
    assert!(said(&verified).contains("whole: "), "{}", said(&verified));
}

#[tokio::test]
async fn values_are_written_if_the_operator_wants_them() {
    let folder = Folder::new("values");
    let (base, _) = upstream::start().await;
    let log = folder.log();
    let mut variables = variables(&base, log.to_str().unwrap());
    variables.push(("FIX_AUDIT_VALUES", "1"));
    let mut server = Server::start(&variables);
    server.call("create_invoice", invoice("Ada Byron")).await;
    stop(server).await;
    let all = records(&log);
    assert_eq!(
        of(&all, "intent")[0]["arguments"]["lines"][0]["text"],
        "Ada Byron"
    );
}

#[tokio::test]
async fn a_write_that_is_given_up_before_it_goes_out_was_not_sent() {
    let folder = Folder::new("waiting");
    let (base, ledger) = upstream::start().await;
    let log = folder.log();
    let mut variables = variables(&base, log.to_str().unwrap());
    variables.push(("FIX_RATE", "0.1/s"));
    let mut server = Server::start(&variables);
    server.call("poke", json!({"what": "first"})).await;
    // The next may go out in ten seconds.
    let waiting = modern(
        20,
        "tools/call",
        json!({"name": "poke", "arguments": {"what": "second"}}),
    );
    server.send(&waiting.to_string()).await;
    wait_for(|| fs::read_to_string(&log).is_ok_and(|log| log.contains("POST /x/second"))).await;
    let cancel =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 20}});
    server.send(&cancel.to_string()).await;
    stop(server).await;
    let all = records(&log);
    let outcomes: Vec<&Value> = of(&all, "outcome")
        .into_iter()
        .map(|one| &one["outcome"])
        .collect();
    assert_eq!(outcomes, ["done", "not_sent"]);
    assert_eq!(ledger.count(), 1);
}

#[tokio::test]
async fn the_intent_of_a_write_has_the_key_that_it_is_sent_with() {
    let folder = Folder::new("key");
    let (base, ledger) = upstream::start().await;
    let log = folder.log();
    let mut server = start(&base, &log);
    let call = json!({"customer_id": "c1", "lines": [{"text": "dev", "hours": 5}]});
    let result = server.call("create_invoice", call).await;
    assert_eq!(result["isError"], false, "{result}");
    stop(server).await;
    let all = records(&log);
    let key = of(&all, "intent")[0]["key"].as_str().unwrap().to_owned();
    assert_eq!(ledger.last().header("idempotency-key"), Some(key.as_str()));
}

#[tokio::test]
async fn a_write_whose_outcome_nobody_knows_is_listed_with_the_tool_that_shows_it() {
    let folder = Folder::new("unknown");
    let (base, ledger) = upstream::start().await;
    let log = folder.log();
    let known = audit(&log, &["unknown"]).await;
    assert_eq!(known.status.code(), Some(2), "{}", said(&known));
    let mut server = start(&base, &log);
    // Cut by the client, by the service, and by kill -9.
    let cancelled = modern(
        20,
        "tools/call",
        json!({"name": "poke", "arguments": {"what": "slow"}}),
    );
    server.send(&cancelled.to_string()).await;
    wait_for(|| ledger.count() == 1).await;
    let cancel =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 20}});
    server.send(&cancel.to_string()).await;
    server.call("poke", json!({"what": "503"})).await;
    server.call("poke", json!({"what": "422"})).await;
    let killed = modern(
        21,
        "tools/call",
        json!({"name": "poke", "arguments": {"what": "slow", "allow_duplicate": true, "dry_run": false}}),
    );
    server.send(&killed.to_string()).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    signal(&server.child, "-KILL");
    let _ = server.child.wait().await;
    let verified = audit(&log, &["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
    let unknown = said(&audit(&log, &["unknown"]).await);
    assert!(unknown.contains("POST /x/503"), "{unknown}");
    assert!(unknown.contains("POST /x/slow"), "{unknown}");
    assert!(!unknown.contains("POST /x/422"), "{unknown}");
    assert!(unknown.contains("no usable answer came"), "{unknown}");
    let all = records(&log);
    let outcomes: Vec<&Value> = of(&all, "outcome")
        .into_iter()
        .map(|one| &one["outcome"])
        .collect();
    assert_eq!(outcomes, ["unknown", "unknown", "refused"]);
}

#[tokio::test]
async fn a_log_that_was_changed_does_not_verify() {
    let folder = Folder::new("changed");
    let (base, _) = upstream::start().await;
    let mut server = start(&base, &folder.log());
    server.call("create_invoice", invoice("a")).await;
    stop(server).await;
    let text = fs::read_to_string(folder.log()).unwrap();
    fs::write(
        folder.log(),
        text.replace("POST /invoices", "POST /nothing"),
    )
    .unwrap();
    let verified = audit(&folder.log(), &["verify"]).await;
    assert_eq!(verified.status.code(), Some(1));
    let said = said(&verified);
    assert!(said.contains("fault: audit.jsonl:"), "{said}");
    assert!(said.contains("NOT WHOLE"), "{said}");
}

#[tokio::test]
async fn a_second_process_has_a_log_of_its_own() {
    let folder = Folder::new("second");
    let (base, _) = upstream::start().await;
    let mut first = start(&base, &folder.log());
    first.call("get_customer", json!({"id": "1"})).await;
    let mut second = start(&base, &folder.log());
    second.call("get_customer", json!({"id": "2"})).await;
    stop(first).await;
    stop(second).await;
    let id = |log: &Path| of(&records(log), "call")[0]["arguments"]["id"].clone();
    assert_eq!(id(&folder.log()), "1");
    assert_eq!(id(&folder.0.join("audit-2.jsonl")), "2");
    let verified = said(&audit(&folder.log(), &["verify"]).await);
    assert_eq!(verified.matches(": whole: ").count(), 2, "{verified}");
    let tail = said(&audit(&folder.log(), &["tail", "-n", "4"]).await);
    assert_eq!(tail.lines().count(), 4, "{tail}");
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_lets_reads_go_on() {
    let folder = Folder::new("full");
    let (base, ledger) = upstream::start().await;
    let log = folder.log();
    // No file of this process may be larger than two blocks of 512 or 1,024 bytes; without the signal.
    let shell = format!("trap '' XFSZ; ulimit -f 2; exec {}", binary().display());
    let mut child = tokio::process::Command::new("sh")
        .args(["-c", &shell])
        .env_clear()
        .envs(variables(&base, log.to_str().unwrap()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut server = Server {
        input: child.stdin.take(),
        output: BufReader::new(child.stdout.take().unwrap()).lines(),
        child,
    };
    let mut refused = 0;
    for number in 0..12 {
        let before = ledger.count();
        let arguments = invoice(&format!("n{number}"));
        let result = server.call("create_invoice", arguments).await;
        if result["isError"] == true {
            refused += 1;
            let text = text(&result);
            assert!(text.starts_with("Nothing was sent: "), "{text}");
            assert!(text.contains("audit log cannot be written"), "{text}");
            assert_eq!(ledger.count(), before);
        } else {
            assert_eq!(refused, 0);
            assert_eq!(ledger.count(), before + 1);
        }
    }
    assert!(refused > 0);
    let read = server.call("get_customer", json!({"id": "7"})).await;
    assert_ne!(read["isError"], true, "{read}");
    stop(server).await;
    let verified = audit(&log, &["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
    let writes = ledger
        .seen
        .lock()
        .unwrap()
        .iter()
        .filter(|seen| seen.method == "POST")
        .count();
    let intents = of(&records(&log), "intent").len();
    assert_eq!(intents, writes);
}

#[tokio::test]
async fn a_file_that_is_no_log_ends_the_start_with_one_line() {
    let folder = Folder::new("foreign");
    fs::write(folder.log(), "my diary\n").unwrap();
    let log = folder.log();
    let output = command(&variables("http://127.0.0.1:1", log.to_str().unwrap()))
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let line = said(&output);
    assert!(
        line.starts_with("error: FIX_AUDIT: the audit log "),
        "{line}"
    );
    assert!(line.contains("move it away"), "{line}");
    assert_eq!(fs::read_to_string(&log).unwrap(), "my diary\n");
}

#[tokio::test]
async fn a_start_with_other_tools_than_the_one_before_is_told() {
    let folder = Folder::new("tools");
    let log = folder.log();
    let path = log.to_str().unwrap().to_owned();
    let mut told = Vec::new();
    for more in [
        &[] as &[(&str, &str)],
        &[],
        &[("FIX_EXCLUDE_TOOLS", "get_customer")],
        // What a connection lists is another matter.
        &[("FIX_EXCLUDE_TOOLS", "get_customer"), ("FIX_VIEW", "lean")],
        // Without confirmations no schema has a token.
        &[("FIX_CONFIRM", "off")],
    ] {
        let all = [variables("http://127.0.0.1:1", &path).as_slice(), more].concat();
        let output = command(&all).stdin(Stdio::null()).output().await.unwrap();
        let records = records(&log);
        let changes: Vec<Value> = of(&records, "tools_changed")
            .into_iter()
            .map(|one| {
                let names = |kind: &str| one.get(kind).cloned().unwrap_or_default();
                json!([names("added"), names("changed"), names("gone")])
            })
            .collect();
        let is_told = said(&output).contains("not those of the last start");
        assert_eq!(is_told, changes.len() > told.len(), "{}", said(&output));
        told = changes;
    }
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], json!([null, null, ["get_customer"]]));
    assert_eq!(told[1][0], json!(["get_customer"]));
    let changed = told[1][1].as_array().unwrap();
    assert!(changed.contains(&json!("delete_customer")), "{changed:?}");
    // Beside a file that is none, the server starts all the same, and says so.
    let beside = folder.0.join("audit.jsonl.tools");
    fs::write(&beside, "{").unwrap();
    let all = variables("http://127.0.0.1:1", &path);
    let output = command(&all).stdin(Stdio::null()).output().await.unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("is no list of tools"),
        "{}",
        said(&output)
    );
    let noted: Value = serde_json::from_str(&fs::read_to_string(&beside).unwrap()).unwrap();
    assert!(noted["tools"]["get_customer"].is_string(), "{noted}");
}

#[tokio::test]
async fn tools_are_compared_after_the_first_answer_and_while_the_server_runs() {
    let folder = Folder::new("tools-later");
    let (base, _ledger) = upstream::start().await;
    let (log, beside) = (folder.log(), folder.0.join("audit.jsonl.tools"));
    let begin = Instant::now();
    let mut server = start(&base, &log);
    server.call("get_customer", json!({"id": "5"})).await;
    let is_noted = beside.exists();
    // A machine that is busy enough shows nothing.
    let is_slow = begin.elapsed() > Duration::from_millis(900);
    assert!(!is_noted || is_slow, "the first answer waited for it");
    wait_for(|| beside.exists()).await;
    stop(server).await;
    let noted = fs::read(&beside).unwrap();

    // One that is killed before it compared leaves what is to be told to the next one.
    let path = log.to_str().unwrap();
    let other = [("FIX_EXCLUDE_TOOLS", "get_customer")];
    let other = [variables(&base, path).as_slice(), &other].concat();
    let mut server = Server::start(&other);
    server.call("list_customers", json!({})).await;
    server.child.kill().await.unwrap();
    let was_killed_in_time = fs::read(&beside).unwrap() == noted;
    let output = command(&other).stdin(Stdio::null()).output().await.unwrap();
    let told = of(&records(&log), "tools_changed").len();
    assert_eq!(told, 1, "{}", said(&output));
    assert!(was_killed_in_time || begin.elapsed() > Duration::from_secs(2));
    // The record comes before the last one.
    let records = records(&log);
    assert_eq!(records.last().unwrap()["event"], "end", "{records:?}");
}
