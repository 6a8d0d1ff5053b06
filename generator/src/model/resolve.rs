//! Following `$ref` inside the document (OpenAPI 3.2 §4.23, RFC 6901).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Node;
use crate::diagnostics::{Code, Diagnostic, Pointer, Refusal, json_path, remedy};
use crate::reference::Anchors;
use crate::similar::misspelt;
use crate::text::percent_decode;
use crate::text::pointer::escaped;

/// Why a reference leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefError {
    /// Nothing stands at the target.
    Dangling { at: Pointer, target: String },
    /// The chain comes back to itself without reaching a node.
    Cyclic { at: Pointer, target: String },
    /// More references in a row than are followed lead to a node.
    TooFar {
        at: Pointer,
        target: String,
        most: usize,
    },
    /// The target lies in another document, which is not read, or says why not.
    External {
        at: Pointer,
        target: String,
        reason: Option<Refusal>,
    },
}

impl RefError {
    /// The diagnostic that says so.
    pub fn diagnostic(&self, resolver: Resolver<'_>) -> Diagnostic {
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
            Self::TooFar { at, target, most } => {
                let message =
                    format!("`{target}` is not followed: at most {most} references lie in a row");
                return Diagnostic::new(Code::E0360, message)
                    .at(&at.child("$ref"))
                    .help(remedy::raise(
                        "ref_hops",
                        *most,
                        most.saturating_mul(2).max(1),
                    ));
            }
            Self::External {
                at,
                target,
                reason: Some(reason),
            } => {
                let finding = reason.at(&at.child("$ref"));
                let is_file = !target.contains("://");
                return match resolver.component(target).filter(|_| is_file) {
                    Some(meant) => finding
                        .help(format!("did you mean `{meant}`?"))
                        .overlay(remedy::update(&json_path(at), &json!({ "$ref": meant }))),
                    None => finding,
                };
            }
            Self::External { at, target, .. } => (
                Code::E0303,
                at,
                format!("`{target}` lies outside the document"),
                "move the file below the folder of the document; nothing else is opened, and nothing is fetched",
            ),
        };
        let mut diagnostic = Diagnostic::new(code, message)
            .at(&at.child("$ref"))
            .help(help);
        if let Self::Dangling { at, target } = self {
            let near = resolver.nearest(target);
            if let Some(near) = &near {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            diagnostic = diagnostic.overlay(remedy_for(at, target, near));
        }
        diagnostic
    }
}

/// Mends a dangling reference: another target, a schema or body that allows anything, or no reference.
fn remedy_for(at: &Pointer, target: &str, near: Option<String>) -> String {
    if let Some(near) = near {
        return remedy::update(&json_path(at), &json!({"$ref": near}));
    }
    let pointer = target.strip_prefix('#').and_then(percent_decode);
    let pointer = pointer.as_deref().and_then(Pointer::parse);
    let tokens: Vec<_> = pointer.iter().flat_map(Pointer::tokens).collect();
    match tokens.as_slice() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            remedy::update(
                "$",
                &remedy::nested(&["components", "schemas", name], json!({})),
            )
        }
        // Without its body, an operation would be another one.
        [components, bodies, name] if components == "components" && bodies == "requestBodies" => {
            let any = json!({"content": {"application/json": {}}});
            remedy::update(
                "$",
                &remedy::nested(&["components", "requestBodies", name], any),
            )
        }
        [components, ..] if components == "components" => remedy::remove(&json_path(at)),
        _ if at
            .parent()
            .is_some_and(|list| list.as_str().ends_with("/parameters")) =>
        {
            remedy::remove(&json_path(at))
        }
        // What is left is a schema without keywords.
        _ => remedy::remove(&json_path(&at.child("$ref"))),
    }
}

/// Follows references within one document.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    root: &'a Value,
    hops: usize,
    anchors: Option<&'a Anchors>,
    refusals: Option<&'a HashMap<String, Refusal>>,
}

impl<'a> Resolver<'a> {
    /// A resolver that follows at most `hops` references in a row.
    pub fn new(root: &'a Value, hops: usize) -> Self {
        Self {
            root,
            hops,
            anchors: None,
            refusals: None,
        }
    }

    /// The same, which knows schemas by their anchors, and why references were not followed.
    #[must_use]
    pub fn knowing(self, anchors: &'a Anchors, refusals: &'a HashMap<String, Refusal>) -> Self {
        Self {
            anchors: Some(anchors),
            refusals: Some(refusals),
            ..self
        }
    }

    /// The node itself, or what its chain of references ends at.
    ///
    /// # Errors
    /// When the chain ends nowhere, goes round in a circle, is too long, or leaves the document.
    pub fn follow(&self, node: Node<'a>) -> Result<Node<'a>, RefError> {
        let mut node = node;
        let mut passed: Vec<*const Value> = Vec::new();
        while let Some(target) = node.reference() {
            let value = std::ptr::from_ref(node.value);
            let (at, target) = (node.pointer.clone(), target.to_owned());
            if passed.contains(&value) {
                return Err(RefError::Cyclic { at, target });
            }
            if passed.len() >= self.hops {
                let most = self.hops;
                return Err(RefError::TooFar { at, target, most });
            }
            passed.push(value);
            node = self.target(&target, &at)?;
        }
        Ok(node)
    }

    /// The document.
    pub fn root(&self) -> Node<'a> {
        Node::root(self.root)
    }

    /// The most references in a row that are followed.
    pub fn hops(&self) -> usize {
        self.hops
    }

    /// The reference to what stands beside the target of a dangling one and has nearly its name.
    pub fn nearest(&self, target: &str) -> Option<String> {
        let (holder, wanted) = target.rsplit_once('/')?;
        let holder_pointer = percent_decode(holder.strip_prefix('#')?)?;
        let members = self.root.pointer(&holder_pointer)?.as_object()?;
        let name = misspelt(wanted, members.keys().map(String::as_str), 3)?;
        let name = escaped(name);
        Some(format!("{holder}/{name}"))
    }

    /// The component that a reference to a file means whose author left out the place in the document:
    /// `Lead`, `components/schemas/Lead`.
    fn component(&self, target: &str) -> Option<String> {
        let path = target.strip_suffix('#').unwrap_or(target);
        let components = self.root.get("components")?.as_object()?;
        let mut ends = path.rsplit('/');
        let (name, section, holder) = (ends.next()?, ends.next(), ends.next());
        let place = |section: &str| {
            let name = name.replace('~', "~0");
            Some(format!("#/components/{section}/{name}"))
        };
        if holder == Some("components") {
            return section
                .filter(|section| {
                    components
                        .get(*section)
                        .is_some_and(|all| all.get(name).is_some())
                })
                .and_then(place);
        }
        // A name that two kinds have means neither for sure.
        let mut having = components
            .iter()
            .filter(|(_, all)| all.get(name).is_some())
            .map(|(section, _)| section);
        let only = having.next().filter(|_| having.next().is_none())?;
        place(only)
    }

    fn external(&self, target: &str, at: &Pointer) -> RefError {
        RefError::External {
            at: at.clone(),
            target: target.to_owned(),
            reason: self.refusals.and_then(|known| known.get(target)).cloned(),
        }
    }

    /// One hop: the node that `target` names.
    ///
    /// # Errors
    /// When nothing stands there, or it lies outside the document.
    pub fn target(&self, target: &str, at: &Pointer) -> Result<Node<'a>, RefError> {
        let Some(fragment) = target.strip_prefix('#') else {
            return Err(self.external(target, at));
        };
        let dangling = || RefError::Dangling {
            at: at.clone(),
            target: target.to_owned(),
        };
        let none = Anchors::default();
        let anchors = self.anchors.unwrap_or(&none);
        let found = anchors
            .resolve(self.root, fragment, self.hops)
            .ok_or_else(dangling)?
            .map_err(|target| self.external(&target, at))?;
        let value = self.root.pointer(&found).ok_or_else(dangling)?;
        let pointer = Pointer::parse(&found).ok_or_else(dangling)?;
        Ok(Node { value, pointer })
    }
}
