//! Facts that may fit some of the operations of an entry only. Those that fit none are dead: what they were to do
//! is not done, and nobody would see it.

use indexmap::IndexMap;

use super::Effect;
use super::judged::Fit;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::settings::merge::Configured;
use crate::settings::tree::Place;
use crate::similar::most_alike;
use crate::text;

/// Names that are kept to find the one that was meant, and those that are shown.
const MOST_NAMES: usize = 500;
const MOST_SHOWN: usize = 20;

/// A fact, or a name in one, and how it fits.
#[derive(Debug)]
pub(in crate::settings) struct Tried {
    /// The key, with those below it.
    key: String,
    /// The place or name in an answer that it names; `None` for the fact as a whole.
    name: Option<String>,
    place: Place,
    /// How it fits best.
    fit: Fit,
    /// The names that there are instead.
    names: Vec<String>,
    /// A tool that it is about, and of how many.
    tool: String,
    tools: usize,
}

impl Effect<'_> {
    /// Notes whether a fact that may be about many operations fits this one.
    pub(super) fn tried(&mut self, key: &str, fits: bool) {
        let fit = if fits { Fit::Yes } else { Fit::No };
        let mut all = self.said.settings.iter();
        let found = all.find(|(known, _)| {
            known.as_str() == key || known.strip_prefix(key).is_some_and(|k| k.starts_with('.'))
        });
        let place = found.map(|(_, (_, place))| place.clone());
        self.note(key, None, place, (fit, Vec::new()));
    }

    /// Notes whether a name in a fact fits this operation. `there`: how, and the names that there are instead.
    pub(super) fn tried_name(&mut self, key: &str, name: &str, there: (Fit, Vec<String>)) {
        let place = self.said.place_of(key, name).cloned();
        self.note(key, Some(name), place, there);
    }

    fn note(
        &mut self,
        key: &str,
        name: Option<&str>,
        place: Option<Place>,
        (fit, names): (Fit, Vec<String>),
    ) {
        let Some(place) = place else { return };
        self.tried.push(Tried {
            key: key.to_owned(),
            name: name.map(str::to_owned),
            place,
            fit,
            names,
            tool: self.operation.tool.clone(),
            tools: 1,
        });
    }
}

impl Tried {
    /// Adds it to what was tried before.
    pub(super) fn count_in(self, all: &mut IndexMap<String, Self>) {
        let name = self.name.as_deref().unwrap_or_default();
        let key = format!("{} {} {name}", self.place.label(), self.key);
        let Some(known) = all.get_mut(&key) else {
            all.insert(key, self);
            return;
        };
        known.fit = known.fit.max(self.fit);
        known.tools = known.tools.saturating_add(1);
        for name in self.names {
            if known.names.len() < MOST_NAMES && !known.names.contains(&name) {
                known.names.push(name);
            }
        }
    }

    fn finding(&self) -> Diagnostic {
        let key = text::line(&self.key, 80);
        if let Some(name) = self.key.strip_prefix("fields.") {
            let shown = text::line(name, 60);
            let message = format!("no tool of the operations has the argument `{shown}`");
            return self.place.finding(Code::E0926, message);
        }
        let Some(name) = &self.name else {
            let message = format!(
                "`{key}` fits no answer of the operations that it is about, as the document describes them"
            );
            return self.place.finding(Code::E0933, message).help(
                "compare it with the response schemas; if these are wrong, correct the document with an overlay",
            );
        };
        let shown = text::line(name, 80);
        let of = match self.tools {
            1 => format!("of `{}`", self.tool),
            tools => format!("of the {tools} tools that it is about"),
        };
        let message = match key.as_str() {
            "redact" => format!(
                "`redact` names `{shown}`, which no answer {of} has: what it is to hide would be shown"
            ),
            "hint.when.body" => {
                format!("`{key}` names `{shown}`, which no refusal {of} has")
            }
            "hint.when.field" => {
                format!("`{key}` names `{shown}`, like which no argument {of} is called")
            }
            key => match key.strip_prefix("value_map.") {
                Some(property) => format!(
                    "`value_map` has a word for `{shown}`, which `{property}` is in no answer {of}"
                ),
                None => format!("`{key}` names `{shown}`, which no answer {of} has"),
            },
        };
        let code = if key.starts_with("hint.") {
            Code::E0947
        } else {
            Code::E0933
        };
        self.place.finding(code, message).help(self.help(name))
    }

    /// What was meant, or what there is.
    fn help(&self, name: &str) -> String {
        // The step that is wrong is none of those that there are at its level.
        let steps = name.split('/').filter(|step| !step.is_empty());
        let mut wrong_steps = steps.filter(|step| !self.names.iter().any(|name| name == step));
        let names = self.names.iter().map(String::as_str);
        let wrong = match self.key.as_str() {
            "hint.when.field" => "",
            _ => "; if the document is wrong about its answers, correct it with an overlay",
        };
        match wrong_steps.find_map(|step| most_alike(step, names.clone())) {
            Some(near) => format!("did you mean `{}`?{wrong}", text::line(near, 80)),
            None if self.names.is_empty() => {
                format!("nothing is known to be there: take it out{wrong}")
            }
            None => {
                let names: Vec<&str> = names.take(MOST_SHOWN).collect();
                let names = text::line(&names.join("`, `"), 400);
                format!("there are `{names}`{wrong}")
            }
        }
    }
}

impl Configured {
    /// Says which facts fit no operation that they are about.
    pub fn report_unfit(&self, sink: &mut Sink) {
        for dead in self.tried.values().filter(|tried| tried.fit == Fit::No) {
            sink.push(dead.finding());
        }
        let unsure = self.tried.values().filter(|tried| {
            tried.fit == Fit::Unknown && tried.key == "redact" && tried.name.is_some()
        });
        for tried in unsure {
            let name = text::line(tried.name.as_deref().unwrap_or_default(), 80);
            let message = format!(
                "whether answers have `{name}` is not known: the document does not describe them"
            );
            let help = "look at an answer: if it is misspelt, what it is to hide is shown";
            sink.push(tried.place.finding(Code::E0948, message).help(help));
        }
    }
}
