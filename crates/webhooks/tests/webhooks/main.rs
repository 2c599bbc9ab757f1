//! Is news carried to webhooks as promised? The real shop, a real listener on this machine, and a clock that tests move.

// The workspace allows it in tests, but Clippy does not take the helpers of a test for one.
#![allow(clippy::unwrap_used)]

mod carrying;
mod network;
mod receiver;
mod telling;
mod trying;

use domain::events::Listener;
use domain::money::Money;
use domain::operations::parse;
use domain::orders::PlaceOrder;
use domain::products::{Product, ProductId};
use domain::shop::ShopConfig;
use domain::store::{Seed, Sequence};
use domain::text::{Description, Email, Name};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::webhooks::{CreateWebhook, Delivery, DeliveryStatus, ListDeliveries, TestWebhook, Webhook};
use domain::{RequestContext, Sandbox, Shop, Value};
use receiver::{Answer, Receiver};
use std::cell::Cell;
use std::sync::Arc;
use store::{Location, Sqlite};
use webhooks::{Policy, Sender, Worker};

thread_local! {
    /// What time it is. A test and all that it starts run on one thread.
    static NOW: Cell<i64> = const { Cell::new(1_795_203_000) };
}

fn now() -> Timestamp {
    Timestamp(NOW.get())
}

/// One user and one product.
fn small_seed() -> Seed {
    Arc::new(|_, shop| {
        let (id, role) = (UserId(shop.next(Sequence::Users)?), domain::access::Role::Customer);
        let (name, email) =
            (Name::parse("Ada".to_owned()).unwrap(), Email::parse("ada@example.com".to_owned()).unwrap());
        shop.insert_user(&User { id, name, email, role, created_at: Timestamp(0), version: 1 })?;
        let (id, price) = (ProductId(shop.next(Sequence::Products)?), Money::cents(250));
        let name = Name::parse("Lamp".to_owned()).unwrap();
        let description = Description::parse("It shines.".to_owned()).unwrap();
        shop.insert_product(&Product { id, name, description, price, stock: 1_000, version: 1 })
    })
}

/// A shop that takes webhooks to this machine, and nobody yet who carries.
fn open() -> Shop {
    over(Sqlite::open(Location::Temporary, small_seed()).unwrap())
}

fn over(store: Sqlite) -> Shop {
    let shop = Shop::new(Arc::new(store)).with_dispatcher(Arc::new(Policy::Local));
    shop.with_config(ShopConfig { clock: now, ..ShopConfig::default() })
}

fn sender() -> Sender {
    Sender::new(Policy::Local).unwrap()
}

fn main_shop() -> RequestContext {
    RequestContext::new("test", Sandbox::main())
}

async fn webhook(shop: &Shop, url: &str) -> Webhook {
    let input: CreateWebhook = parse(Value::object([("url", url.into())])).unwrap();
    shop.call(&main_shop(), input).await.unwrap()
}

async fn tested(shop: &Shop, webhook: &Webhook) -> Delivery {
    shop.call(&main_shop(), TestWebhook { id: webhook.id }).await.unwrap()
}

async fn place(shop: &Shop) {
    let line = Value::object([("product_id", Value::Int(1)), ("quantity", Value::Int(1))]);
    let input: PlaceOrder =
        parse(Value::object([("user_id", Value::Int(1)), ("lines", Value::List(vec![line]))])).unwrap();
    shop.call(&main_shop(), input).await.unwrap();
}

async fn deliveries(shop: &Shop) -> Vec<Delivery> {
    let input: ListDeliveries = parse(Value::object([("limit", Value::Int(100))])).unwrap();
    shop.call(&main_shop(), input).await.unwrap().items
}

/// Waits until what is written of the deliveries is as wanted.
async fn until(shop: &Shop, wanted: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
    let mut listener = Listener::new(shop.store().webhook_signal());
    loop {
        listener.listen();
        let found = deliveries(shop).await;
        if wanted(&found) {
            return found;
        }
        listener.notified().await.unwrap();
    }
}

/// Waits until the first delivery has been tried so often.
async fn tried(shop: &Shop, times: i32) -> Delivery {
    until(shop, |found| found[0].attempts >= times).await.swap_remove(0)
}

fn all_taken(found: &[Delivery]) -> bool {
    found.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered)
}

/// Moves the clock, and has it looked what is due by then.
fn pass(shop: &Shop, seconds: i64) {
    NOW.set(NOW.get() + seconds);
    shop.store().webhook_signal().notify();
}
