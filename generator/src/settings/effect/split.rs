//! One of the tools of an operation that is split: its property has a value and is no argument, and its
//! texts say which it is.

use super::{Effect, place};
use crate::diagnostics::Code;
use crate::text;

/// Longest word of a value in a title or a description.
const WORD: usize = 40;

impl Effect<'_> {
    pub(super) fn variant(&mut self) {
        let Some(variant) = self.operation.variant.clone() else {
            return;
        };
        let spot = place::find(self.operation, &variant.property).ok();
        match spot.filter(|spot| spot.whole) {
            Some(spot) => self.hide(&spot, Some(&variant.value), "split"),
            None => {
                let property = text::line(&variant.property, 60);
                let message = format!("`{}` has no argument `{property}`", self.operation.tool);
                let at = self.said.place("split").cloned();
                self.find(at.as_ref(), Code::E0945, message);
            }
        }
        let word = text::line(&variant.word(), WORD);
        let property = text::line(&variant.property, WORD);
        self.operation.title = text::line(&format!("{} ({word})", self.operation.title), 80);
        self.operation.description = marked(&self.operation.description, &property, &word);
        self.operation.summary = marked(&self.operation.summary, &property, &word);
    }

    /// Whether a field is missing in this tool because it is one of those of another part. It has to be
    /// in one of them: else the entry is about nothing.
    pub(super) fn is_of_another_part(&mut self, name: &str) -> bool {
        if self.operation.variant.is_none() {
            return false;
        }
        let fits = place::find(self.operation, name).is_ok();
        let key = format!("fields.{name}");
        self.tried(&key, fits);
        !fits
    }
}

/// The first sentence says which part it is.
fn marked(description: &str, property: &str, word: &str) -> String {
    let end = text::first_sentence(description, description.chars().count()).len();
    let (first, rest) = description
        .split_at_checked(end)
        .unwrap_or((description, ""));
    format!("{first} ({property}: {word}){rest}")
}
