//! A tape of numbers that a generator reads its choices from: proptest shortens and lowers the tape, and zero always
//! stands for the simplest choice, so that a failing example becomes small by itself.
#![allow(dead_code)] // each test uses its part

use proptest::prelude::*;
use proptest::test_runner::Config;

/// Choices, one number each; after the end every choice is the simplest.
#[derive(Clone)]
pub(crate) struct Tape {
    numbers: Vec<u32>,
    at: usize,
}

/// What was made of the numbers says more than they do.
impl std::fmt::Debug for Tape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} choices", self.numbers.len())
    }
}

impl Tape {
    pub(crate) fn new(numbers: Vec<u32>) -> Self {
        Self { numbers, at: 0 }
    }

    /// A choice among `count`; the simplest is 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number as usize % count.max(1)
    }

    /// Yes in `percent` of a hundred cases; the simplest is no.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    pub(crate) fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// Tapes of up to `length` choices.
pub(crate) fn tape(length: usize) -> impl Strategy<Value = Tape> {
    prop::collection::vec(any::<u32>(), 0..=length).prop_map(Tape::new)
}

/// So many cases, or as many as `PROPTEST_CASES` says.
pub(crate) fn cases(count: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(count);
    Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() }
}
