//! From the rule to its explanation.

use super::{
    Award, Condition, Each, Example, Explanation, FORMAT, Procedure, Row, Sentence, Table, Value, VersionLine,
};
use crate::ast::{self, Cond, CondKind, LetBody, Measure, MeasureRef, Outcome, StackingKind, Version};
use crate::diag::Text;
use crate::ir::{CondIr, Node, Program, VersionIr};
use crate::phrases::{self, Speaker};
use crate::reader::scalar;
use crate::report::citation;
use crate::value::{Range, UNBOUNDED};
use crate::vocabulary::{FactDef, Type};
use crate::words;
use crate::yaml::Node as Yaml;

pub(super) fn build(program: &Program, measure: usize, version: usize) -> Option<Explanation> {
    let source = program.catalogue.measures.get(measure)?;
    let written = source.versions.get(version)?;
    let compiled = program.measures.get(measure)?.versions.get(version)?;
    let speaker = Speaker::new(program);
    let written = &phrases::plain(written);
    let award = &written.award;
    Some(Explanation {
        format: FORMAT,
        measure: source.id.clone(),
        name: source.name.clone(),
        topic: speaker.code("topic", &source.topic),
        applies_to: phrases::applies_to(source.applies_to),
        source: citation(program, source),
        versions: timeline(source, version),
        conditions: written.eligible.iter().map(|cond| condition(&speaker, cond)).collect(),
        each: written.each.as_ref().map(|each| Each {
            record: speaker.record(&each.record).unwrap_or_else(|| Text::same(&each.record)),
            conditions: each.conditions.iter().map(|cond| condition(&speaker, cond)).collect(),
        }),
        award: Award {
            kind: phrases::award_kind(award.kind),
            amount: award.amount.as_ref().map(|amount| speaker.say(amount)),
            at_least: award.at_least.as_ref().map(|floor| speaker.say(floor)),
            refuse_below: award.refuse_below.as_ref().map(|least| speaker.say(least)),
            round: award.round_stated.then(|| phrases::rounding(award.round)),
            gives: award.gives.as_ref().map(|code| speaker.code("status", code)),
            valid: award.valid.map(phrases::quantity),
            cite: award.cite.clone(),
        },
        values: written.lets.iter().map(|(name, _, body)| value(&speaker, name, body)).collect(),
        limits: award
            .limits
            .iter()
            .map(|limit| Sentence { text: speaker.limit(limit), cite: limit.cite.clone() })
            .collect(),
        stacking: stacking(&speaker, source, written),
        round: written.round.as_ref().map(|round| speaker.round(round)),
        budget: written.budget.as_ref().map(|budget| speaker.budget(budget)),
        procedure: written.procedure.as_ref().map(|procedure| self::procedure(&speaker, procedure)),
        documents: documents(program, compiled, written),
        payout: award.payout.iter().map(|part| speaker.part(part)).collect(),
        open: open(program, compiled, written),
        notes: notes(program, source),
        examples: source.cases.iter().map(|case| example(&speaker, compiled, case)).collect(),
    })
}

fn timeline(source: &Measure, explained: usize) -> Vec<VersionLine> {
    let mut order: Vec<(usize, &Version)> = source.versions.iter().enumerate().collect();
    order.sort_by_key(|(index, version)| (version.known_from, *index));
    order
        .into_iter()
        .map(|(index, version)| VersionLine {
            number: index + 1,
            in_force: phrases::period(version.in_force),
            known_from: version.known_from.to_string(),
            status: phrases::status(version.status),
            explained: index == explained,
        })
        .collect()
}

fn condition(speaker: &Speaker<'_>, cond: &Cond) -> Condition {
    let label = speaker.label(cond);
    let test = match &cond.kind {
        CondKind::All(_) | CondKind::Any(_) => None,
        CondKind::Review { by, .. } => {
            let by = phrases::reviewer(by);
            Some(Text::new(format!("由{}认定", by.zh), format!("decided by {}", by.en)))
        }
        _ => Some(speaker.test(cond)).filter(|test| *test != label),
    };
    let parts: &[Cond] = match &cond.kind {
        CondKind::All(parts) | CondKind::Any(parts) => parts,
        _ => &[],
    };
    // a group that has a name of its own must still say how its parts go together
    let test = match &cond.kind {
        CondKind::All(_) | CondKind::Any(_) if cond.label.is_some() => Some(speaker.test(cond)),
        _ => test,
    };
    Condition {
        id: cond.id.clone(),
        label,
        test,
        cite: cond.cite.clone(),
        note: cond.note.clone(),
        parts: parts.iter().map(|part| condition(speaker, part)).collect(),
        unless: cond.unless.as_deref().map(|unless| Box::new(condition(speaker, unless))),
    }
}

fn value(speaker: &Speaker<'_>, name: &str, body: &LetBody) -> Value {
    match body {
        LetBody::Formula(formula) => Value { name: name.to_owned(), formula: Some(speaker.say(formula)), table: None },
        LetBody::Table(table) => {
            let rows = table.rows.iter().map(|row| Row {
                when: table.inputs.iter().zip(&row.when).map(|(input, cell)| speaker.value(input, cell)).collect(),
                then: speaker.say(&row.then),
                cite: row.cite.clone(),
            });
            let table = Table {
                hit: phrases::hit(table.hit),
                inputs: table.inputs.iter().map(|input| speaker.say(input)).collect(),
                rows: rows.collect(),
            };
            Value { name: name.to_owned(), formula: None, table: Some(table) }
        }
    }
}

/// The measure's own rules, and those of groups that bind it.
fn stacking(speaker: &Speaker<'_>, source: &Measure, written: &Version) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = written
        .stacking
        .iter()
        .map(|rule| Sentence { text: speaker.stacking(rule), cite: rule.cite.clone() })
        .collect();
    let names = |references: &[MeasureRef]| {
        references.iter().any(|reference| match reference {
            MeasureRef::Id(id, _) => *id == source.id,
            MeasureRef::Tag(tag, _) => source.tags.contains(tag),
        })
    };
    for group in &speaker.program.catalogue.groups {
        for rule in &group.rules {
            let binds = match &rule.kind {
                StackingKind::Cap { over, .. } | StackingKind::Pool { over, .. } => names(over),
                StackingKind::Exclusive { others, .. } => names(others),
                _ => false,
            };
            if !binds {
                continue;
            }
            let (text, name, when) = (group_rule(speaker, rule), &group.name, phrases::period(group.in_force));
            sentences.push(Sentence {
                text: Text::new(
                    format!("{}（{}）：{}", name.zh, when.zh, text.zh),
                    format!("{} ({}): {}", name.en, when.en, text.en),
                ),
                cite: rule.cite.clone().or_else(|| group.clause.clone()),
            });
        }
    }
    sentences
}

/// A rule of a group: its list names every measure, this one among them.
fn group_rule(speaker: &Speaker<'_>, rule: &ast::Stacking) -> Text {
    match &rule.kind {
        StackingKind::Exclusive { others, highest } => {
            let all = speaker.references(others);
            if *highest {
                Text::new(format!("{}就高不重复", all.zh), format!("of {} only the highest is paid", all.en))
            } else {
                Text::new(format!("{}只能择一享受", all.zh), format!("at most one of {}", all.en))
            }
        }
        _ => speaker.stacking(rule),
    }
}

fn procedure(speaker: &Speaker<'_>, procedure: &ast::Procedure) -> Procedure {
    Procedure {
        kind: phrases::procedure(&procedure.kind),
        window: procedure.window.map(phrases::period),
        notice: procedure
            .notice
            .map(|days| Text::new(format!("公示{days}个工作日"), format!("public notice of {days} working days"))),
        redemption: procedure.redemption.as_ref().map(|redemption| speaker.redemption(redemption)),
    }
}

/// The conditions of a version as compiled, of the party and of its records.
fn compiled_conditions(version: &VersionIr) -> impl Iterator<Item = &CondIr> {
    version.eligible.iter().chain(version.each.iter().flat_map(|each| &each.conditions))
}

/// The facts and fields that a condition reads.
fn facts<'p>(program: &'p Program, cond: &CondIr) -> Vec<&'p FactDef> {
    let vocabulary = &program.vocabulary;
    cond.reads
        .iter()
        .filter_map(|read| match program.arena.get(*read) {
            Node::Slot(slot) => program.slots.get(*slot as usize).and_then(|slot| vocabulary.facts.get(slot.fact)),
            Node::Field { record, field } => {
                vocabulary.records.get(*record as usize).and_then(|record| record.fields.get(*field as usize))
            }
            _ => None,
        })
        .collect()
}

/// The documents that the procedure names, and the proof of the facts that the conditions read.
fn documents(program: &Program, compiled: &VersionIr, written: &Version) -> Vec<Text> {
    let mut list: Vec<Text> =
        written.procedure.iter().flat_map(|procedure| procedure.documents.iter().cloned()).collect();
    for cond in compiled_conditions(compiled) {
        for code in cond.evidence.iter().chain(facts(program, cond).into_iter().flat_map(|fact| &fact.evidence)) {
            add(&mut list, program.vocabulary.code_label("evidence", code));
        }
    }
    list
}

/// What only a person can settle: reviews, facts that a reviewer sets, and the discretion over the amount.
fn open(program: &Program, compiled: &VersionIr, written: &Version) -> Vec<Text> {
    let mut list = Vec::new();
    let decided = |by: &str, label: &Text| {
        let by = phrases::reviewer(by);
        Text::new(format!("{}（{}认定）", label.zh, by.zh), format!("{} (decided by {})", label.en, by.en))
    };
    for cond in written.eligible.iter().chain(written.each.iter().flat_map(|each| &each.conditions)) {
        reviews(cond, &mut |key, by, label| {
            add(&mut list, decided(by, &label.cloned().unwrap_or_else(|| Text::same(key))))
        });
    }
    for cond in compiled_conditions(compiled) {
        for fact in facts(program, cond) {
            if let Some(by) = &fact.by {
                add(&mut list, decided(by, &fact.label));
            }
        }
    }
    if let Some(text) = &written.award.open {
        add(&mut list, text.clone());
    }
    list
}

fn reviews<'c>(cond: &'c Cond, found: &mut dyn FnMut(&'c str, &'c str, Option<&'c Text>)) {
    match &cond.kind {
        CondKind::All(parts) | CondKind::Any(parts) => parts.iter().for_each(|part| reviews(part, found)),
        CondKind::Not(inner) => reviews(inner, found),
        CondKind::Review { key, by } => found(key, by, cond.label.as_ref()),
        _ => {}
    }
    if let Some(unless) = &cond.unless {
        reviews(unless, found);
    }
}

fn add(list: &mut Vec<Text>, text: Text) {
    if !list.contains(&text) {
        list.push(text);
    }
}

fn notes(program: &Program, source: &Measure) -> Vec<Text> {
    let document = program.catalogue.documents.iter().find(|document| document.id == source.document);
    source.note.iter().chain(document.and_then(|document| document.note.as_ref())).cloned().collect()
}

/// What a case expects, as a sentence: the outcome, the amount, and why not.
fn example(speaker: &Speaker<'_>, compiled: &VersionIr, case: &Yaml) -> Example {
    let expect = case.get("expect");
    let word = |key: &str| expect.and_then(|expect| expect.get(key)).and_then(Yaml::text);
    let outcomes = [Outcome::Eligible, Outcome::NotEligible, Outcome::Undetermined, Outcome::NeedsPerson];
    let outcome = word("outcome").and_then(|code| outcomes.into_iter().find(|outcome| outcome.code() == code));
    let mut parts: Vec<Text> = outcome.into_iter().map(Outcome::label).collect();
    let amount = expect.and_then(|expect| expect.get("amount")).and_then(|node| range(node, compiled.amount_type));
    if let Some(amount) = amount
        && outcome != Some(Outcome::NotEligible)
    {
        parts.push(words::range(amount, compiled.amount_type));
    }
    let names = |key: &str| {
        expect
            .and_then(|expect| expect.get(key))
            .and_then(Yaml::seq)
            .unwrap_or_default()
            .iter()
            .filter_map(Yaml::text)
            .collect::<Vec<_>>()
    };
    let failing = names("failing");
    if !failing.is_empty() {
        let labels = phrases::list(failing.into_iter().map(|id| label_of(compiled, id)));
        parts.push(Text::new(format!("未满足：{}", labels.zh), format!("what fails: {}", labels.en)));
    }
    let missing = names("missing");
    if !missing.is_empty() {
        let labels = phrases::list(missing.into_iter().map(|name| fact_label(speaker.program, name)));
        parts.push(Text::new(format!("还须知道：{}", labels.zh), format!("still to be known: {}", labels.en)));
    }
    if let Some(reason) = word("reason").filter(|reason| *reason != "none") {
        parts.push(phrases::reason_code(reason));
    }
    Example {
        name: case.get("name").and_then(Yaml::text).unwrap_or("?").to_owned(),
        expected: phrases::join(parts, "，", "; "),
    }
}

fn range(node: &Yaml, ty: Type) -> Option<Range> {
    let one = |node: &Yaml| match node.text()? {
        "unbounded" => Some(UNBOUNDED),
        text => scalar(text, ty).ok(),
    };
    match node.seq() {
        Some([low, high]) => Some(Range { lo: one(low)?, hi: one(high)? }),
        Some(_) => None,
        None => one(node).map(Range::point),
    }
}

/// The label of a condition by its id; the id where none has it.
fn label_of(compiled: &VersionIr, id: &str) -> Text {
    phrases::find_condition(compiled, id).map_or_else(|| Text::same(id), |cond| cond.label.clone())
}

/// What readers call a fact, a field or a list of records that a case names.
fn fact_label(program: &Program, name: &str) -> Text {
    let vocabulary = &program.vocabulary;
    let base = name.split('[').next().unwrap_or(name);
    if let Some(fact) = vocabulary.fact(base).and_then(|index| vocabulary.facts.get(index)) {
        return fact.label.clone();
    }
    if let Some(record) = vocabulary.record_by_list(base).and_then(|index| vocabulary.records.get(index)) {
        return record.label.clone();
    }
    let field = vocabulary.records.iter().flat_map(|record| &record.fields).find(|field| field.name == base);
    field.map_or_else(|| Text::same(name), |field| field.label.clone())
}
