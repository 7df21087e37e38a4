//! Kapok's use cases: one function for each thing that a person can do, whoever asks: a page, the API or the command line.
//!
//! Time and randomness are arguments. Files are read and written in [`drafts`] only, and large tables written in
//! [`generate`] and [`screening`].
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // no panic is reachable from input
#![deny(clippy::float_arithmetic, clippy::float_cmp)] // money is exact

pub mod answer;
pub mod calls;
pub mod catalogue;
pub mod city;
pub mod deadlines;
pub mod drafts;
pub mod facts;
pub mod generate;
pub mod interview;
pub mod json;
mod kapok;
pub mod party_csv;
pub mod profile;
pub mod registry;
pub mod requests;
pub mod screening;
pub mod share;
pub mod simulation;

pub use kapok::Kapok;
pub use profile::Profile;
