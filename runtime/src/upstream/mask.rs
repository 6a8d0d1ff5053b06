//! Credentials that a service repeats in its error messages: a model must not read them.

use secrecy::{ExposeSecret as _, SecretString};

use crate::json::Value;
use crate::request::strict;
use crate::typed::Payload;

/// What stands where a credential stood.
const MASK: &str = "[credential]";
/// Characters below which a credential would also be found where it is none.
const LEAST: usize = 5;

/// Takes credentials out of a text, as they are and percent-encoded.
pub(super) fn text(text: &str, secrets: &[SecretString]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let secret = secret.expose_secret();
        if secret.chars().count() < LEAST {
            continue;
        }
        let encoded = strict(secret);
        let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for form in [secret, &encoded, &form] {
            if text.contains(form) {
                text = text.replace(form, MASK);
            }
        }
    }
    text
}

/// Takes credentials out of the texts of an error's body.
pub(super) fn payload(payload: &mut Payload, secrets: &[SecretString]) {
    match payload {
        Payload::Text(found) => *found = text(found, secrets),
        Payload::Json(found) => value(found, secrets),
        Payload::Empty | Payload::File(_) => {}
    }
}

fn value(found: &mut Value, secrets: &[SecretString]) {
    match found {
        Value::String(found) => *found = text(found, secrets),
        Value::Array(items) => items.iter_mut().for_each(|item| value(item, secrets)),
        Value::Object(object) => object
            .iter_mut()
            .for_each(|(_, inner)| value(inner, secrets)),
        _ => {}
    }
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
        payload(&mut body, &secrets);
        assert_eq!(
            body,
            Payload::Json(json!({"a": [{"b": "[credential]"}], "n": 1}))
        );
    }
}
