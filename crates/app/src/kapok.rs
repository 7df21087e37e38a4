//! What every use case needs: the rules as loaded, and where things are kept.

use std::sync::OnceLock;

use domain::Date;
use rules::bind::Dates;
use rules::ir::Program;
use rules::report::Assessment;
use rules::source::{Loaded, Sources};

use crate::catalogue::Index;
use crate::drafts::Drafts;
use crate::profile::Profile;

/// The program as it runs: loaded once, shared by all requests.
pub struct Kapok {
    /// The rules.
    pub program: Program,
    /// The texts that they were read from.
    pub sources: Sources,
    /// What visitors have told us so far.
    pub drafts: Drafts,
    /// What the catalogue shows of the rules.
    pub(crate) index: OnceLock<Index>,
}

impl Kapok {
    /// Loads rules.
    ///
    /// # Errors
    /// The findings, when the texts have errors.
    pub fn new(sources: Sources, drafts: Drafts) -> Result<Self, Box<Loaded>> {
        let loaded = sources.load();
        if loaded.errors() > 0 {
            return Err(Box::new(loaded));
        }
        Ok(Self { program: loaded.program, sources, drafts, index: OnceLock::new() })
    }

    /// Assesses a profile on all measures.
    #[must_use]
    pub fn assess<'a>(&'a self, profile: &'a Profile, today: Date) -> Assessment<'a> {
        self.assess_at(profile, profile.dates(today))
    }

    /// Assesses a profile on all measures at other dates than its own.
    #[must_use]
    pub fn assess_at<'a>(&'a self, profile: &'a Profile, dates: Dates) -> Assessment<'a> {
        Assessment::new(&self.program, &profile.party, dates, &|_| true)
    }
}
