//! Reading registries: tables in Parquet and CSV, with a mapping that says which column is which fact.
//!
//! Every finite number in a frame has a magnitude of at most [`LIMIT`]. A row with a greater one, or with anything else
//! that means nothing, is left out and told; the reading goes on.

mod children;
mod csv;
mod decode;
mod field;
mod file;
mod frames;
mod generated;
mod ids;
mod mapping;
mod number;
mod open;
mod profile;
mod registry;
mod rows;
#[cfg(test)]
mod tests;

pub use children::Orphans;
pub use decode::MAX_TOLD;
pub use field::Reason;
pub use generated::{COMPANIES, ID, REGISTRY_NOTE, TABLE_NOTE};
pub use ids::Duplicates;
pub use mapping::Mapping;
pub use number::LIMIT;
pub use profile::{CheckError, ColumnFault, Example, FactProfile, Profile, check};
pub use registry::{Options, Registry};
