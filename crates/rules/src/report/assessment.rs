//! One party's assessment: made once, then handed out in full or in short.

use domain::{FactKey, Party, PartyKind, PlaceId, PlaceTree, Value};

use super::problem::{End, Problem};
use super::{FORMAT, MissingReport, PartyReport, Report, bundle, measure};
use crate::assess::{Assessed, Missing, assess};
use crate::ast::AwardKind;
use crate::bind::{Binder, Bound, Dates};
use crate::eval::{Eval, Leaf};
use crate::ir::{Program, VersionIr};
use crate::names;

/// Everything that one assessment needs: the program, the party, the dates.
pub struct Assessment<'a> {
    /// The program.
    pub program: &'a Program,
    /// The party.
    pub party: &'a Party,
    /// Its values.
    pub bound: Bound,
    /// The measures as assessed.
    pub assessed: Vec<Assessed>,
    /// For each measure of the program, whether it is of a place that the party has nothing to do with.
    elsewhere: Vec<bool>,
}

impl<'a> Assessment<'a> {
    /// Assesses the measures for which `wanted` holds, by index.
    #[must_use]
    pub fn new(program: &'a Program, party: &'a Party, dates: Dates, wanted: &dyn Fn(usize) -> bool) -> Self {
        let bound = Binder::new(program).bind(party, dates);
        let assessed = {
            let mut eval = Eval::new(program, &bound);
            (0_u32..)
                .zip(&program.measures)
                .filter(|(index, _)| wanted(*index as usize))
                .map(|(index, _)| assess(&mut eval, index))
                .collect()
        };
        let elsewhere = elsewhere(program, &places(party, dates));
        Self { program, party, bound, assessed, elsewhere }
    }

    /// The report.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut eval = Eval::new(self.program, &self.bound);
        let high = Problem::new(self, &mut eval, End::High);
        let bundle = bundle::build(self, &mut eval, &high);
        let measures = self.assessed.iter().map(|assessed| measure::build(self, &mut eval, assessed)).collect();
        Report {
            format: FORMAT.to_owned(),
            on: self.bound.dates.on.to_string(),
            known_on: self.bound.dates.known_on.to_string(),
            party: self.party_report(),
            measures,
            bundle,
            missing: self.missing_within(&high, usize::MAX),
        }
    }

    /// Who was assessed.
    pub(super) fn party_report(&self) -> PartyReport {
        PartyReport {
            kind: match self.party.kind {
                PartyKind::Organisation => "organisation".to_owned(),
                PartyKind::Person => "person".to_owned(),
            },
            id: self.party.id.clone(),
            name: self.party.name.clone(),
        }
    }

    /// The facts to ask for over all measures: the money at stake added up, the greatest first; then those of benefits
    /// that are not money. Facts are left out that only measures wait for which cannot add to the best bundle.
    #[must_use]
    pub fn missing(&self) -> Vec<MissingReport> {
        let mut eval = Eval::new(self.program, &self.bound);
        self.missing_within(&Problem::new(self, &mut eval, End::High), usize::MAX)
    }

    /// The first facts to ask for; `high` is the choice among what is possible.
    pub(super) fn missing_within(&self, high: &Problem, most: usize) -> Vec<MissingReport> {
        let mut found: Vec<(Missing, Vec<u32>)> = Vec::new();
        for (assessed, reach) in self.assessed.iter().zip(high.within_reach(self)) {
            if !reach || self.elsewhere(assessed) {
                continue;
            }
            let money = self.version(assessed).is_some_and(|version| version.kind == AwardKind::Money);
            for missing in &assessed.missing {
                let stake = if money { missing.stake } else { 0 };
                match found.iter_mut().find(|(known, _)| known.leaf == missing.leaf) {
                    Some((known, measures)) => {
                        known.stake = known.stake.saturating_add(stake);
                        known.gates |= missing.gates;
                        measures.push(assessed.measure);
                    }
                    None => found.push((Missing { stake, ..*missing }, vec![assessed.measure])),
                }
            }
        }
        // of equal stakes the fact that most measures wait for comes first
        found.sort_by(|(a, a_measures), (b, b_measures)| {
            b.stake.cmp(&a.stake).then(b_measures.len().cmp(&a_measures.len()))
        });
        found
            .into_iter()
            .take(most)
            .map(|(missing, measures)| MissingReport {
                measures: measures.into_iter().filter_map(|measure| self.measure_id(measure)).collect(),
                ..measure::missing(self, &missing, missing.stake > 0)
            })
            .collect()
    }

    fn measure_id(&self, measure: u32) -> Option<String> {
        self.program.catalogue.measures.get(measure as usize).map(|measure| measure.id.clone())
    }

    /// Whether a measure is of a place that the party has nothing to do with: neither its registration nor its operation
    /// lies there, or could lie there as far as known.
    pub(crate) fn elsewhere(&self, assessed: &Assessed) -> bool {
        self.elsewhere.get(assessed.measure as usize).copied().unwrap_or(false)
    }

    /// Whether a fact was recorded by the date as known on; what was recorded later leaves no trace.
    pub(crate) fn recorded(&self, fact: &domain::Fact) -> bool {
        recorded(fact, self.bound.dates)
    }

    pub(crate) fn version(&self, assessed: &Assessed) -> Option<&'a VersionIr> {
        self.program.measures.get(assessed.measure as usize)?.versions.get(assessed.chosen.version?)
    }
}

fn recorded(fact: &domain::Fact, dates: Dates) -> bool {
    fact.as_of.is_none_or(|recorded| recorded <= dates.known_on)
}

/// Where the party is registered and where it operates, as far as known; every place that is disputed counts.
fn places(party: &Party, dates: Dates) -> Vec<PlaceId> {
    ["org.place", "org.operating_place"]
        .into_iter()
        .filter_map(|name| party.facts.get(&FactKey::new(name)))
        .filter(|fact| recorded(fact, dates))
        .flat_map(|fact| fact.value.candidates())
        .filter_map(|value| match value {
            Value::Place(place) => Some(*place),
            _ => None,
        })
        .collect()
}

/// For each measure, whether its issuer's place neither holds one of these places nor lies in one.
fn elsewhere(program: &Program, places: &[PlaceId]) -> Vec<bool> {
    let tree = PlaceTree::china();
    let near = |issuer: PlaceId| places.iter().any(|place| tree.within(*place, issuer) || tree.within(issuer, *place));
    let issuers = program.prepared().issuers.iter();
    issuers.map(|issuer| issuer.is_some_and(|issuer| !places.is_empty() && !near(issuer))).collect()
}

pub(crate) fn leaf_name(assessment: &Assessment<'_>, leaf: Leaf) -> String {
    names::leaf(assessment.program, &assessment.bound, leaf)
}
