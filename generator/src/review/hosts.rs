//! The hosts of the addresses in a document.

use serde_json::Value;

/// A host, and what the document names it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The host, in lower case, with the port where one is given.
    pub name: String,
    /// `server`, `authorization`, `documentation` or `text`, each once, in order of occurrence.
    pub uses: Vec<&'static str>,
}

/// More are not listed: a document can name a host in each of a million texts.
const MOST: usize = 500;

/// Adds the host of a Swagger 2.0 document, which stands there without a scheme.
pub fn add_swagger(hosts: &mut Vec<Host>, document: &Value) {
    if document.get("swagger").is_none() {
        return;
    }
    if let Some(name) = document.get("host").and_then(Value::as_str) {
        add(
            hosts,
            &format!("https://{}", name.trim()),
            ("servers", "url"),
        );
    }
}

/// Adds the hosts that the variables of the document's servers stand for, default first.
pub fn add_servers(hosts: &mut Vec<Host>, document: &Value) {
    let servers = document.get("servers").and_then(Value::as_array);
    for server in servers.into_iter().flatten() {
        let (Some(url), Some(variables)) = (
            server.get("url").and_then(Value::as_str),
            server.get("variables").and_then(Value::as_object),
        ) else {
            continue;
        };
        for url in filled(url, variables) {
            add(hosts, &url, ("servers", "url"));
        }
    }
}

/// The addresses that a template stands for.
fn filled(url: &str, variables: &serde_json::Map<String, Value>) -> Vec<String> {
    // Values multiply.
    const MOST_ADDRESSES: usize = 50;
    let mut all = vec![url.to_owned()];
    for (name, variable) in variables {
        let template = format!("{{{name}}}");
        if !url.contains(&template) {
            continue;
        }
        let values = variable.get("enum").and_then(Value::as_array);
        let mut texts: Vec<&str> = variable
            .get("default")
            .and_then(Value::as_str)
            .into_iter()
            .collect();
        for value in values.into_iter().flatten().filter_map(Value::as_str) {
            if !texts.contains(&value) {
                texts.push(value);
            }
        }
        if texts.is_empty() {
            continue;
        }
        let filled = all
            .iter()
            .flat_map(|url| texts.iter().map(|text| url.replace(&template, text)));
        all = filled.take(MOST_ADDRESSES).collect();
    }
    all
}

/// Adds the hosts of all http(s) addresses in a text; `names` are the two nearest above it.
pub fn add(hosts: &mut Vec<Host>, text: &str, names: (&str, &str)) {
    for (at, _) in text.match_indices("://") {
        let scheme = text.get(..at).unwrap_or("");
        // Schemes have no case (RFC 3986 §3.1).
        let ends_with = |end: &str| {
            let from = scheme.len().checked_sub(end.len());
            let tail = from.and_then(|from| scheme.get(from..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        };
        if !(ends_with("http") || ends_with("https")) {
            continue;
        }
        let rest = text.get(at.saturating_add(3)..).unwrap_or("");
        let Some(name) = host(rest) else { continue };
        let what = use_of(names);
        let full = hosts.len() >= MOST;
        match hosts.iter_mut().find(|host| host.name == name) {
            Some(host) if host.uses.contains(&what) => {}
            Some(host) => host.uses.push(what),
            None if full => {}
            None => hosts.push(Host {
                name,
                uses: vec![what],
            }),
        }
    }
}

/// The host and port at the start of what follows `://` (RFC 3986 §3.2), if it can be one; templates
/// (`{region}.example.com`) are kept.
fn host(rest: &str) -> Option<String> {
    let of_host = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-' | '_' | ':' | '{' | '}' | '[' | ']' | '@')
    };
    let end = rest.find(|c| !of_host(c)).unwrap_or(rest.len());
    let authority = rest.get(..end.min(255)).unwrap_or("");
    let name = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let name = name.trim_end_matches(['.', ':', '-', '_']);
    (!name.is_empty() && name.contains(|c: char| c.is_ascii_alphanumeric()))
        .then(|| name.to_ascii_lowercase())
}

fn use_of(names: (&str, &str)) -> &'static str {
    match names {
        ("servers" | "server", "url") => "server",
        ("contact" | "license" | "externalDocs", "url") | ("info", "termsOfService") => {
            "documentation"
        }
        (
            _,
            "tokenUrl"
            | "authorizationUrl"
            | "refreshUrl"
            | "deviceAuthorizationUrl"
            | "openIdConnectUrl"
            | "oauth2MetadataUrl",
        ) => "authorization",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, add, add_servers, add_swagger};

    #[test]
    fn hosts_of_swagger_and_of_server_variables_are_listed() {
        for (document, expected) in [
            (
                serde_json::json!({"swagger": "2.0", "host": "api.example.com:8443"}),
                vec!["api.example.com:8443"],
            ),
            (serde_json::json!({"host": "api.example.com"}), vec![]),
            (
                serde_json::json!({"servers": [{
                    "url": "https://{region}.example.com/{version}",
                    "variables": {
                        "region": {"default": "eu", "enum": ["us", "eu"]},
                        "version": {"default": "v1"}
                    }
                }]}),
                vec!["eu.example.com", "us.example.com"],
            ),
            (
                serde_json::json!({"servers": [{"url": "{host}/v1", "variables": {"host": {"default": "https://a.example"}}}]}),
                vec!["a.example"],
            ),
            (
                serde_json::json!({"servers": [{"url": "https://{x}.example.com"}]}),
                vec![],
            ),
        ] {
            let mut hosts = Vec::new();
            add_swagger(&mut hosts, &document);
            add_servers(&mut hosts, &document);
            let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
            assert_eq!(names, expected, "{document}");
        }
    }

    #[test]
    fn hosts_are_listed_once_with_their_uses() {
        let mut hosts = Vec::new();
        for (text, names) in [
            ("https://API.example.com/v1", ("servers", "url")),
            (
                "See (https://docs.example.com). Or http://api.example.com:8080!",
                ("get", "description"),
            ),
            ("https://user:x@api.example.com", ("password", "tokenUrl")),
            ("https://docs.example.com/x", ("externalDocs", "url")),
            ("https://{region}.example.com", ("servers", "url")),
            ("ftp://files.example.com and https://", ("", "description")),
        ] {
            add(&mut hosts, text, names);
        }
        let host = |name: &str, uses: &[&'static str]| Host {
            name: name.to_owned(),
            uses: uses.to_vec(),
        };
        assert_eq!(
            hosts,
            [
                host("api.example.com", &["server", "authorization"]),
                host("docs.example.com", &["text", "documentation"]),
                host("api.example.com:8080", &["text"]),
                host("{region}.example.com", &["server"]),
            ]
        );
    }
}
