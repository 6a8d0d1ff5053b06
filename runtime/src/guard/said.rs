//! Arguments of a call that are for the guard, not for the service. One that the operation has itself is
//! the operation's.

use serde_json::json;

use crate::arguments::{Problem, Problems};
use crate::json::{Object, Value};

/// The second call of a confirmation carries what the first one gave.
pub(crate) const CONFIRM_TOKEN: &str = "confirm_token";
/// A model's own word that the person agreed.
const CONFIRM: &str = "confirm";
/// Shows the request and sends nothing.
const DRY_RUN: &str = "dry_run";
/// Makes the same write once more.
const ALLOW_DUPLICATE: &str = "allow_duplicate";

/// All of them.
pub(crate) const WORDS: [&str; 4] = [CONFIRM_TOKEN, CONFIRM, DRY_RUN, ALLOW_DUPLICATE];

/// What a call says to the guard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(super) token: Option<String>,
    pub(super) confirm: bool,
    pub(crate) allow_duplicate: bool,
    /// Whether the request is only shown.
    pub(crate) dry_run: bool,
}

impl Said {
    /// Takes what is for the guard out of the arguments. `owns` tells the names that are the tool's own.
    ///
    /// # Errors
    /// What has another type.
    pub(crate) fn take(
        arguments: &mut Object,
        owns: impl Fn(&str) -> bool,
    ) -> Result<Self, Problems> {
        let mut said = Self::default();
        let mut problems = Vec::new();
        for name in WORDS {
            if !arguments.contains_key(name) || owns(name) {
                continue;
            }
            let value = arguments.shift_remove(name).unwrap_or_default();
            if name == CONFIRM_TOKEN {
                match value {
                    Value::String(text) => said.token = Some(text).filter(|text| !text.is_empty()),
                    Value::Null => {}
                    _ => problems.push(wrong(name, "is the text that an earlier call gave")),
                }
                continue;
            }
            let flag = match &value {
                Value::Bool(flag) => *flag,
                Value::Null => false,
                Value::String(text) if matches!(text.as_str(), "true" | "false") => text == "true",
                _ => {
                    problems.push(wrong(name, "is true or false"));
                    continue;
                }
            };
            match name {
                CONFIRM => said.confirm = flag,
                DRY_RUN => said.dry_run = flag,
                _ => said.allow_duplicate = flag,
            }
        }
        if problems.is_empty() {
            Ok(said)
        } else {
            Err(Problems::first_of(problems.len(), problems))
        }
    }
}

fn wrong(name: &str, what: &str) -> Problem {
    Problem {
        pointer: format!("/{name}"),
        message: format!("{what}; leave it out otherwise."),
        ..Problem::default()
    }
}

/// Takes the words that no schema lists out of the arguments of a tool that leads to another, which gets them.
#[must_use]
pub(crate) fn unlisted(given: &mut Object) -> Object {
    let words = WORDS.into_iter().filter(|name| *name != CONFIRM_TOKEN);
    words
        .filter_map(|name| Some((name.to_owned(), given.shift_remove(name)?)))
        .collect()
}

/// An argument schema in which `confirm_token` is listed: clients that know the schema drop what is not.
#[must_use]
pub(crate) fn with_token(mut schema: Object) -> Object {
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Object::new()));
    if let Some(properties) = properties.as_object_mut() {
        properties
            .entry(CONFIRM_TOKEN)
            .or_insert_with(|| json!({"type": "string"}));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(arguments: Value) -> (Result<Said, Vec<String>>, Value) {
        let mut arguments = arguments.as_object().cloned().unwrap_or_default();
        let said = Said::take(&mut arguments, |name| name == "confirm");
        let said = said.map_err(|problems| {
            let pointers = problems.iter().map(|problem| problem.pointer.clone());
            pointers.collect()
        });
        (said, Value::Object(arguments))
    }

    #[test]
    fn what_is_for_the_guard_is_taken_and_what_is_the_tools_own_stays() {
        let (said, left) = take(json!({
            "id": 7, "confirm": true, "confirm_token": "t", "dry_run": "true", "allow_duplicate": false
        }));
        let expected = Said {
            token: Some("t".to_owned()),
            dry_run: true,
            ..Said::default()
        };
        assert_eq!(said, Ok(expected));
        assert_eq!(left, json!({"id": 7, "confirm": true}));
    }

    #[test]
    fn what_is_of_another_type_is_a_problem_and_null_is_nothing() {
        let (said, _) = take(json!({"confirm_token": 5, "dry_run": "yes", "allow_duplicate": 1}));
        let places = ["/confirm_token", "/dry_run", "/allow_duplicate"].map(str::to_owned);
        assert_eq!(said, Err(places.to_vec()));
        let (said, left) =
            take(json!({"confirm_token": null, "dry_run": null, "allow_duplicate": null}));
        assert_eq!((said, left), (Ok(Said::default()), json!({})));
    }
}
