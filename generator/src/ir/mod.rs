//! The intermediate representation: everything that the output says, decided.
//!
//! `lower` writes it, `emit` reads it; it knows neither the document nor Rust tokens. All names are
//! final, all schemas are the ones that are listed, all text is clean.

mod answer;
mod composite;
mod name_sets;
mod operation;
mod prompt;
mod settled;
mod types;

pub use answer::{Answer, Dates, Format, PageSize, Paging, PagingStyle};
pub use composite::{
    Append, Composite, Deed, Getter, IdForm, Lookup, Related, Relation, Source, Updater,
};
pub use name_sets::names_alone;
pub use operation::{
    Body, BodyField, BodyShape, Declared, Field, Hints, Operation, OutputKind, Parameter, Part,
    PartEncoding, Presence, Risk, Security, Variant, Xml, XmlContent,
};
pub use prompt::{Prompt, PromptArgument, PromptStep};
pub use settled::{Advice, Alias, Confirm, Merge, Setting, Settled};
pub use types::{EnumVariant, TypeDef, TypeRef, TypeShape};

use serde::Serialize;

/// A whole API.
#[derive(Debug, Clone, Serialize)]
pub struct Api {
    /// Cargo package of the generated crate.
    pub package: String,
    /// Server name in MCP, `^[a-z][a-z0-9-]{0,15}$`.
    pub name: String,
    /// Display name.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// What the server says of itself to a model.
    pub instructions: String,
    /// Prefix of environment variables.
    pub env_prefix: String,
    /// Absolute server URLs of the document, as suggestions.
    pub servers: Vec<String>,
    /// Servers that only some operations use.
    pub own_servers: Vec<Server>,
    /// The security schemes that operations use.
    pub schemes: Vec<Scheme>,
    /// Operations by tag, in the order of the document's tags.
    pub groups: Vec<Group>,
    /// Rust types, in the order of their names.
    pub types: Vec<TypeDef>,
    /// Operations that are no tools.
    pub exclusions: Vec<Exclusion>,
    /// Webhooks of the document, as `METHOD name`; no tool comes from them.
    pub webhooks: Vec<String>,
    /// Tools beside the operations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub composites: Vec<Composite>,
    /// Prompts that people pick to start with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<Prompt>,
    /// Whether each larger topic has a prompt, too.
    #[serde(skip_serializing_if = "is_usual")]
    pub topic_prompts: bool,
    /// What the tools of the view `records` begin with, where settings say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records_prefix: Option<String>,
    /// Names of entities of that view, each with the first word of its paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records_entities: Vec<(String, String)>,
    /// Regular expression that keys and tokens match, where settings say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_pattern: Option<String>,
    /// The document with its overlays, where settings say that the server carries it.
    #[serde(skip)]
    pub document: Option<String>,
    /// Number of operations in the document.
    pub document_operations: usize,
    /// Name of the document and of its overlays, without folders.
    pub document_name: String,
    /// SHA-256 of the document, lower-case hexadecimal; with overlays, of the hashes of all.
    pub document_sha256: String,
}

/// Whether a flag is what it is unless settings say otherwise.
fn is_usual(flag: &bool) -> bool {
    *flag
}

impl Api {
    /// All operations, in the order in which tools are listed.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.groups.iter().flat_map(|group| &group.operations)
    }

    /// How many operations of the document are tools: one that is split is one.
    #[must_use]
    pub fn covered(&self) -> usize {
        covered(self.operations())
    }
}

/// How many operations of the document these tools are.
pub fn covered<'a>(tools: impl Iterator<Item = &'a Operation>) -> usize {
    let mut split = std::collections::HashSet::new();
    tools
        .filter(|tool| tool.variant.is_none() || split.insert((&tool.method, &tool.path)))
        .count()
}

/// A server that only some operations use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Server {
    /// Environment variable that holds its base URL.
    pub variable: String,
    /// Name of its static.
    pub static_name: String,
    /// Its URLs in the document, absolute or relative.
    pub urls: Vec<String>,
}

/// The operations of one tag.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// The tag.
    pub title: String,
    /// Module and file name.
    pub module: String,
    /// The tag's description.
    pub description: String,
    /// The operations.
    pub operations: Vec<Operation>,
}

/// An operation that is no tool.
#[derive(Debug, Clone, Serialize)]
pub struct Exclusion {
    /// HTTP method.
    pub method: String,
    /// Path template.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A security scheme.
#[derive(Debug, Clone, Serialize)]
pub struct Scheme {
    /// Name in the document.
    pub name: String,
    /// Name of its static.
    pub static_name: String,
    /// Kind.
    pub kind: SchemeKind,
    /// Environment variables that hold the credential.
    pub variables: Vec<String>,
}

/// Kinds of security scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum SchemeKind {
    /// A key in a header.
    HeaderKey(String),
    /// A key in the query.
    QueryKey(String),
    /// A key in a cookie.
    CookieKey(String),
    /// A key in bodies, and whether most bodies have it.
    BodyKey(String, bool),
    /// HTTP basic.
    Basic,
    /// HTTP bearer.
    Bearer,
    /// OAuth 2, with a flow's `tokenUrl` or nothing.
    OAuth2(String),
    /// OpenID Connect, with its discovery URL or nothing.
    OpenIdConnect(String),
    /// A client certificate.
    MutualTls,
    /// None of these.
    Unsupported,
}
