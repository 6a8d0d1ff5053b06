//! What the API is called, where it says it is, and what the server says of itself.

use super::api::Names;
use crate::ir;
use crate::model::Node;
use crate::names::words;
use crate::text;

/// Names of crate, server and variables.
pub struct Identity {
    /// Cargo package.
    pub package: String,
    /// Server name in MCP.
    pub server: String,
    /// Display name.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// Prefix of environment variables.
    pub env_prefix: String,
}

impl Identity {
    /// From the document and what the operator says.
    pub fn of(root: &Node<'_>, names: &Names) -> Self {
        let info = root.get("info");
        let title = info
            .as_ref()
            .and_then(|i| i.str("title"))
            .map(|t| text::line(t, 80))
            .filter(|t| !t.is_empty())
            .unwrap_or_else(|| "API".to_owned());
        let version = info
            .as_ref()
            .and_then(|i| i.value.get("version"))
            .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            .map(|v| text::line(&v, 40))
            .unwrap_or_default();
        let slug = slug(&title);
        let server = names.server.clone().unwrap_or_else(|| {
            // The whole words that fit 16 characters.
            let mut short = String::new();
            for word in slug.split('-') {
                if short.len() + word.len() + usize::from(!short.is_empty()) > 16 {
                    break;
                }
                if !short.is_empty() {
                    short.push('-');
                }
                short.push_str(word);
            }
            if short.is_empty() {
                slug.chars().take(16).collect()
            } else {
                short
            }
        });
        let package = names
            .package
            .clone()
            .unwrap_or_else(|| format!("{server}-mcp"));
        let env_prefix = server.replace('-', "_").to_ascii_uppercase();
        Self {
            package,
            server,
            title,
            version,
            env_prefix,
        }
    }
}

/// Lower-case words with hyphens; words that every API has in its title are dropped.
fn slug(title: &str) -> String {
    let all = words(title);
    let telling: Vec<&String> = all
        .iter()
        .filter(|w| {
            !matches!(
                w.as_str(),
                "api" | "rest" | "the" | "openapi" | "swagger" | "for" | "and" | "documentation"
            )
        })
        .collect();
    let words = if telling.is_empty() {
        all.iter().collect()
    } else {
        telling
    };
    let slug = words
        .into_iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("-");
    match slug.chars().next() {
        None => "api".to_owned(),
        Some(c) if c.is_ascii_alphabetic() => slug,
        Some(_) => format!("api-{slug}"),
    }
}

/// What the server says of itself, in at most 512 characters. The index of its tools depends on the
/// view, so that the runtime adds it.
pub fn instructions(
    identity: &Identity,
    root: &Node<'_>,
    groups: &[ir::Group],
    operations: usize,
) -> String {
    let about = root
        .at(&["info", "description"])
        .and_then(|n| n.value.as_str())
        .map(|d| text::first_sentence(d, 200))
        .filter(|d| !d.is_empty());
    let count: usize = groups.iter().map(|g| g.operations.len()).sum();
    let covered = ir::covered(groups.iter().flat_map(|g| &g.operations));
    let mut out = match about {
        Some(about) => format!(
            "{}: {}.",
            identity.title,
            about.trim_end_matches(['.', '…'])
        ),
        None => format!("{}.", identity.title),
    };
    out.push_str(&format!(
        " {} of its API. Look records up before you create or change them; \
         never guess ids. Ask the person before anything is deleted, sent or paid.",
        text::coverage(count, covered, operations)
    ));
    let whoami = groups.iter().flat_map(|g| &g.operations).find(|operation| {
        let mut facts = operation.settled.facts.iter();
        facts.any(|fact| fact.key == "whoami" && fact.value == true)
    });
    if let Some(operation) = whoami {
        out.push_str(&format!(" {} says who you work for.", operation.tool));
    }
    out
}
