//! `--ask`: the missing facts one by one, the one with the most money at stake first.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;
use app::interview::{self, Field, Input, Key};
use domain::Party;
use rules::Lang;
use rules::bind::Dates;
use rules::ir::Program;
use rules::report::{Assessment, MissingReport};

use crate::output::{colour, paint, pick};

/// Answers to one question that cannot be read, before it is skipped.
const MAX_WRONG: u32 = 5;

/// Asks until no missing fact can change the best bundle, or the answers end.
pub fn ask(program: &Program, party: &mut Party, dates: Dates, wanted: &[bool], lang: Lang) -> anyhow::Result<()> {
    let vocabulary = &program.vocabulary;
    let mut skipped: BTreeSet<Key> = BTreeSet::new();
    let mut lines = std::io::stdin().lock().lines();
    let help = pick(lang, "不知道的直接回车跳过，输入 q 结束。", "Press Enter where you do not know, q to stop.");
    anstream::eprintln!("{}\n", paint(help, "2", colour()));
    loop {
        let (question, total) = {
            let assessment =
                Assessment::new(program, party, dates, &|index| wanted.get(index).copied().unwrap_or(false));
            let report = assessment.report();
            let (money, other): (Vec<_>, Vec<_>) = report.missing.into_iter().partition(|missing| missing.money);
            let mut next = money.into_iter().filter_map(|missing| Some((Key::of(&missing, vocabulary)?, missing)));
            (next.find(|(key, _)| !skipped.contains(key)).ok_or(other.len()), report.bundle.total.text)
        };
        let (key, question) = match question {
            Ok(question) => question,
            Err(others) => {
                end(skipped.len(), others, lang);
                return Ok(());
            }
        };
        show(&question, total.get(lang), &interview::field(vocabulary, party, &key), lang);
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
                    skipped.insert(key.clone());
                    retry = false;
                }
                answer => match interview::take(vocabulary, party, &key, answer) {
                    Ok(()) => retry = false,
                    Err(error) => {
                        anstream::eprintln!("  {}", paint(error.get(lang), "31", colour()));
                        wrong += 1;
                        if wrong == MAX_WRONG {
                            anstream::eprintln!(
                                "  {}",
                                pick(lang, "先跳过这个问题。", "This question is skipped for now.")
                            );
                            skipped.insert(key.clone());
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

fn show(question: &MissingReport, total: &str, field: &Field, lang: Lang) {
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
    anstream::eprintln!("{}  {}", paint(label, "1", colour()), field.ask.get(lang));
    if let Some(hint) = hint(field, lang) {
        anstream::eprintln!("  {}", paint(&hint, "2", colour()));
    }
}

/// How the answer is typed.
fn hint(field: &Field, lang: Lang) -> Option<String> {
    let choices: Vec<String> =
        field.choices.iter().map(|choice| format!("{}={}", choice.code, choice.label.get(lang))).collect();
    match field.input {
        Input::YesNo => Some(pick(lang, "是/否", "yes/no").to_owned()),
        Input::One => Some(choices.join("  ")),
        Input::Several => {
            let how = pick(lang, "可多选，用逗号分开，没有填 none", "several, with commas; none");
            Some(format!("{how}: {}", choices.join("  ")))
        }
        _ => field.hint.as_ref().map(|hint| hint.get(lang).to_owned()),
    }
}
