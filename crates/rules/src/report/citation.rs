//! Where a measure stands.

use super::{Citation, iso};
use crate::ast::Measure;
use crate::ir::Program;

/// The citation of a measure: its document as the catalogue has it, and the clause.
pub(crate) fn citation(program: &Program, source: &Measure) -> Citation {
    let mut citation =
        Citation { document: source.document.clone(), clause: source.clause.clone(), ..Citation::default() };
    if let Some(document) = program.catalogue.documents.iter().find(|document| document.id == source.document) {
        citation.title = document.title.clone();
        citation.number.clone_from(&document.number);
        citation.issuer = document.issuer.clone();
        citation.level.clone_from(&document.level);
        citation.published = iso(document.published);
        citation.url.clone_from(&document.url);
        citation.confidence.clone_from(&document.confidence);
    }
    citation
}
