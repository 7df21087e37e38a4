//! Whole numbers drawn at random, the same ones for the same seed and row on every machine.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// How many numbers a row can draw in each of its two parts before it would reach the next one's.
const PART: u128 = 1 << 10;

/// The numbers of one row. All rows share one sequence, of which each has a stretch of its own: a row is the same
/// whichever other rows are made, and no two rows draw the same numbers.
#[derive(Debug)]
pub(super) struct Draw(Pcg64Mcg);

impl Draw {
    /// The numbers for what a company is.
    pub(super) fn company(seed: u64, row: u32) -> Self {
        Self::at(seed, u128::from(row) * 2 * PART)
    }

    /// The numbers for what is known of a company, and for its records.
    pub(super) fn knowledge(seed: u64, row: u32) -> Self {
        Self::at(seed, (u128::from(row) * 2 + 1) * PART)
    }

    fn at(seed: u64, steps: u128) -> Self {
        let mut generator = Pcg64Mcg::seed_from_u64(seed);
        generator.advance(steps);
        Self(generator)
    }

    /// A number from 0 to `end` - 1, all equally likely but for one part in four thousand million; 0 if `end` is 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()) * u64::from(end);
        u32::try_from(scaled >> 32).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.below(span(low, high)))
    }

    /// A number from `low` to `high` of which the low ones are likelier: the square of an even draw. With bands that grow
    /// in width it gives the long tails that sizes and revenues of companies have.
    pub(super) fn skewed(&mut self, low: i64, high: i64) -> i64 {
        let root = u64::from(self.below(1 << 16));
        low + i64::try_from((u64::from(span(low, high)) * root * root) >> 32).unwrap_or_default()
    }
}

/// How many numbers there are from `low` to `high`.
fn span(low: i64, high: i64) -> u32 {
    u32::try_from(high - low + 1).unwrap_or_default()
}

/// A rearrangement of the numbers below 2^`bits`, another for each seed: what counts up comes out scattered, and no two
/// numbers come out the same.
pub(super) fn scatter(number: u32, bits: u32, seed: u64) -> u32 {
    let mask = (1_u32 << bits) - 1;
    let (low, high) =
        (u32::try_from(seed & 0xffff_ffff).unwrap_or_default(), u32::try_from(seed >> 32).unwrap_or_default());
    let mut scattered = number & mask;
    for key in [low, high, low ^ high] {
        // An odd factor, an addend and a shift each lose nothing, so that all of them together lose nothing.
        scattered = scattered.wrapping_mul(0x9e37_79b1).wrapping_add(key) & mask;
        scattered ^= scattered >> (bits / 2);
    }
    scattered
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_row_draws_its_own_numbers() {
        let first = |mut draw: Draw| (0..8).map(|_| draw.below(u32::MAX)).collect::<Vec<_>>();
        assert_eq!(first(Draw::company(7, 3)), first(Draw::company(7, 3)));
        let others = [Draw::company(7, 4), Draw::company(8, 3), Draw::knowledge(7, 3), Draw::knowledge(7, 2)];
        for other in others {
            assert_ne!(first(other), first(Draw::company(7, 3)));
        }
    }

    #[test]
    fn draws_keep_within_their_ends() {
        let mut draw = Draw::company(1, 1);
        let drawn: BTreeSet<i64> = (0..1000).map(|_| draw.between(-3, 3)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-3, -2, -1, 0, 1, 2, 3]);
        let low = (0..1000).filter(|_| draw.skewed(0, 99) < 25).count();
        assert!((450..550).contains(&low), "half of the numbers are in the lowest quarter: {low}");
        assert!((0..1000).all(|_| (10..=20).contains(&draw.skewed(10, 20))));
        assert_eq!((draw.below(0), draw.between(5, 5)), (0, 5));
    }

    #[test]
    fn scattering_loses_no_number() {
        for seed in [0, 1, 20_260_430, u64::MAX] {
            let all: BTreeSet<u32> = (0..4096).map(|number| scatter(number, 12, seed)).collect();
            assert_eq!((all.len(), all.last()), (4096, Some(&4095)));
        }
        assert_ne!(scatter(1, 24, 5), scatter(1, 24, 6));
    }
}
