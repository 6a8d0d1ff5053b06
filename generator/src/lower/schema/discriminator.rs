//! Which branch of a union a value means (OpenAPI 3.2 §4.25): the property that says so, and what it
//! says in each branch.

use serde_json::{Value, json};

use crate::model::{Node, percent_decode};
use crate::text;

/// What a branch is called by.
#[derive(Debug, PartialEq, Eq)]
enum Called {
    /// The names that `mapping` gives it.
    Mapped(Vec<String>),
    /// The name of its component.
    Implied(String),
}

/// The property that tells the branches of a union apart, if its `discriminator` names one.
pub fn property<'a>(discriminator: &Node<'a>) -> Option<&'a str> {
    discriminator.str("propertyName")
}

/// Says in the tool schema of a branch what the property is there; `key` is its name in it.
///
/// Names of `mapping` are all that the service accepts. Names of components are what the standard
/// says, but documents without `mapping` often mean others, so they are told and not enforced.
pub fn name_branch(schema: &mut Value, key: &str, discriminator: &Node<'_>, branch: &Node<'_>) {
    let Some(called) = branch
        .reference()
        .and_then(|target| called(discriminator, target))
    else {
        return;
    };
    let property = schema
        .get_mut("properties")
        .and_then(|properties| properties.get_mut(key))
        .and_then(Value::as_object_mut);
    let Some(property) = property else { return };
    match called {
        Called::Mapped(names) => {
            let fits = |name: &String| match property.get("enum") {
                Some(Value::Array(known)) => known.iter().any(|value| value == name.as_str()),
                _ => true,
            };
            let names: Vec<String> = names.into_iter().filter(fits).collect();
            if !names.is_empty() {
                property.insert("enum".to_owned(), json!(names));
            }
        }
        Called::Implied(name) => {
            let free = !property.contains_key("enum") && !property.contains_key("description");
            if free && discriminator.get("defaultMapping").is_none() {
                let said = format!("Here: {}", text::line(&name, 80));
                property.insert("description".to_owned(), json!(said));
            }
        }
    }
}

fn called(discriminator: &Node<'_>, target: &str) -> Option<Called> {
    let component = target
        .strip_prefix("#/components/schemas/")
        .and_then(percent_decode)
        .map(|name| name.replace("~1", "/").replace("~0", "~"));
    let mapping = discriminator.get("mapping");
    let names: Vec<String> = mapping
        .iter()
        .flat_map(Node::entries)
        .filter(|(_, to)| {
            let to = to.value.as_str();
            to == Some(target) || to.is_some() && to == component.as_deref()
        })
        .map(|(name, _)| name.to_owned())
        .collect();
    if names.is_empty() {
        return component.map(Called::Implied);
    }
    Some(Called::Mapped(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_called_what_the_mapping_or_its_component_says() {
        let discriminator = json!({"propertyName": "kind", "mapping": {
            "a": "#/components/schemas/A", "b": "B~x", "first": "A", "c": "other.yaml#/C",
        }});
        let discriminator = Node::root(&discriminator);
        let mapped = |names: &[&str]| {
            Some(Called::Mapped(
                names.iter().map(|&n| n.to_owned()).collect(),
            ))
        };
        for (target, expected) in [
            ("#/components/schemas/A", mapped(&["a", "first"])),
            ("#/components/schemas/B~0x", mapped(&["b"])),
            (
                "#/components/schemas/D%20d",
                Some(Called::Implied("D d".to_owned())),
            ),
            ("#/paths/x", None),
        ] {
            assert_eq!(called(&discriminator, target), expected, "{target}");
        }
    }
}
