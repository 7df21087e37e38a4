//! Why: every condition as a tree, with the facts, their evidence and the citation.

use rules::Lang;
use rules::assess::Reason;
use rules::ast::Outcome;
use rules::report::{ComputationReport, ConditionReport, FactReport, MeasureReport, Report, StepReport, TruthReport};

use super::marks::{at_odds, mark, outcome_mark};
use crate::output::{colon, paint, pick};

/// The whole tree of one measure.
pub fn tree(report: &Report, id: &str, lang: Lang, colour: bool) {
    if let Some(one) = report.measures.iter().find(|measure| measure.measure == id) {
        measure(one, lang, colour, true);
    }
}

/// One measure: in short (conditions that are not settled) or in full.
pub fn measure(measure: &MeasureReport, lang: Lang, colour: bool, full: bool) {
    let label = measure.outcome.label();
    let amount = if measure.outcome == Outcome::NotEligible {
        String::new()
    } else {
        format!("  {}", paint(measure.amount.text.get(lang), "1;36", colour))
    };
    anstream::println!(
        "{} {}  [{}]{}",
        outcome_mark(measure.outcome, colour),
        paint(measure.name.get(lang), "1", colour),
        label.get(lang),
        amount
    );
    citation(measure, lang, colour);
    if let Some(reason) = &measure.reason {
        anstream::println!("  {}", paint(reason.text.get(lang), "33", colour));
    }
    if let Some(reason) = &measure.reason
        && !matches!(reason.code, Reason::NotYetKnown | Reason::OtherParty)
    {
        let would = measure.would_be.label();
        let potential = measure.potential.text.get(lang);
        match lang {
            Lang::Zh => anstream::println!(
                "  若可兑付，结论为“{}”{}",
                would.zh,
                if measure.would_be == Outcome::NotEligible { String::new() } else { format!("，{potential}") }
            ),
            Lang::En => anstream::println!(
                "  if it could pay it would say: {}{}",
                would.en,
                if measure.would_be == Outcome::NotEligible { String::new() } else { format!(", {potential}") }
            ),
        }
    }
    if full && let Some(version) = &measure.version {
        anstream::println!("  {}", paint(version.why.get(lang), "2", colour));
    }
    for one in &measure.conditions {
        condition(one, 1, lang, colour, full);
    }
    for item in &measure.items {
        if let Some(record) = &item.label {
            let amount =
                if item.truth == TruthReport::No { String::new() } else { format!("  {}", item.amount.text.get(lang)) };
            anstream::println!("  {} {}{amount}", mark(item.truth, colour), paint(record.get(lang), "1", colour));
            for one in &item.conditions {
                condition(one, 2, lang, colour, full);
            }
        }
        if let Some(how) = &item.computation {
            computation(how, if item.record.is_some() { 2 } else { 1 }, lang, colour, full);
        }
        if full || item.steps.len() > 1 {
            steps(&item.steps, if item.record.is_some() { 2 } else { 1 }, lang, colour);
        }
    }
    steps(&measure.steps, 1, lang, colour);
    for part in &measure.payout {
        anstream::println!(
            "  {} {}{}{}",
            paint("¥", "36", colour),
            part.when.get(lang),
            colon(lang),
            part.amount.text.get(lang)
        );
    }
    for open in &measure.open {
        anstream::println!("  {} {}", paint("◇", "35", colour), open.label.get(lang));
    }
    for conflict in &measure.conflicts {
        anstream::println!("  {}", at_odds(conflict, None, lang, colour));
    }
    for missing in &measure.missing {
        anstream::println!(
            "  {} {}{}{}",
            paint("?", "33", colour),
            missing.label.get(lang),
            colon(lang),
            missing.ask.get(lang)
        );
    }
    if full {
        rest(measure, lang, colour);
    }
}

fn citation(measure: &MeasureReport, lang: Lang, colour: bool) {
    let citation = &measure.citation;
    let mut parts = vec![match lang {
        Lang::Zh => format!("《{}》", citation.title.zh),
        Lang::En => format!("“{}”", citation.title.en),
    }];
    parts.extend(citation.number.clone());
    parts.extend(citation.clause.clone());
    if let Some(version) = &measure.version {
        parts.push(match (&version.from, &version.to, lang) {
            (Some(from), Some(to), _) => format!("{from} – {to}"),
            (Some(from), None, Lang::Zh) => format!("自 {from}"),
            (Some(from), None, Lang::En) => format!("from {from}"),
            (None, Some(to), Lang::Zh) => format!("至 {to}"),
            (None, Some(to), Lang::En) => format!("until {to}"),
            (None, None, Lang::Zh) => "起止日期来源未载".to_owned(),
            (None, None, Lang::En) => "dates not stated by the source".to_owned(),
        });
    }
    if citation.confidence != "primary" {
        parts.push(pick(lang, "据转载或摘要", "from a repost or extract").to_owned());
    }
    anstream::println!("  {}", paint(&parts.join(" · "), "2", colour));
}

fn condition(one: &ConditionReport, depth: usize, lang: Lang, colour: bool, full: bool) {
    let indent = "  ".repeat(depth);
    let cite = one.cite.as_ref().map(|cite| paint(&format!("  〔{cite}〕"), "2", colour)).unwrap_or_default();
    let lack =
        one.shortfall.as_ref().map(|lack| paint(&format!("  {}", lack.get(lang)), "31", colour)).unwrap_or_default();
    let value = one
        .value
        .as_ref()
        .filter(|_| full && one.shortfall.is_none())
        .map(|value| paint(&format!("  = {}", value.get(lang)), "36", colour))
        .unwrap_or_default();
    anstream::println!("{indent}{} {}{value}{lack}{cite}", mark(one.truth, colour), one.label.get(lang));
    if full {
        for used in &one.facts {
            anstream::println!("{indent}    {}", fact(used, lang, colour));
        }
    }
    let open = full || one.truth != TruthReport::Yes;
    if open {
        for part in &one.parts {
            condition(part, depth + 1, lang, colour, full);
        }
    }
}

fn fact(fact: &FactReport, lang: Lang, colour: bool) -> String {
    let value = fact
        .value
        .as_ref()
        .map_or_else(|| paint(pick(lang, "未知", "unknown"), "33", colour), |value| value.get(lang).to_owned());
    let mut proof = Vec::new();
    if fact.disputed {
        proof.push(pick(lang, "来源不一致", "sources disagree").to_owned());
    }
    proof.extend(fact.source.clone());
    proof.extend(
        fact.evidence
            .as_deref()
            .and_then(domain::Evidence::from_code)
            .map(|grade| pick(lang, grade.zh(), grade.en()).to_owned()),
    );
    proof.extend(fact.as_of.as_ref().map(|date| match lang {
        Lang::Zh => format!("截至 {date}"),
        Lang::En => format!("as of {date}"),
    }));
    let proof = if proof.is_empty() {
        String::new()
    } else {
        paint(
            &match lang {
                Lang::Zh => format!("（{}）", proof.join("，")),
                Lang::En => format!("  ({})", proof.join(", ")),
            },
            "2",
            colour,
        )
    };
    format!("{}{}{value}{proof}", fact.label.get(lang), colon(lang))
}

/// The formula, its named values with what they come to, and in full the facts.
fn computation(how: &ComputationReport, depth: usize, lang: Lang, colour: bool, full: bool) {
    let indent = "  ".repeat(depth);
    anstream::println!("{indent}{} {}", paint("=", "36", colour), how.formula.get(lang));
    for value in &how.values {
        let cite = value.cite.as_ref().map(|cite| paint(&format!("  〔{cite}〕"), "2", colour)).unwrap_or_default();
        let (shown, from) = (value.value.get(lang), value.how.get(lang));
        let from = if shown == from { String::new() } else { format!("{}{from}", pick(lang, "  ←  ", "  ←  ")) };
        anstream::println!("{indent}    {} = {shown}{from}{cite}", value.name);
    }
    if full {
        for used in &how.facts {
            anstream::println!("{indent}    {}", fact(used, lang, colour));
        }
    }
}

fn steps(steps: &[StepReport], depth: usize, lang: Lang, colour: bool) {
    let indent = "  ".repeat(depth);
    for step in steps {
        let cite = step.cite.as_ref().map(|cite| paint(&format!("  〔{cite}〕"), "2", colour)).unwrap_or_default();
        anstream::println!(
            "{indent}{} {}{}{}{cite}",
            paint("=", "36", colour),
            step.what.get(lang),
            colon(lang),
            step.after.text.get(lang)
        );
    }
}

fn rest(measure: &MeasureReport, lang: Lang, colour: bool) {
    if !measure.documents.is_empty() {
        let list: Vec<&str> = measure.documents.iter().map(|text| text.get(lang)).collect();
        anstream::println!("  {}{}{}", pick(lang, "材料", "documents"), colon(lang), list.join(pick(lang, "、", ", ")));
    }
    for deadline in &measure.deadlines {
        anstream::println!("  {}{}{}", deadline.what.get(lang), colon(lang), deadline.date);
    }
    if let Some(url) = &measure.citation.url {
        anstream::println!("  {url}");
    }
    if let Some(note) = &measure.note {
        anstream::println!("  {}", paint(note.get(lang), "2", colour));
    }
}
