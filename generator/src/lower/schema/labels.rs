//! What single values of an enumeration mean: `title` and `description` of the branches of a union of
//! constants (JSON Schema validation §9.1), and the extensions that generators write beside `enum`.

use serde_json::Value;

use super::shape::Shape;
use crate::model::Node;
use crate::source::DIGITS;

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
    /// The digits that it has in the document, where it is kept with fewer.
    pub digits: Option<&'a str>,
}

/// Takes in the extensions beside `enum`.
pub(super) fn of_enum<'a>(shape: &mut Shape<'a>, node: &Node<'a>) {
    digits(shape, node);
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

/// Takes in the digits of numbers that a 64-bit one does not hold; of others there is nothing to say.
fn digits<'a>(shape: &mut Shape<'a>, node: &Node<'a>) {
    let Some(Value::Object(all)) = node.value.get(DIGITS) else {
        return;
    };
    let values = node.value.get("enum").and_then(Value::as_array);
    for value in node
        .value
        .get("const")
        .into_iter()
        .chain(values.into_iter().flatten())
    {
        let digits = all.get(&value.to_string()).and_then(Value::as_str);
        let is_same = |digits: &&str| {
            let number = serde_json::from_str::<serde_json::Number>(digits).ok();
            number.and_then(|number| number.as_f64()) == value.as_f64()
        };
        let Some(digits) = digits.filter(is_same).filter(|_| value.is_number()) else {
            continue;
        };
        match shape.labels.iter_mut().find(|label| label.value == value) {
            Some(label) => label.digits = label.digits.or(Some(digits)),
            None => shape.labels.push(Label {
                value,
                name: None,
                description: None,
                digits: Some(digits),
            }),
        }
    }
}

/// What is said first counts, as it does of schemas.
fn add<'a>(
    shape: &mut Shape<'a>,
    value: &'a Value,
    name: Option<&'a str>,
    description: Option<&'a str>,
) {
    if name.is_none() && description.is_none() {
        return;
    }
    match shape.labels.iter_mut().find(|label| label.value == value) {
        Some(label) if label.name.is_none() && label.description.is_none() => {
            (label.name, label.description) = (name, description);
        }
        Some(_) => {}
        None => shape.labels.push(Label {
            value,
            name,
            description,
            digits: None,
        }),
    }
}
