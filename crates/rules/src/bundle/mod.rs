//! The best set of support measures that a party can take together, and the order in which to apply for them.
//!
//! Awards are taken one after another. At its turn each item is paid the least of its amount and of what every rule
//! leaves at that moment, so both the choice and the order matter. The answer is exact: candidates that no rule
//! connects are settled apart, and each connected part is searched completely, with memory and upper bounds
//! (`search`). Only a part so entangled that the search passes its limit is answered with the best bundle found, and
//! then [`Best::proven`] is `false`.
//!
//! Because every award is applied for in full, a greater amount or room does not always give a greater total:
//! with three candidates of which any two share a room of 2, amounts of 2, 2 and 1 bring 3 but 2, 2 and 2 bring 2.
//! Where no two rules but exclusions meet in one candidate, and no candidate meets a ceiling with several items,
//! the total never falls.

mod build;
mod part;
mod search;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use part::Part;
use search::Found;

/// A measure that the party may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What each item (contract, project) would be paid if it were taken alone; a negative amount counts as 0.
    pub items: Vec<i128>,
}

/// One item of one candidate, both counted from 0. Rules ignore references to what does not exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ItemRef {
    /// The candidate's place in the list.
    pub candidate: usize,
    /// The item's place in the candidate.
    pub item: usize,
}

/// What binds candidates together. Lists are sets: naming something twice changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// At most one of these candidates.
    Exclusive(Vec<usize>),
    /// The sum paid over these items stays within `room`.
    Cap {
        /// The items.
        items: Vec<ItemRef>,
        /// The most they are paid together; a negative room counts as 0.
        room: i128,
    },
    /// `owner` is paid at most what `others` leave of `room`. The others are bound only when they are taken after an
    /// owner that was paid something: then by what all of them leave.
    Ceiling {
        /// The item whose measure states the ceiling.
        owner: ItemRef,
        /// The items that count towards it; the owner itself among them is ignored.
        others: Vec<ItemRef>,
        /// The ceiling; negative counts as 0.
        room: i128,
    },
    /// Steps of a ladder: a candidate pays, over its items in their order, only what its sum exceeds `received` and
    /// what was already paid on the ladder in this bundle.
    Ladder {
        /// The steps, in any order.
        candidates: Vec<usize>,
        /// What was paid on the ladder before; negative counts as 0.
        received: i128,
    },
}

/// A candidate in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its place in the list of candidates.
    pub candidate: usize,
    /// What each of its items is paid; the sum is more than 0.
    pub paid: Vec<i128>,
}

/// Candidates taken together.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bundle {
    /// The candidates, in the order in which they are applied for.
    pub taken: Vec<Taken>,
    /// The sum of all that is paid.
    pub total: i128,
}

/// The best bundle, and the best one that gives something up for something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    /// The greatest total; then the fewest candidates; then the least list of candidates in order.
    pub best: Bundle,
    /// The best bundle (by the same standard) that takes a candidate which `best` leaves out because of a rule.
    /// There is none when `best` takes every candidate that could be paid.
    pub runner_up: Option<Bundle>,
    /// Whether the search was complete. If not, both bundles are possible, but better ones may exist.
    pub proven: bool,
}

/// The best bundle of `candidates` under `rules`, with the runner-up.
#[must_use]
pub fn best(candidates: &[Candidate], rules: &[Rule]) -> Best {
    let mut proven = true;
    let mut chosen: Vec<Bundle> = Vec::new();
    let mut alternatives: Vec<(usize, Bundle)> = Vec::new();
    for part in build::split(candidates, rules) {
        let first = search::best(&part, part.everyone());
        let left_out = first.found.as_ref().map_or(0, |found| part.everyone() & !found.members());
        let second = search::best(&part, left_out);
        proven &= part.whole && first.proven && second.proven;
        if let Some(found) = second.found {
            alternatives.push((chosen.len(), bundle(&part, &found)));
        }
        chosen.push(first.found.map_or_else(Bundle::default, |found| bundle(&part, &found)));
    }
    // a bundle that leaves the best set does so in some part, and the other parts are then best as they are
    let runner_up = alternatives
        .into_iter()
        .map(|(at, other)| merge(chosen.iter().enumerate().map(|(i, own)| if i == at { &other } else { own })))
        .min_by_key(|bundle| {
            let order: Vec<usize> = bundle.taken.iter().map(|taken| taken.candidate).collect();
            (Reverse(bundle.total), order.len(), order)
        });
    Best { best: merge(chosen.iter()), runner_up, proven }
}

/// What the best bundle comes to; cheaper than [`best`], because nothing else is looked for.
#[must_use]
pub fn total(candidates: &[Candidate], rules: &[Rule]) -> i128 {
    build::split(candidates, rules)
        .iter()
        .filter_map(|part| search::best(part, part.everyone()).found)
        .fold(0, |sum, found| sum.saturating_add(found.total))
}

/// What was found, in the numbers of the caller.
fn bundle(part: &Part, found: &Found) -> Bundle {
    Bundle { taken: part.replay(&found.order), total: found.total }
}

/// Bundles that do not touch each other as one, in the least order that keeps the order of each.
fn merge<'a>(bundles: impl Iterator<Item = &'a Bundle>) -> Bundle {
    let mut merged = Bundle::default();
    let mut rest: Vec<&[Taken]> = Vec::new();
    for bundle in bundles {
        merged.total = merged.total.saturating_add(bundle.total);
        rest.push(&bundle.taken);
    }
    // taking the least head is enough, because no candidate stands in two parts
    let head = |list: &&[Taken]| list.first().map(|taken| taken.candidate);
    while let Some(list) = rest.iter_mut().filter(|list| !list.is_empty()).min_by_key(|list| head(list)) {
        if let Some((taken, others)) = list.split_first() {
            merged.taken.push(taken.clone());
            *list = others;
        }
    }
    merged
}
