//! The same registry under several rules: those in force and drafts of their change. For each company and measure what
//! it gets before and after, and of all of them who gains, who loses, who cannot be told, what it costs, and why.

mod change;
mod list;
mod part;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rules::Lang;
use rules::diag::Text;
use rules::vocabulary::Type;

pub use change::{Answer, BANDS, Change, EDGES, Sum, Verdict};
use list::List;
use part::Machines;
pub use part::Part;
use texts::Renumber;

use crate::group::Dimension;
use crate::machine::Isa;
use crate::plan::{Fail, Options, Plan};
use crate::run::{Collector, Progress, Ran, RunError, run};
use crate::source::Source;

/// A measure on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its id.
    pub measure: String,
    /// Its place in the base's plan.
    pub base: Option<usize>,
    /// Its place in the draft's.
    pub draft: Option<usize>,
    /// Whether its amounts are money that is paid, which is added up over measures.
    pub money: bool,
    /// Whether the amounts of both sides have one unit.
    pub comparable: bool,
    /// The types of the amounts before and after.
    pub types: (Option<Type>, Option<Type>),
    base_pays: bool,
    draft_pays: bool,
}

/// One measure over all companies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureChange {
    /// All companies.
    pub all: Change,
    /// For each dimension its groups.
    pub groups: Vec<Vec<Change>>,
    /// For each thing that a company may fail by in the draft ([`crate::plan::Screened::fails`]): those that could get
    /// the measure before and cannot after, by what they fail by first.
    pub lost_by: Vec<u64>,
    /// Those that cannot for a reason that is not theirs, such as a measure that is gone.
    pub lost_otherwise: u64,
    /// The same for companies that could not get it before, by what they failed by then.
    pub won_by: Vec<u64>,
    /// Those that could not for a reason that was not theirs.
    pub won_otherwise: u64,
}

/// A draft against the base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The measures, in the order of [`Comparison::pairs`].
    pub measures: Vec<MeasureChange>,
    /// All measures of a company together: its money added up, without rules between measures.
    pub all: Change,
    /// The same for each dimension and group.
    pub groups: Vec<Vec<Change>>,
}

impl Compared {
    fn companies(&mut self, rows: u64, groups: &[Vec<u16>]) {
        self.all.companies += rows;
        for (cells, groups) in self.groups.iter_mut().zip(groups) {
            for group in groups {
                if let Some(cell) = cells.get_mut(usize::from(*group)) {
                    cell.companies += 1;
                }
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.all.add(&other.all);
        let cells = |to: &mut Vec<Vec<Change>>, from: &Vec<Vec<Change>>| {
            to.iter_mut().flatten().zip(from.iter().flatten()).for_each(|(cell, other)| cell.add(other));
        };
        cells(&mut self.groups, &other.groups);
        for (measure, other) in self.measures.iter_mut().zip(&other.measures) {
            measure.all.add(&other.all);
            cells(&mut measure.groups, &other.groups);
            measure.lost_by.iter_mut().zip(&other.lost_by).for_each(|(count, more)| *count += more);
            measure.won_by.iter_mut().zip(&other.won_by).for_each(|(count, more)| *count += more);
            measure.lost_otherwise += other.lost_otherwise;
            measure.won_otherwise += other.won_otherwise;
        }
    }

    /// Each measure was computed for every company.
    fn settle(&mut self) {
        for measure in &mut self.measures {
            measure.all.companies = self.all.companies;
            let cells = measure.groups.iter_mut().flatten().zip(self.groups.iter().flatten());
            cells.for_each(|(cell, size)| cell.companies = size.companies);
        }
    }
}

#[derive(Debug)]
struct Draft<'p> {
    plan: &'p Plan<'p>,
    pairs: Vec<Pair>,
    renumber: Option<Renumber>,
}

#[derive(Debug)]
struct Inner<'p> {
    base: &'p Plan<'p>,
    drafts: Vec<Draft<'p>>,
    dimensions: &'p [Dimension],
    isa: Isa,
    list: bool,
}

impl Inner<'_> {
    fn empty(&self) -> Vec<Compared> {
        let groups = || self.dimensions.iter().map(|d| vec![Change::default(); d.groups.len()]).collect();
        let fails = |plan: &Plan<'_>, at: Option<usize>| {
            vec![0; at.and_then(|at| plan.measures.get(at)).map_or(0, |measure| measure.fails.len())]
        };
        let measure = |draft: &Draft<'_>, pair: &Pair| MeasureChange {
            groups: groups(),
            lost_by: fails(draft.plan, pair.draft),
            won_by: fails(self.base, pair.base),
            ..MeasureChange::default()
        };
        let compared = |draft: &Draft<'_>| Compared {
            measures: draft.pairs.iter().map(|pair| measure(draft, pair)).collect(),
            groups: groups(),
            ..Compared::default()
        };
        self.drafts.iter().map(compared).collect()
    }
}

/// A base and drafts, ready to run over a registry that was opened with the texts of the base's program. All plans are
/// for the registry's layout, and their programs have one vocabulary.
#[derive(Debug)]
pub struct Comparison<'p> {
    inner: Inner<'p>,
}

impl<'p> Comparison<'p> {
    /// Compares drafts with a base.
    #[must_use]
    pub fn new(base: &'p Plan<'p>, drafts: &[&'p Plan<'p>], dimensions: &'p [Dimension], isa: Isa) -> Self {
        let drafts = drafts
            .iter()
            .map(|plan| Draft {
                plan,
                pairs: pairs(base, plan),
                renumber: Renumber::new(base.program(), plan.program(), &base.layout),
            })
            .collect();
        Self { inner: Inner { base, drafts, dimensions, isa, list: false } }
    }

    /// The measures of a draft and the base.
    #[must_use]
    pub fn pairs(&self, draft: usize) -> &[Pair] {
        self.inner.drafts.get(draft).map(|draft| draft.pairs.as_slice()).unwrap_or_default()
    }

    /// Runs over a registry. `changes` is a file that lists the companies whose answers differ in the first draft; it
    /// appears at the end or not at all.
    ///
    /// # Errors
    /// As [`run`].
    pub fn run(
        mut self,
        source: &dyn Source,
        threads: usize,
        changes: Option<&Changes<'_>>,
        progress: &Progress,
    ) -> Result<Found, RunError> {
        self.inner.list = changes.is_some();
        let create = |changes: &Changes<'_>| {
            let list = List::create(changes.path, changes.notes, changes.lang)?;
            Ok((list, changes.path.to_owned()))
        };
        let list = changes.map(create).transpose().map_err(RunError::Write)?;
        let base = self.inner.base;
        let nothing = Options { measures: Vec::new(), dates: base.dates, missing: false };
        let nothing = Plan::new(base.program(), &base.layout, &nothing);
        let collect =
            Collect { inner: &self.inner, idle: Mutex::new(Vec::new()), found: Mutex::new((self.inner.empty(), list)) };
        let ran = run(source, &nothing, self.inner.isa, threads, &collect, progress)?;
        let (mut drafts, list) = collect.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        let listed = match list {
            Some((list, _)) => Some(list.finish().map_err(RunError::Write)?),
            None => None,
        };
        drafts.iter_mut().for_each(Compared::settle);
        Ok(Found { ran, drafts, listed })
    }
}

/// A list of the companies whose answers change.
#[derive(Clone, Copy, Debug)]
pub struct Changes<'c> {
    /// The file, `.parquet` or `.csv`.
    pub path: &'c Path,
    /// What it says of itself.
    pub notes: &'c [(String, String)],
    /// The language of the reasons.
    pub lang: Lang,
}

/// What a comparison found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Rows, and rows that were left out.
    pub ran: Ran,
    /// The drafts, in their order.
    pub drafts: Vec<Compared>,
    /// How many rows the list of changes has.
    pub listed: Option<u64>,
}

/// A list and its file.
type Listing = (List, PathBuf);

struct Collect<'c> {
    inner: &'c Inner<'c>,
    /// Machines that no part has at the moment.
    idle: Mutex<Vec<Machines<'c>>>,
    found: Mutex<(Vec<Compared>, Option<Listing>)>,
}

impl<'c> Collector for Collect<'c> {
    type Part = Part<'c>;

    fn part(&self) -> Part<'c> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Part::new(self.inner, idle.unwrap_or_else(|| Machines::new(self.inner)))
    }

    fn take(&self, part: Part<'c>) -> Result<(), RunError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.0.iter_mut().zip(&part.compared).for_each(|(all, one)| all.add(one));
        if let Some((list, path)) = &mut found.1 {
            list.take(self.inner, &part.listed, path).map_err(RunError::Write)?;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(part.machines);
        Ok(())
    }
}

fn pairs(base: &Plan<'_>, draft: &Plan<'_>) -> Vec<Pair> {
    let ids = |plan: &Plan<'_>| -> Vec<String> {
        let measures = &plan.program().catalogue.measures;
        let id = |index: u32| measures.get(index as usize).map(|measure| measure.id.clone());
        plan.measures.iter().map(|screened| id(screened.measure).unwrap_or_default()).collect()
    };
    let (before, after) = (ids(base), ids(draft));
    let pair = |measure: &String| {
        let at = |ids: &[String]| ids.iter().position(|id| id == measure);
        let (from, to) = (at(&before), at(&after));
        let types = (amount_type(base, from), amount_type(draft, to));
        let pays = |plan: &Plan<'_>, at: Option<usize>| {
            at.and_then(|at| plan.measures.get(at)).is_some_and(|measure| measure.reason.is_none())
        };
        Pair {
            measure: measure.clone(),
            base: from,
            draft: to,
            money: types.0.or(types.1) == Some(Type::Money) && paid(base, from) && paid(draft, to),
            comparable: types.0.is_none() || types.1.is_none() || types.0 == types.1,
            types,
            base_pays: pays(base, from),
            draft_pays: pays(draft, to),
        }
    };
    before.iter().chain(after.iter().filter(|id| !before.contains(id))).map(pair).collect()
}

fn version<'p>(plan: &Plan<'p>, at: Option<usize>) -> Option<&'p rules::ir::VersionIr> {
    let program = plan.program();
    let ir = program.measures.get(plan.measures.get(at?)?.measure as usize)?;
    let chosen = rules::assess::choose(&ir.versions, plan.dates.on, plan.dates.known_on);
    ir.versions.get(chosen.version?)
}

fn amount_type(plan: &Plan<'_>, at: Option<usize>) -> Option<Type> {
    version(plan, at).map(|version| version.amount_type)
}

/// Whether its money is paid, and not for example taken off a tax base. What is not there counts as if it were.
fn paid(plan: &Plan<'_>, at: Option<usize>) -> bool {
    version(plan, at).is_none_or(|version| version.kind == rules::ast::AwardKind::Money)
}

/// What a company fails by, in words.
#[must_use]
pub fn fail_label(plan: &Plan<'_>, fail: &Fail<'_>) -> Text {
    match fail {
        Fail::Party(cond) | Fail::Record(cond) => cond.label.clone(),
        Fail::Refused => Text::new("金额低于起付标准", "the amount is too small to be paid"),
        Fail::NoRecord(record) => match plan.program().vocabulary.records.get(usize::from(*record)) {
            Some(record) => Text::new(
                format!("没有符合条件的“{}”", record.label.zh),
                format!("no “{}” that qualifies", record.label.en),
            ),
            None => Text::default(),
        },
    }
}
