//! The audit log, as the operator reads and saves it.

use std::fs;

use serde_json::{Value, json};

use super::Operated;

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
