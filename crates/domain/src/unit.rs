//! The units that quantities come in.

use std::fmt;

use crate::text::half_width;

/// What a quantity counts. Years are read as twelve months.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unit {
    /// Calendar days.
    Day,
    /// Calendar months.
    Month,
    /// Square metres of floor or land.
    SquareMetre,
    /// Kilowatt hours of electricity.
    KilowattHour,
    /// Hours of one accelerator card (卡时).
    CardHour,
    /// Heads.
    Person,
}

/// Other spellings of the units, in lower case.
pub(crate) const ALIASES: [(&str, Unit); 34] = [
    ("day", Unit::Day),
    ("days", Unit::Day),
    ("天", Unit::Day),
    ("日", Unit::Day),
    ("month", Unit::Month),
    ("months", Unit::Month),
    ("个月", Unit::Month),
    ("月", Unit::Month),
    ("m2", Unit::SquareMetre),
    ("m²", Unit::SquareMetre),
    ("m^2", Unit::SquareMetre),
    ("㎡", Unit::SquareMetre),
    ("sqm", Unit::SquareMetre),
    ("square metre", Unit::SquareMetre),
    ("square metres", Unit::SquareMetre),
    ("square meter", Unit::SquareMetre),
    ("square meters", Unit::SquareMetre),
    ("平方米", Unit::SquareMetre),
    ("平米", Unit::SquareMetre),
    ("kwh", Unit::KilowattHour),
    ("千瓦时", Unit::KilowattHour),
    ("度", Unit::KilowattHour),
    ("card_hours", Unit::CardHour),
    ("card_hour", Unit::CardHour),
    ("card hour", Unit::CardHour),
    ("card hours", Unit::CardHour),
    ("card-hour", Unit::CardHour),
    ("card-hours", Unit::CardHour),
    ("卡时", Unit::CardHour),
    ("person", Unit::Person),
    ("persons", Unit::Person),
    ("people", Unit::Person),
    ("人", Unit::Person),
    ("名", Unit::Person),
];

/// Spellings of the year.
pub(crate) const YEARS: [&str; 3] = ["year", "years", "年"];

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 6] =
        [Self::Day, Self::Month, Self::SquareMetre, Self::KilowattHour, Self::CardHour, Self::Person];

    /// The canonical code: `days`, `months`, `m2`, `kwh`, `card_hours`, `persons`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "days",
            Self::Month => "months",
            Self::SquareMetre => "m2",
            Self::KilowattHour => "kwh",
            Self::CardHour => "card_hours",
            Self::Person => "persons",
        }
    }

    /// The unit with this code or alias (`day`, `天`, `m²`, `平方米`, `kWh`, `卡时`, `人` …); `None` if there is none.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = half_width(code).to_lowercase();
        ALIASES.iter().find(|(name, _)| *name == code).map(|(_, unit)| *unit)
    }

    /// The Chinese name: `天`, `个月`, `平方米`, `千瓦时`, `卡时`, `人`.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Day => "天",
            Self::Month => "个月",
            Self::SquareMetre => "平方米",
            Self::KilowattHour => "千瓦时",
            Self::CardHour => "卡时",
            Self::Person => "人",
        }
    }

    /// The English name; `plural` for any amount but one.
    pub const fn en(self, plural: bool) -> &'static str {
        match (self, plural) {
            (Self::Day, false) => "day",
            (Self::Day, true) => "days",
            (Self::Month, false) => "month",
            (Self::Month, true) => "months",
            (Self::SquareMetre, _) => "m²",
            (Self::KilowattHour, _) => "kWh",
            (Self::CardHour, false) => "card-hour",
            (Self::CardHour, true) => "card-hours",
            (Self::Person, false) => "person",
            (Self::Person, true) => "people",
        }
    }
}

/// Canonical: the code.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_name_is_read_back() {
        for unit in Unit::ALL {
            for name in [unit.code(), unit.zh(), unit.en(true), unit.en(false)] {
                assert_eq!(Unit::from_code(name), Some(unit), "{name}");
            }
        }
        assert_eq!(Unit::from_code("kWh"), Some(Unit::KilowattHour));
        assert_eq!(Unit::from_code("year"), None); // a year is no unit of its own
    }
}
