//! The paths. Each file has the exercises of one, and their rules.

mod choose;
mod efficiency;
mod errors;
mod events;
mod first_steps;
mod reliability;
mod security;
mod styles;

use super::exercise::{Exercise, Path};

/// All paths, in the order in which they are shown.
pub const PATHS: &[Path] = &[
    first_steps::PATH,
    styles::PATH,
    errors::PATH,
    reliability::PATH,
    efficiency::PATH,
    security::PATH,
    events::PATH,
    choose::PATH,
];

/// The exercise with that name.
pub fn find(name: &str) -> Option<&'static Exercise> {
    PATHS.iter().flat_map(|path| path.exercises).find(|exercise| exercise.name == name)
}
