//! What a condition that fails lacks to hold, in numbers.

use crate::eval::Eval;
use crate::ir::{Node, NodeId, Order};
use crate::value::{Truth, WHOLE};
use crate::vocabulary::Type;

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

/// What a failed comparison lacks.
pub(super) fn shortfall(eval: &mut Eval<'_>, node: NodeId) -> Option<Shortfall> {
    let program = eval.program;
    let (order, a, b, negated) = match program.arena.get(node) {
        Node::Compare(order, a, b) => (*order, *a, *b, false),
        Node::And(items) => {
            return items
                .iter()
                .find(|item| eval.truth(**item) == Truth::False)
                .copied()
                .and_then(|item| shortfall(eval, item));
        }
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
    let (subject, actual, needed, too_much) =
        if constant_left { (b, right.lo, left.lo, false) } else { (a, left.lo, right.lo, true) };
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
        Node::Slot(slot) => program
            .slots
            .get(*slot as usize)
            .and_then(|slot| program.vocabulary.facts.get(slot.fact))
            .map(|fact| fact.ty),
        Node::Field { record, field } => program
            .vocabulary
            .records
            .get(*record as usize)
            .and_then(|record| record.fields.get(*field as usize))
            .map(|field| field.ty),
        Node::On | Node::AddMonths(..) => Some(Type::Date),
        Node::MonthsBetween(..) => Some(Type::Months),
        Node::Ratio(..) | Node::MulRate(..) => Some(Type::Rate),
        Node::FloorDiv(..) | Node::YearOf(_) => Some(Type::Count),
        Node::Marginal(..) | Node::AmountOf(_) => Some(Type::Money),
        Node::Mul(a, b, divisor) if *divisor == WHOLE => {
            type_of(eval, *a).filter(|ty| *ty != Type::Rate).or_else(|| type_of(eval, *b))
        }
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

/// What the tested value of a comparison comes to, with its type, where it is computed from other values.
pub(crate) fn tested(eval: &mut Eval<'_>, node: NodeId) -> Option<(crate::value::Range, Type)> {
    let program = eval.program;
    let Node::Compare(_, a, b) = program.arena.get(node) else { return None };
    let computed =
        |id: NodeId| !matches!(program.arena.get(id), Node::Const(_) | Node::Slot(_) | Node::Field { .. } | Node::On);
    let constant_a = matches!(program.arena.get(*a), Node::Const(_)) || is_scaled(eval, *a) && !is_scaled(eval, *b);
    let subject = if constant_a { *b } else { *a };
    if !computed(subject) {
        return None;
    }
    let ty = type_of(eval, subject)?;
    Some((eval.range(subject), ty))
}
