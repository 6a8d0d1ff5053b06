//! How long before a resend: full jitter, so that callers who were cut off at once do not come back at once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::class::Class;

/// Longest delay that chance gives.
const CAP: Duration = Duration::from_secs(20);

/// The delay after a number of attempts: between nothing and twice as much each time.
pub(crate) fn delay(class: Class, attempts: u32, random: &Random) -> Duration {
    let base = match class {
        Class::Limited => Duration::from_secs(1),
        Class::Unwritten | Class::Ambiguous | Class::Definitive => Duration::from_millis(50),
    };
    let doubled = base.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(0));
    let most = if doubled.is_zero() {
        CAP
    } else {
        doubled.min(CAP)
    };
    most.mul_f64(random.share())
}

/// Where chance comes from. What it gives is no secret.
#[derive(Debug)]
pub(crate) struct Random(Mutex<u64>);

impl Random {
    /// The same numbers for the same seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    /// Other numbers in each process, so that replicas do not go in step.
    pub(crate) fn of_this_process() -> Self {
        let mut bytes = [0_u8; 8];
        let filled = rustls::crypto::ring::default_provider()
            .secure_random
            .fill(&mut bytes);
        Self::seeded(match filled {
            Ok(()) => u64::from_le_bytes(bytes),
            Err(_) => u64::from(std::process::id()),
        })
    }

    /// A number from 0 up to and without 1.
    fn share(&self) -> f64 {
        // The upper 53 bits, which a double holds exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_spread_from_nothing_to_a_ceiling_that_doubles() {
        let random = Random::seeded(7);
        for (class, attempts, ceiling) in [
            (Class::Ambiguous, 1, 50),
            (Class::Unwritten, 2, 100),
            (Class::Ambiguous, 3, 200),
            (Class::Limited, 1, 1_000),
            (Class::Limited, 2, 2_000),
            (Class::Limited, 6, 20_000),
            (Class::Ambiguous, 400, 20_000),
        ] {
            let ceiling = Duration::from_millis(ceiling);
            let drawn: Vec<Duration> = (0..1_000)
                .map(|_| delay(class, attempts, &random))
                .collect();
            let least = drawn.iter().min().copied().unwrap_or_default();
            let most = drawn.iter().max().copied().unwrap_or_default();
            let mean = drawn.iter().sum::<Duration>() / 1_000;
            assert!(most < ceiling && most > ceiling.mul_f64(0.98), "{most:?}");
            assert!(least < ceiling.mul_f64(0.02), "{least:?}");
            assert!(mean > ceiling.mul_f64(0.45) && mean < ceiling.mul_f64(0.55));
        }
    }

    #[test]
    fn a_seed_gives_the_same_numbers_and_a_process_others() {
        let draw = |random: Random| [random.next(), random.next()];
        assert_eq!(draw(Random::seeded(1)), draw(Random::seeded(1)));
        assert_ne!(draw(Random::seeded(1)), draw(Random::seeded(2)));
        assert_ne!(
            draw(Random::of_this_process()),
            draw(Random::of_this_process())
        );
    }
}
