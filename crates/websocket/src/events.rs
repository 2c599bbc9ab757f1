//! How does WebSocket push news? A stream is a call that is answered many times, each time under its id.

use crate::messages::{Frame, Id, done, end, event, failure, heartbeat};
use domain::events::{StreamItem, Watch};
use domain::{Error, RequestContext, Shop};
use futures_util::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use wire::latency::lagging;
use wire::limits::SUBSCRIPTIONS_MAX;

/// The operation that streams.
pub const WATCH: &str = "watch_events";
/// The message that stops a stream.
pub const STOP: &str = "stop";

/// What one stream tells.
type Told = Pin<Box<dyn Stream<Item = Result<StreamItem, Error>>>>;

/// The streams of one socket.
#[derive(Default)]
pub struct Streams {
    open: Vec<Open>,
}

/// One of them.
struct Open {
    id: Id,
    news: Told,
    /// How far it has been told: where the client can resume.
    cursor: i32,
}

impl Streams {
    /// Begins a stream; gives the answer to the message that asked for it.
    pub fn begin(&mut self, shop: &Shop, meta: &RequestContext, id: Id, watch: Watch) -> String {
        if self.position(&id).is_some() {
            return failure(Some(&id), &Error::unreadable("a stream of this socket has that id already"));
        }
        if self.open.len() >= SUBSCRIPTIONS_MAX {
            let error = Error::overloaded(format!("a socket may have {SUBSCRIPTIONS_MAX} streams"));
            return failure(Some(&id), &error);
        }
        let answer = done(&id);
        let cursor = watch.cursor();
        self.open.push(Open { id, news: Box::pin(lagging(watch, shop.clone(), meta.clone())), cursor });
        answer
    }

    /// Stops a stream; gives the answer, and the end of the stream if there was one.
    pub fn stop(&mut self, frame: &Frame) -> Vec<String> {
        let named = frame.params.get("id").and_then(Id::of);
        let Some(position) = named.and_then(|id| self.position(&id)) else {
            let error = Error::invalid("/id", "must be the id of a stream of this socket");
            return vec![failure(Some(&frame.id), &error)];
        };
        let stopped = self.open.remove(position);
        vec![done(&frame.id), end(&stopped.id)]
    }

    fn position(&self, id: &Id) -> Option<usize> {
        self.open.iter().position(|open| open.id == *id)
    }

    /// Waits for the next news of any stream; for ever, if there is none.
    pub async fn next(&mut self) -> String {
        loop {
            let (position, item) = poll_fn(|task| self.poll(task)).await;
            // Who was told goes last, so that a busy stream does not silence the others.
            let mut told = self.open.remove(position);
            match item {
                Some(Ok(news)) => {
                    told.cursor = news.cursor();
                    let text = match &news {
                        StreamItem::Event(happened) => Some(event(&told.id, happened)),
                        // It is told with the next heartbeat.
                        StreamItem::Bookmark(_) => None,
                    };
                    self.open.push(told);
                    if let Some(text) = text {
                        return text;
                    }
                }
                Some(Err(error)) => return failure(Some(&told.id), &error),
                None => return end(&told.id),
            }
        }
    }

    fn poll(&mut self, task: &mut Context<'_>) -> Poll<(usize, Option<Result<StreamItem, Error>>)> {
        for (position, open) in self.open.iter_mut().enumerate() {
            if let Poll::Ready(item) = open.news.as_mut().poll_next(task) {
                return Poll::Ready((position, item));
            }
        }
        Poll::Pending
    }

    /// What each stream says at a heartbeat: that it goes on, and where the client could resume.
    pub fn heartbeats(&self) -> Vec<String> {
        self.open.iter().map(|open| heartbeat(&open.id, open.cursor)).collect()
    }

    /// Where the client can resume with all streams that it has, and lose nothing.
    pub fn cursor(&self) -> Option<i32> {
        self.open.iter().map(|open| open.cursor).min()
    }
}
