//! The newest records of a log, read from its end: as many as are wanted, and never more of the files than a bound,
//! however large they are.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::chain::Record;
use super::disk;
use crate::json::{Object, Value};

/// Bytes that are read at once.
const PIECE: usize = 64 << 10;
/// Bytes of a line that no record has; it is left out in parts, so that it is not held.
const LONGEST: usize = 1 << 20;

/// Where reading goes on: the number of a file (the current one is that after the last that was put aside, which it
/// will have itself) and an offset in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    file: u64,
    at: u64,
}

impl Place {
    /// Reads what [`Display`](std::fmt::Display) wrote.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (file, at) = text.split_once('-')?;
        Some(Self {
            file: file.parse().ok()?,
            at: at.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.file, self.at)
    }
}

/// What is wanted of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Part of the name of a caller or of their client.
    pub(crate) who: String,
    /// Part of the name of a tool.
    pub(crate) tool: String,
    /// `ok`, `failed`, or a word of `result`, `decision` or `outcome`.
    pub(crate) outcome: String,
    /// A class of tools.
    pub(crate) class: String,
    /// Whether records are wanted that tell of no call.
    pub(crate) all: bool,
}

impl Filter {
    fn fits(&self, record: &Object) -> bool {
        let text = |name: &str| {
            let value = record.get(name).and_then(Value::as_str);
            value.unwrap_or_default()
        };
        let has = |part: &str, names: &[&str]| {
            let part = part.to_lowercase();
            part.is_empty()
                || names
                    .iter()
                    .any(|name| text(name).to_lowercase().contains(&part))
        };
        let outcome = match self.outcome.as_str() {
            "" => true,
            "failed" => !matches!(text("result"), "" | "ok"),
            word => ["result", "decision", "outcome"]
                .iter()
                .any(|name| text(name) == word),
        };
        let is_wanted = match text("event") {
            "call" | "key" => true,
            "outcome" => text("outcome") == "unknown",
            _ => false,
        };
        (self.all || is_wanted)
            && has(&self.who, &["principal", "client", "by"])
            && has(&self.tool, &["tool"])
            && (self.class.is_empty() || text("risk") == self.class)
            && outcome
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    /// The newest first.
    pub(crate) records: Vec<Object>,
    /// Where to go on; none where the log begins.
    pub(crate) next: Option<Place>,
    /// Lines that are no records.
    pub(crate) broken: usize,
    /// Records that do not hold the one before them.
    pub(crate) gaps: usize,
    /// Records that were read, whether they are wanted or not.
    pub(crate) read: usize,
}

/// Reads back from a place, or from the end: so many records that fit, and of the files at most so many bytes.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn recent(
    path: &Path,
    from: Option<Place>,
    filter: &Filter,
    (wanted, bytes): (usize, u64),
) -> io::Result<Recent> {
    let files = files(path)?;
    let mut found = Recent::default();
    let mut left = bytes;
    let mut newer: Option<Record> = None;
    let oldest = files.first().map(|(number, _)| *number);
    let from_file = from.map_or(u64::MAX, |from| from.file);
    for (number, path) in files.into_iter().rev() {
        if number > from_file {
            continue;
        }
        let file = match File::open(path) {
            Ok(file) => file,
            // The current one, between two files.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let end = file.metadata()?.len();
        let end = match from {
            Some(from) if from.file == number => end.min(from.at),
            _ => end,
        };
        let mut lines = Backward::new(file, end);
        loop {
            // One that is longer than the bound would be read for ever.
            let skips = found.read == 0 && found.broken == 0;
            let step = if found.records.len() >= wanted {
                Step::Bound
            } else {
                lines.next(&mut left, skips)?
            };
            match step {
                Step::Line(line) => match Record::read(&line) {
                    Some(record) => take(&mut found, &mut newer, record, filter),
                    None => found.broken += 1,
                },
                Step::Bound => {
                    let is_begin = lines.end == 0 && Some(number) == oldest;
                    found.next = (!is_begin).then_some(Place {
                        file: number,
                        at: lines.end,
                    });
                    return Ok(found);
                }
                Step::Begin => break,
            }
        }
    }
    Ok(found)
}

fn take(found: &mut Recent, newer: &mut Option<Record>, record: Record, filter: &Filter) {
    if newer
        .as_ref()
        .is_some_and(|newer| !newer.follows(&record.head))
    {
        found.gaps += 1;
    }
    found.read += 1;
    if filter.fits(&record.members) {
        found.records.push(record.members.clone());
    }
    *newer = Some(record);
}

/// Bytes of all logs of a name, with those that other processes write beside it.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn size(path: &Path) -> io::Result<u64> {
    let mut bytes = 0_u64;
    for place in super::lock::places(path) {
        for (_, file) in files(&place)? {
            bytes = bytes.saturating_add(std::fs::metadata(file).map_or(0, |found| found.len()));
        }
    }
    Ok(bytes)
}

/// All files of a log with their numbers, oldest first.
fn files(path: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut files = disk::aside(path)?;
    let last = files.last().map_or(0, |(number, _)| *number);
    files.push((last.saturating_add(1), path.to_owned()));
    Ok(files)
}

enum Step {
    Line(Vec<u8>),
    Bound,
    Begin,
}

/// Lines of a file from its end.
struct Backward {
    file: File,
    /// Bytes from `at` to `end`.
    held: Vec<u8>,
    at: u64,
    /// Where the line ends that comes next.
    end: u64,
}

impl Backward {
    const fn new(file: File, end: u64) -> Self {
        Self {
            file,
            held: Vec::new(),
            at: end,
            end,
        }
    }

    /// The line before; where the bound comes first, it is read again the next time, or skipped.
    fn next(&mut self, left: &mut u64, skips: bool) -> io::Result<Step> {
        loop {
            // The end of the line itself does not count.
            let body = self.held.strip_suffix(b"\n").unwrap_or(&self.held);
            let begin = body.iter().rposition(|byte| *byte == b'\n');
            if let Some(begin) = begin {
                let line = self.held.split_off(begin + 1);
                return Ok(Step::Line(self.passed(line)));
            }
            if self.at == 0 {
                if self.held.is_empty() {
                    return Ok(Step::Begin);
                }
                let line = std::mem::take(&mut self.held);
                return Ok(Step::Line(self.passed(line)));
            }
            if *left == 0 {
                if skips {
                    self.held.clear();
                    self.end = self.at;
                }
                return Ok(Step::Bound);
            }
            if self.held.len() > LONGEST {
                self.held.clear();
                self.end = self.at;
            }
            self.piece(left)?;
        }
    }

    fn passed(&mut self, mut line: Vec<u8>) -> Vec<u8> {
        self.end = self.end.saturating_sub(line.len() as u64);
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        line
    }

    /// Reads what stands before.
    fn piece(&mut self, left: &mut u64) -> io::Result<()> {
        let length = (PIECE as u64).min(self.at).min(*left);
        *left -= length;
        self.at -= length;
        self.file.seek(SeekFrom::Start(self.at))?;
        let mut piece = Vec::with_capacity(PIECE + self.held.len());
        (&mut self.file).take(length).read_to_end(&mut piece)?;
        piece.append(&mut self.held);
        self.held = piece;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::chain::Head;
    use super::*;
    use crate::json::json;

    fn folder(name: &str) -> PathBuf {
        let name = format!("mcpwright-recent-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A log of 1,000 calls in three files, each of whose tools has the number of its record.
    fn log(folder: &Path) -> PathBuf {
        let path = folder.join("audit.jsonl");
        let mut head = Head::genesis();
        for (name, records) in [
            ("audit.jsonl.000001", 1..=400),
            ("audit.jsonl.000002", 401..=900),
            ("audit.jsonl", 901..=1_000_u64),
        ] {
            let mut text = String::new();
            for number in records {
                let risk = if number % 10 == 0 { "write" } else { "read" };
                let facts = json!({"event": "call", "tool": format!("tool_{number}"), "risk": risk,
                    "principal": "key:ann", "result": "ok", "arguments": {"text": "x".repeat(200)}});
                text.push_str(&head.line(facts.as_object().unwrap()));
            }
            std::fs::write(folder.join(name), text).unwrap();
        }
        path
    }

    fn seqs(found: &Recent) -> Vec<u64> {
        let records = found.records.iter();
        records.filter_map(|one| one.get("seq")?.as_u64()).collect()
    }

    #[test]
    fn pages_lead_from_the_newest_record_to_the_oldest_each_once() {
        let folder = folder("pages");
        let path = log(&folder);
        for (wanted, bytes) in [(70, 1 << 20), (1_000, 50_000), (7, 3_000)] {
            let (mut all, mut from) = (Vec::new(), None);
            loop {
                let found = recent(&path, from, &Filter::default(), (wanted, bytes)).unwrap();
                assert_eq!((found.gaps, found.broken), (0, 0));
                assert!(found.records.len() <= wanted);
                all.extend(seqs(&found));
                let next = found.next.map(|next| next.to_string());
                match next.and_then(|next| Place::parse(&next)) {
                    Some(next) => from = Some(next),
                    None => break,
                }
            }
            let expected: Vec<u64> = (1..=1_000).rev().collect();
            assert_eq!(all, expected, "{wanted} {bytes}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn no_more_is_read_than_the_bound_whatever_the_filter_finds() {
        let folder = folder("bound");
        let path = log(&folder);
        let filter = Filter {
            tool: "no such tool".to_owned(),
            ..Filter::default()
        };
        let found = recent(&path, None, &filter, (10, 20_000)).unwrap();
        assert!(found.records.is_empty() && found.next.is_some());
        assert!((10..60).contains(&found.read), "{}", found.read);
        // A line without an end, longer than the bound.
        std::fs::write(&path, vec![b'x'; 300_000]).unwrap();
        let (mut from, mut steps) = (None, 0);
        let found = loop {
            let found = recent(&path, from, &Filter::default(), (5, 100_000)).unwrap();
            steps += 1;
            if !found.records.is_empty() || found.next.is_none() {
                break found;
            }
            from = found.next;
        };
        assert_eq!(seqs(&found), [900, 899, 898, 897, 896]);
        assert!(steps <= 4, "{steps}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_filter_leaves_what_fits_and_a_change_is_seen() {
        let folder = folder("filter");
        let path = log(&folder);
        let of = |filter: Filter| recent(&path, None, &filter, (5, 1 << 20)).unwrap();
        let writes = of(Filter {
            class: "write".to_owned(),
            who: "ANN".to_owned(),
            ..Filter::default()
        });
        assert_eq!(seqs(&writes), [1_000, 990, 980, 970, 960]);
        for (filter, expected) in [
            (("bob", "", ""), 0),
            (("", "tool_99", ""), 5),
            (("", "", "failed"), 0),
            (("", "", "ok"), 5),
        ] {
            let (who, tool, outcome) = filter;
            let found = of(Filter {
                who: who.to_owned(),
                tool: tool.to_owned(),
                outcome: outcome.to_owned(),
                ..Filter::default()
            });
            assert_eq!(found.records.len(), expected, "{filter:?}");
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let changed = lines.join("\n").replace("tool_950", "tool_951");
        std::fs::write(&path, format!("{changed}\n")).unwrap();
        let found = recent(&path, None, &Filter::default(), (80, 1 << 20)).unwrap();
        assert_eq!((found.broken, found.gaps), (1, 1));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
