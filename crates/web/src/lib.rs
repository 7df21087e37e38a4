//! Kapok's pages and API: routes, templates, locales, assets. What it does is in `app`; here it is only shown and asked for.
//!
//! A page is a folder of `pages` with its handlers, its context (an askama template) and its tests; its texts are in
//! `locales/*/PAGE.ftl`, its styles in `assets/css`.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // no panic is reachable from input

mod api;
mod assets;
mod cookie;
mod error;
mod health;
mod l10n;
mod metrics;
mod pages;
mod router;
mod server;
mod show;
mod state;
mod telemetry;
#[cfg(test)]
mod testing;
mod visitor;

pub use api::Rate;
pub use router::router;
pub use server::serve;
pub use state::{App, Config};
