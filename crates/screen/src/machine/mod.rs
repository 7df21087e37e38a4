//! The vector machine: a screening over the rows of a frame, 1,024 at a time.

mod isa;
mod kernel;
pub(crate) mod lane;
mod load;
mod run;
mod state;
mod table;

pub use isa::Isa;

use rules::ast::Outcome;
use rules::ir::Aggregate;
use rules::value::{Range, Truth};

use crate::frame::{CHUNK, Children, Frame, WORDS};
use crate::plan::op::Op;
use crate::plan::{BodyCode, Emit, Output, Place, Plan};
use crate::source::Batch;
use lane::Lane;
use run::{Context, Made, Stop, Sums};
use state::{ALL, Bank, NONE, State, Truths, Window, Words};

/// Takes what is found of each measure, chunk by chunk.
pub trait Sink {
    /// The rows that are screened next.
    fn rows(&mut self, _batch: &Batch) {}

    /// `view` tells one measure over the rows of one chunk; `first` is the chunk's first row in the frame.
    fn measure(&mut self, first: usize, view: &View<'_>);
}

/// Runs a plan. One for each thread.
#[derive(Debug)]
pub struct Machine<'p> {
    plan: &'p Plan<'p>,
    isa: Isa,
    main: State,
    bodies: Vec<State>,
    results: Vec<Vec<Made>>,
}

/// One measure over the rows of one chunk.
#[derive(Debug)]
pub struct View<'v> {
    /// The measure's place in [`Plan::measures`].
    pub index: usize,
    /// How many rows there are.
    pub rows: usize,
    /// A bit for each row that is eligible.
    pub eligible: Words,
    /// Not eligible.
    pub not_eligible: Words,
    /// Undetermined.
    pub undetermined: Words,
    /// Needs a person.
    pub needs_person: Words,
    /// Sum of the least amounts, in the unit of [`rules::value`].
    pub lo: i128,
    /// Sum of the greatest amounts of those that have an end.
    pub hi: i128,
    /// Rows whose greatest amount has no end.
    pub endless: u32,
    inside: Inside<'v>,
}

#[derive(Debug)]
enum Inside<'v> {
    Chunk { emit: &'v Emit, reads: &'v [u32], state: &'v State, window: Window<'v> },
    Rows(&'v [Row]),
}

/// What is told of a row that was assessed by itself.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) outcome: Outcome,
    pub(crate) amount: Range,
    pub(crate) potential: Range,
    pub(crate) fail: Option<u16>,
    /// For each fact that may be missing: whether it keeps the conditions open, and the amount.
    pub(crate) missing: Vec<(bool, bool)>,
}

impl View<'_> {
    /// A row's outcome.
    #[must_use]
    pub fn outcome(&self, row: usize) -> Outcome {
        let is = |words: &Words| words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
        if is(&self.eligible) {
            Outcome::Eligible
        } else if is(&self.undetermined) {
            Outcome::Undetermined
        } else if is(&self.needs_person) {
            Outcome::NeedsPerson
        } else {
            Outcome::NotEligible
        }
    }

    /// A row's amount, in the unit of [`rules::value`].
    #[must_use]
    pub fn amount(&self, row: usize) -> Range {
        match &self.inside {
            Inside::Chunk { emit, reads, state, window } => at(emit.amount, reads, row, state, window),
            Inside::Rows(rows) => rows.get(row).map_or(Range::ZERO, |row| row.amount),
        }
    }

    /// A row's amount if all that is open turns out well.
    #[must_use]
    pub fn potential(&self, row: usize) -> Range {
        match &self.inside {
            Inside::Chunk { emit, reads, state, window } => at(emit.potential, reads, row, state, window),
            Inside::Rows(rows) => rows.get(row).map_or(Range::ZERO, |row| row.potential),
        }
    }

    /// For each thing that a row may fail by, in the order of [`crate::plan::Screened::fails`]: the rows that are not
    /// eligible and fail by it first, and those that fail by nothing else among the conditions on the party.
    pub fn fails(&self, mut each: impl FnMut(usize, &Words, &Words)) {
        let (emit, reads, state) = match &self.inside {
            Inside::Chunk { emit, reads, state, .. } => (emit, reads, state),
            Inside::Rows(rows) => return self.fails_of_rows(rows, each),
        };
        let mut left = self.not_eligible;
        let (mut one, mut more) = (NONE, NONE);
        let conds = || reads.get(emit.conds.clone()).unwrap_or_default();
        for cond in conds() {
            let no = state.truths.get(*cond as usize).map_or(NONE, |truths| truths.no);
            for word in 0..WORDS {
                more[word] |= one[word] & no[word];
                one[word] |= no[word];
            }
        }
        let mut number = 0;
        let mut tell = |number: usize, no: &Words, alone: &Words, left: &mut Words| {
            let mut first = NONE;
            for word in 0..WORDS {
                first[word] = left[word] & no[word];
                left[word] &= !no[word];
            }
            each(number, &first, alone);
        };
        for cond in conds() {
            let no = state.truths.get(*cond as usize).map_or(NONE, |truths| truths.no);
            let mut alone = NONE;
            for word in 0..WORDS {
                alone[word] = self.not_eligible[word] & no[word] & !more[word];
            }
            tell(number, &no, &alone, &mut left);
            number += 1;
        }
        let codes = emit.record_fails.and_then(|at| reads.get(at));
        let codes = codes.map(|id| &Bank::<i64>::get(*state, *id).lo);
        for cond in 1..=emit.record_conds + 1 {
            let refused = cond > emit.record_conds;
            let mut no = NONE;
            if let Some(codes) = codes {
                for (row, code) in codes.iter().enumerate() {
                    no[row / 64] |= u64::from(usize::try_from(*code) == Ok(cond)) << (row % 64);
                }
            } else if refused && let Some(id) = emit.refused.and_then(|at| reads.get(at)) {
                no = state.truths.get(*id as usize).map_or(NONE, |truths| truths.yes);
            }
            tell(number, &no, &NONE, &mut left);
            number += 1;
        }
        if emit.each {
            tell(number, &ALL, &NONE, &mut left);
        }
    }

    fn fails_of_rows(&self, rows: &[Row], mut each: impl FnMut(usize, &Words, &Words)) {
        let most = rows.iter().filter_map(|row| row.fail).max();
        for number in 0..=most.unwrap_or_default() {
            let mut first = NONE;
            for (at, row) in rows.iter().enumerate().take(CHUNK) {
                first[at / 64] |= u64::from(row.fail == Some(number)) << (at % 64);
            }
            each(usize::from(number), &first, &NONE);
        }
    }

    /// For each fact in the order of [`crate::plan::Screened::missing`]: the rows that it keeps open, and those whose
    /// amount alone it keeps open.
    pub fn missing(&self, mut each: impl FnMut(usize, &Words, &Words)) {
        let open = |row: usize| self.not_eligible[row / 64] >> (row % 64) & 1 == 0;
        match &self.inside {
            Inside::Chunk { emit, reads, state, .. } => {
                let masks = |range: &std::ops::Range<usize>| reads.get(range.clone()).unwrap_or_default();
                for (number, (gate, amount)) in masks(&emit.gates).iter().zip(masks(&emit.amounts)).enumerate() {
                    let mask = |id: &u32| state.masks.get(*id as usize).copied().unwrap_or(NONE);
                    let (mut gate, mut amount) = (mask(gate), mask(amount));
                    for word in 0..WORDS {
                        let possible = self.eligible[word] | self.undetermined[word] | self.needs_person[word];
                        gate[word] &= possible;
                        amount[word] &= possible & !gate[word];
                    }
                    each(number, &gate, &amount);
                }
            }
            Inside::Rows(rows) => {
                let facts = rows.first().map_or(0, |row| row.missing.len());
                for number in 0..facts {
                    let (mut gates, mut amounts) = (NONE, NONE);
                    for (at, row) in rows.iter().enumerate().take(CHUNK).filter(|(at, _)| open(*at)) {
                        let (gate, amount) = row.missing.get(number).copied().unwrap_or_default();
                        gates[at / 64] |= u64::from(gate) << (at % 64);
                        amounts[at / 64] |= u64::from(amount && !gate) << (at % 64);
                    }
                    each(number, &gates, &amounts);
                }
            }
        }
    }
}

fn at(place: Place, reads: &[u32], row: usize, state: &State, window: &Window<'_>) -> Range {
    match place {
        Place::Const(range) => range,
        Place::Read { at, unit, wide } => match reads.get(at) {
            Some(id) if row < CHUNK => {
                run::range(crate::plan::op::Operand::Reg { id: *id, unit, wide }, row, state, window)
            }
            _ => Range::ZERO,
        },
    }
}

impl<'p> Machine<'p> {
    /// A machine for a plan and an instruction set.
    #[must_use]
    pub fn new(plan: &'p Plan<'p>, isa: Isa) -> Self {
        let results = plan.bodies.iter().map(|body| body.outputs.iter().map(Made::of).collect()).collect();
        let mut machine = Self {
            plan,
            isa,
            main: State::new(&plan.main),
            bodies: plan.bodies.iter().map(|body| State::new(&body.code)).collect(),
            results,
        };
        let window = Window { columns: &[], at: 0, len: CHUNK };
        let context = Context {
            program: plan.program,
            tables: &plan.tables,
            emits: &plan.emits,
            window,
            known_records: &[],
            party: None,
            results: &[],
        };
        run::constants(&plan.main, &mut machine.main, &context);
        for (body, state) in plan.bodies.iter().zip(&mut machine.bodies) {
            run::constants(&body.code, state, &context);
        }
        machine
    }

    /// Screens the rows of a batch.
    pub fn batch(&mut self, batch: &Batch, sink: &mut dyn Sink) {
        sink.rows(batch);
        self.run(&batch.frame, sink);
    }

    /// Screens the rows of a frame, whose columns are those of the plan's layout.
    pub fn run(&mut self, frame: &Frame, sink: &mut dyn Sink) {
        let mut first = 0;
        while first < frame.len {
            let window = Window { columns: &frame.columns, at: first, len: (frame.len - first).min(CHUNK) };
            self.chunk(frame, window, sink);
            first += CHUNK;
        }
    }

    /// Screens the rows of one chunk of a frame, from its first row on.
    pub(crate) fn piece(&mut self, frame: &Frame, first: usize, sink: &mut dyn Sink) {
        let window = Window { columns: &frame.columns, at: first, len: frame.len.saturating_sub(first).min(CHUNK) };
        self.chunk(frame, window, sink);
    }

    fn chunk(&mut self, frame: &Frame, window: Window<'_>, sink: &mut dyn Sink) {
        let known: Vec<Words> = frame
            .children
            .iter()
            .map(|children| {
                let known = children.known.as_ref().map_or(ALL, |known| window.bits(known.words()));
                let rows = window.rows();
                let mut words = known;
                words.iter_mut().zip(rows).for_each(|(word, rows)| *word |= !rows);
                words
            })
            .collect();
        let plan = self.plan;
        let mut pc = 0;
        loop {
            let context = Context {
                program: plan.program,
                tables: &plan.tables,
                emits: &plan.emits,
                window,
                known_records: &known,
                party: None,
                results: &self.results,
            };
            let mut sums = Sums::default();
            let (next, stop) = run::run(self.isa, &plan.main, pc, &mut self.main, &context, &mut sums);
            match stop {
                Stop::End => return,
                Stop::Body(body) => self.body(body as usize, frame, window),
                Stop::Emit(emit) => self.tell(emit as usize, next - 1, frame, window, sums, sink),
            }
            pc = next;
        }
    }

    fn tell(&self, index: usize, pc: usize, frame: &Frame, window: Window<'_>, sums: Sums, sink: &mut dyn Sink) {
        let (Some((Op::Emit { reads, .. }, _)), Some(emit), Some(measure)) =
            (self.plan.main.ops.get(pc), self.plan.emits.get(index), self.plan.measures.get(index))
        else {
            return;
        };
        if measure.one_by_one {
            let rows = crate::exact::rows(self.plan, index, frame, window.at, window.len);
            sink.measure(window.at, &of_rows(index, &rows));
            return;
        }
        let truths =
            reads.first().and_then(|id| self.main.truths.get(*id as usize)).copied().unwrap_or(Truths::UNKNOWN);
        let asks = reads.get(1).and_then(|id| self.main.masks.get(*id as usize)).copied().unwrap_or(NONE);
        let rows = window.rows();
        let mut view = View {
            index,
            rows: window.len,
            eligible: NONE,
            not_eligible: NONE,
            undetermined: NONE,
            needs_person: NONE,
            lo: sums.lo,
            hi: sums.hi,
            endless: sums.endless,
            inside: Inside::Chunk { emit, reads, state: &self.main, window },
        };
        for word in 0..WORDS {
            let open = rows[word] & !truths.yes[word] & !truths.no[word];
            view.eligible[word] = truths.yes[word] & rows[word];
            view.not_eligible[word] = truths.no[word] & rows[word];
            view.undetermined[word] = open & asks[word];
            view.needs_person[word] = open & !asks[word];
        }
        sink.measure(window.at, &view);
    }

    /// Computes the records of the rows of a window, and what each row gets of them.
    fn body(&mut self, index: usize, frame: &Frame, window: Window<'_>) {
        let plan = self.plan;
        let (Some(body), Some(state), Some(results)) =
            (plan.bodies.get(index), self.bodies.get_mut(index), self.results.get_mut(index))
        else {
            return;
        };
        for (made, output) in results.iter_mut().zip(&body.outputs) {
            made.reset(output);
        }
        let Some(children) = frame.children.get(body.table as usize) else { return };
        let offset = |row: usize| children.offsets.get(row).map_or(0, |at| *at as usize);
        let (from, to) = (offset(window.at), offset(window.at + window.len));
        let mut first = from;
        let mut party = window.at;
        while first < to {
            let len = (to - first).min(CHUNK);
            let mut of = [0_u16; CHUNK];
            for (record, place) in (first..first + len).zip(&mut of) {
                while offset(party + 1) <= record {
                    party += 1;
                }
                *place = u16::try_from(party - window.at).unwrap_or_default();
            }
            let records = Window { columns: &children.columns, at: first, len };
            let context = Context {
                program: plan.program,
                tables: &plan.tables,
                emits: &[],
                window: records,
                known_records: &[],
                party: Some((&self.main, &window, &of)),
                results: &[],
            };
            run::run(self.isa, &body.code, 0, state, &context, &mut Sums::default());
            for (made, output) in results.iter_mut().zip(&body.outputs) {
                made.add(output, state, &records, &of);
            }
            first += len;
        }
        finish(results, body, children);
    }
}

/// Rows without a record that surely counts have no least and no greatest.
fn finish(results: &mut [Made], body: &BodyCode, _: &Children) {
    for (made, output) in results.iter_mut().zip(&body.outputs) {
        if let (Made::Extreme { sure, maybe, least, made: ranges }, Output::Number { .. }) = (made, output) {
            for row in 0..CHUNK {
                ranges[row] = match (sure[row], maybe[row]) {
                    (Some(sure), Some(maybe)) if *least => Range { lo: sure.lo.min(maybe.lo), hi: sure.hi },
                    (Some(sure), Some(maybe)) => Range { lo: sure.lo, hi: sure.hi.max(maybe.hi) },
                    (Some(sure), None) => sure,
                    (None, _) => Range::ANY,
                };
            }
        }
    }
}

impl Made {
    fn of(output: &Output) -> Self {
        let ranges = || Box::new([Range::ZERO; CHUNK]);
        match output {
            Output::Any { .. } => Self::Truth(Truths { yes: NONE, no: ALL }),
            Output::Mask { .. } => Self::Mask(NONE),
            Output::Number { kind: Aggregate::Min | Aggregate::Max, .. } => Self::Extreme {
                sure: Box::new([None; CHUNK]),
                maybe: Box::new([None; CHUNK]),
                least: matches!(output, Output::Number { kind: Aggregate::Min, .. }),
                made: ranges(),
            },
            Output::Number { .. } | Output::Fails { .. } => Self::Number(ranges()),
        }
    }

    fn reset(&mut self, _: &Output) {
        match self {
            Self::Truth(truths) => *truths = Truths { yes: NONE, no: ALL },
            Self::Mask(mask) => *mask = NONE,
            Self::Number(ranges) => ranges.fill(Range::ZERO),
            Self::Extreme { sure, maybe, .. } => {
                sure.fill(None);
                maybe.fill(None);
            }
        }
    }

    /// Adds the records of a window, in their order.
    fn add(&mut self, output: &Output, state: &State, records: &Window<'_>, of: &[u16; CHUNK]) {
        let truth = |id: u32, row: usize| {
            let truths = state.truths.get(id as usize).copied().unwrap_or(Truths::UNKNOWN);
            let is = |words: &Words| words[row / 64] >> (row % 64) & 1 == 1;
            if is(&truths.yes) {
                Truth::True
            } else if is(&truths.no) {
                Truth::False
            } else {
                Truth::Unknown
            }
        };
        for (row, party) in of.iter().enumerate().take(records.len) {
            let party = usize::from(*party);
            let (word, bit) = (party / 64, 1 << (party % 64));
            match (&mut *self, output) {
                (Self::Truth(any), Output::Any { filter }) => match truth(*filter, row) {
                    Truth::True => {
                        any.yes[word] |= bit;
                        any.no[word] &= !bit;
                    }
                    Truth::Unknown => any.no[word] &= !bit,
                    Truth::False => {}
                },
                (Self::Mask(mask), Output::Mask { mask: id }) => {
                    let set = state.masks.get(*id as usize).is_some_and(|mask| mask[row / 64] >> (row % 64) & 1 == 1);
                    if set {
                        mask[word] |= bit;
                    }
                }
                (Self::Number(ranges), Output::Number { filter, value, .. }) => {
                    let value = run::range(*value, row, state, records);
                    match truth(*filter, row) {
                        Truth::False => {}
                        Truth::True => ranges[party] = ranges[party].add(value),
                        Truth::Unknown => ranges[party] = ranges[party].add(value.join(Range::ZERO)),
                    }
                }
                (Self::Extreme { sure, maybe, least, .. }, Output::Number { filter, value, .. }) => {
                    let value = run::range(*value, row, state, records);
                    match truth(*filter, row) {
                        Truth::False => {}
                        Truth::True => {
                            let pick = |known: Range| if *least { known.min(value) } else { known.max(value) };
                            sure[party] = Some(sure[party].map_or(value, pick));
                        }
                        Truth::Unknown => {
                            maybe[party] = Some(maybe[party].map_or(value, |known| known.join(value)));
                        }
                    }
                }
                (Self::Number(codes), Output::Fails { conds, refused }) => {
                    if codes[party] != Range::ZERO {
                        continue;
                    }
                    let failing = conds.iter().position(|cond| truth(*cond, row) == Truth::False).map(|at| at + 1);
                    let refused = refused.filter(|made| truth(*made, row) == Truth::False).map(|_| conds.len() + 1);
                    if let Some(code) = failing.or(refused) {
                        codes[party] = Range::point(i128::try_from(code).unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
    }
}

/// What was found row by row, as if it had been found at once.
fn of_rows(index: usize, rows: &[Row]) -> View<'_> {
    let mut view = View {
        index,
        rows: rows.len(),
        eligible: NONE,
        not_eligible: NONE,
        undetermined: NONE,
        needs_person: NONE,
        lo: 0,
        hi: 0,
        endless: 0,
        inside: Inside::Rows(rows),
    };
    for (at, row) in rows.iter().enumerate().take(CHUNK) {
        let words = match row.outcome {
            Outcome::Eligible => &mut view.eligible,
            Outcome::NotEligible => &mut view.not_eligible,
            Outcome::Undetermined => &mut view.undetermined,
            Outcome::NeedsPerson => &mut view.needs_person,
        };
        words[at / 64] |= 1 << (at % 64);
        view.lo += row.amount.lo;
        if row.amount.hi >= i128::END { view.endless += 1 } else { view.hi += row.amount.hi }
    }
    view
}
