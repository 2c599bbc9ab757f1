//! The traffic view shows each exchange on the wire once, and no secret.

use super::{Stream, call_measured, each, get, key};
use auth::demo;
use domain::sandbox::{Access, Settings};
use domain::users::UserId;
use domain::{Reason, Sandbox};
use lab::capture::{Target, target_of};
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::raw::{Line, request_with};
use tests::{TestServer, frames, runtime};
use wire::connection::Connection;
use wire::{Adapter, Address};

tests!(
    a_request_belongs_to_a_style_and_a_sandbox,
    a_call_over_each_style_is_shown_once_without_secrets,
    streams_of_one_connection_are_shown_apart,
    a_binary_message_over_http1_shows_no_secret,
    a_call_with_its_sandbox_in_a_header_is_shown_there_alone,
    events_over_http2_are_shown_as_they_are_sent,
    requests_that_never_reach_the_pipeline_are_shown_too,
    a_socket_that_was_already_open_is_shown_by_message,
    events_are_shown_as_they_are_sent,
    long_exchanges_are_cut_and_marked,
    unknown_paths_are_shown,
    a_watcher_that_comes_back_finds_what_was_there,
    an_admin_of_main_sees_all_sandboxes,
    nothing_is_captured_without_a_watcher,
    a_locked_sandbox_shows_itself_to_admins_alone,
);

/// A client of the traffic view.
struct Viewer(Stream);

impl Viewer {
    fn open(server: &TestServer, prefix: &str, headers: &[(&str, &str)]) -> Viewer {
        Viewer::of(server, &format!("{prefix}/lab/wire"), headers)
    }

    fn of(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> Viewer {
        let mut stream = Stream::open(server, path, headers);
        // The first block says that it has started.
        assert!(stream.block().unwrap().starts_with("retry:"));
        Viewer(stream)
    }

    /// The next exchange.
    fn next(&mut self) -> Value {
        loop {
            let block = self.0.block().expect("the stream goes on");
            if let Some(data) = block.strip_prefix("event: exchange\ndata: ") {
                return serde_json::from_str(data).unwrap();
            }
            assert!(block.starts_with(':'), "{block}");
        }
    }
}

fn open(server: &TestServer, prefix: &str, exchange: &Value) -> Value {
    let response = get(server, &format!("{prefix}/lab/wire/{}", exchange["id"]), &[]);
    assert_eq!(response.status, 200, "{}", response.text());
    serde_json::from_slice(&response.body).unwrap()
}

fn a_request_belongs_to_a_style_and_a_sandbox() {
    let place = |target: &str| target_of(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes(), &PROTOCOLS);
    let of = |style, name| Some(Target { style, sandbox: Sandbox::parse(name).unwrap() });
    assert_eq!(place("/rest/users/1?fields=name"), of("rest", "main"));
    assert_eq!(place("/sandboxes/alice/soap?wsdl"), of("soap", "alice"));
    assert_eq!(place("/sandboxes/alice/restful"), of("", "alice"), "no style's");
    for unknown_key in ["/lab/wire", "/sandboxes/alice/lab/compare", "/sandboxes/A_b/rest/me"] {
        assert_eq!(place(unknown_key), None, "{unknown_key}");
    }
    let two = b"GET /rest/me HTTP/1.1\r\n\r\nGET /sandboxes/locked/rest/me HTTP/1.1\r\n\r\n";
    assert_eq!(target_of(two, &PROTOCOLS), None, "who looks at one sandbox must not see what is sent to another");
}

fn a_call_over_each_style_is_shown_once_without_secrets() {
    let server = TestServer::open();
    let prefix = "/sandboxes/seen";
    let mut viewer = Viewer::open(&server, prefix, &[]);
    let address = Address { prefix: prefix.to_owned(), ..server.address() };
    let log_in = json!({"email": "ada@example.com", "password": demo::PASSWORD});
    let password = "correct-horse";
    for style in PROTOCOLS.iter() {
        let new = json!({"name": "Eve", "email": format!("{}@example.com", style.name), "password": password});
        let cases = [
            ("create_user", new, "ok", style.name),
            ("log_in", log_in.clone(), "ok", "ada@example.com"),
            ("get_product", json!({"id": 12345}), Reason::ProductNotFound.word(), "12345"),
        ];
        for (operation, input, outcome, expected) in &cases {
            // Files, the page's own requests, and requests to other sandboxes are not shown.
            get(&server, &format!("{prefix}{}", style.contracts[0].path), &[]);
            get(&server, &format!("{prefix}/lab/table"), &[]);
            call_measured(&server.address(), style, operation, input.clone());
            let (sent, received, line) = call_measured(&address, style, operation, input.clone());
            // The end of a connection ends its exchange; on a socket it has bytes of its own.
            let _kept = (style.name == "websocket").then_some(line);
            let mut seen = viewer.next();
            // Before it, a socket shakes hands and authenticates, which are no operations.
            for _ in 0..if style.name == "websocket" { 2 } else { 0 } {
                assert_eq!((&seen["operation"], &seen["outcome"]), (&Value::Null, &"ok".into()), "{seen}");
                seen = viewer.next();
            }
            assert_eq!((&seen["style"], &seen["operation"]), (&style.name.into(), &(*operation).into()));
            // Over a socket, log_in needs no other credentials.
            let is_asked = (style.name, *operation) != ("websocket", "log_in");
            let caller = if is_asked { "user 3" } else { "anonymous caller" };
            assert_eq!((&seen["outcome"], &seen["caller"]), (&(*outcome).into(), &caller.into()), "{seen}");
            assert_eq!((&seen["sent"], &seen["received"]), (&sent.into(), &received.into()), "{seen}");
            let whole = open(&server, prefix, &seen);
            assert_eq!((&whole["id"], &whole["is_cut"]), (&seen["id"], &false.into()));
            assert_eq!((each(&whole["received"]).count(), each(&whole["sent"]).count()), (1, 1));
            let shown = whole.to_string();
            // A token starts like this (RFC 7515 section 3.1).
            for secret in [password, demo::api_key(UserId(3)).reveal(), "eyJ"] {
                assert!(!shown.contains(secret), "{shown}");
            }
            // Of a binary message that may hold secrets, only the length is shown.
            let expected = if (style.name, *operation) == ("grpc", "log_in") { " bytes" } else { *expected };
            assert!(shown.contains(expected), "{shown}");
        }
    }
}

/// Frames of other streams come between, and HPACK's table lasts as long as the connection, so the capture reads on without a watcher.
fn streams_of_one_connection_are_shown_apart() {
    let server = TestServer::open();
    let mut call_request = tests::call_request("get_user", &json!({"id": 1}));
    call_request.options.credentials = key();
    let outgoing = |style: &Adapter| style.client.encode(&call_request).over_http2();
    let call = async |line: &mut Connection, style: &'static Adapter| {
        line.call(style.client, &call_request, &outgoing(style)).await.unwrap();
    };
    let mut line = runtime().block_on(Connection::open(&server.address(), &outgoing(named("rest")))).unwrap();
    runtime().block_on(call(&mut line, named("rest")));
    let mut viewer = Viewer::open(&server, "", &[]);
    let seen = ["rest", "grpc"].map(|name| {
        runtime().block_on(call(&mut line, named(name)));
        let seen = viewer.next();
        assert_eq!((&seen["style"], &seen["operation"]), (&name.into(), &"get_user".into()), "{seen}");
        assert_eq!((&seen["outcome"], &seen["caller"]), (&"ok".into(), &"user 3".into()), "{seen}");
        let whole = open(&server, "", &seen);
        assert!(!whole.to_string().contains(demo::api_key(UserId(3)).reveal()), "{whole}");
        whole
    });
    let [rest, grpc] = &seen;
    assert_eq!(rest["connection"], grpc["connection"]);
    assert!(rest["sent"][0]["head"].as_str().unwrap().starts_with("GET /rest/users/1 HTTP/2\r\n"), "{rest}");
    assert!(rest["received"][0]["body"].as_str().unwrap().contains("Ada"), "{rest}");
    // A message of gRPC: not compressed, 2 bytes, field 1 is 1.
    assert_eq!(grpc["sent"][0]["body"], "00 00 00 00 02 08 01");
    assert_eq!(grpc["received"][0]["trailers"], "grpc-status: 0\r\n", "{grpc}");
}

/// The fields of `log_in`: email and password. Their names are not on the wire.
fn a_binary_message_over_http1_shows_no_secret() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    let field = |tag: u8, text: &str| [&[tag, text.len() as u8], text.as_bytes()].concat();
    let message = [field(0x0a, "ada@example.com"), field(0x12, demo::PASSWORD)].concat();
    let mut line = Line::open(&server.address());
    let path = format!("{}/LogIn", named("grpc").path);
    line.send(&request_with("POST", &path, "application/proto", &[("connect-protocol-version", "1")], &message));
    assert_eq!(line.response().unwrap().status, 200);
    drop(line);
    let seen = viewer.next();
    assert_eq!(seen["operation"], "log_in", "{seen}");
    let whole = open(&server, "", &seen);
    assert_eq!(whole["sent"][0]["body"], format!("{} bytes", message.len()));
    assert!(!whole.to_string().contains("eyJ"), "{whole}");
}

/// Clients of gRPC can't prefix a path.
fn a_call_with_its_sandbox_in_a_header_is_shown_there_alone() {
    let server = TestServer::open();
    let [mut of_main, mut of_alice] = ["", "/sandboxes/alice"].map(|prefix| Viewer::open(&server, prefix, &[]));
    let path = format!("{}/GetUser", named("grpc").path);
    for sandbox in ["alice", "main"] {
        let mut line = Line::open(&server.address());
        line.send(&request_with("POST", &path, "application/json", &[("x-sandbox", sandbox)], br#"{"id":1}"#));
        assert_eq!(line.response().unwrap().status, 200);
    }
    for (viewer, sandbox) in [(&mut of_main, "main"), (&mut of_alice, "alice")] {
        let seen = viewer.next();
        assert_eq!((&seen["sandbox"], &seen["operation"]), (&sandbox.into(), &"get_user".into()), "{seen}");
    }
}

fn events_over_http2_are_shown_as_they_are_sent() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    for name in ["rest", "grpc"] {
        let style = named(name);
        let watch = tests::call_request("watch_events", &json!({}));
        let outgoing = style.client.encode(&watch).over_http2();
        let mut line = runtime().block_on(Connection::open(&server.address(), &outgoing)).unwrap();
        runtime().block_on(line.call(style.client, &watch, &outgoing)).unwrap();
        let started = viewer.next();
        assert_eq!((&started["operation"], &started["outcome"]), (&"watch_events".into(), &"ok".into()), "{started}");
        let order = json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]});
        call_measured(&server.address(), named("rest"), "place_order", order);
        let seen = [viewer.next(), viewer.next()];
        let pushed = seen.iter().find(|seen| seen["operation"] == "watch_events").expect("an event");
        assert_eq!((&pushed["style"], &pushed["sent"]), (&name.into(), &0.into()));
        assert_eq!(pushed["connection"], started["connection"]);
        let whole = open(&server, "", pushed);
        assert!(!whole["received"][0]["body"].as_str().unwrap().is_empty(), "{whole}");
    }
}

/// The style of this name.
fn named(name: &str) -> &'static Adapter {
    PROTOCOLS.iter().find(|style| style.name == name).unwrap()
}

fn requests_that_never_reach_the_pipeline_are_shown_too() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    let cases = [("/jsonrpc", "application/json", 200), ("/soap", "text/xml", 500), ("/xmlrpc", "text/xml", 200)];
    for (path, media_type, status) in cases {
        let mut line = Line::open(&server.address());
        line.send(&request_with("POST", path, media_type, &[], b"<{"));
        assert_eq!(line.response().unwrap().status, status, "{path}");
        drop(line);
        let seen = viewer.next();
        assert_eq!((&seen["operation"], &seen["outcome"]), (&Value::Null, &Reason::Unreadable.word().into()));
    }
}

fn a_socket_that_was_already_open_is_shown_by_message() {
    let server = TestServer::open();
    let mut socket = frames::open(&server.address(), "/ws", "");
    let mut viewer = Viewer::open(&server, "", &[]);
    for id in 1..=2 {
        let message = json!({"id": id, "op": "get_user", "params": {"id": id}}).to_string();
        socket.send(&frames::masked(frames::TEXT, message.as_bytes()));
        frames::next(&mut socket).unwrap();
        // A ping that the server answers by itself is no call.
        socket.send(&frames::masked(frames::PING, b""));
        frames::next(&mut socket).unwrap();
    }
    for id in 1..=2 {
        let seen = viewer.next();
        assert_eq!((&seen["style"], &seen["operation"]), (&"websocket".into(), &"get_user".into()), "{seen}");
        let whole = open(&server, "", &seen);
        let text = whole["sent"][0]["text"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap()["id"], id);
    }
}

fn events_are_shown_as_they_are_sent() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    let mut stream = Line::open(&server.address());
    stream.send(&request_with("GET", "/rest/events", "", &[("accept", "text/event-stream")], b""));
    let started = viewer.next();
    assert_eq!((&started["operation"], &started["outcome"]), (&"watch_events".into(), &"ok".into()));
    call_measured(
        &server.address(),
        &PROTOCOLS[0],
        "place_order",
        json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}),
    );
    let seen = [viewer.next(), viewer.next()];
    let pushed = seen.iter().find(|seen| seen["operation"] == "watch_events").unwrap();
    assert_eq!((&pushed["sent"], &pushed["connection"]), (&0.into(), &started["connection"]));
    let whole = open(&server, "", pushed);
    assert!(whole["received"][0]["body"].as_str().unwrap().contains("order.placed"), "{whole}");
}

fn long_exchanges_are_cut_and_marked() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    let body = [&[b' '; 100_000][..], br#"{"jsonrpc":"2.0","id":1,"method":"get_user","params":{"id":1}}"#].concat();
    let mut line = Line::open(&server.address());
    line.send(&request_with("POST", "/jsonrpc", "application/json", &[], &body));
    assert_eq!(line.response().unwrap().status, 200);
    drop(line);
    let seen = viewer.next();
    assert_eq!((&seen["operation"], &seen["outcome"]), (&"get_user".into(), &"ok".into()));
    assert!(seen["sent"].as_u64().unwrap() > 100_000);
    let whole = open(&server, "", &seen);
    assert_eq!(whole["is_cut"], true);
    assert!(whole["sent"][0]["body"].as_str().unwrap().len() < 64 * 1024);
}

fn unknown_paths_are_shown() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    for (path, style) in [("/rest/nothing?api_key=k", "rest"), ("/restful/users", "")] {
        // Files and the page's own requests are not shown.
        get(&server, "/lab/nothing.js", &[]);
        get(&server, "/livez", &[]);
        assert_eq!(get(&server, path, &[]).status, 404);
        let seen = viewer.next();
        let request = format!("GET {}", path.split('?').next().unwrap());
        let shown = (&seen["style"], &seen["operation"], &seen["request"], &seen["outcome"]);
        assert_eq!(shown, (&style.into(), &Value::Null, &request.into(), &"unknown_operation".into()), "{seen}");
    }
}

fn a_watcher_that_comes_back_finds_what_was_there() {
    let server = TestServer::open();
    let mut viewer = Viewer::open(&server, "", &[]);
    call_measured(&server.address(), &PROTOCOLS[0], "get_user", json!({"id": 1}));
    let seen = viewer.next();
    drop(viewer);
    let mut again = Viewer::open(&server, "", &[]);
    assert_eq!(again.next(), seen);
    call_measured(&server.address(), &PROTOCOLS[0], "get_product", json!({"id": 1}));
    assert_eq!(
        (&again.next()["operation"], open(&server, "", &seen)["id"].as_u64()),
        (&"get_product".into(), seen["id"].as_u64())
    );
}

fn an_admin_of_main_sees_all_sandboxes() {
    let server = TestServer::open();
    let all = "/lab/wire?sandboxes=all";
    let [customer, admin] = [1, 3].map(|id| demo::api_key(UserId(id)));
    assert_eq!(get(&server, all, &[]).status, 401, "main is open, but this is not only about main");
    assert_eq!(get(&server, all, &[("x-api-key", customer.reveal())]).status, 403);
    assert_eq!(get(&server, &format!("/sandboxes/alice{all}"), &[("x-api-key", admin.reveal())]).status, 403);
    let mut viewer = Viewer::of(&server, all, &[("x-api-key", admin.reveal())]);
    for name in ["alice", "bob"] {
        call_measured(&server.address().in_sandbox(name), &PROTOCOLS[0], "get_product", json!({"id": 1}));
        let seen = viewer.next();
        assert_eq!((&seen["sandbox"], &seen["operation"]), (&name.into(), &"get_product".into()), "{seen}");
        let path = format!("/lab/wire/{}", seen["id"]);
        assert_eq!(get(&server, &path, &[("x-api-key", admin.reveal())]).status, 404, "it is not of main");
        let whole = get(&server, &format!("{path}?sandboxes=all"), &[("x-api-key", admin.reveal())]);
        assert!(whole.text().contains(&format!("/sandboxes/{name}/rest/products/1")), "{}", whole.text());
    }
}

fn nothing_is_captured_without_a_watcher() {
    let server = TestServer::open();
    assert_eq!(get(&server, "/lab/wire/1", &[]).status, 404);
    call_measured(&server.address(), &PROTOCOLS[0], "get_user", json!({"id": 1}));
    let mut viewer = Viewer::open(&server, "", &[]);
    call_measured(&server.address(), &PROTOCOLS[0], "get_user", json!({"id": 2}));
    let seen = viewer.next();
    assert_eq!(seen["id"], 1, "what was before has not been kept");
    assert_eq!(get(&server, "/sandboxes/another/lab/wire/1", &[]).status, 404);
    assert_eq!(get(&server, "/lab/wire/x", &[]).status, 404);
}

fn a_locked_sandbox_shows_itself_to_admins_alone() {
    let server = TestServer::open();
    let lock = |access| {
        let settings = Settings { access, ..Settings::default() };
        runtime().block_on(server.shop.store().configure(&Sandbox::parse("locked").unwrap(), settings)).unwrap();
    };
    let mut before = Viewer::open(&server, "/sandboxes/locked", &[]);
    lock(Access::Locked);
    for path in ["/sandboxes/locked/lab/wire", "/sandboxes/locked/lab/wire/1"] {
        let refused = get(&server, path, &[]);
        let challenges: Vec<_> = refused.headers.iter().filter(|(name, _)| name == "www-authenticate").collect();
        assert_eq!(refused.status, 401);
        // With a Basic challenge a browser would open its own dialog.
        assert!(matches!(challenges[..], [(_, only)] if only.starts_with("Bearer ")), "{path}: {challenges:?}");
        assert_eq!(get(&server, path, &[("x-api-key", demo::api_key(UserId(1)).reveal())]).status, 403);
    }
    let admin = demo::api_key(UserId(3));
    let mut viewer = Viewer::open(&server, "/sandboxes/locked", &[("x-api-key", admin.reveal())]);
    let address = Address { prefix: "/sandboxes/locked".to_owned(), ..server.address() };
    call_measured(&address, &PROTOCOLS[0], "get_user", json!({"id": 1}));
    assert_eq!(viewer.next()["operation"], "get_user");
    // A client that looked while the sandbox was open sees no more.
    let last = std::iter::from_fn(|| before.0.block()).find(|block| block.starts_with("event:")).unwrap();
    assert!(last.starts_with("event: error\n"), "{last}");
    assert_eq!(before.0.block(), None);
}
