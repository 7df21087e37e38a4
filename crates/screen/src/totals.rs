//! What a screening comes to: for each measure how many companies have which outcome, what it costs, why not, and which
//! facts are missing.

use std::sync::{Mutex, PoisonError};

use rules::value::UNBOUNDED;

use crate::frame::{Frame, WORDS};
use crate::group::Dimension;
use crate::machine::{Sink, View};
use crate::plan::Plan;
use crate::run::{Collector, RunError};
use crate::source::Batch;

/// How many companies, and what they get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Eligible.
    pub eligible: u64,
    /// Not eligible.
    pub not_eligible: u64,
    /// Undetermined: facts are missing.
    pub undetermined: u64,
    /// Needs a person.
    pub needs_person: u64,
    /// The least that they get, in the unit of [`rules::value`] (for money a millionth of a fen).
    pub lo: i128,
    /// The most of those of whom it has an end.
    pub hi: i128,
    /// Companies of whom it has none.
    pub endless: u64,
}

impl Cell {
    fn add(&mut self, other: &Self) {
        self.eligible += other.eligible;
        self.not_eligible += other.not_eligible;
        self.undetermined += other.undetermined;
        self.needs_person += other.needs_person;
        self.lo += other.lo;
        self.hi += other.hi;
        self.endless += other.endless;
    }

    /// All of them.
    #[must_use]
    pub fn companies(&self) -> u64 {
        self.eligible + self.not_eligible + self.undetermined + self.needs_person
    }
}

/// A fact that is missing, over all companies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MissingTotals {
    /// Companies whose conditions it keeps open.
    pub gates: u64,
    /// Companies of whom it keeps the amount alone open.
    pub amounts: u64,
    /// What they could get by it at most, as far as that has an end.
    pub stake: i128,
    /// Companies of whom it has none.
    pub endless: u64,
}

/// One measure over all companies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureTotals {
    /// All of them.
    pub all: Cell,
    /// For each thing that a company may fail by: how many fail by it first, and how many by no other condition on
    /// themselves.
    pub fails: Vec<(u64, u64)>,
    /// For each fact that may be missing.
    pub missing: Vec<MissingTotals>,
    /// For each dimension its groups.
    pub groups: Vec<Vec<Cell>>,
}

/// All measures, in the order of the plan.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// The measures.
    pub measures: Vec<MeasureTotals>,
    /// For each dimension the companies in each group.
    pub sizes: Vec<Vec<u64>>,
}

impl Totals {
    fn new(plan: &Plan<'_>, dimensions: &[Dimension]) -> Self {
        let measure = |measure: &crate::plan::Screened<'_>| MeasureTotals {
            all: Cell::default(),
            fails: vec![(0, 0); measure.fails.len()],
            missing: vec![MissingTotals::default(); measure.missing.len()],
            groups: dimensions.iter().map(|dimension| vec![Cell::default(); dimension.groups.len()]).collect(),
        };
        Self {
            measures: plan.measures.iter().map(measure).collect(),
            sizes: dimensions.iter().map(|dimension| vec![0; dimension.groups.len()]).collect(),
        }
    }

    fn add(&mut self, other: &Self) {
        for (measure, other) in self.measures.iter_mut().zip(&other.measures) {
            measure.all.add(&other.all);
            for (fail, other) in measure.fails.iter_mut().zip(&other.fails) {
                *fail = (fail.0 + other.0, fail.1 + other.1);
            }
            for (missing, other) in measure.missing.iter_mut().zip(&other.missing) {
                missing.gates += other.gates;
                missing.amounts += other.amounts;
                missing.stake += other.stake;
                missing.endless += other.endless;
            }
            for (cell, other) in measure.groups.iter_mut().flatten().zip(other.groups.iter().flatten()) {
                cell.add(other);
            }
        }
        for (size, other) in self.sizes.iter_mut().flatten().zip(other.sizes.iter().flatten()) {
            *size += other;
        }
    }
}

/// Adds up a screening.
#[derive(Debug)]
pub struct Adder<'p> {
    plan: &'p Plan<'p>,
    dimensions: &'p [Dimension],
    totals: Mutex<Totals>,
}

impl<'p> Adder<'p> {
    /// Sums for a plan, by dimensions.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, dimensions: &'p [Dimension]) -> Self {
        Self { plan, dimensions, totals: Mutex::new(Totals::new(plan, dimensions)) }
    }

    /// The sums.
    #[must_use]
    pub fn totals(self) -> Totals {
        self.totals.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'p> Collector for Adder<'p> {
    type Part = Part<'p>;

    fn part(&self) -> Part<'p> {
        Part {
            dimensions: self.dimensions,
            totals: Totals::new(self.plan, self.dimensions),
            groups: vec![Vec::new(); self.dimensions.len()],
        }
    }

    fn take(&self, part: Part<'p>) -> Result<(), RunError> {
        self.totals.lock().unwrap_or_else(PoisonError::into_inner).add(&part.totals);
        Ok(())
    }
}

/// The sums of one part.
#[derive(Debug)]
pub struct Part<'p> {
    dimensions: &'p [Dimension],
    totals: Totals,
    /// For each dimension the group of each row at hand.
    groups: Vec<Vec<u16>>,
}

impl Part<'_> {
    fn group(&mut self, frame: &Frame) {
        for ((dimension, groups), sizes) in self.dimensions.iter().zip(&mut self.groups).zip(&mut self.totals.sizes) {
            *groups = dimension.of(frame);
            for group in groups {
                if let Some(size) = sizes.get_mut(usize::from(*group)) {
                    *size += 1;
                }
            }
        }
    }
}

impl Sink for Part<'_> {
    fn rows(&mut self, batch: &Batch) {
        self.group(&batch.frame);
    }

    fn measure(&mut self, first: usize, view: &View<'_>) {
        let Some(totals) = self.totals.measures.get_mut(view.index) else { return };
        let count = |words: &[u64; WORDS]| words.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        totals.all.add(&Cell {
            eligible: count(&view.eligible),
            not_eligible: count(&view.not_eligible),
            undetermined: count(&view.undetermined),
            needs_person: count(&view.needs_person),
            lo: view.lo,
            hi: view.hi,
            endless: u64::from(view.endless),
        });
        let fails = &mut totals.fails;
        view.fails(|number, first, alone| {
            if let Some(fail) = fails.get_mut(number) {
                *fail = (fail.0 + count(first), fail.1 + count(alone));
            }
        });
        let missing = &mut totals.missing;
        view.missing(|number, gates, amounts| {
            let Some(total) = missing.get_mut(number) else { return };
            total.gates += count(gates);
            total.amounts += count(amounts);
            for (rows, whole) in [(gates, true), (amounts, false)] {
                each(rows, |row| {
                    let potential = view.potential(row);
                    let stake = if whole { potential.hi.max(1) } else { (potential.hi - potential.lo).max(0) };
                    if potential.hi >= UNBOUNDED { total.endless += 1 } else { total.stake += stake }
                });
            }
        });
        for (groups, cells) in self.groups.iter().zip(&mut totals.groups) {
            let mut put = |rows: &[u64; WORDS], add: &dyn Fn(&mut Cell)| {
                each(rows, |row| {
                    let group = groups.get(first + row).copied().unwrap_or(0);
                    if let Some(cell) = cells.get_mut(usize::from(group)) {
                        add(cell);
                        let amount = view.amount(row);
                        cell.lo += amount.lo;
                        if amount.hi >= UNBOUNDED { cell.endless += 1 } else { cell.hi += amount.hi }
                    }
                });
            };
            put(&view.eligible, &|cell| cell.eligible += 1);
            put(&view.undetermined, &|cell| cell.undetermined += 1);
            put(&view.needs_person, &|cell| cell.needs_person += 1);
        }
    }
}

impl Totals {
    /// The companies of each group that are not eligible: those that are left.
    pub fn settle(&mut self) {
        for measure in &mut self.measures {
            for (cells, sizes) in measure.groups.iter_mut().zip(&self.sizes) {
                for (cell, size) in cells.iter_mut().zip(sizes) {
                    cell.not_eligible = size.saturating_sub(cell.eligible + cell.undetermined + cell.needs_person);
                }
            }
        }
    }
}

/// Every row whose bit is set.
pub(crate) fn each(rows: &[u64; WORDS], mut f: impl FnMut(usize)) {
    for (word, at) in rows.iter().zip((0..).step_by(64)) {
        let mut left = *word;
        while left != 0 {
            f(at + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
}
