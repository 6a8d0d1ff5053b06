//! Cuts a JSON value to a size by its structure, so that what is left is still well-formed and says
//! what is missing.

use crate::json::place::escaped;
use crate::json::{Object, Value};

/// Places that are worth naming.
const MAX_NOTES: usize = 10;
/// Bytes per property below which an object loses its last properties, not the ends of all of them.
const LEAST_SHARE: usize = 32;

/// The value with at most `limit` bytes of JSON text, and a note per place that was cut. Of an array
/// the first items stay; the properties of an object share the space, and what small ones leave goes
/// to the large ones.
pub(super) fn shrink(value: Value, limit: usize) -> (Value, Vec<String>) {
    if size(&value) <= limit {
        return (value, Vec::new());
    }
    let mut cuts = Cuts {
        place: String::new(),
        notes: Vec::new(),
    };
    let value = cuts.fit(value, limit).unwrap_or(Value::Null);
    let mut notes = cuts.notes;
    if notes.len() > MAX_NOTES {
        let more = notes.len() - MAX_NOTES;
        notes.truncate(MAX_NOTES);
        notes.push(format!("and {more} more places"));
    }
    (value, notes)
}

struct Cuts {
    /// JSON Pointer of the value that is looked at.
    place: String,
    notes: Vec<String>,
}

impl Cuts {
    fn note(&mut self, keep: usize, of: usize, what: &str) {
        let place = if self.place.is_empty() {
            "the answer"
        } else {
            &self.place
        };
        self.notes
            .push(format!("{place}: the first {keep} of {of} {what}"));
    }

    fn inside(&mut self, step: &str, value: Value, budget: usize) -> Option<Value> {
        let outside = self.place.len();
        self.place.push('/');
        self.place.push_str(&escaped(step));
        let fitted = self.fit(value, budget);
        self.place.truncate(outside);
        fitted
    }

    /// What of the value fits into `budget` bytes; `None` for nothing.
    fn fit(&mut self, value: Value, budget: usize) -> Option<Value> {
        if size(&value) <= budget {
            return Some(value);
        }
        match value {
            Value::String(text) => self.string(&text, budget),
            Value::Array(items) => self.array(items, budget),
            Value::Object(object) => self.object(object, budget),
            _ => None,
        }
    }

    fn string(&mut self, text: &str, budget: usize) -> Option<Value> {
        // Quotes and the ellipsis.
        let mut left = budget.checked_sub(5)?;
        let mut keep = 0;
        let mut end = 0;
        for c in text.chars() {
            let Some(rest) = left.checked_sub(char_size(c)) else {
                break;
            };
            left = rest;
            keep += 1;
            end += c.len_utf8();
        }
        self.note(keep, text.chars().count(), "characters");
        Some(Value::String(format!("{}…", text.get(..end)?)))
    }

    fn array(&mut self, items: Vec<Value>, budget: usize) -> Option<Value> {
        let mut left = budget.checked_sub(2)?;
        let total = items.len();
        let mut kept = Vec::new();
        for item in items {
            let needed = size(&item) + 1;
            if needed <= left {
                left -= needed;
                kept.push(item);
            } else {
                if kept.is_empty() {
                    kept.extend(self.inside("0", item, left));
                }
                break;
            }
        }
        if kept.len() < total {
            self.note(kept.len(), total, "items");
        }
        Some(Value::Array(kept))
    }

    fn object(&mut self, object: Object, budget: usize) -> Option<Value> {
        let mut left = budget.checked_sub(2)?;
        let total = object.len();
        // Colon and comma.
        let keys: usize = object.keys().map(|key| text_size(key) + 2).sum();
        let mut sizes: Vec<usize> = object.values().map(size).collect();
        sizes.sort_unstable();
        let share = left.checked_sub(keys).map(|rest| level(&sizes, rest));
        let mut kept = Object::new();
        for (key, value) in object {
            let name = text_size(&key) + 2;
            let whole = name + size(&value);
            let most = match share.filter(|share| *share >= LEAST_SHARE) {
                Some(share) => name + share,
                None => left,
            };
            if whole <= most {
                left = left.saturating_sub(whole);
                kept.insert(key, value);
                continue;
            }
            let fitted = most
                .checked_sub(name)
                .and_then(|room| self.inside(&key, value, room));
            if let Some(value) = fitted {
                left = left.saturating_sub(name + size(&value));
                kept.insert(key, value);
            } else if share.is_none_or(|share| share < LEAST_SHARE) {
                break;
            }
        }
        if kept.len() < total {
            self.note(kept.len(), total, "properties");
        }
        Some(Value::Object(kept))
    }
}

/// The largest size for each, so that all together take at most `room`; `sizes` are in rising order.
fn level(sizes: &[usize], mut room: usize) -> usize {
    for (index, size) in sizes.iter().enumerate() {
        let share = room / (sizes.len() - index);
        if *size > share {
            return share;
        }
        room -= size;
    }
    usize::MAX
}

/// Bytes of the value's JSON text.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text_size(text),
        Value::Array(items) => 2 + items.iter().map(|item| size(item) + 1).sum::<usize>(),
        Value::Object(object) => {
            2 + object
                .iter()
                .map(|(key, value)| text_size(key) + size(value) + 2)
                .sum::<usize>()
        }
    }
}

fn text_size(text: &str) -> usize {
    2 + text.chars().map(char_size).sum::<usize>()
}

fn char_size(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\t' | '\r' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_items_stay() {
        let items: Vec<Value> = (0..1000)
            .map(|i| json!({"id": i, "tags": ["a", "b"]}))
            .collect();
        let (value, notes) = shrink(json!({"total": 1000, "items": items}), 2000);
        assert!(value.to_string().len() <= 2000);
        let kept = value
            .get("items")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        assert!(kept > 50, "{kept}");
        assert_eq!(value.get("total"), Some(&json!(1000)));
        assert_eq!(notes, [format!("/items: the first {kept} of 1000 items")]);
    }

    #[test]
    fn whatever_the_shape_the_limit_holds_and_most_of_it_is_used() {
        let wide = |inner: Value| -> Value {
            Value::Object(
                (0..5_000)
                    .map(|i| (format!("k{i}"), inner.clone()))
                    .collect(),
            )
        };
        for value in [
            json!({"text": "x".repeat(50_000)}),
            json!("\"\n\\é".repeat(20_000)),
            wide(json!("v".repeat(100))),
            wide(json!("v".repeat(300))),
            wide(json!([{"a": "b"}, {"a": "b"}])),
            wide(json!(1)),
            json!([wide(json!({"a": {"b": [1, 2, 3]}}))]),
            json!({"a": wide(json!(true)), "b": vec!["x"; 9_000], "c": "y".repeat(9_000), "d": 1}),
            json!({"data": [{"lines": vec![json!({"n": "text"}); 5_000], "id": 1}, 2]}),
        ] {
            let (cut, notes) = shrink(value, 6_000);
            let size = cut.to_string().len();
            assert!((2_000..=6_000).contains(&size), "{size}");
            assert!((1..=11).contains(&notes.len()), "{notes:?}");
        }
    }

    #[test]
    fn small_properties_survive_beside_large_ones() {
        let answer = json!({"text": "x".repeat(5000), "id": 7, "name": "Acme"});
        let (value, notes) = shrink(answer, 1000);
        assert_eq!(value.get("id"), Some(&json!(7)));
        assert_eq!(value.get("name"), Some(&json!("Acme")));
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes
                .iter()
                .all(|note| note.ends_with("of 5000 characters"))
        );
    }
}
