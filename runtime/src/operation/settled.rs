//! What the operator's settings (`mcpwright.toml`) add to an operation.

use super::Confirm;

/// Facts about an operation that the document does not have. Places are JSON Pointers in which `*`
/// stands for any index or property name, as in [`super::OperationDef::nullable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Arguments that always have this value, as JSON text; no caller sees them.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Words for values.
    pub aliases: &'static [Alias],
    /// Places where null is refused, with the remedy.
    pub null_refused: &'static [&'static str],
    /// Places in answers that are never shown; arrays on the way are passed through.
    pub redact: &'static [&'static str],
    /// Places in the arguments whose values no result repeats.
    pub concealed: &'static [&'static str],
    /// Text that is added to errors.
    pub advice: &'static [Advice],
    /// Lists whose items are merged with those that the record has.
    pub merges: &'static [Merge],
    /// What a call does besides, in the operator's words; whoever confirms it reads that.
    pub consequence: &'static str,
    /// How calls are confirmed, if not as their class says.
    pub confirm: Option<Confirm>,
}

impl Settled {
    /// Nothing.
    pub const NONE: Self = Self {
        fixed: &[],
        aliases: &[],
        null_refused: &[],
        redact: &[],
        concealed: &[],
        advice: &[],
        merges: &[],
        consequence: "",
        confirm: None,
    };
}

/// Words that the schema lists in place of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias {
    /// The place.
    pub place: &'static str,
    /// Each word with its value on the wire, as JSON text.
    pub words: &'static [(&'static str, &'static str)],
}

/// A list of an update whose items are merged with those that the record has, before it is sent (row B12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// The argument.
    pub argument: &'static str,
    /// Property of an item that says which it is, on the wire.
    pub key: &'static str,
    /// Properties of an item that the update takes, on the wire; empty for any.
    pub kept: &'static [&'static str],
    /// The tool that gets the record.
    pub get: &'static str,
    /// Arguments of that tool, each with that of the update whose value it gets.
    pub given: &'static [(&'static str, &'static str)],
    /// JSON Pointer of the list in its answer.
    pub from: &'static str,
    /// Argument of the update for `If-Match`; empty for none.
    pub if_match: &'static str,
}

/// Text that is added to errors that fit all that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// HTTP status; 0 for any.
    pub status: u16,
    /// JSON Pointer to something in the answer.
    pub body: Option<&'static str>,
    /// Part of the message, in lower case.
    pub contains: &'static str,
    /// Name of an argument that is refused because it is null; `*` stands for any letters. Empty for
    /// advice on answers.
    pub null_at: &'static str,
    /// The text.
    pub text: &'static str,
}

impl Advice {
    /// Advice on every refusal.
    pub const DEFAULT: Self = Self {
        status: 0,
        body: None,
        contains: "",
        null_at: "",
        text: "",
    };
}
