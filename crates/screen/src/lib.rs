//! The same rules over a registry of millions of companies: columns in, outcomes and sums out.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // no panic is reachable from input
#![deny(clippy::float_arithmetic, clippy::float_cmp)] // money is exact

pub mod frame;
pub mod output;
pub mod source;

pub use frame::{CHUNK, Children, Column, FactColumn, Frame, Layout};
pub use source::{Batch, ReadError, Rejected, Source};
