//! `parlance bench`: many calls in all styles, and what they cost the server.

mod print;
mod server_process;

use super::arguments::{credentials, with_server};
use super::output::{Problem, Usage};
use crate::config::Bench;
use crate::protocols::PROTOCOLS;
use crate::seed::admin;
use lab::bench::figures::{Row, csv};
use lab::bench::page::page;
use lab::bench::plan::{Plan, size_max};
use server_process::ServerProcess;
use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::Path;
use wire::Address;
use wire::client::CallOptions;

/// Measures, prints, and writes the files. If a call is refused, there are no numbers, and the exit status is 1.
pub async fn bench(config: Bench) -> Result<bool, Problem> {
    let plan = plan(&config)?;
    // What can't be written is better known before the measurement.
    for file in config.csv.iter().chain(&config.html) {
        write(file, "")?;
    }
    let started = if config.url.is_none() { Some(ServerProcess::start()?) } else { None };
    let (pid, url) = (started.as_ref().map(ServerProcess::pid), started.as_ref().map(ServerProcess::url));
    let mut rows = 0;
    let progress = |row: &Row, all: usize| {
        rows += 1;
        if stderr().is_terminal() {
            eprint!("\r{rows} of {all}: {}, {:40}", row.cell.name(), row.cell.task());
        }
    };
    let measure = async |address: &Address, _| Ok(lab::bench::bench(address, pid, &plan, progress).await?);
    let results = with_server(config.url.as_deref().or(url), measure).await?;
    if stderr().is_terminal() {
        eprint!("\r{:70}\r", "");
    }
    for (file, text) in [(&config.csv, csv(&results.rows)), (&config.html, page(&results))] {
        file.iter().try_for_each(|file| write(file, &text))?;
    }
    print::results(&results, config.json)?;
    Ok(true)
}

fn plan(config: &Bench) -> Result<Plan, Problem> {
    for operation in &config.operations {
        if let (Some(max), Some(largest)) = (size_max(operation), config.sizes.iter().max())
            && *largest > max
        {
            return Err(Usage(format!("the size of {} is at most {max}, not {largest}", operation.name)).into());
        }
    }
    let styles = if config.over.is_empty() { PROTOCOLS.iter().collect() } else { config.over.clone() };
    let options =
        CallOptions { credentials: credentials(&config.credentials), gzip: config.gzip, ..CallOptions::default() };
    Ok(Plan {
        operations: config.operations.clone(),
        styles,
        sizes: config.sizes.clone(),
        connections: config.connections.clone(),
        versions: config.http.clone(),
        rounds: config.rounds,
        calls: config.n,
        rate: config.rate,
        cold: config.cold,
        // Short enough to be typed again.
        seed: config.seed.unwrap_or_else(|| std::process::id().into()),
        options,
        admin: admin(),
    })
}

fn write(file: &Path, text: &str) -> Result<(), Problem> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into())
}
