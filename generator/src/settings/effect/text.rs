//! Title and description.

use super::Effect;
use crate::repeated::says_nothing_new;
use crate::settings::facts::Description;
use crate::text;

/// Longest description of a tool, in characters (OpenAI and Azure cut there).
const LONGEST: usize = 1_024;
/// What the operator adds never takes more than this of it.
const ADDED: usize = 700;

impl Effect<'_> {
    pub(super) fn text(&mut self, is_doubtful: &dyn Fn(&str) -> bool) {
        let facts = &self.said.facts;
        if let Some(title) = &facts.title {
            self.operation.title = text::line(title, 80);
        }
        let (replace, append) = match &facts.description {
            None => (None, None),
            Some(Description::Text(text)) => (Some(text), None),
            Some(Description::Parts { append, replace }) => (replace.as_ref(), append.as_ref()),
        };
        let mut base = self.operation.description.clone();
        if let Some(text) = replace {
            let deprecated = base.starts_with("Deprecated. ");
            base = text::paragraphs(text, LONGEST);
            if deprecated {
                base.insert_str(0, "Deprecated. ");
            }
        }
        let mut added = String::new();
        let mut add = |line: String| {
            if !line.is_empty() {
                added.push('\n');
                added.push_str(&line);
            }
        };
        let sentence = |text: &String| sentence(&text::line(text, 300));
        // What the document says already, in these words or others, is not said twice.
        let consequence = facts.consequence.as_ref().map(sentence);
        self.operation.settled.consequence = consequence.clone().unwrap_or_default();
        let is_new =
            |line: &String| !base.contains(line.as_str()) && !says_nothing_new(line, &base);
        add(consequence.filter(is_new).unwrap_or_default());
        add(append.map(sentence).filter(is_new).unwrap_or_default());
        // A text names only what there is.
        let tools = |names: &[String], intro: &str| {
            let names: Vec<String> = names
                .iter()
                .filter(|name| !is_doubtful(name))
                .map(|name| format!("`{}`", text::line(name, 60)))
                .collect();
            match names.as_slice() {
                [] => String::new(),
                names => format!("{intro} {}.", names.join(", ")),
            }
        };
        add(tools(&facts.prereq, "Call first:"));
        add(tools(&facts.see_also, "See also:"));
        if replace.is_none() && added.is_empty() {
            return;
        }
        let added = text::cut(&added, ADDED);
        let room = LONGEST.saturating_sub(added.chars().count());
        self.operation.description = format!("{}{added}", text::cut(&base, room));
        if let Some(text) = replace {
            self.operation.summary = text::first_sentence(text, 160);
            self.operation.silent = false;
        }
    }
}

fn sentence(text: &str) -> String {
    if text.is_empty() || text.ends_with(['.', '!', '?', '…', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
