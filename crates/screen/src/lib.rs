//! The same rules over a registry of millions of companies: columns in, outcomes and sums out.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // no panic is reachable from input
#![deny(clippy::float_arithmetic, clippy::float_cmp)] // money is exact

mod exact;
pub mod frame;
mod machine;
mod group;
pub mod plan;
mod run;
mod totals;
pub mod source;
pub mod table;

pub use frame::{CHUNK, Children, Column, FactColumn, Frame, Layout};
pub use exact::bound;
pub use group::{Dimension, Group};
pub use machine::{Isa, Machine, Sink, View};
pub use plan::{Options, Plan};
pub use run::{Collector, Memory, Progress, RunError, Ran, run};
pub use totals::{Cell, MeasureTotals, MissingTotals, Totals};
pub use source::{Batch, ReadError, Rejected, Source};
pub use table::{Mapping, Registry};
