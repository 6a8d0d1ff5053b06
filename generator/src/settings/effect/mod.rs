//! What facts change in the IR.
//!
//! | file | subject |
//! |---|---|
//! | `text.rs` | title and description |
//! | `risk.rs` | class and hints |
//! | `place.rs` | where in the arguments a field is |
//! | `field.rs` | examples, hidden and fixed arguments, null |
//! | `alias.rs` | words for values |
//! | `parameter.rs` | parameters that the document leaves out |
//! | `answer.rs` | limits, what is never shown, hints on errors |

mod alias;
mod answer;
mod field;
mod parameter;
mod place;
mod risk;
mod text;

use super::merge::{Configured, Said};
use super::tree::Place;
use super::vocabulary::OPERATION;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir;

/// What an effect needs: what is said, and where findings go.
struct Effect<'e> {
    said: &'e Said,
    operation: &'e mut ir::Operation,
    findings: Vec<Diagnostic>,
}

impl Configured {
    /// Changes an operation by what settings say about it.
    pub fn apply(&mut self, index: usize, operation: &mut ir::Operation, sink: &mut Sink) {
        let Some(said) = self.said.get(index) else {
            return;
        };
        if said.settings.is_empty() {
            return;
        }
        let mut effect = Effect {
            said,
            operation,
            findings: Vec::new(),
        };
        effect.text(&|name| self.is_composite(name));
        effect.risk();
        effect.parameters();
        effect.fields();
        effect.answers();
        effect.report();
        // An entry about many operations is wrong once.
        for finding in effect.findings {
            let key = format!("{:?} {}", finding.position, finding.message);
            if self.reported.insert(key) {
                sink.push(finding);
            }
        }
    }
}

impl Effect<'_> {
    fn find(&mut self, place: Option<&Place>, code: Code, message: String) {
        let finding = match place {
            Some(place) => place.finding(code, message),
            None => Diagnostic::new(code, message),
        };
        self.findings.push(finding);
    }

    /// Each fact as it was set, and those without effect for those who will give them one.
    fn report(&mut self) {
        let settled = &mut self.operation.settled;
        for (key, (setting, _)) in &self.said.settings {
            settled.facts.push(setting.clone());
            let idle = OPERATION.iter().any(|k| k.name == key.as_str() && !k.works)
                || key.starts_with("fields.")
                    && (key.ends_with(".redact") || key.ends_with(".merge_by"));
            if idle {
                settled.idle.insert(key.clone(), setting.value.clone());
            }
        }
    }
}
