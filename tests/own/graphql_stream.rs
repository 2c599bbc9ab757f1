//! Does the event stream of GraphQL keep to the protocol of graphql-sse, in both modes?

use crate::house::{serve, shop};
use actix_web::rt::task::spawn_blocking;
use serde_json::{Value as Json, json};
use tests::raw::{Line, Response, request_with};
use wire::Address;
use wire::drain::Drain;

const STREAM: &str = "/graphql/stream";
const ACCEPT: (&str, &str) = ("accept", "text/event-stream");
const PLACE: &str =
    "mutation { placeOrder(input: {userId: 1, lines: [{productId: 1, quantity: 1}]}) { order { id } } }";

fn asked(query: &str, operation_id: Option<&str>) -> Vec<u8> {
    json!({"query": query, "extensions": {"operationId": operation_id}}).to_string().into_bytes()
}

/// What a request is answered that opens no stream.
fn said(address: &Address, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut line = Line::open(address);
    let media_type = if method == "POST" { "application/json" } else { "" };
    line.send(&request_with(method, path, media_type, headers, body));
    line.response().unwrap()
}

/// Places an order, past the stream.
fn place(address: &Address) {
    let response = said(address, "POST", "/graphql", &[], &asked(PLACE, None));
    assert!(response.text().contains("\"order\""), "{}", response.text());
}

/// A stream that is open.
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

    /// The next event and its data; nothing at the end. The end of a connection without that of its body is a mistake.
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

/// Asks a shop of its own, from another thread than that which serves it.
async fn with(drain: Drain, story: impl FnOnce(&Address) + Send + 'static) {
    let address = serve("graphql", shop(), drain);
    spawn_blocking(move || story(&address)).await.unwrap();
}

fn next(data: Json) -> (String, Json) {
    ("next".to_owned(), data)
}

fn complete(data: Json) -> (String, Json) {
    ("complete".to_owned(), data)
}

#[actix_web::test]
async fn an_operation_has_a_stream_of_its_own() {
    with(Drain::default(), |address| {
        let mut events = Events::open(address, "POST", STREAM, &[ACCEPT], &asked("{ user(id: 1) { name } }", None));
        let (event, data) = events.event();
        assert_eq!((event.as_str(), &data["data"]), ("next", &json!({"user": {"name": "Ada"}})));
        assert_eq!(data["extensions"]["lookups"], 1);
        assert_eq!((events.event(), events.next()), (complete(Json::Null), Ok(None)));
        // An event source of a browser can only GET.
        let path = format!("{STREAM}?query=subscription%7BorderEvents(after:0)%7Bseq%7D%7D");
        let mut events = Events::open(address, "GET", &path, &[ACCEPT], &[]);
        assert_eq!(events.event(), next(json!({"data": {"orderEvents": {"seq": 1}}})));
        place(address);
        assert_eq!(events.event(), next(json!({"data": {"orderEvents": {"seq": 2}}})));
    })
    .await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_document_is_told_in_its_stream() {
    with(Drain::default(), |address| {
        for (query, code) in [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { orderEvents(after: -1) { seq } }", "INVALID"),
        ] {
            let mut events = Events::open(address, "POST", STREAM, &[ACCEPT], &asked(query, None));
            let (event, data) = events.event();
            assert_eq!((event.as_str(), data.get("data")), ("next", None), "{query}");
            assert_eq!(data["errors"][0]["extensions"]["code"], code);
            assert_eq!((events.event(), events.next()), (complete(Json::Null), Ok(None)));
        }
        // What is no request is no stream either.
        let mutation = format!("{STREAM}?query=mutation%7BcancelOrder(input:%7Bid:1%7D)%7Border%7Bid%7D%7D%7D");
        for (method, path, headers, body, status) in [
            ("POST", STREAM, &[ACCEPT][..], &b"{"[..], 400),
            ("GET", STREAM, &[ACCEPT][..], b"", 400),
            ("GET", &mutation, &[ACCEPT][..], b"", 405),
            ("POST", STREAM, &[][..], b"{\"query\":\"{me{proof}}\"}", 404),
            ("PATCH", STREAM, &[ACCEPT][..], b"", 405),
            ("DELETE", STREAM, &[][..], b"", 404),
        ] {
            assert_eq!(said(address, method, path, headers, body).status, status, "{method} {path}");
        }
    })
    .await;
}

#[actix_web::test]
async fn many_operations_share_a_stream_that_was_reserved() {
    with(Drain::default(), |address| {
        let reserved = said(address, "PUT", STREAM, &[], &[]);
        assert_eq!((reserved.status, reserved.header("content-type")), (201, "text/plain; charset=utf-8"));
        let token = ("x-graphql-event-stream-token", reserved.text());
        let post = |query: &str, id: Option<&str>| said(address, "POST", STREAM, &[token], &asked(query, id)).status;
        let stop = |id: &str| said(address, "DELETE", &format!("{STREAM}?operationId={id}"), &[token], &[]).status;
        // What is asked before the stream is open is told when it is.
        assert_eq!(post("{ user(id: 1) { name } }", Some("early")), 202);
        let mut events = Events::open(address, "GET", &format!("{STREAM}?token={}", token.1), &[ACCEPT], &[]);
        let (event, data) = events.event();
        assert_eq!((event.as_str(), &data["id"]), ("next", &json!("early")));
        assert_eq!(data["payload"]["data"], json!({"user": {"name": "Ada"}}));
        assert_eq!(events.event(), complete(json!({"id": "early"})));
        assert_eq!(said(address, "GET", STREAM, &[token, ACCEPT], &[]).status, 409, "it is open already");

        assert_eq!(post("subscription { orderEvents(after: 0) { seq } }", Some("news")), 202);
        assert_eq!(events.event(), next(json!({"id": "news", "payload": {"data": {"orderEvents": {"seq": 1}}}})));
        assert_eq!(post("{ me { proof } }", Some("news")), 409, "the id is in use");
        assert_eq!(post(PLACE, Some("order")), 202);
        let mut heard = [events.event(), events.event(), events.event()];
        heard.sort_by_key(|(event, data)| (event.clone(), data["id"].to_string()));
        let [done, of_news, of_order] = heard;
        assert_eq!(done, complete(json!({"id": "order"})));
        assert_eq!(of_news, next(json!({"id": "news", "payload": {"data": {"orderEvents": {"seq": 2}}}})));
        assert_eq!(of_order.1["payload"]["data"], json!({"placeOrder": {"order": {"id": "2"}}}));

        assert_eq!(stop("news"), 200);
        place(address);
        assert_eq!(post("{ me { proof } }", Some("news")), 202, "the id is free again");
        assert_eq!(events.event().1["payload"]["data"], json!({"me": {"proof": "NONE"}}));
    })
    .await;
}

#[actix_web::test]
async fn what_is_wrong_with_an_operation_is_told_to_who_starts_it() {
    with(Drain::default(), |address| {
        let token = said(address, "PUT", STREAM, &[], &[]);
        let token = ("x-graphql-event-stream-token", token.text());
        let me = asked("{ me { proof } }", Some("1"));
        for (path, token, body, status) in [
            (STREAM, token, asked("{", Some("1")), 400),
            (STREAM, token, asked("{ nothing }", Some("1")), 202),
            (STREAM, token, asked("{ me { proof } }", None), 400),
            (STREAM, (token.0, "guessed"), me.clone(), 404),
            ("/sandboxes/other/graphql/stream", token, me, 404),
        ] {
            assert_eq!(said(address, "POST", path, &[token], &body).status, status, "{path} {token:?}");
        }
        assert_eq!(said(address, "DELETE", STREAM, &[token], &[]).status, 400);
        // Who asks on and on without listening is told to stop.
        let started = |number: i32| {
            let body = asked("{ me { proof } }", Some(&format!("more{number}")));
            said(address, "POST", STREAM, &[token], &body).status
        };
        assert_eq!((0..64).map(started).find(|status| *status != 202), Some(413));
    })
    .await;
}

#[actix_web::test]
async fn news_end_with_the_server_and_say_where_to_go_on() {
    let drain = Drain::default();
    let stopping = drain.clone();
    with(drain, move |address| {
        let news = asked("subscription { orderEvents(after: 0) { seq } }", Some("1"));
        let token = said(address, "PUT", STREAM, &[], &[]);
        let token = ("x-graphql-event-stream-token", token.text());
        let mut alone = Events::open(address, "POST", STREAM, &[ACCEPT], &news);
        let mut shared = Events::open(address, "GET", STREAM, &[ACCEPT, token], &[]);
        said(address, "POST", STREAM, &[token], &news);
        assert_eq!((alone.event().0, shared.event().0), ("next".to_owned(), "next".to_owned()));
        stopping.begin();
        let good_bye = json!({"errors": [{
            "message": "the server is shutting down; resume after 1",
            "extensions": {"code": "UNAVAILABLE", "reason": "draining", "cursor": 1},
        }]});
        assert_eq!((alone.event(), alone.event()), (next(good_bye.clone()), complete(Json::Null)));
        assert_eq!(shared.event(), next(json!({"id": "1", "payload": good_bye})));
        assert_eq!((shared.event(), shared.next(), alone.next()), (complete(json!({"id": "1"})), Ok(None), Ok(None)));
        let too_late = said(address, "POST", STREAM, &[token], &asked("{ me { proof } }", Some("2")));
        assert_eq!(too_late.status, 404, "no operation is accepted that nobody would answer");
    })
    .await;
}

#[actix_web::test]
async fn a_stream_is_asked_for_by_name_and_not_by_the_way() {
    with(Drain::default(), |address| {
        let body = asked("{ me { proof } }", None);
        for (accept, status) in
            [("text/event-stream;q=0.5, */*", 200), ("text/event-stream;q=0, */*", 404), ("text/event-streamer", 404)]
        {
            assert_eq!(said(address, "POST", STREAM, &[("accept", accept)], &body).status, status, "{accept}");
        }
    })
    .await;
}

#[actix_web::test]
async fn an_answer_that_was_wished_away_does_not_come() {
    with(Drain::default(), |address| {
        for fault in ["drop", "cut=50%"] {
            let mut line = Line::open(address);
            let headers = [ACCEPT, ("x-fault", fault)];
            line.send(&request_with("POST", STREAM, "application/json", &headers, &asked("{ me { proof } }", None)));
            let mut heard = String::new();
            while let Some(byte) = line.byte() {
                heard.push(char::from(byte));
            }
            assert!(!heard.contains("complete") && !heard.ends_with("0\r\n\r\n"), "{fault}: {heard}");
            assert_eq!(heard.contains("event: next"), fault != "drop", "{fault}: {heard}");
        }
    })
    .await;
}
