//! Kapok's vocabulary as types: money, rates, quantities, dates, places, parties and what is known about them.
//!
//! Everything here is pure. The clock, files and random numbers are the caller's business; amounts are integers, so
//! that every answer can be reproduced to the fen. The two tables of public facts that the types rest on, China's
//! working-day schedules and its places, are compiled in from `data/`.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // no panic is reachable from input
#![deny(clippy::float_arithmetic, clippy::float_cmp)] // money is exact

mod calendar;
mod currency;
mod date;
mod decimal;
mod fact;
mod money;
mod party;
mod period;
mod place;
mod quantity;
mod rate;
pub mod text;
mod unit;
mod uscc;
mod zh;

pub use calendar::{CalendarTableError, NoSchedule, WorkingCalendar};
pub use date::{Date, DateError};
pub use fact::{Evidence, Fact, Knowledge, Value};
pub use money::{Money, MoneyError};
pub use party::{FactKey, FactKeyError, ListEntry, Party, PartyKind, Record};
pub use period::{FiscalYear, Period, PeriodError};
pub use place::{Level, PlaceId, PlaceTableError, PlaceTree};
pub use quantity::{Quantity, QuantityError};
pub use rate::{Rate, RateError};
pub use text::nearest;
pub use unit::Unit;
pub use uscc::{Uscc, UsccError};
