//! Update, copy and remove (Overlay 1.1.0 §4.4.3), within the budgets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json_path::JsonPath;

use super::at;
use super::path::{Refusal, parse};
use super::read::{Action, Change, Version};
use super::target::{nearest, select};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::source::{Branch, Budget, Budgets, Document, File, Origins, Place};
use crate::text;

/// One overlay being applied.
pub(super) struct Run<'a> {
    document: &'a mut Value,
    origins: &'a mut Origins,
    overlay: &'a Document,
    number: usize,
    budgets: &'a Budgets,
    /// At least the number of nodes of the document.
    nodes: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        document: &'a mut Document,
        overlay: &'a Document,
        number: usize,
        budgets: &'a Budgets,
    ) -> Self {
        let nodes = size(&document.value).nodes;
        Self {
            document: &mut document.value,
            origins: &mut document.origins,
            overlay,
            number,
            budgets,
            nodes,
        }
    }

    /// Applies one action.
    ///
    /// # Errors
    /// When the action cannot be applied; those behind it would meet another document than they
    /// were written for.
    pub(super) fn action(
        &mut self,
        action: &Action<'_>,
        sink: &mut Sink,
    ) -> Result<(), Diagnostic> {
        let place = action.pointer.child("target");
        let query = self.query(action.target, &place)?;
        let targets = select(self.document, &query, action.target);
        if targets.is_empty() {
            sink.push(self.nothing(action.target, &place));
            return Ok(());
        }
        match action.change {
            Change::Remove => self.remove(&targets, &place),
            Change::Update(update) => {
                let place = action.pointer.child("update");
                let branch = Branch::at(Place::new(File::Overlay(self.number), place.clone()));
                self.update(&targets, update, &branch, action.version, &place)
            }
            Change::Copy(from) => {
                let place = action.pointer.child("copy");
                let query = self.query(from, &place)?;
                let found = select(self.document, &query, from);
                let source = match found.as_slice() {
                    [source] => source,
                    [] => {
                        sink.push(self.nothing(from, &place));
                        return Ok(());
                    }
                    several => {
                        let message = format!("`copy` selects {} nodes", several.len());
                        return Err(self.error(Code::E0906, message, &place).help(
                            "name one node; JSONPath filters and wildcards may select several",
                        ));
                    }
                };
                let update = self.document.pointer(source.as_str()).cloned();
                let branch = self.origins.branch(source);
                let update = update.unwrap_or_default();
                self.update(&targets, &update, &branch, action.version, &place)
            }
        }
    }

    fn query(&self, text: &str, place: &Pointer) -> Result<JsonPath, Diagnostic> {
        parse(text, self.nodes, self.budgets.effective_depth()).map_err(|refusal| match refusal {
            Refusal::Syntax(message, offset) => {
                let (good, bad) = text.split_at_checked(offset).unwrap_or((text, ""));
                self.error(
                    Code::E0904,
                    format!("`{}` is no JSONPath: {message}", text::line(text, 120)),
                    place,
                )
                .note(match (good, bad) {
                    ("", _) => "a JSONPath starts with `$`".to_owned(),
                    (_, "") => "it ends too early".to_owned(),
                    (_, bad) => format!("the fault is at `{}`", text::line(bad, 60)),
                })
                .help("names with other characters than letters and digits stand in brackets: `$.paths['/leads'].get`")
            }
            Refusal::Cost(why) => self
                .error(
                    Code::E0909,
                    format!("`{}` is not evaluated: {why}", text::line(text, 120)),
                    place,
                )
                .help("name the nodes more exactly, or make several actions of it"),
        })
    }

    /// The warning about a query that selects nothing.
    fn nothing(&self, text: &str, place: &Pointer) -> Diagnostic {
        let message = format!("`{}` selects nothing", text::line(text, 120));
        let mut diagnostic = self.error(Code::E0905, message, place);
        let near = nearest(
            self.document,
            text,
            self.nodes,
            self.budgets.effective_depth(),
        );
        if let Some((there, better)) = near {
            diagnostic = diagnostic.note(format!(
                "the nearest path that exists is `{}`",
                text::line(&there, 200)
            ));
            if let Some(better) = better {
                diagnostic =
                    diagnostic.help(format!("did you mean `{}`?", text::line(&better, 200)));
            }
        }
        diagnostic
    }

    fn error(&self, code: Code, message: String, place: &Pointer) -> Diagnostic {
        at(Diagnostic::new(code, message), self.overlay, place)
    }

    /// Merges a value into each target.
    fn update(
        &mut self,
        targets: &[Pointer],
        update: &Value,
        branch: &Branch,
        version: Version,
        place: &Pointer,
    ) -> Result<(), Diagnostic> {
        self.keep_budgets(targets, update, place)?;
        for target in targets {
            // An action on a node above may have replaced this one.
            let Some(node) = self.document.pointer_mut(target.as_str()) else {
                continue;
            };
            let merged = match (&mut *node, update) {
                // What is appended to an array: in 1.0 the value itself, in 1.1 the elements of an
                // array, or else the value itself.
                (Value::Array(items), Value::Array(more)) if version == Version::V1_1 => {
                    append(items, more, branch, target, self.origins);
                    Ok(())
                }
                (Value::Array(items), entry) => {
                    self.origins.set(&target.index(items.len()), branch.clone());
                    items.push(entry.clone());
                    Ok(())
                }
                (node, update) => merge(node, update, branch, target, self.origins),
            };
            if let Err(clash) = merged {
                return Err(self
                    .error(
                        Code::E0906,
                        format!(
                            "the update does not fit: `{}` is {} and cannot take {}",
                            text::line(&crate::diagnostics::json_path(&clash.target), 200),
                            clash.is,
                            clash.gets
                        ),
                        place,
                    )
                    .help("an object takes an object, an array takes its elements, anything else is replaced by a text, number, boolean or null; remove the node in an action before this one to give it another kind"));
            }
        }
        Ok(())
    }

    /// Refuses an update that would make the document larger than the budgets allow, before
    /// anything is changed.
    fn keep_budgets(
        &mut self,
        targets: &[Pointer],
        update: &Value,
        place: &Pointer,
    ) -> Result<(), Diagnostic> {
        let added = size(update);
        let growth = added.nodes.saturating_mul(targets.len());
        if self.nodes.saturating_add(growth) > self.budgets.nodes {
            // Earlier actions may have removed or replaced nodes.
            self.nodes = size(self.document).nodes;
        }
        self.nodes = self.nodes.saturating_add(growth);
        if self.nodes > self.budgets.nodes {
            let message = format!(
                "with this action the document would have more than {} nodes",
                self.budgets.nodes
            );
            return Err(self
                .error(Code::E0110, message, place)
                .help(self.budgets.remedy(Budget::Nodes, Some(self.nodes))));
        }
        let deepest = targets.iter().map(|target| target.tokens().count()).max();
        let depth = deepest.unwrap_or_default().saturating_add(added.depth);
        // An element that is appended stands one deeper than its array.
        if depth.saturating_add(1) > self.budgets.effective_depth() {
            let message = format!(
                "with this action the document would be nested deeper than {}",
                self.budgets.effective_depth()
            );
            return Err(self.error(Code::E0111, message, place).help(
                self.budgets
                    .remedy(Budget::Depth, Some(depth.saturating_add(1))),
            ));
        }
        Ok(())
    }

    /// Removes each target from what holds it.
    fn remove(&mut self, targets: &[Pointer], place: &Pointer) -> Result<(), Diagnostic> {
        let mut by_parent: BTreeMap<(std::cmp::Reverse<usize>, Pointer), BTreeSet<String>> =
            BTreeMap::new();
        for target in targets {
            let (Some(parent), Some(token)) = (target.parent(), target.tokens().last()) else {
                return Err(self
                    .error(
                        Code::E0906,
                        "the whole document cannot be removed".to_owned(),
                        place,
                    )
                    .help("name what is to go"));
            };
            let depth = std::cmp::Reverse(target.tokens().count());
            by_parent
                .entry((depth, parent))
                .or_default()
                .insert(token.into_owned());
        }
        // The deepest first: nothing that is still to be removed moves.
        for ((_, parent), names) in by_parent {
            match self.document.pointer_mut(parent.as_str()) {
                Some(Value::Object(members)) => {
                    members.retain(|name, _| !names.contains(name));
                    self.origins.remove_members(&parent, &names);
                }
                Some(Value::Array(items)) => {
                    let removed: BTreeSet<usize> =
                        names.iter().filter_map(|name| name.parse().ok()).collect();
                    self.origins.remove_elements(&parent, &removed, items.len());
                    let mut index = 0usize;
                    items.retain(|_| {
                        let keep = !removed.contains(&index);
                        index = index.saturating_add(1);
                        keep
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Two values that cannot be merged.
struct Clash {
    target: Pointer,
    is: &'static str,
    gets: &'static str,
}

/// Merges `update` into `node`: objects member by member, arrays by appending, and anything else by
/// replacing.
fn merge(
    node: &mut Value,
    update: &Value,
    branch: &Branch,
    pointer: &Pointer,
    origins: &mut Origins,
) -> Result<(), Clash> {
    match (node, update) {
        (Value::Object(members), Value::Object(update)) => {
            for (name, value) in update {
                let pointer = pointer.child(name);
                let branch = branch.child(name);
                match members.get_mut(name) {
                    Some(member) => merge(member, value, &branch, &pointer, origins)?,
                    None => {
                        members.insert(name.clone(), value.clone());
                        origins.set(&pointer, branch);
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            append(items, more, branch, pointer, origins);
        }
        (node, update) if is_primitive(node) && is_primitive(update) => {
            *node = update.clone();
            origins.set(pointer, branch.clone());
        }
        (node, update) => {
            return Err(Clash {
                target: pointer.clone(),
                is: kind(node),
                gets: kind(update),
            });
        }
    }
    Ok(())
}

fn append(
    items: &mut Vec<Value>,
    more: &[Value],
    branch: &Branch,
    pointer: &Pointer,
    origins: &mut Origins,
) {
    for (index, value) in more.iter().enumerate() {
        let branch = branch.child(&index.to_string());
        origins.set(&pointer.index(items.len()), branch);
        items.push(value.clone());
    }
}

fn is_primitive(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// The kind of a value, with its article.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
    }
}

/// How much of the budgets a value takes.
pub(super) struct Size {
    /// Number of nodes.
    pub(super) nodes: usize,
    /// 0 for a scalar.
    pub(super) depth: usize,
}

pub(super) fn size(value: &Value) -> Size {
    let mut size = Size { nodes: 1, depth: 0 };
    let mut add = |child: &Value| {
        let inner = self::size(child);
        size.nodes = size.nodes.saturating_add(inner.nodes);
        size.depth = size.depth.max(inner.depth);
    };
    match value {
        Value::Array(items) => items.iter().for_each(&mut add),
        Value::Object(members) => members.values().for_each(&mut add),
        _ => return size,
    }
    size.depth = size.depth.saturating_add(1);
    size
}
