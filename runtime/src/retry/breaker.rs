//! When nothing is sent any more: most requests of the last seconds came to nothing.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How far back requests count.
const WINDOW: Duration = Duration::from_secs(10);
/// How many there have to be.
const LEAST: usize = 20;
/// How many are remembered: at more than that in ten seconds the last ones say enough.
const MOST: usize = 4_096;
/// How long nothing is sent at first.
const REST: Duration = Duration::from_secs(5);
/// How long at most, as it doubles with each probe that comes to nothing.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sample {
    /// The service answered for itself.
    Answered,
    /// No connection, no answer, or one of a server that is out of order.
    Lost,
}

/// Whether a request may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passage {
    /// It may.
    Open,
    /// As the one that shows whether the service is back; it has to be one that changes nothing.
    Probe,
    /// Not for this time.
    Closed(Duration),
}

/// A circuit breaker.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    samples: VecDeque<(Instant, Sample)>,
    lost: usize,
    /// Until when nothing is sent, and how long that is in all.
    resting: Option<(Instant, Duration)>,
    /// Until when a probe counts as being on its way.
    probing: Option<Instant>,
}

impl Breaker {
    /// Whether a request may go out now. Whoever is told to probe has `patience` to say how it ended.
    pub(crate) fn pass(&mut self, now: Instant, patience: Duration) -> Passage {
        match (self.resting, self.probing) {
            (None, _) => Passage::Open,
            (Some((until, _)), _) if now < until => Passage::Closed(until - now),
            (Some(_), Some(until)) if now < until => {
                Passage::Closed((until - now).min(Duration::from_secs(1)))
            }
            (Some(_), _) => {
                self.probing = Some(now + patience);
                Passage::Probe
            }
        }
    }

    /// Whether nothing speaks against the service.
    pub(crate) fn is_sound(&self) -> bool {
        self.resting.is_none() && self.lost == 0
    }

    /// How long nothing will be sent, if so, without asking to probe.
    pub(crate) fn closed(&self, now: Instant) -> Option<Duration> {
        let (until, _) = self.resting?;
        Some(until.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// How a probe ended.
    pub(crate) fn probed(&mut self, now: Instant, sample: Sample) {
        self.probing = None;
        match (sample, self.resting) {
            (Sample::Answered, _) => *self = Self::default(),
            (Sample::Lost, Some((_, rest))) => {
                let rest = rest.saturating_mul(2).min(LONGEST_REST);
                self.resting = Some((now + rest, rest));
            }
            (Sample::Lost, None) => {}
        }
    }

    /// How a request ended. Those that were on their way when nothing more went out say nothing new.
    pub(crate) fn note(&mut self, now: Instant, sample: Sample) {
        if self.resting.is_some() {
            return;
        }
        let is_old = |(at, _): &(Instant, Sample)| now.saturating_duration_since(*at) > WINDOW;
        while self.samples.front().is_some_and(is_old) || self.samples.len() >= MOST {
            if let Some((_, Sample::Lost)) = self.samples.pop_front() {
                self.lost = self.lost.saturating_sub(1);
            }
        }
        self.samples.push_back((now, sample));
        self.lost += usize::from(sample == Sample::Lost);
        if self.samples.len() >= LEAST && self.lost * 2 > self.samples.len() {
            self.samples.clear();
            self.lost = 0;
            self.resting = Some((now + REST, REST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn lost(breaker: &mut Breaker, now: Instant, count: usize) {
        (0..count).for_each(|_| breaker.note(now, Sample::Lost));
    }

    #[test]
    fn it_opens_when_more_than_half_of_twenty_or_more_came_to_nothing() {
        let now = Instant::now();
        for (answered, lost_ones, open) in [
            (0, 19, true),
            (0, 20, false),
            (10, 10, true),
            (10, 11, false),
            (100, 100, true),
        ] {
            let mut breaker = Breaker::default();
            (0..answered).for_each(|_| breaker.note(now, Sample::Answered));
            lost(&mut breaker, now, lost_ones);
            let passage = breaker.pass(now, PATIENCE);
            assert_eq!(passage == Passage::Open, open, "{answered} {lost_ones}");
        }
    }

    #[test]
    fn what_is_older_than_ten_seconds_does_not_count() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        lost(&mut breaker, now, 19);
        let later = now + Duration::from_secs(11);
        lost(&mut breaker, later, 1);
        assert_eq!(breaker.pass(later, PATIENCE), Passage::Open);
        assert_eq!((breaker.samples.len(), breaker.lost), (1, 1));
    }

    #[test]
    fn after_a_rest_one_probe_decides() {
        let mut now = Instant::now();
        let mut breaker = Breaker::default();
        lost(&mut breaker, now, 20);
        assert_eq!(breaker.pass(now, PATIENCE), Passage::Closed(REST));
        assert_eq!(breaker.closed(now), Some(REST));
        for rest in [10, 20, 40, 60, 60] {
            now += LONGEST_REST;
            assert_eq!(breaker.closed(now), None);
            assert_eq!(breaker.pass(now, PATIENCE), Passage::Probe);
            // The others wait for it.
            let others = breaker.pass(now, PATIENCE);
            assert_eq!(others, Passage::Closed(Duration::from_secs(1)));
            breaker.probed(now, Sample::Lost);
            let closed = Passage::Closed(Duration::from_secs(rest));
            assert_eq!(breaker.pass(now, PATIENCE), closed);
        }
        now += LONGEST_REST;
        assert_eq!(breaker.pass(now, PATIENCE), Passage::Probe);
        // One that never comes back does not close it for ever.
        now += PATIENCE;
        assert_eq!(breaker.pass(now, PATIENCE), Passage::Probe);
        breaker.probed(now, Sample::Answered);
        assert_eq!(breaker.pass(now, PATIENCE), Passage::Open);
        lost(&mut breaker, now, 20);
        assert_eq!(breaker.pass(now, PATIENCE), Passage::Closed(REST));
    }

    #[test]
    fn stragglers_change_nothing_while_it_rests() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        lost(&mut breaker, now, 20);
        breaker.note(now, Sample::Answered);
        lost(&mut breaker, now, 100);
        assert_eq!(breaker.pass(now, PATIENCE), Passage::Closed(REST));
    }
}
