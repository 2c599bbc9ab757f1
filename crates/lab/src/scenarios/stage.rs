//! How is a lane played? Each step sends something and waits for what comes back, and what crossed the wire is kept with it.

use super::played::{Played, Step, Stop, Tally, answered};
use crate::parts::Exchange;
use domain::Value;
use std::pin::Pin;
use std::time::Instant;
use wire::client::{CallOptions, WireRequest};
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest, Outcome};

/// What a lane does on its stage.
pub(super) type Playing<'s> = Pin<Box<dyn Future<Output = Result<(), Stop>> + 's>>;

/// How a lane is played.
pub(super) type Script = for<'s> fn(&'s mut Stage) -> Playing<'s>;
/// A way to do a task: the name of its style, what it is called, and how it is played.
pub(super) type Way = (&'static str, &'static str, Script);

/// The lanes of these ways, in those styles that there are.
pub(super) fn lanes_of(styles: &[&'static Adapter], ways: &[Way]) -> Vec<Lane> {
    let lane = |(name, title, script): &Way| {
        let style = styles.iter().find(|style| style.name == *name)?;
        Some(Lane { style, title: (*title).to_owned(), other: None, script: *script })
    };
    ways.iter().filter_map(lane).collect()
}

/// One way to do a task.
pub struct Lane {
    /// The style.
    pub style: &'static Adapter,
    /// The way, as its people would call it.
    pub title: String,
    /// The style that it changes over to, if it does.
    pub(super) other: Option<&'static Adapter>,
    pub(super) script: Script,
}

impl Lane {
    pub(super) async fn play(self, address: &Address, options: &CallOptions) -> Result<Played, Stop> {
        let other = self.other.unwrap_or(self.style);
        let mut stage = Stage {
            style: self.style,
            other,
            address: address.clone(),
            options: options.clone(),
            line: None,
            steps: Vec::new(),
            connections: 0,
            begun: None,
            ended: None,
            lookups: None,
            made: None,
            tally: None,
        };
        let played = (self.script)(&mut stage).await;
        let took = stage.begun.zip(stage.ended).map(|(begun, ended)| ended - begun).unwrap_or_default();
        stage.hang_up().await;
        played?;
        let Stage { steps, connections, lookups, made, tally, .. } = stage;
        Ok(Played { style: self.style, title: self.title, steps, connections, took, lookups, made, tally })
    }
}

/// Where a lane is played: one connection at a time, opened when it is needed.
pub struct Stage {
    pub(super) style: &'static Adapter,
    pub(super) other: &'static Adapter,
    pub(super) address: Address,
    pub(super) options: CallOptions,
    line: Option<Line>,
    steps: Vec<Step>,
    connections: u32,
    /// When the first connection was begun, and when the last answer had come.
    begun: Option<Instant>,
    ended: Option<Instant>,
    pub(super) lookups: Option<i64>,
    pub(super) made: Option<i64>,
    pub(super) tally: Option<Tally>,
}

/// An open connection.
struct Line {
    connection: Connection,
    is_socket: bool,
    /// Whether a step has told of its opening.
    is_told: bool,
}

/// What a step says of itself.
pub(super) struct Words {
    pub title: String,
    pub why: &'static str,
    pub operation: String,
}

/// What a step does, and why.
pub(super) fn words(title: impl Into<String>, operation: impl Into<String>, why: &'static str) -> Words {
    Words { title: title.into(), why, operation: operation.into() }
}

impl Stage {
    /// A question of the lane's, with what rides beside it.
    pub(super) fn question(&self, operation: &str, input: Value) -> CallRequest {
        CallRequest { options: self.options.clone(), ..CallRequest::new(operation, input) }
    }

    /// One question, asked as the style's client half asks it.
    pub(super) async fn ask(&mut self, words: Words, ask: &CallRequest) -> Result<Outcome, Stop> {
        let client = self.style.client;
        let outgoing = client.encode(ask);
        let heard = self.line(&outgoing).await?.call(client, ask, &outgoing).await;
        self.keep(words);
        Ok(heard?)
    }

    /// The same, where nothing but an answer will do.
    pub(super) async fn answer(&mut self, words: Words, ask: &CallRequest) -> Result<Value, Stop> {
        answered(self.ask(words, ask).await?)
    }

    /// One question whose answer is to be lost. What it breaks is the connection.
    pub(super) async fn lose(&mut self, words: Words, ask: &CallRequest) -> Result<(), Stop> {
        let client = self.style.client;
        let outgoing = client.encode(ask);
        let heard = self.line(&outgoing).await?.call(client, ask, &outgoing).await;
        self.keep(words);
        self.line = None;
        match heard {
            Err(Failure::Broken(_) | Failure::Closed(..)) => Ok(()),
            Err(other @ (Failure::DecodeError(_) | Failure::Refused(_))) => Err(other.into()),
            Ok(_) => Err(broken("the answer was to be lost and came: does the server grant faults?").into()),
        }
    }

    /// A request that is the style's own, and its response.
    pub(super) async fn fetch(
        &mut self,
        words: Words,
        request: http::Request<bytes::Bytes>,
    ) -> Result<http::Response<bytes::Bytes>, Stop> {
        let response = self.line(&WireRequest::Http(request.clone())).await?.fetch(request).await;
        self.keep(words);
        Ok(response?)
    }

    /// Messages sent one after the other without waiting, and what came back, in the order in which it came.
    pub(super) async fn pipeline(
        &mut self,
        words: Words,
        ask: &CallRequest,
        all: &[WireRequest],
    ) -> Result<Vec<Outcome>, Stop> {
        let (client, mut heard) = (self.style.client, Vec::new());
        let Some(first) = all.first() else { return Ok(heard) };
        let line = self.line(first).await?;
        for outgoing in all {
            line.send(outgoing).await?;
        }
        for _ in all {
            heard.push(line.receive(client, ask).await?);
        }
        self.keep(words);
        Ok(heard)
    }

    /// The connection, opened if there is none.
    async fn line(&mut self, outgoing: &WireRequest) -> Result<&mut Connection, Stop> {
        if self.line.is_none() {
            self.begun.get_or_insert_with(Instant::now);
            let connection = Connection::open(&self.address, outgoing).await?;
            let is_socket = matches!(outgoing, WireRequest::Socket(_));
            self.connections += 1;
            self.line = Some(Line { connection, is_socket, is_told: false });
        }
        match &mut self.line {
            Some(line) => Ok(&mut line.connection),
            None => Err(broken("there is no connection").into()),
        }
    }

    /// Keeps what crossed the wire since the last step as one step more.
    fn keep(&mut self, words: Words) {
        let Some(line) = &mut self.line else { return };
        let recording = line.connection.take_recording();
        let mut step = Step {
            title: words.title,
            why: words.why,
            operation: words.operation,
            exchange: Exchange::default(),
            sent: 0,
            received: 0,
            round_trips: 0,
        };
        if !line.is_told {
            let (upgrade, opening) = line.connection.handshake_recordings();
            step.round_trips += 1;
            step.add(upgrade, false);
            step.add(opening, true);
            line.is_told = true;
        }
        step.add(&recording, line.is_socket);
        self.ended = Some(Instant::now());
        self.steps.push(step);
    }

    /// Ends the connection; the next step opens another.
    pub(super) async fn hang_up(&mut self) {
        if let Some(line) = self.line.take() {
            line.connection.close().await;
        }
    }
}
