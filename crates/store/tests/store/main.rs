//! Tests of the store: real files, the real shop, no sleeping.

// The workspace allows unwrap in tests, but Clippy does not count a test's helper functions as tests.
#![allow(clippy::unwrap_used)]

mod batches;
mod commands;
mod events;
mod files;
mod queries;
mod sandboxes;
mod settings;

use domain::carts::SetCartLine;
use domain::money::Money;
use domain::operations::parse;
use domain::orders::{Order, PlaceOrder};
use domain::products::{GetProduct, Product, ProductId};
use domain::schema::Decode;
use domain::store::{Records, Seed, Sequence, Store, Transaction, WriteJob, boxed};
use domain::text::{Description, Email, Name};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::{Error, RequestContext, Sandbox, Shop, Value};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use store::{Location, Sqlite};

/// Seeds three users without a cart and three products with 1000, 5 and 0 in stock.
fn small_seed() -> Seed {
    Arc::new(|_, shop| {
        for name in ["Ada", "Grace", "Zoë"] {
            let id = UserId(shop.next(Sequence::Users)?);
            let email = Email::parse(format!("{name}@example.com")).unwrap();
            let (name, role) = (Name::parse(name.to_owned()).unwrap(), domain::access::Role::Customer);
            shop.insert_user(&User { id, name, email, role, created_at: Timestamp(0), version: 1 })?;
        }
        for (name, stock) in [("Große LAMPE", 1_000), ("Stuhl", 5), ("Tisch", 0)] {
            let id = ProductId(shop.next(Sequence::Products)?);
            let description = Description::parse(format!("Ein Möbel: {name}")).unwrap();
            let (name, price) = (Name::parse(name.to_owned()).unwrap(), Money::cents(250));
            shop.insert_product(&Product { id, name, description, price, stock, version: 1 })?;
        }
        Ok(())
    })
}

fn open() -> (Arc<Sqlite>, Shop) {
    let store = Arc::new(Sqlite::open(Location::Temporary, small_seed()).unwrap());
    (store.clone(), Shop::new(store))
}

fn context(sandbox: &str) -> RequestContext {
    RequestContext::new("test", Sandbox::parse(sandbox).unwrap())
}

fn main_shop() -> RequestContext {
    context("main")
}

/// Decodes an input from its fields.
fn input<I: Decode>(members: &[(&str, Value)]) -> I {
    parse(Value::object(members.iter().cloned())).unwrap()
}

fn order_of(user: i64, lines: &[(i64, i64)]) -> PlaceOrder {
    let line = |(product, quantity): &(i64, i64)| {
        Value::object([("product_id", Value::Int(*product)), ("quantity", Value::Int(*quantity))])
    };
    input(&[("user_id", user.into()), ("lines", Value::List(lines.iter().map(line).collect()))])
}

fn cart_line(user: i64, product: i64, quantity: i64) -> SetCartLine {
    input(&[("user_id", user.into()), ("product_id", product.into()), ("quantity", quantity.into())])
}

async fn place(shop: &Shop, context: &RequestContext, lines: &[(i64, i64)]) -> Result<Order, Error> {
    shop.call(context, order_of(1, lines)).await
}

async fn product(shop: &Shop, context: &RequestContext, id: i32) -> Product {
    shop.call(context, GetProduct { id: ProductId(id) }).await.unwrap()
}

fn change(job: impl FnOnce(&mut dyn Transaction) -> Result<(), Error> + Send + 'static) -> WriteJob {
    Box::new(move |shop| job(shop).map(boxed))
}

/// Runs a future on a thread of its own, as a server does.
fn on_thread<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    std::thread::spawn(move || runtime.block_on(future))
}

/// Runs a query in a sandbox.
async fn query<T: Send + 'static>(
    store: &Sqlite,
    sandbox: &str,
    query: impl FnOnce(&dyn Records) -> T + Send + 'static,
) -> Result<T, Error> {
    let store: &dyn Store = store;
    store.query(&Sandbox::parse(sandbox).unwrap(), move |shop| Ok(query(shop))).await
}

/// Blocks the writer until the sender is used or dropped, so that the writes that are submitted meanwhile wait together.
async fn hold_writer(store: &Sqlite) -> Sender<()> {
    let (release, released) = channel();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let job = change(move |_| {
        begun.send(()).unwrap();
        let _ = released.recv();
        Ok(())
    });
    drop(store.write(&Sandbox::main(), job));
    has_begun.await.unwrap();
    release
}
