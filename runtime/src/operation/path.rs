//! Path templates in pieces (OpenAPI 3.2 §4.8.1, path templating).

/// What stands between two slashes of a path template: usually one part, sometimes several, as in
/// `{id}.pdf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment(pub &'static [Part]);

/// A piece of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Text of the template, already percent-encoded for a path segment.
    Literal(&'static str),
    /// The value of the path parameter with this wire name.
    Parameter(&'static str),
}
