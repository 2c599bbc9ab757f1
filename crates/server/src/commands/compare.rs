//! `parlance compare`: the same call over all styles. It checks that the results are equal, then prints the numbers.

use super::arguments::{as_argument, call_request, with_server};
use super::output::{Problem, Usage, print_line};
use super::table::{pretty, table};
use crate::config::Compare;
use crate::protocols::PROTOCOLS;
use crate::seed::admin;
use domain::operations::OperationKind;
use lab::report::{Cost, Json, Refusal};
use lab::{Comparison, Effort, Verdict};
use serde_json::json;
use wire::{Address, Outcome};

/// Compares and prints. If the results differ, it prints no numbers, and the exit status is 1.
pub async fn compare(config: Compare) -> Result<bool, Problem> {
    let request = call_request(&config.call)?;
    if request.row().is_some_and(|row| row.kind == OperationKind::Stream) {
        return Err(
            Usage("a stream has no single result to compare; `parlance watch` compares streams".to_owned()).into()
        );
    }
    let styles = if config.over.is_empty() { PROTOCOLS.iter().collect() } else { config.over.clone() };
    if config.http2 {
        eprintln!("Over HTTP/2; a WebSocket stays on HTTP/1.1.");
    }
    let effort = Effort { admin: admin(), http2: config.http2, ..Effort::of(config.n as usize) };
    let compare = async |address: &Address, _| Ok(lab::compare(address, &styles, request, &effort).await?);
    let comparison = with_server(config.call.url.as_deref(), compare).await?;
    let input = config.call.input.iter().map(|member| format!(" {}", as_argument(member)));
    let call = format!("{}{}", comparison.request.operation, input.collect::<String>());
    print(&comparison, &call, &config)
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
