//! The worker: concurrency, crashes and shutdown.

use super::receiver::{OK, ReceivedRequest};
use super::*;
use domain::webhooks::DeleteWebhook;
use std::collections::BTreeSet;
use tokio::sync::Notify;
use webhooks::concurrency::ATTEMPTS_PER_WEBHOOK_MAX;

fn gate() -> (Arc<Notify>, Response) {
    let gate = Arc::new(Notify::new());
    (gate.clone(), Response::After(gate))
}

fn id(received: &ReceivedRequest) -> String {
    received.header("webhook-id").to_owned()
}

#[tokio::test]
async fn a_slow_webhook_does_not_delay_others() {
    let shop = open();
    let (slow, mut quick) = (Receiver::open(vec![Response::Never]).await, Receiver::open(vec![OK]).await);
    webhook(&shop, &slow.url()).await;
    webhook(&shop, &quick.url()).await;
    for _ in 0..20 {
        place(&shop).await;
    }
    let _worker = Worker::start(shop.clone(), sender());
    let mut received = BTreeSet::new();
    for _ in 0..20 {
        received.insert(id(&quick.next_request().await));
    }
    assert_eq!(received.len(), 20, "each event is sent once");
    let taken = |found: &[Delivery]| found.iter().filter(|one| one.webhook_id.0 == 2).all(|one| one.attempts == 1);
    until(&shop, taken).await;
    assert_eq!(slow.unread(), 1, "a webhook that has never responded gets one attempt at a time");
}

#[tokio::test]
async fn a_running_delivery_is_not_sent_twice() {
    let (gate, after) = gate();
    let (mut receiver, shop) = (Receiver::open(vec![OK, after, OK]).await, open());
    let worker = Worker::start(shop.clone(), sender());
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    receiver.next_request().await;
    until(&shop, all_delivered).await;
    // The webhook has responded, so it may get more than one request at a time.
    tested(&shop, &webhook).await;
    let held = id(&receiver.next_request().await);
    for _ in 0..2 * ATTEMPTS_PER_WEBHOOK_MAX {
        place(&shop).await;
    }
    let mut received = BTreeSet::from([held]);
    for _ in 0..2 * ATTEMPTS_PER_WEBHOOK_MAX {
        assert!(received.insert(id(&receiver.next_request().await)));
    }
    gate.notify_one();
    until(&shop, all_delivered).await;
    worker.stop().await;
    assert_eq!(receiver.unread(), 0);
}

#[tokio::test]
async fn no_delivery_is_lost_in_a_crash() {
    let directory = tempfile::tempdir().unwrap();
    let open_file = || Sqlite::open(Location::File(directory.path().join("shop.db")), small_seed());
    let mut receiver = Receiver::open(vec![Response::Never, OK]).await;
    let shop = over(open_file().unwrap());
    webhook(&shop, &receiver.url()).await;
    for _ in 0..5 {
        place(&shop).await;
    }
    let worker = Worker::start(shop.clone(), sender());
    let unanswered = id(&receiver.next_request().await);
    assert!(deliveries(&shop).await.iter().all(|delivery| delivery.attempts == 0));
    // As when the process is killed: running attempts end, and no outcome is stored.
    drop((worker, shop));
    let store = loop {
        // The file stays locked until the running attempts have ended.
        match open_file() {
            Ok(store) => break store,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let shop = over(store);
    let _worker = Worker::start(shop.clone(), sender());
    let mut received = BTreeSet::new();
    for _ in 0..5 {
        received.insert(id(&receiver.next_request().await));
    }
    assert!(received.len() == 5 && received.contains(&unanswered), "{received:?} and {unanswered}");
    until(&shop, all_delivered).await;
}

#[tokio::test]
async fn shutdown_waits_for_running_attempts() {
    let (gate, after) = gate();
    let (mut receiver, shop) = (Receiver::open(vec![after]).await, open());
    webhook(&shop, &receiver.url()).await;
    place(&shop).await;
    let worker = Worker::start(shop.clone(), sender());
    receiver.next_request().await;
    let more_orders = async {
        for _ in 0..10 {
            place(&shop).await;
        }
        gate.notify_one();
    };
    tokio::join!(worker.stop(), more_orders);
    let found = deliveries(&shop).await;
    let (first, later) = found.split_first().unwrap();
    assert_eq!((first.status, first.attempts), (DeliveryStatus::Delivered, 1));
    assert!(later.len() == 10 && later.iter().all(|one| (one.status, one.attempts) == (DeliveryStatus::Pending, 0)));
    assert_eq!(receiver.unread(), 0, "no attempt starts after shutdown has begun");
}

/// Runs `change` while the first delivery is being attempted.
async fn meanwhile(change: impl AsyncFnOnce(&Shop, &Webhook)) -> Shop {
    let (gate, after) = gate();
    let (mut receiver, shop) = (Receiver::open(vec![after]).await, open());
    let webhook = webhook(&shop, &receiver.url()).await;
    tested(&shop, &webhook).await;
    let worker = Worker::start(shop.clone(), sender());
    receiver.next_request().await;
    change(&shop, &webhook).await;
    tokio::join!(worker.stop(), async { gate.notify_one() });
    shop
}

#[tokio::test]
async fn recording_an_outcome_creates_no_sandbox() {
    let delete = async |shop: &Shop, _: &Webhook| shop.store().delete(&Sandbox::main()).await.unwrap();
    let shop = meanwhile(delete).await;
    assert!(!shop.store().exists(&Sandbox::main()));
}

#[tokio::test]
async fn an_outcome_is_not_recorded_for_another_webhook() {
    let shop = meanwhile(async |shop: &Shop, before: &Webhook| {
        shop.store().reset(&Sandbox::main()).await.unwrap();
        // The same id and the same time, but another webhook, which has not been called.
        let made = webhook(shop, before.url.as_str()).await;
        assert_eq!((made.id, made.created_at), (before.id, before.created_at));
        assert_eq!(tested(shop, &made).await.id.0, 1);
    })
    .await;
    let found = deliveries(&shop).await;
    assert_eq!((found.len(), found[0].status, found[0].attempts), (1, DeliveryStatus::Pending, 0));
}

#[tokio::test]
async fn a_webhook_can_be_deleted_during_an_attempt() {
    let delete = async |shop: &Shop, webhook: &Webhook| {
        shop.call(&main_shop(), DeleteWebhook { id: webhook.id }).await.unwrap();
    };
    assert_eq!(deliveries(&meanwhile(delete).await).await, []);
}
