//! What an assessment says to the one who asked: the sums, the groups, what to bring, and which rule cuts an amount.

pub mod csv;

use std::collections::BTreeMap;

use domain::Money;
use rules::Lang;
use rules::assess::Reason;
use rules::ast::Outcome;
use rules::diag::Text;
use rules::explain::{Sentence, explain};
use rules::report::{
    Assessment, BundleLine, BundleReport, ConditionReport, MeasureReport, MissingReport, OpenReport, Report,
    TruthReport,
};

/// Where a measure stands in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Every condition holds.
    Eligible,
    /// A fact is missing.
    Undetermined,
    /// Only a person's decision is open.
    NeedsPerson,
    /// A condition fails.
    NotEligible,
    /// It cannot pay at the date, whoever asks: a draft, closed, expired.
    CannotPay,
    /// It is of another place, or for the other kind of party.
    NotForYou,
}

/// The groups that an answer counts, in the order in which it shows them.
pub const GROUPS: [Group; 6] =
    [Group::Eligible, Group::Undetermined, Group::NeedsPerson, Group::NotEligible, Group::CannotPay, Group::NotForYou];

/// The group of a measure.
#[must_use]
pub fn group(measure: &MeasureReport) -> Group {
    match (&measure.reason, measure.outcome) {
        _ if measure.elsewhere => Group::NotForYou,
        (Some(reason), _) if reason.code == Reason::OtherParty => Group::NotForYou,
        (Some(_), _) => Group::CannotPay,
        (None, Outcome::Eligible) => Group::Eligible,
        (None, Outcome::Undetermined) => Group::Undetermined,
        (None, Outcome::NeedsPerson) => Group::NeedsPerson,
        (None, Outcome::NotEligible) => Group::NotEligible,
    }
}

/// What the lines of a bundle come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// What is sure.
    pub sure: Money,
    /// The most that the lines with an upper end come to.
    pub most: Money,
    /// The measures whose amount has no upper end, by id.
    pub open: Vec<String>,
}

impl Total {
    /// The total of a bundle: what is sure at the low end; at the high end what can be added up.
    #[must_use]
    pub fn of(bundle: &BundleReport) -> Self {
        let lines: Vec<&BundleLine> = bundle.lines.iter().collect();
        let sum = Self::of_lines(&lines);
        let most = bundle.total.high.as_deref().map_or(sum.most, money);
        Self { sure: money(&bundle.total.low), most, ..sum }
    }

    /// The total of some lines.
    #[must_use]
    pub fn of_lines(lines: &[&BundleLine]) -> Self {
        let add = |sum: Money, amount: &str| sum.checked_add(money(amount)).unwrap_or(Money::MAX);
        Self {
            sure: lines.iter().fold(Money::ZERO, |sum, line| add(sum, &line.amount.low)),
            most: lines.iter().filter_map(|line| line.amount.high.as_deref()).fold(Money::ZERO, add),
            open: lines.iter().filter(|line| line.amount.high.is_none()).map(|line| line.measure.clone()).collect(),
        }
    }
}

/// An amount of a report, which is a decimal in CNY.
#[must_use]
pub fn money(decimal: &str) -> Money {
    Money::parse(&format!("{decimal} CNY")).unwrap_or(Money::MAX)
}

/// The lines of a bundle that can be applied for now, and those that wait for facts.
#[must_use]
pub fn now_and_later(bundle: &BundleReport) -> (Vec<&BundleLine>, Vec<&BundleLine>) {
    bundle.lines.iter().partition(|line| line.outcome != Outcome::Undetermined)
}

/// A measure of a report by its id.
#[must_use]
pub fn measure<'r>(report: &'r Report, id: &str) -> Option<&'r MeasureReport> {
    report.measures.iter().find(|measure| measure.measure == id)
}

/// A document to bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bring<'r> {
    /// What it is called.
    pub document: &'r Text,
    /// The measures that ask for it, in the order in which to apply.
    pub measures: Vec<&'r MeasureReport>,
}

/// The documents that measures ask for: each once, in the order in which they are met.
#[must_use]
pub fn documents<'r>(report: &'r Report, lines: &[&BundleLine]) -> Vec<Bring<'r>> {
    let mut found: Vec<Bring<'r>> = Vec::new();
    for of in lines.iter().filter_map(|line| measure(report, &line.measure)) {
        for document in &of.documents {
            match found.iter_mut().find(|known| known.document == document) {
                Some(known) => known.measures.push(of),
                None => found.push(Bring { document, measures: vec![of] }),
            }
        }
    }
    found
}

/// The rules between measures that concern the lines of the bundle that are cut, by the measure's id.
#[must_use]
pub fn cuts(assessment: &Assessment<'_>, bundle: &BundleReport) -> BTreeMap<String, Vec<Sentence>> {
    let ids = &assessment.program.catalogue.measures;
    let rules = |id: &str| {
        let index = ids.iter().position(|measure| measure.id == id)?;
        let assessed = assessment.assessed.iter().find(|assessed| assessed.measure as usize == index)?;
        Some(explain(assessment.program, index, assessed.chosen.version?)?.stacking)
    };
    let cut = bundle.lines.iter().filter(|line| line.cut);
    cut.filter_map(|line| Some((line.measure.clone(), rules(&line.measure)?))).collect()
}

/// What is taken instead of what, if the next best set is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap<'r> {
    /// What the best set does not have.
    pub instead: Vec<&'r MeasureReport>,
    /// What the next best set does not have.
    pub dropped: Vec<&'r MeasureReport>,
}

/// How the runner-up differs from the best set.
#[must_use]
pub fn runner_up(report: &Report) -> Option<Swap<'_>> {
    let second = report.bundle.runner_up.as_ref()?;
    let best: Vec<&str> = report.bundle.lines.iter().map(|line| line.measure.as_str()).collect();
    let new = second.measures.iter().filter(|id| !best.contains(&id.as_str()));
    let gone = best.iter().filter(|id| !second.measures.iter().any(|other| other == **id));
    Some(Swap {
        instead: new.filter_map(|id| measure(report, id)).collect(),
        dropped: gone.filter_map(|id| measure(report, id)).collect(),
    })
}

/// One of the first reasons for where a measure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why<'r> {
    /// It cannot pay at the date.
    CannotPay(&'r Text),
    /// A condition fails.
    Fails(&'r ConditionReport),
    /// There is no record of this kind that qualifies.
    NoRecord(&'r Text),
    /// A fact is missing that decides whether the party gets it.
    Missing(&'r MissingReport),
    /// A person has to settle this.
    Open(&'r OpenReport),
    /// The amount depends on a fact that is missing.
    Amount(&'r MissingReport),
}

impl Why<'_> {
    /// The reason as a sentence.
    #[must_use]
    pub fn sentence(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::CannotPay(text), _) => text.get(lang).to_owned(),
            (Self::Fails(condition), _) => {
                let (fails, open, close) = match lang {
                    Lang::Zh => ("不满足：", "（", "）"),
                    Lang::En => ("fails: ", " (", ")"),
                };
                let lack = condition.shortfall.as_ref().map(|lack| format!("{open}{}{close}", lack.get(lang)));
                format!("{fails}{}{}", condition.label.get(lang), lack.unwrap_or_default())
            }
            (Self::NoRecord(record), Lang::Zh) => format!("没有符合条件的{}", record.zh),
            (Self::NoRecord(record), Lang::En) => format!("no {} that qualifies", record.en.to_lowercase()),
            (Self::Missing(missing), Lang::Zh) => format!("待补：{}", missing.label.zh),
            (Self::Missing(missing), Lang::En) => format!("missing: {}", missing.label.en),
            (Self::Open(open), Lang::Zh) => format!("待认定：{}", open.label.zh),
            (Self::Open(open), Lang::En) => format!("to be settled: {}", open.label.en),
            (Self::Amount(missing), Lang::Zh) => format!("金额还取决于：{}", missing.label.zh),
            (Self::Amount(missing), Lang::En) => format!("the amount also depends on: {}", missing.label.en),
        }
    }
}

/// Why a measure stands where it stands, the first reason first.
#[must_use]
pub fn why(measure: &MeasureReport) -> Vec<Why<'_>> {
    if let Some(reason) = &measure.reason {
        return vec![Why::CannotPay(&reason.text)];
    }
    match measure.outcome {
        Outcome::NotEligible => {
            let failing = failing(measure);
            match &measure.each {
                Some(record) if failing.is_empty() => vec![Why::NoRecord(record)],
                _ => failing.into_iter().map(Why::Fails).collect(),
            }
        }
        Outcome::Undetermined => measure.missing.iter().filter(|missing| missing.gates).map(Why::Missing).collect(),
        Outcome::Eligible | Outcome::NeedsPerson => {
            measure.open.iter().map(Why::Open).chain(measure.missing.iter().map(Why::Amount)).collect()
        }
    }
}

/// The conditions that fail, on the party and on its records, each label once.
fn failing(measure: &MeasureReport) -> Vec<&ConditionReport> {
    let mut found: Vec<&ConditionReport> = Vec::new();
    for condition in measure.conditions.iter().chain(measure.items.iter().flat_map(|item| &item.conditions)) {
        if condition.truth == TruthReport::No && !found.iter().any(|known| known.label == condition.label) {
            found.push(condition);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use rules::report::Amount;

    use super::*;

    fn line(low: &str, high: Option<&str>) -> BundleLine {
        let amount = Amount { unit: "CNY".into(), low: low.into(), high: high.map(Into::into), text: Text::default() };
        BundleLine { measure: format!("m{low}"), outcome: Outcome::Eligible, amount, cut: false }
    }

    #[test]
    fn amounts_without_an_upper_end_are_named_and_the_rest_is_added_up() {
        let lines = [line("10", Some("20.5")), line("0", None), line("5", Some("5"))];
        let total = Total::of_lines(&lines.iter().collect::<Vec<_>>());
        assert_eq!(total.sure, money("15"));
        assert_eq!(total.most, money("25.5"));
        assert_eq!(total.open, ["m0"]);
    }
}
