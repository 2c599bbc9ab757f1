//! Idempotency keys, sandbox settings, credentials, server secrets and migrations.

use super::*;
use domain::Reason;
use domain::authenticator::{PasswordHash, StoredApiKey};
use domain::orders::{OrderStatus, SetOrderStatus};
use domain::sandbox::{Access, Exercises, Settings};
use domain::shop::ShopConfig;
use domain::users::DeleteUser;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY: i64 = 24 * 60 * 60;

fn with_key(sandbox: &str, key: &str) -> RequestContext {
    RequestContext { idempotency_key: Some(key.to_owned()), ..context(sandbox) }
}

#[tokio::test]
async fn a_command_with_an_idempotency_key_runs_once_a_day() {
    static NOW: AtomicI64 = AtomicI64::new(1_000_000);
    let clock = || Timestamp(NOW.load(Ordering::SeqCst));
    let (_, shop) = open();
    let shop = shop.with_config(ShopConfig { clock, ..ShopConfig::default() });
    let click = async || {
        let context = with_key("main", "k");
        let order = place(&shop, &context, &[(1, 1)]).await.unwrap();
        (order, context.response.is_replayed())
    };
    let (first, replayed) = click().await;
    assert!(!replayed);
    let paid = SetOrderStatus { id: first.id, status: OrderStatus::Paid, expected_version: None };
    shop.call(&main_shop(), paid).await.unwrap();
    NOW.fetch_add(DAY, Ordering::SeqCst);
    assert_eq!(click().await, (first.clone(), true), "the stored result, not the current order");
    let reused = place(&shop, &with_key("main", "k"), &[(1, 2)]).await.unwrap_err();
    assert_eq!(reused.reason, Reason::IdempotencyKeyReused);
    assert_ne!(place(&shop, &with_key("other", "k"), &[(1, 1)]).await.unwrap().placed_at, first.placed_at);
    assert_ne!(place(&shop, &with_key("main", "l"), &[(1, 1)]).await.unwrap().id, first.id);
    NOW.fetch_add(1, Ordering::SeqCst);
    let (second, replayed) = click().await;
    assert!(second.id > first.id && !replayed, "after a day the key is free again");
}

#[tokio::test]
async fn a_refused_command_leaves_its_key_free() {
    let (_, shop) = open();
    let refused = place(&shop, &with_key("main", "k"), &[(2, 6)]).await.unwrap_err();
    assert_eq!(refused.reason, Reason::OutOfStock);
    assert!(place(&shop, &with_key("main", "k"), &[(2, 5)]).await.is_ok());
    let reset = with_key("main", "k");
    shop.store().reset(&reset.sandbox).await.unwrap();
    place(&shop, &reset, &[(2, 5)]).await.unwrap();
    assert!(!reset.response.is_replayed(), "a reset deletes the idempotency keys");
}

#[tokio::test]
async fn settings_survive_reset_and_restart_and_are_deleted_with_the_sandbox() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let open = || Sqlite::open(Location::File(file.clone()), small_seed()).unwrap();
    let alice = Sandbox::parse("alice").unwrap();
    let settings =
        Settings { access: Access::Locked, rate_per_minute: Some(60), rtt_ms: 150, exercises: Exercises::On };
    let store = open();
    assert_eq!(store.settings(&alice), Settings::default());
    store.configure(&alice, settings).await.unwrap();
    assert_eq!(store.settings(&alice), settings);
    assert!(store.exists(&alice), "configuring a sandbox creates it");
    store.reset(&alice).await.unwrap();
    assert_eq!(store.settings(&alice), settings);
    drop(store);
    let store = open();
    assert_eq!(store.settings(&alice), settings);
    store.delete(&alice).await.unwrap();
    assert_eq!(store.settings(&alice), Settings::default());
}

#[tokio::test]
async fn deleting_a_user_deletes_password_and_api_keys() {
    let (store, shop) = open();
    let key = StoredApiKey { name: "abcd".to_owned(), digest: [7; 32] };
    let stored = key.clone();
    let keep = change(move |shop| {
        shop.set_password(UserId(1), &PasswordHash("one".to_owned()))?;
        shop.set_password(UserId(1), &PasswordHash("two".to_owned()))?;
        shop.add_key(UserId(1), &stored)
    });
    store.write(&Sandbox::main(), keep).await.unwrap();
    let found = query(&store, "main", |records| (records.password(UserId(1)).unwrap(), records.key("abcd").unwrap()));
    assert_eq!(found.await.unwrap(), (Some(PasswordHash("two".to_owned())), Some((UserId(1), key))));
    shop.call(&main_shop(), parse::<DeleteUser>(Value::object([("id", 1.into())])).unwrap()).await.unwrap();
    let found = query(&store, "main", |records| (records.password(UserId(1)).unwrap(), records.key("abcd").unwrap()));
    assert_eq!(found.await.unwrap(), (None, None));
}

#[test]
fn a_secret_is_created_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let open = || Sqlite::open(Location::File(file.clone()), small_seed()).unwrap();
    let first = open().secret("token-key", || vec![1; 32]).unwrap();
    assert_eq!(open().secret("token-key", || vec![2; 32]).unwrap(), first);
    assert_eq!(open().secret("another", || vec![3; 32]).unwrap(), [3; 32]);
}

#[tokio::test]
async fn a_file_of_an_older_version_is_migrated() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute_batch(include_str!("../../src/schema.sql")).unwrap();
    connection.execute_batch("INSERT INTO sandboxes (name) VALUES ('old')").unwrap();
    connection.pragma_update(None, "application_id", 0x5061_726c).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    let store = Arc::new(Sqlite::open(Location::File(file), small_seed()).unwrap());
    assert!(store.exists(&Sandbox::parse("old").unwrap()));
    assert_eq!(store.settings(&Sandbox::parse("old").unwrap()), Settings::default());
    assert!(place(&Shop::new(store), &with_key("new", "k"), &[(1, 1)]).await.is_ok());
}
