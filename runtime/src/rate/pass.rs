//! Waiting for a request of the budget, and noting what answers say about it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::learn::left;
use super::line::{Front, Line};
use crate::retry::retry_after;
use crate::state::{Key, Rate, State};
use crate::turn;
use crate::upstream::{Failure, Reply};

/// Time that a request has left when it goes out, or a quarter of what its call has.
const RESERVE: Duration = Duration::from_secs(3);
/// Time that the store may take before the call gives up its place among those that are worked on.
const MOMENT: Duration = Duration::from_millis(50);
/// Pause after a refusal that names no time.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// What a request needs to pass.
pub(crate) struct Asking<'a> {
    pub(crate) state: &'a dyn State,
    pub(crate) key: &'a Key,
    pub(crate) line: &'a Line,
    pub(crate) rate: Option<Rate>,
    /// The end of the call's time.
    pub(crate) until: Instant,
    /// Whether it changes something.
    pub(crate) writes: bool,
}

/// Takes a request of the budget, and waits for it as long as the call has time.
///
/// # Errors
/// That nothing may be sent: for how long, or that nobody knows.
pub(crate) async fn pass(asking: &Asking<'_>) -> Result<(), Failure> {
    // In a long line it is the call with the least time left whose turn it is. One that went out with a
    // moment to go would be given up on its way, and a write would be unknown.
    let now = Instant::now();
    let reserve = RESERVE.min(asking.until.saturating_duration_since(now) / 4);
    let until = asking.until.checked_sub(reserve).unwrap_or(asking.until);
    // Where nobody waits there is no line: what is asked for the one would be waited for by all.
    let mut front = match asking.line.is_taken() {
        true => Some(stand(asking, until).await?),
        false => None,
    };
    loop {
        let taken = asking.state.take(asking.key, asking.rate);
        match (turn::idle_after(MOMENT, taken).await, &front) {
            (Ok(Duration::ZERO), _) => break,
            (Ok(wait), _) if Instant::now() + wait >= until => {
                if let Some(front) = &front {
                    front.goes_on(Instant::now() + wait);
                }
                return Err(Failure::Limited { wait });
            }
            (Ok(_), None) => front = Some(stand(asking, until).await?),
            (Ok(wait), Some(front)) => {
                let at = Instant::now() + wait;
                front.goes_on(at);
                turn::idle(sleep_until(at)).await;
            }
            // Reads go on without a budget: at worst the service refuses them.
            (Err(error), _) if !asking.writes => {
                tracing::warn!(%error, "the budget of requests was not asked");
                break;
            }
            (Err(error), _) => return Err(Failure::NoState(error.to_string())),
        }
    }
    // Whoever waited for a place among those that are worked on may have no time left either.
    if Instant::now() > until {
        return Err(Failure::Limited { wait: PAUSE });
    }
    Ok(())
}

/// Waits in line for the front, unless it is known that its turn would come too late.
async fn stand(asking: &Asking<'_>, until: Instant) -> Result<Front, Failure> {
    let line = asking.line;
    let caller = turn::caller();
    let begin = Instant::now();
    let front = || line.goes_on().unwrap_or(begin).max(begin);
    let late = |at: Instant| {
        let wait = at.saturating_duration_since(Instant::now());
        Failure::Limited {
            wait: if wait.is_zero() { PAUSE } else { wait },
        }
    };
    // At the rate, each of those behind the front takes a time that is known, and so does this one.
    let rate = asking.rate.filter(|_| line.is_taken());
    let before = rate.map_or(Duration::ZERO, |rate| {
        let seconds = (line.before(&caller) + 1) as f64 / rate.per_second;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    });
    match front().checked_add(before) {
        Some(at) if at < until => {}
        Some(at) => return Err(late(at)),
        None => return Err(Failure::Limited { wait: PAUSE }),
    }
    let waiting = timeout_at(until, line.wait(&caller));
    match turn::idle(waiting).await {
        Ok(Some(front)) => Ok(front),
        Ok(None) | Err(_) => Err(late(front())),
    }
}

/// Notes what an answer says: a refusal pauses the whole budget, not only the call that met it. `now` is in
/// seconds since 1970.
pub(crate) fn note(state: &Arc<dyn State>, key: &Key, reply: &Reply, now: u64) {
    let asked = retry_after(reply, now);
    let told = left(&reply.headers, now);
    let (requests, time) = match (reply.status, asked, told) {
        (429 | 503, Some(wait), _) => (0, wait),
        (429, None, Some(told)) => (0, told.time),
        (429, None, None) => (0, PAUSE),
        (_, _, Some(told)) => (told.requests, told.time),
        (_, _, None) => return,
    };
    if time.is_zero() {
        return;
    }
    let (state, key) = (Arc::clone(state), *key);
    let mut noting = Box::pin(async move {
        if let Err(error) = state.limit(&key, requests, time).await {
            tracing::warn!(%error, "what the service says about its budget was not noted");
        }
    });
    // What is kept here is noted when this returns. For a store nobody waits: who was answered must not become
    // one of whom nobody knows because their caller leaves now.
    if (&mut noting).now_or_never().is_none()
        && let Ok(runtime) = tokio::runtime::Handle::try_current()
    {
        runtime.spawn(noting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gone::{Gone, gone};
    use crate::state::{Held, Later, Memory, Unavailable};
    use crate::typed::Payload;

    const KEY: Key = [1; 32];

    fn memory() -> Arc<dyn State> {
        Arc::new(Memory::default())
    }

    fn asking<'a>(state: &'a dyn State, line: &'a Line, seconds: u64) -> Asking<'a> {
        Asking {
            state,
            key: &KEY,
            line,
            rate: None,
            until: Instant::now() + Duration::from_secs(seconds),
            writes: true,
        }
    }

    fn reply(status: u16, headers: &[(&str, &str)]) -> Reply {
        let headers = headers.iter();
        Reply {
            status,
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            payload: Payload::Empty,
            inexact: Vec::new(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_pauses_the_budget_for_all_and_for_as_long_as_it_says() {
        for (status, headers, paused) in [
            (429, &[("retry-after", "7")] as &[(&str, &str)], 7),
            (503, &[("retry-after", "7")], 7),
            (
                429,
                &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9")],
                9,
            ),
            (
                429,
                &[
                    ("retry-after", "2"),
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "9"),
                ],
                2,
            ),
            (429, &[], 1),
            (
                200,
                &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9")],
                9,
            ),
            (
                200,
                &[("x-ratelimit-remaining", "5"), ("x-ratelimit-reset", "9")],
                0,
            ),
            (503, &[], 0),
            (200, &[("retry-after", "7")], 0),
        ] {
            let (state, line) = (memory(), Line::default());
            note(&state, &KEY, &reply(status, headers), 0);
            let begin = Instant::now();
            let passed = pass(&asking(&*state, &line, 30)).await;
            assert_eq!(passed, Ok(()), "{status} {headers:?}");
            assert_eq!(begin.elapsed().as_secs(), paused, "{status} {headers:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_what_the_call_has_no_time_for() {
        let (state, line) = (memory(), Line::default());
        note(&state, &KEY, &reply(429, &[("retry-after", "40")]), 0);
        let begin = Instant::now();
        let refused = pass(&asking(&*state, &line, 30)).await;
        let wait = Duration::from_secs(40);
        assert_eq!(refused, Err(Failure::Limited { wait }));
        // Behind somebody who waits longer, the same.
        let patient = asking(&*state, &line, 60);
        let (first, second) = tokio::join!(pass(&patient), async {
            tokio::task::yield_now().await;
            let second = pass(&asking(&*state, &line, 30)).await;
            (second, begin.elapsed())
        });
        assert_eq!(first, Ok(()));
        assert_eq!(second, (Err(Failure::Limited { wait }), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn what_goes_out_has_time_for_its_answer() {
        // Ten times as many calls as the service takes, each with 30 s: whoever is let through late has at
        // least the reserve, and all others are refused.
        let (state, line) = (Arc::new(Memory::default()), Arc::new(Line::default()));
        let begin = Instant::now();
        let mut calls = Vec::new();
        for _ in 0..300 {
            let (state, line) = (Arc::clone(&state), Arc::clone(&line));
            calls.push(tokio::spawn(async move {
                let rate = Some(Rate {
                    per_second: 1.0,
                    burst: 1.0,
                });
                let asking = Asking {
                    rate,
                    ..asking(&*state, &line, 30)
                };
                (pass(&asking).await, begin.elapsed())
            }));
        }
        let (mut passed, mut refused) = (0, 0);
        for call in calls {
            let (outcome, at) = call.await.unwrap_or_else(|error| unreachable!("{error}"));
            match outcome {
                Ok(()) => passed += 1,
                Err(failure) => {
                    assert!(matches!(failure, Failure::Limited { .. }), "{failure:?}");
                    refused += 1;
                }
            }
            let left = Duration::from_secs(30).saturating_sub(at);
            assert!(left >= RESERVE - Duration::from_millis(10), "{at:?}");
        }
        assert!(
            passed >= 26 && refused >= 200,
            "{passed} passed, {refused} refused"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_left_is_shared_and_then_waited_for() {
        let (state, line) = (memory(), Line::default());
        let told = &[("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "10")];
        note(&state, &KEY, &reply(200, told), 0);
        let begin = Instant::now();
        let mut passed = Vec::new();
        for _ in 0..5 {
            assert_eq!(pass(&asking(&*state, &line, 30)).await, Ok(()));
            passed.push(begin.elapsed().as_secs());
        }
        assert_eq!(passed, [0, 0, 0, 10, 10]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_kept_over_all_callers() {
        let (state, line) = (Arc::new(Memory::default()), Arc::new(Line::default()));
        let begin = Instant::now();
        let mut calls = Vec::new();
        for _ in 0..40 {
            let (state, line) = (Arc::clone(&state), Arc::clone(&line));
            calls.push(tokio::spawn(async move {
                let rate = Some(Rate {
                    per_second: 10.0,
                    burst: 10.0,
                });
                let asking = Asking {
                    rate,
                    ..asking(&*state, &line, 30)
                };
                pass(&asking).await
            }));
        }
        for call in calls {
            assert_eq!(call.await.ok(), Some(Ok(())));
        }
        let took = begin.elapsed().as_millis();
        assert!((3_000..3_200).contains(&took), "{took}");
    }

    #[tokio::test]
    async fn without_the_shared_state_reads_go_on_and_writes_do_not() {
        let (gone, line): (Arc<dyn State>, _) = (Arc::new(Gone), Line::default());
        let write = asking(&*gone, &line, 30);
        let refused = Failure::NoState("it is gone".to_owned());
        assert_eq!(pass(&write).await, Err(refused));
        let read = Asking {
            writes: false,
            ..write
        };
        assert_eq!(pass(&read).await, Ok(()));
        note(&gone, &KEY, &reply(429, &[]), 0);
    }

    /// A store that takes its time, and then answers or does not.
    #[derive(Debug)]
    struct Slow(Duration, Result<(), ()>);

    impl State for Slow {
        fn claim<'a>(&'a self, _: &'a Key, _: &'a str, _: Duration) -> Later<'a, Option<Held>> {
            gone()
        }
        fn note<'a>(
            &'a self,
            _: &'a Key,
            _: Option<&'a str>,
            _: &'a str,
            _: Duration,
        ) -> Later<'a, ()> {
            gone()
        }
        fn put<'a>(
            &'a self,
            _: &'a Key,
            _: Option<&'a str>,
            _: &'a str,
            _: Duration,
        ) -> Later<'a, ()> {
            gone()
        }
        fn release<'a>(&'a self, _: &'a Key, _: &'a str) -> Later<'a, ()> {
            gone()
        }
        fn take<'a>(&'a self, _: &'a Key, _: Option<Rate>) -> Later<'a, Duration> {
            Box::pin(async {
                tokio::time::sleep(self.0).await;
                let unavailable = |()| Unavailable("it hangs".to_owned());
                self.1.map(|()| Duration::ZERO).map_err(unavailable)
            })
        }
        fn limit<'a>(&'a self, _: &'a Key, _: u64, _: Duration) -> Later<'a, ()> {
            Box::pin(async {
                tokio::time::sleep(self.0).await;
                Ok(())
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_what_another_asks_of_a_store_that_is_slow_or_hangs() {
        for (time, answers) in [(5, Ok(())), (2_000, Err(()))] {
            let time = Duration::from_millis(time);
            let (state, line) = (Slow(time, answers), Line::default());
            let begin = Instant::now();
            let read = Asking {
                writes: false,
                ..asking(&state, &line, 30)
            };
            let passed = futures_util::future::join_all((0..100).map(|_| pass(&read))).await;
            assert!(passed.iter().all(Result::is_ok), "{passed:?}");
            assert_eq!(begin.elapsed(), time);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_not_held_up_by_what_it_says_of_the_budget() {
        let state: Arc<dyn State> = Arc::new(Slow(Duration::from_secs(2), Ok(())));
        let begin = Instant::now();
        note(&state, &KEY, &reply(429, &[]), 0);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn whose_turn_would_come_too_late_is_told_so_on_arrival() {
        let (state, line) = (memory(), Line::default());
        let rate = Some(Rate {
            per_second: 1.0,
            burst: 1.0,
        });
        let ask = || async {
            let begin = Instant::now();
            let asking = Asking {
                rate,
                ..asking(&*state, &line, 30)
            };
            (pass(&asking).await, begin.elapsed())
        };
        let ended = futures_util::future::join_all((0..100).map(|_| ask())).await;
        let refused = ended.iter().filter(|(passed, _)| passed.is_err());
        assert!(refused.clone().count() >= 70);
        for (failure, after) in refused {
            assert_eq!(*after, Duration::ZERO);
            let wait = match failure {
                Err(Failure::Limited { wait }) => wait.as_secs(),
                other => unreachable!("{other:?}"),
            };
            assert!((26..=30).contains(&wait), "{wait}");
        }
    }
}
