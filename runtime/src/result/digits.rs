//! Numbers that a 64-bit number cannot hold, with all their digits beside the rounded ones.

use super::{Content, ToolResult};
use crate::arguments::shorten;
use crate::json::Value;
use crate::operation::OperationDef;
use crate::text::cap;

/// The result with the digits of numbers that a 64-bit number cannot hold, by JSON Pointer: an account
/// number must not come out rounded.
#[must_use]
pub(crate) fn with_digits(
    operation: &OperationDef,
    mut result: ToolResult,
    inexact: &[(String, String)],
) -> ToolResult {
    let shown = |place: &str| {
        // Without a plan everything is shown.
        operation.answer.is_none()
            || result.structured.as_ref().is_some_and(|structured| {
                structured.pointer(place).is_some()
                    || structured.pointer(&format!("/result{place}")).is_some()
            })
    };
    let inexact: Vec<_> = inexact.iter().filter(|(place, _)| shown(place)).collect();
    let Some(Content::Text(text)) = result.content.first_mut().filter(|_| !inexact.is_empty())
    else {
        return result;
    };
    let numbers: Vec<String> = inexact
        .iter()
        .map(|(place, digits)| format!("{} is {}", shorten(place), cap(digits, 60)))
        .collect();
    *text += &format!(
        "\n[These numbers are rounded above; exactly, {}.]",
        numbers.join("; ")
    );
    result
}

/// Keeps those places of rounded numbers whose number a hook left as it was. What it took out or
/// changed must not be told after all, and an index that moved names another number.
pub(crate) fn keep_untouched(inexact: &mut Vec<(String, String)>, before: &Value, after: &Value) {
    if before == after {
        return;
    }
    // A place that was cut for its length names nothing here, and goes too.
    inexact.retain(|(place, _)| {
        let parents = place.match_indices('/').map(|(at, _)| place.get(..at));
        before.pointer(place).is_some_and(Value::is_number)
            && before.pointer(place) == after.pointer(place)
            && parents.flatten().all(|parent| {
                let length = |value: &Value| Some(value.pointer(parent)?.as_array()?.len());
                length(before) == length(after)
            })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_numbers_that_a_hook_left_alone_keep_their_digits() {
        let before = json!({"n": 1e30, "list": [{"id": 2e30}, {"id": 2e30}], "a/b": 3e30});
        for (after, kept) in [
            (
                before.clone(),
                &["/n", "/list/0/id", "/list/1/id", "/a~1b", "/gone"][..],
            ),
            (
                json!({"list": [{"id": 2e30}, {"id": 2e30}], "a/b": 3e30}),
                &["/list/0/id", "/list/1/id", "/a~1b"],
            ),
            (json!({"n": 0, "list": [{"id": 2e30}], "a/b": "3e30"}), &[]),
            (json!({"n": 1e30, "list": {"0": {"id": 2e30}}}), &["/n"]),
            (json!([1e30]), &[]),
        ] {
            let places = ["/n", "/list/0/id", "/list/1/id", "/a~1b", "/gone"];
            let mut inexact = places.map(|at| (at.to_owned(), "9".to_owned())).to_vec();
            keep_untouched(&mut inexact, &before, &after);
            let left: Vec<&str> = inexact.iter().map(|(at, _)| at.as_str()).collect();
            assert_eq!(left, kept, "{after}");
        }
    }
}
