//! The best set of measures that may be taken together, and the conflicts between their texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::bounded;
use super::problem::{End, Problem};
use super::{Amount, Assessment, amount};
use crate::assess::Assessed;
use crate::ast::{AwardKind, MeasureRef, Outcome, StackingKind};
use crate::bundle::Best;
use crate::diag::Text;
use crate::eval::Eval;
use crate::ir::StackingIr;
use crate::value::Range;
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

/// The best set; `high` is the choice among what is possible.
pub(super) fn build(assessment: &Assessment<'_>, eval: &mut Eval<'_>, high: &Problem) -> BundleReport {
    let found = high.best();
    let sure = Problem::new(assessment, eval, End::Low).total();
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
