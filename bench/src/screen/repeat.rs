//! A registry as if it were several times as long.

use std::ops::ControlFlow;

use screen::{Batch, Layout, ReadError, Source};

/// A registry, read again and again.
pub(crate) struct Repeated<'s> {
    source: &'s dyn Source,
    times: usize,
}

impl<'s> Repeated<'s> {
    pub(crate) fn new(source: &'s dyn Source, times: usize) -> Self {
        Self { source, times }
    }
}

impl Source for Repeated<'_> {
    fn layout(&self) -> &Layout {
        self.source.layout()
    }

    fn parts(&self) -> usize {
        self.source.parts() * self.times
    }

    fn rows(&self) -> Option<u64> {
        Some(self.source.rows()? * self.times as u64)
    }

    fn read(&self, part: usize, each: &mut dyn FnMut(Batch) -> ControlFlow<()>) -> Result<(), ReadError> {
        self.source.read(part % self.source.parts(), each)
    }
}
