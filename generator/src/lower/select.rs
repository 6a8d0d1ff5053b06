//! Which operations become tools: not those that are excluded or repeat another one.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::schema::{Shapes, Store};
use super::{body, parameters, path};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::lock::without_names;
use crate::model::{RawOperation, Resolver};

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

/// Two templates that differ only in the names of their parameters are the same path (OpenAPI 3.2
/// §4.8.1): the first one that can be a tool counts. The second part: the others, with the reason. At most
/// `most_work` schemas and properties are looked at to know what can be a tool.
pub fn distinct<'a>(
    operations: Vec<RawOperation<'a>>,
    resolver: Resolver<'a>,
    most_work: usize,
    sink: &mut Sink,
) -> (Vec<RawOperation<'a>>, Vec<(RawOperation<'a>, String)>) {
    let key = |raw: &RawOperation<'_>| (raw.method.clone(), without_names(raw.path));
    let mut same: IndexMap<(String, String), Vec<usize>> = IndexMap::new();
    for (index, raw) in operations.iter().enumerate() {
        same.entry(key(raw)).or_default().push(index);
    }
    let store = Store::default();
    let shapes = Shapes::new(resolver, &store, most_work);
    let chosen = |indices: &[usize]| {
        let can_be = |index: &usize| {
            let raw = operations.get(*index);
            raw.is_some_and(|raw| can_be_a_tool(raw, resolver, &shapes))
        };
        match indices {
            [only] => Some(*only),
            several => several
                .iter()
                .copied()
                .find(can_be)
                .or(several.first().copied()),
        }
    };
    let counting: IndexMap<(String, String), (usize, String)> = same
        .iter()
        .filter_map(|(key, indices)| {
            let index = chosen(indices)?;
            Some((key.clone(), (index, operations.get(index)?.label())))
        })
        .collect();
    let mut kept = Vec::new();
    let mut left_out = Vec::new();
    for (index, raw) in operations.into_iter().enumerate() {
        match counting.get(&key(&raw)) {
            Some((counts, label)) if *counts != index => {
                let reason = format!("the same as `{label}` but for parameter names");
                let message = format!("{} is left out: {reason}", raw.label());
                let finding = Diagnostic::new(Code::E0404, message)
                    .at_key(&raw.node.pointer)
                    .help("keep one of the two paths");
                sink.push(if *counts > index {
                    finding.note("it cannot be a tool, and the other one can")
                } else {
                    finding
                });
                left_out.push((raw, reason));
            }
            _ => kept.push(raw),
        }
    }
    (kept, left_out)
}

/// Whether what an operation takes can be read. Nothing is said: that is for those that are kept.
fn can_be_a_tool<'a>(raw: &RawOperation<'a>, resolver: Resolver<'a>, shapes: &Shapes<'a>) -> bool {
    let sink = &mut Sink::default();
    path::segments(raw.path)
        .is_ok_and(|segments| parameters::read(raw, &segments, shapes, sink).is_ok())
        && body::read(raw, "", resolver, shapes, sink).is_ok()
}
