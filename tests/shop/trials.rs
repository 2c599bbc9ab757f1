//! Turns tests into a list: once, in each style, or for each pair of styles.

use libtest_mimic::{Arguments, Conclusion, Trial};
use server::protocols::PROTOCOLS;
use std::any::Any;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::panic::resume_unwind;
use std::sync::Arc;
use tests::{Conversation, TestServer};
use wire::Adapter;

/// A test that needs no server, or has its own.
pub type Plain = (&'static str, fn());
/// A test on the server that all share.
pub type Alone = (&'static str, fn(&Arc<TestServer>));
/// A test of one style.
pub type PerStyle = (&'static str, fn(&Arc<TestServer>, &'static Adapter));
/// A test of what starts over one style and continues over another.
pub type PerPair = (&'static str, fn(&Arc<TestServer>, &'static Adapter, &'static Adapter));

/// A scenario: what happens in a shop, step by step. It runs over every style.
pub struct Scenario {
    pub name: &'static str,
    pub report_to: fn(&mut Conversation),
    /// Styles in which it can't run, because their grammar can't express it.
    pub not_over: &'static [&'static str],
}

pub const fn scenario(name: &'static str, report_to: fn(&mut Conversation)) -> Scenario {
    Scenario { name, report_to, not_over: &[] }
}

/// Lists the tests of a file as `TESTS`. A test that is not listed is dead code, and the compiler reports it.
macro_rules! tests {
    ($($test:ident),+ $(,)?) => {
        pub const TESTS: &[$crate::trials::Plain] = &[$((concat!(module_path!(), "::", stringify!($test)), $test)),+];
    };
}

/// The same for async tests.
macro_rules! async_tests {
    ($($test:ident),+ $(,)?) => {
        pub const TESTS: &[$crate::trials::Plain] =
            &[$((concat!(module_path!(), "::", stringify!($test)), || $crate::trials::on_a_thread($test))),+];
    };
}

/// Runs a test as actix runs a worker: on a thread of its own.
pub fn on_a_thread<F: Future<Output = ()> + 'static>(test: fn() -> F) {
    let thread = std::thread::spawn(move || actix_web::rt::System::new().block_on(test()));
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
}

/// The tests that were collected so far.
pub struct Trials {
    server: Arc<TestServer>,
    subject: &'static str,
    trials: Vec<Trial>,
    scenarios: Vec<&'static Scenario>,
    owned: Vec<Box<dyn Any>>,
}

impl Trials {
    /// None yet.
    pub fn new() -> Trials {
        let server = Arc::new(TestServer::open());
        Trials { server, subject: "", trials: Vec::new(), scenarios: Vec::new(), owned: Vec::new() }
    }

    /// The subject of what follows.
    pub fn subject(&mut self, subject: &'static str) {
        self.subject = subject;
    }

    /// A test on the server that all share.
    pub fn add(&mut self, name: impl Display, test: impl FnOnce(&Arc<TestServer>) + Send + 'static) {
        let server = self.server.clone();
        self.trials.push(Trial::test(format!("{}::{name}", self.subject), move || {
            test(&server);
            Ok(())
        }));
    }

    /// Tests that need no server, or have their own. They are named by their path.
    pub fn plain(&mut self, tests: &[Plain]) {
        for (path, test) in tests.iter().copied() {
            let name = path.trim_start_matches("shop::");
            self.trials.push(Trial::test(name, move || {
                test();
                Ok(())
            }));
        }
    }

    pub fn alone(&mut self, tests: &[Alone]) {
        for (name, test) in tests {
            self.add(name, *test);
        }
    }

    pub fn per_style(&mut self, tests: &[PerStyle]) {
        for (name, test) in tests.iter().copied() {
            for style in PROTOCOLS.iter() {
                self.add(format!("{name} :: {}", style.name), move |server| test(server, style));
            }
        }
    }

    pub fn per_pair(&mut self, tests: &[PerPair]) {
        for (name, test) in tests.iter().copied() {
            for first in PROTOCOLS.iter() {
                for then in PROTOCOLS.iter() {
                    let name = format!("{name} :: {}, then {}", first.name, then.name);
                    self.add(name, move |server| test(server, first, then));
                }
            }
        }
    }

    pub fn scenarios(&mut self, scenarios: &'static [Scenario]) {
        for scenario in scenarios {
            for style in PROTOCOLS.iter().filter(|style| !scenario.not_over.contains(&style.name)) {
                let report_to = move |server: &_| (scenario.report_to)(&mut Conversation::over(server, style));
                self.add(format!("{} :: {}", scenario.name, style.name), report_to);
            }
        }
        self.scenarios.extend(scenarios);
    }

    /// Keeps something until all tests have run.
    pub fn keep(&mut self, thing: impl Any) {
        self.owned.push(Box::new(thing));
    }

    /// Runs the tests that were requested.
    pub fn run(mut self, arguments: &Arguments) -> Conclusion {
        self.subject = "operations";
        let scenarios = std::mem::take(&mut self.scenarios);
        self.add("every operation occurs in some scenario", move |server| {
            every_operation_has_a_scenario(server, &scenarios)
        });
        // What the trials own, and the server, end before the process does, so that nothing of them is left in the temporary folder.
        libtest_mimic::run(arguments, self.trials)
    }
}

/// Runs all scenarios on the shop alone, and checks that every operation is called.
fn every_operation_has_a_scenario(server: &Arc<TestServer>, scenarios: &[&Scenario]) {
    use domain::operations::{OPERATIONS, OperationKind};
    let mut requested = BTreeSet::new();
    for scenario in scenarios {
        let mut client = Conversation::with_the_shop_alone(server);
        (scenario.report_to)(&mut client);
        requested.extend(client.requested());
    }
    // The stream is tested in `events`, over every protocol.
    let callable = OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream);
    let missing: Vec<_> = callable.map(|operation| operation.name).filter(|name| !requested.contains(*name)).collect();
    assert!(missing.is_empty(), "in no scenario: {missing:?}");
}
