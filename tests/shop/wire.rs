//! The bytes on the wire, and how they are counted.

mod compression;
mod floods;
mod http2;
mod measured;
mod over_http2;
mod properties;
mod recorded;

use crate::trials::Trials;

pub fn tests(trials: &mut Trials) {
    recorded::tests(trials);
    properties::tests(trials);
    trials.plain(measured::TESTS);
    trials.plain(compression::TESTS);
    trials.plain(http2::TESTS);
    trials.plain(floods::TESTS);
    trials.plain(over_http2::TESTS);
}
