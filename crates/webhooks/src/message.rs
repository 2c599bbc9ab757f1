//! What is said to who is called? What happened, under a name that is used for nothing else, and signed.

use crate::sign::signatures;
use domain::schema::{Encode, Encoder};
use domain::time::Timestamp;
use domain::webhooks::DueDelivery;
use wire::json::JsonEncoder;

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
pub fn id(due: &DueDelivery) -> String {
    format!("msg_{}_{}", due.registration.mark.as_str(), due.delivery.id.0)
}

/// What is said now; else, why nothing can be.
pub fn message(due: &DueDelivery, now: Timestamp) -> Result<Message, &'static str> {
    let (id, body) = (id(due), body(due)?);
    let signature = signatures(&due.registration, &id, now, &body).ok_or("the secret is damaged: make it new")?;
    Ok(Message { url: due.registration.webhook.url.as_str().to_owned(), id, timestamp: now, signature, body })
}

/// Standard Webhooks 1.0.0, "Payload structure". `timestamp` is when it happened, however late it is told.
fn body(due: &DueDelivery) -> Result<String, &'static str> {
    let mut encoder = JsonEncoder::new(String::with_capacity(256));
    encoder.begin_object();
    match (&due.event, due.delivery.seq) {
        (Some(event), _) => {
            encoder.text_member("type", event.kind.word());
            encoder.field("timestamp");
            encoder.time(event.at);
            encoder.field("data");
            event.write(&mut encoder);
        }
        (None, None) => {
            encoder.text_member("type", TEST);
            encoder.field("timestamp");
            encoder.time(due.delivery.created_at);
            encoder.field("data");
            encoder.begin_object();
            encoder.raw_member("webhook_id", &due.delivery.webhook_id.0.to_string());
            encoder.end_object();
        }
        (None, Some(_)) => return Err("the event is no longer kept"),
    }
    encoder.end_object();
    Ok(encoder.finish())
}
