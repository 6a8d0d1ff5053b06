//! A token as a JWS in its compact form (RFC 7515 §7.1), taken apart. Nothing of it is believed before its
//! signature was checked, and nothing in its header says which key to use but a name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::scan::scan;
use crate::json::{Object, Value};

/// Largest token, in bytes; a header section has 16 KiB.
pub(super) const MAX_TOKEN: usize = 12 << 10;
/// Longest name of a key, in bytes.
const MAX_KEY_NAME: usize = 256;
/// Types of tokens: access tokens (RFC 9068 §2.1), or JWTs of any kind, whose audience decides.
const TYPES: [&str; 3] = ["at+jwt", "application/at+jwt", "jwt"];

/// Algorithms that count, all of them with public keys: a symmetric one would let whoever knows the public key
/// make tokens (RFC 8725 §2.1), and `none` lets everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    Rs256,
    /// RSASSA-PSS with SHA-256 (§3.5).
    Ps256,
    /// ECDSA with P-256 and SHA-256 (§3.4).
    Es256,
    /// Ed25519 (RFC 8037 §3.1, RFC 9864 §2.2).
    Ed25519,
}

impl Algorithm {
    /// By its name in `alg`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "PS256" => Self::Ps256,
            "ES256" => Self::Es256,
            "EdDSA" | "Ed25519" => Self::Ed25519,
            _ => return None,
        })
    }
}

/// A token that has the form of one.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) algorithm: Algorithm,
    /// Which key signed it, if it says so.
    pub(super) key: Option<String>,
    /// What was signed.
    pub(super) signed: &'t str,
    pub(super) signature: Vec<u8>,
    /// What it says, which counts only if the signature holds.
    pub(super) claims: Object,
}

/// Takes a token apart.
///
/// # Errors
/// One sentence that repeats nothing of the token.
pub(super) fn read(text: &str) -> Result<Token<'_>, &'static str> {
    if text.len() > MAX_TOKEN {
        return Err("the token is larger than 12 KiB");
    }
    let shape = "the token is no signed JWT";
    let (signed, signature) = text.rsplit_once('.').ok_or(shape)?;
    let (header, payload) = signed.split_once('.').ok_or(shape)?;
    let header = object(&decoded(header).ok_or(shape)?).ok_or(shape)?;
    let claims = object(&decoded(payload).ok_or(shape)?).ok_or(shape)?;
    let signature = decoded(signature).ok_or(shape)?;
    let text = |name: &str| header.get(name).map(Value::as_str);
    let algorithm = text("alg").flatten().and_then(Algorithm::named);
    let algorithm = algorithm
        .ok_or("the token is not signed with RS256, PS256, ES256 or EdDSA, and no other counts")?;
    // RFC 7515 §4.1.11: what must be understood is not.
    if header.contains_key("crit") {
        return Err("the token has extensions that must be understood (crit), and there are none");
    }
    if let Some(kind) = text("typ") {
        let known = |kind: &str| TYPES.iter().any(|known| kind.eq_ignore_ascii_case(known));
        if !kind.is_some_and(known) {
            return Err("the token is of another type than at+jwt and JWT");
        }
    }
    let key = match text("kid") {
        None => None,
        Some(Some(key)) if key.len() <= MAX_KEY_NAME => Some(key.to_owned()),
        Some(_) => return Err("the name of the token's key is none"),
    };
    Ok(Token {
        algorithm,
        key,
        signed,
        signature,
        claims,
    })
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A JSON object in which nothing stands twice: who checked a token before may have read the other one.
pub(super) fn object(bytes: &[u8]) -> Option<Object> {
    let text = std::str::from_utf8(bytes).ok()?;
    let defects = scan(text).ok()?;
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return None;
    };
    defects.duplicates.is_empty().then_some(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.AAAA", part(header), part(payload))
    }

    #[test]
    fn what_a_header_may_say() {
        for (header, fits) in [
            (r#"{"alg":"RS256"}"#, true),
            (r#"{"alg":"PS256","typ":"at+jwt","kid":"1"}"#, true),
            (r#"{"alg":"ES256","typ":"application/AT+JWT"}"#, true),
            (r#"{"alg":"EdDSA","typ":"JWT"}"#, true),
            (r#"{"alg":"Ed25519"}"#, true),
            // Where keys are to be had is not for the token to say.
            (
                r#"{"alg":"ES256","jku":"https://evil.example/","jwk":{},"x5u":"https://evil.example/"}"#,
                true,
            ),
            (r#"{"alg":"none"}"#, false),
            (r#"{"alg":"None"}"#, false),
            (r#"{"alg":"HS256"}"#, false),
            (r#"{"alg":"RS512"}"#, false),
            (r#"{"alg":"ES256K"}"#, false),
            (r#"{"alg":"rs256"}"#, false),
            (r#"{"alg":["RS256"]}"#, false),
            (r#"{}"#, false),
            (r#"{"alg":"HS256","alg":"RS256"}"#, false),
            (r#"{"alg":"RS256","crit":["exp"]}"#, false),
            (r#"{"alg":"RS256","crit":[]}"#, false),
            (r#"{"alg":"RS256","crit":null}"#, false),
            (r#"{"alg":"RS256","typ":"dpop+jwt"}"#, false),
            (r#"{"alg":"RS256","typ":"logout+jwt"}"#, false),
            (r#"{"alg":"RS256","typ":1}"#, false),
            (r#"{"alg":"RS256","kid":7}"#, false),
            (r#"["RS256"]"#, false),
            ("", false),
        ] {
            assert_eq!(read(&token(header, "{}")).is_ok(), fits, "{header}");
        }
        let long = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(257));
        assert!(read(&token(&long, "{}")).is_err());
    }

    #[test]
    fn what_has_another_form_is_no_token() {
        let good = token(r#"{"alg":"RS256"}"#, r#"{"sub":"a"}"#);
        assert!(read(&good).is_ok());
        let twice = token(r#"{"alg":"RS256"}"#, r#"{"sub":"a","sub":"b"}"#);
        let list = token(r#"{"alg":"RS256"}"#, "[]");
        let deep = token(r#"{"alg":"RS256"}"#, &"[".repeat(5_000));
        let large = token(
            r#"{"alg":"RS256"}"#,
            &format!(r#"{{"a":"{}"}}"#, "a".repeat(MAX_TOKEN)),
        );
        for text in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            format!("{good}."),
            format!("{good}.AAAA.AAAA"),
            good.replace(".AAAA", ""),
            good.replace(".AAAA", ".AA=="),
            good.replace(".AAAA", ".A A"),
            format!(" {good}"),
            good.replace('.', ".é"),
            twice,
            list,
            deep,
            large,
        ] {
            assert!(read(&text).is_err(), "{text:.60}");
        }
    }
}
