//! The load: requests over several connections, as fast as they are answered or at a fixed rate, each answer checked.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;

use super::client::Connection;
use crate::now;

/// The longest latency that is told apart, in microseconds.
const LONGEST: u64 = 60_000_000;

/// What is sent, and what must come back.
pub(super) struct Target {
    /// Where.
    pub(super) address: SocketAddr,
    /// Whole requests; they are sent in turn, so that no two in a row are the same.
    pub(super) requests: Vec<Vec<u8>>,
    /// For each request what [`digest`] gives for the right answer.
    pub(super) answers: Vec<u64>,
}

/// How fast.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// Each connection sends the next request when the last one is answered.
    Closed,
    /// So many a second over all connections, whether or not earlier ones are answered. A request that has to wait for a
    /// free connection counts from when it should have been sent.
    Rate(u32),
}

/// How long.
#[derive(Clone, Copy, Debug)]
pub(super) enum Until {
    /// So long.
    Time(Duration),
    /// So many requests.
    Requests(u64),
}

/// What happened.
pub(super) struct Outcome {
    /// Requests that were answered rightly.
    pub(super) right: u64,
    /// Requests that failed or were answered wrongly.
    pub(super) errors: u64,
    /// What was wrong first.
    pub(super) first_error: Option<String>,
    /// How long it took.
    pub(super) time: Duration,
    /// Latencies of the right answers, in microseconds.
    pub(super) latency: Histogram<u64>,
}

impl Outcome {
    /// Right answers a second.
    #[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
    pub(super) fn rate(&self) -> f64 {
        self.right as f64 / self.time.as_secs_f64().max(1e-9)
    }

    /// The latency that so many per cent of the answers did not exceed, in milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "three digits are printed")]
    pub(super) fn milliseconds(&self, percent: f64) -> f64 {
        self.latency.value_at_percentile(percent) as f64 / 1_000.0
    }
}

/// Sends requests over so many connections.
///
/// # Errors
/// The histogram cannot be made.
pub(super) fn run(target: &Target, connections: usize, pace: Pace, until: Until) -> Result<Outcome, String> {
    let empty = Histogram::new_with_max(LONGEST, 3).map_err(|error| format!("no histogram: {error}"))?;
    let next = AtomicU64::new(0);
    let first_error = Mutex::new(None);
    let start = now();
    let parts: Vec<(Histogram<u64>, u64)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                let (mut latency, next, first_error) = (empty.clone(), &next, &first_error);
                scope.spawn(move || {
                    let mut connection = Connection::new(target.address);
                    let mut errors = 0;
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let due = match pace {
                            Pace::Closed => start.elapsed(),
                            Pace::Rate(rate) => Duration::from_nanos(number * 1_000_000_000 / u64::from(rate.max(1))),
                        };
                        let over = match until {
                            Until::Time(time) => due >= time,
                            Until::Requests(count) => number >= count,
                        };
                        if over {
                            return (latency, errors);
                        }
                        std::thread::sleep(due.saturating_sub(start.elapsed()));
                        match one(target, &mut connection, number) {
                            Ok(()) => {
                                let taken = start.elapsed().saturating_sub(due).as_micros();
                                latency.saturating_record(u64::try_from(taken).unwrap_or(LONGEST));
                            }
                            Err(error) => {
                                errors += 1;
                                if let Ok(mut first) = first_error.lock() {
                                    first.get_or_insert(error);
                                }
                            }
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let time = start.elapsed();
    let (mut latency, mut errors) = (empty, 0);
    for (part, failed) in parts {
        latency.add(part).map_err(|error| format!("histograms do not add up: {error}"))?;
        errors += failed;
    }
    let first_error = first_error.into_inner().unwrap_or_default();
    Ok(Outcome { right: latency.len(), errors, first_error, time, latency })
}

/// Sends one request and checks the answer.
fn one(target: &Target, connection: &mut Connection, number: u64) -> Result<(), String> {
    let count = u64::try_from(target.requests.len()).unwrap_or(1).max(1);
    let index = usize::try_from(number % count).unwrap_or(0);
    let (Some(request), Some(right)) = (target.requests.get(index), target.answers.get(index)) else {
        return Err("there is nothing to send".to_owned());
    };
    let answer = connection.send(request).map_err(|error| format!("request {index}: {error}"))?;
    if answer.status != 200 {
        return Err(format!("request {index}: status {}", answer.status));
    }
    if digest(answer.body) == *right { Ok(()) } else { Err(format!("request {index}: another answer than before")) }
}

/// A number that tells answers apart. It is quick, because the load shares the machine with the server.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut sum = u64::try_from(bytes.len()).unwrap_or(0);
    for chunk in chunks {
        sum = (sum ^ u64::from_le_bytes(*chunk)).wrapping_mul(MIX).rotate_left(29);
    }
    for byte in rest {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(MIX).rotate_left(29);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_change_the_digest() {
        let text = b"{\"total\": 7200000, \"rest\": 12345}";
        let whole = digest(text);
        assert_eq!(whole, digest(text));
        for place in 0..text.len() {
            let mut other = text.to_vec();
            other[place] ^= 1;
            assert_ne!(digest(&other), whole, "byte {place}");
        }
        assert_ne!(digest(&[0; 8]), digest(&[0; 16]));
    }
}
