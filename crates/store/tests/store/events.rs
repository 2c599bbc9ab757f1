//! The event log and webhook deliveries in the store.

use super::*;
use domain::Reason;
use domain::events::{Event, EventKind, EventPage, ListEvents, StreamItem, Watch};
use domain::limits::{EVENTS_KEPT_MIN, EVENTS_KEPT_SECONDS};
use domain::long_poll::Timer;
use domain::orders::{OrderId, OrderStatus};
use domain::shop::ShopConfig;
use domain::webhooks::{
    CreateWebhook, DeleteWebhook, Delivery, DeliveryStatus, Dispatcher, RotateWebhookSecret, SecretText, TestWebhook,
    UrlText, Webhook,
};
use futures_core::Stream;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicI32, Ordering};

/// Appends events with the same time.
async fn fill(store: &Sqlite, count: i32, user: i32, at: i64) {
    let job = change(move |shop| {
        if !shop.has_orders(UserId(1))? {
            let (id, user_id) = (OrderId(shop.next(Sequence::Orders)?), UserId(1));
            let (total, at) = (Money::cents(0), Timestamp(at));
            let (status, lines) = (OrderStatus::Placed, Vec::new());
            shop.insert_order(&Order { id, user_id, status, lines, total, placed_at: at, updated_at: at, version: 1 })?;
        }
        for _ in 0..count {
            let seq = shop.next(Sequence::Events)?;
            let (kind, order_id, status) = (EventKind::OrderPlaced, OrderId(1), OrderStatus::Placed);
            shop.append_event(&Event { seq, kind, order_id, user_id: UserId(user), status, at: Timestamp(at) })?;
        }
        Ok(())
    });
    store.write(&Sandbox::main(), job).await.unwrap();
}

async fn list(shop: &Shop, after: Option<i64>) -> Result<EventPage, Reason> {
    let after = after.map(|after| ("after", after.into()));
    let asked: ListEvents = input(&after.into_iter().collect::<Vec<_>>());
    shop.call(&main_shop(), asked).await.map_err(|error| error.reason)
}

async fn watch(shop: &Shop, members: &[(&str, Value)]) -> Result<Watch, Reason> {
    shop.watch(&main_shop(), Value::object(members.iter().cloned())).await.map_err(|error| error.reason)
}

async fn next(watch: &mut Watch) -> StreamItem {
    poll_fn(|task| Pin::new(&mut *watch).poll_next(task)).await.unwrap().unwrap()
}

#[tokio::test]
async fn old_events_are_deleted_without_a_gap() {
    const NOW: i64 = 10_000_000;
    let (store, shop) = open();
    let shop = shop.with_config(ShopConfig { clock: || Timestamp(NOW), ..ShopConfig::default() });
    place(&shop, &main_shop(), &[(1, 1)]).await.unwrap();
    // Among the events beyond the limit, one in the middle is recent: it stays, and so do all later ones.
    fill(&store, 48, 1, NOW - EVENTS_KEPT_SECONDS - 1).await;
    fill(&store, 1, 1, NOW - EVENTS_KEPT_SECONDS).await;
    fill(&store, EVENTS_KEPT_MIN + 50, 1, NOW - EVENTS_KEPT_SECONDS - 1).await;
    assert_eq!(list(&shop, Some(0)).await.unwrap().items[0].seq, 1, "old events stay until the next cleanup");
    while list(&shop, None).await.unwrap().items[0].seq == 1 {
        // The first event was placed now, so it is deleted only when it is old, too.
        let old = change(|shop| shop.delete_events(EVENTS_KEPT_MIN, Timestamp(NOW + 1)));
        store.write(&Sandbox::main(), old).await.unwrap();
    }
    let first = list(&shop, None).await.unwrap().items[0].seq;
    assert!(first > 1, "{first}");
    assert_eq!(list(&shop, Some(i64::from(first) - 2)).await, Err(Reason::CursorExpired));
    assert_eq!(list(&shop, Some(i64::from(first) - 1)).await.unwrap().items[0].seq, first);
    let gone = watch(&shop, &[("after", 0.into())]).await;
    assert_eq!(gone.err(), Some(Reason::CursorExpired));
}

#[tokio::test]
async fn placing_an_order_sometimes_deletes_old_events() {
    const NOW: i64 = 10_000_000;
    let (store, shop) = open();
    let shop = shop.with_config(ShopConfig { clock: || Timestamp(NOW), ..ShopConfig::default() });
    fill(&store, 99 + EVENTS_KEPT_MIN, 1, 0).await;
    assert_eq!(list(&shop, None).await.unwrap().items[0].seq, 1);
    place(&shop, &main_shop(), &[(1, 1)]).await.unwrap();
    let oldest = list(&shop, None).await.unwrap().items[0].seq;
    assert_eq!(oldest, 101, "so that {EVENTS_KEPT_MIN} are left");
    let newest = query(&store, "main", |shop| shop.last_seq().unwrap()).await.unwrap();
    assert_eq!(newest - oldest + 1, EVENTS_KEPT_MIN);
}

#[tokio::test]
async fn a_cursor_ahead_of_the_log_has_expired() {
    let (store, shop) = open();
    fill(&store, 3, 1, 0).await;
    assert_eq!(list(&shop, Some(3)).await.unwrap(), EventPage { items: vec![], next: 3 });
    assert_eq!(list(&shop, Some(4)).await, Err(Reason::CursorExpired));
    assert_eq!(watch(&shop, &[("after", 4.into())]).await.err(), Some(Reason::CursorExpired));
}

#[tokio::test]
async fn a_watch_of_one_user_gets_bookmarks_for_skipped_events() {
    let (store, shop) = open();
    fill(&store, 150, 2, 0).await;
    fill(&store, 1, 1, 0).await;
    fill(&store, 20, 2, 0).await;
    let mut watch = watch(&shop, &[("after", 0.into()), ("user_id", 1.into())]).await.unwrap();
    assert_eq!(next(&mut watch).await, StreamItem::Bookmark(100));
    let StreamItem::Event(event) = next(&mut watch).await else { panic!("an event") };
    assert_eq!((event.seq, event.user_id), (151, UserId(1)));
    assert_eq!(next(&mut watch).await, StreamItem::Bookmark(171));
    assert_eq!(watch.cursor(), 171);
    let (news, ()) = tokio::join!(next(&mut watch), fill(&store, 2, 2, 0));
    assert_eq!(news, StreamItem::Bookmark(173));
}

#[tokio::test]
async fn every_watch_gets_all_events_after_its_cursor() {
    let (store, shop) = open();
    fill(&store, 5, 1, 0).await;
    let mut watches = Vec::new();
    for after in 0..=5 {
        watches.push(watch(&shop, &[("after", after.into())]).await.unwrap());
    }
    fill(&store, 250, 1, 0).await;
    for (after, watch) in (0..).zip(&mut watches) {
        let mut cursors = Vec::new();
        while cursors.last() != Some(&255) {
            cursors.push(next(watch).await.cursor());
        }
        assert!(cursors.into_iter().eq(after + 1..=255), "after {after}");
    }
}

/// A timer that never fires.
struct Never;

impl Timer for Never {
    fn after(&self, _: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(pending())
    }
}

#[tokio::test]
async fn list_events_waits_for_the_first_event() {
    let (store, shop) = open();
    let asked = || input::<ListEvents>(&[("after", 0.into()), ("wait_seconds", 30.into())]);
    let page = shop.call(&main_shop(), asked()).await.unwrap();
    assert_eq!(page, EventPage { items: vec![], next: 0 }, "a shop without a timer does not wait");

    let shop = shop.with_timer(Arc::new(Never));
    let main = main_shop();
    let (page, in_work) = tokio::join!(shop.call(&main, asked()), async {
        let in_work = shop.in_flight();
        fill(&store, 2, 1, 0).await;
        in_work
    });
    assert_eq!(page.unwrap().items.len(), 2);
    assert_eq!(in_work, 0, "a waiting call does not count as in flight");
    let main = main_shop();
    let asked: ListEvents = input(&[("after", 2.into()), ("wait_seconds", 30.into())]);
    let (page, reset) = tokio::join!(shop.call(&main, asked), store.reset(&Sandbox::main()));
    reset.unwrap();
    assert_eq!(page.map_err(|error| error.reason), Err(Reason::CursorExpired));
}

#[tokio::test]
async fn only_one_call_of_a_request_waits() {
    let (_, shop) = open();
    let shop = shop.with_timer(Arc::new(Never));
    let main = main_shop();
    let asked = || input::<ListEvents>(&[("wait_seconds", 30.into())]);
    product(&shop, &main_shop(), 1).await;
    let mut first = Box::pin(shop.call(&main, asked()));
    assert!(poll_fn(|task| std::task::Poll::Ready(first.as_mut().poll(task).is_pending())).await);
    assert_eq!(shop.call(&main, asked()).await.unwrap().items, []);
}

/// A dispatcher that accepts every URL and numbers its secrets.
#[derive(Default)]
struct Counting(AtomicI32);

impl Dispatcher for Counting {
    fn ready(&self) -> Result<(), Error> {
        Ok(())
    }
    fn accept(&self, _: &UrlText) -> Result<(), Error> {
        Ok(())
    }
    fn new_secret(&self) -> Result<SecretText, Error> {
        Ok(SecretText::parse(format!("secret {}", self.0.fetch_add(1, Ordering::Relaxed))).unwrap())
    }
    fn new_secret_id(&self) -> Result<Name, Error> {
        Ok(Name::parse(format!("mark {}", self.0.load(Ordering::Relaxed))).unwrap())
    }
}

async fn webhook(shop: &Shop, context: &RequestContext) -> Webhook {
    shop.call(context, input::<CreateWebhook>(&[("url", "http://example.com".into())])).await.unwrap()
}

/// Returns the deliveries due at `now` (sandbox and event of each), and the time of the next one after that.
fn due(store: &Sqlite, now: i64) -> (Vec<(String, Option<i32>)>, Option<i64>) {
    let (ends, later): (Vec<_>, Vec<_>) = store.endpoints().unwrap().into_iter().partition(|(_, first)| first.0 <= now);
    let mut named = Vec::new();
    for (end, _) in ends {
        let due = store.due_deliveries(&end, Timestamp(now), 100).unwrap();
        named.extend(due.into_iter().map(|due| (end.sandbox.to_string(), due.event.map(|event| event.seq))));
    }
    (named, later.first().map(|(_, first)| first.0))
}

#[tokio::test]
async fn an_event_is_due_to_every_webhook_of_its_sandbox() {
    const NOW: i64 = 1_000;
    let (store, shop) = open();
    let shop = shop.with_config(ShopConfig { clock: || Timestamp(NOW), ..ShopConfig::default() });
    let shop = shop.with_dispatcher(Arc::new(Counting::default()));
    let (main, alice) = (main_shop(), context("alice"));
    let first = webhook(&shop, &main).await;
    assert_eq!(first.secret.as_ref().map(|secret| secret.as_str()), Some("secret 0"));
    place(&shop, &alice, &[(1, 1)]).await.unwrap();
    assert_eq!(due(&store, NOW), (vec![], None), "a sandbox without webhooks has no deliveries");
    webhook(&shop, &alice).await;
    place(&shop, &main, &[(1, 1)]).await.unwrap();
    place(&shop, &alice, &[(1, 1)]).await.unwrap();
    let tested = shop.call(&main, TestWebhook { id: first.id }).await.unwrap();
    assert_eq!((tested.seq, tested.status, tested.attempts), (None, DeliveryStatus::Pending, 0));
    let named = |sandbox: &str, seq| (sandbox.to_owned(), seq);
    let all = vec![named("main", Some(1)), named("alice", Some(2)), named("main", None)];
    let (mut found, next) = due(&store, NOW);
    found.sort();
    let mut expected = all.clone();
    expected.sort();
    assert_eq!((found, next), (expected, None));
    assert_eq!(due(&store, NOW - 1), (vec![], Some(NOW)));

    let taken = Delivery { status: DeliveryStatus::Delivered, attempts: 1, next_attempt_at: None, ..tested };
    let tried = change(move |shop| shop.update_delivery(&taken));
    store.write(&main.sandbox, tried).await.unwrap();
    assert_eq!(due(&store, NOW).0.len(), 2);
    shop.call(&main, DeleteWebhook { id: first.id }).await.unwrap();
    assert_eq!(due(&store, NOW).0, [named("alice", Some(2))]);
    store.reset(&alice.sandbox).await.unwrap();
    assert_eq!(due(&store, NOW), (vec![], None));
}

#[tokio::test]
async fn the_former_secret_stays_next_to_the_new_one() {
    let (store, shop) = open();
    let shop = shop.with_dispatcher(Arc::new(Counting::default()));
    let main = main_shop();
    let made = webhook(&shop, &main).await;
    let rotated = shop.call(&main, RotateWebhookSecret { id: made.id }).await.unwrap();
    assert_ne!(rotated.secret, made.secret);
    let stored = query(&store, "main", move |shop| shop.webhook(made.id).unwrap().unwrap()).await.unwrap();
    assert_eq!(Some(&stored.secret), rotated.secret.as_ref());
    assert_eq!(stored.former.map(|(secret, _)| secret), made.secret);
    assert_eq!(stored.webhook.secret, None, "the secret is returned once only");
}

#[tokio::test]
async fn failing_deliveries_to_one_webhook_do_not_hide_others() {
    let (store, shop) = open();
    let shop = shop.with_config(ShopConfig { clock: || Timestamp(1_000), ..ShopConfig::default() });
    let shop = shop.with_dispatcher(Arc::new(Counting::default()));
    let (main, alice) = (main_shop(), context("alice"));
    let first = webhook(&shop, &main).await;
    for _ in 0..5 {
        shop.call(&main, TestWebhook { id: first.id }).await.unwrap();
    }
    webhook(&shop, &alice).await;
    place(&shop, &alice, &[(1, 1)]).await.unwrap();
    let ends = store.endpoints().unwrap();
    let sandboxes: Vec<_> = ends.iter().map(|(end, first)| (end.sandbox.as_str(), first.0)).collect();
    assert_eq!(sandboxes, [("alice", 1_000), ("main", 1_000)]);
    assert_eq!(store.due_deliveries(&ends[1].0, Timestamp(1_000), 2).unwrap().len(), 2);
    assert_eq!(store.due_deliveries(&ends[1].0, Timestamp(999), 2).unwrap(), []);
}

#[tokio::test]
async fn update_if_exists_creates_no_sandbox() {
    let (store, shop) = open();
    let alice = context("alice");
    let update =
        |store: &Sqlite| store.update_if_exists(&alice.sandbox, change(|shop| shop.next(Sequence::Orders).map(drop)));
    update(&store).await.unwrap();
    assert!(!store.exists(&alice.sandbox));
    product(&shop, &alice, 1).await;
    update(&store).await.unwrap();
    assert_eq!(place(&shop, &alice, &[(1, 1)]).await.unwrap().id.0, 2);
    // Both wait in one batch: the sandbox is deleted first, and the update does not create it again.
    let release = hold_writer(&store).await;
    let (deleted, updated) = (store.delete(&alice.sandbox), update(&store));
    drop(release);
    deleted.await.unwrap();
    updated.await.unwrap();
    assert!(!store.exists(&alice.sandbox));
}
