//! The variables that a server needs where a client starts it: those with which it is configured here.

use crate::operation::{Api, SchemeKind};

/// Variables of every server over stdio besides its credentials, by what they end in.
const PLAIN: &[&str] = &[
    "BASE_URL",
    "TOKEN_URL",
    "ISSUER",
    "ALLOWED_TOKEN_HOSTS",
    "CLIENT_ID",
    "CLIENT_AUTH",
    "USERNAME",
    "GRANT",
    "SCOPES",
    "TIMEOUT_SECONDS",
    "TRY_SECONDS",
    "CONNECT_SECONDS",
    "MAX_ATTEMPTS",
    "IDEMPOTENCY_KEYS",
    "IDEMPOTENCY_KEY_HOURS",
    "UNPROCESSED_503",
    "NO_RESEND",
    "RATE",
    "RATE_BURST",
    "MAX_RESPONSE_BYTES",
    "MAX_RESULT_TOKENS",
    "SEND_TRACEPARENT",
    "FORMAT",
    "CONFIRM",
    "AUDIT_VALUES",
    "AUDIT_MAX_BYTES",
    "ALLOW_HTTP",
    "ALLOW_PRIVATE",
    "VIEW",
    "TOOLSETS",
    "TOOLS",
    "EXCLUDE_TOOLS",
    "READ_ONLY",
    "RECORDS_PREFIX",
    "APPS",
    "LOG",
];

/// Those that name a file or a folder, which a client may look for from another folder.
const PATHS: &[&str] = &[
    "FILES_DIR",
    "AUDIT",
    "CLIENT_CERT_FILE",
    "CLIENT_KEY_FILE",
    "CA_FILE",
];

/// Those that hold a secret.
const SECRETS: &[&str] = &[
    "CLIENT_SECRET",
    "REFRESH_TOKEN",
    "PASSWORD",
    "SECRET",
    "STATE_URL",
    "PROXY",
];

/// Those of a server over HTTP, which no client sets.
const HTTP_ONLY: &[&str] = &[
    "MCP_KEY",
    "KEYS",
    "PEPPER",
    "ADMIN_KEY",
    "PUBLIC_URL",
    "CALLER_RATE",
    "CALLER_RATE_BURST",
    "OAUTH_ISSUER",
    "OAUTH_AUDIENCE",
    "OAUTH_JWKS_URL",
    "OAUTH_INTROSPECTION_URL",
    "OAUTH_INTROSPECTION_SECONDS",
    "OAUTH_EXCHANGE_URL",
    "OAUTH_EXCHANGE_AUDIENCE",
    "OAUTH_EXCHANGE_SCOPES",
    "OAUTH_CLIENT_ID",
    "OAUTH_CLIENT_SECRET",
    "OAUTH_CLIENT_AUTH",
    "OAUTH_SCOPES",
];

/// A variable that is set here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) value: String,
    /// Whether that is a secret.
    pub(crate) is_secret: bool,
}

/// Every variable of a server over stdio that is set here, in a fixed order; paths are absolute. A secret of
/// which `…_FILE` is set comes as that.
pub(crate) fn set(api: &Api, get: &dyn Fn(&str) -> Option<String>) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    let mut add = |name: &str, is_secret: bool, is_path: bool| {
        let Some(value) = get(name).filter(|value| !value.is_empty()) else {
            return;
        };
        if found.iter().any(|known| known.name == name) {
            return;
        }
        found.push(Variable {
            name: name.to_owned(),
            value: if is_path { absolute(&value) } else { value },
            is_secret,
        });
    };
    let has = |name: &str| get(name).is_some_and(|value| !value.is_empty());
    let mut is_bare = false;
    for scheme in api.security_schemes {
        if let (SchemeKind::Basic, [user, password]) = (scheme.kind, scheme.variables) {
            // A user name without a password is a key.
            let is_key = !has(password) && !has(&format!("{password}_FILE"));
            add(user, is_key, false);
            is_bare |= is_key && has(user);
        }
    }
    for suffix in PLAIN {
        add(&format!("{}_{suffix}", api.env_prefix), false, false);
    }
    for operation in api.operations {
        if let Some(server) = operation.server {
            add(server.variable, false, false);
        }
    }
    for suffix in PATHS {
        add(&format!("{}_{suffix}", api.env_prefix), false, true);
    }
    let schemes = api.security_schemes.iter();
    let credentials = schemes
        .filter(|scheme| scheme.kind != SchemeKind::MutualTls)
        .flat_map(|scheme| scheme.variables.iter().map(|name| (*name).to_owned()));
    let secrets = SECRETS.iter();
    let secrets = secrets.map(|suffix| format!("{}_{suffix}", api.env_prefix));
    for name in credentials.chain(secrets) {
        add(&name, true, false);
        // The value counts where both are set.
        if !has(&name) {
            add(&format!("{name}_FILE"), false, true);
        }
    }
    let empty = format!("{}_PASSWORD", api.env_prefix);
    if is_bare && get(&empty).is_some() {
        // Set to nothing, it says that the user name is a key.
        found.push(Variable {
            name: empty,
            value: String::new(),
            is_secret: false,
        });
    }
    // The address comes first, as people look for it.
    found.sort_by_key(|variable| !variable.name.ends_with("_BASE_URL"));
    found
}

/// Every variable that a server of this API reads, over stdio and HTTP; most also with `_FILE`.
pub(crate) fn known(api: &Api) -> Vec<String> {
    let suffixes = PLAIN.iter().chain(PATHS).chain(SECRETS).chain(HTTP_ONLY);
    let suffixes = suffixes.map(|suffix| format!("{}_{suffix}", api.env_prefix));
    let schemes = api.security_schemes.iter();
    let credentials = schemes.flat_map(|scheme| scheme.variables.iter().map(ToString::to_string));
    let servers = api
        .operations
        .iter()
        .filter_map(|op| Some(op.server?.variable.to_owned()));
    let mut known: Vec<String> = suffixes.chain(credentials).chain(servers).collect();
    known.sort();
    known.dedup();
    known
}

fn absolute(path: &str) -> String {
    let absolute = std::path::absolute(path);
    absolute.map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::operation::SecurityScheme;

    #[test]
    fn every_variable_of_the_help_is_known_here() {
        let api = Api {
            env_prefix: "X",
            ..Api::DEFAULT
        };
        let help = crate::cli::environment_help(&api);
        let mut names = 0;
        for line in help.lines().skip(1) {
            let named = line.trim().split("  ").next().unwrap_or_default();
            for name in named.split(", ") {
                let name = name.trim_start_matches("…_");
                let suffix = name.strip_prefix("X_").unwrap_or(name);
                let is_http = HTTP_ONLY.iter().any(|http| suffix.starts_with(http));
                let known = PLAIN
                    .iter()
                    .chain(PATHS)
                    .chain(SECRETS)
                    .any(|own| *own == suffix);
                assert!(is_http || known, "{suffix} is in no list");
                names += 1;
            }
        }
        assert!(names > 20, "{help}");
    }

    #[test]
    fn a_secret_that_is_a_file_here_is_one_there_too() {
        static BASIC: SecurityScheme = SecurityScheme {
            name: "basic",
            kind: SchemeKind::Basic,
            variables: &["X_USERNAME", "X_PASSWORD"],
        };
        static SCHEMES: &[&SecurityScheme] = &[&BASIC];
        let api = Api {
            env_prefix: "X",
            security_schemes: SCHEMES,
            ..Api::DEFAULT
        };
        let get = |name: &str| {
            let value = match name {
                "X_BASE_URL" => "https://crm.example.com",
                "X_CLIENT_SECRET_FILE" => "/etc/secret",
                "X_REFRESH_TOKEN" => "r",
                "X_REFRESH_TOKEN_FILE" => "/etc/token",
                "X_PASSWORD" | "X_VIEW" => "",
                "X_USERNAME" => "a-key",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let found = set(&api, &get);
        let shown: Vec<(&str, bool)> = found
            .iter()
            .map(|one| (one.name.as_str(), one.is_secret))
            .collect();
        assert_eq!(
            shown,
            [
                ("X_BASE_URL", false),
                ("X_USERNAME", true),
                ("X_CLIENT_SECRET_FILE", false),
                ("X_REFRESH_TOKEN", true),
                ("X_PASSWORD", false),
            ]
        );
    }
}
