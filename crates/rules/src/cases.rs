//! Cases: examples that stand beside the rules and are run as tests.

use serde::Serialize;

use crate::assess::{Assessed, assess};
use crate::ast::{AppliesTo, Measure};
use crate::bind::{Binder, Dates};
use crate::diag::{Diagnostic, Severity, Span, Text};
use crate::eval::{Eval, Leaf};
use crate::ir::{CondIr, CondShape, Program};
use crate::party;
use crate::reader::{Reader, check_keys, scalar};
use crate::value::{Range, Truth, UNBOUNDED};
use crate::words::number;
use crate::yaml::{Kind, Node};
use crate::{Lang, names};

/// How a case went.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The measure.
    pub measure: String,
    /// The case's name.
    pub name: String,
    /// The file.
    pub file: String,
    /// The line of the case.
    pub line: u32,
    /// Whether everything was as expected.
    pub passed: bool,
    /// What was not: one line for each difference.
    pub differences: Vec<Text>,
}

/// A case made ready: the party and the dates.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The party.
    pub party: domain::Party,
    /// The dates.
    pub dates: Dates,
}

/// Runs every case of every measure for which `wanted` holds.
#[must_use]
pub fn run(program: &Program, wanted: &dyn Fn(&Measure) -> bool) -> Vec<CaseResult> {
    let binder = Binder::new(program);
    let mut results = Vec::new();
    for (index, measure) in (0_u32..).zip(&program.catalogue.measures) {
        if wanted(measure) {
            results.extend(measure.cases.iter().map(|case| run_case(program, &binder, index, measure, case)));
        }
    }
    results
}

fn run_case(program: &Program, binder: &Binder<'_>, index: u32, measure: &Measure, case: &Node) -> CaseResult {
    let mut result = CaseResult {
        measure: measure.id.clone(),
        name: case.get("name").and_then(Node::text).unwrap_or("?").to_owned(),
        file: measure.at.file.clone(),
        line: case.span.line,
        passed: false,
        differences: Vec::new(),
    };
    let prepared = match prepare(program, measure, case) {
        Ok(prepared) => prepared,
        Err(findings) => {
            result.differences = findings
                .iter()
                .map(|f| {
                    Text::new(
                        format!("{}:{} {}", f.line, f.column, f.message.zh),
                        format!("{}:{} {}", f.line, f.column, f.message.en),
                    )
                })
                .collect();
            return result;
        }
    };
    let bound = binder.bind(&prepared.party, prepared.dates);
    let mut eval = Eval::new(program, &bound);
    let assessed = assess(&mut eval, index);
    match case.get("expect") {
        Some(expect) => result.differences = compare(&mut eval, &assessed, expect, measure),
        None => result.differences.push(Text::new("缺少 `expect`", "`expect` is missing")),
    }
    result.passed = result.differences.is_empty();
    result
}

/// The party and dates of a case: the example with the case's changes.
///
/// # Errors
/// What is wrong with them.
pub fn prepare(program: &Program, measure: &Measure, case: &Node) -> Result<Prepared, Vec<Diagnostic>> {
    let mut reader = Reader::new(&measure.at.file);
    check_keys(&mut reader, case, &["name", "on", "known_on", "with", "given", "without", "expect", "note"]);
    let mut entries: Vec<(Node, Node)> = if case.get("given").is_some() {
        Vec::new()
    } else {
        measure.example.as_ref().and_then(Node::map).unwrap_or_default().to_vec()
    };
    for part in ["given", "with"] {
        for (key, value) in case.get(part).and_then(Node::map).unwrap_or_default() {
            entries.retain(|(known, _)| known.text() != key.text());
            entries.push((key.clone(), value.clone()));
        }
    }
    for (name, span) in reader.words(case, "without") {
        remove(&mut entries, &name, span, &mut reader);
    }
    for key in ["on", "known_on"] {
        if let Some(value) = case.get(key) {
            entries.retain(|(known, _)| known.text() != Some(key));
            entries.push((
                Node { span: case.span, kind: Kind::Scalar { text: key.to_owned(), quoted: false } },
                value.clone(),
            ));
        }
    }
    if !entries.iter().any(|(key, _)| key.text() == Some("party")) {
        let kind = if measure.applies_to == AppliesTo::Person { "person" } else { "organisation" };
        let scalar = |text: &str| Node { span: case.span, kind: Kind::Scalar { text: text.to_owned(), quoted: false } };
        entries.push((scalar("party"), scalar(kind)));
    }
    let root = Node { span: case.span, kind: Kind::Map(entries) };
    let mut findings: Vec<Diagnostic> = std::mem::take(&mut reader.findings);
    match party::read(&measure.at.file, &root, &program.vocabulary) {
        Ok(mut file) => {
            if findings.iter().any(|finding| finding.severity == Severity::Error) {
                return Err(findings);
            }
            // the keys of reviews are written without the measure's id
            let decisions = std::mem::take(&mut file.party.decisions);
            file.party.decisions = decisions
                .into_iter()
                .map(|(key, value)| (if key.contains('#') { key } else { format!("{}#{key}", measure.id) }, value))
                .collect();
            let Some(on) = file.on else {
                return Err(vec![
                    Diagnostic::error("E0620", case.span, "用例缺少日期 on", "the case has no date `on`")
                        .in_file(&measure.at.file),
                ]);
            };
            Ok(Prepared { party: file.party, dates: Dates { on, known_on: file.known_on.unwrap_or(on) } })
        }
        Err(more) => {
            findings.extend(more);
            Err(findings)
        }
    }
}

/// Makes a fact, a year of it, a list, or a field of the records unknown.
fn remove(entries: &mut Vec<(Node, Node)>, name: &str, span: Span, reader: &mut Reader) {
    let before = entries.len();
    entries.retain(|(key, _)| key.text() != Some(name));
    if entries.len() < before {
        return;
    }
    if let Some((base, year)) = name.strip_suffix(']').and_then(|name| name.split_once('['))
        && let Some((_, value)) = entries.iter_mut().find(|(key, _)| key.text() == Some(base))
        && let Kind::Map(years) = &mut value.kind
    {
        years.retain(|(key, _)| key.text() != Some(year));
        return;
    }
    reader.error("E0621", span, format!("示例中没有 `{name}`"), format!("the example has no `{name}` to leave out"));
}

fn compare(eval: &mut Eval<'_>, assessed: &Assessed, expect: &Node, measure: &Measure) -> Vec<Text> {
    let mut reader = Reader::new(&measure.at.file);
    check_keys(
        &mut reader,
        expect,
        &["outcome", "amount", "failing", "missing", "open", "reason", "conflict", "payout", "would_be"],
    );
    let mut differences: Vec<Text> = reader.findings.iter().map(|finding| finding.message.clone()).collect();
    // `what` is the key of `expect`, and the rest is written as cases write it
    let mut differ = |what: &str, expected: Text, found: Text| {
        if expected != found {
            let blank = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
            differences.push(Text::new(
                format!("{what}：应为 {}，实为 {}", blank(expected.zh, "(空)"), blank(found.zh, "(空)")),
                format!("{what}: expected {}, found {}", blank(expected.en, "(nothing)"), blank(found.en, "(nothing)")),
            ));
        }
    };
    let same = |text: &str| Text::same(text);
    let joined = |list: Vec<String>| Text::same(list.join(", "));
    if let Some(outcome) = expect.get("outcome").and_then(Node::text) {
        differ("outcome", same(outcome), same(assessed.outcome.code()));
    }
    if let Some(outcome) = expect.get("would_be").and_then(Node::text) {
        differ("would_be", same(outcome), same(assessed.would_be.code()));
    }
    if let Some(reason) = expect.get("reason").and_then(Node::text) {
        differ("reason", same(reason), same(assessed.chosen.reason.map_or("none", crate::assess::Reason::code)));
    }
    let version =
        eval.program.measures.get(assessed.measure as usize).and_then(|ir| ir.versions.get(assessed.chosen.version?));
    let ty = version.map_or(crate::vocabulary::Type::Money, |version| version.amount_type);
    let value = |value: i128| Text::new(number(value, ty, Lang::Zh), number(value, ty, Lang::En));
    let show = |range: Range| {
        let (low, high) = (value(range.lo), value(range.hi));
        if range.is_point() {
            low
        } else {
            Text::new(format!("[{}, {}]", low.zh, high.zh), format!("[{}, {}]", low.en, high.en))
        }
    };
    if let Some(amount) = expect.get("amount") {
        match expected_range(amount, ty) {
            Ok(range) => differ("amount", show(range), show(assessed.amount)),
            Err(error) => {
                differ("amount", Text::new(format!("({})", error.zh), format!("({})", error.en)), show(assessed.amount))
            }
        }
    }
    if let Some(conflict) = expect.get("conflict") {
        let found = crate::names::conflict_amount(eval, assessed).map_or(same("none"), |amount| value(amount.hi));
        let expected = match conflict.text() {
            Some("none") => same("none"),
            _ => expected_range(conflict, ty).map_or_else(|error| error, |range| value(range.hi)),
        };
        differ("conflict", expected, found);
    }
    if let Some(payout) = expect.get("payout").and_then(Node::seq) {
        let list = |parts: Vec<Text>| {
            let (zh, en): (Vec<String>, Vec<String>) = parts.into_iter().map(|part| (part.zh, part.en)).unzip();
            Text::new(zh.join(", "), en.join(", "))
        };
        let expected = payout.iter().map(|part| expected_range(part, ty).map_or_else(|error| error, &show)).collect();
        let found = assessed.payout.iter().map(|part| show(*part)).collect();
        differ("payout", list(expected), list(found));
    }
    let list = |key: &str| {
        expect.get(key).map(|node| {
            node.seq().unwrap_or_default().iter().filter_map(|item| item.text().map(str::to_owned)).collect::<Vec<_>>()
        })
    };
    if let Some(mut expected) = list("failing") {
        let mut found = failing(eval, assessed);
        found.sort();
        expected.sort();
        found.dedup();
        expected.dedup();
        differ("failing", joined(expected), joined(found));
    }
    if let Some(expected) = list("missing") {
        let found: Vec<String> =
            unique(assessed.missing.iter().map(|missing| names::leaf(eval.program, eval.bound, missing.leaf)));
        let same = expected.len() == found.len()
            && expected
                .iter()
                .zip(&found)
                .all(|(expected, found)| expected == found || found.split('[').next() == Some(expected));
        let bare: Vec<String> = unique(found.iter().map(|name| name.split('[').next().unwrap_or_default().to_owned()));
        if !same && expected != bare {
            differ("missing", joined(expected), joined(found));
        }
    }
    if let Some(mut expected) = list("open") {
        let mut found: Vec<String> = assessed
            .open
            .iter()
            .filter(|leaf| !matches!(leaf, Leaf::Discretion(_)))
            .map(|leaf| names::leaf(eval.program, eval.bound, *leaf))
            .map(|name| name.rsplit('#').next().unwrap_or_default().to_owned())
            .collect();
        found.sort();
        found.dedup();
        expected.sort();
        differ("open", joined(expected), joined(found));
    }
    differences
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut list = Vec::new();
    for name in names {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list
}

fn expected_range(node: &Node, ty: crate::vocabulary::Type) -> Result<Range, Text> {
    let one = |node: &Node| match node.text() {
        Some("unbounded") => Ok(UNBOUNDED),
        Some(text) => scalar(text, ty),
        None => Err(Text::new("不是数额", "not an amount")),
    };
    match node.seq() {
        Some([low, high]) => Ok(Range { lo: one(low)?, hi: one(high)? }),
        Some(_) => Err(Text::new("数额应是一个值或 [下限, 上限]", "an amount is one value or [low, high]")),
        None => one(node).map(Range::point),
    }
}

/// The ids of the conditions that surely fail.
#[must_use]
pub fn failing(eval: &Eval<'_>, assessed: &Assessed) -> Vec<String> {
    let program = eval.program;
    let Some(version) =
        program.measures.get(assessed.measure as usize).and_then(|ir| ir.versions.get(assessed.chosen.version?))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (cond, result) in version.eligible.iter().zip(&assessed.conditions) {
        collect(cond, result, &mut found);
    }
    if let Some(each) = &version.each {
        // a record fails the measure only when no other qualifies
        if assessed.items.iter().all(|item| item.truth == Truth::False) {
            for item in &assessed.items {
                for (cond, result) in each.conditions.iter().zip(&item.conditions) {
                    collect(cond, result, &mut found);
                }
            }
        }
    }
    found
}

fn collect(cond: &CondIr, result: &crate::assess::CondResult, found: &mut Vec<String>) {
    if result.truth != Truth::False {
        return;
    }
    let named = cond.id != "all" && cond.id != "any";
    if cond.shape == CondShape::All && !named {
        for (cond, result) in cond.children.iter().zip(&result.children) {
            collect(cond, result, found);
        }
    } else {
        found.push(cond.id.clone());
    }
}
