//! How are the styles compared? The engine that asks the same question over each of them and measures what crossed the wire; the
//! capture of live traffic; and the addresses at which the page asks for both. A server that has a lab mounts it ([`mount`]) and
//! tells it what it serves ([`Setting`]).

pub mod again;
pub mod capture;
pub mod compare;
pub mod copies;
pub mod equal;
pub mod http;
pub mod mask;
pub mod parts;
pub mod report;
pub mod sandbox;
pub mod scenarios;
pub mod show;
pub mod translate;
pub mod watch;

pub use compare::{Comparison, Effort, Row, Verdict, compare};
pub use http::{Lab, Person, Setting, mount};
