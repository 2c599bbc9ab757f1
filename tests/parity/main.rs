//! Does the shop say the same in every style? Every scenario is told over every protocol: one test for each pair.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

mod carts;
mod events;
mod limits;
mod logins;
mod managed;
mod orders;
mod products;
mod sandboxes;
mod sight;
mod statuses;
mod texts;
mod users;
mod waits;
mod watch;
mod webhooks;

use domain::operations::{OPERATIONS, OperationKind};
use libtest_mimic::{Arguments, Failed, Trial};
use server::protocols::PROTOCOLS;
use std::collections::BTreeSet;
use std::sync::Arc;
use tests::{House, Talk};
use wire::Adapter;

/// What happens in a shop, step by step.
struct Scenario {
    name: &'static str,
    tell: fn(&mut Talk),
    /// Styles in which it can't be told, because their own grammar has no words for it.
    not_over: &'static [&'static str],
}

/// A test that is not told by question and answer alone.
type Tell = fn(&Arc<House>, &'static Adapter);

const fn scenario(name: &'static str, tell: fn(&mut Talk)) -> Scenario {
    Scenario { name, tell, not_over: &[] }
}

const SCENARIOS: &[&[Scenario]] = &[
    users::SCENARIOS,
    products::SCENARIOS,
    carts::SCENARIOS,
    orders::SCENARIOS,
    statuses::SCENARIOS,
    events::SCENARIOS,
    texts::SCENARIOS,
    limits::SCENARIOS,
    logins::SCENARIOS,
    sight::SCENARIOS,
    webhooks::SCENARIOS,
];

fn main() {
    let arguments = Arguments::from_args();
    let house = Arc::new(House::open());
    let mut trials = Vec::new();
    for scenario in SCENARIOS.iter().copied().flatten() {
        for style in PROTOCOLS.iter().filter(|style| !scenario.not_over.contains(&style.name)) {
            trials.push(trial(scenario.name, style, &house, move |house, style| {
                (scenario.tell)(&mut Talk::over(house, style));
            }));
        }
    }
    for (name, tell) in sandboxes::TESTS.iter().chain(managed::TESTS).chain(watch::TESTS).chain(waits::TESTS) {
        trials.extend(PROTOCOLS.iter().map(|style| trial(name, style, &house, *tell)));
    }
    for (name, test) in managed::ALONE.iter().chain(webhooks::ALONE).chain(waits::ALONE) {
        let house = house.clone();
        trials.push(Trial::test(*name, move || {
            test(&house);
            Ok(())
        }));
    }
    let alone = house.clone();
    trials.push(Trial::test("every operation occurs in some scenario", move || every_operation_occurs(&alone)));
    let conclusion = libtest_mimic::run(&arguments, trials);
    // The house goes before the process does, so that nothing of it is left in the temporary folder.
    drop(house);
    conclusion.exit();
}

fn trial(
    name: &str,
    style: &'static Adapter,
    house: &Arc<House>,
    tell: impl FnOnce(&Arc<House>, &'static Adapter) + Send + 'static,
) -> Trial {
    let house = house.clone();
    Trial::test(format!("{name} :: {}", style.name), move || {
        tell(&house, style);
        Ok(())
    })
}

/// Tells all scenarios to the shop alone, and looks at what was asked for.
fn every_operation_occurs(house: &Arc<House>) -> Result<(), Failed> {
    let mut asked = BTreeSet::new();
    for scenario in SCENARIOS.iter().copied().flatten() {
        let mut talk = Talk::with_the_shop_alone(house);
        (scenario.tell)(&mut talk);
        asked.extend(talk.asked());
    }
    // The stream is told of in `watch`, over every protocol.
    let callable = OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream);
    let missing: Vec<_> = callable.map(|operation| operation.name).filter(|name| !asked.contains(*name)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("in no scenario: {missing:?}").into()) }
}
