//! Rows of BottleCRM.

mod asking;
mod errors;
mod results;
mod safety;
mod tools;

use mcpwright_tests::Server;
use serde_json::Value;

use crate::stub::{Answer, Seen, Stub};
use crate::vendors;

fn id(number: u32) -> String {
    format!("{number:08}-0000-4000-8000-000000000000")
}

fn server(stub: &Stub) -> Server {
    stub.server("bottlecrm", &[("TOKEN", "bcrm_pat_1")])
}

fn view(stub: &Stub, view: &str) -> Server {
    stub.server("bottlecrm", &[("TOKEN", "bcrm_pat_1"), ("VIEW", view)])
}

/// A service with one answer for everything.
fn always(status: u16, body: Value) -> Stub {
    Stub::start(move |_: &Seen| Answer::from((status, body.clone())))
}

/// What a service was asked, as lines.
fn lines(stub: &Stub) -> Vec<String> {
    stub.asked().iter().map(Seen::line).collect()
}

#[test]
fn the_vendors_document_shows_the_same_rows() {
    vendors::show(&[
        asking::ROWS,
        errors::ROWS,
        results::ROWS,
        safety::ROWS,
        tools::ROWS,
    ]);
}
