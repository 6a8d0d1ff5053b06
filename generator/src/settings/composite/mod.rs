//! Tools beside the operations: each entry checked against the operations that it calls, and lowered.
//!
//! | file | subject |
//! |---|---|
//! | `keys.rs` | which keys belong to which kind |
//! | `maker.rs` | operations, places in arguments and in answers |
//! | `schemas.rs` | what a schema says of a place, and what ids look like |
//! | `reads.rs` | fanout, count, multi_get, lookup |
//! | `changes.rs` | relation, append |

mod changes;
mod keys;
mod maker;
mod reads;
pub(super) mod schemas;

use std::collections::HashSet;

use serde_json::Value;

use super::merge::Configured;
use super::read::Composite;
use crate::diagnostics::{Code, Sink};
use crate::ir::{self, Deed, Hints, Risk};
use crate::names::{is_tool_name, title, words};
use crate::text;
use maker::Maker;

/// Longest description of a tool, in characters (OpenAI and Azure cut there).
const LONGEST: usize = 1_024;
/// The topic of tools over several topics.
const GENERAL: &str = "General";

/// What a kind makes of an entry.
struct Made {
    deed: Deed,
    /// Properties of the argument schema and the names of the required ones.
    schema: Value,
    /// What is said besides the operator's description.
    said: String,
    /// Whether the same call again changes nothing more.
    idempotent: bool,
}

impl Configured {
    /// The tools beside the operations. Those that are faulty are left out with a finding.
    pub fn made(&self, groups: &[ir::Group], dotted: bool, sink: &mut Sink) -> Vec<ir::Composite> {
        let operations = groups.iter().flat_map(|group| &group.operations);
        let mut taken: HashSet<String> = operations.map(|o| o.tool.clone()).collect();
        let mut made = Vec::new();
        for composite in &self.composites {
            let (name, place) = &composite.name;
            let shown = text::line(name, 60);
            if !is_tool_name(name, dotted) {
                let message = format!("`{shown}` is no name for a tool");
                let help = "1 to 40 characters: a-z, 0-9 and `_`, starting with a letter";
                sink.push(place.finding(Code::E0930, message).help(help));
                continue;
            }
            if !taken.insert(name.clone()) {
                let message = format!("a tool is named `{shown}` already");
                let finding = place.finding(Code::E0930, message);
                sink.push(finding.help("choose another name"));
                continue;
            }
            made.extend(self.one(composite, groups, sink));
        }
        made
    }

    fn one(
        &self,
        composite: &Composite,
        groups: &[ir::Group],
        sink: &mut Sink,
    ) -> Option<ir::Composite> {
        let mut maker = Maker::new(&composite.tree, groups, &self.selected);
        let made = if keys::fit(&mut maker) {
            match maker.kind() {
                "fanout" => maker.fanout(),
                "count" => maker.count(),
                "multi_get" => maker.multi_get(),
                "lookup" => maker.lookup(),
                "relation" => maker.relation(),
                _ => maker.append(),
            }
        } else {
            None
        };
        let called = std::mem::take(&mut maker.called);
        let failed = maker.failed;
        let findings = std::mem::take(&mut maker.findings);
        findings.into_iter().for_each(|finding| sink.push(finding));
        // A finding that is only a warning leaves the tool as it is.
        let made = made.filter(|_| !failed)?;
        Some(finish(composite, made, &called))
    }
}

/// The tool around what its kind made.
fn finish(
    composite: &Composite,
    made: Made,
    called: &[(&ir::Group, &ir::Operation)],
) -> ir::Composite {
    let (name, _) = &composite.name;
    let said = |key: &str| composite.tree.get(key).and_then(super::tree::Tree::text);
    let writes = matches!(made.deed, Deed::Relation(_) | Deed::Append(_));
    let risks = called.iter().map(|(_, operation)| operation.risk);
    let least = if writes { Risk::Write } else { Risk::Read };
    let risk = risks.chain([least]).max().unwrap_or(least);
    let any = |hint: fn(&Hints) -> bool| called.iter().any(|(_, o)| hint(&o.hints));
    let hints = Hints {
        read_only: !writes,
        destructive: any(|hints| hints.destructive),
        idempotent: made.idempotent,
        open_world: any(|hints| hints.open_world),
    };
    let topics: HashSet<&str> = called
        .iter()
        .map(|(group, _)| group.title.as_str())
        .collect();
    let topic = match (said("group"), called.first()) {
        (Some(group), _) => text::line(group, 80),
        (None, Some((group, _))) if topics.len() == 1 => group.title.clone(),
        _ => GENERAL.to_owned(),
    };
    let prefix = if risk == Risk::Destructive {
        "IRREVERSIBLE: "
    } else {
        ""
    };
    let own = text::paragraphs(said("description").unwrap_or_default(), LONGEST);
    let room = LONGEST
        .saturating_sub(made.said.chars().count())
        .saturating_sub(prefix.len())
        .saturating_sub(2);
    let own = text::with_stop(&text::cut(&own, room));
    let own_title = said("title").map(|title| text::line(title, 80));
    ir::Composite {
        tool: name.clone(),
        title: own_title.unwrap_or_else(|| title(&words(name))),
        description: text::cut(&format!("{prefix}{own}\n{}", made.said), LONGEST),
        group: topic,
        risk,
        hints,
        input_schema: made.schema,
        deed: made.deed,
    }
}
