//! What whoever installs the server is asked for: the service's address, and credentials.

use super::Subject;
use crate::ir::{Scheme, SchemeKind};
use crate::names::title;
use crate::text;

/// A variable of the server's environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// `ACME_CRM_API_KEY`
    pub variable: String,
    /// `api_key`
    pub key: String,
    /// `API key`
    pub title: String,
    /// What it is for.
    pub about: String,
    /// The same, as a kind.
    pub purpose: Purpose,
    /// Whether it is never to be seen.
    pub secret: bool,
    /// Whether it holds the path of a file.
    pub file: bool,
    /// Whether nothing works without it.
    pub required: bool,
    /// What it is unless something else is given.
    pub default: Option<String>,
}

/// What a variable is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The service's address.
    Address,
    /// That of a part of it.
    OtherAddress,
    /// What lets in there.
    Credential,
}

/// All of them, in the order in which they are asked for.
pub(super) fn inputs(subject: Subject<'_>) -> Vec<Input> {
    let api = subject.api;
    let title = subject.title();
    let mut all = vec![Input {
        variable: format!("{}_BASE_URL", api.env_prefix),
        key: "base_url".to_owned(),
        title: "Address".to_owned(),
        about: format!("Where your {title} answers, without the paths of single calls"),
        purpose: Purpose::Address,
        secret: false,
        file: false,
        required: true,
        default: subject.publisher.base_url.clone(),
    }];
    for server in &api.own_servers {
        let key = key(api.env_prefix.as_str(), &server.variable);
        all.push(Input {
            title: said(&key),
            key,
            variable: server.variable.clone(),
            about: format!("Where the part of {title} that has an address of its own answers"),
            purpose: Purpose::OtherAddress,
            secret: false,
            file: false,
            required: false,
            default: None,
        });
    }
    let usable: Vec<&Scheme> = api
        .schemes
        .iter()
        .filter(|scheme| scheme.kind != SchemeKind::Unsupported)
        .collect();
    // Where there are several, one of them may be enough.
    let needed = usable.len() == 1 && is_needed_everywhere(subject);
    for scheme in &usable {
        let variables: Vec<String> = match scheme.kind {
            SchemeKind::MutualTls => ["CLIENT_CERT_FILE", "CLIENT_KEY_FILE"]
                .iter()
                .map(|name| format!("{}_{name}", api.env_prefix))
                .collect(),
            _ => scheme.variables.clone(),
        };
        for variable in variables {
            let key = key(&api.env_prefix, &variable);
            let what = kind(scheme);
            let one_of = if usable.len() > 1 {
                "; one credential is enough where the service takes any of them"
            } else {
                ""
            };
            all.push(Input {
                title: said(&key),
                about: format!("{what} of your account in {title}{one_of}"),
                purpose: Purpose::Credential,
                secret: !["_USERNAME", "_CLIENT_ID", "_FILE"]
                    .iter()
                    .any(|end| variable.ends_with(end)),
                file: scheme.kind == SchemeKind::MutualTls,
                required: needed,
                default: None,
                key,
                variable,
            });
        }
    }
    all
}

/// Whether each tool needs a credential.
fn is_needed_everywhere(subject: Subject<'_>) -> bool {
    let mut operations = subject.api.operations();
    operations.all(|one| !one.security.is_empty() && one.security.iter().all(|all| !all.is_empty()))
}

/// What a credential is, in words.
pub(super) fn kind(scheme: &Scheme) -> String {
    match &scheme.kind {
        SchemeKind::HeaderKey(name) | SchemeKind::QueryKey(name) | SchemeKind::CookieKey(name) => {
            format!("The key ({})", text::line(name, 60))
        }
        SchemeKind::BodyKey(name, _) => format!("The key ({})", text::line(name, 60)),
        SchemeKind::Basic => "User name or password".to_owned(),
        SchemeKind::Bearer => "The token".to_owned(),
        SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_) => "An access token".to_owned(),
        SchemeKind::MutualTls => "The client certificate or its key (PEM)".to_owned(),
        SchemeKind::Unsupported => "The credential".to_owned(),
    }
}

/// `ACME_CRM_API_KEY` → `api_key`
fn key(prefix: &str, variable: &str) -> String {
    let own = variable.strip_prefix(prefix).unwrap_or(variable);
    own.trim_start_matches('_').to_ascii_lowercase()
}

/// `api_key` → `API key`
fn said(key: &str) -> String {
    let words: Vec<String> = key
        .split('_')
        .map(|word| match word {
            "api" | "url" | "id" => word.to_ascii_uppercase(),
            _ => word.to_owned(),
        })
        .collect();
    title(&words)
}
