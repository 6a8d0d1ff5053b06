//! Nulls that say nothing, and updates that say nothing. At most places a null means "not given", so a call can
//! come to nothing on the way: an update whose values are all null would be sent as `{}`, and answered as a
//! success. So would one that names no more than the record.

use super::coerce::{below, properties};
use super::nulls::Sieve;
use super::problem::Problem;
use super::schema::{Root, Types};
use super::validate::{at_least_of, is_valid};
use crate::json::{Object, Value};
use crate::operation::{BodyShape, Location, OperationDef};
use crate::text::nearest;

/// Words in names of tools that change a record, whatever its path ends with.
const CHANGES: [&str; 10] = [
    "update", "change", "edit", "modify", "patch", "put", "replace", "save", "set", "upsert",
];
/// Nulls that are worth naming.
const MOST: usize = 20;
/// Names of arguments that take null, which are worth listing.
const MOST_NAMES: usize = 20;

/// Arguments that were null, and that the tool does not have. A null is no filter, so that of a read which
/// says something else is overlooked, unless the call is `wrong` in another way; elsewhere it may have been
/// meant to empty a field, or is all that was said.
pub(super) fn unknown(
    operation: &OperationDef,
    schema: &Object,
    dropped: &[Vec<String>],
    left: &Value,
    wrong: bool,
) -> Vec<Problem> {
    let is_open = match schema.get("additionalProperties") {
        None | Some(Value::Bool(false)) => false,
        Some(_) => true,
    };
    let says_more = left.as_object().is_some_and(|left| !left.is_empty());
    if is_open || says_more && !wrong && !operation.writes() {
        return Vec::new();
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> = properties
        .into_iter()
        .flat_map(Object::keys)
        .map(String::as_str)
        .collect();
    let of_one = dropped.iter().filter(|path| path.len() == 1);
    let unknown = of_one.filter(|path| path.iter().any(|name| !names.contains(&name.as_str())));
    unknown
        .take(MOST)
        .map(|path| {
            let name = path.first().map(String::as_str).unwrap_or_default();
            Problem::unknown(path, nearest(name, names.iter().copied()), &names)
        })
        .collect()
}

/// What is wrong with an update of which nothing is left but which record it is about.
pub(super) fn nothing_left<'a>(
    sieve: &Sieve<'a>,
    operation: &OperationDef,
    schema: &'a Object,
    left: &Value,
) -> Vec<Problem> {
    let dropped = sieve.dropped.borrow();
    let known = schema.get("properties").and_then(Value::as_object);
    let is_known = |name: &String| known.is_some_and(|known| known.contains_key(name));
    let of_body: Vec<&Vec<String>> = dropped
        .iter()
        .filter(|path| {
            let first = path.first();
            first.is_some_and(|name| is_in_body(operation, name) || !is_known(name))
        })
        .collect();
    if !is_change(operation) || says_anything(sieve, operation, schema, left) {
        return Vec::new();
    }
    let names = || known.into_iter().flat_map(Object::keys);
    if of_body.is_empty() {
        let settable: Vec<&str> = names()
            .filter(|name| is_in_body(operation, name))
            .map(String::as_str)
            .take(MOST_NAMES)
            .collect();
        // What is not sent, and need not be, may be all that a PUT takes: it puts a member into a group.
        let is_wanted = match operation.method {
            "PATCH" => needs_body(operation) || ends_with_record(operation),
            _ => needs_body(operation) && is_called_change(operation),
        };
        if settable.is_empty() || !is_wanted {
            return Vec::new();
        }
        return vec![no_field(1, &settable)];
    }
    let mut message = "nothing would change, since nothing is left of what was given.".to_owned();
    let names = names();
    let emptied: Vec<&str> = names
        .filter(|name| is_in_body(operation, name) && sieve.takes_null(schema, name))
        .map(String::as_str)
        .take(MOST_NAMES)
        .collect();
    if !emptied.is_empty() {
        message += &format!(" Null empties only: {}.", emptied.join(", "));
    }
    let known = of_body
        .iter()
        .filter(|path| path.first().is_some_and(is_known));
    let each = known.take(MOST).map(|path| {
        let empty = emptying(sieve, schema, path);
        let or = empty.map_or_else(String::new, |empty| format!(", or {empty} to empty it"));
        let message = format!(
            "null means \"not given\" here, so it was left out. Give a value{or}; or leave it out to keep what is there."
        );
        Problem::new(path, message)
    });
    let whole = Problem::new(&[], message);
    std::iter::once(whole).chain(each).collect()
}

fn no_field(count: u64, names: &[&str]) -> Problem {
    let remedy = at_least_of(count, false, names);
    let message = format!("nothing would change, since no field was given.{remedy}");
    Problem::new(&[], message)
}

/// How many arguments more a change takes at least (`minProperties`), if there are too few: the document counts the
/// fields, and the schema of the tool those that say which record is meant besides.
pub(super) fn lacking<'a>(
    operation: &OperationDef,
    root: Root<'a>,
    schema: &'a Object,
    value: &Value,
) -> Option<u64> {
    let given = u64::try_from(value.as_object()?.len()).ok()?;
    let parts = root.parts(schema).filter(|_| is_change(operation))?;
    let least = parts.iter().filter_map(|part| part.get("minProperties"));
    let least = least.filter_map(Value::as_u64).max()?;
    least.checked_sub(given).filter(|lacking| *lacking > 0)
}

/// What is wrong with a change that has so many arguments too few.
pub(super) fn too_little(
    operation: &OperationDef,
    schema: &Object,
    given: &Value,
    lacking: u64,
) -> Problem {
    let known = schema.get("properties").and_then(Value::as_object);
    let fields = || {
        let names = known.into_iter().flat_map(Object::keys).map(String::as_str);
        names.filter(|name| is_in_body(operation, name))
    };
    let free: Vec<&str> = fields().filter(|name| given.get(*name).is_none()).collect();
    if fields().count() == free.len() {
        return no_field(lacking, &free);
    }
    let remedy = at_least_of(lacking, true, &free);
    Problem::new(&[], format!("too few fields were given.{remedy}"))
}

/// Whether a call of it without a change is pointless. One that ends in a word behind a record may be an
/// action, which needs no more than the record.
pub(crate) fn is_change(operation: &OperationDef) -> bool {
    if !matches!(operation.method, "PUT" | "PATCH") || operation.body.is_none() {
        return false;
    }
    let mut steps = operation.path.trim_end_matches('/').rsplit('/');
    let is_record = |step: Option<&str>| step.is_some_and(|step| step.ends_with('}'));
    let is_action = !is_record(steps.next()) && is_record(steps.next());
    !is_action || is_called_change(operation)
}

/// Whether its name says that it changes something.
fn is_called_change(operation: &OperationDef) -> bool {
    let mut words = operation.tool.split(['_', '.']);
    words.any(|word| CHANGES.contains(&word))
}

fn ends_with_record(operation: &OperationDef) -> bool {
    operation.path.trim_end_matches('/').ends_with('}')
}

fn needs_body(operation: &OperationDef) -> bool {
    operation.body.is_some_and(|body| body.required)
}

/// The nulls that were left out of a change which says something else, as a caller writes the places; none of
/// what is no change.
pub(super) fn left_out(operation: &OperationDef, dropped: &[Vec<String>]) -> Vec<String> {
    if !is_change(operation) {
        return Vec::new();
    }
    let of_body = dropped.iter().filter(|path| {
        let first = path.first();
        first.is_some_and(|name| is_in_body(operation, name))
    });
    of_body.take(MOST).map(|path| path.join(".")).collect()
}

/// Whether anything is left but which record is meant, objects that held nothing but nulls, and a body whose
/// fields are known and of which none is given.
fn says_anything<'a>(
    sieve: &Sieve<'a>,
    operation: &OperationDef,
    schema: &'a Object,
    left: &Value,
) -> bool {
    let dropped = sieve.dropped.borrow();
    let is_empty_body = |name: &str, value: &Value| {
        let whole = operation.body.is_some_and(
            |body| matches!(body.shape, BodyShape::Whole { argument } if argument == name),
        );
        whole && value.as_object().is_some_and(Object::is_empty) && {
            let body = sieve.root.parts(schema);
            let body = body.and_then(|parts| properties(&parts, name).into_iter().next());
            let parts = body.and_then(|body| sieve.root.parts(body));
            parts.is_some_and(|parts| parts.iter().any(|part| part.contains_key("properties")))
        }
    };
    let in_path = |name: &str| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|one| one.location == Location::Path && one.argument == name)
    };
    let mut path = Vec::new();
    let members = left.as_object().into_iter().flatten();
    members
        .filter(|(name, value)| !in_path(name) && !is_empty_body(name, value))
        .any(|(name, value)| says(value, name, &dropped, &mut path))
}

fn says(value: &Value, name: &str, dropped: &[Vec<String>], path: &mut Vec<String>) -> bool {
    let Value::Object(object) = value else {
        return true;
    };
    path.push(name.to_owned());
    let says = if object.is_empty() {
        // One that was given as `{}` may be meant so.
        !dropped
            .iter()
            .any(|place| place.len() > path.len() && place.starts_with(path))
    } else {
        object
            .iter()
            .any(|(name, value)| says(value, name, dropped, path))
    };
    path.pop();
    says
}

pub(crate) fn is_in_body(operation: &OperationDef, name: &str) -> bool {
    operation.body.is_some_and(|body| match body.shape {
        BodyShape::Whole { argument }
        | BodyShape::Members { argument, .. }
        | BodyShape::Items { argument, .. } => argument == name,
        BodyShape::Properties { fields, additional } => {
            let mut fields = fields.iter();
            fields.any(|field| field.argument == name)
                || !additional.is_empty() && additional == name
        }
    })
}

/// The value that empties what stands at a place, where the schema takes one.
fn emptying<'a>(sieve: &Sieve<'a>, schema: &'a Object, path: &[String]) -> Option<Value> {
    let mut at = schema;
    for step in path {
        let parts = sieve.root.parts(at)?;
        at = below(&parts, step).into_iter().next()?;
    }
    let types = sieve.root.types(at);
    let empty = if types.has(Types::ARRAY) {
        Value::Array(Vec::new())
    } else if types.has(Types::STRING) && types != Types::ALL {
        Value::String(String::new())
    } else {
        return None;
    };
    is_valid(sieve.root, at, &empty).then_some(empty)
}
