//! Webhooks: how is news carried to somebody who does not listen? The shop calls an address that was left with it.
//!
//! The delivery of an event to each webhook is a row, written in the transaction of the event: so none is forgotten, however the
//! server ends. Couriers ([`Couriers`]) carry what is due, again and again until it is taken or given up, and note what came of
//! it in the same row: that is the log that [`deliveries`] lists.

use crate::error::{Error, Reason};
use crate::events::Event;
use crate::limits::{
    DELIVERIES_KEPT, DELIVERIES_SWEEP_EVERY, DELIVERIES_WAITING_MAX, FORMER_SECRET_SECONDS, SECRET_CHARS_MAX,
    URL_CHARS_MAX, WEBHOOKS_MAX,
};
use crate::operations::Nothing;
use crate::page::{Cursor, Limit, Page, Paged, Slice};
use crate::sandbox::Sandbox;
use crate::shop::{Context, Meta, Shop};
use crate::store::{Changes, Numbered, Records};
use crate::text::{Name, Text};
use crate::time::Timestamp;
use crate::{id, input, output, words};
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

words! {
    /// Whether a webhook is called.
    WebhookStatus {
        /// It is.
        Active = "active",
        /// No more: it has answered that it is gone.
        Ended = "ended",
    }
}

words! {
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
pub struct End {
    /// In which sandbox.
    pub sandbox: Sandbox,
    /// Which webhook.
    pub webhook_id: WebhookId,
}

/// A delivery that is to be tried now, with all that it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The delivery.
    pub delivery: Delivery,
    /// The event; absent for a test, and if it is no longer kept.
    pub event: Option<Event>,
    /// Where to.
    pub registration: Registration,
}

/// Who carries news to webhooks.
pub trait Couriers: Send + Sync {
    /// Refuses, if there is nobody to be sent.
    fn ready(&self) -> Result<(), Error>;
    /// Refuses an address that nobody would be sent to.
    fn accept(&self, url: &UrlText) -> Result<(), Error>;
    /// A new secret.
    fn new_secret(&self) -> Result<SecretText, Error>;
    /// A new mark: one that nobody has had.
    fn new_mark(&self) -> Result<Name, Error>;
}

/// Go nowhere: what a shop has that was given no couriers.
pub struct NoCouriers;

impl Couriers for NoCouriers {
    fn ready(&self) -> Result<(), Error> {
        Err(no_couriers())
    }
    fn accept(&self, _: &UrlText) -> Result<(), Error> {
        Err(no_couriers())
    }
    fn new_secret(&self) -> Result<SecretText, Error> {
        Err(no_couriers())
    }
    fn new_mark(&self) -> Result<Name, Error> {
        Err(no_couriers())
    }
}

fn no_couriers() -> Error {
    Error::new(Reason::NotAllowed, "this server calls no webhooks: it was started without --webhooks")
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

/// list_webhooks
pub fn list(shop: &dyn Records, _: &Context, input: ListWebhooks) -> Result<Page<Webhook>, Error> {
    let slice = Slice::of("webhooks", input.after, input.limit)?;
    let webhooks = shop.webhooks(&slice)?.into_iter().map(|registration| registration.webhook).collect();
    Ok(Page::cut(webhooks, &slice, |webhook: &Webhook| webhook.id.0))
}

/// get_webhook
pub fn get(shop: &dyn Records, _: &Context, input: GetWebhook) -> Result<Webhook, Error> {
    existing(shop, input.id).map(|registration| registration.webhook)
}

/// create_webhook
pub async fn create(shop: &Shop, meta: &Meta, context: Context, input: CreateWebhook) -> Result<Webhook, Error> {
    shop.couriers().accept(&input.url)?;
    let (secret, mark) = (shop.couriers().new_secret()?, shop.couriers().new_mark()?);
    shop.change(meta, move |shop| insert(shop, &context, input.url, secret, mark)).await
}

/// delete_webhook: with its deliveries, also those that are on their way.
pub fn delete(shop: &mut dyn Changes, _: &Context, input: DeleteWebhook) -> Result<Nothing, Error> {
    let registration = existing(shop, input.id)?;
    shop.delete_webhook(registration.webhook.id)?;
    Ok(Nothing {})
}

/// rotate_webhook_secret: calls are signed with both secrets for a while, so that none is refused while the other end changes.
pub async fn rotate(shop: &Shop, meta: &Meta, context: Context, input: RotateWebhookSecret) -> Result<Webhook, Error> {
    let secret = shop.couriers().new_secret()?;
    let rule = move |shop: &mut dyn Changes| {
        let before = existing(shop, input.id)?;
        let former = Some((before.secret, Timestamp(context.now.0 + FORMER_SECRET_SECONDS)));
        let after = Registration { secret, former, ..before };
        shop.update_webhook(&after)?;
        Ok(told(after))
    };
    shop.change(meta, rule).await
}

/// test_webhook: a delivery that tells of no event. What becomes of it, its row says.
pub async fn test(shop: &Shop, meta: &Meta, context: Context, input: TestWebhook) -> Result<Delivery, Error> {
    shop.couriers().ready()?;
    let rule = move |shop: &mut dyn Changes| {
        let registration = existing(shop, input.id)?;
        new_delivery(shop, &context, registration.webhook.id, None)
    };
    shop.change(meta, rule).await
}

/// list_deliveries
pub fn deliveries(shop: &dyn Records, _: &Context, input: ListDeliveries) -> Result<Page<Delivery>, Error> {
    if let Some(webhook) = input.webhook_id {
        existing(shop, webhook)?;
    }
    let slice = Slice::of(&format!("deliveries {:?}", input.webhook_id), input.after, input.limit)?;
    Ok(Page::cut(shop.deliveries(input.webhook_id, &slice)?, &slice, |delivery| delivery.id.0))
}

/// Has an event delivered to each webhook of the sandbox.
pub fn enqueue(shop: &mut dyn Changes, context: &Context, event: &Event) -> Result<(), Error> {
    let active = |registration: &Registration| registration.webhook.status == WebhookStatus::Active;
    for registration in shop.webhooks(&Slice::all_of(WEBHOOKS_MAX))?.into_iter().filter(active) {
        new_delivery(shop, context, registration.webhook.id, Some(event.seq))?;
    }
    Ok(())
}

fn new_delivery(
    shop: &mut dyn Changes,
    context: &Context,
    webhook_id: WebhookId,
    seq: Option<i32>,
) -> Result<Delivery, Error> {
    let has_room = shop.deliveries_waiting(webhook_id)? < DELIVERIES_WAITING_MAX;
    let id = DeliveryId(shop.next(Numbered::Deliveries)?);
    let (status, next_attempt_at, problem) = if has_room {
        (DeliveryStatus::Pending, Some(context.now), None)
    } else {
        let problem = format!("{DELIVERIES_WAITING_MAX} deliveries to the webhook wait already");
        (DeliveryStatus::Failed, None, Name::parse(problem).ok())
    };
    let (attempts, response_status, created_at) = (0, None, context.now);
    let delivery =
        Delivery { id, webhook_id, seq, status, attempts, response_status, problem, created_at, next_attempt_at };
    shop.insert_delivery(&delivery)?;
    if id.0 % DELIVERIES_SWEEP_EVERY == 0 {
        shop.forget_deliveries(DeliveryId(id.0 - DELIVERIES_KEPT))?;
    }
    Ok(delivery)
}

fn insert(
    shop: &mut dyn Changes,
    context: &Context,
    url: UrlText,
    secret: SecretText,
    mark: Name,
) -> Result<Webhook, Error> {
    if shop.webhooks(&Slice::all_of(WEBHOOKS_MAX))?.len() >= WEBHOOKS_MAX {
        return Err(Error::overloaded(format!("a sandbox has at most {WEBHOOKS_MAX} webhooks")));
    }
    let (id, status) = (WebhookId(shop.next(Numbered::Webhooks)?), WebhookStatus::Active);
    let webhook = Webhook { id, url, status, secret: None, created_at: context.now };
    let registration = Registration { webhook, mark, secret, former: None };
    shop.insert_webhook(&registration)?;
    Ok(told(registration))
}

/// The webhook with its secret, for the one who is to have it.
fn told(registration: Registration) -> Webhook {
    Webhook { secret: Some(registration.secret), ..registration.webhook }
}

/// The webhook, or that there is none.
pub fn existing(shop: &dyn Records, id: WebhookId) -> Result<Registration, Error> {
    shop.webhook(id)?.ok_or_else(|| Error::new(Reason::WebhookNotFound, format!("there is no webhook {}", id.0)))
}
