//! Request bodies (OpenAPI 3.2 §4.13 to §4.15).

/// The request body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Value of the `Content-Type` header, as the document has it.
    pub media_type: &'static str,
    /// How the value becomes bytes.
    pub encoding: BodyEncoding,
    /// Which arguments make it up.
    pub shape: BodyShape,
    /// Whether a body is sent even when no argument belongs to it (`{}` for JSON).
    pub required: bool,
}

/// How a body is serialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEncoding {
    /// JSON, also `application/*+json`.
    Json,
    /// One JSON text per line: `application/jsonl`, `application/x-ndjson`. The argument is a list.
    JsonLines,
    /// The same with a record separator before each: `application/json-seq` (RFC 7464).
    JsonSequence,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data` or another `multipart/…`.
    Multipart,
    /// XML whose root element is this node.
    Xml(&'static super::Xml),
    /// The text as it is, UTF-8.
    Text,
    /// Bytes; the argument is a file object, see [`PartEncoding::File`]. It has a `content_type` where the
    /// media type of the body is a range.
    Bytes,
    /// Base64 text (`contentEncoding`, `format: byte` of OpenAPI 3.0); the argument is that text, or as in `Bytes`,
    /// and its content is encoded.
    Base64,
}

/// Which arguments make up a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyShape {
    /// One argument holds the whole body.
    Whole {
        /// Name of the tool's argument.
        argument: &'static str,
    },
    /// The properties of an object body are arguments of their own.
    Properties {
        /// The properties, in document order.
        fields: &'static [BodyField],
        /// Argument whose entries are added as further properties; empty if the schema allows none.
        additional: &'static str,
    },
    /// One argument is an object whose members are the fields of a form or multipart body: unions, and
    /// objects whose names the document does not say.
    Members {
        /// Name of the tool's argument.
        argument: &'static str,
        /// The members that the document names; their `argument` is not used.
        fields: &'static [BodyField],
        /// How the others are sent.
        rest: PartEncoding,
    },
    /// One argument is a list whose items are the parts of a multipart body, in their order (OpenAPI 3.2
    /// §4.14.5.2, encoding by position).
    Items {
        /// Name of the tool's argument.
        argument: &'static str,
        /// The first parts. A part has a name only if its field has one; their `argument` is not used.
        prefix: &'static [BodyField],
        /// The parts behind them.
        rest: BodyField,
    },
}

/// A property of an object body that is an argument of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyField {
    /// Name of the property on the wire.
    pub name: &'static str,
    /// Name of the tool's argument.
    pub argument: &'static str,
    /// How it is sent as a part of a form or multipart body; JSON bodies ignore it.
    pub part: PartEncoding,
    /// Header fields of its part in a multipart body, the same for every request.
    pub headers: &'static [(&'static str, &'static str)],
}

impl BodyField {
    /// A plain property.
    pub const DEFAULT: Self = Self {
        name: "",
        argument: "",
        part: PartEncoding::Plain,
        headers: &[],
    };
}

/// How a property is sent in a form or multipart body (OpenAPI 3.2 §4.15, encoding object).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartEncoding {
    /// Scalars as text, arrays as repeated fields, objects as JSON.
    Plain,
    /// A file if the value is a file object (see `File`), else as `Plain`; each item of an array for itself.
    Any,
    /// As `Plain`; in a multipart body with this content type.
    Typed(&'static str),
    /// The value as JSON text with this content type.
    Json(&'static str),
    /// A file. The argument is an object `{"filename": …, "content_type": …, "data_base64": …}` or
    /// `{"filename": …, "text": …}`.
    File,
    /// A file of this content type, or of one of this list, in which ranges may stand (`image/png, image/*`),
    /// unless the argument says another.
    FileOf(&'static str),
    /// Base64 text with `Content-Transfer-Encoding: base64` (OpenAPI 3.2 §4.15.4.2). The argument is that text, or
    /// a file object, whose content is encoded. The content type is as in `FileOf`; empty for none.
    Base64(&'static str),
    /// As a body of its own, nested in this one (OpenAPI 3.2 §4.15.3), which stands for the argument with the
    /// empty name; each item of an array for itself.
    Each(&'static Body),
    /// The same; an array is one value.
    Whole(&'static Body),
    /// A form field with this style (`deepObject`, `pipeDelimited`, …) and `explode`.
    Styled(super::Style, bool),
    /// The same, with reserved characters as they are (`allowReserved`).
    Reserved(super::Style, bool),
}
