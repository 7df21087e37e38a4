//! What readers call the choices and periods of a rule, for those who show parts of one.

pub use crate::phrases::{applies_to, award_kind, confidence, level, period, procedure, reason, reviewer, status};
