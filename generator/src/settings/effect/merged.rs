//! `merge_by`: a list of an update is merged with the one that the record has (behaviour B12). First it is
//! checked against the arguments; once all tools are known, the one that gets the record is found.

use std::collections::HashMap;

use super::Effect;
use super::place::{Spot, parts};
use crate::diagnostics::{Code, Sink};
use crate::ir::{Group, Merge, Operation, Risk};
use crate::settings::composite::schemas::{There, in_answer, items, properties};
use crate::settings::merge::Configured;
use crate::similar::most_alike;
use crate::text;
use crate::text::pointer::escaped;

/// Longest description of a tool, in characters.
const LONGEST: usize = 1_024;
/// What the runtime does to a list that an update replaces.
const HELP: &str = "name a property of the items of a list in the body of an update of one record";

impl Effect<'_> {
    /// Notes that a list is to be merged.
    pub(super) fn merge(&mut self, key: &str, spot: &Spot, setting: &str) {
        let operation = &*self.operation;
        let root = &operation.input_schema;
        let list = spot.schema.as_ref().and_then(|at| items(root, at));
        let in_parameter = operation
            .parameters
            .iter()
            .any(|p| p.argument == spot.argument);
        let names: Vec<String> = list
            .as_ref()
            .map(|at| properties(root, at))
            .unwrap_or_default()
            .into_iter()
            .map(|name| {
                let place = format!("{}/*/{}", spot.place, escaped(&name));
                let mut renamed = operation.renamed.iter();
                let wire = renamed.find(|(at, _)| *at == place);
                wire.map_or(name, |(_, wire)| wire.clone())
            })
            .collect();
        let is_object = |schema: &serde_json::Value| match schema.get("type") {
            Some(serde_json::Value::String(kind)) => kind == "object",
            Some(serde_json::Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
            _ => schema.get("enum").is_none(),
        };
        let of_objects = list.as_ref().is_none_or(|at| {
            let forms = parts(root, at);
            let mut forms = forms.iter().filter_map(|(part, _)| root.pointer(part));
            forms.all(is_object)
        });
        let shown = text::line(key, 60);
        let reason = if !spot.whole {
            Some("it is inside of another argument".to_owned())
        } else if list.is_none() || in_parameter {
            Some("it is no list in the body".to_owned())
        } else if names.is_empty() && !of_objects {
            Some("its items are no objects".to_owned())
        } else if !names.is_empty() && !names.iter().any(|name| name == key) {
            let near = most_alike(key, names.iter().map(String::as_str));
            Some(match near {
                Some(near) => format!("its items have no `{shown}`, but `{near}`"),
                None => format!("its items have no `{shown}`"),
            })
        } else {
            None
        };
        if let Some(reason) = reason {
            let argument = text::line(&spot.argument, 60);
            let message = format!("`{argument}` cannot be merged by `{shown}`: {reason}");
            let place = self.said.place(setting).cloned();
            self.find(place.as_ref(), Code::E0946, message);
            if let Some(finding) = self.findings.last_mut() {
                finding.help = Some(HELP.to_owned());
            }
            return;
        }
        self.operation.settled.merges.push(Merge {
            argument: spot.argument.clone(),
            key: key.to_owned(),
            kept: names,
            ..Merge::default()
        });
    }
}

impl Configured {
    /// Finds what gets the record of each list that is merged: the operation that reads the same path.
    /// `said`: the place in [`Self::said`] of an operation.
    pub fn merged(
        &self,
        groups: &mut [Group],
        said: &dyn Fn(&Operation) -> Option<usize>,
        sink: &mut Sink,
    ) {
        let mut getters: HashMap<String, Operation> = HashMap::new();
        let all = || groups.iter().flat_map(|group| &group.operations);
        for operation in all().filter(|operation| !operation.settled.merges.is_empty()) {
            let getter = all().find(|other| {
                other.path == operation.path && other.method == "GET" && other.risk == Risk::Read
            });
            if let Some(getter) = getter {
                getters.insert(operation.path.clone(), getter.clone());
            }
        }
        for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
            for index in 0..operation.settled.merges.len() {
                let found = found(operation, index, getters.get(&operation.path));
                let Err(reason) = found else { continue };
                let Some(merge) = operation.settled.merges.get(index) else {
                    continue;
                };
                let argument = text::line(&merge.argument, 60);
                let message = format!(
                    "`{argument}` of `{}` cannot be merged: {reason}",
                    operation.tool
                );
                let said = said(operation).and_then(|index| self.said.get(index));
                let mut settings = said.into_iter().flat_map(|said| &said.settings);
                let of_merge = settings.find(|(key, _)| key.ends_with(".merge_by"));
                if let Some((_, (_, place))) = of_merge {
                    sink.push(place.finding(Code::E0946, message).help(HELP));
                }
            }
            operation
                .settled
                .merges
                .retain(|merge| !merge.get.is_empty());
        }
    }
}

/// Completes one merge of an operation.
fn found(operation: &mut Operation, index: usize, get: Option<&Operation>) -> Result<(), String> {
    let Some(get) = get else {
        return Err(format!("no tool reads `{}`", operation.path));
    };
    let path = |of: &Operation| -> Vec<(String, String)> {
        let in_path = of.parameters.iter();
        let in_path = in_path.filter(|p| p.location == "path" && !p.argument.is_empty());
        in_path
            .map(|p| (p.name.clone(), p.argument.clone()))
            .collect()
    };
    let own: HashMap<String, String> = path(operation).into_iter().collect();
    let given: Vec<(String, String)> = path(get)
        .into_iter()
        .filter_map(|(name, argument)| Some((argument, own.get(&name)?.clone())))
        .collect();
    let needed = get
        .input_schema
        .get("required")
        .and_then(serde_json::Value::as_array);
    let mut needed = needed
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str);
    if let Some(missing) = needed.find(|name| given.iter().all(|(argument, _)| argument != name)) {
        return Err(format!("`{}` needs `{missing}`", get.tool));
    }
    let record = get.answer.as_ref().filter(|answer| !answer.list);
    let record = record
        .map(|answer| answer.records.clone())
        .unwrap_or_default();
    let if_match = operation
        .parameters
        .iter()
        .find(|p| p.location == "header" && p.name.eq_ignore_ascii_case("if-match"))
        .map(|p| p.argument.clone())
        .unwrap_or_default();
    let body = operation.body.as_ref().map(|body| &body.shape);
    let fields = match body {
        Some(crate::ir::BodyShape::Properties(fields, _)) => fields.as_slice(),
        _ => &[],
    };
    let Some(merge) = operation.settled.merges.get_mut(index) else {
        return Ok(());
    };
    let wire = fields
        .iter()
        .find(|field| field.argument == merge.argument)
        .map_or(merge.argument.as_str(), |field| field.name.as_str());
    let from = place_of(get, &record, wire).ok_or_else(|| {
        let wire = text::line(wire, 60);
        format!("answers of `{}` have no `{wire}`", get.tool)
    })?;
    merge.get.clone_from(&get.tool);
    merge.given = given;
    merge.from = from;
    merge.if_match = if_match;
    let guard = if merge.if_match.is_empty() {
        "; not atomic"
    } else {
        ""
    };
    let line = format!(
        "\n`{}` is merged by `{}` with what {} has: items that are not given stay, `[]` clears all{guard}.",
        merge.argument, merge.key, get.tool
    );
    let room = LONGEST.saturating_sub(line.chars().count());
    operation.description = format!("{}{line}", text::cut(&operation.description, room));
    Ok(())
}

/// Where an answer has the list: in the record, or in the only object that the document has it in. Where
/// nothing is known of the answer, it is where it is written.
fn place_of(get: &Operation, record: &str, wire: &str) -> Option<String> {
    let place = format!("{record}/{}", escaped(wire));
    let There::No(names) = in_answer(get, &place) else {
        return Some(place);
    };
    let below = names
        .iter()
        .map(|name| format!("{record}/{}/{}", escaped(name), escaped(wire)));
    let mut found = below.filter(|place| matches!(in_answer(get, place), There::Yes(_)));
    found.next().filter(|_| found.next().is_none())
}
