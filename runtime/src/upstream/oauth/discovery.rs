//! OpenID Connect Discovery 1.0, of an issuer that the operator names.

use url::Url;

use super::super::base::is_loopback;
use super::super::error::Failure;
use super::read;
use super::settings::Issuer;
use crate::json::Value;

/// Reads the issuer's metadata (§4) and gives its token endpoint, which receives the client's secret:
/// it must be on the issuer's own host or on one that the operator lists.
pub(super) async fn token_endpoint(
    client: &reqwest::Client,
    issuer: &Issuer,
) -> Result<Url, Failure> {
    let host = issuer.url.host_str().unwrap_or_default();
    let unusable = |why: String| {
        Failure::NoToken(format!(
            "the metadata of the issuer {host} cannot be used: {why}"
        ))
    };
    let base = issuer.url.as_str().trim_end_matches('/');
    let url = Url::parse(&format!("{base}/.well-known/openid-configuration"))
        .map_err(|error| unusable(error.to_string()))?;
    let request = client
        .get(url.clone())
        .header(reqwest::header::ACCEPT, "application/json");
    let (status, body) = read(request, &url).await?;
    if status != 200 {
        return Err(unusable(format!("HTTP {status}")));
    }
    check(issuer, &body).map_err(unusable)
}

fn check(issuer: &Issuer, metadata: &[u8]) -> Result<Url, String> {
    let metadata: Value =
        serde_json::from_slice(metadata).map_err(|_| "it is no JSON".to_owned())?;
    let text = |key: &str| {
        metadata
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    // §4.3: the issuer must be the one that was asked.
    if text("issuer").trim_end_matches('/') != issuer.url.as_str().trim_end_matches('/') {
        return Err("it names another issuer".to_owned());
    }
    let url = Url::parse(text("token_endpoint"))
        .map_err(|_| "it has no URL of a token endpoint".to_owned())?;
    let clear = url.scheme() == "http" && (is_loopback(&url) || issuer.allow_http);
    if !(url.scheme() == "https" || clear) || !url.username().is_empty() || url.password().is_some()
    {
        return Err("its token endpoint is no https URL".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    if Some(host) != issuer.url.host_str() && !issuer.allowed_hosts.iter().any(|own| own == host) {
        return Err(format!(
            "its token endpoint is on {}; if that is right, list the host in {}",
            crate::text::cap(host, 100),
            issuer.hosts_variable
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_issuers_own_metadata_and_hosts_count() {
        let issuer = |url: &str| {
            Url::parse(url).ok().map(|url| Issuer {
                url,
                allowed_hosts: vec!["tokens.example".to_owned()],
                hosts_variable: "X_ALLOWED_TOKEN_HOSTS".to_owned(),
                allow_http: false,
            })
        };
        let Some(issuer) = issuer("https://id.example/realm") else {
            return;
        };
        for (named, endpoint, fine) in [
            ("https://id.example/realm", "https://id.example/token", true),
            (
                "https://id.example/realm/",
                "https://id.example:8443/token",
                true,
            ),
            ("https://id.example/realm", "https://tokens.example/", true),
            ("https://id.example/realm", "https://evil.example/", false),
            (
                "https://id.example/realm",
                "https://id.example.evil.example/",
                false,
            ),
            (
                "https://id.example/realm",
                "https://id.example@evil.example/",
                false,
            ),
            ("https://id.example/realm", "https://u:p@id.example/", false),
            ("https://id.example/realm", "http://id.example/token", false),
            ("https://id.example/realm", "file:///token", false),
            ("https://id.example/realm", "/token", false),
            ("https://id.example", "https://id.example/token", false),
            ("", "https://id.example/token", false),
        ] {
            let metadata = serde_json::json!({"issuer": named, "token_endpoint": endpoint});
            let checked = check(&issuer, metadata.to_string().as_bytes());
            assert_eq!(checked.is_ok(), fine, "{named} {endpoint} {checked:?}");
        }
    }
}
