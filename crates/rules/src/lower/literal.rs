//! Values written in formulas, scaled for the evaluator.

use super::Lower;
use crate::formula::Literal;
use crate::ir::NodeId;
use crate::value::{FEN, Truth, Val};
use crate::vocabulary::Type;

impl Lower<'_> {
    pub(super) fn literal(&mut self, literal: &Literal) -> (NodeId, Type) {
        let (value, ty) = match literal {
            Literal::Bool(value) => return (self.pool.arena.constant(Val::Truth(Truth::from(*value))), Type::Bool),
            Literal::Text(text) => {
                let symbol = self.pool.text(text);
                return (self.pool.arena.constant(Val::Symbol(Some(symbol))), Type::Text);
            }
            Literal::Money(money) => (i128::from(money.fen()) * FEN, Type::Money),
            Literal::MoneyPer(money, unit) => (i128::from(money.fen()) * FEN, Type::MoneyPer(*unit)),
            Literal::Rate(rate) => (i128::from(rate.ppm()) * 2, Type::Rate),
            Literal::Count(count) => (i128::from(*count), Type::Count),
            Literal::Quantity(quantity) => (i128::from(quantity.milli), Type::Quantity(quantity.unit)),
            Literal::Months(months) => (i128::from(*months), Type::Months),
            Literal::Days(days) => (i128::from(*days), Type::Days),
            Literal::Date(date) => (i128::from(date.days()), Type::Date),
        };
        (self.pool.arena.number(value), ty)
    }
}
