//! Scenarios: whole tasks, done in each style as its own developers would do them, measured step by step.
//!
//! A scenario has *variants*: ways to do the task in one style. Each variant has a temporary sandbox to itself, and all
//! numbers are measured on its connections. Variants call the styles' own clients; what only one style has (a batch, a selection)
//! stands in its variant.

mod batches;
mod n_plus_one;
mod names_only;
mod order_page;
mod retry;
mod runner;
mod twenty_at_once;
mod twenty_reads;

pub use runner::{Step, Tally, VariantRun};

use crate::call::call_once;
use crate::sandboxes::TemporarySandboxes;
use domain::Value;
use runner::{Variant, variants};
use serde::Serialize;
use std::time::{Duration, Instant};
use wire::client::CallOptions;
use wire::connection::Failure;
use wire::{Adapter, Address, CallRequest};

/// The greatest delay for each round trip: the longest variant has more than twenty.
pub const SCENARIO_RTT_MS_MAX: u32 = 500;

/// A task that can be done in many ways.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ScenarioName"))]
pub struct Scenario {
    /// The name in requests and on the command line.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    /// The question that it answers.
    pub doc: &'static str,
    /// Whether the server must allow injected faults.
    pub takes_faults: bool,
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    variants: fn(&[&'static Adapter]) -> Vec<Variant>,
}

/// All scenarios.
pub static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "order-page",
        title: "The order page",
        doc: "An order with its customer and the names of its products: how often does a client wait for the server?",
        takes_faults: false,
        variants: |styles| variants(styles, order_page::VARIANTS),
    },
    Scenario {
        name: "names-only",
        title: "Names only",
        doc: "The names of 50 products and nothing else: how much comes along that is not read?",
        takes_faults: false,
        variants: |styles| variants(styles, names_only::VARIANTS),
    },
    Scenario {
        name: "twenty-at-once",
        title: "Twenty at once, one missing",
        doc: "Twenty products by their ids, one of which does not exist: how many round trips, and what becomes of the other 19?",
        takes_faults: false,
        variants: |styles| variants(styles, twenty_at_once::VARIANTS),
    },
    Scenario {
        name: "twenty-reads",
        title: "Twenty reads",
        doc: "Twenty users, read in JSON and in Protocol Buffers, over HTTP/1.1 and HTTP/2: what does a connection cost, what a header, what \
              waiting?",
        takes_faults: false,
        variants: |styles| variants(styles, twenty_reads::VARIANTS),
    },
    Scenario {
        name: "n-plus-one",
        title: "N+1 under the hood",
        doc: "Twenty orders, each with its customer: the client sends 21 queries, or the server does, or neither.",
        takes_faults: false,
        variants: |styles| variants(styles, n_plus_one::VARIANTS),
    },
    Scenario {
        name: "retry",
        title: "The click that ran twice",
        doc: "An order is placed, the reply is lost, and the client retries twice: how many orders are there in the end?",
        takes_faults: true,
        variants: retry::variants,
    },
];

/// The result of a scenario.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Scenario"))]
pub struct ScenarioRun {
    name: &'static str,
    title: &'static str,
    doc: &'static str,
    /// Bytes of the temporary sandbox's path, which stands in every request or handshake.
    sandbox_bytes: usize,
    /// The variants that were run.
    #[serde(rename = "styles")]
    pub variants: Vec<VariantRun>,
    /// The titles of the variants for which there was no time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unplayed: Vec<String>,
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}

impl Scenario {
    /// Runs the variants one after the other, each in a temporary sandbox with this delay for a round trip. When the
    /// time is over, none is begun but the first.
    pub async fn run(
        &self,
        server: &Address,
        styles: &[&'static Adapter],
        rtt_ms: u32,
        within: Duration,
        options: &CallOptions,
    ) -> Result<ScenarioRun, Failure> {
        let Scenario { name, title, doc, .. } = *self;
        let variants = (self.variants)(styles);
        let sandboxes = TemporarySandboxes::delayed(server, "scenario", variants.len(), rtt_ms).await?;
        let sandbox_bytes = sandboxes.address(0).prefix.len();
        let mut run = ScenarioRun { name, title, doc, sandbox_bytes, variants: Vec::new(), unplayed: Vec::new() };
        let begun = Instant::now();
        let run = async {
            for (number, variant) in variants.into_iter().enumerate() {
                if number > 0 && begun.elapsed() >= within {
                    run.unplayed.push(variant.title);
                    continue;
                }
                let address = sandboxes.address(number);
                if rtt_ms == 0 {
                    // The first call to a new sandbox waits until the server has opened its files: it is not measured.
                    let request = CallRequest::with_options("who_am_i", Value::object([]), options.clone());
                    let _ = call_once(&address, variant.style, &request).await;
                }
                run.variants.push(variant.run(&address, options).await?);
            }
            Ok(run)
        };
        let run = run.await;
        sandboxes.delete().await;
        run
    }
}
