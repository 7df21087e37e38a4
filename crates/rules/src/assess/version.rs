//! Which version of a measure applies at two dates, and why it may not pay.

use domain::Date;

use crate::ast::Status;
use crate::ir::VersionIr;

/// Why a measure cannot pay at a date, whatever the party.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A text for comment.
    Draft,
    /// A plan that is over.
    Closed,
    /// Its period has not begun.
    NotYetInForce,
    /// Its period is over.
    Expired,
    /// Between two versions.
    Gap,
    /// Applications are not taken yet.
    WindowNotOpen,
    /// Applications are no longer taken.
    WindowClosed,
    /// Nothing was published by the date as known on.
    NotYetKnown,
    /// It is for persons and the party is an organisation, or the other way round.
    OtherParty,
}

impl Reason {
    /// Name in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Closed => "closed",
            Self::NotYetInForce => "not_yet_in_force",
            Self::Expired => "expired",
            Self::Gap => "gap",
            Self::WindowNotOpen => "window_not_open",
            Self::WindowClosed => "window_closed",
            Self::NotYetKnown => "not_yet_known",
            Self::OtherParty => "other_party",
        }
    }
}

/// The version of a measure that an assessment uses, and why it cannot pay, if so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The version's index; the nearest one when none is in force.
    pub version: Option<usize>,
    /// Why it cannot pay.
    pub reason: Option<Reason>,
}

/// Chooses the version for two dates: known by then, in force on the day; of several the one published last.
#[must_use]
pub fn choose(versions: &[VersionIr], on: Date, known_on: Date) -> Chosen {
    let known = || versions.iter().enumerate().filter(|(_, version)| version.known_from <= known_on);
    if known().next().is_none() {
        return Chosen { version: None, reason: Some(Reason::NotYetKnown) };
    }
    let rank = |version: &VersionIr| (version.status == Status::InForce, version.known_from, version.in_force.from());
    if let Some((index, version)) =
        known().filter(|(_, version)| version.in_force.contains(on)).max_by_key(|(_, version)| rank(version))
    {
        let reason = match version.status {
            Status::Draft => Some(Reason::Draft),
            Status::Closed => Some(Reason::Closed),
            Status::InForce => match version.window {
                Some(window) if window.is_before(on) => Some(Reason::WindowClosed),
                Some(window) if window.is_after(on) => Some(Reason::WindowNotOpen),
                _ => None,
            },
        };
        return Chosen { version: Some(index), reason };
    }
    // the nearest version explains when it was, or will be, in force
    let past = known()
        .filter(|(_, version)| version.in_force.is_before(on))
        .max_by_key(|(_, version)| (version.in_force.to(), version.known_from));
    let future = known()
        .filter(|(_, version)| version.in_force.is_after(on))
        .min_by_key(|(_, version)| (version.in_force.from(), version.known_from));
    let (index, version, reason) = match (past, future) {
        (Some((index, version)), None) => {
            let window_closed = version.window.is_some_and(|window| window.is_before(on));
            (Some(index), Some(version), if window_closed { Reason::WindowClosed } else { Reason::Expired })
        }
        (None, Some((index, version))) => (Some(index), Some(version), Reason::NotYetInForce),
        (Some((index, version)), Some(_)) => (Some(index), Some(version), Reason::Gap),
        (None, None) => (None, None, Reason::NotYetKnown),
    };
    let reason = match version.map(|version| version.status) {
        Some(Status::Draft) => Reason::Draft,
        Some(Status::Closed) => Reason::Closed,
        _ => reason,
    };
    Chosen { version: index, reason: Some(reason) }
}
