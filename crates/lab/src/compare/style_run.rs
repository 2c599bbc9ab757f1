//! Measures one style: cold calls, each on a new connection, and warm calls on an open one.

use crate::equal::{outcome_differences, value_bytes};
use std::time::{Duration, Instant};
use wire::connection::{Connection, Failure, broken};
use wire::io::Recording;
use wire::measure::{self, Measured, header, split_http};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Calls on a warm connection that are made before the measured ones, and dropped.
pub const WARM_UP_CALLS: usize = 3;

/// The cost of a call in one style.
pub struct StyleResult {
    /// The style.
    pub style: &'static Adapter,
    /// What was sent, before it was bytes.
    pub request: WireRequest,
    /// The outcome of the first call.
    pub outcome: Outcome,
    /// What crossed the wire in opening the connection: a WebSocket's handshake, and its opening messages.
    pub opening: (Recording, Recording),
    /// What crossed the wire in the last call.
    pub recording: Recording,
    /// The bytes of that call.
    pub call: Measured,
    /// The bytes of opening the connection.
    pub handshake: Measured,
    /// Whether every measured call had just as many bytes.
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
}

impl StyleResult {
    /// The share of all bytes of a call that are not the values themselves; unknown if the reply was compressed.
    pub fn envelope_share(&self) -> Option<f64> {
        let total = self.call.sent.total() + self.call.received.total();
        (total > 0 && !self.is_compressed()).then(|| 1.0 - self.value_bytes as f64 / total as f64)
    }

    /// Whether the reply was compressed.
    pub fn is_compressed(&self) -> bool {
        let (messages, _) = split_http(&self.recording.received);
        !self.is_socket() && messages.iter().any(|message| header(message.head, "content-encoding").is_some())
    }

    /// Whether the call was frames of a WebSocket.
    pub fn is_socket(&self) -> bool {
        matches!(self.request, WireRequest::Socket(_))
    }

    fn measure_call(&mut self) {
        self.call = if self.is_socket() { measure::frames(&self.recording) } else { measure::http(&self.recording) };
    }
}

impl StyleRun {
    pub fn new(style: &'static Adapter, address: Address, call: &CallRequest) -> StyleRun {
        let result = StyleResult {
            style,
            request: style.client.encode(call),
            outcome: Outcome::Control,
            opening: Default::default(),
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
        StyleRun { result, address, connection: None, calls: Vec::new() }
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
        let (upgrade, opening) = connection.handshake_recordings();
        result.round_trips_cold = 1 + upgrade.round_trips + opening.round_trips + result.recording.round_trips;
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
        result.recording = connection.take_recording();
        result.measure_call();
        self.calls.push((result.call, took));
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
        let StyleRun { mut result, connection, calls, .. } = self;
        result.measure_call();
        result.value_bytes += match &result.outcome {
            Outcome::Reply(value) | Outcome::Event(value) => value_bytes(value),
            Outcome::Refused(refused) => refused.message.len() as u64,
            Outcome::Started | Outcome::Ended | Outcome::Control => 0,
        };
        let calls = &calls[WARM_UP_CALLS.min(calls.len())..];
        result.has_constant_size = calls.iter().all(|(bytes, _)| *bytes == result.call);
        result.warm = calls.iter().map(|(_, took)| *took).collect();
        result.warm.sort();
        result.cold.sort();
        result.round_trips_warm = result.recording.round_trips;
        if let Some(connection) = connection {
            (result.opening, result.handshake) = (connection.handshake_recordings().clone(), connection.handshake());
            connection.close().await;
        }
        result
    }
}
