//! Several results as one: the same in text and structured content, within the length of a result.

use serde_json::json;

use crate::json::{Object, Value};
use crate::result::{ErrorKind, TEXT_LIMIT, ToolResult};

/// Results under a name each, in order.
#[derive(Default)]
pub(super) struct Sheet {
    parts: Vec<(Value, String, ToolResult)>,
}

/// A sheet that is done.
pub(super) struct Done {
    /// The text.
    pub(super) text: String,
    /// For each part what names it, with `record` or `error`.
    pub(super) parts: Vec<Value>,
    /// How many parts are shown and no errors.
    pub(super) good: usize,
    /// What the first error is.
    pub(super) error: Option<ErrorKind>,
}

impl Sheet {
    /// Adds a result; `key` names it in structured content, `name` in the text.
    pub(super) fn add(&mut self, key: Value, name: String, result: ToolResult) {
        self.parts.push((key, name, result));
    }

    /// All of them, `field` holding the data of each. What does not fit is left out as a whole and named.
    pub(super) fn done(self, field: &str) -> Done {
        let mut done = Done {
            text: String::new(),
            parts: Vec::new(),
            good: 0,
            error: None,
        };
        let mut left_out: Vec<String> = Vec::new();
        for (key, name, result) in self.parts {
            let body = result.to_text();
            let failed = result.error.is_some();
            if !failed && done.text.len() + body.len() > TEXT_LIMIT && done.good > 0 {
                left_out.push(name);
                continue;
            }
            if !done.text.is_empty() {
                done.text.push_str("\n\n");
            }
            let mut part = match key {
                Value::Object(part) => part,
                other => Object::from_iter([("id".to_owned(), other)]),
            };
            if failed {
                done.text.push_str(&format!("{name} failed. {body}"));
                part.insert("error".to_owned(), Value::from(body));
                done.error = done.error.or(result.error);
            } else {
                done.text.push_str(&format!("{name}\n{body}"));
                let data = result.structured.unwrap_or_else(|| json!({"text": body}));
                part.insert(field.to_owned(), data);
                done.good += 1;
            }
            done.parts.push(Value::Object(part));
        }
        if !left_out.is_empty() {
            let note = format!(
                "Left out, since the answer would be too long: {}. Ask for these by themselves.",
                left_out.join(", ")
            );
            done.text.push_str(&format!("\n\n[{note}]"));
            done.parts.push(json!({"note": note}));
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_whole_and_named_and_errors_are_not() {
        let mut sheet = Sheet::default();
        let long = "x".repeat(TEXT_LIMIT - 10);
        sheet.add(json!(1), "1".to_owned(), ToolResult::text(long));
        sheet.add(json!(2), "2".to_owned(), ToolResult::text("y".repeat(20)));
        let error = ToolResult::error(ErrorKind::NotFound, "Not found: 3");
        sheet.add(json!(3), "3".to_owned(), error);
        let done = sheet.done("record");
        assert_eq!((done.good, done.error), (1, Some(ErrorKind::NotFound)));
        assert!(
            done.text
                .ends_with("3 failed. Not found: 3\n\n[Left out, since the answer would be too long: 2. Ask for these by themselves.]")
        );
        assert_eq!(done.parts.len(), 3);
        assert_eq!(done.parts[1], json!({"id": 3, "error": "Not found: 3"}));
    }
}
