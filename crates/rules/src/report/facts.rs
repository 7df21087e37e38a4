//! The facts that a condition or an amount was decided by, with where they come from.

use domain::{Fact, FactKey, Knowledge};

use super::{Assessment, FactReport, iso, leaf_name};
use crate::diag::Text;
use crate::eval::{Eval, Leaf};
use crate::ir::{Node, NodeId, Program};
use crate::names;
use crate::phrases;
use crate::value::Truth;
use crate::vocabulary::FactDef;

/// Rows of a list that are shown as facts of one condition at most.
const MAX_ROWS: u32 = 20;

/// The facts, fields and decisions that a node stands for; of a field outside its record those of every record.
pub(super) fn facts(assessment: &Assessment<'_>, eval: &mut Eval<'_>, node: NodeId, out: &mut Vec<FactReport>) {
    match eval.program.arena.get(node) {
        Node::Slot(slot) => out.extend(fact(assessment, Leaf::Slot(*slot))),
        Node::Review(review) => out.extend(fact(assessment, Leaf::Review(*review))),
        Node::Field { record, field } => match eval.row(*record) {
            Some(row) => out.extend(fact(assessment, Leaf::Field { record: *record, field: *field, row })),
            None => {
                let rows = eval.records(*record).map_or(0, |rows| u32::try_from(rows.len()).unwrap_or(u32::MAX));
                (0..rows.min(MAX_ROWS))
                    .for_each(|row| out.extend(fact(assessment, Leaf::Field { record: *record, field: *field, row })));
            }
        },
        _ => {}
    }
}

/// A fact, field or decision as it was used. The id of a record is no fact worth telling.
fn fact(assessment: &Assessment<'_>, leaf: Leaf) -> Option<FactReport> {
    let program = assessment.program;
    if matches!(leaf, Leaf::Field { field: 0, .. }) {
        return None;
    }
    let written = original(assessment, leaf).filter(|fact| assessment.recorded(fact));
    let value = match leaf {
        Leaf::Review(review) => assessment.bound.reviews.get(review as usize).and_then(|truth| match truth {
            Truth::True => Some(Text::new("已认定成立", "decided: yes")),
            Truth::False => Some(Text::new("已认定不成立", "decided: no")),
            Truth::Unknown => None,
        }),
        _ => written.zip(definition(assessment.program, leaf)).and_then(|(fact, of)| value(assessment, of, fact)),
    };
    Some(FactReport {
        fact: leaf_name(assessment, leaf),
        label: names::label(program, &assessment.bound, leaf),
        value,
        disputed: written.is_some_and(|fact| matches!(fact.value, Knowledge::Disputed(_))),
        source: written.and_then(|fact| fact.source.clone()),
        evidence: written.and_then(|fact| fact.evidence).map(|grade| grade.code().to_owned()),
        as_of: written.and_then(|fact| iso(fact.as_of)),
    })
}

/// The fact as the party's file has it.
fn original<'a>(assessment: &Assessment<'a>, leaf: Leaf) -> Option<&'a Fact> {
    let vocabulary = &assessment.program.vocabulary;
    match leaf {
        Leaf::Slot(slot) => {
            let slot = assessment.program.slots.get(slot as usize)?;
            let name = &vocabulary.facts.get(slot.fact)?.name;
            let year = slot.year.map(|year| match year {
                crate::formula::YearRef::Relative(offset) => assessment.bound.dates.on.year() + offset,
                crate::formula::YearRef::Fixed(year) => year,
            });
            assessment.party.facts.get(&match year {
                None => FactKey::new(name.as_str()),
                Some(year) => FactKey::of_year(name.as_str(), year),
            })
        }
        Leaf::Field { record, field, row } => {
            let definition = vocabulary.records.get(record as usize)?;
            let name = definition.fields.get(field as usize)?.name.rsplit('.').next()?;
            assessment.party.records.get(&definition.name)?.get(row as usize)?.facts.get(name)
        }
        _ => None,
    }
}

/// The declaration of a fact or field.
fn definition(program: &Program, leaf: Leaf) -> Option<&FactDef> {
    let vocabulary = &program.vocabulary;
    match leaf {
        Leaf::Slot(slot) => vocabulary.facts.get(program.slots.get(slot as usize)?.fact),
        Leaf::Field { record, field, .. } => vocabulary.records.get(record as usize)?.fields.get(field as usize),
        _ => None,
    }
}

fn value(assessment: &Assessment<'_>, of: &FactDef, fact: &Fact) -> Option<Text> {
    let vocabulary = &assessment.program.vocabulary;
    let candidates: Vec<Text> = fact.value.candidates().iter().map(|value| vocabulary.say(of.ty, value)).collect();
    (!candidates.is_empty()).then(|| phrases::join(candidates, " 或 ", " or "))
}
