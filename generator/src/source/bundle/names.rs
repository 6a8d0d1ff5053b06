//! Names for components that come from other files.

use std::collections::{HashMap, HashSet};

use super::Location;

/// Words at the end of a pointer that say nothing about what stands there.
const GENERIC: [&str; 8] = [
    "schema",
    "items",
    "additionalProperties",
    "parameter",
    "response",
    "allOf",
    "anyOf",
    "oneOf",
];

/// The names that are taken, by section.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<&'static str, HashSet<String>>);

impl Names {
    /// Takes a name of the document itself.
    pub(super) fn reserve(&mut self, section: &'static str, name: &str) {
        self.0.entry(section).or_default().insert(name.to_owned());
    }

    /// Whether a section has a component of a name.
    pub(super) fn is_taken(&self, section: &str, name: &str) -> bool {
        self.0
            .get(section)
            .is_some_and(|names| names.contains(name))
    }

    /// A name for what stands at `fragment` of a file: the end of the pointer or the stem of the
    /// file; if that is taken, more of where it stands in front; if that is taken too, a number
    /// behind.
    pub(super) fn name(
        &mut self,
        section: &'static str,
        location: &Location,
        fragment: &str,
    ) -> String {
        let stem = plain(location.stem());
        let tail = fragment.rsplit('/').next().map(plain).unwrap_or_default();
        let telling = tail.starts_with(|c: char| c.is_ascii_alphabetic())
            && !GENERIC.contains(&tail.as_str());
        let short = match (telling, tail.is_empty()) {
            (true, _) => tail.clone(),
            (false, true) => stem.clone(),
            (false, false) => format!("{stem}_{tail}"),
        };
        let long = if telling && tail != stem {
            format!("{stem}_{tail}")
        } else {
            format!("{}_{short}", plain(location.folder()))
        };
        let taken = self.0.entry(section).or_default();
        let mut candidates = [short, long.clone()]
            .into_iter()
            .chain((2..).map(|n: u64| format!("{long}_{n}")))
            .map(|name| match name.trim_matches('_') {
                "" => section.to_owned(),
                name => name.to_owned(),
            });
        let name = candidates
            .find(|name| !taken.contains(name))
            .unwrap_or_default();
        taken.insert(name.clone());
        name
    }
}

/// A text as a name of a component (OpenAPI 3.2 §4.7): letters, digits, `.`, `_` and `-`, so that it
/// needs no escape in a pointer.
fn plain(text: &str) -> String {
    let text = text.replace("~1", "_").replace("~0", "_");
    let plain: String = text
        .chars()
        .take(80)
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() => c,
            '.' | '-' => c,
            _ => '_',
        })
        .collect();
    plain.trim_matches(['_', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_told_apart() {
        let mut names = Names::default();
        names.reserve("schemas", "Lead");
        for (file, fragment, expected) in [
            ("schemas/account.yaml", "/Account", "Account"),
            ("schemas/lead.yaml", "/Lead", "lead_Lead"),
            ("schemas/lead.yaml", "/Lead", "lead_Lead_2"),
            ("schemas/money.yaml", "", "money"),
            ("other/money.yaml", "", "other_money"),
            ("schemas/tax/index.yaml", "", "tax"),
            ("a.yaml", "/x/items", "a_items"),
            ("a.yaml", "/list/0", "a_0"),
            ("a.yaml", "/größe~1x", "gr__e_x"),
            ("ä.yaml", "", "schemas"),
        ] {
            let location = Location::File(file.to_owned());
            assert_eq!(names.name("schemas", &location, fragment), expected);
        }
        let location = Location::File("a.yaml".to_owned());
        assert_eq!(names.name("parameters", &location, "/Lead"), "Lead");
    }
}
