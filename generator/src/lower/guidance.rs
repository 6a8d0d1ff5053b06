//! What is said of a tool beyond the document: what cannot be undone, what a list replaces, and where ids
//! come from.

use serde_json::Value;

use super::describe::LONGEST;
use super::id_sources::IdSources;
use super::{brief, example, obvious};
use crate::ir::{BodyShape, Operation, Risk};
use crate::settings::Examples;
use crate::text;

/// What starts the description of a destructive tool (behaviour F2).
const IRREVERSIBLE: &str = "IRREVERSIBLE: ";
/// Words with which a document says what becomes of the items before.
const REPLACED: [&str; 2] = ["replace", "overwrit"];
/// What begins the line with a call.
const EXAMPLE: &str = "Example: ";
/// Fields of a body that are told; fewer are seen at a glance.
const FEW: usize = 3;
/// How many arguments one warning names, or one list of them.
const NAMED: usize = 6;

/// Adds to the description what the document leaves unsaid.
pub fn complete(operation: &mut Operation, sources: &IdSources, examples: Examples) {
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
    let needed = arguments(operation);
    operation.call = example::call(operation);
    let example = example_line(operation, examples);
    // What was added is kept whole, the document's text is cut.
    let added = prefix
        .chars()
        .count()
        .saturating_add(warning.chars().count())
        .saturating_add(ids.chars().count())
        .saturating_add(needed.chars().count())
        .saturating_add(example.chars().count());
    let lines = [&warning, &ids, &needed, &example];
    let lines = lines.iter().filter(|line| !line.is_empty()).count();
    let own = brief::in_few_lines(&operation.description, lines);
    let own = text::cut(&own, LONGEST.saturating_sub(added));
    operation.description = format!("{prefix}{own}{needed}{ids}{warning}{example}");
}

/// What is required and what is optional, of a write about which the document says nothing; empty for others:
/// the schema says it once, and what a person wrote says what it is for (behaviour B3).
fn arguments(operation: &Operation) -> String {
    let Some(BodyShape::Properties(fields, _)) = operation.body.as_ref().map(|body| &body.shape)
    else {
        return String::new();
    };
    if !operation.silent || operation.risk == Risk::Read || fields.len() < FEW {
        return String::new();
    }
    let properties = operation.input_schema.get("properties");
    let schema_of = |name: &str| properties.and_then(|all| all.get(name));
    let needed = required(&operation.input_schema);
    let is_listed = |name: &&str| schema_of(name).is_some();
    let fields = fields.iter().map(|field| field.argument.as_str());
    let (first, then): (Vec<&str>, Vec<&str>) = fields
        .filter(is_listed)
        .partition(|name| needed.contains(name));
    let mut said = String::new();
    for (word, names) in [("Required", first), ("Optional", then)] {
        if names.is_empty() {
            continue;
        }
        let shown = names.iter().take(NAMED);
        let shown: Vec<String> = shown
            .map(|name| with_parts(name, schema_of(name)))
            .collect();
        let more = match names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let start = if said.is_empty() { "\n" } else { " " };
        said.push_str(&format!("{start}{word}: {}{more}.", shown.join(", ")));
    }
    said
}

/// An argument, with what its objects have to have.
fn with_parts(name: &str, schema: Option<&Value>) -> String {
    let object = schema.map(|schema| schema.get("items").unwrap_or(schema));
    // What a file has to have, every file has.
    let is_file = |one: &&Value| one.pointer("/properties/data_base64").is_some();
    let object = object.filter(|one| !is_file(one));
    let parts = object.map(required).unwrap_or_default();
    match parts.as_slice() {
        [] => name.to_owned(),
        parts => format!(
            "{name} ({})",
            parts
                .iter()
                .take(NAMED)
                .copied()
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

/// One call, where an example shows what the schema tells less plainly (ADR 0045).
fn example_line(operation: &Operation, examples: Examples) -> String {
    let of_any = || {
        let call = operation.call.clone();
        call.filter(|call| call.as_object().is_some_and(|call| !call.is_empty()))
    };
    let call = match examples {
        Examples::Needed => example::telling(operation),
        Examples::All => example::telling(operation).or_else(of_any),
        Examples::None => None,
    };
    call.map_or_else(String::new, |call| format!("\n{EXAMPLE}{call}"))
}

/// Lists in the body of an update whose own descriptions do not say that they replace (behaviour B15); of a list of
/// changes, those of each: `contacts[].tags`.
fn replaced(operation: &Operation) -> Vec<String> {
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
    let names = fields.iter().map(|field| field.argument.as_str());
    let known = names.filter_map(|name| Some((name, schema_of(name)?)));
    let mut found: Vec<String> = Vec::new();
    for (name, schema) in known {
        if fields.len() == 1 && is_of_changes(schema) {
            let each = schema.pointer("/items/properties");
            let each = each.and_then(Value::as_object).into_iter().flatten();
            let lists = each.filter(|(_, schema)| is_silent_list(schema));
            found.extend(lists.map(|(inner, _)| format!("{name}[].{inner}")));
        } else if is_silent_list(schema) && !is_merged(name) {
            found.push(name.to_owned());
        }
    }
    found.truncate(NAMED);
    found
}

/// Whether a schema is a list that does not say what becomes of the items before.
fn is_silent_list(schema: &Value) -> bool {
    let said = schema.get("description").and_then(Value::as_str);
    let said = said.unwrap_or_default().to_lowercase();
    schema.get("type").and_then(Value::as_str) == Some("array")
        && !REPLACED.iter().any(|word| said.contains(word))
}

/// Whether a list holds changes to several records, each of which it names by `id`.
fn is_of_changes(schema: &Value) -> bool {
    let required = schema.pointer("/items/required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == "id"))
}
