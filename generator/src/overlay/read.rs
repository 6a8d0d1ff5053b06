//! The Overlay Object and its actions (Overlay 1.1.0 §4.4).

use serde_json::Value;

use super::at;
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::similar::misspelt;
use crate::source::Document;
use crate::text;

/// The minor version of the Overlay Specification; the patch version does not matter (§4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1_0,
    V1_1,
}

/// One action.
#[derive(Debug)]
pub(super) struct Action<'o> {
    pub version: Version,
    /// Where it stands in the overlay.
    pub pointer: Pointer,
    /// JSONPath of the nodes that are changed.
    pub target: &'o str,
    pub change: Change<'o>,
}

/// What an action does.
#[derive(Debug)]
pub(super) enum Change<'o> {
    Update(&'o Value),
    /// JSONPath of the node that is copied.
    Copy(&'o str),
    Remove,
}

/// The members that the specification knows.
const ROOT: [&str; 4] = ["overlay", "info", "extends", "actions"];
const ACTION: [&str; 5] = ["target", "description", "update", "copy", "remove"];

/// The actions of an overlay. `None` when it is no overlay; single actions that cannot be read are
/// errors too, and the others are still looked at.
pub(super) fn actions<'o>(overlay: &'o Document, sink: &mut Sink) -> Option<Vec<Action<'o>>> {
    let root = Pointer::root();
    let version = match version(overlay) {
        Ok(version) => version,
        Err(diagnostic) => {
            sink.push(diagnostic);
            return None;
        }
    };
    check_info(overlay, sink);
    unknown_members(overlay, &overlay.value, &root, &ROOT, sink);
    if let Some(target) = overlay.value.get("extends") {
        let target = target.as_str().unwrap_or_default();
        let message = format!("`extends: {}` is not used", text::line(target, 120));
        sink.push(at(
            Diagnostic::new(Code::E0907, message)
                .note("the overlay is applied to the document that is named with it; nothing is fetched or opened"),
            overlay,
            &root.child("extends"),
        ));
    }
    let place = root.child("actions");
    let list = match overlay.value.get("actions") {
        Some(Value::Array(list)) if !list.is_empty() => list,
        _ => {
            sink.push(at(
                Diagnostic::new(Code::E0902, "the overlay has no list of actions")
                    .help("write `actions:` with at least one `target`"),
                overlay,
                &place,
            ));
            return None;
        }
    };
    let mut actions = Vec::with_capacity(list.len());
    for (index, value) in list.iter().enumerate() {
        let pointer = place.index(index);
        unknown_members(overlay, value, &pointer, &ACTION, sink);
        match action(value, version, pointer.clone()) {
            Ok(action) => actions.push(action),
            Err((message, help)) => sink.push(at(
                Diagnostic::new(Code::E0902, message).help(help),
                overlay,
                &pointer,
            )),
        }
    }
    Some(actions)
}

fn version(overlay: &Document) -> Result<Version, Diagnostic> {
    const HELP: &str =
        "an overlay starts with `overlay: 1.1.0`; versions that are read: 1.0.x and 1.1.x";
    let place = Pointer::root().child("overlay");
    let written = match overlay.value.get("overlay") {
        Some(Value::String(text)) => text.clone(),
        // `overlay: 1.1` in YAML.
        Some(Value::Number(number)) => number.to_string(),
        _ => {
            let diagnostic = Diagnostic::new(
                Code::E0901,
                format!("`{}` is no OpenAPI Overlay", text::line(&overlay.name, 120)),
            );
            let diagnostic = if overlay.value.get("openapi").is_some() {
                diagnostic.note("it looks like an OpenAPI document")
            } else {
                diagnostic
            };
            return Err(at(diagnostic.help(HELP), overlay, &place));
        }
    };
    let mut parts = written.trim().splitn(3, '.');
    let known = match (parts.next(), parts.next(), parts.next()) {
        (_, _, Some(patch)) if !patch.starts_with(|c: char| c.is_ascii_digit()) => None,
        (Some("1"), Some("0"), _) => Some(Version::V1_0),
        (Some("1"), Some("1"), _) => Some(Version::V1_1),
        _ => None,
    };
    known.ok_or_else(|| {
        let message = format!(
            "version `{}` of the Overlay Specification is not known",
            text::line(&written, 40)
        );
        at(
            Diagnostic::new(Code::E0901, message).help(HELP),
            overlay,
            &place,
        )
    })
}

/// `info.title` and `info.version` are required (§4.4.2), but nothing depends on them.
fn check_info(overlay: &Document, sink: &mut Sink) {
    let info = overlay.value.get("info");
    let missing: Vec<&str> = ["title", "version"]
        .into_iter()
        .filter(|key| info.and_then(|info| info.get(key)).is_none())
        .collect();
    if !missing.is_empty() {
        let message = format!(
            "the overlay's `info` has no `{}`",
            missing.join("` and no `")
        );
        sink.push(at(
            Diagnostic::new(Code::E0903, message)
                .help("write `info: {title: What it is for, version: 1.0.0}`"),
            overlay,
            &Pointer::root().child("info"),
        ));
    }
}

/// A misspelt member would change nothing in silence.
fn unknown_members(
    overlay: &Document,
    value: &Value,
    pointer: &Pointer,
    known: &[&str],
    sink: &mut Sink,
) {
    for key in value
        .as_object()
        .into_iter()
        .flat_map(|members| members.keys())
    {
        if key.starts_with("x-") || known.contains(&key.as_str()) {
            continue;
        }
        let near = misspelt(key, known.iter().copied(), 3);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("members that are known: `{}`", known.join("`, `")),
        };
        let mut diagnostic = Diagnostic::new(
            Code::E0908,
            format!("`{}` is no member of an overlay", text::line(key, 60)),
        )
        .help(help);
        diagnostic.at_key = true;
        sink.push(at(diagnostic, overlay, &pointer.child(key)));
    }
}

/// Reads an action (§4.4.3), or says what is wrong with it and how to mend it.
fn action(
    value: &Value,
    version: Version,
    pointer: Pointer,
) -> Result<Action<'_>, (&'static str, &'static str)> {
    let Some(target) = value.get("target").and_then(Value::as_str) else {
        return Err((
            "the action has no `target`",
            "write a JSONPath, for example `target: $.paths['/leads'].get`",
        ));
    };
    let removes = match value.get("remove") {
        None => false,
        Some(Value::Bool(removes)) => *removes,
        Some(_) => {
            return Err(("`remove` is neither true nor false", "write `remove: true`"));
        }
    };
    let change = match (removes, value.get("update"), value.get("copy")) {
        // `update` and `copy` have no effect beside `remove: true`.
        (true, _, _) => Change::Remove,
        (false, Some(_), Some(_)) => {
            return Err((
                "the action has both `update` and `copy`",
                "make two actions of it",
            ));
        }
        (false, Some(update), None) => Change::Update(update),
        (false, None, Some(_)) if version == Version::V1_0 => {
            return Err((
                "`copy` is not known in Overlay 1.0",
                "write `overlay: 1.1.0`",
            ));
        }
        (false, None, Some(Value::String(from))) => Change::Copy(from),
        (false, None, Some(_)) => {
            return Err(("`copy` is not a text", "write the JSONPath of one node"));
        }
        (false, None, None) => {
            return Err((
                "the action changes nothing",
                "it needs `update`, `copy` or `remove: true`",
            ));
        }
    };
    Ok(Action {
        version,
        pointer,
        target,
        change,
    })
}
