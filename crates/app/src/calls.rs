//! What can be applied for on a day: the open measures that give most, and the dates that come next.

use domain::{Date, Money, Period, PlaceId};
use rules::assess::Reason;

use crate::Kapok;
use crate::catalogue::{Card, Standing, related};

/// How far ahead dates are told, in days.
const AHEAD: i32 = 366;

/// What can be applied for on a day.
#[derive(Clone, Debug)]
pub struct Calls<'a> {
    /// How many measures are open.
    pub open: usize,
    /// Those that state an amount of money, the greatest first.
    pub biggest: Vec<Call<'a>>,
    /// Their ends within a year, and the beginnings of those that are not open yet, the nearest first.
    pub dates: Vec<Next<'a>>,
}

/// An open measure that states an amount of money.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The measure.
    pub card: &'a Card,
    /// How it stands.
    pub standing: Standing<'a>,
    /// The most that its text states, to one applicant or for one record.
    pub most: Money,
}

/// What happens to a measure on a day to come. The order is that in which a day's events are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The last day of applications.
    Closes,
    /// The first day of applications.
    Opens,
    /// The first day on which it applies.
    TakesEffect,
    /// The last day on which it applies.
    Expires,
}

/// A date that matters.
#[derive(Clone, Debug)]
pub struct Next<'a> {
    /// When.
    pub day: Date,
    /// What.
    pub event: Event,
    /// The measures of one document that it concerns.
    pub cards: Vec<&'a Card>,
}

/// What can be applied for on a day, by somebody in a place where one is given: what is made for the place, for one around
/// it, or for one in it.
#[must_use]
pub fn calls(kapok: &Kapok, place: Option<PlaceId>, today: Date) -> Calls<'_> {
    let near = |card: &&Card| place.is_none_or(|place| card.place.is_some_and(|policy| related(policy, place)));
    let standings = kapok.index().cards.iter().filter(near).map(|card| (card, card.on(&kapok.program, today)));
    let mut calls = Calls { open: 0, biggest: Vec::new(), dates: Vec::new() };
    for (card, standing) in standings {
        if standing.open() {
            calls.open += 1;
            if let Some(most) = standing.now.money() {
                calls.biggest.push(Call { card, standing, most });
            }
        }
        if let Some((day, event)) = next(&standing).filter(|(day, _)| today.days_until(*day) <= AHEAD) {
            let same = |next: &&mut Next<'_>| {
                next.day == day && next.event == event && next.cards.iter().any(|other| other.document == card.document)
            };
            match calls.dates.iter_mut().find(same) {
                Some(next) => next.cards.push(card),
                None => calls.dates.push(Next { day, event, cards: vec![card] }),
            }
        }
    }
    // of equal amounts the one that ends first is more urgent
    let end = |call: &Call<'_>| call.standing.deadline().unwrap_or(Date::MAX);
    calls.biggest.sort_by(|a, b| (b.most, end(a), &a.card.id).cmp(&(a.most, end(b), &b.card.id)));
    calls.dates.sort_by_key(|next| (next.day, next.event));
    calls
}

/// The next date of a measure.
fn next(standing: &Standing<'_>) -> Option<(Date, Event)> {
    let now = standing.now;
    match standing.reason {
        None => match now.window.and_then(Period::to) {
            Some(day) => Some((day, Event::Closes)),
            None => now.in_force.to().map(|day| (day, Event::Expires)),
        },
        Some(Reason::WindowNotOpen) => now.window.and_then(Period::from).map(|day| (day, Event::Opens)),
        Some(Reason::NotYetInForce) => now.in_force.from().map(|day| (day, Event::TakesEffect)),
        Some(_) => None,
    }
}
