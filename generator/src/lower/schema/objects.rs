//! Keywords of objects: properties, what is required, and what further properties look like.

use serde_json::Value;

use super::shape::{Additional, Shape};
use super::shapes::Shapes;
use super::values::is_usable_pattern;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Node;
use crate::text;

impl<'a> Shapes<'a> {
    /// Takes them in.
    pub(super) fn object_keywords(&self, shape: &mut Shape<'a>, node: &Node<'a>, outer: bool) {
        for (name, property) in node.get("properties").iter().flat_map(Node::entries) {
            self.property(shape, name, property);
        }
        for name in node
            .value
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(name) = name.as_str()
                && !shape.required.contains(&name)
            {
                shape.required.push(name);
                shape.required_at = Some(node.pointer.child("required"));
            }
        }
        let additional = match node.get("additionalProperties") {
            None => Additional::Unsaid,
            Some(a) if a.value == &Value::Bool(false) => Additional::No,
            Some(a) if a.value == &Value::Bool(true) => Additional::Any,
            Some(a) if a.object().is_some_and(serde_json::Map::is_empty) => Additional::Any,
            Some(a) => Additional::Schema(a),
        };
        let additional = self.with_patterns(shape, node, additional);
        shape.names.extend(node.get("propertyNames"));
        match additional {
            Additional::Unsaid => {}
            // A branch of `allOf` that is closed would close the others too, which nobody means.
            Additional::No if !outer => {}
            said => shape.additional = said,
        }
    }

    /// A property that several branches of `allOf` describe: the last one that says what it is counts.
    fn property(&self, shape: &mut Shape<'a>, name: &'a str, property: Node<'a>) {
        if let Some(known) = shape.properties.get(name)
            && known.value != property.value
        {
            let describing = if only_describes(&property) {
                Some((property.clone(), known.clone()))
            } else if only_describes(known) {
                Some((known.clone(), property.clone()))
            } else {
                None
            };
            if let Some((describing, declared)) = describing {
                if let Some(said) = describing.str("description").or(describing.str("title")) {
                    shape.notes.insert(name, said);
                }
                shape.properties.insert(name, declared);
                return;
            }
            self.report(
                Diagnostic::new(
                    Code::E0506,
                    format!(
                        "`{}` is described more than once by `allOf`; one description counts",
                        text::line(name, 60)
                    ),
                )
                .at_key(&property.pointer)
                .note("values that only the other one refuses reach the service, which decides"),
            );
            if says_what(known) && !says_what(&property) {
                return;
            }
        }
        shape.properties.insert(name, property);
    }

    /// `patternProperties` allow further properties. Model APIs do not know the keyword: where they say
    /// all of what further names there are, the names are checked by themselves; one schema for all of
    /// them is kept, several are any value.
    fn with_patterns(
        &self,
        shape: &mut Shape<'a>,
        node: &Node<'a>,
        additional: Additional<'a>,
    ) -> Additional<'a> {
        let Some(patterns) = node.get("patternProperties") else {
            return additional;
        };
        let all: Vec<(&'a str, Node<'a>)> = patterns.entries().collect();
        let Some((_, first)) = all.first() else {
            return additional;
        };
        let closed = matches!(additional, Additional::No);
        let same = all.iter().all(|(_, other)| other.value == first.value);
        let known = closed && all.iter().all(|(pattern, _)| is_usable_pattern(pattern));
        if known {
            shape.patterns = all.iter().map(|(pattern, _)| *pattern).collect();
        }
        let unchecked = match (known, same) {
            (true, true) => None,
            (true, false) => {
                Some("which values belong to which names in `patternProperties` is not checked")
            }
            _ => Some("the names in `patternProperties` are not checked"),
        };
        if let Some(unchecked) = unchecked {
            self.report(
                Diagnostic::new(Code::E0506, unchecked)
                    .at_key(&patterns.pointer)
                    .note("values that only this keyword refuses reach the service, which decides"),
            );
        }
        match additional {
            Additional::Unsaid | Additional::No if same => Additional::Schema(first.clone()),
            _ => Additional::Any,
        }
    }
}

/// Whether a schema asserts nothing.
fn only_describes(node: &Node<'_>) -> bool {
    node.object().is_some_and(|object| {
        object.keys().all(|key| {
            key.starts_with("x-")
                || matches!(
                    key.as_str(),
                    "title" | "description" | "examples" | "deprecated" | "externalDocs"
                )
        })
    })
}

/// Whether a schema says what a value is, and not only how long or how it is described.
fn says_what(node: &Node<'_>) -> bool {
    [
        "type",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "const",
        "properties",
        "items",
    ]
    .into_iter()
    .any(|keyword| node.value.get(keyword).is_some())
}
