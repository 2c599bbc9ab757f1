//! Is the door the same in every style? Who may what, how often, what happens once, and what if it fails: one test for each
//! protocol, or for each pair of them.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

mod access;
mod callers;
mod faults;
mod matrix;
mod once;
mod quota;
mod room;
mod tokens;
mod units;

use libtest_mimic::{Arguments, Trial};
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::House;
use wire::Adapter;

/// A test of one protocol.
type Single = fn(&Arc<House>, &'static Adapter);
/// A test of what is begun over one protocol and goes on over another.
type Double = fn(&Arc<House>, &'static Adapter, &'static Adapter);

/// A test, of whatever.
type Test = Box<dyn FnOnce(&Arc<House>) + Send>;

const SINGLES: &[&[(&str, Single)]] = &[access::TESTS, faults::TESTS, tokens::TESTS];
const DOUBLES: &[&[(&str, Double)]] = &[once::TESTS, quota::TESTS];

fn main() {
    let arguments = Arguments::from_args();
    let house = Arc::new(House::open());
    let mut trials = Vec::new();
    let mut add = |name: String, test: Test| {
        let house = house.clone();
        trials.push(Trial::test(name, move || {
            test(&house);
            Ok(())
        }));
    };
    for style in PROTOCOLS.iter() {
        for row in matrix::rows().filter(|row| style.streams || !row.streams()) {
            let name = format!("who may {} :: {}", row.name(), style.name);
            add(name, Box::new(move |house| matrix::check(house, style, &row)));
        }
        for (name, test) in SINGLES.iter().copied().flatten() {
            add(format!("{name} :: {}", style.name), Box::new(move |house| test(house, style)));
        }
        for other in PROTOCOLS.iter() {
            for (name, test) in DOUBLES.iter().copied().flatten() {
                let name = format!("{name} :: {}, then {}", style.name, other.name);
                add(name, Box::new(move |house| test(house, style, other)));
            }
        }
    }
    for (name, test) in units::TESTS.iter().chain(room::TESTS).chain(once::ALONE) {
        add((*name).to_owned(), Box::new(test));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The house goes before the process does, so that nothing of it is left in the temporary folder.
    drop(house);
    conclusion.exit();
}
