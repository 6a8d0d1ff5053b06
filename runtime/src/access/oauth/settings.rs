//! What the operator configures of `http --auth oauth`. What is missing or contradicts itself ends the start.

use secrecy::SecretString;
use std::fmt;

use url::Url;

use super::place::Place;
use crate::operation::{Api, SchemeKind};
use crate::upstream::{
    ClientAuth, ClientIdentity, ConfigError, Issuers, issuer_endpoint, read_secret,
};

/// Variables that mean that callers bring tokens along.
const OWN: [&str; 12] = [
    "OAUTH_ISSUER",
    "OAUTH_JWKS_URL",
    "OAUTH_AUDIENCE",
    "OAUTH_SCOPES",
    "OAUTH_INTROSPECTION_URL",
    "OAUTH_INTROSPECTION_SECONDS",
    "OAUTH_CLIENT_ID",
    "OAUTH_CLIENT_SECRET",
    "OAUTH_CLIENT_SECRET_FILE",
    "OAUTH_EXCHANGE_URL",
    "OAUTH_EXCHANGE_AUDIENCE",
    "OAUTH_EXCHANGE_SCOPES",
];
/// For how long an answer about a token is kept, in seconds: what is usual, and at most.
const KEPT: u64 = 10;
const MOST_KEPT: u64 = 60;

/// How tokens are judged. It prints no secret.
pub(crate) struct Settings {
    pub(super) place: Place,
    /// To the letter, as it stands in tokens.
    pub(super) issuer: String,
    /// Names of this server besides its URLs.
    pub(super) audiences: Vec<String>,
    /// What scopes mean; see `offered.rs`.
    pub(super) scopes: Option<String>,
    pub(super) check: Check,
    pub(super) exchange: Option<Exchange>,
    pub(super) client: Option<ClientIdentity>,
    pub(super) allow_http: bool,
    pub(super) issuers: Issuers,
}

/// How a token is checked.
#[derive(Debug)]
pub(super) enum Check {
    /// By the issuer's keys: at this address, or where its metadata says.
    Keys(Option<Url>),
    /// By asking the issuer (RFC 7662), whose answers are kept for so many seconds.
    Asked { url: Url, seconds: u64 },
}

/// Where tokens of callers are exchanged for tokens of the service (RFC 8693).
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) url: Url,
    pub(super) audience: Option<String>,
    pub(super) scopes: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({})", self.issuer)
    }
}

/// The first variable that is set although no tokens are asked for.
pub(crate) fn any_set(prefix: &str, variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let names = OWN.iter().map(|suffix| format!("{prefix}_{suffix}"));
    let is_set = |name: &String| variable(name).is_some_and(|text| !text.trim().is_empty());
    names.into_iter().find(is_set)
}

impl Settings {
    /// Reads the variables of an API. `public` is the URL of `/mcp` as clients reach it, if the command line has
    /// it.
    ///
    /// # Errors
    /// One line that says how to mend it.
    pub(crate) fn read(
        api: &Api,
        public: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let prefix = api.env_prefix;
        let name = |suffix: &str| format!("{prefix}_{suffix}");
        let plain = |suffix: &str| {
            let text = variable(&name(suffix)).map(|text| text.trim().to_owned());
            text.filter(|text| !text.is_empty())
        };
        let wrong = |why: String| Err(ConfigError(why));
        let allow_http = matches!(plain("ALLOW_HTTP").as_deref(), Some("1" | "true"));
        let url = |suffix: &str| {
            let text = plain(suffix);
            let url = text.map(|text| issuer_endpoint(&name(suffix), &text, allow_http));
            url.transpose()
        };
        let Some(place) = place(api, public, variable)? else {
            return wrong(format!(
                "--auth oauth needs the URL by which clients reach this server, since tokens are issued for it: set {} (or --public-url), for example to https://crm.example.com/mcp",
                name("PUBLIC_URL")
            ));
        };
        let Some(issuer) = plain("OAUTH_ISSUER") else {
            return wrong(format!(
                "--auth oauth needs {}, the issuer of access tokens as its metadata names it, for example https://id.example.com/realms/crm",
                name("OAUTH_ISSUER")
            ));
        };
        let issuer_url = issuer_endpoint(&name("OAUTH_ISSUER"), &issuer, allow_http)?;
        if issuer_url.query().is_some() {
            return wrong(format!("{} must not have a query", name("OAUTH_ISSUER")));
        }
        let jwks = url("OAUTH_JWKS_URL")?;
        let introspection = url("OAUTH_INTROSPECTION_URL")?;
        let seconds = match plain("OAUTH_INTROSPECTION_SECONDS") {
            None => KEPT,
            Some(_) if introspection.is_none() => {
                return wrong(format!(
                    "{} needs {}",
                    name("OAUTH_INTROSPECTION_SECONDS"),
                    name("OAUTH_INTROSPECTION_URL")
                ));
            }
            Some(text) => match text.parse::<u64>() {
                Ok(seconds) if seconds <= MOST_KEPT => seconds,
                _ => {
                    return wrong(format!(
                        "{} must be a whole number of seconds from 0 to {MOST_KEPT}",
                        name("OAUTH_INTROSPECTION_SECONDS")
                    ));
                }
            },
        };
        let check = match (jwks, introspection) {
            (Some(_), Some(_)) => {
                return wrong(format!(
                    "{} and {} are both set: tokens are checked by the issuer's keys or by asking it; unset one",
                    name("OAUTH_JWKS_URL"),
                    name("OAUTH_INTROSPECTION_URL")
                ));
            }
            (jwks, None) => Check::Keys(jwks),
            (None, Some(url)) => Check::Asked { url, seconds },
        };
        let exchange = url("OAUTH_EXCHANGE_URL")?;
        for suffix in ["OAUTH_EXCHANGE_AUDIENCE", "OAUTH_EXCHANGE_SCOPES"] {
            if exchange.is_none() && plain(suffix).is_some() {
                let needed = name("OAUTH_EXCHANGE_URL");
                return wrong(format!("{} needs {needed}", name(suffix)));
            }
        }
        if exchange.is_some() && !takes_tokens(api) {
            return wrong(format!(
                "{} is set, and the document of {} has no scheme whose credential is a token (http bearer, oauth2, openIdConnect); unset it, and configure the credential of the service",
                name("OAUTH_EXCHANGE_URL"),
                crate::text::clean(api.title)
            ));
        }
        let exchange = exchange.map(|url| Exchange {
            url,
            audience: plain("OAUTH_EXCHANGE_AUDIENCE"),
            scopes: plain("OAUTH_EXCHANGE_SCOPES"),
        });
        let asks = matches!(check, Check::Asked { .. }) || exchange.is_some();
        let client = client(&name, &plain, variable, asks)?;
        let urls = [
            Some(&issuer_url),
            match &check {
                Check::Keys(url) => url.as_ref(),
                Check::Asked { url, .. } => Some(url),
            },
            exchange.as_ref().map(|exchange| &exchange.url),
        ];
        let https = urls
            .into_iter()
            .flatten()
            .any(|url| url.scheme() == "https");
        Ok(Self {
            place,
            issuer,
            audiences: plain("OAUTH_AUDIENCE")
                .unwrap_or_default()
                .split([' ', ','])
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            scopes: plain("OAUTH_SCOPES"),
            check,
            exchange,
            client,
            allow_http,
            issuers: Issuers::new(api, https, variable)?,
        })
    }

    /// Host by which clients reach this server.
    pub(crate) fn host(&self) -> &str {
        self.place.host()
    }

    /// Whether callers' tokens are exchanged for tokens of the service.
    pub(crate) const fn exchanges(&self) -> bool {
        self.exchange.is_some()
    }
}

/// The URL of `/mcp` as clients reach it, if the command line (`given`) or the environment has it.
///
/// # Errors
/// One line that says how to mend it.
pub(crate) fn public_url(
    api: &Api,
    given: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, ConfigError> {
    Ok(place(api, given, variable)?.map(|place| place.url()))
}

fn place(
    api: &Api,
    given: Option<&str>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Place>, ConfigError> {
    let plain = |name: &str| {
        let text = variable(name).map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let name = format!("{}_PUBLIC_URL", api.env_prefix);
    let allow_http = plain(&format!("{}_ALLOW_HTTP", api.env_prefix));
    let allow_http = matches!(allow_http.as_deref(), Some("1" | "true"));
    let url = given.map(str::to_owned).or_else(|| plain(&name));
    url.map(|url| Place::new(&name, &url, allow_http))
        .transpose()
}

/// What this server is to the issuer, where it asks it something.
fn client(
    name: &dyn Fn(&str) -> String,
    plain: &dyn Fn(&str) -> Option<String>,
    variable: &dyn Fn(&str) -> Option<String>,
    asks: bool,
) -> Result<Option<ClientIdentity>, ConfigError> {
    let id = read_secret(&name("OAUTH_CLIENT_ID"), variable)?;
    let secret = read_secret(&name("OAUTH_CLIENT_SECRET"), variable)?;
    let auth = match plain("OAUTH_CLIENT_AUTH").as_deref() {
        None | Some("basic") => ClientAuth::Basic,
        Some("post") => ClientAuth::Post,
        Some(_) => {
            let name = name("OAUTH_CLIENT_AUTH");
            return Err(ConfigError(format!("{name} must be basic or post")));
        }
    };
    match (id, secret) {
        (Some(_), _) | (_, Some(_)) if !asks => Err(ConfigError(format!(
            "{} or its secret is set, and the issuer is asked nothing: set {} or {}, or unset it",
            name("OAUTH_CLIENT_ID"),
            name("OAUTH_INTROSPECTION_URL"),
            name("OAUTH_EXCHANGE_URL")
        ))),
        (Some(id), Some(secret)) => Ok(Some(ClientIdentity {
            id,
            secret: Some(SecretString::from(secret)),
            auth,
        })),
        _ if asks => Err(ConfigError(format!(
            "the issuer answers only a client of its own: set {} and {} (or {}_FILE)",
            name("OAUTH_CLIENT_ID"),
            name("OAUTH_CLIENT_SECRET"),
            name("OAUTH_CLIENT_SECRET")
        ))),
        _ => Ok(None),
    }
}

fn takes_tokens(api: &Api) -> bool {
    let mut kinds = api.security_schemes.iter().map(|scheme| scheme.kind);
    kinds.any(|kind| {
        matches!(
            kind,
            SchemeKind::Bearer | SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. }
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::SecurityScheme;

    static TOKENS: Api = Api {
        title: "X",
        env_prefix: "X",
        security_schemes: &[&SecurityScheme {
            name: "token",
            kind: SchemeKind::Bearer,
            variables: &["X_TOKEN"],
        }],
        ..Api::DEFAULT
    };
    static NONE: Api = Api {
        title: "X",
        env_prefix: "X",
        ..Api::DEFAULT
    };
    const PUBLIC: (&str, &str) = ("X_PUBLIC_URL", "https://crm.example/mcp");
    const ISSUER: (&str, &str) = ("X_OAUTH_ISSUER", "https://id.example");
    const ID: (&str, &str) = ("X_OAUTH_CLIENT_ID", "rs");
    const SECRET: (&str, &str) = ("X_OAUTH_CLIENT_SECRET", "canary");
    const ASKED: (&str, &str) = ("X_OAUTH_INTROSPECTION_URL", "https://id.example/i");
    const EXCHANGE: (&str, &str) = ("X_OAUTH_EXCHANGE_URL", "https://id.example/token");

    fn read(api: &Api, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variable = |name: &str| {
            let mut known = variables.iter();
            let known = known.find(|(known, _)| *known == name);
            known.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(api, None, &variable).map_err(|error| error.0)
    }

    #[test]
    fn what_is_complete_is_read() {
        for variables in [
            vec![PUBLIC, ISSUER],
            vec![
                PUBLIC,
                ISSUER,
                ("X_OAUTH_JWKS_URL", "https://id.example/keys"),
            ],
            vec![PUBLIC, ISSUER, ASKED, ID, SECRET],
            vec![
                PUBLIC,
                ISSUER,
                ASKED,
                ID,
                SECRET,
                ("X_OAUTH_INTROSPECTION_SECONDS", "0"),
            ],
            vec![
                PUBLIC,
                ISSUER,
                EXCHANGE,
                ID,
                SECRET,
                ("X_OAUTH_CLIENT_AUTH", "post"),
            ],
        ] {
            let read = read(&TOKENS, &variables);
            assert!(read.is_ok(), "{variables:?} {read:?}");
            assert!(!format!("{read:?}").contains("canary"));
        }
    }

    #[test]
    fn what_is_missing_or_contradicts_itself_is_said_with_the_variable_to_set() {
        for (variables, said) in [
            (vec![ISSUER], "set X_PUBLIC_URL (or --public-url)"),
            (vec![PUBLIC], "needs X_OAUTH_ISSUER"),
            (
                vec![("X_PUBLIC_URL", "http://crm.example/mcp"), ISSUER],
                "X_PUBLIC_URL is plain http",
            ),
            (
                vec![("X_PUBLIC_URL", "https://crm.example/mcp?a=b"), ISSUER],
                "X_PUBLIC_URL must not have a query",
            ),
            (
                vec![PUBLIC, ("X_OAUTH_ISSUER", "id.example")],
                "X_OAUTH_ISSUER is not an absolute URL",
            ),
            (
                vec![PUBLIC, ("X_OAUTH_ISSUER", "http://id.example")],
                "X_OAUTH_ISSUER is plain http",
            ),
            (
                vec![PUBLIC, ("X_OAUTH_ISSUER", "https://id.example/?t=1")],
                "must not have a query",
            ),
            (
                vec![
                    PUBLIC,
                    ISSUER,
                    ASKED,
                    ID,
                    SECRET,
                    ("X_OAUTH_JWKS_URL", "https://id.example/keys"),
                ],
                "are both set",
            ),
            (
                vec![PUBLIC, ISSUER, ASKED],
                "set X_OAUTH_CLIENT_ID and X_OAUTH_CLIENT_SECRET",
            ),
            (
                vec![PUBLIC, ISSUER, ASKED, ID],
                "set X_OAUTH_CLIENT_ID and X_OAUTH_CLIENT_SECRET",
            ),
            (
                vec![PUBLIC, ISSUER, EXCHANGE, SECRET],
                "set X_OAUTH_CLIENT_ID",
            ),
            (
                vec![PUBLIC, ISSUER, ID, SECRET],
                "the issuer is asked nothing",
            ),
            (
                vec![PUBLIC, ISSUER, ("X_OAUTH_EXCHANGE_AUDIENCE", "crm")],
                "X_OAUTH_EXCHANGE_AUDIENCE needs X_OAUTH_EXCHANGE_URL",
            ),
            (
                vec![
                    PUBLIC,
                    ISSUER,
                    ASKED,
                    ID,
                    SECRET,
                    ("X_OAUTH_CLIENT_AUTH", "none"),
                ],
                "must be basic or post",
            ),
            (
                vec![
                    PUBLIC,
                    ISSUER,
                    ASKED,
                    ID,
                    SECRET,
                    ("X_OAUTH_INTROSPECTION_SECONDS", "61"),
                ],
                "from 0 to 60",
            ),
            (
                vec![PUBLIC, ISSUER, ("X_OAUTH_INTROSPECTION_SECONDS", "5")],
                "needs X_OAUTH_INTROSPECTION_URL",
            ),
        ] {
            let error = read(&TOKENS, &variables).err().unwrap_or_default();
            assert!(error.contains(said), "{variables:?}: {error}");
            assert!(!error.contains("canary"), "{error}");
        }
        let error = read(&NONE, &[PUBLIC, ISSUER, EXCHANGE, ID, SECRET]).err();
        assert!(error.is_some_and(|said| said.contains("no scheme whose credential is a token")));
    }

    #[test]
    fn a_variable_that_nobody_reads_is_found() {
        let set = |name: &'static str| {
            any_set("X", &move |asked| (asked == name).then(|| "v".to_owned()))
        };
        assert_eq!(set("X_OAUTH_ISSUER").as_deref(), Some("X_OAUTH_ISSUER"));
        assert_eq!(set("X_ISSUER"), None);
    }
}
