//! Credentials that a service repeats: a model must not read them, whatever the answer says besides.

use secrecy::{ExposeSecret as _, SecretString};

use crate::json::{Object, Value};
use crate::request::strict;
use crate::typed::Payload;

/// What stands where a credential stood.
const MASK: &str = "[credential]";
/// Characters below which a credential would also be found where it is none, in words about an error.
const LEAST: usize = 5;
/// The same in records, which hold more words and which somebody means to keep as they are.
const LEAST_OF_RECORDS: usize = 8;

/// The forms in which credentials may stand in a text: as they are and percent-encoded.
pub(super) struct Masks {
    forms: Vec<String>,
    /// Bytes of the shortest one.
    shortest: usize,
}

impl Masks {
    /// For what says why something was refused.
    pub(super) fn of_errors<'s>(secrets: impl IntoIterator<Item = &'s SecretString>) -> Self {
        Self::longer_than(LEAST, secrets)
    }

    /// For records.
    pub(super) fn of_records<'s>(secrets: impl IntoIterator<Item = &'s SecretString>) -> Self {
        Self::longer_than(LEAST_OF_RECORDS, secrets)
    }

    fn longer_than<'s>(least: usize, secrets: impl IntoIterator<Item = &'s SecretString>) -> Self {
        let mut forms: Vec<String> = Vec::new();
        for secret in secrets {
            let secret = secret.expose_secret();
            if secret.chars().count() < least {
                continue;
            }
            let form = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            forms.extend([secret.to_owned(), strict(secret), form]);
        }
        forms.sort_unstable();
        forms.dedup();
        // A credential may begin with another one.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let shortest = forms.last().map_or(usize::MAX, String::len);
        Self { forms, shortest }
    }

    /// Takes credentials out of a text.
    pub(super) fn text(&self, text: &mut String) {
        if text.len() < self.shortest {
            return;
        }
        for form in &self.forms {
            if text.contains(form.as_str()) {
                *text = text.replace(form.as_str(), MASK);
            }
        }
    }

    /// Takes credentials out of the texts of a body.
    pub(super) fn payload(&self, payload: &mut Payload) {
        if self.forms.is_empty() {
            return;
        }
        match payload {
            Payload::Text(found) => self.text(found),
            Payload::Json(found) => self.value(found),
            Payload::Empty | Payload::File(_) => {}
        }
    }

    fn value(&self, found: &mut Value) {
        match found {
            Value::String(found) => self.text(found),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(object) => {
                object.values_mut().for_each(|inner| self.value(inner));
                if object.keys().any(|name| self.is_in(name)) {
                    let renamed = std::mem::take(object).into_iter().map(|(mut name, inner)| {
                        self.text(&mut name);
                        (name, inner)
                    });
                    *object = renamed.collect::<Object>();
                }
            }
            _ => {}
        }
    }

    fn is_in(&self, text: &str) -> bool {
        text.len() >= self.shortest && self.forms.iter().any(|form| text.contains(form.as_str()))
    }
}

/// Takes credentials out of words about an error.
pub(crate) fn text(text: &str, secrets: &[SecretString]) -> String {
    let mut text = text.to_owned();
    Masks::of_errors(secrets).text(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn credentials_go_in_every_form() {
        let secrets = ["s3cret&+ é".into(), "abcd".into()];
        for (given, expected) in [
            ("key s3cret&+ é!", "key [credential]!"),
            ("/x?k=s3cret%26%2B%20%C3%A9", "/x?k=[credential]"),
            ("k=s3cret%26%2B+%C3%A9&x", "k=[credential]&x"),
            ("abcd is too short to tell", "abcd is too short to tell"),
        ] {
            assert_eq!(text(given, &secrets), expected);
        }
        let mut body = Payload::Json(json!({"a": [{"b": "s3cret&+ é"}], "n": 1}));
        Masks::of_errors(&secrets).payload(&mut body);
        assert_eq!(
            body,
            Payload::Json(json!({"a": [{"b": "[credential]"}], "n": 1}))
        );
    }

    #[test]
    fn names_of_members_and_parts_of_other_credentials_go_too() {
        let secrets = ["0123456789".into(), "0123456789abcdef".into()];
        let mut body =
            Payload::Json(json!({"x": 1, "<0123456789abcdef>": {"0123456789": "ok"}, "y": 2}));
        Masks::of_records(&secrets).payload(&mut body);
        assert_eq!(
            body,
            Payload::Json(json!({"x": 1, "<[credential]>": {"[credential]": "ok"}, "y": 2}))
        );
    }

    #[test]
    fn records_keep_words_that_are_short_credentials() {
        let secrets = ["secret".into()];
        let record = json!({"name": "a secret garden"});
        let mut body = Payload::Json(record.clone());
        Masks::of_records(&secrets).payload(&mut body);
        assert_eq!(body, Payload::Json(record.clone()));
        Masks::of_errors(&secrets).payload(&mut body);
        assert_ne!(body, Payload::Json(record));
    }
}
