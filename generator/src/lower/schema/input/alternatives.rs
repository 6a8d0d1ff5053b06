//! Sets of names of which one has to be given (`anyOf: [{required: [a]}, {required: [b]}]`, JSON Schema core
//! §10.2.1). The runtime checks the rule; tool lists leave it out, since model APIs refuse unions at the
//! root, and a description says it.

use serde_json::{Map, Value, json};

use super::super::{Shape, Shapes};
use super::keywords::with_part;
use crate::text;

/// Longest rule that is told in words, in characters.
const TOLD: usize = 300;

/// The names of one rule: whether exactly one set has to be there, or at least one; and the sets.
pub type NameSets = (bool, Vec<Vec<String>>);

/// What is left of the rules of an object where `given` are names that are there anyway; `named` gives the name
/// that a property has in the tool. A rule with names that the tool does not list is reported.
pub fn name_sets<'a>(
    shapes: &Shapes<'a>,
    shape: &Shape<'a>,
    given: impl Fn(&str) -> bool,
    mut named: impl FnMut(&str) -> Option<String>,
) -> Vec<NameSets> {
    let mut rules = Vec::new();
    for rule in &shape.alternatives {
        let open: Vec<Vec<&str>> = rule
            .sets
            .iter()
            .map(|set| set.iter().copied().filter(|name| !given(name)).collect())
            .collect();
        // One of them is there anyway.
        if open.iter().any(Vec::is_empty) {
            continue;
        }
        let sets: Option<Vec<Vec<String>>> = open
            .iter()
            .map(|set| set.iter().map(|name| named(name)).collect())
            .collect();
        match sets {
            Some(sets) => rules.push((rule.exactly_one, sets)),
            None => shapes.report_alternatives(&rule.at),
        }
    }
    rules
}

/// Adds the rules to what is known of an object.
pub fn with_name_sets(schema: &mut Map<String, Value>, rules: &[NameSets]) {
    for (exactly_one, sets) in rules {
        let keyword = if *exactly_one { "oneOf" } else { "anyOf" };
        let branches: Vec<Value> = sets.iter().map(|set| json!({ "required": set })).collect();
        if schema.contains_key(keyword) {
            with_part(schema, json!({ keyword: branches }));
        } else {
            schema.insert(keyword.to_owned(), Value::Array(branches));
        }
    }
}

/// The rules in words: ``Needs `a`, or `b` and `c`.``
pub fn told_name_sets(rules: &[NameSets]) -> Option<String> {
    let told: Vec<String> = rules
        .iter()
        .map(|(exactly_one, sets)| {
            let sets: Vec<String> = sets.iter().map(|set| together(set)).collect();
            match exactly_one {
                true => format!("Needs exactly one of: {}.", sets.join("; ")),
                false => format!("Needs {}.", sets.join(", or ")),
            }
        })
        .collect();
    let told = told.join(" ");
    (!told.is_empty() && told.chars().count() <= TOLD).then_some(told)
}

fn together(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", text::line(name, 60)))
        .collect();
    names.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_while_they_are_short() {
        let sets = |sets: &[&[&str]]| -> Vec<Vec<String>> {
            let owned = |set: &&[&str]| set.iter().map(|&name| name.to_owned()).collect();
            sets.iter().map(owned).collect()
        };
        for (rules, told) in [
            (vec![], None),
            (
                vec![(false, sets(&[&["a"], &["b", "c"]]))],
                Some("Needs `a`, or `b` and `c`."),
            ),
            (
                vec![(true, sets(&[&["a"], &["b"]])), (false, sets(&[&["c"]]))],
                Some("Needs exactly one of: `a`; `b`. Needs `c`."),
            ),
            (vec![(false, sets(&[&["a"; 99]]))], None),
        ] {
            assert_eq!(told_name_sets(&rules).as_deref(), told);
        }
    }
}
