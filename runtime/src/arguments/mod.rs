//! Checks a tool's arguments against its schema: the subset of JSON Schema 2020-12 that the generator
//! emits. It finds every problem of a call at once and words each so that a language model can correct
//! itself. Hosts and models that send `"5"` for `5` are understood where nothing can be mistaken.

mod coerce;
mod example;
mod format;
mod number;
mod problem;
mod schema;
mod validate;

use crate::json::{Object, Value};
use crate::operation::OperationDef;
use crate::text::nearest;

pub use problem::{Problem, report};
pub use validate::validate;

/// Which nulls in the arguments mean a null, and not "not given".
#[derive(Debug, Clone, Copy)]
pub enum Nulls<'a> {
    /// Those at these places: JSON Pointers in which `*` stands for any index or property name.
    At(&'a [&'a str]),
    /// All of them.
    All,
}

impl Nulls<'_> {
    fn keep(self, path: &[String]) -> bool {
        match self {
            Self::All => true,
            Self::At(patterns) => patterns.iter().any(|pattern| {
                let mut steps = pattern.split('/').skip(1);
                let fits = path.iter().all(|key| {
                    steps.next().is_some_and(|step| {
                        step == "*" || step.replace("~1", "/").replace("~0", "~") == *key
                    })
                });
                fits && steps.next().is_none()
            }),
        }
    }
}

/// Checks the arguments of an operation and brings them into the form that the schema asks for.
///
/// # Errors
/// Every problem found; nothing was changed or sent.
pub fn check(
    operation: &OperationDef,
    schema: &Object,
    arguments: Object,
) -> Result<Object, Vec<Problem>> {
    check_with(schema, Nulls::At(operation.nullable), arguments)
}

/// Like [`check`], for any object schema. A property that the root schema does not name is a problem
/// unless the schema says what further properties look like.
///
/// # Errors
/// Every problem found.
pub fn check_with(
    schema: &Object,
    nulls: Nulls<'_>,
    arguments: Object,
) -> Result<Object, Vec<Problem>> {
    let mut value = Value::Object(arguments);
    drop_nulls(&mut value, nulls, &mut Vec::new());
    let root = schema::Root::new(schema);
    let value = coerce::coerce(root, schema, value, 0);
    let mut problems = validate::problems(root, schema, &value, nulls);
    if !schema.contains_key("additionalProperties") {
        unknown_at_root(schema, &value, &mut problems);
    }
    match value {
        Value::Object(object) if problems.is_empty() => Ok(object),
        _ => Err(problems),
    }
}

fn unknown_at_root(schema: &Object, value: &Value, problems: &mut Vec<Problem>) {
    let known = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> = known
        .into_iter()
        .flat_map(Object::keys)
        .map(String::as_str)
        .collect();
    let given = value.as_object().into_iter().flat_map(Object::keys);
    let unknown = given.filter(|key| !names.contains(&key.as_str()));
    for key in unknown.take(validate::MAX_FOUND) {
        problems.push(Problem::unknown(
            std::slice::from_ref(key),
            nearest(key, names.iter().copied()),
            &names,
        ));
    }
}

/// Takes out the object properties that are null without meaning it.
fn drop_nulls(value: &mut Value, nulls: Nulls<'_>, path: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            object.retain(|key, value| {
                path.push(key.clone());
                let keep = !value.is_null() || nulls.keep(path);
                if keep {
                    drop_nulls(value, nulls, path);
                }
                path.pop();
                keep
            });
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                drop_nulls(item, nulls, path);
                path.pop();
            }
        }
        _ => {}
    }
}
