//! Parameters (OpenAPI 3.2 §4.12).

/// A parameter that is sent outside the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Name on the wire, as the document has it.
    pub name: &'static str,
    /// Name of the tool's argument.
    pub argument: &'static str,
    /// Where it is sent.
    pub location: Location,
    /// How it is serialized (OpenAPI 3.2 §4.12.3).
    pub style: Style,
    /// Whether arrays and objects are sent as several values.
    pub explode: bool,
    /// Whether reserved characters stay as they are (RFC 6570 `{+var}`).
    pub allow_reserved: bool,
    /// Whether the request cannot be made without it.
    pub required: bool,
    /// Its only value, if the document leaves no choice; then there is no argument.
    pub constant: Option<&'static str>,
    /// Whether it is a key that tells one call from another, made anew for each; then there is no argument.
    pub generated: bool,
    /// Of a query string that is a form: its members that are not sent plainly (encoding objects, OpenAPI 3.2
    /// §4.12.6); their `argument` is not used.
    pub fields: &'static [super::BodyField],
}

impl Parameter {
    /// A required path parameter with the default style.
    pub const PATH: Self = Self {
        name: "",
        argument: "",
        location: Location::Path,
        style: Style::Simple,
        explode: false,
        allow_reserved: false,
        required: true,
        constant: None,
        generated: false,
        fields: &[],
    };
    /// An optional query parameter with the default style.
    pub const QUERY: Self = Self {
        name: "",
        argument: "",
        location: Location::Query,
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        required: false,
        constant: None,
        generated: false,
        fields: &[],
    };
    /// An optional header with the default style.
    pub const HEADER: Self = Self {
        name: "",
        argument: "",
        location: Location::Header,
        style: Style::Simple,
        explode: false,
        allow_reserved: false,
        required: false,
        constant: None,
        generated: false,
        fields: &[],
    };
    /// An optional cookie with the default style.
    pub const COOKIE: Self = Self {
        name: "",
        argument: "",
        location: Location::Cookie,
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        required: false,
        constant: None,
        generated: false,
        fields: &[],
    };
}

/// `in` of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// Part of the path.
    Path,
    /// After the question mark.
    Query,
    /// The whole query string at once (OpenAPI 3.2 `querystring`).
    QueryString,
    /// A request header.
    Header,
    /// A cookie of the request.
    Cookie,
}

/// `style` of a parameter, or `content`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;name=a`
    Matrix,
    /// `name=a`
    Form,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a|b`
    PipeDelimited,
    /// `name[key]=a`
    DeepObject,
    /// `name=a` in a `Cookie` header, not percent-encoded (OpenAPI 3.2 `cookie`).
    Cookie,
    /// The value as JSON text (`content: application/json`).
    Json,
}
