//! Secrets in answers and arguments: what the document marks as secret, and properties whose names say that they are.

use crate::json::{Object, Value};
use crate::operation::OperationDef;
use crate::text::bare_name;

/// What stands in the place of what is not shown, whoever said so.
pub(super) const REDACTED: &str = "[redacted]";

/// Names that say it as a whole, without case and separators.
const WHOLE: [&str; 3] = ["token", "jwt", "otp"];
/// Ends of names that say it, without case and separators. `token` alone is none of them: tokens of pages
/// are no secrets.
const ENDS: [&str; 37] = [
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
    "resettoken",
    "verificationtoken",
    "confirmationtoken",
    "activationtoken",
    "invitationtoken",
    "remembertoken",
    "csrftoken",
    "idtoken",
    "passkey",
    "accesskey",
    "resetkey",
    "factorauthcode",
    "factorcode",
    "recoverycode",
    "recoverycodes",
    "backupcode",
    "backupcodes",
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

/// What stands in the text of a schema that marks something.
const MARKS: [&str; 2] = ["\"password\"", "\"writeOnly\""];
/// Levels of a schema that are looked into.
const DEEPEST: usize = 16;

/// What becomes of a secret that is a number.
#[derive(Clone, Copy)]
enum Numbers {
    /// An answer is data: a text in the place of a number would be none.
    Left,
    /// Who reads what is to be sent sees that it is there.
    Masked,
}

/// Hides the secrets in a value; `marked` are names that the document marks.
pub(crate) fn hide(value: &mut Value, marked: &[&str]) {
    hide_in(value, marked, Numbers::Left);
}

/// Hides the secrets in arguments, for whoever reads what is to be sent or was: what the document marks (`format:
/// password`, and `writeOnly` of what is no id) in requests and answers, what the schema of a custom tool marks, and what
/// has the name of a secret. `schema` is that of the operation, if there is one.
pub(crate) fn hide_given(
    arguments: &mut Object,
    schema: &Object,
    operation: Option<&OperationDef>,
) {
    let mut marked = Vec::new();
    // The text of a schema is searched sooner than the schema, in each call that is logged.
    let may_mark = |one: &OperationDef| MARKS.iter().any(|mark| one.input_schema.contains(mark));
    if operation.is_none_or(may_mark) {
        marks(schema, DEEPEST, &mut marked);
    }
    marked.extend(operation.map_or(&[][..], |operation| operation.secrets));
    let answer = operation.and_then(|operation| operation.answer);
    marked.extend(answer.map_or(&[][..], |answer| answer.secrets));
    hide_members(arguments, &marked, Numbers::Masked);
}

/// Whether a name says that its value is an id: `id`, `customer_id`, `customerId`, `tag_ids`.
pub(crate) fn names_a_record(name: &str) -> bool {
    let name = name.strip_suffix('s').unwrap_or(name);
    matches!(name, "id" | "ID" | "uuid")
        || ["_id", "-id", "Id", "_uuid"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Names of the properties that a schema marks.
fn marks<'s>(schema: &'s Object, levels: usize, found: &mut Vec<&'s str>) {
    let Some(levels) = levels.checked_sub(1) else {
        return;
    };
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("const" | "default" | "enum" | "examples" | "x-example", _) => {}
            ("properties" | "$defs", Value::Object(members)) => {
                for (name, member) in members {
                    if let Value::Object(member) = member {
                        if keyword == "properties" && is_marked(name, member, levels) {
                            found.push(name);
                        }
                        marks(member, levels, found);
                    }
                }
            }
            (_, Value::Object(inner)) => marks(inner, levels, found),
            (_, Value::Array(items)) => {
                let items = items.iter().filter_map(Value::as_object);
                items.for_each(|item| marks(item, levels, found));
            }
            _ => {}
        }
    }
}

/// Whether a property is marked, or the items of its list, or a form of it. Frameworks write `writeOnly` at ids of
/// records, too: those tell which record is meant.
fn is_marked(name: &str, property: &Object, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else {
        return false;
    };
    let format = property.get("format").and_then(Value::as_str);
    let is_id = names_a_record(name) || format == Some("uuid");
    let is_write_only = property.get("writeOnly") == Some(&Value::Bool(true));
    let forms = ["anyOf", "oneOf"].into_iter();
    let forms = forms.filter_map(|keyword| property.get(keyword)?.as_array());
    let mut inner = forms.flatten().chain(property.get("items"));
    format == Some("password")
        || is_write_only && !is_id
        || inner.any(|one| {
            one.as_object()
                .is_some_and(|one| is_marked(name, one, levels))
        })
}

fn hide_in(value: &mut Value, marked: &[&str], numbers: Numbers) {
    match value {
        Value::Array(items) => {
            let items = items.iter_mut();
            items.for_each(|item| hide_in(item, marked, numbers));
        }
        Value::Object(object) => hide_members(object, marked, numbers),
        _ => {}
    }
}

fn hide_members(object: &mut Object, marked: &[&str], numbers: Numbers) {
    hide_named(object, marked);
    object.retain(|key, inner| {
        let plain = bare_name(key);
        if is_field(&plain)
            && let Value::String(text) = inner
            && !text.is_empty()
        {
            REDACTED.clone_into(text);
        }
        if !(marked.contains(&key.as_str()) || is_secret(&plain)) {
            hide_in(inner, marked, numbers);
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
                hide_leaves(inner, numbers);
                true
            }
            Value::Number(_) => {
                *inner = Value::from(REDACTED);
                matches!(numbers, Numbers::Masked)
            }
        }
    });
}

/// `{"name": "Authorization", "value": "Bearer …"}`
fn hide_named(object: &mut Object, marked: &[&str]) {
    if !object.get("value").is_some_and(Value::is_string) {
        return;
    }
    let mut names = NAMES.iter().filter_map(|name| object.get(*name)?.as_str());
    let is_named = names.any(|name| {
        let plain = bare_name(name);
        marked.contains(&name) || is_secret(&plain) || is_field(&plain)
    });
    if is_named && let Some(Value::String(text)) = object.get_mut("value") {
        REDACTED.clone_into(text);
    }
}

fn hide_leaves(value: &mut Value, numbers: Numbers) {
    match value {
        Value::String(text) => REDACTED.clone_into(text),
        Value::Number(_) if matches!(numbers, Numbers::Masked) => *value = Value::from(REDACTED),
        Value::Array(items) => items.iter_mut().for_each(|one| hide_leaves(one, numbers)),
        Value::Object(object) => {
            let members = object.values_mut();
            members.for_each(|one| hide_leaves(one, numbers));
        }
        _ => {}
    }
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
            "reset_token": "r", "new_pass_key": "n", "two_factor_auth_code": "f", "mfa": {"otp": "o"}, "recoveryCodes": ["c"],
            "passwordResetKey": "r", "remember_token": "m", "authorization_code": "A1", "sync_token": "s", "hotp": "h",
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
                "reset_token": "[redacted]", "new_pass_key": "[redacted]", "two_factor_auth_code": "[redacted]",
                "mfa": {"otp": "[redacted]"}, "recoveryCodes": ["[redacted]"],
                "passwordResetKey": "[redacted]", "remember_token": "[redacted]", "authorization_code": "A1", "sync_token": "s", "hotp": "h",
            })
        );
    }

    #[test]
    fn marked_arguments_are_hidden_wherever_they_stand_and_ids_are_not() {
        let schema = json!({"properties": {
            "pin": {"type": "integer", "writeOnly": true},
            "owner_id": {"type": "integer", "writeOnly": true},
            "agent": {"format": "uuid", "writeOnly": true},
            "codes": {"type": "array", "items": {"format": "password"}},
            "pins": {"type": "array", "items": {"type": "integer", "writeOnly": true}},
            "phrase": {"anyOf": [{"type": "string", "format": "password"}, {"type": "null"}]},
            "login": {"$ref": "#/$defs/login"},
            "sample": {"default": {"properties": {"note": {"writeOnly": true}}}},
        }, "$defs": {"login": {"properties": {"word": {"writeOnly": true}}}}});
        let given = json!({
            "pin": 1234, "owner_id": 7, "agent": "a", "codes": ["b", "c"], "pins": [1234], "phrase": "d",
            "login": {"word": "e", "name": "f"}, "note": "g", "newPassword": "h", "notify": true,
        });
        let mut given = given.as_object().cloned().unwrap_or_default();
        let empty = Object::new();
        hide_given(&mut given, schema.as_object().unwrap_or(&empty), None);
        assert_eq!(
            Value::Object(given),
            json!({
                "pin": "[redacted]", "owner_id": 7, "agent": "a", "codes": ["[redacted]", "[redacted]"], "pins": ["[redacted]"],
                "phrase": "[redacted]", "login": {"word": "[redacted]", "name": "f"}, "note": "g",
                "newPassword": "[redacted]", "notify": true,
            })
        );
    }

    #[test]
    fn what_the_document_marks_in_requests_is_hidden_whatever_the_listed_schema_says() {
        const MARKED: OperationDef = OperationDef {
            secrets: &["pin"],
            ..OperationDef::DEFAULT
        };
        let given = json!({"pin": 1234, "name": "a", "cards": [{"pin": "5678", "n": 1}]});
        let mut given = given.as_object().cloned().unwrap_or_default();
        hide_given(&mut given, &Object::new(), Some(&MARKED));
        assert_eq!(
            Value::Object(given),
            json!({"pin": "[redacted]", "name": "a", "cards": [{"pin": "[redacted]", "n": 1}]})
        );
    }
}
