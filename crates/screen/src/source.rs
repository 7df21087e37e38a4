//! Where rows come from: anything that can be cut into parts which are read independently of each other.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use rules::diag::Text;

use crate::frame::{Frame, Layout};

/// A registry that can be read part by part, by several threads at once.
pub trait Source: Sync {
    /// Which facts there are columns for.
    fn layout(&self) -> &Layout;

    /// How many parts there are, such as the row groups of all files. Part numbers follow the order of the rows.
    fn parts(&self) -> usize;

    /// How many rows there are in all, where that is known before reading.
    fn rows(&self) -> Option<u64>;

    /// Reads the rows of a part in their order, and gives them on in batches until `each` breaks off.
    ///
    /// # Errors
    /// What makes the whole part unreadable, such as a file that ends too early. Single rows that cannot be read are left
    /// out and told in [`Batch::rejected`].
    fn read(&self, part: usize, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> Result<(), ReadError>;
}

/// Rows that were read together. All but the last of a part hold a multiple of [`crate::CHUNK`] rows.
#[derive(Debug, Default)]
pub struct Batch {
    /// The rows that could be read.
    pub frame: Frame,
    /// What identifies each row, if the registry says so and the reader was asked for it.
    pub ids: Option<Vec<Arc<str>>>,
    /// Rows that could not be read and are not in the frame: the first of them.
    pub rejected: Vec<Rejected>,
    /// How many rows could not be read.
    pub left_out: u64,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub file: Arc<str>,
    /// The row in the file, from 1; the line, for text files.
    pub row: u64,
    /// The column.
    pub column: String,
    /// What is wrong and what would be right.
    pub why: Text,
}

/// Why a part cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The file.
    pub file: Arc<str>,
    /// What is wrong and what would be right.
    pub why: Text,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.why.en)
    }
}

impl std::error::Error for ReadError {}
