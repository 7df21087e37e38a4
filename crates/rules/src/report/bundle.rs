//! The best set of measures that may be taken together, and the conflicts between their texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measure::bounded;
use super::{Amount, Assessment, amount};
use crate::assess::Assessed;
use crate::ast::{AwardKind, MeasureRef, Outcome, StackingKind};
use crate::bundle::{Best, Bundle, Candidate, ItemRef, Rule, best};
use crate::diag::Text;
use crate::eval::Eval;
use crate::ir::{GroupRule, StackingIr};
use crate::value::{Range, Truth};
use crate::vocabulary::Type;

/// The best set of measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BundleReport {
    /// The money in all: what is sure at the low end, what is possible at the high end.
    pub total: Amount,
    /// The measures of the best possible set, in the order in which to apply.
    pub lines: Vec<BundleLine>,
    /// Benefits that are not money and conflict with nothing.
    pub others: Vec<String>,
    /// The next best set that a rule between measures leaves, with its total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUp>,
    /// Whether the set is proven best.
    pub proven: bool,
    /// Texts that contradict each other; nothing was settled silently.
    pub conflicts: Vec<ConflictReport>,
}

/// A measure of the best set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BundleLine {
    /// Its id.
    pub measure: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// What it pays within the set.
    pub amount: Amount,
    /// Whether a rule between measures cuts it.
    pub cut: bool,
}

/// The next best set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunnerUp {
    /// Its measures, in the order in which to apply.
    pub measures: Vec<String>,
    /// Its total at best.
    pub total: Amount,
    /// Why it is not the best.
    pub why: Text,
}

/// Texts that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictReport {
    /// What is at odds.
    pub text: Text,
    /// The clauses.
    pub cites: Vec<String>,
    /// The measures.
    pub measures: Vec<String>,
    /// What would be paid if the stricter text binds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_binding: Option<Amount>,
}

/// Which end of the amounts is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// What is sure.
    Low,
    /// What is possible.
    High,
}

/// The candidates and rules of one end.
struct Problem {
    /// For each candidate the index in `assessed`.
    of: Vec<usize>,
    candidates: Vec<Candidate>,
    rules: Vec<Rule>,
    /// Candidates with a ceiling of which the source does not say whether it binds their own amount when nothing else is
    /// taken: with the candidates that count, and the ceilings.
    unclear: Vec<(usize, Vec<usize>, Vec<Rule>)>,
}

/// Unclear ceilings that are tried both ways; more than these are taken to bind.
const MAX_UNCLEAR: usize = 4;

impl Problem {
    /// The best bundle. A candidate with an unclear ceiling is either taken without the others, and then its own amount
    /// stands, or with them, and then the ceiling binds.
    fn best(&self, candidates: &[Candidate]) -> Best {
        let tried = self.unclear.len().min(MAX_UNCLEAR);
        let mut found: Option<Best> = None;
        let mut seconds: Vec<Bundle> = Vec::new();
        // of equal totals the one that leaves the amount as it stands is kept
        for choice in (0..1_u32 << tried).rev() {
            let mut rules = self.rules.clone();
            for (number, (owner, others, ceilings)) in self.unclear.iter().enumerate() {
                if number < tried && choice & (1 << number) != 0 {
                    rules.extend(others.iter().map(|other| Rule::Exclusive(vec![*owner, *other])));
                } else {
                    rules.extend(ceilings.iter().cloned());
                }
            }
            let mut next = best(candidates, &rules);
            seconds.extend(next.runner_up.take());
            match &mut found {
                Some(known) if next.best.total <= known.best.total => {
                    known.proven &= next.proven;
                    seconds.push(next.best);
                }
                _ => seconds.extend(found.replace(next).map(|before| before.best)),
            }
        }
        let mut found = found.unwrap_or_else(|| best(candidates, &self.rules));
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
}

pub(super) fn build(assessment: &Assessment<'_>, eval: &mut Eval<'_>) -> BundleReport {
    let high = problem(assessment, eval, End::High);
    let found = high.best(&high.candidates);
    let low = problem(assessment, eval, End::Low);
    let sure = low.best(&low.candidates).best.total;
    let id = |candidate: usize| {
        high.of
            .get(candidate)
            .and_then(|index| assessment.assessed.get(*index))
            .and_then(|assessed| source_id(assessment, assessed))
    };
    let mut lines = Vec::new();
    for taken in &found.best.taken {
        let Some(assessed) = high.of.get(taken.candidate).and_then(|index| assessment.assessed.get(*index)) else {
            continue;
        };
        let paid: i128 = taken.paid.iter().fold(0, |sum, paid| sum.saturating_add(*paid));
        let alone = high
            .candidates
            .get(taken.candidate)
            .map_or(0, |candidate| candidate.items.iter().fold(0_i128, |sum, item| sum.saturating_add(*item)));
        lines.push(BundleLine {
            measure: source_id(assessment, assessed).unwrap_or_default(),
            outcome: assessed.outcome,
            amount: amount(Range { lo: assessed.amount.lo.min(paid), hi: paid }, Type::Money),
            cut: paid < alone.min(assessed.potential.hi),
        });
    }
    let others = assessment
        .assessed
        .iter()
        .filter(|assessed| {
            assessed.outcome != Outcome::NotEligible
                && !assessment.elsewhere(assessed)
                && assessment.version(assessed).is_some_and(|version| version.kind != AwardKind::Money)
        })
        .filter_map(|assessed| source_id(assessment, assessed))
        .collect();
    let runner_up = found.runner_up.as_ref().map(|bundle| RunnerUp {
        measures: bundle.taken.iter().filter_map(|taken| id(taken.candidate)).collect(),
        total: amount(Range::point(bundle.total), Type::Money),
        why: why_second(&found, bundle.total),
    });
    BundleReport {
        total: amount(Range { lo: sure.min(found.best.total), hi: found.best.total }, Type::Money),
        lines,
        others,
        runner_up,
        proven: found.proven,
        conflicts: conflicts(assessment),
    }
}

fn why_second(found: &Best, total: i128) -> Text {
    let gap = found.best.total.saturating_sub(total);
    if gap == 0 {
        return Text::new("金额相同", "the total is the same");
    }
    let shown = crate::words::range(Range::point(gap), Type::Money);
    if bounded(gap) {
        Text::new(format!("少{}", shown.zh), format!("{} less", shown.en))
    } else {
        Text::new("金额较少", "the total is less")
    }
}

fn source_id(assessment: &Assessment<'_>, assessed: &Assessed) -> Option<String> {
    assessment.program.catalogue.measures.get(assessed.measure as usize).map(|measure| measure.id.clone())
}

/// For each assessed measure, whether a fact that it misses could change what the party gets: a measure of another kind
/// than money always, one of money if it would be paid something within some best set.
pub(super) fn within_reach(assessment: &Assessment<'_>) -> Vec<bool> {
    let mut eval = Eval::new(assessment.program, &assessment.bound);
    let high = problem(assessment, &mut eval, End::High);
    let total = high.best(&high.candidates).best.total;
    assessment
        .assessed
        .iter()
        .enumerate()
        .map(|(index, assessed)| {
            if assessed.missing.is_empty() || assessed.outcome == Outcome::NotEligible {
                return false;
            }
            let Some(own) = high.of.iter().position(|of| *of == index) else { return true };
            if !high.shared(own) {
                return true;
            }
            // without it, is the best total lower? Where several are tied each of them could be the one.
            let without: Vec<Candidate> =
                high.candidates
                    .iter()
                    .enumerate()
                    .map(|(other, candidate)| {
                        if other == own {
                            Candidate { items: vec![0; candidate.items.len()] }
                        } else {
                            candidate.clone()
                        }
                    })
                    .collect();
            if high.best(&without).best.total < total {
                return true;
            }
            // with it alone among its rivals: could it tie with what is taken instead of it?
            forced(&high, own) >= total
        })
        .collect()
}

/// The best total with a candidate that is surely taken: its rivals under an exclusion are left out.
fn forced(problem: &Problem, own: usize) -> i128 {
    let rivals = |other: usize| {
        problem
            .rules
            .iter()
            .any(|rule| matches!(rule, Rule::Exclusive(set) if set.contains(&own) && set.contains(&other)))
    };
    let candidates: Vec<Candidate> = problem
        .candidates
        .iter()
        .enumerate()
        .map(|(other, candidate)| {
            if other != own && rivals(other) {
                Candidate { items: vec![0; candidate.items.len()] }
            } else {
                candidate.clone()
            }
        })
        .collect();
    problem.best(&candidates).best.total
}

fn problem(assessment: &Assessment<'_>, eval: &mut Eval<'_>, end: End) -> Problem {
    let mut problem = Problem { of: Vec::new(), candidates: Vec::new(), rules: Vec::new(), unclear: Vec::new() };
    // of equal bundles the first candidates win: what is surely open now, and settled by the fewest persons
    let mut order: Vec<(usize, &Assessed)> = assessment.assessed.iter().enumerate().collect();
    order.sort_by_key(|(index, assessed)| {
        let window = assessment.version(assessed).is_some_and(|version| version.window.is_some());
        (assessed.outcome != Outcome::Eligible, !window, assessed.open.len(), *index)
    });
    for (index, assessed) in order {
        let money = assessment.version(assessed).is_some_and(|version| version.kind == AwardKind::Money);
        let counts = match end {
            End::Low => assessed.outcome == Outcome::Eligible,
            End::High => assessed.outcome != Outcome::NotEligible,
        };
        if !money || !counts || assessment.elsewhere(assessed) {
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
        problem.of.push(index);
        problem.candidates.push(Candidate { items });
    }
    add_rules(assessment, eval, end, &mut problem);
    problem
}

fn pick(range: Range, end: End) -> i128 {
    match end {
        End::Low => range.lo,
        End::High => range.hi,
    }
}

impl Problem {
    /// The candidate that a measure has become.
    fn candidate(&self, assessment: &Assessment<'_>, measure: u32) -> Option<usize> {
        self.of
            .iter()
            .position(|index| assessment.assessed.get(*index).is_some_and(|assessed| assessed.measure == measure))
    }

    /// Whether a rule ties the candidate to another one.
    fn shared(&self, own: usize) -> bool {
        let tied = |items: &mut dyn Iterator<Item = usize>| {
            let (mut mine, mut theirs) = (false, false);
            for candidate in items {
                if candidate == own { mine = true } else { theirs = true }
            }
            mine && theirs
        };
        self.rules.iter().chain(self.unclear.iter().flat_map(|(_, _, ceilings)| ceilings)).any(|rule| match rule {
            Rule::Exclusive(set) => tied(&mut set.iter().copied()),
            Rule::Ladder { candidates, .. } => tied(&mut candidates.iter().copied()),
            Rule::Cap { items, .. } => tied(&mut items.iter().map(|item| item.candidate)),
            Rule::Ceiling { owner, others, .. } => {
                tied(&mut others.iter().map(|item| item.candidate).chain([owner.candidate]))
            }
        })
    }

    fn items(&self, candidate: usize) -> Vec<ItemRef> {
        let count = self.candidates.get(candidate).map_or(0, |candidate| candidate.items.len());
        (0..count).map(|item| ItemRef { candidate, item }).collect()
    }
}

fn add_rules(assessment: &Assessment<'_>, eval: &mut Eval<'_>, end: End, problem: &mut Problem) {
    let mut ladders: Vec<(String, Vec<usize>, i128)> = Vec::new();
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
            let items = problem.items(candidate);
            problem.rules.push(Rule::Cap { items, room: whole.max(0) });
        }
        for (number, rule) in version.stacking.iter().enumerate() {
            match rule {
                StackingIr::Exclusive { others, .. } => {
                    for other in others {
                        if let Some(other) = problem.candidate(assessment, *other) {
                            problem.rules.push(Rule::Exclusive(vec![candidate, other]));
                        }
                    }
                }
                StackingIr::Ladder { name, .. } => match ladders.iter_mut().find(|(known, ..)| known == name) {
                    Some((_, members, _)) => members.push(candidate),
                    None => ladders.push((name.clone(), vec![candidate], 0)),
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
                        problem.unclear.push((candidate, over, ceilings));
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
        let Some(candidate) = problem.candidate(assessment, *measure) else { continue };
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
                        .filter_map(|measure| problem.candidate(assessment, *measure))
                        .flat_map(|candidate| problem.items(candidate))
                        .collect();
                    if !items.is_empty() {
                        problem.rules.push(Rule::Cap { items, room: pick(room, end) });
                    }
                }
                GroupRule::Exclusive { over, .. } => {
                    let candidates: Vec<usize> =
                        over.iter().filter_map(|measure| problem.candidate(assessment, *measure)).collect();
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

/// A permission to stack that meets a prohibition or a ceiling of another measure.
fn conflicts(assessment: &Assessment<'_>) -> Vec<ConflictReport> {
    let catalogue = &assessment.program.catalogue;
    let open = |measure: u32| {
        assessment
            .assessed
            .iter()
            .find(|assessed| assessed.measure == measure && assessed.outcome != Outcome::NotEligible)
    };
    let mut found = Vec::new();
    for assessed in assessment.assessed.iter().filter(|assessed| assessed.outcome != Outcome::NotEligible) {
        let (Some(version), Some(source)) =
            (assessment.version(assessed), catalogue.measures.get(assessed.measure as usize))
        else {
            continue;
        };
        let written = assessed.chosen.version.and_then(|index| source.versions.get(index));
        for (number, rule) in version.stacking.iter().enumerate() {
            let StackingIr::Permits(permitted) = rule else { continue };
            for other in permitted {
                let (Some(other_assessed), Some(other_source)) =
                    (open(*other), catalogue.measures.get(*other as usize))
                else {
                    continue;
                };
                let Some(strict) = forbids(assessment, other_assessed, assessed.measure) else { continue };
                let permit =
                    written.and_then(|written| written.stacking.get(number)).and_then(|rule| rule.cite.clone());
                let name = |text: &Text| (text.zh.clone(), text.en.clone());
                let (own, theirs) = (name(&source.name), name(&other_source.name));
                found.push(ConflictReport {
                    text: Text::new(
                        format!("“{}”允许与“{}”叠加，而后者{}", own.0, theirs.0, strict.0.zh),
                        format!(
                            "“{}” may be taken together with “{}”, but the latter {}",
                            own.1, theirs.1, strict.0.en
                        ),
                    ),
                    cites: [permit, strict.1].into_iter().flatten().collect(),
                    measures: vec![source.id.clone(), other_source.id.clone()],
                    if_binding: None,
                });
            }
        }
    }
    found
}

/// Whether a measure forbids or bounds another, in words, and the clause.
fn forbids(assessment: &Assessment<'_>, assessed: &Assessed, other: u32) -> Option<(Text, Option<String>)> {
    let source = assessment.program.catalogue.measures.get(assessed.measure as usize)?;
    let written = source.versions.get(assessed.chosen.version?)?;
    let target = assessment.program.catalogue.measures.get(other as usize)?;
    let names = |refs: &[MeasureRef]| {
        refs.iter().any(|reference| match reference {
            MeasureRef::Id(id, _) => *id == target.id,
            MeasureRef::Tag(tag, _) => target.tags.contains(tag),
        })
    };
    written.stacking.iter().find_map(|rule| match &rule.kind {
        StackingKind::Exclusive { others, .. } if names(others) => {
            Some((Text::new("不得与其重复享受", "may not be taken with it"), rule.cite.clone()))
        }
        StackingKind::Ceiling { over, .. } if names(over) => Some((
            Text::new("对同一资金来源的各级财政资助合计设有上限", "puts a ceiling on all support for the same money"),
            rule.cite.clone(),
        )),
        _ => None,
    })
}
