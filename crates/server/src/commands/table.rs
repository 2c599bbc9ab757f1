//! Results and measurements as text for a terminal.

use super::output::{Problem, print_line};
use domain::Value;
use lab::compare::{COLD_CALLS, WARM_UP_CALLS, p95, quantile};
use lab::{Comparison, StyleResult};
use std::time::Duration;
use wire::measure::{ByteCounts, Measured};

/// Lines of a result that are printed; the rest is left out.
const ANSWER_LINES_MAX: usize = 24;

/// Characters of an object or list that is printed on one line.
const SHORT_CHARS_MAX: usize = 80;

/// A value as indented JSON, cut if it is long.
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
    // A short value stays on one line, except the outermost.
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

/// Prints the table of the call's cost in each style.
pub fn table(comparison: &Comparison, rows: &[StyleResult], n: u32) -> Result<(), Problem> {
    print_line(format_args!(
        "{:10}{:^29} {:^29} {:>9}{:>12}{:>6}{:^24}",
        "", "request, bytes", "response, bytes", "envelope", "round trips", "conn.", "time, ms"
    ))?;
    let parts = format!("{:>8}{:>6}{:>8}{:>7}", "headers", "body", "framing", "total");
    print_line(format_args!(
        "{:10}{parts} {parts} {:>9}{:>6}{:>6}{:>6}{:>7}{:>8}{:>8}",
        "", "share", "cold", "warm", "", "cold", "median", "p95"
    ))?;
    for row in rows {
        let parts = |parts: ByteCounts| {
            format!("{:>8}{:>6}{:>8}{:>7}", parts.headers, parts.body, parts.framing, parts.total())
        };
        print_line(format_args!(
            "{:10}{} {} {:>9}{:>6}{:>6}{:>6}{:>7}{:>8}{:>8}",
            row.style.title.split(' ').next().unwrap_or_default(),
            parts(row.call.sent),
            parts(row.call.received),
            row.envelope_share().map_or("gzip".to_owned(), |share| format!("{:.0}%", share * 100.0)),
            row.round_trips_cold,
            row.round_trips_warm,
            // The warm calls share one connection.
            1,
            ms(quantile(&row.cold, 0.5)),
            ms(quantile(&row.warm, 0.5)),
            p95(&row.warm).map_or_else(|| "-".to_owned(), ms),
        ))?;
    }
    print_line("")?;
    for row in rows.iter().filter(|row| row.handshake != Measured::default()) {
        let (sent, received) = (row.handshake.sent.total(), row.handshake.received.total());
        print_line(format_args!(
            "{} opens its connection with a handshake of {sent} + {received} bytes, which the table leaves out.",
            row.style.title
        ))?;
    }
    let uncompressed: Vec<&str> = rows.iter().filter(|row| !row.is_compressed()).map(|row| row.style.title).collect();
    if comparison.request.options.gzip && !uncompressed.is_empty() {
        print_line(format_args!(
            "Not compressed, because the style has no way to say so or the response is small: {}.",
            uncompressed.join(", ")
        ))?;
    }
    for row in rows.iter().filter(|row| !row.has_constant_size) {
        print_line(format_args!(
            "{}: the bytes differ from call to call; these are those of most calls.",
            row.style.title
        ))?;
    }
    print_line(format_args!(
        "Warm: {n} calls of each style in turn, one at a time (closed loop), on 1 open connection, after \
         {WARM_UP_CALLS} calls to warm up."
    ))?;
    print_line(format_args!(
        "Cold: a new connection and one call, the median of {COLD_CALLS}. Round trips include TCP's and the handshake's."
    ))?;
    print_line(format_args!(
        "Envelope share: the part of a call's bytes that is not the text of the values in its input and result."
    ))?;
    print_line(format_args!("Times are those of the loopback interface, without a network."))?;
    if comparison.request.row().is_some_and(|row| row.kind == domain::operations::OperationKind::Command) {
        print_line(format_args!(
            "Each call ran in a new sandbox, deleted afterwards. The comparison ignores timestamps."
        ))?;
    }
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}
