//! `parlance scenario`: a whole task, done step by step in the way of each style.

use super::arguments::{credentials, with_server};
use super::output::{Problem, print_line};
use crate::config::Scenario as Arguments;
use crate::protocols::PROTOCOLS;
use lab::scenarios::{Tally, VariantRun};
use std::time::Duration;
use wire::Address;
use wire::client::CallOptions;

/// Runs the scenario and prints the cost of each variant.
pub async fn scenario(config: Arguments) -> Result<bool, Problem> {
    let scenario = config.scenario;
    let options = CallOptions { credentials: credentials(&config.credentials), ..CallOptions::default() };
    let styles: Vec<_> = PROTOCOLS.iter().collect();
    // No time limit: a person at a terminal can stop it.
    let run =
        async |address: &Address, _| Ok(scenario.run(address, &styles, config.rtt, Duration::MAX, &options).await?);
    let result = with_server(config.url.as_deref(), run).await?;
    if config.json {
        print_line(format_args!("{:#}", serde_json::to_value(&result)?))?;
        return Ok(true);
    }
    print_line(format_args!("{}\n{}\n", scenario.title, scenario.doc))?;
    table(&result.variants)?;
    print_line(format_args!(
        "\nEach variant has its own sandbox, deleted afterwards. Round trips are counted on the wire, TCP's included."
    ))?;
    let network = match config.rtt {
        0 => "Times are those of the loopback interface, without a network.".to_owned(),
        rtt_ms => format!("Times are those of the loopback interface; the shop adds {rtt_ms} ms to each round trip."),
    };
    print_line(network)?;
    Ok(true)
}

fn table(variants: &[VariantRun]) -> Result<(), Problem> {
    let width = variants.iter().map(|variant| variant.title.chars().count()).max().unwrap_or_default();
    let heads = ["steps", "trips", "conn.", "sent", "received", "ms"];
    let heads: String = heads.iter().map(|head| format!("{head:>10}")).collect();
    print_line(format_args!("{:width$}{heads}", ""))?;
    for variant in variants {
        let counts = [
            variant.steps.len() as u64,
            variant.round_trips.into(),
            variant.connections.into(),
            variant.bytes.sent,
            variant.bytes.received,
        ];
        let counts: String = counts.iter().map(|count| format!("{count:>10}")).collect();
        let ms = variant.time_us / 1_000.0;
        print_line(format_args!("{:width$}{counts}{ms:>10.2}{}", variant.title, counted(variant)))?;
    }
    Ok(())
}

/// What this scenario counts besides bytes and times.
fn counted(variant: &VariantRun) -> String {
    let mut text = String::new();
    if let Some(lookups) = variant.lookups {
        text.push_str(&format!("  look-ups {lookups}"));
    }
    if let Some(made) = variant.made {
        text.push_str(&format!("  orders made {made}"));
    }
    if let Some(Tally { answered, refused, left_out }) = variant.tally {
        text.push_str(&format!("  answered {answered}, refused {refused}, left out {left_out}"));
    }
    text
}
