//! Schemas that extend a base schema with `allOf`, where the base names the property that tells them
//! apart and does not list them itself (OpenAPI 3.2 §4.25.6).

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

use super::chain::Chain;
use super::discriminator;
use super::shape::Shape;
use super::shapes::Shapes;
use crate::diagnostics::Pointer;
use crate::model::{Node, Resolver};

/// What is known of base schemas; looked for when the first is met.
#[derive(Debug, Default)]
pub(super) struct Families<'a> {
    /// The component schemas that extend another one, by what they extend.
    extending: OnceCell<HashMap<Pointer, Vec<Node<'a>>>>,
    /// By base.
    known: RefCell<HashMap<Pointer, Rc<Family<'a>>>>,
}

/// The forms that a base schema has.
#[derive(Debug)]
struct Family<'a> {
    forms: Vec<Node<'a>>,
    /// Those among them that are not the base itself.
    subtypes: HashSet<*const Value>,
}

/// The component schemas that extend another one, in one pass over them.
fn extending<'a>(resolver: Resolver<'a>) -> HashMap<Pointer, Vec<Node<'a>>> {
    let mut all: HashMap<Pointer, Vec<Node<'a>>> = HashMap::new();
    let schemas = resolver.root().at(&["components", "schemas"]);
    for (_, schema) in schemas.iter().flat_map(Node::entries) {
        let bases = schema.list("allOf").filter(|p| p.reference().is_some());
        for base in bases.filter_map(|part| resolver.follow(part).ok()) {
            all.entry(base.pointer).or_default().push(schema.clone());
        }
    }
    all
}

/// The schemas that extend `base`, and those that extend them, level by level.
fn below<'a>(
    base: &Pointer,
    extending: &HashMap<Pointer, Vec<Node<'a>>>,
) -> IndexMap<Pointer, Node<'a>> {
    let mut found = IndexMap::new();
    let mut next = Some(base.clone());
    let mut looked_at = 0usize;
    while let Some(one) = next {
        for schema in extending.get(&one).into_iter().flatten() {
            if schema.pointer != *base {
                found.insert(schema.pointer.clone(), schema.clone());
            }
        }
        next = found.get_index(looked_at).map(|(place, _)| place.clone());
        looked_at = looked_at.saturating_add(1);
    }
    found
}

impl<'a> Shapes<'a> {
    /// Takes in what extends a base schema: its components, and what its `mapping` names. A base that
    /// `mapping` names is one of the forms itself.
    pub(super) fn subtypes(&self, shape: &mut Shape<'a>, node: &Node<'a>, chain: &Chain) {
        let Some(discriminator) = node.get("discriminator") else {
            return;
        };
        let family = self.family(node, &discriminator);
        // Where one of them is looked at, it is known which one is meant.
        if !family.subtypes.is_empty() && shape.unions.is_empty() && !chain.holds(&family.subtypes)
        {
            shape.subtypes.clone_from(&family.forms);
            shape.discriminator = Some(discriminator);
        }
    }

    fn family(&self, base: &Node<'a>, discriminator: &Node<'a>) -> Rc<Family<'a>> {
        if let Some(known) = self.families.known.borrow().get(&base.pointer) {
            return Rc::clone(known);
        }
        let mapped = self.mapped(discriminator);
        let lists_them = ["oneOf", "anyOf"]
            .into_iter()
            .any(|keyword| base.value.get(keyword).is_some());
        let mut forms = IndexMap::new();
        if !lists_them && discriminator::property(discriminator).is_some() {
            let all = &self.families.extending;
            forms = below(&base.pointer, all.get_or_init(|| extending(self.resolver)));
            for schema in mapped {
                forms.entry(schema.pointer.clone()).or_insert(schema);
            }
        }
        let subtypes = forms.values().filter(|form| form.pointer != base.pointer);
        let family = Rc::new(Family {
            subtypes: subtypes
                .map(|form| std::ptr::from_ref(form.value))
                .collect(),
            forms: forms.into_values().collect(),
        });
        let mut known = self.families.known.borrow_mut();
        known.insert(base.pointer.clone(), Rc::clone(&family));
        family
    }

    /// The schemas that a `mapping` names. Those that do not exist are reported.
    fn mapped(&self, discriminator: &Node<'a>) -> Vec<Node<'a>> {
        let mapping = discriminator.get("mapping");
        let named = mapping.iter().flat_map(Node::entries);
        named
            .map(|(_, entry)| entry)
            .chain(discriminator.get("defaultMapping"))
            .filter_map(|entry| {
                let found = discriminator::target(self.resolver, &entry);
                found.map_err(|diagnostic| self.report(*diagnostic)).ok()
            })
            .collect()
    }
}
