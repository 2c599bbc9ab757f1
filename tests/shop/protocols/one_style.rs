//! The real shop over a temporary file, with one item of each kind, served in one style alone.

use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use auth::{LocalAuthenticator, demo};
use domain::access::Role;
use domain::events::{Event, EventKind};
use domain::money::Money;
use domain::orders::{Order, OrderId, OrderStatus};
use domain::products::{Product, ProductId};
use domain::shop::ShopConfig;
use domain::store::{Sequence, Transaction};
use domain::text::{Description, Email, Name};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::{Error, Sandbox, Shop};
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::shutdown::Shutdown;
use wire::{Adapter, Address};

const NOW: Timestamp = Timestamp(1_795_203_000);

/// A user, who is a customer with the public key and password; a product; and an order, which is placed.
fn seed(_: &Sandbox, shop: &mut dyn Transaction) -> Result<(), Error> {
    let id = UserId(shop.next(Sequence::Users)?);
    let (name, email) = (Name::parse("Ada".to_owned()).unwrap(), Email::parse("ada@example.com".to_owned()).unwrap());
    shop.insert_user(&User { id, name, email, role: Role::Customer, created_at: NOW, version: 1 })?;
    shop.set_password(id, &demo::password_hash())?;
    shop.add_key(id, &demo::stored_key(id))?;
    let (id, name) = (ProductId(shop.next(Sequence::Products)?), Name::parse("Laptop".to_owned()).unwrap());
    let (description, price) = (Description::parse("Thin.".to_owned()).unwrap(), Money::cents(100));
    shop.insert_product(&Product { id, name, description, price, stock: 100, version: 1 })?;
    let (id, user_id, status) = (OrderId(shop.next(Sequence::Orders)?), UserId(1), OrderStatus::Placed);
    let (lines, total) = (Vec::new(), Money::cents(0));
    shop.insert_order(&Order { id, user_id, status, lines, total, placed_at: NOW, updated_at: NOW, version: 1 })?;
    shop.next(Sequence::Events)?;
    shop.append_event(&event())
}

/// The events.
pub fn event() -> Event {
    let (order_id, user_id, status) = (OrderId(1), UserId(1), OrderStatus::Placed);
    Event { seq: 1, kind: EventKind::OrderPlaced, order_id, user_id, status, at: NOW }
}

/// The shop. It allows faults.
pub fn shop() -> Shop {
    let store = Arc::new(Sqlite::open(Location::Temporary, Arc::new(seed)).unwrap());
    let authenticator = Arc::new(LocalAuthenticator::new(&LocalAuthenticator::new_seed()).unwrap());
    let server = ShopConfig { allows_faults: true, clock: || NOW, ..ShopConfig::default() };
    Shop::new(store).with_authenticator(authenticator).with_config(server)
}

/// An adapter.
pub fn style(name: &str) -> &'static Adapter {
    PROTOCOLS.iter().find(|style| style.name == name).expect("a style of that name")
}

/// Serves a shop in a style, and returns its address.
pub fn serve(name: &'static str, shop: Shop, shutdown: Shutdown) -> Address {
    let app = move || {
        let (shop, shutdown) = (Data::new(shop.clone()), Data::new(shutdown.clone()));
        let (middleware, mount) = (from_fn(wire::middleware::middleware), style(name).mount);
        App::new().app_data(shop).app_data(shutdown).wrap(middleware).configure(mount)
    };
    let server = HttpServer::new(app).workers(1).bind(("127.0.0.1", 0)).unwrap();
    let address = Address::parse(&format!("http://{}", server.addrs()[0])).unwrap();
    actix_web::rt::spawn(server.run());
    address
}
