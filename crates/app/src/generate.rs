//! A registry of made-up companies as files, of any length, made by several threads.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use rules::diag::Text;
use screen::output::{Encoder, Format, PART_ROWS, Part, Sink, Table, TableWriter, WriteError};
use screen::table::{COMPANIES, REGISTRY_NOTE, TABLE_NOTE};

use crate::city::{Amounts, City, Columns, RIGHTS};

/// Rows that are made at once: few enough for the caches.
const STEP: usize = 4 * screen::CHUNK;

/// How often whoever waits is told how far it is.
const TICK: Duration = Duration::from_millis(100);

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// How many companies, at most [`crate::city::MAX_ROWS`].
    pub rows: u32,
    /// The file of the companies; its ending says the format.
    pub companies: PathBuf,
    /// The file of their intellectual property rights.
    pub rights: PathBuf,
    /// How many threads work; the files are the same for any number.
    pub threads: usize,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Companies.
    pub companies: u64,
    /// Intellectual property rights.
    pub rights: u64,
    /// Columns of the companies.
    pub columns: usize,
}

/// Why nothing was made.
#[derive(Debug)]
pub enum GenerateError {
    /// Whoever waited has stopped it.
    Stopped,
    /// A file could not be written.
    Write(WriteError),
    /// The plan cannot be carried out.
    Plan(Text),
}

impl From<WriteError> for GenerateError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// The file of the rights that belongs to a file of companies: `city.patent.parquet` to `city.parquet`.
#[must_use]
pub fn rights_beside(companies: &Path) -> PathBuf {
    let ending = companies.extension().unwrap_or_default().to_string_lossy();
    companies.with_extension(format!("patent.{ending}"))
}

/// Makes a registry. Both files appear at the end, or neither. Whoever waits is told every now and then how many
/// companies there are, and says whether to go on.
///
/// # Errors
/// [`GenerateError`]; files that were there before are still there then.
pub fn generate(city: &City, plan: &Plan, go_on: impl FnMut(u64) -> bool) -> Result<Made, GenerateError> {
    if plan.companies == plan.rights {
        return Err(GenerateError::Plan(Text::new(
            "企业与知识产权不能写入同一个文件",
            "companies and rights cannot be written to the same file",
        )));
    }
    let amounts = |path: &Path| {
        Ok::<_, WriteError>(match Format::of(path)? {
            Format::Parquet => Amounts::Fen,
            Format::Csv => Amounts::Yuan,
        })
    };
    let columns = Columns::new(city, amounts(&plan.companies)?);
    let table = |schema, what: &str| Table { notes: notes(plan, what), ..Table::new(schema) };
    let companies = TableWriter::create(&plan.companies, &table(columns.companies().clone(), COMPANIES))?;
    let rights = TableWriter::create(&plan.rights, &table(columns.rights().clone(), RIGHTS))?;
    make(&columns, plan, companies, rights, go_on)
}

/// What the files say of themselves.
fn notes(plan: &Plan, what: &str) -> Vec<(String, String)> {
    [
        (REGISTRY_NOTE, "made up".to_owned()),
        (TABLE_NOTE, what.to_owned()),
        ("kapok.seed", plan.seed.to_string()),
        ("kapok.rows", plan.rows.to_string()),
        ("kapok.version", env!("CARGO_PKG_VERSION").to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}

/// A part of each file.
type Parts = Result<(Part, Part), WriteError>;

fn make<S: Sink>(
    columns: &Columns,
    plan: &Plan,
    mut companies: TableWriter<S>,
    mut rights: TableWriter<S>,
    mut go_on: impl FnMut(u64) -> bool,
) -> Result<Made, GenerateError> {
    let parts = usize::try_from(plan.rows).unwrap_or(usize::MAX).div_ceil(PART_ROWS);
    let threads = plan.threads.clamp(1, parts.max(1));
    let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let encoders = (companies.encoder(), rights.encoder());
    let worker = Worker { columns, plan, encoders, stop: &stop, done: &done };
    let worker = &worker;
    std::thread::scope(|scope| {
        // each thread makes every so-many-th part and waits until it is taken, so that memory stays bounded
        let made: Vec<Receiver<Parts>> = (0..threads)
            .map(|first| {
                let (send, receive) = sync_channel(0);
                scope.spawn(move || worker.run((first..parts).step_by(threads), &send));
                receive
            })
            .collect();
        let mut collect = || {
            for receive in made.iter().cycle().take(parts) {
                let part = loop {
                    if !go_on(done.load(Ordering::Relaxed)) {
                        return Err(GenerateError::Stopped);
                    }
                    match receive.recv_timeout(TICK) {
                        Ok(part) => break part?,
                        Err(RecvTimeoutError::Timeout) => {}
                        Err(RecvTimeoutError::Disconnected) => return Err(GenerateError::Stopped),
                    }
                };
                companies.append(part.0)?;
                rights.append(part.1)?;
            }
            Ok(())
        };
        let collected = collect();
        stop.store(true, Ordering::Relaxed);
        drop(made);
        collected
    })?;
    if !go_on(u64::from(plan.rows)) {
        return Err(GenerateError::Stopped);
    }
    // the rights first: who finds the companies finds these too
    let rights = rights.finish()?;
    let companies = companies.finish()?;
    Ok(Made { companies, rights, columns: columns.companies().fields().len() })
}

struct Worker<'a> {
    columns: &'a Columns<'a>,
    plan: &'a Plan,
    encoders: (Encoder, Encoder),
    stop: &'a AtomicBool,
    done: &'a AtomicU64,
}

impl Worker<'_> {
    fn run(&self, parts: impl Iterator<Item = usize>, send: &SyncSender<Parts>) {
        for part in parts {
            let Some(part) = self.part(part).transpose() else { return };
            if send.send(part).is_err() {
                return;
            }
        }
    }

    /// A part; nothing if it is not wanted any more.
    fn part(&self, part: usize) -> Result<Option<(Part, Part)>, WriteError> {
        let (mut companies, mut rights) = (self.encoders.0.part()?, self.encoders.1.part()?);
        let first = part * PART_ROWS;
        for from in (first..first + PART_ROWS).step_by(STEP) {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let rows = self.within(from..from + STEP);
            let count = rows.len() as u64;
            let rows = self.columns.rows(self.plan.seed, rows);
            let rows = rows.map_err(|error| WriteError::content(&self.plan.companies, &error.to_string()))?;
            companies.write(&rows.companies)?;
            rights.write(&rows.rights)?;
            self.done.fetch_add(count, Ordering::Relaxed);
        }
        Ok(Some((companies.finish()?, rights.finish()?)))
    }

    /// Those of the rows that the registry has.
    fn within(&self, rows: Range<usize>) -> Range<u32> {
        let row = |row: usize| u32::try_from(row).map_or(self.plan.rows, |row| row.min(self.plan.rows));
        row(rows.start)..row(rows.end)
    }
}

#[cfg(test)]
mod tests;
