//! `--ask`: the missing facts one by one, the one with the most money at stake first.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;
use domain::{Fact, FactKey, Party, Record};
use rules::Lang;
use rules::bind::Dates;
use rules::diag::Span;
use rules::ir::Program;
use rules::party::parse_value;
use rules::report::{Assessment, MissingReport};
use rules::vocabulary::{FactDef, Type};
use rules::yaml::{Kind, Node};

use crate::output::{colour, paint, pick};

/// Records that can be entered at most when a list is asked for.
const MAX_RECORDS: usize = 50;

/// Answers to one question that cannot be read, before it is skipped.
const MAX_WRONG: u32 = 5;

/// Asks until no missing fact can change the best bundle, or the answers end.
pub fn ask(program: &Program, party: &mut Party, dates: Dates, wanted: &[bool], lang: Lang) -> anyhow::Result<()> {
    let mut skipped: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    let mut lines = std::io::stdin().lock().lines();
    let help = pick(lang, "不知道的直接回车跳过，输入 q 结束。", "Press Enter where you do not know, q to stop.");
    anstream::eprintln!("{}\n", paint(help, "2", colour()));
    loop {
        let (question, total) = {
            let assessment =
                Assessment::new(program, party, dates, &|index| wanted.get(index).copied().unwrap_or(false));
            let report = assessment.report();
            let (money, other): (Vec<_>, Vec<_>) = report.missing.into_iter().partition(|missing| missing.money);
            let next =
                money.into_iter().find(|missing| !skipped.contains(&(missing.fact.clone(), missing.record.clone())));
            (next.ok_or(other.len()), report.bundle.total.text)
        };
        let question = match question {
            Ok(question) => question,
            Err(others) => {
                end(skipped.len(), others, lang);
                return Ok(());
            }
        };
        show(program, &question, total.get(lang), lang);
        let mut wrong = 0;
        let mut retry = true;
        while retry {
            anstream::eprint!("> ");
            std::io::stderr().flush().ok();
            let Some(line) = lines.next() else {
                anstream::eprintln!();
                return Ok(());
            };
            let line = line.context("cannot read the answer")?;
            if !std::io::stdin().is_terminal() {
                anstream::eprintln!("{line}");
            }
            match line.trim() {
                "q" | "Q" | "退出" => return Ok(()),
                "" | "?" | "？" | "不知道" => {
                    skipped.insert((question.fact.clone(), question.record.clone()));
                    retry = false;
                }
                answer => match take(program, party, &question, answer, lang) {
                    Ok(()) => retry = false,
                    Err(error) => {
                        anstream::eprintln!("  {}", paint(&error, "31", colour()));
                        wrong += 1;
                        if wrong == MAX_WRONG {
                            anstream::eprintln!(
                                "  {}",
                                pick(lang, "先跳过这个问题。", "This question is skipped for now.")
                            );
                            skipped.insert((question.fact.clone(), question.record.clone()));
                            retry = false;
                        }
                    }
                },
            }
        }
    }
}

/// Says why no further question is asked.
fn end(skipped: usize, others: usize, lang: Lang) {
    let mut text = match (lang, skipped) {
        (Lang::Zh, 0) => "已没有会改变最佳组合金额的问题。".to_owned(),
        (Lang::En, 0) => "No question is left that could change the money of the best bundle.".to_owned(),
        (Lang::Zh, n) => format!("没有其他问题了；跳过的{n}个问题仍可能改变最佳组合。"),
        (Lang::En, n) => format!("No further question; the {n} that were skipped could still change the best bundle."),
    };
    if others > 0 {
        text.push_str(&match lang {
            Lang::Zh => format!("另有{others}个问题只涉及资质、税基等非现金支持，未提问。"),
            Lang::En => format!(
                " {others} more concern only statuses, tax bases and other benefits than money, and are not asked."
            ),
        });
    }
    anstream::eprintln!("{text}\n");
}

fn show(program: &Program, question: &MissingReport, total: &str, lang: Lang) {
    let stake = question.stake.as_ref().and_then(|stake| domain::Money::parse(&format!("{stake} CNY")).ok());
    let stake = match (stake, lang) {
        (Some(money), Lang::Zh) => format!("涉及{}", money.zh()),
        (Some(money), Lang::En) => format!("{} at stake", money.en()),
        (None, Lang::Zh) => format!("涉及{}项措施", question.measures.len()),
        (None, Lang::En) => format!("{} measure(s) wait for it", question.measures.len()),
    };
    let state = match lang {
        Lang::Zh => format!("目前最佳组合：{total}；{stake}"),
        Lang::En => format!("best bundle so far: {total}; {stake}"),
    };
    anstream::eprintln!("{}", paint(&state, "2", colour()));
    let label = question.label.get(lang);
    anstream::eprintln!("{}  {}", paint(label, "1", colour()), question.ask.get(lang));
    if let Some(hint) = hint(program, question, lang) {
        anstream::eprintln!("  {}", paint(&hint, "2", colour()));
    }
}

fn definition<'p>(program: &'p Program, question: &MissingReport) -> Option<&'p FactDef> {
    let name = question.fact.split('[').next()?;
    let vocabulary = &program.vocabulary;
    if let Some(fact) = vocabulary.fact(name) {
        return vocabulary.facts.get(fact);
    }
    let (record, field) = name.split_once('.')?;
    let record = vocabulary.records.get(vocabulary.record(record)?)?;
    record.fields.get(record.field(field)?)
}

fn hint(program: &Program, question: &MissingReport, lang: Lang) -> Option<String> {
    let codes = |list: u16| {
        let list = program.vocabulary.codes.get(list as usize)?;
        Some(
            list.values
                .iter()
                .map(|(code, label)| format!("{code}={}", label.get(lang)))
                .collect::<Vec<_>>()
                .join("  "),
        )
    };
    match definition(program, question).map(|definition| definition.ty) {
        None => Some(pick(lang, "有几项？没有填 0", "how many? 0 for none").to_owned()),
        Some(Type::Bool) => Some(pick(lang, "是/否", "yes/no").to_owned()),
        Some(Type::Code(list)) => codes(list),
        Some(Type::Codes(list)) => codes(list).map(|codes| {
            format!("{}: {codes}", pick(lang, "可多选，用逗号分开，没有填 none", "several, with commas; none"))
        }),
        Some(Type::Money) => Some(
            pick(lang, "例如 50万元；只写数字按元计", "for example 500000 CNY; a plain number is taken as yuan")
                .to_owned(),
        ),
        Some(Type::Date) => Some(pick(lang, "例如 2025-09-20", "for example 2025-09-20").to_owned()),
        Some(Type::Rate) => Some(pick(lang, "例如 60%", "for example 60%").to_owned()),
        Some(Type::Place) => Some(pick(lang, "例如 南山区", "for example nanshan").to_owned()),
        Some(_) => None,
    }
}

/// Puts an answer where it belongs.
fn take(
    program: &Program,
    party: &mut Party,
    question: &MissingReport,
    answer: &str,
    lang: Lang,
) -> Result<(), String> {
    let Some(definition) = definition(program, question) else {
        return take_list(program, party, question, answer, lang);
    };
    // a plain number is taken as yuan, which is how people answer a question about money
    let plain = answer.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    let answer = if definition.ty == Type::Money && plain { format!("{answer} CNY") } else { answer.to_owned() };
    let node = Node { span: Span::default(), kind: Kind::Scalar { text: answer, quoted: false } };
    let value = parse_value(&node, definition, &program.vocabulary).map_err(|finding| {
        let hint = finding.hint.as_ref().map(|hint| format!(" ({})", hint.get(lang))).unwrap_or_default();
        format!("{}{hint}", finding.message.get(lang))
    })?;
    let fact = Fact::known(value);
    match &question.record {
        Some(id) => {
            let (record, field) = question.fact.split_once('.').unwrap_or((question.fact.as_str(), ""));
            if let Some(row) = party.records.get_mut(record).and_then(|rows| rows.iter_mut().find(|row| row.id == *id))
            {
                row.facts.insert(field.to_owned(), fact);
            }
        }
        None => {
            let key = FactKey::parse(&question.fact).map_err(|error| error.to_string())?;
            party.facts.insert(key, fact);
        }
    }
    Ok(())
}

/// A list of records is asked for by their number; their fields are asked for next.
fn take_list(
    program: &Program,
    party: &mut Party,
    question: &MissingReport,
    answer: &str,
    lang: Lang,
) -> Result<(), String> {
    let record =
        program.vocabulary.record_by_list(&question.fact).and_then(|index| program.vocabulary.records.get(index));
    let Some(record) = record else { return Ok(()) };
    let count = match answer {
        "none" | "无" | "没有" => 0,
        _ => answer.parse::<usize>().ok().filter(|count| *count <= MAX_RECORDS).ok_or_else(|| match lang {
            Lang::Zh => format!("请填 0 至 {MAX_RECORDS} 的整数"),
            Lang::En => format!("a whole number from 0 to {MAX_RECORDS}, please"),
        })?,
    };
    let rows =
        (1..=count).map(|number| Record { id: number.to_string(), facts: std::collections::BTreeMap::new() }).collect();
    party.records.insert(record.name.clone(), rows);
    Ok(())
}
