//! From what a comparison found to what is handed out.

use rules::diag::Text;
use rules::diff;
use rules::listing::state;
use rules::vocabulary::Type;
use screen::compare::{Change, Compared, Found, MeasureChange, Pair, fail_label};
use screen::plan::{Fail, Screened};
use screen::{Dimension, Plan};

use super::figures::change;
use super::report::{
    Cause, DataUsed, DimensionReport, DraftReport, FORMAT, GroupReport, MeasureReport, Simulation, StepReport,
    SweepReport, WhyNot,
};
use super::{Prepared, Side};

/// Everything that a report is made from.
pub(super) struct Builder<'b> {
    pub(super) prepared: &'b Prepared,
    pub(super) base: &'b Plan<'b>,
    pub(super) drafts: &'b [Plan<'b>],
    pub(super) dimensions: &'b [Dimension],
    /// For each draft the measures.
    pub(super) pairs: &'b [Vec<Pair>],
}

impl Builder<'_> {
    pub(super) fn simulation(&self, found: &Found, data: DataUsed) -> Simulation {
        let prepared = self.prepared;
        let (mut drafts, mut steps) = (Vec::new(), Vec::new());
        let sides = prepared.drafts.iter().zip(self.drafts).zip(self.pairs).zip(&found.drafts);
        for (((side, plan), pairs), compared) in sides {
            match &side.step {
                None => drafts.push(self.draft(side, plan, pairs, compared)),
                Some(value) => steps.push(self.step(side, value, pairs, compared)),
            }
        }
        let sweep = prepared.sweep.as_ref().map(|sweep| SweepReport {
            measure: sweep.measure.clone(),
            path: sweep.path.clone(),
            assumed: prepared.drafts.iter().find(|s| s.step.is_some()).map(|s| s.assumed.clone()).unwrap_or_default(),
            steps,
        });
        let after = prepared.drafts.first().unwrap_or(&prepared.base);
        Simulation {
            format: FORMAT,
            on_before: prepared.base.dates.on.to_string(),
            on_after: after.dates.on.to_string(),
            base: prepared.base.rules.clone(),
            data: DataUsed { rows: found.ran.rows, left_out: found.ran.left_out, ..data },
            drafts,
            sweep,
            listed: found.listed,
            notes: prepared.notes.clone(),
        }
    }

    fn step(&self, side: &Side, value: &str, pairs: &[Pair], compared: &Compared) -> StepReport {
        let wanted = self.prepared.sweep.as_ref().map(|sweep| sweep.measure.as_str()).unwrap_or_default();
        let swept = pairs.iter().zip(&compared.measures).find(|(pair, _)| pair.measure == wanted);
        let nothing = Change::default();
        let (ty, all) = swept.map_or((Type::Money, &nothing), |(pair, found)| (unit(pair), &found.all));
        StepReport {
            value: value.to_owned(),
            sha256: side.rules.sha256.clone(),
            measure: change(all, ty, false),
            all: change(&compared.all, Type::Money, false),
        }
    }

    fn draft(&self, side: &Side, plan: &Plan<'_>, pairs: &[Pair], compared: &Compared) -> DraftReport {
        let (before, after) = (&self.prepared.base.program, &side.program);
        let mut differences = Vec::new();
        let (mut new_measures, mut gone_measures) = (Vec::new(), Vec::new());
        for pair in pairs {
            match (before.measure(&pair.measure), after.measure(&pair.measure)) {
                (Some(from), Some(to)) => {
                    let old = diff::Side { program: before, measure: from, version: None };
                    let new = diff::Side { program: after, measure: to, version: None };
                    let found = diff::compare(old, new);
                    differences.extend(found.filter(|diff| !diff.changes.is_empty() || !diff.cases.is_empty()));
                }
                (None, Some(_)) => new_measures.push(pair.measure.clone()),
                (Some(_), None) => gone_measures.push(pair.measure.clone()),
                (None, None) => {}
            }
        }
        DraftReport {
            rules: side.rules.clone(),
            assumed: side.assumed.clone(),
            new_measures,
            gone_measures,
            differences,
            all: change(&compared.all, Type::Money, true),
            groups: self.groups(&compared.groups, Type::Money),
            measures: pairs
                .iter()
                .zip(&compared.measures)
                .map(|(pair, found)| self.measure(plan, pair, found))
                .collect(),
        }
    }

    fn measure(&self, plan: &Plan<'_>, pair: &Pair, found: &MeasureChange) -> MeasureReport {
        let before = pair.base.and_then(|at| self.base.measures.get(at));
        let after = pair.draft.and_then(|at| plan.measures.get(at));
        let name = |plan: &Plan<'_>, screened: Option<&Screened<'_>>| {
            let measures = &plan.program().catalogue.measures;
            screened.and_then(|screened| measures.get(screened.measure as usize)).map(|measure| measure.name.clone())
        };
        let ty = unit(pair);
        MeasureReport {
            measure: pair.measure.clone(),
            name: name(plan, after).or_else(|| name(self.base, before)).unwrap_or_default(),
            before_reason: before.and_then(|screened| why_not(self.base, screened)),
            after_reason: after.and_then(|screened| why_not(plan, screened)),
            all: change(&found.all, ty, true),
            groups: self.groups(&found.groups, ty),
            lost_by: causes(plan, after, &found.lost_by),
            lost_otherwise: found.lost_otherwise,
            won_by: causes(self.base, before, &found.won_by),
            won_otherwise: found.won_otherwise,
        }
    }

    fn groups(&self, cells: &[Vec<Change>], ty: Type) -> Vec<DimensionReport> {
        let dimension = |(dimension, cells): (&Dimension, &Vec<Change>)| {
            let with = dimension.groups.iter().zip(cells).filter(|(_, cell)| cell.companies > 0);
            let groups = with.map(|(group, cell)| GroupReport {
                group: group.key.clone(),
                label: group.label.clone(),
                change: change(cell, ty, false),
            });
            DimensionReport {
                dimension: dimension.name.to_owned(),
                label: dimension.label.clone(),
                groups: groups.collect(),
            }
        };
        self.dimensions.iter().zip(cells).map(dimension).collect()
    }
}

/// The unit of a measure's amounts: the one after, if they differ.
fn unit(pair: &Pair) -> Type {
    pair.types.1.or(pair.types.0).unwrap_or(Type::Money)
}

fn why_not(plan: &Plan<'_>, screened: &Screened<'_>) -> Option<WhyNot> {
    let code = screened.reason?;
    let program = plan.program();
    let ir = program.measures.get(screened.measure as usize)?;
    let chosen = rules::assess::choose(&ir.versions, plan.dates.on, plan.dates.known_on);
    let written = program.catalogue.measures.get(screened.measure as usize)?;
    let text = state(chosen.version.and_then(|index| written.versions.get(index)), Some(code));
    Some(WhyNot { code, text })
}

/// What companies fail by, the most first.
fn causes(plan: &Plan<'_>, screened: Option<&Screened<'_>>, counts: &[u64]) -> Vec<Cause> {
    let Some(screened) = screened else { return Vec::new() };
    let named = |(fail, count): (&Fail<'_>, &u64)| Cause {
        key: key(plan, fail),
        label: fail_label(plan, fail),
        companies: *count,
    };
    let mut found: Vec<Cause> = screened.fails.iter().zip(counts).filter(|(_, count)| **count > 0).map(named).collect();
    found.sort_by_key(|cause| std::cmp::Reverse(cause.companies));
    found
}

fn key(plan: &Plan<'_>, fail: &Fail<'_>) -> String {
    match fail {
        Fail::Party(cond) | Fail::Record(cond) => cond.id.clone(),
        Fail::Refused => "refuse_below".to_owned(),
        Fail::NoRecord(record) => {
            let record = plan.program().vocabulary.records.get(usize::from(*record));
            record.map(|record| record.name.clone()).unwrap_or_default()
        }
    }
}

impl Simulation {
    /// The sentence that says what was assumed of drafts; `None` if nothing was.
    #[must_use]
    pub fn assumed(&self) -> Option<Text> {
        let all: Vec<&super::Assumed> = match (&self.sweep, self.drafts.is_empty()) {
            (Some(sweep), true) => sweep.assumed.iter().collect(),
            _ => self.drafts.iter().flat_map(|draft| &draft.assumed).collect(),
        };
        if all.is_empty() {
            return None;
        }
        let join = |pick: &dyn Fn(&super::Assumed) -> String, between: &str| {
            all.iter().map(|assumed| pick(assumed)).collect::<Vec<_>>().join(between)
        };
        Some(Text::new(
            format!("草案按已施行模拟：{}", join(&|a| format!("{}（{}）", a.measure, a.text.zh), "；")),
            format!("drafts are treated as in force: {}", join(&|a| format!("{} ({})", a.measure, a.text.en), "; ")),
        ))
    }
}
