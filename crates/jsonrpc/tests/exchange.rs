//! The requests of a batch and the messages of a socket: authentication, rate limit and faults of each.
#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

mod counting;

use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use counting::{CountingAuthenticator, LimitOfThree};
use domain::events::EventPage;
use domain::shop::ShopConfig;
use domain::{Shop, Value};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use wire::client::Message;
use wire::connection::{Connection, Failure};
use wire::{Address, CallRequest, Client, DecodeError, Outcome, WireRequest, WireResponse};

fn shop() -> Shop {
    testing::shop(Ok(EventPage { items: Vec::new(), next: 0 }.into())).get_ref().clone()
}

async fn post(shop: Shop, headers: &[(&'static str, &'static str)], body: Json) -> Json {
    let app = App::new()
        .wrap(from_fn(wire::middleware::middleware))
        .app_data(Data::new(shop))
        .configure(jsonrpc::adapter().mount);
    let mut request = TestRequest::post().uri("/jsonrpc").set_json(body);
    for header in headers {
        request = request.insert_header(*header);
    }
    let response = call_service(&init_service(app).await, request.to_request()).await;
    assert_eq!(response.status(), 200);
    serde_json::from_slice(&read_body(response).await).unwrap()
}

fn call(id: i32, method: &str) -> Json {
    json!({"jsonrpc": "2.0", "id": id, "method": method})
}

fn codes(responses: &Json) -> Vec<Option<i64>> {
    responses.as_array().unwrap().iter().map(|response| response["error"]["code"].as_i64()).collect()
}

#[actix_web::test]
async fn each_request_of_a_batch_counts() {
    let config = ShopConfig { rate_per_minute: 3, ..ShopConfig::default() };
    let shop = shop().with_rate_limiter(Arc::new(LimitOfThree::default())).with_config(config);
    let batch = json!([call(1, "who_am_i"), call(2, "list_events"), call(3, "no_such"), call(4, "who_am_i")]);
    let responses = post(shop, &[], batch).await;
    assert_eq!(codes(&responses), [None, None, Some(-32601), Some(-32005)]);
    assert_eq!(responses[0]["result"], json!({"role": "staff", "proof": "none", "sandbox": "main"}));
    assert_eq!(responses[3]["error"]["data"]["retry_after_ms"], 1_500);
}

#[actix_web::test]
async fn every_method_refuses_wrong_credentials_and_a_batch_is_authenticated_once() {
    let authenticator = Arc::new(CountingAuthenticator::default());
    let methods = ["list_events", "watch_events", "rpc.discover", "unwatch_events", "no_such"];
    let batch: Json = (0..).zip(methods).map(|(id, method)| call(id, method)).collect();
    let responses =
        post(shop().with_authenticator(authenticator.clone()), &[("authorization", "Bearer x")], batch.clone()).await;
    assert_eq!(codes(&responses), [Some(-32001); 5]);
    assert_eq!(authenticator.tokens_read.load(Ordering::Relaxed), 1);
    let responses = post(shop().with_authenticator(authenticator), &[], batch).await;
    assert_eq!(codes(&responses), [None, Some(-32601), None, Some(-32601), Some(-32601)]);
    assert!(responses[1]["error"]["message"].as_str().unwrap().contains("list_events"));
}

/// Serves a shop that allows injected faults; gives the address.
fn serve(shop: Shop) -> Address {
    let shop = Data::new(shop.with_config(ShopConfig { allows_faults: true, ..ShopConfig::default() }));
    let app = move || App::new().app_data(shop.clone()).configure(jsonrpc::adapter().mount);
    let server =
        HttpServer::new(app).workers(1).client_disconnect_timeout(Duration::ZERO).bind(("127.0.0.1", 0)).unwrap();
    let address = Address::parse(&format!("http://{}", server.addrs()[0])).unwrap();
    actix_web::rt::spawn(server.run());
    address
}

/// A client that gives every frame as it came.
struct FrameReader;

impl Client for FrameReader {
    fn encode(&self, _: &CallRequest) -> WireRequest {
        unreachable!("it only reads")
    }
    fn decode(&self, _: &CallRequest, response: &WireResponse) -> Result<Outcome, DecodeError> {
        match response {
            WireResponse::Frame(_) => Ok(Outcome::Reply(response.text().as_str().into())),
            WireResponse::Http(_) => Err(DecodeError("not a frame".to_owned())),
        }
    }
}

fn message(text: String, header: Option<(&'static str, &'static str)>) -> WireRequest {
    let name = |name| http::HeaderName::from_static(name);
    let headers = header.map(|(header, value)| (name(header), http::HeaderValue::from_static(value)));
    let (headers, opening) = (headers.into_iter().collect(), Vec::new());
    WireRequest::Socket(Message { path: "/jsonrpc", subprotocol: "", headers, opening, text })
}

async fn receive(socket: &mut Connection) -> Result<Json, Failure> {
    match socket.receive(&FrameReader, &CallRequest::new("", Value::Null)).await? {
        Outcome::Reply(Value::Text(frame)) => Ok(serde_json::from_str(&frame).unwrap()),
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn each_message_of_a_socket_is_authenticated_and_delayed_by_itself() {
    let authenticator = Arc::new(CountingAuthenticator::default());
    let address = serve(shop().with_authenticator(authenticator.clone()));
    let handshake = message(String::new(), Some(("authorization", "Bearer x")));
    let mut socket = Connection::open(&address, &handshake).await.unwrap();
    for id in 1..=3 {
        socket.send(&message(call(id, "who_am_i").to_string(), None)).await.unwrap();
        assert_eq!(receive(&mut socket).await.unwrap()["error"]["code"], -32001);
    }
    assert_eq!(authenticator.tokens_read.load(Ordering::Relaxed), 3);

    let mut socket =
        Connection::open(&address, &message(String::new(), Some(("x-fault", "delay=500ms")))).await.unwrap();
    let start = Instant::now();
    for id in 1..=10 {
        socket.send(&message(call(id, "who_am_i").to_string(), None)).await.unwrap();
    }
    for _ in 1..=10 {
        assert_eq!(receive(&mut socket).await.unwrap()["result"]["role"], "staff");
    }
    let elapsed = start.elapsed();
    assert!(elapsed >= Duration::from_millis(500) && elapsed < Duration::from_millis(2_500), "{elapsed:?}");
}

#[actix_web::test]
async fn a_lost_response_breaks_the_socket_without_a_close() {
    let address = serve(shop());
    for fault in ["drop", "cut=40%"] {
        let mut socket = Connection::open(&address, &message(String::new(), Some(("x-fault", fault)))).await.unwrap();
        socket.send(&message(call(1, "who_am_i").to_string(), None)).await.unwrap();
        let received = receive(&mut socket).await;
        assert!(matches!(received, Err(Failure::Broken(_))), "{fault}: {received:?}");
    }
}
