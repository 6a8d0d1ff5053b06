//! Annotations of a schema, and the values that it lists.

use serde_json::Value;

use super::labels;
use super::shape::Shape;
use crate::model::Node;

/// Whether a schema is nothing but one reference or branch with annotations.
pub(super) fn is_wrapper(object: &serde_json::Map<String, Value>) -> bool {
    let one = object
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.len() == 1);
    one && object.keys().all(|key| {
        key.starts_with("x-")
            || matches!(
                key.as_str(),
                "allOf"
                    | "title"
                    | "description"
                    | "default"
                    | "examples"
                    | "deprecated"
                    | "readOnly"
                    | "writeOnly"
                    | "externalDocs"
                    | "xml"
            )
    })
}

/// Takes in what describes the schema. `outer`: see [`super::Shapes`].
pub(super) fn annotate<'a>(shape: &mut Shape<'a>, node: &Node<'a>, outer: bool) {
    if shape.description.is_none() {
        shape.description = node.str("description");
    }
    if shape.title.is_none() {
        shape.title = node.str("title");
    }
    if shape.example.is_none() {
        shape.example = node
            .value
            .get("examples")
            .and_then(Value::as_array)
            .and_then(|e| e.first());
    }
    labels::of_enum(shape, node);
    if shape.default.is_none() {
        shape.default = node.get("default");
    }
    if outer {
        shape.deprecated |= node.bool("deprecated") == Some(true);
        shape.read_only |= node.bool("readOnly") == Some(true);
        shape.write_only |= node.bool("writeOnly") == Some(true);
    }
}

/// Takes in `const` and `enum`; null among them is a word of its own. False when no value is among
/// those that are known.
pub(super) fn values<'a>(shape: &mut Shape<'a>, node: &Node<'a>) -> bool {
    let mut listed: Vec<&'a Value> = match (node.value.get("const"), node.value.get("enum")) {
        (Some(value), _) => vec![value],
        (None, Some(Value::Array(values))) => values.iter().collect(),
        _ => return true,
    };
    let before = listed.len();
    listed.retain(|v| !v.is_null());
    if listed.len() < before {
        shape.nullable = true;
        shape.null_only |= listed.is_empty();
    }
    let mut unique: Vec<&'a Value> = Vec::with_capacity(listed.len());
    for value in listed {
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    narrow(shape, unique)
}

/// Leaves the values that are among these too. False when there are none; those known stay then.
pub(super) fn narrow<'a>(shape: &mut Shape<'a>, unique: Vec<&'a Value>) -> bool {
    let Some(known) = shape.values.take() else {
        shape.values = (!unique.is_empty()).then_some(unique);
        return true;
    };
    let both: Vec<_> = known
        .iter()
        .copied()
        .filter(|v| unique.contains(v))
        .collect();
    let fits = !both.is_empty() || unique.is_empty();
    shape.values = Some(if both.is_empty() { known } else { both });
    fits
}
