//! Answers that a visitor shares: kept for a time under a name of their own, or packed into a link that holds the facts.
//!
//! A shared answer is a copy of the facts. It changes nothing when its maker goes on answering, and whoever has the link
//! can read it and nothing else.

use std::io::{self, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Date;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rules::vocabulary::Vocabulary;
use serde::{Deserialize, Serialize};

use crate::drafts::{KeepError, MAX_BYTES, Name};
use crate::profile::ProfileError;
use crate::{Kapok, Profile};

/// For how many days an answer can be shared.
pub const DAYS: [u64; 3] = [7, 30, 90];

/// Links that one visitor can have at a time.
pub const MOST: usize = 20;

const DAY: u64 = 86_400;

/// Where shared answers are kept.
const SHARED: &str = "shared";
/// Where it is kept which answers a visitor shares.
const MADE: &str = "made";

/// A shared answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The facts.
    pub profile: Profile,
    /// The day on which it was shared.
    pub made_on: Date,
    /// When it ends, in seconds since 1970.
    pub until: u64,
}

/// How a shared answer is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The name of its maker's own answers, which only her browser knows.
    by: String,
    made_on: String,
    profile: String,
}

/// Why an answer cannot be shared.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// There are [`MOST`] links already.
    #[error("there are {MOST} links already")]
    TooMany,
    /// It cannot be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

impl From<io::Error> for ShareError {
    fn from(error: io::Error) -> Self {
        Self::Keep(error.into())
    }
}

/// Shares a profile under `name` for some days, made by the visitor whose own answers are kept under `by`.
///
/// # Errors
/// [`ShareError`]; then nothing is shared.
pub fn keep(
    kapok: &Kapok,
    profile: &Profile,
    by: &Name,
    name: &Name,
    (today, now, days): (Date, u64, u64),
) -> Result<(), ShareError> {
    let mut made = names(kapok, by, now)?;
    if made.len() >= MOST {
        return Err(ShareError::TooMany);
    }
    let kept = Kept {
        by: by.as_str().to_owned(),
        made_on: today.to_string(),
        profile: profile.to_json(&kapok.program.vocabulary),
    };
    let text = serde_json::to_string(&kept).unwrap_or_default();
    kapok.drafts.room(SHARED).keep(name, &text, now + days * DAY)?;
    made.push(name.as_str().to_owned());
    keep_names(kapok, by, &made, now)?;
    Ok(())
}

/// A shared answer by its name; `None` when it has ended, or was never there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn get(kapok: &Kapok, name: &Name, now: u64) -> io::Result<Option<Shared>> {
    Ok(read(kapok, name, now)?.map(|(shared, _)| shared))
}

/// Ends a shared answer, if the visitor whose own answers are kept under `by` has made it; whether she had.
///
/// # Errors
/// When it cannot be removed.
pub fn end(kapok: &Kapok, name: &Name, by: &Name, now: u64) -> io::Result<bool> {
    let hers = read(kapok, name, now)?.is_some_and(|(_, maker)| maker == by.as_str());
    if hers {
        kapok.drafts.room(SHARED).forget(name)?;
    }
    Ok(hers)
}

/// The answers that a visitor shares, the newest first.
///
/// # Errors
/// When they cannot be read.
pub fn made(kapok: &Kapok, by: &Name, now: u64) -> io::Result<Vec<(Name, Shared)>> {
    let mut found = Vec::new();
    for name in names(kapok, by, now)?.iter().rev().filter_map(|name| Name::parse(name)) {
        found.extend(get(kapok, &name, now)?.map(|shared| (name, shared)));
    }
    Ok(found)
}

fn read(kapok: &Kapok, name: &Name, now: u64) -> io::Result<Option<(Shared, String)>> {
    let Some((text, until)) = kapok.drafts.room(SHARED).get(name, now)? else { return Ok(None) };
    // what the vocabulary has outgrown cannot be shown any more: it has ended
    Ok(serde_json::from_str::<Kept>(&text).ok().and_then(|kept| {
        let profile = Profile::from_json(&kept.profile, &kapok.program.vocabulary).ok()?;
        Some((Shared { profile, made_on: Date::parse(&kept.made_on).ok()?, until }, kept.by))
    }))
}

/// The names of what a visitor shares, without those that have ended.
fn names(kapok: &Kapok, by: &Name, now: u64) -> io::Result<Vec<String>> {
    let kept = kapok.drafts.room(MADE).get(by, now)?.map(|(text, _)| text).unwrap_or_default();
    let mut names: Vec<String> = serde_json::from_str(&kept).unwrap_or_default();
    let shared = kapok.drafts.room(SHARED);
    names.retain(|name| Name::parse(name).is_some_and(|name| matches!(shared.get(&name, now), Ok(Some(_)))));
    Ok(names)
}

fn keep_names(kapok: &Kapok, by: &Name, names: &[String], now: u64) -> Result<(), KeepError> {
    let longest = DAYS.iter().max().copied().unwrap_or_default();
    kapok.drafts.room(MADE).keep(by, &serde_json::to_string(names).unwrap_or_default(), now + longest * DAY)
}

/// Why a packed profile cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PackedError {
    /// The text was cut or changed on its way.
    #[error("the link is damaged")]
    Damaged,
    /// It holds something else than a profile, or facts that the vocabulary does not have any more.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

/// A profile as text that can stand in a link: gzip, which has a check sum (CRC-32), in base64url.
#[must_use]
pub fn pack(profile: &Profile, vocabulary: &Vocabulary) -> String {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    // writing to memory does not fail
    let _ = packed.write_all(profile.to_json(vocabulary).as_bytes());
    URL_SAFE_NO_PAD.encode(packed.finish().unwrap_or_default())
}

/// The profile of a text that [`pack`] made.
///
/// # Errors
/// [`PackedError`]; a text that was cut or changed is never read as something else.
pub fn unpack(text: &str, vocabulary: &Vocabulary) -> Result<Profile, PackedError> {
    let packed = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| PackedError::Damaged)?;
    let mut json = String::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let mut unpacked = GzDecoder::new(packed.as_slice()).take(most + 1);
    unpacked.read_to_string(&mut json).map_err(|_| PackedError::Damaged)?;
    if json.len() > MAX_BYTES {
        return Err(PackedError::Damaged);
    }
    Ok(Profile::from_json(&json, vocabulary)?)
}

#[cfg(test)]
mod tests;
