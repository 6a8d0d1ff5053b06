//! Rules for the names of properties (JSON Schema core §10.3.2.4, `propertyNames`, and
//! `patternProperties` of closed objects). The runtime checks them; tool lists leave the keyword out,
//! since model APIs refuse it, and the description says the rule.

use serde_json::{Map, Value, json};

use super::super::{Shape, Shapes, is_usable_pattern};
use crate::model::Node;

/// Longest rule that is told in words, in characters.
const TOLD: usize = 200;

/// The schema of the names, if there is a rule that can be checked. `declared`: names that are properties
/// of their own, as the tool lists them.
pub fn names_schema<'a>(
    shapes: &Shapes<'a>,
    shape: &Shape<'a>,
    declared: &[&str],
) -> Option<Value> {
    let mut rules: Vec<Value> = shape
        .names
        .iter()
        .filter_map(|node| rule(shapes, node))
        .collect();
    if !shape.patterns.is_empty() {
        rules.push(json!({"pattern": one_of(&shape.patterns)}));
    }
    let rule = match rules.as_slice() {
        [] => return None,
        [only] => only.clone(),
        _ => json!({ "allOf": rules }),
    };
    if declared.is_empty() {
        return Some(rule);
    }
    // The rule speaks of names on the wire, which a declared property has of itself.
    Some(json!({"anyOf": [rule, {"enum": declared}]}))
}

/// What `propertyNames` says of texts.
fn rule<'a>(shapes: &Shapes<'a>, node: &Node<'a>) -> Option<Value> {
    let shape = shapes.of(node);
    let mut rule = Map::new();
    if let Some(values) = &shape.values {
        rule.insert("enum".to_owned(), json!(values));
    }
    for keyword in ["pattern", "minLength", "maxLength"] {
        let Some(node) = shape.keywords.get(keyword) else {
            continue;
        };
        if node.value.is_u64() || node.value.as_str().is_some_and(is_usable_pattern) {
            rule.insert(keyword.to_owned(), node.value.clone());
        }
    }
    (!rule.is_empty()).then_some(Value::Object(rule))
}

/// One expression for several.
fn one_of(patterns: &[&str]) -> String {
    match patterns {
        [only] => (*only).to_owned(),
        several => several
            .iter()
            .map(|pattern| format!("(?:{pattern})"))
            .collect::<Vec<_>>()
            .join("|"),
    }
}

/// The rule as a sentence for the description of the object, if it is short enough.
pub fn told(schema: &Value) -> Option<String> {
    let rule = schema
        .get("anyOf")
        .and_then(Value::as_array)
        .and_then(|branches| branches.first())
        .unwrap_or(schema);
    let mut said = Vec::new();
    if let Some(values) = rule.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        said.push(format!("are among {}", values.join(", ")));
    }
    if let Some(pattern) = rule.get("pattern").and_then(Value::as_str) {
        said.push(format!("match `{pattern}`"));
    }
    if let Some(least) = rule.get("minLength") {
        said.push(format!("have at least {least} characters"));
    }
    if let Some(most) = rule.get("maxLength") {
        said.push(format!("have at most {most} characters"));
    }
    let sentence = format!("Names {}.", said.join(" and "));
    (!said.is_empty() && sentence.chars().count() <= TOLD).then_some(sentence)
}
