//! Decoding the columns of a Parquet file and nothing else: the limit for whatever reads it.

use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use crate::now;

/// Decodes some columns of a file, and returns the seconds that it took.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn alone(file: &str, threads: usize, columns: &[String]) -> Result<f64, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{file}: {error}");
    let open = || File::open(file).map_err(|error| wrong(&error));
    let metadata = ArrowReaderMetadata::load(&open()?, ArrowReaderOptions::new()).map_err(|error| wrong(&error))?;
    let groups = metadata.metadata().num_row_groups();
    let next = AtomicUsize::new(0);
    let start = now();
    std::thread::scope(|scope| {
        let work = || -> Result<(), String> {
            loop {
                let group = next.fetch_add(1, Ordering::Relaxed);
                if group >= groups {
                    return Ok(());
                }
                let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open()?, metadata.clone());
                // names have dots in them, so that columns are picked by number
                let names = builder.schema().fields().iter().enumerate();
                let wanted = names.filter(|(_, field)| columns.contains(field.name())).map(|(at, _)| at);
                let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
                let reader = builder
                    .with_projection(mask)
                    .with_row_groups(vec![group])
                    .with_batch_size(8192)
                    .build()
                    .map_err(|error| wrong(&error))?;
                for batch in reader {
                    std::hint::black_box(batch.map_err(|error| wrong(&error))?);
                }
            }
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(wrong(&"a thread failed"))))
    })?;
    Ok(start.elapsed().as_secs_f64())
}
