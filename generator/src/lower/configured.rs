//! What settings say about the operations of this document.

use std::collections::HashMap;

use serde_json::Value;

use super::operation::Given;
use super::risk::classify;
use crate::diagnostics::{Code, Pointer, Sink};
use crate::ir;
use crate::model::RawOperation;
use crate::names::{Named, Style, words};
use crate::settings::{
    Configured, EXTENSION, Place, Said, Settings, Target, Trust, said_by_document,
};
use crate::source::Document;

/// Settings, found by operation.
pub(super) struct ByOperation {
    configured: Configured,
    index: HashMap<String, usize>,
    /// How tools are named.
    pub(super) style: Style,
    /// `views.records.prefix`
    pub(super) records_prefix: Option<String>,
    /// `views.records.entities`
    records_entities: Vec<(String, String, Place)>,
}

impl ByOperation {
    /// Reads what the document says about itself, and adds what the operator says.
    pub(super) fn of(
        document: &Document,
        value: &Value,
        operations: &[RawOperation<'_>],
        settings: &Settings,
        sink: &mut Sink,
    ) -> Self {
        sink.extend(settings.remarks.iter().cloned());
        let targets: Vec<Target> = operations.iter().map(target).collect();
        let own: Vec<Option<(Value, Pointer)>> = operations
            .iter()
            .map(|raw| {
                let node = raw.node.get(EXTENSION)?;
                Some((node.value.clone(), node.pointer.clone()))
            })
            .collect();
        let root_pointer = Pointer::root().child(EXTENSION);
        let root = value.get(EXTENSION).map(|value| (value, &root_pointer));
        // What an overlay added is the operator's word; all else is somebody else's text.
        let trust = |pointer: &Pointer| {
            let origin = document.origin(pointer);
            let added = document
                .overlays
                .iter()
                .any(|overlay| std::ptr::eq(overlay, origin.file));
            if added {
                Trust::Operator
            } else {
                Trust::Document
            }
        };
        let (of_document, own) = said_by_document(&document.name, root, &own, &trust, sink);
        let style = settings.style.or(of_document.style).unwrap_or_default();
        let prefix = settings.records_prefix.clone();
        let records_prefix = prefix.or_else(|| of_document.records_prefix.clone());
        // The operator's names take the place of the document's, as a whole.
        let records_entities = match settings.records_entities.as_slice() {
            [] => of_document.records_entities.clone(),
            given => given.to_vec(),
        };
        let index = operations
            .iter()
            .enumerate()
            .map(|(index, raw)| (raw.label(), index))
            .collect();
        Self {
            configured: Configured::resolve(settings, of_document, own, value, &targets, sink),
            index,
            style,
            records_prefix,
            records_entities,
        }
    }

    /// What is said about an operation.
    pub(super) fn said(&self, raw: &RawOperation<'_>) -> Option<&Said> {
        self.configured.said.get(*self.index.get(&raw.label())?)
    }

    /// What has to be known of it before an operation is lowered.
    pub(super) fn given(&self, raw: &RawOperation<'_>) -> Given<'_> {
        let Some(said) = self.said(raw) else {
            return Given::default();
        };
        Given {
            fields: said.facts.fields.keys().map(String::as_str).collect(),
            base_url: said.facts.base_url.as_deref(),
            security: said.facts.security.iter().map(String::as_str).collect(),
            security_place: said.place("security"),
            names_answers: said.names_answers()
                || self.configured.is_of_composite(&raw.method, raw.path),
        }
    }

    /// Why an operation is turned off.
    pub(super) fn off(&self, raw: &RawOperation<'_>) -> Option<String> {
        self.said(raw)?.off()
    }

    /// The property by which an operation is split into several tools, and where that was said.
    pub(super) fn split(&self, raw: &RawOperation<'_>) -> Option<(&str, &Place)> {
        let said = self.said(raw)?;
        Some((said.facts.split.as_deref()?, said.place("split")?))
    }

    /// The topic under which an operation is listed.
    pub(super) fn group(&self, raw: &RawOperation<'_>) -> Option<&str> {
        self.said(raw)?.facts.group.as_deref()
    }

    /// Changes an operation by what is said about it.
    pub(super) fn apply(
        &mut self,
        raw: &RawOperation<'_>,
        operation: &mut ir::Operation,
        sink: &mut Sink,
    ) {
        if let Some(index) = self.index.get(&raw.label()) {
            self.configured.apply(*index, operation, sink);
        }
    }

    /// Finds what gets the records whose lists are merged.
    pub(super) fn merged(&self, groups: &mut [ir::Group], sink: &mut Sink) {
        let index = |operation: &ir::Operation| {
            let label = format!("{} {}", operation.method, operation.path);
            self.index.get(&label).copied()
        };
        self.configured.merged(groups, &index, sink);
    }

    /// The names of entities, each with the first word of its paths.
    pub(super) fn entities(
        &self,
        operations: &[RawOperation<'_>],
        sink: &mut Sink,
    ) -> Vec<(String, String)> {
        let first = |path: &str| {
            let mut words = path
                .split('/')
                .filter(|word| !word.is_empty())
                .skip_while(|word| matches!(*word, "api" | "rest") || is_version(word))
                .filter(|word| !word.contains('{'));
            words.next().map(words_of)
        };
        for (_, word, place) in &self.records_entities {
            let word_of = Some(words_of(word));
            if !operations.iter().any(|raw| first(raw.path) == word_of) {
                let shown = crate::text::line(word, 60);
                let message = format!("no path of a tool begins with the word `{shown}`");
                sink.push(place.finding(Code::E0923, message));
            }
        }
        let named = self.records_entities.iter();
        named
            .map(|(name, word, _)| (name.clone(), word.clone()))
            .collect()
    }

    /// The tools beside the operations.
    pub(super) fn composites(&self, groups: &[ir::Group], sink: &mut Sink) -> Vec<ir::Composite> {
        self.configured
            .made(groups, self.style == Style::Dotted, sink)
    }

    /// The prompts: those made up from the operations, as far as settings leave them, and the operator's own.
    pub(super) fn prompts(&self, made_up: Vec<ir::Prompt>, sink: &mut Sink) -> Vec<ir::Prompt> {
        self.configured.prompts(made_up, sink)
    }

    /// Whether the larger topics have a prompt each.
    pub(super) fn topic_prompts(&self) -> bool {
        self.configured.has_topic_prompts()
    }

    /// Checks that every tool that settings name exists.
    pub(super) fn check_mentions(&self, groups: &[ir::Group], sink: &mut Sink) {
        self.configured.check_mentions(groups, sink);
        self.configured.report_unfit(sink);
    }

    /// Takes names of tools that there are not out of descriptions.
    pub(super) fn leave_out_unknown(&self, groups: &mut [ir::Group]) {
        self.configured.leave_out_unknown(groups);
    }
}

/// A name cannot hide what the method, the path and the operationId say: the riskier class counts.
pub(super) fn not_below(raw: &RawOperation<'_>, natural: &str, operation: &mut ir::Operation) {
    if natural == operation.tool {
        return;
    }
    let id = raw.node.str("operationId").unwrap_or_default();
    let (risk, mut hints, reason) = classify(&raw.method, raw.path, id, natural);
    // What its body sends is not told by a name.
    hints.open_world |= operation.hints.open_world;
    if risk > operation.risk {
        (operation.risk, operation.hints, operation.risk_reason) = (risk, hints, reason);
    }
}

pub(super) fn named<'a>(raw: &'a RawOperation<'_>) -> Named<'a> {
    Named {
        method: &raw.method,
        path: raw.path,
        operation_id: raw.node.str("operationId").unwrap_or_default(),
        part: "",
        given: None,
    }
}

/// Words of paths that say nothing of records, as the runtime passes over them: `v2`, `v1.1`.
pub(super) fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

fn words_of(text: &str) -> String {
    words(text).join("_")
}

fn target(raw: &RawOperation<'_>) -> Target {
    Target {
        method: raw.method.clone(),
        path: raw.path.to_owned(),
        operation_id: raw.node.str("operationId").unwrap_or_default().to_owned(),
        tags: raw
            .node
            .list("tags")
            .filter_map(|tag| tag.value.as_str().map(str::to_owned))
            .collect(),
        places: [raw.node.pointer.clone(), raw.path_item.pointer.clone()],
    }
}
