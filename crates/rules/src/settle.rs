//! Settling a call over all its applicants: many assessments of one measure become one list of results.

use domain::{Date, Money, Party};

use crate::assess::assess;
use crate::ast::{Outcome, Round};
use crate::bind::{Binder, Dates};
use crate::eval::Eval;
use crate::ir::Program;
use crate::round::{self, Entry, Line};
use crate::value::{FEN, Range};

/// An application in a call.
#[derive(Clone, Debug)]
pub struct Application<'a> {
    /// Its id; one for each application.
    pub id: String,
    /// Who applies.
    pub party: &'a Party,
    /// When: the date whose law applies, and the order for “first come”.
    pub applied_on: Date,
    /// The amount as verified; without it the amount that the assessment gives, if that is one value.
    pub verified: Option<Money>,
}

/// What the authority sets once it has seen all applications.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The budget, for a proportional cut.
    pub budget: Option<Money>,
    /// For yearly tiers: the value of each, the best first, and how many applications fall in it.
    pub tiers: Vec<(Money, u32)>,
    /// For a tournament: the share that is paid at the start, in parts per million, and who passed the check.
    pub first_ppm: u32,
    /// Ids of those that passed the check of a tournament; `None` before the check.
    pub passed: Option<Vec<String>>,
}

/// A call that is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// One line for each application that takes part.
    pub lines: Vec<Line>,
    /// Applications that do not take part: not eligible.
    pub refused: Vec<String>,
    /// Applications that cannot take part yet: facts or decisions are missing, or the amount is not one value.
    pub waiting: Vec<String>,
}

/// Settles a call for a measure by its own `round`; without one, and with a budget, in the order of application.
///
/// Only eligible applications take part. `known_on` is the date as known on for all of them.
#[must_use]
pub fn settle(
    program: &Program,
    measure: usize,
    applications: &[Application<'_>],
    known_on: Date,
    settings: &Settings,
) -> Settlement {
    let binder = Binder::new(program);
    let mut settlement = Settlement { lines: Vec::new(), refused: Vec::new(), waiting: Vec::new() };
    let mut entries = Vec::new();
    let mut rule: Option<(Round, Vec<Range>)> = None;
    let Ok(index) = u32::try_from(measure) else { return settlement };
    for application in applications {
        let bound = binder.bind(application.party, Dates { on: application.applied_on, known_on });
        let mut eval = Eval::new(program, &bound);
        let assessed = assess(&mut eval, index);
        let version = program.measures.get(measure).and_then(|ir| ir.versions.get(assessed.chosen.version?));
        let written =
            program.catalogue.measures.get(measure).and_then(|source| source.versions.get(assessed.chosen.version?));
        if rule.is_none()
            && let (Some(version), Some(written)) = (version, written)
            && let Some(round) = &written.round
        {
            rule = Some((round.clone(), version.round_amounts.iter().map(|amount| eval.range(*amount)).collect()));
        }
        match assessed.outcome {
            Outcome::NotEligible => settlement.refused.push(application.id.clone()),
            Outcome::Undetermined | Outcome::NeedsPerson => settlement.waiting.push(application.id.clone()),
            Outcome::Eligible => {
                // where places or grades decide, the amount of an application by itself does not matter
                let own = matches!(
                    rule,
                    Some((Round::Rank { .. } | Round::Grades { .. } | Round::Tiers { .. } | Round::Quota { .. }, _))
                );
                let amount = match application.verified {
                    Some(money) => Some(i128::from(money.fen()) * FEN),
                    None if assessed.amount.is_point() || own => Some(assessed.amount.hi),
                    None => None,
                };
                let by = version
                    .and_then(|version| version.round_by)
                    .map(|node| eval.range(node))
                    .filter(|range| range.is_point())
                    .map(|range| range.lo);
                match amount {
                    Some(amount) => entries.push(Entry {
                        id: application.id.clone(),
                        amount,
                        by,
                        applied_on: application.applied_on.days(),
                    }),
                    None => settlement.waiting.push(application.id.clone()),
                }
            }
        }
    }
    let budget = settings.budget.map(|money| i128::from(money.fen()) * FEN);
    settlement.lines = match &rule {
        Some((Round::Rank { places, .. }, amounts)) => {
            let places: Vec<(u32, i128)> =
                places.iter().zip(amounts).map(|((to, _), amount)| (*to, amount.hi)).collect();
            round::rank(&entries, &places)
        }
        Some((Round::Grades { .. }, amounts)) => {
            // each grade has its least score, where published, before its amount
            let grades: Vec<(Option<i128>, i128)> = amounts
                .chunks(2)
                .filter_map(|pair| {
                    Some((Some(pair.first()?.lo).filter(|least| *least > -crate::value::UNBOUNDED), pair.get(1)?.hi))
                })
                .collect();
            round::grades(&entries, &grades)
        }
        Some((Round::Tiers { .. }, _)) => {
            let (values, counts): (Vec<i128>, Vec<u32>) =
                settings.tiers.iter().map(|(value, count)| (i128::from(value.fen()) * FEN, *count)).unzip();
            round::tiers(&entries, &values, &counts)
        }
        Some((Round::Quota { places, .. }, _)) => round::quota(&entries, *places),
        Some((Round::Tournament { .. }, _)) => {
            let parallel: Vec<(Entry, Option<bool>)> = entries
                .into_iter()
                .map(|entry| {
                    let passed = settings.passed.as_ref().map(|passed| passed.contains(&entry.id));
                    (entry, passed)
                })
                .collect();
            round::tournament(&parallel, settings.first_ppm)
        }
        Some((Round::ProRata, _)) => match budget {
            Some(budget) => round::pro_rata(&entries, budget),
            None => round::pro_rata(&entries, i128::MAX),
        },
        None => round::first_come(&entries, budget.unwrap_or(i128::MAX)),
    };
    settlement
}
