//! Names that only answers carry, which must not arrive, and arguments for schemas that contain themselves, a
//! turn deeper than tools list them.

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::OperationDef;
use serde_json::Value;

/// What stands under names that must not arrive.
pub const HIDDEN: &str = "only-in-answers";
/// Places that are filled, in one operation.
const MOST: usize = 20;

/// Gives the names that are not sent, and fills the places that repeat others with what stands at those,
/// with such names in it too.
pub fn deeper(operation: &OperationDef, given: &mut Object) {
    let listed = Value::Object(given.clone());
    let mut whole = listed.clone();
    for hidden in operation.read_only.iter().take(MOST) {
        put(&mut whole, &steps(hidden), Value::from(HIDDEN));
    }
    for (place, like) in operation.repeats.iter().take(MOST) {
        let Some(mut turn) = at(&listed, &steps(like)).cloned() else {
            continue;
        };
        for hidden in operation.read_only {
            if let Some(rest) = hidden.strip_prefix(like)
                && rest.starts_with('/')
            {
                put(&mut turn, &steps(rest), Value::from(HIDDEN));
            }
        }
        put(&mut whole, &steps(place), turn);
    }
    if let Value::Object(whole) = whole {
        *given = whole;
    }
}

fn steps(place: &str) -> Vec<String> {
    let steps = place.split('/').skip(1);
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// What stands at a place; `*` is the first of several.
fn at<'v>(value: &'v Value, steps: &[String]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.first(),
        Value::Object(object) if step == "*" => object.values().next(),
        other => other.get(step),
    })
}

/// Puts a value at a place in what is there; nothing is made up on the way.
fn put(value: &mut Value, steps: &[String], new: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *value = new;
        return;
    };
    let next = match value {
        Value::Array(items) => items.first_mut(),
        Value::Object(object) if step == "*" => object.values_mut().next(),
        Value::Object(object) if rest.is_empty() => {
            object.insert(step.clone(), new);
            return;
        }
        other => other.get_mut(step),
    };
    if let Some(next) = next {
        put(next, rest, new);
    }
}
