//! From the checked catalogue to a program for the vector machine: which registers are computed for 1,024 rows, in which
//! order, and what is told of each measure.

mod award;
mod block;
mod lower;
pub(crate) mod op;
mod open;
mod records;
mod registers;
mod shape;
mod truths;

use std::collections::{BTreeMap, BTreeSet};

use domain::PartyKind;
use rules::assess::{Reason, choose};
use rules::bind::{Bound, Dates};
use rules::eval::Eval;
use rules::ir::{Aggregate, CondIr, Program, Read};
use rules::value::Range;

use award::flat;
use block::{Block, M, T, operand};
use lower::Compiler;
use op::{Op, Operand};
use open::Sel;
pub(crate) use registers::Code;
use shape::{Bounds, Num};

use crate::frame::{ChildColumns, Layout};

pub(crate) use lower::NO_SYMBOL;

/// What is screened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The measures, by index; their order is that of the results.
    pub measures: Vec<u32>,
    /// The two dates.
    pub dates: Dates,
    /// Whether to say for each measure which facts are missing.
    pub missing: bool,
}

/// A screening, ready to run over registries of one layout.
#[derive(Debug)]
pub struct Plan<'p> {
    pub(crate) program: &'p Program,
    pub(crate) layout: Layout,
    /// The dates.
    pub dates: Dates,
    pub(crate) main: Code,
    pub(crate) bodies: Vec<BodyCode>,
    pub(crate) emits: Vec<Emit>,
    pub(crate) tables: Vec<Box<[u8]>>,
    /// The measures, in the order of the results.
    pub measures: Vec<Screened<'p>>,
}

/// What a screening says about one measure for all rows.
#[derive(Debug)]
pub struct Screened<'p> {
    /// The measure's index.
    pub measure: u32,
    /// Why it cannot pay at the dates, if so; then nobody is eligible.
    pub reason: Option<Reason>,
    /// What a row may fail by, in the order in which it is looked for. A row names the first of them by its index.
    pub fails: Vec<Fail<'p>>,
    /// The facts that may be missing.
    pub missing: Vec<Read>,
    /// Whether rows are assessed one by one, because the machine lacks something that the measure needs.
    pub one_by_one: bool,
}

/// What a row fails by.
#[derive(Clone, Copy, Debug)]
pub enum Fail<'p> {
    /// A condition on the party.
    Party(&'p CondIr),
    /// A condition on its records.
    Record(&'p CondIr),
    /// The award would be too small to be made.
    Refused,
    /// No record of a kind, by its index in the vocabulary, that qualifies.
    NoRecord(u16),
}

/// Where an emission finds a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Const(Range),
    Read { at: usize, unit: i128, wide: bool },
}

/// What is told of a measure, as places in the registers that [`Op::Emit`] reads.
#[derive(Clone, Debug)]
pub(crate) struct Emit {
    pub(crate) amount: Place,
    pub(crate) potential: Place,
    /// Which condition of a record fails, and how many they are.
    pub(crate) record_fails: Option<usize>,
    pub(crate) record_conds: usize,
    pub(crate) refused: Option<usize>,
    pub(crate) each: bool,
    /// Conditions on the party.
    pub(crate) conds: std::ops::Range<usize>,
    /// Missing facts: what keeps the conditions open, then what keeps the amount open.
    pub(crate) gates: std::ops::Range<usize>,
    pub(crate) amounts: std::ops::Range<usize>,
}

/// Instructions for the records of a table, while they are compiled.
#[derive(Debug)]
pub(crate) struct Body {
    table: u32,
    block: Block,
    pub(crate) outputs: Vec<Output>,
    /// What is gathered from the parties.
    pub(crate) inputs: Box<[u32]>,
}

/// The same, ready to run.
#[derive(Debug)]
pub(crate) struct BodyCode {
    pub(crate) table: u32,
    pub(crate) code: Code,
    pub(crate) outputs: Vec<Output>,
}

/// What is made of the records of each party.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    /// Whether there is one.
    Any { filter: u32 },
    /// Rows with a record whose mask is set.
    Mask { mask: u32 },
    /// Their sum, least or greatest.
    Number { kind: Aggregate, filter: u32, value: Operand, each: Bounds, unit: i128, wide: bool },
    /// Which condition fails first, in the order of the records; after the conditions, whether the award is refused.
    Fails { conds: Vec<u32>, refused: Option<u32> },
}

impl Output {
    fn number(kind: Aggregate, filter: T, number: Num) -> Self {
        let unit = number.unit().max(1);
        Self::Number { kind, filter: filter.0, value: operand(number), each: number.bounds(), unit, wide: false }
    }

    /// Visits the registers that it reads.
    fn reads(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        match self {
            Self::Any { filter } => visit(filter),
            Self::Mask { mask } => visit(mask),
            Self::Number { filter, value, .. } => {
                visit(filter);
                if let Operand::Reg { id, .. } = value {
                    visit(id);
                }
            }
            Self::Fails { conds, refused } => conds.iter_mut().chain(refused).for_each(visit),
        }
    }
}

impl Body {
    fn new(table: u32, block: Block, outputs: Vec<Output>) -> Self {
        let inputs = block
            .ops
            .iter()
            .filter_map(|op| match op {
                Op::GatherTruth(id) | Op::GatherMask(id) | Op::GatherNumber { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        Self { table, block, outputs, inputs }
    }
}

impl<'p> Plan<'p> {
    /// The columns and tables of its layout that it reads.
    #[must_use]
    pub fn reads(&self) -> Layout {
        let columns = |code: &Code| -> BTreeSet<usize> {
            let loads = code.ops.iter().filter_map(|(op, _)| match op {
                Op::Load(column, _) | Op::LoadTruth(column) => Some(*column as usize),
                _ => None,
            });
            loads.collect()
        };
        let facts = columns(&self.main);
        let mut children: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for body in &self.bodies {
            children.entry(body.table as usize).or_default().extend(columns(&body.code));
        }
        let slow = self.measures.iter().any(|measure| measure.one_by_one);
        let pick = |at: &usize, wanted: &BTreeSet<usize>| slow || wanted.contains(at);
        Layout {
            facts: kept(&self.layout.facts, |at| pick(&at, &facts)),
            children: self
                .layout
                .children
                .iter()
                .enumerate()
                .filter(|(at, _)| slow || children.contains_key(at))
                .map(|(at, table)| {
                    let wanted = children.get(&at).cloned().unwrap_or_default();
                    let fields = kept(&table.fields, |at| pick(&at, &wanted));
                    ChildColumns { record: table.record, fields }
                })
                .collect(),
        }
    }

    /// The rules.
    #[must_use]
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Compiles a screening of organisations.
    #[must_use]
    pub fn new(program: &'p Program, layout: &Layout, options: &Options) -> Self {
        let mut bound = Bound::nothing(program);
        bound.set_dates(options.dates);
        bound.kind = Some(PartyKind::Organisation);
        let mut compiler = Compiler::new(program, layout, Eval::new(program, &bound));
        let mut measures = Vec::new();
        let mut emits = Vec::new();
        for measure in &options.measures {
            let (screened, emit) = compiler.emit(*measure, emits.len(), options.missing);
            measures.push(screened);
            emits.push(emit);
        }
        let Compiler { block, bodies, tables, .. } = compiler;
        let (main, map) = Code::new(block.ops, &mut []);
        let bodies = bodies
            .into_iter()
            .map(|body| {
                let Body { table, mut block, mut outputs, .. } = body;
                for op in &mut block.ops {
                    if let Op::GatherTruth(id) | Op::GatherMask(id) | Op::GatherNumber { id, .. } = op {
                        *id = map.get(*id as usize).copied().unwrap_or(0);
                    }
                }
                let (code, _) = Code::new(block.ops, &mut outputs);
                BodyCode { table, code, outputs }
            })
            .collect();
        Self { program, layout: layout.clone(), dates: options.dates, main, bodies, emits, tables, measures }
    }
}

fn kept<T: Clone>(all: &[T], wanted: impl Fn(usize) -> bool) -> Vec<T> {
    all.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, one)| one.clone()).collect()
}

impl<'p> Compiler<'p, '_> {
    /// Compiles a measure and what is told of it.
    fn emit(&mut self, measure: u32, number: usize, missing: bool) -> (Screened<'p>, Emit) {
        let before = std::mem::replace(&mut self.unsupported, false);
        let program = self.program;
        let version = self.version(measure);
        let done = self.measure(measure);
        let mut reads = Vec::new();
        let mut read = |id: u32| {
            reads.push(id);
            reads.len() - 1
        };
        let place = |number: Num, read: &mut dyn FnMut(u32) -> usize| match number {
            Num::Const(range) => Place::Const(range),
            Num::Reg(id, shape) => Place::Read { at: read(id), unit: shape.unit, wide: shape.wide },
        };
        let never = self.block.truth(rules::value::Truth::False);
        let nothing = Num::Const(Range::ZERO);
        let (truth, amount, potential) =
            done.as_ref().map_or((never, nothing, nothing), |done| (done.truth, done.amount, done.potential));
        let asks = match version {
            Some(version) if self.block.fixed(truth) != Some(rules::value::Truth::True) => {
                self.gate_open(version, Sel::Askable)
            }
            _ => self.block.mask(false),
        };
        read(truth.0);
        read(asks.0);
        let amount = place(amount, &mut read);
        let potential_number = potential;
        let potential = place(potential, &mut read);
        let record_fails = match done.as_ref().and_then(|done| done.record_fails) {
            Some(Num::Reg(id, _)) => Some(read(id)),
            _ => None,
        };
        let refused = done.as_ref().and_then(|done| done.refused).map(|refused| read(refused.0));
        let each = version.and_then(|version| version.each.as_ref());
        let conds = version.map(|version| flat(&version.eligible)).unwrap_or_default();
        let record_conds = each.map(|each| flat(&each.conditions)).unwrap_or_default();
        let first = read(truth.0) + 1;
        for cond in &conds {
            let truth = self.truth(lower::At::Party, cond.node);
            read(truth.0);
        }
        let conds_end = first + conds.len();
        let missing: Vec<Read> = version
            .filter(|_| missing)
            .map(|version| program.reads(version).into_iter().filter(|read| self.askable(*read)).collect())
            .unwrap_or_default();
        let (mut gates, mut amounts) = (Vec::new(), Vec::new());
        let mut told = Vec::new();
        if let Some(version) = version {
            // where the amount is settled, nothing keeps it open
            let settled = self.block.known(potential_number);
            let unsettled = self.block.unless(settled);
            for fact in missing.iter().copied() {
                let gate = self.gate_open(version, Sel::One(fact));
                let amount = self.amount_open(version, Sel::One(fact));
                let amount = self.block.every([unsettled, amount]);
                if self.block.fixed_mask(gate) == Some(false) && self.block.fixed_mask(amount) == Some(false) {
                    continue;
                }
                told.push(fact);
                gates.push(gate);
                amounts.push(amount);
            }
        }
        if self.unsupported {
            told = missing;
        }
        let count = gates.len();
        gates.into_iter().chain(amounts).for_each(|mask: M| {
            read(mask.0);
        });
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.block.add(Op::Emit { emit: number, reads: reads.into_boxed_slice() });

        let one_by_one = std::mem::replace(&mut self.unsupported, before) || done.is_none();
        let ir = program.measures.get(measure as usize);
        let dates = self.eval.bound.dates;
        let chosen = ir.map(|ir| choose(&ir.versions, dates.on, dates.known_on));
        let mut fails: Vec<Fail<'p>> = conds.iter().map(|cond| Fail::Party(cond)).collect();
        fails.extend(record_conds.iter().map(|cond| Fail::Record(cond)));
        fails.push(Fail::Refused);
        fails.extend(each.map(|each| Fail::NoRecord(each.record)));
        let screened =
            Screened { measure, reason: chosen.and_then(|chosen| chosen.reason), fails, missing: told, one_by_one };
        let emit = Emit {
            amount,
            potential,
            record_fails,
            record_conds: record_conds.len(),
            refused,
            each: each.is_some(),
            conds: first..conds_end,
            gates: conds_end..conds_end + count,
            amounts: conds_end + count..conds_end + 2 * count,
        };
        (screened, emit)
    }
}
