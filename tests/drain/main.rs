//! How does a server stop? What is in flight is answered, sockets and streams are closed in their own way, and the port is
//! free again.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use serde_json::json;
use server::protocols::PROTOCOLS;
use std::net::{TcpListener, TcpStream};
use tests::frames::{self, Frame, TEXT, masked};
use tests::raw::{Line, request};
use tests::{House, given, runtime};
use wire::connection::{Connection, Failure};
use wire::{Heard, Outgoing};

#[test]
fn requests_in_flight_are_answered() {
    let mut house = House::open();
    let address = house.address();
    let body = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}).to_string();
    let order = request("POST", "/rest/orders", "application/json", body.as_bytes());
    let mut lines: Vec<Line> = (0..64).map(|_| Line::open(&address)).collect();
    lines.iter_mut().for_each(|line| line.send(&order));
    // In flight is what the server has read.
    while house.running().lines().bytes().0 < (lines.len() * order.len()) as u64 {
        std::thread::yield_now();
    }
    runtime().block_on(house.stop()).unwrap();
    for mut line in lines {
        assert_eq!(line.response().expect("an answer").status, 201);
        assert!(line.is_at_end());
    }
}

#[test]
fn idle_connections_are_hung_up() {
    let mut house = House::open();
    let address = house.address();
    let mut used = Line::open(&address);
    used.send(&request("GET", "/livez", "", b""));
    assert_eq!(used.response().expect("an answer").status, 200);
    let mut unused = Line::open(&address);
    runtime().block_on(house.stop()).unwrap();
    assert!(used.is_at_end() && unused.is_at_end());
}

#[test]
fn the_port_is_free_again() {
    let mut house = House::open();
    let at = house.running().socket();
    drop(TcpStream::connect(at).expect("before it can be reached"));
    runtime().block_on(house.stop()).unwrap();
    assert!(TcpStream::connect(at).is_err(), "new connections are refused");
    drop(TcpListener::bind(at).expect("the port is free"));
}

#[test]
fn sockets_are_closed_with_1001() {
    let mut house = House::open();
    let address = house.address();
    let mut idle = frames::open(&address, "/ws", "shop.v1.json");
    let mut used = frames::open(&address, "/ws", "");
    used.send(&masked(TEXT, br#"{"id":1,"op":"get_user","params":{"id":1}}"#));
    assert!(matches!(frames::next(&mut used), Some(Frame::Text(_))));
    runtime().block_on(house.stop()).unwrap();
    for line in [&mut idle, &mut used] {
        assert_eq!(frames::next(line), Some(Frame::Close(1001)));
        assert!(line.is_at_end());
    }
}

#[test]
fn streams_end_and_say_so() {
    for style in PROTOCOLS.iter().filter(|style| style.streams) {
        let mut house = House::open();
        let address = house.address();
        runtime().block_on(async {
            let ask = tests::ask("watch_events", &json!({"after": 0}));
            let outgoing = style.client.encode(&ask);
            let mut line = Connection::open(&address, &outgoing).await.unwrap();
            line.send(&outgoing).await.unwrap();
            // It has surely begun once something was told, and by the end of the log nothing more is on its way.
            let mut told = 0;
            let newest = newest(&house).await;
            while told < newest {
                match line.hear(style.client, &ask).await.unwrap() {
                    Heard::Event(_) => told += 1,
                    Heard::Started => {}
                    heard => panic!("{heard:?}"),
                }
            }
            house.stop().await.unwrap();
            let ended = loop {
                match line.hear(style.client, &ask).await {
                    Ok(Heard::Ended) => {}
                    ended => break ended,
                }
            };
            match (outgoing, ended) {
                (Outgoing::Socket(_), Err(Failure::Closed(1001, reason))) => {
                    // GraphQL's protocol has no cursor to resume after; the shop's own has.
                    let resume = reason.contains(&newest.to_string());
                    assert!(resume || style.name == "graphql", "{reason}");
                }
                (Outgoing::EventStream(_), Err(Failure::Broken(problem))) => {
                    assert_eq!(problem, "the stream has ended")
                }
                (_, ended) => panic!("{}: {ended:?}", style.title),
            }
        });
    }
}

/// How many events there are.
async fn newest(house: &House) -> i32 {
    let meta = domain::Meta::new("none", domain::Sandbox::main());
    let mut after = 0;
    loop {
        let input = given(&json!({"after": after, "limit": 100}));
        let page = house.shop.call(&meta, domain::operations::parse::<domain::events::ListEvents>(input).unwrap());
        match page.await.unwrap().next {
            next if next == after => return after,
            next => after = next,
        }
    }
}
