//! What facts change in the IR.
//!
//! | file | subject |
//! |---|---|
//! | `text.rs` | title and description |
//! | `split.rs` | what an operation that is split is to each of its tools |
//! | `risk.rs` | class and hints |
//! | `confirm.rs` | how calls are confirmed |
//! | `place.rs` | where in the arguments a field is |
//! | `field.rs` | examples, hidden and fixed arguments, null |
//! | `merged.rs` | lists that are merged with those of the record |
//! | `alias.rs` | words for values |
//! | `parameter.rs` | parameters that the document leaves out |
//! | `shown.rs` | where records stand, what of them is shown and how |
//! | `page.rs` | how pages are asked for, limits |
//! | `headers.rs` | headers that every request has |
//! | `answer.rs` | what is never shown, hints on errors |
//! | `judged.rs` | whether answers have what facts name |
//! | `words.rs` | words of arguments in answers |
//! | `tried.rs` | facts that fit none of the operations that they are about |

mod alias;
mod answer;
mod confirm;
mod field;
mod headers;
mod judged;
mod merged;
mod page;
mod parameter;
pub(super) mod place;
mod risk;
mod shown;
mod split;
mod text;
mod tried;
mod words;

pub(super) use tried::Tried;
pub(crate) use words::share as share_words;

use indexmap::IndexMap;

use super::merge::{Configured, Said};
use super::tree::Place;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir;

/// What an effect needs: what is said, and where findings go.
struct Effect<'e> {
    said: &'e Said,
    operation: &'e mut ir::Operation,
    findings: Vec<Diagnostic>,
    /// Facts that may fit some operations of an entry only, with whether they fit this one.
    tried: Vec<Tried>,
    /// Facts that have no effect, since the document may not say them.
    refused: Vec<String>,
    /// The form of the text of answers, unless the operation has another.
    format: Option<ir::Format>,
    /// How it writes dates, unless the operation says otherwise.
    dates: Option<ir::Dates>,
    /// Headers of every request.
    headers: &'e IndexMap<String, (String, Place)>,
}

impl Configured {
    /// Changes an operation by what settings say about it.
    pub fn apply(&mut self, index: usize, operation: &mut ir::Operation, sink: &mut Sink) {
        let Some(said) = self.said.get(index) else {
            return;
        };
        let of_all = self.format.is_some() || self.dates.is_some() || !self.headers.is_empty();
        if said.settings.is_empty() && !of_all {
            return;
        }
        let mut effect = Effect {
            said,
            operation,
            findings: Vec::new(),
            tried: Vec::new(),
            refused: Vec::new(),
            format: self.format,
            dates: self.dates,
            headers: &self.headers,
        };
        effect.text(&|name| self.is_of_document(name));
        effect.risk();
        effect.confirm();
        effect.parameters();
        effect.variant();
        effect.fields();
        effect.fixed_headers();
        effect.shown();
        effect.pages();
        effect.answers();
        effect.report();
        let tried = effect.tried;
        // An entry about many operations is wrong once.
        for finding in effect.findings {
            let key = format!("{:?} {}", finding.position, finding.message);
            if self.reported.insert(key) {
                sink.push(finding);
            }
        }
        for one in tried {
            one.count_in(&mut self.tried);
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

    /// How the last finding is mended.
    fn help(&mut self, help: &str) {
        if let Some(finding) = self.findings.last_mut() {
            finding.help = Some(help.to_owned());
        }
    }

    /// Each fact as it was set.
    fn report(&mut self) {
        let settled = &mut self.operation.settled;
        let refused = &self.refused;
        let all = self.said.settings.iter();
        for (_, (setting, _)) in all.filter(|(key, _)| !refused.contains(key)) {
            settled.facts.push(setting.clone());
        }
    }
}
