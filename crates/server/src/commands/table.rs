//! How are answers and numbers printed for a person at a terminal?

use super::{Problem, say};
use domain::Value;
use lab::compare::{COLD_CALLS, WARM_UP_CALLS, quantile};
use lab::{Comparison, StyleResult};
use std::time::Duration;
use wire::measure::{ByteCounts, Measured};

/// Lines of an answer that are printed before the rest is left out.
const ANSWER_LINES_MAX: usize = 24;

/// Characters of a record or list that is printed on one line.
const SHORT_CHARS_MAX: usize = 80;

/// A value as indented JSON, its members in their order; cut if it is long.
pub fn pretty(value: &Value) -> String {
    let mut indented = String::new();
    indent(&mut indented, value, 0);
    let lines: Vec<&str> = indented.lines().collect();
    if lines.len() <= ANSWER_LINES_MAX {
        return indented;
    }
    format!("{}\n... and {} more lines", lines[..ANSWER_LINES_MAX].join("\n"), lines.len() - ANSWER_LINES_MAX)
}

fn indent(out: &mut String, value: &Value, depth: usize) {
    let (open, close, children): (_, _, Vec<(String, &Value)>) = match value {
        Value::Object(members) if !members.is_empty() => {
            let named =
                members.iter().map(|(name, value)| (format!("{}: ", wire::json::value(&name.as_str().into())), value));
            ('{', '}', named.collect())
        }
        Value::List(items) if !items.is_empty() => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
        _ => return out.push_str(&wire::json::value(value)),
    };
    // What fits on a line stays on it, unless it is the whole.
    let short = wire::json::value(value);
    if depth > 0 && short.len() <= SHORT_CHARS_MAX {
        return out.push_str(&short);
    }
    out.push(open);
    let last = children.len() - 1;
    for (position, (name, child)) in children.into_iter().enumerate() {
        out.push_str(&format!("\n{:width$}{name}", "", width = (depth + 1) * 2));
        indent(out, child, depth + 1);
        out.push_str(if position < last { "," } else { "" });
    }
    out.push_str(&format!("\n{:width$}{close}", "", width = depth * 2));
}

/// The table of what the question cost in each style.
pub fn table(comparison: &Comparison, rows: &[StyleResult], n: u32) -> Result<(), Problem> {
    say(format_args!(
        "{:10}{:^29} {:^29} {:>9}{:>12}{:>6}{:^24}",
        "", "request, bytes", "response, bytes", "envelope", "round trips", "conn.", "time, ms"
    ))?;
    let parts = format!("{:>8}{:>6}{:>8}{:>7}", "headers", "body", "framing", "total");
    say(format_args!(
        "{:10}{parts} {parts} {:>9}{:>6}{:>6}{:>6}{:>7}{:>8}{:>8}",
        "", "share", "cold", "warm", "", "cold", "median", "p95"
    ))?;
    for row in rows {
        let parts = |parts: ByteCounts| {
            format!("{:>8}{:>6}{:>8}{:>7}", parts.headers, parts.body, parts.framing, parts.total())
        };
        say(format_args!(
            "{:10}{} {} {:>9}{:>6}{:>6}{:>6}{:>7}{:>8}{:>8}",
            row.style.title.split(' ').next().unwrap_or_default(),
            parts(row.call.sent),
            parts(row.call.received),
            row.envelope_share().map_or("packed".to_owned(), |share| format!("{:.0}%", share * 100.0)),
            row.round_trips_cold,
            row.round_trips_warm,
            row.connections,
            ms(quantile(&row.cold, 0.5)),
            ms(quantile(&row.warm, 0.5)),
            ms(quantile(&row.warm, 0.95)),
        ))?;
    }
    say("")?;
    for row in rows.iter().filter(|row| row.handshake != Measured::default()) {
        let (sent, received) = (row.handshake.sent.total(), row.handshake.received.total());
        say(format_args!(
            "{} opens its connection by a handshake of {sent} + {received} bytes, counted apart.",
            row.style.title
        ))?;
    }
    let unpacked: Vec<&str> = rows.iter().filter(|row| !row.is_compressed()).map(|row| row.style.title).collect();
    if comparison.ask.options.gzip && !unpacked.is_empty() {
        say(format_args!(
            "Not packed, because the style has no word for it or the answer is small: {}.",
            unpacked.join(", ")
        ))?;
    }
    for row in rows.iter().filter(|row| !row.repeats) {
        say(format_args!(
            "{}: the bytes were not the same in every call; those of the last are shown.",
            row.style.title
        ))?;
    }
    say(format_args!(
        "Warm: {n} calls of each style in turn, one at a time (closed loop), on 1 connection that stays open; \
         {WARM_UP_CALLS} before them dropped."
    ))?;
    say(format_args!(
        "Cold: connecting and one call, the median of {COLD_CALLS}. Round trips count TCP's own, and a handshake's."
    ))?;
    say(format_args!(
        "Envelope share: of all bytes of a call, those that are not the values asked with and answered, as text."
    ))?;
    say(format_args!("Times are of the loopback: no network's."))?;
    if comparison.ask.row().is_some_and(|row| row.kind == domain::operations::OperationKind::Command) {
        say(format_args!(
            "Every call ran in a throw-away sandbox made new before it; moments are masked in the comparison."
        ))?;
    }
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}
