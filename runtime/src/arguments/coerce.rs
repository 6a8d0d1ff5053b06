//! Values in another form than the schema's, where only one reading is possible: `"5"` for an integer,
//! `"[1]"` for an array, `7` for a list of one, `paid` for `Paid`. A string stays a string wherever the schema
//! allows strings.

use crate::json::exact::{is_number, is_restorable};
use crate::json::scan::{is_exact, scan};
use crate::json::{Number, Object, Value};

use super::format::format;
use super::schema::{Root, Types, schemas};
use super::validate::{is_valid, named, pattern_for};

/// Levels that are looked into; deeper values are refused.
pub(super) const MAX_DEPTH: usize = 64;

pub(super) fn coerce<'a>(root: Root<'a>, schema: &'a Object, value: Value, depth: usize) -> Value {
    let value = coerce_as_it_is(root, schema, value, depth);
    listed(root, schema, value, depth)
}

/// A single value in the place of a list, as a list of one: where nothing but a list is accepted, and the
/// items are what the value is.
fn listed<'a>(root: Root<'a>, schema: &'a Object, value: Value, depth: usize) -> Value {
    if depth > MAX_DEPTH || root.types(schema) != Types::ARRAY || may_be_a_list(&value) {
        return value;
    }
    if !root.copy(&value) {
        return value;
    }
    let list = Value::Array(vec![value.clone()]);
    let list = coerce_as_it_is(root, schema, list, depth);
    let is_deeper = list.get(0).is_some_and(Value::is_array) && !value.is_string();
    if !is_deeper && is_valid(root, schema, &list) {
        list
    } else {
        value
    }
}

/// Whether a value is a list, none, or a text in which several values may have been meant.
fn may_be_a_list(value: &Value) -> bool {
    match value {
        Value::Null | Value::Array(_) => true,
        Value::String(text) => {
            let text = text.trim();
            text.is_empty() || text.starts_with(['[', '{']) || text.contains([',', ';', '|', '\n'])
        }
        _ => false,
    }
}

fn coerce_as_it_is<'a>(root: Root<'a>, schema: &'a Object, value: Value, depth: usize) -> Value {
    if depth > MAX_DEPTH || !root.step() {
        return value;
    }
    let Some(parts) = root.parts(schema) else {
        return value;
    };
    let value = scalar(root, root.types(schema), &parts, value);
    let value = match value {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .map(|(key, value)| {
                    let value = properties(&parts, &key)
                        .into_iter()
                        .fold(value, |value, schema| {
                            coerce(root, schema, value, depth + 1)
                        });
                    (key, value)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| {
                    items_schemas(&parts, index)
                        .into_iter()
                        .fold(item, |item, schema| coerce(root, schema, item, depth + 1))
                })
                .collect(),
        ),
        other => other,
    };
    parts
        .iter()
        .flat_map(|part| [schemas(part, "anyOf"), schemas(part, "oneOf")])
        .fold(value, |value, branches| {
            branch(root, branches, value, depth)
        })
}

/// Takes the form that the value names, else the first one that fits as it is, else the first that fits
/// after coercion.
fn branch<'a>(root: Root<'a>, branches: &'a [Value], value: Value, depth: usize) -> Value {
    if let Some(form) = named(root, branches, &value) {
        return coerce(root, form, value, depth + 1);
    }
    let objects = || branches.iter().filter_map(Value::as_object);
    if branches.is_empty() || objects().any(|b| is_valid(root, b, &value)) {
        return value;
    }
    // Where another form is no list, a value may be a mistake in that form and no list of one.
    let is_other = |types: Types| types != Types::ARRAY && types != Types::NULL;
    let is_single = objects().any(|b| is_other(root.types(b)));
    for candidate in objects() {
        if !root.copy(&value) {
            break;
        }
        let coerced = if is_single {
            coerce_as_it_is(root, candidate, value.clone(), depth + 1)
        } else {
            coerce(root, candidate, value.clone(), depth + 1)
        };
        if is_valid(root, candidate, &coerced) {
            return coerced;
        }
    }
    value
}

/// The schemas for a property: those of `properties`, else those of `additionalProperties`.
pub(super) fn properties<'a>(parts: &[&'a Object], key: &str) -> Vec<&'a Object> {
    parts
        .iter()
        .filter_map(|part| {
            let named = part.get("properties").and_then(|p| p.get(key));
            named
                .or_else(|| part.get("additionalProperties"))?
                .as_object()
        })
        .collect()
}

fn items_schemas<'a>(parts: &[&'a Object], index: usize) -> Vec<&'a Object> {
    parts
        .iter()
        .filter_map(|part| {
            let named = schemas(part, "prefixItems").get(index);
            named.or_else(|| part.get("items"))?.as_object()
        })
        .collect()
}

fn scalar(root: Root<'_>, types: Types, parts: &[&Object], value: Value) -> Value {
    match value {
        Value::String(text) if !types.has(Types::STRING) => {
            read(root, types, &text).unwrap_or(Value::String(text))
        }
        Value::String(text) => {
            let better = fold_case(parts, &text).or_else(|| trimmed(parts, &text));
            Value::String(better.unwrap_or(text))
        }
        Value::Number(number) if types.has(Types::INTEGER) && !types.has(Types::FRACTION) => {
            Value::Number(whole(number))
        }
        other => other,
    }
}

/// Reads JSON out of a string where the schema forbids strings and nothing is lost.
pub(super) fn read(root: Root<'_>, types: Types, text: &str) -> Option<Value> {
    let text = text.trim();
    let value: Value = serde_json::from_str(text).ok()?;
    let keeps = root.keeps_digits();
    let value = match value {
        Value::Number(number) if is_exact(text) || keeps && is_number(text) => {
            let number = if types.has(Types::FRACTION) {
                number
            } else {
                whole(number)
            };
            Value::Number(number)
        }
        Value::Bool(_) => value,
        Value::Array(_) | Value::Object(_)
            if scan(text).is_ok_and(|d| d.is_empty() || keeps && is_restorable(&d)) =>
        {
            value
        }
        _ => return None,
    };
    types.has(Types::of(&value)).then_some(value)
}

/// `5.0` as `5`, and `1e17` with all its digits: services that read integers take neither form.
fn whole(number: Number) -> Number {
    match number.as_f64() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be a whole number in the range of i64"
        )]
        Some(float)
            if number.is_f64()
                && float.fract() == 0.0
                && float.abs() < 9_223_372_036_854_775_808.0 =>
        {
            Number::from(float as i64)
        }
        _ => number,
    }
}

/// The only enum value that equals the text but for case and surrounding blanks.
fn fold_case(parts: &[&Object], text: &str) -> Option<String> {
    let values: Vec<&str> = parts
        .iter()
        .find_map(|part| part.get("enum")?.as_array())?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if values.contains(&text) {
        return None;
    }
    let wanted = text.trim().to_lowercase();
    let mut same = values
        .into_iter()
        .filter(|value| value.to_lowercase() == wanted);
    let found = same.next()?;
    same.next().is_none().then(|| found.to_owned())
}

/// The text without blanks around it, where a format or a pattern takes it so and not as it is.
fn trimmed(parts: &[&Object], text: &str) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.len() == text.len() {
        return None;
    }
    let word = |keyword: &str| parts.iter().find_map(|part| part.get(keyword)?.as_str());
    let format = word("format").and_then(format).map(|format| format.fits);
    let pattern = word("pattern").and_then(pattern_for);
    let fits = |text: &str| {
        format.is_none_or(|fits| fits(text))
            && pattern.as_ref().is_none_or(|rule| rule.is_match(text))
    };
    (!fits(text) && fits(trimmed)).then(|| trimmed.to_owned())
}
