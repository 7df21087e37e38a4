//! Settling a call over all its applicants: by rank, quota, grade or yearly tier, in proportion, in the order of
//! application, or as a tournament.
//!
//! Every function takes the applications in any order and returns one line for each, in the order of their ids (then
//! days and amounts), so that the same applications always give the same answer. Money is in millionths of a fen;
//! negative money counts as 0 and more than [`UNBOUNDED`] as that.
//!
//! Equal values share places: whoever is level stands on all the places that they occupy together, from the best
//! (`place_from`) to the last of these (`place_to`), and the next one stands after them. If all these places bring
//! the same, the tie does not matter; if not, the result is [`Settled::Open`], because who wins a tie is for the
//! authority to say. A compared value that is unknown could be any: it widens the places of all whom it could pass.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::value::{FEN, UNBOUNDED};

/// Parts per million in the whole.
const PPM: u32 = 1_000_000;

/// A verified application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id; one for each application.
    pub id: String,
    /// What it would be paid by itself: money.
    pub amount: i128,
    /// What is compared, in any unit that all entries share; none if it is not known.
    pub by: Option<i128>,
    /// When it was applied for: a day number.
    pub applied_on: i32,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// This is paid: money, possibly 0.
    Paid(i128),
    /// It is selected, or goes on.
    Selected,
    /// It is not selected, or does not go on.
    NotSelected,
    /// It cannot be said: something compared is unknown, or there is a tie across a boundary.
    Open,
}

/// The result of one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The application.
    pub id: String,
    /// The result.
    pub result: Settled,
    /// The best place (or grade) it can have, from 1; none where there are no places, or when it surely has none.
    pub place_from: Option<u32>,
    /// The worst place (or grade) it can have; none where there are no places, or when it may have none.
    pub place_to: Option<u32>,
    /// The least that it can be paid: money.
    pub low: i128,
    /// The most that it can be paid: money.
    pub high: i128,
}

impl Line {
    /// Paid if the least and the most agree, otherwise open.
    fn between(entry: &Entry, low: i128, high: i128, place_from: Option<u32>, place_to: Option<u32>) -> Self {
        let result = if low == high { Settled::Paid(low) } else { Settled::Open };
        Self { id: entry.id.clone(), result, place_from, place_to, low, high }
    }
}

/// By rank, the greatest value first: `places` says up to which place how much is paid, and beyond the last nothing.
/// The entries' own amounts do not matter.
#[must_use]
pub fn rank(entries: &[Entry], places: &[(u32, i128)]) -> Vec<Line> {
    let mut places = places.to_vec();
    places.sort_by_key(|(up_to, _)| *up_to);
    standings(entries)
        .into_iter()
        .map(|standing| {
            let (low, high) = paid_between(&places, standing.from, standing.to);
            Line::between(standing.entry, low, high, Some(standing.from), Some(standing.to))
        })
        .collect()
}

/// The best `places` entries are selected, and paid their own amounts.
#[must_use]
pub fn quota(entries: &[Entry], places: u32) -> Vec<Line> {
    let line = |Standing { entry, from, to }| {
        let amount = money(entry.amount);
        let (result, low, high) = if to <= places {
            (Settled::Selected, amount, amount)
        } else if from > places {
            (Settled::NotSelected, 0, 0)
        } else {
            (Settled::Open, 0, amount)
        };
        Line { id: entry.id.clone(), result, place_from: Some(from), place_to: Some(to), low, high }
    };
    standings(entries).into_iter().map(line).collect()
}

/// By grade of the value. `grades` are listed from the best: the least value of each, where it was published, and what
/// it pays. An entry has the first grade whose least value it reaches; below the last nothing is paid. A least value
/// that was not published lies between those of its neighbours.
#[must_use]
pub fn grades(entries: &[Entry], grades: &[(Option<i128>, i128)]) -> Vec<Line> {
    in_order(entries)
        .into_iter()
        .map(|entry| {
            let reached = reached(grades, entry.by);
            let amounts: Vec<i128> =
                reached.grades.iter().map(|(_, amount)| *amount).chain(reached.none.then_some(0)).collect();
            let (low, high) = extent(&amounts);
            let from = reached.grades.first().map(|(grade, _)| *grade);
            let to = reached.grades.last().map(|(grade, _)| *grade).filter(|_| !reached.none);
            Line::between(entry, low, high, from, to)
        })
        .collect()
}

/// Yearly tiers, once the authority has fixed what each pays and how many fall in it: the best `counts[0]` are paid
/// `values[0]`, and so on; the rest nothing. What one of the lists has too many of is ignored.
#[must_use]
pub fn tiers(entries: &[Entry], values: &[i128], counts: &[u32]) -> Vec<Line> {
    let mut up_to: u32 = 0;
    let mut places = Vec::new();
    for (value, count) in values.iter().zip(counts).filter(|(_, count)| **count > 0) {
        up_to = up_to.saturating_add(*count);
        places.push((up_to, *value));
    }
    rank(entries, &places)
}

/// Cuts all in proportion when `budget` is short. Everybody is paid in full if it suffices. If not, amounts and budget
/// count in whole fen, everybody gets the whole fen of amount × budget ÷ sum, and the fen that are left over go one
/// each to the greatest remainders, then to the earlier application, then to the lesser id: together exactly the
/// budget, and nobody gets more than the amount.
#[must_use]
pub fn pro_rata(entries: &[Entry], budget: i128) -> Vec<Line> {
    let entries = in_order(entries);
    let paid = proportional(&entries, money(budget));
    entries.iter().zip(paid).map(|(entry, paid)| line_of(entry, paid)).collect()
}

/// Pays in the order of application, then of ids, until `budget` is spent; the last one is paid what is left. The
/// places are those in the queue.
#[must_use]
pub fn first_come(entries: &[Entry], budget: i128) -> Vec<Line> {
    let entries = in_order(entries);
    let mut queue: Vec<(i32, usize, &Entry)> =
        entries.iter().enumerate().map(|(place, entry)| (entry.applied_on, place, *entry)).collect();
    queue.sort_unstable_by_key(|(day, place, _)| (*day, *place));
    let mut left = money(budget);
    let mut lines = Vec::new();
    for (number, (_, place, entry)) in (1..).zip(queue) {
        let paid = money(entry.amount).min(left);
        left -= paid;
        lines.push((place, Line { place_from: Some(number), place_to: Some(number), ..line_of(entry, paid) }));
    }
    lines.sort_unstable_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Several run in parallel. All get a first payment of `first_ppm` parts per million of the amount, down to the whole
/// fen; those that pass the check go on and are paid the amount. With each entry stands the outcome of its check, where
/// it is known.
#[must_use]
pub fn tournament(parallel: &[(Entry, Option<bool>)], first_ppm: u32) -> Vec<Line> {
    let mut parallel: Vec<&(Entry, Option<bool>)> = parallel.iter().collect();
    parallel.sort_by_key(|(entry, passed)| (key(entry), *passed));
    parallel
        .into_iter()
        .map(|(entry, passed)| {
            let amount = money(entry.amount);
            let first = amount * i128::from(first_ppm.min(PPM)) / i128::from(PPM);
            let first = if first < amount { first / FEN * FEN } else { amount };
            let (result, low, high) = match passed {
                Some(true) => (Settled::Selected, amount, amount),
                Some(false) => (Settled::NotSelected, first, first),
                None => (Settled::Open, first, amount),
            };
            Line { id: entry.id.clone(), result, place_from: None, place_to: None, low, high }
        })
        .collect()
}

/// An entry with the places that it can have.
struct Standing<'a> {
    entry: &'a Entry,
    from: u32,
    to: u32,
}

/// The possible places of all, the greatest value first.
fn standings(entries: &[Entry]) -> Vec<Standing<'_>> {
    let mut known: Vec<i128> = entries.iter().filter_map(|entry| entry.by).collect();
    known.sort_unstable();
    let standing = |entry| {
        let (from, to) = places(entry, &known, entries.len());
        Standing { entry, from: count(from), to: count(to) }
    };
    in_order(entries).into_iter().map(standing).collect()
}

/// The first and last place of one of `all` entries, of which `known` are the known values, the least first.
fn places(entry: &Entry, known: &[i128], all: usize) -> (usize, usize) {
    let Some(value) = entry.by else { return (1, all) };
    let less = known.partition_point(|other| *other < value);
    let not_greater = known.partition_point(|other| *other <= value);
    // the unknown ones may all stand before it or all behind it
    (1 + known.len() - not_greater, all - less)
}

/// The least and the most that places `from` to `to` bring.
fn paid_between(places: &[(u32, i128)], from: u32, to: u32) -> (i128, i128) {
    let mut amounts = Vec::new();
    let mut last = 0;
    for (up_to, amount) in places {
        if last < *up_to && last < to && *up_to >= from {
            amounts.push(money(*amount));
        }
        last = *up_to;
    }
    if to > last {
        amounts.push(0);
    }
    extent(&amounts)
}

/// The least and the greatest.
fn extent(amounts: &[i128]) -> (i128, i128) {
    (amounts.iter().copied().min().unwrap_or(0), amounts.iter().copied().max().unwrap_or(0))
}

/// The grades that a value may have.
struct Reached {
    /// Numbers from 1, and what they pay.
    grades: Vec<(u32, i128)>,
    /// Whether it may have none.
    none: bool,
}

fn reached(grades: &[(Option<i128>, i128)], value: Option<i128>) -> Reached {
    let mut reached = Reached { grades: Vec::new(), none: true };
    for (number, (least, amount)) in (1_u32..).zip(grades) {
        // an unpublished least value is at least the greatest one published for a lesser grade
        let behind = grades.get(number as usize..).unwrap_or(&[]);
        let needed = least.or_else(|| behind.iter().filter_map(|(least, _)| *least).max());
        if value.zip(needed).is_some_and(|(value, needed)| value < needed) {
            continue;
        }
        reached.grades.push((number, money(*amount)));
        if value.is_some() && least.is_some() {
            reached.none = false;
            break;
        }
    }
    reached
}

/// What each is paid when `budget` is divided in proportion.
fn proportional(entries: &[&Entry], budget: i128) -> Vec<i128> {
    let amounts: Vec<i128> = entries.iter().map(|entry| money(entry.amount)).collect();
    if sum(&amounts) <= budget {
        return amounts;
    }
    let amounts: Vec<i128> = amounts.into_iter().map(|amount| amount / FEN).collect();
    let (all, budget) = (sum(&amounts), budget / FEN);
    if all <= budget {
        return amounts.into_iter().map(|amount| amount * FEN).collect(); // only parts of fen were too much
    }
    let shares: Vec<(i128, i128)> = amounts.into_iter().map(|amount| mul_div(amount, budget, all)).collect();
    let (mut paid, rests): (Vec<i128>, Vec<i128>) = shares.into_iter().unzip();
    let mut queue: Vec<(Reverse<i128>, i32, usize)> = Vec::new();
    for (place, (entry, rest)) in entries.iter().zip(rests).enumerate() {
        queue.push((Reverse(rest), entry.applied_on, place));
    }
    queue.sort_unstable();
    // the remainders add up to what is left over, so there are more of them than fen
    let left_over = usize::try_from(budget - sum(&paid)).unwrap_or(0);
    for (_, _, place) in queue.into_iter().take(left_over) {
        if let Some(paid) = paid.get_mut(place) {
            *paid += 1;
        }
    }
    paid.into_iter().map(|paid| paid * FEN).collect()
}

/// A line that is paid, without places.
fn line_of(entry: &Entry, paid: i128) -> Line {
    Line::between(entry, paid, paid, None, None)
}

/// The order of the lines; it looks at everything, so that only equal entries could change places.
fn key(entry: &Entry) -> (&str, i32, i128, Option<i128>) {
    (&entry.id, entry.applied_on, entry.amount, entry.by)
}

fn in_order(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(|entry| key(entry));
    entries
}

fn money(amount: i128) -> i128 {
    amount.clamp(0, UNBOUNDED)
}

fn sum(amounts: &[i128]) -> i128 {
    amounts.iter().fold(0, |sum, amount| sum.saturating_add(*amount))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// `a × b ÷ divisor` in whole numbers, and the remainder, for `0 ≤ a ≤ divisor` and `0 ≤ b`.
fn mul_div(a: i128, b: i128, divisor: i128) -> (i128, i128) {
    if let Some(product) = a.checked_mul(b) {
        return (product / divisor, product % divisor);
    }
    // digit by digit, because the product needs more than 127 bits; the remainder stays below the divisor
    let (a, b, divisor) = (a.unsigned_abs(), b.unsigned_abs(), divisor.unsigned_abs());
    let (mut quotient, mut rest) = (0_u128, 0_u128);
    for digit in (0..u128::BITS).rev() {
        let added = if b >> digit & 1 == 1 { a } else { 0 };
        quotient *= 2;
        for part in [rest, added] {
            rest += part;
            if rest >= divisor {
                rest -= divisor;
                quotient += 1;
            }
        }
    }
    (i128::try_from(quotient).unwrap_or(i128::MAX), i128::try_from(rest).unwrap_or(0))
}
