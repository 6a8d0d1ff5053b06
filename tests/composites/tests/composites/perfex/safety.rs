//! What PerfexAPI's server asks before it acts, and how it is reached.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{invoice, server};
use crate::said;
use crate::stub::Stub;
use crate::vendors::{Row, rows};

fn stub() -> Stub {
    Stub::start(|_| (200, json!({"data": {"id": 3, "deleted": true}})))
}

#[test]
fn f5_nothing_is_deleted_before_confirmation() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments, line) in [
        (
            "delete_customer",
            json!({"customerId": 3}),
            "DELETE /api/v1/customers/3",
        ),
        (
            "delete_invoice",
            json!({"invoiceId": 4}),
            "DELETE /api/v1/invoices/4",
        ),
        (
            "delete_project",
            json!({"projectId": 5}),
            "DELETE /api/v1/projects/5",
        ),
        (
            "delete_staff",
            json!({"staffId": 6, "transferDataTo": 1}),
            "DELETE /api/v1/staff/6?transferDataTo=1",
        ),
        // Without a word in the settings: what is destructive is asked for by itself.
        (
            "delete_note",
            json!({"noteId": 7}),
            "DELETE /api/v1/notes/7",
        ),
    ] {
        let preview = server.call(tool, arguments.clone());
        let text = said(&preview);
        assert!(
            text.starts_with("Confirmation needed, nothing was sent yet: "),
            "{text}"
        );
        assert!(text.contains(line), "{text}");
        assert!(stub.asked().is_empty(), "{tool}");
        let done = server.confirmed(tool, arguments);
        assert_ne!(done["isError"], true, "{done}");
        let [asked] = stub.asked().try_into().unwrap();
        assert_eq!(asked.line(), line);
    }
}

#[test]
fn f5_the_operator_can_forbid_deletions() {
    let stub = stub();
    // What settings say of a tool counts more than what the environment says of its class (ADR 0035).
    let policy = [
        ("API_KEY", "pk_1"),
        ("CONFIRM", "destructive=deny,delete_customer=deny"),
    ];
    let mut server = stub.server("perfex", &policy);
    for (tool, arguments) in [
        ("delete_customer", json!({"customerId": 3})),
        ("delete_note", json!({"noteId": 7})),
    ] {
        let refused = server.call(tool, arguments);
        assert_eq!(refused["isError"], true, "{refused}");
        assert!(
            said(&refused).starts_with("Permission denied: "),
            "{refused}"
        );
    }
    assert!(stub.asked().is_empty());
}

#[test]
fn f6_send_shows_a_preview_first() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments, shown) in [
        (
            "send_invoice",
            json!({"invoiceId": 4, "cc": ["ada@acme.example"]}),
            "ada@acme.example",
        ),
        ("send_estimate", json!({"estimateId": 5}), "estimateId: 5"),
        ("send_proposal", json!({"proposalId": 6}), "proposalId: 6"),
        (
            "add_ticket_reply",
            json!({"ticketId": 7, "message": "It is mended."}),
            "It is mended.",
        ),
    ] {
        let text = said(&server.call(tool, arguments.clone()));
        assert!(text.contains("reaches people outside"), "{text}");
        assert!(text.contains(shown), "{text}");
        assert!(stub.asked().is_empty(), "{tool}");
        let done = server.confirmed(tool, arguments);
        assert_ne!(done["isError"], true, "{done}");
        assert_eq!(stub.asked().len(), 1, "{tool}");
    }
}

#[test]
fn f8_dry_run_sends_nothing() {
    let stub = stub();
    let mut server = server(&stub);
    // A draft is status 6.
    let arguments = invoice(json!({"status": "draft", "dry_run": true}));
    let text = said(&server.call("create_invoice", arguments));
    assert!(text.starts_with("Dry run: nothing was sent."), "{text}");
    assert!(
        text.contains("/api/v1/invoices\n") && text.contains("\"status\":6"),
        "{text}"
    );
    assert!(
        !text.contains("pk_1"),
        "the key is nobody's business: {text}"
    );
    assert!(stub.asked().is_empty());
}

/// Sockets of a process that wait for connections.
fn listeners(process: u32) -> usize {
    let table = |name: &str| std::fs::read_to_string(format!("/proc/{process}/net/{name}"));
    let sockets: Vec<String> = ["tcp", "tcp6"]
        .into_iter()
        .flat_map(|name| {
            table(name)
                .unwrap_or_default()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            // State 0A is TCP_LISTEN; the tenth word is the inode (proc_net_tcp.txt of Linux).
            (words.get(3) == Some(&"0A")).then(|| format!("socket:[{}]", words[9]))
        })
        .collect();
    std::fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .filter(|target| sockets.iter().any(|socket| *target == **socket))
        .count()
}

#[cfg(target_os = "linux")]
/// Writing and deleting are opened each by itself.
#[test]
fn f9_classes_are_opened_separately() {
    let stub = stub();
    let create = (
        "create_note",
        json!({"rel_type": "customer", "rel_id": 42, "description": "x"}),
    );
    for (variable, value, tool, arguments) in [
        ("READ_ONLY", "1", create.0, create.1.clone()),
        ("CONFIRM", "write=deny", create.0, create.1),
        (
            "CONFIRM",
            "destructive=deny",
            "delete_note",
            json!({"noteId": 7}),
        ),
    ] {
        let mut server = stub.server("perfex", &[("API_KEY", "pk_1"), (variable, value)]);
        server.done("list_customers", json!({}));
        stub.asked();
        let result = server.call(tool, arguments);
        assert_eq!(result["isError"], true, "{variable}={value}: {result}");
        assert!(stub.asked().is_empty(), "{variable}={value}");
    }
}

#[test]
fn f9_http_needs_a_flag() {
    let start = |arguments: &[&str]| {
        Command::new(crate::binary())
            .args(arguments)
            .env_clear()
            .envs([
                ("SYSTEM", "perfex"),
                ("PERFEX_BASE_URL", "http://127.0.0.1:9"),
                ("PERFEX_API_KEY", "pk_1"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut http = start(&["http", "--listen", "127.0.0.1:0"]);
    let begun = Instant::now();
    while listeners(http.id()) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "no listener");
        std::thread::sleep(Duration::from_millis(10));
    }
    http.kill().unwrap();
    http.wait().unwrap();
    // One that answers is up.
    let stub = stub();
    let mut plain = server(&stub);
    plain.request("tools/list", json!({}));
    assert_eq!(listeners(plain.id()), 0);
}

#[test]
fn f12_audit_has_no_values() {
    let stub = stub();
    let log = std::env::temp_dir().join(format!("mcpwright-f12-{}.jsonl", std::process::id()));
    let path = log.to_str().unwrap().to_owned();
    let variables = [("API_KEY", "pk_canary"), ("AUDIT", path.as_str())];
    let mut server = stub.server("perfex", &variables);
    let dry = invoice(json!({"status": "draft", "dry_run": true}));
    server.call("create_invoice", dry);
    server.call("create_invoice", invoice(json!({"status": "draft"})));
    server.call("get_customer", json!({"customerId": 3}));
    server.call("delete_customer", json!({"customerId": 3}));
    server.finish();
    let text = std::fs::read_to_string(&log).unwrap();
    for ending in ["", ".lock"] {
        let _ = std::fs::remove_file(format!("{path}{ending}"));
    }
    let records: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let calls = records.iter().filter(|record| record["event"] == "call");
    let calls: Vec<(&str, &str, &str)> = calls
        .map(|call| {
            assert!(call["ms"].is_u64(), "{call}");
            assert_eq!(call["arguments_sha256"].as_str().unwrap().len(), 64);
            let word = |name: &str| call[name].as_str().unwrap();
            (word("tool"), word("risk"), word("result"))
        })
        .collect();
    assert_eq!(
        calls,
        [
            ("create_invoice", "write", "ok"),
            ("create_invoice", "write", "ok"),
            ("get_customer", "read", "ok"),
            ("delete_customer", "destructive", "unconfirmed"),
        ]
    );
    for value in ["canary", "1900.00", "2261.00"] {
        assert!(!text.contains(value), "{value} in {text}");
    }
    assert!(text.contains("\"customerId\":3"), "{text}");
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    f5_nothing_is_deleted_before_confirmation,
    f5_the_operator_can_forbid_deletions,
    f9_classes_are_opened_separately,
];
