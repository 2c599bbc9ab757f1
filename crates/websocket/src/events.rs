//! How does WebSocket push news? A stream is a call that is answered many times, each time under its id.

use crate::messages::{Frame, Id, done, end, event, failure};
use domain::events::{Event, Watch};
use domain::{Error, Meta, Shop};
use futures_util::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use wire::limits::SUBSCRIPTIONS_MAX;
use wire::pace::lagging;

/// The operation that streams.
pub const WATCH: &str = "watch_events";
/// The message that stops a stream.
pub const STOP: &str = "stop";

/// The news of one stream.
type News = Pin<Box<dyn Stream<Item = Result<Event, Error>>>>;

/// The streams of one socket.
#[derive(Default)]
pub struct Streams {
    open: Vec<(Id, News)>,
    /// The newest `seq` that was sent: where the client can resume.
    cursor: Option<i32>,
}

impl Streams {
    /// Begins a stream; gives the answer to the message that asked for it.
    pub fn begin(&mut self, shop: &Shop, meta: &Meta, id: Id, watch: Watch) -> String {
        if self.position(&id).is_some() {
            return failure(Some(&id), &Error::unreadable("a stream of this socket has that id already"));
        }
        if self.open.len() >= SUBSCRIPTIONS_MAX {
            let error = Error::overloaded(format!("a socket may have {SUBSCRIPTIONS_MAX} streams"));
            return failure(Some(&id), &error);
        }
        let answer = done(&id);
        self.open.push((id, Box::pin(lagging(watch, shop.clone(), meta.clone()))));
        answer
    }

    /// Stops a stream; gives the answer, and the end of the stream if there was one.
    pub fn stop(&mut self, frame: &Frame) -> Vec<String> {
        let named = frame.params.get("id").and_then(Id::of);
        let Some(position) = named.and_then(|id| self.position(&id)) else {
            let error = Error::invalid("/id", "must be the id of a stream of this socket");
            return vec![failure(Some(&frame.id), &error)];
        };
        let (stopped, _) = self.open.remove(position);
        vec![done(&frame.id), end(&stopped)]
    }

    fn position(&self, id: &Id) -> Option<usize> {
        self.open.iter().position(|(open, _)| open == id)
    }

    /// Waits for the next news of any stream; for ever, if there is none.
    pub async fn next(&mut self) -> String {
        let (position, item) = poll_fn(|task| self.poll(task)).await;
        let id = self.open[position].0.clone();
        match item {
            Some(Ok(news)) => {
                self.cursor = self.cursor.max(Some(news.seq));
                // Who was told goes last, so that a busy stream does not silence the others.
                let told = self.open.remove(position);
                self.open.push(told);
                event(&id, &news)
            }
            Some(Err(error)) => {
                drop(self.open.remove(position));
                failure(Some(&id), &error)
            }
            None => {
                drop(self.open.remove(position));
                end(&id)
            }
        }
    }

    fn poll(&mut self, task: &mut Context<'_>) -> Poll<(usize, Option<Result<Event, Error>>)> {
        for (position, (_, watch)) in self.open.iter_mut().enumerate() {
            if let Poll::Ready(item) = watch.as_mut().poll_next(task) {
                return Poll::Ready((position, item));
            }
        }
        Poll::Pending
    }

    /// Where the client can resume, in the words of a close frame.
    pub fn good_bye(&self) -> String {
        match self.cursor {
            Some(cursor) => format!("draining; resume after {cursor}"),
            None => "draining".to_owned(),
        }
    }
}
