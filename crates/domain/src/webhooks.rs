//! Webhooks: the shop calls a URL for each event.
//!
//! The delivery of an event to a webhook is a row, written in the transaction of the event, so none is lost, however the
//! server ends. A [`Dispatcher`] sends what is due, again and again until it is delivered or has failed, and records each outcome in
//! the same row: that is the log that [`deliveries`] lists.

mod dispatcher;
mod rules;

pub use dispatcher::{Dispatcher, NoDispatcher};
pub use rules::{create, delete, deliveries, enqueue, existing, get, list, rotate, test};

use crate::events::Event;
use crate::limits::{SECRET_CHARS_MAX, URL_CHARS_MAX};
use crate::page::{Cursor, Limit, Paged};
use crate::sandbox::Sandbox;
use crate::text::{Name, Text};
use crate::time::Timestamp;
use crate::{enumeration, id, input, output};
use std::fmt;

id! {
    /// The id of a webhook.
    WebhookId, "Webhook"
}

id! {
    /// The id of a delivery.
    DeliveryId, "Delivery"
}

/// The URL of a webhook.
pub type UrlText = Text<URL_CHARS_MAX>;
/// A signing secret.
pub type SecretText = Text<SECRET_CHARS_MAX>;

enumeration! {
    /// Whether a webhook is called.
    WebhookStatus {
        /// The URL is called.
        Active = "active",
        /// The URL is no longer called: it answered that it is gone.
        Ended = "ended",
    }
}

enumeration! {
    /// The outcome of a delivery.
    DeliveryStatus {
        /// Not delivered yet; it is tried, or tried again.
        Pending = "pending",
        /// Delivered.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

output! {
    /// A URL that is called for each event.
    pub struct Webhook {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: WebhookId,
        /// The URL.
        url: UrlText,
        /// Whether the URL is called.
        status: WebhookStatus,
        /// The signing secret; present only in the reply that created or replaced it.
        secret: Option<SecretText>,
        /// When the webhook was created.
        created_at: Timestamp,
    }
}

output! {
    /// The delivery of an event, or of a test, to a webhook.
    pub struct Delivery {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: DeliveryId,
        /// The id of the webhook.
        webhook_id: WebhookId,
        /// The `seq` of the event; absent for a test.
        seq: Option<i32>,
        /// The outcome.
        status: DeliveryStatus,
        /// The number of attempts.
        attempts: i32,
        /// The status code of the last response.
        response_status: Option<i32>,
        /// What went wrong at the last attempt.
        problem: Option<Name>,
        /// When the delivery was created.
        created_at: Timestamp,
        /// The time of the next attempt; absent if there is none.
        next_attempt_at: Option<Timestamp>,
    }
}

impl Paged for Webhook {
    const PAGE: &'static str = "WebhookPage";
}

impl Paged for Delivery {
    const PAGE: &'static str = "DeliveryPage";
}

/// A webhook as it is stored.
#[derive(Clone, PartialEq)]
pub struct Registration {
    /// The webhook, without its secret.
    pub webhook: Webhook,
    /// An id that is unique over all sandboxes and resets, for the receiver.
    pub mark: Name,
    /// The signing secret.
    pub secret: SecretText,
    /// The former signing secret, and until when deliveries are signed with it too.
    pub former: Option<(SecretText, Timestamp)>,
}

impl fmt::Debug for Registration {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").field("webhook", &self.webhook).field("mark", &self.mark).finish_non_exhaustive()
    }
}

/// A webhook with pending deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// A delivery that is due, with everything that sending it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct DueDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// The event; `None` for a test, and if the event is no longer kept.
    pub event: Option<Event>,
    /// The webhook.
    pub registration: Registration,
}

input! {
    /// A page of webhooks.
    pub struct ListWebhooks {
        /// The maximum number of items; 20 if absent.
        limit: Option<Limit>,
        /// The `next` cursor of the previous page.
        after: Option<Cursor>,
    }
}

input! {
    /// The webhook to return.
    pub struct GetWebhook {
        /// The id of the webhook.
        id: WebhookId,
    }
}

input! {
    /// The URL to call.
    pub struct CreateWebhook {
        /// The URL to call.
        url: UrlText,
    }
}

input! {
    /// The webhook to delete.
    pub struct DeleteWebhook {
        /// The id of the webhook.
        id: WebhookId,
    }
}

input! {
    /// The webhook whose secret to replace.
    pub struct RotateWebhookSecret {
        /// The id of the webhook.
        id: WebhookId,
    }
}

input! {
    /// The webhook to test.
    pub struct TestWebhook {
        /// The id of the webhook.
        id: WebhookId,
    }
}

input! {
    /// A page of deliveries, filtered.
    pub struct ListDeliveries {
        /// Only deliveries to this webhook.
        webhook_id: Option<WebhookId>,
        /// The maximum number of items; 20 if absent.
        limit: Option<Limit>,
        /// The `next` cursor of the previous page.
        after: Option<Cursor>,
    }
}
