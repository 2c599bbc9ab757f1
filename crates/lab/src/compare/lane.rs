//! How is one style asked again and again, and what is kept of that?

use super::{Row, WARM_UP_CALLS};
use crate::equal::{disagreements, value_bytes};
use crate::sandbox::Copies;
use std::time::{Duration, Instant};
use wire::connection::{Connection, Failure, broken};
use wire::io::Recording;
use wire::measure::{self, Measured};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// One style while it is measured.
pub(super) struct Lane {
    /// The style.
    pub style: &'static Adapter,
    address: Address,
    /// The number of the throw-away sandbox at that address, if it is one.
    copy: Option<usize>,
    outgoing: WireRequest,
    /// The connection that is open, and what it was first answered with.
    open: Option<(Connection, Outcome)>,
    /// What crossed the wire in the last call.
    last: Recording,
    round_trips_cold: u32,
    cold: Vec<Duration>,
    calls: Vec<(Measured, Duration)>,
}

impl Lane {
    /// Nothing is asked yet.
    pub fn new(style: &'static Adapter, address: Address, copy: Option<usize>, ask: &CallRequest) -> Lane {
        let (outgoing, last) = (style.client.encode(ask), Recording::default());
        let (cold, calls) = (Vec::new(), Vec::new());
        Lane { style, address, copy, outgoing, open: None, last, round_trips_cold: 0, cold, calls }
    }

    /// Connects and asks for the first time.
    pub async fn open(&mut self, ask: &CallRequest, copies: Option<&mut Copies>) -> Result<Outcome, Failure> {
        self.renew(copies).await?;
        let mut connection = Connection::open(&self.address, &self.outgoing).await?;
        let heard = connection.call(self.style.client, ask, &self.outgoing).await?;
        self.last = connection.take_recording();
        self.round_trips_cold = trips_to_open(&connection) + self.last.round_trips;
        self.open = Some((connection, heard.clone()));
        Ok(heard)
    }

    /// Asks on a connection of its own: the cold call. The connection stays open for the warm ones.
    pub async fn reconnect(&mut self, ask: &CallRequest, copies: Option<&mut Copies>) -> Result<(), Failure> {
        self.renew(copies).await?;
        let Some((former, first)) = self.open.take() else { return Err(unopened()) };
        let start = Instant::now();
        let mut connection = Connection::open(&self.address, &self.outgoing).await?;
        let heard = connection.call(self.style.client, ask, &self.outgoing).await?;
        self.cold.push(start.elapsed());
        self.last = connection.take_recording();
        self.round_trips_cold = trips_to_open(&connection) + self.last.round_trips;
        former.close().await;
        self.check(ask, &first, &heard)?;
        self.open = Some((connection, first));
        Ok(())
    }

    /// Asks once more on the open connection.
    pub async fn call(&mut self, ask: &CallRequest, copies: Option<&mut Copies>) -> Result<(), Failure> {
        self.renew(copies).await?;
        let Some((connection, first)) = &mut self.open else { return Err(unopened()) };
        let start = Instant::now();
        let heard = connection.call(self.style.client, ask, &self.outgoing).await?;
        let took = start.elapsed();
        let (recording, first) = (connection.take_recording(), first.clone());
        self.calls.push((self.measured(&recording), took));
        self.last = recording;
        self.check(ask, &first, &heard)
    }

    /// Makes the throw-away sandbox new, if it is one.
    async fn renew(&self, copies: Option<&mut Copies>) -> Result<(), Failure> {
        match (copies, self.copy) {
            (Some(copies), Some(number)) => copies.renew(number).await,
            _ => Ok(()),
        }
    }

    /// No number for a style that answers now this and now that.
    fn check(&self, ask: &CallRequest, first: &Outcome, heard: &Outcome) -> Result<(), Failure> {
        let again = disagreements(ask.row(), first, heard);
        let Some(place) = again.first() else { return Ok(()) };
        let (style, address) = (self.style.title, &self.address);
        Err(broken(format!("{style} at {address} answered differently the next time: {place}")))
    }

    fn measured(&self, recording: &Recording) -> Measured {
        match self.outgoing {
            WireRequest::Socket(_) => measure::frames(recording),
            WireRequest::Http(_) | WireRequest::EventStream(_) => measure::http(recording),
        }
    }

    /// Hangs up, and tells all that was found.
    pub async fn row(self, ask: &CallRequest, heard: Outcome) -> Row {
        let calls = &self.calls[WARM_UP_CALLS.min(self.calls.len())..];
        let mut cold = self.cold.clone();
        cold.sort();
        let mut warm: Vec<Duration> = calls.iter().map(|(_, took)| *took).collect();
        warm.sort();
        let call = self.measured(&self.last);
        let answered = match &heard {
            Outcome::Reply(value) | Outcome::Event(value) => value_bytes(value),
            Outcome::Refused(refused) => refused.message.len() as u64,
            Outcome::Started | Outcome::Ended | Outcome::Control => 0,
        };
        let repeats = calls.iter().all(|(bytes, _)| *bytes == call);
        let (opening, handshake) = match self.open {
            Some((connection, _)) => {
                let opened = (connection.handshake_recordings().clone(), connection.handshake());
                connection.close().await;
                opened
            }
            None => Default::default(),
        };
        Row {
            style: self.style,
            outgoing: self.outgoing,
            heard,
            opening,
            call,
            handshake,
            repeats,
            values: value_bytes(&ask.input) + answered,
            round_trips_cold: self.round_trips_cold,
            round_trips_warm: self.last.round_trips,
            recording: self.last,
            connections: 1,
            cold,
            warm,
        }
    }
}

/// Round trips of opening a connection: TCP's own, which no byte of ours shows, and those of a handshake and of opening words.
fn trips_to_open(connection: &Connection) -> u32 {
    let (upgrade, opening) = connection.handshake_recordings();
    1 + upgrade.round_trips + opening.round_trips
}

fn unopened() -> Failure {
    broken("nothing was asked yet")
}
