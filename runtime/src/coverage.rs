//! The check that a generated crate's own test runs: the tables are complete and agree with each other.

use std::collections::HashSet;

use crate::arguments;
use crate::json::{Object, Value};
use crate::operation::{Api, BodyShape, Composite, Location, OperationDef, Part};

/// Checks an API's tables: tools and exclusions are all of the document's operations, names are valid
/// and unique, schemas parse and have an object root, path templates and parameters match, and every
/// argument that a request is built from is in the input schema. Tools beside the operations are counted
/// apart: they call operations that are tools, and are no less risky. An operation that is split is one, and
/// its tools are different parts of it.
///
/// # Errors
/// Every fault found, one per line.
pub fn check(api: &Api) -> Result<(), String> {
    let mut faults = Vec::new();
    let covered = covered(api.operations);
    if covered + api.exclusions.len() != api.document_operations {
        faults.push(format!(
            "the document has {} operations, but {covered} are tools and {} are excluded",
            api.document_operations,
            api.exclusions.len()
        ));
    }
    for exclusion in api.exclusions {
        if exclusion.reason.trim().is_empty() {
            faults.push(format!(
                "{} {} is excluded without a reason",
                exclusion.method, exclusion.path
            ));
        }
    }
    let mut names = HashSet::new();
    let mut parts = HashSet::new();
    for operation in api.operations {
        if !names.insert(operation.tool) {
            faults.push(format!("two tools are named {}", operation.tool));
        }
        let part = (operation.method, operation.path, operation.part);
        if !operation.part.is_empty() && !parts.insert(part) {
            faults.push(format!("two tools are {} {} {}", part.0, part.1, part.2));
        }
        let mut own = Vec::new();
        check_operation(operation, &mut own);
        faults.extend(
            own.into_iter()
                .map(|fault| format!("{}: {fault}", operation.tool)),
        );
    }
    for operation in api.operations {
        for merge in operation.settled.merges {
            let mut all = api.operations.iter();
            if !all.any(|other| other.tool == merge.get && other.hints.read_only) {
                faults.push(format!(
                    "{}: {} is merged with what {} has, which is no tool that reads",
                    operation.tool, merge.argument, merge.get
                ));
            }
        }
    }
    for composite in api.composites {
        if !names.insert(composite.tool) {
            faults.push(format!("two tools are named {}", composite.tool));
        }
        let mut own = Vec::new();
        check_composite(api, composite, &mut own);
        faults.extend(
            own.into_iter()
                .map(|fault| format!("{}: {fault}", composite.tool)),
        );
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

/// How many operations of the document the tools are. One that is split is several tools, each another part
/// of it.
fn covered(tools: &[&OperationDef]) -> usize {
    let mut split = HashSet::new();
    tools
        .iter()
        .filter(|tool| tool.part.is_empty() || split.insert((tool.method, tool.path)))
        .count()
}

fn check_operation(operation: &OperationDef, faults: &mut Vec<String>) {
    if !is_tool_name(operation.tool) {
        faults.push("the name is not ^[a-z][a-z0-9_]{0,39}$".to_owned());
    }
    if operation.description.is_empty() || operation.title.is_empty() {
        faults.push("title and description are needed".to_owned());
    }
    if operation.method.is_empty()
        || operation
            .method
            .chars()
            .any(|c| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
    {
        faults.push(format!("{} is no HTTP method", operation.method));
    }
    let schema = object_schema("input", operation.input_schema, faults);
    if let Some(schema) = &schema
        && !operation.example.is_empty()
        && let Err(fault) = check_example(operation, schema)
    {
        faults.push(fault);
    }
    if !operation.output_schema.is_empty() {
        object_schema("output", operation.output_schema, faults);
    }
    let properties = schema
        .as_ref()
        .and_then(|s| s.get("properties"))
        .and_then(Value::as_object);
    for argument in arguments(operation) {
        // Settings give it a value; nobody else does.
        if operation
            .settled
            .fixed
            .iter()
            .any(|(name, _)| *name == argument)
        {
            continue;
        }
        if !properties.is_some_and(|p| p.contains_key(argument)) {
            faults.push(format!("argument {argument} is not in the input schema"));
        }
    }
    for name in properties.into_iter().flat_map(Object::keys) {
        if !arguments(operation).contains(&name.as_str()) {
            faults.push(format!("argument {name} of the input schema is never sent"));
        }
    }
    let placeholders: Vec<&str> = operation
        .segments
        .iter()
        .flat_map(|segment| segment.0)
        .filter_map(|part| match part {
            Part::Parameter(name) => Some(*name),
            Part::Literal(_) => None,
        })
        .collect();
    let in_path: Vec<&str> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Path)
        .map(|parameter| parameter.name)
        .collect();
    for name in placeholders.iter().filter(|name| !in_path.contains(name)) {
        faults.push(format!("the path's {{{name}}} has no parameter"));
    }
    for name in in_path.iter().filter(|name| !placeholders.contains(name)) {
        faults.push(format!("the path has no place for parameter {name}"));
    }
    for parameter in operation.parameters {
        if parameter.generated && parameter.location != Location::Header {
            faults.push(format!("{} is made anew and is no header", parameter.name));
        }
        if parameter.location == Location::Header
            && parameter.constant.is_none()
            && crate::request::is_reserved_header(parameter.name)
        {
            faults.push(format!(
                "the header {} never comes from an argument",
                parameter.name
            ));
        }
    }
}

/// An example is a call that is accepted: models learn from it.
fn check_example(operation: &OperationDef, schema: &Object) -> Result<(), String> {
    let Ok(Value::Object(call)) = serde_json::from_str(operation.example) else {
        return Err("the example is no JSON object".to_owned());
    };
    let checked = arguments::check(operation, schema, call);
    checked.map(|_| ()).map_err(|problems| {
        let first = problems.first();
        let (place, said) = first.map_or(("", ""), |one| (&one.pointer, &one.message));
        format!("the example is refused at {place}: {said}")
    })
}

/// A composite takes the place of no operation, calls only what is a tool, and is no less risky.
fn check_composite(api: &Api, composite: &Composite, faults: &mut Vec<String>) {
    if !is_tool_name(composite.tool) {
        faults.push("the name is not ^[a-z][a-z0-9_]{0,39}$".to_owned());
    }
    if composite.description.is_empty() || composite.title.is_empty() {
        faults.push("title and description are needed".to_owned());
    }
    object_schema("input", composite.input_schema, faults);
    let called = composite.operations();
    if called.is_empty() {
        faults.push("it calls nothing".to_owned());
    }
    for operation in called {
        let mut tools = api.operations.iter();
        if !tools.any(|tool| std::ptr::eq(*tool, operation)) {
            faults.push(format!("it calls {}, which is no tool", operation.tool));
        }
        if operation.risk > composite.risk
            || composite.hints.read_only && !operation.hints.read_only
        {
            faults.push(format!("it is less risky than {}", operation.tool));
        }
    }
}

fn is_tool_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'))
}

fn object_schema(which: &str, text: &str, faults: &mut Vec<String>) -> Option<Object> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(schema)) if schema.get("type") == Some(&Value::from("object")) => {
            Some(schema)
        }
        Ok(_) => {
            faults.push(format!(
                "the {which} schema's root has no \"type\": \"object\""
            ));
            None
        }
        Err(error) => {
            faults.push(format!("the {which} schema is not JSON: {error}"));
            None
        }
    }
}

/// The arguments that the request is built from.
fn arguments(operation: &OperationDef) -> Vec<&'static str> {
    let mut chosen = operation.parameters.to_vec();
    chosen.retain(|parameter| parameter.constant.is_none() && !parameter.generated);
    let mut names: Vec<&'static str> = chosen.iter().map(|p| p.argument).collect();
    match operation.body.map(|body| body.shape) {
        Some(
            BodyShape::Whole { argument }
            | BodyShape::Members { argument, .. }
            | BodyShape::Items { argument, .. },
        ) => names.push(argument),
        Some(BodyShape::Properties { fields, additional }) => {
            names.extend(fields.iter().map(|field| field.argument));
            if !additional.is_empty() {
                names.push(additional);
            }
        }
        None => {}
    }
    names
}
