//! The log itself: records behind each other in a file, whole or not at all, whatever happened before.

use std::io;

use super::chain::{Head, Record, sha256};
use super::disk::Disk;
use crate::clock::Clock;
use crate::json::{Object, Value, json};

/// Bytes at the end of a file in which its last record is looked for. Records are far shorter.
const TAIL: u64 = 1 << 20;
/// How every record begins.
const BEGINNING: &[u8] = b"{\"seq\":";

/// A log that one process writes.
pub(super) struct Log<D> {
    disk: D,
    clock: Clock,
    head: Head,
    /// Bytes of the current file that are whole records.
    length: u64,
    /// Size from which a new file is begun.
    most: u64,
    /// Why the end of the file has to be looked at before anything is added.
    broken: Option<String>,
}

impl<D: Disk> Log<D> {
    /// Opens a log and brings its end in order.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is no log.
    pub(super) fn open(disk: D, clock: Clock, most: u64) -> io::Result<Self> {
        let mut log = Self {
            disk,
            clock,
            head: Head::genesis(),
            length: 0,
            most,
            broken: None,
        };
        log.recover()?;
        Ok(log)
    }

    /// Adds records, all or none; gives the number of the first one. With `sync` they are on the disk.
    ///
    /// # Errors
    /// When they cannot be written. They are not in the log then, and the next call looks after its end.
    pub(super) fn write(&mut self, records: &[Object], sync: bool) -> io::Result<u64> {
        if self.broken.is_some() {
            self.recover()?;
        }
        let outcome = self.add(records, sync);
        if let Err(error) = &outcome {
            self.broken = Some(error.to_string());
            // What cannot be cut is found at the next recovery, and said there.
            let _ = self.disk.cut(self.length);
        }
        outcome
    }

    /// Waits until everything is on the disk.
    ///
    /// # Errors
    /// When the disk says no.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.broken.is_none() {
            self.disk
                .sync()
                .inspect_err(|error| self.broken = Some(error.to_string()))?;
        }
        Ok(())
    }

    fn add(&mut self, records: &[Object], sync: bool) -> io::Result<u64> {
        if self.length >= self.most {
            self.begin_next_file()?;
        }
        let mut head = self.head.clone();
        let first = head.seq.saturating_add(1);
        let lines: String = records.iter().map(|members| head.line(members)).collect();
        self.disk.append(lines.as_bytes())?;
        if sync {
            self.disk.sync()?;
        }
        self.head = head;
        self.length = self.length.saturating_add(lines.len() as u64);
        Ok(first)
    }

    /// The chain goes on in a new file, whose first record says after which.
    fn begin_next_file(&mut self) -> io::Result<()> {
        self.disk.sync()?;
        let after = self.disk.put_aside()?;
        self.length = self.disk.open()?;
        let mut head = self.head.clone();
        let line = head.line(&self.event("continued", json!({"after": after})));
        self.disk.append(line.as_bytes())?;
        self.disk.sync()?;
        self.head = head;
        self.length = self.length.saturating_add(line.len() as u64);
        Ok(())
    }

    /// Finds the last record. What stands behind it is what a process that was killed, or a disk that was
    /// full, left of another one: it stays where it is, and the next record says what it is.
    fn recover(&mut self) -> io::Result<()> {
        let length = self.disk.open()?;
        let mut tail = self.disk.tail(TAIL)?;
        let unended = tail.last().is_some_and(|last| *last != b'\n');
        if unended {
            tail.push(b'\n');
        }
        let (head, torn) = match last_record(&tail) {
            Some(found) => found,
            None if length > tail.len() as u64 => return Err(foreign()),
            None if !is_piece(&tail) => return Err(foreign()),
            None => (self.before()?, tail.as_slice()),
        };
        let mut added = String::from(if unended { "\n" } else { "" });
        let mut next = head.clone();
        let why = self.broken.as_deref();
        if !torn.is_empty() || why.is_some() {
            let mut facts = Object::new();
            if !torn.is_empty() {
                let torn = json!({"bytes": torn.len(), "sha256": sha256(torn)});
                facts.insert("torn".to_owned(), torn);
            }
            if let Some(why) = why {
                facts.insert("after".to_owned(), Value::from(why));
            }
            added.push_str(&next.line(&self.event("recovered", Value::Object(facts))));
        }
        if !added.is_empty() {
            let disk = &mut self.disk;
            let written = disk.append(added.as_bytes()).and_then(|()| disk.sync());
            if written.is_err() {
                // Or else every attempt would leave a piece.
                let _ = disk.cut(length);
            }
            written?;
        }
        self.head = next;
        self.length = length.saturating_add(added.len() as u64);
        self.broken = None;
        Ok(())
    }

    /// The head that a file without records goes on from.
    fn before(&mut self) -> io::Result<Head> {
        let Some(mut tail) = self.disk.tail_aside(TAIL)? else {
            return Ok(Head::genesis());
        };
        if tail.last().is_some_and(|last| *last != b'\n') {
            tail.push(b'\n');
        }
        last_record(&tail).map(|(head, _)| head).ok_or_else(foreign)
    }

    fn event(&self, name: &str, facts: Value) -> Object {
        event(self.clock, name, facts)
    }
}

/// A record's members: when, what, and the facts.
pub(super) fn event(clock: Clock, name: &str, facts: Value) -> Object {
    let mut members = Object::new();
    members.insert("at".to_owned(), Value::from(clock.timestamp()));
    members.insert("event".to_owned(), Value::from(name));
    if let Value::Object(facts) = facts {
        members.extend(facts);
    }
    members
}

/// The last record among lines that all end, and what stands behind it.
fn last_record(lines: &[u8]) -> Option<(Head, &[u8])> {
    let mut end = lines.len();
    loop {
        let body = lines.get(..end.checked_sub(1)?)?;
        let start = body
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        if let Some(record) = Record::read(body.get(start..)?) {
            return Some((record.head, lines.get(end..)?));
        }
        end = start;
    }
}

/// Whether lines may be what is left of the first record.
fn is_piece(lines: &[u8]) -> bool {
    let begun = lines.strip_suffix(b"\n").unwrap_or(lines);
    begun.starts_with(BEGINNING) || BEGINNING.starts_with(begun)
}

fn foreign() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the file does not end with a record of an audit log; move it away, or name another",
    )
}
