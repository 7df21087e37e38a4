//! What a change of the rules means for one company, and for many of them.

use rules::ast::Outcome;
use rules::value::{FEN, Range, UNBOUNDED};

/// The edges of the bands of gains and losses, in yuan. Nothing gained or lost is in no band.
pub const EDGES: [i64; 7] = [-1_000_000, -100_000, -10_000, 0, 10_000, 100_000, 1_000_000];

/// How many bands there are.
pub const BANDS: usize = EDGES.len() + 1;

/// What a measure, or all of them together, say of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// The amount, in the unit of [`rules::value`].
    pub amount: Range,
}

impl Answer {
    /// Nothing, as of a measure that is not there.
    pub const NOTHING: Self = Self { outcome: Outcome::NotEligible, amount: Range::ZERO };

    fn is_decided(self) -> bool {
        matches!(self.outcome, Outcome::Eligible | Outcome::NotEligible)
    }
}

/// What a change means for one company. Each company has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same answer.
    Same,
    /// It surely gets more: the least after is more than the most before.
    Gain,
    /// It surely gets less.
    Lose,
    /// Another outcome, surely, with the same amount.
    Other,
    /// The answer differs, and whether it gets more or less rests on what is not known.
    Unsure,
}

impl Verdict {
    /// Its name in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Gain => "gain",
            Self::Lose => "lose",
            Self::Other => "other",
            Self::Unsure => "unsure",
        }
    }

    /// The verdict over two answers; `same` says that they do not differ, `amounts` that their amounts have one unit.
    #[must_use]
    pub fn of(before: Answer, after: Answer, same: bool, amounts: bool) -> Self {
        let (from, to) = (before.amount, after.amount);
        if same {
            Self::Same
        } else if amounts && to.lo > from.hi {
            Self::Gain
        } else if amounts && to.hi < from.lo {
            Self::Lose
        } else if amounts && from == to && from.is_point() && before.is_decided() && after.is_decided() {
            Self::Other
        } else {
            Self::Unsure
        }
    }
}

/// Amounts of many companies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The least.
    pub lo: i128,
    /// The most of those of whom it has an end.
    pub hi: i128,
    /// Companies of whom it has none.
    pub endless: u64,
}

impl Sum {
    fn put(&mut self, lo: i128, hi: i128, endless: bool) {
        self.lo = self.lo.saturating_add(lo);
        if endless {
            self.endless += 1;
        } else {
            self.hi = self.hi.saturating_add(hi);
        }
    }

    fn add(&mut self, other: &Self) {
        self.lo = self.lo.saturating_add(other.lo);
        self.hi = self.hi.saturating_add(other.hi);
        self.endless += other.endless;
    }
}

/// What a change means for many companies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Companies.
    pub companies: u64,
    /// Those that surely get more.
    pub gain: u64,
    /// Those that surely get less.
    pub lose: u64,
    /// Those with another outcome, surely, and the same amount.
    pub other: u64,
    /// Those whose answer differs, and of whom more or less rests on what is not known.
    pub unsure: u64,
    /// Of the unsure, those of whom neither end of the amount falls, and one rises.
    pub may_gain: u64,
    /// Of the unsure, those of whom neither end rises, and one falls.
    pub may_lose: u64,
    /// Those with another outcome.
    pub outcome: u64,
    /// Those that were surely not eligible and surely are.
    pub newly_eligible: u64,
    /// Those that were surely eligible and surely are not.
    pub no_longer_eligible: u64,
    /// The amounts before.
    pub before: Sum,
    /// The amounts after.
    pub after: Sum,
    /// What is gained at least by those that surely gain.
    pub gained: i128,
    /// What is lost at least by those that surely lose; not above 0.
    pub lost: i128,
    /// The difference at least, over companies of whom it has an end: least after without most before.
    pub least: i128,
    /// Companies of whom it has none.
    pub least_endless: u64,
    /// The difference at most: most after without least before.
    pub most: i128,
    /// Companies of whom it has none.
    pub most_endless: u64,
    /// For each band: the companies that surely gain or lose so much, and those of whom the most that they can get
    /// changes by so much.
    pub bands: [(u64, u64); BANDS],
}

impl Change {
    /// Companies whose answer is the same.
    #[must_use]
    pub fn same(&self) -> u64 {
        self.companies.saturating_sub(self.gain + self.lose + self.other + self.unsure)
    }

    /// Companies whose answer differs.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.gain + self.lose + self.other + self.unsure
    }

    /// Takes a company; `money` says that its amounts are money, which alone is put into bands.
    pub fn put(&mut self, verdict: Verdict, before: Answer, after: Answer, money: bool) {
        let (from, to) = (before.amount, after.amount);
        let end = |value: i128| value >= UNBOUNDED;
        self.before.put(from.lo, from.hi, end(from.hi));
        self.after.put(to.lo, to.hi, end(to.hi));
        if end(from.hi) {
            self.least_endless += 1
        } else {
            self.least += to.lo - from.hi
        }
        if end(to.hi) {
            self.most_endless += 1
        } else {
            self.most += to.hi - from.lo
        }
        self.outcome += u64::from(before.outcome != after.outcome);
        let turns = |a: Outcome, b: Outcome| u64::from(before.outcome == a && after.outcome == b);
        self.newly_eligible += turns(Outcome::NotEligible, Outcome::Eligible);
        self.no_longer_eligible += turns(Outcome::Eligible, Outcome::NotEligible);
        let mut sure = 0;
        match verdict {
            Verdict::Same => return,
            Verdict::Gain => {
                self.gain += 1;
                sure = to.lo - from.hi;
                self.gained += sure;
            }
            Verdict::Lose => {
                self.lose += 1;
                sure = to.hi - from.lo;
                self.lost += sure;
            }
            Verdict::Other => self.other += 1,
            Verdict::Unsure => {
                self.unsure += 1;
                self.may_gain += u64::from(to.lo >= from.lo && to.hi >= from.hi && to != from);
                self.may_lose += u64::from(to.lo <= from.lo && to.hi <= from.hi && to != from);
            }
        }
        if money {
            if let Some((count, _)) = band(sure).and_then(|band| self.bands.get_mut(band)) {
                *count += 1;
            }
            let top = if end(from.hi) || end(to.hi) { 0 } else { to.hi - from.hi };
            if let Some((_, count)) = band(top).and_then(|band| self.bands.get_mut(band)) {
                *count += 1;
            }
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (count, more) in [
            (&mut self.companies, other.companies),
            (&mut self.gain, other.gain),
            (&mut self.lose, other.lose),
            (&mut self.other, other.other),
            (&mut self.unsure, other.unsure),
            (&mut self.may_gain, other.may_gain),
            (&mut self.may_lose, other.may_lose),
            (&mut self.outcome, other.outcome),
            (&mut self.newly_eligible, other.newly_eligible),
            (&mut self.no_longer_eligible, other.no_longer_eligible),
            (&mut self.least_endless, other.least_endless),
            (&mut self.most_endless, other.most_endless),
        ] {
            *count += more;
        }
        self.before.add(&other.before);
        self.after.add(&other.after);
        self.gained += other.gained;
        self.lost += other.lost;
        self.least += other.least;
        self.most += other.most;
        for (band, other) in self.bands.iter_mut().zip(&other.bands) {
            *band = (band.0 + other.0, band.1 + other.1);
        }
    }
}

/// The band of a gain or loss; `None` for nothing.
fn band(change: i128) -> Option<usize> {
    let at = |edge: &i64| i128::from(*edge) * 100 * FEN;
    if change == 0 {
        return None;
    }
    // a band of losses ends with its lower edge, one of gains begins with it
    Some(EDGES.iter().filter(|edge| if change > 0 { at(edge) <= change } else { at(edge) < change }).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(outcome: Outcome, lo: i128, hi: i128) -> Answer {
        Answer { outcome, amount: Range { lo, hi } }
    }

    fn verdict(before: Answer, after: Answer) -> Verdict {
        Verdict::of(before, after, before == after, true)
    }

    #[test]
    fn what_rests_on_the_unknown_is_not_said_surely() {
        use Outcome::{Eligible, NotEligible, Undetermined};
        let sure = answer(Eligible, 10, 10);
        assert_eq!(verdict(sure, sure), Verdict::Same);
        assert_eq!(verdict(sure, answer(Eligible, 11, 20)), Verdict::Gain);
        assert_eq!(verdict(answer(Eligible, 11, 20), sure), Verdict::Lose);
        assert_eq!(verdict(answer(Undetermined, 0, 10), answer(Undetermined, 0, 12)), Verdict::Unsure);
        assert_eq!(verdict(sure, answer(Undetermined, 0, 10)), Verdict::Unsure);
        assert_eq!(verdict(Answer::NOTHING, answer(Eligible, 0, 0)), Verdict::Other);
        assert_eq!(verdict(Answer::NOTHING, answer(Undetermined, 0, 0)), Verdict::Unsure);
        assert_eq!(verdict(answer(NotEligible, 0, 0), answer(Eligible, 1, 1)), Verdict::Gain);
        assert_eq!(Verdict::of(sure, answer(Eligible, 99, 99), false, false), Verdict::Unsure, "other units");
    }

    #[test]
    fn bands_have_their_edges_on_the_far_side_of_nothing() {
        let yuan = |yuan: i128| band(yuan * 100 * FEN);
        let expected = [
            (-2_000_000, Some(0)),
            (-1_000_000, Some(0)),
            (-999_999, Some(1)),
            (-10_000, Some(2)),
            (-1, Some(3)),
            (0, None),
            (1, Some(4)),
            (9_999, Some(4)),
            (10_000, Some(5)),
            (1_000_000, Some(7)),
        ];
        for (change, band) in expected {
            assert_eq!(yuan(change), band, "{change}");
        }
    }

    #[test]
    fn amounts_without_an_end_are_counted_and_not_added() {
        let mut change = Change::default();
        let open = answer(Outcome::Undetermined, 0, UNBOUNDED);
        change.put(Verdict::Unsure, answer(Outcome::Eligible, 5, 5), open, true);
        assert_eq!((change.after.endless, change.after.hi, change.most_endless, change.least), (1, 0, 1, -5));
    }
}
