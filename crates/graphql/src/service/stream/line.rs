//! What is said in an event stream (HTML standard, section 9.2), and when does it end? What its operations say, and now and
//! then a line that means nothing, so that nobody on the way takes it for dead; one for a single operation ends with it, one for
//! many when the server shuts down.

use super::operation::{Operation, Piece};
use super::reserved::{Reserved, Unheard};
use bytes::Bytes;
use domain::faults::Fate;
use futures_util::future::{BoxFuture, ready};
use futures_util::stream::{BoxStream, SelectAll, unfold};
use futures_util::{FutureExt, Stream, StreamExt};
use std::io::{Error, ErrorKind};
use std::sync::Arc;
use tokio::sync::mpsc::Receiver;
use tokio::task::yield_now;
use tokio::time::Interval;
use wire::drain::Drain;

/// The line that means nothing: a comment.
const HEARTBEAT: &str = ":\n\n";

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
    pub fn of_one(operation: Operation, heartbeat: Interval) -> Self {
        let mut line = Line::new(None, heartbeat, ready(()).boxed(), true);
        line.running.push(operation.0);
        line
    }

    /// One for all operations that are started under a reservation. It ends once the server shuts down and what was asked is
    /// answered.
    pub fn of_many(reserved: Arc<Reserved>, inbox: Receiver<Unheard>, heartbeat: Interval, drain: Drain) -> Self {
        Line::new(Some((reserved, inbox)), heartbeat, async move { drain.begun().await }.boxed(), false)
    }

    fn new(
        shared: Option<(Arc<Reserved>, Receiver<Unheard>)>,
        heartbeat: Interval,
        begun: BoxFuture<'static, ()>,
        is_ending: bool,
    ) -> Self {
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
                () = &mut self.begun, if !self.is_ending => self.begin_to_end(),
                // The first is at once: some clients see the response only with its first byte.
                _ = self.heartbeat.tick() => return Some(Ok(Bytes::from_static(HEARTBEAT.as_bytes()))),
            }
        }
    }

    /// Nothing more is started. What was accepted before is answered still; whoever starts something from now on is told no.
    fn begin_to_end(&mut self) {
        self.is_ending = true;
        let Some((reserved, inbox)) = &mut self.shared else { return };
        reserved.forget();
        inbox.close();
        while let Ok((operation, _heard)) = inbox.try_recv() {
            self.running.push(operation.0);
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
