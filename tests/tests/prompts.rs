//! Prompts of the generated example: rows H6, H13 and H15 of the behaviours.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;

use mcpwright_tests::{ADMIN, Crm, Server, example};
use serde_json::{Value, json};

fn start(view: &str) -> (Crm, Server) {
    let crm = Crm::start();
    let mut variables = crm.variables(ADMIN);
    variables.push(("NORTHLIGHT_CRM_VIEW".to_owned(), view.to_owned()));
    let server = Server::start(example(), &variables);
    (crm, server)
}

fn listed(server: &mut Server) -> Vec<Value> {
    let mut listed = server.request("prompts/list", json!({}));
    match listed["prompts"].take() {
        Value::Array(prompts) => prompts,
        other => panic!("no prompts in {other}"),
    }
}

fn names(prompts: &[Value]) -> Vec<&str> {
    prompts
        .iter()
        .map(|p| p["name"].as_str().unwrap())
        .collect()
}

/// The text of a prompt with something filled in everywhere.
fn text(server: &mut Server, prompt: &Value) -> String {
    let mut arguments = json!({});
    for argument in prompt["arguments"].as_array().into_iter().flatten() {
        arguments[argument["name"].as_str().unwrap()] = json!("Acme Corp");
    }
    let params = json!({"name": prompt["name"], "arguments": arguments});
    let got = server.request("prompts/get", params);
    got["messages"][0]["content"]["text"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What a person would look for in a menu: a sentence to an invoice, the overdue sweep, the digest of the
/// pipeline, the triage, one project or customer, what ends.
const DAYS_WORK: [&str; 7] = [
    "create_and_send_invoice",
    "chase_overdue_invoices",
    "digest_leads",
    "triage_tickets",
    "review_customer",
    "review_project",
    "renew_contracts",
];

#[test]
fn h13_the_days_work_of_a_crm_has_prompts_by_what_they_do() {
    let (_crm, mut server) = start("all");
    let prompts = listed(&mut server);
    let expected: Vec<&str> = ["setup"].into_iter().chain(DAYS_WORK).collect();
    assert_eq!(names(&prompts), expected);
    for prompt in prompts.iter().skip(1) {
        let arguments = prompt["arguments"].as_array().unwrap();
        assert_eq!(arguments.len(), 1, "{prompt}");
        assert!(
            prompt["description"].as_str().unwrap().ends_with('.'),
            "{prompt}"
        );
    }
}

#[test]
fn h13_every_tool_that_a_prompt_names_is_there() {
    let (_crm, mut server) = start("all");
    let tools = server.request("tools/list", json!({}));
    let tools: BTreeSet<&str> = tools["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    for prompt in listed(&mut server).iter().skip(1) {
        let text = text(&mut server, prompt);
        let named: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
        assert!(named.len() > 1, "{text}");
        for name in named {
            assert!(tools.contains(name), "{name}: {text}");
        }
        assert!(
            !text.contains('{') && text.contains("wait for my yes"),
            "{text}"
        );
    }
}

#[test]
fn h13_an_invoice_from_a_sentence_goes_through_four_tools() {
    let (_crm, mut server) = start("all");
    let prompts = listed(&mut server);
    let text = text(&mut server, &prompts[1]);
    let places: Vec<usize> = [
        "and send it: Acme Corp",
        "`list_customers`",
        "`list_items`",
        "`create_invoice`",
        "Then wait for my yes",
        "`send_invoice`",
    ]
    .into_iter()
    .map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}")))
    .collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn h13_a_view_that_only_reads_offers_what_it_can_do() {
    let (_crm, mut server) = start("readonly");
    let prompts = listed(&mut server);
    assert!(!names(&prompts).contains(&"create_and_send_invoice"));
    for prompt in prompts.iter().skip(1) {
        let text = text(&mut server, prompt);
        for tool in ["`send_invoice`", "`update_ticket`", "`create_note`"] {
            assert!(!text.contains(tool), "{tool}: {text}");
        }
    }
}

#[test]
fn h6_setup_has_the_rules_and_h15_the_first_moves() {
    let (_crm, mut server) = start("all");
    let prompts = listed(&mut server);
    assert_eq!(prompts[0]["name"], "setup");
    let text = text(&mut server, &prompts[0]);
    for part in [
        "Ask, never guess",
        "Tools by topic",
        "ask me what to begin with",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
