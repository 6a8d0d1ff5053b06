//! Keys that tell one call from another (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header-07).
//!
//! A model that is asked for one makes it up, or repeats that of the call before, and the service then does
//! nothing. So the server makes one for each call, unless settings say something about the argument.

use regex::RegexBuilder;
use serde_json::Value;

use super::parameters::RawParameter;
use super::schema::{Shapes, is_usable_pattern};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::text;

/// Characters of a UUID, which is what is sent.
const LENGTH: u64 = 36;

/// UUIDs of version 4 (RFC 9562 §5.4) as they are sent.
const UUIDS: [&str; 3] = [
    "00000000-0000-4000-8000-000000000000",
    "6f1c7c0e-33a1-4d0f-9b36-6b4d1f0c2a57",
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
];

/// Whether a header field is such a key, and can be a UUID. `named` are the arguments that settings say
/// something about.
pub(super) fn is_generated<'a>(
    parameter: &RawParameter<'a>,
    shapes: &Shapes<'a>,
    named: &[&str],
    sink: &mut Sink,
) -> bool {
    let name = plain(&parameter.name);
    let is_key = parameter.location == "header"
        && parameter.style != "json"
        && ["idempotency", "idempotence", "idempotent"]
            .iter()
            .any(|word| {
                name.ends_with(&format!("{word}key")) || name.ends_with(&format!("{word}token"))
            });
    if !is_key || named.iter().any(|named| plain(named) == name) {
        return false;
    }
    let takes_uuid = parameter.schema.as_ref().is_none_or(|schema| {
        let shape = shapes.of(schema);
        let limit = |keyword: &str| schema.value.get(keyword).and_then(Value::as_u64);
        let format = schema.str("format");
        (shape.types.names().is_empty() || shape.types.names().contains(&"string"))
            && shape.values.is_none()
            && schema
                .get("pattern")
                .is_none_or(|pattern| takes(pattern.value))
            && limit("maxLength").is_none_or(|most| most >= LENGTH)
            && limit("minLength").is_none_or(|least| least <= LENGTH)
            && format.is_none_or(|format| matches!(format, "uuid" | "string" | "uuid4"))
    });
    if takes_uuid {
        let shown = text::line(&parameter.name, 60);
        let finding = Diagnostic::new(
            Code::E0944,
            format!("the header parameter `{shown}` is made anew for each call"),
        )
        .note("it is no argument of the tool: the server sends a random UUID, the same one when it sends the call again")
        .help(format!(
            "to let callers choose it, say so in `mcpwright.toml`: `[operation.fields.{shown}]` with `hide = false`"
        ));
        sink.push(finding.at(&parameter.node.pointer));
    }
    takes_uuid
}

/// Whether a pattern matches UUIDs; one that cannot be tried may not.
fn takes(pattern: &Value) -> bool {
    let compiled = pattern
        .as_str()
        .filter(|pattern| is_usable_pattern(pattern))
        .and_then(|pattern| RegexBuilder::new(pattern).size_limit(1 << 20).build().ok());
    compiled.is_some_and(|pattern| UUIDS.iter().all(|uuid| pattern.is_match(uuid)))
}

/// A name without what writers of names differ in.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}
