//! Calendar dates of 1900–2199 as a count of days, and the month arithmetic of legal periods.

use std::fmt;

use crate::text::half_width;

/// A date of the Gregorian calendar: days since 1970-01-01, within the years 1900–2199.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(i32);

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The year is outside 1900–2199.
    #[error("`{found}`: the year {year} is outside 1900–2199")]
    YearOutOfRange {
        /// The text as found.
        found: String,
        /// The year as found.
        year: i32,
    },
    /// The month is not 1–12.
    #[error("`{found}`: there is no month {month}, months are 1 to 12")]
    NoSuchMonth {
        /// The text as found.
        found: String,
        /// The month as found.
        month: u32,
    },
    /// The month has no such day.
    #[error("`{found}`: there is no day {day} in that month, it has {days} days")]
    NoSuchDay {
        /// The text as found.
        found: String,
        /// The day as found.
        day: u32,
        /// How many days the month has.
        days: u32,
    },
    /// Not a date at all.
    #[error("`{found}` is not a date: write for example `2026-05-06` or `2026/5/6`")]
    NotDate {
        /// The text as found.
        found: String,
    },
}

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2199;

impl Date {
    /// 1900-01-01.
    pub const MIN: Self = Self(days_from_civil(FIRST_YEAR, 1, 1));
    /// 2199-12-31.
    pub const MAX: Self = Self(days_from_civil(LAST_YEAR, 12, 31));

    /// The date of a year, a month (1–12) and a day; `None` if there is no such day or the year is outside 1900–2199.
    pub const fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let in_calendar = FIRST_YEAR <= year && year <= LAST_YEAR && 1 <= month && month <= 12;
        if in_calendar && 1 <= day && day <= days_in_month(year, month) {
            Some(Self(days_from_civil(year, month, day)))
        } else {
            None
        }
    }

    /// The date so many days after 1970-01-01; `None` outside 1900–2199.
    pub const fn from_days(days: i32) -> Option<Self> {
        if Self::MIN.0 <= days && days <= Self::MAX.0 { Some(Self(days)) } else { None }
    }

    /// The first day of a year, the year brought into 1900–2199. For callers that have checked it.
    pub(crate) const fn year_start(year: i32) -> Self {
        let year = if year < FIRST_YEAR {
            FIRST_YEAR
        } else if year > LAST_YEAR {
            LAST_YEAR
        } else {
            year
        };
        Self(days_from_civil(year, 1, 1))
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.civil().0
    }

    /// The month, 1–12.
    pub const fn month(self) -> u32 {
        self.civil().1
    }

    /// The day of the month, 1–31.
    pub const fn day(self) -> u32 {
        self.civil().2
    }

    /// The day of the week: 1 is Monday, 7 is Sunday.
    pub const fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7).unsigned_abs() + 1
    }

    /// The date so many days later (earlier if negative); `None` outside 1900–2199.
    pub const fn checked_add_days(self, days: i32) -> Option<Self> {
        match self.0.checked_add(days) {
            Some(days) => Self::from_days(days),
            None => None,
        }
    }

    /// The date so many calendar months later (earlier if negative), on the month's last day where it has no such
    /// day, as legal periods count: 01-31 and one month is 02-28. `None` outside 1900–2199.
    pub const fn checked_add_months(self, months: i32) -> Option<Self> {
        let (year, month, day) = self.civil();
        let Some(months) = (year * 12 + month.cast_signed() - 1).checked_add(months) else {
            return None;
        };
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12).unsigned_abs() + 1);
        let last = days_in_month(year, month);
        Self::new(year, month, if day < last { day } else { last })
    }

    /// Full calendar months from here to `later`: the greatest n with this date plus n months not after `later`.
    /// Negative if `later` is earlier.
    pub const fn months_until(self, later: Self) -> i32 {
        let ((year, month, day), (later_year, later_month, later_day)) = (self.civil(), later.civil());
        let months = (later_year - year) * 12 + later_month.cast_signed() - month.cast_signed();
        let last = days_in_month(later_year, later_month);
        let reached = if day < last { day } else { last };
        if reached > later_day { months - 1 } else { months }
    }

    /// Days from here to `later`, negative if it is earlier.
    pub const fn days_until(self, later: Self) -> i32 {
        later.0 - self.0
    }

    /// Reads `2026-05-06`, `2026/5/6`, `2026年5月6日` or `20260506`, in half- or full-width characters.
    ///
    /// Errors: no such month or day, a year outside 1900–2199, or no date at all.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let found = || text.trim().to_owned();
        let (year, month, day) = split(&half_width(text)).ok_or_else(|| DateError::NotDate { found: found() })?;
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(DateError::YearOutOfRange { found: found(), year });
        }
        if !(1..=12).contains(&month) {
            return Err(DateError::NoSuchMonth { found: found(), month });
        }
        let days = days_in_month(year, month);
        Self::new(year, month, day).ok_or_else(|| DateError::NoSuchDay { found: found(), day, days })
    }

    /// The date for Chinese readers: `2026年5月6日`.
    pub fn zh(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year}年{month}月{day}日")
    }

    /// Year, month and day. Counts in years that begin in March, so that the leap day comes last.
    const fn civil(self) -> (i32, u32, u32) {
        let days = self.0 + MARCH_1_OF_YEAR_0;
        let era = days.div_euclid(DAYS_PER_ERA);
        let day_of_era = days.rem_euclid(DAYS_PER_ERA);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = era * 400 + year_of_era + (month <= 2) as i32;
        (year, month.unsigned_abs(), day.unsigned_abs())
    }
}

/// Days of 400 Gregorian years.
const DAYS_PER_ERA: i32 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const MARCH_1_OF_YEAR_0: i32 = 719_468;

/// Days since 1970-01-01 of a date that exists.
const fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let (month, day) = (month.cast_signed(), day.cast_signed());
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - MARCH_1_OF_YEAR_0
}

const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Year, month and day as written, whether or not they exist.
fn split(text: &str) -> Option<(i32, u32, u32)> {
    let digits = |part: &str, most: usize| {
        let part = part.trim();
        let plain = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (year, month, day) = if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        (year, month, day.strip_suffix(['日', '号'])?)
    } else if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        (year, month, day)
    } else {
        let separator = if text.contains('-') { '-' } else { '/' };
        let (year, rest) = text.split_once(separator)?;
        let (month, day) = rest.split_once(separator)?;
        (year, month, day)
    };
    let year = i32::try_from(digits(year, 5)?).ok()?;
    Some((year, digits(month, 2)?, digits(day, 2)?))
}

/// Canonical: ISO 8601, `2026-05-06`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        use fmt::Write as _;
        let digit = |number: u32| char::from_digit(number % 10, 10).unwrap_or('0');
        match u32::try_from(year) {
            // written digit by digit: an answer has hundreds of dates
            Ok(year @ 0..=9_999) => {
                for number in [year / 1_000, year / 100, year / 10, year] {
                    f.write_char(digit(number))?;
                }
                for number in [month, day] {
                    f.write_char('-')?;
                    f.write_char(digit(number / 10))?;
                    f.write_char(digit(number))?;
                }
                Ok(())
            }
            _ => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (Date::MIN.0..=Date::MAX.0).prop_map(Date)
    }

    #[test]
    fn reads_dates_as_documents_write_them() {
        let expected = Date::new(2026, 5, 6).unwrap();
        for text in [
            "2026-05-06",
            "2026-5-6",
            "2026/5/6",
            "2026年5月6日",
            "2026年05月06日",
            "20260506",
            " ２０２６－０５－０６ ",
        ] {
            assert_eq!(Date::parse(text), Ok(expected), "{text}");
        }
        assert_eq!(expected.to_string(), "2026-05-06");
        assert_eq!(expected.zh(), "2026年5月6日");
        assert_eq!(expected.weekday(), 3);
    }

    #[test]
    fn the_error_names_what_is_wrong() {
        for (text, message) in [
            ("2026-13-01", "`2026-13-01`: there is no month 13, months are 1 to 12"),
            ("2026-02-30", "`2026-02-30`: there is no day 30 in that month, it has 28 days"),
            ("2024年2月30日", "`2024年2月30日`: there is no day 30 in that month, it has 29 days"),
            ("1899-12-31", "`1899-12-31`: the year 1899 is outside 1900–2199"),
            ("22000101", "`22000101`: the year 2200 is outside 1900–2199"),
            ("tomorrow", "`tomorrow` is not a date: write for example `2026-05-06` or `2026/5/6`"),
        ] {
            assert_eq!(Date::parse(text).unwrap_err().to_string(), message);
        }
        for text in ["", "2026", "2026-05", "2026年5月", "2026年5月6", "2026-05/06", "2026-005-06", "2026-05-06T00:00"]
        {
            assert!(matches!(Date::parse(text), Err(DateError::NotDate { .. })), "{text}");
        }
    }

    #[test]
    fn months_end_on_the_last_day_where_the_month_is_shorter() {
        let later = |from: &str, months| date(from).checked_add_months(months).unwrap().to_string();
        assert_eq!(later("2026-01-31", 1), "2026-02-28");
        assert_eq!(later("2024-01-31", 1), "2024-02-29");
        assert_eq!(later("2026-03-31", -1), "2026-02-28");
        assert_eq!(later("2024-02-29", 12), "2025-02-28");
        assert_eq!(later("2026-11-15", 3), "2027-02-15");
        assert_eq!(Date::MAX.checked_add_months(1), None);
        assert_eq!(Date::MIN.checked_add_months(i32::MIN), None);
        assert_eq!(Date::MAX.checked_add_days(i32::MAX), None);
    }

    #[test]
    fn full_months_elapsed() {
        let months = |from: &str, to: &str| date(from).months_until(date(to));
        assert_eq!(months("2026-01-31", "2026-02-28"), 1);
        assert_eq!(months("2026-01-15", "2026-02-14"), 0);
        assert_eq!(months("2026-01-15", "2027-01-15"), 12);
        assert_eq!(months("2026-03-31", "2026-02-28"), -1);
        assert_eq!(months("2026-03-15", "2026-03-14"), -1);
    }

    #[test]
    fn the_range_ends_where_it_says() {
        assert_eq!((Date::MIN.to_string(), Date::MAX.to_string()), ("1900-01-01".into(), "2199-12-31".into()));
        assert_eq!(Date::from_days(Date::MAX.0 + 1), None);
        assert_eq!(Date::from_days(Date::MIN.0 - 1), None);
        assert_eq!(Date::new(1970, 1, 1).map(Date::days), Some(0));
        assert_eq!(Date::new(2026, 2, 0), None);
    }

    #[test]
    fn every_day_agrees_with_an_independent_calendar() {
        let mut other = jiff::civil::date(1900, 1, 1);
        for days in Date::MIN.0..=Date::MAX.0 {
            let date = Date(days);
            assert_eq!(date.to_string(), other.to_string());
            assert_eq!(date.weekday(), u32::try_from(other.weekday().to_monday_one_offset()).unwrap());
            assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
            other = other.tomorrow().unwrap();
        }
    }

    proptest! {
        #[test]
        fn every_print_reads_back(date in any_date()) {
            prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
            prop_assert_eq!(Date::parse(&date.zh()), Ok(date));
            prop_assert_eq!(Date::parse(&date.to_string().replace('-', "")), Ok(date));
        }

        #[test]
        fn full_months_are_the_most_that_fit(a in any_date(), b in any_date()) {
            let months = a.months_until(b);
            // One month more or less may lead out of the range, and is then out of reach of `b` as well.
            if let Some(reached) = a.checked_add_months(months) {
                prop_assert!(reached <= b);
            }
            if let Some(beyond) = a.checked_add_months(months + 1) {
                prop_assert!(beyond > b);
            }
        }

        #[test]
        fn adding_days_goes_there_and_back(a in any_date(), b in any_date()) {
            prop_assert_eq!(a.checked_add_days(a.days_until(b)), Some(b));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,16}", near in "[0-9年月日/-]{0,12}") {
            let _ = Date::parse(&text);
            let _ = Date::parse(&near);
        }
    }
}
