//! `inspect --risk`: which class and hints each tool has, and why.

use std::cmp::Reverse;

use crate::ir::{Api, Hints, Operation};
use crate::text;

/// Widest column.
const WIDEST: usize = 60;

/// A line for each tool, what needs most care first; in each class in the order of tools.
pub fn table(api: &Api) -> String {
    let mut operations: Vec<&Operation> = api.operations().collect();
    operations.sort_by_key(|operation| Reverse(operation.risk));
    let mut rows = vec![["class", "tool", "operation", "hints", "why"].map(str::to_owned)];
    rows.extend(operations.into_iter().map(|operation| {
        [
            operation.risk.as_str().to_owned(),
            operation.tool.clone(),
            format!("{} {}", operation.method, operation.path),
            hints(operation.hints),
            why(operation),
        ]
    }));
    rows.extend(api.composites.iter().map(|tool| {
        [
            tool.risk.as_str().to_owned(),
            tool.tool.clone(),
            "several".to_owned(),
            hints(tool.hints),
            format!("calls {}", tool.calls().join(", ")),
        ]
    }));
    let mut widths = [0_usize; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().min(WIDEST).max(*width);
        }
    }
    let line = |row: &[String; 5]| {
        let [class, tool, operation, hints, why] = row;
        let cells = [class, tool, operation, hints].into_iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!("{:<width$}  ", text::cut(cell, width)));
        format!("{}{why}", cells.collect::<String>())
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The inference, and what the operator set over it.
fn why(operation: &Operation) -> String {
    let mut all = vec![text::line(&operation.risk_reason, 200)];
    for fact in &operation.settled.facts {
        if matches!(fact.key.as_str(), "class" | "outward" | "consequence") {
            let value = text::cut(&text::line(&fact.value.to_string(), 200), 60);
            let reason = fact.reason.as_deref().unwrap_or("no reason given");
            all.push(format!("{} = {value} ({}: {reason})", fact.key, fact.from));
        }
    }
    all.join("; ")
}

/// The hints that hold, by the names of MCP without `Hint`.
fn hints(hints: Hints) -> String {
    let all = [
        (hints.read_only, "readOnly"),
        (hints.destructive, "destructive"),
        (hints.idempotent, "idempotent"),
        (hints.open_world, "openWorld"),
    ];
    let held = all.iter().filter(|(held, _)| *held);
    let names: Vec<&str> = held.map(|(_, name)| *name).collect();
    names.join(" ")
}
