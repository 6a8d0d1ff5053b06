//! Answers of a token endpoint (RFC 6749 §5.1, §5.2).

use std::time::Duration;

use secrecy::SecretString;

use crate::json::{Object, Value};

/// Longest lifetime that is believed.
const LONGEST: u64 = 365 * 24 * 3_600;

/// A successful answer.
pub(crate) struct Granted {
    pub(crate) access_token: SecretString,
    pub(crate) lifetime: Option<Duration>,
    pub(super) refresh_token: Option<SecretString>,
}

impl Granted {
    /// Reads an answer; the error says why there is no token in it, and holds none.
    pub(crate) fn read(status: u16, body: &[u8]) -> Result<Self, String> {
        let parsed = serde_json::from_slice::<Value>(body).ok();
        let object = parsed.as_ref().and_then(Value::as_object);
        let text = |key: &str| {
            object
                .and_then(|object| object.get(key))
                .and_then(Value::as_str)
        };
        if status != 200 || text("error").is_some() {
            return Err(match (text("error"), text("error_description")) {
                (Some(error), Some(description)) => format!("{error}: {description}"),
                (Some(error), None) => error.to_owned(),
                _ => "it gave no reason".to_owned(),
            });
        }
        let Some(object) = object else {
            return Err("the answer is no JSON object".to_owned());
        };
        // RFC 6749 §7.1: a token of a type that is not understood must not be used.
        if let Some(kind) = text("token_type")
            && !kind.eq_ignore_ascii_case("bearer")
        {
            return Err(format!("the token is of the type {kind}, not bearer"));
        }
        let token = text("access_token").unwrap_or_default();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the answer has no access_token that a header can carry".to_owned());
        }
        Ok(Self {
            access_token: token.into(),
            lifetime: lifetime(object),
            refresh_token: text("refresh_token")
                .filter(|token| !token.is_empty())
                .map(SecretString::from),
        })
    }
}

/// `expires_in`: seconds, also as a string, as several issuers write it. None: until it is refused.
fn lifetime(object: &Object) -> Option<Duration> {
    let seconds = match object.get("expires_in")? {
        Value::Number(number) => number
            .as_u64()
            .or_else(|| number.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64))?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds.min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn answers_of_a_token_endpoint() {
        for (status, body, expected) in [
            (
                200,
                r#"{"access_token":"t","token_type":"bEARER","expires_in":60}"#,
                Ok(("t", Some(60))),
            ),
            (
                200,
                r#"{"access_token":"t","expires_in":"60"}"#,
                Ok(("t", Some(60))),
            ),
            (
                200,
                r#"{"access_token":"t","expires_in":3599.9}"#,
                Ok(("t", Some(3599))),
            ),
            (
                200,
                r#"{"access_token":"t","expires_in":1e300}"#,
                Ok(("t", Some(LONGEST))),
            ),
            (
                200,
                r#"{"access_token":"t","expires_in":-5}"#,
                Ok(("t", None)),
            ),
            (200, r#"{"access_token":"t"}"#, Ok(("t", None))),
            (
                200,
                r#"{"access_token":"t","token_type":"DPoP"}"#,
                Err("the token is of the type DPoP, not bearer"),
            ),
            (
                200,
                r#"{"access_token":"a\r\nX: y"}"#,
                Err("the answer has no access_token that a header can carry"),
            ),
            (
                200,
                "{}",
                Err("the answer has no access_token that a header can carry"),
            ),
            (200, "<html>", Err("the answer is no JSON object")),
            (200, r#"{"error":"denied"}"#, Err("denied")),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                Err("invalid_grant: expired"),
            ),
            (201, r#"{"access_token":"t"}"#, Err("it gave no reason")),
            (500, "oops", Err("it gave no reason")),
        ] {
            let read = Granted::read(status, body.as_bytes());
            let read = read.as_ref().map(|granted| {
                (
                    granted.access_token.expose_secret(),
                    granted.lifetime.map(|l| l.as_secs()),
                )
            });
            assert_eq!(read.map_err(String::as_str), expected, "{body}");
        }
    }
}
