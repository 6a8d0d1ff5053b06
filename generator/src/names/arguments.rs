//! Names of a tool's arguments: the wire name wherever clients accept it.

use std::collections::{HashMap, HashSet};

/// Longest name of an argument.
const LONGEST: usize = 64;

/// Where an argument is sent; earlier ones have the first claim on a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
    /// In the body.
    Body,
}

impl Place {
    fn suffix(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        }
    }
}

/// Hands out the argument names of one tool.
#[derive(Debug, Default)]
pub struct ArgumentNames {
    taken: HashSet<String>,
    /// The next number of a name in a place: all below are taken, and thousands may ask for the same name.
    next: HashMap<(String, Place), usize>,
}

impl ArgumentNames {
    /// A client-safe name for `wire`: `^[A-Za-z_][A-Za-z0-9_-]{0,63}$`. One that another place has
    /// already taken gets the place as a suffix (`id_body`).
    pub fn take(&mut self, wire: &str, place: Place) -> String {
        let base = safe(wire);
        if self.taken.insert(base.clone()) {
            return base;
        }
        let round = self.next.entry((base.clone(), place)).or_insert(1);
        loop {
            let suffix = if *round == 1 {
                format!("_{}", place.suffix())
            } else {
                format!("_{}_{round}", place.suffix())
            };
            let room = LONGEST.saturating_sub(suffix.len());
            let name = base.chars().take(room).collect::<String>() + &suffix;
            *round = round.saturating_add(1);
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Whether clients accept a property name inside of an argument: `^[A-Za-z0-9_.-]{1,64}$`.
pub fn is_accepted(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// Whether a name on the wire says something that a client-safe name does not: `StartTime<` and
/// `StartTime>`, letters of other scripts, and what is cut off. Brackets, dots and other separators say
/// nothing. Hidden characters are the caller's to remove.
pub fn says_more(wire: &str) -> bool {
    let is_told = |c: char| {
        c.is_ascii_alphanumeric() || c.is_whitespace() || "_-.,:;/\\|()[]{}$@&?'\"".contains(c)
    };
    wire.chars().count() > LONGEST || !wire.chars().all(is_told)
}

/// Brackets, dots and the like become underscores; what clients accept stays as it is.
pub fn safe(wire: &str) -> String {
    let mut name = String::new();
    for c in wire.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            name.push(c);
        } else if !name.ends_with('_') || c == '_' {
            name.push('_');
        }
    }
    let trimmed = if wire.ends_with('_') {
        &name
    } else {
        name.trim_end_matches('_')
    };
    let mut name: String = trimmed.chars().take(LONGEST).collect();
    if name.is_empty() {
        return "value".to_owned();
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        name = format!("_{name}").chars().take(LONGEST).collect();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{ArgumentNames, Place, says_more};

    #[test]
    fn wire_names_stay_where_clients_accept_them() {
        for (wire, expected) in [
            ("customer_id", "customer_id"),
            ("filter[status]", "filter_status"),
            ("StartTime<", "StartTime"),
            ("X-Request-Id", "X-Request-Id"),
            ("$top", "_top"),
            ("1st", "_1st"),
            ("ключ", "value"),
            ("_", "_"),
            ("a.b", "a_b"),
        ] {
            assert_eq!(
                ArgumentNames::default().take(wire, Place::Query),
                expected,
                "{wire}"
            );
        }
    }

    #[test]
    fn a_wire_name_says_more_where_other_characters_than_separators_are_lost() {
        for (wire, expected) in [
            ("customer_id", false),
            ("X-Request-Id", false),
            ("filter[status]", false),
            ("a.b c", false),
            ("$top", false),
            ("@type", false),
            ("\u{202e}x\n", false),
            ("StartTime<", true),
            ("discount%", true),
            ("+1", true),
            ("ключ", true),
            ("größe", true),
        ] {
            // As callers do.
            let shown = crate::text::visible(wire);
            assert_eq!(says_more(&shown), expected, "{wire}");
        }
        assert!(!says_more(&"x".repeat(64)));
        assert!(says_more(&"x".repeat(65)));
    }

    #[test]
    fn the_same_name_in_two_places_gets_the_place_as_suffix() {
        let mut names = ArgumentNames::default();
        assert_eq!(names.take("id", Place::Path), "id");
        assert_eq!(names.take("id", Place::Query), "id_query");
        assert_eq!(names.take("id", Place::Body), "id_body");
        assert_eq!(names.take("id", Place::Body), "id_body_2");
        let long = "x".repeat(80);
        assert_eq!(names.take(&long, Place::Query).len(), 64);
        assert_eq!(names.take(&long, Place::Body).len(), 64);
    }

    #[test]
    fn a_name_that_very_many_ask_for_is_numbered_without_a_search() {
        let mut names = ArgumentNames::default();
        let last = (0..50_000).map(|_| names.take("id", Place::Query)).last();
        assert_eq!(last.as_deref(), Some("id_query_49999"));
    }
}
