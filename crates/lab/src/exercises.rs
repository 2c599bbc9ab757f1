//! Exercises: tasks that the server recognises in the calls of a sandbox, whatever client made them.
//!
//! An exercise is data and a rule. The rule is a function over the history of the sandbox: round trips as the capture has seen them
//! (style, connection, bytes, headers), and in each the operations as the pipeline has recorded them (input, reply, reason, key). It
//! never looks at a client's exact words. [`Learners`] applies the rules after each step, in the sandboxes that have their exercises on.

mod activity;
mod exercise;
mod history;
mod learners;
mod paths;
mod step;

pub use activity::{Activity, LastCall};
pub use exercise::{Exercise, Path};
pub use learners::{Learners, Notice, OfLab, Outcome};
pub use paths::{PATHS, find};
