//! `mcpwright explain`

use std::path::Path;

use serde_json::Value;

use super::REFUSED;
use super::arguments::{ExplainCommand, Stage, with_spec};
use super::terminal::Terminal;
use crate::Config;
use crate::diagnostics::render::escaped;
use crate::diagnostics::{Code, Pointer};
use crate::emit::operation_code;
use crate::ir::Operation;
use crate::similar::{misspelt, most_alike};

pub fn run(command: &ExplainCommand, terminal: &Terminal) -> u8 {
    let Some(wanted) = &command.operation else {
        if command.files.are_named() {
            terminal.complain(
                "which operation? `explain SPEC OPERATION` shows one; a code has no files",
            );
            return REFUSED;
        }
        return code(&command.subject, terminal);
    };
    let config = match with_spec(
        Config::new(),
        Some(Path::new(&command.subject)),
        &command.files,
    ) {
        Ok(config) => config,
        Err(error) => {
            terminal.complain(error);
            return REFUSED;
        }
    };
    let stages = config.stages();
    terminal.lines(&config.fetched());
    let stages = match stages {
        Ok(stages) => stages,
        Err(error) => {
            terminal.failure(&error);
            return REFUSED;
        }
    };
    let found = stages.api.operations().find(|o| matches(o, wanted));
    let Some(operation) = found else {
        let names: Vec<&str> = stages.api.operations().map(|o| o.tool.as_str()).collect();
        let near = most_alike(wanted, names)
            .map(|n| format!(" Did you mean `{n}`?"))
            .unwrap_or_default();
        terminal.complain(format!(
            "no operation `{wanted}`.{near} Name a tool, an operationId or `METHOD /path`; \
             `mcpwright inspect {}` lists them.",
            command.subject
        ));
        return REFUSED;
    };
    let at = |root: &Value, place: &Pointer| {
        pointer(root, place)
            .map(|v| escaped(&format!("{v:#}")).into_owned())
            .unwrap_or_default()
    };
    let before = stages.moved.find(&operation.pointer).pointer;
    let ir = serde_json::to_string_pretty(operation).unwrap_or_default();
    let ir = escaped(&ir).into_owned();
    let overlaid = stages.overlaid.as_ref().map(|root| at(root, &before));
    let mut parts = vec![(Stage::Source, "source", at(&stages.source, &before))];
    parts.extend(overlaid.map(|text| (Stage::Overlaid, "overlaid", text)));
    parts.extend([
        (
            Stage::Normalized,
            "normalized",
            at(&stages.normalized, &operation.pointer),
        ),
        (Stage::Ir, "ir", ir),
        (
            Stage::Code,
            "code",
            operation_code(&stages.api, &operation.tool),
        ),
    ]);
    let mut before = String::new();
    for (stage, name, text) in parts {
        if let Some(only) = command.stage {
            if only == stage {
                terminal.result(text.trim_end());
            }
            continue;
        }
        let same = matches!(stage, Stage::Overlaid | Stage::Normalized) && text == before;
        terminal.result(terminal.bold(&format!("── {name} ({})", operation.pointer)));
        terminal.result(if same { "(as before)" } else { text.trim_end() });
        before = text;
    }
    0
}

fn code(id: &str, terminal: &Terminal) -> u8 {
    match Code::find(id) {
        Some(code) => {
            terminal.result(code.explanation().trim_end());
            0
        }
        None => {
            let said = match meant(id) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let all: Vec<&str> = Code::all().map(Code::id).collect();
                    format!("the codes are {}", all.join(", "))
                }
            };
            terminal.complain(format!("there is no code `{id}`; {said}"));
            REFUSED
        }
    }
}

/// The code that was meant: `401`, `e401` and `E00401` are `E0401`; else one that has a single letter or digit more,
/// less or of its own.
fn meant(id: &str) -> Option<&'static str> {
    let number = id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = id.strip_suffix(number).unwrap_or_default();
    let all = || Code::all().map(Code::id);
    let same = number.parse::<u32>().ok().and_then(|number| {
        let end = format!("{number:04}");
        all().find(|code| {
            let start = code.strip_suffix(&end);
            start.is_some_and(|start| letters.is_empty() || start.eq_ignore_ascii_case(letters))
        })
    });
    same.or_else(|| misspelt(id, all(), 4))
}

fn matches(operation: &Operation, wanted: &str) -> bool {
    operation.tool == wanted
        || (!operation.operation_id.is_empty() && operation.operation_id == wanted)
        || wanted.split_once(' ').is_some_and(|(method, path)| {
            operation.method.eq_ignore_ascii_case(method) && operation.path == path.trim()
        })
}

fn pointer<'v>(root: &'v Value, pointer: &Pointer) -> Option<&'v Value> {
    root.pointer(pointer.as_str())
}
