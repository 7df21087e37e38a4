//! What a change of the rules would do to the companies of a registry: drafts against the rules in force, a number varied
//! step by step, and the rules before and after a change.

mod build;
mod figures;
mod hash;
mod overlay;
mod report;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use domain::text::nearest;
use rules::Lang;
use rules::bind::Dates;
use rules::diag::{Diagnostic, Text};
use rules::formula::YearRef;
use rules::ir::Program;
use rules::source::Sources;
use screen::compare::{Changes, Comparison};
use screen::frame::ChildColumns;
use screen::{Dimension, FactColumn, Isa, Layout, Options, Plan, Progress, RunError, Source};

pub use hash::data;
pub use overlay::{Draft, head, overlay};
pub use report::*;
pub use sweep::{MOST_STEPS, Sweep};

/// Facts by which companies are put into groups.
const GROUPED_BY: [&str; 5] = ["org.staff", "org.founded_on", "org.place", "org.city", "org.industry"];

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What the rules in force are called.
    pub name: String,
    /// The rules in force.
    pub base: &'a Sources,
    /// Drafts, each laid over the rules in force by itself.
    pub drafts: Vec<Draft>,
    /// A number to vary: in the first draft, or in the rules in force if there is none.
    pub sweep: Option<Sweep>,
    /// The measures to compare; without any, those that differ and those that ask for them.
    pub measures: Vec<String>,
    /// The two dates.
    pub dates: Dates,
}

/// Why nothing is simulated.
#[derive(Debug)]
pub enum SimulationError {
    /// The rules in force have so many errors.
    Base(usize),
    /// A draft has errors: its name, what is wrong, and the texts.
    Draft(String, Vec<Diagnostic>, Box<Sources>),
    /// The request cannot be carried out.
    Request(Text),
}

/// One side of a comparison.
#[derive(Debug)]
struct Side {
    rules: RulesUsed,
    program: Program,
    dates: Dates,
    assumed: Vec<Assumed>,
    /// Whether it is a step of the sweep.
    step: Option<String>,
}

/// Rules that are ready to be compared over a registry.
#[derive(Debug)]
pub struct Prepared {
    base: Side,
    drafts: Vec<Side>,
    measures: Vec<String>,
    sweep: Option<Sweep>,
    notes: Vec<Text>,
}

impl Prepared {
    /// Compiles the rules and drafts, and finds the measures to compare.
    ///
    /// # Errors
    /// See [`SimulationError`].
    pub fn new(request: &Request<'_>) -> Result<Self, SimulationError> {
        let loaded = request.base.load();
        if loaded.errors() > 0 {
            return Err(SimulationError::Base(loaded.errors()));
        }
        let base = Side::new(&request.name, request.base, loaded.program, request.dates);
        let mut drafts = Vec::new();
        let mut differ: BTreeSet<String> = BTreeSet::new();
        let mut order = Vec::new();
        let mut add = |side: Side, sources: &Sources| {
            for id in overlay::changed((&base.program, request.base), (&side.program, sources)) {
                if differ.insert(id.clone()) {
                    order.push(id);
                }
            }
            drafts.push(side);
        };
        for draft in &request.drafts {
            let (side, sources) = request.draft(draft)?;
            add(side, &sources);
        }
        if let Some(sweep) = &request.sweep {
            for (value, draft) in request.steps(sweep, &base.program)? {
                let (mut side, sources) = request.draft(&draft)?;
                side.step = Some(value);
                add(side, &sources);
            }
        }
        if drafts.is_empty() {
            let (zh, en) = ("没有给出草案，也没有给出要变动的数", "neither a draft nor a number to vary is given");
            return Err(SimulationError::Request(Text::new(zh, en)));
        }
        let measures = if request.measures.is_empty() { order } else { request.known(&base, &drafts)? };
        if measures.is_empty() {
            let (zh, en) =
                ("草案与现行规则没有不同的措施", "no measure differs between the draft and the rules in force");
            return Err(SimulationError::Request(Text::new(zh, en)));
        }
        Ok(Self { base, drafts, measures, sweep: request.sweep.clone(), notes: notes() })
    }

    /// Compares the rules before and after a change, each at dates of its own. Both are read with the vocabulary after.
    ///
    /// # Errors
    /// See [`SimulationError`].
    pub fn between(
        (from_name, from, from_dates): (&str, &Sources, Dates),
        (to_name, to, to_dates): (&str, &Sources, Dates),
        measures: &[String],
    ) -> Result<Self, SimulationError> {
        let mut before = from.clone();
        let mut notes = notes();
        if from.vocabulary != to.vocabulary {
            before.vocabulary.clone_from(&to.vocabulary);
            notes.push(Text::new(
                "两侧的词表不同：修改前的规则按修改后的词表读取",
                "the vocabularies differ: the rules before are read with the vocabulary after",
            ));
        }
        let load = |name: &str, sources: &Sources| {
            let loaded = sources.load();
            if loaded.errors() > 0 {
                return Err(SimulationError::Draft(name.to_owned(), loaded.findings, Box::new(sources.clone())));
            }
            Ok(loaded.program)
        };
        let mut base = Side::new(from_name, &before, load(from_name, &before)?, from_dates);
        base.rules.sha256 = hash::rules(from);
        let side = Side::new(to_name, to, load(to_name, to)?, to_dates);
        let differ = if from_dates == to_dates {
            overlay::changed((&base.program, &before), (&side.program, to))
        } else {
            overlay::ordered(&base.program, &side.program, &|_| true)
        };
        let measures = if measures.is_empty() {
            differ
        } else {
            known(measures, &[&base.program, &side.program]).map_err(SimulationError::Request)?
        };
        Ok(Self { base, drafts: vec![side], measures, sweep: None, notes })
    }

    /// The program that a registry is opened with.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.base.program
    }

    /// The measures that are compared.
    #[must_use]
    pub fn measures(&self) -> &[String] {
        &self.measures
    }

    /// What has to be read of a registry.
    #[must_use]
    pub fn wanted(&self) -> Layout {
        let vocabulary = &self.base.program.vocabulary;
        let mut facts: BTreeSet<FactColumn> = GROUPED_BY
            .iter()
            .filter_map(|name| Some(FactColumn { fact: vocabulary.fact(name)?, year: None }))
            .collect();
        for side in std::iter::once(&self.base).chain(&self.drafts) {
            facts.extend(side.program.slots.iter().map(|slot| FactColumn {
                fact: slot.fact,
                year: slot.year.map(|year| match year {
                    YearRef::Relative(offset) => side.dates.on.year() + offset,
                    YearRef::Fixed(year) => year,
                }),
            }));
        }
        let fields = |count: usize| (0..u16::try_from(count).unwrap_or(u16::MAX)).collect();
        let children = (0_u16..)
            .zip(&vocabulary.records)
            .map(|(record, definition)| ChildColumns { record, fields: fields(definition.fields.len()) })
            .collect();
        Layout { facts: facts.into_iter().collect(), children }
    }

    /// Runs over a registry that was opened with [`Self::program`]. `changes` is a file to list the companies whose
    /// answers differ in the first draft; it appears at the end or not at all.
    ///
    /// # Errors
    /// When the registry cannot be read, the list cannot be written, or the run is called off.
    pub fn run(
        &self,
        source: &dyn Source,
        data: DataUsed,
        threads: usize,
        changes: Option<(&Path, Lang)>,
        progress: &Progress,
    ) -> Result<Simulation, RunError> {
        let layout = source.layout();
        let plan = |side: &'_ Side| -> Options {
            let find = |id: &String| side.program.measure(id).and_then(|index| u32::try_from(index).ok());
            let measures = self.measures.iter().filter_map(find).collect();
            Options { measures, dates: side.dates, missing: false }
        };
        let base = Plan::new(&self.base.program, layout, &plan(&self.base));
        let drafts: Vec<Plan<'_>> =
            self.drafts.iter().map(|side| Plan::new(&side.program, layout, &plan(side))).collect();
        let dimensions = Dimension::usual(&self.base.program.vocabulary, layout, self.base.dates.on);
        let comparison = Comparison::new(&base, &drafts.iter().collect::<Vec<_>>(), &dimensions, Isa::best());
        let pairs: Vec<_> = (0..drafts.len()).map(|draft| comparison.pairs(draft).to_vec()).collect();
        let notes = self.list_notes(&data);
        let changes = changes.map(|(path, lang)| Changes { path, notes: &notes, lang });
        let found = comparison.run(source, threads, changes.as_ref(), progress)?;
        Ok(build::Builder { prepared: self, base: &base, drafts: &drafts, dimensions: &dimensions, pairs: &pairs }
            .simulation(&found, data))
    }

    /// What a list of changes says of itself.
    fn list_notes(&self, data: &DataUsed) -> Vec<(String, String)> {
        let draft = self.drafts.first().map(|side| side.rules.sha256.clone()).unwrap_or_default();
        [
            ("kapok.table", "changes".to_owned()),
            ("kapok.rules_before", self.base.rules.sha256.clone()),
            ("kapok.rules_after", draft),
            ("kapok.data", data.sha256.clone()),
            ("kapok.version", env!("CARGO_PKG_VERSION").to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }
}

impl Side {
    fn new(name: &str, sources: &Sources, program: Program, dates: Dates) -> Self {
        let rules = RulesUsed { name: name.to_owned(), sha256: hash::rules(sources) };
        Self { rules, program, dates, assumed: Vec::new(), step: None }
    }
}

impl Request<'_> {
    fn draft(&self, draft: &Draft) -> Result<(Side, Sources), SimulationError> {
        let sources = overlay(self.base, draft);
        let loaded = sources.load();
        if loaded.errors() > 0 {
            return Err(SimulationError::Draft(draft.name.clone(), loaded.findings, Box::new(sources)));
        }
        let mut side = Side::new(&draft.name, &sources, loaded.program, self.dates);
        side.assumed = overlay::assume(&mut side.program, draft, self.dates);
        Ok((side, sources))
    }

    /// A draft for each value of the number.
    fn steps(&self, sweep: &Sweep, base: &Program) -> Result<Vec<(String, Draft)>, SimulationError> {
        let first = self.drafts.first();
        let own = |bytes: &[u8]| head(bytes).is_some_and(|(kind, id)| kind == "measure" && id == sweep.measure);
        let drafted = first.and_then(|draft| draft.files.iter().find(|(_, bytes)| own(bytes)));
        let in_force = || {
            let file = &base.catalogue.measures.get(base.measure(&sweep.measure)?)?.at.file;
            self.base.catalogue.get_key_value(file)
        };
        let found = drafted.map(|(name, bytes)| (name, bytes)).or_else(in_force);
        let Some((file, bytes)) = found else {
            let ids = base.catalogue.measures.iter().map(|measure| measure.id.as_str());
            return Err(SimulationError::Request(no_measure(&sweep.measure, ids)));
        };
        let files: Vec<(String, Vec<u8>)> = match first {
            Some(draft) => draft.files.iter().filter(|(name, _)| name != file).cloned().collect(),
            None => Vec::new(),
        };
        // the version that is simulated
        let unchanged =
            Draft { name: file.clone(), files: [files.clone(), vec![(file.clone(), bytes.clone())]].concat() };
        let (side, _) = self.draft(&unchanged)?;
        let version = side.program.measure(&sweep.measure).and_then(|index| side.program.measures.get(index));
        let version = version
            .and_then(|ir| rules::assess::choose(&ir.versions, self.dates.on, self.dates.known_on).version)
            .unwrap_or_default();
        let step = |value: &String| {
            let new = sweep.set(bytes, version, value).map_err(SimulationError::Request)?;
            let name = format!("{}:{}={value}", sweep.measure, sweep.path);
            let mut files = files.clone();
            files.push((file.clone(), new));
            Ok((value.clone(), Draft { name, files }))
        };
        sweep.values.iter().map(step).collect()
    }

    fn known(&self, base: &Side, drafts: &[Side]) -> Result<Vec<String>, SimulationError> {
        let mut programs = vec![&base.program];
        programs.extend(drafts.iter().map(|side| &side.program));
        known(&self.measures, &programs).map_err(SimulationError::Request)
    }
}

/// Measures that were asked for, if one of the programs has each.
fn known(measures: &[String], programs: &[&Program]) -> Result<Vec<String>, Text> {
    for id in measures {
        if !programs.iter().any(|program| program.measure(id).is_some()) {
            let ids = programs.iter().flat_map(|program| &program.catalogue.measures).map(|m| m.id.as_str());
            return Err(no_measure(id, ids));
        }
    }
    let mut found: Vec<String> = Vec::new();
    for id in measures {
        if !found.contains(id) {
            found.push(id.clone());
        }
    }
    Ok(found)
}

fn no_measure<'i>(id: &str, ids: impl Iterator<Item = &'i str>) -> Text {
    match nearest(id, ids) {
        Some(near) => Text::new(
            format!("没有措施 `{id}`：是否想写 `{near}`？"),
            format!("there is no measure `{id}`: did you mean `{near}`?"),
        ),
        None => Text::new(format!("没有措施 `{id}`"), format!("there is no measure `{id}`")),
    }
}

fn notes() -> Vec<Text> {
    vec![
        Text::new(
            "企业的合计为各措施金额之和，未计措施之间互斥、封顶等规则，也未计预算和按名次择优",
            "a company's total is the sum of its measures; rules between measures, budgets and ranking are not applied",
        ),
        Text::new(
            "金额为区间：未知事实和裁量使高低两端不同；“不能确定”的企业，其增减取决于未知事实或裁量",
            "amounts are ranges, because of unknown facts and discretion; companies are “not sure” where more or less rests on those",
        ),
    ]
}
