//! A budget of requests: what refills at a rate, and what the service has said is left.

use std::time::Duration;

use tokio::time::Instant;

use super::Rate;

/// How far apart the ends of two times may be that are the same: answers are on their way for a while.
const SAME: Duration = Duration::from_secs(1);

/// One budget.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// Requests that may go out at the rate, when it was last asked.
    tokens: f64,
    asked: Instant,
    /// Requests that are left until then, as the service has said.
    left: Option<(u64, Instant)>,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            tokens: f64::INFINITY,
            asked: now,
            left: None,
        }
    }

    /// Whether it was not asked for a time and nothing is known of it.
    pub(super) fn is_idle(&self, now: Instant, time: Duration) -> bool {
        let is_over = self.left.is_none_or(|(_, until)| until <= now);
        is_over && now.saturating_duration_since(self.asked) > time
    }

    /// How much would be lost with it, for a comparison: what the service has said, then how lately it was asked.
    pub(super) fn worth(&self, now: Instant) -> (bool, Instant) {
        let is_limited = self.left.is_some_and(|(_, until)| until > now);
        (is_limited, self.asked)
    }

    /// Takes a request, or says how long to wait.
    pub(super) fn take(&mut self, now: Instant, rate: Option<Rate>) -> Duration {
        let passed = now.saturating_duration_since(self.asked).as_secs_f64();
        self.asked = now;
        self.left = self.left.filter(|(_, until)| *until > now);
        if let Some(rate) = rate {
            self.tokens = (self.tokens + passed * rate.per_second).min(rate.burst);
        }
        match &mut self.left {
            Some((0, until)) => return *until - now,
            _ if rate.is_some() && self.tokens < 1.0 => {}
            Some((left, _)) => *left -= 1,
            None => {}
        }
        match rate {
            Some(rate) if self.tokens < 1.0 => {
                let wait = (1.0 - self.tokens) / rate.per_second;
                // Rounded up, so that it is there when it is asked for again.
                Duration::from_secs_f64(wait) + Duration::from_micros(1)
            }
            Some(_) => {
                self.tokens -= 1.0;
                Duration::ZERO
            }
            None => Duration::ZERO,
        }
    }

    /// Lets no more than this be taken within a time. A pause stands whatever is said meanwhile, since
    /// answers to requests that went out before it arrive after it.
    pub(super) fn limit(&mut self, now: Instant, requests: u64, time: Duration) {
        let until = now + time;
        let known = self.left.filter(|(_, until)| *until > now);
        self.left = Some(match (requests, known) {
            (0, Some((0, known))) => (0, known.max(until)),
            (0, _) | (_, None) => (requests, until),
            (_, Some((0, known))) => (0, known),
            // The next time has begun, or times slide.
            (_, Some((_, known))) if until > known + SAME => (requests, until),
            (_, Some((left, known))) => (left.min(requests), known),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_rate_refills_and_its_burst_is_a_ceiling() {
        let rate = Some(Rate {
            per_second: 2.0,
            burst: 3.0,
        });
        let begin = Instant::now();
        let mut bucket = Bucket::new(begin);
        let taken = |bucket: &mut Bucket, now| {
            std::iter::repeat_with(|| bucket.take(now, rate))
                .take_while(Duration::is_zero)
                .count()
        };
        assert_eq!(taken(&mut bucket, begin), 3);
        let wait = bucket.take(begin, rate);
        assert_eq!(wait.as_millis(), 500);
        assert_eq!(bucket.take(begin + wait, rate), Duration::ZERO);
        assert_eq!(taken(&mut bucket, begin + Duration::from_millis(900)), 0);
        assert_eq!(taken(&mut bucket, begin + seconds(3_600)), 3);
    }

    #[test]
    fn what_the_service_says_counts_until_its_time_is_over() {
        let begin = Instant::now();
        let mut bucket = Bucket::new(begin);
        bucket.limit(begin, 2, seconds(10));
        assert_eq!(bucket.take(begin, None), Duration::ZERO);
        assert_eq!(bucket.take(begin, None), Duration::ZERO);
        assert_eq!(bucket.take(begin + seconds(4), None), seconds(6));
        assert_eq!(bucket.take(begin + seconds(10), None), Duration::ZERO);
        assert!(bucket.is_idle(begin + seconds(90), seconds(60)));
        assert!(!bucket.is_idle(begin + seconds(20), seconds(60)));
    }

    #[test]
    fn of_what_is_said_at_a_time_the_strictest_holds() {
        let begin = Instant::now();
        type Said = (u64, u64);
        let table: &[(&[Said], Said)] = &[
            // Answers arrive in any order.
            (&[(5, 10), (7, 10)], (5, 10)),
            (&[(7, 10), (5, 10)], (5, 10)),
            // The next time has begun.
            (&[(1, 3), (100, 60)], (100, 60)),
            // A pause stands, and the longest of several does.
            (&[(0, 5), (100, 60)], (0, 5)),
            (&[(0, 5), (0, 3)], (0, 5)),
            (&[(0, 3), (0, 5)], (0, 5)),
            (&[(9, 60), (0, 5)], (0, 5)),
        ];
        for (said, expected) in table {
            let mut bucket = Bucket::new(begin);
            for (requests, time) in *said {
                bucket.limit(begin, *requests, seconds(*time));
            }
            let (left, until) = (expected.0, begin + seconds(expected.1));
            assert_eq!(bucket.left, Some((left, until)), "{said:?}");
        }
    }
}
