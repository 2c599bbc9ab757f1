//! Events arrive in order, once, without a gap, and after a break from the cursor, in every channel.

mod channels;
mod disconnects;
mod history;
pub mod log;
mod long_poll;
mod restart;
mod sockets;
mod speech;
mod stream;

use crate::trials::Trials;

pub fn tests(trials: &mut Trials) {
    trials.scenarios(log::SCENARIOS);
    trials.per_style(stream::TESTS);
    trials.per_style(long_poll::TESTS);
    trials.alone(long_poll::ALONE);
    for tests in [channels::TESTS, disconnects::TESTS, history::TESTS, restart::TESTS, sockets::TESTS] {
        trials.plain(tests);
    }
}
