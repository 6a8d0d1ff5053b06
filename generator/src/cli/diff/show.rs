//! A comparison as text, as Markdown and as JSON.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diff::{Advice, Change, Level, Subject};
use crate::text::counted;

/// Changes of a level that a comment shows: GitHub takes 65,536 characters.
const SHOWN: usize = 120;
/// Tools that are named where there are many.
const NAMED: usize = 3;
/// Tools from which on the same change is one row.
const MANY: usize = 5;
/// Widest column of operations.
const WIDEST: usize = 48;

/// What is told.
pub struct Report {
    /// What changed, what means most first.
    pub changes: Vec<Change>,
    /// The version that follows.
    pub advice: Advice,
    /// Version, number of tools and, where documents were compared, tokens: before and after.
    pub sides: [Numbers; 2],
    /// Tools whose tokens changed, most first.
    pub costs: Vec<(String, i64)>,
}

/// A side in numbers.
pub struct Numbers {
    pub version: String,
    pub tools: usize,
    pub tokens: Option<usize>,
}

/// Levels as they are told.
const LEVELS: [(Level, &str); 4] = [
    (Level::Breaking, "Breaking for agents"),
    (Level::Risk, "Risk"),
    (Level::Compatible, "Compatible"),
    (Level::Text, "Other words"),
];

impl Report {
    fn of(&self, level: Level) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| change.level == level)
    }

    /// Tools and tokens, in one line.
    fn numbers(&self, shown: impl Fn(&str) -> String) -> String {
        let [old, new] = &self.sides;
        let mut line = format!("{} → {} tools", old.tools, new.tools);
        if let (Some(before), Some(after)) = (old.tokens, new.tokens) {
            let _ = write!(line, "; {before} → {after} tokens");
            if let Some(share) = share(before, after) {
                let _ = write!(line, " ({share})");
            }
            let dearest = self.costs.iter().take(NAMED);
            let dearest = dearest.map(|(tool, tokens)| format!("{} {tokens:+}", shown(tool)));
            let dearest = dearest.collect::<Vec<_>>().join(", ");
            if !dearest.is_empty() {
                let _ = write!(line, ", most in {dearest}");
            }
        }
        line
    }

    /// What to do with the version.
    fn version(&self) -> String {
        let old = crate::text::line(&self.sides[0].version, 40);
        let new = crate::text::line(&self.sides[1].version, 40);
        let raise = match (self.advice.part, &self.advice.next) {
            ("none", _) => return "nothing changes for agents".to_owned(),
            (part, Some(next)) => format!("a {part} version: {next}, after {old}"),
            (part, None) => format!("a {part} version"),
        };
        if new.is_empty() || new == old {
            raise
        } else {
            format!("{raise}; the document says {new}")
        }
    }

    /// The changes as they are shown: what many tools share is one row.
    fn rows(&self) -> Vec<Row<'_>> {
        let mut rows: Vec<Row<'_>> = Vec::new();
        let mut places: HashMap<(Level, Subject, &str), usize> = HashMap::new();
        let mut counts: HashMap<(Level, Subject, &str), usize> = HashMap::new();
        for change in &self.changes {
            let key = (change.level, change.subject, change.says.as_str());
            *counts.entry(key).or_default() += 1;
        }
        for change in &self.changes {
            let key = (change.level, change.subject, change.says.as_str());
            if counts.get(&key).is_some_and(|count| *count < MANY) {
                rows.push(Row::of(change));
                continue;
            }
            let next = rows.len();
            let place = *places.entry(key).or_insert(next);
            match rows.get_mut(place) {
                Some(row) => row.tools.push(name(change)),
                None => rows.push(Row {
                    place: String::new(),
                    ..Row::of(change)
                }),
            }
        }
        rows
    }

    /// For people at a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let rows = self.rows();
        let shown = || rows.iter().filter(|row| row.level > Level::Text);
        let tools = shown()
            .map(|row| row.name().len())
            .max()
            .unwrap_or_default();
        let places = shown().map(|row| row.place.chars().count()).max();
        let places = places.unwrap_or_default().min(WIDEST);
        for row in shown() {
            let place = crate::text::cut(&row.place, places);
            let line = format!(
                "{:10}  {:tools$}  {place:places$}  {}",
                row.level.as_str(),
                row.name(),
                row.says,
            );
            let _ = writeln!(out, "{line}{}", row.others());
        }
        let words = self.of(Level::Text).map(|change| &change.tool);
        let words: BTreeSet<&String> = words.collect();
        if !words.is_empty() {
            let words = counted(words.len(), "tool");
            let _ = writeln!(out, "{:10}  {words} described in other words", "text");
        }
        let _ = writeln!(out, "{}", self.numbers(str::to_owned));
        let _ = write!(out, "{}", self.version());
        out
    }

    /// For a pull request.
    pub fn markdown(&self) -> String {
        let count = |level| self.of(level).count();
        let mut out = String::from("## What changes for agents\n\n");
        let summary = match (
            count(Level::Breaking),
            count(Level::Risk),
            count(Level::Compatible),
        ) {
            (0, 0, 0) => "Nothing that calls depend on.".to_owned(),
            (breaking, risk, compatible) => {
                format!("**{breaking} breaking**, {risk} of risk, {compatible} compatible.")
            }
        };
        let _ = writeln!(
            out,
            "{summary} {}. Follows {}.",
            self.numbers(code),
            plain(&self.version())
        );
        let rows = self.rows();
        for (level, title) in LEVELS {
            let rows: Vec<&Row<'_>> = rows.iter().filter(|row| row.level == level).collect();
            if rows.is_empty() {
                continue;
            }
            let is_open = level >= Level::Risk;
            let title = format!("{title} ({})", count(level));
            let _ = if is_open {
                write!(out, "\n### {title}\n\n")
            } else {
                write!(out, "\n<details><summary>{title}</summary>\n\n")
            };
            out.push_str("| tool | operation | change |\n|---|---|---|\n");
            for row in rows.iter().take(SHOWN) {
                let place = match row.place.as_str() {
                    "" => String::new(),
                    place => code(place),
                };
                let tool = match row.tools.as_slice() {
                    [one] => code(one),
                    several => format!("{} tools", several.len()),
                };
                let says = format!("{}{}", row.says, row.others());
                let _ = writeln!(out, "| {tool} | {place} | {} |", cell(&says));
            }
            if let Some(more @ 1..) = rows.len().checked_sub(SHOWN) {
                let _ = writeln!(out, "\nand {more} more");
            }
            if !is_open {
                out.push_str("\n</details>\n");
            }
        }
        out
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let side = |side: &Numbers| json!({"version": side.version, "tools": side.tools, "tokens": side.tokens});
        let costs = self.costs.iter();
        let costs: serde_json::Map<String, Value> = costs
            .map(|(tool, tokens)| (tool.clone(), json!(tokens)))
            .collect();
        json!({
            "old": side(&self.sides[0]),
            "new": side(&self.sides[1]),
            "advice": self.advice,
            "changes": self.changes,
            "tokens_by_tool": costs,
        })
    }
}

/// A line of a table: a change, or the same of many tools.
struct Row<'r> {
    level: Level,
    tools: Vec<&'r str>,
    /// The operation, of one tool.
    place: String,
    says: &'r str,
}

impl<'r> Row<'r> {
    fn of(change: &'r Change) -> Self {
        Self {
            level: change.level,
            tools: vec![name(change)],
            place: change.operation.clone(),
            says: &change.says,
        }
    }

    fn name(&self) -> String {
        match self.tools.as_slice() {
            [one] => (*one).to_owned(),
            several => format!("{} tools", several.len()),
        }
    }

    /// Which tools they are, where they are several.
    fn others(&self) -> String {
        if self.tools.len() < 2 {
            return String::new();
        }
        let names: Vec<String> = self
            .tools
            .iter()
            .take(NAMED)
            .map(|tool| format!("`{tool}`"))
            .collect();
        format!(" ({}, …)", names.join(", "))
    }
}

/// The tool, or that it is the server.
fn name(change: &Change) -> &str {
    if change.tool.is_empty() && change.subject == Subject::Server {
        "(server)"
    } else {
        &change.tool
    }
}

/// `+1.6 %`, where it is at least a tenth.
fn share(before: usize, after: usize) -> Option<String> {
    let (before, after) = (i64::try_from(before).ok()?, i64::try_from(after).ok()?);
    let tenths = after
        .checked_sub(before)?
        .checked_mul(1000)?
        .checked_div(before)?;
    let sign = if tenths < 0 { '-' } else { '+' };
    let tenths = tenths.unsigned_abs();
    (tenths > 0).then(|| format!("{sign}{}.{} %", tenths / 10, tenths % 10))
}

/// What a document says, as code in a table of Markdown: nothing in it is markup, a link or a mention.
fn code(text: &str) -> String {
    let mut out = String::new();
    let mut slashes = 0_usize;
    for c in text.chars() {
        match c {
            '`' => out.push('\''),
            // A table ends its cells first: what stands before the line has to be odd.
            '|' if slashes.is_multiple_of(2) => out.push_str("\\|"),
            '|' => out.push_str("\\\\|"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        slashes = if c == '\\' {
            slashes.saturating_add(1)
        } else {
            0
        };
    }
    if out.trim().is_empty() {
        return String::new();
    }
    format!("`{out}`")
}

/// Text that may be of a document, outside of code: shown as it is, and nothing else.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut before = String::new();
    for c in text.chars() {
        let is_link = (c == '.' && before.ends_with("www")) || (c == '/' && before.ends_with(':'));
        match c {
            '@' | '#' => {
                // GitHub looks for names and numbers in what was rendered; nothing follows this one.
                let _ = write!(out, "&#{};&#8288;", u32::from(c));
            }
            '`' | '\\' | '<' | '>' | '&' | '|' | '[' | ']' | '!' | '*' | '_' | '~' | '$' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => {
                if is_link {
                    out.push_str("&#8288;");
                }
                out.push(c);
            }
        }
        before.push(c.to_ascii_lowercase());
    }
    out
}

/// A line in a table: what stands between two single backticks is code, all else is text.
fn cell(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        // Several in a row would begin another kind of code.
        let inner = after
            .split_once('`')
            .filter(|(inner, after)| !inner.trim().is_empty() && !after.starts_with('`'));
        out.push_str(&plain(before));
        match inner {
            Some((inner, after)) => {
                out.push_str(&code(inner));
                rest = after;
            }
            None => {
                out.push_str(&plain("`"));
                rest = after;
            }
        }
    }
    out.push_str(&plain(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_document_is_inert_in_a_comment() {
        for (text, shown) in [
            (
                "new: <img src=x> @team [a](b) | c",
                "new: &#60;img src=x&#62; &#64;&#8288;team &#91;a&#93;(b) &#124; c",
            ),
            ("`<b>|@x` is gone", "`<b>\\|@x` is gone"),
            ("a ` <img>", "a &#96; &#60;img&#62;"),
            (
                "``<b>`` @x",
                "&#96;&#96;&#60;b&#62;&#96;&#96; &#64;&#8288;x",
            ),
            (
                "![a](https://b.c) #7",
                "&#33;&#91;a&#93;(https:&#8288;//b.c) &#35;&#8288;7",
            ),
            (
                "WWW.b.c *a* __b__",
                "WWW&#8288;.b.c &#42;a&#42; &#95;&#95;b&#95;&#95;",
            ),
            ("a\n## b", "a &#35;&#8288;&#35;&#8288; b"),
            ("a \\| b", "a &#92;&#124; b"),
            ("`a\nb`", "`a b`"),
        ] {
            assert_eq!(cell(text), shown);
        }
        assert_eq!(code("a`b|c"), "`a'b\\|c`");
        assert_eq!(code("a\\|c"), "`a\\\\\\|c`");
        assert_eq!(code(""), "");
    }

    #[test]
    fn versions_and_tools_of_a_document_are_inert_in_a_comment() {
        let side = |version: &str| Numbers {
            version: version.to_owned(),
            tools: 1,
            tokens: Some(100),
        };
        let report = Report {
            changes: Vec::new(),
            advice: Advice {
                part: "major",
                next: None,
            },
            sides: [side("1"), side("<img src=x> @team ` [a](b)")],
            costs: vec![("<b>`".to_owned(), 5)],
        };
        let said = report.markdown();
        for raw in ["<img", "@team", "[a]", "in <b>"] {
            assert!(!said.contains(raw), "{raw}: {said}");
        }
        assert!(said.contains("`<b>'` +5"), "{said}");
    }

    #[test]
    fn shares_are_told_in_tenths() {
        for (before, after, told) in [
            (1000, 1016, Some("+1.6 %")),
            (1000, 900, Some("-10.0 %")),
            (100_000, 100_050, None),
            (0, 5, None),
        ] {
            assert_eq!(share(before, after).as_deref(), told, "{before} {after}");
        }
    }
}
