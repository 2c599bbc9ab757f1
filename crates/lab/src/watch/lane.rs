//! How does one lane hear, and how does it go on when its connection breaks?

use super::{By, Pace, Spent, Subject, Told, Way, What};
use domain::Value;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};
use wire::client::{CallOptions, WireRequest, WireResponse};
use wire::connection::{Connection, Failure};
use wire::{Address, CallRequest, Outcome, Refused};

/// One way at work.
pub(super) struct Lane {
    pub number: usize,
    pub way: Way,
    pub subject: Subject,
    pub server: Address,
    pub options: CallOptions,
    pub pace: Pace,
    pub begun: Instant,
    pub teller: mpsc::Sender<Told>,
    pub line: Option<Connection>,
    pub spent: Arc<Mutex<Spent>>,
}

/// Why a lane does not hear any more.
pub(super) enum End {
    /// The connection broke, or will do so: one can come again.
    Broken(String),
    /// There is no point in coming again.
    Refused(Box<Refused>),
    /// Nobody wants to be told any more.
    Unheard,
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        End::Broken(failure.to_string())
    }
}

impl From<Refused> for End {
    fn from(refused: Refused) -> Self {
        // A server that shuts down or has no room says so, and will have some.
        match refused.reason.as_deref() {
            Some("draining" | "overloaded" | "rate_limited") => End::Broken(refused.to_string()),
            _ => End::Refused(Box::new(refused)),
        }
    }
}

impl Lane {
    /// Listens until it is stopped, or refused.
    pub async fn run(mut self, mut stop: watch::Receiver<()>) {
        loop {
            let end = tokio::select! {
                ended = self.listen() => ended,
                _ = stop.changed() => break,
            };
            self.hang_up().await;
            let told = match end {
                Ok(never) => match never {},
                Err(End::Broken(problem)) => self.tell(What::Broke(problem, self.subject.clone())).await,
                Err(End::Refused(refused)) => return drop(self.tell(What::Refused(*refused)).await),
                Err(End::Unheard) => return,
            };
            let again = sleep(Duration::from_millis(self.pace.retry_ms));
            if told.is_err() || tokio::select! { () = again => false, _ = stop.changed() => true } {
                return;
            }
        }
        self.hang_up().await;
    }

    /// Connects and hears what comes, until that is no longer possible.
    async fn listen(&mut self) -> Result<Infallible, End> {
        match self.way.by {
            By::Push => self.be_pushed().await,
            By::Poll | By::ConditionalPoll | By::Prefer | By::Wait => self.poll().await,
        }
    }

    /// Asks once, and is told ever after.
    async fn be_pushed(&mut self) -> Result<Infallible, End> {
        let client = self.way.style.client;
        let Subject::Log(after) = self.subject else {
            return Err(End::Broken("only the log is pushed".to_owned()));
        };
        let ask = self.ask("watch_events", Value::object([("after", after.into())]));
        let outgoing = client.encode(&ask);
        self.connect(&outgoing).await?;
        self.line()?.send(&outgoing).await?;
        self.count(1);
        self.tell(What::Listens).await?;
        loop {
            let (heard, incoming) = self.line()?.receive_raw(client, &ask).await?;
            let at = Instant::now();
            self.count(0);
            match heard {
                Outcome::Event(event) => {
                    self.take(event, at, incoming.as_ref().map(WireResponse::text).unwrap_or_default()).await?
                }
                Outcome::Refused(refused) => return Err(refused.into()),
                Outcome::Ended => return Err(End::Broken("the stream was ended".to_owned())),
                Outcome::Reply(_) | Outcome::Started | Outcome::Control => {}
            }
        }
    }

    /// Takes an event: from here it would resume.
    pub async fn take(&mut self, event: Value, at: Instant, raw: String) -> Result<(), End> {
        if let Some(seq) = event.get("seq").and_then(Value::int) {
            self.subject = Subject::Log(seq);
        }
        self.tell(What::News(event, at, raw)).await
    }

    /// A question in whose name it listens.
    pub fn ask(&self, operation: &str, input: Value) -> CallRequest {
        CallRequest { options: self.options.clone(), ..CallRequest::new(operation, input) }
    }

    /// Opens a connection for what is to be sent.
    pub async fn connect(&mut self, outgoing: &WireRequest) -> Result<(), End> {
        let line = Connection::open(&self.server, outgoing).await?;
        let handshake = line.handshake();
        let mut spent = self.spent();
        spent.connections += 1;
        spent.handshake_sent += handshake.sent.total();
        spent.handshake_received += handshake.received.total();
        drop(spent);
        self.line = Some(line);
        Ok(())
    }

    /// The connection.
    pub fn line(&mut self) -> Result<&mut Connection, End> {
        self.line.as_mut().ok_or_else(|| End::Broken("there is no connection".to_owned()))
    }

    /// Counts the bytes that have crossed the wire since they were last counted, and so many requests. Gives the bytes sent.
    pub fn count(&self, requests: u32) -> u64 {
        let recording = self.line.as_ref().map(Connection::take_recording).unwrap_or_default();
        let (sent, received) = (recording.sent.len() as u64, recording.received.len() as u64);
        let mut spent = self.spent();
        spent.requests += requests;
        spent.sent += sent;
        spent.received += received;
        sent
    }

    /// What it has spent so far.
    pub fn spent(&self) -> MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells something; fails if nobody wants to be told any more.
    pub async fn tell(&self, what: What) -> Result<(), End> {
        self.teller.send(Told { lane: self.number, what }).await.map_err(|_| End::Unheard)
    }

    async fn hang_up(&mut self) {
        self.count(0);
        if let Some(line) = self.line.take() {
            line.close().await;
        }
    }
}
