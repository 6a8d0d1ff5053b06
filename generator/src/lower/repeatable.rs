//! Whether a PATCH that is called again with the same arguments changes nothing more (MCP, `idempotentHint`).
//! The method does not promise it (RFC 5789 §2), the content does: fields that are set to what is given are the
//! same after the second call, and so is a merge patch (RFC 7396). A list of steps (RFC 6902), a text or a file
//! may add something each time, and so may what its name says.

use super::body::RawBody;
use crate::names::words;

/// Words of what has more effect each time.
const ADDS: [&str; 18] = [
    "append",
    "prepend",
    "add",
    "push",
    "insert",
    "increment",
    "decrement",
    "increase",
    "decrease",
    "adjust",
    "toggle",
    "rotate",
    "regenerate",
    "move",
    "shift",
    "swap",
    "bump",
    "log",
];

/// Whether such a PATCH sets fields: its body is an object, and neither its path, its tool nor its fields say
/// that something is added.
pub fn sets_fields(path: &str, tool: &str, body: Option<&RawBody<'_>>) -> bool {
    body.is_some_and(|body| {
        let names = body.shape.properties.iter().map(|(name, _)| *name);
        body.shape.is_object()
            && matches!(body.encoding, "json" | "form")
            && !adds(path, tool, names)
    })
}

/// Whether the last word of a path, the verb of a tool or the first word of a field says that something is added:
/// `append_notes`, and not `last_move`.
fn adds<'n>(path: &str, tool: &'n str, fields: impl Iterator<Item = &'n str>) -> bool {
    let last = path.split('/').rfind(|segment| !segment.is_empty());
    let last = last.filter(|segment| !segment.contains('{'));
    let firsts = fields
        .chain([tool])
        .filter_map(|name| words(name).into_iter().next());
    let of_path = last.map(words).unwrap_or_default();
    firsts
        .chain(of_path)
        .any(|word| ADDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::adds;

    #[test]
    fn what_adds_something_each_time_says_so() {
        for (path, tool, fields, expected) in [
            (
                "/leads/{id}",
                "update_lead",
                &["name", "last_move"][..],
                false,
            ),
            ("/leads/{id}/", "patch_lead", &["added_on"], false),
            ("/leads/{id}", "update_lead", &["append_notes"], true),
            ("/stock/{id}", "update_stock", &["increment"], true),
            ("/leads/{id}", "append_lead_notes", &["notes"], true),
            ("/flags/{id}/toggle", "update_flag", &["reason"], true),
            ("/keys/{id}/rotate-secret", "update_key", &[], true),
        ] {
            let said = adds(path, tool, fields.iter().copied());
            assert_eq!(said, expected, "{path} {tool} {fields:?}");
        }
    }
}
