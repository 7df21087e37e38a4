//! The cases of both sides under both rules.

use std::borrow::Cow;

use domain::{Date, Knowledge, Party, Period, Value};

use super::{Answer, CaseChange, Side, Skipped, Stands};
use crate::assess::{Assessed, assess};
use crate::ast::{Measure, Outcome};
use crate::bind::{Binder, Dates};
use crate::cases;
use crate::diag::Text;
use crate::eval::Eval;
use crate::ir::Program;
use crate::phrases;
use crate::vocabulary::Type;
use crate::words;
use crate::yaml::Node;

pub(super) struct Answers {
    pub(super) run: usize,
    pub(super) changed: Vec<CaseChange>,
    pub(super) skipped: Vec<Skipped>,
}

/// A case made ready on the side that it stands on.
struct Ready {
    name: String,
    party: Party,
    dates: Dates,
    stands: Stands,
}

pub(super) fn compare(before: Side<'_>, after: Side<'_>) -> Answers {
    let mut answers = Answers { run: 0, changed: Vec::new(), skipped: Vec::new() };
    let (Some(old), Some(new)) = (before.source(), after.source()) else { return answers };
    let mut ready = Vec::new();
    for (side, source, stands) in [(before, old, Stands::Before), (after, new, Stands::After)] {
        for case in &source.cases {
            prepare(side.program, source, case, stands, &mut ready, &mut answers.skipped);
        }
    }
    // two ids are two measures: each is compared as it is in force, whatever its period. So are two versions of one.
    let pinned = old.id != new.id || before.version.is_some() || after.version.is_some();
    let (left, right) = (Under::new(before, old, pinned), Under::new(after, new, pinned));
    for case in ready {
        answers.run += 1;
        let (Some(a), Some(b)) = (left.answer(&case, &old.id, &new.id), right.answer(&case, &new.id, &old.id)) else {
            continue;
        };
        if a.outcome != b.outcome || a.amount != b.amount {
            answers.changed.push(CaseChange {
                case: case.name,
                stands: case.stands,
                on: case.dates.on.to_string(),
                before: a,
                after: b,
            });
        }
    }
    answers
}

fn prepare(
    program: &Program,
    source: &Measure,
    case: &Node,
    stands: Stands,
    ready: &mut Vec<Ready>,
    skipped: &mut Vec<Skipped>,
) {
    let name = case.get("name").and_then(Node::text).unwrap_or("?").to_owned();
    let prepared = match cases::prepare(program, source, case) {
        Ok(prepared) => prepared,
        Err(findings) => {
            let why = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            skipped.push(Skipped { case: name, why });
            return;
        }
    };
    // a case that stands beside both rules runs once
    let twin = ready.iter_mut().find(|other| {
        other.stands != stands
            && other.name == name
            && other.dates == prepared.dates
            && same_party(&other.party, &prepared.party)
    });
    match twin {
        Some(twin) => twin.stands = Stands::Both,
        None => ready.push(Ready { name, party: prepared.party, dates: prepared.dates, stands }),
    }
}

/// Decisions carry the id of their measure, which may be another on the other side.
fn same_party(a: &Party, b: &Party) -> bool {
    let keys = |party: &Party| -> Vec<(String, bool)> {
        party.decisions.iter().map(|(key, value)| (key.rsplit('#').next().unwrap_or(key).to_owned(), *value)).collect()
    };
    let without = |party: &Party| Party { decisions: std::collections::BTreeMap::new(), ..party.clone() };
    keys(a) == keys(b) && without(a) == without(b)
}

/// One side's rule, ready to answer.
struct Under<'a> {
    measure: usize,
    /// The program where the rule is in force on the date by itself.
    inside: Cow<'a, Program>,
    /// The program where it is in force whatever the date: the facts of a case are those of its own date.
    outside: Option<Program>,
    in_force: Period,
}

impl<'a> Under<'a> {
    fn new(side: Side<'a>, source: &Measure, pinned: bool) -> Self {
        let version = if pinned { side.version.or_else(|| crate::explain::latest(source)) } else { None };
        let Some(version) = version else {
            return Self {
                measure: side.measure,
                inside: Cow::Borrowed(side.program),
                outside: None,
                in_force: Period::ALWAYS,
            };
        };
        let mut inside = side.program.clone();
        let mut in_force = Period::ALWAYS;
        for (index, other) in inside
            .measures
            .get_mut(side.measure)
            .into_iter()
            .flat_map(|measure| measure.versions.iter_mut().enumerate())
        {
            if index == version {
                in_force = other.in_force;
                other.known_from = Date::MIN;
            } else {
                // nobody knows of it, so that it is never chosen
                other.known_from = Date::MAX;
            }
        }
        let mut outside = inside.clone();
        if let Some(version) =
            outside.measures.get_mut(side.measure).and_then(|measure| measure.versions.get_mut(version))
        {
            version.in_force = Period::ALWAYS;
            version.window = None;
        }
        Self { measure: side.measure, inside: Cow::Owned(inside), outside: Some(outside), in_force }
    }

    /// The same party under this rule. `own` is the measure's id here, `other` on the other side: what was decided and paid
    /// under the one counts under the other.
    fn answer(&self, case: &Ready, own: &str, other: &str) -> Option<Answer> {
        let mut party = case.party.clone();
        if own != other {
            rename(&mut party, own, other);
        }
        let program = match &self.outside {
            Some(outside) if !self.in_force.contains(case.dates.on) => outside,
            _ => &*self.inside,
        };
        ask(program, self.measure, &party, case.dates)
    }
}

fn rename(party: &mut Party, own: &str, other: &str) {
    let prefix = format!("{other}#");
    let more: Vec<(String, bool)> = party
        .decisions
        .iter()
        .filter_map(|(key, value)| Some((format!("{own}#{}", key.strip_prefix(&prefix)?), *value)))
        .collect();
    party.decisions.extend(more);
    for award in party.records.get_mut("award").into_iter().flatten() {
        if let Some(fact) = award.facts.get_mut("measure")
            && fact.value.known() == Some(&Value::Text(other.to_owned()))
        {
            fact.value = Knowledge::Known(Value::Text(own.to_owned()));
        }
    }
}

fn ask(program: &Program, measure: usize, party: &Party, dates: Dates) -> Option<Answer> {
    let bound = Binder::new(program).bind(party, dates);
    let mut eval = Eval::new(program, &bound);
    let assessed = assess(&mut eval, u32::try_from(measure).ok()?);
    let version = assessed.chosen.version.and_then(|index| program.measures.get(measure)?.versions.get(index));
    let ty = version.map_or(Type::Money, |version| version.amount_type);
    let failing: Vec<Text> = cases::failing(&eval, &assessed)
        .into_iter()
        .map(|id| {
            version
                .and_then(|version| phrases::find_condition(version, &id))
                .map_or_else(|| Text::same(&id), |cond| cond.label.clone())
        })
        .collect();
    Some(Answer {
        outcome: assessed.outcome,
        amount: crate::report::amount(assessed.amount, ty),
        text: text(&assessed, ty, failing),
    })
}

fn text(assessed: &Assessed, ty: Type, failing: Vec<Text>) -> Text {
    let outcome = assessed.outcome.label();
    if assessed.outcome != Outcome::NotEligible {
        return phrases::join([outcome, words::range(assessed.amount, ty)], "，", ", ");
    }
    if let Some(reason) = assessed.chosen.reason {
        let reason = phrases::reason(reason);
        return Text::new(format!("{}（{}）", outcome.zh, reason.zh), format!("{} ({})", outcome.en, reason.en));
    }
    if failing.is_empty() {
        return outcome;
    }
    let failing = phrases::list(failing);
    Text::new(format!("{}（未满足：{}）", outcome.zh, failing.zh), format!("{} (fails: {})", outcome.en, failing.en))
}
