//! What every use case needs: the rules as loaded, and where things are kept.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{Date, Party};
use rules::bind::Dates;
use rules::diag::{Diagnostic, Span};
use rules::ir::Program;
use rules::report::Assessment;
use rules::source::{Loaded, Sources};

use crate::catalogue::Index;
use crate::city::{City, ROWS, SEED};
use crate::drafts::Drafts;
use crate::profile::Profile;
use crate::registry::Registry;

/// The program as it runs: loaded once, shared by all requests.
pub struct Kapok {
    /// The rules.
    pub program: Program,
    /// The texts that they were read from.
    pub sources: Sources,
    /// What visitors have told us so far.
    pub drafts: Drafts,
    /// The demo registry.
    pub registry: Registry,
    /// What the catalogue shows of the rules.
    pub(crate) index: OnceLock<Index>,
    assessments: AtomicU64,
}

impl Kapok {
    /// Loads rules.
    ///
    /// # Errors
    /// The findings, when the texts have errors.
    pub fn new(sources: Sources, drafts: Drafts) -> Result<Self, Box<Loaded>> {
        let mut loaded = sources.load();
        if loaded.errors() > 0 {
            return Err(Box::new(loaded));
        }
        let city = match City::new(&loaded.program.vocabulary) {
            Ok(city) => city,
            Err(error) => {
                let (zh, en) =
                    (format!("演示城市的数据有误：{error}"), format!("the data of the demo city is wrong: {error}"));
                loaded.findings.push(Diagnostic::error("E0901", Span::default(), zh, en));
                return Err(Box::new(loaded));
            }
        };
        let registry = Registry::new(city, SEED, ROWS);
        Ok(Self {
            program: loaded.program,
            sources,
            drafts,
            registry,
            index: OnceLock::new(),
            assessments: AtomicU64::new(0),
        })
    }

    /// How many parties have been assessed.
    #[must_use]
    pub fn assessments(&self) -> u64 {
        self.assessments.load(Ordering::Relaxed)
    }

    /// Assesses a profile on all measures.
    #[must_use]
    pub fn assess<'a>(&'a self, profile: &'a Profile, today: Date) -> Assessment<'a> {
        self.assess_at(profile, profile.dates(today))
    }

    /// Assesses a profile on all measures at other dates than its own.
    #[must_use]
    pub fn assess_at<'a>(&'a self, profile: &'a Profile, dates: Dates) -> Assessment<'a> {
        self.assess_party(&profile.party, dates, &|_| true)
    }

    /// Assesses a party on the measures for which `wanted` holds, by index.
    #[must_use]
    pub fn assess_party<'a>(
        &'a self,
        party: &'a Party,
        dates: Dates,
        wanted: &dyn Fn(usize) -> bool,
    ) -> Assessment<'a> {
        self.assessments.fetch_add(1, Ordering::Relaxed);
        Assessment::new(&self.program, party, dates, wanted)
    }
}
