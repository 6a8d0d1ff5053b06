//! Names: from whatever a document says to identifiers, tool names and argument names.
//!
//! Every function here is total: any text in, a valid name out. Spec text is hostile (look-alike
//! letters, keywords, nothing at all), so names are ASCII only.

mod arguments;
mod ident;
mod operation_id;
mod resource;
mod tool;
mod unique;
mod verbs;
mod words;

pub use arguments::{ArgumentNames, Place, is_accepted, safe, says_more};
pub use ident::{module, pascal, screaming, snake, unusable_package};
pub use resource::without_format;
pub(crate) use tool::LONGEST;
pub use tool::{Named, Style, ToolNames, duplicate_ids, is_tool_name, readable, tool_names};
pub use unique::Unique;
pub use verbs::VERBS;
pub use words::{plural, singular, title, words};
