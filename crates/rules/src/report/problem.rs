//! The choice behind the best bundle: the candidates and the rules between them, for what is sure or for what is possible.

use super::Assessment;
use super::groups::{Groups, touched};
use crate::assess::Assessed;
use crate::ast::{AwardKind, Outcome};
use crate::bundle::{self, Best, Bundle, Candidate, ItemRef, Rule};
use crate::eval::Eval;
use crate::ir::{GroupRule, StackingIr};
use crate::value::{Range, Truth};

/// Which end of the amounts is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// What is sure.
    Low,
    /// What is possible.
    High,
}

/// The candidates and rules of one end.
pub(super) struct Problem {
    /// For each candidate the index in `assessed`.
    pub(super) of: Vec<usize>,
    pub(super) candidates: Vec<Candidate>,
    /// For each measure of the program the candidate that it has become.
    by_measure: Vec<Option<usize>>,
    rules: Vec<Rule>,
    unclear: Vec<Unclear>,
}

/// A candidate with a ceiling of which the source does not say whether it binds its own amount when nothing else is taken.
struct Unclear {
    owner: usize,
    /// The candidates that count towards it.
    others: Vec<usize>,
    /// The ceiling for each item.
    ceilings: Vec<Rule>,
}

/// Unclear ceilings that are tried both ways; more than these are taken to bind.
const MAX_UNCLEAR: usize = 4;

impl Problem {
    pub(super) fn new(assessment: &Assessment<'_>, eval: &mut Eval<'_>, end: End) -> Self {
        let mut problem = Self {
            of: Vec::new(),
            candidates: Vec::new(),
            by_measure: vec![None; assessment.program.measures.len()],
            rules: Vec::new(),
            unclear: Vec::new(),
        };
        // of equal bundles the first candidates win: what is surely open now, and settled by the fewest persons
        let mut order: Vec<(usize, &Assessed)> = assessment
            .assessed
            .iter()
            .enumerate()
            .filter(|(_, assessed)| match end {
                End::Low => assessed.outcome == Outcome::Eligible,
                End::High => assessed.outcome != Outcome::NotEligible,
            })
            .collect();
        order.sort_by_key(|(index, assessed)| {
            let window = assessment.version(assessed).is_some_and(|version| version.window.is_some());
            (assessed.outcome != Outcome::Eligible, !window, assessed.open.len(), *index)
        });
        for (index, assessed) in order {
            let money = assessment.version(assessed).is_some_and(|version| version.kind == AwardKind::Money);
            if !money || assessment.elsewhere(assessed) {
                continue;
            }
            let items = if assessed.items.is_empty() {
                vec![pick(assessed.amount, end)]
            } else {
                assessed
                    .items
                    .iter()
                    .map(|item| match (item.truth, end) {
                        (Truth::False, _) | (Truth::Unknown, End::Low) => 0,
                        _ => pick(item.amount, end).max(0),
                    })
                    .collect()
            };
            if let Some(place) = problem.by_measure.get_mut(assessed.measure as usize) {
                *place = Some(problem.candidates.len());
            }
            problem.of.push(index);
            problem.candidates.push(Candidate { items });
        }
        add_rules(assessment, eval, end, &mut problem);
        problem
    }

    /// The best bundle. A candidate with an unclear ceiling is either taken without the others, and then its own amount
    /// stands, or with them, and then the ceiling binds.
    pub(super) fn best(&self) -> Best {
        let mut found: Option<Best> = None;
        let mut seconds: Vec<Bundle> = Vec::new();
        self.each_reading(&self.rules, |_| true, &mut |rules| {
            let mut next = bundle::best(&self.candidates, rules);
            seconds.extend(next.runner_up.take());
            match &mut found {
                Some(known) if next.best.total <= known.best.total => {
                    known.proven &= next.proven;
                    seconds.push(next.best);
                }
                _ => seconds.extend(found.replace(next).map(|before| before.best)),
            }
        });
        let mut found = found.unwrap_or_else(|| bundle::best(&self.candidates, &self.rules));
        if found.runner_up.is_none() {
            // the next best set takes something that the best one leaves out
            let other = |bundle: &Bundle| {
                bundle.taken.iter().any(|taken| !found.best.taken.iter().any(|own| own.candidate == taken.candidate))
            };
            let mut second: Option<Bundle> = None;
            for bundle in seconds {
                if other(&bundle) && second.as_ref().is_none_or(|known| bundle.total > known.total) {
                    second = Some(bundle);
                }
            }
            found.runner_up = second;
        }
        found
    }

    /// Gives the rules once for each reading of the unclear ceilings of the candidates for which `of` holds. The reading
    /// that leaves amounts as they stand comes first, so that of equal totals it is kept.
    fn each_reading(&self, rules: &[Rule], of: impl Fn(usize) -> bool, give: &mut dyn FnMut(&[Rule])) {
        let unclear: Vec<(usize, &Unclear)> =
            self.unclear.iter().enumerate().filter(|(_, unclear)| of(unclear.owner)).collect();
        if unclear.is_empty() {
            return give(rules);
        }
        let tried = unclear.iter().filter(|(number, _)| *number < MAX_UNCLEAR).count();
        for choice in (0..1_u32 << tried).rev() {
            let mut rules = rules.to_vec();
            for (place, (_, Unclear { owner, others, ceilings })) in unclear.iter().enumerate() {
                // the first of all are tried, and they stand first here too
                if place < tried && choice & (1 << place) != 0 {
                    rules.extend(others.iter().map(|other| Rule::Exclusive(vec![*owner, *other])));
                } else {
                    rules.extend(ceilings.iter().cloned());
                }
            }
            give(&rules);
        }
    }

    fn groups(&self) -> Groups {
        let unclear = self.unclear.iter().flat_map(|unclear| &unclear.ceilings);
        Groups::of(self.candidates.len(), self.rules.iter().chain(unclear))
    }

    /// What the best bundle comes to.
    pub(super) fn total(&self) -> i128 {
        let groups = self.groups();
        let mut sum: i128 = 0;
        for (number, candidate) in self.candidates.iter().enumerate() {
            if groups.free(number) {
                sum = candidate.items.iter().fold(sum, |sum, item| sum.saturating_add((*item).max(0)));
            } else if groups.first(number) == number {
                sum = sum.saturating_add(self.group_total(&groups, number, &|_| false));
            }
        }
        sum
    }

    /// What the best bundle of one group comes to without the candidates that are left out.
    fn group_total(&self, groups: &Groups, group: usize, left_out: &dyn Fn(usize) -> bool) -> i128 {
        let inside = |candidate: usize| groups.first(candidate) == group;
        let candidates: Vec<Candidate> =
            self.candidates
                .iter()
                .enumerate()
                .map(|(number, candidate)| {
                    if inside(number) && !left_out(number) {
                        candidate.clone()
                    } else {
                        Candidate { items: Vec::new() }
                    }
                })
                .collect();
        let rules: Vec<Rule> = self.rules.iter().filter(|rule| touched(rule).any(inside)).cloned().collect();
        let mut most: Option<i128> = None;
        self.each_reading(&rules, inside, &mut |rules| {
            let total = bundle::total(&candidates, rules);
            most = Some(most.map_or(total, |most| most.max(total)));
        });
        most.unwrap_or(0)
    }

    /// For each assessed measure, whether a fact that it misses could change what the party gets: a measure of another
    /// kind than money always, one of money if it would be paid something within some best set.
    pub(super) fn within_reach(&self, assessment: &Assessment<'_>) -> Vec<bool> {
        let groups = self.groups();
        // the best total of a group, by its first candidate
        let mut totals: Vec<Option<i128>> = vec![None; self.candidates.len()];
        assessment
            .assessed
            .iter()
            .map(|assessed| {
                if assessed.missing.is_empty() || assessed.outcome == Outcome::NotEligible {
                    return false;
                }
                let Some(own) = self.candidate(assessed.measure) else { return true };
                let group = groups.first(own);
                if groups.alone(own) {
                    return true;
                }
                let total = match totals.get(group).copied().flatten() {
                    Some(total) => total,
                    None => self.group_total(&groups, group, &|_| false),
                };
                if let Some(place) = totals.get_mut(group) {
                    *place = Some(total);
                }
                // without it, is the best total lower? Where several are tied each of them could be the one.
                if self.group_total(&groups, group, &|other| other == own) < total {
                    return true;
                }
                // with it alone among its rivals: could it tie with what is taken instead of it?
                let rival = |other: usize| {
                    let meets = |rule: &Rule| matches!(rule, Rule::Exclusive(set) if set.contains(&own) && set.contains(&other));
                    other != own && self.rules.iter().any(meets)
                };
                self.group_total(&groups, group, &rival) >= total
            })
            .collect()
    }

    /// The candidate that a measure has become.
    fn candidate(&self, measure: u32) -> Option<usize> {
        self.by_measure.get(measure as usize).copied().flatten()
    }

    fn items(&self, candidate: usize) -> impl Iterator<Item = ItemRef> + use<> {
        let count = self.candidates.get(candidate).map_or(0, |candidate| candidate.items.len());
        (0..count).map(move |item| ItemRef { candidate, item })
    }
}

fn pick(range: Range, end: End) -> i128 {
    match end {
        End::Low => range.lo,
        End::High => range.hi,
    }
}

fn add_rules(assessment: &Assessment<'_>, eval: &mut Eval<'_>, end: End, problem: &mut Problem) {
    let mut ladders: Vec<(&str, Vec<usize>, i128)> = Vec::new();
    for candidate in 0..problem.candidates.len() {
        let Some(assessed) = problem.of.get(candidate).and_then(|index| assessment.assessed.get(*index)) else {
            continue;
        };
        let Some(version) = assessment.version(assessed) else { continue };
        // what bounds the sum of the measure's own awards
        let sum = problem
            .candidates
            .get(candidate)
            .map_or(0, |candidate| candidate.items.iter().fold(0_i128, |sum, item| sum.saturating_add(*item)));
        let whole = pick(assessed.potential, end);
        if whole < sum {
            let items = problem.items(candidate).collect();
            problem.rules.push(Rule::Cap { items, room: whole.max(0) });
        }
        for (number, rule) in version.stacking.iter().enumerate() {
            match rule {
                StackingIr::Exclusive { others, .. } => {
                    for other in others {
                        if let Some(other) = problem.candidate(*other) {
                            problem.rules.push(Rule::Exclusive(vec![candidate, other]));
                        }
                    }
                }
                StackingIr::Ladder { name, .. } => match ladders.iter_mut().find(|(known, ..)| known == name) {
                    Some((_, members, _)) => members.push(candidate),
                    None => ladders.push((name, vec![candidate], 0)),
                },
                StackingIr::Ceiling(ceiling) => {
                    let mut ceilings = Vec::new();
                    let mut over: Vec<usize> = Vec::new();
                    for (item, result) in assessed.items.iter().enumerate() {
                        let Some((_, room)) = result.rooms.iter().find(|(index, _)| *index == number) else { continue };
                        let others = ceiling_others(assessment, problem, assessed, item, &ceiling.over);
                        if others.is_empty() {
                            continue;
                        }
                        over.extend(others.iter().map(|other| other.candidate));
                        ceilings.push(Rule::Ceiling {
                            owner: ItemRef { candidate, item },
                            others,
                            room: pick(*room, end),
                        });
                    }
                    over.sort_unstable();
                    over.dedup();
                    if ceiling.own_counts {
                        problem.rules.extend(ceilings);
                    } else if !ceilings.is_empty() {
                        problem.unclear.push(Unclear { owner: candidate, others: over, ceilings });
                    }
                }
                StackingIr::Permits(_) => {}
            }
        }
    }
    for (_, candidates, received) in ladders {
        if candidates.len() > 1 {
            problem.rules.push(Rule::Ladder { candidates, received });
        }
    }
    group_rules(assessment, eval, end, problem);
}

/// The items of other measures that draw on the same money as an item: those of the same record, and awards that are not
/// tied to a record at all.
fn ceiling_others(
    assessment: &Assessment<'_>,
    problem: &Problem,
    owner: &Assessed,
    item: usize,
    over: &[u32],
) -> Vec<ItemRef> {
    let record = |assessed: &Assessed, item: usize| {
        let version = assessment.version(assessed)?;
        let row = assessed.items.get(item)?.row?;
        version.each.as_ref().map(|each| (each.record, row))
    };
    let own = record(owner, item);
    let mut found = Vec::new();
    for measure in over {
        let Some(candidate) = problem.candidate(*measure) else { continue };
        let Some(other) = problem.of.get(candidate).and_then(|index| assessment.assessed.get(*index)) else { continue };
        for reference in problem.items(candidate) {
            let theirs = record(other, reference.item);
            let same = match (own, theirs) {
                (Some((kind, row)), Some((other_kind, other_row))) if kind == other_kind => row == other_row,
                _ => true,
            };
            if same {
                found.push(reference);
            }
        }
    }
    found
}

fn group_rules(assessment: &Assessment<'_>, eval: &mut Eval<'_>, end: End, problem: &mut Problem) {
    let dates = assessment.bound.dates;
    for group in assessment.program.groups.iter().filter(|group| group.applies(dates.on, dates.known_on)) {
        for (_, rule) in &group.rules {
            match rule {
                GroupRule::Cap { at_most, over, received } => {
                    let room = eval
                        .range(*at_most)
                        .sub(received.map_or(Range::ZERO, |received| eval.range(received)))
                        .max(Range::ZERO);
                    let items: Vec<ItemRef> = over
                        .iter()
                        .filter_map(|measure| problem.candidate(*measure))
                        .flat_map(|candidate| problem.items(candidate))
                        .collect();
                    if !items.is_empty() {
                        problem.rules.push(Rule::Cap { items, room: pick(room, end) });
                    }
                }
                GroupRule::Exclusive { over, .. } => {
                    let candidates: Vec<usize> =
                        over.iter().filter_map(|measure| problem.candidate(*measure)).collect();
                    if candidates.len() > 1 {
                        problem.rules.push(Rule::Exclusive(candidates));
                    }
                }
                // a budget binds the programme as a whole, not one party
                GroupRule::Pool { .. } => {}
            }
        }
    }
}
