//! A simulation as a person reads it.

use app::simulation::{Cause, ChangeReport, DraftReport, GroupReport, Simulation, SumReport, SweepReport};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use rules::Lang;

use crate::output::{colon, paint, pick};

/// Groups of a dimension that are shown at most.
const GROUPS: usize = 8;

/// Differences of the rules that are shown at most.
const DIFFERENCES: usize = 12;

/// Reasons of a measure that are shown at most.
const REASONS: usize = 3;

/// Widest bar.
const WIDTH: u64 = 24;

pub fn all(simulation: &Simulation, lang: Lang, colour: bool) {
    head(simulation, lang, colour);
    if simulation.drafts.len() > 1 {
        side_by_side(simulation, lang);
    }
    for draft in &simulation.drafts {
        one(draft, lang, colour);
    }
    if let Some(sweep) = &simulation.sweep {
        curve(sweep, lang, colour);
    }
    foot(simulation, lang, colour);
}

/// The measures alone, of which companies' answers change.
pub fn alerts(simulation: &Simulation, lang: Lang, colour: bool) {
    head(simulation, lang, colour);
    for draft in &simulation.drafts {
        measures(draft, lang);
    }
    foot(simulation, lang, colour);
}

fn head(simulation: &Simulation, lang: Lang, colour: bool) {
    let (from, to) = (&simulation.on_before, &simulation.on_after);
    let on = if from == to { from.clone() } else { format!("{from} → {to}") };
    let rows = simulation.data.rows;
    let line = match lang {
        Lang::Zh => format!("{on}，企业 {rows} 家，对照：{}", simulation.base.name),
        Lang::En => format!("{on}, {rows} companies, against {}", simulation.base.name),
    };
    anstream::println!("{}", paint(&line, "1", colour));
    if let Some(assumed) = simulation.assumed() {
        anstream::println!("{}", paint(assumed.get(lang), "33", colour));
    }
}

fn foot(simulation: &Simulation, lang: Lang, colour: bool) {
    anstream::println!();
    for note in &simulation.notes {
        anstream::println!("{}", paint(note.get(lang), "2", colour));
    }
    if simulation.data.left_out > 0 {
        let left_out = simulation.data.left_out;
        let line = match lang {
            Lang::Zh => format!("有 {left_out} 行无法读取，未计入"),
            Lang::En => format!("{left_out} rows could not be read and are left out"),
        };
        anstream::println!("{}", paint(&line, "31", colour));
    }
}

fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_header(headings);
    table
}

fn count(number: u64) -> Cell {
    Cell::new(number).set_alignment(CellAlignment::Right)
}

fn span(sum: &SumReport, lang: Lang) -> String {
    between(sum.low.text.get(lang), sum.high.text.get(lang), sum.endless, lang)
}

fn between(low: &str, high: &str, endless: u64, lang: Lang) -> String {
    let span = if low == high { low.to_owned() } else { format!("{low} – {high}") };
    match (endless, lang) {
        (0, _) => span,
        (_, Lang::Zh) => format!("{span}（另有 {endless} 家无上限）"),
        (_, Lang::En) => format!("{span} ({endless} more without a limit)"),
    }
}

fn difference(change: &ChangeReport, lang: Lang) -> String {
    let (low, high) = (&change.difference.low, &change.difference.high);
    between(low.text.get(lang), high.text.get(lang), 0, lang)
}

fn row(name: String, change: &ChangeReport, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(name),
        Cell::new(span(&change.before, lang)),
        Cell::new(span(&change.after, lang)),
        Cell::new(difference(change, lang)),
        count(change.gain),
        count(change.lose),
        count(change.unsure + change.other),
    ]
}

fn headings(lang: Lang, first: &'static str) -> [&'static str; 7] {
    match lang {
        Lang::Zh => [first, "修改前", "修改后", "差额", "增加", "减少", "不能确定"],
        Lang::En => [first, "before", "after", "difference", "more", "less", "not sure"],
    }
}

fn side_by_side(simulation: &Simulation, lang: Lang) {
    let mut table = table(&headings(lang, pick(lang, "草案", "draft")));
    for draft in &simulation.drafts {
        table.add_row(row(draft.rules.name.clone(), &draft.all, lang));
    }
    anstream::println!("\n{table}");
}

fn measures(draft: &DraftReport, lang: Lang) {
    let mut table = table(&headings(lang, pick(lang, "措施", "measure")));
    let mut shown = 0;
    for measure in &draft.measures {
        // of many measures those are of interest that change something
        if draft.measures.len() > 5 && measure.all.same == measure.all.companies {
            continue;
        }
        shown += 1;
        table.add_row(row(format!("{}\n{}", measure.name.get(lang), measure.measure), &measure.all, lang));
    }
    if shown == 0 {
        anstream::println!("\n{}", pick(lang, "没有企业的结果有变化。", "No company's answer changes."));
        return;
    }
    if shown > 1 {
        table.add_row(row(pick(lang, "合计", "all of them").to_owned(), &draft.all, lang));
    }
    anstream::println!("\n{table}");
}

fn one(draft: &DraftReport, lang: Lang, colour: bool) {
    anstream::println!("\n{}", paint(&draft.rules.name, "1", colour));
    let changes: Vec<String> =
        draft.differences.iter().flat_map(|diff| &diff.changes).map(|c| c.sentence(lang)).collect();
    for change in changes.iter().take(DIFFERENCES) {
        anstream::println!("  {} {change}", paint("~", "33", colour));
    }
    if changes.len() > DIFFERENCES {
        let more = changes.len() - DIFFERENCES;
        let line = match lang {
            Lang::Zh => format!("  另有 {more} 处（--json 列出全部）"),
            Lang::En => format!("  {more} more (--json has them all)"),
        };
        anstream::println!("{}", paint(&line, "2", colour));
    }
    measures(draft, lang);
    for measure in &draft.measures {
        let name = measure.name.get(lang);
        for (reason, side) in [
            (&measure.before_reason, pick(lang, "修改前", "before")),
            (&measure.after_reason, pick(lang, "修改后", "after")),
        ] {
            if let Some(reason) = reason {
                let text = format!("{name}, {side}{}{}", colon(lang), reason.text.get(lang));
                anstream::println!("{}", paint(&text, "33", colour));
            }
        }
        let (won, lost) = (measure.all.newly_eligible, measure.all.no_longer_eligible);
        if won + lost > 0 {
            let line = match lang {
                Lang::Zh => format!("{name}：新符合 {won} 家，不再符合 {lost} 家"),
                Lang::En => format!("{name}: {won} newly eligible, {lost} no longer"),
            };
            anstream::println!("{line}");
        }
        causes(&measure.lost_by, pick(lang, "修改后不符合", "fail after"), lang, colour);
        causes(&measure.won_by, pick(lang, "修改前不符合", "failed before"), lang, colour);
    }
    bands(&draft.all, lang, colour);
    for dimension in &draft.groups {
        groups(dimension.label.get(lang), &dimension.groups, lang, colour);
    }
}

fn causes(causes: &[Cause], what: &str, lang: Lang, colour: bool) {
    for cause in causes.iter().take(REASONS) {
        let line = format!("  {what}{}{}", colon(lang), cause.label.get(lang));
        anstream::println!("{line}  {}", paint(&cause.companies.to_string(), "2", colour));
    }
}

fn bar(value: u64, most: u64) -> String {
    let cells = if value == 0 || most == 0 { 0 } else { (value * WIDTH).div_ceil(most) };
    "█".repeat(usize::try_from(cells.min(WIDTH)).unwrap_or_default())
}

fn bands(change: &ChangeReport, lang: Lang, colour: bool) {
    let most = change.bands.iter().map(|band| band.surely.max(band.at_most)).max().unwrap_or_default();
    if most == 0 {
        return;
    }
    let title = pick(lang, "每家企业增减多少", "How much each company gains or loses");
    anstream::println!("\n{}", paint(title, "1", colour));
    let mut table = table(&match lang {
        Lang::Zh => ["增减", "确定", "最高额", ""],
        Lang::En => ["change", "surely", "of the most", ""],
    });
    for band in change.bands.iter().filter(|band| band.surely + band.at_most > 0) {
        table.add_row(vec![
            Cell::new(band.label.get(lang)),
            count(band.surely),
            count(band.at_most),
            Cell::new(bar(band.surely.max(band.at_most), most)),
        ]);
    }
    anstream::println!("{table}");
}

fn groups(label: &str, groups: &[GroupReport], lang: Lang, colour: bool) {
    let changed = |group: &GroupReport| group.change.companies - group.change.same;
    let mut sorted: Vec<&GroupReport> = groups.iter().filter(|group| changed(group) > 0).collect();
    sorted.sort_by_key(|group| std::cmp::Reverse(changed(group)));
    let Some(most) = sorted.first().map(|group| changed(group)) else { return };
    anstream::println!("\n{}", paint(label, "1", colour));
    let mut table = table(&match lang {
        Lang::Zh => ["", "差额", "增加", "减少", "不能确定", "结果有变化的企业"],
        Lang::En => ["", "difference", "more", "less", "not sure", "companies with another answer"],
    });
    for group in sorted.iter().take(GROUPS) {
        let change = &group.change;
        table.add_row(vec![
            Cell::new(group.label.get(lang)),
            Cell::new(difference(change, lang)),
            count(change.gain),
            count(change.lose),
            count(change.unsure + change.other),
            Cell::new(format!("{} {}", bar(changed(group), most), changed(group))),
        ]);
    }
    anstream::println!("{table}");
    if sorted.len() > GROUPS {
        let more = sorted.len() - GROUPS;
        let line = match lang {
            Lang::Zh => format!("另有 {more} 组"),
            Lang::En => format!("{more} more groups"),
        };
        anstream::println!("{}", paint(&line, "2", colour));
    }
}

fn curve(sweep: &SweepReport, lang: Lang, colour: bool) {
    anstream::println!("\n{}", paint(&format!("{} {}", sweep.measure, sweep.path), "1", colour));
    let mut table = table(&match lang {
        Lang::Zh => ["取值", "金额", "差额", "增加", "减少", "不能确定"],
        Lang::En => ["value", "cost", "difference", "more", "less", "not sure"],
    });
    for step in &sweep.steps {
        let change = &step.measure;
        table.add_row(vec![
            Cell::new(&step.value),
            Cell::new(span(&change.after, lang)),
            Cell::new(difference(change, lang)),
            count(change.gain),
            count(change.lose),
            count(change.unsure + change.other),
        ]);
    }
    anstream::println!("{table}");
}
