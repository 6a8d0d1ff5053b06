//! Checks a tool's arguments against its schema: the subset of JSON Schema 2020-12 that the generator
//! emits. It finds every problem of a call at once and words each so that a language model can correct
//! itself. Hosts and models that send `"5"` for `5` are understood where nothing can be mistaken.

mod budget;
mod coerce;
mod example;
mod format;
mod given;
mod inside;
mod listed;
pub(crate) mod matching;
mod nulls;
mod number;
mod problem;
mod schema;
mod settled;
mod validate;
mod vanished;
mod wire;
mod wrapped;

use std::borrow::Cow;
use std::cell::RefCell;

use crate::json::scan::Defects;
use crate::json::{Object, Value};
use crate::operation::OperationDef;
use crate::text::nearest;

pub(crate) use listed::{LISTED_VALUES, listed};
pub use nulls::Nulls;
pub(crate) use nulls::is_at;
pub(crate) use problem::shorten;
pub use problem::{Problem, Problems, report};
pub(crate) use settled::after as settle;
pub(crate) use validate::pattern_for;
pub use validate::validate;
pub(crate) use vanished::{is_change, is_in_body};
pub(crate) use wrapped::unwrapped;

/// Fields of which one is tried as an example of a change.
const MOST_TRIED: usize = 8;

/// Checks the arguments of an operation and brings them into the form that the schema asks for.
///
/// # Errors
/// The problems; nothing was changed or sent.
pub fn check(
    operation: &OperationDef,
    schema: &Object,
    arguments: Object,
) -> Result<Object, Problems> {
    let checked = check_operation(operation, schema, arguments, None)?;
    Ok(checked.arguments)
}

/// Arguments that were checked.
pub(crate) struct Checked {
    pub(crate) arguments: Object,
    /// Places in an update's body whose nulls mean "not given", and were left out.
    pub(crate) left_out: Vec<String>,
}

/// Like [`check`], where numbers in texts get their digits back afterwards. `defects` are those of the call's text,
/// `texts` those of the texts in it that are JSON.
///
/// # Errors
/// The problems.
pub(crate) fn check_exactly(
    operation: &OperationDef,
    schema: &Object,
    arguments: Object,
    defects: &Defects,
    texts: &[(String, Defects)],
) -> Result<Checked, Problems> {
    let written = given::Written::new(defects, texts);
    check_operation(operation, schema, arguments, Some(written))
}

fn check_operation(
    operation: &OperationDef,
    schema: &Object,
    arguments: Object,
    written: Option<given::Written>,
) -> Result<Checked, Problems> {
    let nulls = Nulls::At(operation.nullable);
    let arguments = settled::before(operation.settled, arguments);
    let work = schema::Work::of_check(written);
    let checked = check_all(schema, nulls, Some(operation), arguments, &work)?;
    let arguments = settled::after(operation.settled, checked.arguments);
    Ok(Checked {
        arguments: wire::named(arguments, operation)?,
        ..checked
    })
}

/// Like [`check`], for any object schema. A property that the root schema does not name is a problem
/// unless the schema says what further properties look like.
///
/// # Errors
/// The problems.
pub fn check_with(
    schema: &Object,
    nulls: Nulls<'_>,
    arguments: Object,
) -> Result<Object, Problems> {
    let checked = check_all(schema, nulls, None, arguments, &schema::Work::default())?;
    Ok(checked.arguments)
}

/// Arguments that a schema accepts: those that the document shows, else what is required and little more, if
/// that is easy to find.
pub(crate) fn accepted(operation: Option<&OperationDef>, schema: &Object) -> Option<Value> {
    let shown = operation.and_then(|operation| serde_json::from_str(operation.example).ok());
    if let Some(Value::Object(shown)) = shown
        && is_accepted(operation, schema, shown.clone())
    {
        return Some(Value::Object(shown));
    }
    let found = if schema.contains_key("required") {
        let work = schema::Work::default();
        let root = schema::Root::new(schema, &work);
        root.budget().grant(&Value::Null);
        example::example(root, schema)?
    } else {
        Value::Object(Object::new())
    };
    let given = found.as_object()?.clone();
    if is_accepted(operation, schema, given.clone()) {
        return Some(found);
    }
    // What changes a record takes one of its fields at least.
    let operation = operation.filter(|operation| is_change(operation))?;
    let properties = schema.get("properties").and_then(Value::as_object)?;
    let fields = properties
        .iter()
        .filter(|(name, _)| !given.contains_key(*name) && is_in_body(operation, name));
    let work = schema::Work::default();
    let root = schema::Root::new(schema, &work);
    root.budget().grant(&Value::Null);
    fields.take(MOST_TRIED).find_map(|(name, field)| {
        let mut given = given.clone();
        given.insert(name.clone(), example::example(root, field.as_object()?)?);
        let accepted = is_accepted(Some(operation), schema, given.clone());
        accepted.then_some(Value::Object(given))
    })
}

fn is_accepted(operation: Option<&OperationDef>, schema: &Object, given: Object) -> bool {
    let nulls = Nulls::At(operation.map_or(&[], |operation| operation.nullable));
    let work = schema::Work::default();
    check_all(schema, nulls, operation, given, &work).is_ok()
}

fn check_all(
    schema: &Object,
    nulls: Nulls<'_>,
    operation: Option<&OperationDef>,
    mut arguments: Object,
    work: &schema::Work,
) -> Result<Checked, Problems> {
    let root = schema::Root::new(schema, work);
    let sieve = nulls::Sieve {
        root,
        nulls,
        operation,
        refused: operation.map_or(&[], |operation| operation.settled.null_refused),
        known: RefCell::default(),
        dropped: RefCell::default(),
    };
    root.budget().grant_for(&arguments);
    sieve.sift(schema, &mut arguments);
    if root.budget().is_exhausted() {
        return Err(validate::too_much());
    }
    let refused = operation
        .map(|operation| settled::refused_nulls(operation.settled, root, schema, &mut arguments))
        .unwrap_or_default();
    let arguments = Value::Object(arguments);
    root.budget().grant(&arguments);
    let value = coerce::coerce(root, schema, arguments);
    if root.budget().is_exhausted() {
        return Err(validate::too_much());
    }
    let lacking = operation.and_then(|one| vanished::lacking(one, root, schema, &value));
    let mut problems = validate::problems(root, schema, &value, nulls, lacking.is_some());
    // What was refused is not missing, too.
    let problems_of_nulls = Problems::first_of(refused.len(), refused);
    problems.append(validate::MAX_FOUND, problems_of_nulls);
    if !schema.contains_key("additionalProperties") {
        unknown_at_root(schema, &value, &mut problems);
    }
    if let Some(operation) = operation {
        let unknown = {
            let dropped = sieve.dropped.borrow();
            vanished::unknown(operation, schema, &dropped, &value, !problems.is_empty())
        };
        // Beside other problems it is said where only names stand that the tool does not have.
        let known = match problems.is_empty() {
            true => Some(Cow::Borrowed(&value)),
            false => only_known(schema, &value).map(Cow::Owned),
        };
        let mut lost = known.map_or_else(Vec::new, |known| {
            vanished::nothing_left(&sieve, operation, schema, &known)
        });
        if let Some(lacking) = lacking.filter(|_| lost.is_empty()) {
            lost.push(vanished::too_little(operation, schema, &value, lacking));
        }
        for found in [lost, unknown] {
            problems.append(validate::MAX_FOUND, Problems::first_of(found.len(), found));
        }
    }
    inside::told(root, schema, operation, &value, &mut problems);
    match value {
        Value::Object(arguments) if problems.is_empty() => Ok(Checked {
            arguments,
            left_out: operation.map_or_else(Vec::new, |operation| {
                vanished::left_out(operation, &sieve.dropped.borrow())
            }),
        }),
        _ => Err(problems),
    }
}

/// The arguments without those that the tool does not have, if there are such, and none is a name misspelt.
fn only_known(schema: &Object, value: &Value) -> Option<Value> {
    let closed = schema
        .get("additionalProperties")
        .is_none_or(|further| further.as_bool() == Some(false));
    let known = schema.get("properties")?.as_object().filter(|_| closed)?;
    let given = value.as_object()?;
    let names = || known.keys().map(String::as_str);
    let mut unknown = given.keys().filter(|name| !known.contains_key(*name));
    if unknown.any(|name| nearest(name, names()).is_some()) {
        return None;
    }
    let mut left = given.clone();
    left.retain(|name, _| known.contains_key(name));
    (left.len() < given.len()).then_some(Value::Object(left))
}

fn unknown_at_root(schema: &Object, value: &Value, problems: &mut Problems) {
    let known = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> = known
        .into_iter()
        .flat_map(Object::keys)
        .map(String::as_str)
        .collect();
    let given = value.as_object().into_iter().flat_map(Object::keys);
    let unknown = given.filter(|key| !names.contains(&key.as_str()));
    for key in unknown {
        problems.add(validate::MAX_FOUND, || {
            Problem::unknown(
                std::slice::from_ref(key),
                nearest(key, names.iter().copied()),
                &names,
            )
        });
    }
}
