//! The rules, in the order in which they apply. Each sees one schema whose inner schemas are done.

mod anchors;
mod discriminator;
mod enums;
mod examples;
mod items;
pub(super) mod kinds;
mod limits;
mod nullable;
mod references;
pub(super) mod required;
mod room;
mod types;

use serde_json::{Map, Value};

use super::schema::Schemas;
use crate::diagnostics::Site;

/// A schema object.
pub(super) type Schema = Map<String, Value>;

/// A rule: changes a schema in place.
type Rule = fn(&mut Schema, &Site<'_>, &mut Schemas<'_>);

/// The keyword that makes a rule apply, and the rule. The order matters: types are mended before
/// `nullable` adds `null` to them, and `enum` lists before `null` is added there.
const RULES: &[(&str, Rule)] = &[
    ("$dynamicRef", anchors::to_reference),
    ("$ref", anchors::to_place),
    ("$ref", references::to_schema),
    ("discriminator", discriminator::check),
    ("type", types::mend),
    ("enum", enums::check),
    ("enum", enums::mend_values),
    ("const", enums::mend_constant),
    ("nullable", nullable::to_null_type),
    ("exclusiveMinimum", limits::exclusive_minimum),
    ("exclusiveMaximum", limits::exclusive_maximum),
    ("maximum", room::between),
    ("exclusiveMaximum", room::between),
    ("maxLength", room::between),
    ("maxItems", room::between),
    ("maxProperties", room::between),
    ("enum", room::of_values),
    ("const", room::of_values),
    ("multipleOf", limits::multiple_of),
    ("required", required::check),
    ("items", items::tuples),
    ("unevaluatedItems", items::unevaluated),
    ("prefixItems", items::closed_tuples),
    ("type", items::add_missing),
    ("example", examples::to_list),
];

/// Applies the rules to one schema.
pub(super) fn apply(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    for (keyword, rule) in RULES {
        if schema.contains_key(*keyword) {
            rule(schema, site, schemas);
        }
    }
}

/// Runs the whole walk over `{"components": {"schemas": {"S": schema}}}`; for the tests of the
/// rules.
#[cfg(test)]
pub(super) fn normalized(schema: Value) -> (Value, Vec<crate::diagnostics::Diagnostic>) {
    use crate::diagnostics::Sink;
    let mut document = serde_json::json!({"components": {"schemas": {"S": schema}}});
    let mut sink = Sink::new();
    super::walk::document(
        &mut document,
        &[],
        &crate::source::Budgets::default(),
        &mut sink,
    );
    (
        document["components"]["schemas"]["S"].take(),
        sink.into_vec(),
    )
}
