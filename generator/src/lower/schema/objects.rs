//! Keywords of objects: properties, what is required, and what further properties look like.

use serde_json::Value;

use super::joined::covers;
use super::shape::{Additional, Shape};
use super::shapes::Shapes;
use super::values::{is_told_pattern, is_usable_pattern, pattern_fault};
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::model::Node;

/// Most schemas that further names may have; of more, each is any value.
const MOST_FORMS: usize = 16;
/// Keywords whose schemas may declare properties that are not known where they stand.
const UNKNOWN: [&str; 4] = ["anyOf", "oneOf", "discriminator", "$dynamicRef"];

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
            None => self.unevaluated(shape, node, outer),
            Some(a) => additional(a),
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

    /// `unevaluatedProperties` speak of the names that nothing else does (JSON Schema core §11.3). What branches
    /// of `allOf` declare is known here, so that this is what `additionalProperties` would say of all of them;
    /// what branches of unions and cases declare is not.
    fn unevaluated(&self, shape: &Shape<'a>, node: &Node<'a>, outer: bool) -> Additional<'a> {
        let Some(rest) = node.get("unevaluatedProperties") else {
            return Additional::Unsaid;
        };
        let is_all_known = shape.unions.is_empty()
            && shape.cases.is_empty()
            && !UNKNOWN.iter().any(|keyword| node.get(keyword).is_some());
        let is_alone = outer && node.get("allOf").is_none() && node.get("$ref").is_none();
        match (&shape.additional, additional(rest.clone())) {
            // A branch speaks of all names.
            (Additional::Any | Additional::Schema(_), _) => Additional::Unsaid,
            (_, Additional::Any) => Additional::Any,
            (_, Additional::Schema(schema)) if is_all_known => Additional::Schema(schema),
            (_, Additional::No) if is_all_known && is_alone => Additional::No,
            (_, said) => {
                self.report(
                    Diagnostic::new(Code::E0506, "`unevaluatedProperties` is not checked")
                        .at_key(&rest.pointer)
                        .note("values that only this keyword refuses reach the service, which decides"),
                );
                match said {
                    // There are further names, whatever their values are.
                    Additional::Schema(_) => Additional::Any,
                    _ => Additional::Unsaid,
                }
            }
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
    /// all of what further names there are, the names are checked by themselves. The value of each further
    /// name fits one of their schemas or that of `additionalProperties` (JSON Schema core §10.3.2.2 and
    /// §10.3.2.3). Those of an object that is open are any value: what matches no expression has no schema.
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
        for (pattern, schema) in &all {
            if let Some(fault) = pattern_fault(pattern).filter(|_| !is_told_pattern(pattern)) {
                let message = "this pattern cannot be checked here and is dropped";
                self.report(
                    Diagnostic::new(Code::E0502, message)
                        .at_key(&schema.pointer)
                        .note(format!("as a regular expression it has a fault: {fault}"))
                        .help("correct the pattern, or leave it out"),
                );
            }
        }
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
            Additional::No => self.one_of_these(&all, None, patterns.pointer),
            Additional::Schema(other) => self.one_of_these(&all, Some(other), patterns.pointer),
            _ => Additional::Any,
        }
    }

    /// What each of several schemas accepts; none of them that accepts nothing.
    fn one_of_these(
        &self,
        patterns: &[(&'a str, Node<'a>)],
        other: Option<Node<'a>>,
        pointer: Pointer,
    ) -> Additional<'a> {
        let mut forms: Vec<Node<'a>> = Vec::new();
        let schemas = patterns.iter().map(|(_, schema)| schema.clone());
        for schema in schemas.chain(other) {
            let is_new = !forms.iter().any(|known| known.value == schema.value);
            if is_new && schema.value != &Value::Bool(false) {
                forms.push(schema);
            }
        }
        match forms.as_slice() {
            [] => Additional::No,
            [only] => additional(only.clone()),
            several if several.len() > MOST_FORMS => Additional::Any,
            several if several.iter().any(|schema| is_anything(schema.value)) => Additional::Any,
            several => Additional::Schema(Node {
                value: self.alternatives(several),
                pointer,
            }),
        }
    }
}

/// What a schema for further properties says.
fn additional(schema: Node<'_>) -> Additional<'_> {
    match schema.value {
        Value::Bool(false) => Additional::No,
        value if is_anything(value) => Additional::Any,
        _ => Additional::Schema(schema),
    }
}

fn is_anything(schema: &Value) -> bool {
    schema == &Value::Bool(true) || schema.as_object().is_some_and(serde_json::Map::is_empty)
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
