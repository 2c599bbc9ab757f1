//! What listeners receive from a server that stops, and from the one that is started after it.

use futures_util::future::join_all;
use serde_json::json;
use server::protocols::PROTOCOLS;
use tests::events::{Follower, Received, Writer, log, newest, report_to, styles};
use tests::test_server::{serve, shop_at, standard_seed};
use tests::{ValueAccess, runtime};
use tokio::join;
use tokio::sync::watch;
use wire::connection::Failure;

tests!(listeners_get_a_last_message_and_miss_nothing,);

/// Events that every listener has received before the server stops.
const ENOUGH: i64 = 100;
const WRITERS: usize = 8;

fn listeners_get_a_last_message_and_miss_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let (shop, ports) = shop_at(&file, standard_seed());
    let running = serve(shop.clone(), ports);
    let address = running.address();
    runtime().block_on(async {
        report_to(&shop, "main", "update_product", json!({"id": 1, "stock": 1_000_000})).await;
        let start = newest(&shop, "main").await;
        // In each style one listener from now, and one from the beginning.
        let both = styles().flat_map(|style| [start, 0].map(|after| (after, Follower::new(&address, style, after))));
        let mut followers: Vec<(i64, Follower)> = both.collect();
        let result = watch::Sender::new(vec![0; followers.len()]);
        let following = join_all(followers.iter_mut().enumerate().map(async |(number, (_, follower))| {
            let last_message =
                until_last_message(follower, |cursor| result.send_modify(|all| all[number] = cursor)).await;
            let resume = format!("resume after {}", follower.cursor);
            assert!(
                last_message.ends_with(&resume),
                "{}: {last_message}, and received up to {}",
                follower.style.title,
                follower.cursor
            );
        }));
        let writing = join_all((0..WRITERS).map(async |number| {
            let mut writer = Writer::new(&address, &PROTOCOLS[number % PROTOCOLS.len()]);
            let mut placed = Vec::new();
            // Until the server is gone.
            while let Ok(id) = writer.place(1).await {
                placed.push(id);
            }
            placed
        }));
        let stopping = async {
            let far = |all: &Vec<i64>| all.iter().all(|cursor| *cursor >= start + ENOUGH);
            result.subscribe().wait_for(far).await.unwrap();
            running.stop().await.unwrap();
        };
        let ((), placed, _) = join!(stopping, writing, following);
        drop(shop);
        let (shop, ports) = shop_at(&file, standard_seed());
        let running = serve(shop.clone(), ports);
        let address = running.address();
        Writer::new(&address, &PROTOCOLS[0]).sell(2).await.unwrap();
        let end = newest(&shop, "main").await;
        for (after, follower) in &mut followers {
            follower.cut();
            follower.address = address.clone();
            follower.until(end).await;
            let log = log(&shop, "main", *after).await;
            assert!(follower.result == log, "{}: no gap, nothing twice, in order", follower.style.title);
        }
        let log = log(&shop, "main", start).await;
        let logged: Vec<i64> = log.iter().map(|event| event.number("order_id")).collect();
        assert!(placed.iter().flatten().all(|order| logged.contains(order)), "what was acknowledged is news");
        running.stop().await.unwrap();
    });
}

/// Receives until the style's last message; returns it.
async fn until_last_message(follower: &mut Follower, result: impl Fn(i64)) -> String {
    let title = follower.style.title;
    loop {
        match follower.next().await {
            Received::Event | Received::Sign => result(follower.cursor),
            // Over HTTP there is no code for it: the last block has the reason, and then the response ends.
            Received::Refused(refused) => {
                assert!(matches!(follower.style.name, "rest" | "grpc"), "{title}: {refused}");
                assert_eq!(refused.reason.as_deref(), Some("draining"), "{refused}");
                let ended = follower.next().await;
                assert!(matches!(ended, Received::Gone(Failure::Broken(_))), "{title}: {ended:?}");
                return refused.message;
            }
            // RFC 6455 section 7.4.1: 1001 is for a server that shuts down.
            Received::Gone(Failure::Closed(1001, reason)) => {
                assert!(reason.starts_with("draining; "), "{title}: {reason}");
                return reason;
            }
            other => panic!("{title}: {other:?}"),
        }
    }
}
