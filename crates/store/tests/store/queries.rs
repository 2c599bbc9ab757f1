//! Filters of list queries, and the snapshot of a rule.

use super::*;
use domain::orders::{ListOrders, OrderId, SetOrderStatus};
use domain::page::Page;
use domain::products::SearchProducts;
use domain::users::ListUsers;

async fn orders(shop: &Shop, members: &[(&str, Value)]) -> Page<Order> {
    shop.call(&main_shop(), input::<ListOrders>(members)).await.unwrap()
}

fn ids(page: &Page<Order>) -> Vec<i32> {
    page.items.iter().map(|order| order.id.0).collect()
}

fn list(ids: &[i64]) -> Value {
    Value::List(ids.iter().map(|id| Value::Int(*id)).collect())
}

#[tokio::test]
async fn orders_are_listed_by_user_status_and_id_with_their_lines() {
    let (_, shop) = open();
    for number in 0..12 {
        let lines = [(1, 1), (2, 1)];
        let wanted = order_of(1 + number % 3, &lines[..if number == 5 { 2 } else { 1 }]);
        shop.call(&main_shop(), wanted).await.unwrap();
    }
    for id in [2, 6, 8] {
        let set: SetOrderStatus = input(&[("id", id.into()), ("status", "paid".into())]);
        shop.call(&main_shop(), set).await.unwrap();
    }
    assert_eq!(ids(&orders(&shop, &[]).await), Vec::from_iter(1..=12));
    assert_eq!(ids(&orders(&shop, &[("user_id", 3.into())]).await), [3, 6, 9, 12]);
    assert_eq!(ids(&orders(&shop, &[("status", "paid".into())]).await), [2, 6, 8]);
    assert_eq!(ids(&orders(&shop, &[("status", "paid".into()), ("user_id", 2.into())]).await), [2, 8]);
    assert_eq!(ids(&orders(&shop, &[("ids", list(&[9, 1, 99, 6, 1]))]).await), [1, 6, 9]);
    assert_eq!(ids(&orders(&shop, &[("ids", list(&[9, 1, 6])), ("status", "paid".into())]).await), [6]);
    assert_eq!(ids(&orders(&shop, &[("ids", list(&[]))]).await), [] as [i32; 0]);

    let first = orders(&shop, &[("limit", 5.into())]).await;
    assert_eq!(ids(&first), [1, 2, 3, 4, 5]);
    let after = first.next.unwrap();
    let second = orders(&shop, &[("limit", 5.into()), ("after", after.as_str().into())]).await;
    assert_eq!(ids(&second), [6, 7, 8, 9, 10]);
    let lines: Vec<usize> = second.items.iter().map(|order| order.lines.len()).collect();
    assert_eq!(lines, [2, 1, 1, 1, 1]);
    assert_eq!(second.items[0].total.amount, 500);
    let last = second.next.unwrap();
    assert!(orders(&shop, &[("limit", 5.into()), ("after", last.as_str().into())]).await.next.is_none());
}

#[tokio::test]
async fn a_search_ignores_case_and_does_not_span_name_and_description() {
    let (_, shop) = open();
    for (query, found) in [("GROSSE", 0), ("große", 1), ("GROßE lampe", 1), ("MÖBEL", 3), ("%", 0), ("lampeEin", 0)]
    {
        let search: SearchProducts = input(&[("query", query.into())]);
        let page = shop.call(&main_shop(), search).await.unwrap();
        assert_eq!(page.items.len(), found, "{query}");
    }
    let search: SearchProducts = input(&[("query", "möbel".into()), ("ids", list(&[3, 2, 44]))]);
    let page = shop.call(&main_shop(), search).await.unwrap();
    assert_eq!(page.items.iter().map(|product| product.id.0).collect::<Vec<_>>(), [2, 3]);
    let users = shop.call(&main_shop(), input::<ListUsers>(&[("ids", list(&[3, 1, 8]))])).await.unwrap();
    assert_eq!(users.items.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["Ada", "Zoë"]);
}

#[tokio::test]
async fn a_rule_reads_one_snapshot() {
    let (store, shop) = open();
    product(&shop, &main_shop(), 1).await;
    let (start, started) = channel::<()>();
    let (done, is_done) = channel();
    let buyer = on_thread(async move {
        started.recv().unwrap();
        place(&shop, &main_shop(), &[(1, 1)]).await.unwrap();
        done.send(()).unwrap();
    });
    let seen = query(&store, "main", move |shop| {
        // The rule has read no table yet, but its snapshot has begun.
        start.send(()).unwrap();
        is_done.recv().unwrap();
        (shop.order(OrderId(1)).unwrap(), shop.product(ProductId(1)).unwrap().unwrap().stock, shop.last_seq().unwrap())
    });
    assert_eq!(seen.await.unwrap(), (None, 1_000, 0));
    buyer.join().unwrap();
    let now = query(&store, "main", |shop| (shop.order(OrderId(1)).unwrap().is_some(), shop.last_seq().unwrap()));
    assert_eq!(now.await.unwrap(), (true, 1));
}
