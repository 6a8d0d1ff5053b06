//! Properties that a schema names only for some cases: under `if`, `then`, `else` and `dependentSchemas`
//! (JSON Schema 2020-12 core §10.2.2). The cases are not checked, so that each of these properties can be
//! given, and none has to be.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

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

/// Most schemas and properties that are looked at for the cases of all schemas of a document. Schemas whose
/// cases lead to each other have the properties of all of them, each time that one is looked at.
const MOST_WORK: usize = 20_000;

/// What any value fits.
static ANYTHING: Value = Value::Bool(true);

/// What the cases of schemas name that are known already, and what it took to know it.
#[derive(Debug, Default)]
pub(super) struct Conditions<'a> {
    named: RefCell<HashMap<Asked, Rc<Named<'a>>>>,
    work: Cell<usize>,
    is_told: Cell<bool>,
}

/// Cases: their schemas, and which of them are questions.
type Asked = Vec<(*const Value, bool)>;

/// What the cases of a schema name.
#[derive(Debug)]
struct Named<'a> {
    properties: IndexMap<&'a str, Node<'a>>,
    /// Whether not all cases were looked at.
    is_cut: bool,
}

impl Conditions<'_> {
    /// Whether no further cases are looked at.
    fn is_spent(&self) -> bool {
        self.work.get() >= MOST_WORK
    }

    fn spend(&self, work: usize) {
        self.work.set(self.work.get().saturating_add(work));
    }
}

/// A schema that holds in some cases.
#[derive(Debug, Clone)]
pub(super) struct Case<'a> {
    pub schema: Node<'a>,
    /// Whether it says when others hold, so that its values are not the only ones.
    is_question: bool,
    /// The property that has to be given for it, which can be given therefore.
    name: Option<&'a str>,
}

/// The cases that a keyword of a schema tells apart.
pub(super) fn cases<'a>(keyword: &str, node: &Node<'a>) -> Vec<Case<'a>> {
    let mut found: Vec<Case<'a>> = match keyword {
        // What a question names that is answered with `false` may not be given.
        "if" if node.value.get("then") == Some(&Value::Bool(false)) => Vec::new(),
        "if" => node.get("if").into_iter().map(Case::question).collect(),
        // Without `if` these say nothing.
        "then" | "else" if node.get("if").is_none() => Vec::new(),
        "then" | "else" => node.get(keyword).into_iter().map(Case::answer).collect(),
        // What may not be there together may be there alone; what may never be there is not offered.
        "not" => {
            let excluded = node.get("not").into_iter();
            let several = |schema: &Node<'a>| schema.list("required").nth(1).is_some();
            excluded.filter(several).map(Case::question).collect()
        }
        "dependentSchemas" | "dependencies" => {
            let schemas = node.get(keyword);
            let schemas = schemas.iter().flat_map(Node::entries);
            let of_name = |(name, schema)| Case {
                name: Some(name),
                ..Case::answer(schema)
            };
            schemas.map(of_name).collect()
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
            name: None,
        }
    }

    fn answer(schema: Node<'a>) -> Self {
        Self {
            schema,
            is_question: false,
            name: None,
        }
    }
}

impl<'a> Shapes<'a> {
    /// Adds the properties that only the cases of a shape name. False when no case was looked at any more.
    pub(super) fn conditional(&self, shape: &mut Shape<'a>) -> bool {
        let cases = std::mem::take(&mut shape.cases);
        let Some(first) = cases.first().cloned() else {
            return true;
        };
        let was_spent = self.conditions.is_spent();
        let all = self.named(cases, &first);
        if all.is_cut {
            shape.open();
        }
        let mut found: Vec<(&'a str, Node<'a>)> = Vec::new();
        for (name, property) in &all.properties {
            if !shape.properties.contains_key(name) && !shape.required.contains(name) {
                found.push((name, property.clone()));
            }
        }
        // Further names that there are have a schema already.
        if !found.is_empty() && !matches!(shape.additional, Additional::Schema(_)) {
            if matches!(shape.additional, Additional::No) {
                self.excluded(&found, &first);
            }
            self.conditions.spend(found.len());
            shape.properties.extend(found);
        }
        !was_spent
    }

    /// What cases name. The same cases are looked at once, whatever refers to them.
    fn named(&self, cases: Vec<Case<'a>>, first: &Case<'a>) -> Rc<Named<'a>> {
        let same = |case: &Case<'a>| (std::ptr::from_ref(case.schema.value), case.is_question);
        let key: Asked = cases.iter().map(same).collect();
        if let Some(known) = self.conditions.named.borrow().get(&key) {
            return Rc::clone(known);
        }
        let was_spent = self.conditions.is_spent();
        let (found, is_cut) = self.look(cases);
        let properties = found
            .into_iter()
            .map(|(name, forms)| (name, self.any_of(name, &forms, &first.schema)))
            .collect();
        let named = Rc::new(Named { properties, is_cut });
        if !was_spent {
            let mut known = self.conditions.named.borrow_mut();
            known.insert(key, Rc::clone(&named));
        }
        named
    }

    /// The names that cases have with the schemas of what they name, and whether some were left out.
    fn look(&self, mut cases: Vec<Case<'a>>) -> (IndexMap<&'a str, Vec<Node<'a>>>, bool) {
        let mut known: HashSet<*const Value> = HashSet::new();
        let mut chain = Chain::default();
        let mut found: IndexMap<&'a str, Vec<Node<'a>>> = IndexMap::new();
        // Names that some answer excludes, and those that some answer gives.
        let mut excluded: HashSet<&'a str> = HashSet::new();
        let mut given: HashSet<&'a str> = HashSet::new();
        let mut next = 0usize;
        while let Some(case) = cases.get(next).cloned() {
            if self.conditions.is_spent() {
                self.report_spent(&case);
                return (found, true);
            }
            if next >= MOST_CASES {
                self.report_many(&case);
                return (found, true);
            }
            next = next.saturating_add(1);
            if let Some(name) = case.name {
                found.entry(name).or_default();
                given.insert(name);
            }
            if !known.insert(std::ptr::from_ref(case.schema.value)) {
                continue;
            }
            let mut inner = Shape::default();
            let before = chain.entered();
            self.absorb(&mut inner, &case.schema, &mut chain, Step::Part, false);
            let entered = chain.entered().saturating_sub(before);
            let work = entered.saturating_add(inner.properties.len());
            self.conditions.spend(work.saturating_add(1));
            let branches = inner.unions.iter().flatten().cloned();
            cases.extend(branches.map(|schema| Case {
                schema,
                is_question: case.is_question,
                name: None,
            }));
            cases.append(&mut inner.cases);
            let undeclared: Vec<&str> = inner.undeclared().collect();
            for name in undeclared {
                found.entry(name).or_default();
                if !case.is_question {
                    given.insert(name);
                }
            }
            for (&name, property) in &inner.properties {
                // Where it may not be given, nothing is said of what it is otherwise.
                if property.value == &Value::Bool(false) {
                    if !case.is_question {
                        excluded.insert(name);
                    }
                    continue;
                }
                if !case.is_question {
                    given.insert(name);
                }
                let forms = found.entry(name).or_default();
                if !case.is_question && forms.iter().all(|form| form.value != property.value) {
                    forms.push(property.clone());
                }
            }
        }
        // To ask for a name only to exclude it does not offer it.
        found.retain(|name, _| given.contains(name) || !excluded.contains(name));
        (found, false)
    }

    /// Says that a schema has further cases.
    fn report_many(&self, case: &Case<'a>) {
        self.report(
            Diagnostic::new(
                Code::E0505,
                format!("a schema has more than {MOST_CASES} cases; what this one and those after it name is not listed"),
            )
            .at(&case.schema.pointer)
            .note("what is not listed can be given and is not checked here")
            .help("declare the properties in `properties` too, with `true` as their schema"),
        );
    }

    /// Says that cases are left out from here on.
    fn report_spent(&self, case: &Case<'a>) {
        if self.conditions.is_told.replace(true) {
            return;
        }
        self.report(
            Diagnostic::new(
                Code::E0505,
                "the schemas for some cases are too many; what this one and those after it name is not listed",
            )
            .at(&case.schema.pointer)
            .note(format!(
                "at most {MOST_WORK} schemas and properties of cases are looked at; what is not listed can be given and is not checked here"
            ))
            .help("declare the properties in `properties`, and leave the cases out"),
        );
    }

    /// By the letter no such property may ever be given (core §10.3.2.3), which nobody means.
    fn excluded(&self, found: &[(&'a str, Node<'a>)], case: &Case<'a>) {
        let names: Vec<String> = found
            .iter()
            .map(|(name, _)| format!("`{}`", text::line(name, 60)))
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
    fn any_of(&self, name: &str, forms: &[Node<'a>], case: &Node<'a>) -> Node<'a> {
        let value = match forms {
            [only] => return only.clone(),
            [] => &ANYTHING,
            several if several.len() > MOST_FORMS => &ANYTHING,
            several => self.alternatives(several),
        };
        // Types and circles are known by their places: it is at that of no other schema, nor at that of one
        // of its forms, which would seem to contain itself.
        let pointer = match forms.first() {
            Some(form) => form.pointer.child("anyOf"),
            None => case.pointer.child("properties").child(name),
        };
        Node { value, pointer }
    }
}
