//! Is everything carried, by whoever comes next, and in nobody's way?

use super::receiver::{Heard, OK};
use super::*;
use domain::webhooks::DeleteWebhook;
use std::collections::BTreeSet;
use tokio::sync::Notify;
use webhooks::places::AT_ONCE_EACH_MAX;

fn gate() -> (Arc<Notify>, Answer) {
    let gate = Arc::new(Notify::new());
    (gate.clone(), Answer::After(gate))
}

fn id(heard: &Heard) -> String {
    heard.header("webhook-id").to_owned()
}

#[tokio::test]
async fn who_is_slow_holds_nobody_else() {
    let shop = open();
    let (slow, mut quick) = (Receiver::open(vec![Answer::Never]).await, Receiver::open(vec![OK]).await);
    webhook(&shop, &slow.url()).await;
    webhook(&shop, &quick.url()).await;
    for _ in 0..20 {
        place(&shop).await;
    }
    let _carrier = Worker::start(shop.clone(), sender());
    let mut heard = BTreeSet::new();
    for _ in 0..20 {
        heard.insert(id(&quick.hear().await));
    }
    assert_eq!(heard.len(), 20, "each is told once");
    let taken = |found: &[Delivery]| found.iter().filter(|one| one.webhook_id.0 == 2).all(|one| one.attempts == 1);
    until(&shop, taken).await;
    assert_eq!(slow.unheard(), 1, "who has never answered is called once at a time");
}

#[tokio::test]
async fn what_is_under_way_is_not_carried_twice() {
    let (gate, after) = gate();
    let (mut receiver, shop) = (Receiver::open(vec![OK, after, OK]).await, open());
    let carrier = Worker::start(shop.clone(), sender());
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    receiver.hear().await;
    until(&shop, all_taken).await;
    // It has proven itself: there is room for more than one.
    tested(&shop, &webhook).await;
    let held = id(&receiver.hear().await);
    for _ in 0..2 * AT_ONCE_EACH_MAX {
        place(&shop).await;
    }
    let mut heard = BTreeSet::from([held]);
    for _ in 0..2 * AT_ONCE_EACH_MAX {
        assert!(heard.insert(id(&receiver.hear().await)));
    }
    gate.notify_one();
    until(&shop, all_taken).await;
    carrier.stop().await;
    assert_eq!(receiver.unheard(), 0);
}

#[tokio::test]
async fn whatever_happens_to_the_process_nothing_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let open_file = || Sqlite::open(Location::File(directory.path().join("shop.db")), small_seed());
    let mut receiver = Receiver::open(vec![Answer::Never, OK]).await;
    let shop = over(open_file().unwrap());
    webhook(&shop, &receiver.url()).await;
    for _ in 0..5 {
        place(&shop).await;
    }
    let carrier = Worker::start(shop.clone(), sender());
    let unanswered = id(&receiver.hear().await);
    assert!(deliveries(&shop).await.iter().all(|delivery| delivery.attempts == 0));
    // As when the process is killed: who is under way does not come back, and nothing is written down.
    drop((carrier, shop));
    let store = loop {
        // The file is locked until those under way are really gone.
        match open_file() {
            Ok(store) => break store,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let shop = over(store);
    let _carrier = Worker::start(shop.clone(), sender());
    let mut heard = BTreeSet::new();
    for _ in 0..5 {
        heard.insert(id(&receiver.hear().await));
    }
    assert!(heard.len() == 5 && heard.contains(&unanswered), "{heard:?} and {unanswered}");
    until(&shop, all_taken).await;
}

#[tokio::test]
async fn at_the_end_who_is_under_way_may_return() {
    let (gate, after) = gate();
    let (mut receiver, shop) = (Receiver::open(vec![after]).await, open());
    webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let carrier = Worker::start(shop.clone(), sender());
    receiver.hear().await;
    let life_goes_on = async {
        for _ in 0..10 {
            place(&shop).await;
        }
        gate.notify_one();
    };
    tokio::join!(carrier.stop(), life_goes_on);
    let found = deliveries(&shop).await;
    let (first, later) = found.split_first().unwrap();
    assert_eq!((first.status, first.attempts), (DeliveryStatus::Delivered, 1));
    assert!(later.len() == 10 && later.iter().all(|one| (one.status, one.attempts) == (DeliveryStatus::Pending, 0)));
    assert_eq!(receiver.unheard(), 0, "nobody goes any more");
}

/// Somebody is under way for a first delivery; meanwhile this happens.
async fn meanwhile(happens: impl AsyncFnOnce(&Shop, &Webhook)) -> Shop {
    let (gate, after) = gate();
    let (mut receiver, shop) = (Receiver::open(vec![after]).await, open());
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    let carrier = Worker::start(shop.clone(), sender());
    receiver.hear().await;
    happens(&shop, &webhook).await;
    tokio::join!(carrier.stop(), async { gate.notify_one() });
    shop
}

#[tokio::test]
async fn what_came_of_a_try_makes_no_sandbox() {
    let forget = async |shop: &Shop, _: &Webhook| shop.store().delete(&Sandbox::main()).await.unwrap();
    let shop = meanwhile(forget).await;
    assert!(!shop.store().exists(&Sandbox::main()));
}

#[tokio::test]
async fn what_came_of_a_try_is_not_written_to_anothers_row() {
    let shop = meanwhile(async |shop: &Shop, before: &Webhook| {
        shop.store().reset(&Sandbox::main()).await.unwrap();
        // The same number at the same moment, but another webhook: one that nobody has called.
        let made = webhook(shop, before.url.as_str()).await;
        assert_eq!((made.id, made.created_at), (before.id, before.created_at));
        assert_eq!(tested(shop, &made).await.id.0, 1);
    })
    .await;
    let found = deliveries(&shop).await;
    assert_eq!((found.len(), found[0].status, found[0].attempts), (1, DeliveryStatus::Pending, 0));
}

#[tokio::test]
async fn a_webhook_may_go_while_it_is_called() {
    let delete = async |shop: &Shop, webhook: &Webhook| {
        shop.call(&main_shop(), DeleteWebhook { id: webhook.id }).await.unwrap();
    };
    assert_eq!(deliveries(&meanwhile(delete).await).await, []);
}
