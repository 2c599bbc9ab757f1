//! Overload: operations over the limit are refused at once in the style's grammar; connections over the limit get a bare 503.
//! `/livez` answers in both cases.

use crate::trials::Alone;
use domain::store::boxed;
use domain::{RequestContext, Sandbox};
use futures_util::FutureExt;
use serde_json::json;
use server::connections::Connections;
use server::protocols::PROTOCOLS;
use server::running::Running;
use std::sync::Arc;
use std::sync::mpsc::channel;
use tests::events::outcome_of;
use tests::raw::{Line, Response};
use tests::test_server::{shop_at, standard_seed};
use tests::{TestServer, given, runtime};
use wire::{Address, Outcome};

pub const TESTS: &[Alone] = &[
    ("operations over the limit are refused at once", operations),
    ("connections over the limit are rejected", connections),
    ("a request returns its id", request_ids),
];

const BUY: &str = "place_order";

fn order() -> serde_json::Value {
    json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]})
}

fn get(address: &Address, path: &str) -> Option<Response> {
    let mut line = Line::open(address);
    line.send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes());
    line.response()
}

/// The writer is kept busy, and as many orders wait for it as the limit allows.
fn operations(_: &Arc<TestServer>) {
    let server = TestServer::open();
    let stock = given(&json!({"id": 1, "stock": 1_000_000}));
    runtime()
        .block_on(server.shop.execute(
            &RequestContext::new("none", Sandbox::main()),
            domain::Operation::named("update_product"),
            stock,
        ))
        .unwrap();
    let (release, released) = channel::<()>();
    let busy = server.shop.store().write(
        &Sandbox::main(),
        Box::new(move |_| {
            let _ = released.recv();
            Ok(boxed(()))
        }),
    );
    let waiting: Vec<_> = (0..domain::limits::OPERATIONS_IN_FLIGHT_MAX)
        .map(|_| {
            let shop = server.shop.clone();
            let mut order = async move {
                shop.execute(
                    &RequestContext::new("none", Sandbox::main()),
                    domain::Operation::named(BUY),
                    given(&order()),
                )
                .await
            }
            .boxed();
            assert!((&mut order).now_or_never().is_none(), "it waits");
            order
        })
        .collect();
    runtime().block_on(async {
        for style in PROTOCOLS.iter() {
            for (operation, input) in [(BUY, order()), ("get_product", json!({"id": 1}))] {
                match outcome_of(&server.address(), style, operation, &input).await {
                    Outcome::Refused(refused) => {
                        assert_eq!(refused.reason.as_deref(), Some("overloaded"), "{operation}: {refused}");
                        assert_eq!(refused.retry_after_ms, Some(1_000), "{refused}");
                    }
                    result => panic!("{operation} over {}: {result:?}", style.title),
                }
            }
        }
    });
    assert_eq!(get(&server.address(), "/livez").map(|response| response.status), Some(200));
    let numbers = get(&server.address(), "/metrics").expect("numbers");
    assert!(numbers.text().contains("\nparlance_operations_in_flight 2000\n"), "{}", numbers.text());
    drop(release);
    runtime().block_on(async {
        busy.await.unwrap();
        assert!(futures_util::future::join_all(waiting).await.iter().all(Result::is_ok), "who waited was served");
        let answer = outcome_of(&server.address(), &PROTOCOLS[0], BUY, &order()).await;
        assert!(matches!(answer, Outcome::Reply(_)), "{answer:?}");
    });
}

fn connections(_: &Arc<TestServer>) {
    let folder = tempfile::tempdir().unwrap();
    let (shop, ports) = shop_at(&folder.path().join("shop.db"), standard_seed());
    let running = {
        let _inside = runtime().enter();
        Running::with_connections(("127.0.0.1", 0), 1, shop, ports, Connections::with_max(2)).unwrap()
    };
    let address = running.address();
    let hold = || {
        let mut line = Line::open(&address);
        line.send(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assert_eq!(line.response().map(|response| response.status), Some(200));
        line
    };
    let (one, two) = (hold(), hold());
    let refused = get(&address, "/rest/products/1").expect("an answer");
    assert_eq!((refused.status, refused.text()), (503, ""));
    assert_eq!((refused.header("connection"), refused.header("retry-after")), ("close", "1"));
    assert_eq!(get(&address, "/livez").map(|response| response.status), Some(200), "health answers always");
    assert_eq!(running.connections().refused(), 2);
    drop((one, two));
    // The server notices it asynchronously.
    while get(&address, "/rest/products/1").is_none_or(|response| response.status != 200) {
        std::thread::yield_now();
    }
    runtime().block_on(running.stop()).unwrap();
}

/// `X-Request-Id`, and `traceparent` of W3C Trace Context: returned if they are well-formed.
fn request_ids(server: &Arc<TestServer>) {
    let send = |headers: &str| {
        let mut line = Line::open(&server.address());
        line.send(format!("GET /rest/products/1 HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").as_bytes());
        line.response().expect("an answer")
    };
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let response = send(&format!("x-request-id: lesson-7\r\ntraceparent: {trace}\r\n"));
    assert_eq!((response.header("x-request-id"), response.header("traceparent")), ("lesson-7", trace));
    let response = send(&format!("x-request-id: {}\r\ntraceparent: 00-1-2-3\r\n", "x".repeat(101)));
    assert_eq!((response.header("x-request-id"), response.header("traceparent")), ("", ""));
    assert_eq!(send("").header("x-request-id"), "", "who asks for nothing pays for nothing");
}
