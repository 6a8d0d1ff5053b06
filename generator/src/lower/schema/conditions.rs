//! Properties that a schema names only for some cases: under `if`, `then`, `else` and `dependentSchemas`
//! (JSON Schema 2020-12 core §10.2.2). The cases are not checked, so that each of these properties can be
//! given, and none has to be.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::chain::{Chain, Step};
use super::shape::{Additional, Shape};
use super::shapes::Shapes;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Node;
use crate::text;

/// Most cases of one schema that are looked at.
const MOST_CASES: usize = 256;
/// Most schemas that one property has in different cases; of more, it is any value.
const MOST_FORMS: usize = 16;

/// What any value fits.
static ANYTHING: Value = Value::Bool(true);

/// A schema that holds in some cases.
#[derive(Debug, Clone)]
pub(super) struct Case<'a> {
    pub schema: Node<'a>,
    /// Whether it says when others hold, so that its values are not the only ones.
    is_question: bool,
}

/// The cases that a keyword of a schema tells apart.
pub(super) fn cases<'a>(keyword: &str, node: &Node<'a>) -> Vec<Case<'a>> {
    let mut found: Vec<Case<'a>> = match keyword {
        "if" => node.get("if").into_iter().map(Case::question).collect(),
        // Without `if` these say nothing.
        "then" | "else" if node.get("if").is_none() => Vec::new(),
        "then" | "else" => node.get(keyword).into_iter().map(Case::answer).collect(),
        "dependentSchemas" | "dependencies" => {
            let schemas = node.get(keyword);
            let schemas = schemas.iter().flat_map(Node::entries);
            schemas.map(|(_, schema)| Case::answer(schema)).collect()
        }
        _ => Vec::new(),
    };
    found.retain(|case| case.schema.object().is_some());
    found
}

impl<'a> Case<'a> {
    fn question(schema: Node<'a>) -> Self {
        Self {
            schema,
            is_question: true,
        }
    }

    fn answer(schema: Node<'a>) -> Self {
        Self {
            schema,
            is_question: false,
        }
    }
}

impl<'a> Shapes<'a> {
    /// Adds the properties that only the cases of a shape name.
    pub(super) fn conditional(&self, shape: &mut Shape<'a>) {
        let mut cases = std::mem::take(&mut shape.cases);
        let mut known: HashSet<*const Value> = HashSet::new();
        let mut chain = Chain::default();
        let mut found: IndexMap<&'a str, Vec<Node<'a>>> = IndexMap::new();
        let mut next = 0usize;
        while let Some(case) = cases.get(next).cloned() {
            next = next.saturating_add(1);
            if next > MOST_CASES || !known.insert(std::ptr::from_ref(case.schema.value)) {
                continue;
            }
            let mut inner = Shape::default();
            self.absorb(&mut inner, &case.schema, &mut chain, Step::Part, false);
            let branches = inner.unions.iter().flatten().cloned();
            cases.extend(branches.map(|schema| Case {
                schema,
                is_question: case.is_question,
            }));
            cases.append(&mut inner.cases);
            let undeclared: Vec<&str> = inner.undeclared().collect();
            for name in undeclared {
                found.entry(name).or_default();
            }
            for (name, property) in inner.properties {
                // Where it may not be given, nothing is said of what it is otherwise.
                if property.value == &Value::Bool(false) {
                    continue;
                }
                let forms = found.entry(name).or_default();
                if !case.is_question && forms.iter().all(|form| form.value != property.value) {
                    forms.push(property);
                }
            }
        }
        let Some(first) = cases.first() else { return };
        found.retain(|name, _| {
            !shape.properties.contains_key(name) && !shape.required.contains(name)
        });
        // Further names that there are have a schema already.
        if found.is_empty() || matches!(shape.additional, Additional::Schema(_)) {
            return;
        }
        if matches!(shape.additional, Additional::No) {
            self.excluded(&found, first);
        }
        for (name, forms) in found {
            shape
                .properties
                .insert(name, self.any_of(&forms, &first.schema));
        }
    }

    /// By the letter no such property may ever be given (core §10.3.2.3), which nobody means.
    fn excluded(&self, found: &IndexMap<&'a str, Vec<Node<'a>>>, case: &Case<'a>) {
        let names: Vec<String> = found
            .keys()
            .map(|name| format!("`{}`", text::line(name, 60)))
            .collect();
        let message = format!(
            "{} can be given in some cases, and `additionalProperties: false` excludes it in all",
            names.join(", ")
        );
        self.report(
            Diagnostic::new(Code::E0517, message)
                .at_key(&case.schema.pointer)
                .note("it can be given; the service decides")
                .help("declare it in `properties` too, with `true` as its schema, or write `unevaluatedProperties: false`"),
        );
    }

    /// A schema that asks for what one of these asks for.
    fn any_of(&self, forms: &[Node<'a>], case: &Node<'a>) -> Node<'a> {
        let value = match forms {
            [only] => return only.clone(),
            [] => &ANYTHING,
            several if several.len() > MOST_FORMS => &ANYTHING,
            several => self.alternatives(several),
        };
        // None of the forms, which would seem to contain itself.
        let pointer = case.pointer.clone();
        Node { value, pointer }
    }
}
