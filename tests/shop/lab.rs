//! The page's side of the server: the table, comparisons, scenarios, and what a browser gets at `/`.

mod class;
mod compare;
mod exercises;
mod follow;
mod page;
mod scenarios;
mod send;
mod table;
mod traffic;
mod translate;

use crate::trials::Trials;
use auth::demo;
use domain::access::Credentials;
use domain::users::UserId;
use serde_json::Value;
use std::sync::{Mutex, OnceLock, PoisonError};
use tests::raw::{Line, Response, request_with};
use tests::{TestServer, runtime};
use wire::connection::Connection;
use wire::{Adapter, Address};

pub fn tests(trials: &mut Trials) {
    for tests in [compare::TESTS, follow::TESTS, page::TESTS, scenarios::TESTS, send::TESTS, table::TESTS] {
        trials.plain(tests);
    }
    trials.plain(class::TESTS);
    trials.plain(exercises::TESTS);
    trials.plain(traffic::TESTS);
    trials.plain(translate::TESTS);
}

/// One server for all tests that leave it unchanged.
fn server() -> &'static TestServer {
    static HOUSE: OnceLock<TestServer> = OnceLock::new();
    HOUSE.get_or_init(TestServer::open)
}

/// Requests something with these headers.
fn get(server: &TestServer, target: &str, headers: &[(&str, &str)]) -> Response {
    let mut line = Line::open(&server.address());
    line.send(&request_with("GET", target, "", headers, b""));
    line.response().unwrap()
}

fn key() -> Credentials {
    Credentials::ApiKey(demo::api_key(UserId(3)))
}

/// Calls on a connection of its own; returns the bytes that the client sent and received for it, and the connection.
fn call_measured(address: &Address, style: &Adapter, operation: &str, input: Value) -> (u64, u64, Connection) {
    let mut call_request = tests::call_request(operation, &input);
    call_request.options.credentials = key();
    runtime().block_on(async {
        let outgoing = style.client.encode(&call_request);
        let mut line = Connection::open(address, &outgoing).await.unwrap();
        line.take_measured();
        line.call(style.client, &call_request, &outgoing).await.unwrap();
        let measured = line.take_measured();
        (measured.sent.total(), measured.received.total(), line)
    })
}

/// Sends a document, and returns the status and the document of the response. One at a time: a server runs two comparisons at once,
/// and refuses more.
fn post(server: &TestServer, target: &str, body: &Value) -> (u16, Value) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut line = Line::open(&server.address());
    line.send(&request_with("POST", target, "application/json", &[], body.to_string().as_bytes()));
    let response = line.response().unwrap();
    (response.status, serde_json::from_slice(&response.body).unwrap())
}

/// The same, where it must succeed.
fn post_ok(server: &TestServer, target: &str, body: &Value) -> Value {
    let (status, document) = post(server, target, body);
    assert_eq!(status, 200, "{body}: {document}");
    document
}

/// Server-sent events, as they come.
struct Stream(Line);

impl Stream {
    fn open(server: &TestServer, target: &str, headers: &[(&str, &str)]) -> Stream {
        let mut line = Line::open(&server.address());
        line.send(&request_with("GET", target, "", headers, b""));
        let mut stream = Stream(line);
        let head: Vec<_> = std::iter::repeat_with(|| stream.text_line()).take_while(|line| !line.is_empty()).collect();
        assert!(head[0].starts_with("HTTP/1.1 200"), "{head:?}");
        stream
    }

    fn text_line(&mut self) -> String {
        let bytes = std::iter::from_fn(|| self.0.byte()).take_while(|byte| *byte != b'\n').collect();
        String::from_utf8(bytes).unwrap().trim_end().to_owned()
    }

    /// The next block, which is a chunk; `None` at the end.
    fn block(&mut self) -> Option<String> {
        let size = usize::from_str_radix(&self.text_line(), 16).unwrap();
        let block = self.0.take(size).unwrap();
        self.text_line();
        (size > 0).then(|| String::from_utf8(block).unwrap())
    }
}

/// The items of a list.
fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter()
}

/// The temporary sandboxes that the paths in a document name: none of them must be left.
fn copies_in(document: &Value, purpose: &str) -> Vec<String> {
    let text = document.to_string();
    let named = text.split("/sandboxes/").skip(1).filter_map(|rest| rest.split(['/', ' ', '"']).next());
    let mut names: Vec<String> = named.filter(|name| name.starts_with(purpose)).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}
