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
    pub outgoing: WireRequest,
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
    pub repeats: bool,
    /// The bytes of the values in the input and in the reply, as text.
    pub values: u64,
    /// Round trips of a call on a new connection: TCP's own, the handshake's, the call's.
    pub round_trips_cold: u32,
    /// Round trips of a call on an open connection.
    pub round_trips_warm: u32,
    /// Connections that the warm calls share.
    pub connections: u32,
    /// The times of the cold calls, ascending.
    pub cold: Vec<Duration>,
    /// The times of the measured warm calls, ascending.
    pub warm: Vec<Duration>,
}

/// A style while it is measured.
pub struct StyleRun {
    pub style: &'static Adapter,
    /// The outcome of the first call, once it is made.
    pub first: Option<Outcome>,
    address: Address,
    request: WireRequest,
    connection: Option<Connection>,
    /// What crossed the wire in the last call.
    last: Recording,
    round_trips_cold: u32,
    cold: Vec<Duration>,
    calls: Vec<(Measured, Duration)>,
}

impl StyleResult {
    /// The share of all bytes of a call that are not the values themselves; unknown if the reply was compressed.
    pub fn envelope_share(&self) -> Option<f64> {
        let total = self.call.sent.total() + self.call.received.total();
        (total > 0 && !self.is_compressed()).then(|| 1.0 - self.values as f64 / total as f64)
    }

    /// Whether the reply was compressed.
    pub fn is_compressed(&self) -> bool {
        let (messages, _) = split_http(&self.recording.received);
        !self.is_socket() && messages.iter().any(|message| header(message.head, "content-encoding").is_some())
    }

    /// Whether the call was frames of a WebSocket.
    pub fn is_socket(&self) -> bool {
        matches!(self.outgoing, WireRequest::Socket(_))
    }
}

impl StyleRun {
    pub fn new(style: &'static Adapter, address: Address, call: &CallRequest) -> StyleRun {
        StyleRun {
            style,
            first: None,
            address,
            request: style.client.encode(call),
            connection: None,
            last: Recording::default(),
            round_trips_cold: 0,
            cold: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Calls on a new connection, which stays open for the warm calls. The time of the first call is not measured.
    pub async fn call_cold(&mut self, call: &CallRequest) -> Result<(), Failure> {
        let start = Instant::now();
        let mut connection = Connection::open(&self.address, &self.request).await?;
        let outcome = connection.call(self.style.client, call, &self.request).await?;
        let took = start.elapsed();
        self.last = connection.take_recording();
        // TCP's own round trip, which no byte shows, and those of a handshake and of opening messages.
        let (upgrade, opening) = connection.handshake_recordings();
        self.round_trips_cold = 1 + upgrade.round_trips + opening.round_trips + self.last.round_trips;
        if let Some(former) = self.connection.replace(connection) {
            self.cold.push(took);
            former.close().await;
        }
        self.check(call, outcome)
    }

    /// Calls once more on the open connection.
    pub async fn call_warm(&mut self, call: &CallRequest) -> Result<(), Failure> {
        let connection = self.connection.as_mut().ok_or_else(|| broken("there is no connection"))?;
        let start = Instant::now();
        let outcome = connection.call(self.style.client, call, &self.request).await?;
        let took = start.elapsed();
        self.last = connection.take_recording();
        self.calls.push((self.measured(), took));
        self.check(call, outcome)
    }

    /// A style whose outcome changes from call to call is not measured.
    fn check(&mut self, call: &CallRequest, outcome: Outcome) -> Result<(), Failure> {
        let first = self.first.get_or_insert_with(|| outcome.clone());
        let found = outcome_differences(call.row(), first, &outcome);
        let Some(place) = found.first() else { return Ok(()) };
        Err(broken(format!("{} at {} answered differently the next time: {place}", self.style.title, self.address)))
    }

    fn measured(&self) -> Measured {
        match self.request {
            WireRequest::Socket(_) => measure::frames(&self.last),
            WireRequest::Http(_) | WireRequest::EventStream(_) => measure::http(&self.last),
        }
    }

    /// Closes the connection; gives all that was measured.
    pub async fn result(mut self, call: &CallRequest) -> StyleResult {
        let last = self.measured();
        let outcome = self.first.unwrap_or(Outcome::Control);
        let reply_bytes = match &outcome {
            Outcome::Reply(value) | Outcome::Event(value) => value_bytes(value),
            Outcome::Refused(refused) => refused.message.len() as u64,
            Outcome::Started | Outcome::Ended | Outcome::Control => 0,
        };
        let calls = &self.calls[WARM_UP_CALLS.min(self.calls.len())..];
        let repeats = calls.iter().all(|(bytes, _)| *bytes == last);
        let mut warm: Vec<Duration> = calls.iter().map(|(_, took)| *took).collect();
        warm.sort();
        self.cold.sort();
        let (opening, handshake) = match self.connection {
            Some(connection) => {
                let opened = (connection.handshake_recordings().clone(), connection.handshake());
                connection.close().await;
                opened
            }
            None => Default::default(),
        };
        StyleResult {
            style: self.style,
            outgoing: self.request,
            outcome,
            opening,
            call: last,
            handshake,
            repeats,
            values: value_bytes(&call.input) + reply_bytes,
            round_trips_cold: self.round_trips_cold,
            round_trips_warm: self.last.round_trips,
            recording: self.last,
            connections: 1,
            cold: self.cold,
            warm,
        }
    }
}
