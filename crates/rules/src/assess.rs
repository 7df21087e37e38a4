//! The assessment of one measure for one party: version, conditions, amount step by step, what is missing.

use domain::{Date, PartyKind};

use crate::ast::{AppliesTo, AwardKind, Outcome, RoundMode, Rounding, Status};
use crate::eval::{Eval, Leaf};
use crate::ir::{CondIr, CondShape, Node, NodeId, Order, StackingIr, VersionIr};
use crate::value::{FEN, Range, Truth, WHOLE};
use crate::vocabulary::Type;

/// Why a measure cannot pay at a date, whatever the party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A text for comment.
    Draft,
    /// A plan that is over.
    Closed,
    /// Its period has not begun.
    NotYetInForce,
    /// Its period is over.
    Expired,
    /// Between two versions.
    Gap,
    /// Applications are not taken yet.
    WindowNotOpen,
    /// Applications are no longer taken.
    WindowClosed,
    /// Nothing was published by the date as known on.
    NotYetKnown,
    /// It is for persons and the party is an organisation, or the other way round.
    OtherParty,
}

impl Reason {
    /// Name in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Closed => "closed",
            Self::NotYetInForce => "not_yet_in_force",
            Self::Expired => "expired",
            Self::Gap => "gap",
            Self::WindowNotOpen => "window_not_open",
            Self::WindowClosed => "window_closed",
            Self::NotYetKnown => "not_yet_known",
            Self::OtherParty => "other_party",
        }
    }
}

/// The version of a measure that an assessment uses, and why it cannot pay, if so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The version's index; the nearest one when none is in force.
    pub version: Option<usize>,
    /// Why it cannot pay.
    pub reason: Option<Reason>,
}

/// Chooses the version for two dates: known by then, in force on the day; of several the one published last.
#[must_use]
pub fn choose(versions: &[VersionIr], on: Date, known_on: Date) -> Chosen {
    let known = || versions.iter().enumerate().filter(|(_, version)| version.known_from <= known_on);
    if known().next().is_none() {
        return Chosen { version: None, reason: Some(Reason::NotYetKnown) };
    }
    let rank = |version: &VersionIr| (version.status == Status::InForce, version.known_from, version.in_force.from());
    if let Some((index, version)) = known().filter(|(_, version)| version.in_force.contains(on)).max_by_key(|(_, version)| rank(version)) {
        let reason = match version.status {
            Status::Draft => Some(Reason::Draft),
            Status::Closed => Some(Reason::Closed),
            Status::InForce => match version.window {
                Some(window) if window.is_before(on) => Some(Reason::WindowClosed),
                Some(window) if window.is_after(on) => Some(Reason::WindowNotOpen),
                _ => None,
            },
        };
        return Chosen { version: Some(index), reason };
    }
    // the nearest version explains when it was, or will be, in force
    let past = known().filter(|(_, version)| version.in_force.is_before(on)).max_by_key(|(_, version)| (version.in_force.to(), version.known_from));
    let future = known().filter(|(_, version)| version.in_force.is_after(on)).min_by_key(|(_, version)| (version.in_force.from(), version.known_from));
    let (index, version, reason) = match (past, future) {
        (Some((index, version)), None) => {
            let window_closed = version.window.is_some_and(|window| window.is_before(on));
            (Some(index), Some(version), if window_closed { Reason::WindowClosed } else { Reason::Expired })
        }
        (None, Some((index, version))) => (Some(index), Some(version), Reason::NotYetInForce),
        (Some((index, version)), Some(_)) => (Some(index), Some(version), Reason::Gap),
        (None, None) => (None, None, Reason::NotYetKnown),
    };
    let reason = match version.map(|version| version.status) {
        Some(Status::Draft) => Reason::Draft,
        Some(Status::Closed) => Reason::Closed,
        _ => reason,
    };
    Chosen { version: index, reason: Some(reason) }
}

/// What a comparison lacks to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// What it is.
    pub actual: i128,
    /// What it would have to reach, or stay under.
    pub needed: i128,
    /// Whether the actual value is too great rather than too small.
    pub too_much: bool,
    /// The type of both.
    pub ty: Type,
    /// For a quotient: how much more of its upper part would do, and the type of that.
    pub numerator: Option<(i128, Type)>,
}

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

/// A step from the formula's amount to the award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The formula.
    Formula,
    /// Raised to the floor.
    Floor,
    /// Refused because it is below the least award.
    Refused,
    /// Bounded by a limit, by its index.
    Limit(usize),
    /// Bounded by a ceiling, by its index among the stacking rules.
    Ceiling(usize),
    /// Rounded.
    Rounding,
    /// The sum of the awards.
    Sum,
}

/// One step, with the amount after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub kind: StepKind,
    /// The amount then.
    pub after: Range,
}

/// A rule whose meaning the source leaves open, and what would be paid if it binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CeilingConflict {
    /// The rule's index among the stacking rules.
    pub rule: usize,
    /// What would be paid.
    pub if_binding: Range,
}

/// The award for one record, or the only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The row, where there is one award for each record.
    pub row: Option<u32>,
    /// Whether it is made, given that the party's conditions hold.
    pub truth: Truth,
    /// Results of the conditions on the record.
    pub conditions: Vec<CondResult>,
    /// How the amount came about.
    pub steps: Vec<Step>,
    /// The amount, given that it is made.
    pub amount: Range,
    /// Rules that may bind it.
    pub conflicts: Vec<CeilingConflict>,
    /// For each ceiling among the stacking rules: its room for this item, before what others in a bundle take.
    pub rooms: Vec<(usize, Range)>,
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
    let Some(version) = chosen.version.and_then(|index| ir.versions.get(index)) else { return (Outcome::NotEligible, Range::ZERO) };
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
            (if asks { Outcome::Undetermined } else { Outcome::NeedsPerson }, Range { lo: potential.lo.min(0), hi: potential.hi.max(0) })
        }
    }
}

/// What keeps another measure open.
pub(crate) fn leaves_of(eval: &mut Eval<'_>, measure: u32, amount: bool, out: &mut Vec<Leaf>) {
    let program = eval.program;
    let Some(ir) = program.measures.get(measure as usize) else { return };
    let chosen = choose(&ir.versions, eval.bound.dates.on, eval.bound.dates.known_on);
    let Some(version) = chosen.version.and_then(|index| ir.versions.get(index)).filter(|_| chosen.reason.is_none()) else { return };
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
        let paid = part.map_or(rest, |part| Range { lo: part.lo.clamp(0, rest.lo.max(0)), hi: part.hi.clamp(0, rest.hi.max(0)) });
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
            let fact = eval.program.slots.get(slot as usize).and_then(|slot| eval.program.vocabulary.facts.get(slot.fact));
            fact.is_some_and(|fact| fact.by.is_none())
        }
        Leaf::Field { record, field, .. } => {
            let field = eval.program.vocabulary.records.get(record as usize).and_then(|record| record.fields.get(field as usize));
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
    for (leaf, stake, gates) in gates.iter().map(|leaf| (*leaf, whole, true)).chain(amounts.iter().map(|leaf| (*leaf, part, false))) {
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
fn item_nodes(version: &VersionIr) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = version.amount.into_iter().chain(version.at_least).chain(version.limits.iter().filter(|limit| limit.per_record).map(|limit| limit.at_most)).collect();
    for rule in &version.stacking {
        match rule {
            StackingIr::Ceiling(ceiling) => nodes.extend([Some(ceiling.at_most), ceiling.received].into_iter().flatten()),
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

enum Event {
    Item(Item),
    Step(Step),
}

/// The awards of a version: their sum after all limits, given that the party's conditions hold, and whether there is one.
fn awards(eval: &mut Eval<'_>, version: &VersionIr, report: &mut dyn FnMut(Event)) -> (Range, Truth) {
    let mut total = Range::ZERO;
    let mut any = Truth::False;
    match &version.each {
        None => {
            let item = item(eval, version, None, Truth::True);
            total = if item.truth == Truth::Unknown { item.amount.join(Range::ZERO) } else { item.amount };
            any = item.truth;
            report(Event::Item(item));
        }
        Some(each) => match eval.records(each.record) {
            None => {
                any = Truth::Unknown;
                let before = eval.enter(each.record, None);
                let item = item(eval, version, None, Truth::Unknown);
                eval.enter(each.record, before);
                // any number of records may be there
                total = Range { lo: 0, hi: if item.amount.hi > 0 { crate::value::UNBOUNDED } else { 0 } };
            }
            Some(rows) => {
                let before = eval.row(each.record);
                for (row, _) in (0_u32..).zip(rows) {
                    eval.enter(each.record, Some(row));
                    let truth = eval.truth(each.gate);
                    let mut item = item(eval, version, Some(row), truth);
                    item.conditions = each.conditions.iter().map(|cond| condition(eval, cond)).collect();
                    any = any.or(item.truth);
                    match item.truth {
                        Truth::True => total = total.add(item.amount),
                        Truth::Unknown => total = total.add(item.amount.join(Range::ZERO)),
                        Truth::False => {}
                    }
                    report(Event::Item(item));
                }
                eval.enter(each.record, before);
                report(Event::Step(Step { kind: StepKind::Sum, after: total }));
            }
        },
    }
    for (index, limit) in version.limits.iter().enumerate().filter(|(_, limit)| !limit.per_record) {
        let received = limit.received.map_or(Range::ZERO, |received| eval.range(received));
        let room = eval.range(limit.at_most).sub(received).max(Range::ZERO);
        let after = total.min(room);
        if after != total {
            total = after;
            report(Event::Step(Step { kind: StepKind::Limit(index), after }));
        }
    }
    (total, any)
}

/// One award.
fn item(eval: &mut Eval<'_>, version: &VersionIr, row: Option<u32>, truth: Truth) -> Item {
    let mut item = Item { row, truth, conditions: Vec::new(), steps: Vec::new(), amount: Range::ZERO, conflicts: Vec::new(), rooms: Vec::new() };
    if truth == Truth::False {
        return item;
    }
    let Some(formula) = version.amount else { return item };
    let mut amount = eval.range(formula);
    // an award is never negative
    amount = if version.kind == AwardKind::RentFactor { amount } else { amount.max(Range::ZERO) };
    item.steps.push(Step { kind: StepKind::Formula, after: amount });
    let step = |item: &mut Item, amount: &mut Range, kind: StepKind, after: Range| {
        if after != *amount {
            *amount = after;
            item.steps.push(Step { kind, after });
        }
    };
    if let Some(floor) = version.at_least {
        let floor = eval.range(floor);
        let after = amount.max(floor);
        step(&mut item, &mut amount, StepKind::Floor, after);
    }
    for (index, limit) in version.limits.iter().enumerate().filter(|(_, limit)| limit.per_record) {
        let cap = eval.range(limit.at_most).max(Range::ZERO);
        let after = amount.min(cap);
        step(&mut item, &mut amount, StepKind::Limit(index), after);
    }
    for (index, rule) in version.stacking.iter().enumerate() {
        match rule {
            StackingIr::Ceiling(ceiling) => {
                let at_most = eval.range(ceiling.at_most);
                let received = ceiling.received.map_or(Range::ZERO, |received| eval.range(received));
                let room = at_most.sub(received).max(Range::ZERO);
                item.rooms.push((index, room));
                let bound = amount.min(room);
                if ceiling.own_counts || received.lo > 0 {
                    step(&mut item, &mut amount, StepKind::Ceiling(index), bound);
                } else if bound != amount {
                    item.conflicts.push(CeilingConflict { rule: index, if_binding: bound });
                    if received.hi > 0 {
                        // it may bind, if there is other support
                        let after = amount.join(bound);
                        step(&mut item, &mut amount, StepKind::Ceiling(index), after);
                    }
                }
            }
            StackingIr::Ladder { received: Some(received), .. } => {
                let received = eval.range(*received);
                let after = amount.sub(received).max(Range::ZERO);
                step(&mut item, &mut amount, StepKind::Ceiling(index), after);
            }
            _ => {}
        }
    }
    if let Some(least) = version.refuse_below {
        let least = eval.range(least);
        match crate::eval::compare(Order::Le, least, amount) {
            Truth::True => {}
            Truth::False => {
                item.truth = Truth::False;
                step(&mut item, &mut amount, StepKind::Refused, Range::ZERO);
            }
            Truth::Unknown => item.truth = item.truth.and(Truth::Unknown),
        }
    }
    if matches!(version.kind, AwardKind::Money | AwardKind::TaxBase) {
        let rounded = Range { lo: round(amount.lo, version.round), hi: round(amount.hi, version.round) };
        step(&mut item, &mut amount, StepKind::Rounding, rounded);
    }
    item.amount = amount;
    item
}

/// Rounds money to a multiple of the rule's unit.
#[must_use]
pub fn round(amount: i128, rule: Rounding) -> i128 {
    if amount.abs() >= crate::value::UNBOUNDED {
        return amount;
    }
    let unit = i128::from(rule.unit.fen()).max(1) * FEN;
    let (quotient, rest) = (amount.div_euclid(unit), amount.rem_euclid(unit));
    let up = match rule.mode {
        RoundMode::Down => false,
        RoundMode::Up => rest != 0,
        RoundMode::Nearest => rest * 2 >= unit,
    };
    (quotient + i128::from(up)) * unit
}

fn condition(eval: &mut Eval<'_>, cond: &CondIr) -> CondResult {
    let truth = eval.truth(cond.node);
    let children = if cond.children.is_empty() { Vec::new() } else { cond.children.iter().map(|child| condition(eval, child)).collect() };
    let shortfall = if truth == Truth::False && cond.shape == CondShape::Leaf { shortfall(eval, cond.node) } else { None };
    CondResult { truth, shortfall, children }
}

/// What a failed comparison lacks.
fn shortfall(eval: &mut Eval<'_>, node: NodeId) -> Option<Shortfall> {
    let program = eval.program;
    let (order, a, b, negated) = match program.arena.get(node) {
        Node::Compare(order, a, b) => (*order, *a, *b, false),
        Node::And(items) => return items.iter().find(|item| eval.truth(**item) == Truth::False).copied().and_then(|item| shortfall(eval, item)),
        Node::Not(inner) => match program.arena.get(*inner) {
            Node::Compare(order, a, b) => (*order, *a, *b, true),
            _ => return None,
        },
        _ => return None,
    };
    if order == Order::Eq || negated {
        return None;
    }
    let (left, right) = (eval.range(a), eval.range(b));
    if !left.is_point() || !right.is_point() {
        return None;
    }
    // `a <= b` failed. Which side the party can move is the one that is not written down in the rule.
    let constant_left = matches!(program.arena.get(a), Node::Const(_)) || is_scaled(eval, a) && !is_scaled(eval, b);
    let (subject, actual, needed, too_much) = if constant_left { (b, right.lo, left.lo, false) } else { (a, left.lo, right.lo, true) };
    let numerator = match program.arena.get(subject) {
        Node::Ratio(upper, lower) if !too_much => {
            let (upper_range, lower_range) = (eval.range(*upper), eval.range(*lower));
            if upper_range.is_point() && lower_range.is_point() {
                let product = lower_range.lo.checked_mul(needed)?;
                let target = product.div_euclid(WHOLE) + i128::from(product.rem_euclid(WHOLE) != 0);
                type_of(eval, *upper).map(|ty| ((target - upper_range.lo).max(0), ty))
            } else {
                None
            }
        }
        _ => None,
    };
    Some(Shortfall { actual, needed, too_much, ty: type_of(eval, subject)?, numerator })
}

/// Whether a value is a share of another: `5% * org.revenue[year-1]`.
fn is_scaled(eval: &Eval<'_>, node: NodeId) -> bool {
    match eval.program.arena.get(node) {
        Node::Mul(a, b, _) => [a, b].into_iter().any(|part| matches!(eval.program.arena.get(*part), Node::Const(_))),
        _ => false,
    }
}

/// The type of a numeric node, as far as its leaves tell.
fn type_of(eval: &Eval<'_>, node: NodeId) -> Option<Type> {
    let program = eval.program;
    match program.arena.get(node) {
        Node::Slot(slot) => program.slots.get(*slot as usize).and_then(|slot| program.vocabulary.facts.get(slot.fact)).map(|fact| fact.ty),
        Node::Field { record, field } => program.vocabulary.records.get(*record as usize).and_then(|record| record.fields.get(*field as usize)).map(|field| field.ty),
        Node::On | Node::AddMonths(..) => Some(Type::Date),
        Node::MonthsBetween(..) => Some(Type::Months),
        Node::Ratio(..) | Node::MulRate(..) => Some(Type::Rate),
        Node::FloorDiv(..) | Node::YearOf(_) => Some(Type::Count),
        Node::Marginal(..) | Node::AmountOf(_) => Some(Type::Money),
        Node::Mul(a, b, divisor) if *divisor == WHOLE => type_of(eval, *a).filter(|ty| *ty != Type::Rate).or_else(|| type_of(eval, *b)),
        Node::Mul(_, _, 1000) => Some(Type::Money),
        Node::Mul(a, b, _) => match type_of(eval, *a) {
            Some(Type::Count) | None => type_of(eval, *b),
            found => found,
        },
        Node::Add(a, b) | Node::Sub(a, b) => match (type_of(eval, *a), type_of(eval, *b)) {
            (Some(Type::Date), Some(Type::Date)) => Some(Type::Days),
            (found, None) | (None, found) => found,
            (found, _) => found,
        },
        Node::MulDiv(a, ..) => type_of(eval, *a),
        Node::Min(items) | Node::Max(items) => items.iter().find_map(|item| type_of(eval, *item)),
        Node::If(_, yes, no) => type_of(eval, *yes).or_else(|| type_of(eval, *no)),
        Node::Table(_, rows) => rows.iter().find_map(|(_, then)| type_of(eval, *then)),
        Node::Aggregate { value, .. } => match program.arena.get(*value) {
            Node::Const(_) => Some(Type::Count),
            _ => type_of(eval, *value),
        },
        _ => None,
    }
}
