//! `list_events` waits in every style for an event of any other style, and no longer.
//!
//! Each test has a server of its own, which counts the waiting calls: so nothing here sleeps, and no order comes too early.

use crate::trials::{Alone, PerStyle};
use domain::access::Credentials;
use domain::sandbox::{Access, Settings};
use domain::users::UserId;
use domain::{Sandbox, Value};
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::fmt::Debug;
use std::pin::pin;
use std::sync::Arc;
use tests::events::{newest_over, place};
use tests::{TestServer, ValueAccess, runtime};
use tokio::task::yield_now;
use wire::connection::Connection;
use wire::{Adapter, Address, CallRequest, Outcome, Refused, WireRequest};

/// Tests over every protocol.
pub const TESTS: &[PerStyle] = &[
    ("an order over any other style ends a long poll", by_an_order),
    ("only events of their own end a customer's long poll", by_the_own),
    ("a reset of the sandbox refuses a long poll", by_a_reset),
    ("locking the sandbox refuses the long polls of anonymous callers", by_a_lock),
];

/// Tests of one grammar each.
pub const ALONE: &[Alone] = &[("what waited stands in the graph's answer where it was asked for", order_of_fields)];

/// Waits for what comes after that, for the maximum time.
async fn wait(address: &Address, style: &'static Adapter, who: Credentials, after: i64) -> Outcome {
    let mut call_request: CallRequest =
        tests::call_request("list_events", &json!({"after": after, "wait_seconds": 30}));
    call_request.options.credentials = who;
    let outgoing = style.client.encode(&call_request);
    let mut line = Connection::open(address, &outgoing).await.unwrap();
    line.call(style.client, &call_request, &outgoing).await.unwrap()
}

/// Starts to wait; once that is so, does something; and returns the result of the waiting call.
async fn meanwhile<T: Debug>(
    server: &TestServer,
    waiting: impl Future<Output = T>,
    something: impl AsyncFnOnce(),
) -> T {
    let mut waiting = pin!(waiting);
    let one_waits = async {
        while server.shop.long_polls() == 0 {
            yield_now().await;
        }
    };
    tokio::select! {
        result = &mut waiting => panic!("it did not wait: {result:?}"),
        () = one_waits => {}
    }
    something().await;
    let result = waiting.await;
    assert_eq!(server.shop.long_polls(), 0, "no call waits any more");
    result
}

fn page(result: Outcome) -> Value {
    match result {
        Outcome::Reply(page) => page,
        result => panic!("{result:?}"),
    }
}

fn refused(result: Outcome) -> Refused {
    match result {
        Outcome::Refused(refused) => refused,
        result => panic!("{result:?}"),
    }
}

fn by_an_order(_: &Arc<TestServer>, style: &'static Adapter) {
    let server = TestServer::open();
    let address = server.address();
    runtime().block_on(async {
        let mut last = newest_over(&address, style).await;
        for other in PROTOCOLS.iter() {
            let mut order = 0;
            let waiting = wait(&address, style, Credentials::None, last);
            let result = meanwhile(&server, waiting, async || order = place(&address, other, 1).await).await;
            let new_events = page(result);
            last += 1;
            assert_eq!(
                (new_events.column("seq"), new_events.column("order_id")),
                (vec![last], vec![order]),
                "{}",
                other.title
            );
            assert_eq!(new_events.number("next"), last);
        }
    });
}

fn by_the_own(_: &Arc<TestServer>, style: &'static Adapter) {
    let server = TestServer::open();
    let address = server.address();
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let ada = Credentials::ApiKey(auth::demo::api_key(UserId(1)));
        let waiting = wait(&address, style, ada, last);
        let orders = async || {
            place(&address, style, 2).await;
            place(&address, style, 1).await;
        };
        let new_events = page(meanwhile(&server, waiting, orders).await);
        assert_eq!((new_events.column("seq"), new_events.column("user_id")), (vec![last + 2], vec![1]));
    });
}

fn by_a_reset(_: &Arc<TestServer>, style: &'static Adapter) {
    let server = TestServer::open();
    let address = server.address();
    runtime().block_on(async {
        let last = newest_over(&address, style).await + 1;
        place(&address, style, 1).await;
        let waiting = wait(&address, style, Credentials::None, last);
        let reset = async || server.shop.store().reset(&Sandbox::main()).await.unwrap();
        let refused = refused(meanwhile(&server, waiting, reset).await);
        assert_eq!(refused.reason.as_deref(), Some("cursor_expired"), "{refused}");
    });
}

fn by_a_lock(_: &Arc<TestServer>, style: &'static Adapter) {
    let server = TestServer::open();
    let address = server.address();
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let waiting = wait(&address, style, Credentials::None, last);
        let lock = async || {
            // A caller from before the lock, so that something happens after it.
            let order = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]});
            let settings = Settings { access: Access::Locked, ..Settings::default() };
            server.shop.store().configure(&Sandbox::main(), settings).await.unwrap();
            let mut context = domain::RequestContext::new("none", Sandbox::main());
            context.credentials = Credentials::ApiKey(auth::demo::api_key(UserId(1)));
            server.shop.execute(&context, domain::Operation::named("place_order"), tests::given(&order)).await.unwrap();
        };
        let refused = refused(meanwhile(&server, waiting, lock).await);
        assert_eq!(refused.reason.as_deref(), Some("credentials_missing"), "{refused}");
    });
}

/// GraphQL section 7.2.2: the members of a response are in the order of the query, also where one was overtaken.
fn order_of_fields(_: &Arc<TestServer>) {
    let server = TestServer::open();
    let address = server.address();
    let style = PROTOCOLS.iter().find(|style| style.name == "graphql").expect("there is GraphQL");
    runtime().block_on(async {
        let last = newest_over(&address, style).await;
        let query = format!("{{ a: events(after: {last}, waitSeconds: 30) {{ next }} b: product(id: 1) {{ id }} }}");
        let body = json!({"query": query}).to_string();
        let request = http::Request::post("/graphql").header("content-type", "application/json").body(body.into());
        let waiting = async {
            let mut line = Connection::open(&address, &WireRequest::Http(http::Request::default())).await.unwrap();
            line.fetch(request.unwrap()).await.unwrap().into_body()
        };
        let order = async || {
            place(&address, style, 1).await;
        };
        let answer = meanwhile(&server, waiting, order).await;
        let expected = format!(r#"{{"data":{{"a":{{"next":{}}},"b":{{"id":"1"}}}}"#, last + 1);
        assert!(answer.starts_with(expected.as_bytes()), "{answer:?}");
    });
}
