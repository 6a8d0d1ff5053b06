//! What the SDK has let pass before: `Host`, `Origin`, `Accept` and `Content-Type` are its to judge, and the same for
//! nearly all requests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, ORIGIN};

use crate::kept::Kept;

/// Sets of fields that are kept.
const KEPT: usize = 64;
/// Longest set that is kept, in bytes.
const LONGEST: usize = 500;

/// Sets of fields that passed. What did not is judged again, and said again in the log.
#[derive(Debug)]
pub(super) struct Vetted(Mutex<Kept<Vec<u8>, ()>>);

impl Default for Vetted {
    fn default() -> Self {
        Self(Mutex::new(Kept::of_at_most(KEPT)))
    }
}

impl Vetted {
    /// Whether such a request passed before.
    pub(super) fn has(&self, headers: &HeaderMap) -> bool {
        self.kept().get(&key(headers)).is_some()
    }

    /// Notes that a request passed.
    pub(super) fn put(&self, headers: &HeaderMap) {
        let key = key(headers);
        if key.len() <= LONGEST {
            self.kept().insert(key, ());
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept<Vec<u8>, ()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All lines of the fields, each with its number; no field has a line end in it.
fn key(headers: &HeaderMap) -> Vec<u8> {
    let mut key = Vec::with_capacity(160);
    for (number, name) in (b'0'..).zip([HOST, ORIGIN, ACCEPT, CONTENT_TYPE]) {
        for line in headers.get_all(name) {
            key.push(number);
            key.extend_from_slice(line.as_bytes());
            key.push(b'\n');
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn fields(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &'static str)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        };
        let mut fields = HeaderMap::new();
        for (name, value) in lines.iter().map(line) {
            fields.append(name, value);
        }
        fields
    }

    #[test]
    fn what_passed_is_known_by_all_its_lines_and_by_nothing_else() {
        let vetted = Vetted::default();
        let usual = [("host", "a"), ("accept", "x"), ("content-type", "j")];
        vetted.put(&fields(&usual));
        let more = |line| [usual.as_slice(), &[line]].concat();
        assert!(vetted.has(&fields(&more(("authorization", "whoever")))));
        for other in [
            usual.get(1..).unwrap_or_default().to_vec(),
            more(("origin", "http://a")),
            more(("origin", "")),
            more(("accept", "y")),
            more(("host", "b")),
            vec![("host", "a"), ("origin", "x"), ("content-type", "j")],
            vec![("host", "b"), ("accept", "x"), ("content-type", "j")],
        ] {
            assert!(!vetted.has(&fields(&other)), "{other:?}");
        }
        let long = "l".repeat(LONGEST).leak();
        let long = fields(&[("host", "a"), ("accept", long)]);
        vetted.put(&long);
        assert!(!vetted.has(&long), "too long to be kept");
    }
}
