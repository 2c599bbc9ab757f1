//! Webhooks: how is news carried to somebody who does not listen? The shop calls an address that was left with it.
//!
//! The delivery of an event to each webhook is a row, written in the transaction of the event: so none is forgotten, however the
//! server ends. Couriers ([`Dispatcher`]) carry what is due, again and again until it is taken or given up, and note what came of
//! it in the same row: that is the log that [`deliveries`] lists.

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

/// An address to be called.
pub type UrlText = Text<URL_CHARS_MAX>;
/// What calls are signed with.
pub type SecretText = Text<SECRET_CHARS_MAX>;

enumeration! {
    /// Whether a webhook is called.
    WebhookStatus {
        /// It is.
        Active = "active",
        /// No more: it has answered that it is gone.
        Ended = "ended",
    }
}

enumeration! {
    /// What became of a delivery.
    DeliveryStatus {
        /// It is to be tried, or tried again.
        Pending = "pending",
        /// It was taken.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
    }
}

output! {
    /// An address that is called when something happens.
    pub struct Webhook {
        /// Counts from 1 in each sandbox and is never used again.
        id: WebhookId,
        /// The address.
        url: UrlText,
        /// Whether it is called.
        status: WebhookStatus,
        /// What calls are signed with. It is told once: to who made the webhook, or made the secret new.
        secret: Option<SecretText>,
        /// When it was made.
        created_at: Timestamp,
    }
}

output! {
    /// One event, or one test, on its way to a webhook.
    pub struct Delivery {
        /// Counts from 1 in each sandbox and is never used again.
        id: DeliveryId,
        /// To which webhook.
        webhook_id: WebhookId,
        /// The `seq` of the event; absent for a test.
        seq: Option<i32>,
        /// What became of it.
        status: DeliveryStatus,
        /// How often it was tried.
        attempts: i32,
        /// The status code that the last try was answered with.
        response_status: Option<i32>,
        /// What was wrong with the last try.
        problem: Option<Name>,
        /// When it was to be carried first.
        created_at: Timestamp,
        /// When it is tried next; absent if it is not.
        next_attempt_at: Option<Timestamp>,
    }
}

impl Paged for Webhook {
    const PAGE: &'static str = "WebhookPage";
}

impl Paged for Delivery {
    const PAGE: &'static str = "DeliveryPage";
}

/// What is kept of a webhook.
#[derive(Clone, PartialEq)]
pub struct Registration {
    /// The webhook, without its secret.
    pub webhook: Webhook,
    /// What tells it from every other one that there ever was, also before a reset of the sandbox.
    pub mark: Name,
    /// What calls are signed with.
    pub secret: SecretText,
    /// What they were signed with before, and until when they still are.
    pub former: Option<(SecretText, Timestamp)>,
}

impl fmt::Debug for Registration {
    /// Without the secrets: nothing that prints it may tell them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").field("webhook", &self.webhook).field("mark", &self.mark).finish_non_exhaustive()
    }
}

/// A webhook to which something is to be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// In which sandbox.
    pub sandbox: Sandbox,
    /// Which webhook.
    pub webhook_id: WebhookId,
}

/// A delivery that is to be tried now, with all that it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct DueDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// The event; absent for a test, and if it is no longer kept.
    pub event: Option<Event>,
    /// Where to.
    pub registration: Registration,
}

input! {
    /// Which webhooks.
    pub struct ListWebhooks {
        /// The most items of the page; 20 if absent.
        limit: Option<Limit>,
        /// The `next` of the page before.
        after: Option<Cursor>,
    }
}

input! {
    /// Which webhook.
    pub struct GetWebhook {
        /// The webhook.
        id: WebhookId,
    }
}

input! {
    /// What is to be called.
    pub struct CreateWebhook {
        /// An address of the web.
        url: UrlText,
    }
}

input! {
    /// Which webhook goes.
    pub struct DeleteWebhook {
        /// The webhook.
        id: WebhookId,
    }
}

input! {
    /// Which webhook gets a new secret.
    pub struct RotateWebhookSecret {
        /// The webhook.
        id: WebhookId,
    }
}

input! {
    /// Which webhook is tried.
    pub struct TestWebhook {
        /// The webhook.
        id: WebhookId,
    }
}

input! {
    /// Which deliveries.
    pub struct ListDeliveries {
        /// Only those to this webhook.
        webhook_id: Option<WebhookId>,
        /// The most items of the page; 20 if absent.
        limit: Option<Limit>,
        /// The `next` of the page before.
        after: Option<Cursor>,
    }
}
