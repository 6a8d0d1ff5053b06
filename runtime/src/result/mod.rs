//! Answers of the service as tool results.
//!
//! A 2xx is never turned into a failure, unless its body says that it is one (ADR 0014), and an error
//! status never into a success. What goes out as
//! `structuredContent` conforms to the tool's output schema, since clients reject the whole result if
//! it does not.

mod around;
mod aside;
mod beside;
mod caps;
mod conceal;
mod controls;
mod cost;
mod counting;
mod dates;
mod declared;
mod digits;
mod envelope;
mod failure;
mod fate;
mod leading;
mod made;
mod message;
mod opened;
mod page_words;
mod paging;
mod projection;
mod readable;
mod related;
mod scalars;
mod secrets;
mod settled;
mod shown;
mod shrink;
mod structured;
mod success;
mod table;
mod tight;
mod toon;
mod unread;
mod untrusted;
mod words;

use crate::arguments::Problems;
use crate::guard::Question;
use crate::json::Value;

pub use crate::operation::Format;
pub(crate) use caps::is_allowed as is_allowed_limit;
pub(crate) use conceal::Concealed;
pub use controls::Wish;
pub(crate) use controls::{
    is_control, read_fields, take as take_controls, take_unlisted, with_controls,
};
pub(crate) use counting::stretch;
pub(crate) use digits::{keep_untouched, with_digits};
pub(crate) use envelope::failure as disowned;
pub(crate) use failure::{absent, is_ambiguous, rejected_so, unanswered};
pub use failure::{failure, refused, rejected, unfinished};
pub use fate::Outcome;
pub(crate) use fate::{Fate, outcome};
pub(crate) use made::made;
pub(crate) use page_words::SIZE as PAGE_SIZES;
pub(crate) use paging::{clamp, sized};
pub(crate) use secrets::{hide, hide_given, names_a_record};
pub(crate) use settled::{advised, redact};
pub use shown::Asked;
pub(crate) use structured::{complete, with_notes};
pub(crate) use success::with_fields;
pub use success::{custom, success};
pub(crate) use unread::is_page;

/// Characters of text in one result.
pub const TEXT_LIMIT: usize = 60_000;
/// Tokens of one result, unless the operator says otherwise: clients take 25,000 and less (ADR 0049).
pub const TOKEN_LIMIT: usize = 20_000;
/// Bytes of a file that are passed on inside a result.
pub const FILE_LIMIT: usize = 1 << 20;

/// The result of a tool call.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolResult {
    /// Content, in order.
    pub content: Vec<Content>,
    /// The JSON object for `structuredContent`; never present on an error.
    pub structured: Option<Value>,
    /// What kind of error it is; `None` for a success.
    pub error: Option<ErrorKind>,
    /// What a person is asked in place of it, by a client that can ask; an error then.
    pub(crate) question: Option<Question>,
    /// What confirms the call if it is made once more with it; with an error that shows the call.
    pub(crate) confirm: Option<Confirm>,
    /// What became of a write.
    pub(crate) fate: Option<Fate>,
    /// The problems of the arguments that an error tells, for who tells them in other words.
    pub(crate) problems: Option<Box<Problems>>,
}

/// What confirms a call that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirm {
    pub(crate) token: String,
    /// How long it holds, in seconds.
    pub(crate) seconds: u64,
}

/// A piece of content (MCP 2026-07-28, `ContentBlock`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// An image.
    Image {
        /// Media type.
        media_type: String,
        /// Base64.
        data: String,
    },
    /// A sound.
    Audio {
        /// Media type.
        media_type: String,
        /// Base64.
        data: String,
    },
    /// A file as an embedded resource.
    Blob {
        /// Address that tells it from others in the result.
        uri: String,
        /// Media type.
        media_type: String,
        /// Base64.
        data: String,
    },
}

/// Kinds of tool errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The arguments, or the service's judgement on them (400, 409, 412, 413, 415, 422, 428).
    Validation,
    /// No valid credential (401).
    Auth,
    /// The credential may not do this (403).
    Permission,
    /// There is no such record (404, 410).
    NotFound,
    /// Too many requests (429).
    RateLimited,
    /// The service failed, or an answer that cannot be used.
    Upstream,
    /// Nothing was sent, since no connection could be made.
    Unreachable,
    /// The request may have been carried out; nobody knows.
    Unknown,
    /// Code of this server refused.
    Refused,
    /// A person has to agree first; nothing was sent.
    Unconfirmed,
    /// The same write was made a moment ago, or is on its way; nothing was sent.
    Duplicate,
}

impl ErrorKind {
    /// Name in lower snake case, as the audit log writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Validation => "validation",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::Upstream => "upstream",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Unconfirmed => "unconfirmed",
            Self::Duplicate => "duplicate",
        }
    }
}

impl ToolResult {
    /// A success with a text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            content: vec![Content::Text(text.into())],
            structured: None,
            error: None,
            question: None,
            confirm: None,
            fate: None,
            problems: None,
        }
    }

    /// An error.
    #[must_use]
    pub fn error(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self {
            content: vec![Content::Text(text.into())],
            structured: None,
            error: Some(kind),
            question: None,
            confirm: None,
            fate: None,
            problems: None,
        }
    }

    /// The result with a word on it, in both of its forms; an error as it is.
    pub(crate) fn noted(mut self, note: &str) -> Self {
        if self.error.is_some() {
            return self;
        }
        if let Some(Content::Text(text)) = self.content.last_mut() {
            *text += &format!("\n[{note}.]");
        }
        if let Some(Value::Object(object)) = &mut self.structured {
            let notes = object
                .entry(shown::NOTES)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(notes) = notes {
                notes.push(note.into());
            }
        }
        self
    }

    /// All texts of the content, one per line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let lines: Vec<String> = self
            .content
            .iter()
            .map(|content| match content {
                Content::Text(text) => text.clone(),
                Content::Image { media_type, .. }
                | Content::Audio { media_type, .. }
                | Content::Blob { media_type, .. } => format!("[{media_type}]"),
            })
            .collect();
        lines.join("\n")
    }

    /// Bytes of all its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        let texts = self.content.iter().map(|content| match content {
            Content::Text(text) => text.len(),
            _ => 0,
        });
        texts.sum()
    }
}
