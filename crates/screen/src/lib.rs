//! The same rules over a registry of millions of companies: columns in, outcomes and sums out.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // no panic is reachable from input
#![deny(clippy::float_arithmetic, clippy::float_cmp)] // money is exact

pub mod compare;
mod exact;
mod files;
pub mod frame;
mod group;
mod machine;
pub mod output;
pub mod plan;
mod run;
pub mod source;
pub mod table;
mod totals;

pub use exact::bound;
pub use frame::{CHUNK, Children, Column, FactColumn, Frame, Layout};
pub use group::{Dimension, Group};
pub use machine::{Isa, Machine, Sink, View};
pub use plan::{Options, Plan};
pub use run::{Collector, Memory, Progress, Ran, RunError, run};
pub use source::{Batch, ReadError, Rejected, Source};
pub use table::{Mapping, Registry};
pub use totals::{Adder, Cell, MeasureTotals, MissingTotals, Totals};
