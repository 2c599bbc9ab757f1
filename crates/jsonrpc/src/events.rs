//! How does JSON-RPC push news? Over a WebSocket, by notifications that the server sends; over HTTP it can't.
//!
//! A response over HTTP ends the exchange. There `list_events` is called again and again with the last `next` as `after`,
//! and whoever calls `watch_events` is told so. Over a WebSocket, where every line is one text message:
//!
//! ```text
//! > {"jsonrpc":"2.0","id":1,"method":"watch_events","params":{"after":41}}
//! < {"jsonrpc":"2.0","result":"1","id":1}
//! < {"jsonrpc":"2.0","method":"event","params":{"subscription":"1","result":{"seq":42,"kind":"order.placed",...}}}
//! > {"jsonrpc":"2.0","id":2,"method":"unwatch_events","params":{"subscription":"1"}}
//! < {"jsonrpc":"2.0","result":true,"id":2}
//! ```
//!
//! The specification has no word for subscriptions; this is the custom of Ethereum's clients, which other clients follow. A
//! subscription that can't go on says `error` instead of `result`, and nothing after.

use crate::errors::{code, error_object};
use crate::messages::{read_input, read_params};
use crate::service::About;
use domain::events::StreamItem;
use domain::schema::{Encode, Encoder};
use domain::{Error, Operation, Value};
use futures_util::Stream;
use parking_lot::Mutex;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use wire::json::JsonEncoder;
use wire::latency::lagging;
use wire::limits::SUBSCRIPTIONS_MAX;

/// The operation that streams.
pub const WATCH: &str = "watch_events";
/// The method that ends a subscription.
pub const UNWATCH: &str = "unwatch_events";
/// The method of the server's notifications.
pub const EVENT: &str = "event";
/// The method of the server's signs of life.
pub const HEARTBEAT: &str = "heartbeat";
/// The parameter that names a subscription.
pub const SUBSCRIPTION: &str = "subscription";

/// The subscriptions of one socket, as one of its messages finds them.
#[derive(Clone, Default)]
pub struct Subscriptions {
    open: Arc<Mutex<Open>>,
    message: u64,
}

#[derive(Default)]
struct Open {
    subscriptions: Vec<Subscription>,
    /// How many there have been: an id is never used again.
    begun: u64,
}

struct Subscription {
    id: String,
    /// The message that began it. Until that is answered the client does not know the id, and is told nothing.
    message: u64,
    is_answered: bool,
    news: Told,
    /// How far it has been told: where the client can resume.
    cursor: i32,
}

/// What a subscription tells, as it arrives.
type Told = Pin<Box<dyn Stream<Item = Result<StreamItem, Error>> + Send>>;

/// watch_events: begins a subscription, and gives its id.
pub async fn watch(operation: &Operation, params: Option<&str>, about: &About) -> Result<String, Error> {
    let Some(subscriptions) = &about.subscriptions else {
        return Err(about.shop.unknown_operation(&about.meta, WATCH).await);
    };
    let input = read_input(operation, params)?;
    let watch = about.shop.watch(&about.meta, input).await?;
    let cursor = watch.cursor();
    let id = subscriptions.begin(Box::pin(lagging(watch, about.shop.clone(), about.meta.clone())), cursor)?;
    Ok(format!("\"{id}\""))
}

/// unwatch_events: ends a subscription.
pub fn unwatch(params: Option<&str>, about: &About) -> Result<String, Error> {
    let subscriptions = about.subscriptions.as_ref().ok_or_else(|| Error::unknown_operation(UNWATCH))?;
    let input = read_params(&[SUBSCRIPTION], params)?;
    if let Value::Object(members) = &input
        && let Some((name, _)) = members.iter().find(|(name, _)| name != SUBSCRIPTION)
    {
        let shown = domain::value::shown(name);
        return Err(Error::invalid("", format!("has {SUBSCRIPTION}, not \"{shown}\"")));
    }
    if !input.get(SUBSCRIPTION).and_then(Value::as_text).is_some_and(|id| subscriptions.end(id)) {
        let message = "must be the id of a subscription of this socket";
        return Err(Error::invalid(&format!("/{SUBSCRIPTION}"), message));
    }
    Ok("true".to_owned())
}

impl Subscriptions {
    /// The same, as the next message finds them.
    pub fn for_message(&self, message: u64) -> Subscriptions {
        Subscriptions { open: self.open.clone(), message }
    }

    /// The message has been answered: what it began may be told of.
    pub fn answered(&self, message: u64) {
        let mut open = self.open.lock();
        let begun = open.subscriptions.iter_mut().filter(|subscription| subscription.message == message);
        begun.for_each(|subscription| subscription.is_answered = true);
    }

    fn begin(&self, news: Told, cursor: i32) -> Result<String, Error> {
        let mut open = self.open.lock();
        if open.subscriptions.len() >= SUBSCRIPTIONS_MAX {
            return Err(Error::overloaded(format!("a socket may have {SUBSCRIPTIONS_MAX} subscriptions")));
        }
        open.begun += 1;
        let (id, message) = (open.begun.to_string(), self.message);
        open.subscriptions.push(Subscription { id: id.clone(), message, is_answered: false, news, cursor });
        Ok(id)
    }

    /// Whether there was one of that id to end.
    fn end(&self, id: &str) -> bool {
        let mut open = self.open.lock();
        let before = open.subscriptions.len();
        open.subscriptions.retain(|subscription| subscription.id != id);
        open.subscriptions.len() < before
    }

    /// Waits for the next notification of any subscription; for ever, if there is none.
    pub async fn next(&self) -> String {
        poll_fn(|task| self.poll(task)).await
    }

    fn poll(&self, task: &mut Context<'_>) -> Poll<String> {
        let mut open = self.open.lock();
        loop {
            let mut answered = open.subscriptions.iter_mut().enumerate().filter(|(_, one)| one.is_answered);
            let found = answered.find_map(|(position, one)| match one.news.as_mut().poll_next(task) {
                Poll::Ready(item) => Some((position, item)),
                Poll::Pending => None,
            });
            let Some((position, item)) = found else { return Poll::Pending };
            let mut told = open.subscriptions.remove(position);
            // The log has no end: what ends a watch is an error.
            let news = match item.unwrap_or_else(|| Err(Error::internal())) {
                Ok(news) => news,
                Err(error) => return Poll::Ready(failed(&told.id, &error)),
            };
            told.cursor = news.cursor();
            let text = match news {
                StreamItem::Event(event) => Some(notification(EVENT, &told.id, |encoder| {
                    encoder.field("result");
                    event.write(encoder);
                })),
                // It is told with the next heartbeat.
                StreamItem::Bookmark(_) => None,
            };
            // Who was told goes last, so that a busy subscription does not silence the others.
            open.subscriptions.push(told);
            if let Some(text) = text {
                return Poll::Ready(text);
            }
        }
    }

    /// What is said of each subscription at a heartbeat: that it goes on, and where the client could resume.
    pub fn heartbeats(&self) -> Vec<String> {
        let open = self.open.lock();
        let answered = open.subscriptions.iter().filter(|one| one.is_answered);
        let cursor = |one: &Subscription| {
            notification(HEARTBEAT, &one.id, |encoder| encoder.raw_member("cursor", &one.cursor.to_string()))
        };
        answered.map(cursor).collect()
    }

    /// Where the client can resume with all subscriptions that it has, and lose nothing.
    pub fn cursor(&self) -> Option<i32> {
        self.open.lock().subscriptions.iter().map(|one| one.cursor).min()
    }
}

/// The last that is said of a subscription.
fn failed(subscription: &str, error: &Error) -> String {
    let error = error_object(code(error.kind()), error);
    notification(EVENT, subscription, |encoder| encoder.raw_member("error", &error))
}

/// Section 4.1: a request without id.
fn notification(method: &str, subscription: &str, rest: impl FnOnce(&mut JsonEncoder)) -> String {
    let mut encoder = JsonEncoder::new(String::with_capacity(256));
    encoder.begin_object();
    encoder.text_member("jsonrpc", "2.0");
    encoder.text_member("method", method);
    encoder.field("params");
    encoder.begin_object();
    encoder.text_member(SUBSCRIPTION, subscription);
    rest(&mut encoder);
    encoder.end_object();
    encoder.end_object();
    encoder.finish()
}
