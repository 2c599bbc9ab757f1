//! What is said to who is called? What happened, under a name that is used for nothing else, and signed.

use crate::sign::signatures;
use domain::shape::{Sink, Writable};
use domain::time::Timestamp;
use domain::webhooks::Due;
use wire::json::JsonSink;

/// What a test is said to be of.
const TEST: &str = "webhook.test";

/// What is said to who is called.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub url: String,
    /// What it is called: the same each time that it is said, and another for all else.
    pub id: String,
    /// When it is said.
    pub timestamp: Timestamp,
    /// That it is we who say it.
    pub signature: String,
    /// What happened.
    pub body: String,
}

/// What a delivery is called. Its own number comes again after a reset of the sandbox, the webhook's mark does not.
pub fn id(due: &Due) -> String {
    format!("msg_{}_{}", due.registration.mark.as_str(), due.delivery.id.0)
}

/// What is said now; else, why nothing can be.
pub fn message(due: &Due, now: Timestamp) -> Result<Message, &'static str> {
    let (id, body) = (id(due), body(due)?);
    let signature = signatures(&due.registration, &id, now, &body).ok_or("the secret is damaged: make it new")?;
    Ok(Message { url: due.registration.webhook.url.as_str().to_owned(), id, timestamp: now, signature, body })
}

/// Standard Webhooks 1.0.0, "Payload structure". `timestamp` is when it happened, however late it is told.
fn body(due: &Due) -> Result<String, &'static str> {
    let mut sink = JsonSink::new(String::with_capacity(256));
    sink.open_record();
    match (&due.event, due.delivery.seq) {
        (Some(event), _) => {
            sink.text_member("type", event.kind.word());
            sink.member("timestamp");
            sink.time(event.at);
            sink.member("data");
            event.write(&mut sink);
        }
        (None, None) => {
            sink.text_member("type", TEST);
            sink.member("timestamp");
            sink.time(due.delivery.created_at);
            sink.member("data");
            sink.open_record();
            sink.raw_member("webhook_id", &due.delivery.webhook_id.0.to_string());
            sink.close_record();
        }
        (None, Some(_)) => return Err("the event is no longer kept"),
    }
    sink.close_record();
    Ok(sink.finish())
}
