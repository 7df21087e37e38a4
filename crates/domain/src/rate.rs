//! Proportions, exact to a millionth.

use std::fmt;

use crate::decimal::{self, Decimal, DecimalError, ScaleError};
use crate::text::half_width;

/// A proportion in parts per million: 60% is 600,000.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Rate(i64);

/// Why a text is not a rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// The text is empty.
    #[error("the rate is empty: write for example `60%`, `3‰` or `0.6`")]
    Empty,
    /// A whole number without a percent sign, which could be percent or a multiple.
    #[error("`{found}` has no percent sign: write `{found}%`, or `{found}.0` for {found} times the whole")]
    MissingPercent {
        /// The text as found.
        found: String,
    },
    /// More precise than a millionth.
    #[error("`{found}` is too precise: at most four decimals of a percent")]
    TooPrecise {
        /// The text as found.
        found: String,
    },
    /// Too large for any proportion.
    #[error("`{found}` is too large for a rate: at most 1,000,000% either way")]
    TooLarge {
        /// The text as found.
        found: String,
    },
    /// Not a rate at all.
    #[error("`{found}` is not a rate: write for example `60%`, `3‰` or `0.6`")]
    NotRate {
        /// The text as found.
        found: String,
    },
}

impl Rate {
    /// Nothing of the whole.
    pub const ZERO: Self = Self(0);
    /// The whole: 100%.
    pub const ONE: Self = Self(1_000_000);
    /// The largest rate that is read, either way: 1,000,000%.
    const MAX_PPM: i64 = 10_000_000_000;

    /// A rate in parts per million, taken as it is.
    pub const fn from_ppm(ppm: i64) -> Self {
        Self(ppm)
    }

    /// A rate in whole percent. Takes 32 bits so that it cannot overflow.
    pub const fn from_percent(percent: i32) -> Self {
        Self(percent as i64 * 10_000)
    }

    /// The rate in parts per million.
    pub const fn ppm(self) -> i64 {
        self.0
    }

    /// Reads `60%`, `0.5%`, `3‰` or a plain decimal such as `0.6`, in half- or full-width characters.
    ///
    /// Errors: a whole number above 1 without a sign, more than four decimals of a percent, more than 1,000,000%, or
    /// no rate at all.
    pub fn parse(text: &str) -> Result<Self, RateError> {
        let found = || text.trim().to_owned();
        let narrow = half_width(text);
        if narrow.is_empty() {
            return Err(RateError::Empty);
        }
        let (number, sign) = Decimal::take(&narrow).map_err(|error| match error {
            DecimalError::Malformed => RateError::NotRate { found: found() },
            DecimalError::TooLong => RateError::TooLarge { found: found() },
        })?;
        let whole_is_ppm = match sign.trim_start() {
            "%" => 10_000,
            "‰" => 1_000,
            "" => 1_000_000,
            _ => return Err(RateError::NotRate { found: found() }),
        };
        let ppm = number.times(whole_is_ppm).map_err(|error| match error {
            ScaleError::TooPrecise => RateError::TooPrecise { found: found() },
            ScaleError::TooLarge => RateError::TooLarge { found: found() },
        })?;
        // `60` is far more likely a forgotten percent sign than sixty times the whole.
        if sign.is_empty() && ppm.unsigned_abs() > Self::ONE.0.unsigned_abs() && !narrow.contains('.') {
            return Err(RateError::MissingPercent { found: found() });
        }
        if ppm.unsigned_abs() > Self::MAX_PPM.unsigned_abs() {
            return Err(RateError::TooLarge { found: found() });
        }
        Ok(Self(ppm))
    }
}

/// Canonical: `60%`, `4.25%`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", decimal::print(self.0, 4, 0, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_percent_per_mille_and_decimals() {
        for (text, ppm) in [
            ("60%", 600_000),
            ("0.5%", 5_000),
            ("3‰", 3_000),
            ("0.6", 600_000),
            ("６０％", 600_000),
            ("4.25 %", 42_500),
            ("-12.5%", -125_000),
            ("1", 1_000_000),
            ("0", 0),
            ("2.0", 2_000_000),
            ("0.0001%", 1),
            ("200%", 2_000_000),
        ] {
            assert_eq!(Rate::parse(text).map(Rate::ppm), Ok(ppm), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_ambiguous_or_no_rate() {
        assert_eq!(
            Rate::parse("60").unwrap_err().to_string(),
            "`60` has no percent sign: write `60%`, or `60.0` for 60 times the whole"
        );
        assert!(matches!(Rate::parse("0.00001%"), Err(RateError::TooPrecise { .. })));
        assert!(matches!(Rate::parse("0.0000001"), Err(RateError::TooPrecise { .. })));
        assert!(matches!(Rate::parse("1000001%"), Err(RateError::TooLarge { .. })));
        assert!(matches!(Rate::parse(&"9".repeat(40)), Err(RateError::TooLarge { .. })));
        assert_eq!(Rate::parse(" "), Err(RateError::Empty));
        for text in ["%", "half", "60%%", "60 CNY", ".5"] {
            assert!(matches!(Rate::parse(text), Err(RateError::NotRate { .. })), "{text}");
        }
    }

    #[test]
    fn prints_percent_with_the_decimals_needed() {
        assert_eq!(Rate::from_percent(60).to_string(), "60%");
        assert_eq!(Rate::from_ppm(42_500).to_string(), "4.25%");
        assert_eq!(Rate::from_ppm(-1).to_string(), "-0.0001%");
        assert_eq!(Rate::ONE, Rate::from_percent(100));
    }

    proptest! {
        #[test]
        fn printing_and_reading_agree(ppm in -Rate::MAX_PPM..=Rate::MAX_PPM) {
            prop_assert_eq!(Rate::parse(&Rate(ppm).to_string()), Ok(Rate(ppm)));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,16}") {
            let _ = Rate::parse(&text);
        }
    }
}
