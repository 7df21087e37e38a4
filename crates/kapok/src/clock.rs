//! The clock, read in one place.

use domain::Date;

/// Today in Shanghai, where the law's dates are kept.
pub fn today() -> Date {
    #[expect(clippy::disallowed_methods, reason = "the one place where a question without a date reads the clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let shanghai = now + 8 * 3600;
    i32::try_from(shanghai / 86_400).ok().and_then(Date::from_days).unwrap_or(Date::MIN)
}
