//! Cuts a JSON value to a size by its structure, so that what is left is still well-formed and says
//! what is missing.

use crate::json::Value;
use crate::text::cap;

/// Shortens the longest arrays, then the longest strings, until the JSON text has at most `limit`
/// bytes. Gives the value and a note per place that was cut.
pub(super) fn shrink(mut value: Value, limit: usize) -> (Value, Vec<String>) {
    let mut cuts: Vec<(String, usize, usize)> = Vec::new();
    for _ in 0..400 {
        let size = value.to_string().len();
        if size <= limit {
            break;
        }
        let mut largest = Largest::default();
        measure(&value, String::new(), &mut largest);
        let share = |part: usize| limit as f64 / size as f64 * part as f64;
        if let Some((pointer, length, _)) = largest.array {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a length"
            )]
            let keep = (share(length) as usize).clamp(1, length - 1);
            if let Some(Value::Array(items)) = value.pointer_mut(&pointer) {
                items.truncate(keep);
            }
            note(&mut cuts, pointer, keep, length);
        } else if let Some((pointer, length)) = largest.string {
            let keep = length / 2;
            if let Some(Value::String(text)) = value.pointer_mut(&pointer) {
                *text = cap(text, keep).into_owned();
            }
            note(&mut cuts, pointer, keep, length);
        } else {
            break;
        }
    }
    let notes = cuts
        .into_iter()
        .map(|(pointer, keep, of)| {
            let place = if pointer.is_empty() {
                "the answer".to_owned()
            } else {
                pointer
            };
            format!("{place}: the first {keep} of {of}")
        })
        .collect();
    (value, notes)
}

fn note(cuts: &mut Vec<(String, usize, usize)>, pointer: String, keep: usize, of: usize) {
    match cuts.iter_mut().find(|(known, ..)| *known == pointer) {
        Some((_, kept, _)) => *kept = keep,
        None => cuts.push((pointer, keep, of)),
    }
}

#[derive(Default)]
struct Largest {
    /// Pointer, items and bytes of the largest array that has more than one item.
    array: Option<(String, usize, usize)>,
    /// Pointer and characters of the longest string.
    string: Option<(String, usize)>,
}

fn measure(value: &Value, pointer: String, largest: &mut Largest) -> usize {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Array(items) => {
            let size = items
                .iter()
                .enumerate()
                .map(|(index, item)| 1 + measure(item, format!("{pointer}/{index}"), largest))
                .sum::<usize>();
            let larger = largest
                .array
                .as_ref()
                .is_none_or(|(_, _, most)| size >= *most);
            if items.len() > 1 && larger {
                largest.array = Some((pointer, items.len(), size));
            }
            size + 2
        }
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| {
                key.len() + 4 + measure(value, format!("{pointer}/{}", escape(key)), largest)
            })
            .sum(),
        Value::String(text) => {
            let length = text.chars().count();
            if length > 200
                && largest
                    .string
                    .as_ref()
                    .is_none_or(|(_, most)| length > *most)
            {
                largest.string = Some((pointer, length));
            }
            text.len() + 2
        }
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arrays_are_cut_first() {
        let items: Vec<Value> = (0..1000)
            .map(|i| json!({"id": i, "tags": ["a", "b"]}))
            .collect();
        let (value, notes) = shrink(json!({"total": 1000, "items": items}), 2000);
        assert!(value.to_string().len() <= 2000);
        let kept = value
            .get("items")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        assert!(kept > 20, "{kept}");
        assert_eq!(notes, [format!("/items: the first {kept} of 1000")]);
    }

    #[test]
    fn long_strings_are_cut_when_there_is_no_array() {
        let (value, notes) = shrink(json!({"text": "x".repeat(5000)}), 1000);
        assert!(value.to_string().len() <= 1000);
        assert_eq!(notes.len(), 1);
    }
}
