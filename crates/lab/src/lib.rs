//! How are the styles compared? The engine that asks the same question over each of them and measures what crossed the wire.

pub mod compare;
pub mod copies;
pub mod equal;
pub mod mask;
pub mod parts;
pub mod sandbox;
pub mod scenarios;
pub mod show;
pub mod translate;
pub mod watch;
pub mod web;

pub use compare::{Comparison, Effort, Outcome, Row, compare};
