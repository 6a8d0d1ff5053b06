//! Keys that a service reads from the body (a document that declares its API key as a property of each
//! body): added once the body is written, so that no argument can carry them.

use secrecy::ExposeSecret as _;

use super::credentials::BodyKey;
use crate::json::Value;
use crate::operation::{Body, BodyEncoding};
use crate::request::{Request, RequestBody, strict};

/// Adds the keys to the body, first of all its members, so that a member of the same name that a caller
/// smuggled in would be the second; the tables say where such names are left out.
pub(super) fn add(body: Option<&Body>, request: &mut Request, keys: &[BodyKey]) {
    let Some(declared) = body else { return };
    if keys.is_empty() {
        return;
    }
    let form = declared.encoding == BodyEncoding::Form;
    let sent = request.body.get_or_insert_with(|| RequestBody {
        content_type: declared.media_type.to_owned(),
        bytes: if form { Vec::new() } else { b"{}".to_vec() },
    });
    sent.bytes = if form {
        with_fields(&sent.bytes, keys)
    } else {
        with_members(&sent.bytes, keys)
    };
}

fn with_fields(form: &[u8], keys: &[BodyKey]) -> Vec<u8> {
    let mut fields: Vec<Vec<u8>> = keys
        .iter()
        .map(|key| {
            let value = strict(key.value.expose_secret());
            format!("{}={value}", strict(key.name)).into_bytes()
        })
        .collect();
    if !form.is_empty() {
        fields.push(form.to_vec());
    }
    fields.join(&b'&')
}

/// The object with the keys before its members. What is no object is left alone.
fn with_members(json: &[u8], keys: &[BodyKey]) -> Vec<u8> {
    let Some(members) = json.strip_prefix(b"{") else {
        return json.to_vec();
    };
    let own: Vec<String> = keys
        .iter()
        .map(|key| {
            let value = Value::from(key.value.expose_secret());
            format!("{}:{value}", Value::from(key.name))
        })
        .collect();
    let mut out = format!("{{{}", own.join(",")).into_bytes();
    if members != b"}" {
        out.push(b',');
    }
    out.extend_from_slice(members);
    out
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::{BodyKey, with_fields, with_members};

    #[test]
    fn keys_stand_before_what_is_given() {
        let keys = [BodyKey {
            name: "api key",
            value: SecretString::from("a\"&b".to_owned()),
        }];
        for (json, sent) in [
            ("{}", r#"{"api key":"a\"&b"}"#),
            (r#"{"a":1}"#, r#"{"api key":"a\"&b","a":1}"#),
            ("[1]", "[1]"),
        ] {
            let made = with_members(json.as_bytes(), &keys);
            assert_eq!(String::from_utf8_lossy(&made), sent);
        }
        for (form, sent) in [
            ("", "api%20key=a%22%26b"),
            ("a=1", "api%20key=a%22%26b&a=1"),
        ] {
            let made = with_fields(form.as_bytes(), &keys);
            assert_eq!(String::from_utf8_lossy(&made), sent);
        }
    }
}
