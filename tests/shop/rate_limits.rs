//! Rate limits: shared by all styles, and what counts as one operation.

mod shared;
mod units;

use crate::trials::Trials;

pub fn tests(trials: &mut Trials) {
    trials.per_pair(shared::TESTS);
    trials.alone(units::TESTS);
}
