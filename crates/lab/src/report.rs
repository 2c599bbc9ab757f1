//! The results of the lab as JSON, for programs and for the page. A test writes `crates/web/pages/lab/types.ts` from these types.

use crate::compare::{self, Verdict, p95, quantile};
use crate::exchange::Exchange;
use crate::snippets::{Snippet, snippets};
use domain::error::Kind;
use domain::{Reason, Value};
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::time::Duration;
use wire::measure::{ByteCounts, Measured};
use wire::{Address, Outcome, Refused};

/// Any JSON, its members in their order.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "Json"))]
pub struct Json(#[serde(serialize_with = "value")] pub Value);

/// The same, where it is always an object.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "JsonObject"))]
pub struct JsonObject(#[serde(serialize_with = "value")] pub Value);

/// One call in every style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
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

/// Where the reply of a style differs from that of the first.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Difference {
    style: &'static str,
    places: Vec<String>,
}

/// The cost of a call in one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Cost {
    style: &'static str,
    title: &'static str,
    /// The version of HTTP that carried it: `HTTP/1.1`, as for the handshake of a WebSocket, or `HTTP/2`.
    http_version: &'static str,
    call: BothWays,
    handshake: BothWays,
    every_call_had_as_many_bytes: bool,
    value_bytes: u64,
    /// Null if the reply was compressed: then the share is not known.
    envelope_share: Option<f64>,
    compressed: bool,
    round_trips: RoundTrips,
    connections: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_us: Option<Times>,
}

/// The cost of a call in one style, and what crossed the wire for it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Row {
    #[serde(flatten)]
    cost: Cost,
    wire: RecordedCall,
    snippets: Vec<Snippet>,
    /// The refusal, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<NativeError>,
}

/// What crossed the wire in a call, and before it in opening the connection.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Seen"))]
pub struct RecordedCall {
    handshake: Exchange,
    #[serde(flatten)]
    call: Exchange,
}

/// Bytes of an exchange.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BothWays {
    request: Bytes,
    response: Bytes,
}

/// Bytes of one direction.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Bytes {
    headers: u64,
    body: u64,
    framing: u64,
    total: u64,
}

/// Round trips of a call on a new connection and on an open one.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RoundTrips {
    cold: u32,
    warm: u32,
}

/// How long calls took, in microseconds.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Times {
    cold_median: f64,
    warm_median: f64,
    /// Null of fewer than 20 calls: it would be the slowest of them.
    warm_p95: Option<f64>,
    n: usize,
    cold: Vec<f64>,
    warm: Vec<f64>,
}

/// A refusal of the shop, the same in every style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Refusal {
    reason: String,
    kind: &'static str,
    message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<i64>,
}

/// An invalid field of the input.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Violation {
    pointer: String,
    message: String,
}

/// An error in the terms of one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NativeError {
    /// The HTTP status; a frame has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The style's own code.
    code: String,
    message: String,
}

/// How many bytes crossed the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Traffic"))]
pub struct ByteCount {
    /// From the client.
    pub sent: u64,
    /// To the client.
    pub received: u64,
}

fn value<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(wire::json::value(value)).map_err(Error::custom)?.serialize(serializer)
}

impl ByteCount {
    /// Adds bytes.
    pub fn add(&mut self, sent: u64, received: u64) {
        self.sent += sent;
        self.received += received;
    }
}

impl Comparison {
    /// The report of a comparison. The snippets are for this address.
    pub fn of(comparison: &compare::Comparison, here: &Address) -> Comparison {
        let compare::Comparison { request, verdict, results } = comparison;
        let equal = matches!(verdict, Verdict::Equal(_));
        let mut report = Comparison {
            operation: request.operation.clone(),
            input: JsonObject(request.input.clone()),
            equal,
            answer: None,
            refused: None,
            differences: None,
            styles: results.iter().map(|result| Row::of(result, equal, here)).collect(),
        };
        match verdict {
            Verdict::Equal(Outcome::Refused(refusal)) => report.refused = Some(Refusal::of(refusal)),
            Verdict::Equal(Outcome::Reply(reply)) => report.answer = Some(Json(reply.clone())),
            Verdict::Equal(_) => {}
            Verdict::Different(_, others) => {
                let difference = |(style, places): &(&wire::Adapter, Vec<String>)| Difference {
                    style: style.name,
                    places: places.clone(),
                };
                report.differences = Some(others.iter().map(difference).collect());
            }
        }
        report
    }
}

impl Row {
    fn of(result: &compare::StyleResult, with_times: bool, here: &Address) -> Row {
        let handshake = result.opening.iter().map(Exchange::of).fold(Exchange::default(), Exchange::then);
        let call = Exchange::of(&result.recording);
        let error = match &result.outcome {
            Outcome::Refused(refused) => Some(NativeError::of(refused, call.status())),
            Outcome::Reply(_) | Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => None,
        };
        let (wire, snippets) = (RecordedCall { handshake, call }, snippets(&result.by_hand, here));
        Row { cost: Cost::of(result, with_times), wire, snippets, error }
    }
}

impl Cost {
    /// The cost, with its times if they were measured.
    pub fn of(result: &compare::StyleResult, with_times: bool) -> Cost {
        Cost {
            style: result.style.name,
            title: result.style.title,
            http_version: result.http_version(),
            call: BothWays::of(&result.call),
            handshake: BothWays::of(&result.handshake),
            every_call_had_as_many_bytes: result.has_constant_size,
            value_bytes: result.value_bytes,
            envelope_share: result.envelope_share(),
            compressed: result.is_compressed(),
            round_trips: RoundTrips { cold: result.round_trips_cold, warm: result.round_trips_warm },
            connections: 1,
            time_us: with_times.then(|| Times::of(result)),
        }
    }
}

impl Times {
    fn of(result: &compare::StyleResult) -> Times {
        let all = |times: &[Duration]| times.iter().map(|time| microseconds(*time)).collect();
        Times {
            cold_median: microseconds(quantile(&result.cold, 0.5)),
            warm_median: microseconds(quantile(&result.warm, 0.5)),
            warm_p95: p95(&result.warm).map(microseconds),
            n: result.warm.len(),
            cold: all(&result.cold),
            warm: all(&result.warm),
        }
    }
}

impl BothWays {
    /// Those of a measurement.
    pub fn of(measured: &Measured) -> BothWays {
        BothWays { request: Bytes::of(&measured.sent), response: Bytes::of(&measured.received) }
    }
}

impl Bytes {
    fn of(parts: &ByteCounts) -> Bytes {
        let ByteCounts { headers, body, framing } = *parts;
        Bytes { headers, body, framing, total: parts.total() }
    }
}

impl Refusal {
    /// A refusal from any style.
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

impl NativeError {
    /// A refusal that came with that status.
    pub fn of(refused: &Refused, status: Option<u16>) -> NativeError {
        let Refused { code, reason, message, .. } = refused;
        // The code of REST is the status, which is shown already; its clients read the reason.
        let is_status = status.is_some_and(|status| status.to_string() == *code);
        let code = reason.as_ref().filter(|_| is_status).unwrap_or(code).clone();
        NativeError { status, code, message: message.clone() }
    }

    /// A socket that was closed instead of a reply.
    pub fn closed(code: u16, reason: String) -> NativeError {
        NativeError { status: None, code: code.to_string(), message: reason }
    }
}

/// A time in microseconds.
pub fn microseconds(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1_000.0
}

#[cfg(test)]
mod tests;
