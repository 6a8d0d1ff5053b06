//! What a server is published as: a bundle for desktop clients, an entry of the MCP Registry, a container
//! image, a Helm chart, a skill, and what stores ask for.
//!
//! Pure: the IR and the publisher's words in, files out. The command line builds programs and writes.
//!
//! | file | subject |
//! |---|---|
//! | `inputs.rs` | what whoever installs it is asked for |
//! | `program.rs` | which system a program is for |
//! | `mcpb.rs` | `manifest.json` and the archive (MCPB 0.3) |
//! | `registry.rs` | `server.json` (MCP Registry, 2025-12-11) |
//! | `container.rs` | Dockerfile, Compose file, Helm chart |
//! | `submission.rs` | what the stores of Claude and ChatGPT ask for |

mod container;
mod inputs;
mod mcpb;
mod program;
mod registry;
mod submission;

use std::collections::BTreeMap;

pub use mcpb::archive;
pub use program::{Platform, Program};

use crate::ir::{Api, Hints, Risk};
use crate::settings::Publisher;
use crate::text;

/// Path with `/`, relative to the folder of the bundle, to bytes.
pub type Made = BTreeMap<String, Vec<u8>>;

/// What is published.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The server.
    pub api: &'a Api,
    /// Who publishes it.
    pub publisher: &'a Publisher,
    /// From where its image is built.
    pub source: &'a Source,
}

/// The folder that an image is built from, with `/` between folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The folder of the crate, or of the workspace that it is a member of, as seen from the folder `docker` of the
    /// bundle: `../../acme-crm-mcp`.
    pub folder: String,
    /// The Dockerfile as seen from there: `../bundle/docker/Dockerfile`.
    pub dockerfile: String,
}

/// A form of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Kind {
    /// A `.mcpb` file, which Claude Desktop and others install by a click.
    Mcpb,
    /// `server.json` for the MCP Registry.
    Registry,
    /// A Dockerfile and a Compose file.
    Docker,
    /// A Helm chart.
    Helm,
    /// The skill, which tells agents how to work with the tools.
    Skill,
    /// What the stores of Claude and ChatGPT ask for.
    Submission,
}

impl Kind {
    /// All, in the order in which they are made: the registry's entry has the bundle's digest.
    pub const ALL: [Self; 6] = [
        Self::Mcpb,
        Self::Registry,
        Self::Docker,
        Self::Helm,
        Self::Skill,
        Self::Submission,
    ];
}

/// A tool, whatever it is made of.
#[derive(Clone, Copy, Debug)]
struct Tool<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    hints: Hints,
    risk: Risk,
    /// What it does on the wire, and why it has its class; nothing for a composite.
    wire: Option<(&'a str, &'a str, &'a str)>,
    has_output_schema: bool,
}

impl<'a> Subject<'a> {
    /// Version of what is published.
    fn version(self) -> &'a str {
        self.publisher.version.as_deref().unwrap_or("0.1.0")
    }

    /// The same as a tag of an image, where `+` cannot be.
    fn tag(self) -> String {
        self.version().replace('+', "_")
    }

    /// What its image is called where it is built.
    pub(crate) fn local_image(self) -> &'a str {
        let image = self.publisher.image.as_deref();
        image.unwrap_or(&self.api.package)
    }

    /// What people read first, in at most 100 characters.
    fn description(self) -> String {
        match &self.publisher.description {
            Some(text) => text.clone(),
            None => text::line(
                &format!("MCP server for {}: {}", self.title(), self.coverage()),
                100,
            ),
        }
    }

    fn title(self) -> String {
        text::line(&self.api.title, 60)
    }

    /// `116 tools`.
    fn coverage(self) -> String {
        text::counted(self.tools().count(), "tool")
    }

    /// Name of the publisher, or of the service.
    fn author(self) -> String {
        match &self.publisher.author {
            Some(author) => text::line(author, 100),
            None => self.title(),
        }
    }

    /// All tools, in the order in which they are listed.
    fn tools(self) -> impl Iterator<Item = Tool<'a>> {
        let operations = self.api.operations().map(|one| Tool {
            name: &one.tool,
            title: &one.title,
            description: &one.description,
            hints: one.hints,
            risk: one.risk,
            wire: Some((&one.method, &one.path, &one.risk_reason)),
            has_output_schema: one.output_schema.is_some(),
        });
        let composites = self.api.composites.iter().map(|one| Tool {
            name: &one.tool,
            title: &one.title,
            description: &one.description,
            hints: one.hints,
            risk: one.risk,
            wire: None,
            has_output_schema: false,
        });
        operations.chain(composites)
    }

    /// What is missing for those who will look at it, one line each.
    #[must_use]
    pub fn remarks(self, kinds: &[Kind]) -> Vec<String> {
        let publisher = self.publisher;
        let has = |kind: Kind| kinds.contains(&kind);
        let mut missing = Vec::new();
        let mut wants = |is_there: bool, wanted: bool, key: &str, why: &str| {
            if wanted && !is_there {
                missing.push(format!("`bundle.{key}` is not set: {why}"));
            }
        };
        let stores = has(Kind::Submission);
        wants(
            publisher.author.is_some(),
            has(Kind::Mcpb),
            "author",
            "the service's own name stands there as the publisher's",
        );
        wants(
            publisher.version.is_some(),
            has(Kind::Mcpb) || has(Kind::Registry) || has(Kind::Helm),
            "version",
            "it is published as 0.1.0",
        );
        wants(
            publisher.privacy_policy.is_some(),
            has(Kind::Mcpb) || stores,
            "privacy_policy",
            "the directories of Claude and ChatGPT refuse what has none",
        );
        wants(
            publisher.support.is_some(),
            stores,
            "support",
            "stores ask where users get help",
        );
        wants(
            publisher.url.is_some(),
            stores,
            "url",
            "stores list servers that can be reached, over OAuth",
        );
        wants(
            publisher.image.is_some(),
            has(Kind::Helm),
            "image",
            "the chart has no image until `--set image.repository=…`",
        );
        if let Some(url) = &publisher.base_url
            && is_local(url)
        {
            missing.push(format!(
                "`server.base_url` is {}, which is another machine for everybody else: packages offer it",
                text::line(url, 100)
            ));
        }
        if stores && publisher.url.is_some() && publisher.auth.word() != "oauth" {
            missing.push(
                "`bundle.auth` is not `oauth`: the directories of Claude and ChatGPT take OAuth or no sign-in"
                    .to_owned(),
            );
        }
        missing
    }
}

/// Whether an address leads to the machine that asks.
fn is_local(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    ["localhost", "127.", "[::1]", "0.0.0.0"]
        .iter()
        .any(|local| host.starts_with(local))
}

/// The files of a kind, but for the archive of [`Kind::Mcpb`], which needs programs.
///
/// # Errors
/// One line that says what is missing.
pub fn files(
    subject: Subject<'_>,
    kind: Kind,
    bundle_sha256: Option<&str>,
) -> Result<Made, String> {
    match kind {
        Kind::Mcpb => Ok(Made::new()),
        Kind::Registry => registry::files(subject, bundle_sha256),
        Kind::Docker => Ok(container::docker(subject)),
        Kind::Helm => Ok(container::chart(subject)),
        Kind::Skill => Ok(skill(subject)),
        Kind::Submission => Ok(submission::files(subject)),
    }
}

/// The skill, as the crate has it.
fn skill(subject: Subject<'_>) -> Made {
    let (path, text) = crate::emit::skill(subject.api);
    let path = path.trim_start_matches("skills/");
    Made::from([(format!("skill/{path}"), text.into_bytes())])
}

/// JSON as files have it.
fn pretty(value: &serde_json::Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}
