//! Numbers that look like chance and are none: the same seed and place give the same, on each machine.

/// A number that stands for a place: a collection, a record, a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed(u64);

impl Seed {
    /// The first one.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// That of something by this name within it (FNV-1a).
    pub(super) fn of(self, name: &str) -> Self {
        let mixed = name
            .bytes()
            .fold(self.0 ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(mixed.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// That of the one at this place within it.
    pub(super) fn at(self, index: usize) -> Self {
        self.of(&format!("#{index}"))
    }

    /// A number (the last step of SplitMix64, which spreads what differs little).
    pub(super) const fn number(self) -> u64 {
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a limit; 0 where there is none.
    pub(super) fn below(self, limit: usize) -> usize {
        let limit = limit.max(1) as u64;
        usize::try_from(self.number() % limit).unwrap_or_default()
    }

    /// One of several.
    pub(super) fn pick<'t, T: ?Sized>(self, all: &[&'t T]) -> Option<&'t T> {
        all.get(self.below(all.len())).copied()
    }
}

/// A UUID of the form of version 4 (RFC 9562 §5.4).
pub(super) fn uuid(seed: Seed) -> String {
    let (high, low) = (seed.of("high").number(), seed.of("low").number());
    let high = high & 0xffff_ffff_ffff_0fff | 0x4000;
    let low = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_numbers_of_their_own_that_stay() {
        let seed = Seed::new(1);
        assert_eq!(seed.of("a").number(), Seed::new(1).of("a").number());
        assert_ne!(seed.of("a").number(), seed.of("b").number());
        assert_ne!(seed.number(), Seed::new(2).number());
        let found: std::collections::BTreeSet<usize> =
            (0..200).map(|index| seed.at(index).below(10)).collect();
        assert_eq!(found.len(), 10);
        assert_eq!(seed.below(0), 0);
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let uuid = uuid(Seed::new(7));
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.get(14..15), Some("4"), "{uuid}");
        assert!(
            matches!(uuid.get(19..20), Some("8" | "9" | "a" | "b")),
            "{uuid}"
        );
    }
}
