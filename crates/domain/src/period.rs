//! Periods between two dates, and fiscal years.

use std::fmt;

use crate::date::Date;

/// A period of days, both ends included; an end that is `None` is open.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Period {
    from: Option<Date>,
    to: Option<Date>,
}

/// A period that ends before it begins.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the period begins on {from} and ends before that, on {to}: swap the two dates or correct one")]
pub struct PeriodError {
    /// The first day as given.
    pub from: Date,
    /// The last day as given.
    pub to: Date,
}

impl Period {
    /// Always: open at both ends.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// The period from the first to the last day, both included. Error: the last day is before the first.
    pub fn new(from: Option<Date>, to: Option<Date>) -> Result<Self, PeriodError> {
        match (from, to) {
            (Some(from), Some(to)) if from > to => Err(PeriodError { from, to }),
            _ => Ok(Self { from, to }),
        }
    }

    /// From this day on.
    pub const fn since(from: Date) -> Self {
        Self { from: Some(from), to: None }
    }

    /// Up to and including this day.
    pub const fn until(to: Date) -> Self {
        Self { from: None, to: Some(to) }
    }

    /// The first day; `None` is open.
    pub const fn from(self) -> Option<Date> {
        self.from
    }

    /// The last day; `None` is open.
    pub const fn to(self) -> Option<Date> {
        self.to
    }

    /// Whether the day lies within.
    pub fn contains(self, date: Date) -> bool {
        !self.is_before(date) && !self.is_after(date)
    }

    /// Whether the two periods share a day.
    pub fn overlaps(self, other: Self) -> bool {
        let starts_in_time = |a: Self, b: Self| match (a.from, b.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        starts_in_time(self, other) && starts_in_time(other, self)
    }

    /// Whether the whole period lies before the day.
    pub fn is_before(self, date: Date) -> bool {
        self.to.is_some_and(|to| to < date)
    }

    /// Whether the whole period lies after the day.
    pub fn is_after(self, date: Date) -> bool {
        self.from.is_some_and(|from| from > date)
    }
}

/// Canonical: `2026-01-01..2026-12-31`, an open end left empty.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            write!(f, "{from}")?;
        }
        f.write_str("..")?;
        if let Some(to) = self.to {
            write!(f, "{to}")?;
        }
        Ok(())
    }
}

/// A fiscal year, which in China is the calendar year; within 1900–2199.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FiscalYear(i32);

impl FiscalYear {
    /// The fiscal year of that number; `None` outside 1900–2199.
    pub const fn new(year: i32) -> Option<Self> {
        match Date::new(year, 1, 1) {
            Some(_) => Some(Self(year)),
            None => None,
        }
    }

    /// The fiscal year that the day lies in.
    pub const fn of(date: Date) -> Self {
        Self(date.year())
    }

    /// The number of the year.
    pub const fn year(self) -> i32 {
        self.0
    }

    /// 1 January.
    pub const fn start(self) -> Date {
        Date::year_start(self.0)
    }

    /// 31 December.
    pub const fn end(self) -> Date {
        match Date::new(self.0, 12, 31) {
            Some(date) => date,
            None => Date::MAX, // not reached: the year is within 1900–2199
        }
    }

    /// The year before; `None` before 1900.
    pub const fn previous(self) -> Option<Self> {
        Self::new(self.0 - 1)
    }

    /// The whole year as a period.
    pub const fn period(self) -> Period {
        Period { from: Some(self.start()), to: Some(self.end()) }
    }
}

/// Canonical: the number, `2025`.
impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period::new(Some(date(from)), Some(date(to))).unwrap()
    }

    #[test]
    fn both_ends_belong_to_the_period() {
        let year = period("2026-01-01", "2026-12-31");
        assert!(year.contains(date("2026-01-01")) && year.contains(date("2026-12-31")));
        assert!(year.is_before(date("2027-01-01")) && !year.is_before(date("2026-12-31")));
        assert!(year.is_after(date("2025-12-31")) && !year.is_after(date("2026-01-01")));
        assert!(!year.contains(date("2027-01-01")));
    }

    #[test]
    fn an_open_end_has_no_limit() {
        assert!(Period::ALWAYS.contains(Date::MIN) && Period::ALWAYS.contains(Date::MAX));
        assert!(Period::since(date("2026-01-01")).contains(Date::MAX));
        assert!(!Period::until(date("2026-01-01")).contains(date("2026-01-02")));
        assert_eq!(Period::since(date("2026-01-01")).to_string(), "2026-01-01..");
        assert_eq!(Period::ALWAYS.to_string(), "..");
    }

    #[test]
    fn a_period_cannot_end_before_it_begins() {
        let error = Period::new(Some(date("2026-02-01")), Some(date("2026-01-01"))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the period begins on 2026-02-01 and ends before that, on 2026-01-01: swap the two dates or correct one"
        );
        assert!(Period::new(Some(date("2026-02-01")), Some(date("2026-02-01"))).is_ok());
    }

    #[test]
    fn periods_overlap_when_they_share_a_day() {
        let spring = period("2026-03-01", "2026-05-31");
        assert!(spring.overlaps(period("2026-05-31", "2026-06-30")));
        assert!(!spring.overlaps(period("2026-06-01", "2026-06-30")));
        assert!(spring.overlaps(Period::ALWAYS));
        assert!(!Period::until(date("2026-02-28")).overlaps(spring));
    }

    #[test]
    fn a_fiscal_year_is_the_calendar_year() {
        let year = FiscalYear::of(date("2026-05-06"));
        assert_eq!((year.start(), year.end()), (date("2026-01-01"), date("2026-12-31")));
        assert_eq!(year.previous(), FiscalYear::new(2025));
        assert_eq!(year.period(), period("2026-01-01", "2026-12-31"));
        assert_eq!(FiscalYear::new(1900).unwrap().previous(), None);
        assert_eq!(FiscalYear::new(2200), None);
        assert_eq!(FiscalYear::new(2199).unwrap().end(), Date::MAX);
    }

    fn any_period() -> impl Strategy<Value = Period> {
        let end = || proptest::option::of((0_i32..60).prop_map(|days| Date::from_days(days).unwrap()));
        (end(), end()).prop_filter_map("ends before it begins", |(from, to)| Period::new(from, to).ok())
    }

    proptest! {
        #[test]
        fn overlap_means_a_shared_day(a in any_period(), b in any_period()) {
            let shared = (-1..=60).any(|days| {
                let day = Date::from_days(days).unwrap();
                a.contains(day) && b.contains(day)
            });
            prop_assert_eq!(a.overlaps(b), shared);
            prop_assert_eq!(b.overlaps(a), shared);
        }
    }
}
