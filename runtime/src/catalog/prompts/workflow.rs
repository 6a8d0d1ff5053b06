//! Prompts of what people do on an ordinary day, as the generator made them up, and those of the operator.
//! They name tools: a view that has not what a step needs leaves the step out, and one that has not what the
//! whole needs does not offer it.

use super::{Prompt, PromptArgument, rules};
use crate::catalog::selection::Selection;
use crate::catalog::{Catalog, Form};
use crate::operation;
use crate::text::clean;

impl Catalog {
    /// Those that a view can do.
    pub(super) fn workflows(&self, selection: &Selection) -> Vec<&'static operation::Prompt> {
        let all = self.engine().api().prompts.iter();
        all.filter(|prompt| {
            prompt
                .needs
                .iter()
                .all(|tool| self.reaches(selection, tool))
        })
        .collect()
    }

    /// Whether a tool can be found from a view.
    fn reaches(&self, selection: &Selection, tool: &str) -> bool {
        self.engine()
            .place(tool)
            .is_some_and(|index| selection.found.contains(&index))
    }

    /// The text of such a prompt. `given` are the values of its arguments.
    pub(super) fn workflow(
        &self,
        selection: &Selection,
        prompt: &'static operation::Prompt,
        given: &[(&str, String)],
    ) -> String {
        let steps: Vec<&operation::PromptStep> = prompt
            .steps
            .iter()
            .filter(|step| step.tools.iter().all(|tool| self.reaches(selection, tool)))
            .collect();
        let mut text = filled(prompt.opening, given);
        if !steps.is_empty() {
            text.push('\n');
        }
        for (number, step) in (1..).zip(&steps) {
            text.push_str(&format!("\n{number}. {}", filled(step.text, given)));
        }
        let mut named = steps.iter().flat_map(|step| step.tools).chain(prompt.needs);
        let is_listed = |tool: &&str| {
            let place = self.engine().place(tool);
            place.is_some_and(|index| selection.tools.contains(&index))
        };
        let manner = self.manner(selection);
        let is_special = selection.form != Form::Tools || selection.read_only;
        if (is_special || !named.all(is_listed)) && !manner.is_empty() {
            text.push_str("\n\n");
            text.push_str(&manner);
        }
        text.push_str("\n\nKeep to these rules:\n");
        text.push_str(&rules());
        text
    }
}

/// How a client sees one.
pub(super) fn shown(prompt: &operation::Prompt) -> Prompt {
    Prompt {
        name: prompt.name.to_owned(),
        title: clean(prompt.title).into_owned(),
        description: clean(prompt.description).into_owned(),
        arguments: prompt
            .arguments
            .iter()
            .map(|argument| PromptArgument {
                name: argument.name.to_owned(),
                description: match argument.default {
                    Some(default) => format!("{} ({default} if not given)", argument.description),
                    None => argument.description.to_owned(),
                },
                required: argument.default.is_none(),
            })
            .collect(),
    }
}

/// A text with its arguments put in; what is put in is not looked at again.
fn filled(text: &str, given: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let value = behind.split_once('}').and_then(|(name, behind)| {
            let (_, value) = given.iter().find(|(known, _)| *known == name)?;
            Some((value, behind))
        });
        match value {
            Some((value, behind)) => {
                out.push_str(value);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn arguments_are_put_in_once_and_other_braces_stay() {
        let given = [("day", "{who} {".to_owned()), ("who", "Ann".to_owned())];
        for (text, expected) in [
            ("At {day}.", "At {who} {."),
            ("{who}{who}", "AnnAnn"),
            ("{\"x\": 1} {nobody} {", "{\"x\": 1} {nobody} {"),
            ("{ {who}", "{ Ann"),
            ("", ""),
        ] {
            assert_eq!(filled(text, &given), expected);
        }
    }
}
