//! What does a whole task cost, where each style does it as its own people would? Step by step, on connections that are counted.
//!
//! A *scenario* is a task; a *lane* is one way to do it. A style can have more lanes than one, where its people are of two minds.
//! Every lane has a throw-away copy of the shop to itself, and all numbers are what was measured on its connections. The lanes are
//! written in terms of the styles' own client halves; what only one style has (a batch, a selection) stands in its lane.

mod n_plus_one;
mod names_only;
mod order_page;
mod played;
mod retry;
mod several;
mod stage;
mod twenty_at_once;

pub use played::{Played, Step, Stop, Tally};
use stage::Lane;

use crate::sandbox::Copies;
use domain::Value;
use std::time::{Duration, Instant};
use wire::client::CallOptions;
use wire::connection::Connection;
use wire::{Adapter, Address, CallRequest};

/// The most that a scenario can be told to charge for a round trip: its longest lane has more than twenty.
pub const SCENARIO_RTT_MS_MAX: u32 = 500;

/// A task that can be done in many ways.
pub struct Scenario {
    /// What it is called where it is asked for.
    pub name: &'static str,
    /// What it is called where it is shown.
    pub title: &'static str,
    /// What it shows.
    pub doc: &'static str,
    /// Whether it takes a server that grants faults.
    pub takes_faults: bool,
    /// The ways to do it, in these styles.
    lanes: fn(&[&'static Adapter]) -> Vec<Lane>,
}

/// All of them.
pub static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "order-page",
        title: "The order page",
        doc: "An order with its customer and the names of its products: how often does a client wait for the server?",
        takes_faults: false,
        lanes: order_page::lanes,
    },
    Scenario {
        name: "names-only",
        title: "Names only",
        doc: "The names of 50 products and nothing else: how much comes along that nobody reads?",
        takes_faults: false,
        lanes: names_only::lanes,
    },
    Scenario {
        name: "twenty-at-once",
        title: "Twenty at once, one missing",
        doc: "Twenty products by their ids, one of which is not there: how many round trips, and what becomes of the other 19?",
        takes_faults: false,
        lanes: twenty_at_once::lanes,
    },
    Scenario {
        name: "n-plus-one",
        title: "N+1 under the hood",
        doc: "Twenty orders, each with its customer: the 21 questions are asked by the client, by the server, or by nobody.",
        takes_faults: false,
        lanes: n_plus_one::lanes,
    },
    Scenario {
        name: "retry",
        title: "The click that ran twice",
        doc: "An order is placed, the answer is lost, and the client tries again, twice: how many orders are there in the end?",
        takes_faults: true,
        lanes: retry::lanes,
    },
];

/// A scenario that was played.
pub struct Play {
    /// Its lanes.
    pub lanes: Vec<Played>,
    /// What those are called for which there was no time.
    pub unplayed: Vec<String>,
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}

/// Plays every lane, one after the other, in a throw-away copy of the shop of its own whose round-trip dial is set. After so long
/// none is begun any more but the first.
pub async fn play(
    server: &Address,
    styles: &[&'static Adapter],
    scenario: &Scenario,
    rtt_ms: u32,
    within: Duration,
    options: &CallOptions,
) -> Result<Play, Stop> {
    let lanes = (scenario.lanes)(styles);
    let copies = Copies::dialled(server, "scenario", lanes.len(), rtt_ms).await?;
    let (begun, mut play) = (Instant::now(), Play { lanes: Vec::new(), unplayed: Vec::new() });
    for (number, lane) in lanes.into_iter().enumerate() {
        if number > 0 && begun.elapsed() >= within {
            play.unplayed.push(lane.title);
            continue;
        }
        let address = copies.address(number);
        let done = async {
            if rtt_ms == 0 {
                warm_up(&address, lane.style, options).await?;
            }
            lane.play(&address, options).await
        };
        match done.await {
            Ok(lane) => play.lanes.push(lane),
            Err(stop) => {
                copies.forget().await;
                return Err(stop);
            }
        }
    }
    copies.forget().await;
    Ok(play)
}

/// One call that nobody measures: the first one finds a server that has not opened the files of a new copy.
async fn warm_up(address: &Address, style: &'static Adapter, options: &CallOptions) -> Result<(), Stop> {
    let ask = CallRequest { options: options.clone(), ..CallRequest::new("who_am_i", Value::object([])) };
    let outgoing = style.client.encode(&ask);
    let mut line = Connection::open(address, &outgoing).await?;
    line.call(style.client, &ask, &outgoing).await?;
    line.close().await;
    Ok(())
}
