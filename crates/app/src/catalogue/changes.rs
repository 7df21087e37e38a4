//! What has changed in the catalogue: when versions were published and when they ended.

use domain::{Date, Period};
use rules::ast::Status;
use rules::diff::{self, Diff, Side};

use super::{Card, CardVersion};
use crate::Kapok;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A measure was published.
    New,
    /// A new version of a measure was published.
    Changed,
    /// A text for comment was published.
    Draft,
    /// A text was published that says that a measure is over.
    Closed,
    /// A version came to its end, and none follows it.
    Ended,
}

/// Something that happened to a measure on a day.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The day.
    pub day: Date,
    /// What happened.
    pub kind: ChangeKind,
    /// The measure.
    pub card: &'a Card,
    /// The version that it happened to, by index.
    pub version: usize,
    /// The version before, where there is one.
    pub before: Option<usize>,
}

impl Card {
    /// Its versions by index, in the order of publication.
    #[must_use]
    pub fn published(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.versions.len()).collect();
        order.sort_by_key(|index| {
            self.versions.get(*index).map(|version| (version.known_from, version.in_force.from()))
        });
        order
    }

    /// What happened to it up to a day.
    #[must_use]
    pub fn changes(&self, until: Date) -> Vec<Change<'_>> {
        let order = self.published();
        let mut changes = Vec::new();
        for (place, version) in order.iter().enumerate() {
            let Some(now) = self.versions.get(*version) else { continue };
            let before = place.checked_sub(1).and_then(|place| order.get(place)).copied();
            let kind = match (now.status, before) {
                (Status::Draft, _) => ChangeKind::Draft,
                (Status::Closed, _) => ChangeKind::Closed,
                (Status::InForce, None) => ChangeKind::New,
                (Status::InForce, Some(_)) => ChangeKind::Changed,
            };
            changes.push(Change { day: now.known_from, kind, card: self, version: *version, before });
            if let Some(day) = self.ends(now) {
                changes.push(Change { day, kind: ChangeKind::Ended, card: self, version: *version, before: None });
            }
        }
        changes.retain(|change| change.day <= until);
        changes
    }

    /// The first day after a version's end, unless another version pays on that day.
    fn ends(&self, version: &CardVersion) -> Option<Date> {
        let after = version.in_force.to()?.checked_add_days(1)?;
        let follows =
            self.versions.iter().any(|other| other.status == Status::InForce && other.in_force.contains(after));
        (version.status == Status::InForce && !follows).then_some(after)
    }
}

impl Kapok {
    /// What happened to all measures up to a day, the latest first.
    pub fn changes(&self, until: Date) -> Vec<Change<'_>> {
        let mut changes: Vec<Change<'_>> = self.index().cards.iter().flat_map(|card| card.changes(until)).collect();
        changes.sort_by(|a, b| {
            (b.day, a.kind, &a.card.document, &a.card.id).cmp(&(a.day, b.kind, &b.card.document, &b.card.id))
        });
        changes
    }

    /// What a version says differently from the one published before it, and for which cases of the measure the answer
    /// differs; `None` for the first version. It is worked out when it is first asked for.
    #[must_use]
    pub fn difference(&self, card: &Card, version: usize) -> Option<&Diff> {
        let order = card.published();
        let place = order.iter().position(|index| *index == version)?;
        let before = *order.get(place.checked_sub(1)?)?;
        let kept = self.index().differences.get(card.measure)?.get(version)?;
        let side = |version| Side { program: &self.program, measure: card.measure, version: Some(version) };
        kept.get_or_init(|| diff::compare(side(before), side(version))).as_ref()
    }
}

/// How long a window or period is open within a year, for a chart: its first and last day of the year.
#[must_use]
pub fn within_year(period: Period, year: i32) -> Option<(Date, Date)> {
    let (first, last) = (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?);
    let from = period.from().map_or(first, |from| from.max(first));
    let to = period.to().map_or(last, |to| to.min(last));
    (from <= to).then_some((from, to))
}
