//! One part of a registry under all rules.

use std::borrow::Cow;
use std::sync::Arc;

use rules::ast::Outcome;
use rules::value::Range;

use super::change::{Answer, Change, Verdict};
use super::list::Listed;
use super::{Compared, Inner, MeasureChange, Pair};
use crate::frame::{CHUNK, Frame, WORDS};
use crate::machine::{Machine, Sink, View};
use crate::source::Batch;
use crate::totals::each;

type Words = [u64; WORDS];

/// What one plan says of one measure over the rows of a chunk.
#[derive(Clone, Debug)]
struct Side {
    eligible: Words,
    not_eligible: Words,
    undetermined: Words,
    amounts: Vec<Range>,
    fails: Vec<Words>,
}

impl Side {
    const fn nothing() -> Self {
        Self {
            eligible: [0; WORDS],
            not_eligible: [u64::MAX; WORDS],
            undetermined: [0; WORDS],
            amounts: Vec::new(),
            fails: Vec::new(),
        }
    }

    fn answer(&self, row: usize) -> Answer {
        let is = |words: &Words| words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
        if is(&self.not_eligible) {
            return Answer::NOTHING;
        }
        let outcome = if is(&self.eligible) {
            Outcome::Eligible
        } else if is(&self.undetermined) {
            Outcome::Undetermined
        } else {
            Outcome::NeedsPerson
        };
        Answer { outcome, amount: self.amounts.get(row).copied().unwrap_or(Range::ZERO) }
    }

    fn fail(&self, row: usize) -> Option<usize> {
        self.fails.iter().position(|words| words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1))
    }
}

/// Keeps what a plan says of a chunk.
struct Keep<'k>(&'k mut Vec<Side>);

impl Sink for Keep<'_> {
    fn measure(&mut self, _first: usize, view: &View<'_>) {
        let Some(side) = self.0.get_mut(view.index) else { return };
        side.eligible = view.eligible;
        side.not_eligible = view.not_eligible;
        side.undetermined = view.undetermined;
        side.amounts.resize(CHUNK, Range::ZERO);
        let possible = view.not_eligible.map(|words| !words);
        each(&possible, |row| {
            if row < view.rows
                && let Some(place) = side.amounts.get_mut(row)
            {
                *place = view.amount(row);
            }
        });
        side.fails.clear();
        view.fails(|number, first, _| {
            side.fails.resize(number, [0; WORDS]);
            side.fails.push(*first);
        });
    }
}

/// The machines of one thread.
#[derive(Debug)]
pub(super) struct Machines<'p> {
    base: Machine<'p>,
    drafts: Vec<Machine<'p>>,
}

impl<'p> Machines<'p> {
    pub(super) fn new(inner: &Inner<'p>) -> Self {
        let drafts = inner.drafts.iter().map(|draft| Machine::new(draft.plan, inner.isa)).collect();
        Self { base: Machine::new(inner.base, inner.isa), drafts }
    }
}

/// What is found in one part.
#[derive(Debug)]
pub struct Part<'p> {
    inner: &'p Inner<'p>,
    pub(super) machines: Machines<'p>,
    pub(super) compared: Vec<Compared>,
    pub(super) listed: Vec<Listed>,
    base: Vec<Side>,
    draft: Vec<Side>,
}

/// What a company gets in all, before and after.
#[derive(Clone, Copy)]
struct Whole {
    before: Answer,
    after: Answer,
    differs: bool,
}

impl Whole {
    const NOTHING: Self = Self { before: Answer::NOTHING, after: Answer::NOTHING, differs: false };

    fn put(&mut self, before: Answer, after: Answer, money: bool, differs: bool) {
        let join = |whole: &mut Answer, answer: Answer| {
            // eligible for one measure is more than undetermined of all
            let rank = |outcome: Outcome| match outcome {
                Outcome::NotEligible => 0,
                Outcome::NeedsPerson => 1,
                Outcome::Undetermined => 2,
                Outcome::Eligible => 3,
            };
            if rank(answer.outcome) > rank(whole.outcome) {
                whole.outcome = answer.outcome;
            }
            if money {
                whole.amount = whole.amount.add(answer.amount);
            }
        };
        join(&mut self.before, before);
        join(&mut self.after, after);
        self.differs |= differs;
    }
}

impl<'p> Part<'p> {
    pub(super) fn new(inner: &'p Inner<'p>, machines: Machines<'p>) -> Self {
        let sides = |measures: usize| vec![Side::nothing(); measures];
        let most = inner.drafts.iter().map(|draft| draft.plan.measures.len()).max().unwrap_or_default();
        Self {
            inner,
            machines,
            compared: inner.empty(),
            listed: Vec::new(),
            base: sides(inner.base.measures.len()),
            draft: sides(most),
        }
    }

    fn chunk(&mut self, batch: &Batch, frames: &[Cow<'_, Frame>], groups: &[Vec<u16>], first: usize) {
        let (inner, nothing) = (self.inner, Side::nothing());
        let rows = (batch.frame.len - first).min(CHUNK);
        self.machines.base.piece(&batch.frame, first, &mut Keep(&mut self.base));
        for (index, (draft, frame)) in inner.drafts.iter().zip(frames).enumerate() {
            let (Some(machine), Some(compared)) = (self.machines.drafts.get_mut(index), self.compared.get_mut(index))
            else {
                continue;
            };
            machine.piece(frame, first, &mut Keep(&mut self.draft));
            let mut wholes = vec![Whole::NOTHING; rows];
            for (number, (pair, change)) in draft.pairs.iter().zip(&mut compared.measures).enumerate() {
                let before = pair.base.and_then(|at| self.base.get(at)).unwrap_or(&nothing);
                let after = pair.draft.and_then(|at| self.draft.get(at)).unwrap_or(&nothing);
                let mut possible: Words = [0; WORDS];
                for (word, (a, b)) in possible.iter_mut().zip(before.not_eligible.iter().zip(&after.not_eligible)) {
                    *word = !(a & b);
                }
                each(&possible, |row| {
                    if row >= rows {
                        return;
                    }
                    let (from, to) = (before.answer(row), after.answer(row));
                    // of what is not given there is none in any unit
                    let amounts = pair.comparable || from == Answer::NOTHING || to == Answer::NOTHING;
                    let differs = from != to || !amounts;
                    let verdict = Verdict::of(from, to, !differs, amounts);
                    let at = first + row;
                    change.put(pair, verdict, from, to, groups, at);
                    if let Some(whole) = wholes.get_mut(row) {
                        whole.put(from, to, pair.money, differs);
                    }
                    let failed = change.blame(pair, from, to, before, after, row);
                    if index == 0 && inner.list && differs {
                        let id = batch.ids.as_ref().and_then(|ids| ids.get(at)).map(Arc::clone);
                        self.listed.push(Listed { id, pair: number, from, to, verdict, failed });
                    }
                });
            }
            for (row, whole) in wholes.iter().enumerate() {
                if (whole.before, whole.after) == (Answer::NOTHING, Answer::NOTHING) {
                    continue;
                }
                let verdict = Verdict::of(whole.before, whole.after, !whole.differs, true);
                let put = |change: &mut Change| change.put(verdict, whole.before, whole.after, true);
                put(&mut compared.all);
                in_groups(&mut compared.groups, groups, first + row, put);
            }
        }
    }
}

fn in_groups(cells: &mut [Vec<Change>], groups: &[Vec<u16>], row: usize, put: impl Fn(&mut Change)) {
    for (cells, groups) in cells.iter_mut().zip(groups) {
        let group = groups.get(row).copied().unwrap_or(0);
        if let Some(cell) = cells.get_mut(usize::from(group)) {
            put(cell);
        }
    }
}

impl MeasureChange {
    fn put(&mut self, pair: &Pair, verdict: Verdict, from: Answer, to: Answer, groups: &[Vec<u16>], row: usize) {
        let put = |change: &mut Change| change.put(verdict, from, to, pair.money);
        put(&mut self.all);
        in_groups(&mut self.groups, groups, row, put);
    }

    /// Counts what a company fails by on the side on which it is not eligible, and says what that is.
    fn blame(
        &mut self,
        pair: &Pair,
        from: Answer,
        to: Answer,
        before: &Side,
        after: &Side,
        row: usize,
    ) -> Option<usize> {
        let not = |answer: Answer| answer.outcome == Outcome::NotEligible;
        let (counts, otherwise, side, pays) = match (not(from), not(to)) {
            (false, true) => (&mut self.lost_by, &mut self.lost_otherwise, after, pair.draft_pays),
            (true, false) => (&mut self.won_by, &mut self.won_otherwise, before, pair.base_pays),
            _ => return None,
        };
        let fail = if pays { side.fail(row) } else { None };
        match fail.and_then(|fail| counts.get_mut(fail)) {
            Some(count) => *count += 1,
            None => *otherwise += 1,
        }
        fail
    }
}

impl Sink for Part<'_> {
    fn rows(&mut self, batch: &Batch) {
        let inner = self.inner;
        let frame = &batch.frame;
        let groups: Vec<Vec<u16>> = inner.dimensions.iter().map(|dimension| dimension.of(frame)).collect();
        let rows = frame.len as u64;
        for compared in &mut self.compared {
            compared.companies(rows, &groups);
        }
        let frames: Vec<Cow<'_, Frame>> = inner
            .drafts
            .iter()
            .map(|draft| draft.renumber.as_ref().map_or(Cow::Borrowed(frame), |renumber| renumber.frame(frame)))
            .collect();
        for first in (0..frame.len).step_by(CHUNK) {
            self.chunk(batch, &frames, &groups, first);
        }
    }

    fn measure(&mut self, _first: usize, _view: &View<'_>) {}
}
