//! Lists of which nothing tells how their pages go on.

use super::plain;
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::ir::{Operation, Risk};

/// Arguments that may take the identifier of the last record, a point in time, or a lower bound that is no
/// page at all.
const BEHIND: [&str; 7] = [
    "startingafter",
    "startafter",
    "sinceid",
    "afterid",
    "lastid",
    "fromid",
    "minid",
];

/// That results of a list cannot say how to get the next page, though an argument seems to be for it.
pub(in crate::lower) fn unsure(operation: &Operation, at: &Pointer) -> Option<Diagnostic> {
    let answer = operation.answer.as_ref()?;
    let paging = answer.paging.as_ref();
    let is_known = paging.is_some_and(|p| !p.position.is_empty() || !p.next.is_empty());
    if is_known || !answer.list || operation.risk != Risk::Read {
        return None;
    }
    let arguments = operation.input_schema.get("properties")?.as_object()?;
    let argument = arguments
        .keys()
        .find(|name| BEHIND.contains(&plain(name).as_str()))?;
    let message = format!("how the list of `{}` goes on is not known", operation.tool);
    let help = format!(
        "if `{argument}` takes the id of the last record: `paging = {{ in = {{ cursor = \"{argument}\" }}, out = {{ last = \"/id\" }} }}` in mcpwright.toml or `x-mcp`"
    );
    let note = format!("nothing says what `{argument}` takes: results do not guess");
    Some(
        Diagnostic::new(Code::E0529, message)
            .at_key(at)
            .note(note)
            .help(help),
    )
}
