//! Attacks are refused like other errors, and have no effect.

use serde_json::Value;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use tests::TestServer;
use tests::attacks::{Attack, Grammar, ORDER, UNTOUCHED};
use tests::protocols::{ProtocolFacts, Refusal};
use tests::raw::{Line, request};

/// The text of the file that an entity points to.
const IN_THE_FILE: &str = "libtest-mimic";

/// Sends an attack; it must have had no effect, and the next request is answered.
pub fn send(server: &Arc<TestServer>, facts: &ProtocolFacts, grammar: &Grammar, attack: &Attack) {
    let body = attack.body(grammar, &elsewhere().local_addr().expect("it listens").to_string());
    let mut line = Line::open(&server.address());
    line.send(&attack.request(grammar, &body));
    let response = line.response().expect("an answer, not silence");
    let (status, code, reason) = attack.expected(grammar);
    let expected = Refusal { code: code.to_owned(), reason: reason.to_owned() };
    assert_eq!((response.status, (facts.read_refusal)(&response)), (status, expected), "{}", response.text());
    assert!(!response.text().contains(IN_THE_FILE), "a file was read");
    if response.header("connection") == "close" {
        line = Line::open(&server.address());
    }
    line.send(&grammar.sane_request());
    let response = line.response().expect("an answer to the next request");
    let body = String::from_utf8_lossy(&response.body);
    assert!(response.status == 200 && body.contains("Laptop"), "{response:?}");
    let called = elsewhere().accept();
    assert!(called.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock), "{called:?}");
    nothing_was_cancelled(&mut line);
}

/// The connection closes after a body that is not read to its end: the start of the next request is unknown.
pub fn hang_up(server: &Arc<TestServer>) {
    let (_, grammar, attack) = tests::attacks::all().find(|(_, _, attack)| attack.has_no_end()).expect("one of them");
    let mut line = Line::open(&server.address());
    line.send(&attack.request(grammar, &attack.body(grammar, "")));
    let response = line.response().expect("an answer, not silence");
    assert_eq!((response.status, response.header("connection")), (413, "close"));
    assert!(line.is_at_end());
}

/// The target of an attack. Nothing must connect to it.
fn elsewhere() -> &'static TcpListener {
    static ELSEWHERE: OnceLock<TcpListener> = OnceLock::new();
    ELSEWHERE.get_or_init(|| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket option");
        listener
    })
}

fn nothing_was_cancelled(line: &mut Line) {
    line.send(&request("GET", &format!("/sandboxes/{UNTOUCHED}/rest/orders/{ORDER}"), "", b""));
    let response = line.response().expect("an answer");
    let order: Value = serde_json::from_slice(&response.body).expect("an order");
    assert_eq!((&order["status"], &order["version"]), (&"placed".into(), &1.into()), "{order}");
}
