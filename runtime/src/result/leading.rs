//! What an answer says leads to the next page: addresses, cursors and numbers, in its body and in its `Link`
//! field.

use url::form_urlencoded;

use super::paging::{LONGEST, position};
use crate::json::{Object, Value};
use crate::operation::{Location, OperationDef, Paging, Style};
use crate::text::clean;

/// What an answer says leads on: an address, a cursor or a number.
pub(super) fn said(
    operation: &OperationDef,
    paging: &Paging,
    told: &Value,
    arguments: &Object,
) -> Object {
    match told {
        Value::String(text) if text.contains('?') => from_address(operation, text, arguments),
        Value::String(text) if !text.is_empty() && !text.contains("://") => {
            position(paging, told, arguments)
        }
        Value::Number(_) => position(paging, told, arguments),
        _ => Object::new(),
    }
}

/// The arguments in an address that differ from those given. Only arguments of the operation are taken
/// over, never the address itself: it is the service's word, and requests go where the operator says.
pub(super) fn from_address(operation: &OperationDef, address: &str, arguments: &Object) -> Object {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let mut next = Object::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let of_query = |wanted: &str| {
            operation.parameters.iter().find(|parameter| {
                parameter.name == wanted
                    && matches!(parameter.location, Location::Query)
                    && parameter.constant.is_none()
            })
        };
        if value.len() > LONGEST {
            continue;
        }
        let Some(parameter) = of_query(&name) else {
            // `page[number]` of an object `page` (`deepObject`).
            let inner = name
                .strip_suffix(']')
                .and_then(|name| name.split_once('['))
                .and_then(|(holder, inner)| Some((of_query(holder)?, inner)));
            if let Some((holder, inner)) =
                inner.filter(|(holder, _)| holder.style == Style::DeepObject)
            {
                let value = Value::String(clean(&value).into_owned());
                add_inside(&mut next, holder.argument, inner, value, arguments);
            }
            continue;
        };
        let same = arguments.get(parameter.argument).is_some_and(|given| {
            given
                .as_str()
                .map_or_else(|| given.to_string(), str::to_owned)
                == value
        });
        // A parameter that comes more than once is an array, which the caller has already.
        let is_list = arguments
            .get(parameter.argument)
            .is_some_and(Value::is_array);
        if !same && !is_list {
            let value = clean(&value).into_owned();
            next.insert(parameter.argument.to_owned(), Value::String(value));
        }
    }
    next
}

/// Adds a property of an object that is an argument, which keeps its others, if it is another one than was
/// given.
fn add_inside(next: &mut Object, argument: &str, name: &str, value: Value, arguments: &Object) {
    let given = arguments.get(argument);
    let written = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let before = given.and_then(|given| given.get(name)).map(written);
    if before.as_deref() == value.as_str() {
        return;
    }
    let whole = next
        .entry(argument.to_owned())
        .or_insert_with(|| match given {
            Some(Value::Object(given)) => Value::Object(given.clone()),
            _ => Value::Object(Object::new()),
        });
    if let Value::Object(whole) = whole {
        whole.insert(name.to_owned(), value);
    }
}

/// The target of the link with `rel=next` (RFC 8288 §3).
pub(super) fn next_link(field: &str) -> Option<&str> {
    field.split('<').skip(1).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = parameters.split([';', ',']).any(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("rel")
                    && value
                        .trim()
                        .trim_matches('"')
                        .split_ascii_whitespace()
                        .any(|relation| relation.eq_ignore_ascii_case("next"))
            })
        });
        is_next.then_some(target)
    })
}
