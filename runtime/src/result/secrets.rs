//! Secrets in answers: what the document marks as secret, and properties whose names say that they are.

use crate::json::{Object, Value};

/// What stands in the place of what is not shown, whoever said so.
pub(super) const REDACTED: &str = "[redacted]";

/// Names that say it as a whole, without case and separators.
const WHOLE: [&str; 2] = ["token", "jwt"];
/// Ends of names that say it, without case and separators. `token` alone is none of them: tokens of pages
/// are no secrets.
const ENDS: [&str; 20] = [
    "password",
    "passwordhash",
    "passworddigest",
    "passcode",
    "pwd",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "apitoken",
    "accesstoken",
    "refreshtoken",
    "authtoken",
    "bearertoken",
    "sessiontoken",
    "secrettoken",
    "privatekey",
    "secretkey",
    "signingkey",
    "encryptionkey",
];

/// Names of header fields that carry credentials. What is no text under such a name is something else: an
/// `authorization` of a payment.
const FIELDS: [&str; 4] = ["authorization", "proxyauthorization", "cookie", "setcookie"];
/// Members that say what a `value` beside them is.
const NAMES: [&str; 4] = ["name", "key", "header", "field"];

/// Hides the secrets in a value; `marked` are names that the document marks.
pub(crate) fn hide(value: &mut Value, marked: &[&str]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, marked)),
        Value::Object(object) => {
            hide_named(object, marked);
            object.retain(|key, inner| {
                let plain = plain(key);
                if is_field(&plain)
                    && let Value::String(text) = inner
                    && !text.is_empty()
                {
                    REDACTED.clone_into(text);
                }
                if !(marked.contains(&key.as_str()) || is_secret(&plain)) {
                    hide(inner, marked);
                    return true;
                }
                match inner {
                    Value::String(text) if !text.is_empty() => {
                        REDACTED.clone_into(text);
                        true
                    }
                    // Whether there is one is no secret.
                    Value::Null | Value::Bool(_) | Value::String(_) => true,
                    // A settings object such as `password: {min_length}` keeps its names.
                    Value::Object(_) | Value::Array(_) => {
                        hide_leaves(inner);
                        true
                    }
                    Value::Number(_) => false,
                }
            });
        }
        _ => {}
    }
}

/// `{"name": "Authorization", "value": "Bearer …"}`
fn hide_named(object: &mut Object, marked: &[&str]) {
    if !object.get("value").is_some_and(Value::is_string) {
        return;
    }
    let mut names = NAMES.iter().filter_map(|name| object.get(*name)?.as_str());
    let is_named = names.any(|name| {
        let plain = plain(name);
        marked.contains(&name) || is_secret(&plain) || is_field(&plain)
    });
    if is_named && let Some(Value::String(text)) = object.get_mut("value") {
        REDACTED.clone_into(text);
    }
}

fn hide_leaves(value: &mut Value) {
    match value {
        Value::String(text) => REDACTED.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(hide_leaves),
        Value::Object(object) => object.values_mut().for_each(hide_leaves),
        _ => {}
    }
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn is_field(plain: &str) -> bool {
    FIELDS.contains(&plain)
}

fn is_secret(plain: &str) -> bool {
    WHOLE.contains(&plain) || ENDS.iter().any(|end| plain.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Row C11.
    #[test]
    fn c11_secrets_are_hidden_wherever_they_stand_and_page_tokens_are_not() {
        let mut value = json!({
            "id": 1, "apiKey": "k", "signing_secret": "s", "user": {"Password": "p", "pin": 7},
            "hooks": [{"token": "t", "url": "u"}], "next_page_token": "n", "secret": true,
            "client-secret": null, "keyword": "k", "pin_hint": "h", "private_key": {"pem": "x"},
            "Authorization": "Bearer b", "authorization": {"code": "A1"}, "password_hash": "h",
            "headers": [{"name": "Cookie", "value": "s=1"}, {"key": "X-Api-Key", "value": "k"}, {"name": "Accept", "value": "*/*"}],
        });
        hide(&mut value, &["pin"]);
        assert_eq!(
            value,
            json!({
                "id": 1, "apiKey": "[redacted]", "signing_secret": "[redacted]", "user": {"Password": "[redacted]"},
                "hooks": [{"token": "[redacted]", "url": "u"}], "next_page_token": "n", "secret": true,
                "client-secret": null, "keyword": "k", "pin_hint": "h", "private_key": {"pem": "[redacted]"},
                "Authorization": "[redacted]", "authorization": {"code": "A1"}, "password_hash": "[redacted]",
                "headers": [{"name": "Cookie", "value": "[redacted]"}, {"key": "X-Api-Key", "value": "[redacted]"}, {"name": "Accept", "value": "*/*"}],
            })
        );
    }
}
