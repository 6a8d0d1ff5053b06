//! Lines that hold each other: every record carries the hash of the one before, so that none can be
//! changed, left out or put in without all that follow being written anew.
//!
//! `hash` is the SHA-256 (FIPS 180-4) of all bytes of the line before `,"hash":`, in lower-case
//! hexadecimal; `prev`, which is among those bytes, is the `hash` of the line before.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};

use crate::json::{Object, Value};

/// What comes before the first record.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Where a line's hash begins, and how long the rest of the line is from there.
const HASH: &str = ",\"hash\":\"";
const REST: usize = HASH.len() + 64 + 2;

/// Lower-case hexadecimal SHA-256 of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(digest(&SHA256, bytes).as_ref())
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    let both = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(both).collect()
}

/// The end of a chain: what the next record follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Number of the last record; 0 for none.
    pub(super) seq: u64,
    /// Its hash.
    pub(super) hash: String,
}

impl Head {
    /// The head of a chain without records.
    pub(super) fn genesis() -> Self {
        Self {
            seq: 0,
            hash: GENESIS.to_owned(),
        }
    }

    /// The line of the next record, with its line end; the head moves on to it.
    pub(super) fn line(&mut self, members: &Object) -> String {
        let seq = self.seq.saturating_add(1);
        let mut line = format!("{{\"seq\":{seq}");
        for (name, value) in members {
            let name = serde_json::to_string(name).unwrap_or_default();
            let value = serde_json::to_string(value).unwrap_or_default();
            let _ = write!(line, ",{name}:{value}");
        }
        let _ = write!(line, ",\"prev\":\"{}\"", self.hash);
        let hash = sha256(line.as_bytes());
        let _ = writeln!(line, "{HASH}{hash}\"}}");
        *self = Self { seq, hash };
        line
    }
}

/// A line that is a record: its hash is that of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) head: Head,
    pub(super) prev: String,
    pub(super) members: Object,
}

impl Record {
    /// Reads a line without its end; none if it is no record.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let at = line.len().checked_sub(REST)?;
        let (body, rest) = (line.get(..at)?, line.get(at..)?);
        let hash = rest.strip_prefix(HASH)?.strip_suffix("\"}")?;
        if sha256(body.as_bytes()) != hash {
            return None;
        }
        let members: Object = serde_json::from_str(line).ok()?;
        let seq = members.get("seq")?.as_u64()?;
        let prev = members.get("prev")?.as_str()?.to_owned();
        let hash = hash.to_owned();
        Some(Self {
            head: Head { seq, hash },
            prev,
            members,
        })
    }

    /// Whether it is the one after `head`.
    pub(super) fn follows(&self, head: &Head) -> bool {
        self.prev == head.hash && Some(self.head.seq) == head.seq.checked_add(1)
    }

    /// A text of the record; empty if it has none of this name.
    pub(super) fn text(&self, name: &str) -> &str {
        let text = self.members.get(name).and_then(Value::as_str);
        text.unwrap_or_default()
    }

    /// A number of the record.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.members.get(name)?.as_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn members(value: Value) -> Object {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_record_that_is_read_is_the_one_that_was_written_and_holds_the_one_before() {
        let mut head = Head::genesis();
        let tricky =
            json!({"event": "call", "a": "line\nend \",\"hash\":\"", "b": {"c": [1.50, null]}});
        let first = head.line(&members(tricky.clone()));
        let after_first = head.clone();
        let second = head.line(&members(json!({"event": "end"})));
        assert_eq!(first.matches('\n').count(), 1);
        let read = |line: &str| Record::read(line.trim_end().as_bytes());
        let (Some(first), Some(second)) = (read(&first), read(&second)) else {
            panic!("both are records");
        };
        assert!(first.follows(&Head::genesis()));
        assert!(second.follows(&after_first));
        assert!(!second.follows(&Head::genesis()));
        assert_eq!((first.head, second.head), (after_first, head));
        assert_eq!(first.members.get("a"), tricky.get("a"));
    }

    #[test]
    fn a_record_with_any_byte_changed_is_none() {
        let mut head = Head::genesis();
        let line = head.line(&members(json!({"event": "intent", "tool": "create_lead"})));
        let line = line.trim_end().as_bytes();
        assert!(Record::read(line).is_some());
        for place in 0..line.len() {
            let mut changed = line.to_vec();
            if let Some(byte) = changed.get_mut(place) {
                *byte ^= 1;
            }
            assert_eq!(Record::read(&changed), None, "{place}");
            assert_eq!(Record::read(line.get(..place).unwrap_or_default()), None);
        }
    }

    #[test]
    fn the_hash_is_what_other_tools_compute() {
        let mut head = Head::genesis();
        let line = head.line(&members(json!({"event": "end"})));
        let (body, rest) = line.split_once(HASH).unwrap_or_default();
        assert_eq!(rest.trim_end(), format!("{}\"}}", sha256(body.as_bytes())));
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
