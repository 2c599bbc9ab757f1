//! Acknowledged orders survive the death of the process: it is killed while it works, and its file is examined.

use crate::buyers::{Purchase, buy};
use domain::{RequestContext, Sandbox, Value};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tests::test_server::{self, shop_at, standard_seed};
use tests::{ValueAccess, given, runtime};
use tokio::sync::Notify;
use wire::Address;

/// In the environment: this process is a server over that file.
pub const CHILD: &str = "PARLANCE_CHILD";
/// In the environment: how often to kill.
const ROUNDS: &str = "PARLANCE_CRASH_ROUNDS";

const CONNECTIONS: usize = 20;

/// Serves a file until it is killed. Prints its address.
pub fn serve(file: PathBuf) {
    let (shop, ports) = shop_at(&file, standard_seed());
    let running = test_server::serve(shop, ports);
    println!("{}", running.address());
    loop {
        std::thread::park();
    }
}

pub fn test() {
    let rounds = std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("shop.db");
    let shop = Kept::open(&file);
    let start = shop.call("update_product", json!({"id": 1, "stock": 1_000_000})).number("stock");
    let before = shop.orders();
    drop(shop);
    let mut acknowledged = BTreeSet::new();
    for round in 1..=rounds {
        // Later each time, so that it hits another moment of the work.
        acknowledged.extend(buy_and_kill(&file, 40 + 37 * (round % 10)));
        assert_eq!(integrity(&file), "ok", "round {round}");
        let shop = Kept::open(&file);
        for order in &acknowledged {
            assert_eq!(shop.call("get_order", json!({"id": order})).words("status"), "placed", "round {round}");
        }
        // An order that was not acknowledged may exist; but whole: every piece that is gone is in an order, and in the log.
        let sold = shop.orders() - before;
        assert!(sold >= acknowledged.len(), "round {round}");
        assert_eq!(shop.call("get_product", json!({"id": 1})).number("stock"), start - sold as i64, "round {round}");
        let logged = shop.events();
        assert!(acknowledged.is_subset(&logged), "round {round}: the log tells of every acknowledged order");
    }
    assert!(acknowledged.len() >= 40 * rounds);
}

/// Starts a server process and many buyers, and kills the server once so many orders are acknowledged. Returns all of them.
fn buy_and_kill(file: &Path, enough: usize) -> Vec<i64> {
    let (mut child, address) = start(file);
    let bought = Arc::new(Mutex::new(Vec::new()));
    let (counted, count, reached) = (bought.clone(), AtomicUsize::new(0), Arc::new(Notify::new()));
    let enough_bought = reached.clone();
    let record = move |style: &wire::Adapter, outcome| match outcome {
        Purchase::Bought(order) => {
            counted.lock().expect("no buyer panics").push(order);
            if count.fetch_add(1, Ordering::SeqCst) + 1 == enough {
                enough_bought.notify_one();
            }
        }
        Purchase::Refused(refused) => panic!("{}: {refused}", style.title),
        Purchase::Lost => {}
    };
    runtime().block_on(async {
        let kill = async {
            reached.notified().await;
            // On Unix this is SIGKILL: the process can't finish anything.
            child.kill().expect("it lives");
        };
        tokio::join!(buy(&address, CONNECTIONS, || true, record), kill);
    });
    child.wait().expect("it is dead");
    std::mem::take(&mut bought.lock().expect("no buyer panics"))
}

/// Starts this program as a server, and waits for its address.
fn start(file: &Path) -> (Child, Address) {
    let program = std::env::current_exe().expect("a program");
    let child = Command::new(program).env(CHILD, file).stdout(Stdio::piped()).spawn();
    let mut child = child.expect("a process");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    (child, Address::parse(line.trim()).expect("an address"))
}

/// What SQLite itself says about the file.
fn integrity(file: &Path) -> String {
    let connection = rusqlite::Connection::open(file).expect("a database");
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a verdict")
}

/// The file, read without any protocol.
struct Kept(domain::Shop);

impl Kept {
    fn open(file: &Path) -> Kept {
        Kept(shop_at(file, standard_seed()).0)
    }

    fn call(&self, operation: &str, input: serde_json::Value) -> Value {
        let context = RequestContext::new("none", Sandbox::main());
        runtime()
            .block_on(self.0.execute(&context, domain::Operation::named(operation), given(&input)))
            .expect("an answer")
            .to_value()
    }

    /// The number of orders.
    fn orders(&self) -> usize {
        let mut count = 0;
        let mut page = self.call("list_orders", json!({"limit": 100}));
        loop {
            count += page.column("id").len();
            let Some(next) = page.get("next").and_then(Value::as_text).map(str::to_owned) else { return count };
            page = self.call("list_orders", json!({"limit": 100, "after": next}));
        }
    }

    /// The orders that the log reports as placed. It has no gap.
    fn events(&self) -> BTreeSet<i64> {
        let mut orders = BTreeSet::new();
        let mut last = 0;
        loop {
            let page = self.call("list_events", json!({"limit": 100, "after": last}));
            for event in page.value_at("items").items() {
                last += 1;
                assert_eq!(event.number("seq"), last, "the log is dense");
                if event.words("kind") == "order.placed" {
                    assert!(orders.insert(event.number("order_id")), "an order is placed once");
                }
            }
            if page.value_at("items").items().is_empty() {
                return orders;
            }
        }
    }
}
