//! What a learner has done of the exercises in a sandbox. A reset keeps it; it ends with the sandbox.

use crate::time::Timestamp;

/// The progress in one exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExerciseProgress {
    /// The exercise's name.
    pub exercise: String,
    /// How many hints the learner has taken.
    pub hints: u32,
    /// When the exercise was done, if it was.
    pub done_at: Option<Timestamp>,
    /// What was recognised, in a sentence; empty if it was not done.
    pub evidence: String,
}

impl ExerciseProgress {
    /// No progress.
    pub fn none(exercise: &str) -> Self {
        ExerciseProgress { exercise: exercise.to_owned(), hints: 0, done_at: None, evidence: String::new() }
    }
}
