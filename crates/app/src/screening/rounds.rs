//! A call over all companies that are eligible: by rank, grade or quota, or in proportion to a budget.

use std::sync::Arc;

use rules::ast::{Outcome, Round};
use rules::diag::Text;
use rules::eval::Eval;
use rules::formula::{Expr, ExprKind};
use rules::ir::VersionIr;
use rules::report::{Amount, amount};
use rules::round::{self, Entry, Line, Settled};
use rules::value::{FEN, Range, UNBOUNDED};
use rules::vocabulary::Type;
use schemars::JsonSchema;
use screen::source::Batch;
use screen::{Frame, Plan, View};
use serde::Serialize;

use super::Screening;
use super::report::Sum;

/// What a call comes to if all companies apply that are eligible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoundReport {
    /// `rank`, `grades`, `quota`, `pro_rata`, `tiers` or `tournament`
    pub kind: String,
    /// In words.
    pub label: Text,
    /// Companies that compete: those that are eligible.
    pub applicants: u64,
    /// Companies that are eligible and do not compete, because their amount is not settled.
    pub amount_open: u64,
    /// How many places there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
    /// Companies that are surely paid or selected.
    pub filled: u64,
    /// Companies of which it cannot be said: ties across a boundary, or values that are not known.
    pub open: u64,
    /// What all get.
    pub amount: Sum,
    /// The least value with which a company is surely paid or selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<Amount>,
    /// What all would get without the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Sum>,
    /// Why it cannot be settled here, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Text>,
}

/// A call of one measure.
#[derive(Clone)]
struct Call<'p> {
    version: &'p VersionIr,
    round: Option<&'p Round>,
    ty: Type,
    /// The type of the value that is compared, if it is a fact.
    by: Option<Type>,
}

/// The calls of a screening.
pub(super) struct Rounds<'p> {
    /// For each measure its call, if it has one.
    calls: Arc<[Option<Call<'p>>]>,
    budget: Option<i128>,
}

/// Those that compete, in the order of the registry.
#[derive(Default)]
pub(super) struct Found {
    /// For each measure.
    calls: Vec<Competing>,
}

#[derive(Default)]
struct Competing {
    entries: Vec<Entry>,
    /// Settled by themselves: grades, which rest on nobody else.
    lines: Vec<(Line, Option<i128>)>,
    open: u64,
    /// The amounts of the places, as of the first company.
    amounts: Option<Vec<Range>>,
}

impl Found {
    pub(super) fn add(&mut self, other: Self) {
        self.calls.resize_with(self.calls.len().max(other.calls.len()), Competing::default);
        for (call, other) in self.calls.iter_mut().zip(other.calls) {
            call.entries.extend(other.entries);
            call.lines.extend(other.lines);
            call.open += other.open;
            call.amounts = call.amounts.take().or(other.amounts);
        }
    }
}

impl<'p> Rounds<'p> {
    pub(super) fn new(screening: &Screening<'p>) -> Self {
        let program = screening.program;
        let budget = screening.request.budget.map(|money| i128::from(money.fen()) * FEN);
        let calls = screening.measures.iter().map(|measure| {
            let version = screening.version(*measure)?;
            let written = program.catalogue.measures.get(*measure as usize)?;
            let ir = program.measures.get(*measure as usize)?;
            let at = ir.versions.iter().position(|other| std::ptr::eq(other, version))?;
            let round = written.versions.get(at)?.round.as_ref();
            let by = round.and_then(compared).and_then(|expr| match &expr.kind {
                ExprKind::Name(name, _) => {
                    program.vocabulary.facts.get(program.vocabulary.fact(name)?).map(|fact| fact.ty)
                }
                _ => None,
            });
            (round.is_some() || budget.is_some()).then_some(Call { version, round, ty: version.amount_type, by })
        });
        Self { calls: calls.collect(), budget }
    }

    pub(super) fn part(&self, plan: &'p Plan<'p>) -> Part<'p> {
        let mut found = Found::default();
        found.calls.resize_with(self.calls.len(), Competing::default);
        Part { plan, calls: self.calls.clone(), frame: Frame::default(), found }
    }

    /// What the calls come to, with the place of each measure.
    pub(super) fn settle(&self, found: Found) -> Vec<(usize, RoundReport)> {
        let mut found = found.calls;
        found.resize_with(self.calls.len(), Competing::default);
        let calls = self.calls.iter().zip(found).enumerate();
        calls.filter_map(|(at, (call, found))| Some((at, self.report(call.as_ref()?, found)))).collect()
    }

    fn report(&self, call: &Call<'_>, found: Competing) -> RoundReport {
        let Competing { mut entries, lines, open, amounts } = found;
        // ids say nothing but the order of the registry
        for (number, entry) in (1_u64..).zip(&mut entries) {
            entry.id = format!("{number:012}");
        }
        let asked = entries.iter().fold(0_i128, |sum, entry| sum.saturating_add(entry.amount.clamp(0, UNBOUNDED)));
        let amounts = amounts.unwrap_or_default();
        let mut places = None;
        let mut unsettled = None;
        let settled: Vec<(Line, Option<i128>)> = match call.round {
            Some(Round::Rank { places: of, .. }) => {
                let of: Vec<(u32, i128)> = of.iter().zip(&amounts).map(|((to, _), amount)| (*to, amount.hi)).collect();
                places = of.iter().map(|(to, _)| *to).max();
                with_values(round::rank(&entries, &of), &entries)
            }
            Some(Round::Quota { places: of, .. }) => {
                places = Some(*of);
                with_values(round::quota(&entries, *of), &entries)
            }
            Some(Round::Grades { .. }) => lines,
            Some(Round::ProRata) | None => {
                with_values(round::pro_rata(&entries, self.budget.unwrap_or(i128::MAX)), &entries)
            }
            Some(Round::Tiers { .. }) => {
                unsettled = Some(Text::new(
                    "各档金额和数量由主管部门确定后才能计算",
                    "it can be settled once the authority has fixed what each tier pays and how many fall in it",
                ));
                Vec::new()
            }
            Some(Round::Tournament { .. }) => {
                unsettled = Some(Text::new(
                    "首期比例和考核结果确定后才能计算",
                    "it can be settled once the first share and the results of the check are known",
                ));
                Vec::new()
            }
        };
        let is_graded = matches!(call.round, Some(Round::Grades { .. }));
        let applicants = if is_graded { settled.len() } else { entries.len() };
        let sure = |line: &Line| match line.result {
            Settled::Paid(amount) => amount > 0,
            Settled::Selected => true,
            Settled::NotSelected | Settled::Open => false,
        };
        let count = |test: &dyn Fn(&Line) -> bool| settled.iter().filter(|(line, _)| test(line)).count() as u64;
        let add = |sum: i128, amount: i128| sum.saturating_add(amount).min(UNBOUNDED);
        let low = settled.iter().map(|(line, _)| line.low).fold(0, add);
        let high = settled.iter().map(|(line, _)| line.high).fold(0, add);
        let least = settled.iter().filter(|(line, _)| sure(line)).filter_map(|(_, by)| *by).min();
        let kind = call.round.map_or("pro_rata", Round::code);
        let proportional = kind == "pro_rata";
        RoundReport {
            kind: kind.to_owned(),
            label: label(kind),
            applicants: applicants as u64,
            amount_open: open,
            places,
            filled: count(&sure),
            open: count(&|line| line.result == Settled::Open),
            amount: Sum::new(call.ty, low, high, 0),
            cut_off: least.zip(call.by).map(|(least, ty)| amount(Range::point(least), ty)),
            asked: proportional.then(|| Sum::new(call.ty, asked, asked, 0)),
            unsettled,
        }
    }
}

fn compared(round: &Round) -> Option<&Expr> {
    match round {
        Round::Rank { by, .. } => Some(by),
        Round::Grades { by, .. } | Round::Quota { by, .. } => by.as_ref(),
        _ => None,
    }
}

fn label(kind: &str) -> Text {
    let (zh, en) = match kind {
        "rank" => ("按排名资助", "by rank"),
        "grades" => ("按评分分档", "by grade"),
        "quota" => ("限额遴选", "a limited number of places"),
        "tiers" => ("按年度分档", "in yearly tiers"),
        "tournament" => ("赛马制", "a tournament"),
        _ => ("按预算同比例核减", "cut in proportion to the budget"),
    };
    Text::new(zh, en)
}

/// Lines with the values compared; both are in the order of the ids.
fn with_values(lines: Vec<Line>, entries: &[Entry]) -> Vec<(Line, Option<i128>)> {
    lines.into_iter().zip(entries.iter().map(|entry| entry.by)).collect()
}

/// Those of one part of the registry.
pub(super) struct Part<'p> {
    plan: &'p Plan<'p>,
    calls: Arc<[Option<Call<'p>>]>,
    frame: Frame,
    pub(super) found: Found,
}

impl Part<'_> {
    pub(super) fn batch(&mut self, batch: &Batch) {
        let reads = |call: &Call<'_>| call.version.round_by.is_some() || !call.version.round_amounts.is_empty();
        if self.calls.iter().flatten().any(reads) {
            self.frame = batch.frame.clone();
        }
    }

    pub(super) fn measure(&mut self, first: usize, view: &View<'_>) {
        let Some(call) = self.calls.get(view.index).and_then(Option::as_ref) else { return };
        let Some(found) = self.found.calls.get_mut(view.index) else { return };
        let needs_amount = matches!(call.round, Some(Round::ProRata) | None);
        for row in (0..view.rows).filter(|row| view.outcome(*row) == Outcome::Eligible) {
            let amount = view.amount(row);
            if needs_amount && !amount.is_point() {
                found.open += 1;
                continue;
            }
            let mut entry = Entry { id: String::new(), amount: amount.hi, by: None, applied_on: 0 };
            let version = call.version;
            let graded = matches!(call.round, Some(Round::Grades { .. }));
            let amounts = !version.round_amounts.is_empty() && (graded || found.amounts.is_none());
            if version.round_by.is_some() || amounts {
                let bound = screen::bound(self.plan, &self.frame, first + row);
                let mut eval = Eval::new(self.plan.program(), &bound);
                let by = version.round_by.map(|node| eval.range(node));
                entry.by = by.filter(|range| range.is_point()).map(|range| range.lo);
                if amounts {
                    let amounts: Vec<Range> = version.round_amounts.iter().map(|node| eval.range(*node)).collect();
                    if graded {
                        // each grade has its least score, where published, before its amount
                        let grades: Vec<(Option<i128>, i128)> = amounts
                            .chunks(2)
                            .filter_map(|pair| {
                                let least = Some(pair.first()?.lo).filter(|least| *least > -UNBOUNDED);
                                Some((least, pair.get(1)?.hi))
                            })
                            .collect();
                        let by = entry.by;
                        let line = round::grades(std::slice::from_ref(&entry), &grades);
                        found.lines.extend(line.into_iter().map(|line| (line, by)));
                        continue;
                    }
                    found.amounts = Some(amounts);
                }
            }
            found.entries.push(entry);
        }
    }
}
