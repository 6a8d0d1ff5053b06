//! MCP Apps (extension `io.modelcontextprotocol/ui`, 2026-01-26): results as a table, a card, a chart or a card to
//! approve, in hosts that show HTML.
//!
//! Each view is one document without anything from elsewhere. It knows nothing about the service: the host gives it
//! the tool, the arguments and the result, and what it shows follows from the fields. The result is whole without it.
//! Texts of the service are hostile, so the scripts write text nodes only.

#[cfg(test)]
mod tests;

use crate::engine::{Entry, Kind};
use crate::operation::{Api, OperationDef, OutputKind, Risk};

/// Name of the extension, among the capabilities.
pub(crate) const EXTENSION: &str = "io.modelcontextprotocol/ui";
/// Media type of its documents.
pub(crate) const MEDIA_TYPE: &str = "text/html;profile=mcp-app";

const STYLE: &str = include_str!("app.css");
/// The parts of the script, in order.
const SCRIPT: [&str; 7] = [
    include_str!("host.js"),
    include_str!("fields.js"),
    include_str!("table.js"),
    include_str!("card.js"),
    include_str!("chart.js"),
    include_str!("approval.js"),
    include_str!("app.js"),
];

/// What a host shows for the calls of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// Records as rows.
    Table,
    /// One record.
    Card,
    /// Sums by status, or by how long something is due, above the rows.
    Chart,
    /// What is about to happen, and two buttons.
    Approval,
}

impl View {
    pub(crate) const ALL: [Self; 4] = [Self::Table, Self::Card, Self::Chart, Self::Approval];

    /// Name in its URI.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Card => "card",
            Self::Chart => "chart",
            Self::Approval => "approval",
        }
    }

    /// What it is for, in a list of resources.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Table => "Records as a table (MCP Apps).",
            Self::Card => "A record as a card (MCP Apps).",
            Self::Chart => "Records as a chart by status or by age, and as a table (MCP Apps).",
            Self::Approval => "What a call is about to do, for a person to approve (MCP Apps).",
        }
    }

    /// Its URI at a server.
    pub(crate) fn uri(self, api: &Api) -> String {
        format!("ui://{}/{}", api.name, self.name())
    }

    /// The view of a URI at a server.
    pub(crate) fn at(api: &Api, uri: &str) -> Option<Self> {
        let name = uri.strip_prefix("ui://")?.strip_prefix(api.name)?;
        let name = name.strip_prefix('/')?;
        Self::ALL.into_iter().find(|view| view.name() == name)
    }

    /// What shows the results of a tool; `None` for files, texts and what a user's own code gives.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        match &entry.kind {
            Kind::Operation(operation) => of(operation),
            Kind::Composite(_) if entry.risk() == Risk::Read => Some(Self::Table),
            Kind::Composite(_) => Some(Self::Approval),
            Kind::Custom(_) => None,
        }
    }

    /// The document.
    pub(crate) fn document(self) -> String {
        let script: String = SCRIPT.concat();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body data-view=\"{name}\">\n<main id=\"app\" aria-live=\"polite\"></main>\n<script>\n\"use strict\";\n{script}</script>\n</body>\n</html>\n",
            title = match self {
                Self::Table => "Records",
                Self::Card => "Record",
                Self::Chart => "Records by status",
                Self::Approval => "Approval",
            },
            name = self.name(),
        )
    }
}

fn of(operation: &OperationDef) -> Option<View> {
    if operation.risk >= Risk::Destructive {
        return Some(View::Approval);
    }
    if operation.risk == Risk::Write {
        return Some(View::Card);
    }
    if !matches!(operation.output, OutputKind::Json | OutputKind::Wrapped) {
        return None;
    }
    Some(match &operation.answer {
        Some(answer) if answer.list && answer.columns.iter().copied().any(tells_stage) => {
            View::Chart
        }
        Some(answer) if answer.list || answer.open => View::Table,
        _ => View::Card,
    })
}

/// Whether a property says how far a record is.
fn tells_stage(name: &str) -> bool {
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or(name);
    ["status", "stage", "state"].iter().any(|word| {
        last.len() >= word.len()
            && last
                .get(last.len() - word.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(word))
    })
}
