//! A value that a schema accepts, to show in a message.

use crate::json::{Object, Value};

use super::format::format;
use super::schema::{Root, Types, schemas};

/// An accepted value, if one is easy to find.
pub(super) fn example(root: Root<'_>, schema: &Object, depth: usize) -> Option<Value> {
    if depth > 3 {
        return None;
    }
    let parts = root.parts(schema)?;
    let first = |keyword: &str| {
        parts
            .iter()
            .find_map(|part| schemas(part, keyword).first())
            .cloned()
    };
    let given = |keyword: &str| parts.iter().find_map(|part| part.get(keyword)).cloned();
    if let Some(value) = first("examples")
        .or_else(|| given("const"))
        .or_else(|| given("default"))
        .or_else(|| first("enum"))
    {
        return Some(value);
    }
    for keyword in ["anyOf", "oneOf"] {
        let branches = parts.iter().flat_map(|part| schemas(part, keyword));
        if let Some(value) = branches
            .filter_map(Value::as_object)
            .find_map(|b| example(root, b, depth + 1))
        {
            return Some(value);
        }
    }
    let types = root.types(schema);
    if types == Types::ALL {
        return None;
    }
    let bound = |keyword: &str| given(keyword).filter(Value::is_number);
    if types.has(Types::STRING) {
        let named = parts
            .iter()
            .find_map(|part| format(part.get("format")?.as_str()?));
        if let Some(named) = named {
            return Some(named.example.into());
        }
        return (given("pattern").is_none() && given("minLength").is_none()).then(|| "text".into());
    }
    if types.has(Types::INTEGER) {
        return bound("minimum")
            .or_else(|| bound("maximum"))
            .or_else(|| Some(1.into()));
    }
    if types.has(Types::BOOLEAN) {
        return Some(true.into());
    }
    if types.has(Types::ARRAY) {
        let items = given("items")?;
        return Some(Value::Array(vec![example(
            root,
            items.as_object()?,
            depth + 1,
        )?]));
    }
    if types.has(Types::OBJECT) {
        let mut object = Object::new();
        for name in parts
            .iter()
            .flat_map(|part| schemas(part, "required"))
            .filter_map(Value::as_str)
        {
            let property = parts
                .iter()
                .find_map(|part| part.get("properties")?.get(name)?.as_object())?;
            object.insert(name.to_owned(), example(root, property, depth + 1)?);
        }
        return (!object.is_empty()).then_some(Value::Object(object));
    }
    None
}
