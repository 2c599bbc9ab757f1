//! Durability under load: nothing is sold twice, and what was acknowledged survives `kill -9`.
//!
//! This program is its own server: with `PARLANCE_CHILD` in the environment it serves that file instead of testing, so that
//! there is a process to kill.

mod buyers;
mod crash;
mod lost;
mod oversell;

use libtest_mimic::{Arguments, Trial};

fn main() {
    if let Some(file) = std::env::var_os(crash::CHILD) {
        crash::serve(file.into());
        return;
    }
    let arguments = Arguments::from_args();
    let trials = vec![
        Trial::test("2,000 attempts to buy the last 100 pieces sell exactly 100", || {
            oversell::test();
            Ok(())
        }),
        Trial::test("10,000 keys are 10,000 orders, though every third answer is lost", || {
            lost::test();
            Ok(())
        }),
        Trial::test("every acknowledged order survives kill -9", || {
            crash::test();
            Ok(())
        }),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}
