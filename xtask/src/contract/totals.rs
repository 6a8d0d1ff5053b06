//! Figures of all documents together, and the least that they must be.

use super::crew::Outcome;
use super::document::Figures;

/// Whole, in the unit of bounds.
const ALL: usize = 100_000;

/// The least that must hold, in parts of a hundred thousand.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    loaded: usize,
    compiled: usize,
    valid: usize,
}

impl Bounds {
    /// Documents that are kept beside the repository.
    pub const SPECS: Self = Self {
        loaded: ALL,
        compiled: ALL,
        valid: 99_900,
    };
    /// A sample of what there is.
    pub const SAMPLE: Self = Self {
        loaded: 99_000,
        compiled: 99_000,
        valid: 99_700,
    };

    /// The same with another share of valid requests.
    #[must_use]
    pub fn of_valid(self, valid: usize) -> Self {
        Self { valid, ..self }
    }
}

/// Sums over documents.
#[derive(Debug, Default)]
pub struct Totals {
    /// Documents.
    pub documents: usize,
    /// Those that a crate was generated from.
    pub loaded: usize,
    /// Those without an operation: nothing is asked for, so nothing can be lost.
    pub empty: usize,
    /// Those that the code panicked on.
    pub panicked: usize,
    /// Those that did not come to an end.
    pub hung: usize,
    /// Crates that were compiled, and those that could be.
    pub compiled: (usize, usize),
    /// Operations.
    pub operations: usize,
    /// Tools.
    pub tools: usize,
    /// Operations that are left out with a reason.
    pub skipped: usize,
    /// Requests by plan.
    pub requests: [usize; 3],
    /// Valid requests by plan.
    pub valid: [usize; 3],
}

impl Totals {
    /// Adds everything up.
    pub fn of(outcomes: &[Outcome<Figures>]) -> Self {
        let mut totals = Self {
            documents: outcomes.len(),
            ..Self::default()
        };
        for outcome in outcomes {
            match outcome {
                Outcome::Done(figures) => totals.add(figures),
                Outcome::Panicked(_) => totals.panicked += 1,
                Outcome::Hung => totals.hung += 1,
            }
        }
        totals
    }

    fn add(&mut self, figures: &Figures) {
        match &figures.refused {
            None => self.loaded += 1,
            Some(_) if figures.operations == 0 => self.empty += 1,
            Some(_) => {}
        }
        self.operations += figures.operations;
        self.tools += figures.tools;
        self.skipped += figures.skipped.len();
        if let Some(compiles) = figures.compiles {
            self.compiled.0 += usize::from(compiles);
            self.compiled.1 += 1;
        }
        for (sum, one) in self.requests.iter_mut().zip(figures.requests) {
            *sum += one;
        }
        for (sum, one) in self.valid.iter_mut().zip(figures.valid) {
            *sum += one;
        }
    }

    /// What is below its bound, in words.
    pub fn below(&self, bounds: Bounds) -> Vec<String> {
        let with_operations = self.documents.saturating_sub(self.empty);
        let shares = [
            (
                "documents load",
                self.loaded,
                with_operations,
                bounds.loaded,
            ),
            (
                "crates compile",
                self.compiled.0,
                self.compiled.1,
                bounds.compiled,
            ),
            (
                "requests are valid",
                self.valid.iter().sum(),
                self.requests.iter().sum(),
                bounds.valid,
            ),
        ];
        let mut below: Vec<String> = shares
            .iter()
            .filter(|(_, part, whole, least)| {
                part.saturating_mul(ALL) < whole.saturating_mul(*least)
            })
            .map(|(what, part, whole, least)| {
                format!(
                    "{part} of {whole} {what}: {} %, at least {} % are asked for",
                    percent(*part, *whole),
                    percent(*least, ALL)
                )
            })
            .collect();
        if self.panicked > 0 || self.hung > 0 {
            below.push(format!("{} panicked, {} hung", self.panicked, self.hung));
        }
        below
    }
}

/// A share in per cent, rounded down, since 99.999 is not all.
pub fn percent(part: usize, whole: usize) -> String {
    let share = part.saturating_mul(ALL).checked_div(whole).unwrap_or(ALL);
    format!("{}.{:03}", share / 1000, share % 1000)
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Totals, percent};
    use crate::contract::crew::Outcome;
    use crate::contract::document::Figures;

    fn figures(valid: usize) -> Outcome<Figures> {
        Outcome::Done(Figures {
            operations: 100,
            requests: [100; 3],
            valid: [valid; 3],
            compiles: Some(valid > 50),
            ..Figures::default()
        })
    }

    #[test]
    fn each_bound_is_held_by_itself() {
        for (outcomes, expected) in [
            (vec![figures(100), figures(100)], ""),
            (vec![figures(100), figures(90)], "requests"),
            (vec![figures(100), figures(0)], "crates,requests"),
            (vec![figures(100), Outcome::Hung], "documents,hung"),
            (
                vec![figures(100), Outcome::Panicked(String::new())],
                "documents,hung",
            ),
        ] {
            let below = Totals::of(&outcomes).below(Bounds::SPECS);
            let named: Vec<&str> = ["documents", "crates", "requests", "hung"]
                .into_iter()
                .filter(|word| below.iter().any(|line| line.contains(word)))
                .collect();
            assert_eq!(named.join(","), expected);
        }
    }

    #[test]
    fn a_document_without_operations_is_no_loss() {
        let empty = Outcome::Done(Figures {
            refused: Some("no operations".to_owned()),
            ..Figures::default()
        });
        let totals = Totals::of(&[empty, figures(100)]);
        assert_eq!((totals.loaded, totals.empty), (1, 1));
        assert!(totals.below(Bounds::SPECS).is_empty());
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(percent(99_999, 100_000), "99.999");
        assert_eq!(percent(299_999, 300_000), "99.999");
        assert_eq!(percent(0, 0), "100.000");
    }
}
