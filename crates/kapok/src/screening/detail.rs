//! One measure of a screening in detail: the call, groups, reasons, missing facts.

use app::screening::{GroupsReport, MeasureReport, RoundReport};
use rules::Lang;

use super::show::{new, nothing, right, sum, with_unit};
use crate::output::{colon, paint, pick};

/// Lines of each part that are shown at most.
const MOST: usize = 10;

/// How wide a bar of the whole is.
const BAR: u64 = 24;

pub fn measure(measure: &MeasureReport, lang: Lang, colour: bool) {
    let title = |text: &str| anstream::println!("\n{}", paint(text, "1", colour));
    if let Some(call) = &measure.round {
        title(pick(lang, "全部符合的企业都申报时", "If all that are eligible apply"));
        round(call, lang);
    }
    for groups in &measure.groups {
        title(groups.label.get(lang));
        group(groups, measure, lang, colour);
    }
    if !measure.reasons.is_empty() {
        title(pick(lang, "不符合的主要原因", "Why companies are not eligible"));
        reasons(measure, lang, colour);
    }
    if !measure.missing.is_empty() {
        title(pick(lang, "最值得补充的事实", "Which missing facts matter most"));
        missing(measure, lang, colour);
    }
}

fn round(call: &RoundReport, lang: Lang) {
    let mut lines = vec![call.label.get(lang).to_owned()];
    let mut say = |zh: &str, en: &str, value: String| {
        lines.push(format!("{}{}{value}", pick(lang, zh, en), colon(lang)));
    };
    say("参加", "applicants", call.applicants.to_string());
    if call.amount_open > 0 {
        say(
            "符合但金额未定，未参加",
            "eligible, but left out because the amount is not settled",
            call.amount_open.to_string(),
        );
    }
    if let Some(places) = call.places {
        say("名额", "places", places.to_string());
    }
    match &call.unsettled {
        Some(why) => lines.push(why.get(lang).to_owned()),
        None => {
            say("确定获得资助", "surely paid or selected", call.filled.to_string());
            say("无法确定（并列或数值未知）", "open (ties, or values that are not known)", call.open.to_string());
            say("金额", "amount", sum(&call.amount, lang).replace('\n', " "));
            if let Some(asked) = &call.asked {
                say("核减前", "before the cut", sum(asked, lang).replace('\n', " "));
            }
            if let Some(least) = &call.cut_off {
                say("入围最低值", "least value that is paid", least.text.get(lang).to_owned());
            }
        }
    }
    for line in lines {
        anstream::println!("  {line}");
    }
}

/// A bar for a share of a whole.
fn bar(part: u64, whole: u64) -> String {
    let length = (part * BAR + whole / 2).checked_div(whole).unwrap_or(0).min(BAR);
    let length = if part > 0 { length.max(1) } else { 0 };
    (0..length).map(|_| '█').collect()
}

fn group(groups: &GroupsReport, measure: &MeasureReport, lang: Lang, colour: bool) {
    let mut table = new(colour);
    table.set_header(match lang {
        Lang::Zh => ["分组", "企业", "符合", "待补充", "金额", "符合的比例"],
        Lang::En => ["Group", "Companies", "Eligible", "Undetermined", "Amount", "Share eligible"],
    });
    // of many groups those with the most companies that are or may be eligible
    let mut shown: Vec<_> = groups.groups.iter().collect();
    let long = shown.len() > MOST;
    if long {
        shown.sort_by_key(|group| {
            std::cmp::Reverse((group.companies.eligible, group.companies.undetermined, group.companies.all()))
        });
        shown.truncate(MOST);
    }
    for group in shown {
        let companies = group.companies;
        table.add_row(vec![
            comfy_table::Cell::new(group.label.get(lang)),
            right(companies.all()),
            right(companies.eligible),
            right(companies.undetermined),
            right(sum(&group.amount, lang)),
            comfy_table::Cell::new(bar(companies.eligible, companies.all())),
        ]);
    }
    anstream::println!("{table}");
    if long {
        let rest = groups.groups.len() - MOST;
        let text = pick(lang, "另有 {n} 组（--json 列出）", "{n} more groups (--json lists them)");
        anstream::println!("{}", paint(&text.replace("{n}", &rest.to_string()), "2", colour));
    }
    if measure.companies.all() == 0 {
        anstream::println!("{}", nothing(lang));
    }
}

fn reasons(measure: &MeasureReport, lang: Lang, colour: bool) {
    let mut table = new(colour);
    table.set_header(match lang {
        Lang::Zh => ["条件", "条款", "首先因此", "仅因此", ""],
        Lang::En => ["Condition", "Clause", "First by this", "By this alone", ""],
    });
    for reason in measure.reasons.iter().take(MOST) {
        table.add_row(vec![
            comfy_table::Cell::new(reason.label.get(lang)),
            comfy_table::Cell::new(reason.cite.as_deref().unwrap_or_default()),
            right(reason.first),
            right(reason.alone),
            comfy_table::Cell::new(bar(reason.first, measure.companies.not_eligible)),
        ]);
    }
    anstream::println!("{table}");
}

fn missing(measure: &MeasureReport, lang: Lang, colour: bool) {
    let mut table = new(colour);
    table.set_header(match lang {
        Lang::Zh => ["事实", "使结论未定", "仅使金额未定", "涉及", ""],
        Lang::En => ["Fact", "Keeps outcomes open", "Amounts alone", "At stake", ""],
    });
    let whole = measure.companies.all() - measure.companies.not_eligible;
    for fact in measure.missing.iter().take(MOST) {
        let mut stake = with_unit(&fact.stake, &measure.amount.unit, lang);
        if fact.without_end > 0 {
            let more = pick(lang, "，另有 {n} 家上限未定", ", {n} more without end");
            stake += &more.replace("{n}", &fact.without_end.to_string());
        }
        table.add_row(vec![
            comfy_table::Cell::new(format!("{}\n{}", fact.label.get(lang), fact.fact)),
            right(fact.companies),
            right(fact.amounts),
            right(stake),
            comfy_table::Cell::new(bar(fact.companies + fact.amounts, whole)),
        ]);
    }
    anstream::println!("{table}");
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_shows_what_is_there() {
        assert_eq!(bar(0, 10), "");
        assert_eq!(bar(1, 1_000_000).chars().count(), 1);
        assert_eq!(bar(10, 10).chars().count(), 24);
        assert_eq!(bar(0, 0), "");
    }
}
