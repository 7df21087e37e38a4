//! Kapok's rule language: text to checked measure to typed program; assessment with reasons; bundles.
//!
//! Pure: no input or output, clock or randomness. The caller gives texts and dates and gets values back.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // no panic is reachable from input
#![deny(clippy::float_arithmetic, clippy::float_cmp)] // money is exact

pub mod assess;
pub mod ast;
pub mod bind;
pub mod bundle;
pub mod cases;
pub mod ceiling;
mod check;
mod compile;
pub mod diag;
pub mod diff;
pub mod eval;
pub mod explain;
pub mod features;
pub mod fmt;
pub mod formula;
pub mod ir;
pub mod labels;
mod lexer;
pub mod listing;
mod lower;
pub mod names;
pub mod number;
pub mod party;
mod phrases;
mod prepared;
mod read;
pub mod report;
#[cfg(test)]
mod repository;
pub mod round;
pub mod schema;
pub mod settle;
pub mod source;
pub mod value;
pub mod vocabulary;
pub mod words;
pub mod yaml;

pub use compile::compile;
pub use read::Catalogue;
pub use read::reader;

/// The language of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}
