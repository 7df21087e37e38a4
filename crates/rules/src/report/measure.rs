//! One measure's report: reasons with their facts and citations, steps with amounts, questions with stakes.

use super::amount::computation;
use super::citation::cite;
use super::facts::facts;
use super::why::{shortfall, why_not, why_version};
use super::{
    Amount, Assessment, Citation, ConditionReport, ConflictReport, Deadline, ItemReport, MeasureReport, MissingReport,
    OpenReport, PayoutReport, ReasonReport, StepReport, TruthReport, VersionReport, amount, decimal, iso, leaf_name,
    shown,
};
use crate::assess::{Assessed, CondResult, Missing, Step, StepKind};
use crate::ast::{AwardKind, Outcome, RoundMode, Version};
use crate::diag::Text;
use crate::eval::{Eval, Leaf};
use crate::ir::{CondIr, CondShape};
use crate::names;
use crate::value::Truth;
use crate::vocabulary::Type;
use crate::words;

pub(super) fn build(assessment: &Assessment<'_>, eval: &mut Eval<'_>, assessed: &Assessed) -> MeasureReport {
    let program = assessment.program;
    let empty = MeasureReport {
        measure: String::new(),
        name: Text::default(),
        citation: Citation::default(),
        elsewhere: false,
        version: None,
        kind: AwardKind::Money,
        outcome: assessed.outcome,
        reason: None,
        would_be: assessed.would_be,
        amount: Amount::default(),
        potential: Amount::default(),
        each: None,
        conditions: Vec::new(),
        items: Vec::new(),
        steps: Vec::new(),
        payout: Vec::new(),
        missing: Vec::new(),
        open: Vec::new(),
        conflicts: Vec::new(),
        documents: Vec::new(),
        deadlines: Vec::new(),
        note: None,
    };
    let Some(source) = program.catalogue.measures.get(assessed.measure as usize) else { return empty };
    let written = assessed.chosen.version.and_then(|index| source.versions.get(index));
    let version = assessment.version(assessed);
    let ty = version.map_or(Type::Money, |version| version.amount_type);
    let mut report = MeasureReport {
        measure: source.id.clone(),
        name: source.name.clone(),
        citation: cite(source, program.prepared().document(program, assessed.measure)),
        elsewhere: assessment.elsewhere(assessed),
        kind: written.map_or(AwardKind::Money, |version| version.award.kind),
        amount: shown(assessed, assessed.amount, ty, written),
        potential: shown(assessed, assessed.potential, ty, written),
        reason: assessed.chosen.reason.map(|reason| ReasonReport { code: reason, text: why_not(reason, written) }),
        note: source.note.clone(),
        ..empty
    };
    let (Some(version), Some(written)) = (version, written) else { return report };
    let sentences =
        assessed.chosen.version.and_then(|version| program.prepared().sentences(program, assessed.measure, version));
    report.version = Some(VersionReport {
        from: iso(version.in_force.from()),
        to: iso(version.in_force.to()),
        known_from: version.known_from.to_string(),
        why: why_version(assessment, source, assessed, written),
    });
    report.each = version
        .each
        .as_ref()
        .and_then(|each| program.vocabulary.records.get(each.record as usize))
        .map(|record| record.label.clone());
    report.conditions = version
        .eligible
        .iter()
        .zip(&assessed.conditions)
        .map(|(cond, result)| condition(assessment, eval, cond, result))
        .collect();
    for item in &assessed.items {
        let (mut record, mut label) = (None, None);
        let mut conditions = Vec::new();
        let mut how = None;
        if let (Some(each), Some(row)) = (&version.each, item.row) {
            let before = eval.enter(each.record, Some(row));
            conditions = each
                .conditions
                .iter()
                .zip(&item.conditions)
                .map(|(cond, result)| condition(assessment, eval, cond, result))
                .collect();
            if item.truth != Truth::False {
                how = computation(assessment, eval, sentences);
            }
            eval.enter(each.record, before);
            let id = eval
                .records(each.record)
                .and_then(|rows| rows.get(row as usize))
                .map(|row| row.id.clone())
                .unwrap_or_default();
            let definition = program.vocabulary.records.get(each.record as usize);
            record = definition.map(|definition| format!("{} {id}", definition.name));
            label = definition.map(|definition| {
                Text::new(format!("{} {id}", definition.label.zh), format!("{} {id}", definition.label.en))
            });
        } else if version.each.is_none() && item.truth != Truth::False {
            how = computation(assessment, eval, sentences);
        }
        report.items.push(ItemReport {
            record,
            label,
            computation: how,
            truth: item.truth.into(),
            conditions,
            steps: item.steps.iter().map(|one| step(one, written, ty)).collect(),
            amount: amount(item.amount, ty),
        });
    }
    report.steps = assessed.steps.iter().map(|one| step(one, written, ty)).collect();
    report.payout = written
        .award
        .payout
        .iter()
        .zip(&assessed.payout)
        .map(|(part, paid)| PayoutReport { when: part.when.clone(), amount: amount(*paid, ty) })
        .collect();
    report.missing =
        assessed.missing.iter().map(|one| missing(assessment, one, version.kind == AwardKind::Money)).collect();
    report.open = open(assessment, assessed, written);
    report.conflicts = ceiling_conflicts(eval, assessed, written, &source.id, ty);
    report.documents = sentences.map(|said| said.documents.clone()).unwrap_or_default();
    report.deadlines = deadlines(assessed, written);
    report
}

fn condition(assessment: &Assessment<'_>, eval: &mut Eval<'_>, cond: &CondIr, result: &CondResult) -> ConditionReport {
    let parts: Vec<ConditionReport> = cond
        .children
        .iter()
        .zip(&result.children)
        .map(|(cond, result)| condition(assessment, eval, cond, result))
        .collect();
    let mut used = Vec::new();
    let mut value = None;
    if cond.shape == CondShape::Leaf {
        cond.reads.iter().for_each(|read| facts(assessment, eval, *read, &mut used));
        value = crate::assess::tested(eval, cond.node).map(|(range, ty)| words::range(range, ty));
    }
    ConditionReport {
        id: cond.id.clone(),
        label: cond.label.clone(),
        truth: TruthReport::from(result.truth),
        cite: cond.cite.clone(),
        facts: used,
        value,
        shortfall: result.shortfall.map(|lack| shortfall(&lack)),
        parts,
    }
}

/// A step of a computation.
pub(super) fn step(one: &Step, written: &Version, ty: Type) -> StepReport {
    let award = &written.award;
    let (what, cite) = match one.kind {
        StepKind::Formula => (Text::new("按公式计算", "by the formula"), award.cite.clone()),
        StepKind::Floor => (Text::new("不低于下限", "raised to the floor"), award.cite.clone()),
        StepKind::Refused => {
            (Text::new("低于最低资助额，不予资助", "below the least award, so none is made"), award.cite.clone())
        }
        StepKind::Limit(index) => {
            let limit = award.limits.get(index);
            let per =
                limit.map(|limit| limit.per.iter().map(|word| per_word(word)).collect::<Vec<_>>()).unwrap_or_default();
            let zh: String = per.iter().map(|(zh, _)| *zh).collect();
            let en = per.iter().map(|(_, en)| *en).collect::<Vec<_>>().join(" and ");
            (
                Text::new(format!("不超过{zh}上限"), format!("within the limit per {en}")),
                limit.and_then(|limit| limit.cite.clone()),
            )
        }
        StepKind::Ceiling(index) => {
            let rule = written.stacking.get(index);
            (
                Text::new(
                    "同一资金来源合计不超过上限，扣除已获资助",
                    "within the ceiling over all support, less what was received",
                ),
                rule.and_then(|rule| rule.cite.clone()),
            )
        }
        StepKind::Rounding => {
            let unit = award.round.unit;
            let (zh, en) = match award.round.mode {
                RoundMode::Down => ("向下取整到", "rounded down to"),
                RoundMode::Up => ("向上取整到", "rounded up to"),
                RoundMode::Nearest => ("四舍五入到", "rounded to the nearest"),
            };
            (Text::new(format!("{zh}{}", unit.zh()), format!("{en} {}", unit.en())), None)
        }
        StepKind::Sum => (Text::new("各项合计", "the sum of the awards"), None),
    };
    StepReport { what, cite, after: amount(one.after, ty) }
}

fn per_word(word: &str) -> (&'static str, &'static str) {
    match word {
        "org" => ("每家单位", "organisation"),
        "person" => ("每人", "person"),
        "year" => ("每年", "year"),
        "lifetime" => ("累计", "lifetime"),
        "contract" => ("每份合同", "contract"),
        "project" => ("每个项目", "project"),
        "loan" => ("每笔贷款", "loan"),
        "product" => ("每个产品", "product"),
        _ => ("每项", "item"),
    }
}

pub(super) fn missing(assessment: &Assessment<'_>, one: &Missing, money: bool) -> MissingReport {
    let program = assessment.program;
    let vocabulary = &program.vocabulary;
    let definition = match one.leaf {
        Leaf::Slot(slot) => program.slots.get(slot as usize).and_then(|slot| vocabulary.facts.get(slot.fact)),
        Leaf::Field { record, field, .. } => {
            vocabulary.records.get(record as usize).and_then(|record| record.fields.get(field as usize))
        }
        _ => None,
    };
    let record = match one.leaf {
        Leaf::Field { record, row, .. } => assessment
            .bound
            .records
            .get(record as usize)
            .and_then(|rows| rows.as_ref()?.get(row as usize))
            .map(|row| row.id.clone()),
        _ => None,
    };
    let ask = match one.leaf {
        Leaf::Records(record) => {
            vocabulary.records.get(record as usize).map(|record| record.ask.clone()).unwrap_or_default()
        }
        _ => definition.map(|definition| definition.ask.clone()).unwrap_or_default(),
    };
    MissingReport {
        fact: leaf_name(assessment, one.leaf),
        record,
        label: names::label(program, &assessment.bound, one.leaf),
        ask,
        stake: if money { decimal(one.stake, Type::Money) } else { None },
        money,
        gates: one.gates,
        evidence: definition
            .map(|definition| definition.evidence.iter().map(|code| vocabulary.code_label("evidence", code)).collect())
            .unwrap_or_default(),
        measures: Vec::new(),
    }
}

/// What only a person can settle.
pub(super) fn open(assessment: &Assessment<'_>, assessed: &Assessed, written: &Version) -> Vec<OpenReport> {
    let program = assessment.program;
    let mut found: Vec<OpenReport> = Vec::new();
    for leaf in &assessed.open {
        let by = match leaf {
            Leaf::Review(review) => program.reviews.get(*review as usize).map(|review| review.by.clone()),
            Leaf::Slot(slot) => program
                .slots
                .get(*slot as usize)
                .and_then(|slot| program.vocabulary.facts.get(slot.fact))
                .and_then(|fact| fact.by.clone()),
            Leaf::Field { record, field, .. } => program
                .vocabulary
                .records
                .get(*record as usize)
                .and_then(|r| r.fields.get(*field as usize))
                .and_then(|field| field.by.clone()),
            _ => None,
        };
        let label = match leaf {
            Leaf::Discretion(_) => {
                written.award.open.clone().unwrap_or_else(|| names::label(program, &assessment.bound, *leaf))
            }
            _ => names::label(program, &assessment.bound, *leaf),
        };
        let key = if matches!(leaf, Leaf::Discretion(_)) { "amount".to_owned() } else { leaf_name(assessment, *leaf) };
        let report = OpenReport { key, by: by.unwrap_or_else(|| "authority".to_owned()), label };
        if !found.contains(&report) {
            found.push(report);
        }
    }
    found
}

fn ceiling_conflicts(
    eval: &mut Eval<'_>,
    assessed: &Assessed,
    written: &Version,
    measure: &str,
    ty: Type,
) -> Vec<ConflictReport> {
    let Some(binding) = names::conflict_amount(eval, assessed) else { return Vec::new() };
    let Some(rule) = assessed.items.iter().flat_map(|item| &item.conflicts).map(|conflict| conflict.rule).next() else {
        return Vec::new();
    };
    let cite = written.stacking.get(rule).and_then(|rule| rule.cite.clone());
    let shown = words::range(binding, ty);
    vec![ConflictReport {
        text: Text::new(
            format!(
                "本措施自身的标准高于“同一项目财政资助合计上限”，来源未说明如何衔接；若上限适用，金额为{}",
                shown.zh
            ),
            format!(
                "the measure's own rate exceeds the ceiling on all support for the same project, and the source does not say which prevails; if the ceiling binds: {}",
                shown.en
            ),
        ),
        cites: [written.award.cite.clone(), cite].into_iter().flatten().collect(),
        measures: vec![measure.to_owned()],
        if_binding: Some(amount(binding, ty)),
    }]
}

fn deadlines(assessed: &Assessed, written: &Version) -> Vec<Deadline> {
    if assessed.outcome == Outcome::NotEligible {
        return Vec::new();
    }
    let window = written.procedure.as_ref().and_then(|procedure| procedure.window);
    let mut list = Vec::new();
    if let Some(date) = window.and_then(domain::Period::to) {
        list.push(Deadline { date: date.to_string(), what: Text::new("申报截止", "applications close") });
    } else if let Some(date) = written.in_force.to() {
        list.push(Deadline { date: date.to_string(), what: Text::new("措施失效", "the measure ends") });
    }
    list
}
