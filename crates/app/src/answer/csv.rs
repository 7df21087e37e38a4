//! An answer as a table for spreadsheets: one row a measure.

use domain::text::harmless;
use rules::Lang;
use rules::labels::award_kind;
use rules::report::{MeasureReport, Report};

use super::why;

/// The mark by which spreadsheets know UTF-8.
const MARK: &str = "\u{feff}";

const HEAD_ZH: [&str; 12] =
    ["结论", "措施", "编号", "待遇", "下限", "上限", "单位", "首要理由", "截止日期", "文件", "条款", "网址"];
const HEAD_EN: [&str; 12] = [
    "outcome",
    "measure",
    "id",
    "benefit",
    "low",
    "high",
    "unit",
    "first reason",
    "deadline",
    "document",
    "clause",
    "address",
];

/// The measures of a report as CSV in one language. An upper end that is not stated is an empty cell.
#[must_use]
pub fn write(report: &Report, lang: Lang) -> String {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
    let head = match lang {
        Lang::Zh => HEAD_ZH,
        Lang::En => HEAD_EN,
    };
    // writing to memory does not fail
    let _ = table.write_record(head);
    for measure in &report.measures {
        let _ = table.write_record(row(measure, lang).map(|cell| harmless(&cell).into_owned()));
    }
    String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn row(measure: &MeasureReport, lang: Lang) -> [String; 12] {
    let citation = &measure.citation;
    [
        measure.outcome.label().get(lang).to_owned(),
        measure.name.get(lang).to_owned(),
        measure.measure.clone(),
        award_kind(measure.kind).get(lang).to_owned(),
        measure.amount.low.clone(),
        measure.amount.high.clone().unwrap_or_default(),
        unit(&measure.amount.unit, lang).to_owned(),
        why(measure).first().map(|why| why.sentence(lang)).unwrap_or_default(),
        measure.deadlines.first().map(|deadline| deadline.date.clone()).unwrap_or_default(),
        citation.title.get(lang).to_owned(),
        citation.clause.clone().unwrap_or_default(),
        citation.url.clone().unwrap_or_default(),
    ]
}

fn unit(code: &str, lang: Lang) -> &str {
    let (zh, en) = match code {
        "CNY" => ("人民币元", "CNY"),
        "months" => ("个月", "months"),
        "days" => ("天", "days"),
        "share" => ("比例", "share"),
        "count" => ("项", "count"),
        code => match domain::Unit::from_code(code) {
            Some(unit) => (unit.zh(), unit.code()),
            None => (code, code),
        },
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
