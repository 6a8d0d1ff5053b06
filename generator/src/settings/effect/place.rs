//! Where in the arguments of a tool a field is: `status`, `pagination.pageSize`, `records[].name`.

use serde_json::Value;

use crate::ir::{BodyShape, Operation};
use crate::text::pointer::escaped;

/// Unions within unions that are looked into.
const MOST_UNIONS: usize = 6;

/// A field of the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::settings) struct Spot {
    /// The argument that it is, or is in.
    pub argument: String,
    /// JSON Pointer in the arguments; `*` stands for any index.
    pub place: String,
    /// JSON Pointer of its schema in the input schema; `None` inside of what has no schema.
    pub schema: Option<String>,
    /// Whether other places have the same schema.
    pub shared: bool,
    /// Whether it is the argument itself.
    pub whole: bool,
}

/// Finds a field by its name as the tool lists it, or as it is on the wire.
///
/// # Errors
/// The names that there are where it is missing.
pub(in crate::settings) fn find(operation: &Operation, name: &str) -> Result<Spot, Vec<String>> {
    if let Some(argument) = argument(operation, name) {
        return Ok(spot(argument));
    }
    let mut pieces = name.split('.');
    let first = pieces.next().unwrap_or_default();
    let Some(argument) = argument(operation, first.trim_end_matches("[]")) else {
        return Err(operation.fields.iter().map(|f| f.name.clone()).collect());
    };
    let mut spot = spot(argument);
    for _ in 0..first.matches("[]").count() {
        item(&operation.input_schema, &mut spot, first)?;
    }
    for piece in pieces {
        let bare = piece.trim_end_matches("[]");
        property(&operation.input_schema, &mut spot, bare)?;
        for _ in 0..piece.matches("[]").count() {
            item(&operation.input_schema, &mut spot, piece)?;
        }
    }
    Ok(spot)
}

fn spot(argument: String) -> Spot {
    let step = escaped(&argument);
    Spot {
        place: format!("/{step}"),
        schema: Some(format!("/properties/{step}")),
        argument,
        shared: false,
        whole: true,
    }
}

/// The argument with this name, or with this name on the wire.
fn argument(operation: &Operation, name: &str) -> Option<String> {
    let listed = |name: &str| operation.fields.iter().any(|field| field.name == name);
    if listed(name) {
        return Some(name.to_owned());
    }
    let parameters = operation
        .parameters
        .iter()
        .map(|parameter| (&parameter.name, &parameter.argument));
    let fields = match operation.body.as_ref().map(|body| &body.shape) {
        Some(BodyShape::Properties(fields, _)) => fields.as_slice(),
        _ => &[],
    };
    let fields = fields.iter().map(|field| (&field.name, &field.argument));
    parameters
        .chain(fields)
        .find(|(wire, argument)| *wire == name && listed(argument))
        .map(|(_, argument)| argument.clone())
}

fn property(root: &Value, spot: &mut Spot, name: &str) -> Result<(), Vec<String>> {
    spot.whole = false;
    spot.place.push('/');
    spot.place.push_str(&escaped(name));
    let Some(at) = spot.schema.take() else {
        return Ok(());
    };
    let mut names = Vec::new();
    let mut open = false;
    for (part, shared) in parts(root, &at) {
        let Some(schema) = root.pointer(&part) else {
            continue;
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        if properties.is_some_and(|properties| properties.contains_key(name)) {
            spot.schema = Some(format!("{part}/properties/{}", escaped(name)));
            spot.shared |= shared;
            return Ok(());
        }
        names.extend(properties.into_iter().flat_map(|p| p.keys().cloned()));
        let further = schema.get("additionalProperties");
        open |= further.map_or(properties.is_none(), |further| {
            further != &Value::Bool(false)
        }) && may_be(schema, "object")
            && schema.get("$ref").is_none()
            && ["anyOf", "oneOf"].iter().all(|k| schema.get(*k).is_none());
    }
    if open { Ok(()) } else { Err(names) }
}

/// The items of a list. What is known to be none has no items: the name alone was meant.
fn item(root: &Value, spot: &mut Spot, piece: &str) -> Result<(), Vec<String>> {
    spot.whole = false;
    spot.place.push_str("/*");
    let Some(at) = spot.schema.take() else {
        return Ok(());
    };
    let all = parts(root, &at);
    let schemas = || all.iter().filter_map(|(part, _)| root.pointer(part));
    let found = all.iter().find(|(part, _)| {
        root.pointer(part)
            .is_some_and(|schema| schema.get("items").is_some())
    });
    if let Some((part, shared)) = found {
        spot.schema = Some(format!("{part}/items"));
        spot.shared |= shared;
        return Ok(());
    }
    let bare = |schema: &Value| {
        let unions = ["anyOf", "oneOf", "allOf", "$ref"];
        may_be(schema, "array") && unions.iter().all(|key| schema.get(*key).is_none())
    };
    if schemas().any(bare) {
        Ok(())
    } else {
        Err(vec![piece.trim_end_matches("[]").to_owned()])
    }
}

/// Whether a schema says nothing of the type of values, or that they may be of this one.
fn may_be(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => schema.get("enum").is_none() && schema.get("const").is_none(),
    }
}

/// A schema, what it refers to, and the branches of its unions; with whether others refer to it too.
pub(in crate::settings) fn parts(root: &Value, at: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    collect(root, at.to_owned(), false, 0, &mut found);
    found
}

fn collect(root: &Value, at: String, shared: bool, depth: usize, found: &mut Vec<(String, bool)>) {
    let known = found.iter().any(|(known, _)| *known == at);
    let Some(schema) = root.pointer(&at).filter(|_| !known && depth <= MOST_UNIONS) else {
        return;
    };
    let next = depth.saturating_add(1);
    let reference = schema.get("$ref").and_then(Value::as_str);
    let reference = reference
        .and_then(|r| r.strip_prefix('#'))
        .map(str::to_owned);
    let mut branches = Vec::new();
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let count = schema
            .get(keyword)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        branches.extend((0..count).map(|index| format!("{at}/{keyword}/{index}")));
    }
    found.push((at, shared));
    if let Some(target) = reference {
        collect(root, target, true, next, found);
    }
    for branch in branches {
        collect(root, branch, shared, next, found);
    }
}
