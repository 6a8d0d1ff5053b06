//! Query strings, read strictly: unknown parameters, repeated single values and values of the
//! wrong type are errors, and all of them are reported together.

use std::cell::RefCell;

use percent_encoding::percent_decode_str;

use crate::fields::{error, is_date};
use crate::problem::{FieldError, Problem};

/// The parameters of one request. Reading a parameter marks it as known.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    known: RefCell<Vec<String>>,
    errors: RefCell<Vec<FieldError>>,
}

impl Query {
    /// Decodes a query string (`application/x-www-form-urlencoded` rules).
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced)
                .decode_utf8()
                .map(|t| t.into_owned())
                .map_err(|_| {
                    Problem::new(
                        400,
                        "malformed_query",
                        "The query string is not valid UTF-8.",
                    )
                })
        };
        let mut pairs = Vec::new();
        for part in raw.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self {
            pairs,
            ..Self::default()
        })
    }

    /// Every value of a repeated parameter.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.known.borrow_mut().push(name.to_owned());
        self.pairs
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
            .collect()
    }

    /// A parameter that may occur once.
    pub fn one(&self, name: &str) -> Option<&str> {
        let values = self.all(name);
        if values.len() > 1 {
            self.fail(name, "repeated", "may be given only once");
        }
        values.first().copied()
    }

    /// A text of at most `max` characters and at least one.
    pub fn text(&self, name: &str, max: usize) -> Option<&str> {
        let value = self.one(name)?;
        if value.is_empty() || value.chars().count() > max {
            self.fail(name, "length", &format!("must have 1 to {max} characters"));
        }
        Some(value)
    }

    /// A whole number in a range.
    pub fn integer(&self, name: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.one(name)?;
        let plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        match value.parse::<i64>() {
            Ok(number) if plain && (min..=max).contains(&number) => Some(number),
            _ => {
                let message = if max == i64::MAX {
                    format!("must be a whole number of at least {min}")
                } else {
                    format!("must be a whole number between {min} and {max}")
                };
                self.fail(name, "range", &message);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.one(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.fail(name, "type", "must be true or false");
                None
            }
        }
    }

    /// A day.
    pub fn date(&self, name: &str) -> Option<&str> {
        let value = self.one(name)?;
        if !is_date(value) {
            self.fail(name, "format", "must be a date like 2026-11-21");
        }
        Some(value)
    }

    /// A repeated parameter with values out of a set (`form`, `explode: true`).
    pub fn words(&self, name: &str, allowed: &[&str]) -> Vec<&str> {
        let values = self.all(name);
        self.check_words(name, &values, allowed);
        values
    }

    /// A comma-separated parameter (`form`, `explode: false`) with at most `max` values.
    pub fn comma(&self, name: &str, max: usize) -> Option<Vec<&str>> {
        let values: Vec<&str> = self.one(name)?.split(',').collect();
        if values.len() > max {
            self.fail(name, "length", &format!("must have at most {max} values"));
        }
        Some(values)
    }

    /// Reports words that are not in the set.
    pub fn check_words(&self, name: &str, values: &[&str], allowed: &[&str]) {
        if values.iter().any(|value| !allowed.contains(value)) {
            self.fail(
                name,
                "enum",
                &format!("must be one of {}", allowed.join(", ")),
            );
        }
    }

    /// Adds an error.
    pub fn fail(&self, name: &str, code: &'static str, message: &str) {
        self.errors.borrow_mut().push(error(name, code, message));
    }

    /// Reports every error so far, and parameters that nobody read.
    pub fn finish(&self) -> Result<(), Problem> {
        let known = self.known.borrow();
        let mut errors = self.errors.borrow().clone();
        for (name, _) in &self.pairs {
            if !known.contains(name) {
                errors.push(error(
                    name,
                    "unknown",
                    "is not a parameter of this operation",
                ));
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(errors))
        }
    }
}
