//! Numbers that look like chance and are the same in every run (SplitMix64, Steele et al. 2014).

/// A source of numbers.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers that belong to a seed and a name.
    pub fn new(seed: u64, name: &str) -> Self {
        let folded = name.bytes().fold(seed, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(folded)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another one; 0 below 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or_default()
    }

    /// One of some things.
    pub fn one<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let count = u64::try_from(things.len()).ok()?;
        things.get(usize::try_from(self.below(count)).ok()?)
    }
}
