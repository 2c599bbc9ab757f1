//! The event streams of one WebSocket: started, read in turn, and stopped.

use crate::latency::lagging;
use crate::limits::SUBSCRIPTIONS_MAX;
use domain::events::{Event, StreamItem, Watch};
use domain::{Error, RequestContext, Shop};
use futures_util::Stream;
use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// What names a stream on the wire, and writes its messages in the grammar of the style.
pub trait StreamId: Clone + PartialEq + 'static {
    /// The message that carries an event.
    fn event(&self, event: &Event) -> String;
    /// The message that says that the stream is alive, and after which event a client can resume.
    fn heartbeat(&self, cursor: i32) -> String;
    /// The last message of a stream that cannot continue.
    fn failure(&self, error: &Error) -> String;
}

/// The streams of one socket, as one of its calls sees them. Clones share them.
#[derive(Clone)]
pub struct Streams<Id> {
    shared: Rc<RefCell<Shared<Id>>>,
    call: Option<u64>,
}

struct Shared<Id> {
    open: Vec<OpenStream<Id>>,
    started: u64,
}

struct OpenStream<Id> {
    id: Id,
    /// The call that started the stream. Until its reply is sent the client does not know the stream, so nothing is sent.
    unconfirmed: Option<u64>,
    items: Pin<Box<dyn Stream<Item = Result<StreamItem, Error>>>>,
    /// The last event that was sent or passed over: where the client can resume.
    cursor: i32,
}

impl<Id> Default for Streams<Id> {
    fn default() -> Self {
        Streams { shared: Rc::new(RefCell::new(Shared { open: Vec::new(), started: 0 })), call: None }
    }
}

impl<Id: StreamId> Streams<Id> {
    /// The same streams for a call: what it starts is silent until [`Streams::confirm`].
    pub(super) fn for_call(&self, call: u64) -> Self {
        Streams { shared: self.shared.clone(), call: Some(call) }
    }

    /// Lets the streams of a call begin: its reply has been sent.
    pub(super) fn confirm(&self, call: u64) {
        let mut shared = self.shared.borrow_mut();
        let started = shared.open.iter_mut().filter(|stream| stream.unconfirmed == Some(call));
        started.for_each(|stream| stream.unconfirmed = None);
    }

    /// Number of streams that this socket has started, the stopped ones included.
    pub fn started(&self) -> u64 {
        self.shared.borrow().started
    }

    /// Whether a stream of that id is open.
    pub fn contains(&self, id: &Id) -> bool {
        self.shared.borrow().open.iter().any(|stream| stream.id == *id)
    }

    /// Starts a stream, unless the socket has as many as it may.
    pub fn start(&self, id: Id, watch: Watch, shop: &Shop, context: &RequestContext) -> Result<(), Error> {
        let mut shared = self.shared.borrow_mut();
        if shared.open.len() >= SUBSCRIPTIONS_MAX {
            return Err(Error::overloaded(format!("a socket may have at most {SUBSCRIPTIONS_MAX} streams")));
        }
        shared.started += 1;
        let cursor = watch.cursor();
        let items = Box::pin(lagging(watch, shop.clone(), context.clone()));
        shared.open.push(OpenStream { id, unconfirmed: self.call, items, cursor });
        Ok(())
    }

    /// Stops a stream; false if there was none of that id.
    pub fn stop(&self, id: &Id) -> bool {
        let mut shared = self.shared.borrow_mut();
        let before = shared.open.len();
        shared.open.retain(|stream| stream.id != *id);
        shared.open.len() < before
    }

    pub(super) fn stop_all(&self) {
        self.shared.borrow_mut().open.clear();
    }

    /// Waits for the next message of any stream; for ever, if there is none.
    pub(super) async fn next(&self) -> String {
        poll_fn(|task| self.shared.borrow_mut().poll(task)).await
    }

    /// A message for each stream that says that it is alive.
    pub(super) fn heartbeats(&self) -> Vec<String> {
        let shared = self.shared.borrow();
        let confirmed = shared.open.iter().filter(|stream| stream.unconfirmed.is_none());
        confirmed.map(|stream| stream.id.heartbeat(stream.cursor)).collect()
    }

    /// After which event a client can resume all its streams without losing one.
    pub(super) fn cursor(&self) -> Option<i32> {
        self.shared.borrow().open.iter().map(|stream| stream.cursor).min()
    }
}

impl<Id: StreamId> Shared<Id> {
    fn poll(&mut self, task: &mut Context<'_>) -> Poll<String> {
        loop {
            let mut confirmed = self.open.iter_mut().enumerate().filter(|(_, stream)| stream.unconfirmed.is_none());
            let ready = confirmed.find_map(|(position, stream)| match stream.items.as_mut().poll_next(task) {
                Poll::Ready(item) => Some((position, item)),
                Poll::Pending => None,
            });
            let Some((position, item)) = ready else { return Poll::Pending };
            let mut stream = self.open.remove(position);
            // The log has no end, so a stream ends by an error only.
            let item = match item.unwrap_or_else(|| Err(Error::internal())) {
                Ok(item) => item,
                Err(error) => return Poll::Ready(stream.id.failure(&error)),
            };
            stream.cursor = item.cursor();
            let message = match &item {
                StreamItem::Event(event) => Some(stream.id.event(event)),
                // The next heartbeat reports it.
                StreamItem::Bookmark(_) => None,
            };
            // To the end of the line, so that a busy stream does not silence the others.
            self.open.push(stream);
            if let Some(message) = message {
                return Poll::Ready(message);
            }
        }
    }
}
