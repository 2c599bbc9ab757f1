//! Is a quota the same whatever style spends it, and what is one operation of it?

mod shared;
mod units;

use crate::trials::Trials;

pub fn tests(trials: &mut Trials) {
    trials.per_pair(shared::TESTS);
    trials.alone(units::TESTS);
}
