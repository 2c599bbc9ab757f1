//! Events: over a WebSocket the server sends them as notifications; over HTTP a client polls `list_events`.
//!
//! A response over HTTP ends the exchange, so a client calls `list_events` again and again with the last `next` as `after`;
//! `watch_events` is refused there and its error names `list_events`. Over a WebSocket (each line is one text message):
//!
//! ```text
//! > {"jsonrpc":"2.0","id":1,"method":"watch_events","params":{"after":41}}
//! < {"jsonrpc":"2.0","result":"1","id":1}
//! < {"jsonrpc":"2.0","method":"event","params":{"subscription":"1","result":{"seq":42,"kind":"order.placed",...}}}
//! > {"jsonrpc":"2.0","id":2,"method":"unwatch_events","params":{"subscription":"1"}}
//! < {"jsonrpc":"2.0","result":true,"id":2}
//! ```
//!
//! The specification has no subscriptions; this form is Ethereum's, which other servers have taken over. The last notification of
//! a subscription that cannot continue has `error` instead of `result`.

use crate::errors::Refusal;
use crate::messages::read_params;
use domain::events::{Event, Watch};
use domain::schema::{Encode, Encoder};
use domain::{Error, RequestContext, Shop, Value};
use serde_json::value::RawValue;
use wire::json::JsonEncoder;
use wire::socket::{StreamId, Streams};

/// Whether `watch_events` streams in this style.
pub const STREAMS: bool = true;

/// The operation that starts a subscription.
pub const WATCH: &str = "watch_events";
/// The method that ends a subscription.
pub const UNWATCH: &str = "unwatch_events";
/// The method of the notifications that carry an event.
pub const EVENT: &str = "event";
/// The method of the notifications that say that a subscription is alive.
pub const HEARTBEAT: &str = "heartbeat";
/// The parameter that names a subscription.
pub const SUBSCRIPTION: &str = "subscription";

/// Starts a subscription; the result is its id.
pub fn start(
    streams: &Streams<Subscription>,
    watch: Watch,
    shop: &Shop,
    context: &RequestContext,
) -> Result<String, Error> {
    let id = (streams.started() + 1).to_string();
    let result = format!("\"{id}\"");
    streams.start(Subscription(id), watch, shop, context)?;
    Ok(result)
}

/// Ends a subscription; the result is `true`.
pub fn stop(streams: &Streams<Subscription>, params: Option<&RawValue>) -> Result<String, Error> {
    let input = read_params(&[SUBSCRIPTION], params)?;
    if let Value::Object(members) = &input
        && let Some((name, _)) = members.iter().find(|(name, _)| name != SUBSCRIPTION)
    {
        let shown = domain::value::shown(name);
        return Err(Error::invalid("", format!("has {SUBSCRIPTION}, not \"{shown}\"")));
    }
    let id = input.get(SUBSCRIPTION).and_then(Value::as_text);
    if !id.is_some_and(|id| streams.stop(&Subscription(id.to_owned()))) {
        let message = "must be the id of a subscription of this socket";
        return Err(Error::invalid(&format!("/{SUBSCRIPTION}"), message));
    }
    Ok("true".to_owned())
}

/// The id of a subscription.
#[derive(Clone, PartialEq)]
pub struct Subscription(String);

impl StreamId for Subscription {
    fn event(&self, event: &Event) -> String {
        self.notification(EVENT, |params| {
            params.field("result");
            event.write(params);
        })
    }

    fn heartbeat(&self, cursor: i32) -> String {
        self.notification(HEARTBEAT, |params| params.raw_member("cursor", &cursor.to_string()))
    }

    fn failure(&self, error: &Error) -> String {
        self.notification(EVENT, |params| params.raw_member("error", &Refusal::from(error.clone()).object()))
    }
}

impl Subscription {
    /// A notification (section 4.1: a request without an id).
    fn notification(&self, method: &str, write_rest: impl FnOnce(&mut JsonEncoder)) -> String {
        let mut encoder = JsonEncoder::new(String::with_capacity(256));
        encoder.begin_object();
        encoder.text_member("jsonrpc", "2.0");
        encoder.text_member("method", method);
        encoder.field("params");
        encoder.begin_object();
        encoder.text_member(SUBSCRIPTION, &self.0);
        write_rest(&mut encoder);
        encoder.end_object();
        encoder.end_object();
        encoder.finish()
    }
}
