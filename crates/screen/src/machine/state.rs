//! The registers.

use crate::frame::{CHUNK, Column, Values, WORDS};
use crate::plan::Code;

/// A bit for each row.
pub(crate) type Words = [u64; WORDS];
pub(crate) const NONE: Words = [0; WORDS];
pub(crate) const ALL: Words = [u64::MAX; WORDS];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Truths {
    pub(crate) yes: Words,
    pub(crate) no: Words,
}

impl Truths {
    pub(crate) const UNKNOWN: Self = Self { yes: NONE, no: NONE };
}

/// The least and the most that each row can be.
#[derive(Debug)]
pub(crate) struct Numbers<T> {
    pub(crate) lo: [T; CHUNK],
    pub(crate) hi: [T; CHUNK],
    /// Every row is one value, and only `lo` counts.
    pub(crate) points: bool,
    /// The values stand in a column, and not here.
    pub(crate) column: Option<u32>,
}

impl<T: Copy + Default> Numbers<T> {
    fn boxed() -> Box<Self> {
        Box::new(Self { lo: [T::default(); CHUNK], hi: [T::default(); CHUNK], points: true, column: None })
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) truths: Vec<Truths>,
    pub(crate) masks: Vec<Words>,
    pub(crate) narrow: Vec<Option<Box<Numbers<i64>>>>,
    pub(crate) wide: Vec<Option<Box<Numbers<i128>>>>,
    /// What stands where a register is being written, so that a lookup always finds one.
    spare: Box<Numbers<i64>>,
    spare_wide: Box<Numbers<i128>>,
}

impl State {
    pub(crate) fn new(code: &Code) -> Self {
        Self {
            truths: vec![Truths::UNKNOWN; code.truths as usize],
            masks: vec![NONE; code.masks as usize],
            narrow: (0..code.narrow).map(|_| Some(Numbers::boxed())).collect(),
            wide: (0..code.wide).map(|_| Some(Numbers::boxed())).collect(),
            spare: Numbers::boxed(),
            spare_wide: Numbers::boxed(),
        }
    }
}

/// Registers of numbers of one width.
pub(crate) trait Bank<T> {
    fn get(&self, id: u32) -> &Numbers<T>;
    fn take(&mut self, id: u32) -> Box<Numbers<T>>;
    fn put(&mut self, id: u32, numbers: Box<Numbers<T>>);
    /// The least values of a register; of rows that are one value, the values.
    fn lo<'x>(&'x self, id: u32, window: &Window<'x>) -> &'x [T; CHUNK];

    #[inline(always)]
    fn hi<'x>(&'x self, id: u32, window: &Window<'x>) -> &'x [T; CHUNK] {
        let numbers = self.get(id);
        if numbers.points { self.lo(id, window) } else { &numbers.hi }
    }
}

impl Bank<i64> for State {
    #[inline(always)]
    fn get(&self, id: u32) -> &Numbers<i64> {
        self.narrow.get(id as usize).and_then(Option::as_deref).unwrap_or(&self.spare)
    }

    #[inline(always)]
    fn take(&mut self, id: u32) -> Box<Numbers<i64>> {
        let mut taken = self.narrow.get_mut(id as usize).and_then(Option::take).unwrap_or_else(Numbers::boxed);
        taken.column = None;
        taken
    }

    #[inline(always)]
    fn put(&mut self, id: u32, numbers: Box<Numbers<i64>>) {
        if let Some(place) = self.narrow.get_mut(id as usize) {
            *place = Some(numbers);
        }
    }

    #[inline(always)]
    fn lo<'x>(&'x self, id: u32, window: &Window<'x>) -> &'x [i64; CHUNK] {
        let numbers = self.get(id);
        numbers.column.and_then(|column| window.whole(column)).unwrap_or(&numbers.lo)
    }
}

impl Bank<i128> for State {
    #[inline(always)]
    fn get(&self, id: u32) -> &Numbers<i128> {
        self.wide.get(id as usize).and_then(Option::as_deref).unwrap_or(&self.spare_wide)
    }

    #[inline(always)]
    fn take(&mut self, id: u32) -> Box<Numbers<i128>> {
        self.wide.get_mut(id as usize).and_then(Option::take).unwrap_or_else(Numbers::boxed)
    }

    #[inline(always)]
    fn put(&mut self, id: u32, numbers: Box<Numbers<i128>>) {
        if let Some(place) = self.wide.get_mut(id as usize) {
            *place = Some(numbers);
        }
    }

    #[inline(always)]
    fn lo<'x>(&'x self, id: u32, _: &Window<'x>) -> &'x [i128; CHUNK] {
        &self.get(id).lo
    }
}

/// The rows of a frame's columns that are computed now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'f> {
    pub(crate) columns: &'f [Column],
    /// The first row.
    pub(crate) at: usize,
    /// How many rows, [`CHUNK`] at most.
    pub(crate) len: usize,
}

impl<'f> Window<'f> {
    pub(crate) fn column(&self, column: u32) -> Option<&'f Column> {
        self.columns.get(column as usize)
    }

    /// The values of a column of 64-bit numbers in place, if the window is a whole chunk.
    #[inline(always)]
    pub(crate) fn whole(&self, column: u32) -> Option<&'f [i64; CHUNK]> {
        match &self.column(column)?.values {
            Values::I64(values) => values.get(self.at..self.at + CHUNK)?.try_into().ok(),
            _ => None,
        }
    }

    /// Which rows of a column are known; `None` if all are.
    pub(crate) fn known(&self, column: &Column) -> Option<Words> {
        let known = column.known.as_ref()?;
        let mut words = self.bits(known.words());
        let rows = self.rows();
        if words.iter().zip(&rows).all(|(word, rows)| word & rows == *rows) {
            return None;
        }
        // rows beyond the window count as known
        for (word, rows) in words.iter_mut().zip(&rows) {
            *word |= !rows;
        }
        Some(words)
    }

    /// Bits from the window's first row on.
    pub(crate) fn bits(&self, source: &[u64]) -> Words {
        let (first, shift) = (self.at / 64, self.at % 64);
        let mut words = NONE;
        for (word, at) in words.iter_mut().zip(first..) {
            let low = source.get(at).copied().unwrap_or(0) >> shift;
            let high = if shift == 0 { 0 } else { source.get(at + 1).copied().unwrap_or(0) << (64 - shift) };
            *word = low | high;
        }
        words
    }

    /// The rows that there are.
    pub(crate) fn rows(&self) -> Words {
        let mut words = ALL;
        for (word, at) in words.iter_mut().zip(0..) {
            let before = at * 64;
            *word = match self.len.saturating_sub(before) {
                0 => 0,
                left if left >= 64 => u64::MAX,
                left => (1 << left) - 1,
            };
        }
        words
    }
}
