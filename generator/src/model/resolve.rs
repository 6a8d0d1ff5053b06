//! Following `$ref` inside the document (OpenAPI 3.2 §4.23, RFC 6901).

use std::collections::HashMap;

use serde_json::Value;

use super::Node;
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::source::Refusal;
use crate::text::percent_decode;

/// Why a reference leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefError {
    /// Nothing stands at the target.
    Dangling { at: Pointer, target: String },
    /// The chain comes back to itself without reaching a node.
    Cyclic { at: Pointer, target: String },
    /// The target lies in another document, which is not read, or says why not.
    External {
        at: Pointer,
        target: String,
        reason: Option<Refusal>,
    },
}

impl RefError {
    /// The diagnostic that says so.
    pub fn diagnostic(&self) -> Diagnostic {
        let (code, at, message, help): (Code, _, _, _) = match self {
            Self::Dangling { at, target } => (
                Code::E0301,
                at,
                format!("`{target}` does not exist in the document"),
                "add the component, or correct the reference",
            ),
            Self::Cyclic { at, target } => (
                Code::E0302,
                at,
                format!("the reference `{target}` leads back to itself"),
                "let one of the components in the circle be a definition instead of a reference",
            ),
            Self::External {
                at,
                reason: Some(reason),
                ..
            } => return reason.at(&at.child("$ref")),
            Self::External { at, target, .. } => (
                Code::E0303,
                at,
                format!("`{target}` lies outside the document"),
                "move the file below the folder of the document; nothing else is opened, and nothing is fetched",
            ),
        };
        Diagnostic::new(code, message)
            .at(&at.child("$ref"))
            .help(help)
    }
}

/// Follows references within one document.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    root: &'a Value,
    hops: usize,
    refusals: Option<&'a HashMap<String, Refusal>>,
}

impl<'a> Resolver<'a> {
    /// A resolver that follows at most `hops` references in a row.
    pub fn new(root: &'a Value, hops: usize) -> Self {
        Self {
            root,
            hops,
            refusals: None,
        }
    }

    /// The same, which knows why references of the document were not followed.
    #[must_use]
    pub fn knowing(self, refusals: &'a HashMap<String, Refusal>) -> Self {
        Self {
            refusals: Some(refusals),
            ..self
        }
    }

    /// The node itself, or what its chain of references ends at.
    ///
    /// # Errors
    /// When the chain ends nowhere, goes round in a circle, or leaves the document.
    pub fn follow(&self, node: Node<'a>) -> Result<Node<'a>, RefError> {
        let mut node = node;
        for _ in 0..=self.hops {
            let Some(target) = node.reference() else {
                return Ok(node);
            };
            node = self.target(target, &node.pointer)?;
        }
        let target = node.reference().unwrap_or_default().to_owned();
        Err(RefError::Cyclic {
            at: node.pointer,
            target,
        })
    }

    /// One hop: the node that `target` names.
    ///
    /// # Errors
    /// When nothing stands there, or it lies outside the document.
    pub fn target(&self, target: &str, at: &Pointer) -> Result<Node<'a>, RefError> {
        let Some(fragment) = target.strip_prefix('#') else {
            return Err(RefError::External {
                at: at.clone(),
                target: target.to_owned(),
                reason: self.refusals.and_then(|known| known.get(target)).cloned(),
            });
        };
        let dangling = || RefError::Dangling {
            at: at.clone(),
            target: target.to_owned(),
        };
        let fragment = percent_decode(fragment).ok_or_else(dangling)?;
        let value = self.root.pointer(&fragment).ok_or_else(dangling)?;
        let pointer = fragment
            .split('/')
            .skip(1)
            .fold(Pointer::root(), |p, token| {
                p.child(&token.replace("~1", "/").replace("~0", "~"))
            });
        Ok(Node { value, pointer })
    }
}
