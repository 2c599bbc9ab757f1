//! `parlance compare`: the same call over all styles. It checks that the results are equal, then prints the numbers.

use super::arguments::{call_request, server, style};
use super::output::{Problem, print_line};
use super::table::{pretty, table};
use crate::config::Compare;
use crate::protocols::PROTOCOLS;
use crate::seed::admin;
use domain::operations::OperationKind;
use lab::report::{Cost, Json, Refusal};
use lab::{Comparison, Effort, Verdict};
use serde_json::json;
use wire::Outcome;

/// Compares and prints. If the results differ, it prints no numbers, and the exit status is 1.
pub async fn compare(config: Compare) -> Result<bool, Problem> {
    let request = call_request(&config.call)?;
    if request.row().is_some_and(|row| row.kind == OperationKind::Stream) {
        return Err("a stream has no single result to compare".into());
    }
    let styles = if config.over.is_empty() {
        PROTOCOLS.iter().collect()
    } else {
        config.over.iter().map(|name| style(name)).collect::<Result<Vec<_>, _>>()?
    };
    let (address, started) = server(config.call.url.as_deref())?;
    let effort = Effort { admin: admin(), ..Effort::of(config.n as usize) };
    let comparison = lab::compare(&address, &styles, request, &effort).await?;
    if let Some(started) = started {
        started.stop().await?;
    }
    let call = format!("{} {}", comparison.request.operation, config.call.input.join(" "));
    print(&comparison, call.trim(), &config)
}

fn print(comparison: &Comparison, call: &str, config: &Compare) -> Result<bool, Problem> {
    let rows = &comparison.results;
    match &comparison.verdict {
        Verdict::Equal(outcome) if config.json => {
            let styles: Vec<Cost> = rows.iter().map(|row| Cost::of(row, true)).collect();
            let mut document = json!({"question": call, "equal": true, "styles": styles});
            match outcome {
                Outcome::Refused(refused) => document["refused"] = json!(Refusal::of(refused)),
                Outcome::Reply(value) => document["answer"] = json!(Json(value.clone())),
                Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                    document["answer"] = json!(null)
                }
            }
            print_line(format_args!("{document:#}"))?;
            Ok(true)
        }
        Verdict::Equal(outcome) => {
            let answer = match outcome {
                // Without the code, which each style has of its own.
                Outcome::Refused(refused) => {
                    format!("{}: {}", refused.reason.as_deref().unwrap_or("refused"), refused.message)
                }
                Outcome::Reply(value) => pretty(value),
                Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => String::new(),
            };
            print_line(format_args!("{call}\n\nAll {} results are equal:\n{answer}\n", rows.len()))?;
            table(comparison, rows, config.n)?;
            Ok(true)
        }
        Verdict::Different(first, others) => {
            eprintln!("{call}\n\nThe results differ, so nothing is measured.");
            for (style, places) in others {
                eprintln!("\n{} differs from {} in:\n  {}", style.title, first.title, places.join("\n  "));
            }
            Ok(false)
        }
    }
}
