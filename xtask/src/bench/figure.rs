//! A number with its bound.

use serde_json::{Value, json};

use crate::table;

/// A number with its bound.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// The most it may be.
    pub bound: Option<f64>,
    /// A law holds on every machine, so it is always enforced.
    pub is_law: bool,
}

impl Figure {
    /// A number that may be at most `bound`.
    pub fn bounded(name: impl Into<String>, value: f64, unit: &'static str, bound: f64) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            bound: Some(bound),
            is_law: false,
        }
    }

    /// A number that says something about another.
    pub fn shown(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            bound: None,
            is_law: false,
        }
    }

    /// Whether it is within its bound.
    pub fn holds(&self) -> bool {
        self.bound.is_none_or(|bound| self.value <= bound)
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        json!({"name": self.name, "value": self.value, "unit": self.unit, "bound": self.bound, "holds": self.holds()})
    }
}

/// Prints all.
pub fn show(figures: &[Figure]) {
    let rows: Vec<Vec<String>> = figures
        .iter()
        .map(|figure| {
            vec![
                figure.name.clone(),
                format!("{:.2} {}", figure.value, figure.unit),
                figure
                    .bound
                    .map_or_else(String::new, |bound| format!("<= {bound} {}", figure.unit)),
                match (figure.bound, figure.holds()) {
                    (None, _) => "",
                    (_, true) => "pass",
                    (_, false) => "FAIL",
                }
                .to_owned(),
            ]
        })
        .collect();
    table::print(&["figure", "measured", "bound", ""], &rows);
}

/// The middle of some numbers; 0 of none.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// The least of some numbers.
pub fn least(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::INFINITY, f64::min)
}
