//! Amounts of renminbi, exact to the fen.

use std::fmt;

use crate::currency;
use crate::decimal::{self, Decimal, DecimalError, ScaleError};
use crate::text::half_width;

/// An amount of renminbi in fen (a hundredth of a yuan). Arithmetic and parsing keep it within ±[`Money::MAX`].
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Money(i64);

/// Why a text is not an amount of renminbi.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text is empty.
    #[error("the amount is empty: write for example `500000 CNY`")]
    Empty,
    /// A number without a currency, which could be yuan or ten thousands of yuan.
    #[error(
        "`{found}` has no currency: write `{canonical}` if it is yuan{}",
        or_ten_thousands(.found)
    )]
    MissingCurrency {
        /// The number as found.
        found: String,
        /// The number read as yuan, in the canonical form.
        canonical: String,
        /// The number read as yuan, as Chinese documents write it.
        chinese: String,
    },
    /// An amount in another currency.
    #[error("`{found}` is in {currency}, and amounts are in renminbi: convert it and write for example `500000 CNY`")]
    OtherCurrency {
        /// The text as found.
        found: String,
        /// The other currency's code, such as `USD`.
        currency: String,
    },
    /// More precise than a fen.
    #[error("`{found}` is more precise than one fen: at most two decimals of a yuan")]
    TooPrecise {
        /// The text as found.
        found: String,
    },
    /// Beyond ±[`Money::MAX`].
    #[error("`{found}` is too large: at most 100,000,000,000,000 yuan either way")]
    TooLarge {
        /// The text as found.
        found: String,
    },
    /// Not an amount at all.
    #[error("`{found}` is not an amount of money: write for example `500000 CNY` or `1000.50 CNY`")]
    NotAmount {
        /// The text as found.
        found: String,
    },
}

/// What a number means if it is ten thousands of yuan, for a message.
fn or_ten_thousands(found: &str) -> String {
    Money::parse(&format!("{found}万元"))
        .map_or_else(|_| String::new(), |amount| format!(", or `{amount}` if it is ten thousands of yuan"))
}

/// Fen in one 万元.
const WAN: i64 = 1_000_000;
/// Fen in one 亿元.
const YI: i64 = 10_000 * WAN;

/// What may stand after the number, without the currency, and its worth in fen. Longer names come first.
const MULTIPLES: [(&str, i64); 8] = [
    ("万亿", 10_000 * YI),
    ("千万", 1_000 * WAN),
    ("百万", 100 * WAN),
    ("亿", YI),
    ("万", WAN),
    ("千", 100_000),
    ("百", 10_000),
    ("", 100),
];

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount either way: 10^16 fen, a million 亿元, more than any policy or company turns over.
    pub const MAX: Self = Self(10_000_000_000_000_000);

    /// An amount in fen, taken as it is: amounts beyond ±[`Money::MAX`] are refused by the next sum. Use
    /// [`Money::try_from_fen`] for a number from outside.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount in fen; `None` beyond ±[`Money::MAX`].
    pub const fn try_from_fen(fen: i64) -> Option<Self> {
        if fen.unsigned_abs() <= Self::MAX.0.unsigned_abs() { Some(Self(fen)) } else { None }
    }

    /// An amount in whole yuan; `None` beyond ±[`Money::MAX`].
    pub const fn from_yuan(yuan: i64) -> Option<Self> {
        match yuan.checked_mul(100) {
            Some(fen) => Self::try_from_fen(fen),
            None => None,
        }
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Whether the amount is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum; `None` beyond ±[`Money::MAX`].
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Self::try_from_fen(fen),
            None => None,
        }
    }

    /// The difference; `None` beyond ±[`Money::MAX`].
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Self::try_from_fen(fen),
            None => None,
        }
    }

    /// Reads an amount as documents write it: `1000万元`, `1.5亿元`, `500000 CNY`, `CNY 500000`, `¥1,000.50`,
    /// `12.34元`, in half- or full-width characters.
    ///
    /// Errors: a number without a currency, another currency, more than two decimals of a yuan, more than
    /// [`Money::MAX`], or no amount at all.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let found = || text.trim().to_owned();
        let not_amount = || MoneyError::NotAmount { found: found() };
        let narrow = half_width(text);
        if narrow.is_empty() {
            return Err(MoneyError::Empty);
        }
        if let Some(currency) = currency::other_than_renminbi(&narrow) {
            return Err(MoneyError::OtherCurrency { found: found(), currency });
        }
        let (negative, unsigned) = decimal::take_sign(&narrow);
        let bare = currency::strip_before(unsigned);
        let has_prefix = bare.len() < unsigned.len();
        if negative && bare.starts_with(['-', '+']) {
            return Err(not_amount());
        }
        let (number, rest) = Decimal::take(bare).map_err(|error| match error {
            DecimalError::Malformed => not_amount(),
            DecimalError::TooLong => MoneyError::TooLarge { found: found() },
        })?;
        let (multiple, has_suffix) = currency::strip_after(rest.trim());
        let factor = MULTIPLES.iter().find(|(name, _)| *name == multiple).map(|(_, factor)| *factor);
        let factor = factor.ok_or_else(|| match currency::code_like(multiple) {
            Some(currency) => MoneyError::OtherCurrency { found: found(), currency },
            None => not_amount(),
        })?;
        let fen = number.times(if negative { -factor } else { factor }).map_err(|error| match error {
            ScaleError::TooPrecise => MoneyError::TooPrecise { found: found() },
            ScaleError::TooLarge => MoneyError::TooLarge { found: found() },
        })?;
        let amount = Self::try_from_fen(fen).ok_or_else(|| MoneyError::TooLarge { found: found() })?;
        // `1000万` can only be money where money is expected; `1000` alone could be yuan or ten thousands of yuan.
        if multiple.is_empty() && !has_prefix && !has_suffix {
            return Err(MoneyError::MissingCurrency {
                found: found(),
                canonical: amount.to_string(),
                chinese: amount.zh(),
            });
        }
        Ok(amount)
    }

    /// The amount as Chinese readers expect it: `1,000万元`, `1.2亿元`, and `12,345.67元` where 万 or 亿 would need
    /// more than four decimals.
    pub fn zh(self) -> String {
        let exact = |unit: i64| self.0.unsigned_abs() >= unit.unsigned_abs() && self.0 % (unit / 10_000) == 0;
        let (value, places, least, unit) = if exact(YI) {
            (self.0 / (YI / 10_000), 4, 0, "亿元")
        } else if exact(WAN) {
            (self.0 / (WAN / 10_000), 4, 0, "万元")
        } else {
            (self.0, 2, 2, "元")
        };
        let mut out = String::with_capacity(32);
        decimal::write(&mut out, value, places, least, true);
        out.push_str(unit);
        out
    }

    /// The amount for English readers: `CNY 7,200,000`, `CNY 1,000.50`, `CNY -5`.
    pub fn en(self) -> String {
        let mut out = String::with_capacity(32);
        out.push_str("CNY ");
        decimal::write(&mut out, self.0, 2, 2, true);
        out
    }
}

/// Canonical: `500000 CNY`, `1000.50 CNY`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} CNY", decimal::print(self.0, 2, 2, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fen(text: &str) -> i64 {
        Money::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).fen()
    }

    fn message(text: &str) -> String {
        Money::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn reads_amounts_as_documents_write_them() {
        for (text, yuan) in [
            ("1000万元", 10_000_000),
            ("1000万", 10_000_000),
            ("5亿", 500_000_000),
            ("5亿元", 500_000_000),
            ("1.5亿元", 150_000_000),
            ("1.5 亿元人民币", 150_000_000),
            ("人民币50万元", 500_000),
            ("3千万元", 30_000_000),
            ("2万亿元", 2_000_000_000_000),
            ("500000 CNY", 500_000),
            ("500000cny", 500_000),
            ("CNY 500000", 500_000),
            ("RMB500000", 500_000),
            ("500 yuan", 500),
            ("1000元", 1_000),
            ("-5元", -5),
            ("CNY -5", -5),
            ("-¥5", -5),
            ("０元", 0),
            ("１，０００万元", 10_000_000),
            ("￥１，０００", 1_000),
            ("0.001万元", 10),
        ] {
            assert_eq!(fen(text), yuan * 100, "{text}");
        }
        assert_eq!(fen("1,000.50 CNY"), 100_050);
        assert_eq!(fen("¥1,000.50"), 100_050);
        assert_eq!(fen("12.34元"), 1_234);
        assert_eq!(fen("12.340元"), 1_234);
        assert_eq!(fen("0.000001万元"), 1);
    }

    #[test]
    fn a_bare_number_is_told_how_to_name_its_currency() {
        assert_eq!(
            message("500000"),
            "`500000` has no currency: write `500000 CNY` if it is yuan, or `5000000000 CNY` if it is ten thousands of yuan"
        );
        assert!(matches!(Money::parse("-1.5"), Err(MoneyError::MissingCurrency { .. })));
    }

    #[test]
    fn other_currencies_are_refused_by_name() {
        for (text, code) in [
            ("500 USD", "USD"),
            ("500万美元", "USD"),
            ("$500", "USD"),
            ("HK$500", "HKD"),
            ("300万港币", "HKD"),
            ("eur 5", "EUR"),
            ("€5", "EUR"),
            ("5 THB", "THB"),
            ("100日元", "JPY"),
        ] {
            match Money::parse(text) {
                Err(MoneyError::OtherCurrency { currency, .. }) => {
                    assert_eq!(currency, code, "{text}")
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn nothing_is_rounded() {
        for text in ["0.001元", "1.234 CNY", "0.0000001万元"] {
            assert!(matches!(Money::parse(text), Err(MoneyError::TooPrecise { .. })), "{text}");
        }
    }

    #[test]
    fn amounts_beyond_the_limit_are_refused() {
        assert_eq!(Money::parse("1000000亿元"), Ok(Money::MAX));
        for text in ["1000000.00000001亿元", "-1000001亿元", "99999999999999999999999999亿元", &"9".repeat(50)] {
            assert!(matches!(Money::parse(text), Err(MoneyError::TooLarge { .. })), "{text}");
        }
        assert_eq!(Money::from_yuan(i64::MAX), None);
        assert_eq!(Money::MAX.checked_add(Money::from_fen(1)), None);
        assert_eq!(Money::from_fen(i64::MIN).checked_sub(Money::from_fen(1)), None);
        assert_eq!(Money::MAX.checked_sub(Money::MAX), Some(Money::ZERO));
    }

    #[test]
    fn garbage_is_refused() {
        assert_eq!(Money::parse("  "), Err(MoneyError::Empty));
        for text in ["元", "万元", "abc", "--5元", "-CNY -5", "1,00元", "5元5", "5 apples", "1.元", "CNY"] {
            assert!(matches!(Money::parse(text), Err(MoneyError::NotAmount { .. })), "{text}");
        }
    }

    #[test]
    fn prints_for_machines_and_for_readers() {
        for (fen, canonical, zh, en) in [
            (1_000_000_000, "10000000 CNY", "1,000万元", "CNY 10,000,000"),
            (50_000_000_000, "500000000 CNY", "5亿元", "CNY 500,000,000"),
            (12_000_000_000, "120000000 CNY", "1.2亿元", "CNY 120,000,000"),
            (12_345_678_900, "123456789 CNY", "12,345.6789万元", "CNY 123,456,789"),
            (720_000_000, "7200000 CNY", "720万元", "CNY 7,200,000"),
            (1_234_567, "12345.67 CNY", "12,345.67元", "CNY 12,345.67"),
            (100_050, "1000.50 CNY", "1,000.50元", "CNY 1,000.50"),
            (-500, "-5 CNY", "-5元", "CNY -5"),
            (0, "0 CNY", "0元", "CNY 0"),
        ] {
            let amount = Money::from_fen(fen);
            assert_eq!((amount.to_string().as_str(), amount.zh().as_str(), amount.en().as_str()), (canonical, zh, en));
        }
    }

    proptest! {
        #[test]
        fn every_print_reads_back(fen in -Money::MAX.0..=Money::MAX.0, round in 0_u32..12) {
            let unit = 10_i64.pow(round);
            let amount = Money::from_fen(fen / unit * unit);
            prop_assert_eq!(Money::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(Money::parse(&amount.zh()), Ok(amount));
            prop_assert_eq!(Money::parse(&amount.en()), Ok(amount));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,24}", near in "[-+0-9,.亿万千元¥ CNYyuan]{0,12}") {
            let _ = Money::parse(&text);
            let _ = Money::parse(&near);
        }
    }
}
