//! A screening over a whole registry: parts are shared out among threads, and what each finds is put together in the order
//! of the parts, so that the result is the same for any number of threads.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::frame::{Frame, Layout};
use crate::machine::{Isa, Machine, Sink};
use crate::plan::Plan;
use crate::source::{Batch, ReadError, Rejected, Source};

/// Details of rows that were left out that are kept at most.
const MOST_REJECTED: usize = 1000;

/// Puts together what is found in the parts of a registry.
pub trait Collector: Sync {
    /// What is found in one part.
    type Part: Sink + Send;

    /// For a part that begins.
    fn part(&self) -> Self::Part;

    /// Takes what was found in a part; parts come in their order.
    ///
    /// # Errors
    /// When it cannot be taken, such as to a disk that is full; then the run ends.
    fn take(&self, part: Self::Part) -> Result<(), RunError>;
}

/// Why a run did not come to its end.
#[derive(Debug)]
pub enum RunError {
    /// A part of the registry cannot be read.
    Read(ReadError),
    /// What was found cannot be written.
    Write(crate::output::WriteError),
    /// It was called off.
    Cancelled,
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Write(error) => error.fmt(f),
            Self::Cancelled => f.write_str("the run was called off"),
        }
    }
}

impl std::error::Error for RunError {}

/// How far a run has come; other threads may look, and call it off.
#[derive(Debug, Default)]
pub struct Progress {
    rows: AtomicU64,
    cancelled: AtomicBool,
}

impl Progress {
    /// Rows that are done, with those left out.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Calls the run off; it ends after the rows at hand.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was called off.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// What a run has to say beside its results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Rows that were screened.
    pub rows: u64,
    /// Rows that could not be read and were left out.
    pub left_out: u64,
    /// The first of them.
    pub rejected: Vec<Rejected>,
}

struct Queue<P> {
    /// The part whose turn it is.
    turn: usize,
    /// Parts that are done before their turn.
    early: BTreeMap<usize, (P, Ran)>,
    ran: Ran,
    error: Option<RunError>,
}

/// Screens a registry with so many threads.
///
/// # Errors
/// When a part cannot be read, when the collector cannot take what was found, or when the run is called off. What the
/// collector has taken by then is incomplete.
pub fn run<C: Collector>(
    source: &dyn Source,
    plan: &Plan<'_>,
    isa: Isa,
    threads: usize,
    collector: &C,
    progress: &Progress,
) -> Result<Ran, RunError> {
    let next = AtomicUsize::new(0);
    let queue = Mutex::new(Queue { turn: 0, early: BTreeMap::new(), ran: Ran::default(), error: None });
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut machine = Machine::new(plan, isa);
                loop {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    if part >= source.parts() || stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let done = one(source, part, &mut machine, collector.part(), progress, &stopped);
                    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Err(error) = done.and_then(|done| queue.add(part, done, collector)) {
                        stopped.store(true, Ordering::Relaxed);
                        queue.error.get_or_insert(error);
                        return;
                    }
                }
            });
        }
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    match queue.error {
        Some(error) => Err(error),
        None if progress.is_cancelled() => Err(RunError::Cancelled),
        None => Ok(queue.ran),
    }
}

impl<P: Sink + Send> Queue<P> {
    fn add<C: Collector<Part = P>>(&mut self, part: usize, done: (P, Ran), collector: &C) -> Result<(), RunError> {
        self.early.insert(part, done);
        while let Some((found, ran)) = self.early.remove(&self.turn) {
            collector.take(found)?;
            self.ran.rows += ran.rows;
            self.ran.left_out += ran.left_out;
            let room = MOST_REJECTED.saturating_sub(self.ran.rejected.len());
            self.ran.rejected.extend(ran.rejected.into_iter().take(room));
            self.turn += 1;
        }
        Ok(())
    }
}

fn one<P: Sink>(
    source: &dyn Source,
    part: usize,
    machine: &mut Machine<'_>,
    mut sink: P,
    progress: &Progress,
    stopped: &AtomicBool,
) -> Result<(P, Ran), RunError> {
    let mut ran = Ran::default();
    source
        .read(part, &mut |mut batch| {
            machine.batch(&batch, &mut sink);
            let rows = batch.frame.len as u64;
            ran.rows += rows;
            ran.left_out += batch.left_out;
            let room = MOST_REJECTED.saturating_sub(ran.rejected.len());
            ran.rejected.extend(batch.rejected.drain(..).take(room));
            progress.rows.fetch_add(rows + batch.left_out, Ordering::Relaxed);
            if progress.is_cancelled() || stopped.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .map_err(RunError::Read)?;
    if progress.is_cancelled() { Err(RunError::Cancelled) } else { Ok((sink, ran)) }
}

/// A registry in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    layout: Layout,
    frames: Vec<Frame>,
}

impl Memory {
    /// Frames of one layout.
    #[must_use]
    pub fn new(layout: Layout, frames: Vec<Frame>) -> Self {
        Self { layout, frames }
    }

    /// Reads a whole registry.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub fn load(source: &dyn Source) -> Result<Self, ReadError> {
        let mut frames = Vec::new();
        for part in 0..source.parts() {
            source.read(part, &mut |batch| {
                frames.push(batch.frame);
                ControlFlow::Continue(())
            })?;
        }
        Ok(Self { layout: source.layout().clone(), frames })
    }
}

impl Source for Memory {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn parts(&self) -> usize {
        self.frames.len()
    }

    fn rows(&self) -> Option<u64> {
        Some(self.frames.iter().map(|frame| frame.len as u64).sum())
    }

    fn read(&self, part: usize, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> Result<(), ReadError> {
        if let Some(frame) = self.frames.get(part) {
            let _ = each(Batch { frame: frame.clone(), ..Batch::default() });
        }
        Ok(())
    }
}
