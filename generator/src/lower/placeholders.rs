//! Placeholders of a path and the parameters that stand for them (OpenAPI 3.2 §4.8.1).

use std::collections::HashSet;

use serde_json::json;

use super::path::placeholders;
use super::path_query::Merged;
use crate::diagnostics::{Code, Diagnostic, Sink, json_path, remedy};
use crate::ir::Part;
use crate::model::RawOperation;
use crate::similar::misspelt;
use crate::text;

/// Takes out path parameters without a placeholder.
///
/// # Errors
/// When a placeholder has no parameter: the reason, after a diagnostic.
pub(super) fn check(
    raw: &RawOperation<'_>,
    segments: &[Vec<Part>],
    merged: &mut Merged<'_>,
    sink: &mut Sink,
) -> Result<(), String> {
    let used: HashSet<&str> = placeholders(segments).collect();
    let mut seen = HashSet::new();
    let missing: Vec<&str> = placeholders(segments)
        .filter(|name| !merged.contains_key(&((*name).to_owned(), "path")))
        .filter(|name| seen.insert(*name))
        .collect();
    if !missing.is_empty() {
        let (finding, reason) = undeclared(raw, &missing, &used, merged);
        sink.push(finding);
        return Err(reason);
    }
    let of_colons: Vec<&str> = literal_colons(segments)
        .filter(|name| !merged.contains_key(&((*name).to_owned(), "path")))
        .collect();
    if !of_colons.is_empty() {
        sink.push(colons(raw, &of_colons));
    }
    merged.retain(|(name, location), parameter| {
        let stray = *location == "path" && !used.contains(name.as_str());
        if stray {
            let message = format!(
                "the path parameter `{}` does not occur in `{}`",
                text::line(name, 60),
                text::line(raw.path, 120)
            );
            let shown = text::line(name, 60);
            let help = match literal_colons(segments).any(|colon| colon == name) {
                true => format!("write `{{{shown}}}` instead of `:{shown}` in the path"),
                false => "remove it, or write it into the path; it is ignored".to_owned(),
            };
            sink.push(
                Diagnostic::new(Code::E0402, message)
                    .at(&parameter.node.pointer)
                    .help(help),
            );
        }
        !stray
    });
    Ok(())
}

/// Names behind a colon at the start of a segment, as routers of many frameworks write parameters.
/// `/leads:cancel` is an action and has none.
fn literal_colons(segments: &[Vec<Part>]) -> impl Iterator<Item = &str> {
    segments
        .iter()
        .filter_map(|segment| match segment.as_slice() {
            [Part::Literal(literal)] => literal.strip_prefix(':').filter(|name| {
                let mut letters = name.bytes();
                letters
                    .next()
                    .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
                    && letters
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
            }),
            _ => None,
        })
}

/// Segments that are sent as they are and look like parameters.
fn colons(raw: &RawOperation<'_>, names: &[&str]) -> Diagnostic {
    let all: Vec<String> = names
        .iter()
        .map(|name| format!("`:{}`", text::line(name, 60)))
        .collect();
    let declared: Vec<String> = names
        .iter()
        .map(|name| {
            let name = text::line(name, 60);
            format!("`{{{name}}}` with `{{name: {name}, in: path, required: true, schema: {{type: string}}}}`")
        })
        .collect();
    let message = format!("{}: {} is sent as it stands", raw.label(), all.join(", "));
    Diagnostic::new(Code::E0224, message)
        .at_key(&raw.path_item.pointer)
        .note("OpenAPI writes parameters of a path in braces")
        .help(format!(
            "if it is a parameter, write {}",
            declared.join(", ")
        ))
}

/// What is said of an operation whose path cannot be filled in.
pub(super) fn left_out(raw: &RawOperation<'_>, reason: &str) -> Diagnostic {
    let label = raw.label();
    let message = format!("{label}: {reason}; the operation is left out");
    Diagnostic::new(Code::E0401, message)
}

/// Placeholders of the path that no parameter stands for, all at once, and the reason in words.
fn undeclared(
    raw: &RawOperation<'_>,
    names: &[&str],
    used: &HashSet<&str>,
    merged: &Merged<'_>,
) -> (Diagnostic, String) {
    let all: Vec<String> = names.iter().map(|name| shown(name)).collect();
    let (have, them) = match names.len() {
        1 => ("has no parameter", "it"),
        _ => ("have no parameter", "them"),
    };
    let reason = format!("{} in the path {have}", all.join(", "));
    let finding = left_out(raw, &reason).at_key(&raw.node.pointer);
    // Another parameter would leave the one that is meant without a placeholder.
    if let [name] = names
        && let Some(near) = nearest(name, used, merged)
    {
        let near = text::line(near, 60);
        let finding = finding.note(format!(
            "the path parameter `{near}` is declared and has no placeholder"
        ));
        let help = match name.trim() == near {
            true => format!("write `{{{near}}}` in the path"),
            false => format!("write `{{{near}}}` in the path, or call the parameter `{name}`"),
        };
        return (finding.help(help), reason);
    }
    let declared: Vec<String> = names
        .iter()
        .map(|name| {
            let name = text::line(name, 60);
            format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}")
        })
        .collect();
    let parameters: Vec<_> = names
        .iter()
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    let finding = finding
        .help(format!(
            "declare {them}: `parameters: [{}]`",
            declared.join(", ")
        ))
        .overlay(remedy::update(
            &json_path(&raw.node.pointer),
            &json!({ "parameters": parameters }),
        ));
    (finding, reason)
}

/// A placeholder as it stands in the path; white space in it is what is wrong with some.
fn shown(name: &str) -> String {
    format!(
        "`{{{}}}`",
        text::cut(&text::visible(name).replace('\n', " "), 60)
    )
}

/// The path parameter without a placeholder that has nearly this name.
fn nearest<'m>(name: &str, used: &HashSet<&str>, merged: &'m Merged<'_>) -> Option<&'m str> {
    let free = merged
        .keys()
        .filter(|(name, location)| *location == "path" && !used.contains(name.as_str()));
    misspelt(name, free.map(|(name, _)| name.as_str()), 4)
}
