//! The lines of a client's file without its values: keys and structure are shown, and what is on a list.

use super::table::Syntax;

/// What stands in place of a value.
const HIDDEN: char = '…';

/// Which values are shown.
pub(super) struct Mask {
    syntax: Syntax,
    shown: Vec<String>,
}

impl Mask {
    /// Shows these values, booleans and null.
    pub(super) fn new(syntax: Syntax, shown: Vec<String>) -> Self {
        Self { syntax, shown }
    }

    /// Each line of a text, without its end.
    pub(super) fn lines(&self, text: &str) -> Vec<String> {
        let mut inside = Inside::Nothing;
        let lines = text.split_inclusive('\n');
        lines
            .map(|line| self.line(line.trim_end_matches(['\r', '\n']), &mut inside))
            .collect()
    }

    fn line(&self, line: &str, inside: &mut Inside) -> String {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        if let Inside::Block(depth) = *inside {
            if body.is_empty() || indent > depth {
                return hidden_line(line, indent);
            }
            *inside = Inside::Nothing;
        }
        // `[mcp_servers.docs]`
        if self.syntax == Syntax::Toml && *inside == Inside::Nothing && is_section(line) {
            return line.to_owned();
        }
        let mut out = line.get(..indent).unwrap_or_default().to_owned();
        let mut rest = body;
        let mut is_first = true;
        while let Some(first) = rest.chars().next() {
            if let Inside::Text(end) = *inside {
                out.push(HIDDEN);
                let Some(at) = rest.find(end) else {
                    return out;
                };
                rest = rest.get(at + end.len()..).unwrap_or_default();
                *inside = Inside::Nothing;
                continue;
            }
            if let Some(end) = self.long(rest) {
                rest = rest.get(end.opening..).unwrap_or_default();
                *inside = Inside::Text(end.closing);
                continue;
            }
            if self.is_comment(rest) {
                out.push_str(if first == '#' { "# " } else { "// " });
                out.push(HIDDEN);
                return out;
            }
            let length = match first {
                '"' | '\'' => quoted(rest, first),
                '[' | ']' | '{' | '}' | ',' | ':' | '=' | ' ' | '\t' => {
                    out.push(first);
                    rest = rest.get(1..).unwrap_or_default();
                    continue;
                }
                '-' if self.syntax == Syntax::Yaml && is_first && rest.starts_with("- ") => {
                    out.push_str("- ");
                    rest = rest.get(2..).unwrap_or_default();
                    continue;
                }
                _ => self.bare(rest, is_first),
            };
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let is_key = self.is_key(word, after, is_first);
            if self.syntax == Syntax::Yaml && !is_key && is_first_of_block(word) {
                // `key: |`, and all that is indented further.
                *inside = Inside::Block(indent);
                out.push_str(word);
                return out;
            }
            if is_key || self.is_shown(word) {
                out.push_str(word);
            } else if first == '"' || first == '\'' {
                out.extend([first, HIDDEN, first]);
            } else {
                out.push(HIDDEN);
            }
            rest = after;
            is_first = false;
        }
        out
    }

    /// Whether a word is a key: what follows it says so.
    fn is_key(&self, word: &str, after: &str, is_first: bool) -> bool {
        let is_quoted = word.starts_with(['"', '\'']);
        let after = after.trim_start();
        let names = |c: char| c.is_ascii_alphanumeric() || "_.-$".contains(c);
        let can_be = if is_quoted {
            word.len() > 1
        } else {
            is_first && word.chars().all(names)
        };
        can_be
            && match self.syntax {
                Syntax::Toml => after.starts_with('='),
                Syntax::Yaml => after == ":" || after.starts_with(": "),
                Syntax::Json | Syntax::Jsonc | Syntax::Json5 => after.starts_with(':'),
            }
    }

    fn is_shown(&self, word: &str) -> bool {
        if matches!(word, "true" | "false" | "null" | "~") {
            return true;
        }
        let read = match word.chars().next() {
            Some('"') => serde_json::from_str::<String>(word).ok(),
            Some('\'') => word
                .strip_prefix('\'')
                .and_then(|word| word.strip_suffix('\''))
                .map(str::to_owned),
            _ => Some(word.to_owned()),
        };
        read.is_some_and(|read| self.shown.contains(&read))
    }

    /// Bytes of a word without quotation marks; a YAML text has blanks in it.
    fn bare(&self, rest: &str, is_first: bool) -> usize {
        let ends = |at: usize, c: char| match self.syntax {
            Syntax::Yaml => {
                is_first && c == ':' && rest.get(at + 1..).is_some_and(begins_with_blank)
            }
            _ => c.is_whitespace() || "[]{},:=\"'".contains(c),
        };
        let mut chars = rest.char_indices();
        chars
            .find(|(at, c)| ends(*at, *c))
            .map_or(rest.len(), |(at, _)| at.max(1))
    }

    /// A text over several lines, or a comment, that begins here.
    fn long(&self, rest: &str) -> Option<Long> {
        let long = |opening: &str, closing: &'static str| {
            rest.starts_with(opening).then_some(Long {
                opening: opening.len(),
                closing,
            })
        };
        match self.syntax {
            Syntax::Toml => long("\"\"\"", "\"\"\"").or_else(|| long("'''", "'''")),
            Syntax::Json | Syntax::Jsonc | Syntax::Json5 => long("/*", "*/"),
            Syntax::Yaml => None,
        }
    }

    fn is_comment(&self, rest: &str) -> bool {
        match self.syntax {
            Syntax::Toml | Syntax::Yaml => rest.starts_with('#'),
            Syntax::Json | Syntax::Jsonc | Syntax::Json5 => rest.starts_with("//"),
        }
    }
}

/// In what a line begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    /// A text or comment that ends with this.
    Text(&'static str),
    /// A block of YAML below a line that is indented so far.
    Block(usize),
}

struct Long {
    opening: usize,
    closing: &'static str,
}

fn hidden_line(line: &str, indent: usize) -> String {
    let mut out = line.get(..indent).unwrap_or_default().to_owned();
    if indent < line.len() {
        out.push(HIDDEN);
    }
    out
}

fn is_section(line: &str) -> bool {
    let inner = line
        .strip_prefix('[')
        .and_then(|line| line.trim_end().strip_suffix(']'));
    let names = |c: char| c.is_ascii_alphanumeric() || "_.-\"' []".contains(c);
    inner.is_some_and(|inner| inner.chars().all(names))
}

/// `|`, `>-` and the like.
fn is_first_of_block(word: &str) -> bool {
    let word = word.trim_end();
    let marks = word.strip_prefix(['|', '>']);
    marks.is_some_and(|marks| marks.chars().all(|c| "+-123456789".contains(c)))
}

fn begins_with_blank(text: &str) -> bool {
    text.is_empty() || text.starts_with([' ', '\t'])
}

/// Bytes of a text in quotation marks; to the end of the line where they are not closed.
fn quoted(rest: &str, mark: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if mark == '"' => is_escaped = true,
            _ if c == mark => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_what_is_listed_are_shown_and_no_other_value() {
        let shown = || {
            vec![
                "stdio".to_owned(),
                "/opt/x \"y\"".to_owned(),
                "300".to_owned(),
            ]
        };
        for (syntax, text, masked) in [
            (
                Syntax::Json,
                r#"  "a": "https://u:pw@h/", "on": true"#,
                r#"  "a": "…", "on": true"#,
            ),
            (
                Syntax::Json,
                r#"{"args": ["stdio", "--key", "s"]}"#,
                r#"{"args": ["stdio", "…", "…"]}"#,
            ),
            (
                Syntax::Json,
                r#""c": "/opt/x \"y\"", "t": 300, "p": 1234"#,
                r#""c": "/opt/x \"y\"", "t": 300, "p": …"#,
            ),
            (
                Syntax::Jsonc,
                "a /* key\nsk-1 */ \"b\": 'c",
                "… …\n… \"b\": '…'",
            ),
            (
                Syntax::Jsonc,
                "\"a\": \"b\\\"c: d\" // sk-1",
                "\"a\": \"…\" // …",
            ),
            (
                Syntax::Json5,
                "agents: { key: 'sk: 1' },",
                "agents: { …: { '…' },".replace("{ '…'", "'…'").leak(),
            ),
            (
                Syntax::Toml,
                "[mcp_servers.\"a b\"]\nkey = \"s\" # s\nlit = 's=1'",
                "[mcp_servers.\"a b\"]\nkey = \"…\" # …\nlit = '…'",
            ),
            (
                Syntax::Toml,
                "a = \"\"\"sk\nsk=1\n\"\"\"\nb = 300",
                "a = …\n…\n…\nb = 300",
            ),
            (
                Syntax::Yaml,
                "envs:\n  KEY: sk: 1 # x\n  - stdio\n  args: [a, b]",
                "envs:\n  KEY: …\n  - stdio\n  args: […",
            ),
            (
                Syntax::Yaml,
                "pem: |\n  abc: def\n\n  ab==\nnext: 1",
                "pem: |\n  …\n\n  …\nnext: …",
            ),
        ] {
            let lines = Mask::new(syntax, shown()).lines(text).join("\n");
            assert_eq!(lines, masked, "{text}");
        }
    }
}
