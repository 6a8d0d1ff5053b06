//! Where this server is to its clients: its URL, as the operator says it and never as a request does, what it says
//! of itself there (RFC 9728), and what it answers those without a token that is enough (RFC 6750 §3).

use url::Url;

use crate::json::{Value, json};
use crate::upstream::{ConfigError, issuer_endpoint};

/// RFC 9728 §3.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The URL of `/mcp`, as clients reach it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Scheme, host and port.
    origin: String,
    /// Path, without a `/` at its end.
    path: String,
    host: String,
}

impl Place {
    /// Reads the URL.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(super) fn new(variable: &str, text: &str, allow_http: bool) -> Result<Self, ConfigError> {
        let url = issuer_endpoint(variable, text, allow_http)?;
        if url.query().is_some() {
            return Err(ConfigError(format!("{variable} must not have a query")));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        if path.is_empty() {
            return Err(ConfigError(format!(
                "{variable} must be the URL of the endpoint itself, with its path: {}mcp",
                url.as_str()
            )));
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            path,
            host: host(&url),
        })
    }

    /// Host and, if one is named, port.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The URL of `/mcp`.
    pub(super) fn url(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// The URL of a view: `rest` is what follows `/mcp` in the path of a request.
    pub(super) fn view(&self, rest: &str) -> String {
        format!("{}{}{}", self.origin, self.path, kept(rest))
    }

    /// The URL of a view that has one of its own.
    pub(super) fn own_view(&self, rest: &str) -> Option<String> {
        (!kept(rest).is_empty()).then(|| self.view(rest))
    }

    /// Where the metadata of a view stands.
    pub(super) fn metadata_url(&self, rest: &str) -> String {
        format!("{}{WELL_KNOWN}{}{}", self.origin, self.path, kept(rest))
    }

    /// The view whose metadata a path asks for, as it follows `/mcp`; the path may be that of the public URL, or
    /// the one behind what stands in front of this server.
    pub(super) fn asked<'p>(&self, path: &'p str) -> Option<&'p str> {
        let path = path.strip_prefix(WELL_KNOWN)?;
        if path.is_empty() || path == "/" {
            return Some("");
        }
        let after = |base: &str| {
            let rest = path.strip_prefix(base)?;
            (rest.is_empty() || rest.starts_with('/')).then_some(rest)
        };
        after(&self.path).or_else(|| after("/mcp"))
    }

    /// RFC 9728 §2.
    pub(super) fn metadata(
        &self,
        rest: &str,
        issuer: &str,
        scopes: &[String],
        title: &str,
    ) -> Value {
        json!({
            "resource": self.view(rest),
            "authorization_servers": [issuer],
            "scopes_supported": scopes,
            "bearer_methods_supported": ["header"],
            "resource_name": crate::text::clean(title),
        })
    }

    /// The value of `WWW-Authenticate`: RFC 6750 §3, RFC 9728 §5.1. `error` is none where there was no token.
    pub(super) fn challenge(
        &self,
        rest: &str,
        server: &str,
        scopes: &[String],
        error: Option<(&str, &str)>,
    ) -> String {
        let mut challenge = format!("Bearer realm=\"{}\"", quoted(server));
        if let Some((error, why)) = error {
            challenge.push_str(&format!(
                ", error=\"{error}\", error_description=\"{}\"",
                quoted(why)
            ));
        }
        if !scopes.is_empty() {
            challenge.push_str(&format!(", scope=\"{}\"", quoted(&scopes.join(" "))));
        }
        let url = self.metadata_url(rest);
        challenge.push_str(&format!(", resource_metadata=\"{}\"", quoted(&url)));
        challenge
    }
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// What follows `/mcp`, if it is of characters that a URL has; else nothing, as for `/mcp` itself.
fn kept(rest: &str) -> &str {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%,:@!$&*+;=".contains(&byte);
    let rest = rest.trim_end_matches('/');
    if rest.len() <= 1_000 && rest.bytes().all(fits) {
        rest
    } else {
        ""
    }
}

/// What may stand between quotes (RFC 6750 §3): nothing that ends them, and no other script.
fn quoted(text: &str) -> String {
    let fits = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    text.chars()
        .map(|c| if fits(c) { c } else { '\'' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Result<Place, String> {
        Place::new("X_PUBLIC_URL", url, false).map_err(|error| error.0)
    }

    #[test]
    fn the_url_of_a_view_and_of_its_metadata() {
        let Ok(place) = place("https://crm.example:8443/tools/mcp/") else {
            unreachable!("the URL is one");
        };
        assert_eq!(place.host(), "crm.example:8443");
        assert_eq!(place.url(), "https://crm.example:8443/tools/mcp");
        for (rest, view) in [
            ("", "/tools/mcp"),
            ("/", "/tools/mcp"),
            (
                "/x/leads,invoices/readonly",
                "/tools/mcp/x/leads,invoices/readonly",
            ),
            ("/x/a\"b", "/tools/mcp"),
            ("/x/é", "/tools/mcp"),
            ("/x?y", "/tools/mcp"),
        ] {
            assert_eq!(place.view(rest), format!("https://crm.example:8443{view}"));
            assert_eq!(
                place.metadata_url(rest),
                format!("https://crm.example:8443/.well-known/oauth-protected-resource{view}")
            );
        }
        for (path, asked) in [
            ("", Some("")),
            ("/tools/mcp", Some("")),
            ("/mcp", Some("")),
            ("/tools/mcp/all", Some("/all")),
            ("/mcp/x/leads", Some("/x/leads")),
            ("/mcpx", None),
            ("/other", None),
        ] {
            assert_eq!(place.asked(&format!("{WELL_KNOWN}{path}")), asked, "{path}");
        }
    }

    #[test]
    fn a_public_url_is_that_of_the_endpoint() {
        for (url, said) in [
            (
                "https://crm.example",
                "with its path: https://crm.example/mcp",
            ),
            ("https://crm.example/mcp#x", "fragment"),
            ("https://u@crm.example/mcp", "user name"),
            ("http://crm.example/mcp", "plain http"),
            ("crm.example/mcp", "not an absolute URL"),
        ] {
            let error = place(url).err().unwrap_or_default();
            assert!(error.contains(said), "{url}: {error}");
        }
        assert!(place("http://127.0.0.1:8970/mcp").is_ok());
    }

    #[test]
    fn a_challenge_ends_where_it_ends_whatever_stands_in_it() {
        let Ok(place) = place("https://crm.example/mcp") else {
            unreachable!("the URL is one");
        };
        let scopes = ["leads:read".to_owned(), "leads:write".to_owned()];
        assert_eq!(
            place.challenge("/all", "crm", &scopes, None),
            "Bearer realm=\"crm\", scope=\"leads:read leads:write\", resource_metadata=\"https://crm.example/.well-known/oauth-protected-resource/mcp/all\""
        );
        let hostile = place.challenge("", "c\"r\\m\r\n", &[], Some(("invalid_token", "no \"é\"")));
        assert_eq!(
            hostile,
            "Bearer realm=\"c'r'm''\", error=\"invalid_token\", error_description=\"no '''\", resource_metadata=\"https://crm.example/.well-known/oauth-protected-resource/mcp\""
        );
    }
}
