//! The program as its users meet it: what it prints, where, and with which exit code.

mod ask;
mod assess;
mod general;
mod parties;
mod policy;
mod readme;
mod registry;
mod run;
mod screen;
mod serve;
mod simulate;
