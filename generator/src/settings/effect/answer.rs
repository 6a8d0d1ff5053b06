//! What of an answer is never shown, and what is added to errors.

use serde_json::Value;

use super::Effect;
use super::judged::{Arrays, Fit, in_errors};
use crate::diagnostics::Code;
use crate::ir;
use crate::settings::facts::When;
use crate::text;
use crate::text::pointer::escaped;

impl Effect<'_> {
    pub(super) fn answers(&mut self) {
        let facts = &self.said.facts;
        for pointer in &facts.redact {
            let there = self.hidden(pointer);
            self.tried_name("redact", pointer, there);
        }
        for hint in &facts.hint {
            self.condition(&hint.when);
        }
        let envelope = self.envelope();
        let settled = &mut self.operation.settled;
        for pointer in &facts.redact {
            // Some answers come without their envelope, and a secret is one there too.
            if !envelope.is_empty() && !pointer.starts_with(&format!("{envelope}/")) {
                settled.redact.push(format!("{envelope}{pointer}"));
            }
            settled.redact.push(pointer.clone());
        }
        settled.redact.dedup();
        for hint in &facts.hint {
            let when = &hint.when;
            let null_at = match (&when.argument, &when.field) {
                (None, None) => None,
                (_, field) => Some(field.clone().unwrap_or_else(|| "*".to_owned())),
            };
            settled.advice.push(ir::Advice {
                status: when.status.and_then(|status| u16::try_from(status).ok()),
                body: when.body.clone(),
                contains: when.text.as_ref().map(|text| text.to_lowercase()),
                null_at,
                text: text::line(&hint.text, 500),
            });
        }
    }

    /// Where the record or the records stand.
    fn envelope(&self) -> String {
        let found = self.operation.answer.as_ref().map(|answer| &answer.records);
        let said = self.said.facts.unwrap.as_ref();
        said.or(found).cloned().unwrap_or_default()
    }

    /// Whether there is something to hide at a place: in the answer, or in what stands in its envelope.
    fn hidden(&self, pointer: &str) -> (Fit, Vec<String>) {
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let secrets = self.operation.answer.as_ref().map(|answer| &answer.secrets);
        // What is not to be sent stands in no answer of the document's.
        if secrets.is_some_and(|secrets| secrets.iter().any(|name| escaped(name) == last)) {
            return (Fit::Yes, Vec::new());
        }
        let whole = self.in_answer(pointer, Arrays::Through);
        let inner = format!("{}{pointer}", self.envelope());
        let inner = self.in_answer(&inner, Arrays::Through);
        let names = inner.names().into_iter().chain(whole.names());
        (whole.fit().max(inner.fit()), names.collect())
    }

    /// Whether an error can be what a hint is for.
    fn condition(&mut self, when: &When) {
        let at = |name: &str, key: &str| self.said.place_of(key, name).cloned();
        let of_null = when.argument.is_some() || when.field.is_some();
        let of_answer = when.status.is_some() || when.body.is_some() || when.text.is_some();
        if let Some(status) = when.status.filter(|status| !(200..=599).contains(status)) {
            let place = self.said.place("hint").cloned();
            let message =
                format!("`hint.when.status` is {status}, which no answer of a service has");
            self.find(place.as_ref(), Code::E0947, message);
            self.help("a refusal has a status from 400 to 599");
        }
        if of_null && of_answer {
            let named = when.field.as_deref().or(when.argument.as_deref());
            let key = if when.field.is_some() {
                "hint.when.field"
            } else {
                "hint.when.argument"
            };
            let place = at(named.unwrap_or_default(), key);
            let message =
                "`hint.when` is about a refused null and about an answer of the service at once";
            self.find(place.as_ref(), Code::E0947, message.to_owned());
            self.help("a null is refused before anything is sent: write two hints");
            return;
        }
        if let Some(field) = &when.field {
            let mut names = Vec::new();
            arguments(&self.operation.input_schema, &mut names);
            let fits = names.iter().any(|name| like(field, name));
            let fit = if fits { Fit::Yes } else { Fit::No };
            self.tried_name("hint.when.field", field, (fit, names));
        }
        if let Some(body) = &when.body {
            let there = in_errors(&self.operation.declared, when.status, body);
            self.tried_name("hint.when.body", body, there);
        }
    }
}

/// The names of all arguments and of the properties in them.
fn arguments(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (key, inner) in members {
                if let (true, Some(properties)) = (key == "properties", inner.as_object()) {
                    for (name, schema) in properties {
                        if !found.contains(name) {
                            found.push(name.clone());
                        }
                        arguments(schema, found);
                    }
                } else if !matches!(key.as_str(), "enum" | "default" | "examples" | "const") {
                    arguments(inner, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| arguments(item, found)),
        _ => {}
    }
}

/// Whether a name is like a pattern in which `*` stands for any letters, as the runtime reads it.
fn like(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.split_once(piece) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, expected) in [
            ("dealIds", "dealIds", true),
            ("dealIds", "dealId", false),
            ("*Ids", "dealIds", true),
            ("*Ids", "deals", false),
            ("deal*s", "dealIds", true),
            ("*", "x", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
        ] {
            assert_eq!(like(pattern, name), expected, "{pattern} {name}");
        }
    }
}
