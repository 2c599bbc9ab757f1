//! Events of every style arrive in every style that streams; a style that can't stream says what to do instead.

use crate::trials::PerStyle;
use domain::{Sandbox, Value};
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::sync::Arc;
use tests::events::{call, newest_over, place};
use tests::{TestServer, ValueAccess, runtime};
use wire::connection::Connection;
use wire::{Adapter, Address, CallRequest, Outcome};

/// Tests over every protocol.
pub const TESTS: &[PerStyle] = &[
    ("watch_events delivers events of every other style", new_events),
    ("watch_events resumes after a cursor", resume),
    ("watch_events starts now without a cursor", from_now),
    ("watch_events delivers the events of one user on request", of_one_user),
    ("watch_events ends when the sandbox is reset", expires),
];

/// A watcher.
struct Watcher {
    style: &'static Adapter,
    call_request: CallRequest,
    line: Connection,
}

impl Watcher {
    /// Starts to watch; or, where the style can't stream, checks the refusal.
    async fn begin(address: &Address, style: &'static Adapter, input: serde_json::Value) -> Option<Watcher> {
        let call_request = tests::call_request("watch_events", &input);
        let outgoing = style.client.encode(&call_request);
        let mut line = Connection::open(address, &outgoing).await.unwrap();
        if style.streams {
            line.send(&outgoing).await.unwrap();
            return Some(Watcher { style, call_request, line });
        }
        match line.call(style.client, &call_request, &outgoing).await.unwrap() {
            Outcome::Refused(refused) => {
                assert_eq!(refused.reason.as_deref(), Some("unknown_operation"));
                assert!(refused.message.contains(&(style.spelling.operation)("list_events")), "{refused}");
            }
            result => panic!("{result:?}"),
        }
        None
    }

    /// The next item. Some styles send that the stream has started, some don't.
    async fn next(&mut self) -> Outcome {
        loop {
            match self.line.receive(self.style.client, &self.call_request).await.unwrap() {
                Outcome::Started => {}
                result => return result,
            }
        }
    }

    async fn event(&mut self) -> Value {
        match self.next().await {
            Outcome::Event(event) => event,
            result => panic!("{}: {result:?}", self.style.title),
        }
    }
}

fn new_events(server: &Arc<TestServer>, style: &'static Adapter) {
    let address = server.address().in_sandbox(&server.new_name());
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let Some(mut watcher) = Watcher::begin(&address, style, json!({"after": last})).await else { return };
        let mut seq = last;
        for other in PROTOCOLS.iter() {
            let order = place(&address, other, 1).await;
            call(&address, other, "set_order_status", json!({"id": order, "status": "paid"})).await;
            for status in ["placed", "paid"] {
                seq += 1;
                let event = watcher.event().await;
                assert_eq!((event.number("seq"), event.number("order_id")), (seq, order), "over {}", other.title);
                assert_eq!((event.words("status"), event.words("at")), (status, "2026-11-20T19:30:00Z"));
                assert_eq!((event.words("kind"), event.number("user_id")), (format!("order.{status}").as_str(), 1));
            }
        }
    });
}

fn resume(server: &Arc<TestServer>, style: &'static Adapter) {
    let address = server.address().in_sandbox(&server.new_name());
    runtime().block_on(async {
        let Some(mut watcher) = Watcher::begin(&address, style, json!({"after": 0})).await else { return };
        // More than is read from the log at once, so that it is read on.
        for seq in 1..=250 {
            assert_eq!(watcher.event().await.number("seq"), seq);
        }
        drop(watcher);
        let Some(mut watcher) = Watcher::begin(&address, style, json!({"after": 250})).await else { return };
        let first = watcher.event().await;
        let page = call(&address, style, "list_events", json!({"after": 250, "limit": 1})).await;
        assert_eq!(first, *page.value_at("items/0"), "the stream and the log say the same");
    });
}

fn from_now(server: &Arc<TestServer>, style: &'static Adapter) {
    let address = server.address().in_sandbox(&server.new_name());
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let Some(mut watcher) = Watcher::begin(&address, style, json!({})).await else { return };
        // Not every style sends when the stream has started: orders are placed until one arrives.
        let first = {
            let result = watcher.event();
            let mut result = std::pin::pin!(result);
            loop {
                tokio::select! {
                    event = &mut result => break event.number("seq"),
                    _ = place(&address, style, 1) => {}
                }
            }
        };
        assert!(first > last, "{first}: earlier events are not delivered");
        place(&address, style, 2).await;
        let newest = newest_over(&address, style).await;
        for seq in first + 1..=newest {
            assert_eq!(watcher.event().await.number("seq"), seq);
        }
    });
}

fn of_one_user(server: &Arc<TestServer>, style: &'static Adapter) {
    let address = server.address().in_sandbox(&server.new_name());
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let input = json!({"after": last, "user_id": 2});
        let Some(mut watcher) = Watcher::begin(&address, style, input).await else { return };
        for user in [1, 2, 3, 2] {
            place(&address, style, user).await;
        }
        assert_eq!(watcher.event().await.number("seq"), last + 2);
        assert_eq!(watcher.event().await.number("seq"), last + 4);
        let input = json!({"after": last, "user_id": 51});
        let Some(mut watcher) = Watcher::begin(&address, style, input).await else { return };
        match watcher.next().await {
            Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some("user_not_found")),
            result => panic!("{result:?}"),
        }
    });
}

fn expires(server: &Arc<TestServer>, style: &'static Adapter) {
    let name = server.new_name();
    let address = server.address().in_sandbox(&name);
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let Some(mut watcher) = Watcher::begin(&address, style, json!({"after": last})).await else { return };
        place(&address, style, 1).await;
        // After the first event, the stream has surely started.
        watcher.event().await;
        server.shop.store().reset(&Sandbox::parse(&name).unwrap()).await.unwrap();
        match watcher.next().await {
            Outcome::Refused(refused) => assert_eq!(refused.reason.as_deref(), Some("cursor_expired"), "{refused}"),
            result => panic!("{result:?}"),
        }
    });
}
