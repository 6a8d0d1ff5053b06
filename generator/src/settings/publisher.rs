//! Who publishes the server, and where it can be had: `bundle` of the settings.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

use super::tree::Tree;
use crate::diagnostics::{Code, Sink};

/// Most characters of a description (MCP Registry, `server.json`, `description`).
const DESCRIPTION: usize = 100;
/// Most characters of a name there.
const NAME: usize = 200;

/// What stands on packages beside what the document says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Publisher {
    /// Name in the MCP Registry: `com.example/acme-crm`.
    pub name: Option<String>,
    /// Version of what is published (Semantic Versioning 2.0.0).
    pub version: Option<String>,
    /// What the server is for, at most 100 characters.
    pub description: Option<String>,
    /// Who publishes it.
    pub author: Option<String>,
    /// Where they are reached.
    pub email: Option<String>,
    /// Their page about it.
    pub homepage: Option<String>,
    /// Where its source is.
    pub repository: Option<String>,
    /// Where it is explained.
    pub documentation: Option<String>,
    /// Where users ask for help.
    pub support: Option<String>,
    /// What becomes of users' data.
    pub privacy_policy: Option<String>,
    /// SPDX expression of the licence.
    pub license: Option<String>,
    /// A square PNG.
    pub icon: Option<PathBuf>,
    /// URL of /mcp where it is run for others.
    pub url: Option<String>,
    /// Who may call there.
    pub auth: InboundAuth,
    /// Its container image, without a tag.
    pub image: Option<String>,
    /// Where the .mcpb file is downloaded.
    pub mcpb_url: Option<String>,
    /// Shelf in the ChatGPT store.
    pub category: Option<String>,
    /// The service's address, where `server.base_url` names it: packages offer it.
    pub base_url: Option<String>,
}

/// Who may call a server over HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InboundAuth {
    /// Those with a credential of the service.
    #[default]
    Passthrough,
    /// Those with an access token of an authorization server.
    OAuth,
    /// Those with a key of the server.
    Keys,
}

impl InboundAuth {
    /// As `http --auth` takes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passthrough => "passthrough",
            Self::OAuth => "oauth",
            Self::Keys => "keys",
        }
    }
}

/// A rule that a text has to follow, and how it is said.
type Rule = (fn(&str) -> bool, &'static str);

/// Reads the table; what is wrong with it goes to the sink.
pub(super) fn publisher(table: Option<&Tree>, sink: &mut Sink) -> Publisher {
    let mut text = |key: &str, rule: Option<Rule>| -> Option<String> {
        let tree = table?.get(key)?;
        let text = tree.text()?.trim();
        if let Some((holds, wanted)) = rule
            && !holds(text)
        {
            let message = format!("`bundle.{key}` must be {wanted}");
            sink.push(tree.place.finding(Code::E0922, message));
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    };
    let https: Option<Rule> = Some((is_https, "an address that starts with `https://`"));
    Publisher {
        name: text(
            "name",
            Some((
                is_name,
                "a domain backwards, a slash and a name: `com.example/acme-crm`",
            )),
        ),
        version: text(
            "version",
            Some((is_version, "a version of three numbers, as `1.2.0`")),
        ),
        description: text(
            "description",
            Some((
                |text| (1..=DESCRIPTION).contains(&text.chars().count()) && !text.contains('\n'),
                "one line of at most 100 characters",
            )),
        ),
        author: text("author", None),
        email: text("email", Some((is_email, "an e-mail address"))),
        homepage: text("homepage", https),
        repository: text("repository", https),
        documentation: text("documentation", https),
        support: text("support", https),
        privacy_policy: text("privacy_policy", https),
        license: text("license", None),
        icon: text("icon", None).map(PathBuf::from),
        url: text("url", https),
        auth: match text("auth", None).as_deref() {
            Some("oauth") => InboundAuth::OAuth,
            Some("keys") => InboundAuth::Keys,
            _ => InboundAuth::Passthrough,
        },
        image: text(
            "image",
            Some((
                is_image,
                "an image without a tag, as `ghcr.io/acme/acme-crm-mcp`",
            )),
        ),
        mcpb_url: text("mcpb_url", https),
        category: text("category", None),
        base_url: None,
    }
}

/// Regular expressions of our own are tested; one that did not compile would let nothing through.
fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|regex| regex.is_match(text))
}

fn is_name(text: &str) -> bool {
    static PATTERN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+/[a-zA-Z0-9._-]+$").ok());
    text.len() <= NAME && matches(&PATTERN, text)
}

fn is_version(text: &str) -> bool {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let number = "(0|[1-9][0-9]{0,8})";
        let part = "(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
        let build = "[0-9A-Za-z-]+";
        // Semantic Versioning 2.0.0 §2, §9 and §10.
        Regex::new(&format!(
            r"^{number}\.{number}\.{number}(-{part}(\.{part})*)?(\+{build}(\.{build})*)?$"
        ))
        .ok()
    });
    // As long as a label of Kubernetes may be.
    text.len() <= 63 && matches(&PATTERN, text)
}

fn is_email(text: &str) -> bool {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$").ok()
    });
    text.len() <= 254 && matches(&PATTERN, text)
}

/// A repository by the OCI distribution specification, below a registry or alone.
fn is_image(text: &str) -> bool {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let part = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
        Regex::new(&format!(
            "^([a-z0-9.-]+(:[0-9]{{1,5}})?/)?{part}(/{part})*$"
        ))
        .ok()
    });
    text.len() <= 255 && matches(&PATTERN, text)
}

fn is_https(text: &str) -> bool {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
    !host.is_empty() && !host.contains('@') && rest.bytes().all(plain) && text.len() <= 500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_lets_through_what_registries_take_and_nothing_else() {
        type Row<'a> = (fn(&str) -> bool, &'a [&'a str], &'a [&'a str]);
        let rows: [Row<'_>; 5] = [
            (
                is_name,
                &["com.example/acme-crm", "io.github.a-b/x_1.y"],
                &[
                    "acme-crm",
                    "example/acme",
                    "com.example/a/b",
                    "com.example/",
                    "com.example/a b",
                ],
            ),
            (
                is_version,
                &["0.1.0", "1.2.3-rc.1", "1.2.3+5"],
                &[
                    "1", "1.2", "01.2.3", "^1.2.3", "1.x.0", "latest", "v1.2.3", "",
                ],
            ),
            (
                is_email,
                &["a@example.com", "o'neil@a-b.example.org"],
                &["a", "a@b", "a@b.c d", "a b@example.com", "@example.com"],
            ),
            (
                is_image,
                &[
                    "acme-crm-mcp",
                    "ghcr.io/acme/acme-crm-mcp",
                    "localhost:5000/a/b",
                ],
                &[
                    "ghcr.io/acme/crm:1",
                    "Acme/crm",
                    "https://ghcr.io/a",
                    "a//b",
                    "",
                ],
            ),
            (
                is_https,
                &["https://example.com", "https://example.com:8443/mcp?x=1"],
                &[
                    "http://example.com",
                    "https://",
                    "https:///a",
                    "https://u:p@example.com",
                    "https://a/{b}",
                    "https://a b",
                ],
            ),
        ];
        for (holds, good, bad) in rows {
            for text in good {
                assert!(holds(text), "{text}");
            }
            for text in bad {
                assert!(!holds(text), "{text}");
            }
        }
    }
}
