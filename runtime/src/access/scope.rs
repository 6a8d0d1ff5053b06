//! What a caller may do: classes of tools in toolsets, or what the document's own scopes are for. What no scope
//! names is not there for them.

use std::fmt;

use crate::engine::Entry;
use crate::operation::{OperationDef, Risk, SecurityUse};

/// What a caller may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scope {
    /// `leads:read`, `*:write`, `invoices:*`.
    Tools {
        /// Name of a toolset as it stands in URLs; `*` for all.
        toolset: String,
        /// A class; none for all. Writing does not imply reading.
        class: Option<Risk>,
    },
    /// A scope of the document: what operations ask for with it (OpenAPI 3.2 §4.30), they ask of callers, too.
    Document(String),
}

/// The classes of tools.
pub(crate) const CLASSES: [Risk; 4] = [Risk::Read, Risk::Write, Risk::Destructive, Risk::Outward];

impl Scope {
    /// Reads a scope; `toolsets` are those that there are.
    ///
    /// # Errors
    /// One sentence that says what there is.
    pub(crate) fn parse(text: &str, toolsets: &[&str]) -> Result<Self, String> {
        let shown = || crate::text::cap(&crate::text::clean(text), 60).into_owned();
        let (toolset, class) = text.split_once(':').unwrap_or((text, ""));
        let class = match class {
            "*" => None,
            class => match CLASSES.into_iter().find(|one| one.as_str() == class) {
                Some(class) => Some(class),
                None => {
                    return Err(format!(
                        "{} is no scope; one is TOOLSET:CLASS such as leads:read or *:write, with the classes read, write, destructive, outward or *",
                        shown()
                    ));
                }
            },
        };
        if toolset != "*" && !toolsets.contains(&toolset) {
            return Err(format!(
                "{} names no toolset; there are {}, and * for all",
                shown(),
                toolsets.join(", ")
            ));
        }
        Ok(Self::Tools {
            toolset: toolset.to_owned(),
            class,
        })
    }

    /// Reads what a file of keys says; a toolset that is gone allows nothing.
    pub(super) fn kept(text: &str) -> Option<Self> {
        let (toolset, _) = text.split_once(':')?;
        Self::parse(text, &[toolset]).ok()
    }

    fn allows(&self, asked: &str, entry: &Entry) -> bool {
        match self {
            Self::Tools { toolset, class } => {
                (toolset == "*" || toolset == asked)
                    && class.is_none_or(|class| class == entry.risk())
            }
            Self::Document(_) => false,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tools { toolset, class } => {
                write!(f, "{toolset}:{}", class.map_or("*", Risk::as_str))
            }
            Self::Document(name) => f.write_str(name),
        }
    }
}

/// Whether one of some scopes allows a tool of a toolset.
pub(crate) fn allows(scopes: &[Scope], toolset: &str, entry: &Entry) -> bool {
    scopes.iter().any(|scope| scope.allows(toolset, entry))
        || entry
            .operation()
            .is_some_and(|operation| is_asked_for(operation, scopes))
}

/// Whether scopes of the document are all that one of an operation's alternatives names. One that names none says
/// nothing of who may do it, so that nobody may.
fn is_asked_for(operation: &OperationDef, scopes: &[Scope]) -> bool {
    let has = |name: &&str| {
        let is = |scope: &Scope| matches!(scope, Scope::Document(own) if own == name);
        scopes.iter().any(is)
    };
    let mut alternatives = operation.security.iter();
    alternatives.any(|uses| {
        let mut names = document_scopes(uses).peekable();
        names.peek().is_some() && names.all(|name| has(&name))
    })
}

/// The scopes that an alternative names.
pub(super) fn document_scopes(uses: &'static [SecurityUse]) -> impl Iterator<Item = &'static str> {
    uses.iter().flat_map(|one| one.scopes.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Kind;
    use crate::operation::OperationDef;

    #[test]
    fn writing_does_not_imply_reading_and_nothing_is_allowed_that_is_not_named() {
        static READ: OperationDef = OperationDef::DEFAULT;
        static WRITE: OperationDef = OperationDef {
            risk: Risk::Write,
            ..OperationDef::DEFAULT
        };
        static DELETE: OperationDef = OperationDef {
            risk: Risk::Destructive,
            ..OperationDef::DEFAULT
        };
        let may = |scope: &str| {
            let scopes: Vec<Scope> = Scope::kept(scope).into_iter().collect();
            [&READ, &WRITE, &DELETE].map(|operation| {
                let entry = Entry::new(Kind::Operation(operation));
                allows(&scopes, "leads", &entry)
            })
        };
        for (scope, expected) in [
            ("leads:read", [true, false, false]),
            ("leads:write", [false, true, false]),
            ("*:destructive", [false, false, true]),
            ("leads:*", [true, true, true]),
            ("lead:*", [false; 3]),
            ("leads:outward", [false; 3]),
            ("", [false; 3]),
            ("leads", [false; 3]),
            ("leads:all", [false; 3]),
        ] {
            assert_eq!(may(scope), expected, "{scope}");
        }
    }

    #[test]
    fn what_is_no_scope_is_refused_with_what_there_is() {
        let known = ["leads", "invoices"];
        let parse = |text: &str| Scope::parse(text, &known).map(|scope| scope.to_string());
        assert_eq!(parse("leads:read").as_deref(), Ok("leads:read"));
        assert_eq!(parse("*:*").as_deref(), Ok("*:*"));
        assert!(parse("leeds:read").is_err_and(|why| why.contains("there are leads, invoices")));
        for text in ["leads", "leads:", "leads:delete", "read", ""] {
            assert!(
                parse(text).is_err_and(|why| why.contains("TOOLSET:CLASS")),
                "{text}"
            );
        }
    }
}
