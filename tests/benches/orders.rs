//! The gain of group commit: durable orders per second with 64 clients against one client, in the same run.

use domain::{RequestContext, Sandbox, Shop, Value, operations::parse, orders::PlaceOrder};
use server::seed::{SeedSize, seed};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use store::{Location, Sqlite};

const CLIENTS: [usize; 4] = [1, 8, 64, 256];
const RUN: Duration = Duration::from_secs(3);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        println!("Durable orders of one line, {} s each; every one is on disk before it is answered\n", RUN.as_secs());
        println!("{:>8}{:>14}{:>10}{:>18}", "clients", "orders/s", "ratio", "orders a commit");
        let mut alone = None;
        for clients in CLIENTS {
            let store =
                Arc::new(Sqlite::open(Location::Temporary, seed(SeedSize::default())).expect("a temporary shop"));
            let shop = Shop::new(store.clone());
            let (rate, placed, commits) = run(&shop, &store, clients).await;
            let alone = *alone.get_or_insert(rate);
            let together = f64::from(placed) / commits as f64;
            println!("{clients:>8}{rate:>14.0}{:>9.1}x{together:>18.1}", rate / alone);
        }
    });
}

async fn run(shop: &Shop, store: &Sqlite, clients: usize) -> (f64, u32, u64) {
    let context = RequestContext::new("bench", Sandbox::main());
    fill_up(shop, &context).await;
    let placed = Arc::new(AtomicU32::new(0));
    let (start, commits) = (Instant::now(), store.commits());
    let tasks = (0..clients).map(|client| {
        let (shop, context, placed) = (shop.clone(), context.clone(), placed.clone());
        tokio::spawn(async move {
            while start.elapsed() < RUN {
                shop.call(&context, order(client)).await.expect("there is enough in stock");
                placed.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("a client runs to its end");
    }
    let placed = placed.load(Ordering::Relaxed);
    (f64::from(placed) / start.elapsed().as_secs_f64(), placed, store.commits() - commits)
}

fn order(client: usize) -> PlaceOrder {
    let line = Value::object([("product_id", (client as i64 % 50 + 1).into()), ("quantity", 1.into())]);
    let input = Value::object([("user_id", 1.into()), ("lines", Value::List(vec![line]))]);
    parse(input).expect("a right order")
}

/// Enough stock that nothing is sold out.
async fn fill_up(shop: &Shop, context: &RequestContext) {
    for id in 1..=50 {
        let input = Value::object([("id", id.into()), ("stock", 1_000_000.into())]);
        let input: domain::products::UpdateProduct = parse(input).expect("a right input");
        shop.call(context, input).await.expect("the product is there");
    }
}
