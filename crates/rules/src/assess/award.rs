//! From the formula to the award: floor, limits, ceilings, rounding, for each record and in sum.

use super::CondResult;
use super::condition;
use crate::ast::{AwardKind, RoundMode, Rounding};
use crate::eval::Eval;
use crate::ir::{Order, StackingIr, VersionIr};
use crate::value::{FEN, Range, Truth};

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

/// What happens while awards are computed.
pub(super) enum Event {
    Item(Item),
    Step(Step),
}

/// The awards of a version: their sum after all limits, given that the party's conditions hold, and whether there is one.
pub(super) fn awards(eval: &mut Eval<'_>, version: &VersionIr, report: &mut dyn FnMut(Event)) -> (Range, Truth) {
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
pub(super) fn item(eval: &mut Eval<'_>, version: &VersionIr, row: Option<u32>, truth: Truth) -> Item {
    let mut item = Item {
        row,
        truth,
        conditions: Vec::new(),
        steps: Vec::new(),
        amount: Range::ZERO,
        conflicts: Vec::new(),
        rooms: Vec::new(),
    };
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
        match crate::number::compare(Order::Le, least, amount) {
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
