//! The metadata of an issuer that the operator names: OAuth 2.0 Authorization Server Metadata (RFC 8414) and
//! OpenID Connect Discovery 1.0, in the order of MCP 2026-07-28, `basic/authorization`.

use std::time::Duration;

use url::Url;

use super::jws::object;
use super::keys::Trouble;
use crate::json::Value;
use crate::upstream::{Issuers, is_trustworthy};

/// Time for each place.
const PATIENCE: Duration = Duration::from_secs(4);

/// Where the metadata of an issuer may stand.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    let mut places = vec![
        at(format!("/.well-known/oauth-authorization-server{path}")),
        at(format!("/.well-known/openid-configuration{path}")),
        at(format!("{path}/.well-known/openid-configuration")),
    ];
    places.dedup();
    places
}

/// Asks an issuer where its keys are.
pub(super) async fn keys_of(
    issuers: &Issuers,
    issuer: &str,
    allow_http: bool,
) -> Result<Url, Trouble> {
    let base = Url::parse(issuer).map_err(|error| Trouble::Wrong(error.to_string()))?;
    let mut last = Trouble::Wrong("it has no metadata".to_owned());
    for place in places(&base) {
        // Whatever is wrong with one place, the metadata may stand at the next.
        let answer = tokio::time::timeout(PATIENCE, issuers.get(&place)).await;
        let late = || format!("{place} did not answer within {} s", PATIENCE.as_secs());
        match answer.unwrap_or_else(|_| Err(late())) {
            Ok((200, body)) => match keys_in(&body, issuer, &base, allow_http) {
                Ok(url) => return Ok(url),
                Err(why) => last = Trouble::Wrong(format!("its metadata at {place} {why}")),
            },
            Ok((status, _)) if status >= 500 => {
                last = Trouble::Away(format!("{place} answered HTTP {status}"));
            }
            Ok(_) => {}
            Err(why) => last = Trouble::Away(why),
        }
    }
    Err(last)
}

/// The address of the keys in metadata. RFC 8414 §3.3: who answered must be the issuer itself.
fn keys_in(metadata: &[u8], issuer: &str, base: &Url, allow_http: bool) -> Result<Url, String> {
    let metadata = object(metadata).ok_or("is no JSON object")?;
    let text = |name: &str| metadata.get(name).and_then(Value::as_str);
    if text("issuer") != Some(issuer) {
        let named = text("issuer").unwrap_or_default();
        let named = crate::text::cap(&crate::text::clean(named), 200).into_owned();
        return Err(format!(
            "is that of the issuer `{named}`, which is not the same to the letter"
        ));
    }
    let url = text("jwks_uri").and_then(|text| Url::parse(text).ok());
    let url = url.ok_or("names no jwks_uri")?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    // Elsewhere only under a name, which is looked up under the rules for names.
    let is_near = url.host_str() == base.host_str()
        || url.scheme() == "https" && matches!(url.host(), Some(url::Host::Domain(_)));
    if plain && is_near && is_trustworthy(&url, allow_http) {
        Ok(url)
    } else {
        Err("names a jwks_uri that is no https URL, or an address elsewhere".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn metadata_stands_where_the_standards_say() {
        let of = |issuer: &str| -> Vec<String> {
            let url = Url::parse(issuer).ok();
            let places = url.map(|url| places(&url)).unwrap_or_default();
            places.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            of("https://id.example"),
            [
                "https://id.example/.well-known/oauth-authorization-server",
                "https://id.example/.well-known/openid-configuration",
            ]
        );
        assert_eq!(
            of("https://id.example/realms/crm/"),
            [
                "https://id.example/.well-known/oauth-authorization-server/realms/crm",
                "https://id.example/.well-known/openid-configuration/realms/crm",
                "https://id.example/realms/crm/.well-known/openid-configuration",
            ]
        );
    }

    #[test]
    fn only_the_issuers_own_metadata_counts_and_keys_come_from_where_nobody_else_answers() {
        let issuer = "https://id.example/crm";
        let Ok(base) = Url::parse(issuer) else { return };
        for (named, keys, fine) in [
            (issuer, "https://id.example/jwks", true),
            (issuer, "https://keys.example/jwks", true),
            (issuer, "https://id.example:8443/jwks", true),
            ("https://id.example/crm/", "https://id.example/jwks", false),
            ("https://evil.example", "https://id.example/jwks", false),
            (issuer, "http://id.example/jwks", false),
            (issuer, "http://127.0.0.1/jwks", false),
            (issuer, "https://169.254.169.254/jwks", false),
            (issuer, "https://[::1]/jwks", false),
            (issuer, "https://u:p@id.example/jwks", false),
            (issuer, "file:///jwks", false),
            (issuer, "/jwks", false),
            (issuer, "", false),
        ] {
            let metadata = json!({"issuer": named, "jwks_uri": keys}).to_string();
            let found = keys_in(metadata.as_bytes(), issuer, &base, false);
            assert_eq!(found.is_ok(), fine, "{named} {keys} {found:?}");
        }
    }
}
