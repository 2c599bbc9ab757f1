//! GraphQL's event stream follows the protocol of graphql-sse, in its distinct connections mode.

use crate::protocols::one_style::{serve, shop};
use actix_web::rt::task::spawn_blocking;
use serde_json::{Value as Json, json};
use tests::raw::{Line, Response, request_with};
use wire::Address;
use wire::shutdown::Shutdown;

async_tests!(
    an_operation_has_a_stream_of_its_own,
    errors_of_a_document_are_sent_in_its_stream,
    streams_end_with_the_server_and_carry_the_cursor,
    a_stream_needs_an_explicit_accept,
    a_dropped_response_does_not_come,
);

const STREAM: &str = "/graphql/stream";
const ACCEPT: (&str, &str) = ("accept", "text/event-stream");
const PLACE: &str =
    "mutation { placeOrder(input: {userId: 1, lines: [{productId: 1, quantity: 1}]}) { order { id } } }";

fn query_json(query: &str) -> Vec<u8> {
    json!({"query": query}).to_string().into_bytes()
}

/// The response to a request that opens no stream.
fn send(address: &Address, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut line = Line::open(address);
    let media_type = if method == "POST" { "application/json" } else { "" };
    line.send(&request_with(method, path, media_type, headers, body));
    line.response().unwrap()
}

/// Places an order, outside the stream.
fn place(address: &Address) {
    let response = send(address, "POST", "/graphql", &[], &query_json(PLACE));
    assert!(response.text().contains("\"order\""), "{}", response.text());
}

/// An open stream.
struct Events {
    line: Line,
    unread: String,
}

impl Events {
    fn open(address: &Address, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Events {
        let mut line = Line::open(address);
        let media_type = if method == "POST" { "application/json" } else { "" };
        line.send(&request_with(method, path, media_type, headers, body));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(line.byte().unwrap()));
        }
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
        Events { line, unread: String::new() }
    }

    /// The next event and its data; `None` at the end. A connection that ends before its body is an error.
    fn next(&mut self) -> Result<Option<(String, Json)>, &'static str> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.unread = rest;
                if event.starts_with(':') {
                    continue;
                }
                let (name, data) = event.strip_prefix("event: ").unwrap().split_once("\ndata: ").unwrap();
                return Ok(Some((name.to_owned(), serde_json::from_str(data).unwrap_or_default())));
            }
            let chunk = self.chunk().ok_or("the connection broke off")?;
            if chunk.is_empty() {
                return Ok(None);
            }
            self.unread.push_str(&chunk);
        }
    }

    fn event(&mut self) -> (String, Json) {
        self.next().unwrap().unwrap()
    }

    fn chunk(&mut self) -> Option<String> {
        let mut size = String::new();
        while !size.ends_with("\r\n") {
            size.push(char::from(self.line.byte()?));
        }
        let chunk = self.line.take(usize::from_str_radix(size.trim(), 16).unwrap())?;
        self.line.take(2)?;
        Some(String::from_utf8(chunk).unwrap())
    }
}

/// Calls a shop of its own, from another thread than its server's.
async fn with(shutdown: Shutdown, story: impl FnOnce(&Address) + Send + 'static) {
    let address = serve("graphql", shop(), shutdown);
    spawn_blocking(move || story(&address)).await.unwrap();
}

fn next(data: Json) -> (String, Json) {
    ("next".to_owned(), data)
}

fn complete() -> (String, Json) {
    ("complete".to_owned(), Json::Null)
}

async fn an_operation_has_a_stream_of_its_own() {
    with(Shutdown::default(), |address| {
        let mut events = Events::open(address, "POST", STREAM, &[ACCEPT], &query_json("{ user(id: 1) { name } }"));
        let (event, data) = events.event();
        assert_eq!((event.as_str(), &data["data"]), ("next", &json!({"user": {"name": "Ada"}})));
        assert_eq!(data["extensions"]["lookups"], 1);
        assert_eq!((events.event(), events.next()), (complete(), Ok(None)));
        // An event source of a browser can only GET.
        let path = format!("{STREAM}?query=subscription%7BorderEvents(after:0)%7Bseq%7D%7D");
        let mut events = Events::open(address, "GET", &path, &[ACCEPT], &[]);
        assert_eq!(events.event(), next(json!({"data": {"orderEvents": {"seq": 1}}})));
        place(address);
        assert_eq!(events.event(), next(json!({"data": {"orderEvents": {"seq": 2}}})));
    })
    .await;
}

async fn errors_of_a_document_are_sent_in_its_stream() {
    with(Shutdown::default(), |address| {
        for (query, code) in [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { orderEvents(after: -1) { seq } }", "INVALID"),
        ] {
            let mut events = Events::open(address, "POST", STREAM, &[ACCEPT], &query_json(query));
            let (event, data) = events.event();
            assert_eq!((event.as_str(), data.get("data")), ("next", None), "{query}");
            assert_eq!(data["errors"][0]["extensions"]["code"], code);
            assert_eq!((events.event(), events.next()), (complete(), Ok(None)));
        }
        // What is no request is no stream either.
        let mutation = format!("{STREAM}?query=mutation%7BcancelOrder(input:%7Bid:1%7D)%7Border%7Bid%7D%7D%7D");
        for (method, path, headers, body, status) in [
            ("POST", STREAM, &[ACCEPT][..], &b"{"[..], 400),
            ("GET", STREAM, &[ACCEPT][..], b"", 400),
            ("GET", &mutation, &[ACCEPT][..], b"", 405),
            ("POST", STREAM, &[][..], b"{\"query\":\"{me{proof}}\"}", 404),
            ("PATCH", STREAM, &[ACCEPT][..], b"", 405),
            ("DELETE", STREAM, &[][..], b"", 405),
        ] {
            assert_eq!(send(address, method, path, headers, body).status, status, "{method} {path}");
        }
    })
    .await;
}

async fn streams_end_with_the_server_and_carry_the_cursor() {
    let shutdown = Shutdown::default();
    let stopping = shutdown.clone();
    with(shutdown, move |address| {
        let new_events = query_json("subscription { orderEvents(after: 0) { seq } }");
        let mut events = Events::open(address, "POST", STREAM, &[ACCEPT], &new_events);
        assert_eq!(events.event().0, "next");
        stopping.start();
        let good_bye = json!({"errors": [{
            "message": "the server is shutting down; resume after 1",
            "extensions": {"code": "UNAVAILABLE", "reason": "draining", "cursor": 1},
        }]});
        assert_eq!((events.event(), events.event()), (next(good_bye), complete()));
        assert_eq!(events.next(), Ok(None));
    })
    .await;
}

async fn a_stream_needs_an_explicit_accept() {
    with(Shutdown::default(), |address| {
        let body = query_json("{ me { proof } }");
        for (accept, status) in
            [("text/event-stream;q=0.5, */*", 200), ("text/event-stream;q=0, */*", 404), ("text/event-streamer", 404)]
        {
            assert_eq!(send(address, "POST", STREAM, &[("accept", accept)], &body).status, status, "{accept}");
        }
    })
    .await;
}

async fn a_dropped_response_does_not_come() {
    with(Shutdown::default(), |address| {
        for fault in ["drop", "cut=50%"] {
            let mut line = Line::open(address);
            let headers = [ACCEPT, ("x-fault", fault)];
            line.send(&request_with("POST", STREAM, "application/json", &headers, &query_json("{ me { proof } }")));
            let mut result = String::new();
            while let Some(byte) = line.byte() {
                result.push(char::from(byte));
            }
            assert!(!result.contains("complete") && !result.ends_with("0\r\n\r\n"), "{fault}: {result}");
            assert_eq!(result.contains("event: next"), fault != "drop", "{fault}: {result}");
        }
    })
    .await;
}
