//! Numbers as tables hold them, scaled exactly: decimals, and floats by their bits. No float is ever computed with.

/// The greatest value, either way, of a number in a frame: 2^50. In fen that is eleven million million yuan.
pub const LIMIT: i64 = 1 << 50;

/// Why a number does not fit its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Digits remain below the smallest unit.
    Precise,
    /// Beyond [`LIMIT`].
    Large,
}

/// Reads a plain decimal number such as `-1,234.50` as its digits and how many of them stand behind the point.
pub(crate) fn decimal(text: &str) -> Option<(i128, u32)> {
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let (mut digits, mut count, mut scale) = (0_i128, 0_u32, 0_u32);
    let (mut point, mut group) = (false, None::<u32>);
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + i128::from(byte - b'0');
                count += 1;
                scale += u32::from(point);
                group = group.map(|n| n + u32::from(!point));
                if count > 30 {
                    return None;
                }
            }
            b'.' if !point && count > 0 && group.is_none_or(|n| n == 3) => point = true,
            b',' if !point && count > 0 && group.map_or(count <= 3, |n| n == 3) => group = Some(0),
            _ => return None,
        }
    }
    if count == 0 || (point && scale == 0) || group.is_some_and(|n| n != 3) {
        return None;
    }
    Some((if negative { -digits } else { digits }, scale))
}

/// `digits × factor / 10^scale`; what is left over is rounded half away from zero if `rounded`, and else refused.
pub(crate) fn scaled(digits: i128, scale: u32, factor: i64, rounded: bool) -> Result<i64, Unfit> {
    let product = digits.checked_mul(i128::from(factor)).ok_or(Unfit::Large)?;
    let divisor = 10_i128.checked_pow(scale).ok_or(Unfit::Precise)?;
    bounded(divided(product, divisor, rounded)?)
}

/// A whole number times a factor.
pub(crate) fn times(value: i64, factor: i64) -> Result<i64, Unfit> {
    bounded(i128::from(value) * i128::from(factor))
}

/// A float times a factor, computed from its bits: exactly, or rounded half away from zero if `rounded`.
pub(crate) fn float(value: f64, factor: i64, rounded: bool) -> Result<i64, Unfit> {
    if !value.is_finite() {
        return Err(Unfit::Large);
    }
    let bits = value.to_bits();
    let (negative, exponent) = (bits >> 63 == 1, i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0));
    let fraction = i128::from(bits & ((1 << 52) - 1));
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let mantissa = if negative { -mantissa } else { mantissa };
    if mantissa == 0 {
        return Ok(0);
    }
    // 53 bits times a factor of at most 40
    let product = mantissa * i128::from(factor);
    if exponent >= 0 {
        let power = u32::try_from(exponent).ok().and_then(|by| 1_i128.checked_shl(by)).filter(|power| *power > 0);
        return bounded(power.and_then(|power| product.checked_mul(power)).ok_or(Unfit::Large)?);
    }
    match u32::try_from(-exponent) {
        Ok(by) if by < 120 => bounded(divided(product, 1 << by, rounded)?),
        _ if rounded => Ok(0),
        _ => Err(Unfit::Precise),
    }
}

fn divided(product: i128, divisor: i128, rounded: bool) -> Result<i128, Unfit> {
    let (whole, rest) = (product / divisor, product % divisor);
    if rest == 0 {
        return Ok(whole);
    }
    if !rounded {
        return Err(Unfit::Precise);
    }
    let up = rest.abs() >= divisor - rest.abs();
    Ok(whole + if up { rest.signum() } else { 0 })
}

fn bounded(value: i128) -> Result<i64, Unfit> {
    i64::try_from(value).ok().filter(|value| value.unsigned_abs() <= LIMIT.unsigned_abs()).ok_or(Unfit::Large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (text, read) in [
            ("0", Some((0, 0))),
            ("-1,234.50", Some((-123_450, 2))),
            ("+7", Some((7, 0))),
            ("12,34", None),
            ("1234,567", None),
            ("1.", None),
            (".5", None),
            ("1e3", None),
            ("", None),
            ("1.2,345", None),
        ] {
            assert_eq!(decimal(text), read, "{text}");
        }
        assert_eq!(scaled(15, 1, 1_000_000, false), Ok(1_500_000));
        assert_eq!(scaled(1, 3, 100, false), Err(Unfit::Precise));
        assert_eq!(scaled(5, 3, 100, true), Ok(1));
        assert_eq!(scaled(-5, 3, 100, true), Ok(-1));
        assert_eq!(scaled(1, 0, LIMIT, false), Ok(LIMIT));
        assert_eq!(scaled(2, 0, LIMIT, false), Err(Unfit::Large));
    }

    #[test]
    fn floats_are_taken_by_their_bits() {
        assert_eq!(float(0.1, 100, false), Err(Unfit::Precise));
        assert_eq!(float(0.1, 100, true), Ok(10));
        assert_eq!(float(0.5, 100, false), Ok(50));
        assert_eq!(float(-1.005, 100, true), Ok(-100)); // the float lies just below 1.005
        assert_eq!(float(3.0, 1, false), Ok(3));
        assert_eq!(float(f64::NAN, 1, true), Err(Unfit::Large));
        assert_eq!(float(1e300, 1, true), Err(Unfit::Large));
        assert_eq!(float(1e-300, 1, true), Ok(0));
        assert_eq!(float(-0.0, 1, false), Ok(0));
    }
}
