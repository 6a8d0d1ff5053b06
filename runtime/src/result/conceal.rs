//! Arguments whose values no result repeats: whoever gave one knows it, and a result may be kept for long.

use super::secrets::REDACTED;
use super::{Content, ToolResult};
use crate::arguments::is_at;
use crate::json::{Object, Value};
use crate::operation::Settled;
use crate::typed::Payload;

/// Characters below which a value would also be found where it is none.
const LEAST: usize = 5;
/// Characters of a value that was cut which still tell it.
const TELLING: usize = 16;

/// The texts that no result repeats.
#[derive(Debug, Default)]
pub(crate) struct Concealed {
    places: &'static [&'static str],
    texts: Vec<String>,
}

impl Concealed {
    /// Those of a call.
    pub(crate) fn of(settled: &Settled, arguments: &Object) -> Self {
        let mut found = Self {
            places: settled.concealed,
            texts: Vec::new(),
        };
        if found.places.is_empty() {
            return found;
        }
        let mut path = Vec::new();
        for (name, value) in arguments {
            path.push(name.clone());
            found.collect(value, &mut path, false);
            path.pop();
        }
        found
    }

    fn collect(&mut self, value: &Value, path: &mut Vec<String>, within: bool) {
        let within = within || self.places.iter().any(|place| is_at(place, path));
        match value {
            Value::String(text) if within && !text.is_empty() => {
                let escaped = Value::from(text.as_str()).to_string();
                let escaped = escaped.trim_matches('"').to_owned();
                if escaped != *text {
                    self.texts.push(escaped);
                }
                self.texts.push(text.clone());
            }
            Value::Number(number) if within => self.texts.push(number.to_string()),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(index.to_string());
                    self.collect(item, path, within);
                    path.pop();
                }
            }
            Value::Object(object) => {
                for (name, inner) in object {
                    path.push(name.clone());
                    self.collect(inner, path, within);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// Takes them out of arguments that are repeated as they were given.
    pub(crate) fn in_arguments(&self, arguments: &mut Object) {
        if !self.texts.is_empty() {
            let values = arguments.iter_mut();
            values.for_each(|(_, value)| self.in_value(value));
        }
    }

    /// Takes them out of an answer.
    pub(crate) fn in_payload(&self, payload: &mut Payload) {
        if self.texts.is_empty() {
            return;
        }
        match payload {
            Payload::Text(text) => *text = self.without(text),
            Payload::Json(value) => self.in_value(value),
            Payload::Empty | Payload::File(_) => {}
        }
    }

    /// Takes them out of a result.
    pub(crate) fn in_result(&self, mut result: ToolResult) -> ToolResult {
        if self.texts.is_empty() {
            return result;
        }
        for content in &mut result.content {
            if let Content::Text(text) = content {
                *text = self.without(text);
            }
        }
        if let Some(structured) = &mut result.structured {
            self.in_value(structured);
        }
        if let Some(question) = &mut result.question {
            question.message = self.without(&question.message);
        }
        result
    }

    fn in_value(&self, value: &mut Value) {
        match value {
            Value::String(text) if self.texts.contains(text) => REDACTED.clone_into(text),
            Value::String(text) => *text = self.without(text),
            // A short number is found everywhere.
            Value::Number(number) => {
                let text = number.to_string();
                if text.len() >= LEAST && self.texts.contains(&text) {
                    *value = Value::from(REDACTED);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.in_value(item)),
            Value::Object(object) => object
                .iter_mut()
                .for_each(|(_, inner)| self.in_value(inner)),
            _ => {}
        }
    }

    fn without(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.texts {
            text = without(&text, secret);
        }
        text
    }
}

/// A text without a secret, and without the beginnings of it that messages show of long values.
fn without(text: &str, secret: &str) -> String {
    let length = secret.chars().count();
    if length < LEAST {
        return text.to_owned();
    }
    let head: String = secret.chars().take(length.min(TELLING)).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, _)) = rest.split_once(head.as_str()) {
        out.push_str(before);
        out.push_str(REDACTED);
        let from = rest.get(before.len()..).unwrap_or_default();
        let same = from
            .char_indices()
            .zip(secret.chars())
            .take_while(|((_, one), other)| one == other)
            .map(|((at, c), _)| at + c.len_utf8())
            .last();
        rest = from.get(same.unwrap_or(head.len())..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_go_whole_or_cut_and_nothing_else_does() {
        let secret = "0123456789abcdefghij";
        for (given, expected) in [
            ("a 0123456789abcdefghij b", "a [redacted] b"),
            ("a 0123456789abcdefgh… b", "a [redacted]… b"),
            ("a 0123456789 b", "a 0123456789 b"),
            (
                "0123456789abcdefghij0123456789abcdefghij",
                "[redacted][redacted]",
            ),
            ("é0123456789abcdefé", "é[redacted]é"),
        ] {
            assert_eq!(without(given, secret), expected);
        }
        assert_eq!(without("abcd", "abcd"), "abcd");
        assert_eq!(without("abcde", "abcde"), REDACTED);
    }

    #[test]
    fn only_what_stands_at_the_places_is_concealed() {
        let settled = Settled {
            concealed: &["/pin", "/keys/*/value"],
            ..Settled::NONE
        };
        let given = json!({"pin": 123456, "name": "Ada Byron", "keys": [{"value": "a\"bcdef", "id": "k1"}]});
        let concealed = Concealed::of(&settled, given.as_object().unwrap_or(&Object::new()));
        let mut answer = Payload::Json(json!({
            "pin": 123456, "echo": "a\"bcdef", "said": "pin 123456 of Ada Byron", "id": "k1", "n": 12
        }));
        concealed.in_payload(&mut answer);
        assert_eq!(
            answer,
            Payload::Json(json!({
                "pin": REDACTED, "echo": REDACTED, "said": "pin [redacted] of Ada Byron", "id": "k1", "n": 12
            }))
        );
        let shown = r#"got "a\"bcdef" (a string)"#;
        assert_eq!(concealed.without(shown), r#"got "[redacted]" (a string)"#);
    }
}
