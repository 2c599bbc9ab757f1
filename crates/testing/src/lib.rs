//! What the tests of every adapter need: a reply of every type, and a shop that returns just one. (The real shop
//! is tested for all protocols at once.)
#![allow(clippy::unwrap_used, reason = "a sample that is none has failed its test")]

use actix_web::web::Data;
use domain::access::{Caller, Proof, Role};
use domain::carts::{Cart, CartLine};
use domain::events::{Event, EventKind, EventPage, EventSignal};
use domain::logins::Token;
use domain::money::Money;
use domain::operations::Nothing;
use domain::orders::{Order, OrderDetails, OrderId, OrderLine, OrderStatus};
use domain::page::{Limit, Page, PageRequest};
use domain::products::{Product, ProductId};
use domain::sandbox::Settings;
use domain::store::{JobResult, Pending, ReadJob, Store, WriteJob};
use domain::text::{Description, Email, Name, TokenText};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::webhooks::{
    Delivery, DeliveryId, DeliveryStatus, Dispatcher, DueDelivery, Endpoint, SecretText, UrlText, Webhook, WebhookId,
    WebhookStatus,
};
use domain::{Error, Reply, Sandbox, Shop};
use std::future::ready;
use std::sync::Arc;

/// At least one reply for each reply name: empty and full lists, the last page and one before it, texts that
/// every grammar must escape, the largest page.
pub fn replies(reply_name: &str) -> Vec<Reply> {
    let event = |seq| Event {
        seq,
        kind: EventKind::OrderPlaced,
        order_id: OrderId(1),
        user_id: UserId(1),
        status: OrderStatus::Placed,
        at: Timestamp(0),
    };
    let cart = |lines| Cart { user_id: UserId(1), lines, total: Money::cents(0) };
    let line = CartLine { product_id: ProductId(1), quantity: 99 };
    let details = OrderDetails { order: order(1, 2), user: user(1), products: vec![product(1), product(2)] };
    match reply_name {
        "user" => vec![user(1).into()],
        "users" => {
            let by_id = |user: &User| user.id.0;
            vec![
                page(vec![], 1, by_id).into(),
                page(vec![user(1)], 1, by_id).into(),
                page(vec![user(1), user(2)], 1, by_id).into(),
            ]
        }
        "product" => vec![product(1).into()],
        "products" => vec![page(vec![product(1), product(2)], 2, |product| product.id.0).into()],
        "cart" => vec![cart(vec![]).into(), cart(vec![line.clone(), line]).into()],
        "order" => vec![order(1, 0).into(), order(1, 20).into()],
        "orders" => {
            let largest = (1..=101).map(|id| order(id, 20)).collect();
            vec![page(largest, 100, |order| order.id.0).into()]
        }
        "order_details" => vec![details.into()],
        "events" => vec![
            EventPage { items: vec![], next: 0 }.into(),
            EventPage { items: vec![event(1), event(2)], next: 2 }.into(),
        ],
        "webhook" => vec![webhook(true).into(), webhook(false).into()],
        "webhooks" => vec![page(vec![webhook(false)], 2, |webhook| webhook.id.0).into()],
        "delivery" => vec![delivery(None).into(), delivery(Some(42)).into()],
        "deliveries" => vec![page(vec![delivery(None), delivery(Some(42))], 1, |delivery| delivery.id.0).into()],
        "token" => vec![token().into()],
        "caller" => {
            let sandbox = Sandbox::main;
            let user = Caller::user(user(1), Proof::ApiKey, sandbox());
            vec![user.into(), Caller::visitor(sandbox()).into(), Caller::anonymous(sandbox()).into()]
        }
        "nothing" => vec![Nothing {}.into()],
        other => panic!("no reply is made for {other}"),
    }
}

/// A shop with this result for every call. Its webhooks are never sent.
pub fn shop(reply: Result<Reply, Error>) -> Data<Shop> {
    Data::new(Shop::new(Arc::new(Canned(reply))).with_dispatcher(Arc::new(Willing)))
}

struct Willing;

impl Dispatcher for Willing {
    fn ready(&self) -> Result<(), Error> {
        Ok(())
    }
    fn accept(&self, _: &UrlText) -> Result<(), Error> {
        Ok(())
    }
    fn new_secret(&self) -> Result<SecretText, Error> {
        Ok(secret())
    }
    fn new_secret_id(&self) -> Result<Name, Error> {
        Ok(Name::parse("m".to_owned()).unwrap())
    }
}

struct Canned(Result<Reply, Error>);

impl Store for Canned {
    fn read(&self, _: &Sandbox, _: ReadJob) -> Pending<JobResult> {
        Box::pin(ready(self.0.clone().map(Reply::into_result)))
    }
    fn write(&self, _: &Sandbox, _: WriteJob) -> Pending<JobResult> {
        Box::pin(ready(self.0.clone().map(Reply::into_result)))
    }
    fn update_if_exists(&self, _: &Sandbox, _: WriteJob) -> Pending<()> {
        Box::pin(ready(Ok(())))
    }
    fn reset(&self, _: &Sandbox) -> Pending<()> {
        Box::pin(ready(Ok(())))
    }
    fn delete(&self, _: &Sandbox) -> Pending<()> {
        Box::pin(ready(Ok(())))
    }
    fn exists(&self, _: &Sandbox) -> bool {
        true
    }
    fn settings(&self, _: &Sandbox) -> Settings {
        Settings::default()
    }
    fn configure(&self, _: &Sandbox, _: Settings) -> Pending<()> {
        Box::pin(ready(Ok(())))
    }
    fn sandboxes(&self) -> Vec<(Sandbox, Settings)> {
        Vec::new()
    }
    fn event_signal(&self, _: &Sandbox) -> Arc<EventSignal> {
        Arc::default()
    }
    fn webhook_signal(&self) -> Arc<EventSignal> {
        Arc::default()
    }
    fn endpoints(&self) -> Result<Vec<(Endpoint, Timestamp)>, Error> {
        Ok(Vec::new())
    }
    fn due_deliveries(&self, _: &Endpoint, _: Timestamp, _: u32) -> Result<Vec<DueDelivery>, Error> {
        Ok(Vec::new())
    }
}

fn webhook(is_new: bool) -> Webhook {
    Webhook {
        id: WebhookId(1),
        url: UrlText::parse("https://example.com/news?a=1&b=2".to_owned()).unwrap(),
        status: WebhookStatus::Active,
        secret: is_new.then(secret),
        created_at: Timestamp(1_795_203_000),
    }
}

fn secret() -> SecretText {
    SecretText::parse("whsec_AAAA".to_owned()).unwrap()
}

fn delivery(seq: Option<i32>) -> Delivery {
    Delivery {
        id: DeliveryId(1),
        webhook_id: WebhookId(1),
        seq,
        status: DeliveryStatus::Pending,
        attempts: 1,
        response_status: seq.map(|_| 500),
        problem: seq.map(|_| Name::parse("<no> & \"why\"".to_owned()).unwrap()),
        created_at: Timestamp(1_795_203_000),
        next_attempt_at: seq.map(|_| Timestamp(1_795_203_005)),
    }
}

fn token() -> Token {
    Token { token: TokenText::parse("e30.e30.c2ln".to_owned()).unwrap(), expires_at: Timestamp(1_795_206_600) }
}

fn user(id: i32) -> User {
    User {
        id: UserId(id),
        name: Name::parse("Ada <&> \"Lovelace\"\r\n\t ".to_owned()).unwrap(),
        email: Email::parse("ada@example.com".to_owned()).unwrap(),
        role: Role::Customer,
        created_at: Timestamp(1_795_203_000),
        version: 1,
    }
}

fn product(id: i32) -> Product {
    Product {
        id: ProductId(id),
        name: Name::parse(" ü😀]]> ".to_owned()).unwrap(),
        description: Description::parse("d".repeat(2000)).unwrap(),
        price: Money::cents(129_900),
        stock: 0,
        version: i32::MAX,
    }
}

fn order(id: i32, lines: usize) -> Order {
    let line = |i| OrderLine {
        product_id: ProductId(i as i32 + 1),
        quantity: 2,
        unit_price: Money::cents(5),
        line_total: Money::cents(10),
    };
    Order {
        id: OrderId(id),
        user_id: UserId(1),
        status: OrderStatus::Placed,
        lines: (0..lines).map(line).collect(),
        total: Money::cents(10),
        placed_at: Timestamp(1_795_203_000),
        updated_at: Timestamp(0),
        version: 3,
    }
}

/// A page that is not the last, if there are more items than that.
fn page<T>(items: Vec<T>, limit: i32, id: impl Fn(&T) -> i32) -> Page<T> {
    Page::cut(items, &PageRequest::of("things", None, Limit::new(limit)).unwrap(), id)
}
