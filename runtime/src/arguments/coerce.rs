//! Values in another form than the schema's, where only one reading is possible: `"5"` for an integer,
//! `"[1]"` for an array, `7` for a list of one, `paid` for `Paid`, `5` for the text `"5"`. A string stays a string
//! wherever the schema allows strings, and a number a number wherever it allows numbers.

use crate::json::exact::{is_number, is_restorable};
use crate::json::scan::{is_exact, scan};
use crate::json::{Number, Object, Value};

use super::format::format;
use super::given::Place;
use super::schema::{Root, Types, schemas};
use super::validate::{is_valid, named, pattern_for};

/// Levels that are looked into; deeper values are refused.
pub(super) const MAX_DEPTH: usize = 64;

/// The arguments in the form that the schema asks for.
pub(super) fn coerce<'a>(root: Root<'a>, schema: &'a Object, arguments: Value) -> Value {
    coerce_at(root, schema, arguments, &Place::ROOT)
}

fn coerce_at<'a>(root: Root<'a>, schema: &'a Object, value: Value, at: &Place<'_>) -> Value {
    let value = coerce_as_it_is(root, schema, value, at);
    listed(root, schema, value, at)
}

/// A single value in the place of a list, as a list of one: where nothing but a list is accepted, and the
/// items are what the value is. One of the kind of the items that is wrong is a list of one, too: what is wrong is
/// the item, and the message can say which values there are.
fn listed<'a>(root: Root<'a>, schema: &'a Object, value: Value, at: &Place<'_>) -> Value {
    if at.depth > MAX_DEPTH || root.types(schema) != Types::ARRAY {
        return value;
    }
    if let Some(words) = words_of_list(root, schema, &value) {
        return coerce_as_it_is(root, schema, words, &at.within());
    }
    if may_be_a_list(&value) {
        return value;
    }
    if !root.budget().copy(&value) {
        return value;
    }
    let list = Value::Array(vec![value.clone()]);
    let list = coerce_as_it_is(root, schema, list, &at.within());
    let is_deeper = list.get(0).is_some_and(Value::is_array) && !value.is_string();
    if !is_deeper && (is_valid(root, schema, &list) || is_wrong_item(root, schema, &list)) {
        list
    } else {
        value
    }
}

/// `"open, waiting"` where words of an enumeration are wanted, as a list of these; other texts may hold commas.
fn words_of_list<'a>(root: Root<'a>, schema: &'a Object, value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|text| text.contains(','))?.trim();
    let parts = root.parts(schema)?;
    let items = items_schemas(&parts, 0);
    let is_enumerated = |item: &&Object| {
        let parts = root.parts(item);
        parts.is_some_and(|parts| parts.iter().any(|part| part.contains_key("enum")))
    };
    let is_plain = !text.starts_with(['[', '{']) && !text.ends_with(',');
    (is_plain && items.iter().any(is_enumerated) && root.budget().copy(value)).then(|| {
        text.split(',')
            .map(|word| Value::from(word.trim()))
            .collect()
    })
}

/// Whether the one value of a list is of the kind of its items, and what is wrong.
fn is_wrong_item<'a>(root: Root<'a>, schema: &'a Object, list: &Value) -> bool {
    let (Some(parts), Some(value)) = (root.parts(schema), list.get(0)) else {
        return false;
    };
    let items = items_schemas(&parts, 0);
    let types = items.iter().map(|item| root.types(item));
    let types = types.reduce(Types::and);
    types.is_some_and(|types| types != Types::ALL && types.has(Types::of(value)))
        && !items.iter().all(|item| is_valid(root, item, value))
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

fn coerce_as_it_is<'a>(root: Root<'a>, schema: &'a Object, value: Value, at: &Place<'_>) -> Value {
    if at.depth > MAX_DEPTH || !root.budget().step() {
        return value;
    }
    let Some(parts) = root.parts(schema) else {
        return value;
    };
    let value = scalar(root, schema, &parts, value, at);
    let value = match value {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .map(|(key, value)| {
                    let schemas = properties(&parts, &key).into_iter();
                    let below = at.property(&key);
                    let value = schemas.fold(value, |value, schema| {
                        coerce_at(root, schema, value, &below)
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
                    let schemas = items_schemas(&parts, index).into_iter();
                    let below = at.item(index);
                    schemas.fold(item, |item, schema| coerce_at(root, schema, item, &below))
                })
                .collect(),
        ),
        other => other,
    };
    parts
        .iter()
        .flat_map(|part| [schemas(part, "anyOf"), schemas(part, "oneOf")])
        .fold(value, |value, branches| branch(root, branches, value, at))
}

/// Takes the form that the value names, else the first one that fits as it is, else the first that fits after
/// coercion: first without making texts of numbers, which another form may take.
fn branch<'a>(root: Root<'a>, branches: &'a [Value], value: Value, at: &Place<'_>) -> Value {
    if let Some(form) = named(root, branches, &value) {
        return coerce_at(root, form, value, &at.deeper());
    }
    let objects = || branches.iter().filter_map(Value::as_object);
    if branches.is_empty() || objects().any(|b| is_valid(root, b, &value)) {
        return value;
    }
    // Where another form is no list, a value may be a mistake in that form and no list of one.
    let is_other = |types: Types| types != Types::ARRAY && types != Types::NULL;
    let is_single = objects().any(|b| is_other(root.types(b)));
    let fit = || {
        objects().find_map(|candidate| {
            if !root.budget().copy(&value) {
                return None;
            }
            let coerced = if is_single {
                coerce_as_it_is(root, candidate, value.clone(), &at.deeper())
            } else {
                coerce_at(root, candidate, value.clone(), &at.deeper())
            };
            is_valid(root, candidate, &coerced).then_some(coerced)
        })
    };
    let takes_kind = objects().any(|b| takes(root.types(b), &value));
    let found = root.without_texts(fit);
    let found = found.or_else(|| if takes_kind { None } else { fit() });
    found.unwrap_or(value)
}

/// Whether values of a number's or boolean's kind are taken, if not this one.
fn takes(types: Types, value: &Value) -> bool {
    match value {
        Value::Number(_) => types.has(Types::INTEGER) || types.has(Types::FRACTION),
        Value::Bool(_) => types.has(Types::of(value)),
        _ => false,
    }
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

/// The schemas for a step into a value: those of a property, else those of an item.
pub(super) fn below<'a>(parts: &[&'a Object], step: &str) -> Vec<&'a Object> {
    let named = properties(parts, step);
    match (named.is_empty(), step.parse()) {
        (true, Ok(index)) => items_schemas(parts, index),
        _ => named,
    }
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

fn scalar<'a>(
    root: Root<'a>,
    schema: &'a Object,
    parts: &[&'a Object],
    value: Value,
    at: &Place<'_>,
) -> Value {
    let types = root.types(schema);
    match value {
        Value::Number(_) | Value::Bool(_)
            if types.has(Types::STRING) && !takes(types, &value) && root.may_be_text() =>
        {
            let text = as_text(root, &value, at).map(Value::String);
            let fitting = text.filter(|text| is_valid(root, schema, text));
            fitting.unwrap_or(value)
        }
        Value::String(text) if !types.has(Types::STRING) => {
            read(root, types, &text).unwrap_or(Value::String(text))
        }
        Value::String(text) => {
            let better = fold_case(parts, &text).or_else(|| trimmed(parts, &text));
            match better {
                Some(better) => Value::String(better),
                None => written(parts, &text).unwrap_or(Value::String(text)),
            }
        }
        Value::Number(number) if types.has(Types::INTEGER) && !types.has(Types::FRACTION) => {
            Value::Number(whole(number))
        }
        other => other,
    }
}

/// A number or boolean as it was written; `None` where that is not known, or has an exponent.
fn as_text(root: Root<'_>, value: &Value, at: &Place<'_>) -> Option<String> {
    let Value::Number(number) = value else {
        return Some(value.to_string());
    };
    let written = if number.is_f64() {
        let known = root.written()?;
        match known.at(&at.pointer()) {
            Some(digits) => digits.to_owned(),
            None if known.knows_all => number.to_string(),
            None => return None,
        }
    } else {
        number.to_string()
    };
    is_number(&written).then_some(written)
}

/// Reads JSON out of a string where the schema forbids strings and nothing is lost.
pub(super) fn read(root: Root<'_>, types: Types, text: &str) -> Option<Value> {
    let text = text.trim();
    // As Python and spreadsheets write them: `True`, `FALSE`.
    let flag = ["true", "false"]
        .into_iter()
        .find(|flag| text.eq_ignore_ascii_case(flag));
    let value: Value = serde_json::from_str(flag.unwrap_or(text)).ok()?;
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

/// The number or boolean among the enum values that a text is, where the text itself is none of them: `"6"` of
/// `["draft", 6]`.
fn written(parts: &[&Object], text: &str) -> Option<Value> {
    let values = parts.iter().find_map(|part| part.get("enum")?.as_array())?;
    if values.iter().any(|value| value.as_str() == Some(text)) {
        return None;
    }
    let text = text.trim();
    let is_plain = |value: &&Value| value.is_number() || value.is_boolean();
    let mut same = values
        .iter()
        .filter(is_plain)
        .filter(|value| value.to_string().as_str() == text);
    same.next().cloned()
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
