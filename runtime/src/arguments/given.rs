//! What was given, where the tree of values does not say it any more: the digits of numbers, by their place.

use crate::json::place::escaped;
use std::collections::HashMap;

use crate::json::scan::Defects;

/// Digits of the numbers that would be written otherwise.
#[derive(Debug, Default)]
pub(super) struct Written {
    digits: HashMap<String, String>,
    /// Whether all others are written as they were given.
    pub(super) knows_all: bool,
}

impl Written {
    /// Those of a call's text, and those of the texts in it that are JSON, with their places.
    pub(super) fn new(call: &Defects, texts: &[(String, Defects)]) -> Self {
        let mut digits = HashMap::new();
        let mut knows_all = true;
        let of_call = ("", call);
        let of_texts = texts
            .iter()
            .map(|(place, defects)| (place.as_str(), defects));
        for (place, defects) in std::iter::once(of_call).chain(of_texts) {
            let all = defects.spelled.iter().chain(&defects.inexact);
            digits.extend(all.map(|(below, text)| (format!("{place}{below}"), text.clone())));
            let lost = defects.total > defects.inexact.len() + defects.duplicates.len();
            knows_all &= !defects.respelled_elsewhere && !lost;
        }
        Self { digits, knows_all }
    }

    /// The digits of the number at a place.
    pub(super) fn at(&self, place: &str) -> Option<&str> {
        self.digits.get(place).map(String::as_str)
    }
}

/// Where a value stood in the arguments when they were given.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    above: Option<&'p Self>,
    step: Step<'p>,
    /// Levels above it.
    pub(super) depth: usize,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    /// The same place, looked at once more.
    None,
    Property(&'p str),
    Item(usize),
    /// A value that has become a list: its only item is what was given.
    List,
}

impl<'p> Place<'p> {
    /// The arguments.
    pub(super) const ROOT: Self = Self {
        above: None,
        step: Step::None,
        depth: 0,
    };

    fn step(&'p self, step: Step<'p>, levels: usize) -> Self {
        Self {
            above: Some(self),
            step,
            depth: self.depth + levels,
        }
    }

    /// That of a property.
    pub(super) fn property(&'p self, name: &'p str) -> Self {
        self.step(Step::Property(name), 1)
    }

    /// That of an item.
    pub(super) fn item(&'p self, index: usize) -> Self {
        match self.step {
            Step::List => self.step(Step::None, 1),
            _ => self.step(Step::Item(index), 1),
        }
    }

    /// That of the list which stands for the value.
    pub(super) fn within(&'p self) -> Self {
        self.step(Step::List, 0)
    }

    /// The same in a form of a union.
    pub(super) fn deeper(&'p self) -> Self {
        match self.step {
            Step::List => self.step(Step::List, 1),
            _ => self.step(Step::None, 1),
        }
    }

    /// As a JSON Pointer (RFC 6901).
    pub(super) fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(place) = at {
            match place.step {
                Step::None | Step::List => {}
                Step::Property(name) => {
                    steps.push(escaped(name));
                }
                Step::Item(index) => steps.push(index.to_string()),
            }
            at = place.above;
        }
        steps
            .iter()
            .rev()
            .fold(String::new(), |all, step| all + "/" + step)
    }
}
