//! `parlance exercises`: the exercises, and for an instructor their solutions.

use super::output::{Problem, print_line};
use crate::config::Exercises as Arguments;
use lab::exercises::{Exercise, PATHS};

/// Prints the list, or one exercise.
pub fn exercises(config: &Arguments) -> Result<(), Problem> {
    match config.exercise {
        Some(exercise) => show(exercise),
        None if config.json => print_line(format_args!("{:#}", serde_json::to_value(PATHS)?)),
        None => list(),
    }
}

fn list() -> Result<(), Problem> {
    let all = || PATHS.iter().flat_map(|path| path.exercises);
    let width = all().map(|exercise| exercise.name.len()).max().unwrap_or_default();
    for path in PATHS {
        print_line(path.title)?;
        for Exercise { name, title, lesson, .. } in path.exercises {
            print_line(format_args!("  {name:width$}  {lesson:4} {title}"))?;
        }
    }
    print_line(format_args!(
        "\n{} exercises. `parlance exercises NAME` shows the task, the hints and a solution.",
        all().count()
    ))
}

fn show(exercise: &Exercise) -> Result<(), Problem> {
    let Exercise { title, task, why, lesson, hints, solution, near_miss, .. } = exercise;
    print_line(format_args!("{title} (lesson {lesson})\n\n{task}\n{why}\n"))?;
    for (number, hint) in (1..).zip(hints) {
        print_line(format_args!("Hint {number}: {hint}"))?;
    }
    print_line(format_args!("\nA solution:\n\n{solution}\n\nThis comes close, and does not count:\n\n{near_miss}"))
}
