//! Servers of paths and operations (OpenAPI 3.2 §4.5).

/// A server that only some operations use. Its address comes from the operator, like that of all others.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// Environment variable that holds its base URL.
    pub variable: &'static str,
    /// The URLs that the document names. A suggestion only.
    pub servers: &'static [&'static str],
}
