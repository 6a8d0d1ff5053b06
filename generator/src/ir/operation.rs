//! One operation, which is one tool and one Rust type.

use serde::Serialize;
use serde_json::Value;

use super::{Answer, TypeRef};
use crate::diagnostics::Pointer;

/// An operation.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// Tool name.
    pub tool: String,
    /// Display name.
    pub title: String,
    /// What the model reads.
    pub description: String,
    /// operationId as the document has it.
    pub operation_id: String,
    /// HTTP method.
    pub method: String,
    /// Path template.
    pub path: String,
    /// The template in segments.
    pub segments: Vec<Vec<Part>>,
    /// Parameters outside the body.
    pub parameters: Vec<Parameter>,
    /// Request body.
    pub body: Option<Body>,
    /// Header fields of its parts that are arguments, behind the names of the parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub part_headers: Vec<(String, Parameter)>,
    /// Index in [`super::Api::own_servers`], if it has a server for itself.
    pub server: Option<usize>,
    /// Media types of the success answers.
    pub accept: Vec<String>,
    /// Alternatives of schemes.
    pub security: Vec<Vec<Security>>,
    /// Risk class.
    pub risk: Risk,
    /// Why it has that class.
    pub risk_reason: String,
    /// Annotation hints.
    pub hints: Hints,
    /// Schema of the arguments.
    pub input_schema: Value,
    /// Places where null is a value.
    pub nullable: Vec<String>,
    /// Places whose properties have another name on the wire, and that name.
    pub renamed: Vec<(String, String)>,
    /// Places of names that are never sent.
    pub read_only: Vec<String>,
    /// Names of arguments, and of properties within them, whose values the document marks as secret.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Pairs of places of which the first has the shape of the second, where a schema contains itself and
    /// something of the above is known of it.
    pub repeats: Vec<(String, String)>,
    /// Relaxed schema of the structured content.
    pub output_schema: Option<Value>,
    /// All that the document says of its answers, where settings name places in them.
    #[serde(skip)]
    pub declared: Declared,
    /// Arguments of one call that the document shows and the schema accepts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// Arguments of one call that the schema accepts: those that the document shows, or made up. The catalogue
    /// shows it.
    #[serde(skip)]
    pub call: Option<Value>,
    /// Whether the document has no word about what it does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
    /// What a success carries.
    pub output: OutputKind,
    /// How it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Name of the Rust type.
    pub type_name: String,
    /// Name of the static.
    pub static_name: String,
    /// Fields of the Rust type: the arguments.
    pub fields: Vec<Field>,
    /// Type of a success.
    pub output_type: TypeRef,
    /// First line of the documentation.
    pub summary: String,
    /// What settings say about it, beyond what stands above.
    #[serde(skip_serializing_if = "super::Settled::is_empty")]
    pub settled: super::Settled,
    /// Which part of the document's operation it is, where settings split that into several tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// Where it stands in the document.
    #[serde(serialize_with = "pointer_text")]
    pub pointer: Pointer,
}

/// All that a document says of the answers of an operation. A schema is one without references and unions, `{}` where
/// nothing is said; `None` where it was not asked for.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// The schema of the body of a success.
    pub answer: Option<Value>,
    /// Those of refusals: the key in the Responses Object, and the schema.
    pub errors: Vec<(String, Value)>,
}

/// One of the tools of an operation that is split by a property of its body.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// The property on the wire.
    pub property: String,
    /// Its value in every request of this tool.
    pub value: Value,
}

impl Variant {
    /// `kind=lead`: tells the tools of one operation apart.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}={}", self.property, self.word())
    }

    /// The value as a word.
    #[must_use]
    pub fn word(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

fn pointer_text<S: serde::Serializer>(pointer: &Pointer, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(pointer)
}

/// Part of a path segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Part {
    /// Text, percent-encoded.
    Literal(String),
    /// A parameter's wire name.
    Parameter(String),
}

/// A parameter outside the body.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// Wire name.
    pub name: String,
    /// Argument name; empty for a constant.
    pub argument: String,
    /// `path`, `query`, `querystring`, `header` or `cookie`.
    pub location: &'static str,
    /// Style by its OpenAPI name, or `json`.
    pub style: &'static str,
    /// `explode`.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// `required`.
    pub required: bool,
    /// Its only value, if it has but one; then there is no argument.
    pub constant: Option<String>,
    /// Whether it is a key that is made anew for each call; then there is no argument.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub generated: bool,
    /// Of a query string that is a form: its members that are not sent plainly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<BodyField>,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Body {
    /// `Content-Type`.
    pub media_type: String,
    /// `json`, `lines`, `sequence`, `form`, `multipart`, `xml`, `text`, `bytes` or `base64`.
    pub encoding: &'static str,
    /// The root element of an XML body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xml: Option<Xml>,
    /// Which arguments make it up.
    pub shape: BodyShape,
    /// How further properties are sent in forms, where the others are arguments of their own.
    #[serde(skip_serializing_if = "PartEncoding::is_plain")]
    pub further: PartEncoding,
    /// Whether it is always sent.
    pub required: bool,
}

/// The XML node of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Xml {
    /// Local name.
    pub name: String,
    /// Prefix; empty for none.
    pub prefix: String,
    /// Namespace; empty for none.
    pub namespace: String,
    /// `element`, `attribute`, `text`, `cdata` or `none`.
    pub node: &'static str,
    /// What it holds.
    pub content: XmlContent,
}

/// What an XML node holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum XmlContent {
    /// What the value is.
    Value,
    /// Nodes by the names of properties.
    Object(Vec<(String, Xml)>),
    /// One node for each item.
    Items(Box<Xml>),
}

/// Which arguments make up a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum BodyShape {
    /// One argument.
    Whole(String),
    /// One argument for each property, and one for further properties.
    Properties(Vec<BodyField>, String),
    /// One argument whose members are the fields, and how members without a field are sent.
    Members(String, Vec<BodyField>, PartEncoding),
    /// One argument whose items are the parts, the first ones and the others.
    Items(String, Vec<BodyField>, BodyField),
}

/// A property of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BodyField {
    /// Wire name.
    pub name: String,
    /// Argument name; empty in a body that is one argument.
    pub argument: String,
    /// How it is sent in forms.
    pub part: PartEncoding,
    /// Header fields of its part, with their values.
    pub headers: Vec<(String, String)>,
}

impl PartEncoding {
    /// Whether it is sent as text.
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }

    /// Whether the argument is a file.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File | Self::FileOf(_))
    }

    /// The form or multipart body that the value is written as.
    pub fn nested_form(&self) -> Option<&Body> {
        match self {
            Self::Each(body) | Self::Whole(body) if body.encoding != "xml" => Some(body),
            _ => None,
        }
    }
}

/// How a property is sent in form and multipart bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum PartEncoding {
    /// As text.
    Plain,
    /// As a file if it is one, else as text.
    Any,
    /// As text with a content type.
    Typed(String),
    /// As JSON with a content type.
    Json(String),
    /// As a file.
    File,
    /// As a file that has this content type unless the argument says another.
    FileOf(String),
    /// As base64 text, which a file can take the place of, with one of these content types; empty for none.
    Base64(String),
    /// As a body of its own whose argument has no name; each item of an array for itself.
    Each(Box<Body>),
    /// The same; an array is one value.
    Whole(Box<Body>),
    /// With a style and `explode`.
    Styled(&'static str, bool),
    /// The same with `allowReserved`.
    Reserved(&'static str, bool),
}

/// A scheme that an operation needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Security {
    /// Index in [`super::Api::schemes`].
    pub scheme: usize,
    /// Scopes.
    pub scopes: Vec<String>,
}

/// Risk class, in rising order of care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Changes nothing.
    Read,
    /// Creates, adds or overwrites.
    Write,
    /// Deletes, or does what cannot be undone.
    Destructive,
    /// Leaves the service.
    Outward,
}

impl Risk {
    /// Lower-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
            Self::Outward => "outward",
        }
    }
}

/// MCP annotation hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "the four hints of MCP are four booleans"
)]
pub struct Hints {
    /// `readOnlyHint`
    pub read_only: bool,
    /// `destructiveHint`
    pub destructive: bool,
    /// `idempotentHint`
    pub idempotent: bool,
    /// `openWorldHint`
    pub open_world: bool,
}

/// What a success carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum OutputKind {
    /// A JSON object.
    Json,
    /// JSON with another root.
    Wrapped,
    /// Text.
    Text,
    /// Bytes.
    Binary,
    /// Nothing.
    Empty,
}

/// A field of a generated struct.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Identifier.
    pub ident: String,
    /// Name in JSON.
    pub name: String,
    /// Type, without its presence.
    pub ty: TypeRef,
    /// Whether it may be absent or null.
    pub presence: Presence,
    /// What it is.
    pub doc: String,
}

/// Whether a field may be absent or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Presence {
    /// Always there, never null.
    Required,
    /// Always there, may be null.
    Nullable,
    /// May be absent; null counts as absent.
    Optional,
    /// May be absent, null or there: three things.
    OptionalNullable,
}
