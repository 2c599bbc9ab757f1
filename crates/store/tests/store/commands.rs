//! Each command is one transaction.

use super::*;
use domain::Reason;
use domain::carts::{CheckOut, GetCart};
use domain::events::{EventKind, ListEvents, StreamItem};
use domain::orders::{CancelOrder, GetOrder, OrderStatus};
use domain::users::{CreateUser, DeleteUser, UpdateUser};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;

#[tokio::test]
async fn an_order_takes_stock_and_appends_an_event() {
    let (_, shop) = open();
    let order = place(&shop, &main_shop(), &[(2, 3), (1, 2)]).await.unwrap();
    assert_eq!((order.id.0, order.total.amount, order.version), (1, 5 * 250, 1));
    assert_eq!(shop.call(&main_shop(), GetOrder { id: order.id }).await.unwrap(), order);
    let (chair, lamp) = (product(&shop, &main_shop(), 2).await, product(&shop, &main_shop(), 1).await);
    assert_eq!((chair.stock, chair.version, lamp.stock), (2, 2, 998));
    let events = shop.call(&main_shop(), input::<ListEvents>(&[])).await.unwrap();
    let [event] = events.items.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.seq, event.kind, event.order_id), (1, EventKind::OrderPlaced, order.id));

    let cancelled = shop.call(&main_shop(), CancelOrder { id: order.id }).await.unwrap();
    assert_eq!((cancelled.status, cancelled.version), (OrderStatus::Cancelled, 2));
    assert_eq!(shop.call(&main_shop(), GetOrder { id: order.id }).await.unwrap(), cancelled);
    let chair = product(&shop, &main_shop(), 2).await;
    assert_eq!((chair.stock, chair.version), (5, 3));
}

#[tokio::test]
async fn a_refused_order_changes_nothing() {
    let (_, shop) = open();
    let refused = place(&shop, &main_shop(), &[(1, 5), (2, 6)]).await.unwrap_err();
    assert_eq!(
        (refused.reason, refused.message.as_str()),
        (Reason::OutOfStock, "product 2 has 5 pieces in stock, 6 were ordered")
    );
    let lamp = product(&shop, &main_shop(), 1).await;
    assert_eq!((lamp.stock, lamp.version), (1_000, 1));
    assert_eq!(shop.call(&main_shop(), input::<ListEvents>(&[])).await.unwrap().next, 0);
    assert_eq!(place(&shop, &main_shop(), &[(1, 1)]).await.unwrap().id.0, 1, "no number was used up");
}

#[tokio::test]
async fn concurrent_orders_never_oversell() {
    let (_, shop) = open();
    let buyers: Vec<_> = (0..12)
        .map(|_| {
            let shop = shop.clone();
            on_thread(async move { place(&shop, &main_shop(), &[(2, 1)]).await })
        })
        .collect();
    let (mut sold, mut refused) = (0, 0);
    for buyer in buyers {
        match buyer.join().unwrap() {
            Ok(_) => sold += 1,
            Err(error) if error.reason == Reason::OutOfStock => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((sold, refused, product(&shop, &main_shop(), 2).await.stock), (5, 7, 0));
}

#[tokio::test]
async fn returned_stock_stops_at_the_limit() {
    let (store, shop) = open();
    let fill = change(|shop| {
        let mut lamp = domain::products::existing(shop, ProductId(1))?;
        lamp.stock = 999_999;
        shop.update_product(&lamp)?;
        shop.return_stock(ProductId(1), 5)?;
        shop.return_stock(ProductId(1), 5)
    });
    store.write(&Sandbox::main(), fill).await.unwrap();
    let lamp = product(&shop, &main_shop(), 1).await;
    assert_eq!((lamp.stock, lamp.version), (1_000_000, 2), "the second return changed nothing visible");
}

#[tokio::test]
async fn a_cart_is_filled_and_checked_out_and_deleted_with_its_user() {
    let (_, shop) = open();
    let main = main_shop();
    for line in [cart_line(1, 2, 9), cart_line(1, 1, 4), cart_line(1, 2, 2), cart_line(1, 1, 0), cart_line(2, 1, 1)] {
        shop.call(&main, line).await.unwrap();
    }
    let cart = shop.call(&main, GetCart { user_id: UserId(1) }).await.unwrap();
    assert_eq!((cart.lines.len(), cart.lines[0].product_id.0, cart.total.amount), (1, 2, 500));
    let order = shop.call(&main, CheckOut { user_id: UserId(1) }).await.unwrap();
    assert_eq!(order.lines.len(), 1);
    assert!(shop.call(&main, GetCart { user_id: UserId(1) }).await.unwrap().lines.is_empty());

    let delete = |id| input::<DeleteUser>(&[("id", Value::Int(id))]);
    assert_eq!(shop.call(&main, delete(1)).await.unwrap_err().reason, Reason::UserHasOrders);
    shop.call(&main, delete(2)).await.unwrap();
    let gone = shop.call(&main, GetCart { user_id: UserId(2) }).await.unwrap_err();
    assert_eq!(gone.reason, Reason::UserNotFound);
}

#[tokio::test]
async fn emails_are_unique_ignoring_case_and_ids_are_never_used_again() {
    let (_, shop) = open();
    let main = main_shop();
    let create = |email: &str| input::<CreateUser>(&[("name", "Ö".into()), ("email", email.into())]);
    let taken = shop.call(&main, create("ZOË@EXAMPLE.COM")).await.unwrap_err();
    assert_eq!(taken.reason, Reason::EmailTaken);
    let user = shop.call(&main, create("new@example.com")).await.unwrap();
    assert_eq!(user.id.0, 4);
    let update: UpdateUser = input(&[("id", 4.into()), ("email", "New@Example.com".into())]);
    let user = shop.call(&main, update).await.unwrap();
    assert_eq!((user.email.as_str(), user.version), ("New@Example.com", 2));
    shop.call(&main, input::<DeleteUser>(&[("id", 4.into())])).await.unwrap();
    assert_eq!(shop.call(&main, create("new@example.com")).await.unwrap().id.0, 5);
}

#[tokio::test]
async fn a_watch_receives_committed_events() {
    let (_, shop) = open();
    let mut watch = shop.watch(&main_shop(), Value::Object(Vec::new())).await.unwrap();
    let (next, placed) = tokio::join!(poll_fn(|task| Pin::new(&mut watch).poll_next(task)), async {
        place(&shop, &main_shop(), &[(1, 1)]).await.unwrap()
    },);
    let Some(Ok(StreamItem::Event(event))) = next else { panic!("{next:?}") };
    assert_eq!((event.seq, event.order_id), (1, placed.id));
}
