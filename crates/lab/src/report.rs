//! How is what was found out told to a program? As one document of JSON, its members in the order in which they are read.

use crate::compare::quantile;
use crate::parts::{Exchange, Part};
use crate::scenarios::{Play, Played, Scenario, Step, Tally};
use crate::{Comparison, Outcome, Row};
use domain::error::Kind;
use domain::{Reason, Value};
use std::time::Duration;
use wire::client::Outgoing;
use wire::measure::{Measured, Parts};
use wire::{Address, Heard, Refused};

/// A comparison. What is to be pasted elsewhere is for that address.
pub fn comparison(comparison: &Comparison, here: &Address) -> Value {
    let Comparison { ask, outcome, rows } = comparison;
    let mut told = vec![
        ("operation", ask.operation.as_str().into()),
        ("input", ask.input.clone()),
        ("equal", Value::Bool(matches!(outcome, Outcome::Equal(_)))),
    ];
    match outcome {
        Outcome::Equal(Heard::Refused(refused)) => told.push(("refused", self::refused(refused))),
        Outcome::Equal(Heard::Answer(answer)) => told.push(("answer", answer.clone())),
        Outcome::Equal(_) => {}
        Outcome::Different(_, others) => {
            let place = |place: &String| Value::text(place);
            let differ = others.iter().map(|(style, places)| {
                Value::record([("style", style.name.into()), ("places", list(places.iter().map(place)))])
            });
            told.push(("differences", list(differ)));
        }
    }
    let is_equal = matches!(outcome, Outcome::Equal(_));
    let styles = rows.iter().map(|row| {
        let mut told = members(row, is_equal);
        told.push(("wire", wire_of(row)));
        told.push(("copies", copies(&row.outgoing, here)));
        Value::record(told)
    });
    told.push(("styles", list(styles)));
    Value::record(told)
}

/// What a question cost in one style; with its times, if there are any to tell.
pub fn row(row: &Row) -> Value {
    Value::record(members(row, true))
}

fn members(row: &Row, with_times: bool) -> Vec<(&'static str, Value)> {
    let trips = [("cold", int(row.round_trips_cold)), ("warm", int(row.round_trips_warm))];
    let mut told = vec![
        ("style", row.style.name.into()),
        ("title", row.style.title.into()),
        ("call", measured(&row.call)),
        ("handshake", measured(&row.handshake)),
        ("every_call_had_as_many_bytes", Value::Bool(row.repeats)),
        ("value_bytes", int(row.values)),
        ("envelope_share", row.envelope_share().map_or(Value::Null, fraction)),
        ("packed", Value::Bool(row.is_packed())),
        ("round_trips", Value::record(trips)),
        ("connections", int(row.connections)),
    ];
    if with_times {
        told.push(("time_us", times(row)));
    }
    told
}

fn times(row: &Row) -> Value {
    let all = |times: &[Duration]| list(times.iter().map(|time| us(*time)));
    Value::record([
        ("cold_median", us(quantile(&row.cold, 0.5))),
        ("warm_median", us(quantile(&row.warm, 0.5))),
        ("warm_p95", us(quantile(&row.warm, 0.95))),
        ("n", int(row.warm.len() as u64)),
        ("cold", all(&row.cold)),
        ("warm", all(&row.warm)),
    ])
}

fn measured(measured: &Measured) -> Value {
    let parts = |parts: &Parts| {
        let Parts { headers, body, framing } = *parts;
        let all = [("headers", headers), ("body", body), ("framing", framing), ("total", parts.total())];
        Value::record(all.map(|(name, bytes)| (name, int(bytes))))
    };
    Value::record([("request", parts(&measured.sent)), ("response", parts(&measured.received))])
}

/// What crossed the wire in the last call, and before it in opening the connection.
fn wire_of(row: &Row) -> Value {
    let (upgrade, words) = &row.opening;
    let handshake = Exchange::of(upgrade, false).then(Exchange::of(words, true));
    let mut told = vec![("handshake", exchange(&handshake))];
    told.extend(directions(&Exchange::of(&row.recording, row.is_socket())));
    Value::record(told)
}

/// A scenario that was played.
pub fn scenario(scenario: &Scenario, play: &Play) -> Value {
    let mut told = vec![
        ("name", scenario.name.into()),
        ("title", scenario.title.into()),
        ("doc", scenario.doc.into()),
        ("styles", list(play.lanes.iter().map(lane))),
    ];
    if !play.unplayed.is_empty() {
        told.push(("unplayed", list(play.unplayed.iter().map(Value::text))));
    }
    Value::record(told)
}

fn lane(lane: &Played) -> Value {
    let mut told = vec![
        ("style", lane.style.name.into()),
        ("title", Value::text(&lane.title)),
        ("steps", list(lane.steps.iter().map(step))),
        ("round_trips", int(lane.round_trips())),
        ("bytes", both_ways(lane.bytes())),
        ("connections", int(lane.connections)),
        ("time_us", us(lane.took)),
    ];
    told.extend(lane.lookups.map(|lookups| ("lookups", Value::Int(lookups))));
    told.extend(lane.made.map(|made| ("made", Value::Int(made))));
    told.extend(lane.tally.map(|Tally { answered, refused, left_out }| {
        let counts = [("answered", answered), ("refused", refused), ("left_out", left_out)];
        ("tally", Value::record(counts.map(|(name, count)| (name, Value::Int(count)))))
    }));
    Value::record(told)
}

fn step(step: &Step) -> Value {
    Value::record([
        ("title", Value::text(&step.title)),
        ("why", step.why.into()),
        ("operation", Value::text(&step.operation)),
        ("wire", exchange(&step.exchange)),
        ("bytes", both_ways((step.sent, step.received))),
        ("round_trips", int(step.round_trips)),
    ])
}

fn both_ways((sent, received): (u64, u64)) -> Value {
    Value::record([("sent", int(sent)), ("received", int(received))])
}

/// The parts of both directions.
pub fn exchange(exchange: &Exchange) -> Value {
    Value::record(directions(exchange))
}

fn directions(exchange: &Exchange) -> [(&'static str, Value); 2] {
    let parts = |parts: &[Part]| list(parts.iter().map(part));
    [("sent", parts(&exchange.sent)), ("received", parts(&exchange.received))]
}

fn part(part: &Part) -> Value {
    match part {
        Part::Http { head, body, chunks, packed } => {
            let mut told = vec![("kind", "http".into()), ("head", Value::text(head)), ("body", Value::text(body))];
            if let Some(chunks) = chunks {
                told.push(("chunks", list(chunks.iter().map(|bytes| int(*bytes as u64)))));
            }
            if let Some((coding, bytes)) = packed {
                let how = [("coding", Value::text(coding)), ("bytes", int(*bytes as u64))];
                told.push(("packed", Value::record(how)));
            }
            Value::record(told)
        }
        Part::Frame { hex, opcode, text } => Value::record([
            ("kind", "frame".into()),
            ("hex", Value::text(hex)),
            ("text", Value::text(text)),
            ("opcode", (*opcode).into()),
        ]),
    }
}

/// What is sent, as commands and programs to paste.
pub fn copies(outgoing: &Outgoing, here: &Address) -> Value {
    let copies = crate::copies::copies(outgoing, here).into_iter();
    list(copies.map(|copy| Value::record([("name", copy.name.into()), ("text", Value::text(copy.text))])))
}

/// A refusal, in the words of no style.
pub fn refused(refused: &Refused) -> Value {
    let said = refused.reason.as_deref().unwrap_or_default();
    let kind = Reason::find(said).map_or(Kind::Internal, Reason::kind);
    let mut told =
        vec![("reason", Value::text(said)), ("kind", kind.word().into()), ("message", Value::text(&refused.message))];
    if !refused.errors.is_empty() {
        let violation = |error: &domain::shape::Violation| {
            Value::record([("pointer", Value::text(&error.pointer)), ("message", Value::text(&error.message))])
        };
        told.push(("errors", list(refused.errors.iter().map(violation))));
    }
    told.extend(refused.retry_after_ms.map(|ms| ("retry_after_ms", Value::Int(ms))));
    Value::record(told)
}

/// Values in an order.
pub fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::List(values.collect())
}

/// A count.
pub fn int(number: impl Into<u64>) -> Value {
    Value::Int(i64::try_from(number.into()).unwrap_or(i64::MAX))
}

/// A time in microseconds.
pub fn us(time: Duration) -> Value {
    fraction(time.as_nanos() as f64 / 1_000.0)
}

fn fraction(number: f64) -> Value {
    Value::Fraction(number.to_string())
}
