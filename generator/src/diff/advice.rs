//! The version that follows from changes (Semantic Versioning 2.0.0).

use serde::Serialize;

use super::{Change, Level, worst};

/// What is to be raised, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// `major`, `minor`, `patch` or `none`.
    pub part: &'static str,
    /// The next version, where the old one is `X.Y.Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The advice for changes of what had a version.
#[must_use]
pub fn advice(changes: &[Change], version: &str) -> Advice {
    let numbers = numbers(version);
    let is_early = numbers.is_some_and(|(major, _, _)| major == 0);
    let part = match worst(changes) {
        None => "none",
        Some(Level::Text) => "patch",
        // Before 1.0.0 the minor number is what breaks.
        Some(Level::Compatible) if is_early => "patch",
        Some(Level::Compatible | Level::Risk) => "minor",
        Some(Level::Breaking) if is_early => "minor",
        Some(Level::Breaking) => "major",
    };
    let next = numbers.and_then(|(major, minor, patch)| {
        Some(match part {
            "major" => format!("{}.0.0", major.checked_add(1)?),
            "minor" => format!("{major}.{}.0", minor.checked_add(1)?),
            "patch" => format!("{major}.{minor}.{}", patch.checked_add(1)?),
            _ => return None,
        })
    });
    Advice { part, next }
}

fn numbers(version: &str) -> Option<(u64, u64, u64)> {
    let version = version.trim().trim_start_matches(['v', 'V']);
    let core = version.split(['-', '+']).next()?;
    let mut parts = core.split('.').map(|part| part.parse().ok());
    let numbers = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Subject;

    #[test]
    fn the_worst_change_decides_which_number_rises() {
        let change = |level| Change {
            level,
            subject: Subject::Text,
            tool: String::new(),
            operation: String::new(),
            says: String::new(),
            pointer: None,
        };
        for (levels, version, part, next) in [
            (&[][..], "1.2.3", "none", None),
            (&[Level::Text], "1.2.3", "patch", Some("1.2.4")),
            (
                &[Level::Text, Level::Compatible],
                "v1.2.3-rc.1",
                "minor",
                Some("1.3.0"),
            ),
            (&[Level::Risk], "1.2.3", "minor", Some("1.3.0")),
            (
                &[Level::Breaking, Level::Text],
                "1.2.3+5",
                "major",
                Some("2.0.0"),
            ),
            (&[Level::Breaking], "0.4.1", "minor", Some("0.5.0")),
            (&[Level::Compatible], "0.4.1", "patch", Some("0.4.2")),
            (&[Level::Breaking], "2024-01-01", "major", None),
        ] {
            let changes: Vec<Change> = levels.iter().map(|level| change(*level)).collect();
            let told = advice(&changes, version);
            assert_eq!((told.part, told.next.as_deref()), (part, next), "{version}");
        }
    }
}
