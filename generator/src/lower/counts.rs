//! How many properties a body has (`minProperties`, `maxProperties`: JSON Schema validation §6.5.1 and
//! §6.5.2), where they are arguments of their own: arguments are counted with those that are no properties,
//! and all further ones are one argument.

use serde_json::Value;

use super::body::RawBody;
use super::schema::Shapes;
use crate::diagnostics::{Code, Diagnostic};

/// How many properties have to be given beyond those that are required by name. Where that cannot be told
/// with arguments, or there may be too many, the body becomes one argument; one that credentials were taken
/// from cannot, and what is not checked then is reported. `are_required`: whether all other arguments are.
pub fn further_properties<'a>(
    body: &mut RawBody<'a>,
    are_required: bool,
    shapes: &Shapes<'a>,
) -> usize {
    if !body.lifted {
        return 0;
    }
    let limit = |keyword: &str| {
        let node = body.shape.keywords.get(keyword)?;
        usize::try_from(node.value.as_u64()?).ok()
    };
    let (least, most) = (limit("minProperties").unwrap_or(0), limit("maxProperties"));
    let sent = body.credentials.len();
    let given = body.shape.required.len().saturating_add(sent);
    let listed = listed(body, shapes).saturating_add(sent);
    let missing = least.saturating_sub(given);
    let is_enough = if body.required {
        let is_told = if body.open {
            missing == 1
        } else {
            listed >= least
        };
        missing == 0 || are_required && is_told
    } else {
        // One that is sent has a property.
        missing == 0 || least <= 1
    };
    let is_too_much = most.is_some_and(|most| body.open || listed > most);
    if is_enough && !is_too_much {
        return if body.required { missing } else { 0 };
    }
    if body.credentials.is_empty() {
        body.lifted = false;
        return 0;
    }
    for (keyword, is_lost) in [
        ("minProperties", !is_enough),
        ("maxProperties", is_too_much),
    ] {
        let at = body.shape.keywords.get(keyword).filter(|_| is_lost);
        if let Some(at) = at {
            let message = format!("`{keyword}` is not checked beside a credential in the body");
            shapes.report(
                Diagnostic::new(Code::E0506, message)
                    .at_key(&at.pointer)
                    .note("bodies that only this keyword refuses reach the service, which decides"),
            );
        }
    }
    match (body.required, body.open) {
        (false, _) => 0,
        // Any number of further ones is one argument.
        (true, true) => missing.min(1),
        (true, false) => missing.min(listed.saturating_sub(given)),
    }
}

/// How many properties are arguments of their own.
fn listed<'a>(body: &RawBody<'a>, shapes: &Shapes<'a>) -> usize {
    let shape = &body.shape;
    let declared = shape.properties.iter().filter(|(name, property)| {
        property.value != &Value::Bool(false)
            && !shapes.of_property(shape, name, property).read_only
    });
    declared.count().saturating_add(shape.undeclared().count())
}
