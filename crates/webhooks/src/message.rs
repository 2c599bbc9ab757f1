//! The signed message of a delivery: its id, its body and its signature.

use crate::policy::SECRET_PREFIX;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::schema::{Encode, Encoder};
use domain::time::Timestamp;
use domain::webhooks::{DueDelivery, Registration, SecretText};
use ring::hmac;
use wire::json::JsonEncoder;

/// The event type of a test delivery.
const TEST_TYPE: &str = "webhook.test";

/// A message to a webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The webhook's URL.
    pub url: String,
    /// The header `webhook-id`: the same in each attempt, and unique among all deliveries.
    pub id: String,
    /// The header `webhook-timestamp`: the time of this attempt.
    pub timestamp: Timestamp,
    /// The header `webhook-signature`.
    pub signature: String,
    /// The body, in JSON.
    pub body: String,
}

/// Returns the message id of a delivery. Delivery ids start again after a reset of the sandbox; the webhook's mark is random.
pub fn id(due: &DueDelivery) -> String {
    format!("msg_{}_{}", due.registration.mark.as_str(), due.delivery.id.0)
}

/// Builds the message of an attempt at `now`. The error says why the delivery can never be sent.
pub fn message(due: &DueDelivery, now: Timestamp) -> Result<Message, &'static str> {
    let (id, body) = (id(due), body(due)?);
    let signature = signatures(&due.registration, &id, now, &body).ok_or("the secret is damaged; rotate it")?;
    Ok(Message { url: due.registration.webhook.url.as_str().to_owned(), id, timestamp: now, signature, body })
}

/// Standard Webhooks 1.0.0, "Payload structure". `timestamp` is the time of the event, not of the attempt.
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
            encoder.text_member("type", TEST_TYPE);
            encoder.field("timestamp");
            encoder.time(due.delivery.created_at);
            encoder.field("data");
            encoder.begin_object();
            encoder.raw_member("webhook_id", &due.delivery.webhook_id.0.to_string());
            encoder.end_object();
        }
        (None, Some(_)) => return Err("the event has been deleted"),
    }
    encoder.end_object();
    Ok(encoder.finish())
}

/// Standard Webhooks 1.0.0, "Signature scheme": HMAC-SHA256 over `{id}.{timestamp}.{body}`, with the secret and, until it
/// expires, with the former one. `None` if a secret is not in the standard's format.
fn signatures(registration: &Registration, id: &str, now: Timestamp, body: &str) -> Option<String> {
    let former = registration.former.as_ref().filter(|(_, until)| now < *until);
    let secrets = std::iter::once(&registration.secret).chain(former.map(|(secret, _)| secret));
    let signed: Option<Vec<_>> = secrets.map(|secret| signature(secret, id, now, body)).collect();
    // "Webhook headers": signatures are separated by spaces, and one of them has to match.
    Some(signed?.join(" "))
}

fn signature(secret: &SecretText, id: &str, now: Timestamp, body: &str) -> Option<String> {
    let bytes = STANDARD.decode(secret.as_str().strip_prefix(SECRET_PREFIX)?).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
    let tag = hmac::sign(&key, format!("{id}.{}.{body}", now.0).as_bytes());
    Some(format!("v1,{}", STANDARD.encode(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::text::Name;
    use domain::webhooks::{UrlText, Webhook, WebhookId, WebhookStatus};

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn registration(secret: &str, former: Option<(&str, i64)>) -> Registration {
        let text = |secret: &str| SecretText::parse(secret.to_owned()).unwrap();
        let url = UrlText::parse("https://example.com/".to_owned()).unwrap();
        let (id, status, created_at) = (WebhookId(1), WebhookStatus::Active, Timestamp(0));
        Registration {
            webhook: Webhook { id, url, status, secret: None, created_at },
            mark: Name::parse("mark".to_owned()).unwrap(),
            secret: text(secret),
            former: former.map(|(secret, until)| (text(secret), Timestamp(until))),
        }
    }

    fn signed(registration: &Registration) -> Option<String> {
        let (id, now) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp(1_614_265_330));
        signatures(registration, id, now, r#"{"test": 2432232314}"#)
    }

    /// The expected value in the tests of the specification's own libraries ("sign function works").
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn a_signature_equals_that_of_the_specifications_libraries() {
        assert_eq!(signed(&registration(SECRET, None)).as_deref(), Some(SIGNED));
    }

    #[test]
    fn a_former_secret_signs_until_it_expires() {
        let both = signed(&registration(OTHER, Some((SECRET, 1_614_265_331)))).unwrap();
        let (new, former) = both.split_once(' ').unwrap();
        assert_eq!(former, SIGNED);
        let alone = signed(&registration(OTHER, Some((SECRET, 1_614_265_330))));
        assert_eq!(alone.as_deref(), Some(new));
    }

    #[test]
    fn a_malformed_secret_signs_nothing() {
        for secret in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_no base64"] {
            assert_eq!(signed(&registration(secret, None)), None, "{secret}");
        }
    }

    #[test]
    fn debug_output_contains_no_secret() {
        let printed = format!("{:?}", registration(SECRET, Some((OTHER, 1))));
        assert!(printed.contains("mark") && !printed.contains("whsec_"), "{printed}");
    }
}
