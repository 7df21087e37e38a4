//! Quantities with a unit: time, area, energy, computing time, heads.

use std::cmp::Ordering;
use std::fmt;

use crate::decimal::{self, Decimal, DecimalError, ScaleError};
use crate::text::{half_width, nearest};
use crate::unit::{ALIASES, Unit, YEARS};

/// A quantity: thousandths of a unit.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Quantity {
    /// The amount in thousandths of the unit.
    pub milli: i64,
    /// What is counted.
    pub unit: Unit,
}

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// The text is empty.
    #[error("the quantity is empty: write a number and a unit, for example `24 months`; {}", known_units())]
    Empty,
    /// A number without a unit.
    #[error("`{found}` has no unit: write for example `{found} months`; {}", known_units())]
    MissingUnit {
        /// The number as found.
        found: String,
    },
    /// A unit that is not known.
    #[error("`{unit}` in `{found}` is not a unit{}; {}", did_you_mean(.hint.as_deref()), known_units())]
    UnknownUnit {
        /// The text as found.
        found: String,
        /// The unit as found.
        unit: String,
        /// The known unit nearest to it.
        hint: Option<String>,
    },
    /// More precise than a thousandth.
    #[error("`{found}` is too precise: at most three decimals")]
    TooPrecise {
        /// The text as found.
        found: String,
    },
    /// Too large to count.
    #[error("`{found}` is too large: at most 9,000,000,000,000,000 of a unit")]
    TooLarge {
        /// The text as found.
        found: String,
    },
    /// Not a quantity at all.
    #[error("`{found}` is not a quantity: write a number and a unit, for example `24 months`; {}", known_units())]
    NotQuantity {
        /// The text as found.
        found: String,
    },
}

fn known_units() -> String {
    format!("units are {}, and years as 12 months", Unit::ALL.map(Unit::code).join(", "))
}

fn did_you_mean(hint: Option<&str>) -> String {
    hint.map(|hint| format!(", did you mean `{hint}`?")).unwrap_or_default()
}

impl Quantity {
    /// The largest amount either way, in thousandths.
    const MAX_MILLI: i64 = 9_000_000_000_000_000_000;

    /// A whole number of units; `None` if it is too large.
    pub const fn whole(count: i64, unit: Unit) -> Option<Self> {
        match count.checked_mul(1_000) {
            Some(milli) => Some(Self { milli, unit }),
            None => None,
        }
    }

    /// Reads a number and a unit: `24 months`, `2 years` (24 months), `3000 m2`, `2,000 卡时`, `1.5万平方米`, `15天`.
    ///
    /// Errors: no unit, an unknown unit, more than three decimals, too large, or no quantity at all.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let found = || text.trim().to_owned();
        let narrow = half_width(text);
        if narrow.is_empty() {
            return Err(QuantityError::Empty);
        }
        let (number, rest) = Decimal::take(&narrow).map_err(|error| match error {
            DecimalError::Malformed => QuantityError::NotQuantity { found: found() },
            DecimalError::TooLong => QuantityError::TooLarge { found: found() },
        })?;
        let name = rest.trim();
        let (name, multiple) = if let Some(name) = name.strip_prefix('万') {
            (name.trim_start(), 10_000)
        } else if let Some(name) = name.strip_prefix('亿') {
            (name.trim_start(), 100_000_000)
        } else {
            (name, 1)
        };
        if name.is_empty() {
            return Err(QuantityError::MissingUnit { found: found() });
        }
        let (unit, units) = if YEARS.contains(&name.to_lowercase().as_str()) {
            (Unit::Month, 12)
        } else {
            let unit = Unit::from_code(name).ok_or_else(|| unknown_unit(found(), name))?;
            (unit, 1)
        };
        let milli = number.times(1_000 * units * multiple).map_err(|error| match error {
            ScaleError::TooPrecise => QuantityError::TooPrecise { found: found() },
            ScaleError::TooLarge => QuantityError::TooLarge { found: found() },
        })?;
        if milli.unsigned_abs() > Self::MAX_MILLI.unsigned_abs() {
            return Err(QuantityError::TooLarge { found: found() });
        }
        Ok(Self { milli, unit })
    }

    /// The quantity for Chinese readers: `3,000平方米`, `24个月`.
    pub fn zh(self) -> String {
        format!("{}{}", decimal::print(self.milli, 3, 0, true), self.unit.zh())
    }

    /// The quantity for English readers: `3,000 m²`, `1 day`, `24 months`.
    pub fn en(self) -> String {
        let plural = self.milli.unsigned_abs() != 1_000;
        format!("{} {}", decimal::print(self.milli, 3, 0, true), self.unit.en(plural))
    }
}

fn unknown_unit(found: String, name: &str) -> QuantityError {
    let known = ALIASES.iter().map(|(alias, _)| *alias).chain(YEARS);
    QuantityError::UnknownUnit { found, unit: name.to_owned(), hint: nearest(name, known).map(str::to_owned) }
}

/// Quantities of different units have no order.
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.unit == other.unit).then(|| self.milli.cmp(&other.milli))
    }
}

/// Canonical: `3000 m2`, `1.5 months`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", decimal::print(self.milli, 3, 0, false), self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_a_number_and_a_unit() {
        for (text, milli, unit) in [
            ("24 months", 24_000, Unit::Month),
            ("2 years", 24_000, Unit::Month),
            ("1.5年", 18_000, Unit::Month),
            ("3个月", 3_000, Unit::Month),
            ("3000 m2", 3_000_000, Unit::SquareMetre),
            ("1.5万平方米", 15_000_000, Unit::SquareMetre),
            ("2,000 卡时", 2_000_000, Unit::CardHour),
            ("１５天", 15_000, Unit::Day),
            ("0.5 kWh", 500, Unit::KilowattHour),
            ("30人", 30_000, Unit::Person),
            ("-1 day", -1_000, Unit::Day),
        ] {
            assert_eq!(Quantity::parse(text), Ok(Quantity { milli, unit }), "{text}");
        }
    }

    #[test]
    fn a_missing_or_wrong_unit_is_named_with_the_known_ones() {
        let message = |text| Quantity::parse(text).unwrap_err().to_string();
        let units = "units are days, months, m2, kwh, card_hours, persons, and years as 12 months";
        assert_eq!(message("24"), format!("`24` has no unit: write for example `24 months`; {units}"));
        assert_eq!(
            message("24 monhts"),
            format!("`monhts` in `24 monhts` is not a unit, did you mean `months`?; {units}")
        );
        assert_eq!(message("24 acres"), format!("`acres` in `24 acres` is not a unit; {units}"));
    }

    #[test]
    fn refuses_what_cannot_be_counted() {
        assert_eq!(Quantity::parse(""), Err(QuantityError::Empty));
        assert!(matches!(Quantity::parse("months"), Err(QuantityError::NotQuantity { .. })));
        assert!(matches!(Quantity::parse("0.0001 m2"), Err(QuantityError::TooPrecise { .. })));
        assert!(matches!(Quantity::parse("9999999999999999亿人"), Err(QuantityError::TooLarge { .. })));
        assert!(matches!(Quantity::parse("9200000000000000 m2"), Err(QuantityError::TooLarge { .. })));
        assert_eq!(Quantity::whole(i64::MAX, Unit::Day), None);
    }

    #[test]
    fn prints_for_machines_and_for_readers() {
        let area = Quantity { milli: 3_000_500, unit: Unit::SquareMetre };
        assert_eq!(area.to_string(), "3000.5 m2");
        assert_eq!(area.zh(), "3,000.5平方米");
        assert_eq!(area.en(), "3,000.5 m²");
        assert_eq!(Quantity { milli: 1_000, unit: Unit::Person }.en(), "1 person");
        assert_eq!(Quantity { milli: 2_000, unit: Unit::Person }.en(), "2 people");
    }

    #[test]
    fn only_like_units_compare() {
        let days = |milli| Quantity { milli, unit: Unit::Day };
        assert!(days(1) < days(2));
        assert_eq!(days(1).partial_cmp(&Quantity { milli: 1, unit: Unit::Month }), None);
    }

    proptest! {
        #[test]
        fn every_print_reads_back(milli in -Quantity::MAX_MILLI..=Quantity::MAX_MILLI, which in 0_usize..6) {
            let quantity = Quantity { milli, unit: Unit::ALL[which] };
            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
            prop_assert_eq!(Quantity::parse(&quantity.zh()), Ok(quantity));
            prop_assert_eq!(Quantity::parse(&quantity.en()), Ok(quantity));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,16}") {
            let _ = Quantity::parse(&text);
        }
    }
}
