//! Where a measure stands.

use super::{Citation, iso};
use crate::ast::{Document, Measure};
use crate::ir::Program;

/// The citation of a measure: its document as the catalogue has it, and the clause.
pub(crate) fn citation(program: &Program, source: &Measure) -> Citation {
    cite(source, program.catalogue.documents.iter().find(|document| document.id == source.document))
}

/// The citation of a measure whose document is known.
pub(super) fn cite(source: &Measure, document: Option<&Document>) -> Citation {
    let (document_id, clause) = (source.document.clone(), source.clause.clone());
    let Some(document) = document else {
        return Citation { document: document_id, clause, ..Citation::default() };
    };
    Citation {
        document: document_id,
        title: document.title.clone(),
        number: document.number.clone(),
        issuer: document.issuer.clone(),
        level: document.level.clone(),
        published: iso(document.published),
        clause,
        url: document.url.clone(),
        confidence: document.confidence.clone(),
    }
}
