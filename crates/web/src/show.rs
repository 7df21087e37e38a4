//! Values as pages show them: outcomes, money, dates, days that are left, places. What each looks like is in
//! `templates/parts.html`.

use domain::{Date, Money, PlaceId, PlaceTree};
use rules::Lang;
use rules::ast::Outcome;
use rules::diag::Text;

use crate::l10n::L10n;

/// An outcome as a badge; `parts::outcome` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeView {
    /// The class that gives it its shape, mark and colour.
    pub class: &'static str,
    /// Its name.
    pub label: Text,
}

/// An outcome as a badge.
pub fn outcome(outcome: Outcome) -> OutcomeView {
    let class = match outcome {
        Outcome::Eligible => "eligible",
        Outcome::NotEligible => "not-eligible",
        Outcome::Undetermined => "undetermined",
        Outcome::NeedsPerson => "needs-person",
    };
    OutcomeView { class, label: outcome.label() }
}

/// An amount in parts, so that the figure can be larger than its unit; `parts::money` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyView {
    /// The unit where it comes first: `CNY`.
    pub before: &'static str,
    /// The figure: `1,000`.
    pub figure: String,
    /// The unit where it comes last: `万元`.
    pub after: String,
}

/// An amount in parts.
pub fn money(money: Money, l: L10n) -> MoneyView {
    match l.0 {
        Lang::Zh => {
            let text = money.zh();
            let end = text.find(|c: char| !c.is_ascii()).unwrap_or(text.len());
            let (figure, unit) = text.split_at(end);
            MoneyView { before: "", figure: figure.to_owned(), after: unit.to_owned() }
        }
        Lang::En => {
            let text = money.en();
            let figure = text.strip_prefix("CNY ").unwrap_or(&text);
            MoneyView { before: "CNY", figure: figure.to_owned(), after: String::new() }
        }
    }
}

/// An amount as one text, for where there is no room for parts: `1,000万元`, `CNY 10,000,000`.
pub fn money_text(money: Money, l: L10n) -> String {
    match l.0 {
        Lang::Zh => money.zh(),
        Lang::En => money.en(),
    }
}

/// A count with its thousands apart: `2,600`.
pub fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A date; `parts::date` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateView {
    /// For machines: `2026-05-20`.
    pub iso: String,
    /// For readers: `2026年5月20日`, `20 May 2026`.
    pub text: String,
}

/// A date.
pub fn date(date: Date, l: L10n) -> DateView {
    let text = match l.0 {
        Lang::Zh => date.zh(),
        Lang::En => format!("{} {} {}", date.day(), month(date.month()), date.year()),
    };
    DateView { iso: date.to_string(), text }
}

/// A month by its name, for the axis of a chart: `5月`, `May`.
pub fn month_name(number: u32, l: L10n) -> String {
    match l.0 {
        Lang::Zh => format!("{number}月"),
        Lang::En => month(number).to_owned(),
    }
}

/// A month's English name, short enough for a table.
fn month(number: u32) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    index.and_then(|index| NAMES.get(index)).copied().unwrap_or_default()
}

/// How long it is until a last day, which counts: “today is the last day”, “16 days left”, “closed”.
pub fn days_left(today: Date, last: Date, l: L10n) -> String {
    match today.days_until(last) {
        0 => l.t("days-left-today"),
        days @ 1.. => l.m("days-left").n("n", days).to_string(),
        _ => l.t("days-left-over"),
    }
}

/// A place by its own name, without those around it.
pub fn place(place: PlaceId, l: L10n) -> &'static str {
    match l.0 {
        Lang::Zh => PlaceTree::china().zh(place),
        Lang::En => PlaceTree::china().en(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: L10n = L10n(Lang::Zh);
    const EN: L10n = L10n(Lang::En);

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn money_is_figure_and_unit_as_each_language_writes_them() {
        let amount = Money::from_yuan(12_000_000).unwrap();
        let view = |before, figure: &str, after: &str| MoneyView { before, figure: figure.into(), after: after.into() };
        assert_eq!(money(amount, ZH), view("", "1,200", "万元"));
        assert_eq!(money(amount, EN), view("CNY", "12,000,000", ""));
        assert_eq!(money(Money::from_fen(50), ZH), view("", "0.50", "元"));
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        for (number, text) in [(0, "0"), (103, "103"), (2_600, "2,600"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn dates_are_written_out() {
        assert_eq!(date(day("2026-09-03"), ZH).text, "2026年9月3日");
        assert_eq!(date(day("2026-09-03"), EN).text, "3 Sept 2026");
        assert_eq!(date(day("2026-09-03"), EN).iso, "2026-09-03");
    }

    #[test]
    fn the_last_day_counts() {
        let last = day("2026-06-05");
        assert_eq!(days_left(day("2026-05-20"), last, ZH), "还剩16天");
        assert_eq!(days_left(day("2026-06-04"), last, EN), "1 day left");
        assert_eq!(days_left(last, last, EN), "today is the last day");
        assert_eq!(days_left(day("2026-06-06"), last, EN), "closed");
    }

    #[test]
    fn outcomes_have_a_shape_each() {
        let all = [Outcome::Eligible, Outcome::NotEligible, Outcome::Undetermined, Outcome::NeedsPerson];
        let classes: std::collections::BTreeSet<_> = all.map(|one| outcome(one).class).into();
        assert_eq!(classes.len(), 4);
    }
}
