//! The rules over a whole registry: how many companies each measure reaches, what it costs, why not, what is missing,
//! and the result of each company as a table.

mod report;
mod rounds;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use domain::text::nearest;
use domain::{Date, Money};
use rules::assess::{Reason, choose};
use rules::ast::AppliesTo;
use rules::bind::Dates;
use rules::diag::Text;
use rules::formula::YearRef;
use rules::ir::{Program, Read, VersionIr};
use rules::source::Sources;
use screen::frame::ChildColumns;
use screen::output::{Table, TableWriter, WriteError};
use screen::source::Batch;
use screen::{
    Adder, Collector, Dimension, FactColumn, Isa, Layout, Options, Plan, Progress, RunError, Sink, Source, View,
};
use sha2::{Digest, Sha256};

pub use report::{
    Counts, EntitledReport, FORMAT, GroupReport, GroupsReport, MeasureReport, MissingCount, ReasonCount,
    RejectedReport, Report, Sum,
};
pub use rounds::RoundReport;

/// Facts by which companies are put into groups.
const GROUPING: [&str; 5] = ["org.staff", "org.founded_on", "org.place", "org.city", "org.industry"];

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Ids of measures; none for all that can pay at the date.
    pub measures: Vec<String>,
    /// The two dates.
    pub dates: Dates,
    /// Whether to add up by group.
    pub groups: bool,
    /// Whether to say which facts are missing.
    pub missing: bool,
    /// The budget of a call with one measure; without a `round` of its own all are cut in proportion.
    pub budget: Option<Money>,
    /// The hash of the rules, see [`hash`].
    pub rules: String,
}

/// Files to write. They appear at the end, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// A line for each company and measure: the file, and whether those that are not eligible are in it too.
    pub rows: Option<(PathBuf, bool)>,
    /// With one measure: the companies that are surely entitled to a settled amount.
    pub entitled: Option<PathBuf>,
}

/// Why there is no report.
#[derive(Debug)]
pub enum ScreenError {
    /// The run did not come to its end.
    Run(RunError),
    /// It cannot be done as asked.
    Request(Text),
}

impl From<WriteError> for ScreenError {
    fn from(error: WriteError) -> Self {
        Self::Run(RunError::Write(error))
    }
}

impl From<RunError> for ScreenError {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

/// A screening that can be run over registries.
#[derive(Clone, Debug)]
pub struct Screening<'p> {
    program: &'p Program,
    request: Request,
    measures: Vec<u32>,
}

impl<'p> Screening<'p> {
    /// What a request asks of a program.
    ///
    /// # Errors
    /// When there is no such measure, or a budget for several.
    pub fn new(program: &'p Program, request: Request) -> Result<Self, Text> {
        let measures = if request.measures.is_empty() {
            let open = program.measures.iter().zip(0_u32..).filter(|(measure, _)| {
                let chosen = choose(&measure.versions, request.dates.on, request.dates.known_on);
                measure.applies_to == AppliesTo::Organisation && chosen.reason.is_none()
            });
            open.map(|(_, index)| index).collect()
        } else {
            let mut measures = Vec::new();
            for id in &request.measures {
                let index = program.measure(id).and_then(|index| u32::try_from(index).ok());
                let index = index.ok_or_else(|| unknown(program, id))?;
                if !measures.contains(&index) {
                    measures.push(index);
                }
            }
            measures
        };
        if request.budget.is_some() && measures.len() != 1 {
            return Err(Text::new("预算只能用于一项措施", "a budget is for exactly one measure"));
        }
        Ok(Self { program, request, measures })
    }

    /// The columns that the measures and groups need; others need not be read.
    #[must_use]
    pub fn wanted(&self) -> Layout {
        let mut layout = Layout::default();
        let mut children: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
        for read in self.measures.iter().filter_map(|index| self.version(*index)).flat_map(|v| self.program.reads(v)) {
            match read {
                Read::Slot(slot) => {
                    layout.facts.extend(
                        self.program
                            .slots
                            .get(slot as usize)
                            .map(|slot| FactColumn { fact: slot.fact, year: slot.year.map(|year| self.year(year)) }),
                    );
                }
                Read::Field(record, field) => children.entry(record).or_default().push(field),
                Read::Records(record) => drop(children.entry(record).or_default()),
            }
        }
        if self.request.groups {
            let facts = GROUPING.iter().filter_map(|name| self.program.vocabulary.fact(name));
            layout.facts.extend(facts.map(|fact| FactColumn { fact, year: None }));
        }
        layout.facts.sort_unstable();
        layout.facts.dedup();
        layout.children = children
            .into_iter()
            .map(|(record, mut fields)| {
                fields.sort_unstable();
                fields.dedup();
                ChildColumns { record, fields }
            })
            .collect();
        layout
    }

    fn year(&self, year: YearRef) -> i32 {
        match year {
            YearRef::Relative(offset) => self.request.dates.on.year() + offset,
            YearRef::Fixed(year) => year,
        }
    }

    fn version(&self, measure: u32) -> Option<&'p VersionIr> {
        let measure = self.program.measures.get(measure as usize)?;
        let chosen = choose(&measure.versions, self.request.dates.on, self.request.dates.known_on);
        measure.versions.get(chosen.version?)
    }

    /// Runs it.
    ///
    /// # Errors
    /// [`ScreenError`]; no file has appeared under its name then.
    pub fn run(
        &self,
        source: &dyn Source,
        threads: usize,
        progress: &Progress,
        files: &Files,
    ) -> Result<Report, ScreenError> {
        if files.entitled.is_some() && self.measures.len() != 1 {
            let (zh, en) = ("享受名单只能用于一项措施", "a list of those entitled is of exactly one measure");
            return Err(ScreenError::Request(Text::new(zh, en)));
        }
        if (files.rows.is_some() || files.entitled.is_some()) && !has_ids(source)? {
            return Err(ScreenError::Request(Text::new(
                "写出企业名单须知道哪一列标识企业：请用 --id 写明列名，或在对照文件中写明 id",
                "to write companies down, it must be known which column identifies them: name it with --id, or with `id` in the mapping",
            )));
        }
        let options =
            Options { measures: self.measures.clone(), dates: self.request.dates, missing: self.request.missing };
        let plan = Plan::new(self.program, source.layout(), &options);
        let vocabulary = &self.program.vocabulary;
        let dimensions = if self.request.groups {
            Dimension::usual(vocabulary, source.layout(), self.request.dates.on)
        } else {
            Vec::new()
        };
        let collect = Collect {
            plan: &plan,
            adder: Adder::new(&plan, &dimensions),
            shape: rows::Shape::new(self, files),
            rows: files.rows.as_ref().map(|(path, _)| writer(path, rows::table(self))).transpose()?,
            entitled: files.entitled.as_ref().map(|path| writer(path, rows::entitled(self))).transpose()?,
            rounds: rounds::Rounds::new(self),
            list: Mutex::default(),
            settled: Mutex::default(),
        };
        let ran = screen::run(source, &plan, Isa::best(), threads, &collect, progress)?;
        let Collect { adder, rows, entitled, list, settled, rounds, .. } = collect;
        let mut totals = adder.totals();
        totals.settle();
        let settled = settled.into_inner().unwrap_or_else(PoisonError::into_inner);
        let list = list.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut report = report::build(self, &plan, &dimensions, &totals, ran);
        for (measure, round) in rounds.settle(settled) {
            if let Some(measure) = report.measures.get_mut(measure) {
                measure.round = Some(round);
            }
        }
        if entitled.is_some() {
            report.entitled = Some(list.report(self.type_of(0)));
        }
        for writer in [entitled, rows].into_iter().flatten() {
            writer.into_inner().unwrap_or_else(PoisonError::into_inner).finish()?;
        }
        Ok(report)
    }

    /// The type of a measure's amounts, by its place in the screening.
    fn type_of(&self, at: usize) -> rules::vocabulary::Type {
        let version = self.measures.get(at).and_then(|measure| self.version(*measure));
        version.map_or(rules::vocabulary::Type::Money, |version| version.amount_type)
    }
}

fn unknown(program: &Program, id: &str) -> Text {
    match nearest(id, program.catalogue.measures.iter().map(|measure| measure.id.as_str())) {
        Some(near) => Text::new(
            format!("没有措施 `{id}`：是否想写 `{near}`？"),
            format!("there is no measure `{id}`; did you mean `{near}`?"),
        ),
        None => Text::new(
            format!("没有措施 `{id}`：`kapok policy measures` 列出全部措施"),
            format!("there is no measure `{id}`; `kapok policy measures` lists all measures"),
        ),
    }
}

/// The SHA-256 of the texts of rules: names and contents, each with its length before it.
#[must_use]
pub fn hash(sources: &Sources) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in sources.vocabulary.iter().chain(&sources.catalogue) {
        for part in [name.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a registry says what identifies its rows; one without rows need not.
fn has_ids(source: &dyn Source) -> Result<bool, ScreenError> {
    let mut found = None;
    for part in 0..source.parts() {
        let look = &mut |batch: Batch| {
            if batch.frame.len == 0 {
                return ControlFlow::Continue(());
            }
            found = Some(batch.ids.is_some());
            ControlFlow::Break(())
        };
        source.read(part, look).map_err(RunError::Read)?;
        if found.is_some() {
            break;
        }
    }
    Ok(found.unwrap_or(true))
}

fn writer(path: &std::path::Path, table: Table) -> Result<Mutex<TableWriter>, WriteError> {
    TableWriter::create(path, &table).map(Mutex::new)
}

/// Puts together sums, rows and applicants.
struct Collect<'p> {
    plan: &'p Plan<'p>,
    adder: Adder<'p>,
    shape: rows::Shape<'p>,
    rows: Option<Mutex<TableWriter>>,
    entitled: Option<Mutex<TableWriter>>,
    rounds: rounds::Rounds<'p>,
    list: Mutex<rows::List>,
    settled: Mutex<rounds::Found>,
}

/// What is found in one part.
struct Part<'p> {
    totals: <Adder<'p> as Collector>::Part,
    rows: rows::Part<'p>,
    rounds: rounds::Part<'p>,
}

impl<'p> Collector for Collect<'p> {
    type Part = Part<'p>;

    fn part(&self) -> Part<'p> {
        let encoder = |writer: &Option<Mutex<TableWriter>>| {
            writer.as_ref().map(|writer| writer.lock().unwrap_or_else(PoisonError::into_inner).encoder())
        };
        Part {
            totals: self.adder.part(),
            rows: rows::Part::new(self.plan, self.shape.clone(), encoder(&self.rows), encoder(&self.entitled)),
            rounds: self.rounds.part(self.plan),
        }
    }

    fn take(&self, part: Part<'p>) -> Result<(), RunError> {
        self.adder.take(part.totals)?;
        let done = part.rows.finish().map_err(RunError::Write)?;
        for (parts, writer) in [(done.rows, &self.rows), (done.entitled, &self.entitled)] {
            let Some(writer) = writer else { continue };
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            parts.into_iter().try_for_each(|part| writer.append(part)).map_err(RunError::Write)?;
        }
        self.list.lock().unwrap_or_else(PoisonError::into_inner).add(&done.list);
        self.settled.lock().unwrap_or_else(PoisonError::into_inner).add(part.rounds.found);
        Ok(())
    }
}

impl Sink for Part<'_> {
    fn rows(&mut self, batch: &Batch) {
        self.totals.rows(batch);
        self.rows.batch(batch);
        self.rounds.batch(batch);
    }

    fn measure(&mut self, first: usize, view: &View<'_>) {
        self.totals.measure(first, view);
        self.rows.measure(first, view);
        self.rounds.measure(first, view);
    }
}

/// Why a measure cannot pay, in words.
fn reason_text(program: &Program, measure: u32, reason: Reason, on: Date, known_on: Date) -> Text {
    let index = measure as usize;
    let versions = program.catalogue.measures.get(index).map(|measure| &measure.versions);
    let chosen = program.measures.get(index).and_then(|ir| choose(&ir.versions, on, known_on).version);
    let version = chosen.and_then(|version| versions?.get(version));
    rules::listing::state(version, Some(reason))
}
