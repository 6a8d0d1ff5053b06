//! Keywords of objects: properties, what is required, and what further properties look like.

use serde_json::Value;

use super::joined::covers;
use super::shape::{Additional, Shape};
use super::shapes::Shapes;
use super::values::is_usable_pattern;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Node;

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
        dependent(shape, node);
        let additional = match node.get("additionalProperties") {
            None => Additional::Unsaid,
            Some(a) if a.value == &Value::Bool(false) => Additional::No,
            Some(a) if a.value == &Value::Bool(true) => Additional::Any,
            Some(a) if a.object().is_some_and(serde_json::Map::is_empty) => Additional::Any,
            Some(a) => Additional::Schema(a),
        };
        // A branch of `allOf` that is closed would close the others too, which nobody means.
        let additional = match additional {
            Additional::No if !outer => Additional::Unsaid,
            said => said,
        };
        let additional = self.with_patterns(shape, node, additional);
        shape.names.extend(node.get("propertyNames"));
        match additional {
            Additional::Unsaid => {}
            Additional::Schema(new) => {
                shape.additional = Additional::Schema(match &shape.additional {
                    Additional::Schema(known) => self.join(known, new),
                    _ => new,
                });
            }
            said => shape.additional = said,
        }
    }

    /// A property that several branches of `allOf` describe has to fit all of them.
    fn property(&self, shape: &mut Shape<'a>, name: &'a str, property: Node<'a>) {
        let Some(known) = shape.properties.get(name) else {
            shape.properties.insert(name, property);
            return;
        };
        let said = |node: &Node<'a>| node.str("description").or(node.str("title"));
        let joined = if covers(&property, known) {
            if let Some(earlier) = said(known).filter(|_| said(&property).is_none()) {
                shape.notes.insert(name, earlier);
            } else if said(&property).is_some() {
                shape.notes.shift_remove(name);
            }
            property
        } else if covers(known, &property) {
            if let Some(later) = said(&property) {
                shape.notes.insert(name, later);
            }
            known.clone()
        } else {
            shape.notes.shift_remove(name);
            self.join(known, property)
        };
        shape.properties.insert(name, joined);
    }

    /// `patternProperties` allow further properties. Model APIs do not know the keyword: where they say
    /// all of what further names there are, the names are checked by themselves, and one schema for all of
    /// them is kept. Several are any value, and so are further names of an object that is open: those that
    /// match no expression have no schema (JSON Schema core §10.3.2.2).
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
        let every_name = all.len() == 1 && all.iter().all(|(pattern, _)| is_every_name(pattern));
        let unchecked = match (known || every_name, same) {
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
            _ if every_name => Additional::Schema(first.clone()),
            Additional::No if same => Additional::Schema(first.clone()),
            _ => Additional::Any,
        }
    }
}

/// Whether an expression is a way to write `additionalProperties`. Names that are empty or have line breaks,
/// which some of these do not match, are nobody's.
fn is_every_name(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    matches!(pattern, "" | ".*" | ".+")
}

/// Takes in which names need which others. `dependencies` said it up to draft 7.
fn dependent<'a>(shape: &mut Shape<'a>, node: &Node<'a>) {
    for keyword in ["dependentRequired", "dependencies"] {
        for (given, needed) in node.get(keyword).iter().flat_map(Node::entries) {
            let needed = needed.value.as_array().into_iter().flatten();
            for name in needed.filter_map(Value::as_str) {
                let known = shape.dependent.entry(given).or_default();
                if name != given && !known.contains(&name) {
                    known.push(name);
                }
            }
        }
    }
}
