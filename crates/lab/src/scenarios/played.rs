//! What is kept of a lane that was played? Its steps, with every byte, and what was found out.

use crate::parts::Exchange;
use domain::Value;
use std::fmt;
use std::time::Duration;
use wire::connection::{Failure, broken};
use wire::io::Recording;
use wire::{Adapter, Outcome, Refused};

/// A lane that was played.
pub struct Played {
    /// The style.
    pub style: &'static Adapter,
    /// The way.
    pub title: String,
    /// What was done, in its order.
    pub steps: Vec<Step>,
    /// Connections that were opened.
    pub connections: u32,
    /// From before the first connection to after the last answer.
    pub took: Duration,
    /// How often the server asked its store, where its answer says so.
    pub lookups: Option<i64>,
    /// Orders that were made, where that is the question.
    pub made: Option<i64>,
    /// What became of each of several things, where that is the question.
    pub tally: Option<Tally>,
}

/// One thing that was done: sent without waiting in between, and what came back.
pub struct Step {
    /// What is done.
    pub title: String,
    /// Why its people do it so.
    pub why: &'static str,
    /// The operation, or how the style says several at once.
    pub operation: String,
    /// What crossed the wire, the opening of a connection included.
    pub exchange: Exchange,
    /// The bytes of that which were sent.
    pub sent: u64,
    /// The bytes of that which were received.
    pub received: u64,
    /// Round trips: of the exchange, and TCP's own for each connection that was opened.
    pub round_trips: u32,
}

/// What became of several things that were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// They came.
    pub answered: i64,
    /// It was said that they are not there.
    pub refused: i64,
    /// They did not come, and nothing was said of them.
    pub left_out: i64,
}

/// Why a lane could not be played to its end.
#[derive(Debug)]
pub enum Stop {
    /// The connection broke.
    Broken(Failure),
    /// The shop refused.
    Refused(Box<Refused>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refused) => Stop::Refused(refused),
            broken => Stop::Broken(broken),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Broken(failure) => failure.fmt(f),
            Stop::Refused(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for Stop {}

impl Played {
    /// Round trips of all steps.
    pub fn round_trips(&self) -> u32 {
        self.steps.iter().map(|step| step.round_trips).sum()
    }

    /// Bytes of all steps: sent and received.
    pub fn bytes(&self) -> (u64, u64) {
        (self.steps.iter().map(|step| step.sent).sum(), self.steps.iter().map(|step| step.received).sum())
    }
}

impl Step {
    /// Adds what crossed the wire.
    pub(super) fn add(&mut self, recording: &Recording, is_socket: bool) {
        let so_far = std::mem::take(&mut self.exchange);
        self.exchange = so_far.then(Exchange::of(recording, is_socket));
        self.sent += recording.sent.len() as u64;
        self.received += recording.received.len() as u64;
        self.round_trips += recording.round_trips;
    }
}

/// The answer, or why there is none.
pub(super) fn answered(heard: Outcome) -> Result<Value, Stop> {
    match heard {
        Outcome::Reply(value) | Outcome::Event(value) => Ok(value),
        Outcome::Refused(refused) => Err(Stop::Refused(Box::new(refused))),
        Outcome::Started | Outcome::Ended | Outcome::Control => Err(broken("there was no answer").into()),
    }
}
