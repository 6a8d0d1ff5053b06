//! Names that must differ.

use std::collections::{HashMap, HashSet};

/// Hands out names, each once.
#[derive(Debug, Default, Clone)]
pub struct Unique {
    taken: HashSet<String>,
    /// The next number behind a stem: all below are taken, and thousands may ask for the same name.
    next: HashMap<String, usize>,
}

impl Unique {
    /// The name itself if it is free, else the name, the separator and the first free number from 2.
    /// Callers ask in an order that does not depend on maps (document order or sorted).
    pub fn take(&mut self, name: &str, separator: &str) -> String {
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let separator = if name.ends_with(|c: char| c.is_ascii_digit()) {
            "_"
        } else {
            separator
        };
        // `type_` becomes `type_2`: two underscores in a row set off lints.
        let stem = Some(name.trim_end_matches('_')).filter(|s| !s.is_empty());
        let stem = stem.unwrap_or(name);
        let stem = format!("{stem}{separator}");
        let number = self.next.entry(stem.clone()).or_insert(2);
        loop {
            let candidate = format!("{stem}{number}");
            *number = number.saturating_add(1);
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }

    /// Marks a name as taken; false if it was already.
    pub fn reserve(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Unique;

    #[test]
    fn a_name_is_given_out_once() {
        let mut names = Unique::default();
        assert!(names.reserve("b2"));
        let given: Vec<_> = ["a", "a", "a", "b", "b", "v1", "v1", "Self_", "Self_"]
            .into_iter()
            .map(|name| names.take(name, ""))
            .collect();
        assert_eq!(
            given,
            ["a", "a2", "a3", "b", "b3", "v1", "v1_2", "Self_", "Self2"]
        );
        let given: Vec<_> = ["type_", "type_", "type_"]
            .into_iter()
            .map(|name| names.take(name, "_"))
            .collect();
        assert_eq!(given, ["type_", "type_2", "type_3"]);
    }
}
