//! Tests of the shop as it is served, by subject: `cargo test -p tests --test shop orders::`.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

#[macro_use]
mod trials;

mod auth;
mod capacity;
mod carts;
mod contracts;
mod errors;
mod events;
mod faults;
mod idempotency;
mod lab;
mod limits;
mod orders;
mod products;
mod protocols;
mod rate_limits;
mod sandbox_admin;
mod sandboxes;
mod texts;
mod users;
mod webhooks;
mod wire;

use libtest_mimic::Arguments;
use trials::Trials;

/// Every subject, and the function that collects its tests.
type Subject = (&'static str, fn(&mut Trials));

const SUBJECTS: &[Subject] = &[
    ("users", |trials| trials.scenarios(users::SCENARIOS)),
    ("products", |trials| trials.scenarios(products::SCENARIOS)),
    ("carts", |trials| trials.scenarios(carts::SCENARIOS)),
    ("orders", orders::tests),
    ("texts", |trials| trials.scenarios(texts::SCENARIOS)),
    ("limits", |trials| trials.scenarios(limits::SCENARIOS)),
    ("webhooks", webhooks::tests),
    ("sandboxes", |trials| trials.per_style(sandboxes::TESTS)),
    ("sandbox_admin", sandbox_admin::tests),
    ("auth", auth::tests),
    ("rate_limits", rate_limits::tests),
    ("idempotency", idempotency::tests),
    ("faults", |trials| trials.per_style(faults::TESTS)),
    ("capacity", |trials| trials.alone(capacity::TESTS)),
    ("events", events::tests),
    ("errors", errors::tests),
    ("contracts", contracts::tests),
    ("wire", wire::tests),
    ("protocols", protocols::tests),
    ("lab", lab::tests),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Trials::new();
    for (subject, tests) in SUBJECTS {
        trials.subject(subject);
        tests(&mut trials);
    }
    trials.run(&arguments).exit();
}
