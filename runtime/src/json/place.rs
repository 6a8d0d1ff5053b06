//! Places in arguments: the name of one, or a JSON Pointer (RFC 6901) to a property of an object that is
//! one (`/pagination/page`). No argument begins with `/`.

use super::{Object, Value};

/// A name as a step of a JSON Pointer (RFC 6901 §3).
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a step of a JSON Pointer is (RFC 6901 §4).
pub(crate) fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// The steps of a JSON Pointer.
pub(crate) fn steps(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescaped)
}

/// What stands at a place.
pub(crate) fn at<'a>(place: &str, arguments: &'a Object) -> Option<&'a Value> {
    if !place.starts_with('/') {
        return arguments.get(place);
    }
    let mut steps = steps(place);
    let first = arguments.get(&steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(&step))
}

/// What stands at a place, to be changed.
pub(crate) fn at_mut<'a>(place: &str, arguments: &'a mut Object) -> Option<&'a mut Value> {
    if !place.starts_with('/') {
        return arguments.get_mut(place);
    }
    let mut steps = steps(place);
    let first = arguments.get_mut(&steps.next()?)?;
    steps.try_fold(first, |value, step| value.get_mut(&step))
}

/// Puts a value at a place where nothing or null is; whether it did. An object that holds the place is
/// not made up: it may need more.
pub(crate) fn put(place: &str, value: Value, arguments: &mut Object) -> bool {
    let (holder, last) = match place.rsplit_once('/') {
        None => (Some(arguments), place.to_owned()),
        Some((holder, last)) => {
            let last = unescaped(last);
            let holder = match holder {
                "" => Some(arguments),
                holder => at_mut(holder, arguments).and_then(Value::as_object_mut),
            };
            (holder, last)
        }
    };
    let Some(holder) = holder.filter(|holder| holder.get(&last).is_none_or(Value::is_null)) else {
        return false;
    };
    holder.insert(last, value);
    true
}

/// The argument that holds a place, as it is with the value there: an object that is one keeps its other
/// properties.
pub(crate) fn with(place: &str, value: Value, arguments: &Object) -> (String, Value) {
    let mut steps = steps(place);
    let Some(first) = steps.next() else {
        return (place.to_owned(), value);
    };
    let mut whole = arguments.get(&first).cloned().unwrap_or_default();
    let mut inner = &mut whole;
    for step in steps {
        if !inner.is_object() {
            *inner = Value::Object(Object::new());
        }
        let Value::Object(object) = inner else { break };
        inner = object.entry(step).or_insert(Value::Null);
    }
    *inner = value;
    (first, whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn a_place_is_a_name_or_a_pointer() {
        let Value::Object(given) = json!({"limit": 5, "page": {"size": 7, "a/b": null}}) else {
            return;
        };
        for (place, there, put_there, with_it) in [
            ("limit", Some(json!(5)), false, json!({"limit": 9})),
            ("/limit", Some(json!(5)), false, json!({"limit": 9})),
            ("gone", None, true, json!({"gone": 9})),
            (
                "/page/size",
                Some(json!(7)),
                false,
                json!({"page": {"size": 9, "a/b": null}}),
            ),
            (
                "/page/a~1b",
                Some(json!(null)),
                true,
                json!({"page": {"size": 7, "a/b": 9}}),
            ),
            ("/gone/size", None, false, json!({"gone": {"size": 9}})),
            ("/limit/size", None, false, json!({"limit": {"size": 9}})),
        ] {
            let mut changed = given.clone();
            assert_eq!(at(place, &given).cloned(), there, "{place}");
            assert_eq!(put(place, json!(9), &mut changed), put_there, "{place}");
            assert_eq!(put_there, changed != given, "{place}");
            let (name, value) = with(place, json!(9), &given);
            assert_eq!(json!({ name: value }), with_it, "{place}");
        }
    }
}
