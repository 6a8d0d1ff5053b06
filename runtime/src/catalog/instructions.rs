//! What a connection says of itself: an opener of at most 512 characters that stands alone, since some
//! clients read no more, then an index by topic; at most 2,000 bytes, where others cut.

use super::selection::Selection;
use super::{Catalog, Form};
use crate::engine::Entry;
use crate::text::clean;

/// Characters of the opener.
const OPENER: usize = 512;
/// Bytes of all.
const ALL: usize = 2_000;

impl Catalog {
    /// The instructions of a view.
    pub(crate) fn instructions(&self, selection: &Selection) -> String {
        let manner = self.manner(selection);
        let about = clean(self.engine().api().instructions);
        let about: Vec<&str> = about.split_whitespace().collect();
        let room = OPENER.saturating_sub(manner.chars().count() + 1);
        let about = sentences(&about.join(" "), room);
        let mut out = match (about.is_empty(), manner.is_empty()) {
            (false, false) => format!("{about} {manner}"),
            _ => format!("{about}{manner}"),
        };
        let (heading, groups) = if selection.form == Form::Records {
            ("Entities", self.entity_groups(selection))
        } else {
            ("Tools by topic", self.tool_groups(selection))
        };
        index(&mut out, heading, &groups);
        if selection.leaves_out() {
            others(&mut out, &self.left_out(selection));
        }
        out
    }

    /// Topics of which nothing is listed.
    fn left_out(&self, selection: &Selection) -> Vec<&str> {
        let has = |tools: &[usize], among: &[usize]| tools.iter().any(|i| among.contains(i));
        let toolsets = self.toolsets().iter();
        toolsets
            .filter(|set| !has(&set.tools, &selection.tools) && has(&set.tools, &selection.found))
            .map(|set| set.title.as_str())
            .collect()
    }

    /// How to work with the view.
    pub(super) fn manner(&self, selection: &Selection) -> String {
        let mut parts: Vec<String> = Vec::new();
        let all = self.engine().entries().len();
        let shown = selection.tools.len();
        match selection.form {
            Form::Tools if selection.is_core && shown < all => parts.push(format!(
                "This connection lists the {shown} tools that are needed most. For everything else, find_tools finds the tool, describe_tool shows its arguments, and run_read, run_write or run_destructive runs it."
            )),
            Form::Tools if shown < all => {
                parts.push(format!("This connection lists {shown} of {all} tools."));
            }
            Form::Tools => {}
            Form::Lean => parts.push(
                "Find tools by purpose with find_tools, see arguments with describe_tool, and run them by name with run_read, run_write or run_destructive.".to_owned(),
            ),
            Form::Records => {
                let prefix = self.prefix();
                parts.push(format!(
                    "Work on records with the {prefix}_ tools; {prefix}_describe shows the fields of an entity, list_actions what else can be done."
                ));
            }
        }
        if selection.read_only {
            parts.push("It only reads: nothing can be changed through it.".to_owned());
        }
        parts.join(" ")
    }

    fn tool_groups(&self, selection: &Selection) -> Vec<(String, Vec<String>)> {
        let tools = |toolset: &super::Toolset| -> Vec<String> {
            let listed = toolset.tools.iter().filter(|i| selection.tools.contains(i));
            listed
                .filter_map(|index| self.engine().entries().get(*index))
                .map(|entry: &Entry| entry.name().to_owned())
                .collect()
        };
        self.toolsets()
            .iter()
            .map(|toolset| (toolset.title.clone(), tools(toolset)))
            .filter(|(_, tools)| !tools.is_empty())
            .collect()
    }

    fn entity_groups(&self, selection: &Selection) -> Vec<(String, Vec<String>)> {
        self.entities()
            .of(&selection.tools)
            .map(|entity| {
                let can = entity.slots().map(|(name, _)| name.to_owned());
                (entity.name.clone(), can.collect())
            })
            .collect()
    }
}

/// Names the topics that a core leaves out, as far as there is room.
fn others(out: &mut String, titles: &[&str]) {
    const INTRODUCTION: &str = "\n- for find_tools: ";
    let mut shown: Vec<&str> = Vec::new();
    let mut spent = out.len() + INTRODUCTION.len();
    for title in titles {
        // Room for an ellipsis.
        if spent + title.len() + 8 > ALL {
            break;
        }
        spent += title.len() + 2;
        shown.push(title);
    }
    if shown.is_empty() {
        return;
    }
    out.push_str(INTRODUCTION);
    out.push_str(&shown.join(", "));
    if shown.len() < titles.len() {
        out.push_str(", …");
    }
}

/// As many whole sentences as fit; part of the first if not even that one does.
fn sentences(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let cut: String = text.chars().take(room).collect();
    match cut.rfind(". ") {
        Some(end) => cut.get(..=end).unwrap_or_default().to_owned(),
        None => {
            let short: String = cut.chars().take(room.saturating_sub(1)).collect();
            match short.rfind(' ') {
                Some(end) => format!("{}…", short.get(..end).unwrap_or_default()),
                None => short,
            }
        }
    }
}

/// Appends an index in which every topic has a line, and names as far as there is room: one of each
/// topic after the other, so that none goes without because it comes late.
fn index(out: &mut String, heading: &str, groups: &[(String, Vec<String>)]) {
    if groups.is_empty() {
        return;
    }
    let count = |names: &[String]| format!(" ({})", names.len());
    let mut spent = out.len() + heading.len() + 2;
    let mut topics = Vec::new();
    for (title, names) in groups {
        let title: String = title.chars().take(60).collect();
        let line = 3 + title.len() + count(names).len() + 1;
        // Room to say how many are missing.
        if spent + line + 20 > ALL {
            break;
        }
        spent += line;
        topics.push((title, names, 0_usize));
    }
    let mut grows = true;
    while grows {
        grows = false;
        for (_, names, shown) in &mut topics {
            let Some(next) = names.get(*shown) else {
                continue;
            };
            let more = next.len() + 2;
            // An ellipsis may follow.
            if spent + more + 30 <= ALL {
                spent += more;
                *shown += 1;
                grows = true;
            }
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(heading);
    out.push(':');
    let missing = groups.len() - topics.len();
    for (title, names, shown) in topics {
        let shown = names.get(..shown).unwrap_or_default();
        out.push_str("\n- ");
        out.push_str(&title);
        if shown.len() < names.len() {
            out.push_str(&count(names));
        }
        if !shown.is_empty() {
            out.push_str(": ");
            out.push_str(&shown.join(", "));
        }
    }
    if missing > 0 {
        out.push_str(&format!("\n- and {missing} more"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_sentences_are_kept_as_far_as_they_fit() {
        let text = "First one. Second one. Third.";
        assert_eq!(sentences(text, 100), text);
        assert_eq!(sentences(text, 25), "First one. Second one.");
        assert_eq!(sentences(text, 12), "First one.");
        assert_eq!(sentences("Größe über alles", 8), "Größe…");
        assert_eq!(sentences("Zusammenhang", 5), "Zusa");
        assert_eq!(sentences("x", 0), "");
    }

    #[test]
    fn an_index_keeps_to_its_bytes_and_every_topic_has_its_share() {
        for topics in [0, 1, 3, 20, 60, 200, 2_000] {
            for tools in [1, 5, 40] {
                for name in [
                    "t",
                    "list_records",
                    "größe_der_rechnungen_im_vorigen_quartal",
                ] {
                    let names: Vec<String> = (0..tools).map(|n| format!("{name}_{n}")).collect();
                    let groups: Vec<(String, Vec<String>)> = (0..topics)
                        .map(|n| (format!("Tópic {n}"), names.clone()))
                        .collect();
                    let mut out = "x".repeat(OPENER);
                    index(&mut out, "Tools by topic", &groups);
                    assert!(out.len() <= ALL, "{topics} {tools}: {} bytes", out.len());
                    let lines: Vec<&str> = out.lines().skip(2).collect();
                    if topics <= 60 {
                        assert_eq!(lines.len(), topics, "{out}");
                        let shown = |line: &&str| line.matches(name).count();
                        let most = lines.iter().map(shown).max().unwrap_or_default();
                        let least = lines.iter().map(shown).min().unwrap_or_default();
                        assert!(most - least <= 1, "{out}");
                    } else {
                        assert!(lines.last().is_some_and(|line| line.starts_with("- and ")));
                    }
                }
            }
        }
    }
}
