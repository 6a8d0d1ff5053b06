//! Records inside of the records of a list, made shorter to what says which ones they are.

use crate::json::{Object, Value};

/// What identifies a record.
const IDS: [&str; 2] = ["id", "uuid"];
/// What a record is called, most telling first; of each line all that there are.
const NAMES: [&[&str]; 7] = [
    &["name"],
    &["title"],
    &["label"],
    &["number"],
    &["first_name", "last_name"],
    &["code"],
    &["email"],
];

/// How much of a related record stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Its name and its id.
    Both,
    /// Its name, or its id where it has none.
    One,
}

/// Shortens the related records in a value of a record, at any depth; whether there was anything to leave out.
pub(super) fn shorten(value: &mut Value, kept: Kept) -> bool {
    match value {
        Value::Array(items) => {
            let all = items.iter_mut().map(|item| shorten(item, kept));
            all.fold(false, |any, one| any | one)
        }
        Value::Object(object) => {
            let Some(names) = names(object, kept) else {
                return false;
            };
            let before = object.len();
            object.retain(|name, _| names.iter().any(|kept| kept == name));
            let inner = object.values_mut().filter_map(Value::as_object_mut);
            let any = inner.fold(false, |any, inner| just_named(inner) | any);
            any | (object.len() < before)
        }
        _ => false,
    }
}

/// The properties that stay; `None` of what is no record with a name or an id: an amount is no less without its
/// currency.
fn names(object: &Object, kept: Kept) -> Option<Vec<String>> {
    let id = said(object, &IDS);
    // Without an id it is no record of its own, and what it is called is not all that it says.
    if id.is_empty() {
        return None;
    }
    let name = name(object).or_else(|| {
        // A member is called what its user is called.
        let is_named = |(_, value): &(&String, &Value)| value.as_object().and_then(name).is_some();
        let (inner, _) = object.iter().find(is_named)?;
        Some(vec![inner.clone()])
    });
    Some(match (kept, name) {
        (Kept::One, Some(name)) => name,
        (Kept::Both, Some(name)) => [id, name].concat(),
        (_, None) => id,
    })
}

/// Shortens an object to what it is called; whether there was anything to leave out.
fn just_named(object: &mut Object) -> bool {
    let before = object.len();
    if let Some(name) = name(object) {
        object.retain(|key, _| name.iter().any(|kept| kept == key));
    }
    object.len() < before
}

fn name(object: &Object) -> Option<Vec<String>> {
    let names = NAMES.iter().map(|names| said(object, names));
    names.into_iter().find(|names| !names.is_empty())
}

/// Those of the properties in which something is said.
fn said(object: &Object, names: &[&str]) -> Vec<String> {
    let is_said = |name: &&&str| match object.get(**name) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Number(_)) => true,
        _ => false,
    };
    let there = names.iter().filter(is_said);
    there.map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_related_record_shrinks_to_its_name() {
        let user = json!({"id": 7, "email": "a@example.com", "name": "Anna", "role": {"id": 2}});
        let person =
            json!({"id": 7, "first_name": "Anna", "last_name": "Berg", "email": "a@example.com"});
        for (value, both, one) in [
            (
                user.clone(),
                json!({"id": 7, "name": "Anna"}),
                json!({"name": "Anna"}),
            ),
            (
                json!([user]),
                json!([{"id": 7, "name": "Anna"}]),
                json!([{"name": "Anna"}]),
            ),
            (
                person,
                json!({"id": 7, "first_name": "Anna", "last_name": "Berg"}),
                json!({"first_name": "Anna", "last_name": "Berg"}),
            ),
            (
                json!({"uuid": "x", "email": "a@example.com", "name": ""}),
                json!({"uuid": "x", "email": "a@example.com"}),
                json!({"email": "a@example.com"}),
            ),
            (
                json!({"id": 7, "role": 2}),
                json!({"id": 7}),
                json!({"id": 7}),
            ),
            // A member is called what its user is called.
            (
                json!({"id": 7, "user_details": {"email": "a@example.com", "pic": "x"}, "role": "USER"}),
                json!({"id": 7, "user_details": {"email": "a@example.com"}}),
                json!({"user_details": {"email": "a@example.com"}}),
            ),
            // What is no record stays as it is.
            (
                json!({"amount": 5, "currency": "EUR"}),
                json!({"amount": 5, "currency": "EUR"}),
                json!({"amount": 5, "currency": "EUR"}),
            ),
            (
                json!({"name": "Anna", "phone": "5"}),
                json!({"name": "Anna", "phone": "5"}),
                json!({"name": "Anna", "phone": "5"}),
            ),
            (json!("text"), json!("text"), json!("text")),
        ] {
            for (kept, expected) in [(Kept::Both, both), (Kept::One, one)] {
                let mut shown = value.clone();
                let any = shorten(&mut shown, kept);
                assert_eq!(any, shown != value, "{value}");
                assert_eq!(shown, expected, "{value}");
            }
        }
    }
}
