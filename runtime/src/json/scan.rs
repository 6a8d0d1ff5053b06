//! What a JSON parser that fills a map loses without a word: all but the last of duplicate keys, and
//! the digits of numbers beyond 64 bits. The text is scanned for both before it is parsed.

use crate::json::place::escaped;
use std::collections::HashSet;

use serde_json::Number;

use crate::text::cap;

/// Deepest nesting that is read; a parser that recurses must not follow an attacker further.
pub(crate) const MAX_DEPTH: usize = 64;
/// Defects of a kind that are kept. Each has its place, which can be as long as the text, so keeping all
/// would make gigabytes of a small message.
pub(crate) const MAX_KEPT: usize = 20;
/// Characters of a key in a place.
const MAX_STEP: usize = 200;
/// Characters of a number's text that are kept.
const MAX_DIGITS: usize = 100;
/// Numbers that are kept since they are spelled in their own way; lists of prices have many.
const MAX_SPELLED: usize = 500;
/// Bytes of the places of those.
const MAX_SPELLED_BYTES: usize = 64 << 10;

/// Losses that parsing a text would bring, with the places where they happen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Defects {
    /// JSON Pointers of the first properties that occur twice in one object.
    pub duplicates: Vec<String>,
    /// JSON Pointer and text of the first numbers that a 64-bit integer or float cannot hold exactly.
    pub inexact: Vec<(String, String)>,
    /// JSON Pointer and text of the first numbers whose value is kept and whose digits are not: `1.10`. No loss
    /// to JSON, but one to services that read the digits.
    pub spelled: Vec<(String, String)>,
    /// Whether there are more of those: too many to keep, or with an exponent.
    pub respelled_elsewhere: bool,
    /// How many there are, of the first two kinds, with those that were not kept.
    pub total: usize,
}

impl Defects {
    /// Of values whose text nobody knows any more: how their numbers were spelled is unknown.
    pub(crate) fn unknown() -> Self {
        Self {
            respelled_elsewhere: true,
            ..Self::default()
        }
    }

    /// How the numbers below a property of the root are spelled, seen from there.
    pub(crate) fn spelled_below(&self, name: &str) -> Self {
        let below = |(place, text): &(String, String)| {
            let rest = place.strip_prefix('/')?.strip_prefix(name)?;
            rest.starts_with('/')
                .then(|| (rest.to_owned(), text.clone()))
        };
        Self {
            spelled: self.spelled.iter().filter_map(below).collect(),
            respelled_elsewhere: self.respelled_elsewhere,
            ..Self::default()
        }
    }

    /// The same where what stood in a property of the root stands beside it.
    pub(crate) fn moved_up(&self, name: &str) -> Self {
        let around = format!("/{}/", escaped(name));
        let moved = |place: &String| match place.strip_prefix(&around) {
            Some(rest) => format!("/{rest}"),
            None => place.clone(),
        };
        let both = |all: &[(String, String)]| {
            let all = all.iter();
            all.map(|(place, text)| (moved(place), text.clone()))
                .collect()
        };
        Self {
            duplicates: self.duplicates.iter().map(moved).collect(),
            inexact: both(&self.inexact),
            spelled: both(&self.spelled),
            respelled_elsewhere: self.respelled_elsewhere,
            total: self.total,
        }
    }

    /// Nothing would be lost.
    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// The text nests deeper than [`MAX_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooDeep;

/// Finds the defects of a JSON text. Text that is not JSON gives an arbitrary answer: the parser that
/// comes next refuses it.
pub(crate) fn scan(text: &str) -> Result<Defects, TooDeep> {
    outline(text, &[]).defects
}

/// What a message shows without being parsed, also when it cannot be parsed or breaks off.
pub(crate) struct Outline<'a> {
    /// What parsing would lose below the place that was asked for, seen from there.
    pub(crate) defects: Result<Defects, TooDeep>,
    /// Whether a property occurs twice anywhere else.
    pub(crate) duplicate_elsewhere: bool,
    /// Text of the property `id` of the root.
    pub(crate) id: Option<&'a str>,
    /// Whether the root has a property `method`.
    pub(crate) has_method: bool,
}

/// Scans a JSON text for the defects below a place; see [`scan`].
pub(crate) fn outline<'a>(text: &'a str, below: &'a [&'a str]) -> Outline<'a> {
    let mut scanner = Scanner {
        text,
        below,
        at: 0,
        path: Vec::new(),
        defects: Defects::default(),
        spelled_bytes: 0,
        duplicate_elsewhere: false,
        too_deep: false,
        id: None,
        has_method: false,
    };
    scanner.value(0);
    Outline {
        defects: if scanner.too_deep {
            Err(TooDeep)
        } else {
            Ok(scanner.defects)
        },
        duplicate_elsewhere: scanner.duplicate_elsewhere,
        id: scanner.id,
        has_method: scanner.has_method,
    }
}

struct Scanner<'a> {
    text: &'a str,
    below: &'a [&'a str],
    at: usize,
    path: Vec<String>,
    defects: Defects,
    spelled_bytes: usize,
    duplicate_elsewhere: bool,
    too_deep: bool,
    id: Option<&'a str>,
    has_method: bool,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) {
        self.skip_space();
        if depth > MAX_DEPTH {
            self.too_deep = true;
            return self.skip_nested();
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => {
                self.string();
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                while matches!(self.peek(), Some(b'a'..=b'z' | b'A'..=b'Z')) {
                    self.at += 1;
                }
            }
        }
    }

    /// Passes a value without following it down.
    fn skip_nested(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' if open == 0 => return,
                b'}' | b']' => open -= 1,
                b',' if open == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn object(&mut self, depth: usize) {
        self.at += 1;
        let mut seen = HashSet::new();
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                break;
            }
            let raw = self.string();
            let key = serde_json::from_str::<String>(raw).unwrap_or_default();
            self.skip_space();
            let has_value = self.peek() == Some(b':');
            self.at += usize::from(has_value);
            self.skip_space();
            let start = self.at;
            self.path.push(escaped(&cap(&key, MAX_STEP)));
            if has_value {
                self.value(depth + 1);
            }
            if depth == 0 && key == "id" {
                self.id = self.text.get(start..self.at);
            }
            self.has_method |= depth == 0 && key == "method";
            if !seen.insert(key) {
                self.duplicate();
            }
            self.path.pop();
            if !self.comma() {
                break;
            }
        }
        self.at += 1;
    }

    fn array(&mut self, depth: usize) {
        self.at += 1;
        let mut index = 0_usize;
        loop {
            self.skip_space();
            if matches!(self.peek(), None | Some(b']')) {
                break;
            }
            self.path.push(index.to_string());
            self.value(depth + 1);
            self.path.pop();
            if !self.comma() {
                break;
            }
            index += 1;
        }
        self.at += 1;
    }

    /// Passes a comma, if one comes next.
    fn comma(&mut self) -> bool {
        self.skip_space();
        let found = self.peek() == Some(b',');
        self.at += usize::from(found);
        found
    }

    /// Passes a string and returns it with its quotes.
    fn string(&mut self) -> &'a str {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn number(&mut self) {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let fate = fate(text);
        if fate == Fate::Changed
            && let Some(steps) = self.steps()
        {
            if self.defects.inexact.len() < MAX_KEPT {
                let shown = cap(text, MAX_DIGITS).into_owned();
                self.defects.inexact.push((pointer(steps), shown));
            }
            self.defects.total += 1;
        } else if fate == Fate::Respelled
            && let Some(steps) = self.steps()
        {
            let is_kept = text.len() <= MAX_DIGITS
                // What has an exponent is not sent as it was written.
                && !text.contains(['e', 'E'])
                && self.defects.spelled.len() < MAX_SPELLED
                && self.spelled_bytes < MAX_SPELLED_BYTES;
            if is_kept {
                let place = pointer(steps);
                self.spelled_bytes += place.len();
                self.defects.spelled.push((place, text.to_owned()));
            } else {
                self.defects.respelled_elsewhere = true;
            }
        }
    }

    fn duplicate(&mut self) {
        match self.steps() {
            None | Some([]) => self.duplicate_elsewhere = true,
            Some(steps) => {
                if self.defects.duplicates.len() < MAX_KEPT {
                    self.defects.duplicates.push(pointer(steps));
                }
                self.defects.total += 1;
            }
        }
    }

    /// The way from the place that was asked for to this one, if this one is below it.
    fn steps(&self) -> Option<&[String]> {
        let (above, steps) = self.path.split_at_checked(self.below.len())?;
        (above == self.below).then_some(steps)
    }
}

fn pointer(steps: &[String]) -> String {
    steps.iter().fold(String::new(), |all, key| all + "/" + key)
}

/// What becomes of a number's text when it is read and written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is the same text.
    Same,
    /// It is another text for the same number: `1.1` for `1.10`.
    Respelled,
    /// It is another number.
    Changed,
}

/// What becomes of a number that is read as `u64`, `i64` or else `f64` and written as JSON. The writer is asked,
/// and not the standard library: both write the shortest digits that are read as the same float, and where two
/// texts are as short and as near (`95099998003122.62` and `…63`) they choose differently.
fn fate(text: &str) -> Fate {
    if text != "-0" && (text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()) {
        return Fate::Same;
    }
    let number = text.parse::<f64>().ok().and_then(Number::from_f64);
    match number.map(|number| number.to_string()) {
        Some(written) if written == text => Fate::Same,
        Some(written) if digits(&written) == digits(text) => Fate::Respelled,
        _ => Fate::Changed,
    }
}

/// Whether a number keeps its value when it is read as `u64`, `i64` or else `f64` and written again.
pub(crate) fn is_exact(text: &str) -> bool {
    fate(text) != Fate::Changed
}

/// Significant digits without leading and trailing zeros, and the power of ten of the last of them.
fn digits(text: &str) -> (String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mut exponent = exponent
        .trim_start_matches('+')
        .parse::<i64>()
        .unwrap_or(i64::MAX);
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    exponent = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
    let all = format!("{whole}{fraction}");
    let trimmed = all.trim_start_matches('0').trim_end_matches('0');
    if trimmed.is_empty() {
        return (String::new(), 0);
    }
    let zeros = all.len() - all.trim_end_matches('0').len();
    (
        trimmed.to_owned(),
        exponent.saturating_add(i64::try_from(zeros).unwrap_or(i64::MAX)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_below_a_property_is_seen_from_there() {
        let text = r#"{"name":1.10,"arguments":{"a":[1.20]},"arguments2":{"a":1.30}}"#;
        let below = scan(text).map(|defects| defects.spelled_below("arguments"));
        let spelled = vec![("/a/0".to_owned(), "1.20".to_owned())];
        assert_eq!(below.map(|below| below.spelled), Ok(spelled));
        for (text, elsewhere) in [("[1.10]", false), ("[1e5]", true)] {
            let below = scan(text).map(|d| d.spelled_below("a").respelled_elsewhere);
            assert_eq!(below, Ok(elsewhere), "{text}");
        }
    }

    #[test]
    fn exact_numbers() {
        for text in [
            "0",
            "-0",
            "1.10",
            "0.30000000000000004",
            "18446744073709551615",
            "1e3",
            "100.00",
            "1E+2",
        ] {
            assert!(is_exact(text), "{text}");
        }
        for text in [
            "18446744073709551617",
            "123456789012345678901234567890",
            "0.1234567890123456789",
            "95099998003122.63",
            "1e400",
            "1e-400",
        ] {
            assert!(!is_exact(text), "{text}");
        }
    }

    #[test]
    fn duplicates_and_inexact_numbers_have_their_place() {
        let defects =
            scan(r#" {"a":{"x/y":1,"x\u002fy":2},"b":[0,123456789012345678901234567890]} "#);
        let defects = defects.unwrap_or_default();
        assert_eq!(defects.duplicates, ["/a/x~1y"]);
        assert_eq!(
            defects.inexact,
            [(
                "/b/1".to_owned(),
                "123456789012345678901234567890".to_owned()
            )]
        );
        assert!(scan("[1,\"a\",{}]").is_ok_and(|d| d.is_empty()));
    }

    #[test]
    fn defects_below_a_place_are_told_from_those_elsewhere() {
        let at = |text| {
            let outline = outline(text, &["params", "arguments"]);
            let elsewhere = outline.duplicate_elsewhere;
            (outline.defects.unwrap_or_default(), elsewhere)
        };
        let (defects, elsewhere) = at(r#"{"params":{"arguments":{"a":1,"a":1e400},"x":1e400}}"#);
        assert_eq!((defects.total, elsewhere), (2, false));
        assert_eq!(defects.duplicates, ["/a"]);
        assert_eq!(defects.inexact, [("/a".to_owned(), "1e400".to_owned())]);
        for text in [
            r#"{"id":1,"id":1}"#,
            r#"{"params":{"name":1,"name":1}}"#,
            r#"{"params":{"arguments":{},"arguments":{}}}"#,
            r#"{"params":{},"params":{}}"#,
            r#"{"params":{"arguments":[],"x":{"arguments":{"a":1,"a":1}}}}"#,
        ] {
            assert_eq!(at(text), (Defects::default(), true), "{text}");
        }
        // Many defects do not hide one that comes after them.
        let many = format!(r#"{{"a":1{}}}"#, r#","a":1"#.repeat(50));
        let (defects, elsewhere) = at(&format!(
            r#"{{"params":{{"arguments":{many}}},"id":1,"id":2}}"#
        ));
        assert_eq!((defects.total, elsewhere), (50, true));
    }

    #[test]
    fn what_is_kept_does_not_grow_with_the_text() {
        let numbers = vec!["1e-400"; 3_000].join(",");
        let long = format!(r#"{{"{}":[{numbers}]}}"#, "k".repeat(100_000));
        let defects = scan(&long).unwrap_or_default();
        assert_eq!(defects.total, 3_000);
        assert_eq!(defects.inexact.len(), MAX_KEPT);
        for (place, _) in &defects.inexact {
            assert!(place.chars().count() < 220, "{} bytes", place.len());
        }
        let defects = scan(&"9".repeat(100_000)).unwrap_or_default();
        assert!(defects.inexact.iter().all(|(_, text)| text.len() < 110));
    }

    #[test]
    fn deep_nesting_is_refused_and_garbage_ends() {
        assert_eq!(scan(&"[".repeat(5000)), Err(TooDeep));
        for text in [
            "",
            "{",
            "{\"a\"",
            "{\"a\":}",
            "nope!",
            "[1 2]",
            "\"\\",
            "}{",
            "{\"a\":1,,}",
        ] {
            let _ = scan(text);
        }
    }
}
