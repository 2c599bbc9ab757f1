//! Sandboxes: isolation, creation, reset and deletion.

use super::*;
use domain::Reason;
use domain::events::Watch;
use domain::limits::SANDBOXES_MAX;
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

async fn watch(shop: &Shop, context: &RequestContext) -> Watch {
    shop.watch(context, Value::Object(Vec::new())).await.unwrap()
}

async fn next(watch: &mut Watch) -> Option<Result<i32, Reason>> {
    let next = poll_fn(|task| Pin::new(&mut *watch).poll_next(task)).await;
    next.map(|event| event.map(|news| news.cursor()).map_err(|error| error.reason))
}

#[tokio::test]
async fn sandboxes_are_isolated() {
    let (store, shop) = open();
    let (alice, bob) = (context("alice"), context("bob"));
    assert!(!store.exists(&alice.sandbox));
    assert_eq!(place(&shop, &alice, &[(2, 5)]).await.unwrap().id.0, 1);
    assert!(store.exists(&alice.sandbox) && !store.exists(&bob.sandbox));
    assert_eq!(product(&shop, &bob, 2).await.stock, 5);
    assert_eq!(product(&shop, &alice, 2).await.stock, 0);
    assert!(store.exists(&bob.sandbox), "a read makes it, too");
    assert_eq!(place(&shop, &bob, &[(1, 1)]).await.unwrap().id.0, 1, "numbers are its own");
}

#[tokio::test]
async fn a_reset_restores_the_seed_and_ends_watches() {
    let (store, shop) = open();
    let (alice, main) = (context("alice"), main_shop());
    let mut watcher = watch(&shop, &alice).await;
    let mut stranger = watch(&shop, &main).await;
    place(&shop, &alice, &[(2, 5)]).await.unwrap();
    assert_eq!(next(&mut watcher).await, Some(Ok(1)));
    let (expired, reset) = tokio::join!(next(&mut watcher), store.reset(&alice.sandbox));
    reset.unwrap();
    assert_eq!(expired, Some(Err(Reason::CursorExpired)));
    assert_eq!(next(&mut watcher).await, None);

    let chair = product(&shop, &alice, 2).await;
    assert_eq!((chair.stock, chair.version), (5, 1));
    assert_eq!(query(&store, "alice", |shop| shop.last_seq().unwrap()).await.unwrap(), 0);
    let mut watcher = watch(&shop, &alice).await;
    assert_eq!(place(&shop, &alice, &[(1, 1)]).await.unwrap().id.0, 1);
    assert_eq!(next(&mut watcher).await, Some(Ok(1)));
    place(&shop, &main, &[(1, 1)]).await.unwrap();
    assert_eq!(next(&mut stranger).await, Some(Ok(1)), "other sandboxes hear nothing of it");
}

#[tokio::test]
async fn a_reset_creates_a_missing_sandbox() {
    let (store, _) = open();
    let sandbox = Sandbox::parse("new").unwrap();
    store.reset(&sandbox).await.unwrap();
    assert!(store.exists(&sandbox));
}

#[tokio::test]
async fn a_deleted_sandbox_is_created_again() {
    let (store, shop) = open();
    let alice = context("alice");
    place(&shop, &alice, &[(2, 5)]).await.unwrap();
    let mut watcher = watch(&shop, &alice).await;
    store.delete(&alice.sandbox).await.unwrap();
    assert!(!store.exists(&alice.sandbox));
    assert_eq!(next(&mut watcher).await, Some(Err(Reason::CursorExpired)));
    store.delete(&alice.sandbox).await.expect("deleting a missing sandbox does nothing");
    assert_eq!(product(&shop, &alice, 2).await.stock, 5);
    assert!(store.exists(&alice.sandbox));
}

#[tokio::test]
async fn delete_and_use_may_share_a_commit() {
    let (store, shop) = open();
    let (alice, bob) = (context("alice"), context("bob"));
    place(&shop, &alice, &[(2, 5)]).await.unwrap();
    let release = hold_writer(&store).await;
    let deleted = store.delete(&alice.sandbox);
    let used = store.write(&alice.sandbox, change(|shop| shop.take_stock(ProductId(2), 4).map(drop)));
    let made = store.write(&bob.sandbox, change(|_| Ok(())));
    let unmade = store.delete(&bob.sandbox);
    drop(release);
    for done in [used, made] {
        done.await.unwrap();
    }
    deleted.await.unwrap();
    unmade.await.unwrap();
    assert_eq!(product(&shop, &alice, 2).await.stock, 1);
    assert!(!store.exists(&bob.sandbox));
    assert_eq!(product(&shop, &bob, 2).await.stock, 5);
}

/// A reader that comes while a sandbox is deleted and created again sees a complete shop.
#[tokio::test]
async fn readers_never_see_an_empty_shop() {
    let (store, _) = open();
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (store, stop) = (store.clone(), stop.clone());
            on_thread(async move {
                while !stop.load(Ordering::Relaxed) {
                    let there = query(&store, "alice", |shop| shop.user(UserId(3)).unwrap().is_some());
                    assert!(there.await.unwrap());
                }
            })
        })
        .collect();
    let alice = Sandbox::parse("alice").unwrap();
    for round in 0..60 {
        if round % 2 == 0 { store.delete(&alice).await.unwrap() } else { store.reset(&alice).await.unwrap() }
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.join().unwrap();
    }
}

#[tokio::test]
async fn the_limit_on_sandboxes_does_not_apply_to_main() {
    let (store, _) = open();
    let names: Vec<String> = (0..SANDBOXES_MAX).map(|number| format!("s{number}")).collect();
    let made: Vec<_> =
        names.iter().map(|name| store.write(&Sandbox::parse(name).unwrap(), change(|_| Ok(())))).collect();
    for made in made {
        made.await.unwrap();
    }
    let refused = query(&store, "one-more", |_| ()).await.unwrap_err();
    assert_eq!(refused.reason, Reason::Overloaded);
    assert!(!store.exists(&Sandbox::parse("one-more").unwrap()));
    query(&store, "main", |_| ()).await.expect("main does not count towards the limit");
    store.delete(&Sandbox::parse("s7").unwrap()).await.unwrap();
    query(&store, "one-more", |_| ()).await.unwrap();
}

#[tokio::test]
async fn a_sandbox_whose_seed_fails_is_not_created() {
    let seed: Seed = Arc::new(|_, shop| {
        shop.next(Sequence::Users)?;
        Err(Error::internal())
    });
    let store = Sqlite::open(Location::Temporary, seed).unwrap();
    assert_eq!(query(&store, "main", |_| ()).await.unwrap_err().reason, Reason::Internal);
    assert!(!store.exists(&Sandbox::main()));
}
