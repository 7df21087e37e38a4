//! The evaluator: every node to the value that is certain from what is known, and the unknowns that matter.

use crate::ast::Outcome;
use crate::bind::{Bound, Row};
use crate::ir::{Aggregate, Node, NodeId, Order, Program, TableHit};
use crate::number::{self, compare, within};
use crate::value::{Range, Truth, UNBOUNDED, Val, WHOLE};

/// Something open that an answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaf {
    /// A fact, by its slot.
    Slot(u32),
    /// A field of one record.
    Field {
        /// The record's index in the vocabulary.
        record: u16,
        /// The field's index.
        field: u16,
        /// Which of the party's records.
        row: u32,
    },
    /// A list of records that is not known at all.
    Records(u16),
    /// A reviewer's decision.
    Review(u32),
    /// Membership in a list that may be incomplete.
    Member(u32),
    /// A value that a person sets.
    Discretion(NodeId),
    /// A computation that has no result, such as a division by zero.
    Invalid(NodeId),
}

/// Evaluates nodes for one party at one pair of dates.
#[derive(Debug)]
pub struct Eval<'a> {
    /// The program.
    pub program: &'a Program,
    /// The party.
    pub bound: &'a Bound,
    memo: Vec<Option<Val>>,
    /// For each record of the vocabulary the current row.
    rows: Vec<Option<u32>>,
    /// The award under discussion.
    pub(crate) award: Range,
    /// Outcome and amount of measures that others ask for.
    pub(crate) others: Vec<Option<(Outcome, Range)>>,
}

impl<'a> Eval<'a> {
    /// An evaluator with nothing computed yet.
    #[must_use]
    pub fn new(program: &'a Program, bound: &'a Bound) -> Self {
        Self {
            program,
            bound,
            memo: vec![None; program.arena.len()],
            rows: vec![None; program.vocabulary.records.len()],
            award: Range::ZERO,
            others: vec![None; program.measures.len()],
        }
    }

    /// The party's records of a kind; `None` when not known.
    #[must_use]
    pub fn records(&self, record: u16) -> Option<&'a [Row]> {
        self.bound.records.get(record as usize).and_then(|rows| rows.as_deref())
    }

    /// Makes a row the current one of its kind, and returns the one before.
    pub(crate) fn enter(&mut self, record: u16, row: Option<u32>) -> Option<u32> {
        match self.rows.get_mut(record as usize) {
            Some(current) => std::mem::replace(current, row),
            None => None,
        }
    }

    /// The current row of a kind.
    pub(crate) fn row(&self, record: u16) -> Option<u32> {
        self.rows.get(record as usize).copied().flatten()
    }

    /// The truth of a node.
    pub fn truth(&mut self, id: NodeId) -> Truth {
        self.val(id).truth()
    }

    /// The range of a node.
    pub fn range(&mut self, id: NodeId) -> Range {
        self.val(id).range()
    }

    /// The value of a node.
    pub fn val(&mut self, id: NodeId) -> Val {
        let program = self.program;
        match program.arena.get(id) {
            Node::Const(value) => return *value,
            Node::Slot(slot) => return self.bound.slots.get(*slot as usize).copied().unwrap_or(Val::Symbol(None)),
            _ => {}
        }
        let keep = program.arena.open(id) == 0;
        if keep && let Some(Some(value)) = self.memo.get(id.index()) {
            return *value;
        }
        let value = self.compute(program.arena.get(id));
        if keep && let Some(place) = self.memo.get_mut(id.index()) {
            *place = Some(value);
        }
        value
    }

    fn compute(&mut self, node: &'a Node) -> Val {
        match node {
            Node::Const(value) => *value,
            Node::On => Val::Range(self.bound.on),
            Node::Slot(slot) => self.bound.slots.get(*slot as usize).copied().unwrap_or(Val::Symbol(None)),
            Node::Field { record, field } => self.field(*record, *field),
            Node::Review(review) => {
                Val::Truth(self.bound.reviews.get(*review as usize).copied().unwrap_or(Truth::Unknown))
            }
            Node::Award => Val::Range(self.award),
            Node::And(items) => {
                let mut all = Truth::True;
                for item in items {
                    all = all.and(self.truth(*item));
                    if all == Truth::False {
                        break;
                    }
                }
                Val::Truth(all)
            }
            Node::Or(items) => {
                let mut any = Truth::False;
                for item in items {
                    any = any.or(self.truth(*item));
                    if any == Truth::True {
                        break;
                    }
                }
                Val::Truth(any)
            }
            Node::Not(inner) => Val::Truth(!self.truth(*inner)),
            Node::Compare(order, a, b) => {
                let (a, b) = (self.range(*a), self.range(*b));
                Val::Truth(compare(*order, a, b))
            }
            Node::Same(a, b) => Val::Truth(match (self.val(*a).symbol(), self.val(*b).symbol()) {
                (Some(a), Some(b)) => Truth::from(a == b),
                _ => Truth::Unknown,
            }),
            Node::OneOf(a, set) => Val::Truth(
                self.val(*a).symbol().map_or(Truth::Unknown, |symbol| Truth::from(set.binary_search(&symbol).is_ok())),
            ),
            Node::CodeText(a, texts) => {
                Val::Symbol(self.val(*a).symbol().and_then(|code| texts.get(code as usize).copied()))
            }
            Node::Within(place, outer) => {
                Val::Truth(self.val(*place).symbol().map_or(Truth::Unknown, |place| within(place, *outer)))
            }
            Node::HasAny(set, bits) => Val::Truth(match self.val(*set) {
                Val::Set { sure, .. } if sure & bits != 0 => Truth::True,
                Val::Set { maybe, .. } if maybe & bits == 0 => Truth::False,
                _ => Truth::Unknown,
            }),
            Node::If(condition, yes, no) => match self.truth(*condition) {
                Truth::True => self.val(*yes),
                Truth::False => self.val(*no),
                Truth::Unknown => self.val(*yes).join(self.val(*no)),
            },
            Node::Table(hit, rows) => self.table(*hit, rows),
            Node::Aggregate { kind, record, value, filter } => self.aggregate(*kind, *record, *value, *filter),
            Node::Listed { list, member, on, scope } => self.listed(*list, *member, *on, *scope),
            // without a party there is no outcome yet
            Node::OutcomeOf(..) if self.bound.kind.is_none() => Val::Truth(Truth::Unknown),
            Node::AmountOf(_) if self.bound.kind.is_none() => Val::Range(Range { lo: 0, hi: UNBOUNDED }),
            Node::OutcomeOf(measure, outcome) => {
                let (found, _) = crate::assess::quick(self, *measure);
                Val::Truth(match found {
                    Outcome::Eligible | Outcome::NotEligible => Truth::from(found == *outcome),
                    Outcome::Undetermined | Outcome::NeedsPerson => Truth::Unknown,
                })
            }
            Node::AmountOf(measure) => Val::Range(crate::assess::quick(self, *measure).1),
            _ => Val::Range(self.number(node)),
        }
    }

    fn number(&mut self, node: &'a Node) -> Range {
        match node {
            Node::Add(a, b) => self.range(*a).add(self.range(*b)),
            Node::Sub(a, b) => self.range(*a).sub(self.range(*b)),
            Node::Mul(a, b, divisor) => number::mul(self.range(*a), self.range(*b), *divisor),
            Node::MulRate(a, b) => number::mul_rate(self.range(*a), self.range(*b)),
            Node::Ratio(a, b) => number::ratio(self.range(*a), self.range(*b)),
            Node::MulDiv(a, b, c) => number::mul_div(self.range(*a), self.range(*b), self.range(*c)),
            Node::FloorDiv(a, b) => number::floor_div(self.range(*a), self.range(*b)),
            Node::AddMonths(date, months) => number::add_months(self.range(*date), self.range(*months)),
            Node::MonthsBetween(from, to) => number::months_between(self.range(*from), self.range(*to)),
            Node::YearOf(date) => number::year_of(self.range(*date)),
            Node::Min(items) => items.iter().map(|item| self.range(*item)).reduce(Range::min).unwrap_or(Range::ANY),
            Node::Max(items) => items.iter().map(|item| self.range(*item)).reduce(Range::max).unwrap_or(Range::ANY),
            Node::Discretion(low, high) => number::discretion(self.range(*low), self.range(*high)),
            Node::Marginal(x, bands) => {
                let x = self.range(*x);
                self.marginal(x, bands)
            }
            _ => Range::ANY,
        }
    }

    fn marginal(&mut self, x: Range, bands: &[(NodeId, NodeId)]) -> Range {
        let (mut total, mut below) = (Range::ZERO, Range::ZERO);
        for (limit, rate) in bands {
            let (limit, rate) = (self.range(*limit), self.range(*rate));
            let slice = x.min(limit).sub(below).max(Range::ZERO);
            total = total.add(number::mul(slice, rate, WHOLE));
            below = below.max(limit);
        }
        total
    }

    fn field(&self, record: u16, field: u16) -> Val {
        let row = self.row(record).and_then(|row| self.records(record)?.get(row as usize));
        let known = row.and_then(|row| row.fields.get(field as usize)).copied();
        known
            .or_else(|| self.program.field_defaults.get(record as usize)?.get(field as usize).copied())
            .unwrap_or(Val::Symbol(None))
    }

    fn table(&mut self, hit: TableHit, rows: &[(NodeId, NodeId)]) -> Val {
        let mut found: Option<Val> = None;
        match hit {
            TableHit::First => {
                for (when, then) in rows {
                    let truth = self.truth(*when);
                    if truth == Truth::False {
                        continue;
                    }
                    let value = self.val(*then);
                    found = Some(found.map_or(value, |before| before.join(value)));
                    if truth == Truth::True {
                        break;
                    }
                }
                found.unwrap_or(Val::Range(Range::ANY))
            }
            TableHit::Highest => {
                // sure rows raise both ends; of rows that only may hold the greatest raises the upper end, and where no row is
                // sure the least of them may be the only one
                let (mut sure, mut maybe, mut least) = (None::<Range>, None::<Range>, None::<Range>);
                for (when, then) in rows {
                    let truth = self.truth(*when);
                    if truth == Truth::False {
                        continue;
                    }
                    let value = self.range(*then);
                    let place = if truth == Truth::True { &mut sure } else { &mut maybe };
                    *place = Some(place.map_or(value, |before| before.max(value)));
                    least = Some(least.map_or(value, |before| before.min(value)));
                }
                Val::Range(match (sure, maybe, least) {
                    (Some(sure), Some(maybe), _) => Range { lo: sure.lo, hi: sure.hi.max(maybe.hi) },
                    (Some(sure), None, _) => sure,
                    (None, Some(maybe), Some(least)) => Range { lo: least.lo, hi: maybe.hi },
                    _ => Range::ANY,
                })
            }
            TableHit::Sum => {
                let mut total = Range::ZERO;
                for (when, then) in rows {
                    match self.truth(*when) {
                        Truth::False => {}
                        Truth::True => total = total.add(self.range(*then)),
                        Truth::Unknown => total = total.add(self.range(*then).join(Range::ZERO)),
                    }
                }
                Val::Range(total)
            }
        }
    }

    fn aggregate(&mut self, kind: Aggregate, record: u16, value: NodeId, filter: NodeId) -> Val {
        let Some(rows) = self.records(record) else {
            let before = self.enter(record, None);
            let possible = self.val(filter).truth();
            let each = if kind == Aggregate::Any { Range::ANY } else { self.range(value) };
            self.enter(record, before);
            return match kind {
                Aggregate::Any => Val::Truth(if possible == Truth::False { Truth::False } else { Truth::Unknown }),
                _ if possible == Truth::False => {
                    Val::Range(if kind == Aggregate::Sum { Range::ZERO } else { Range::ANY })
                }
                Aggregate::Sum => Val::Range(number::any_number_of(each)),
                Aggregate::Min | Aggregate::Max => Val::Range(Range::ANY),
            };
        };
        let before = self.row(record);
        let mut any = Truth::False;
        let mut total = Range::ZERO;
        // of the least or greatest: what surely counts, and what may
        let (mut sure, mut maybe) = (None::<Range>, None::<Range>);
        for (row, _) in (0_u32..).zip(rows) {
            self.enter(record, Some(row));
            let counts = self.truth(filter);
            if counts == Truth::False {
                continue;
            }
            any = any.or(counts);
            if kind == Aggregate::Any {
                if any == Truth::True {
                    break;
                }
                continue;
            }
            let value = self.range(value);
            let pick =
                |known: Option<Range>| {
                    Some(known.map_or(
                        value,
                        |known| if kind == Aggregate::Min { known.min(value) } else { known.max(value) },
                    ))
                };
            if counts == Truth::True {
                total = total.add(value);
                sure = pick(sure);
            } else {
                total = total.add(value.join(Range::ZERO));
                maybe = Some(maybe.map_or(value, |known| known.join(value)));
            }
        }
        self.enter(record, before);
        match kind {
            Aggregate::Any => Val::Truth(any),
            Aggregate::Sum => Val::Range(total),
            Aggregate::Min => Val::Range(match (sure, maybe) {
                (Some(sure), Some(maybe)) => Range { lo: sure.lo.min(maybe.lo), hi: sure.hi },
                (Some(sure), None) => sure,
                // without a record that surely counts there may be none, and then there is no least
                (None, _) => Range::ANY,
            }),
            Aggregate::Max => Val::Range(match (sure, maybe) {
                (Some(sure), Some(maybe)) => Range { lo: sure.lo, hi: sure.hi.max(maybe.hi) },
                (Some(sure), None) => sure,
                (None, _) => Range::ANY,
            }),
        }
    }

    fn listed(&mut self, list: u32, member: NodeId, on: NodeId, scope: Option<NodeId>) -> Val {
        let program = self.program;
        let Some(definition) = program.lists.get(list as usize) else { return Val::Truth(Truth::Unknown) };
        let Some(member) = self.val(member).symbol() else { return Val::Truth(Truth::Unknown) };
        let on = self.range(on);
        let scope = scope.map(|scope| self.val(scope).symbol());
        let added = self.bound.members.get(list as usize).map(Vec::as_slice).unwrap_or_default();
        let mut found = Truth::False;
        for (name, of, period) in definition.entries.iter().chain(added) {
            if *name != member {
                continue;
            }
            let (from, to) = (
                period.from().map_or(-UNBOUNDED, |d| i128::from(d.days())),
                period.to().map_or(UNBOUNDED, |d| i128::from(d.days())),
            );
            let in_time = compare(Order::Le, Range::point(from), on).and(compare(Order::Le, on, Range::point(to)));
            let in_scope = match (scope, of) {
                (None, _) | (_, None) => Truth::True,
                (Some(None), Some(_)) => Truth::Unknown,
                (Some(Some(asked)), Some(of)) => Truth::from(asked == *of),
            };
            found = found.or(in_time.and(in_scope));
        }
        if found == Truth::False && !definition.complete {
            return Val::Truth(Truth::Unknown);
        }
        Val::Truth(found)
    }

    /// What keeps a node open, in the order in which it is read. Adds to `out`, each leaf once.
    pub fn leaves(&mut self, id: NodeId, out: &mut Vec<Leaf>) {
        if self.val(id).is_known() {
            return;
        }
        let program = self.program;
        let node = program.arena.get(id);
        match node {
            Node::Slot(slot) => push(out, Leaf::Slot(*slot)),
            Node::Field { record, field } => {
                if let Some(row) = self.row(*record) {
                    push(out, Leaf::Field { record: *record, field: *field, row });
                }
            }
            Node::Review(review) => push(out, Leaf::Review(*review)),
            Node::Discretion(low, high) => {
                push(out, Leaf::Discretion(id));
                self.leaves(*low, out);
                self.leaves(*high, out);
            }
            Node::If(condition, yes, no) => match self.truth(*condition) {
                Truth::True => self.leaves(*yes, out),
                Truth::False => self.leaves(*no, out),
                Truth::Unknown => {
                    self.leaves(*condition, out);
                    self.leaves(*yes, out);
                    self.leaves(*no, out);
                }
            },
            Node::Table(hit, rows) => {
                for (when, then) in rows {
                    let truth = self.truth(*when);
                    if truth == Truth::False {
                        continue;
                    }
                    self.leaves(*when, out);
                    self.leaves(*then, out);
                    if truth == Truth::True && *hit == TableHit::First {
                        break;
                    }
                }
            }
            Node::Aggregate { kind, record, value, filter } => {
                self.aggregate_leaves(*kind, *record, *value, *filter, out)
            }
            Node::Min(items) | Node::Max(items) => {
                let least = matches!(node, Node::Min(_));
                let result = self.range(id);
                for item in items {
                    let value = self.range(*item);
                    // a value that cannot decide the result does not matter
                    let idle = if least { value.lo >= result.hi } else { value.hi <= result.lo };
                    if !idle {
                        self.leaves(*item, out);
                    }
                }
            }
            Node::Listed { list, member, on, scope } => {
                let before = out.len();
                self.leaves(*member, out);
                if self.val(*member).is_known() {
                    self.leaves(*on, out);
                    if let Some(scope) = scope {
                        self.leaves(*scope, out);
                    }
                    if out.len() == before {
                        push(out, Leaf::Member(*list));
                    }
                }
            }
            Node::Within(place, _) if self.val(*place).is_known() => match program.arena.get(*place) {
                // a city is known where a district is needed
                Node::Slot(slot) => push(out, Leaf::Slot(*slot)),
                Node::Field { record, field } => {
                    if let Some(row) = self.row(*record) {
                        push(out, Leaf::Field { record: *record, field: *field, row });
                    }
                }
                _ => {}
            },
            Node::OutcomeOf(measure, _) => crate::assess::leaves_of(self, *measure, false, out),
            Node::AmountOf(measure) => crate::assess::leaves_of(self, *measure, true, out),
            Node::Ratio(_, divisor) | Node::MulDiv(_, _, divisor) | Node::FloorDiv(_, divisor) => {
                let divisor_range = self.range(*divisor);
                if divisor_range.is_point() && divisor_range.lo <= 0 {
                    push(out, Leaf::Invalid(id));
                }
                node.children(&mut |child| self.leaves(child, out));
            }
            _ => node.children(&mut |child| self.leaves(child, out)),
        }
    }

    fn aggregate_leaves(&mut self, kind: Aggregate, record: u16, value: NodeId, filter: NodeId, out: &mut Vec<Leaf>) {
        let Some(rows) = self.records(record) else {
            push(out, Leaf::Records(record));
            return;
        };
        let before = self.row(record);
        for (row, _) in (0_u32..).zip(rows) {
            self.enter(record, Some(row));
            match self.truth(filter) {
                Truth::False => {}
                Truth::Unknown => {
                    self.leaves(filter, out);
                    if kind != Aggregate::Any {
                        self.leaves(value, out);
                    }
                }
                Truth::True => {
                    if kind != Aggregate::Any {
                        self.leaves(value, out);
                    }
                }
            }
        }
        self.enter(record, before);
    }
}

fn push(out: &mut Vec<Leaf>, leaf: Leaf) {
    if !out.contains(&leaf) {
        out.push(leaf);
    }
}

/// What nodes can be when nothing is known.
#[derive(Debug)]
pub struct Bounds<'a> {
    program: &'a Program,
    nothing: Bound,
}

impl<'a> Bounds<'a> {
    /// Bounds for a program.
    #[must_use]
    pub fn new(program: &'a Program) -> Self {
        Self { program, nothing: Bound::nothing(program) }
    }

    /// The value that a node has for a party of which nothing is known.
    #[must_use]
    pub fn of(&self, node: NodeId) -> Val {
        Eval::new(self.program, &self.nothing).val(node)
    }
}
