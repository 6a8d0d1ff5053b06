//! The records that there are, within bounds.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Records of all collections, and bytes that they hold.
const MOST_RECORDS: usize = 50_000;
const MOST_BYTES: usize = 64 << 20;
/// Collections: each parent has its own.
const MOST_COLLECTIONS: usize = 5_000;

/// A record.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Its identifier as paths write it.
    pub(super) id: String,
    /// All that is known of it.
    pub(super) value: Map<String, Value>,
}

/// That there is no room for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

/// The records of all collections, by the path of each.
#[derive(Debug, Default)]
pub(super) struct Records {
    collections: IndexMap<String, Collection>,
    count: usize,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Collection {
    records: Vec<Record>,
    /// How many there have ever been.
    made: usize,
}

impl Records {
    /// Whether a collection was begun.
    pub(super) fn has(&self, collection: &str) -> bool {
        self.collections.contains_key(collection)
    }

    /// The records of a collection, in the order in which they were made.
    pub(super) fn of(&self, collection: &str) -> &[Record] {
        self.collections
            .get(collection)
            .map_or(&[], |found| &found.records)
    }

    /// Begins a collection.
    pub(super) fn begin(&mut self, collection: &str, records: Vec<Record>) -> Result<(), Full> {
        if self.collections.len() >= MOST_COLLECTIONS {
            return Err(Full);
        }
        self.collections
            .insert(collection.to_owned(), Collection::default());
        records
            .into_iter()
            .try_for_each(|record| self.add(collection, record))
    }

    /// The number of the next record.
    pub(super) fn next(&self, collection: &str) -> usize {
        self.collections
            .get(collection)
            .map_or(0, |found| found.made)
    }

    /// Adds a record.
    pub(super) fn add(&mut self, collection: &str, record: Record) -> Result<(), Full> {
        let size = size(&record);
        let bytes = self.bytes.saturating_add(size);
        if self.count >= MOST_RECORDS || bytes > MOST_BYTES {
            return Err(Full);
        }
        let into = self.collections.entry(collection.to_owned()).or_default();
        into.records.push(record);
        into.made = into.made.saturating_add(1);
        self.count = self.count.saturating_add(1);
        self.bytes = bytes;
        Ok(())
    }

    /// The record with an identifier.
    pub(super) fn find(&self, collection: &str, id: &str) -> Option<&Record> {
        self.of(collection).iter().find(|record| record.id == id)
    }

    /// Puts what is known of a record in the place of what was.
    pub(super) fn replace(
        &mut self,
        collection: &str,
        id: &str,
        value: Map<String, Value>,
    ) -> Result<(), Full> {
        let Some(found) = self.collections.get_mut(collection) else {
            return Ok(());
        };
        let Some(record) = found.records.iter_mut().find(|record| record.id == id) else {
            return Ok(());
        };
        let before = size(record);
        let after = Record {
            id: record.id.clone(),
            value,
        };
        let bytes = self
            .bytes
            .saturating_sub(before)
            .saturating_add(size(&after));
        if bytes > MOST_BYTES {
            return Err(Full);
        }
        self.bytes = bytes;
        *record = after;
        Ok(())
    }

    /// Takes a record out.
    pub(super) fn remove(&mut self, collection: &str, id: &str) -> Option<Record> {
        let found = self.collections.get_mut(collection)?;
        let index = found.records.iter().position(|record| record.id == id)?;
        let record = found.records.remove(index);
        self.count = self.count.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(size(&record));
        Some(record)
    }
}

/// What a record holds, in bytes: its texts, and something for each value.
fn size(record: &Record) -> usize {
    fn of(value: &Value) -> usize {
        let inner = match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(of).fold(0, usize::saturating_add),
            Value::Object(object) => object
                .iter()
                .map(|(name, value)| name.len().saturating_add(of(value)))
                .fold(0, usize::saturating_add),
            _ => 0,
        };
        inner.saturating_add(32)
    }
    record
        .value
        .iter()
        .map(|(name, value)| name.len().saturating_add(of(value)))
        .fold(64, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, text: &str) -> Record {
        let mut value = Map::new();
        value.insert("text".to_owned(), Value::from(text));
        Record {
            id: id.to_owned(),
            value,
        }
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let mut records = Records::default();
        let large = "x".repeat(20 << 20);
        assert_eq!(records.begin("/a", vec![record("1", &large)]), Ok(()));
        assert_eq!(records.add("/a", record("2", &large)), Ok(()));
        assert_eq!(records.add("/a", record("3", &large)), Ok(()));
        assert_eq!(records.add("/a", record("4", &large)), Err(Full));
        // What goes makes room.
        assert!(records.remove("/a", "2").is_some());
        assert_eq!(records.add("/a", record("4", &large)), Ok(()));
        assert_eq!(
            records.replace("/a", "4", record("4", &"x".repeat(40 << 20)).value),
            Err(Full)
        );
        assert_eq!(records.find("/a", "4").map(|one| one.value.len()), Some(1));
        assert_eq!(records.next("/a"), 4, "numbers are not given twice");
        assert!(records.find("/a", "2").is_none());
    }
}
