//! Confirmation of what cannot be undone or reaches others, dry runs, and the same write twice: a real
//! process against a real HTTP service, whose ledger shows what was sent.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::process::{Server, command, modern, text, token};
use common::upstream;
use serde_json::{Value, json};

/// A server with a policy.
fn with_policy(base: &str, policy: &str) -> Server {
    Server::start(&[
        ("FIX_BASE_URL", base),
        ("FIX_TOKEN", "token-canary"),
        ("FIX_KEY", "key-canary"),
        ("FIX_CONFIRM", policy),
    ])
}

/// A call of a client that declared that it can ask by forms; gives the result.
async fn asked(server: &mut Server, mut params: Value, said: Option<Value>, state: &str) -> Value {
    if let Some(said) = said {
        params["inputResponses"] = json!({ "confirm": said });
    }
    if !state.is_empty() {
        params["requestState"] = json!(state);
    }
    let mut message = modern(9, "tools/call", params);
    message["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] =
        json!({"elicitation": {}});
    let answer = server.request(message).await;
    answer
        .get("result")
        .unwrap_or_else(|| panic!("no result in {answer}"))
        .clone()
}

fn delete(id: &str) -> Value {
    json!({"name": "delete_customer", "arguments": {"id": id}})
}

#[tokio::test]
async fn f5_nothing_is_deleted_before_the_second_call_with_the_token_of_the_first() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let first = server.call("delete_customer", json!({"id": "5"})).await;
    assert_eq!(first["isError"], true);
    let shown = text(&first).to_owned();
    for part in [
        "Confirmation needed, nothing was sent yet: delete_customer deletes, or does what cannot be undone.",
        "Delete customer (delete_customer)",
        "Request: DELETE /empty/5",
        "- id: 5",
        "Show this to the person and wait for their word.",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(ledger.count(), 0);
    let given = token(&first);
    // It holds for the call that was shown, and no other.
    let other = json!({"id": "6", "confirm_token": given});
    let wrong = server.call("delete_customer", other).await;
    assert!(
        text(&wrong).starts_with("The confirm_token is not one for these arguments"),
        "{wrong}"
    );
    assert_eq!(ledger.count(), 0);
    let with_token = json!({"id": "5", "confirm_token": given});
    let done = server.call("delete_customer", with_token.clone()).await;
    assert_eq!(text(&done), r#"{"status":204,"done":true}"#);
    assert_eq!(
        (ledger.count(), ledger.last().uri.as_str()),
        (1, "/api/empty/5")
    );
    // And once.
    let again = server.call("delete_customer", with_token).await;
    assert!(text(&again).contains("was used already"), "{again}");
    assert_eq!(ledger.count(), 1);
    // Another process knows nothing of it.
    let mut other = Server::with_credentials(&base);
    let fresh = token(&server.call("delete_customer", json!({"id": "5"})).await);
    let foreign = json!({"id": "5", "confirm_token": fresh});
    let foreign = other.call("delete_customer", foreign).await;
    assert!(
        text(&foreign).contains("is not one for these arguments"),
        "{foreign}"
    );
    assert_eq!(ledger.count(), 1);
}

#[tokio::test]
async fn a_token_holds_in_every_process_with_the_same_secret() {
    let (base, ledger) = upstream::start().await;
    let secret = "0123456789abcdef0123456789abcdef";
    let start = || {
        Server::start(&[
            ("FIX_BASE_URL", base.as_str()),
            ("FIX_TOKEN", "t"),
            ("FIX_SECRET", secret),
        ])
    };
    let first = start().call("delete_customer", json!({"id": "5"})).await;
    let second = json!({"id": "5", "confirm_token": token(&first)});
    let done = start().call("delete_customer", second).await;
    assert_ne!(done["isError"], true, "{done}");
    assert_eq!(ledger.count(), 1);
}

#[tokio::test]
async fn f7_a_client_that_can_ask_is_asked_and_the_answer_is_good_once() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let question = asked(&mut server, delete("5"), None, "").await;
    assert_eq!(question["resultType"], "input_required", "{question}");
    let form = &question["inputRequests"]["confirm"];
    assert_eq!(form["method"], "elicitation/create");
    assert_eq!(form["params"]["mode"], "form");
    let message = form["params"]["message"].as_str().unwrap();
    assert!(message.contains("Request: DELETE /empty/5"), "{message}");
    let schema = &form["params"]["requestedSchema"];
    assert_eq!(schema["properties"]["confirm"]["type"], "boolean");
    assert_eq!(schema["required"], json!(["confirm"]));
    let state = question["requestState"].as_str().unwrap().to_owned();
    let yes = json!({"action": "accept", "content": {"confirm": true}});
    // Not without an answer, not for another call, not with a state of one's own, not as a token.
    for (params, said, state) in [
        (delete("5"), None, state.as_str()),
        (delete("6"), Some(yes.clone()), state.as_str()),
        (delete("5"), Some(yes.clone()), "made-up"),
        (delete("5"), Some(yes.clone()), ""),
    ] {
        let result = asked(&mut server, params, said, state).await;
        assert_eq!(result["resultType"], "input_required", "{result}");
    }
    let as_token =
        json!({"name": "delete_customer", "arguments": {"id": "5", "confirm_token": state}});
    let as_token = asked(&mut server, as_token, None, "").await;
    assert_eq!(as_token["isError"], true, "{as_token}");
    assert_eq!(ledger.count(), 0);
    let done = asked(&mut server, delete("5"), Some(yes.clone()), &state).await;
    assert_eq!(text(&done), r#"{"status":204,"done":true}"#);
    assert_eq!(ledger.count(), 1);
    let replayed = asked(&mut server, delete("5"), Some(yes), &state).await;
    assert_eq!(replayed["resultType"], "input_required", "{replayed}");
    assert_eq!(ledger.count(), 1);
}

#[tokio::test]
async fn who_says_no_or_nothing_is_heard() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    for (said, expected) in [
        (
            json!({"action": "decline"}),
            "The person said no to delete_customer.",
        ),
        (
            json!({"action": "accept", "content": {"confirm": false}}),
            "The person said no",
        ),
        (json!({"action": "accept"}), "The person said no"),
        (
            json!({"action": "cancel"}),
            "Nobody confirmed delete_customer",
        ),
        (json!("accept"), "Nobody confirmed"),
    ] {
        let question = asked(&mut server, delete("5"), None, "").await;
        let state = question["requestState"].as_str().unwrap().to_owned();
        let result = asked(&mut server, delete("5"), Some(said), &state).await;
        assert_eq!(result["isError"], true, "{result}");
        assert!(text(&result).starts_with(expected), "{result}");
        // A no cannot be turned into a yes.
        let yes = json!({"action": "accept", "content": {"confirm": true}});
        let late = asked(&mut server, delete("5"), Some(yes), &state).await;
        assert_eq!(late["resultType"], "input_required", "{late}");
    }
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn a_client_of_an_earlier_revision_is_asked_while_the_call_waits() {
    let (base, ledger) = upstream::start().await;
    for (said, sent) in [
        (json!({"action": "decline"}), 0),
        (json!({"action": "accept", "content": {"confirm": true}}), 1),
    ] {
        let mut server = Server::with_credentials(&base);
        let params = json!({"protocolVersion": "2025-06-18", "capabilities": {"elicitation": {}}, "clientInfo": {"name": "t", "version": "0"}});
        let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
        server.request(hello).await;
        server
            .send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        let call =
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": delete("5")});
        let question = server.request(call).await;
        assert_eq!(question["method"], "elicitation/create", "{question}");
        let message = question["params"]["message"].as_str().unwrap();
        assert!(message.contains("DELETE /empty/5"), "{message}");
        // What nobody asked has no effect.
        server
            .send(r#"{"jsonrpc":"2.0","id":"other","result":{"action":"accept","content":{"confirm":true}}}"#)
            .await;
        let answer = json!({"jsonrpc": "2.0", "id": question["id"], "result": said});
        let result = server.request(answer).await;
        assert_eq!(result["id"], 1, "{result}");
        assert_eq!(result["result"]["isError"] == true, sent == 0, "{result}");
        assert_eq!(ledger.count(), sent);
    }
}

#[tokio::test]
async fn the_operator_decides_how_calls_are_confirmed() {
    let (base, ledger) = upstream::start().await;
    let mut server = with_policy(&base, "off");
    server.call("delete_customer", json!({"id": "1"})).await;
    assert_eq!(ledger.count(), 1, "off");
    for (policy, expected) in [
        (
            "deny",
            "Permission denied: whoever runs this server lets nobody call delete_customer.",
        ),
        ("off,delete_customer=deny", "Permission denied"),
        (
            "elicit",
            "Permission denied: whoever runs this server wants a person to be asked before delete_customer is called, and this client cannot ask",
        ),
        ("token", "Confirmation needed, nothing was sent yet"),
        ("arg", "Confirmation needed, nothing was sent yet"),
    ] {
        let mut server = with_policy(&base, policy);
        let result = server.call("delete_customer", json!({"id": "1"})).await;
        assert!(text(&result).starts_with(expected), "{policy}: {result}");
        assert_eq!(ledger.count(), 1, "{policy}");
    }
    let mut server = with_policy(&base, "arg");
    server
        .call("delete_customer", json!({"id": "1", "confirm": true}))
        .await;
    assert_eq!(ledger.count(), 2);
    // A person is asked although the client could take a token.
    let mut server = with_policy(&base, "elicit");
    let question = asked(&mut server, delete("5"), None, "").await;
    assert_eq!(question["resultType"], "input_required");
    // And the other way round.
    let mut server = with_policy(&base, "token");
    let preview = asked(&mut server, delete("5"), None, "").await;
    assert!(text(&preview).contains("confirm_token"), "{preview}");
    assert_eq!(ledger.count(), 2);
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_ends_the_server_at_once() {
    for (policy, expected) in [
        (
            "tokn",
            "error: FIX_CONFIRM: `tokn` is no way to confirm; did you mean token?",
        ),
        (
            "delete_custmer=off",
            "error: FIX_CONFIRM: there is no tool `delete_custmer`; did you mean delete_customer?",
        ),
    ] {
        let mut command = command(&[
            ("FIX_BASE_URL", "http://127.0.0.1:9"),
            ("FIX_TOKEN", "t"),
            ("FIX_CONFIRM", policy),
        ]);
        let output = command.arg("stdio").output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with(expected), "{said}");
    }
}

#[tokio::test]
async fn tools_that_may_need_a_token_list_it() {
    let (base, _) = upstream::start().await;
    let has_token = |tools: &Value, name: &str| {
        let tools = tools["result"]["tools"].as_array().unwrap();
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        tool["inputSchema"]["properties"]["confirm_token"].is_object()
    };
    let mut server = Server::with_credentials(&base);
    let tools = server.request(modern(1, "tools/list", json!({}))).await;
    assert!(has_token(&tools, "delete_customer"));
    assert!(!has_token(&tools, "create_invoice"));
    let mut server = with_policy(&base, "off,write=token");
    let tools = server.request(modern(1, "tools/list", json!({}))).await;
    assert!(!has_token(&tools, "delete_customer"));
    assert!(has_token(&tools, "create_invoice"));
}

#[tokio::test]
async fn f8_a_dry_run_shows_the_request_without_its_credential_and_sends_nothing() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let invoice =
        json!({"customer_id": "c", "lines": [{"text": "Work", "hours": 5}], "dry_run": true});
    let result = server.call("create_invoice", invoice).await;
    assert_ne!(result["isError"], true, "{result}");
    let shown = text(&result);
    assert!(shown.starts_with("Dry run: nothing was sent."), "{shown}");
    assert!(
        shown.contains(&format!("POST {base}/invoices\n")),
        "{shown}"
    );
    assert!(
        shown.ends_with(r#"{"customerId":"c","lines":[{"text":"Work","hours":5}]}"#),
        "{shown}"
    );
    // Who reads the structured copy alone sees it, too.
    assert_eq!(result["structuredContent"], json!({"_notes": [shown]}));
    let result = server
        .call("get_customer", json!({"id": "7", "dry_run": true}))
        .await;
    let shown = text(&result);
    assert!(shown.contains("authorization: [credential]"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
    // What needs a confirmation is shown without one.
    let result = server
        .call("delete_customer", json!({"id": "7", "dry_run": true}))
        .await;
    assert!(
        text(&result).contains(&format!("DELETE {base}/empty/7")),
        "{result}"
    );
    // What makes several requests cannot show them, and says so as it says what else is wrong with arguments.
    let result = server
        .call("greet", json!({"id": "7", "dry_run": true}))
        .await;
    assert_eq!(result["isError"], true, "{result}");
    assert!(
        text(&result).starts_with(
            "Validation error: `dry_run` is not for greet, which makes several requests"
        ),
        "{result}"
    );
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn the_same_create_twice_is_sent_once_unless_it_is_asked_for() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let invoice = json!({"customer_id": "c", "lines": [{"text": "Work", "hours": 5}]});
    server.call("create_invoice", invoice.clone()).await;
    let again = server.call("create_invoice", invoice.clone()).await;
    assert_eq!(again["isError"], true);
    assert!(
        text(&again).starts_with(
            "Already done 0 s ago: create_invoice was called with exactly these arguments"
        ),
        "{again}"
    );
    assert_eq!(ledger.count(), 1);
    let other = json!({"customer_id": "d", "lines": [{"text": "Work", "hours": 5}]});
    server.call("create_invoice", other).await;
    assert_eq!(ledger.count(), 2);
    let mut allowed = invoice.clone();
    allowed["allow_duplicate"] = json!(true);
    server.call("create_invoice", allowed).await;
    assert_eq!(ledger.count(), 3);
    // Reads and repeatable writes are as often as they like.
    for _ in 0..2 {
        server.call("get_customer", json!({"id": "7"})).await;
    }
    assert_eq!(ledger.count(), 5);
}

#[tokio::test]
async fn what_the_service_refused_can_be_tried_again_and_what_is_unknown_needs_a_person() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let refused = json!({"what": "422"});
    for _ in 0..2 {
        server.call("poke", refused.clone()).await;
    }
    assert_eq!(ledger.count(), 2, "a refusal is no write");
    let unknown = json!({"what": "503"});
    let first = server.call("poke", unknown.clone()).await;
    assert!(!text(&first).contains("failed"), "{first}");
    let second = server.call("poke", unknown.clone()).await;
    assert!(
        text(&second).contains("The same call 0 s ago may have been carried out"),
        "{second}"
    );
    assert_eq!(ledger.count(), 3);
    let mut agreed = unknown;
    agreed["confirm_token"] = json!(token(&second));
    server.call("poke", agreed).await;
    assert_eq!(ledger.count(), 4);
}

#[tokio::test]
async fn on_the_command_line_nothing_goes_out_unless_somebody_says_yes() {
    let (base, ledger) = upstream::start().await;
    let variables = [("FIX_BASE_URL", base.as_str()), ("FIX_TOKEN", "t")];
    let output = command(&variables)
        .args(["call", "delete_customer", "id=5"])
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("Confirmation needed"), "{said}");
    assert_eq!(ledger.count(), 0);
    let output = command(&variables)
        .args(["call", "delete_customer", "id=5", "--yes"])
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(ledger.count(), 1);
}
