//! The answer as a person reads it: the best bundle, a table, the reasons, the next questions.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table};
use rules::Lang;
use rules::assess::Reason;
use rules::ast::Outcome;
use rules::report::{BundleLine, MeasureReport, Report, TruthReport};

use super::marks::{at_odds, outcome_mark};
use crate::output::{colon, paint, pick};

/// Questions that are shown at most.
const QUESTIONS: usize = 5;

/// Names of measures that wait for facts that are shown at most.
const LATER: usize = 6;

/// Open questions of one measure that the table shows at most.
const SHOWN: usize = 2;

/// The four outcomes in the order in which a reader wants them.
const ORDER: [Outcome; 4] = [Outcome::Eligible, Outcome::NeedsPerson, Outcome::Undetermined, Outcome::NotEligible];

/// `refused` shows the measures too that cannot pay at the date, whatever the party.
pub fn all(report: &Report, lang: Lang, colour: bool, reasons: bool, refused: bool) {
    head(report, lang, colour);
    bundle(report, lang, colour);
    table(report, lang, colour, refused);
    if reasons {
        // of those that wait for facts the questions below say enough
        let narrow = report.measures.len() <= 5;
        for measure in sorted(report)
            .filter(|measure| narrow || matches!(measure.outcome, Outcome::Eligible | Outcome::NeedsPerson))
        {
            anstream::println!();
            super::why::measure(measure, lang, colour, false);
        }
    }
    questions(report, lang, colour);
    if !reasons {
        return;
    }
    let hint = pick(
        lang,
        "某项措施的全部理由：kapok assess … --why 编号",
        "all reasons of one measure: kapok assess … --why ID",
    );
    anstream::println!("\n{}", paint(hint, "2", colour));
}

fn head(report: &Report, lang: Lang, colour: bool) {
    let name = report.party.name.clone().unwrap_or_else(|| pick(lang, "(未具名)", "(no name)").to_owned());
    let dates = match lang {
        Lang::Zh => format!("申请日 {}，按截至 {} 已知的政策和事实", report.on, report.known_on),
        Lang::En => format!("applied for on {}, by what was known on {}", report.on, report.known_on),
    };
    anstream::println!("{}  {}\n", paint(&name, "1", colour), paint(&dates, "2", colour));
}

fn bundle(report: &Report, lang: Lang, colour: bool) {
    let bundle = &report.bundle;
    if bundle.lines.is_empty() {
        anstream::println!("{}", pick(lang, "目前没有可获得的资金支持。", "No money is available at present."));
    } else {
        let (now, later): (Vec<_>, Vec<_>) =
            bundle.lines.iter().partition(|line| line.outcome != Outcome::Undetermined);
        let title = pick(lang, "最佳组合", "Best bundle");
        // with nothing that is settled yet, what the missing facts could bring is the answer
        let sum = match (now.is_empty(), lang) {
            (false, _) => total(&now, lang),
            (true, Lang::Zh) => format!("补充事实后{}", total(&later, lang)),
            (true, Lang::En) => format!("once facts are known: {}", total(&later, lang)),
        };
        anstream::println!("{}  {}", paint(title, "1", colour), paint(&sum, "1;36", colour));
        for line in &now {
            let cut = if line.cut {
                pick(lang, "（受叠加规则限制）", " (cut by a rule between measures)")
            } else {
                ""
            };
            anstream::println!(
                "  {} {}  {}{}",
                outcome_mark(line.outcome, colour),
                name(report, &line.measure, lang),
                line.amount.text.get(lang),
                cut
            );
        }
        if !later.is_empty() {
            let names = later
                .iter()
                .take(LATER)
                .map(|line| name(report, &line.measure, lang))
                .collect::<Vec<_>>()
                .join(pick(lang, "、", ", "));
            let more = if later.len() > LATER { pick(lang, "等", " …") } else { "" };
            let text = match lang {
                Lang::Zh => format!("补充事实后还可能获得{}项（{}）：{names}{more}", later.len(), total(&later, lang)),
                Lang::En => format!(
                    "{} more may follow once facts are known ({}): {names}{more}",
                    later.len(),
                    total(&later, lang)
                ),
            };
            anstream::println!("  {} {text}", outcome_mark(Outcome::Undetermined, colour));
        }
        if let Some(second) = &bundle.runner_up {
            let best: Vec<&str> = bundle.lines.iter().map(|line| line.measure.as_str()).collect();
            let names = |ids: Vec<&str>| {
                ids.into_iter().map(|id| name(report, id, lang)).collect::<Vec<_>>().join(pick(lang, "、", ", "))
            };
            let instead = names(second.measures.iter().map(String::as_str).filter(|id| !best.contains(id)).collect());
            let dropped =
                names(best.into_iter().filter(|id| !second.measures.iter().any(|other| other == id)).collect());
            let text = match lang {
                Lang::Zh => format!("次优：以“{instead}”代替“{dropped}”，{}", second.why.zh),
                Lang::En => format!("runner-up: {instead} instead of {dropped}; {}", second.why.en),
            };
            anstream::println!("  {}", paint(&text, "2", colour));
        }
    }
    for conflict in &bundle.conflicts {
        anstream::println!("  {}", at_odds(conflict, None, lang, colour));
    }
    for line in &bundle.lines {
        for conflict in report
            .measures
            .iter()
            .filter(|measure| measure.measure == line.measure)
            .flat_map(|measure| &measure.conflicts)
        {
            let name = name(report, &line.measure, lang);
            anstream::println!("  {}", at_odds(conflict, Some(name), lang, colour));
        }
    }
    anstream::println!();
}

fn name<'r>(report: &'r Report, id: &str, lang: Lang) -> &'r str {
    report
        .measures
        .iter()
        .find(|measure| measure.measure == id)
        .map(|measure| measure.name.get(lang))
        .unwrap_or_default()
}

/// What lines come to: the sum of what can be said, and how many amounts cannot be said yet.
fn total(lines: &[&BundleLine], lang: Lang) -> String {
    let fen = |text: &str| domain::Money::parse(&format!("{text} CNY")).map_or(0, domain::Money::fen);
    let high: i64 = lines.iter().filter_map(|line| line.amount.high.as_deref()).map(fen).fold(0, i64::saturating_add);
    let low: i64 = lines.iter().map(|line| fen(&line.amount.low)).fold(0, i64::saturating_add);
    let open = lines.iter().filter(|line| line.amount.high.is_none()).count();
    let money = domain::Money::from_fen;
    let known = match (low == high, low > 0, lang) {
        (true, _, Lang::Zh) => money(high).zh(),
        (true, _, Lang::En) => money(high).en(),
        (false, true, Lang::Zh) => format!("{}至{}", money(low).zh(), money(high).zh()),
        (false, true, Lang::En) => format!("{} to {}", money(low).en(), money(high).en()),
        (false, false, Lang::Zh) => format!("最高{}", money(high).zh()),
        (false, false, Lang::En) => format!("up to {}", money(high).en()),
    };
    match (open, open == lines.len(), lang) {
        (0, _, _) => known,
        (n, true, Lang::Zh) => format!("{n}项金额待定"),
        (n, true, Lang::En) => format!("{n} amounts not known yet"),
        (n, false, Lang::Zh) => format!("{known}，另有{n}项金额待定"),
        (n, false, Lang::En) => format!("{known}, and {n} amounts not known yet"),
    }
}

fn sorted(report: &Report) -> impl Iterator<Item = &MeasureReport> {
    ORDER.into_iter().flat_map(move |outcome| {
        report.measures.iter().filter(move |measure| measure.outcome == outcome && !hidden(report, measure))
    })
}

/// Policies of other places and for other kinds of party are left out of the table, unless nothing else was asked for.
fn hidden(report: &Report, measure: &MeasureReport) -> bool {
    let foreign = |measure: &MeasureReport| {
        measure.elsewhere || measure.reason.as_ref().is_some_and(|reason| reason.code == Reason::OtherParty)
    };
    foreign(measure) && !report.measures.iter().all(foreign)
}

fn table(report: &Report, lang: Lang, colour: bool, refused: bool) {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !colour {
        table.force_no_tty();
    }
    if table.width().is_none() {
        table.set_width(120);
    }
    table.set_header(match lang {
        Lang::Zh => vec!["结论", "措施", "金额", "说明"],
        Lang::En => vec!["Outcome", "Measure", "Amount", "Because"],
    });
    let closed = |measure: &&MeasureReport| measure.reason.is_some() && !refused && report.measures.len() > 5;
    for measure in sorted(report).filter(|measure| !closed(measure)) {
        let shade = match measure.outcome {
            Outcome::Eligible => Color::Green,
            Outcome::NeedsPerson => Color::Magenta,
            Outcome::Undetermined => Color::Yellow,
            Outcome::NotEligible => Color::DarkGrey,
        };
        let label = measure.outcome.label();
        let mut outcome = Cell::new(label.get(lang));
        if colour {
            outcome = outcome.fg(shade);
        }
        let amount = if measure.outcome == Outcome::NotEligible { "—" } else { measure.amount.text.get(lang) };
        table.add_row(vec![
            outcome,
            Cell::new(format!("{}\n{}", measure.name.get(lang), measure.measure)),
            Cell::new(amount).set_alignment(CellAlignment::Right),
            Cell::new(because(measure, lang)),
        ]);
    }
    anstream::println!("{table}");
    let elsewhere = report.measures.iter().filter(|measure| hidden(report, measure)).count();
    let closed = sorted(report).filter(closed).count();
    let mut left_out = Vec::new();
    if closed > 0 {
        left_out.push(match lang {
            Lang::Zh => format!("{closed}项当日不受理（已失效、已截止、未生效或草案，--all 列出）"),
            Lang::En => format!(
                "{closed} that do not pay on the date (expired, closed, not yet in force or drafts; --all lists them)"
            ),
        });
    }
    if elsewhere > 0 {
        left_out.push(match lang {
            Lang::Zh => format!("{elsewhere}项其他地区或其他主体的措施（--json 中有）"),
            Lang::En => format!("{elsewhere} of other places or for other kinds of party (--json has them)"),
        });
    }
    if !left_out.is_empty() {
        let text = match lang {
            Lang::Zh => format!("未列出：{}", left_out.join("；")),
            Lang::En => format!("Not shown: {}", left_out.join("; ")),
        };
        anstream::println!("{}", paint(&text, "2", colour));
    }
}

/// The one thing that a reader should know about the outcome.
fn because(measure: &MeasureReport, lang: Lang) -> String {
    if let Some(reason) = &measure.reason {
        return reason.text.get(lang).to_owned();
    }
    let separator = pick(lang, "、", ", ");
    match measure.outcome {
        Outcome::NotEligible => {
            let mut failing = Vec::new();
            for condition in measure.conditions.iter().chain(measure.items.iter().flat_map(|item| &item.conditions)) {
                if condition.truth == TruthReport::No && !failing.contains(&condition.label.get(lang)) {
                    failing.push(condition.label.get(lang));
                }
            }
            if failing.is_empty()
                && let Some(record) = &measure.each
            {
                return match lang {
                    Lang::Zh => format!("没有符合条件的{}", record.zh),
                    Lang::En => format!("no {} that qualifies", record.en.to_lowercase()),
                };
            }
            let shown: Vec<&str> = failing.iter().take(2).copied().collect();
            let more = if failing.len() > 2 { pick(lang, "等", " …") } else { "" };
            match lang {
                Lang::Zh => format!("不满足：{}{more}", shown.join("；")),
                Lang::En => format!("fails: {}{more}", shown.join("; ")),
            }
        }
        Outcome::Undetermined => {
            let labels: Vec<&str> = measure
                .missing
                .iter()
                .filter(|missing| missing.gates)
                .take(3)
                .map(|missing| missing.label.get(lang))
                .collect();
            let count = measure.missing.iter().filter(|missing| missing.gates).count();
            match lang {
                Lang::Zh => format!("还缺{count}项：{}{}", labels.join(separator), if count > 3 { "等" } else { "" }),
                Lang::En => format!("{count} missing: {}{}", labels.join(separator), if count > 3 { " …" } else { "" }),
            }
        }
        Outcome::NeedsPerson | Outcome::Eligible => {
            let mut labels: Vec<&str> = measure.open.iter().map(|open| open.label.get(lang)).collect();
            labels.dedup();
            let more = labels.len().saturating_sub(SHOWN);
            labels.truncate(SHOWN);
            let rest = match (lang, more) {
                (_, 0) => String::new(),
                (Lang::Zh, more) => format!("等{}项", more + SHOWN),
                (Lang::En, more) => format!("; {more} more"),
            };
            let missing: Vec<&str> = measure.missing.iter().map(|missing| missing.label.get(lang)).take(2).collect();
            let open = match (lang, labels.is_empty()) {
                (_, true) => String::new(),
                (Lang::Zh, false) => format!("待定：{}{rest}", labels.join("；")),
                (Lang::En, false) => format!("open: {}{rest}", labels.join("; ")),
            };
            match (lang, missing.is_empty()) {
                (_, true) => open,
                (Lang::Zh, false) => format!(
                    "{open}{}金额还取决于：{}",
                    if open.is_empty() { "" } else { "\n" },
                    missing.join(separator)
                ),
                (Lang::En, false) => format!(
                    "{open}{}the amount also depends on: {}",
                    if open.is_empty() { "" } else { "\n" },
                    missing.join(separator)
                ),
            }
        }
    }
}

fn questions(report: &Report, lang: Lang, colour: bool) {
    if report.missing.is_empty() {
        return;
    }
    let title = pick(lang, "接下来最值得回答的问题", "What is most worth answering next");
    anstream::println!("\n{}", paint(title, "1", colour));
    for (number, missing) in report.missing.iter().take(QUESTIONS).enumerate() {
        let stake = missing.stake.as_ref().and_then(|stake| domain::Money::parse(&format!("{stake} CNY")).ok());
        let stake = match (stake, lang) {
            (Some(money), Lang::Zh) => format!("（涉及{}）", money.zh()),
            (Some(money), Lang::En) => format!(" ({} at stake)", money.en()),
            (None, _) => String::new(),
        };
        anstream::println!(
            "  {}. {}{}{}{}",
            number + 1,
            missing.label.get(lang),
            colon(lang),
            missing.ask.get(lang),
            paint(&stake, "2", colour)
        );
    }
    let rest = report.missing.len().saturating_sub(QUESTIONS);
    let hint = match lang {
        Lang::Zh => format!(
            "  {}逐项回答：kapok assess … --ask",
            if rest > 0 { format!("还有{rest}项。") } else { String::new() }
        ),
        Lang::En => format!(
            "  {}answer them one by one: kapok assess … --ask",
            if rest > 0 { format!("{rest} more; ") } else { String::new() }
        ),
    };
    anstream::println!("{}", paint(&hint, "2", colour));
}
