//! How far a long run is: a line on standard error, if that is a terminal.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rules::Lang;

use crate::clock;
use crate::output::{Tried, pick};

/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(250);

/// A line that is written over and over.
pub struct Progress {
    began: Instant,
    shown: Option<Instant>,
    total: u64,
    lang: Lang,
    terminal: bool,
}

impl Progress {
    pub fn new(total: u64, lang: Lang) -> Self {
        Self { began: clock::instant(), shown: None, total, lang, terminal: std::io::stderr().is_terminal() }
    }

    /// How long it has been going on.
    pub fn took(&self) -> Duration {
        clock::instant().duration_since(self.began)
    }

    /// Shows how many rows there are.
    pub fn show(&mut self, rows: u64) {
        let now = clock::instant();
        if !self.terminal || self.shown.is_some_and(|shown| now.duration_since(shown) < TICK) {
            return;
        }
        self.shown = Some(now);
        let line = line(rows, self.total, now.duration_since(self.began), self.lang);
        // nobody has to see it
        let mut err = std::io::stderr();
        write!(err, "\r{line}\u{1b}[K").and_then(|()| err.flush()).ok();
    }

    /// Takes the line away.
    pub fn end(&self) {
        if self.shown.is_some() {
            write!(std::io::stderr(), "\r\u{1b}[K").ok();
        }
    }
}

/// Does a long piece of work over `total` rows while the line says how far it is, and tells how long it took. Ctrl-C
/// calls the work off through the screening's own progress; what it then returns is returned.
pub fn watched<T: Send>(
    total: u64,
    lang: Lang,
    work: impl FnOnce(&screen::Progress) -> T + Send,
) -> anyhow::Result<(T, Duration)> {
    let interrupted = interrupted()?;
    let mut line = Progress::new(total, lang);
    let progress = screen::Progress::default();
    let done = std::thread::scope(|scope| {
        let (ended, end) = channel::<()>();
        let progress = &progress;
        let working = scope.spawn(move || {
            // dropped when the work ends, however it ends
            let _ended = ended;
            work(progress)
        });
        while matches!(end.recv_timeout(TICK), Err(std::sync::mpsc::RecvTimeoutError::Timeout)) {
            line.show(progress.rows());
            if interrupted.load(Ordering::Relaxed) {
                progress.cancel();
            }
        }
        working.join()
    });
    line.end();
    match done {
        Ok(done) => Ok((done, line.took())),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Becomes true when the user has pressed Ctrl-C, or the program is told to end.
pub fn interrupted() -> anyhow::Result<Arc<AtomicBool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = || ("无法接收停止信号".to_owned(), "cannot wait for signals".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().tried(failed)?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt()).tried(failed)?, signal(SignalKind::terminate()).tried(failed)?)
    };
    let flag = Arc::new(AtomicBool::new(false));
    let raised = flag.clone();
    // ends with the program
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        });
        raised.store(true, Ordering::Relaxed);
    });
    Ok(flag)
}

/// Rows a second.
pub fn rate(rows: u64, took: Duration) -> u64 {
    let millis = took.as_millis().max(1);
    u64::try_from(u128::from(rows) * 1000 / millis).unwrap_or(u64::MAX)
}

fn line(rows: u64, total: u64, took: Duration, lang: Lang) -> String {
    let rate = rate(rows, took);
    let left = total.saturating_sub(rows).checked_div(rate).map_or_else(|| "?".to_owned(), |left| left.to_string());
    pick(
        lang,
        "{rows}/{total} 行，每秒 {rate} 行，还需 {left} 秒",
        "{rows} of {total} rows, {rate} rows/s, {left} s left",
    )
    .replace("{rows}", &rows.to_string())
    .replace("{total}", &total.to_string())
    .replace("{rate}", &rate.to_string())
    .replace("{left}", &left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is_and_how_long_it_takes() {
        let took = Duration::from_secs(2);
        assert_eq!(line(400, 1000, took, Lang::En), "400 of 1000 rows, 200 rows/s, 3 s left");
        assert_eq!(line(0, 1000, took, Lang::Zh), "0/1000 行，每秒 0 行，还需 ? 秒");
    }
}
