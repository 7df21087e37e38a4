//! The assessment of one measure for one party: version, conditions, amount step by step, what is missing.

mod award;
mod shortfall;
mod version;

use domain::PartyKind;

use award::{Event, awards, item};
use shortfall::shortfall;

pub use award::{CeilingConflict, Item, Step, StepKind, round};
pub use shortfall::Shortfall;
pub(crate) use shortfall::tested;
pub use version::{Chosen, Reason, choose};

use crate::ast::{AppliesTo, Outcome};
use crate::eval::{Eval, Leaf};
use crate::ir::{CondIr, CondShape, NodeId, StackingIr, VersionIr};
use crate::value::{Range, Truth};

/// A condition's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CondResult {
    /// Its truth.
    pub truth: Truth,
    /// What it lacks, where that can be said in numbers.
    pub shortfall: Option<Shortfall>,
    /// Its parts.
    pub children: Vec<CondResult>,
}

/// A missing fact and what hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The fact.
    pub leaf: Leaf,
    /// The money at stake, in millionths of a fen; for other kinds of benefit their units.
    pub stake: i128,
    /// Whether it decides who is eligible, not only how much.
    pub gates: bool,
}

/// A measure assessed for a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// The measure's index.
    pub measure: u32,
    /// The version that was used, and why it cannot pay.
    pub chosen: Chosen,
    /// The outcome; `not_eligible` whenever it cannot pay.
    pub outcome: Outcome,
    /// What the rule itself would say if it could pay.
    pub would_be: Outcome,
    /// The amount: zero at the low end until eligible, zero when not.
    pub amount: Range,
    /// The amount if every open condition turns out well.
    pub potential: Range,
    /// Results of the conditions on the party.
    pub conditions: Vec<CondResult>,
    /// The awards.
    pub items: Vec<Item>,
    /// Steps from the sum of awards to the amount.
    pub steps: Vec<Step>,
    /// Parts in time.
    pub payout: Vec<Range>,
    /// What is missing, the most at stake first.
    pub missing: Vec<Missing>,
    /// What only a person can settle.
    pub open: Vec<Leaf>,
}

/// Outcome and amount of a measure that another asks for; computed once for a party.
pub(crate) fn quick(eval: &mut Eval<'_>, measure: u32) -> (Outcome, Range) {
    if let Some(Some(known)) = eval.others.get(measure as usize) {
        return *known;
    }
    // cycles are refused before anything runs; an answer that leaves everything open keeps a faulty program from running away
    if let Some(place) = eval.others.get_mut(measure as usize) {
        *place = Some((Outcome::Undetermined, Range::ANY));
    }
    let result = outline(eval, measure);
    if let Some(place) = eval.others.get_mut(measure as usize) {
        *place = Some(result);
    }
    result
}

/// Outcome and amount without reasons: the fast path for counting and sums.
pub fn outline(eval: &mut Eval<'_>, measure: u32) -> (Outcome, Range) {
    let program = eval.program;
    let Some(ir) = program.measures.get(measure as usize) else { return (Outcome::NotEligible, Range::ZERO) };
    let dates = eval.bound.dates;
    let chosen = choose(&ir.versions, dates.on, dates.known_on);
    let Some(version) = chosen.version.and_then(|index| ir.versions.get(index)) else {
        return (Outcome::NotEligible, Range::ZERO);
    };
    if chosen.reason.is_some() || !kind_matches(ir.applies_to, eval.bound.kind) {
        return (Outcome::NotEligible, Range::ZERO);
    }
    let gate = eval.truth(version.gate);
    if gate == Truth::False {
        return (Outcome::NotEligible, Range::ZERO);
    }
    let mut truth = gate;
    let (potential, items_truth) = awards(eval, version, &mut |_| {});
    truth = truth.and(items_truth);
    match truth {
        Truth::False => (Outcome::NotEligible, Range::ZERO),
        Truth::True => (Outcome::Eligible, potential),
        Truth::Unknown => {
            let mut leaves = Vec::new();
            gate_leaves(eval, version, &mut leaves);
            let asks = leaves.iter().any(|leaf| askable(eval, *leaf));
            (
                if asks { Outcome::Undetermined } else { Outcome::NeedsPerson },
                Range { lo: potential.lo.min(0), hi: potential.hi.max(0) },
            )
        }
    }
}

/// The most that a version gives if all that is open turns out well.
pub(crate) fn most(eval: &mut Eval<'_>, version: &VersionIr) -> i128 {
    awards(eval, version, &mut |_| {}).0.hi
}

/// What keeps another measure open.
pub(crate) fn leaves_of(eval: &mut Eval<'_>, measure: u32, amount: bool, out: &mut Vec<Leaf>) {
    let program = eval.program;
    let Some(ir) = program.measures.get(measure as usize) else { return };
    let chosen = choose(&ir.versions, eval.bound.dates.on, eval.bound.dates.known_on);
    let Some(version) = chosen.version.and_then(|index| ir.versions.get(index)).filter(|_| chosen.reason.is_none())
    else {
        return;
    };
    gate_leaves(eval, version, out);
    if amount {
        amount_leaves(eval, version, out);
    }
}

fn kind_matches(applies_to: AppliesTo, kind: Option<PartyKind>) -> bool {
    match kind {
        None => true,
        Some(PartyKind::Organisation) => applies_to == AppliesTo::Organisation,
        Some(PartyKind::Person) => applies_to == AppliesTo::Person,
    }
}

/// Assesses a measure with all reasons.
pub fn assess(eval: &mut Eval<'_>, measure: u32) -> Assessed {
    let program = eval.program;
    let dates = eval.bound.dates;
    let mut result = Assessed {
        measure,
        chosen: Chosen { version: None, reason: Some(Reason::NotYetKnown) },
        outcome: Outcome::NotEligible,
        would_be: Outcome::NotEligible,
        amount: Range::ZERO,
        potential: Range::ZERO,
        conditions: Vec::new(),
        items: Vec::new(),
        steps: Vec::new(),
        payout: Vec::new(),
        missing: Vec::new(),
        open: Vec::new(),
    };
    let Some(ir) = program.measures.get(measure as usize) else { return result };
    result.chosen = choose(&ir.versions, dates.on, dates.known_on);
    if !kind_matches(ir.applies_to, eval.bound.kind) {
        result.chosen.reason = Some(Reason::OtherParty);
        return result;
    }
    let Some(version) = result.chosen.version.and_then(|index| ir.versions.get(index)) else { return result };
    result.conditions = version.eligible.iter().map(|cond| condition(eval, cond)).collect();
    let gate = eval.truth(version.gate);
    let mut items = Vec::new();
    let mut steps = Vec::new();
    let (potential, items_truth) = awards(eval, version, &mut |event| match event {
        Event::Item(item) => items.push(item),
        Event::Step(step) => steps.push(step),
    });
    (result.items, result.steps) = (items, steps);
    result.potential = potential;
    let truth = gate.and(items_truth);
    result.would_be = match truth {
        Truth::True => Outcome::Eligible,
        Truth::False => Outcome::NotEligible,
        Truth::Unknown => {
            let mut leaves = Vec::new();
            gate_leaves(eval, version, &mut leaves);
            if leaves.iter().any(|leaf| askable(eval, *leaf)) { Outcome::Undetermined } else { Outcome::NeedsPerson }
        }
    };
    if result.chosen.reason.is_some() {
        return result;
    }
    result.outcome = result.would_be;
    result.amount = match result.outcome {
        Outcome::NotEligible => Range::ZERO,
        Outcome::Eligible => potential,
        Outcome::Undetermined | Outcome::NeedsPerson => Range { lo: potential.lo.min(0), hi: potential.hi.max(0) },
    };
    if result.outcome == Outcome::NotEligible {
        return result;
    }
    list_missing(eval, version, &mut result);
    eval.award = result.amount;
    let mut rest = result.amount;
    for part in &version.payout {
        let part = part.map(|part| eval.range(part));
        let paid = part
            .map_or(rest, |part| Range { lo: part.lo.clamp(0, rest.lo.max(0)), hi: part.hi.clamp(0, rest.hi.max(0)) });
        rest = Range { lo: (rest.lo - paid.hi).max(0), hi: (rest.hi - paid.lo).max(0) };
        result.payout.push(paid);
    }
    if result.amount.is_point() && !result.payout.is_empty() {
        exact_payout(eval, version, &mut result);
    }
    result
}

/// With a known amount every part is known: the rest is what the others leave.
fn exact_payout(eval: &mut Eval<'_>, version: &VersionIr, result: &mut Assessed) {
    let mut left = result.amount.lo;
    for (part, paid) in version.payout.iter().zip(&mut result.payout) {
        let amount = match part {
            Some(node) => {
                let range = eval.range(*node);
                if !range.is_point() {
                    return;
                }
                range.lo.clamp(0, left)
            }
            None => left,
        };
        left -= amount;
        *paid = Range::point(amount);
    }
}

/// Whether a party can be asked for it.
fn askable(eval: &Eval<'_>, leaf: Leaf) -> bool {
    match leaf {
        Leaf::Slot(slot) => {
            let fact =
                eval.program.slots.get(slot as usize).and_then(|slot| eval.program.vocabulary.facts.get(slot.fact));
            fact.is_some_and(|fact| fact.by.is_none())
        }
        Leaf::Field { record, field, .. } => {
            let field = eval
                .program
                .vocabulary
                .records
                .get(record as usize)
                .and_then(|record| record.fields.get(field as usize));
            field.is_some_and(|field| field.by.is_none())
        }
        Leaf::Records(_) => true,
        Leaf::Review(_) | Leaf::Member(_) | Leaf::Discretion(_) | Leaf::Invalid(_) => false,
    }
}

fn list_missing(eval: &mut Eval<'_>, version: &VersionIr, result: &mut Assessed) {
    let mut gates = Vec::new();
    gate_leaves(eval, version, &mut gates);
    let mut amounts = Vec::new();
    if !result.potential.is_point() {
        amount_leaves(eval, version, &mut amounts);
    }
    let whole = result.potential.hi.max(1);
    let part = result.potential.hi.saturating_sub(result.potential.lo).max(0);
    for (leaf, stake, gates) in
        gates.iter().map(|leaf| (*leaf, whole, true)).chain(amounts.iter().map(|leaf| (*leaf, part, false)))
    {
        if askable(eval, leaf) {
            if !result.missing.iter().any(|missing| missing.leaf == leaf) {
                result.missing.push(Missing { leaf, stake, gates });
            }
        } else if !result.open.contains(&leaf) {
            result.open.push(leaf);
        }
    }
}

/// What keeps the conditions open, in the order in which they are written.
fn gate_leaves(eval: &mut Eval<'_>, version: &VersionIr, out: &mut Vec<Leaf>) {
    for cond in &version.eligible {
        eval.leaves(cond.node, out);
    }
    if let Some(each) = &version.each {
        match eval.records(each.record) {
            None => {
                if !out.contains(&Leaf::Records(each.record)) {
                    out.push(Leaf::Records(each.record));
                }
            }
            Some(rows) => {
                let before = eval.row(each.record);
                let truths: Vec<Truth> = (0_u32..)
                    .zip(rows)
                    .map(|(row, _)| {
                        eval.enter(each.record, Some(row));
                        eval.truth(each.gate)
                    })
                    .collect();
                for (row, truth) in (0_u32..).zip(truths) {
                    if truth == Truth::Unknown {
                        eval.enter(each.record, Some(row));
                        for cond in &each.conditions {
                            eval.leaves(cond.node, out);
                        }
                    }
                }
                eval.enter(each.record, before);
            }
        }
    }
    refusal_leaves(eval, version, out);
}

/// What keeps open whether an award is too small to be made.
fn refusal_leaves(eval: &mut Eval<'_>, version: &VersionIr, out: &mut Vec<Leaf>) {
    let Some(refuse) = version.refuse_below else { return };
    let nodes = item_nodes(version);
    let mut of_item = |eval: &mut Eval<'_>, row: Option<u32>| {
        if item(eval, version, row, Truth::True).truth == Truth::Unknown {
            nodes.iter().chain([&refuse]).for_each(|node| eval.leaves(*node, out));
        }
    };
    let Some(each) = &version.each else { return of_item(eval, None) };
    let rows = eval.records(each.record).map_or(0, <[_]>::len);
    let before = eval.row(each.record);
    for (row, _) in (0_u32..).zip(0..rows) {
        eval.enter(each.record, Some(row));
        if eval.truth(each.gate) != Truth::False {
            of_item(eval, Some(row));
        }
    }
    eval.enter(each.record, before);
}

/// What one award is computed from.
#[must_use]
pub fn item_nodes(version: &VersionIr) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = version
        .amount
        .into_iter()
        .chain(version.at_least)
        .chain(version.limits.iter().filter(|limit| limit.per_record).map(|limit| limit.at_most))
        .collect();
    for rule in &version.stacking {
        match rule {
            StackingIr::Ceiling(ceiling) => {
                nodes.extend([Some(ceiling.at_most), ceiling.received].into_iter().flatten())
            }
            StackingIr::Ladder { received, .. } => nodes.extend(received),
            _ => {}
        }
    }
    nodes
}

/// What keeps the amount open.
fn amount_leaves(eval: &mut Eval<'_>, version: &VersionIr, out: &mut Vec<Leaf>) {
    let nodes = item_nodes(version);
    match &version.each {
        None => {
            for node in &nodes {
                eval.leaves(*node, out);
            }
        }
        Some(each) => {
            let rows = eval.records(each.record).map_or(0, <[_]>::len);
            let before = eval.row(each.record);
            for (row, _) in (0_u32..).zip(0..rows) {
                eval.enter(each.record, Some(row));
                if eval.truth(each.gate) != Truth::False {
                    for node in &nodes {
                        eval.leaves(*node, out);
                    }
                }
            }
            eval.enter(each.record, before);
        }
    }
    for limit in version.limits.iter().filter(|limit| !limit.per_record) {
        eval.leaves(limit.at_most, out);
        if let Some(received) = limit.received {
            eval.leaves(received, out);
        }
    }
}

fn condition(eval: &mut Eval<'_>, cond: &CondIr) -> CondResult {
    let truth = eval.truth(cond.node);
    let children = if cond.children.is_empty() {
        Vec::new()
    } else {
        cond.children.iter().map(|child| condition(eval, child)).collect()
    };
    let shortfall =
        if truth == Truth::False && cond.shape == CondShape::Leaf { shortfall(eval, cond.node) } else { None };
    CondResult { truth, shortfall, children }
}
