//! What the operator configures, all of it in environment variables with the API's prefix.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::addresses::Addresses;
use super::base::BaseUrl;
use super::credentials::{Credentials, wanted};
use super::error::{ConfigError, Failure};
use super::files::Files;
use super::oauth::OAuth;
use super::tls::Tls;
use crate::operation::{Api, OperationDef, SchemeKind, SecurityUse};
use crate::result::{Format, TOKEN_LIMIT, is_allowed_limit};
use crate::retry::Retries;
use crate::state::Rate;

/// Longest time that can be configured, in seconds: a day. One that is longer is a mistake.
pub(crate) const MOST_SECONDS: u64 = 86_400;
/// Largest answer that can be configured, in bytes.
const MOST_BYTES: u64 = 4 << 30;

/// Configuration of the way to the service. It holds secrets and prints none.
#[derive(Debug)]
pub struct Settings {
    /// `<PREFIX>_BASE_URL`: where requests go.
    pub base_url: BaseUrl,
    /// `<PREFIX>_<NAME>_BASE_URL`: where the requests of operations with a server of their own go, by the
    /// name of the variable. What is missing is told to who calls such an operation.
    pub other_base_urls: BTreeMap<&'static str, BaseUrl>,
    /// The variables that the security schemes name, each also as `…_FILE`.
    pub credentials: Credentials,
    /// `<PREFIX>_TOKEN_URL` or `<PREFIX>_ISSUER` and what goes with them: access tokens that this server
    /// obtains; none.
    pub oauth: Option<Arc<OAuth>>,
    /// `<PREFIX>_CLIENT_CERT_FILE` with `<PREFIX>_CLIENT_KEY_FILE`, and `<PREFIX>_CA_FILE`; none.
    pub tls: Tls,
    /// `<PREFIX>_TIMEOUT_SECONDS`: total time of a call; 30 s.
    pub timeout: Duration,
    /// How requests are sent again, and how long each attempt may take.
    pub retries: Retries,
    /// `<PREFIX>_RATE` and `<PREFIX>_RATE_BURST`: requests that the service gets; as many as it takes.
    pub(crate) rate: Option<Rate>,
    /// `<PREFIX>_MAX_RESPONSE_BYTES`: largest answer after decoding; 10 MiB.
    pub max_response_bytes: usize,
    /// `<PREFIX>_MAX_RESULT_TOKENS`: tokens that a result may have, about; 20,000.
    pub max_result_tokens: usize,
    /// `<PREFIX>_FORMAT`: the form of the text of results; Markdown.
    pub format: Option<Format>,
    /// `<PREFIX>_FILES_DIR`: folder whose files may be sent by path; none.
    pub files: Files,
    /// `<PREFIX>_PROXY`: URL of an HTTP proxy; none. The usual proxy variables are not read.
    pub proxy: Option<SecretString>,
    /// `<PREFIX>_ALLOW_PRIVATE`: host names may lead into private networks and to this machine; off. An address
    /// that is written in a URL itself is used as it is.
    pub allow_private: bool,
    /// The prefix of all variables.
    pub prefix: String,
}

impl Settings {
    /// Reads the configuration of an API from the process's environment.
    ///
    /// # Errors
    /// When a variable is missing or wrong; one line that names it.
    pub fn from_env(api: &Api) -> Result<Self, ConfigError> {
        // What is not UTF-8 is refused as unsendable, not taken for missing.
        Self::read(api, &|name| {
            Some(std::env::var_os(name)?.to_string_lossy().into_owned())
        })
    }

    /// Reads the configuration of an API from variables.
    ///
    /// # Errors
    /// When a variable is missing or wrong; one line that names it.
    pub fn read(api: &Api, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let prefix = api.env_prefix;
        let get = |suffix: &str| {
            let name = format!("{prefix}_{suffix}");
            (
                variable(&name).filter(|value| !value.trim().is_empty()),
                name,
            )
        };
        let number = |suffix: &str, default: u64, unit: &str, most: u64| match get(suffix) {
            (None, _) => Ok(default),
            (Some(text), name) => match text.trim().parse::<u64>() {
                Ok(number) if (1..=most).contains(&number) => Ok(number),
                _ => Err(ConfigError(format!(
                    "{name} must be a whole number of {unit} from 1 to {most}"
                ))),
            },
        };
        let (base, name) = get("BASE_URL");
        let base = base.ok_or_else(|| ConfigError(missing_base_url(api, &name)))?;
        let is_on = |suffix: &str| matches!(get(suffix).0.as_deref(), Some("1" | "true"));
        let allow_http = is_on("ALLOW_HTTP");
        let base_url = BaseUrl::parse(&name, &base, allow_http)?;
        let tls = Tls::read(prefix, variable)?;
        let oauth = OAuth::read(api, allow_http, tls.has_identity(), variable)?;
        let mut credentials = Credentials::read(api, variable)?;
        credentials.obtains_tokens = oauth.is_some();
        let timeout = Duration::from_secs(number("TIMEOUT_SECONDS", 30, "seconds", MOST_SECONDS)?);
        let whole = get("TIMEOUT_SECONDS").0.map(|_| timeout);
        Ok(Self {
            base_url,
            other_base_urls: other_base_urls(api, variable, allow_http)?,
            credentials,
            oauth: oauth.map(Arc::new),
            tls,
            timeout,
            retries: Retries::read(api, whole, variable)?,
            rate: crate::rate::read(prefix, variable)?,
            max_response_bytes: usize::try_from(number(
                "MAX_RESPONSE_BYTES",
                10 << 20,
                "bytes",
                MOST_BYTES,
            )?)
            .unwrap_or(usize::MAX),
            max_result_tokens: result_tokens(get("MAX_RESULT_TOKENS"))?,
            format: format(get("FORMAT"))?,
            files: Files::read(prefix, variable)?,
            proxy: proxy(get("PROXY"))?,
            allow_private: is_on("ALLOW_PRIVATE"),
            prefix: prefix.to_owned(),
        })
    }

    /// What looks host names up.
    pub(super) fn addresses(&self) -> Addresses {
        let proxy = self.proxy.as_ref().map(|url| url.expose_secret());
        Addresses::new(&self.prefix, self.allow_private, proxy)
    }

    /// What the proxy asks for, in the forms in which it is sent: a service that is reached over plain http may see
    /// it, and repeat it.
    pub(super) fn proxy_secrets(&self) -> Vec<SecretString> {
        let url = self.proxy.as_ref().map(|url| url.expose_secret());
        let Some(url) = url.and_then(|url| Url::parse(url).ok()) else {
            return Vec::new();
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, password) = (decoded(url.username()), url.password().map(decoded));
        let Some(password) = password else {
            return Vec::new();
        };
        let coded = STANDARD.encode(format!("{user}:{password}"));
        vec![password.into(), coded.into()]
    }

    /// Where an operation's requests go.
    pub(super) fn base_url(&self, operation: &OperationDef) -> Result<&BaseUrl, Failure> {
        let Some(server) = operation.server else {
            return Ok(&self.base_url);
        };
        self.other_base_urls.get(server.variable).ok_or_else(|| {
            Failure::NoServer(format!(
                "this operation has a server of its own, whose address is not configured; the operator of this server has to set {}{}",
                server.variable,
                suggestion(server.servers)
            ))
        })
    }

    /// Refuses a configuration with which no operation that needs a credential can be called.
    ///
    /// # Errors
    /// One line that names the variables.
    pub fn check_credentials(&self, api: &Api) -> Result<(), ConfigError> {
        let needy: Vec<&&OperationDef> = api
            .operations
            .iter()
            .filter(|op| !op.security.is_empty() && !op.security.iter().any(|uses| uses.is_empty()))
            .collect();
        match needy.first() {
            Some(first) if !needy.iter().any(|op| self.credentials.satisfy(op)) => {
                Err(ConfigError(format!(
                    "no credential for {} is configured; set {}{}",
                    api.title,
                    wanted(first),
                    by_file(first)
                )))
            }
            _ => Ok(()),
        }
    }
}

/// That a secret may come as a file, where that is so: a client certificate is one already.
fn by_file(operation: &OperationDef) -> &'static str {
    let schemes = || operation.security.iter().copied().flatten();
    let is_file = |one: &SecurityUse| one.scheme.kind == SchemeKind::MutualTls;
    if schemes().all(is_file) {
        ""
    } else if schemes().any(is_file) {
        " (or, for what is no file, the same name with _FILE and a path)"
    } else {
        " (or the same name with _FILE and a path)"
    }
}

fn result_tokens((value, name): (Option<String>, String)) -> Result<usize, ConfigError> {
    let Some(value) = value else {
        return Ok(TOKEN_LIMIT);
    };
    let tokens = value.trim().parse().ok();
    let tokens = tokens.filter(|tokens| is_allowed_limit(*tokens));
    tokens
        .and_then(|tokens| usize::try_from(tokens).ok())
        .ok_or_else(|| {
            ConfigError(format!(
                "{name} must be a whole number of tokens from 1000 to 1000000"
            ))
        })
}

fn format((value, name): (Option<String>, String)) -> Result<Option<Format>, ConfigError> {
    match value {
        None => Ok(None),
        Some(value) => Format::named(&value).map(Some).ok_or_else(|| {
            ConfigError(format!(
                "{name} must be one of {}",
                Format::NAMES.join(", ")
            ))
        }),
    }
}

pub(super) fn proxy(
    (text, name): (Option<String>, String),
) -> Result<Option<SecretString>, ConfigError> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim();
    let fits = Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if !fits {
        return Err(ConfigError(format!(
            "{name} is not the URL of a proxy such as http://proxy.example.com:3128"
        )));
    }
    Ok(Some(SecretString::from(text)))
}

fn other_base_urls(
    api: &Api,
    variable: &dyn Fn(&str) -> Option<String>,
    allow_http: bool,
) -> Result<BTreeMap<&'static str, BaseUrl>, ConfigError> {
    let mut found = BTreeMap::new();
    for name in api
        .operations
        .iter()
        .filter_map(|op| Some(op.server?.variable))
    {
        if found.contains_key(name) {
            continue;
        }
        if let Some(text) = variable(name).filter(|text| !text.trim().is_empty()) {
            let base = BaseUrl::parse_for(api.env_prefix, name, &text, allow_http)?;
            found.insert(name, base);
        }
    }
    Ok(found)
}

fn missing_base_url(api: &Api, name: &str) -> String {
    format!(
        "{name} is not set: the address of the service is needed{}",
        suggestion(api.servers)
    )
}

fn suggestion(servers: &[&str]) -> String {
    servers.first().map_or_else(String::new, |server| {
        format!(
            "; the API's document suggests {}",
            crate::text::clean(server)
        )
    })
}
