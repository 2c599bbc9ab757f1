//! How are webhooks and deliveries said?

use super::DateTime;
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::webhooks;

/// Whether a webhook is called.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhooks::WebhookStatus")]
pub enum WebhookStatus {
    /// It is.
    Active,
    /// No more: it has answered that it is gone.
    Ended,
}

/// What became of a delivery.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhooks::DeliveryStatus")]
pub enum DeliveryStatus {
    /// It is to be tried, or tried again.
    Pending,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

/// An address that is called when something happens.
pub struct Webhook(pub webhooks::Webhook);

/// An address that is called when something happens.
#[Object]
impl Webhook {
    /// Counts from 1 in each sandbox and is never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// The address.
    async fn url(&self) -> &str {
        self.0.url.as_str()
    }

    /// Whether it is called.
    async fn status(&self) -> WebhookStatus {
        self.0.status.into()
    }

    /// What calls are signed with. It is told once: to who made the webhook, or made the secret new.
    async fn secret(&self) -> Option<&str> {
        self.0.secret.as_ref().map(|secret| secret.as_str())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// One event, or one test, on its way to a webhook.
pub struct Delivery(pub webhooks::Delivery);

/// One event, or one test, on its way to a webhook.
#[Object]
impl Delivery {
    /// Counts from 1 in each sandbox and is never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// To which webhook.
    async fn webhook_id(&self) -> ID {
        self.0.webhook_id.0.into()
    }

    /// The `seq` of the event; absent for a test.
    async fn seq(&self) -> Option<i32> {
        self.0.seq
    }

    /// What became of it.
    async fn status(&self) -> DeliveryStatus {
        self.0.status.into()
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// The status code that the last try was answered with.
    async fn response_status(&self) -> Option<i32> {
        self.0.response_status
    }

    /// What was wrong with the last try.
    async fn problem(&self) -> Option<&str> {
        self.0.problem.as_ref().map(|problem| problem.as_str())
    }

    /// When it was to be carried first.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it is tried next; absent if it is not.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.next_attempt_at.map(DateTime)
    }
}

/// What came of it.
#[derive(SimpleObject)]
pub struct CreateWebhookPayload {
    /// The new webhook, with its secret.
    pub webhook: Option<Webhook>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct DeleteWebhookPayload {
    /// The id of the webhook that is gone.
    pub deleted_webhook_id: Option<ID>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct RotateWebhookSecretPayload {
    /// The webhook, with its new secret.
    pub webhook: Option<Webhook>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct TestWebhookPayload {
    /// What is on its way.
    pub delivery: Option<Delivery>,
}
