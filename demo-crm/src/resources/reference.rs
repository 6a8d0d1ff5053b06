//! Reference lists: short, unpaged.

use serde_json::{Value, json};

use super::{contracts, leads};
use crate::fields::{AMOUNT, COUNT, Field, STRING, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{all, query};

const CURRENCY: &[Field] = &[ro("code", STRING), ro("name", STRING), ro("symbol", STRING)];
const TAX: &[Field] = &[
    ro("id", COUNT),
    ro("name", STRING),
    ro("rate", AMOUNT),
    ro("country", STRING),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/reference/currencies", Handler::Custom(currencies)),
        Route::get("/reference/taxes", Handler::Custom(taxes)),
        Route::get("/reference/lead-sources", Handler::Custom(lead_sources)),
        Route::get("/reference/contract-types", Handler::Custom(contract_types)),
    ]
}

fn currencies(call: &mut Call) -> Result<Reply, Problem> {
    Ok(all(query(
        call,
        "SELECT * FROM currencies ORDER BY code",
        &[],
        CURRENCY,
    )?))
}

fn taxes(call: &mut Call) -> Result<Reply, Problem> {
    Ok(all(query(
        call,
        "SELECT * FROM taxes ORDER BY id",
        &[],
        TAX,
    )?))
}

fn words(words: &[&str]) -> Reply {
    let label = |word: &str| {
        let mut text = word.replace('_', " ");
        if let Some(first) = text.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        text
    };
    let data: Vec<Value> = words
        .iter()
        .map(|word| json!({"value": word, "label": label(word)}))
        .collect();
    Reply::ok(json!({ "data": data }))
}

fn lead_sources(_: &mut Call) -> Result<Reply, Problem> {
    Ok(words(leads::SOURCES))
}

fn contract_types(_: &mut Call) -> Result<Reply, Problem> {
    Ok(words(contracts::TYPES))
}
