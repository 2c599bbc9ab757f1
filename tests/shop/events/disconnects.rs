//! No listener misses an event although connections break again and again while others write.

use futures_util::future::join_all;
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use tests::events::{Follower, Writer, log, newest, report_to, styles};
use tests::{TestServer, runtime};
use tokio::join;
use tokio::sync::watch;

tests!(after_a_thousand_breaks_every_listener_has_the_whole_log,);

/// Connections that break, over all styles.
const CUTS: usize = 1_000;
/// Listeners in each style.
const FOLLOWERS_EACH: usize = 5;
/// The maximum number of events between two breaks; random, and often none.
const EVENTS_MAX: usize = 24;
const WRITERS: usize = 8;
/// Orders of each writer, of two events each: enough events for all breaks.
const SALES_EACH: usize = 80;
/// How far the log may be ahead of the slowest listener, so that all breaks fall among the writing.
const AHEAD_MAX: i64 = 64;

/// How far each listener is, for the writers.
type Outcome = watch::Sender<Vec<i64>>;

fn after_a_thousand_breaks_every_listener_has_the_whole_log() {
    let server = TestServer::open();
    let sandbox = server.new_name();
    let address = server.address().in_sandbox(&sandbox);
    runtime().block_on(async {
        report_to(&server.shop, &sandbox, "update_product", json!({"id": 1, "stock": 1_000_000})).await;
        let start = newest(&server.shop, &sandbox).await;
        let end = start + (WRITERS * SALES_EACH * 2) as i64;
        let all = (0..FOLLOWERS_EACH).flat_map(|_| styles());
        let mut followers: Vec<Follower> = all.map(|style| Follower::new(&address, style, start)).collect();
        let (cuts, written) = (AtomicUsize::new(0), AtomicI64::new(start));
        let result = Outcome::new(vec![start; followers.len()]);
        let cuts_each = CUTS / followers.len();
        let following = followers.iter_mut().enumerate();
        let following = join_all(following.map(async |(number, follower)| {
            follow(follower, number, cuts_each, &cuts, &result).await;
            follower.until(end).await;
        }));
        let writing = join_all((0..WRITERS).map(async |number| {
            let writer = Writer::new(&address, &PROTOCOLS[number % PROTOCOLS.len()]);
            write(writer, &written, &result).await;
        }));
        join!(following, writing);
        assert_eq!(cuts.load(Ordering::SeqCst), CUTS);
        let log = log(&server.shop, &sandbox, start).await;
        assert_eq!(log.len(), WRITERS * SALES_EACH * 2);
        for follower in &followers {
            assert!(follower.result == log, "{}: no gap, nothing twice, in order", follower.style.title);
        }
    });
}

/// Follows, and breaks the connection after some events, so often.
async fn follow(follower: &mut Follower, number: usize, cuts_each: usize, cuts: &AtomicUsize, result: &Outcome) {
    let mut chance = fastrand::Rng::with_seed(number as u64);
    for _ in 0..cuts_each {
        follower.connect().await.unwrap();
        for _ in 0..chance.usize(0..=EVENTS_MAX) {
            follower.event().await;
            result.send_modify(|all| all[number] = follower.cursor);
        }
        follower.cut();
        cuts.fetch_add(1, Ordering::SeqCst);
    }
    // From now on writers don't wait for this one.
    result.send_modify(|all| all[number] = i64::MAX);
}

async fn write(mut writer: Writer, written: &AtomicI64, result: &Outcome) {
    let mut result = result.subscribe();
    for sale in 0..SALES_EACH {
        let is_near = |all: &Vec<i64>| {
            all.iter().min().is_none_or(|slowest| written.load(Ordering::SeqCst).saturating_sub(*slowest) < AHEAD_MAX)
        };
        result.wait_for(is_near).await.unwrap();
        writer.sell(1 + (sale % 5) as i32).await.unwrap();
        written.fetch_add(2, Ordering::SeqCst);
    }
}
