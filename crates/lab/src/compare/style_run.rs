//! Measures one style: cold calls, each on a new connection, and warm calls on an open one.

use crate::equal::{outcome_differences, value_bytes};
use std::time::{Duration, Instant};
use wire::connection::{Connection, Failure, broken};
use wire::measure::{Measured, header, split_http};
use wire::recorder::{RecordedKind, Recording};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Calls on a warm connection that are made before the measured ones, and dropped.
pub const WARM_UP_CALLS: usize = 3;

/// The cost of a call in one style.
pub struct StyleResult {
    /// The style.
    pub style: &'static Adapter,
    /// What was sent, before it was bytes.
    pub request: WireRequest,
    /// The same as a person writes it.
    pub by_hand: WireRequest,
    /// The outcome of the first call.
    pub outcome: Outcome,
    /// What crossed the wire in opening the connection, as [`Connection::handshake_recordings`] gives it.
    pub opening: Vec<Recording>,
    /// What crossed the wire in a call: one of those with the size that most have.
    pub recording: Recording,
    /// The bytes of that call.
    pub call: Measured,
    /// The bytes of opening the connection.
    pub handshake: Measured,
    /// Whether every measured call had just as many bytes. The headers of HTTP/2 are left out: HPACK writes the date anew once a second.
    pub has_constant_size: bool,
    /// The bytes of the values in the input and in the reply, as text.
    pub value_bytes: u64,
    /// Round trips of a call on a new connection: TCP's own, the handshake's, the call's.
    pub round_trips_cold: u32,
    /// Round trips of a call on an open connection.
    pub round_trips_warm: u32,
    /// The times of the cold calls, ascending.
    pub cold: Vec<Duration>,
    /// The times of the measured warm calls, ascending.
    pub warm: Vec<Duration>,
}

/// A style while it is measured.
pub struct StyleRun {
    /// What is known so far.
    pub result: StyleResult,
    address: Address,
    connection: Option<Connection>,
    calls: Vec<(Measured, Duration)>,
    /// A recording of each size.
    recordings: Vec<(Measured, Recording)>,
}

impl StyleResult {
    /// The share of all bytes of a call that are not the values themselves; unknown if the reply was compressed, or if its binary form is
    /// shorter than the values as text.
    pub fn envelope_share(&self) -> Option<f64> {
        let total = self.call.sent.total() + self.call.received.total();
        (total > self.value_bytes && !self.is_compressed()).then(|| 1.0 - self.value_bytes as f64 / total as f64)
    }

    /// The version of HTTP that carried the calls, or the handshake of a WebSocket.
    pub fn http_version(&self) -> &'static str {
        if self.recording.kind == RecordedKind::Http2 { "HTTP/2" } else { "HTTP/1.1" }
    }

    /// Whether the reply was compressed.
    pub fn is_compressed(&self) -> bool {
        let Recording { kind, received, received_fields, .. } = &self.recording;
        match kind {
            RecordedKind::Http1 => {
                split_http(received).0.iter().any(|message| header(message.head, "content-encoding").is_some())
            }
            RecordedKind::Http2 => {
                received_fields.iter().flatten().any(|(name, _)| name == "content-encoding" || name == "grpc-encoding")
            }
            RecordedKind::WebSocket => false,
        }
    }
}

impl StyleRun {
    pub fn new(style: &'static Adapter, address: Address, call: &CallRequest, http2: bool) -> StyleRun {
        let carried = |request: WireRequest| if http2 { request.over_http2() } else { request };
        let result = StyleResult {
            style,
            request: carried(style.client.encode(call)),
            by_hand: carried(style.client.encode_by_hand(call)),
            outcome: Outcome::Control,
            opening: Vec::new(),
            recording: Recording::default(),
            call: Measured::default(),
            handshake: Measured::default(),
            has_constant_size: true,
            value_bytes: value_bytes(&call.input),
            round_trips_cold: 0,
            round_trips_warm: 0,
            cold: Vec::new(),
            warm: Vec::new(),
        };
        StyleRun { result, address, connection: None, calls: Vec::new(), recordings: Vec::new() }
    }

    /// Calls on a new connection, which stays open for the warm calls. The time of the first call is not measured.
    pub async fn call_cold(&mut self, call: &CallRequest) -> Result<(), Failure> {
        let result = &mut self.result;
        let start = Instant::now();
        let mut connection = Connection::open(&self.address, &result.request).await?;
        let outcome = connection.call(result.style.client, call, &result.request).await?;
        let took = start.elapsed();
        result.recording = connection.take_recording();
        // TCP's own round trip, which no byte shows, and those of a handshake and of opening messages.
        let opening: u32 = connection.handshake_recordings().iter().map(|opening| opening.round_trips).sum();
        result.round_trips_cold = 1 + opening + result.recording.round_trips;
        match self.connection.replace(connection) {
            None => result.outcome = outcome.clone(),
            Some(former) => {
                result.cold.push(took);
                former.close().await;
            }
        }
        self.check(call, &outcome)
    }

    /// Calls once more on the open connection.
    pub async fn call_warm(&mut self, call: &CallRequest) -> Result<(), Failure> {
        let result = &mut self.result;
        let connection = self.connection.as_mut().ok_or_else(|| broken("there is no connection"))?;
        let start = Instant::now();
        let outcome = connection.call(result.style.client, call, &result.request).await?;
        let took = start.elapsed();
        let recording = connection.take_recording();
        let measured = Measured::of(&recording);
        self.calls.push((measured, took));
        if self.recordings.iter().all(|(known, _)| *known != measured) {
            self.recordings.push((measured, recording));
        }
        self.check(call, &outcome)
    }

    /// A style whose outcome changes from call to call is not measured.
    fn check(&self, call: &CallRequest, outcome: &Outcome) -> Result<(), Failure> {
        let found = outcome_differences(call.row(), &self.result.outcome, outcome);
        let Some(place) = found.first() else { return Ok(()) };
        let title = self.result.style.title;
        Err(broken(format!("{title} at {} answered differently the next time: {place}", self.address)))
    }

    /// Closes the connection; returns all that was measured.
    pub async fn end(self) -> StyleResult {
        let StyleRun { mut result, connection, calls, recordings, .. } = self;
        result.value_bytes += match &result.outcome {
            Outcome::Reply(value) | Outcome::Event(value) => value_bytes(value),
            Outcome::Refused(refused) => refused.message.len() as u64,
            Outcome::Started | Outcome::Ended | Outcome::Control => 0,
        };
        let calls = &calls[WARM_UP_CALLS.min(calls.len())..];
        let count = |size: &Measured| calls.iter().filter(|(bytes, _)| bytes == size).count();
        if let Some((_, recording)) = recordings.into_iter().max_by_key(|(size, _)| count(size)) {
            result.recording = recording;
        }
        result.call = Measured::of(&result.recording);
        let is_http2 = result.recording.kind == RecordedKind::Http2;
        let fixed = |bytes: &Measured| if is_http2 { bytes.without_headers() } else { *bytes };
        result.has_constant_size = calls.iter().all(|(bytes, _)| fixed(bytes) == fixed(&result.call));
        result.warm = calls.iter().map(|(_, took)| *took).collect();
        result.warm.sort();
        result.cold.sort();
        result.round_trips_warm = result.recording.round_trips;
        if let Some(connection) = connection {
            (result.opening, result.handshake) = (connection.handshake_recordings().to_vec(), connection.handshake());
            connection.close().await;
        }
        result
    }
}
