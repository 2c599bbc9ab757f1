//! Authentication and authorization, in every style.

mod access;
mod callers;
mod logins;
mod matrix;
mod tokens;
mod visibility;

pub use callers::user;

use crate::trials::Trials;
use server::protocols::PROTOCOLS;

pub fn tests(trials: &mut Trials) {
    trials.scenarios(logins::SCENARIOS);
    trials.scenarios(visibility::SCENARIOS);
    trials.per_style(access::TESTS);
    trials.per_style(tokens::TESTS);
    for style in PROTOCOLS.iter() {
        for row in matrix::rows().filter(|row| style.streams || !row.streams()) {
            let name = format!("access of {} :: {}", row.name(), style.name);
            trials.add(name, move |server| matrix::check(server, style, &row));
        }
    }
}
