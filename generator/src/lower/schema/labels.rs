//! What single values of an enumeration mean: `title` and `description` of the branches of a union of
//! constants (JSON Schema validation §9.1), and the extensions that generators write beside `enum`.

use serde_json::Value;

use super::shape::Shape;
use crate::model::Node;

/// Extensions with a name for each value: openapi-generator, NSwag, and what is near to them.
const NAMES: [&str; 3] = ["x-enum-varnames", "x-enumNames", "x-enum-names"];
/// Extensions with a description for each value: openapi-generator, Redocly.
const DESCRIPTIONS: [&str; 2] = ["x-enum-descriptions", "x-enumDescriptions"];

/// What is said of one value.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// The value.
    pub value: &'a Value,
    /// A name for it.
    pub name: Option<&'a str>,
    /// What it means.
    pub description: Option<&'a str>,
}

/// Takes in the extensions beside `enum`.
pub(super) fn of_enum<'a>(shape: &mut Shape<'a>, node: &Node<'a>) {
    let Some(Value::Array(values)) = node.value.get("enum") else {
        return;
    };
    let of = |keys: &[&str]| keys.iter().find_map(|key| node.value.get(key));
    let (names, descriptions) = (of(&NAMES), of(&DESCRIPTIONS));
    if names.is_none() && descriptions.is_none() {
        return;
    }
    for (at, value) in values.iter().enumerate() {
        let said = |all: Option<&'a Value>| match all? {
            // A list of another length does not say which is which.
            Value::Array(texts) if texts.len() == values.len() => texts.get(at)?.as_str(),
            Value::Object(texts) => match value {
                Value::String(key) => texts.get(key)?.as_str(),
                other => texts.get(&other.to_string())?.as_str(),
            },
            _ => None,
        };
        add(shape, value, said(names), said(descriptions));
    }
}

/// Takes in what a branch of a union says of its only value, or of several.
pub(super) fn of_branch<'a>(shape: &mut Shape<'a>, node: &Node<'a>, values: &[&'a Value]) {
    if let [only] = values {
        add(shape, only, node.str("title"), node.str("description"));
    }
    of_enum(shape, node);
}

/// What is said first counts, as it does of schemas.
fn add<'a>(
    shape: &mut Shape<'a>,
    value: &'a Value,
    name: Option<&'a str>,
    description: Option<&'a str>,
) {
    let is_known = |label: &Label<'a>| label.value == value;
    if (name.is_some() || description.is_some()) && !shape.labels.iter().any(is_known) {
        shape.labels.push(Label {
            value,
            name,
            description,
        });
    }
}
