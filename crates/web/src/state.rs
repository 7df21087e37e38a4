//! What all handlers share.

use std::fmt;
use std::sync::{Arc, OnceLock};

use app::Kapok;
use app::drafts::{NAME_BYTES, Name};
use domain::Date;

use crate::api::Rate;
use crate::telemetry::Telemetry;

/// Seconds in a day.
pub const DAY: u64 = 86_400;

/// Fills bytes that cannot be guessed.
pub type Random = dyn Fn(&mut [u8]) + Send + Sync;

/// What the binary decides: where time and randomness come from.
pub struct Config {
    /// Seconds since 1970.
    pub clock: Box<dyn Fn() -> u64 + Send + Sync>,
    /// Fills names that must not be guessed.
    pub random: Box<Random>,
    /// The day to take for today, whatever the clock says: for demonstrations and tests.
    pub today: Option<Date>,
    /// How often one client may ask the API; `None` for no limit.
    pub rate: Option<Rate>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("today", &self.today).finish_non_exhaustive()
    }
}

/// What all handlers share; cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    kapok: Kapok,
    config: Config,
    openapi: OnceLock<serde_json::Value>,
    telemetry: Telemetry,
}

impl App {
    /// The state of a server.
    #[must_use]
    pub fn new(kapok: Kapok, config: Config) -> Self {
        Self { inner: Arc::new(Inner { kapok, config, openapi: OnceLock::new(), telemetry: Telemetry::default() }) }
    }

    /// The use cases.
    #[must_use]
    pub fn kapok(&self) -> &Kapok {
        &self.inner.kapok
    }

    /// How often one client may ask the API.
    #[must_use]
    pub fn rate(&self) -> Option<Rate> {
        self.inner.config.rate
    }

    /// The description of the API.
    #[must_use]
    pub fn openapi(&self) -> &serde_json::Value {
        self.inner.openapi.get_or_init(|| crate::api::document(&self.inner.kapok.program))
    }

    /// What the server notes of itself.
    #[must_use]
    pub fn telemetry(&self) -> &Telemetry {
        &self.inner.telemetry
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        (self.inner.config.clock)()
    }

    /// Today in Shanghai, where the law's dates are kept.
    #[must_use]
    pub fn today(&self) -> Date {
        self.inner.config.today.unwrap_or_else(|| day(self.now()))
    }

    /// A name that cannot be guessed.
    #[must_use]
    pub fn name(&self) -> Name {
        let mut bytes = [0; NAME_BYTES];
        (self.inner.config.random)(&mut bytes);
        Name::new(bytes)
    }
}

/// The day in Shanghai at an instant (seconds since 1970).
#[must_use]
pub fn day(at: u64) -> Date {
    i32::try_from((at + 8 * 3600) / DAY).ok().and_then(Date::from_days).unwrap_or(Date::MIN)
}
