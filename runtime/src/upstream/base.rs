//! The address of the service: from the operator alone, and the only origin that is ever asked.

use url::{Host, Url};

use super::credentials::QueryKey;
use super::error::{ConfigError, Failure};
use crate::operation::OperationDef;
use crate::request::{Request, strict};

/// Base URL of the service; the path has no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL. `variable` is named in messages.
    ///
    /// # Errors
    /// When it is no absolute http(s) URL, has userinfo, a query or a fragment, or is plain http to a
    /// host that is not this machine while `allow_http` is off.
    pub fn parse(variable: &str, text: &str, allow_http: bool) -> Result<Self, ConfigError> {
        let prefix = variable.strip_suffix("_BASE_URL").unwrap_or(variable);
        Self::parse_for(prefix, variable, text, allow_http)
    }

    /// The same for a variable whose name holds more than the prefix of all variables.
    pub(super) fn parse_for(
        prefix: &str,
        variable: &str,
        text: &str,
        allow_http: bool,
    ) -> Result<Self, ConfigError> {
        let wrong = |why: &str| ConfigError(format!("{variable} {why}"));
        let mut url = Url::parse(text.trim())
            .map_err(|_| wrong("is not an absolute URL such as https://api.example.com/v1"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(wrong(
                "is not an absolute URL such as https://api.example.com/v1",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "must not hold a user name or password; credentials have variables of their own",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("must not have a query or a fragment"));
        }
        if url.scheme() == "http" && !is_loopback(&url) && !allow_http {
            return Err(wrong(&format!(
                "is plain http, which would show the credential to the network; use https, or set {prefix}_ALLOW_HTTP=1"
            )));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The base URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The URL of a request. That a value cannot change the route is checked once more on the parsed
    /// result: same origin, same base path, as many segments as the template has, nothing normalised.
    pub(super) fn join(
        &self,
        operation: &OperationDef,
        request: &Request,
        credentials: &[QueryKey],
    ) -> Result<Url, Failure> {
        use secrecy::ExposeSecret as _;

        let base_path = self.0.path().trim_end_matches('/');
        let path = format!("{base_path}{}", request.path);
        let origin = self.0.origin().ascii_serialization();
        let mut query: Vec<String> = Vec::new();
        if !request.query.is_empty() {
            query.push(request.query.clone());
        }
        for key in credentials {
            query.push(format!(
                "{}={}",
                strict(key.name),
                strict(key.value.expose_secret())
            ));
        }
        let mut text = format!("{origin}{path}");
        if !query.is_empty() {
            text.push('?');
            text.push_str(&query.join("&"));
        }
        let changed = || {
            Failure::Unsendable("the arguments would change the address of the request".to_owned())
        };
        let url = Url::parse(&text).map_err(|_| changed())?;
        let segments = |path: &str| path.matches('/').count();
        let expected = segments(base_path) + operation.segments.len().max(1);
        let kept = url.origin() == self.0.origin()
            && url.path() == path
            && segments(url.path()) == expected
            && url.fragment().is_none();
        if kept { Ok(url) } else { Err(changed()) }
    }
}

/// Whether a URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
