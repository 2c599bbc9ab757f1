//! `parlance scenario`: a whole task, where each style does it in its own way, step by step.

use super::{Problem, credentials, say, server};
use crate::config::Scenario as Wanted;
use crate::protocols::PROTOCOLS;
use lab::scenarios::{self, SCENARIOS, Tally, VariantRun};
use std::time::Duration;
use wire::client::CallOptions;

/// Plays the scenario and prints what each way took.
pub async fn scenario(config: Wanted) -> Result<bool, Problem> {
    let Some(scenario) = scenarios::find(&config.name) else {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        return Err(format!("no scenario is called {}; there are {}", config.name, names.join(", ")).into());
    };
    let options = CallOptions { credentials: credentials(&config.who)?, ..CallOptions::default() };
    let (address, own) = server(config.url.as_deref())?;
    let styles: Vec<_> = PROTOCOLS.iter().collect();
    // Who waits at a terminal can stop it.
    let played = scenario.run(&address, &styles, config.rtt, Duration::MAX, &options).await;
    if let Some(own) = own {
        own.stop().await?;
    }
    let play = played?;
    if config.json {
        say(format_args!("{:#}", serde_json::to_value(&play)?))?;
        return Ok(true);
    }
    say(format_args!("{}\n{}\n", scenario.title, scenario.doc))?;
    table(&play.variants)?;
    say(format_args!(
        "\nEvery way has a throw-away copy of the shop to itself. Round trips are counted on the wire, with TCP's own."
    ))?;
    let network = match config.rtt {
        0 => "Times are of the loopback: no network's.".to_owned(),
        rtt_ms => format!("Times are of the loopback, where each round trip is charged with {rtt_ms} ms by the shop."),
    };
    say(network)?;
    Ok(true)
}

fn table(lanes: &[VariantRun]) -> Result<(), Problem> {
    let width = lanes.iter().map(|lane| lane.title.chars().count()).max().unwrap_or_default();
    let heads = ["steps", "trips", "conn.", "sent", "received", "ms"];
    let heads: String = heads.iter().map(|head| format!("{head:>10}")).collect();
    say(format_args!("{:width$}{heads}", ""))?;
    for lane in lanes {
        let counts = [
            lane.steps.len() as u64,
            lane.round_trips.into(),
            lane.connections.into(),
            lane.bytes.sent,
            lane.bytes.received,
        ];
        let counts: String = counts.iter().map(|count| format!("{count:>10}")).collect();
        let ms = lane.time_us / 1_000.0;
        say(format_args!("{:width$}{counts}{ms:>10.2}{}", lane.title, found(lane)))?;
    }
    Ok(())
}

/// What else was found out, if that is the question.
fn found(lane: &VariantRun) -> String {
    let mut found = String::new();
    if let Some(lookups) = lane.lookups {
        found.push_str(&format!("  look-ups {lookups}"));
    }
    if let Some(made) = lane.made {
        found.push_str(&format!("  orders made {made}"));
    }
    if let Some(Tally { answered, refused, left_out }) = lane.tally {
        found.push_str(&format!("  answered {answered}, refused {refused}, left out {left_out}"));
    }
    found
}
