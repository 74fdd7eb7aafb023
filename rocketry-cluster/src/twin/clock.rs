//! A seeded source of randomness, and inaccurate clocks.

use std::time::Duration;

/// A seeded source of randomness.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Chance(seed)
    }

    /// The next number, by splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Returns true with a probability of `in_a_thousand` in 1,000.
    pub(super) fn happens(&mut self, in_a_thousand: u64) -> bool {
        self.below(1000) < in_a_thousand
    }
}

/// The clock of a node. It starts at a different instant than the others, and runs faster or slower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SimClock {
    begin: u64,
    /// The microseconds that it shows per million true microseconds.
    rate: u64,
}

impl SimClock {
    /// Creates a clock whose rate is wrong by at most this percentage.
    pub(super) fn new(chance: &mut Chance, percent: u64) -> Self {
        let span = percent * 10_000;
        SimClock {
            begin: chance.below(1_000_000_000),
            rate: 1_000_000 - span + chance.below(2 * span + 1),
        }
    }

    /// An accurate clock.
    #[cfg(test)]
    pub(super) const fn right() -> Self {
        SimClock {
            begin: 0,
            rate: 1_000_000,
        }
    }

    /// The reading at a true instant in microseconds.
    pub(super) fn at(self, now: u64) -> Duration {
        Duration::from_micros(self.begin + now * self.rate / 1_000_000)
    }
}
