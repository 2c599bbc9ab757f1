//! Runs one variant of a scenario step by step and measures what crosses the wire.

use crate::call::reply;
use crate::exchange::Exchange;
use crate::report::{BothWays, ByteCount, microseconds};
use domain::Value;
use serde::Serialize;
use std::pin::Pin;
use std::time::Instant;
use wire::client::{CallOptions, WireRequest};
use wire::connection::{Connection, Failure, broken};
use wire::measure::Measured;
use wire::recorder::Recording;
use wire::{Adapter, Address, CallRequest, Outcome};

/// The steps of a variant, as a function that a table can hold.
pub type Script = for<'r> fn(&'r mut Runner) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + 'r>>;

/// The style's name, the title and the steps of a variant.
pub type Entry = (&'static str, &'static str, Script);

/// One way to do a task in one style.
pub struct Variant {
    pub style: &'static Adapter,
    pub title: String,
    /// The style of the last step, where the variant changes over to another.
    pub other: Option<&'static Adapter>,
    pub script: Script,
}

/// What a variant did and what that cost.
#[derive(Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ScenarioLane"))]
pub struct VariantRun {
    style: &'static str,
    /// The title.
    pub title: String,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// Round trips of all steps.
    pub round_trips: u32,
    /// Bytes of all steps.
    pub bytes: ByteCount,
    /// Connections that were opened.
    pub connections: u32,
    /// From before the first connection to after the last reply.
    pub time_us: f64,
    /// Queries that the server sent to its store, if its reply contains that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookups: Option<i64>,
    /// Orders that exist in the end, where the scenario is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<i64>,
    /// What became of several resources that were requested at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
}

/// One step: what the client sends without waiting in between, and what comes back.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Step {
    title: String,
    /// Why a client of this style does it so.
    why: &'static str,
    /// The operation, or the style's name for several calls at once.
    operation: String,
    wire: Exchange,
    bytes: ByteCount,
    /// The same bytes by their parts.
    parts: BothWays,
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    measured: Measured,
    /// Those of the exchange, and TCP's own for each connection that was opened.
    round_trips: u32,
}

/// What became of several resources that were requested at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tally {
    /// Their values came.
    pub answered: i64,
    /// An error came for each of them.
    pub refused: i64,
    /// They are not in the reply, and nothing says why.
    pub left_out: i64,
}

/// The client of a variant: one connection at a time, opened when a step needs it.
pub struct Runner {
    pub style: &'static Adapter,
    pub other: &'static Adapter,
    pub address: Address,
    pub options: CallOptions,
    /// What the variant has done so far.
    pub run: VariantRun,
    connection: Option<Connection>,
    /// Whether a step already has the bytes of opening the connection.
    is_handshake_counted: bool,
    /// Before the first connection.
    begun: Option<Instant>,
}

/// The variants of this table whose styles are served.
pub fn variants(styles: &[&'static Adapter], table: &[Entry]) -> Vec<Variant> {
    let variant = |(name, title, script): &Entry| {
        let style = styles.iter().find(|style| style.name == *name)?;
        Some(Variant { style, title: (*title).to_owned(), other: None, script: *script })
    };
    table.iter().filter_map(variant).collect()
}

impl Variant {
    pub async fn run(self, address: &Address, options: &CallOptions) -> Result<VariantRun, Failure> {
        let mut runner = Runner {
            style: self.style,
            other: self.other.unwrap_or(self.style),
            address: address.clone(),
            options: options.clone(),
            run: VariantRun { style: self.style.name, title: self.title, ..VariantRun::default() },
            connection: None,
            is_handshake_counted: false,
            begun: None,
        };
        let result = (self.script)(&mut runner).await;
        if let Some(connection) = runner.connection {
            connection.close().await;
        }
        result.map(|()| runner.run)
    }
}

impl Step {
    pub(super) fn new(title: impl Into<String>, operation: impl Into<String>, why: &'static str) -> Step {
        let (title, operation, measured) = (title.into(), operation.into(), Measured::default());
        let (wire, bytes, parts) = (Exchange::default(), ByteCount::default(), BothWays::of(&measured));
        Step { title, why, operation, wire, bytes, parts, measured, round_trips: 0 }
    }

    fn add(&mut self, recording: &Recording) {
        self.wire = std::mem::take(&mut self.wire).then(Exchange::of(recording));
        self.bytes.add(recording.sent.len() as u64, recording.received.len() as u64);
        self.measured += Measured::of(recording);
        self.parts = BothWays::of(&self.measured);
        self.round_trips += recording.round_trips;
    }
}

impl Tally {
    pub(super) fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Reply(_) => self.answered += 1,
            Outcome::Refused(_) => self.refused += 1,
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {}
        }
    }

    /// The tally of these requests: those that are neither answered nor refused were left out.
    pub(super) fn of<T>(self, requests: &[T]) -> Tally {
        Tally { left_out: requests.len() as i64 - self.answered - self.refused, ..self }
    }
}

impl Runner {
    pub fn request(&self, operation: &str, input: Value) -> CallRequest {
        CallRequest::with_options(operation, input, self.options.clone())
    }

    pub fn request_by_id(&self, operation: &str, id: i64) -> CallRequest {
        self.request(operation, Value::object([("id", id.into())]))
    }

    /// Makes one call with the style's client.
    pub async fn call(&mut self, step: Step, request: &CallRequest) -> Result<Outcome, Failure> {
        self.send(step, request, self.style.client.encode(request)).await
    }

    /// Makes one call as it is encoded here.
    pub async fn send(&mut self, step: Step, request: &CallRequest, encoded: WireRequest) -> Result<Outcome, Failure> {
        let client = self.style.client;
        let outcome = self.connection(&encoded).await?.call(client, request, &encoded).await;
        self.finish(step);
        outcome
    }

    /// Leaves the connection: the next step opens another.
    pub fn disconnect(&mut self) {
        self.connection = None;
    }

    /// Makes one call that must be answered.
    pub async fn reply(&mut self, step: Step, request: &CallRequest) -> Result<Value, Failure> {
        reply(self.call(step, request).await?)
    }

    /// Makes one call whose reply an injected fault loses, with the connection.
    pub async fn lose(&mut self, step: Step, request: &CallRequest) -> Result<(), Failure> {
        let outcome = self.call(step, request).await;
        self.disconnect();
        match outcome {
            Err(Failure::Broken(_) | Failure::Closed(..)) => Ok(()),
            Err(other @ (Failure::DecodeError(_) | Failure::Refused(_))) => Err(other),
            Ok(_) => Err(broken("the reply should have been lost: does the server allow faults?")),
        }
    }

    /// Sends a request that the style's client has no call for.
    pub async fn fetch(
        &mut self,
        step: Step,
        request: http::Request<bytes::Bytes>,
    ) -> Result<http::Response<bytes::Bytes>, Failure> {
        let response = self.connection(&WireRequest::Http(request.clone())).await?.fetch(request).await;
        self.finish(step);
        response
    }

    /// Sends requests over HTTP/2 without waiting in between, which the style's client does not do by itself.
    pub async fn fetch_at_once(
        &mut self,
        step: Step,
        requests: Vec<http::Request<bytes::Bytes>>,
    ) -> Result<Vec<http::Response<bytes::Bytes>>, Failure> {
        let Some(first) = requests.first() else { return Ok(Vec::new()) };
        let first = WireRequest::Http(first.clone());
        let responses = self.connection(&first).await?.fetch_at_once(requests).await;
        self.finish(step);
        responses
    }

    /// Sends messages without waiting in between; returns the outcomes in the order in which they came.
    pub async fn pipeline(
        &mut self,
        step: Step,
        request: &CallRequest,
        messages: &[WireRequest],
    ) -> Result<Vec<Outcome>, Failure> {
        let (client, mut outcomes) = (self.style.client, Vec::new());
        let Some(first) = messages.first() else { return Ok(outcomes) };
        let connection = self.connection(first).await?;
        for message in messages {
            connection.send(message).await?;
        }
        for _ in messages {
            outcomes.push(connection.receive(client, request).await?);
        }
        self.finish(step);
        Ok(outcomes)
    }

    async fn connection(&mut self, request: &WireRequest) -> Result<&mut Connection, Failure> {
        if self.connection.is_none() {
            self.begun.get_or_insert_with(Instant::now);
            self.connection = Some(Connection::open(&self.address, request).await?);
            self.is_handshake_counted = false;
            self.run.connections += 1;
        }
        self.connection.as_mut().ok_or_else(|| broken("there is no connection"))
    }

    /// Adds the step, with all that crossed the wire since the one before.
    fn finish(&mut self, mut step: Step) {
        let Some(connection) = &self.connection else { return };
        if !std::mem::replace(&mut self.is_handshake_counted, true) {
            step.round_trips += 1;
            connection.handshake_recordings().iter().for_each(|opening| step.add(opening));
        }
        step.add(&connection.take_recording());
        self.run.round_trips += step.round_trips;
        self.run.bytes.add(step.bytes.sent, step.bytes.received);
        self.run.time_us = self.begun.map_or(0.0, |begun| microseconds(begun.elapsed()));
        self.run.steps.push(step);
    }
}
