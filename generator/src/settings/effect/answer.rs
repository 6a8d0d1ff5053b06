//! What of an answer is never shown, and what is added to errors.

use super::Effect;
use crate::ir;
use crate::text;

impl Effect<'_> {
    pub(super) fn answers(&mut self) {
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
}
