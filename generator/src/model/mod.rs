//! A typed view of an OpenAPI document (OpenAPI 3.2 §4): nothing is copied, and every node knows its
//! JSON Pointer, so that whatever is said about it later can name the line.

mod node;
mod operations;
mod resolve;

pub use crate::reference::Anchors;
pub(crate) use crate::reference::is_uri_of_scheme;
pub use crate::text::percent_decode;
pub use node::Node;
pub use operations::{RawOperation, methods, operations};
pub use resolve::{RefError, Resolver};
