//! The signs of the four outcomes and of truth, and clauses in brackets: the same in the table and in the reasons.

use rules::Lang;
use rules::ast::Outcome;
use rules::report::{ConflictReport, TruthReport};

use crate::output::{colon, paint};

pub(super) fn outcome_mark(outcome: Outcome, colour: bool) -> String {
    let (mark, code) = match outcome {
        Outcome::Eligible => ("✓", "32"),
        Outcome::NeedsPerson => ("◇", "35"),
        Outcome::Undetermined => ("?", "33"),
        Outcome::NotEligible => ("✗", "31"),
    };
    paint(mark, code, colour)
}

pub(super) fn mark(truth: TruthReport, colour: bool) -> String {
    match truth {
        TruthReport::Yes => paint("✓", "32", colour),
        TruthReport::No => paint("✗", "31", colour),
        TruthReport::Unknown => paint("?", "33", colour),
    }
}

/// A conflict between texts, led by the measure's name where the reader needs it.
pub(super) fn at_odds(conflict: &ConflictReport, measure: Option<&str>, lang: Lang, colour: bool) -> String {
    let name = measure.map(|name| format!("{name}{}", colon(lang))).unwrap_or_default();
    format!("{} {name}{}{}", paint("!", "1;33", colour), conflict.text.get(lang), cites(&conflict.cites, lang))
}

/// Clauses in brackets, as each language sets them.
fn cites(clauses: &[String], lang: Lang) -> String {
    match (clauses.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", clauses.join("；")),
        (false, Lang::En) => format!(" ({})", clauses.join("; ")),
    }
}
