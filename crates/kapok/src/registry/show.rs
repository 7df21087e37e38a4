//! What a registry holds, as a person reads it.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use rules::Lang;
use screen::table::{Example, FactProfile, Profile, Reason};

use crate::output::{colon, colour, paint, pick};

/// Codes of a fact that are shown, the most frequent first.
const CODES: usize = 6;

pub fn profile(profile: &Profile, lang: Lang, rate: u64) {
    if !profile.facts.is_empty() {
        anstream::println!("{}\n", facts(profile, lang));
    }
    faults(profile, lang);
    records(profile, lang);
    let line = pick(
        lang,
        "{rows} 行，{facts} 列事实；可用 {used} 行，略去 {out} 行（每秒 {rate} 行）",
        "{rows} rows, {facts} columns of facts; {used} rows can be used, {out} are left out ({rate} rows/s)",
    );
    let line = line
        .replace("{rows}", &profile.rows.to_string())
        .replace("{facts}", &profile.facts.len().to_string())
        .replace("{used}", &(profile.rows - profile.rejected).to_string())
        .replace("{out}", &profile.rejected.to_string())
        .replace("{rate}", &rate.to_string());
    anstream::println!("{}", paint(&line, "1", colour()));
    if profile.facts.is_empty() {
        anstream::println!(
            "{}",
            pick(
                lang,
                "没有一列是事实：请用 --mapping 写明各列，`kapok policy facts` 列出全部事实",
                "no column is a fact: say with --mapping what the columns hold; `kapok policy facts` lists all facts",
            )
        );
    }
}

fn facts(profile: &Profile, lang: Lang) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !colour() {
        table.force_no_tty();
    }
    if table.width().is_none() {
        table.set_width(120);
    }
    table.set_header(match lang {
        Lang::Zh => vec!["事实", "未知", "", "值"],
        Lang::En => vec!["Fact", "Unknown", "", "Values"],
    });
    let rows = profile.rows - profile.rejected;
    for fact in &profile.facts {
        let name = fact.year.map_or_else(|| fact.fact.clone(), |year| format!("{}.{year}", fact.fact));
        table.add_row(vec![
            Cell::new(name),
            Cell::new(share(fact.unknown, rows)).set_alignment(CellAlignment::Right),
            Cell::new(bar(fact.unknown, rows)),
            Cell::new(values(fact, lang)),
        ]);
    }
    table
}

/// A share of a whole in percent.
fn share(part: u64, whole: u64) -> String {
    let tenths = (u128::from(part) * 1000).checked_div(u128::from(whole)).unwrap_or(0);
    match (part, tenths) {
        (0, _) => "–".to_owned(),
        (_, 0) => "<0.1 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// The same as a bar of ten.
fn bar(part: u64, whole: u64) -> String {
    let full = (u128::from(part) * 10).div_ceil(u128::from(whole).max(1));
    (0..10).map(|at| if at < full { '█' } else { '·' }).collect()
}

fn values(fact: &FactProfile, lang: Lang) -> String {
    if let (Some(least), Some(greatest)) = (&fact.least, &fact.greatest) {
        return format!("{} … {}", least.get(lang), greatest.get(lang));
    }
    let mut codes: Vec<(&String, &u64)> = fact.codes.iter().collect();
    codes.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), *code));
    let mut shown: Vec<String> = codes.iter().take(CODES).map(|(code, count)| format!("{code} {count}")).collect();
    if codes.len() > CODES {
        shown.push(pick(lang, "另有 {n} 种", "{n} more").replace("{n}", &(codes.len() - CODES).to_string()));
    }
    shown.join(pick(lang, "，", ", "))
}

fn reason(reason: Reason, lang: Lang) -> &'static str {
    let (zh, en) = match reason {
        Reason::Cells => ("格数不对", "not as many cells as the header"),
        Reason::Encoding => ("不是 UTF-8", "not UTF-8"),
        Reason::Type => ("不是这一类值", "no value of this kind"),
        Reason::Precision => ("过于精确", "too precise"),
        Reason::Size => ("过大", "too large"),
        Reason::Range => ("超出范围", "out of range"),
        Reason::Code => ("没有这一项或这个地方", "no such code or place"),
        Reason::Parent => ("没有所属主体", "no company"),
    };
    pick(lang, zh, en)
}

fn faults(profile: &Profile, lang: Lang) {
    for fault in &profile.faults {
        let column = if fault.column.is_empty() { pick(lang, "整行", "the whole row") } else { &fault.column };
        let line = pick(lang, "{column}：{reason}，略去 {n} 行", "{column}: {reason}, {n} rows left out");
        let line = line
            .replace("{column}", column)
            .replace("{reason}", reason(fault.reason, lang))
            .replace("{n}", &fault.count.to_string());
        heading(&line);
        fault.examples.iter().for_each(|example| told(example, lang));
    }
    let Some(ids) = profile.duplicates.as_ref() else { return };
    if ids.rows > 0 {
        let line = pick(
            lang,
            "编号重复：{ids} 个编号，多出 {rows} 行，例如 {examples}",
            "ids that occur twice: {ids} ids, {rows} rows too many, such as {examples}",
        );
        let line = line
            .replace("{ids}", &ids.ids.to_string())
            .replace("{rows}", &ids.rows.to_string())
            .replace("{examples}", &ids.examples.join(pick(lang, "、", ", ")));
        heading(&line);
    }
    if ids.missing > 0 {
        let line =
            pick(lang, "没有编号：{n} 行，其记录未知", "{n} rows have no id, so that their records are not known");
        heading(&line.replace("{n}", &ids.missing.to_string()));
    }
}

fn records(profile: &Profile, lang: Lang) {
    if profile.rejected_records > 0 {
        let line = pick(
            lang,
            "记录：略去 {n} 条，其企业的记录视为未知",
            "{n} records are left out, and all records of their companies are not known",
        );
        heading(&line.replace("{n}", &profile.rejected_records.to_string()));
        profile.record_examples.iter().for_each(|example| told(example, lang));
    }
    for orphans in profile.orphans.iter().filter(|orphans| orphans.parents > 0) {
        let line = pick(
            lang,
            "{record}：{n} 条记录所属的 {m} 家企业不在名录中，例如 {examples}",
            "{record}: {n} records belong to {m} companies that are not there, such as {examples}",
        );
        let shown: Vec<&str> = orphans.examples.iter().take(CODES).map(String::as_str).collect();
        let line = line
            .replace("{record}", &orphans.record)
            .replace("{n}", &orphans.records.to_string())
            .replace("{m}", &orphans.parents.to_string())
            .replace("{examples}", &shown.join(pick(lang, "、", ", ")));
        heading(&line);
    }
}

fn heading(line: &str) {
    anstream::println!("{}", paint(line, "33", colour()));
}

fn told(example: &Example, lang: Lang) {
    anstream::println!("    {}:{}{}{}", example.file, example.row, colon(lang), example.why.get(lang));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_without_hiding_few() {
        let all = [(0, 9), (1, 10_000), (1, 8), (9, 9), (0, 0)];
        assert_eq!(all.map(|(part, whole)| share(part, whole)), ["–", "<0.1 %", "12.5 %", "100.0 %", "–"]);
        assert_eq!(bar(1, 1000), "█·········");
        assert_eq!(bar(3, 10), "███·······");
    }
}
