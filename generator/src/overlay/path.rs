//! JSONPath (RFC 9535) as text: its segments, and what a query may cost.
//!
//! Queries are parsed and evaluated by `serde_json_path`, which knows no limits. A short query can
//! keep it busy for ever (`$..*[?count($..*) > 1]` looks at every pair of nodes), so that the work
//! is estimated from the text before anything is evaluated.

use serde_json_path::JsonPath;

/// Longest text of a query, in bytes.
const BYTES: usize = 4_096;
/// Deepest nesting of brackets and parentheses. The parser tries alternatives at each level.
const NESTING: usize = 6;
/// Most nodes that a query may come to look at, by the estimate below.
const WORK: u128 = 200_000_000;
/// How much more a regular expression costs than a comparison: it is compiled for each node.
const REGEX_COST: u128 = 100;

/// Why a query is not evaluated.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not JSONPath: message, and byte offset in the text.
    Syntax(String, usize),
    /// It would cost more than the budget.
    Cost(&'static str),
}

/// Parses a query that will be run on a document with this many nodes.
pub(super) fn parse(text: &str, nodes: usize, depth: usize) -> Result<JsonPath, Refusal> {
    if text.len() > BYTES {
        return Err(Refusal::Cost("it is longer than 4096 bytes"));
    }
    let scan = Scan::of(text);
    if scan.nesting > NESTING {
        return Err(Refusal::Cost("its brackets are nested too deep"));
    }
    if scan.repeats_in_pattern {
        return Err(Refusal::Cost(
            "a pattern of `match` or `search` is not a literal, or repeats with `{n}`",
        ));
    }
    if scan.work(nodes, depth) > WORK {
        return Err(Refusal::Cost("it would look at too many nodes"));
    }
    JsonPath::parse(text).map_err(|error| {
        let message = match error.message() {
            "parser error" => "this is not expected here",
            message => message,
        };
        Refusal::Syntax(message.to_owned(), error.position().min(text.len()))
    })
}

/// Whether a query has a descendant segment.
pub(super) fn descends(text: &str) -> bool {
    Scan::of(text).descents > 0
}

/// Byte offsets in a query at which its segments end, the root (`$`) included.
pub(super) fn segment_ends(text: &str) -> Vec<usize> {
    Scan::of(text).ends
}

/// What a look over the text shows, quoted names skipped.
#[derive(Debug, Default)]
struct Scan {
    nesting: usize,
    /// Number of `..`.
    descents: u32,
    /// Number of `$` behind the first: queries in filters that start again at the root.
    roots: u32,
    /// Product of the numbers of selectors in brackets: each may select the same nodes again.
    selectors: u128,
    /// Number of calls of `match` and `search`.
    patterns: u32,
    repeats_in_pattern: bool,
    ends: Vec<usize>,
}

impl Scan {
    fn of(text: &str) -> Self {
        let mut scan = Self {
            selectors: 1,
            ..Self::default()
        };
        let mut depth = 0usize;
        let mut commas = vec![0u128];
        let mut wants_literal = false;
        let mut has_repeat = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' | '"' => {
                    while let Some((_, inner)) = chars.next() {
                        if inner == '\\' {
                            chars.next();
                        } else if inner == c {
                            break;
                        } else if inner == '{' {
                            has_repeat |= chars.peek().is_some_and(|(_, n)| n.is_ascii_digit());
                        }
                    }
                }
                '[' | '(' => {
                    if c == '['
                        && depth == 0
                        && at > 0
                        && !text.get(..at).is_some_and(|t| t.ends_with(".."))
                    {
                        scan.ends.push(at);
                    }
                    if c == '(' {
                        let name = text.get(..at).unwrap_or_default();
                        if name.ends_with("match") || name.ends_with("search") {
                            scan.patterns = scan.patterns.saturating_add(1);
                            wants_literal = true;
                        }
                    }
                    depth = depth.saturating_add(1);
                    scan.nesting = scan.nesting.max(depth);
                    commas.push(1);
                }
                ']' | ')' => {
                    depth = depth.saturating_sub(1);
                    let count = commas.pop().unwrap_or(1);
                    scan.selectors = scan.selectors.saturating_mul(count.max(1));
                }
                ',' => {
                    if let Some(count) = commas.last_mut() {
                        *count = count.saturating_add(1);
                    }
                    if std::mem::take(&mut wants_literal) {
                        let rest = text.get(at.saturating_add(1)..).unwrap_or_default();
                        scan.repeats_in_pattern |= !rest.trim_start().starts_with(['\'', '"']);
                    }
                }
                '.' => {
                    if chars.next_if(|(_, next)| *next == '.').is_some() {
                        scan.descents = scan.descents.saturating_add(1);
                    }
                    if depth == 0 {
                        scan.ends.push(at);
                    }
                }
                '$' if at > 0 => scan.roots = scan.roots.saturating_add(1),
                _ => {}
            }
        }
        scan.repeats_in_pattern |= scan.patterns > 0 && has_repeat;
        scan.ends.push(text.len());
        scan
    }

    /// An upper bound of the nodes that are looked at: each once; as often as the document is deep
    /// for every further descent; all again for every query of a filter that starts at the root.
    fn work(&self, nodes: usize, depth: usize) -> u128 {
        let (nodes, depth) = (nodes.max(1) as u128, depth.max(1) as u128);
        nodes
            .saturating_mul(self.selectors)
            .saturating_mul(depth.saturating_pow(self.descents.saturating_sub(1)))
            .saturating_mul(nodes.saturating_pow(self.roots))
            .saturating_mul(REGEX_COST.saturating_pow(self.patterns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_end_where_the_next_begins() {
        for (text, expected) in [
            ("$", vec!["$"]),
            ("$.paths", vec!["$", "$.paths"]),
            (
                "$.paths['/a.b[0]'].get",
                vec![
                    "$",
                    "$.paths",
                    "$.paths['/a.b[0]']",
                    "$.paths['/a.b[0]'].get",
                ],
            ),
            ("$..[?@.a.b == 'x']", vec!["$", "$..[?@.a.b == 'x']"]),
            ("$..a[0]", vec!["$", "$..a", "$..a[0]"]),
        ] {
            let prefixes: Vec<&str> = segment_ends(text).iter().map(|end| &text[..*end]).collect();
            assert_eq!(prefixes, expected, "{text}");
        }
    }

    #[test]
    fn queries_that_would_exhaust_the_machine_are_refused() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(40), ")".repeat(40));
        let long = format!("$.{}", "a".repeat(5_000));
        let selectors = format!("${}", "[*,*,*,*]".repeat(12));
        for text in [
            deep.as_str(),
            long.as_str(),
            selectors.as_str(),
            "$..*..*..*..*..*",
            "$..*[?count($..*) > 1]",
            "$..[?match(@.a, 'x{1000}{1000}')]",
            "$..[?match(@.a, @.b)]",
            "$..[?search(@.a, 'x') && search(@.b, 'y')]",
        ] {
            let refused = parse(text, 100_000, 64);
            assert!(
                matches!(refused, Err(Refusal::Cost(_))),
                "{text}: {refused:?}"
            );
        }
        for text in [
            "$",
            "$.paths['/a/{1}'].get.parameters[?@.name=='filter' && @.in=='query']",
            "$.paths[?(@.get['x-oai-traits'][?(@ == 'paged')])].get",
            "$..[?@.operationId == 'a(((((((((($..*']",
            "$..[?match(@.operationId, 'list.*')]",
        ] {
            assert!(parse(text, 100_000, 64).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_path_is_a_syntax_error_at_its_place() {
        for (text, place) in [
            ("", 0),
            ("paths", 0),
            ("$.paths[", 7),
            ("$.paths['/a'", 12),
            ("$.paths./leads.get", 8),
            ("$.a b", 3),
            ("$.a[?foo(@.x)]", 5),
        ] {
            match parse(text, 100, 10) {
                Err(Refusal::Syntax(_, at)) => assert_eq!(at, place, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
