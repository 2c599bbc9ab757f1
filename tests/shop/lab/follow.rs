//! The page's live events: each channel delivers each event once, with its delay.

use super::{Stream, each, get, post_ok};
use auth::demo;
use domain::Sandbox;
use domain::sandbox::{Access, Settings};
use domain::users::UserId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{TestServer, runtime};

tests!(
    every_channel_delivers_an_order_once_and_after_it_was_sent,
    a_second_viewer_gets_everything_from_the_start,
    a_locked_sandbox_shows_events_to_callers_with_access,
);

/// The next event, and its data.
fn next(stream: &mut Stream) -> (String, Value) {
    loop {
        let block = stream.block().expect("the stream goes on");
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
        if let (Some(event), Some(data)) = (field("event: "), field("data: ")) {
            return (event.to_owned(), serde_json::from_str(data).unwrap());
        }
        assert!(block.starts_with(':'), "{block}");
    }
}

/// Waits until every channel listens, and returns their names.
fn all_listen(stream: &mut Stream) -> Vec<String> {
    let (event, lanes) = next(stream);
    assert_eq!(event, "lanes");
    // The request that is shown asks for the wait that the channel asks for.
    for (lane, wait) in [("long-poll", "prefer: wait=20"), ("soap", "<waitSeconds>20<"), ("xmlrpc", "wait_seconds")] {
        let request = each(&lanes).find(|known| known["name"] == lane).unwrap()["request"].as_str().unwrap();
        assert!(request.contains(wait), "{request}");
    }
    let names: Vec<String> = each(&lanes).map(|lane| lane["name"].as_str().unwrap().to_owned()).collect();
    let mut waiting = names.clone();
    while !waiting.is_empty() {
        let (event, data) = next(stream);
        if event == "lane" {
            assert!(data.get("why").is_none(), "{data}");
            waiting.retain(|name| data["lane"] != name.as_str());
        }
    }
    names
}

/// Places an order, and returns its id and when it was sent.
fn place(server: &TestServer, prefix: &str, key: Option<&str>) -> (Value, f64) {
    let input = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]});
    let body = json!({"over": "soap", "operation": "place_order", "input": input, "api_key": key});
    let sent = post_ok(server, &format!("{prefix}/lab/send"), &body);
    (sent["answer"]["id"].clone(), sent["sent_at_us"].as_f64().unwrap())
}

/// Waits until every channel has delivered one order; returns the delays in microseconds.
fn result(stream: &mut Stream, lanes: &[String], order: &Value, since: f64) -> BTreeMap<String, f64> {
    let mut result = BTreeMap::new();
    while result.len() < lanes.len() {
        let (event, new_events) = next(stream);
        if event == "news" && new_events["order_id"] == *order {
            assert_eq!(new_events["status"], "placed");
            // GraphQL writes its enumerations in capitals.
            assert!(new_events["raw"].as_str().unwrap().to_lowercase().contains("placed"), "{new_events}");
            let lane = new_events["lane"].as_str().unwrap().to_owned();
            let before = result.insert(lane, new_events["at_us"].as_f64().unwrap() - since);
            assert_eq!(before, None, "delivered twice: {new_events}");
        }
    }
    result
}

fn every_channel_delivers_an_order_once_and_after_it_was_sent() {
    let server = TestServer::open();
    let mut stream = Stream::open(&server, "/sandboxes/followed/lab/follow", &[]);
    let lanes = all_listen(&mut stream);
    assert_eq!(lanes, ["ws", "sse", "graphql", "jsonrpc", "grpc", "long-poll", "soap", "xmlrpc", "poll"]);
    let (order, sent_at) = place(&server, "/sandboxes/followed", None);
    let delays = result(&mut stream, &lanes, &order, sent_at);
    assert!(delays.values().all(|us| (0.0..10_000_000.0).contains(us)), "{delays:?}");
    let usage = std::iter::repeat_with(|| next(&mut stream)).find(|(event, _)| event == "spent").unwrap().1;
    for lane in each(&usage) {
        let number = |name: &str| lane[name].as_u64().unwrap();
        // An HTTP request or a handshake alone has more bytes than that.
        assert!(number("requests") > 0 && number("sent") > 50 && number("received") > 100, "{lane}");
    }
}

fn a_second_viewer_gets_everything_from_the_start() {
    let server = TestServer::open();
    let mut broken = Stream::open(&server, "/sandboxes/again/lab/follow", &[]);
    let first = broken.block().unwrap();
    let id = first.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    drop(broken);
    let (order, sent_at) = place(&server, "/sandboxes/again", None);
    let mut stream = Stream::open(&server, "/sandboxes/again/lab/follow", &[("last-event-id", id)]);
    let (event, lanes) = next(&mut stream);
    assert_eq!(event, "lanes");
    let lanes: Vec<String> = each(&lanes).map(|lane| lane["name"].as_str().unwrap().to_owned()).collect();
    result(&mut stream, &lanes, &order, sent_at);
}

fn a_locked_sandbox_shows_events_to_callers_with_access() {
    let server = TestServer::open();
    let (sandbox, settings) =
        (Sandbox::parse("locked").unwrap(), Settings { access: Access::Locked, ..Settings::default() });
    runtime().block_on(server.shop.store().configure(&sandbox, settings)).unwrap();
    assert_eq!(get(&server, "/sandboxes/locked/lab/follow", &[]).status, 401);
    let key = demo::api_key(UserId(1)).reveal().to_owned();
    let mut stream = Stream::open(&server, "/sandboxes/locked/lab/follow", &[("x-api-key", &key)]);
    let lanes = all_listen(&mut stream);
    let (order, sent_at) = place(&server, "/sandboxes/locked", Some(&key));
    result(&mut stream, &lanes, &order, sent_at);
}
