//! Is what the door needs kept: settings, secrets, and what has happened under which key?

use super::*;
use domain::Reason;
use domain::authenticator::{PasswordHash, StoredApiKey};
use domain::orders::{OrderStatus, SetOrderStatus};
use domain::sandbox::{Access, Settings};
use domain::shop::ShopConfig;
use domain::users::DeleteUser;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY: i64 = 24 * 60 * 60;

fn clicked(sandbox: &str, key: &str) -> RequestContext {
    RequestContext { idempotency_key: Some(key.to_owned()), ..meta(sandbox) }
}

#[tokio::test]
async fn a_command_with_a_key_happens_once_a_day() {
    static NOW: AtomicI64 = AtomicI64::new(1_000_000);
    let clock = || Timestamp(NOW.load(Ordering::SeqCst));
    let (_, shop) = open();
    let shop = shop.with_config(ShopConfig { clock, ..ShopConfig::default() });
    let click = async || {
        let meta = clicked("main", "k");
        let order = place(&shop, &meta, &[(1, 1)]).await.unwrap();
        (order, meta.response.is_replayed())
    };
    let (first, replayed) = click().await;
    assert!(!replayed);
    let paid = SetOrderStatus { id: first.id, status: OrderStatus::Paid, expected_version: None };
    shop.call(&main_shop(), paid).await.unwrap();
    NOW.fetch_add(DAY, Ordering::SeqCst);
    assert_eq!(click().await, (first.clone(), true), "as it was first answered, not as it is now");
    let reused = place(&shop, &clicked("main", "k"), &[(1, 2)]).await.unwrap_err();
    assert_eq!(reused.reason, Reason::IdempotencyKeyReused);
    assert_ne!(place(&shop, &clicked("other", "k"), &[(1, 1)]).await.unwrap().placed_at, first.placed_at);
    assert_ne!(place(&shop, &clicked("main", "l"), &[(1, 1)]).await.unwrap().id, first.id);
    NOW.fetch_add(1, Ordering::SeqCst);
    let (second, replayed) = click().await;
    assert!(second.id > first.id && !replayed, "after a day it is another command");
}

#[tokio::test]
async fn a_refused_command_leaves_its_key_free() {
    let (_, shop) = open();
    let refused = place(&shop, &clicked("main", "k"), &[(2, 6)]).await.unwrap_err();
    assert_eq!(refused.reason, Reason::OutOfStock);
    assert!(place(&shop, &clicked("main", "k"), &[(2, 5)]).await.is_ok());
    let reset = clicked("main", "k");
    shop.store().reset(&reset.sandbox).await.unwrap();
    place(&shop, &reset, &[(2, 5)]).await.unwrap();
    assert!(!reset.response.is_replayed(), "a sandbox that is as when new has seen no key");
}

#[tokio::test]
async fn settings_outlive_a_reset_and_a_restart_and_go_with_the_sandbox() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let open = || Sqlite::open(Location::File(file.clone()), small_seed()).unwrap();
    let alice = Sandbox::parse("alice").unwrap();
    let settings = Settings { access: Access::Locked, rate_per_minute: Some(60), rtt_ms: 150 };
    let store = open();
    assert_eq!(store.settings(&alice), Settings::default());
    store.configure(&alice, settings).await.unwrap();
    assert_eq!(store.settings(&alice), settings);
    assert!(store.exists(&alice), "it is made by what is set for it");
    store.reset(&alice).await.unwrap();
    assert_eq!(store.settings(&alice), settings);
    drop(store);
    let store = open();
    assert_eq!(store.settings(&alice), settings);
    store.delete(&alice).await.unwrap();
    assert_eq!(store.settings(&alice), Settings::default());
}

#[tokio::test]
async fn a_user_goes_with_password_and_keys() {
    let (store, shop) = open();
    let key = StoredApiKey { name: "abcd".to_owned(), digest: [7; 32] };
    let kept = key.clone();
    let keep = change(move |shop| {
        shop.set_password(UserId(1), &PasswordHash("one".to_owned()))?;
        shop.set_password(UserId(1), &PasswordHash("two".to_owned()))?;
        shop.add_key(UserId(1), &kept)
    });
    store.write(&Sandbox::main(), keep).await.unwrap();
    let found = look(&store, "main", |records| (records.password(UserId(1)).unwrap(), records.key("abcd").unwrap()));
    assert_eq!(found.await.unwrap(), (Some(PasswordHash("two".to_owned())), Some((UserId(1), key))));
    shop.call(&main_shop(), parse::<DeleteUser>(Value::object([("id", 1.into())])).unwrap()).await.unwrap();
    let found = look(&store, "main", |records| (records.password(UserId(1)).unwrap(), records.key("abcd").unwrap()));
    assert_eq!(found.await.unwrap(), (None, None));
}

#[test]
fn a_secret_is_made_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let open = || Sqlite::open(Location::File(file.clone()), small_seed()).unwrap();
    let first = open().secret("token-key", || vec![1; 32]).unwrap();
    assert_eq!(open().secret("token-key", || vec![2; 32]).unwrap(), first);
    assert_eq!(open().secret("another", || vec![3; 32]).unwrap(), [3; 32]);
}

#[tokio::test]
async fn a_file_of_the_version_before_is_led_on() {
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
    assert!(place(&Shop::new(store), &clicked("new", "k"), &[(1, 1)]).await.is_ok());
}
