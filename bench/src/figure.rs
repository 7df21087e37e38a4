//! Printing figures: one line each, for people and for programs that collect them.

/// Prints `FIGURE <name> <value> <unit>`. Names are lower-case words joined by `_`.
pub(crate) fn figure(name: &str, value: &str, unit: &str) {
    println!("FIGURE {name} {value} {unit}");
}

/// A number with three significant digits and no exponent: `0.00123`, `45.6`, `7890`.
#[must_use]
pub(crate) fn decimal(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    // the power of ten that the value rounds to: 999.6 counts as 1000
    let power = format!("{value:.2e}").split_once('e').and_then(|(_, power)| power.parse::<i32>().ok()).unwrap_or(0);
    let decimals = usize::try_from(2 - power).unwrap_or(0);
    format!("{value:.decimals$}")
}

/// How many a second: `count` in so many nanoseconds.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
pub(crate) fn per_second(count: u64, nanoseconds: u128) -> String {
    decimal(count as f64 * 1e9 / nanoseconds.max(1) as f64)
}

/// Nanoseconds for each of `count`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
pub(crate) fn nanoseconds_each(count: u64, nanoseconds: u128) -> String {
    decimal(nanoseconds as f64 / count.max(1) as f64)
}

/// How many times as long the first took for each company as the second: `"42.0"` if 42 times.
#[must_use]
pub(crate) fn times(slower: f64, faster: f64) -> String {
    decimal(slower / faster)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_significant_digits() {
        let cases = [
            (0.0, "0"),
            (0.001_234, "0.00123"),
            (1.0, "1.00"),
            (9.996, "10.0"),
            (45.64, "45.6"),
            (999.6, "1000"),
            (78_901.2, "78901"),
            (-2.5, "-2.50"),
        ];
        for (value, text) in cases {
            assert_eq!(decimal(value), text);
        }
    }

    #[test]
    fn counts_and_nanoseconds() {
        assert_eq!(per_second(5_000, 250_000_000), "20000");
        assert_eq!(nanoseconds_each(5_000, 250_000_000), "50000");
        assert_eq!(times(50_000.0, 400.0), "125");
        assert_eq!(nanoseconds_each(0, 7), "7.00");
    }
}
