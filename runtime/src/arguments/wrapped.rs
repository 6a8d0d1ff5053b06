//! Arguments within one more object: `{"arguments": {"id": 7}}`. Hosts wrap them so, and models that know the body
//! of the service put its properties into `body`. Where the names inside are those of the tool, nothing else can be
//! meant.

use crate::json::{Object, Value};
use crate::operation::OperationDef;

/// What such an object is called, without case and separators; or as what the tool is about.
const WRAPPERS: [&str; 19] = [
    "args",
    "argument",
    "arguments",
    "attributes",
    "body",
    "data",
    "input",
    "inputs",
    "json",
    "kwargs",
    "param",
    "parameter",
    "parameters",
    "params",
    "payload",
    "request",
    "requestbody",
    "toolinput",
    "values",
];

/// The arguments without an object around them that the tool does not have, and the name of that. One that holds a
/// name which is not the tool's, or one that is given beside it too, is left as it is: it is refused then.
pub(crate) fn unwrapped(
    operation: &OperationDef,
    schema: &Object,
    arguments: Object,
) -> (Object, Option<String>) {
    let Some(name) = wrapper(operation, schema, &arguments).map(str::to_owned) else {
        return (arguments, None);
    };
    let mut unwrapped = Object::new();
    for (key, value) in arguments {
        match value {
            Value::Object(inner) if key == name => unwrapped.extend(inner),
            value => {
                unwrapped.insert(key, value);
            }
        }
    }
    (unwrapped, Some(name))
}

fn wrapper<'g>(
    operation: &OperationDef,
    schema: &Object,
    arguments: &'g Object,
) -> Option<&'g str> {
    let known = schema.get("properties")?.as_object()?;
    // Where further names are taken, it may be one of them.
    if schema
        .get("additionalProperties")
        .is_some_and(|further| further.as_bool() != Some(false))
    {
        return None;
    }
    let mut unknown = arguments
        .iter()
        .filter(|(name, _)| !known.contains_key(*name));
    let (name, value) = unknown.next()?;
    let inner = value.as_object().filter(|inner| !inner.is_empty())?;
    let fits = inner
        .keys()
        .all(|key| known.contains_key(key) && !arguments.contains_key(key));
    let is_only = unknown.next().is_none();
    (is_only && fits && is_wrapper(operation.tool, name)).then_some(name)
}

fn is_wrapper(tool: &str, name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let of_tool = tool.strip_suffix(name);
    WRAPPERS.contains(&plain.as_str()) || of_tool.is_some_and(|rest| rest.ends_with(['_', '.']))
}

#[cfg(test)]
mod tests {
    use super::is_wrapper;

    #[test]
    fn what_says_something_of_values_is_no_wrapper() {
        for (name, expected) in [
            ("arguments", true),
            ("tool_input", true),
            ("requestBody", true),
            ("invoice", true),
            ("not", false),
            ("exclude", false),
            ("filter", false),
            ("oice", false),
            ("create_invoice", false),
        ] {
            assert_eq!(is_wrapper("create_invoice", name), expected, "{name}");
        }
    }
}
