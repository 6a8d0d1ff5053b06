//! Unions (`oneOf`, `anyOf`): null taken out, unions of values made enumerations, what is left kept.

use serde_json::Value;

use super::annotations::narrow;
use super::chain::{Chain, Step};
use super::json_types::Types;
use super::labels;
use super::shape::{Alternatives, Shape};
use super::shapes::Shapes;
use crate::model::Node;

impl<'a> Shapes<'a> {
    /// The branch itself, or what it refers to; a reference that leads nowhere stays.
    fn resolved(&self, branch: &Node<'a>) -> Node<'a> {
        self.resolver
            .follow(branch.clone())
            .unwrap_or_else(|_| branch.clone())
    }

    /// Takes one union in.
    pub(super) fn union(
        &self,
        shape: &mut Shape<'a>,
        node: &Node<'a>,
        keyword: &str,
        chain: &mut Chain,
    ) {
        let mut branches: Vec<Node<'a>> = Vec::new();
        let mut any = false;
        for branch in node.list(keyword) {
            any = true;
            if is_null(&self.resolved(&branch)) {
                shape.nullable = true;
            } else {
                branches.push(branch);
            }
        }
        if !any {
            return;
        }
        if let [only] = branches.as_slice() {
            let only = only.clone();
            // `anyOf: [{$ref: X}, {type: null}]` is X: it keeps X's name and place.
            let bare = shape.properties.is_empty() && shape.types.is_any();
            self.absorb(shape, &only, chain, Step::Alternative, bare);
            return;
        }
        // A schema that extends this one, and is one of its branches, is looked at.
        let others = branches.iter().map(|branch| self.resolved(branch).value);
        let others = others.filter(|value| !std::ptr::eq(*value, node.value));
        if chain.holds(&others.map(std::ptr::from_ref).collect()) {
            return;
        }
        // `oneOf: [{const: a}, {const: b}]` is an enumeration, whether written out or referred to.
        let constants: Option<Vec<Vec<&'a Value>>> = branches
            .iter()
            .map(|branch| constants(&self.resolved(branch)))
            .collect();
        if let Some(constants) = constants
            && !constants.is_empty()
        {
            for (branch, values) in branches.iter().zip(&constants) {
                labels::of_branch(shape, &self.resolved(branch), values);
            }
            let constants: Vec<&'a Value> = constants.into_iter().flatten().collect();
            let are_texts = constants.iter().all(|c| c.is_string());
            if are_texts && !shape.types.narrow(Types::STRING) {
                self.exclude("type", node);
            }
            if !narrow(shape, constants) {
                self.exclude("values", node);
            }
            return;
        }
        // Branches that only say which properties are required do not change the shape.
        let only_required = branches.iter().all(|b| {
            b.object().is_some_and(|o| {
                o.keys()
                    .all(|k| matches!(k.as_str(), "required" | "title" | "description"))
            })
        });
        if branches.is_empty() {
            return;
        }
        if only_required {
            let names = |branch: &Node<'a>| {
                let names = branch.list("required");
                names.filter_map(|name| name.value.as_str()).collect()
            };
            shape.alternatives.push(Alternatives {
                at: node.pointer.child(keyword),
                exactly_one: keyword == "oneOf",
                sets: branches.iter().map(names).collect(),
            });
            return;
        }
        if shape.unions.is_empty() {
            shape.discriminator = node.get("discriminator");
        }
        shape.unions.push(branches);
    }
}

fn is_null(node: &Node<'_>) -> bool {
    let only = |key: &str, value: &Value| node.value.get(key) == Some(value);
    only("type", &Value::String("null".to_owned()))
        || only("const", &Value::Null)
        || node
            .value
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
}

/// The values of a branch that is nothing but values.
fn constants<'a>(node: &Node<'a>) -> Option<Vec<&'a Value>> {
    let object = node.object()?;
    let plain = object.keys().all(|key| {
        matches!(
            key.as_str(),
            "const" | "enum" | "type" | "title" | "description" | "examples" | "default"
        ) || key.starts_with("x-")
    });
    if !plain {
        return None;
    }
    match (object.get("const"), object.get("enum")) {
        (Some(value), _) => Some(vec![value]),
        (None, Some(Value::Array(values))) => {
            Some(values.iter().filter(|v| !v.is_null()).collect())
        }
        _ => None,
    }
}
