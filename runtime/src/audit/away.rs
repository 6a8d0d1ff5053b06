//! Requests that were not let in: one record a minute of each kind, with their number, so that whoever repeats
//! them fills no disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long further ones are counted only.
const TIME: Duration = Duration::from_secs(60);
/// Kinds that are kept apart.
const MOST: usize = 1_000;

/// Of whom, and why.
type Kind = (String, String);

/// What was counted since it was written.
#[derive(Debug, Default)]
pub(super) struct Away(Mutex<HashMap<Kind, Counted>>);

#[derive(Debug, Clone, Copy)]
struct Counted {
    since: Instant,
    times: u64,
}

impl Away {
    /// Counts one more; what is to be written now: a kind and a number.
    pub(super) fn count(&self, principal: &str, why: &str, now: Instant) -> Vec<(Kind, u64)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        let is_over = |counted: &Counted| now.saturating_duration_since(counted.since) >= TIME;
        if all.len() >= MOST {
            all.retain(|kind, counted| {
                if is_over(counted) && counted.times > 0 {
                    due.push((kind.clone(), counted.times));
                }
                !is_over(counted)
            });
        }
        let kind = (principal.to_owned(), why.to_owned());
        let is_full = all.len() >= MOST;
        match all.get_mut(&kind) {
            Some(counted) if !is_over(counted) => counted.times += 1,
            Some(counted) => {
                due.push((kind, counted.times + 1));
                *counted = Counted {
                    since: now,
                    times: 0,
                };
            }
            None if is_full => {}
            None => {
                let counted = Counted {
                    since: now,
                    times: 0,
                };
                all.insert(kind.clone(), counted);
                due.push((kind, 1));
            }
        }
        due
    }

    /// What was counted and not written.
    pub(super) fn rest(&self) -> Vec<(Kind, u64)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = all.drain().map(|(kind, counted)| (kind, counted.times));
        counted.filter(|(_, times)| *times > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_a_minute_tells_of_all() {
        let (away, begin) = (Away::default(), Instant::now());
        let numbers = |second: u64, who: &str| {
            let due = away.count(who, "revoked", begin + Duration::from_secs(second));
            due.into_iter().map(|(_, times)| times).collect::<Vec<_>>()
        };
        assert_eq!(numbers(0, "key:1"), [1]);
        assert_eq!(numbers(0, "key:2"), [1]);
        for second in 1..60 {
            assert!(numbers(second, "key:1").is_empty());
        }
        assert_eq!(numbers(60, "key:1"), [60]);
        assert!(numbers(61, "key:1").is_empty());
        let rest: Vec<u64> = away.rest().into_iter().map(|(_, times)| times).collect();
        assert_eq!(rest, [1]);
        assert!(away.rest().is_empty());
        // Of more kinds than are kept apart no record is made, until there is room.
        let written = (0..3 * MOST).map(|number| numbers(61, &format!("key:{number}")).len());
        assert_eq!(written.sum::<usize>(), MOST);
        assert_eq!(numbers(200, "key:new"), [1]);
    }
}
