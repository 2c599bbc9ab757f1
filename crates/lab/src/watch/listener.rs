//! Runs one channel: it receives pushed events or polls, and resumes when its connection breaks.

use super::channel::{Channel, Mode, Subject, Timing};
use crate::report::ByteCount;
use bytes::Bytes;
use domain::Value;
use domain::limits::PAGE_ITEMS_DEFAULT;
use http::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use http::{Request, StatusCode, Uri};
use parking_lot::Mutex;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};
use wire::client::{CallOptions, WireRequest, WireResponse};
use wire::connection::{Connection, Failure, broken};
use wire::{Address, CallRequest, Outcome, Refused};

/// A message of a channel.
#[derive(Debug)]
pub struct Update {
    /// The number of the channel, from 0.
    pub channel: usize,
    /// The message.
    pub kind: UpdateKind,
}

/// What a channel has to say.
#[derive(Debug)]
pub enum UpdateKind {
    /// It is connected and listens.
    Listening,
    /// An event, or the order as it is now; and the message that brought it.
    News(Value, Instant, String),
    /// Its connection broke for this reason. It reconnects and resumes from here.
    Interrupted(String, Subject),
    /// It was refused and has ended.
    Refused(Refused),
}

/// What a channel has used: bytes are those that crossed the wire; handshakes are counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Connections that were opened.
    pub connections: u32,
    /// Requests of HTTP or messages of a WebSocket that were sent.
    pub requests: u32,
    /// Bytes without those of handshakes.
    pub bytes: ByteCount,
    /// Bytes of handshakes, of WebSockets and of HTTP/2.
    pub handshake: ByteCount,
}

pub(super) struct Listener {
    pub number: usize,
    pub channel: Channel,
    pub subject: Subject,
    pub server: Address,
    pub options: CallOptions,
    pub timing: Timing,
    /// Polls are made at multiples of the interval after this.
    pub begun: Instant,
    pub updates: mpsc::Sender<Update>,
    pub connection: Option<Connection>,
    pub usage: Arc<Mutex<Usage>>,
}

/// Why a channel stops listening.
enum StopReason {
    /// The connection broke, or will break: the channel can reconnect.
    Broken(String),
    /// A new connection would be refused, too.
    Refused(Box<Refused>),
    /// The watcher is gone.
    Unwatched,
}

/// The address that was read last, and its `ETag`.
type LastETag = Option<(Uri, HeaderValue)>;

/// What a poll has found.
enum PollResult {
    /// There may be more.
    FullPage,
    News,
    Nothing,
}

impl From<Failure> for StopReason {
    fn from(failure: Failure) -> Self {
        StopReason::Broken(failure.to_string())
    }
}

impl From<Refused> for StopReason {
    fn from(refused: Refused) -> Self {
        // A server that shuts down or is overloaded is back later.
        match refused.reason.as_deref() {
            Some("draining" | "overloaded" | "rate_limited") => StopReason::Broken(refused.to_string()),
            _ => StopReason::Refused(Box::new(refused)),
        }
    }
}

impl Listener {
    /// Listens until it is stopped, or refused.
    pub async fn run(mut self, mut stop: watch::Receiver<()>) {
        loop {
            let end = tokio::select! {
                ended = self.listen() => ended,
                _ = stop.changed() => break,
            };
            self.close().await;
            let updated = match end {
                Ok(never) => match never {},
                Err(StopReason::Broken(problem)) => {
                    self.update(UpdateKind::Interrupted(problem, self.subject.clone())).await
                }
                Err(StopReason::Refused(refused)) => return drop(self.update(UpdateKind::Refused(*refused)).await),
                Err(StopReason::Unwatched) => return,
            };
            let retry = sleep(Duration::from_millis(self.timing.retry_ms));
            if updated.is_err() || tokio::select! { () = retry => false, _ = stop.changed() => true } {
                return;
            }
        }
        self.close().await;
    }

    async fn listen(&mut self) -> Result<Infallible, StopReason> {
        match self.channel.mode {
            Mode::Push => self.receive_pushed().await,
            Mode::Poll | Mode::ConditionalPoll | Mode::Prefer | Mode::Wait => self.poll().await,
        }
    }

    async fn receive_pushed(&mut self) -> Result<Infallible, StopReason> {
        let client = self.channel.style.client;
        let Subject::Log(after) = self.subject else { return Err(broken("only the log is pushed").into()) };
        let call = self.channel.call(after, &self.options);
        let request = self.channel.encode(&call);
        self.connect(&request).await?;
        self.connection()?.send(&request).await?;
        // That of HTTP/2 ends with the first response.
        let handshake = self.connection()?.handshake();
        self.usage.lock().handshake.add(handshake.sent.total(), handshake.received.total());
        self.count(1);
        self.update(UpdateKind::Listening).await?;
        loop {
            let (outcome, response) = self.connection()?.receive_raw(client, &call).await?;
            let at = Instant::now();
            self.count(0);
            match outcome {
                Outcome::Event(event) => {
                    let raw = response.map(|response| client.readable(&call, &response)).unwrap_or_default();
                    self.take(event, at, raw).await?
                }
                Outcome::Refused(refused) => return Err(refused.into()),
                Outcome::Ended => return Err(broken("the stream was ended").into()),
                Outcome::Reply(_) | Outcome::Started | Outcome::Control => {}
            }
        }
    }

    async fn poll(&mut self) -> Result<Infallible, StopReason> {
        let mut last_etag = None;
        self.connect(&WireRequest::Http(self.request(&self.poll_call(), &last_etag)?)).await?;
        self.update(UpdateKind::Listening).await?;
        if let Subject::Order(..) = self.subject {
            sleep_until(self.next_poll()).await;
        }
        loop {
            let next_poll = self.next_poll();
            match (self.poll_once(&mut last_etag).await?, self.channel.mode) {
                (PollResult::FullPage, _) | (PollResult::News, Mode::Prefer | Mode::Wait) => {}
                // A long poll that timed out has passed this moment, and is repeated at once.
                (PollResult::News | PollResult::Nothing, _) => sleep_until(next_poll).await,
            }
        }
    }

    async fn poll_once(&mut self, last_etag: &mut LastETag) -> Result<PollResult, StopReason> {
        let call = self.poll_call();
        let request = self.request(&call, last_etag)?;
        let uri = request.uri().clone();
        self.count(1);
        let response = self.connection()?.fetch(request).await;
        let at = Instant::now();
        if self.count(0) == 0 && response.is_err() {
            // The connection had ended before: nothing was sent.
            self.usage.lock().requests -= 1;
        }
        let response = response?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(PollResult::Nothing);
        }
        if let Some(tag) = response.headers().get(ETAG) {
            *last_etag = Some((uri, tag.clone()));
        }
        let response = WireResponse::Http(response);
        match self.channel.style.client.decode(&call, &response).map_err(Failure::DecodeError)? {
            Outcome::Reply(reply) => self.take_reply(reply, at, response.text()).await,
            Outcome::Refused(refused) => Err(refused.into()),
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                Err(broken("there was no reply").into())
            }
        }
    }

    async fn take_reply(&mut self, reply: Value, at: Instant, raw: String) -> Result<PollResult, StopReason> {
        if let Subject::Order(_, known) = &mut self.subject {
            let status = reply.get("status").and_then(Value::as_text).unwrap_or_default();
            if status == known {
                return Ok(PollResult::Nothing);
            }
            *known = status.to_owned();
            return self.update(UpdateKind::News(reply, at, raw)).await.map(|()| PollResult::News);
        }
        let next = reply.get("next").and_then(Value::int).ok_or_else(|| broken("a page of the log has no next"))?;
        let items = reply.get("items").map(Value::items).unwrap_or_default();
        for event in items {
            self.take(event.clone(), at, raw.clone()).await?;
        }
        // Where events of other callers were skipped, this is beyond the last of the items.
        self.subject = Subject::Log(next);
        Ok(match items.len() {
            0 => PollResult::Nothing,
            full if full >= PAGE_ITEMS_DEFAULT as usize => PollResult::FullPage,
            _ => PollResult::News,
        })
    }

    /// Passes an event on, and resumes after it from now on.
    async fn take(&mut self, event: Value, at: Instant, raw: String) -> Result<(), StopReason> {
        if let Some(seq) = event.get("seq").and_then(Value::int) {
            self.subject = Subject::Log(seq);
        }
        self.update(UpdateKind::News(event, at, raw)).await
    }

    fn poll_call(&self) -> CallRequest {
        match &self.subject {
            Subject::Order(id, _) => {
                let input = Value::object([("id", (*id).into())]);
                CallRequest::with_options("get_order", input, self.options.clone())
            }
            Subject::Log(after) => self.channel.call(*after, &self.options),
        }
    }

    /// The call as a request of HTTP, with the tag of the last response to it.
    fn request(&self, call: &CallRequest, last_etag: &LastETag) -> Result<Request<Bytes>, StopReason> {
        let style = self.channel.style;
        let WireRequest::Http(mut request) = self.channel.encode(call) else {
            return Err(broken(format!("{} is not polled over HTTP", style.title)).into());
        };
        // The tag is of this address.
        let tag =
            last_etag.as_ref().filter(|(uri, _)| self.channel.mode == Mode::ConditionalPoll && uri == request.uri());
        request.headers_mut().extend(tag.map(|(_, tag)| (IF_NONE_MATCH, tag.clone())));
        Ok(request)
    }

    /// All channels that watch the same subject poll at the same moments.
    fn next_poll(&self) -> Instant {
        let interval_ms = u128::from(self.timing.poll_ms.max(1));
        let next_ms = (self.begun.elapsed().as_millis() / interval_ms + 1) * interval_ms;
        self.begun + Duration::from_millis(u64::try_from(next_ms).unwrap_or(u64::MAX))
    }

    async fn connect(&mut self, request: &WireRequest) -> Result<(), StopReason> {
        let connection = Connection::open(&self.server, request).await?;
        self.usage.lock().connections += 1;
        self.connection = Some(connection);
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut Connection, StopReason> {
        self.connection.as_mut().ok_or_else(|| broken("there is no connection").into())
    }

    /// Counts these requests and the bytes since the last count; returns the bytes that were sent.
    fn count(&self, requests: u32) -> u64 {
        let recording = self.connection.as_ref().map(Connection::take_recording).unwrap_or_default();
        let (sent, received) = (recording.sent.len() as u64, recording.received.len() as u64);
        let mut usage = self.usage.lock();
        usage.requests += requests;
        usage.bytes.add(sent, received);
        sent
    }

    async fn update(&self, kind: UpdateKind) -> Result<(), StopReason> {
        self.updates.send(Update { channel: self.number, kind }).await.map_err(|_| StopReason::Unwatched)
    }

    async fn close(&mut self) {
        self.count(0);
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
    }
}
