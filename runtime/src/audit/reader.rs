//! Logs that are read, from the first file to the last: whether every record holds the one before, and
//! which writes have no known outcome.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::chain::{Head, Record, sha256};
use super::{disk, lock};
use crate::json::Object;

/// Faults that are told; of further ones only the number.
const FAULTS: usize = 20;

/// What a log says.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The current file.
    pub(crate) path: PathBuf,
    pub(crate) files: usize,
    pub(crate) records: u64,
    /// Number and hash of the last record.
    pub(crate) head: Option<(u64, String)>,
    /// What is unusual and no fault.
    pub(crate) notes: Vec<String>,
    /// Where the chain does not hold.
    pub(crate) faults: Vec<String>,
    pub(crate) more_faults: usize,
    /// Whether the record that was asked for by its hash is there.
    pub(crate) has_asked: bool,
    /// Writes whose outcome nobody knows.
    pub(crate) unknown: Vec<Open>,
    /// The last records.
    pub(crate) last: VecDeque<Object>,
}

/// A write whose outcome nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) seq: u64,
    pub(crate) members: Object,
    /// Whether the log says that it is unknown; otherwise it says nothing of it.
    pub(crate) said: bool,
}

/// Reads the logs of a name: that of the first process, and those of others beside it.
pub(crate) fn read(path: &Path, asked: &str, last: usize) -> io::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for place in lock::places(path) {
        let mut files: Vec<PathBuf> = disk::aside(&place)?
            .into_iter()
            .map(|(_, path)| path)
            .collect();
        if place.exists() {
            files.push(place.clone());
        }
        if !files.is_empty() {
            reports.push(Reading::new(place, asked, last).all(&files)?);
        }
    }
    Ok(reports)
}

/// A log that is being read.
struct Reading<'a> {
    report: Report,
    asked: &'a str,
    last: usize,
    head: Option<Head>,
    open: BTreeMap<u64, Open>,
    /// Lines that are no records, with where they begin.
    torn: Vec<u8>,
    torn_at: String,
}

impl<'a> Reading<'a> {
    fn new(path: PathBuf, asked: &'a str, last: usize) -> Self {
        Self {
            report: Report {
                path,
                ..Report::default()
            },
            asked,
            last,
            head: None,
            open: BTreeMap::new(),
            torn: Vec::new(),
            torn_at: String::new(),
        }
    }

    fn all(mut self, files: &[PathBuf]) -> io::Result<Report> {
        self.report.files = files.len();
        for path in files {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let mut lines = BufReader::new(File::open(path)?);
            let mut line = Vec::new();
            let mut number = 0_u64;
            while lines.read_until(b'\n', &mut line)? > 0 {
                number += 1;
                self.line(&line, &format!("{name}:{number}"));
                line.clear();
            }
        }
        self.end();
        Ok(self.report)
    }

    fn line(&mut self, line: &[u8], place: &str) {
        let Some(body) = line.strip_suffix(b"\n") else {
            return self.no_record(line, place);
        };
        match Record::read(body) {
            Some(record) => self.record(record, place),
            None => self.no_record(line, place),
        }
    }

    fn no_record(&mut self, line: &[u8], place: &str) {
        if self.torn.is_empty() {
            place.clone_into(&mut self.torn_at);
        }
        self.torn.extend_from_slice(line);
    }

    fn record(&mut self, record: Record, place: &str) {
        let torn = std::mem::take(&mut self.torn);
        if !torn.is_empty() {
            let said = record.members.get("torn").is_some_and(|said| {
                said.get("bytes").and_then(crate::json::Value::as_u64) == Some(torn.len() as u64)
                    && said.get("sha256").and_then(crate::json::Value::as_str)
                        == Some(&sha256(&torn))
            });
            if said && record.text("event") == "recovered" {
                let note = format!(
                    "{}: a piece of a record ({} bytes) is left of a process that was killed or a disk that was full",
                    self.torn_at,
                    torn.len()
                );
                self.report.notes.push(note);
            } else {
                let at = std::mem::take(&mut self.torn_at);
                self.fault(&at, "is no record, or was changed");
            }
        }
        match &self.head {
            Some(head) if record.follows(head) => {}
            Some(head) => {
                let (seq, after) = (record.head.seq, head.seq);
                self.fault(place, &format!("record {seq} does not follow record {after}: records are missing, or were put in or moved"));
            }
            None if record.follows(&Head::genesis()) => {}
            None if record.head.seq > 1 => self.report.notes.push(format!(
                "{place}: begins with record {}; earlier files are not here",
                record.head.seq
            )),
            None => self.fault(place, "does not begin a log"),
        }
        if !self.asked.is_empty() && record.head.hash == self.asked {
            self.report.has_asked = true;
        }
        self.follow(&record);
        self.report.records += 1;
        self.report.head = Some((record.head.seq, record.head.hash.clone()));
        self.head = Some(record.head);
        if self.last > 0 {
            if self.report.last.len() >= self.last {
                self.report.last.pop_front();
            }
            self.report.last.push_back(record.members);
        }
    }

    /// Keeps track of writes.
    fn follow(&mut self, record: &Record) {
        match (record.text("event"), record.number("of")) {
            ("intent", _) => {
                let open = Open {
                    seq: record.head.seq,
                    members: record.members.clone(),
                    said: false,
                };
                self.open.insert(record.head.seq, open);
            }
            ("outcome", Some(of)) if record.text("outcome") == "unknown" => {
                if let Some(open) = self.open.get_mut(&of) {
                    open.said = true;
                }
            }
            ("outcome", Some(of)) => {
                self.open.remove(&of);
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        let torn = std::mem::take(&mut self.torn);
        if !torn.is_empty() {
            let at = std::mem::take(&mut self.torn_at);
            let mut pieces = torn.split(|byte| *byte == b'\n');
            if pieces.any(|piece| piece.ends_with(b"\"}")) && torn.ends_with(b"\n") {
                self.fault(&at, "is no record, or was changed");
            } else {
                self.report.notes.push(format!(
                    "{at}: the last record is not whole: it is being written, or its process was killed; the next start says so in the log"
                ));
            }
        }
        self.report.unknown = std::mem::take(&mut self.open).into_values().collect();
    }

    fn fault(&mut self, place: &str, what: &str) {
        if self.report.faults.len() < FAULTS {
            self.report.faults.push(format!("{place}: {what}"));
        } else {
            self.report.more_faults += 1;
        }
    }
}
