//! The clock, read in one place.

use domain::Date;

/// Seconds since 1970.
pub fn now() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Today in Shanghai, where the law's dates are kept.
pub fn today() -> Date {
    let shanghai = now() + 8 * 3600;
    i32::try_from(shanghai / 86_400).ok().and_then(Date::from_days).unwrap_or(Date::MIN)
}

/// A moment, to measure how long something takes.
pub fn instant() -> std::time::Instant {
    #[expect(clippy::disallowed_methods, reason = "only how long a run takes is told, never what comes out")]
    std::time::Instant::now()
}
