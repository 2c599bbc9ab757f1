//! The lab: compares and measures the styles, runs scenarios, watches events on all channels, captures live traffic, and serves
//! all of that at `/lab/...`. A server [`mount`]s it and passes it a [`LabConfig`].

pub mod bench;
mod call;
pub mod capture;
pub mod class;
pub mod compare;
pub mod equal;
pub mod exercises;
mod exchange;
mod frames;
mod http;
mod redaction;
pub mod report;
mod sandboxes;
pub mod scenarios;
pub mod show;
pub mod snippets;
pub mod translate;
pub mod watch;

pub use compare::{Comparison, Effort, StyleResult, Verdict, compare};
pub use http::{Lab, LabConfig, Person, mount};
