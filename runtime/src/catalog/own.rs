//! Tools that a view has for itself: they lead to the tools of the API.

use serde_json::json;

use crate::apps::View;
use crate::json::{Object, Value};
use crate::operation::{Hints, Risk};

/// A tool of a view.
#[derive(Debug, Clone)]
pub(crate) struct OwnTool {
    pub(crate) name: String,
    pub(crate) title: &'static str,
    pub(crate) description: String,
    pub(crate) hints: Hints,
    pub(crate) input_schema: Object,
    pub(super) deed: Deed,
}

/// What a tool of a view does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Find,
    Describe,
    Run(Class),
    Search,
    Get,
    Create,
    Update,
    Delete,
    Action,
    DescribeEntity,
    ListActions,
}

impl Deed {
    /// Whether a tool of the API does what is asked for.
    pub(super) const fn leads_to_a_tool(self) -> bool {
        !matches!(
            self,
            Self::Find | Self::Describe | Self::DescribeEntity | Self::ListActions
        )
    }
}

/// Classes of tools that are run through different ones, so that a client can ask its user for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Read,
    Write,
    Destructive,
}

impl Class {
    /// What reaches beyond the service counts as destructive: it cannot be taken back.
    pub(super) const fn of(risk: Risk) -> Self {
        match risk {
            Risk::Read => Self::Read,
            Risk::Write => Self::Write,
            Risk::Destructive | Risk::Outward => Self::Destructive,
        }
    }

    /// The tool that runs them.
    pub(super) const fn runner(self) -> &'static str {
        match self {
            Self::Read => "run_read",
            Self::Write => "run_write",
            Self::Destructive => "run_destructive",
        }
    }
}

impl OwnTool {
    /// Lowers a `limit` above the largest to it (row D1), and gives what was asked for.
    pub(super) fn clamp(&self, given: &mut Object) -> Option<u64> {
        let limit = self.input_schema.get("properties")?.get("limit")?;
        let most = limit.get("maximum")?.as_u64()?;
        let asked = match given.get("limit")? {
            Value::String(text) => text.trim().parse().ok()?,
            number => number.as_u64()?,
        };
        (asked > most).then(|| {
            given.insert("limit".to_owned(), most.into());
            asked
        })
    }

    /// What a host of MCP Apps shows for its calls.
    pub(crate) const fn app(&self) -> Option<View> {
        match self.deed {
            Deed::Search | Deed::Run(Class::Read) => Some(View::Table),
            Deed::Get => Some(View::Card),
            Deed::Create | Deed::Update | Deed::Delete | Deed::Action | Deed::Run(_) => {
                Some(View::Approval)
            }
            Deed::Find | Deed::Describe | Deed::DescribeEntity | Deed::ListActions => None,
        }
    }

    /// Whether it only reads.
    pub(crate) fn reads(&self) -> bool {
        self.hints.read_only
    }
}

/// The hints that are true of every tool in a list: it reads if all do, it destroys if one does.
pub(super) fn hints_of(tools: impl Iterator<Item = Hints>) -> Hints {
    tools.fold(Hints::READ, |all, one| Hints {
        read_only: all.read_only && one.read_only,
        destructive: all.destructive || one.destructive,
        idempotent: all.idempotent && one.idempotent,
        open_world: all.open_world || one.open_world,
    })
}

/// That fewer come than were asked for.
pub(super) fn lowered(asked: u64, sent: u64) -> String {
    format!("limit={asked} is more than a page can have; {sent} was sent")
}

/// An object schema of some properties.
pub(super) fn schema(properties: Value, required: &[&str]) -> Object {
    let mut schema = Object::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), properties);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    schema
}
