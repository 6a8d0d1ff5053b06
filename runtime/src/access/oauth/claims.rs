//! What a token says (RFC 7519 §4.1, RFC 9068 §2.2, RFC 7662 §2.2), and whether it holds here and now.

use crate::json::{Object, Value};

/// Seconds by which clocks may differ.
pub(super) const LEEWAY: u64 = 30;
/// Longest subject and client, in bytes, and most scopes.
const MAX_NAME: usize = 512;
const MAX_SCOPES: usize = 500;

/// What a token has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    /// Names of this server, one of which the token is for.
    pub(super) audiences: &'e [&'e str],
    /// The name of the view that is asked for, if it has one of its own.
    pub(super) view: Option<&'e str>,
    /// Seconds since 1970.
    pub(super) now: u64,
    /// Whether the issuer itself has just said it: its name and an end may be missing then.
    pub(super) from_issuer: bool,
}

/// What counts of a token that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) subject: Option<String>,
    pub(super) client: Option<String>,
    pub(super) scopes: Vec<String>,
    /// Whether it is for the view alone.
    pub(super) only_view: bool,
    /// When it ends, in seconds since 1970.
    pub(super) expires: Option<u64>,
}

/// Checks what a token says.
///
/// # Errors
/// One sentence for the client that repeats nothing of the token.
pub(super) fn check(claims: &Object, expected: Expected<'_>) -> Result<Claims, &'static str> {
    let Expected {
        issuer,
        audiences,
        view,
        now,
        from_issuer,
    } = expected;
    match claims.get("iss") {
        Some(Value::String(iss)) if iss == issuer => {}
        None if from_issuer => {}
        _ => return Err("the token is of another issuer"),
    }
    let only_view = !is_for(claims.get("aud"), audiences);
    if only_view && !view.is_some_and(|view| is_for(claims.get("aud"), &[view])) {
        return Err("the token is for another server (audience)");
    }
    let expires = time(claims, "exp")?;
    match expires {
        Some(end) if now < end.saturating_add(LEEWAY) => {}
        Some(_) => return Err("the token has expired"),
        None if from_issuer => {}
        None => return Err("the token does not say when it ends (exp)"),
    }
    let later = |name: &'static str| {
        let time = time(claims, name)?;
        Ok::<bool, &'static str>(time.is_some_and(|time| time > now.saturating_add(LEEWAY)))
    };
    if later("nbf")? {
        return Err("the token does not hold yet (nbf)");
    }
    if later("iat")? {
        return Err("the token was issued in the future (iat)");
    }
    // RFC 7800 §3, RFC 8705 §3, RFC 9449 §6: it is of no use to who does not prove that a key is theirs, and
    // nobody can here.
    if claims.contains_key("cnf") {
        return Err("the token is bound to a key of its client (cnf), which is not supported here");
    }
    let subject = name(claims, "sub")?;
    let client = match name(claims, "client_id")? {
        Some(client) => Some(client),
        None => name(claims, "azp")?,
    };
    if subject.is_none() && client.is_none() {
        return Err("the token does not say whose it is (sub)");
    }
    Ok(Claims {
        subject,
        client,
        scopes: scopes(claims)?,
        only_view,
        expires,
    })
}

/// What a token says by itself that makes it of no use, whatever its issuer says of it.
///
/// # Errors
/// One sentence for the client that repeats nothing of the token.
pub(super) fn ended(claims: &Object, expected: Expected<'_>) -> Result<(), &'static str> {
    let issuer = claims.get("iss").and_then(Value::as_str);
    if issuer.is_some_and(|issuer| issuer != expected.issuer) {
        return Err("the token is of another issuer");
    }
    match time(claims, "exp")? {
        Some(end) if expected.now >= end.saturating_add(LEEWAY) => Err("the token has expired"),
        _ => Ok(()),
    }
}

/// RFC 7519 §4.1.3: one, or several of which this server is one.
fn is_for(claim: Option<&Value>, audiences: &[&str]) -> bool {
    let is_own = |value: &Value| value.as_str().is_some_and(|name| audiences.contains(&name));
    match claim {
        Some(Value::Array(several)) => {
            several.iter().all(Value::is_string) && several.iter().any(is_own)
        }
        Some(one) => is_own(one),
        None => false,
    }
}

/// RFC 7519 §2, `NumericDate`: a number. A text that looks like one is none.
fn time(claims: &Object, name: &str) -> Result<Option<u64>, &'static str> {
    let wrong = "a time of the token is no number";
    match claims.get(name) {
        None => Ok(None),
        Some(value) => match (value.as_u64(), value.as_f64()) {
            (Some(seconds), _) => Ok(Some(seconds)),
            (None, Some(seconds)) if (0.0..1e15).contains(&seconds) => Ok(Some(seconds as u64)),
            _ => Err(wrong),
        },
    }
}

fn name(claims: &Object, claim: &str) -> Result<Option<String>, &'static str> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::String(name)) if !name.is_empty() && name.len() <= MAX_NAME => {
            Ok(Some(name.clone()))
        }
        Some(_) => Err("whose the token is cannot be read"),
    }
}

/// `scope` is a text (RFC 9068 §2.2.3); `scp` is how some write it, as a text or a list.
fn scopes(claims: &Object) -> Result<Vec<String>, &'static str> {
    let wrong = "the token's scopes cannot be read";
    let of_text = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let scopes: Vec<String> = match (claims.get("scope"), claims.get("scp")) {
        (Some(Value::String(text)), _) | (None, Some(Value::String(text))) => of_text(text),
        (None, Some(Value::Array(list))) | (Some(Value::Array(list)), _) => {
            let texts = list.iter().map(|one| one.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().ok_or(wrong)?
        }
        (None, None) => Vec::new(),
        _ => return Err(wrong),
    };
    let scopes: Vec<String> = scopes.into_iter().filter(|one| !one.is_empty()).collect();
    if scopes.len() > MAX_SCOPES {
        return Err(wrong);
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    const NOW: u64 = 1_800_000_000;

    fn judged(change: &Value, from_issuer: bool) -> Result<Claims, &'static str> {
        let mut claims = json!({
            "iss": "https://id.example", "aud": "https://mcp.example/mcp", "sub": "ann",
            "exp": NOW + 60, "iat": NOW - 60, "client_id": "app", "scope": "leads:read leads:write",
        });
        if let (Some(claims), Some(change)) = (claims.as_object_mut(), change.as_object()) {
            for (name, value) in change {
                if value == "(none)" {
                    claims.remove(name);
                } else {
                    claims.insert(name.clone(), value.clone());
                }
            }
        }
        let expected = Expected {
            issuer: "https://id.example",
            audiences: &["https://mcp.example/mcp", "api://crm"],
            view: Some("https://mcp.example/mcp/readonly"),
            now: NOW,
            from_issuer,
        };
        check(claims.as_object().unwrap_or(&Object::new()), expected)
    }

    #[test]
    fn each_claim_has_its_rule() {
        let none = "(none)";
        for (change, holds, holds_from_issuer) in [
            (json!({}), true, true),
            (json!({"iss": "https://id.example/"}), false, false),
            (json!({"iss": "HTTPS://id.example"}), false, false),
            (json!({"iss": ["https://id.example"]}), false, false),
            (json!({"iss": none}), false, true),
            (json!({"aud": none}), false, false),
            (json!({"aud": "https://mcp.example"}), false, false),
            (json!({"aud": "https://mcp.example/mcp/"}), false, false),
            (json!({"aud": "https://mcp.example/mcp/all"}), false, false),
            (
                json!({"aud": ["https://other.example", "api://crm"]}),
                true,
                true,
            ),
            (json!({"aud": ["https://other.example"]}), false, false),
            (json!({"aud": ["api://crm", 7]}), false, false),
            (json!({"aud": []}), false, false),
            (json!({"aud": {"api://crm": 1}}), false, false),
            (json!({"exp": none}), false, true),
            (json!({"exp": NOW - 29}), true, true),
            (json!({"exp": NOW - 30}), false, false),
            (json!({"exp": 0}), false, false),
            (json!({"exp": -1}), false, false),
            (json!({"exp": (NOW + 60).to_string()}), false, false),
            (json!({"exp": NOW as f64 + 0.5}), true, true),
            (json!({"exp": 1e300}), false, false),
            (json!({"exp": null}), false, false),
            (json!({"nbf": NOW + 30}), true, true),
            (json!({"nbf": NOW + 31}), false, false),
            (json!({"nbf": "0"}), false, false),
            (json!({"iat": NOW + 31}), false, false),
            (json!({"iat": none}), true, true),
            (json!({"sub": none}), true, true),
            (
                json!({"sub": none, "client_id": none, "azp": "app"}),
                true,
                true,
            ),
            (json!({"sub": none, "client_id": none}), false, false),
            (json!({"sub": ""}), false, false),
            (json!({"sub": 7}), false, false),
            (json!({"sub": "a".repeat(513)}), false, false),
            (json!({"cnf": {"jkt": "x"}}), false, false),
            (json!({"scope": 7}), false, false),
            (json!({"scope": none, "scp": ["a", 7]}), false, false),
            (json!({"scope": " a".repeat(501)}), false, false),
        ] {
            assert_eq!(judged(&change, false).is_ok(), holds, "{change}");
            assert_eq!(judged(&change, true).is_ok(), holds_from_issuer, "{change}");
        }
    }

    #[test]
    fn a_token_for_a_view_is_one_for_no_more() {
        for (audience, only_view) in [
            (json!("https://mcp.example/mcp/readonly"), Ok(true)),
            (json!(["https://mcp.example/mcp/readonly", "x"]), Ok(true)),
            (
                json!([
                    "https://mcp.example/mcp/readonly",
                    "https://mcp.example/mcp"
                ]),
                Ok(false),
            ),
            (json!("https://mcp.example/mcp/all"), Err(())),
            (json!("https://mcp.example/mcp/"), Err(())),
        ] {
            let judged = judged(&json!({"aud": audience}), false);
            let found = judged.map(|claims| claims.only_view).map_err(|_| ());
            assert_eq!(found, only_view, "{audience}");
        }
    }

    #[test]
    fn scopes_are_read_in_each_way_that_issuers_write_them() {
        for (change, expected) in [
            (json!({}), vec!["leads:read", "leads:write"]),
            (json!({"scope": ""}), vec![]),
            (json!({"scope": "(none)"}), vec![]),
            (json!({"scope": "a  b"}), vec!["a", "b"]),
            (json!({"scope": ["a", "b"]}), vec!["a", "b"]),
            (json!({"scope": "(none)", "scp": "a b"}), vec!["a", "b"]),
            (json!({"scope": "(none)", "scp": ["a"]}), vec!["a"]),
            // What is granted is one of the two, never both together.
            (json!({"scope": "a", "scp": "b"}), vec!["a"]),
        ] {
            let scopes = judged(&change, false).map(|claims| claims.scopes);
            assert_eq!(scopes.unwrap_or_default(), expected, "{change}");
        }
    }
}
