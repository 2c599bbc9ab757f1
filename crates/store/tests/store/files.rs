//! The database file: ownership, locking and durability.

use super::*;
use domain::orders::{GetOrder, OrderId};
use rusqlite::Connection;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::OpenError;

fn open_at(file: &Path) -> Result<Arc<Sqlite>, OpenError> {
    Sqlite::open(Location::File(file.to_owned()), small_seed()).map(Arc::new)
}

#[tokio::test]
async fn data_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let alice = context("alice");
    let order = place(&Shop::new(open_at(&file).unwrap()), &alice, &[(2, 2), (1, 1)]).await.unwrap();
    assert!(!directory.path().join("shop.db-wal").exists(), "the log is back in the file");

    let store = open_at(&file).unwrap();
    assert!(store.exists(&alice.sandbox) && !store.exists(&Sandbox::main()));
    let shop = Shop::new(store);
    assert_eq!(shop.call(&alice, GetOrder { id: order.id }).await.unwrap(), order);
    assert_eq!(place(&shop, &alice, &[(2, 1)]).await.unwrap().id.0, 2);
}

#[tokio::test]
async fn dropping_the_store_completes_queued_writes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let store = open_at(&file).unwrap();
    let release = hold_writer(&store).await;
    drop(store.write(&Sandbox::main(), change(|shop| shop.take_stock(ProductId(2), 5).map(drop))));
    drop(release);
    drop(store);
    assert_eq!(product(&Shop::new(open_at(&file).unwrap()), &main_shop(), 2).await.stock, 0);
}

#[test]
fn a_file_opens_in_one_store_only() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let first = open_at(&file).unwrap();
    let refused = open_at(&file).err().unwrap();
    assert_eq!(refused.to_string(), format!("{} is in use by another process", file.display()));
    drop(first);
    open_at(&file).unwrap();
}

#[test]
fn a_foreign_file_is_refused_and_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("notes.txt");
    std::fs::write(&text, "Dear diary, today I met a database that wanted to eat me. I ran.".repeat(20)).unwrap();
    let foreign = directory.path().join("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE recipes (title TEXT)").unwrap();
    for file in [text, foreign] {
        let before = std::fs::read(&file).unwrap();
        assert!(matches!(open_at(&file), Err(OpenError::Foreign { .. })));
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
    let nowhere = directory.path().join("no/such/directory/shop.db");
    assert!(matches!(open_at(&nowhere), Err(OpenError::Io { .. })));
}

#[test]
fn a_newer_schema_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    drop(open_at(&file).unwrap());
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open_at(&file), Err(OpenError::Newer { found: 99, .. })));
}

#[tokio::test]
async fn corrupted_data_is_an_internal_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    product(&Shop::new(open_at(&file).unwrap()), &main_shop(), 1).await;
    Connection::open(&file).unwrap().execute("UPDATE products SET name = '' WHERE id = 1", []).unwrap();
    let shop = Shop::new(open_at(&file).unwrap());
    let get = GetProduct { id: ProductId(1) };
    assert_eq!(shop.call(&main_shop(), get).await, Err(Error::internal()));
    assert_eq!(product(&shop, &main_shop(), 2).await.stock, 5);
}

/// The environment variable that makes [`a_process_that_sells_until_it_is_killed`] start selling.
const SELL_IN: &str = "PARLANCE_TEST_SELL_IN";

/// The process that the next test kills; not a test by itself.
#[tokio::test]
async fn a_process_that_sells_until_it_is_killed() {
    let Some(file) = std::env::var_os(SELL_IN) else { return };
    let shop = Shop::new(open_at(&PathBuf::from(file)).unwrap());
    loop {
        let order = place(&shop, &main_shop(), &[(1, 1)]).await.unwrap();
        println!("sold {}", order.id.0);
    }
}

#[tokio::test]
async fn acknowledged_writes_survive_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("shop.db");
    let mut seller = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "files::a_process_that_sells_until_it_is_killed", "--nocapture"])
        .env(SELL_IN, &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(seller.stdout.take().unwrap()).lines().map_while(Result::ok);
    let sold = output.filter_map(|line| line.rsplit_once("sold ")?.1.parse::<i32>().ok());
    let mut last = 0;
    for id in sold {
        last = id;
        if id == 50 {
            seller.kill().unwrap();
        }
    }
    seller.wait().unwrap();
    assert!(last >= 50);
    let shop = Shop::new(open_at(&file).expect("the lock is released when the process ends"));
    for id in 1..=last {
        shop.call(&main_shop(), GetOrder { id: OrderId(id) }).await.unwrap();
    }
    let stock = product(&shop, &main_shop(), 1).await.stock;
    assert!(stock == 1_000 - last || stock == 1_000 - last - 1, "one write may be committed but not yet acknowledged");
}
