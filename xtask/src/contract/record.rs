//! The figures as JSON, for programs.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::corpus;
use super::crew::Outcome;
use super::document::Figures;
use super::totals::Totals;

/// Names of the plans, in their order.
pub const PLANS: [&str; 3] = ["required only", "all fields", "other branches"];

/// Everything that is known.
pub fn of(name: &str, documents: &[PathBuf], outcomes: &[Outcome<Figures>]) -> Value {
    let all = documents.iter().zip(outcomes);
    json!({
        "documents_of": name,
        "totals": totals(&Totals::of(outcomes)),
        "documents": all.map(|(path, outcome)| document(&corpus::name(path), outcome)).collect::<Vec<_>>(),
    })
}

fn totals(totals: &Totals) -> Value {
    json!({
        "documents": totals.documents,
        "loaded": totals.loaded,
        "without_operations": totals.empty,
        "panicked": totals.panicked,
        "hung": totals.hung,
        "compiled": totals.compiled.0,
        "compile_tried": totals.compiled.1,
        "operations": totals.operations,
        "tools": totals.tools,
        "skipped": totals.skipped,
        "requests": plans(totals.valid, totals.requests),
    })
}

fn plans(valid: [usize; 3], requests: [usize; 3]) -> Value {
    PLANS
        .iter()
        .zip(valid.iter().zip(requests))
        .map(|(plan, (valid, all))| ((*plan).to_owned(), json!({"valid": valid, "all": all})))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn document(name: &str, outcome: &Outcome<Figures>) -> Value {
    let figures = match outcome {
        Outcome::Done(figures) => figures,
        Outcome::Panicked(message) => return json!({"name": name, "panicked": message}),
        Outcome::Hung => return json!({"name": name, "hung": true}),
    };
    let skipped = figures.skipped.iter();
    let failures = figures.failures.iter();
    json!({
        "name": name,
        "loaded": figures.refused.is_none(),
        "refused": figures.refused,
        "operations": figures.operations,
        "tools": figures.tools,
        "skipped": skipped
            .map(|(operation, reason)| json!({"operation": operation, "reason": reason}))
            .collect::<Vec<_>>(),
        "requests": plans(figures.valid, figures.requests),
        "compiles": figures.compiles,
        "generate_seconds": figures.seconds,
        "failures": failures
            .map(|one| json!({
                "operation": one.operation,
                "plan": one.plan,
                "kind": one.kind,
                "detail": one.detail,
            }))
            .collect::<Vec<_>>(),
    })
}
