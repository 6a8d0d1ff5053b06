//! Static descriptions of an API and its operations: plain data, emitted by the generator and never
//! built at run time. Each struct has a `DEFAULT`, so that generated tables state only what differs.
//!
//! Terms are those of OpenAPI 3.2 (operation, parameter, style, security requirement) and MCP
//! (tool, annotation).

mod answer;
mod body;
mod composite;
mod confirm;
mod format;
mod parameter;
mod path;
mod prompt;
mod security;
mod server;
mod settled;
mod xml;

pub use answer::{Answer, PageSize, Paging, PagingStyle, Words};
pub use body::{Body, BodyEncoding, BodyField, BodyShape, PartEncoding};
pub use composite::{
    Append, Composite, Count, Counted, Deed, Getter, IdForm, Lookup, MultiGet, Related, Relation,
    Source, Updater,
};
pub use confirm::Confirm;
pub use format::Format;
pub use parameter::{Location, Parameter, Style};
pub use path::{Part, Segment};
pub use prompt::{Prompt, PromptArgument, PromptStep};
pub use security::{ApiKeyLocation, SchemeKind, SecurityScheme, SecurityUse};
pub use server::Server;
pub use settled::{Advice, Alias, Merge, Settled};
pub use xml::{Xml, XmlContent, XmlNode};

/// A whole API: what the generated crate passes to `mcpwright_runtime::run`.
#[derive(Debug)]
pub struct Api {
    /// The server's name in MCP, `^[a-z][a-z0-9-]{0,15}$`.
    pub name: &'static str,
    /// `info.title`, cleaned for display.
    pub title: &'static str,
    /// `info.version` of the document.
    pub version: &'static str,
    /// What a client shows its model about the server, one line of at most 512 characters; how to work
    /// with the view and an index of its tools are added when it is asked for.
    pub instructions: &'static str,
    /// Prefix of every environment variable, in upper snake case and without a trailing underscore.
    pub env_prefix: &'static str,
    /// The document's servers, first one first. A suggestion only: requests go to the base URL that
    /// the operator configures.
    pub servers: &'static [&'static str],
    /// The security schemes that the operations name.
    pub security_schemes: &'static [&'static SecurityScheme],
    /// Every operation that is a tool, in the order in which tools are listed.
    pub operations: &'static [&'static OperationDef],
    /// Every operation of the document that is not a tool, and why.
    pub exclusions: &'static [Exclusion],
    /// Tools beside the operations; they take the place of none.
    pub composites: &'static [&'static Composite],
    /// Prompts that people pick to start with, beside `setup`.
    pub prompts: &'static [Prompt],
    /// Whether the larger topics have a prompt each, too.
    pub topic_prompts: bool,
    /// What the tools of the view `records` begin with unless the operator says otherwise; empty for `crm`.
    pub records_prefix: &'static str,
    /// Entities of that view whose names the operator chose, each with the first word of its paths.
    pub records_entities: &'static [(&'static str, &'static str)],
    /// What the document says of its tags, by the titles under which tools are grouped.
    pub topics: &'static [(&'static str, &'static str)],
    /// The document with its overlays as JSON, where settings say that it can be served; else empty.
    pub document: &'static str,
    /// Regular expression that keys and tokens of this service match; empty for none.
    pub token_pattern: &'static str,
    /// Number of operations in the document: those that are tools, of which one may be several
    /// ([`OperationDef::part`]), and `exclusions.len()`.
    pub document_operations: usize,
    /// Lower-case hexadecimal SHA-256 of the document's bytes.
    pub document_sha256: &'static str,
    /// Version of the generator that wrote the crate.
    pub generator: &'static str,
}

impl Api {
    /// An API with nothing in it; generated tables say what they have.
    pub const DEFAULT: Self = Self {
        name: "",
        title: "",
        version: "",
        instructions: "",
        env_prefix: "",
        servers: &[],
        security_schemes: &[],
        operations: &[],
        exclusions: &[],
        composites: &[],
        prompts: &[],
        topic_prompts: true,
        records_prefix: "",
        records_entities: &[],
        topics: &[],
        document: "",
        token_pattern: "",
        document_operations: 0,
        document_sha256: "",
        generator: "",
    };
}

/// An operation that was left out of the tools.
#[derive(Debug)]
pub struct Exclusion {
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template as the document has it.
    pub path: &'static str,
    /// Why it is not a tool, one sentence.
    pub reason: &'static str,
}

/// One operation of the document, which is one tool.
#[derive(Debug)]
pub struct OperationDef {
    /// Name of the tool, `^[a-z][a-z0-9_]{0,39}$`.
    pub tool: &'static str,
    /// Display name of the tool.
    pub title: &'static str,
    /// What the model reads, at most 1,024 characters.
    pub description: &'static str,
    /// The tag that groups it.
    pub group: &'static str,
    /// `operationId` as the document has it, empty where it has none.
    pub operation_id: &'static str,
    /// HTTP method, upper case; may be any token (OpenAPI 3.2 `additionalOperations`).
    pub method: &'static str,
    /// Path template as the document has it, for display only.
    pub path: &'static str,
    /// Which part of the document's operation it is, where that is several tools: `kind=lead`; empty for
    /// all of it.
    pub part: &'static str,
    /// The path template in pieces; the request path is built from these alone.
    pub segments: &'static [Segment],
    /// Path, query, header and cookie parameters in document order.
    pub parameters: &'static [Parameter],
    /// The request body, if the operation has one.
    pub body: Option<Body>,
    /// How further properties are sent in a form or multipart body whose properties are arguments.
    pub further: PartEncoding,
    /// Header fields of parts of a multipart body that are arguments, behind the names of the parts.
    pub part_headers: &'static [(&'static str, Parameter)],
    /// The server that it has for itself, if the document says so; else the base URL is that of the API.
    pub server: Option<&'static Server>,
    /// Media types for the `Accept` header, best first; empty for `*/*`.
    pub accept: &'static [&'static str],
    /// Alternatives (OR) of schemes that are all needed (AND). Empty: no credential is sent. An empty
    /// alternative means that the operation also works without credentials.
    pub security: &'static [&'static [SecurityUse]],
    /// The strictest class that applies.
    pub risk: Risk,
    /// The four MCP annotation hints.
    pub hints: Hints,
    /// JSON Schema 2020-12 of the arguments: an object schema, self-contained, as JSON text.
    pub input_schema: &'static str,
    /// Arguments of one call that the document shows and the schema accepts, as JSON text; empty for none.
    pub example: &'static str,
    /// Places in the arguments where JSON `null` is a value of its own and is sent: JSON Pointers in
    /// which `*` stands for any array index or property name. A null anywhere else means "not given".
    pub nullable: &'static [&'static str],
    /// Properties inside of arguments whose wire names clients would refuse (`$set`, `filter[x]`): the place,
    /// a JSON Pointer as above in the names that the tool lists, and the name on the wire.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Places of names that are never sent since only answers carry them (`readOnly`): JSON Pointers as above,
    /// the first step an argument, the others names on the wire. Only those that the schema lets a caller
    /// give are listed.
    pub read_only: &'static [&'static str],
    /// Names of arguments, and of properties within them, whose values the document marks as secret: `format: password`,
    /// and `writeOnly` of what is no id. Previews, dry runs and the audit log do not show them.
    pub secrets: &'static [&'static str],
    /// Where a schema contains itself: pairs of places of which the first has the shape of the second, JSON
    /// Pointers as above. What `renamed` and `read_only` say of the second holds at the first too, so that
    /// it holds at any depth.
    pub repeats: &'static [(&'static str, &'static str)],
    /// Relaxed JSON Schema 2020-12 of `structuredContent`: an object schema as JSON text; empty for none.
    pub output_schema: &'static str,
    /// What a success carries.
    pub output: OutputKind,
    /// How it is shown, if more is known than its kind.
    pub answer: Option<Answer>,
    /// What the operator's settings add.
    pub settled: &'static Settled,
}

impl OperationDef {
    /// Whether it may change something.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.risk != Risk::Read && !self.hints.read_only
    }

    /// Whether the document declares that answers are JSON, and nothing else.
    pub(crate) fn promises_json(&self) -> bool {
        let is_json = |media: &&str| media.ends_with("/json") || media.ends_with("+json");
        matches!(self.output, OutputKind::Json | OutputKind::Wrapped)
            && !self.accept.is_empty()
            && self.accept.iter().all(is_json)
    }

    /// An operation with nothing in it; generated tables override what they need.
    pub const DEFAULT: Self = Self {
        tool: "",
        title: "",
        description: "",
        group: "",
        operation_id: "",
        method: "GET",
        path: "/",
        part: "",
        segments: &[],
        parameters: &[],
        body: None,
        further: PartEncoding::Plain,
        part_headers: &[],
        server: None,
        accept: &[],
        security: &[],
        risk: Risk::Read,
        hints: Hints::READ,
        input_schema: r#"{"type":"object","additionalProperties":false}"#,
        example: "",
        nullable: &[],
        renamed: &[],
        read_only: &[],
        secrets: &[],
        repeats: &[],
        output_schema: "",
        output: OutputKind::Json,
        answer: None,
        settled: &Settled::NONE,
    };
}

/// What an operation may do, in rising order of care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Changes nothing.
    Read,
    /// Creates, adds or overwrites.
    Write,
    /// Deletes, or does what cannot be undone.
    Destructive,
    /// Leaves the service: mails, charges, publishes.
    Outward,
}

impl Risk {
    /// Lower-case name, as configuration and reports write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
            Self::Outward => "outward",
        }
    }
}

/// MCP tool annotations (MCP 2026-07-28, `server/tools`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints {
    /// The tool does not change anything.
    pub read_only: bool,
    /// The tool may overwrite or delete.
    pub destructive: bool,
    /// Repeating the call with the same arguments changes nothing more.
    pub idempotent: bool,
    /// The tool reaches beyond the service.
    pub open_world: bool,
}

impl Hints {
    /// Hints of a read.
    pub const READ: Self = Self {
        read_only: true,
        destructive: false,
        idempotent: true,
        open_world: false,
    };
}

/// How a successful answer becomes a tool result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// A JSON object: it is `structuredContent` as it is.
    Json,
    /// JSON with another root: `structuredContent` is `{"result": …}`.
    Wrapped,
    /// Text of any kind (also CSV, HTML, XML).
    Text,
    /// Bytes: a PDF, an image, an archive.
    Binary,
    /// No content is expected.
    Empty,
}
