//! What settings (`mcpwright.toml`, `x-mcp`) say about an operation and the document does not.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What settings say about an operation. Places are JSON Pointers in which `*` stands for any index or
/// property name, those of [`super::Operation::nullable`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Settled {
    /// Each fact as it was set, for reports.
    pub facts: Vec<Setting>,
    /// Arguments that always have this value, and that callers do not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<(String, Value)>,
    /// Words for values, by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// Places where null is refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub null_refused: Vec<String>,
    /// Places in answers that are never shown; arrays on the way are passed through.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redact: Vec<String>,
    /// Places in the arguments whose values no result repeats.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concealed: Vec<String>,
    /// Text that is added to errors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Advice>,
    /// Lists whose items are merged with those that the record has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<Merge>,
    /// What a call does besides; empty where nothing was said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consequence: String,
    /// How calls are confirmed, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirm>,
}

impl Settled {
    /// Whether settings say nothing about the operation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// Ways to confirm a call, in rising order of care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    /// Not at all.
    Off,
    /// By an argument, which a model can give by itself.
    Arg,
    /// By asking the person where the client can, else by a token.
    Auto,
    /// By a second call with the token that the first one gave.
    Token,
    /// By asking the person; clients that cannot ask cannot call it.
    Elicit,
    /// Never: the tool is listed and refuses.
    Deny,
}

impl Confirm {
    /// Its name in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Arg => "arg",
            Self::Auto => "auto",
            Self::Token => "token",
            Self::Elicit => "elicit",
            Self::Deny => "deny",
        }
    }
}

/// A fact as it was set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Its key, with dots.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// Where it was set: file and line, or a place in the document.
    pub from: String,
    /// Why, if a reason was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Words for the values of an argument.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alias {
    /// The place.
    pub place: String,
    /// Each word with its value on the wire.
    pub words: Vec<(String, Value)>,
}

/// A list whose items are merged with those that the record has, before the list is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// The argument.
    pub argument: String,
    /// Property of an item that says which it is, on the wire.
    pub key: String,
    /// Properties of an item that the update takes, on the wire; empty for any.
    pub kept: Vec<String>,
    /// The tool that gets the record.
    pub get: String,
    /// Arguments of that tool, each with that of the update whose value it gets.
    pub given: Vec<(String, String)>,
    /// JSON Pointer of the list in its answer.
    pub from: String,
    /// Argument of the update for `If-Match`; empty for none.
    pub if_match: String,
}

/// Text that is added to errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Something stands there in the answer.
    pub body: Option<String>,
    /// The message contains this.
    pub contains: Option<String>,
    /// An argument with a name like this was refused because it is null; `*` stands for any letters.
    pub null_at: Option<String>,
    /// The text.
    pub text: String,
}
