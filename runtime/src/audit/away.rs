//! Requests that were not let in: one record a minute of each kind, with their number, so that whoever repeats
//! them fills no disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long further ones are counted only.
const TIME: Duration = Duration::from_secs(60);
/// Time between two looks at all of them.
const SWEEP: Duration = Duration::from_secs(1);
/// Kinds that are kept apart, of all and of one caller: reasons name tools, and callers choose those.
const MOST: usize = 1_000;
const MOST_OF_ONE: usize = 16;
/// What stands for the reasons of a caller who has more of them, and for callers of whom there are more.
const OTHER_REASONS: &str = "other reasons";
const OTHER_CALLERS: &str = "(others)";

/// Of whom, and why.
type Kind = (String, String);

/// What was counted since it was written.
#[derive(Debug, Default)]
pub(super) struct Away(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    kinds: HashMap<Kind, Counted>,
    /// How many kinds there are of each caller.
    callers: HashMap<String, usize>,
    /// When those whose time is over were looked for.
    swept: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    since: Instant,
    times: u64,
}

impl Counted {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= TIME
    }
}

impl All {
    /// The kind that one is counted as.
    fn kind(&self, principal: &str, why: &str) -> Kind {
        let kind = (principal.to_owned(), why.to_owned());
        if self.kinds.contains_key(&kind) {
            return kind;
        }
        let of_one = self.callers.get(principal).copied().unwrap_or_default();
        if of_one >= MOST_OF_ONE {
            return (kind.0, OTHER_REASONS.to_owned());
        }
        if self.kinds.len() >= MOST {
            return (OTHER_CALLERS.to_owned(), OTHER_REASONS.to_owned());
        }
        kind
    }

    /// Forgets kinds whose time is over; those that were counted since are to be written.
    fn make_room(&mut self, now: Instant) -> Vec<(Kind, u64)> {
        let mut due = Vec::new();
        let is_soon = |at: Instant| now.saturating_duration_since(at) < SWEEP;
        if self.swept.is_some_and(is_soon) {
            return due;
        }
        self.swept = Some(now);
        self.kinds.retain(|kind, counted| {
            if counted.is_over(now) && counted.times > 0 {
                due.push((kind.clone(), counted.times));
            }
            !counted.is_over(now)
        });
        self.callers.clear();
        for (principal, _) in self.kinds.keys() {
            *self.callers.entry(principal.clone()).or_default() += 1;
        }
        due
    }
}

impl Away {
    /// Counts one more; what is to be written now: a kind and a number.
    pub(super) fn count(&self, principal: &str, why: &str, now: Instant) -> Vec<(Kind, u64)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = all.callers.get(principal).copied().unwrap_or_default();
        let mut due = if all.kinds.len() >= MOST || of_one >= MOST_OF_ONE {
            all.make_room(now)
        } else {
            Vec::new()
        };
        let kind = all.kind(principal, why);
        match all.kinds.get_mut(&kind) {
            Some(counted) if !counted.is_over(now) => counted.times += 1,
            Some(counted) => {
                due.push((kind, counted.times + 1));
                *counted = Counted {
                    since: now,
                    times: 0,
                };
            }
            None => {
                let counted = Counted {
                    since: now,
                    times: 0,
                };
                *all.callers.entry(kind.0.clone()).or_default() += 1;
                all.kinds.insert(kind.clone(), counted);
                due.push((kind, 1));
            }
        }
        due
    }

    /// What was counted and not written.
    pub(super) fn rest(&self) -> Vec<(Kind, u64)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = all
            .kinds
            .drain()
            .map(|(kind, counted)| (kind, counted.times));
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
        // Of more callers than are kept apart there is one record for all, until there is room.
        let written = (0..3 * MOST).map(|number| numbers(61, &format!("key:{number}")).len());
        assert_eq!(written.sum::<usize>(), MOST + 1);
        let all = 2 * u64::try_from(MOST).unwrap_or_default();
        let mut later = numbers(200, "key:new");
        later.sort_unstable();
        assert_eq!(later, [1, all - 1]);
    }

    #[test]
    fn who_finds_new_reasons_keeps_nobody_elses_out() {
        let (away, now) = (Away::default(), Instant::now());
        let mut written = 0;
        for number in 0..3 * MOST {
            let why = format!("the token has no scope for tool_{number}");
            written += away.count("oauth:greedy", &why, now).len();
        }
        assert_eq!(written, MOST_OF_ONE + 1);
        let other = away.count("oauth:other", "revoked", now);
        assert_eq!(other.len(), 1);
        let rest: u64 = away.rest().into_iter().map(|(_, times)| times).sum();
        assert_eq!(rest, 3 * MOST as u64 - MOST_OF_ONE as u64 - 1);
    }
}
