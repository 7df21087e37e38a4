//! Names of what an answer rests on: facts, fields, lists, decisions.

use domain::Date;

use crate::assess::Assessed;
use crate::bind::Bound;
use crate::diag::Text;
use crate::eval::{Eval, Leaf};
use crate::formula::YearRef;
use crate::ir::{Node, NodeId, Program};
use crate::value::{Range, Truth};

/// The short name of a leaf: `org.revenue[2025]`, `contract.provider`, `contracts`, `measure#review`.
#[must_use]
pub fn leaf(program: &Program, bound: &Bound, leaf: Leaf) -> String {
    match leaf {
        Leaf::Slot(slot) => slot_name(program, slot, bound.dates.on),
        Leaf::Field { record, field, .. } => program
            .vocabulary
            .records
            .get(record as usize)
            .and_then(|record| record.fields.get(field as usize))
            .map(|field| field.name.clone())
            .unwrap_or_default(),
        Leaf::Records(record) => {
            program.vocabulary.records.get(record as usize).map(|record| record.list.clone()).unwrap_or_default()
        }
        Leaf::Review(review) => {
            program.reviews.get(review as usize).map(|review| review.key.clone()).unwrap_or_default()
        }
        Leaf::Member(list) => program.lists.get(list as usize).map(|list| list.id.clone()).unwrap_or_default(),
        Leaf::Discretion(node) => format!("discretion:{}", node.index()),
        // named by what was divided by, so that the name outlives changes elsewhere
        Leaf::Invalid(node) => match divisor(program, bound, node) {
            Some(name) => format!("invalid:{name}"),
            None => "invalid".to_owned(),
        },
    }
}

/// The first fact or field that the divisor of a division reads.
fn divisor(program: &Program, bound: &Bound, division: NodeId) -> Option<String> {
    let mut open = match program.arena.get(division) {
        Node::Ratio(_, divisor) | Node::MulDiv(_, _, divisor) | Node::FloorDiv(_, divisor) => vec![*divisor],
        _ => Vec::new(),
    };
    while let Some(next) = open.pop() {
        let node = program.arena.get(next);
        match node {
            Node::Slot(slot) => return Some(slot_name(program, *slot, bound.dates.on)),
            Node::Field { record, field } => {
                return program
                    .vocabulary
                    .records
                    .get(*record as usize)?
                    .fields
                    .get(*field as usize)
                    .map(|field| field.name.clone());
            }
            _ => {
                let from = open.len();
                node.children(&mut |child| open.push(child));
                open.get_mut(from..)?.reverse();
            }
        }
    }
    None
}

/// The name of the fact in a slot, with its calendar year.
#[must_use]
pub fn slot_name(program: &Program, slot: u32, on: Date) -> String {
    let Some(slot) = program.slots.get(slot as usize) else { return String::new() };
    let name = program.vocabulary.facts.get(slot.fact).map(|fact| fact.name.as_str()).unwrap_or_default();
    match slot.year {
        None => name.to_owned(),
        Some(YearRef::Relative(offset)) => format!("{name}[{}]", on.year() + offset),
        Some(YearRef::Fixed(year)) => format!("{name}[{year}]"),
    }
}

/// What readers call a leaf.
#[must_use]
pub fn label(program: &Program, bound: &Bound, leaf: Leaf) -> Text {
    match leaf {
        Leaf::Slot(slot) => {
            let Some(definition) = program.slots.get(slot as usize) else { return Text::default() };
            let Some(fact) = program.vocabulary.facts.get(definition.fact) else { return Text::default() };
            let year = definition.year.map(|year| match year {
                YearRef::Relative(offset) => bound.dates.on.year() + offset,
                YearRef::Fixed(year) => year,
            });
            match year {
                None => fact.label.clone(),
                Some(year) => Text::new(format!("{year}年{}", fact.label.zh), format!("{} {year}", fact.label.en)),
            }
        }
        Leaf::Field { record, field, row } => {
            let Some(record_def) = program.vocabulary.records.get(record as usize) else { return Text::default() };
            let field = record_def.fields.get(field as usize).map(|field| field.label.clone()).unwrap_or_default();
            let id = bound
                .records
                .get(record as usize)
                .and_then(|rows| rows.as_ref()?.get(row as usize))
                .map(|row| row.id.clone())
                .unwrap_or_default();
            Text::new(
                format!("{}“{id}”：{}", record_def.label.zh, field.zh),
                format!("{} “{id}”: {}", record_def.label.en, field.en),
            )
        }
        Leaf::Records(record) => {
            program.vocabulary.records.get(record as usize).map(|record| record.label.clone()).unwrap_or_default()
        }
        Leaf::Review(review) => {
            program.reviews.get(review as usize).map(|review| review.label.clone()).unwrap_or_default()
        }
        Leaf::Member(list) => {
            let id = program.lists.get(list as usize).map(|list| list.id.as_str()).unwrap_or_default();
            let name = program
                .catalogue
                .lists
                .iter()
                .find(|list| list.id == id)
                .map(|list| list.name.clone())
                .unwrap_or_default();
            Text::new(
                format!("是否列入《{}》(现有名单不全)", name.zh),
                format!("whether it is on the list “{}”, which is not complete here", name.en),
            )
        }
        Leaf::Discretion(_) => Text::new("由主管部门在限额内确定", "set by the authority within the limit"),
        Leaf::Invalid(_) => Text::new("无法计算(除数不是正数)", "cannot be computed: the divisor is not positive"),
    }
}

/// What the measure would pay if every ceiling binds whose reach the source leaves open; `None` without such a conflict.
#[must_use]
pub fn conflict_amount(eval: &mut Eval<'_>, assessed: &Assessed) -> Option<Range> {
    if assessed.items.iter().all(|item| item.conflicts.is_empty()) {
        return None;
    }
    let program = eval.program;
    let version = program.measures.get(assessed.measure as usize)?.versions.get(assessed.chosen.version?)?;
    let mut total = Range::ZERO;
    for item in assessed.items.iter().filter(|item| item.truth != Truth::False) {
        let amount = item.conflicts.iter().fold(item.amount, |amount, conflict| amount.min(conflict.if_binding));
        total = total.add(amount);
    }
    for limit in version.limits.iter().filter(|limit| !limit.per_record) {
        let received = limit.received.map_or(Range::ZERO, |received| eval.range(received));
        let room = eval.range(limit.at_most).sub(received).max(Range::ZERO);
        total = total.min(room);
    }
    (total != assessed.potential).then_some(total)
}
