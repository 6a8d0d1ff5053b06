//! Names that are required where another one is given (JSON Schema validation §6.5.4). The runtime
//! checks the rule; tool lists leave the keyword out, and a description says it.

use serde_json::{Map, Value, json};

use crate::text;

/// Longest rule that is told in words, in characters.
const TOLD: usize = 300;

/// Adds what names need to what is known of them.
pub fn with_dependent(schema: &mut Map<String, Value>, rules: &[(String, Vec<String>)]) {
    let mut all = Map::new();
    for (given, needed) in rules.iter().filter(|(_, needed)| !needed.is_empty()) {
        all.insert(given.clone(), json!(needed));
    }
    if !all.is_empty() {
        schema.insert("dependentRequired".to_owned(), Value::Object(all));
    }
}

/// The rules in words: `With a also b and c.`
pub fn told_dependent(rules: &[(String, Vec<String>)]) -> Option<String> {
    let told: Vec<String> = rules
        .iter()
        .filter(|(_, needed)| !needed.is_empty())
        .map(|(given, needed)| format!("`{}` needs {}.", text::line(given, 60), listed(needed)))
        .collect();
    let told = told.join(" ");
    (!told.is_empty() && told.chars().count() <= TOLD).then_some(told)
}

/// What is said where none of these has to be given, and all have to with anything beside them.
pub fn told_together(needed: &[String]) -> Option<String> {
    let told = match needed {
        [] => return None,
        [only] => format!("Fields of the body need `{}`.", text::line(only, 60)),
        several => format!(
            "Give no field of the body, or at least {}.",
            listed(several)
        ),
    };
    (told.chars().count() <= TOLD).then_some(told)
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", text::line(name, 60)))
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_while_they_are_short() {
        let names = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        let rules = [
            ("a".to_owned(), names(&["b", "c"])),
            ("b".to_owned(), names(&["a"])),
        ];
        assert_eq!(
            told_dependent(&rules).unwrap(),
            "`a` needs `b` and `c`. `b` needs `a`."
        );
        assert_eq!(told_dependent(&[("a".to_owned(), Vec::new())]), None);
        assert_eq!(
            told_together(&names(&["a"])).unwrap(),
            "Fields of the body need `a`."
        );
        assert_eq!(
            told_together(&names(&["a", "b", "c"])).unwrap(),
            "Give no field of the body, or at least `a`, `b` and `c`."
        );
        let many: Vec<String> = (0..99).map(|i| format!("field_{i}")).collect();
        assert_eq!(told_together(&many), None);
        assert_eq!(told_dependent(&[("a".to_owned(), many)]), None);
    }
}
