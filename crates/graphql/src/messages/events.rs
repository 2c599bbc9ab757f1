//! Events, and the webhooks that are called for them, in the graph.

use super::shop::OrderStatus;
use super::{DateTime, object};
use async_graphql::{Enum, ID, Object};
use domain::{events, webhooks};

/// What happened to the order.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "events::EventKind")]
#[allow(clippy::enum_variant_names, reason = "the dictionary's words: order.placed and so on")]
pub enum EventKind {
    /// The order was placed.
    OrderPlaced,
    /// The order was paid.
    OrderPaid,
    /// The order was shipped.
    OrderShipped,
    /// The order was delivered.
    OrderDelivered,
    /// The order was cancelled.
    OrderCancelled,
}

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

object! {
    /// Something that happened to an order.
    Event(events::Event) |event| {
        /// The position in the sandbox's log: 1, 2, 3, ... without gaps.
        seq: i32 = event.seq,
        /// What happened.
        kind: EventKind = event.kind.into(),
        /// The id of the order.
        order_id: ID = event.order_id.0.into(),
        /// The id of the buyer.
        user_id: ID = event.user_id.0.into(),
        /// The status of the order after the event.
        status: OrderStatus = event.status.into(),
        /// When it happened.
        at: DateTime = DateTime(event.at),
    }
}

object! {
    /// A page of the event log.
    EventPage(events::EventPage) |page| {
        /// The events, by ascending `seq`.
        nodes: Vec<Event> = page.items.iter().cloned().map(Event).collect(),
        /// The cursor: pass it as `after` to get later events. Always present.
        next: i32 = page.next,
    }
}

object! {
    /// A URL that is called for each event.
    Webhook(webhooks::Webhook) |webhook| {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: ID = webhook.id.0.into(),
        /// The URL.
        url: &str = webhook.url.as_str(),
        /// Whether the URL is called.
        status: WebhookStatus = webhook.status.into(),
        /// The signing secret; present only in the reply that created or replaced it.
        secret: Option<&str> = webhook.secret.as_ref().map(|secret| secret.as_str()),
        /// When the webhook was created.
        created_at: DateTime = DateTime(webhook.created_at),
    }
}

object! {
    /// The delivery of an event, or of a test, to a webhook.
    Delivery(webhooks::Delivery) |delivery| {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: ID = delivery.id.0.into(),
        /// The id of the webhook.
        webhook_id: ID = delivery.webhook_id.0.into(),
        /// The `seq` of the event; absent for a test.
        seq: Option<i32> = delivery.seq,
        /// The outcome.
        status: DeliveryStatus = delivery.status.into(),
        /// The number of attempts.
        attempts: i32 = delivery.attempts,
        /// The status code of the last response.
        response_status: Option<i32> = delivery.response_status,
        /// What went wrong at the last attempt.
        problem: Option<&str> = delivery.problem.as_ref().map(|problem| problem.as_str()),
        /// When the delivery was created.
        created_at: DateTime = DateTime(delivery.created_at),
        /// The time of the next attempt; absent if there is none.
        next_attempt_at: Option<DateTime> = delivery.next_attempt_at.map(DateTime),
    }
}
