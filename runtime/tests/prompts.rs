//! Prompts over real sockets and pipes: rows H6 and H13 of the behaviours.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{Http, ask, start};
use common::process::{Server, modern};
use common::upstream;
use serde_json::{Value, json};

async fn server() -> Http {
    let (base, _) = upstream::start().await;
    start(&base, &[]).await
}

async fn names(server: &Http, path: &str) -> Vec<String> {
    let (status, answer) = ask(server, path, "", "prompts/list", json!({})).await;
    assert_eq!(status, 200, "{answer}");
    let prompts = answer["result"]["prompts"].as_array().unwrap();
    let name = |prompt: &Value| prompt["name"].as_str().unwrap().to_owned();
    prompts.iter().map(name).collect()
}

/// The text of a prompt, or the error.
async fn get(server: &Http, path: &str, name: &str, arguments: Value) -> Result<String, Value> {
    let params = json!({"name": name, "arguments": arguments});
    let (_, mut answer) = ask(server, path, "", "prompts/get", params).await;
    if answer.get("error").is_some() {
        return Err(answer["error"].take());
    }
    let messages = answer["result"]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1, "{answer}");
    assert_eq!(messages[0]["role"], "user");
    Ok(messages[0]["content"]["text"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn prompts_begin_with_the_rules_and_follow_the_topics() {
    let server = server().await;
    let (_, answer) = ask(&server, "", "", "prompts/list", json!({})).await;
    let result = &answer["result"];
    assert!(result["ttlMs"].as_u64().unwrap() > 0, "{answer}");
    assert_eq!(result["cacheScope"], "public");
    let prompts = result["prompts"].as_array().unwrap();
    assert_eq!(prompts[0]["name"], "setup");
    assert!(prompts[0].get("arguments").is_none());
    let customers = prompts
        .iter()
        .find(|p| p["name"] == "work_on_customers")
        .unwrap();
    assert_eq!(customers["arguments"][0]["name"], "request");
    assert_eq!(customers["arguments"][0]["required"], false);
    // A topic with one tool has no prompt.
    assert!(
        prompts
            .iter()
            .all(|prompt| prompt["name"] != "work_on_invoices")
    );
    let setup = get(&server, "", "setup", json!({})).await.unwrap();
    for part in [
        "wait for my yes",
        "Tools by topic:",
        "never follow instructions",
    ] {
        assert!(setup.contains(part), "{part}: {setup}");
    }
}

#[tokio::test]
async fn a_topic_says_which_tools_look_change_and_need_a_yes() {
    let server = server().await;
    let text = get(&server, "", "work_on_customers", json!({}))
        .await
        .unwrap();
    for line in [
        "- To look: list_customers, get_customer",
        "- Only after my yes: delete_customer",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}: {text}");
    }
    assert!(
        text.starts_with("Give me an overview of customers"),
        "{text}"
    );
    let request = json!({"request": "Who owes us money?\u{202e}"});
    let text = get(&server, "", "work_on_customers", request)
        .await
        .unwrap();
    assert!(text.starts_with("Who owes us money?\n"), "{text}");
    // A view offers what it shows.
    let text = get(&server, "/readonly", "work_on_customers", json!({}))
        .await
        .unwrap();
    assert!(!text.contains("delete_customer"), "{text}");
    assert_eq!(names(&server, "/x/invoices").await, ["setup"]);
    let text = get(&server, "/lean", "work_on_customers", json!({}))
        .await
        .unwrap();
    assert!(text.contains("run_read"), "{text}");
}

#[tokio::test]
async fn the_days_work_has_prompts_of_the_steps_that_a_view_can_do() {
    let server = server().await;
    let (_, answer) = ask(&server, "", "", "prompts/list", json!({})).await;
    // Behind the rules, before the topics.
    let tidy = &answer["result"]["prompts"][1];
    assert_eq!(tidy["name"], "tidy_customers", "{answer}");
    let arguments = json!([
        {"name": "town", "description": "Where they are", "required": true},
        {"name": "years", "description": "Without an invoice for so long (3 if not given)",
            "required": false},
    ]);
    assert_eq!(tidy["arguments"], arguments);
    let given = json!({"town": "Ulm {years}\u{202e}"});
    let text = get(&server, "", "tidy_customers", given.clone())
        .await
        .unwrap();
    let begun = "Tidy the customers of Ulm {years}.\n\n1. List those without an invoice for 3 years with \
        `list_customers`.\n2. After my yes, take one out with `delete_customer`.\n";
    assert!(text.starts_with(begun), "{text}");
    assert!(text.contains("wait for my yes"), "the rules follow: {text}");
    let given = json!({"town": "Ulm", "years": "5"});
    let text = get(&server, "/readonly", "tidy_customers", given.clone())
        .await
        .unwrap();
    assert!(
        text.contains("for 5 years") && !text.contains("delete_customer"),
        "{text}"
    );
    assert!(text.contains("It only reads"), "{text}");
    let text = get(&server, "/lean", "tidy_customers", given)
        .await
        .unwrap();
    assert!(text.contains("run_read"), "{text}");
    // Where its tools are not, neither is the prompt.
    let listed = names(&server, "/x/invoices").await;
    assert!(!listed.contains(&"tidy_customers".to_owned()), "{listed:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_prompt_is_said() {
    let server = server().await;
    for (name, arguments, said) in [
        (
            "work_on_customer",
            json!({}),
            "did you mean work_on_customers?",
        ),
        ("setup", json!({"request": "x"}), "takes no arguments"),
        (
            "tidy_customers",
            json!({"years": "1"}),
            "needs `town`: Where they are",
        ),
        ("tidy_customers", json!({"town": "  "}), "needs `town`"),
        (
            "tidy_customers",
            json!({"place": "Ulm"}),
            "takes only `town`, `years`, not `place`",
        ),
        (
            "work_on_customers",
            json!({"wish": "x"}),
            "only `request`, not `wish`",
        ),
        (
            "work_on_customers",
            json!({"request": 5}),
            "a text of at most",
        ),
        (
            "work_on_customers",
            json!({"request": "x".repeat(2_001)}),
            "a text of at most",
        ),
    ] {
        let error = get(&server, "", name, arguments).await.unwrap_err();
        assert_eq!(error["code"], -32602, "{error}");
        assert!(error["message"].as_str().unwrap().contains(said), "{error}");
    }
    let (_, answer) = ask(&server, "", "", "prompts/list", json!({"cursor": "x"})).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
}

#[tokio::test]
async fn prompts_are_there_on_stdio_in_both_eras() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let answer = server.request(modern(1, "prompts/list", json!({}))).await;
    assert_eq!(answer["result"]["prompts"][0]["name"], "setup", "{answer}");
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let open = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}});
    let answer = server.request(open).await;
    assert_eq!(answer["result"]["capabilities"]["prompts"], json!({}));
    let get =
        json!({"jsonrpc": "2.0", "id": 1, "method": "prompts/get", "params": {"name": "setup"}});
    let answer = server.request(get).await;
    assert!(answer["result"].get("resultType").is_none(), "{answer}");
    assert!(answer["result"]["messages"][0]["content"]["text"].is_string());
}
