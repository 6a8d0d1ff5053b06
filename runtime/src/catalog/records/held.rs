//! Pages whose number and size stand in an object that is one argument: `{"pagination": {"page": 2, "pageSize": 25}}`.

use crate::engine::Entry;
use crate::json::{Object, Value, place};
use crate::operation::PagingStyle;

/// Brings `limit` and `offset` to where the tool has them, if that is in an object, and gives how many records are
/// asked for; `None` if it has them elsewhere, or the caller gave the object.
pub(super) fn page(
    entry: &Entry,
    given: &Object,
    arguments: &mut Object,
) -> Result<Option<u64>, String> {
    let paging = entry.operation().and_then(|one| one.answer?.paging);
    let Some((paging, size)) = paging.and_then(|paging| Some((paging, paging.size?))) else {
        return Ok(None);
    };
    let whole = |name: &str| given.get(name).and_then(Value::as_u64);
    let (asked, offset) = (whole("limit"), whole("offset").unwrap_or(0));
    let is_held = size.argument.starts_with('/') && paging.position.starts_with('/');
    let is_given = place::at(size.argument, arguments).is_some();
    if !is_held || is_given || (asked.is_none() && offset == 0) {
        return Ok(None);
    }
    let usual = u64::from(size.usual.max(1));
    let limit = allowed(
        &entry.listed().0,
        size.argument,
        asked.unwrap_or(usual).max(1),
    );
    let limit = match u64::from(size.max) {
        0 => limit,
        most => limit.min(most),
    };
    let first = u64::from(paging.first);
    let position = match (paging.style, offset.checked_rem(limit)) {
        (PagingStyle::Page, Some(0)) => (offset / limit).saturating_add(first),
        (PagingStyle::Offset, _) => offset.saturating_add(first),
        (PagingStyle::Page, _) => {
            return Err(format!(
                "`offset` {offset} is no multiple of `limit` {limit}, and {} has whole pages only.",
                entry.name()
            ));
        }
        _ => return Ok(None),
    };
    for (argument, number) in [(size.argument, limit), (paging.position, position)] {
        let (name, value) = place::with(argument, number.into(), arguments);
        arguments.insert(name, value);
    }
    Ok(Some(limit))
}

/// The largest of the numbers that a document allows which is not above what is asked for; else the smallest.
fn allowed(schema: &Object, argument: &str, asked: u64) -> u64 {
    let mut steps = place::steps(argument);
    let property = |schema: &Value, step: String| schema.get("properties")?.get(&step).cloned();
    let root = steps
        .next()
        .and_then(|step| schema.get("properties")?.get(&step).cloned());
    let found = root.and_then(|root| steps.try_fold(root, |at, step| property(&at, step)));
    let values = found.as_ref().and_then(|one| one.get("enum")?.as_array());
    let numbers = || {
        let values = values.into_iter().flatten();
        values.filter_map(Value::as_u64)
    };
    let below = numbers().filter(|number| *number <= asked).max();
    below.or_else(|| numbers().min()).unwrap_or(asked).max(1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::allowed;

    #[test]
    fn a_size_is_one_of_those_that_there_are() {
        let sizes = json!({"enum": [5, 10, 25, 100]});
        let pagination = json!({"type": "object", "properties": {"pageSize": sizes}});
        let schema = json!({"type": "object", "properties": {"pagination": pagination}});
        let schema = schema.as_object().cloned().unwrap_or_default();
        for (asked, given) in [(1, 5), (5, 5), (20, 10), (99, 25), (1_000, 100)] {
            assert_eq!(
                allowed(&schema, "/pagination/pageSize", asked),
                given,
                "{asked}"
            );
        }
        assert_eq!(allowed(&schema, "/pagination/size", 20), 20);
    }
}
