//! JSONPath queries for others than overlays, under the same limits.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::apply::size;
use super::path::{Refusal, parse};
use super::target::select;
use crate::diagnostics::Pointer;

/// A query that may be evaluated.
pub(crate) struct Query {
    text: String,
    path: JsonPath,
}

/// Why a query is not evaluated.
pub(crate) enum QueryRefusal {
    /// It is not JSONPath.
    Syntax(String),
    /// It would cost too much.
    Cost(&'static str),
}

impl Query {
    /// Reads a query that will be run on this document.
    ///
    /// # Errors
    /// When it is no query, or would cost too much.
    pub fn parse(text: &str, document: &Value) -> Result<Self, QueryRefusal> {
        let size = size(document);
        let path = parse(text, size.nodes, size.depth).map_err(|refusal| match refusal {
            Refusal::Syntax(message, _) => QueryRefusal::Syntax(message),
            Refusal::Cost(reason) => QueryRefusal::Cost(reason),
        })?;
        Ok(Self {
            text: text.to_owned(),
            path,
        })
    }

    /// The nodes that it selects, each once.
    pub fn pointers(&self, document: &Value) -> Vec<Pointer> {
        select(document, &self.path, &self.text)
    }
}
