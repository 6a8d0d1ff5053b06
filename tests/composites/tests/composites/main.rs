//! Tools beside the operations, as a client sees them: each kind over the demo CRM; the rows of the behaviours
//! that need a running server, over the CRMs that they come from; and what other facts of settings do.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly, and says what it skips"
)]

mod bottlecrm;
mod changes;
mod customermates;
mod envelopes;
mod examples;
mod guards;
mod pages;
mod perfex;
mod pingcrm;
mod reads;
mod settled;
mod stub;
mod vendors;
mod views;

use std::path::Path;

use mcpwright_tests::{ADMIN, Crm, Server};
use serde_json::{Value, json};

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_mcpwright-tests-composites"))
}

/// The demo CRM, and a server with every tool.
fn crm() -> (Crm, Server) {
    crm_with("all")
}

fn crm_with(view: &str) -> (Crm, Server) {
    let crm = Crm::start();
    let mut variables = crm.variables(ADMIN);
    variables.push(("NORTHLIGHT_CRM_VIEW".to_owned(), view.to_owned()));
    let server = Server::start(binary(), &variables);
    (crm, server)
}

/// The names of the tools that a server lists.
fn names(server: &mut Server) -> Vec<String> {
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
    tools.iter().map(name).collect()
}

/// All texts of a result.
fn said(result: &Value) -> String {
    let parts = result["content"].as_array().unwrap();
    let texts: Vec<&str> = parts.iter().filter_map(|p| p["text"].as_str()).collect();
    texts.join("\n")
}
