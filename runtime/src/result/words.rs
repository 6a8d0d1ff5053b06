//! Words for values, which settings give: in the text of a result, where a number that stands for a state
//! says nothing to a reader (row C7).

use std::borrow::Cow;

use crate::json::Value;
use crate::operation::{Answer, Words};

/// The answer with words in place of values in its records.
pub(super) fn spoken<'v>(value: &'v Value, plan: &Answer) -> Cow<'v, Value> {
    if plan.words.is_empty() {
        return Cow::Borrowed(value);
    }
    let mut spoken = value.clone();
    match spoken.pointer_mut(plan.records) {
        Some(Value::Array(rows)) => rows.iter_mut().for_each(|row| speak(row, plan.words)),
        Some(record) => speak(record, plan.words),
        None => {}
    }
    Cow::Owned(spoken)
}

pub(super) fn speak(record: &mut Value, all: &[Words]) {
    for Words { property, words } in all {
        let Some(value) = record.get_mut(property) else {
            continue;
        };
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| word(item, words)),
            value => word(value, words),
        }
    }
}

fn word(value: &mut Value, words: &[(&str, &str)]) {
    let plain = match &*value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => return,
        other => other.to_string(),
    };
    if let Some((_, word)) = words.iter().find(|(value, _)| *value == plain) {
        *value = Value::from(*word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    /// Row C7.
    #[test]
    fn c7_values_become_words_wherever_the_records_are() {
        const STATUS: &[Words] = &[Words {
            property: "status",
            words: &[("2", "paid"), ("true", "✓"), ("null", "-"), ("o", "open")],
        }];
        let plan = |records| Answer {
            records,
            words: STATUS,
            ..Answer::DEFAULT
        };
        for (records, answer, expected) in [
            (
                "/data",
                json!({"data": [{"status": 2}, {"status": true}, {"status": null}, {}], "status": 2}),
                json!({"data": [{"status": "paid"}, {"status": "✓"}, {"status": "-"}, {}], "status": 2}),
            ),
            ("", json!({"status": "o"}), json!({"status": "open"})),
            (
                "",
                json!({"status": ["o", 9]}),
                json!({"status": ["open", 9]}),
            ),
            ("/data", json!({"status": 2}), json!({"status": 2})),
        ] {
            assert_eq!(*spoken(&answer, &plan(records)), expected);
        }
        let answer = json!({"status": 2});
        assert!(matches!(
            spoken(&answer, &Answer::DEFAULT),
            Cow::Borrowed(_)
        ));
    }
}
