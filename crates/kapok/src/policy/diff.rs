//! `kapok policy diff`.

use std::process::ExitCode;

use clap::Args;
use domain::Date;
use rules::ast::Measure;
use rules::diff::{CaseChange, Change, Diff as Found, Side, Stands, compare};

use super::one::{One, broken};
use crate::output::{Lang, colour, paint, pick, said};

const EXAMPLES: &str = "\
Examples:
  kapok policy diff catalogue/sz-training-voucher-guide-2026/demand.yaml draft.yaml
  kapok policy diff sz.training-voucher.demand-2026 draft.yaml --lang en
  kapok policy diff sz-nanshan.rd-support --versions 2 3
  kapok policy diff sz-nanshan.rd-support --versions 2021-06-01 2023-08-10
  kapok policy diff sz-longgang.rd-tier sz-longgang.rd-multiplier --json

Rules are compared for what they say: order of keys, quotes, comments and ways to write an amount make no difference.
Then the cases of both files are run under both rules, and those whose outcome or amount differs are listed.
A file outside a catalogue is a draft: it takes the place of the measure with its id in the built-in rules.
Two versions, or measures with different ids, answer as if each were in force on the date of the case.

Exit code: 0 no difference, 1 differences, 2 a file cannot be read or has errors.";

/// What changed between two versions of a measure, and for which cases the answer changes
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// The rule before: a file, or the id of a built-in measure
    before: String,
    /// The rule after; left out with --versions
    after: Option<String>,
    /// Two versions of one measure: their numbers in the file, from 1, or dates on which they are in force
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "after")]
    versions: Option<Vec<String>>,
    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,
    /// The language of the answer
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
}

impl Diff {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let lang = self.lang.into();
        let found = match (&self.after, self.versions.as_deref()) {
            (Some(after), _) => {
                let (old, new) =
                    (One::open(&self.before, Some(after), lang)?, One::open(after, Some(&self.before), lang)?);
                compare(
                    Side { program: &old.loaded.program, measure: old.index, version: None },
                    Side { program: &new.loaded.program, measure: new.index, version: None },
                )
            }
            (None, Some([old, new])) => {
                let one = One::open(&self.before, None, lang)?;
                let (old, new) = (version(&one, old)?, version(&one, new)?);
                let side = |version| Side { program: &one.loaded.program, measure: one.index, version: Some(version) };
                compare(side(old), side(new))
            }
            (None, _) => {
                return Err(said(
                    "请再写修改后的规则，或用 --versions 1 2 写出该措施的两个版本",
                    "name the rule after the change too, or two versions of this one with --versions 1 2",
                ));
            }
        };
        let Some(found) = found else { return Err(broken(None)) };
        if self.json {
            anstream::println!("{}", serde_json::to_string_pretty(&found)?);
        } else {
            show(&found, lang, colour());
        }
        Ok(ExitCode::from(u8::from(!found.changes.is_empty() || !found.cases.is_empty())))
    }
}

/// A version by its number or by a date on which it is in force.
fn version(one: &One, text: &str) -> anyhow::Result<usize> {
    let count = one.measure().map_or(0, |measure: &Measure| measure.versions.len());
    if let Ok(number) = text.parse::<usize>()
        && number < 1000
    {
        if !(1..=count).contains(&number) {
            return Err(said(
                format!("没有第 {number} 个版本：该措施有 {count} 个，从 1 起编号"),
                format!("there is no version {number}: the measure has {count}, numbered from 1"),
            ));
        }
        return Ok(number - 1);
    }
    let Ok(date) = Date::parse(text) else {
        return Err(said(
            format!("`{text}` 既不是版本的编号，也不是 2026-05-06 这样的日期"),
            format!("`{text}` is neither the number of a version nor a date such as 2026-05-06"),
        ));
    };
    rules::explain::version_on(&one.loaded.program, one.index, date).ok_or_else(|| {
        said(format!("该措施在 {} 没有可用的版本", date.zh()), format!("the measure has no version for {date}"))
    })
}

fn show(found: &Found, lang: rules::Lang, colour: bool) {
    let title = |subject: &rules::diff::Subject| {
        let version = match (subject.version, &subject.in_force) {
            (Some(number), Some(period)) => match lang {
                rules::Lang::Zh => format!("，第{number}版（{}）", period.zh),
                rules::Lang::En => format!(", version {number} ({})", period.en),
            },
            _ => String::new(),
        };
        format!("{} [{}]{version}  {}", subject.name.get(lang), subject.measure, subject.file)
    };
    anstream::println!("{} {}", paint("-", "31", colour), title(&found.before));
    anstream::println!("{} {}\n", paint("+", "32", colour), title(&found.after));
    if found.changes.is_empty() {
        anstream::println!("{}", pick(lang, "规则没有变化。", "The rule is the same."));
    }
    for change in &found.changes {
        anstream::println!("{} {}", mark(change, colour), change.sentence(lang));
    }
    let head = match lang {
        rules::Lang::Zh => format!("运行用例 {} 个，结果不同的 {} 个", found.cases_run, found.cases.len()),
        rules::Lang::En => format!("{} cases were run, the answer differs for {}", found.cases_run, found.cases.len()),
    };
    anstream::println!("\n{}", paint(&head, "1", colour));
    for case in &found.cases {
        anstream::println!("  {}{}", case.case, paint(&where_from(case, lang), "2", colour));
        anstream::println!("    {} {}", paint("-", "31", colour), case.before.text.get(lang));
        anstream::println!("    {} {}", paint("+", "32", colour), case.after.text.get(lang));
    }
    for skipped in &found.skipped {
        anstream::println!("  {} {}: {}", paint("!", "33", colour), skipped.case, skipped.why.get(lang));
    }
}

fn mark(change: &Change, colour: bool) -> String {
    match (&change.from, &change.to) {
        (None, Some(_)) => paint("+", "32", colour),
        (Some(_), None) => paint("-", "31", colour),
        _ => paint("~", "33", colour),
    }
}

fn where_from(case: &CaseChange, lang: rules::Lang) -> String {
    let whose = match case.stands {
        Stands::Both => "",
        Stands::Before => pick(lang, "，仅见于修改前", ", only beside the rule before"),
        Stands::After => pick(lang, "，仅见于修改后", ", only beside the rule after"),
    };
    match lang {
        rules::Lang::Zh => format!("（{}{whose}）", case.on),
        rules::Lang::En => format!(" ({}{whose})", case.on),
    }
}
