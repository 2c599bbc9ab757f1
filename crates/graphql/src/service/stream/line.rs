//! What is said in an event stream (HTML standard, section 9.2), and when does it end? What its operations answer, and now and
//! then a line that means nothing; one for a single operation ends with it, one for many when the server shuts down.

use super::reserved::{Reserved, Unheard};
use crate::documents::Prepared;
use crate::errors::Refusal;
use crate::events::Told;
use crate::messages::write_refusal;
use async_graphql::parser::types::OperationType;
use bytes::Bytes;
use domain::faults::Fate;
use domain::meta::Notes;
use futures_util::future::{BoxFuture, ready};
use futures_util::stream::{AbortRegistration, Abortable, BoxStream, SelectAll, once, unfold};
use futures_util::{FutureExt, Stream, StreamExt};
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::task::yield_now;
use tokio::time::{Interval, interval};
use wire::drain::Drain;
use wire::pace::hold;

/// How often a line is sent that means nothing, so that nobody on the way takes the stream for dead.
const HEARTBEAT_MS: u64 = 12_000;
/// That line: a comment.
const HEARTBEAT: &str = ":\n\n";

/// A part of what an operation says, and how much of it comes.
pub struct Piece(String, Fate);

/// An operation that is executed while the stream is read.
pub struct Operation(BoxStream<'static, Piece>);

/// Which of the operations that share a stream it is, and how it is stopped.
pub struct Shared {
    /// What the client calls it.
    pub id: String,
    /// The stream, as long as there is one.
    pub stream: Weak<Reserved>,
    /// Stops it.
    pub stop: AbortRegistration,
}

impl Operation {
    /// Executes a document: a `next` for each response, then `complete`. News end where the server does, and without that word:
    /// so the client knows that there would be more, and comes again.
    pub fn run(prepared: Prepared, notes: Notes, drain: Drain, shared: Option<Shared>) -> Self {
        let is_subscription = prepared.kind() == OperationType::Subscription;
        let id = shared.as_ref().map(|shared| shared.id.clone());
        let (end, freed) = (complete(id.as_deref()), shared.as_ref().map(|shared| shared.stream.clone()));
        let ended = move |id: Option<String>| {
            freed.and_then(|stream| stream.upgrade()).zip(id).iter().for_each(|(stream, id)| stream.stop(id));
            Piece(end, Fate::Whole)
        };
        let answers = answers(prepared, notes, id.clone());
        let pieces = answers.chain(once(async move { ended(id) }));
        let pieces = if is_subscription {
            pieces.take_until(async move { drain.begun().await }).boxed()
        } else {
            pieces.boxed()
        };
        Operation(match shared {
            Some(shared) => Abortable::new(pieces, shared.stop).boxed(),
            None => pieces,
        })
    }

    /// An operation that is not executed.
    pub fn refused(refusal: &Refusal) -> Self {
        let said = [next(None, &write_refusal(refusal)), complete(None)];
        Operation(futures_util::stream::iter(said).map(|text| Piece(text, Fate::Whole)).boxed())
    }
}

/// The responses. An answer takes as long as the door has noted that it is to take; news do not wait.
fn answers(prepared: Prepared, notes: Notes, id: Option<String>) -> impl Stream<Item = Piece> + Send + 'static {
    let is_subscription = prepared.kind() == OperationType::Subscription;
    prepared.answers(Told::default()).then(move |answer| {
        let is_news = is_subscription && answer.is_ok();
        let payload = answer.unwrap_or_else(|refusal| write_refusal(&refusal));
        let (text, notes) = (next(id.as_deref(), &payload), notes.clone());
        async move { Piece(text, if is_news { Fate::Whole } else { hold(&notes, 1).await }) }
    })
}

/// The protocol's `next` event. JSON has no line breaks of its own, so it is one line of data.
fn next(id: Option<&str>, payload: &str) -> String {
    match id {
        Some(id) => format!("event: next\ndata: {{\"id\":{},\"payload\":{payload}}}\n\n", quoted(id)),
        None => format!("event: next\ndata: {payload}\n\n"),
    }
}

/// The protocol's `complete` event. An event without data is none, so its data is empty.
fn complete(id: Option<&str>) -> String {
    let data = id.map(|id| format!("{{\"id\":{}}}", quoted(id))).unwrap_or_default();
    format!("event: complete\ndata: {data}\n\n")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    wire::json::text(&mut quoted, text);
    quoted
}

/// An event stream.
pub struct Line {
    running: SelectAll<BoxStream<'static, Piece>>,
    heartbeat: Interval,
    /// What is started while it is read, and by which reservation.
    shared: Option<(Arc<Reserved>, Receiver<Unheard>)>,
    /// The server shuts down.
    begun: BoxFuture<'static, ()>,
    /// Whether it ends with what is running.
    is_ending: bool,
    /// Whether an answer was to be lost, and nothing more comes.
    is_broken: bool,
}

impl Line {
    /// One that ends with its operation.
    pub fn of_one(operation: Operation) -> Self {
        let mut line = Line::new(None, ready(()).boxed(), true);
        line.running.push(operation.0);
        line
    }

    /// One for all operations that are started under a reservation. It ends once the server shuts down and what was asked is
    /// answered.
    pub fn of_many(reserved: Arc<Reserved>, inbox: Receiver<Unheard>, drain: Drain) -> Self {
        Line::new(Some((reserved, inbox)), async move { drain.begun().await }.boxed(), false)
    }

    fn new(shared: Option<(Arc<Reserved>, Receiver<Unheard>)>, begun: BoxFuture<'static, ()>, is_ending: bool) -> Self {
        // The first heartbeat is at once: some clients see the response only with its first byte.
        let heartbeat = interval(Duration::from_millis(HEARTBEAT_MS));
        Line { running: SelectAll::new(), heartbeat, shared, begun, is_ending, is_broken: false }
    }

    /// Its bytes.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> {
        unfold(self, |mut line| async move { line.next().await.map(|bytes| (bytes, line)) })
    }

    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        loop {
            if self.is_broken {
                // What was said before is on its way by then.
                yield_now().await;
                return Some(Err(ErrorKind::ConnectionAborted.into()));
            }
            if self.is_ending && self.running.is_empty() {
                return None;
            }
            tokio::select! {
                biased;
                started = started(&mut self.shared), if !self.is_ending => self.running.push(started.0),
                piece = self.running.next(), if !self.running.is_empty() => {
                    if let Some(piece) = piece {
                        return Some(Ok(self.say(piece)));
                    }
                }
                () = &mut self.begun, if !self.is_ending => self.is_ending = true,
                _ = self.heartbeat.tick() => return Some(Ok(Bytes::from_static(HEARTBEAT.as_bytes()))),
            }
        }
    }

    /// As much of a piece as is to come.
    fn say(&mut self, Piece(text, fate): Piece) -> Bytes {
        let bytes = Bytes::from(text);
        let hundredths = match fate {
            Fate::Whole => return bytes,
            Fate::Dropped => 0,
            Fate::Cut(hundredths) => usize::from(hundredths),
        };
        self.is_broken = true;
        bytes.slice(..bytes.len() * hundredths / 100)
    }
}

/// The next operation that is started; it never comes where none can be.
async fn started(shared: &mut Option<(Arc<Reserved>, Receiver<Unheard>)>) -> Operation {
    match shared {
        Some((_, inbox)) => match inbox.recv().await {
            Some((operation, _heard)) => operation,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.iter().for_each(|(reserved, _)| reserved.forget());
    }
}
