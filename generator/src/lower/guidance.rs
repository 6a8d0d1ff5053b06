//! What is said of a tool beyond the document: what cannot be undone, what a list replaces, and where ids
//! come from.

use serde_json::Value;

use super::describe::LONGEST;
use super::id_sources::IdSources;
use super::obvious;
use crate::ir::{BodyShape, Operation, Risk};
use crate::text;

/// What starts the description of a destructive tool (behaviour F2).
const IRREVERSIBLE: &str = "IRREVERSIBLE: ";
/// Words with which a document says what becomes of the items before.
const REPLACED: [&str; 2] = ["replace", "overwrit"];
/// How many arguments one warning names.
const NAMED: usize = 6;

/// Adds to the description what the document leaves unsaid.
pub fn complete(operation: &mut Operation, sources: &IdSources) {
    obvious::leave_out(operation);
    let lower = operation.description.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // Whatever the document says of it: clients and people look for the one word at the one place.
    let is_said = operation.description.starts_with(IRREVERSIBLE);
    let prefix = if operation.risk == Risk::Destructive && !is_said {
        IRREVERSIBLE
    } else {
        ""
    };
    let lists = if says(&REPLACED) {
        Vec::new()
    } else {
        replaced(operation)
    };
    let warning = if lists.is_empty() {
        String::new()
    } else {
        format!("\nWARNING: REPLACES the whole list: {}.", lists.join(", "))
    };
    let ids = sources.line(operation);
    // What was added is kept whole, the document's text is cut.
    let added = prefix
        .chars()
        .count()
        .saturating_add(warning.chars().count())
        .saturating_add(ids.chars().count());
    let own = text::cut(&operation.description, LONGEST.saturating_sub(added));
    operation.description = format!("{prefix}{own}{ids}{warning}");
}

/// Lists in the body of an update whose own descriptions do not say that they replace (behaviour B15).
fn replaced(operation: &Operation) -> Vec<&str> {
    let Some(body) = operation.body.as_ref() else {
        return Vec::new();
    };
    if !matches!(operation.method.as_str(), "PUT" | "PATCH") {
        return Vec::new();
    }
    let BodyShape::Properties(fields, _) = &body.shape else {
        return Vec::new();
    };
    let schema_of = |name: &str| operation.input_schema.get("properties")?.get(name);
    let is_merged = |name: &str| operation.settled.merges.iter().any(|m| m.argument == name);
    let is_silent_list = |name: &str| {
        let Some(schema) = schema_of(name) else {
            return false;
        };
        let said = schema.get("description").and_then(Value::as_str);
        let said = said.unwrap_or_default().to_lowercase();
        schema.get("type").and_then(Value::as_str) == Some("array")
            && !(fields.len() == 1 && is_of_changes(schema))
            && !REPLACED.iter().any(|word| said.contains(word))
    };
    fields
        .iter()
        .map(|field| field.argument.as_str())
        .filter(|name| is_silent_list(name) && !is_merged(name))
        .take(NAMED)
        .collect()
}

/// Whether a list holds changes to several records, each of which it names by `id`.
fn is_of_changes(schema: &Value) -> bool {
    let required = schema.pointer("/items/required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == "id"))
}
