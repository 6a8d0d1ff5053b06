//! What reached the proxy, and what of it the CRM got.

use std::collections::HashMap;

use super::kind::Kind;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What happened to it.
    pub kind: Option<Kind>,
    /// Status of the CRM's answer, if it was passed on.
    pub passed_on: Option<u16>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// By the write that they belong to; see [`mark`].
    entries: HashMap<String, Vec<Entry>>,
    /// Requests that ask whether the service is back.
    pub probes: u64,
}

impl Ledger {
    /// Notes a request before anything happens to it; gives which attempt of its write it is.
    pub fn open(&mut self, mark: &str) -> usize {
        if mark.starts_with("GET ") {
            self.probes += 1;
        }
        let entries = self.entries.entry(mark.to_owned()).or_default();
        entries.push(Entry {
            kind: None,
            passed_on: None,
        });
        entries.len()
    }

    /// Says what happened to it.
    pub fn close(
        &mut self,
        mark: &str,
        attempt: usize,
        kind: Option<Kind>,
        passed_on: Option<u16>,
    ) {
        let entries = self.entries.get_mut(mark);
        if let Some(entry) = entries.and_then(|entries| entries.get_mut(attempt - 1)) {
            entry.kind = kind;
            entry.passed_on = passed_on;
        }
    }

    /// The requests of a write.
    pub fn of_write(&self, mark: &str) -> &[Entry] {
        self.entries.get(mark).map_or(&[], Vec::as_slice)
    }

    /// How many requests of writes there were.
    pub fn requests(&self) -> u64 {
        self.entries
            .values()
            .map(|entries| entries.len() as u64)
            .sum::<u64>()
            - self.probes
    }

    /// How many of them met a fault.
    pub fn faults(&self) -> usize {
        self.all().filter(|entry| entry.kind.is_some()).count()
    }

    /// How many met a kind of fault, and how many of these the CRM got.
    pub fn of(&self, kind: Kind) -> (usize, usize) {
        let met = || self.all().filter(move |entry| entry.kind == Some(kind));
        let arrived = met().filter(|entry| entry.passed_on.is_some()).count();
        (met().count(), arrived)
    }

    fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().flatten()
    }
}

/// What the marks of creates begin with whose keys the CRM is to honour. From others the proxy takes the key,
/// so that the CRM does not mend what the server spoils.
pub const KEYED: &str = "mark-00";

/// Which write a request belongs to: creates say so in their bodies, others change a record that nothing
/// else changes.
pub fn mark(method: &str, path: &str, body: &str) -> String {
    if method == "POST"
        && let Some((_, rest)) = body.split_once("mark-")
    {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-');
        return format!(
            "mark-{}",
            rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
        );
    }
    let path = path.split('?').next().unwrap_or_default();
    format!("{method} {path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_found_by_what_they_write() {
        assert_eq!(
            mark("POST", "/leads", r#"{"name":"mark-3-17"}"#),
            "mark-3-17"
        );
        assert_eq!(mark("DELETE", "/leads/7?x=1", ""), "DELETE /leads/7");
        let mut ledger = Ledger::default();
        assert_eq!(ledger.open("a"), 1);
        assert_eq!(ledger.open("a"), 2);
        assert_eq!(ledger.open("GET /"), 1);
        ledger.close("a", 2, Some(Kind::Stall), Some(201));
        assert_eq!(
            (ledger.requests(), ledger.probes, ledger.faults()),
            (2, 1, 1)
        );
        assert_eq!(ledger.of(Kind::Stall), (1, 1));
        assert_eq!(ledger.of_write("a").len(), 2);
    }
}
