//! What single values mean, in the description: models know no keyword for it.

use serde_json::{Map, Value};

use super::super::Shape;
use super::diet::LISTED_VALUES;
use super::{said, say};
use crate::text;

/// Most characters that are told of all values.
const TOLD: usize = 300;
/// Most characters of a name or a meaning.
const ONE: usize = 80;

/// Says what the values of a schema mean, and the digits of those that are listed with fewer, unless its description does: `1 = Open (still open), 2 = Closed`.
/// Of a long enumeration the values are not listed either.
pub fn tell_labels(schema: &mut Map<String, Value>, shape: &Shape<'_>) {
    let values = shape.values.as_deref().unwrap_or_default();
    if shape.labels.is_empty() || values.len() > LISTED_VALUES {
        return;
    }
    let known = schema.get("description").and_then(Value::as_str);
    let known = known.unwrap_or_default();
    let mut told = String::new();
    let mut says_more = false;
    let mut is_cut = false;
    for value in values {
        let label = shape.labels.iter().find(|label| label.value == *value);
        let digits = label.and_then(|label| label.digits);
        let own = match (digits, value) {
            (Some(digits), _) => digits.to_owned(),
            (None, Value::String(value)) => value.clone(),
            (None, other) => other.to_string(),
        };
        let more = |name: &str, said_of: Option<&str>| {
            let said = said(name, said_of?, None)?;
            let short = text::line(&said, ONE);
            Some(short.trim_end_matches('.').to_owned())
        };
        let name = label.and_then(|label| more(&own, label.name));
        let over = name.as_deref().unwrap_or(&own);
        let meaning = label.and_then(|label| more(over, label.description));
        let meaning = meaning.filter(|meaning| more(&own, Some(meaning)).is_some());
        let means = match (name, meaning, digits) {
            (Some(name), Some(meaning), _) => format!("{name} ({meaning})"),
            (Some(one), None, _) | (None, Some(one), _) => one,
            // The number that is listed has fewer.
            (None, None, Some(digits)) => digits.to_owned(),
            (None, None, None) => continue,
        };
        says_more |= !known.contains(&means);
        let said = if digits == Some(means.as_str()) {
            format!("{value} is {means}")
        } else {
            format!("{} = {means}", text::line(&own, ONE))
        };
        let separator = if told.is_empty() { "" } else { ", " };
        let item = format!("{separator}{said}");
        if told.chars().count().saturating_add(item.chars().count()) > TOLD {
            is_cut = true;
            break;
        }
        told.push_str(&item);
    }
    if says_more && !told.is_empty() {
        told.push_str(if is_cut { ", …" } else { "." });
        say(schema, &told);
    }
}
