//! How is what was found out told to a program? As one document of JSON, its members in the order in which they are read. The
//! page has the same types: a test writes `crates/web/pages/lab/types.ts` from these.

use crate::compare;
use crate::compare::{Verdict, quantile};
use crate::copies::{Copy, copies};
use crate::parts::{Exchange, Part};
use crate::scenarios::{self, Play, Played};
use domain::error::Kind;
use domain::{Reason, Value};
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::time::Duration;
use wire::measure::{Measured, Parts};
use wire::{Address, Outcome, Refused};

#[cfg(test)]
mod types;
#[cfg(test)]
use ts_rs::TS;

/// What the shop is asked with or answers: any JSON, its members in their order.
#[cfg_attr(test, derive(TS), ts(type = "Json"))]
pub struct Json(pub Value);

/// The same, where it is always an object.
#[cfg_attr(test, derive(TS), ts(type = "JsonObject"))]
pub struct JsonObject(pub Value);

/// One call in every style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Comparison {
    operation: String,
    input: JsonObject,
    equal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<Refusal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<Difference>>,
    styles: Vec<Row>,
}

/// Where the answer of a style differs from that of the first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Difference {
    style: &'static str,
    places: Vec<String>,
}

/// What a question cost in one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Cost {
    style: &'static str,
    title: &'static str,
    call: BothWays,
    handshake: BothWays,
    every_call_had_as_many_bytes: bool,
    value_bytes: u64,
    /// None of what came packed: nobody can tell.
    envelope_share: Option<f64>,
    packed: bool,
    round_trips: RoundTrips,
    connections: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_us: Option<Times>,
}

/// The same, and what crossed the wire for it.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Row {
    #[serde(flatten)]
    cost: Cost,
    wire: Seen,
    copies: Vec<Copy>,
    /// How it refused, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<Said>,
}

/// What crossed the wire in the last call, and before it in opening the connection.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Seen {
    handshake: Exchange,
    #[serde(flatten)]
    call: Exchange,
}

/// Bytes of an exchange.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct BothWays {
    request: Bytes,
    response: Bytes,
}

/// Bytes of one direction.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Bytes {
    headers: u64,
    body: u64,
    framing: u64,
    total: u64,
}

/// How often one waited for the other end.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct RoundTrips {
    cold: u32,
    warm: u32,
}

/// How long calls took, in microseconds.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Times {
    cold_median: f64,
    warm_median: f64,
    warm_p95: f64,
    n: usize,
    cold: Vec<f64>,
    warm: Vec<f64>,
}

/// What the shop refuses with, in the words of no style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Refusal {
    reason: String,
    kind: &'static str,
    message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<i64>,
}

/// What is wrong with a member of the input.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Violation {
    pointer: String,
    message: String,
}

/// How a style said no.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Said {
    /// Of HTTP, which a monitor counts; a frame has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The style's own code, which its clients read.
    code: String,
    message: String,
}

/// A scenario that was played.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Scenario {
    name: &'static str,
    title: &'static str,
    doc: &'static str,
    styles: Vec<ScenarioLane>,
    /// What those are called for which there was no time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unplayed: Vec<String>,
}

/// One way of playing it.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ScenarioLane {
    style: &'static str,
    title: String,
    steps: Vec<Step>,
    round_trips: u32,
    bytes: Traffic,
    connections: u32,
    time_us: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lookups: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tally: Option<Tally>,
}

/// One step of it.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Step {
    title: String,
    why: &'static str,
    operation: String,
    wire: Exchange,
    bytes: Traffic,
    round_trips: u32,
}

/// Of several asked at once: what became of each.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Tally {
    answered: i64,
    refused: i64,
    left_out: i64,
}

/// How many bytes crossed the wire.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Traffic {
    /// From the client.
    pub sent: u64,
    /// To the client.
    pub received: u64,
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(wire::json::value(&self.0)).map_err(Error::custom)?.serialize(serializer)
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(wire::json::value(&self.0)).map_err(Error::custom)?.serialize(serializer)
    }
}

impl Comparison {
    /// What is to be pasted elsewhere is for that address.
    pub fn of(comparison: &compare::Comparison, here: &Address) -> Comparison {
        let compare::Comparison { ask, outcome, rows } = comparison;
        let (mut answer, mut refused, mut differences) = (None, None, None);
        match outcome {
            Verdict::Equal(Outcome::Refused(heard)) => refused = Some(Refusal::of(heard)),
            Verdict::Equal(Outcome::Reply(heard)) => answer = Some(Json(heard.clone())),
            Verdict::Equal(_) => {}
            Verdict::Different(_, others) => {
                let difference = |(style, places): &(&wire::Adapter, Vec<String>)| Difference {
                    style: style.name,
                    places: places.clone(),
                };
                differences = Some(others.iter().map(difference).collect());
            }
        }
        let equal = matches!(outcome, Verdict::Equal(_));
        let styles = rows.iter().map(|row| Row::of(row, equal, here)).collect();
        let (operation, input) = (ask.operation.clone(), JsonObject(ask.input.clone()));
        Comparison { operation, input, equal, answer, refused, differences, styles }
    }
}

impl Row {
    fn of(row: &compare::Row, with_times: bool, here: &Address) -> Row {
        let (upgrade, words) = &row.opening;
        let handshake = Exchange::of(upgrade, false).then(Exchange::of(words, true));
        let call = Exchange::of(&row.recording, row.is_socket());
        let said = match &row.heard {
            Outcome::Refused(refused) => Some(Said::of(refused, status(&call))),
            Outcome::Reply(_) | Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => None,
        };
        let (wire, copies) = (Seen { handshake, call }, copies(&row.outgoing, here));
        Row { cost: Cost::of(row, with_times), wire, copies, said }
    }
}

impl Cost {
    /// With its times, if there are any to tell.
    pub fn of(row: &compare::Row, with_times: bool) -> Cost {
        Cost {
            style: row.style.name,
            title: row.style.title,
            call: BothWays::of(&row.call),
            handshake: BothWays::of(&row.handshake),
            every_call_had_as_many_bytes: row.repeats,
            value_bytes: row.values,
            envelope_share: row.envelope_share(),
            packed: row.is_packed(),
            round_trips: RoundTrips { cold: row.round_trips_cold, warm: row.round_trips_warm },
            connections: row.connections,
            time_us: with_times.then(|| Times::of(row)),
        }
    }
}

impl Times {
    fn of(row: &compare::Row) -> Times {
        let all = |times: &[Duration]| times.iter().map(|time| us(*time)).collect();
        Times {
            cold_median: us(quantile(&row.cold, 0.5)),
            warm_median: us(quantile(&row.warm, 0.5)),
            warm_p95: us(quantile(&row.warm, 0.95)),
            n: row.warm.len(),
            cold: all(&row.cold),
            warm: all(&row.warm),
        }
    }
}

impl BothWays {
    fn of(measured: &Measured) -> BothWays {
        BothWays { request: Bytes::of(&measured.sent), response: Bytes::of(&measured.received) }
    }
}

impl Bytes {
    /// Those parts.
    pub fn of(parts: &Parts) -> Bytes {
        let Parts { headers, body, framing } = *parts;
        Bytes { headers, body, framing, total: parts.total() }
    }
}

impl Refusal {
    /// A refusal, as any style has told it.
    pub fn of(refused: &Refused) -> Refusal {
        let reason = refused.reason.clone().unwrap_or_default();
        let kind = Reason::find(&reason).map_or(Kind::Internal, Reason::kind).word();
        let violation = |error: &domain::schema::Violation| Violation {
            pointer: error.pointer.clone(),
            message: error.message.clone(),
        };
        let errors = refused.errors.iter().map(violation).collect();
        Refusal { reason, kind, message: refused.message.clone(), errors, retry_after_ms: refused.retry_after_ms }
    }
}

impl Said {
    /// A refusal that came with that status.
    pub fn of(refused: &Refused, status: Option<u16>) -> Said {
        let Refused { code, reason, message, .. } = refused;
        // The code of REST is the status, which is told already; what else its clients read is the reason.
        let is_status = status.is_some_and(|status| status.to_string() == *code);
        let code = reason.as_ref().filter(|_| is_status).unwrap_or(code).clone();
        Said { status, code, message: message.clone() }
    }

    /// That a socket was closed instead of an answer.
    pub fn closed(code: u16, reason: String) -> Said {
        Said { status: None, code: code.to_string(), message: reason }
    }
}

impl Scenario {
    /// How it was played.
    pub fn of(scenario: &scenarios::Scenario, play: &Play) -> Scenario {
        let scenarios::Scenario { name, title, doc, .. } = *scenario;
        let styles = play.lanes.iter().map(ScenarioLane::of).collect();
        Scenario { name, title, doc, styles, unplayed: play.unplayed.clone() }
    }
}

impl ScenarioLane {
    fn of(lane: &Played) -> ScenarioLane {
        let (sent, received) = lane.bytes();
        let tally = |tally: scenarios::Tally| Tally {
            answered: tally.answered,
            refused: tally.refused,
            left_out: tally.left_out,
        };
        ScenarioLane {
            style: lane.style.name,
            title: lane.title.clone(),
            steps: lane.steps.iter().map(Step::of).collect(),
            round_trips: lane.round_trips(),
            bytes: Traffic { sent, received },
            connections: lane.connections,
            time_us: us(lane.took),
            lookups: lane.lookups,
            made: lane.made,
            tally: lane.tally.map(tally),
        }
    }
}

impl Step {
    fn of(step: &scenarios::Step) -> Step {
        Step {
            title: step.title.clone(),
            why: step.why,
            operation: step.operation.clone(),
            wire: step.exchange.clone(),
            bytes: Traffic { sent: step.sent, received: step.received },
            round_trips: step.round_trips,
        }
    }
}

/// The status of the last answer of HTTP, if there is one.
fn status(exchange: &Exchange) -> Option<u16> {
    match exchange.received.last()? {
        Part::Http { head, .. } => head.split(' ').nth(1)?.parse().ok(),
        Part::Frame { .. } => None,
    }
}

/// A time in microseconds.
pub fn us(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}
