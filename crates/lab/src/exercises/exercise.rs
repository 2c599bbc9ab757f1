//! What an exercise is, and what its rule returns.

use super::history::History;
use serde::Serialize;
use std::collections::BTreeSet;

/// A path: exercises about one subject.
#[derive(Serialize)]
pub struct Path {
    /// The name in addresses.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    /// Its exercises, from the easiest on.
    pub exercises: &'static [Exercise],
}

/// An exercise.
#[derive(Serialize)]
pub struct Exercise {
    /// The name in addresses.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    /// What to do.
    pub task: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// The styles in which it can be done; empty for all.
    pub styles: &'static [&'static str],
    /// The lesson that it belongs to.
    pub lesson: &'static str,
    /// Two hints, the second with most of the solution.
    pub hints: [&'static str; 2],
    /// A solution as shell commands; `$SHOP` is the address of the sandbox, `$SERVER` that of the server, `$SANDBOX` the name.
    pub solution: &'static str,
    /// Commands that come close and must not count.
    pub near_miss: &'static str,
    /// Recognises the exercise after each step.
    #[serde(skip)]
    pub(super) rule: fn(&History) -> Verdict,
    /// Recognises an answer in writing, if the exercise has one.
    #[serde(skip)]
    pub(super) answer: Option<fn(&History, &str) -> Verdict>,
}

/// What a rule makes of the history.
pub(super) enum Verdict {
    /// The exercise has been done; the sentence says how.
    Done(String),
    /// The last step comes close; the sentence says what is missing.
    Near(String),
    /// Nothing to say.
    NotYet,
}

impl Exercise {
    /// Whether it is solved by an answer in writing.
    pub fn takes_answer(&self) -> bool {
        self.answer.is_some()
    }
}

pub(super) fn done(evidence: impl Into<String>) -> Verdict {
    Verdict::Done(evidence.into())
}

pub(super) fn near(missing: impl Into<String>) -> Verdict {
    Verdict::Near(missing.into())
}

/// Style names as a list in a sentence.
pub(super) fn listed(styles: &BTreeSet<&str>) -> String {
    styles.iter().copied().collect::<Vec<_>>().join(", ")
}

/// `1 call`, `2 calls`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
