//! Which operations become tools.

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::model::RawOperation;

/// A rule that leaves operations out. The selector is an operationId, `METHOD path`, or `tag:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclude {
    /// Which operations.
    pub selector: String,
    /// Why, for the manifest and the coverage test.
    pub reason: String,
}

/// Splits operations into those that become tools and those that do not, with the reason. A selector
/// that matches nothing is an error: it would silently do nothing.
pub fn select<'a>(
    operations: Vec<RawOperation<'a>>,
    rules: &[Exclude],
    sink: &mut Sink,
) -> (Vec<RawOperation<'a>>, Vec<(RawOperation<'a>, String)>) {
    let mut used: HashSet<usize> = HashSet::new();
    let mut kept = Vec::new();
    let mut left_out = Vec::new();
    for operation in operations {
        let mut reason = None;
        for (i, rule) in rules.iter().enumerate() {
            if matches(&operation, &rule.selector) {
                used.insert(i);
                reason.get_or_insert_with(|| rule.reason.clone());
            }
        }
        match reason {
            None => kept.push(operation),
            Some(reason) => left_out.push((operation, reason)),
        }
    }
    for (i, rule) in rules.iter().enumerate() {
        if rule.reason.trim().is_empty() {
            let message = format!("`{}` is excluded without a reason", rule.selector);
            let help = "write `SELECTOR=REASON`; reports and the generated crate show it";
            sink.push(Diagnostic::new(Code::E0801, message).help(help));
        }
        if !used.contains(&i) {
            sink.push(
                Diagnostic::new(Code::E0801, format!("`{}` selects no operation", rule.selector)).help(
                    "a selector is an operationId, `METHOD /path` as the document has it, or `tag:NAME`; \
                     `mcpwright inspect` lists them",
                ),
            );
        }
    }
    (kept, left_out)
}

fn matches(operation: &RawOperation<'_>, selector: &str) -> bool {
    if let Some(tag) = selector.strip_prefix("tag:") {
        return operation
            .node
            .list("tags")
            .any(|t| t.value.as_str() == Some(tag));
    }
    if let Some((method, path)) = selector.split_once(' ') {
        return operation.method.eq_ignore_ascii_case(method) && operation.path == path.trim();
    }
    operation.node.str("operationId") == Some(selector)
}
