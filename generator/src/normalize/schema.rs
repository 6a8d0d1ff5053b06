//! Walks one schema and calls the rules.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::fields::{in_schema, is_unknown};
use super::{behind, misspelt, rules};
use crate::diagnostics::{Pointer, Sink, Site};
use crate::reference::{self, Anchor};
use crate::source::Budgets;

/// Visits schemas.
pub(super) struct Schemas<'s> {
    pub(super) sink: &'s mut Sink,
    pub(super) budgets: Budgets,
    /// The names that schemas of the document have.
    pub(super) anchors: HashMap<String, Anchor>,
    /// Places that schemas refer to and that no walk comes to.
    pub(super) strays: Vec<Pointer>,
    depth_left: usize,
}

/// What the keywords of a schema hold (JSON Schema 2020-12 §10 and §11, and older drafts).
enum Holds {
    /// One schema.
    Schema,
    /// A list of schemas.
    List,
    /// One schema or, in older drafts, a list.
    SchemaOrList,
    /// Schemas by name.
    Named,
    /// Properties: schemas by name, whose `required: true` belongs to this schema.
    Properties,
}

/// Keywords that hold schemas. Everything else is data or text and is left alone.
fn holds(keyword: &str) -> Option<Holds> {
    Some(match keyword {
        "properties" => Holds::Properties,
        "items" => Holds::SchemaOrList,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "additionalItems"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Holds::Schema,
        "patternProperties" | "dependentSchemas" | "$defs" | "definitions" | "dependencies" => {
            Holds::Named
        }
        _ => return None,
    })
}

/// Whether a keyword holds schemas by name or number, or one schema; `None` for others.
pub(super) fn holds_named(keyword: &str) -> Option<bool> {
    Some(match holds(keyword)? {
        Holds::Schema | Holds::SchemaOrList => false,
        Holds::List | Holds::Named | Holds::Properties => true,
    })
}

impl<'s> Schemas<'s> {
    pub(super) fn new(document: &Value, budgets: &Budgets, sink: &'s mut Sink) -> Self {
        Self {
            sink,
            budgets: *budgets,
            anchors: reference::anchors(document),
            strays: Vec::new(),
            depth_left: budgets.effective_depth() + 8,
        }
    }

    /// Normalises a schema and those in it. Boolean schemas, and what is no schema, stay as they
    /// are.
    pub(super) fn visit(&mut self, value: &mut Value, site: &Site<'_>) {
        let Value::Object(schema) = value else { return };
        // Values that were read are never that deep; values that were built may be.
        let Some(depth_left) = self.depth_left.checked_sub(1) else {
            return;
        };
        let outer = std::mem::replace(&mut self.depth_left, depth_left);
        misspelt::schema(schema, site, self.sink);
        in_schema(schema, site, self.sink);
        rules::kinds::mend(schema, site, self);
        self.children(schema, site);
        rules::apply(schema, site, self);
        self.depth_left = outer;
        if let Some(Value::String(target)) = schema.get("$ref")
            && is_unknown(target)
        {
            self.strays.extend(behind::place(target));
        }
    }

    fn children(&mut self, schema: &mut Map<String, Value>, site: &Site<'_>) {
        let mut required = Vec::new();
        for (keyword, value) in schema.iter_mut() {
            let Some(holds) = holds(keyword) else {
                continue;
            };
            let site = site.member(keyword);
            match (holds, value) {
                (Holds::Schema | Holds::SchemaOrList, value @ Value::Object(_)) => {
                    self.visit(value, &site);
                }
                (Holds::List | Holds::SchemaOrList, Value::Array(list)) => {
                    for (index, value) in list.iter_mut().enumerate() {
                        self.visit(value, &site.element(index));
                    }
                }
                (Holds::Named, Value::Object(named)) => {
                    for (name, value) in named.iter_mut() {
                        self.visit(value, &site.member(name));
                    }
                }
                (Holds::Properties, Value::Object(properties)) => {
                    for (name, value) in properties.iter_mut() {
                        let site = site.member(name);
                        if rules::required::take_flag(value, &site, self) {
                            required.push(name.clone());
                        }
                        self.visit(value, &site);
                    }
                }
                _ => {}
            }
        }
        if !required.is_empty() {
            rules::required::add(schema, required);
        }
    }
}
