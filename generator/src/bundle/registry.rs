//! `server.json` of the MCP Registry (schema 2025-12-11).

use serde_json::{Map, Value, json};

use super::inputs::{Input, inputs, kind};
use super::{Made, Subject, pretty};
use crate::ir::SchemeKind;
use crate::settings::InboundAuth;

/// Its schema.
const SCHEMA: &str = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/// The entry.
///
/// # Errors
/// One line that says what is missing.
pub(super) fn files(subject: Subject<'_>, bundle_sha256: Option<&str>) -> Result<Made, String> {
    let publisher = subject.publisher;
    let name = publisher.name.as_deref().ok_or(
        "the MCP Registry needs `bundle.name` in mcpwright.toml, a domain of yours backwards and a name: \
         `com.example/acme-crm`, or `io.github.USER/acme-crm`",
    )?;
    let inputs = inputs(subject);
    let mut packages = Vec::new();
    if publisher.mcpb_url.is_some() && bundle_sha256.is_none() {
        return Err(
            "`bundle.mcpb_url` is set, and the entry has the digest of that file: make both in one run, \
             `mcpwright bundle mcpb registry`"
                .to_owned(),
        );
    }
    if let (Some(url), Some(sha256)) = (&publisher.mcpb_url, bundle_sha256) {
        packages.push(json!({
            "registryType": "mcpb",
            "identifier": url,
            "fileSha256": sha256,
            "transport": {"type": "stdio"},
        }));
    }
    if let Some(image) = &publisher.image {
        packages.push(json!({
            "registryType": "oci",
            "identifier": format!("{image}:{}", subject.tag()),
            "transport": {"type": "stdio"},
            "packageArguments": [{"type": "positional", "value": "stdio"}],
            "environmentVariables": inputs.iter().map(variable).collect::<Vec<_>>(),
        }));
    }
    let remotes: Vec<Value> = publisher
        .url
        .iter()
        .map(|url| remote(subject, url))
        .collect();
    if packages.is_empty() && remotes.is_empty() {
        return Err(
            "the MCP Registry needs a place where the server can be had: set `bundle.url` (where you run it), \
             `bundle.image` (its container image) or `bundle.mcpb_url` (where the .mcpb file is downloaded, and \
             make `mcpb` in the same run)"
                .to_owned(),
        );
    }
    let mut all = Map::new();
    all.insert("$schema".to_owned(), json!(SCHEMA));
    all.insert("name".to_owned(), json!(name));
    all.insert("title".to_owned(), json!(subject.title()));
    all.insert("description".to_owned(), json!(subject.description()));
    all.insert("version".to_owned(), json!(subject.version()));
    if let Some(url) = &publisher.homepage {
        all.insert("websiteUrl".to_owned(), json!(url));
    }
    if let Some(url) = &publisher.repository {
        all.insert(
            "repository".to_owned(),
            json!({"url": url, "source": forge(url)}),
        );
    }
    if !packages.is_empty() {
        all.insert("packages".to_owned(), Value::Array(packages));
    }
    if !remotes.is_empty() {
        all.insert("remotes".to_owned(), Value::Array(remotes));
    }
    Ok(Made::from([(
        "server.json".to_owned(),
        pretty(&Value::Object(all)),
    )]))
}

/// The service that hosts a repository.
fn forge(url: &str) -> String {
    let host = url.trim_start_matches("https://").split(['/', ':']).next();
    let host = host.unwrap_or_default().to_ascii_lowercase();
    let known = ["github", "gitlab", "bitbucket", "codeberg"];
    let found = known.iter().find(|name| {
        host.strip_prefix(**name)
            .is_some_and(|rest| rest == ".com" || rest == ".org")
    });
    found.map_or(host.clone(), |name| (*name).to_owned())
}

/// A variable of a container.
fn variable(input: &Input) -> Value {
    let mut variable = json!({
        "name": input.variable,
        "description": input.about,
        "isRequired": input.required,
        "isSecret": input.secret,
        "format": if input.file { "filepath" } else { "string" },
    });
    if let (Some(default), Some(variable)) = (&input.default, variable.as_object_mut()) {
        variable.insert("default".to_owned(), json!(default));
    }
    variable
}

/// Where it is run for others, and what they send.
fn remote(subject: Subject<'_>, url: &str) -> Value {
    let mut remote = json!({"type": "streamable-http", "url": url});
    let headers = headers(subject);
    if let (false, Some(remote)) = (headers.is_empty(), remote.as_object_mut()) {
        remote.insert("headers".to_owned(), Value::Array(headers));
    }
    remote
}

/// Header fields that let a caller in.
fn headers(subject: Subject<'_>) -> Vec<Value> {
    let title = subject.title();
    let bearer = |about: String, is_required: bool| {
        json!({
            "name": "Authorization",
            "description": about,
            "isRequired": is_required,
            "isSecret": true,
            "value": "Bearer {token}",
            "variables": {"token": {"isRequired": is_required, "isSecret": true}},
        })
    };
    match subject.publisher.auth {
        // Clients find the authorization server by themselves.
        InboundAuth::OAuth => Vec::new(),
        InboundAuth::Keys => vec![bearer("A key of this server".to_owned(), true)],
        InboundAuth::Passthrough => {
            let mut has_bearer = false;
            let sent = subject.api.schemes.iter().filter_map(|scheme| {
                let about = format!("{} of your account in {title}", kind(scheme));
                let only = subject.api.schemes.len() == 1;
                match &scheme.kind {
                    SchemeKind::HeaderKey(name) => Some(json!({
                        "name": name,
                        "description": about,
                        "isRequired": only,
                        "isSecret": true,
                    })),
                    // One field, whichever of them it is.
                    SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_) => {
                        (!std::mem::replace(&mut has_bearer, true)).then(|| bearer(about, only))
                    }
                    _ => None,
                }
            });
            sent.collect()
        }
    }
}
