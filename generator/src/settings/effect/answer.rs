//! How many records a call gives, what of an answer is never shown, and what is added to errors.

use serde_json::{Value, json};

use super::Effect;
use crate::diagnostics::Code;
use crate::ir;
use crate::text;

impl Effect<'_> {
    pub(super) fn answers(&mut self) {
        self.limit();
        let facts = &self.said.facts;
        let settled = &mut self.operation.settled;
        for pointer in &facts.redact {
            // Some answers come without their envelope, and a secret is one there too.
            if let Some(unwrap) = facts.unwrap.as_ref().filter(|unwrap| !unwrap.is_empty()) {
                settled.redact.push(format!("{unwrap}{pointer}"));
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

    fn limit(&mut self) {
        let Some(limit) = &self.said.facts.limit else {
            return;
        };
        let at = self.said.place("limit").cloned();
        let Some(spot) = self.spot(&limit.param, at.as_ref()) else {
            return;
        };
        let schema = spot
            .schema
            .as_ref()
            .and_then(|schema| self.operation.input_schema.pointer_mut(schema))
            .and_then(Value::as_object_mut);
        let mut max = limit.max;
        if let Some(schema) = schema {
            let values = schema.get("enum").and_then(Value::as_array);
            let listed = |number: u64| {
                values.is_none_or(|values| {
                    values.iter().any(|v| {
                        v.as_u64() == Some(number) || v.as_str() == Some(&number.to_string())
                    })
                })
            };
            // What the document allows at most counts too.
            let most = schema.get("maximum").and_then(Value::as_u64);
            max = max.into_iter().chain(most).min();
            let wrong = match limit.default {
                Some(default) if max.is_some_and(|max| default > max) => {
                    Some(format!("the default {default} is more than the most"))
                }
                Some(default) if !listed(default) => Some(format!(
                    "the default {default} is no value of `{}`",
                    limit.param
                )),
                _ => None,
            };
            if let Some(message) = wrong {
                self.find(at.as_ref(), Code::E0931, message);
                return;
            }
            if values.is_none()
                && let Some(max) = max
            {
                schema.insert("maximum".to_owned(), json!(max));
            }
            if let Some(default) = limit.default {
                let is_text = schema.get("type").and_then(Value::as_str) == Some("string");
                let default = if is_text {
                    json!(default.to_string())
                } else {
                    json!(default)
                };
                schema.insert("default".to_owned(), default);
            }
        }
        self.operation.settled.limit = Some(ir::Limit {
            place: spot.place,
            default: limit.default,
            max,
        });
    }
}
