//! `parlance compare`: the same call over all styles; equal answers first, then numbers.

use super::table::{pretty, table};
use super::{Problem, ask, say, server, style};
use crate::config::Compare;
use crate::protocols::PROTOCOLS;
use crate::seed::keeper;
use domain::operations::OperationKind;
use lab::report::{Cost, Json, Refusal};
use lab::{Comparison, Effort, Verdict};
use serde_json::json;
use wire::Outcome;

/// Compares and prints. If the answers differ, the exit status is 1 and there are no numbers.
pub async fn compare(config: Compare) -> Result<bool, Problem> {
    let ask = ask(&config.question)?;
    if ask.row().is_some_and(|row| row.kind == OperationKind::Stream) {
        return Err("a stream has no single answer to compare".into());
    }
    let styles = if config.over.is_empty() {
        PROTOCOLS.iter().collect()
    } else {
        config.over.iter().map(|name| style(name)).collect::<Result<Vec<_>, _>>()?
    };
    let (address, own) = server(config.question.url.as_deref())?;
    let effort = Effort { keeper: keeper(), ..Effort::of(config.n as usize) };
    let comparison = lab::compare(&address, &styles, ask, &effort).await?;
    if let Some(own) = own {
        own.stop().await?;
    }
    let question = format!("{} {}", comparison.ask.operation, config.question.input.join(" "));
    print(&comparison, question.trim(), &config)
}

fn print(comparison: &Comparison, question: &str, config: &Compare) -> Result<bool, Problem> {
    let rows = &comparison.rows;
    match &comparison.outcome {
        Verdict::Equal(heard) if config.json => {
            let styles: Vec<Cost> = rows.iter().map(|row| Cost::of(row, true)).collect();
            let mut document = json!({"question": question, "equal": true, "styles": styles});
            match heard {
                Outcome::Refused(refused) => document["refused"] = json!(Refusal::of(refused)),
                Outcome::Reply(value) => document["answer"] = json!(Json(value.clone())),
                Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                    document["answer"] = json!(null)
                }
            }
            say(format_args!("{document:#}"))?;
            Ok(true)
        }
        Verdict::Equal(heard) => {
            let answer = match heard {
                // Without its code: each style has its own.
                Outcome::Refused(refused) => {
                    format!("{}: {}", refused.reason.as_deref().unwrap_or("refused"), refused.message)
                }
                Outcome::Reply(value) => pretty(value),
                Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => String::new(),
            };
            say(format_args!("{question}\n\nAll {} answers are equal:\n{answer}\n", rows.len()))?;
            table(comparison, rows, config.n)?;
            Ok(true)
        }
        Verdict::Different(first, others) => {
            eprintln!("{question}\n\nThe answers differ, so there is nothing to measure.");
            for (style, places) in others {
                eprintln!("\n{}, other than {}:\n  {}", style.title, first.title, places.join("\n  "));
            }
            Ok(false)
        }
    }
}
