//! `parlance compare`: the same call over all styles; equal answers first, then numbers.

use super::table::{pretty, table};
use super::{Problem, ask, say, server, style};
use crate::config::Compare;
use crate::protocols::PROTOCOLS;
use domain::operations::OperationKind;
use lab::compare::quantile;
use lab::{Outcome, Row};
use serde_json::{Value, json};
use wire::measure::{Measured, Parts};

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
    let comparison = lab::compare(&address, &styles, ask, config.n as usize).await?;
    if let Some(own) = own {
        own.stop().await?;
    }
    let question = format!("{} {}", comparison.ask.operation, config.question.input.join(" "));
    let equal = match &comparison.outcome {
        Outcome::Equal(answer, rows) if config.json => {
            let rows: Vec<Value> = rows.iter().map(row).collect();
            let answer: Value = serde_json::from_str(&wire::json::value(answer))?;
            let document = json!({"question": question.trim(), "equal": true, "answer": answer, "styles": rows});
            say(format_args!("{document:#}"))?;
            true
        }
        Outcome::Equal(answer, rows) => {
            let (question, answer) = (question.trim(), pretty(answer));
            say(format_args!("{question}\n\nAll {} answers are equal:\n{answer}\n", rows.len()))?;
            table(&comparison, rows, config.n)?;
            true
        }
        Outcome::Different(first, others) => {
            eprintln!("{}\n\nThe answers differ, so there is nothing to measure.", question.trim());
            for (style, places) in others {
                eprintln!("\n{style}, other than {first}:\n  {}", places.join("\n  "));
            }
            false
        }
    };
    Ok(equal)
}

fn row(row: &Row) -> Value {
    let us = |time: std::time::Duration| time.as_nanos() as f64 / 1_000.0;
    json!({
        "style": row.style.name,
        "call": measured(&row.call),
        "handshake": measured(&row.handshake),
        "every_call_had_as_many_bytes": row.repeats,
        "value_bytes": row.values,
        "envelope_share": row.envelope_share(),
        "round_trips": {"cold": row.round_trips_cold, "warm": row.round_trips_warm},
        "connections": row.connections,
        "time_us": {
            "cold_median": us(quantile(&row.cold, 0.5)),
            "warm_median": us(quantile(&row.warm, 0.5)),
            "warm_p95": us(quantile(&row.warm, 0.95)),
            "cold": row.cold.iter().map(|time| us(*time)).collect::<Vec<_>>(),
            "warm": row.warm.iter().map(|time| us(*time)).collect::<Vec<_>>(),
            "n": row.warm.len(),
        },
    })
}

fn measured(measured: &Measured) -> Value {
    let parts = |parts: &Parts| {
        let Parts { headers, body, framing } = parts;
        json!({"headers": headers, "body": body, "framing": framing, "total": parts.total()})
    };
    json!({"request": parts(&measured.sent), "response": parts(&measured.received)})
}
