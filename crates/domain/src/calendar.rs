//! Working days in China, by the schedules that the State Council publishes year by year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::date::Date;

/// The working days of the years whose schedule is known: Monday to Friday, less the holidays, plus the weekend days
/// worked in exchange.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct WorkingCalendar {
    /// Whether the days that the schedules name are worked.
    days: BTreeMap<Date, bool>,
    years: BTreeSet<i32>,
    version: String,
}

/// A year whose schedule of working days is not in the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no working-day schedule for {year}: known are {known}; the State Council publishes it in the autumn before")]
pub struct NoSchedule {
    /// The year without a schedule.
    pub year: i32,
    /// The years with one, for the message: `2024, 2025, 2026`.
    pub known: String,
}

/// A line of a holiday table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the holiday table: {problem}")]
pub struct CalendarTableError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub problem: String,
}

static CHINA: LazyLock<WorkingCalendar> = LazyLock::new(|| {
    // The compiled-in table is read whole in the tests. Were it ever broken, every question would be answered by
    // NoSchedule, never by a guess.
    WorkingCalendar::from_csv(include_str!("../data/holidays-cn.csv")).unwrap_or_default()
});

impl WorkingCalendar {
    /// The compiled-in calendar of mainland China.
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// Reads a table with the columns `date,kind,name,source`, kind being `off` or `work`; one line a day, in order.
    /// A year is known when its National Day is in the table, which only the year's own schedule brings.
    ///
    /// Errors: a missing column, a wrong date or kind, or days out of order.
    pub fn from_csv(table: &str) -> Result<Self, CalendarTableError> {
        let mut calendar = Self::default();
        for (i, row) in table.lines().enumerate() {
            let error = |problem: String| CalendarTableError { line: i + 1, problem };
            if i == 0 {
                if row.trim_end() != "date,kind,name,source" {
                    return Err(error(format!("the columns are `{row}` instead of `date,kind,name,source`")));
                }
                continue;
            }
            let mut cells = row.trim_end().split(',');
            let (Some(date), Some(kind), Some(name), Some(source), None) =
                (cells.next(), cells.next(), cells.next(), cells.next(), cells.next())
            else {
                return Err(error(format!("`{row}` does not have the four cells date,kind,name,source")));
            };
            let date = Date::parse(date).map_err(|problem| error(problem.to_string()))?;
            let worked = match kind {
                "off" => false,
                "work" => true,
                _ => {
                    return Err(error(format!("the kind is `{kind}` instead of `off` or `work`")));
                }
            };
            if calendar.days.last_key_value().is_some_and(|(last, _)| *last >= date) {
                return Err(error(format!("{date} is not after the day before it")));
            }
            calendar.days.insert(date, worked);
            if name.contains("国庆节") && !worked {
                calendar.years.insert(date.year());
            }
            source.clone_into(&mut calendar.version);
        }
        Ok(calendar)
    }

    /// The number of the latest notice in the table, which says how current the table is.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The years whose schedule is known, the earliest first.
    pub fn known_years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// Whether the day is a working day. Error: its year has no schedule.
    pub fn is_working_day(&self, date: Date) -> Result<bool, NoSchedule> {
        let year = date.year();
        if !self.years.contains(&year) {
            return Err(self.no_schedule(year));
        }
        Ok(self.days.get(&date).copied().unwrap_or_else(|| date.weekday() <= 5))
    }

    /// The `n`-th working day after the date; the date itself for 0, whether or not it is worked.
    ///
    /// Error: the count runs into a year without a schedule.
    pub fn add_working_days(&self, date: Date, n: u32) -> Result<Date, NoSchedule> {
        let mut left = n;
        let mut day = date;
        while left > 0 {
            day = day.checked_add_days(1).ok_or_else(|| self.no_schedule(day.year() + 1))?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// The number of working days after `from` up to and including `to`, so that adding as many to `from` leads to
    /// `to` when that is one; 0 if `to` is not later.
    ///
    /// Error: a year in between has no schedule.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<u32, NoSchedule> {
        let mut count = 0;
        for days in from.days().saturating_add(1)..=to.days() {
            // Every day between two dates is a date.
            if let Some(day) = Date::from_days(days)
                && self.is_working_day(day)?
            {
                count += 1;
            }
        }
        Ok(count)
    }

    fn no_schedule(&self, year: i32) -> NoSchedule {
        let known = self.years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        NoSchedule { year, known: if known.is_empty() { "none".to_owned() } else { known } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn china() -> &'static WorkingCalendar {
        WorkingCalendar::china()
    }

    fn works(text: &str) -> bool {
        china().is_working_day(date(text)).unwrap()
    }

    #[test]
    fn the_compiled_in_table_is_sound() {
        let table = WorkingCalendar::from_csv(include_str!("../data/holidays-cn.csv")).unwrap();
        assert_eq!(&table, china());
        assert_eq!(table.known_years().collect::<Vec<_>>(), [2024, 2025, 2026]);
        assert_eq!(table.version(), "国办发明电〔2025〕7号");
        // Only weekend days are worked in exchange; that a weekend day is off needs no exchange.
        assert!(table.days.iter().all(|(day, worked)| !worked || day.weekday() > 5));
    }

    #[test]
    fn each_year_has_as_many_working_days_as_the_notices_leave() {
        // 366 or 365 days less weekends and statutory holidays: 11 a year in 2024, 13 since 2025.
        for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
            let count = (0..366)
                .map(|n| Date::new(year, 1, 1).unwrap().checked_add_days(n).unwrap())
                .filter(|day| day.year() == year && china().is_working_day(*day).unwrap())
                .count();
            assert_eq!(count, expected, "{year}");
        }
    }

    #[test]
    fn holidays_are_off_and_exchanged_weekends_are_worked() {
        assert!(works("2024-02-09")); // the eve was a holiday only from 2025
        assert!(!works("2025-01-28"));
        assert!(works("2025-01-26")); // Sunday
        assert!(!works("2025-10-08"));
        assert!(works("2026-01-04")); // Sunday
        assert!(!works("2026-02-23"));
        assert!(works("2026-05-06"));
        assert!(works("2026-05-09")); // Saturday
        assert!(!works("2026-05-10"));
    }

    #[test]
    fn a_year_without_a_schedule_is_an_error_and_no_guess() {
        let error = china().is_working_day(date("2027-03-01")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no working-day schedule for 2027: known are 2024, 2025, 2026; the State Council publishes it in the \
             autumn before"
        );
        assert_eq!(china().add_working_days(date("2026-12-30"), 2).unwrap_err().year, 2027);
        assert_eq!(china().add_working_days(date("2026-12-30"), 1), Ok(date("2026-12-31")));
        assert_eq!(china().working_days_between(date("2023-12-30"), date("2024-01-02")).unwrap_err().year, 2023);
        assert_eq!(WorkingCalendar::default().is_working_day(date("2026-01-01")).unwrap_err().known, "none");
        assert!(china().add_working_days(Date::MAX, 1).is_err());
    }

    #[test]
    fn counting_skips_what_is_not_worked() {
        assert_eq!(china().add_working_days(date("2026-04-30"), 1), Ok(date("2026-05-06")));
        assert_eq!(china().add_working_days(date("2026-05-06"), 3), Ok(date("2026-05-09")));
        assert_eq!(china().add_working_days(date("2026-02-13"), 2), Ok(date("2026-02-24")));
        assert_eq!(china().add_working_days(date("2026-05-01"), 0), Ok(date("2026-05-01")));
        assert_eq!(china().add_working_days(date("2027-05-01"), 0), Ok(date("2027-05-01")));
        // The start needs no schedule: the day after it does.
        assert_eq!(china().add_working_days(date("2023-12-31"), 1), Ok(date("2024-01-02")));
        assert_eq!(china().working_days_between(date("2026-04-30"), date("2026-05-09")), Ok(4));
        assert_eq!(china().working_days_between(date("2026-05-09"), date("2026-04-30")), Ok(0));
    }

    #[test]
    fn a_broken_table_names_the_line() {
        let line = |table| WorkingCalendar::from_csv(table).unwrap_err().line;
        assert_eq!(line("day,kind"), 1);
        assert_eq!(line("date,kind,name,source\n2026-01-01,off,元旦"), 2);
        assert_eq!(line("date,kind,name,source\n2026-02-30,off,元旦,x"), 2);
        assert_eq!(line("date,kind,name,source\n2026-01-01,closed,元旦,x"), 2);
        assert_eq!(line("date,kind,name,source\n2026-01-02,off,元旦,x\n2026-01-01,off,元旦,x"), 3);
    }

    #[test]
    fn a_schedule_that_begins_in_december_does_not_make_that_year_known() {
        let table = "date,kind,name,source\n2026-12-31,off,元旦,x\n2027-10-01,off,国庆节,x";
        let calendar = WorkingCalendar::from_csv(table).unwrap();
        assert_eq!(calendar.known_years().collect::<Vec<_>>(), [2027]);
    }

    proptest! {
        #[test]
        fn adding_and_counting_agree(start in 0_i32..900, n in 1_u32..150) {
            let from = date("2024-01-01").checked_add_days(start).unwrap();
            if let Ok(to) = china().add_working_days(from, n) {
                prop_assert!(works(&to.to_string()));
                prop_assert_eq!(china().working_days_between(from, to), Ok(n));
                // One more comes strictly later.
                if let Ok(next) = china().add_working_days(from, n + 1) {
                    prop_assert!(next > to);
                    prop_assert_eq!(china().add_working_days(to, 1), Ok(next));
                }
            }
        }
    }
}
