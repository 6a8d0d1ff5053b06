//! Callers that call at a rate, whatever the answers are.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::endpoint::Endpoint;
use crate::failure::{Context as _, Result};
use crate::server::Server;

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A result.
    Done,
    /// It was told to come back later.
    Refused,
    /// Anything else.
    Failed,
}

/// A call.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// What it came to.
    pub end: End,
    /// How long it took, in milliseconds.
    pub millis: f64,
}

/// Callers of a server.
#[derive(Debug, Clone, Copy)]
pub struct Callers {
    /// How many there are, each with one call at a time.
    pub number: usize,
    /// Calls per second of all together; none: as many as there are answers.
    pub rate: Option<f64>,
}

/// Lets callers call for a time.
///
/// # Errors
/// When a caller panics.
pub fn call(server: &Server, callers: Callers, time: Duration) -> Result<Vec<Call>> {
    let begin = Instant::now();
    thread::scope(|scope| {
        let working: Vec<_> = (0..callers.number)
            .map(|number| {
                let endpoint = server.caller();
                scope.spawn(move || one(&endpoint, number, callers, begin, time))
            })
            .collect();
        let mut calls = Vec::new();
        for one in working {
            calls.extend(one.join().ok().context("a caller panicked")?);
        }
        Ok(calls)
    })
}

fn one(
    endpoint: &Endpoint,
    number: usize,
    callers: Callers,
    begin: Instant,
    time: Duration,
) -> Vec<Call> {
    let mut calls = Vec::new();
    for turn in 0.. {
        if let Some(rate) = callers.rate {
            let place = turn * callers.number + number;
            let at = Duration::from_secs_f64(place as f64 / rate);
            thread::sleep(at.saturating_sub(begin.elapsed()));
        }
        if begin.elapsed() >= time {
            break;
        }
        let start = Instant::now();
        let answer = endpoint.answer("get_lead", &json!({"lead_id": 1 + turn % 40}));
        let end = match answer {
            Ok((429 | 503, _)) => End::Refused,
            Ok((_, text)) if text.contains("Rate limited:") => End::Refused,
            Ok((200, text)) if !text.contains("\"isError\":true") => End::Done,
            _ => End::Failed,
        };
        let millis = start.elapsed().as_secs_f64() * 1_000.0;
        calls.push(Call { end, millis });
    }
    calls
}

/// How long calls with an end took at most, but for one of so many.
pub fn percentile(calls: &[Call], end: End, but_one_of: usize) -> f64 {
    let of_end = calls.iter().filter(|call| call.end == end);
    let mut times: Vec<f64> = of_end.map(|call| call.millis).collect();
    times.sort_by(f64::total_cmp);
    let beyond = times.len() / but_one_of.max(1);
    let place = times.len().saturating_sub(1 + beyond);
    times.get(place).copied().unwrap_or_default()
}

/// How many calls had an end.
pub fn count(calls: &[Call], end: End) -> usize {
    calls.iter().filter(|call| call.end == end).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_leaves_out_one_of_so_many() {
        let mut calls: Vec<Call> = (1..=200_u32)
            .map(|millis| Call {
                end: End::Done,
                millis: f64::from(millis),
            })
            .collect();
        calls.push(Call {
            end: End::Failed,
            millis: 9_000.0,
        });
        for (but_one_of, expected) in [(100, 198.0), (2, 100.0), (1_000, 200.0)] {
            assert_eq!(percentile(&calls, End::Done, but_one_of), expected);
        }
        assert_eq!(percentile(&calls, End::Refused, 100), 0.0);
        assert_eq!(count(&calls, End::Failed), 1);
    }
}
