//! Names under `let` that only stand for a fact are replaced by it: readers know the fact, not the name.

use super::condition::map;
use crate::ast::{
    Award, Cell, Cond, CondKind, Each, LetBody, Limit, Payout, Round, Row, Stacking, StackingKind, Table, Version,
};
use crate::diag::Span;
use crate::formula::{Expr, ExprKind};

/// A version whose formulas name facts instead of other names for them, and that has those names no more.
pub(crate) fn plain(version: &Version) -> Version {
    let stands_for = |body: &LetBody| match body {
        LetBody::Formula(Expr { kind: kind @ ExprKind::Name(name, _), .. }) if name.contains('.') => Some(kind.clone()),
        _ => None,
    };
    let names: Vec<(&str, ExprKind)> =
        version.lets.iter().filter_map(|(name, _, body)| Some((name.as_str(), stands_for(body)?))).collect();
    let plain = Plain { names };
    let lets: Vec<(String, Span, LetBody)> = version
        .lets
        .iter()
        .filter(|(_, _, body)| stands_for(body).is_none())
        .map(|(name, span, body)| (name.clone(), *span, plain.body(body)))
        .collect();
    Version {
        lets,
        eligible: plain.conditions(&version.eligible),
        each: version.each.as_ref().map(|each| Each { conditions: plain.conditions(&each.conditions), ..each.clone() }),
        award: plain.award(&version.award),
        stacking: version.stacking.iter().map(|rule| plain.stacking(rule)).collect(),
        round: version.round.as_ref().map(|round| plain.round(round)),
        ..version.clone()
    }
}

struct Plain<'v> {
    names: Vec<(&'v str, ExprKind)>,
}

impl Plain<'_> {
    fn say(&self, formula: &Expr) -> Expr {
        map(formula, &|part| match &part.kind {
            ExprKind::Name(name, None) => {
                self.names.iter().find(|(known, _)| known == name).map(|(_, kind)| kind.clone())
            }
            _ => None,
        })
    }

    fn maybe(&self, formula: Option<&Expr>) -> Option<Expr> {
        formula.map(|formula| self.say(formula))
    }

    fn body(&self, body: &LetBody) -> LetBody {
        match body {
            LetBody::Formula(formula) => LetBody::Formula(self.say(formula)),
            LetBody::Table(table) => LetBody::Table(Table {
                inputs: table.inputs.iter().map(|input| self.say(input)).collect(),
                rows: table
                    .rows
                    .iter()
                    .map(|row| Row {
                        when: row.when.iter().map(|cell| self.cell(cell)).collect(),
                        then: self.say(&row.then),
                        ..row.clone()
                    })
                    .collect(),
                ..table.clone()
            }),
        }
    }

    fn cell(&self, cell: &Cell) -> Cell {
        let many = |values: &[Expr]| values.iter().map(|value| self.say(value)).collect();
        match cell {
            Cell::Any => Cell::Any,
            Cell::Compare(op, value) => Cell::Compare(*op, self.say(value)),
            Cell::Band(low, closed, high, also) => Cell::Band(self.say(low), *closed, self.say(high), *also),
            Cell::OneOf(values) => Cell::OneOf(many(values)),
            Cell::NoneOf(values) => Cell::NoneOf(many(values)),
            Cell::Within(place) => Cell::Within(self.say(place)),
        }
    }

    fn conditions(&self, conditions: &[Cond]) -> Vec<Cond> {
        conditions.iter().map(|cond| self.condition(cond)).collect()
    }

    fn condition(&self, cond: &Cond) -> Cond {
        let kind = match &cond.kind {
            CondKind::All(parts) => CondKind::All(self.conditions(parts)),
            CondKind::Any(parts) => CondKind::Any(self.conditions(parts)),
            CondKind::Not(inner) => CondKind::Not(Box::new(self.condition(inner))),
            CondKind::Formula(formula) => CondKind::Formula(self.say(formula)),
            CondKind::Listed { member, list, on, scope } => CondKind::Listed {
                member: self.say(member),
                list: list.clone(),
                on: self.maybe(on.as_ref()),
                scope: self.maybe(scope.as_ref()),
            },
            kind @ (CondKind::Review { .. } | CondKind::Measure { .. }) => kind.clone(),
        };
        Cond { kind, unless: cond.unless.as_deref().map(|unless| Box::new(self.condition(unless))), ..cond.clone() }
    }

    fn award(&self, award: &Award) -> Award {
        Award {
            amount: self.maybe(award.amount.as_ref()),
            at_least: self.maybe(award.at_least.as_ref()),
            refuse_below: self.maybe(award.refuse_below.as_ref()),
            limits: award
                .limits
                .iter()
                .map(|limit| Limit { at_most: self.say(&limit.at_most), ..limit.clone() })
                .collect(),
            payout: award
                .payout
                .iter()
                .map(|part| Payout { amount: self.maybe(part.amount.as_ref()), when: part.when.clone() })
                .collect(),
            ..award.clone()
        }
    }

    fn stacking(&self, rule: &Stacking) -> Stacking {
        let kind = match &rule.kind {
            StackingKind::Ladder { name, received } => {
                StackingKind::Ladder { name: name.clone(), received: self.maybe(received.as_ref()) }
            }
            StackingKind::Ceiling { at_most, over, received, own_counts } => StackingKind::Ceiling {
                at_most: self.say(at_most),
                over: over.clone(),
                received: self.maybe(received.as_ref()),
                own_counts: *own_counts,
            },
            kind => kind.clone(),
        };
        Stacking { kind, ..rule.clone() }
    }

    fn round(&self, round: &Round) -> Round {
        match round {
            Round::Rank { by, places } => Round::Rank {
                by: self.say(by),
                places: places.iter().map(|(to, amount)| (*to, self.say(amount))).collect(),
            },
            Round::Grades { by, grades } => Round::Grades {
                by: self.maybe(by.as_ref()),
                grades: grades
                    .iter()
                    .map(|(name, from, amount)| (name.clone(), self.maybe(from.as_ref()), self.say(amount)))
                    .collect(),
            },
            Round::Tiers { tiers, floor, cap } => {
                Round::Tiers { tiers: *tiers, floor: self.say(floor), cap: self.say(cap) }
            }
            Round::Quota { places, by } => Round::Quota { places: *places, by: self.maybe(by.as_ref()) },
            Round::ProRata | Round::Tournament { .. } => round.clone(),
        }
    }
}
