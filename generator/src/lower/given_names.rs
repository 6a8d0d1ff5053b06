//! Names that settings and earlier runs give to tools.

use std::collections::HashMap;

use super::configured::{ByOperation, named};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::model::RawOperation;
use crate::names::{Named, Style, ToolNames, is_tool_name, tool_names};
use crate::settings::{Place, Said};
use crate::text;

impl ByOperation {
    /// The names of tools, and those that they would have in the default style without settings: their
    /// first words say what is done. `locked`: those of earlier runs.
    pub(super) fn names(
        &self,
        operations: &[RawOperation<'_>],
        locked: &[Option<&str>],
        sink: &mut Sink,
    ) -> (ToolNames, Vec<String>) {
        let mut taken: HashMap<&str, (usize, &Place)> = HashMap::new();
        let mut named: Vec<Named<'_>> = operations.iter().map(named).collect();
        for (index, (raw, named)) in operations.iter().zip(&mut named).enumerate() {
            let Some((name, place)) = self.said(raw).and_then(Said::name) else {
                continue;
            };
            let shown = text::line(name, 60);
            if !is_tool_name(name, self.style == Style::Dotted) {
                let message = format!("`{shown}` is no name for a tool");
                sink.push(
                    place
                        .finding(Code::E0930, message)
                        .help("1 to 40 characters: a-z, 0-9 and `_`, starting with a letter"),
                );
            } else if taken.contains_key(name) {
                let message = format!("two tools are named `{shown}`");
                sink.push(
                    place
                        .finding(Code::E0930, message)
                        .help("`name` is for one operation: select one, or choose another name"),
                );
            } else {
                taken.insert(name, (index, place));
                named.given = Some(name);
            }
        }
        let displaced = self.displaced(&named, locked, &taken);
        for (first, other) in displaced {
            let (Some(raw), Some(own)) = (operations.get(other), named.get_mut(first)) else {
                continue;
            };
            let name = own.given.take().unwrap_or_default();
            if let (Some((_, place)), Some(wanted)) = (taken.remove(name), operations.get(first)) {
                sink.push(of_another(name, place, wanted, raw));
            }
        }
        // Those of earlier runs stay, unless settings say something else.
        for (named, locked) in named.iter_mut().zip(locked) {
            let usable = |name: &&str| {
                is_tool_name(name, self.style == Style::Dotted) && !taken.contains_key(name)
            };
            named.given = named.given.or(locked.filter(usable));
        }
        let plain = self.style == Style::VerbResource && named.iter().all(|n| n.given.is_none());
        let names = tool_names(&named, self.style);
        let natural = if plain {
            names.names.clone()
        } else {
            for named in &mut named {
                named.given = None;
            }
            tool_names(&named, Style::VerbResource).names
        };
        (names, natural)
    }

    /// Operations that settings name as another one is called that nobody named: by an earlier run, or by its
    /// method and path. That one would get a name which nobody expects, and agents that know it would call the
    /// wrong one.
    fn displaced(
        &self,
        named: &[Named<'_>],
        locked: &[Option<&str>],
        taken: &HashMap<&str, (usize, &Place)>,
    ) -> Vec<(usize, usize)> {
        if taken.is_empty() {
            return Vec::new();
        }
        let bare: Vec<Named<'_>> = named
            .iter()
            .map(|named| Named {
                given: None,
                ..*named
            })
            .collect();
        let own = tool_names(&bare, self.style).names;
        let mut found = Vec::new();
        for (other, (named, own)) in named.iter().zip(&own).enumerate() {
            let before = locked.get(other).copied().flatten();
            let name = before.unwrap_or(own);
            if let (None, Some((first, _))) = (named.given, taken.get(name)) {
                found.push((*first, other));
            }
        }
        found
    }
}

fn of_another(
    name: &str,
    place: &Place,
    wanted: &RawOperation<'_>,
    other: &RawOperation<'_>,
) -> Diagnostic {
    let (wanted, other) = (
        text::line(&wanted.label(), 120),
        text::line(&other.label(), 120),
    );
    let message = format!("`{name}` is the name of `{other}`, so that `{wanted}` cannot have it");
    place.finding(Code::E0930, message).help(format!(
        "choose another name, or name the other one too: `[[operation]] select = \"{other}\" name = \"…\"`"
    ))
}
