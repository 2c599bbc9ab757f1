//! The rules of webhooks.

use super::{
    CreateWebhook, DeleteWebhook, Delivery, DeliveryId, DeliveryStatus, GetWebhook, ListDeliveries, ListWebhooks,
    Registration, RotateWebhookSecret, SecretText, TestWebhook, UrlText, Webhook, WebhookId, WebhookStatus,
};
use crate::context::{Context, Nothing};
use crate::error::{Error, Reason};
use crate::events::Event;
use crate::limits::{
    DELIVERIES_KEPT, DELIVERIES_SWEEP_EVERY, DELIVERIES_WAITING_MAX, FORMER_SECRET_SECONDS, WEBHOOKS_MAX,
};
use crate::page::{Page, PageRequest};
use crate::request::RequestContext;
use crate::services::Services;
use crate::store::{Records, Sequence, Transaction};
use crate::text::Name;
use crate::time::Timestamp;

/// list_webhooks
pub fn list(shop: &dyn Records, _: &Context, input: ListWebhooks) -> Result<Page<Webhook>, Error> {
    let slice = PageRequest::of("webhooks", input.after, input.limit)?;
    let webhooks = shop.webhooks(&slice)?.into_iter().map(|registration| registration.webhook).collect();
    Ok(Page::cut(webhooks, &slice, |webhook: &Webhook| webhook.id.0))
}

/// get_webhook
pub fn get(shop: &dyn Records, _: &Context, input: GetWebhook) -> Result<Webhook, Error> {
    existing(shop, input.id).map(|registration| registration.webhook)
}

/// create_webhook
pub async fn create(
    services: &Services,
    request: &RequestContext,
    context: Context,
    input: CreateWebhook,
) -> Result<Webhook, Error> {
    services.dispatcher.accept(&input.url)?;
    let (secret, mark) = (services.dispatcher.new_secret()?, services.dispatcher.new_secret_id()?);
    services.transact(request, move |shop| insert(shop, &context, input.url, secret, mark)).await
}

/// delete_webhook, with its deliveries, also pending ones.
pub fn delete(shop: &mut dyn Transaction, _: &Context, input: DeleteWebhook) -> Result<Nothing, Error> {
    let registration = existing(shop, input.id)?;
    shop.delete_webhook(registration.webhook.id)?;
    Ok(Nothing {})
}

/// rotate_webhook_secret: for a while deliveries are signed with both secrets, so that none is refused while the receiver changes.
pub async fn rotate(
    services: &Services,
    request: &RequestContext,
    context: Context,
    input: RotateWebhookSecret,
) -> Result<Webhook, Error> {
    let secret = services.dispatcher.new_secret()?;
    let rule = move |shop: &mut dyn Transaction| {
        let before = existing(shop, input.id)?;
        let former = Some((before.secret, Timestamp(context.now.0 + FORMER_SECRET_SECONDS)));
        let after = Registration { secret, former, ..before };
        shop.update_webhook(&after)?;
        Ok(with_secret(after))
    };
    services.transact(request, rule).await
}

/// test_webhook: a delivery without an event.
pub async fn test(
    services: &Services,
    request: &RequestContext,
    context: Context,
    input: TestWebhook,
) -> Result<Delivery, Error> {
    services.dispatcher.ready()?;
    let rule = move |shop: &mut dyn Transaction| {
        let registration = existing(shop, input.id)?;
        new_delivery(shop, &context, registration.webhook.id, None)
    };
    services.transact(request, rule).await
}

/// list_deliveries
pub fn deliveries(shop: &dyn Records, _: &Context, input: ListDeliveries) -> Result<Page<Delivery>, Error> {
    if let Some(webhook) = input.webhook_id {
        existing(shop, webhook)?;
    }
    let slice = PageRequest::of(&format!("deliveries {:?}", input.webhook_id), input.after, input.limit)?;
    Ok(Page::cut(shop.deliveries(input.webhook_id, &slice)?, &slice, |delivery| delivery.id.0))
}

/// Creates a delivery of an event to each webhook of the sandbox.
pub fn enqueue(shop: &mut dyn Transaction, context: &Context, event: &Event) -> Result<(), Error> {
    let active = |registration: &Registration| registration.webhook.status == WebhookStatus::Active;
    for registration in shop.webhooks(&PageRequest::all_of(WEBHOOKS_MAX))?.into_iter().filter(active) {
        new_delivery(shop, context, registration.webhook.id, Some(event.seq))?;
    }
    Ok(())
}

fn new_delivery(
    shop: &mut dyn Transaction,
    context: &Context,
    webhook_id: WebhookId,
    seq: Option<i32>,
) -> Result<Delivery, Error> {
    let has_room = shop.deliveries_waiting(webhook_id)? < DELIVERIES_WAITING_MAX;
    let id = DeliveryId(shop.next(Sequence::Deliveries)?);
    let (status, next_attempt_at, problem) = if has_room {
        (DeliveryStatus::Pending, Some(context.now), None)
    } else {
        let problem = format!("{DELIVERIES_WAITING_MAX} deliveries to the webhook are already pending");
        (DeliveryStatus::Failed, None, Name::parse(problem).ok())
    };
    let (attempts, response_status, created_at) = (0, None, context.now);
    let delivery =
        Delivery { id, webhook_id, seq, status, attempts, response_status, problem, created_at, next_attempt_at };
    shop.insert_delivery(&delivery)?;
    if id.0 % DELIVERIES_SWEEP_EVERY == 0 {
        shop.delete_deliveries(DeliveryId(id.0 - DELIVERIES_KEPT))?;
    }
    Ok(delivery)
}

fn insert(
    shop: &mut dyn Transaction,
    context: &Context,
    url: UrlText,
    secret: SecretText,
    mark: Name,
) -> Result<Webhook, Error> {
    if shop.webhooks(&PageRequest::all_of(WEBHOOKS_MAX))?.len() >= WEBHOOKS_MAX {
        return Err(Error::overloaded(format!("a sandbox has at most {WEBHOOKS_MAX} webhooks")));
    }
    let (id, status) = (WebhookId(shop.next(Sequence::Webhooks)?), WebhookStatus::Active);
    let webhook = Webhook { id, url, status, secret: None, created_at: context.now };
    let registration = Registration { webhook, mark, secret, former: None };
    shop.insert_webhook(&registration)?;
    Ok(with_secret(registration))
}

/// The webhook with its secret, for the reply that shows it once.
fn with_secret(registration: Registration) -> Webhook {
    Webhook { secret: Some(registration.secret), ..registration.webhook }
}

/// The webhook, or `webhook_not_found`.
pub fn existing(shop: &dyn Records, id: WebhookId) -> Result<Registration, Error> {
    shop.webhook(id)?.ok_or_else(|| Error::new(Reason::WebhookNotFound, format!("there is no webhook {}", id.0)))
}
