//! Webhooks and deliveries in the graph.

use super::DateTime;
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::webhooks;

/// Whether a webhook is called.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhooks::WebhookStatus")]
pub enum WebhookStatus {
    /// The URL is called.
    Active,
    /// The URL is no longer called: it answered that it is gone.
    Ended,
}

/// The outcome of a delivery.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhooks::DeliveryStatus")]
pub enum DeliveryStatus {
    /// Not delivered yet; it is tried, or tried again.
    Pending,
    /// Delivered.
    Delivered,
    /// Given up.
    Failed,
}

/// A URL that is called for each event.
pub struct Webhook(pub webhooks::Webhook);

/// A URL that is called for each event.
#[Object]
impl Webhook {
    /// The id: 1, 2, 3, ... in each sandbox; never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// The URL.
    async fn url(&self) -> &str {
        self.0.url.as_str()
    }

    /// Whether the URL is called.
    async fn status(&self) -> WebhookStatus {
        self.0.status.into()
    }

    /// The signing secret; present only in the reply that created or replaced it.
    async fn secret(&self) -> Option<&str> {
        self.0.secret.as_ref().map(|secret| secret.as_str())
    }

    /// When the webhook was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// The delivery of an event, or of a test, to a webhook.
pub struct Delivery(pub webhooks::Delivery);

/// The delivery of an event, or of a test, to a webhook.
#[Object]
impl Delivery {
    /// The id: 1, 2, 3, ... in each sandbox; never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// The id of the webhook.
    async fn webhook_id(&self) -> ID {
        self.0.webhook_id.0.into()
    }

    /// The `seq` of the event; absent for a test.
    async fn seq(&self) -> Option<i32> {
        self.0.seq
    }

    /// The outcome.
    async fn status(&self) -> DeliveryStatus {
        self.0.status.into()
    }

    /// The number of attempts.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// The status code of the last response.
    async fn response_status(&self) -> Option<i32> {
        self.0.response_status
    }

    /// What went wrong at the last attempt.
    async fn problem(&self) -> Option<&str> {
        self.0.problem.as_ref().map(|problem| problem.as_str())
    }

    /// When the delivery was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The time of the next attempt; absent if there is none.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.next_attempt_at.map(DateTime)
    }
}

/// The result.
#[derive(SimpleObject)]
pub struct CreateWebhookPayload {
    /// The new webhook, with its secret.
    pub webhook: Option<Webhook>,
}

/// The result.
#[derive(SimpleObject)]
pub struct DeleteWebhookPayload {
    /// The id of the deleted webhook.
    pub deleted_webhook_id: Option<ID>,
}

/// The result.
#[derive(SimpleObject)]
pub struct RotateWebhookSecretPayload {
    /// The webhook, with its new secret.
    pub webhook: Option<Webhook>,
}

/// The result.
#[derive(SimpleObject)]
pub struct TestWebhookPayload {
    /// The new delivery.
    pub delivery: Option<Delivery>,
}
