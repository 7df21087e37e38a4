//! A screening as a table in the terminal.

use app::screening::{MeasureReport, Report, Sum};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use rules::Lang;

use crate::output::{paint, pick};

pub fn all(report: &Report, lang: Lang, colour: bool) {
    let dates = match lang {
        Lang::Zh => format!("申请日 {}，按截至 {} 已知的政策", report.on, report.known_on),
        Lang::En => format!("applied for on {}, by what was known on {}", report.on, report.known_on),
    };
    anstream::println!("{}", paint(&dates, "2", colour));
    let head = match lang {
        Lang::Zh => ["措施", "符合", "待补充", "待认定", "不符合", "金额"],
        Lang::En => ["Measure", "Eligible", "Undetermined", "Needs a person", "Not", "Amount"],
    };
    let mut table = new(colour);
    table.set_header(head);
    for measure in &report.measures {
        let companies = measure.companies;
        let mut cells = vec![Cell::new(format!("{}\n{}", measure.name.get(lang), measure.measure))];
        for count in [companies.eligible, companies.undetermined, companies.needs_person, companies.not_eligible] {
            cells.push(right(count.to_string()));
        }
        cells.push(right(amount(measure, lang)));
        table.add_row(cells);
    }
    anstream::println!("{table}");
    for measure in &report.measures {
        if let Some(reason) = &measure.reason {
            let (name, colon) = (measure.name.get(lang), crate::output::colon(lang));
            let text = format!("{name}{colon}{}", reason.text.get(lang));
            anstream::println!("{}", paint(&text, "33", colour));
        }
    }
}

fn amount(measure: &MeasureReport, lang: Lang) -> String {
    if measure.companies.all() == measure.companies.not_eligible {
        "—".to_owned()
    } else {
        sum(&measure.amount, lang)
    }
}

/// An empty table of the usual look.
pub fn new(colour: bool) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !colour {
        table.force_no_tty();
    }
    if table.width().is_none() {
        table.set_width(120);
    }
    table
}

pub fn right(text: impl ToString) -> Cell {
    Cell::new(text.to_string()).set_alignment(CellAlignment::Right)
}

/// A sum in words: `1.2亿元 – 3.4亿元`.
pub fn sum(sum: &Sum, lang: Lang) -> String {
    let say = |number: &str| with_unit(number, &sum.unit, lang);
    let low = say(&sum.low);
    let end = |high: &str| if high == sum.low { low.clone() } else { format!("{low} – {}", say(high)) };
    match (&sum.high, &sum.high_of_others) {
        (Some(high), _) => end(high),
        (None, others) => {
            let open = match (lang, sum.without_end) {
                (Lang::Zh, 0) => "上限未定".to_owned(),
                (Lang::Zh, n) => format!("另有 {n} 家上限未定"),
                (Lang::En, 0) => "no upper end".to_owned(),
                (Lang::En, n) => format!("{n} more have no upper end"),
            };
            let known = others.as_deref().map_or_else(|| low.clone(), end);
            format!("{known}\n{open}")
        }
    }
}

/// A decimal with its unit, money rounded to what readers expect.
pub fn with_unit(number: &str, unit: &str, lang: Lang) -> String {
    match (unit, lang) {
        ("CNY", _) => money(number, lang),
        ("months", Lang::Zh) => format!("{number}个月"),
        ("days", Lang::Zh) => format!("{number}天"),
        ("m2", Lang::Zh) => format!("{number}平方米"),
        ("card_hours", Lang::Zh) => format!("{number}卡时"),
        ("card_hours", Lang::En) => format!("{number} card hours"),
        ("share" | "count", _) => number.to_owned(),
        (unit, _) => format!("{number} {unit}"),
    }
}

/// Yuan as a decimal, to two digits of 万 or 亿 (thousands separated in English: millions and billions).
fn money(number: &str, lang: Lang) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let fen = format!("{whole}{:0<2}", part.get(..part.len().min(2)).unwrap_or_default());
    let Ok(fen) = fen.parse::<i128>() else { return number.to_owned() };
    let units: [(i128, &str); 3] = match lang {
        Lang::Zh => [(10_000_000_000, "亿元"), (1_000_000, "万元"), (100, "元")],
        Lang::En => [(100_000_000_000, " billion"), (100_000_000, " million"), (100, "")],
    };
    let size = fen.unsigned_abs();
    let at = units.iter().find(|(unit, _)| size >= unit.unsigned_abs()).unwrap_or(&units[2]);
    // half away from zero
    let hundredths = (size * 100 + at.0.unsigned_abs() / 2) / at.0.unsigned_abs();
    let sign = if fen < 0 { "-" } else { "" };
    let digits = match (hundredths / 100, hundredths % 100) {
        (whole, 0) => thousands(whole),
        (whole, part) if part % 10 == 0 => format!("{}.{}", thousands(whole), part / 10),
        (whole, part) => format!("{}.{part:02}", thousands(whole)),
    };
    match lang {
        Lang::Zh => format!("{sign}{digits}{}", at.1),
        Lang::En => format!("CNY {sign}{digits}{}", at.1),
    }
}

/// A whole number with its thousands apart.
pub fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What is told of nothing.
pub fn nothing(lang: Lang) -> &'static str {
    pick(lang, "无", "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_rounded_to_what_readers_expect() {
        for (number, zh, en) in [
            ("0", "0元", "CNY 0"),
            ("12.5", "12.5元", "CNY 12.5"),
            ("9999.99", "9,999.99元", "CNY 9,999.99"),
            ("123456", "12.35万元", "CNY 123,456"),
            ("7200000", "720万元", "CNY 7.2 million"),
            ("1234567890", "12.35亿元", "CNY 1.23 billion"),
            ("-20000", "-2万元", "CNY -20,000"),
        ] {
            assert_eq!((money(number, Lang::Zh).as_str(), money(number, Lang::En).as_str()), (zh, en));
        }
    }

    #[test]
    fn a_sum_says_where_it_ends() {
        let sum_of = |high: Option<&str>, without_end, others: Option<&str>| Sum {
            unit: "CNY".into(),
            low: "10000".into(),
            high: high.map(Into::into),
            without_end,
            high_of_others: others.map(Into::into),
        };
        assert_eq!(sum(&sum_of(Some("10000"), 0, None), Lang::Zh), "1万元");
        assert_eq!(sum(&sum_of(Some("20000"), 0, None), Lang::Zh), "1万元 – 2万元");
        assert_eq!(sum(&sum_of(None, 3, Some("20000")), Lang::Zh), "1万元 – 2万元\n另有 3 家上限未定");
    }
}
