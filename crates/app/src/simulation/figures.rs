//! Sums as they are handed out.

use rules::Lang;
use rules::diag::Text;
use rules::report::amount;
use rules::value::{FEN, Range};
use rules::vocabulary::Type;
use rules::words;
use screen::compare::{Change, EDGES, Sum};

use super::report::{Band, ChangeReport, DifferenceReport, Figure, SumReport};

/// An amount in the unit of [`rules::value`].
pub(super) fn figure(value: i128, ty: Type) -> Figure {
    let text = match ty {
        Type::Money | Type::MoneyPer(_) => short(value.div_euclid(FEN)),
        ty => Text::new(words::number(value, ty, Lang::Zh), words::number(value, ty, Lang::En)),
    };
    Figure { value: amount(Range::point(value), ty).low, text }
}

/// Fen in words, rounded so that sums can be compared at a glance.
pub(super) fn short(fen: i128) -> Text {
    let sign = if fen < 0 { "-" } else { "" };
    let most = fen.unsigned_abs();
    // hundredths of a unit of so many fen, half away from zero
    let in_units = |unit: u128| {
        let hundredths = (most * 100 + unit / 2) / unit;
        let (whole, rest) = (grouped(hundredths / 100), hundredths % 100);
        match rest {
            0 => format!("{sign}{whole}"),
            rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
            rest => format!("{sign}{whole}.{rest:02}"),
        }
    };
    let zh = match most {
        10_000_000_000.. => format!("{}亿元", in_units(10_000_000_000)),
        1_000_000.. => format!("{}万元", in_units(1_000_000)),
        _ => format!("{}元", in_units(100)),
    };
    let en = match most {
        100_000_000_000.. => format!("CNY {} bn", in_units(100_000_000_000)),
        100_000_000.. => format!("CNY {} m", in_units(100_000_000)),
        _ => format!("CNY {}", in_units(100)),
    };
    Text::new(zh, en)
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn sum(sum: &Sum, ty: Type) -> SumReport {
    SumReport { low: figure(sum.lo, ty), high: figure(sum.hi, ty), endless: sum.endless }
}

/// A change as it is handed out; with the bands of its gains and losses or without.
pub(super) fn change(change: &Change, ty: Type, bands: bool) -> ChangeReport {
    let difference = DifferenceReport {
        low: figure(change.after.lo - change.before.lo, ty),
        high: figure(change.after.hi - change.before.hi, ty),
        surely_from: figure(change.least, ty),
        surely_from_endless: change.least_endless,
        surely_to: figure(change.most, ty),
        surely_to_endless: change.most_endless,
    };
    ChangeReport {
        unit: amount(Range::ZERO, ty).unit,
        companies: change.companies,
        same: change.same(),
        gain: change.gain,
        lose: change.lose,
        other: change.other,
        unsure: change.unsure,
        may_gain: change.may_gain,
        may_lose: change.may_lose,
        changed_outcome: change.outcome,
        newly_eligible: change.newly_eligible,
        no_longer_eligible: change.no_longer_eligible,
        before: sum(&change.before, ty),
        after: sum(&change.after, ty),
        difference,
        gained: figure(change.gained, ty),
        lost: figure(change.lost, ty),
        bands: if bands && ty == Type::Money { in_bands(change) } else { Vec::new() },
    }
}

fn in_bands(change: &Change) -> Vec<Band> {
    let edge = |at: Option<usize>| at.and_then(|at| EDGES.get(at)).copied();
    let yuan = |yuan: i64| short(i128::from(yuan) * 100);
    let mut bands = Vec::new();
    for (index, (surely, at_most)) in change.bands.iter().enumerate() {
        let (from, to) = (edge(index.checked_sub(1)), edge(Some(index)));
        let label = match (from.map(yuan), to.map(yuan)) {
            (None, Some(to)) => Text::new(format!("{}及以下", to.zh), format!("{} or less", to.en)),
            (Some(from), None) => Text::new(format!("{}及以上", from.zh), format!("{} or more", from.en)),
            (Some(from), Some(to)) => {
                Text::new(format!("{} 至 {}", from.zh, to.zh), format!("{} to {}", from.en, to.en))
            }
            (None, None) => Text::default(),
        };
        bands.push(Band { from, to, label, surely: *surely, at_most: *at_most });
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_rounded_for_reading_and_exact_as_decimals() {
        let zh = |fen: i128| short(fen).zh;
        assert_eq!(zh(0), "0元");
        assert_eq!(zh(12_345), "123.45元");
        assert_eq!(zh(123_456_789), "123.46万元");
        assert_eq!(zh(-1_200_000_000_000), "-120亿元");
        assert_eq!(zh(12_345_600_000_000), "1,234.56亿元");
        assert_eq!(short(123_456_789).en, "CNY 1.23 m");
        assert_eq!(figure(-123_456_789 * FEN, Type::Money).value, "-1234567.89");
    }
}
