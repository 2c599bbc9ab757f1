//! Exchanges on the wire, to the byte: recorded from real ones and committed as text; `UPDATE=1` records again.

use crate::trials::Trials;
use domain::access::Credentials;
use domain::users::UserId;
use domain::{RequestContext, Sandbox};
use lab::show;
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use tests::{TestServer, committed, facts, runtime};
use wire::client::CallOptions;
use wire::connection::Connection;
use wire::{Adapter, CallRequest, Outcome};

/// A call, the name of its file, and whether it succeeds.
struct Exchange {
    name: &'static str,
    operation: &'static str,
    input: fn() -> Value,
    answered: bool,
    /// The options of the call.
    options: fn() -> CallOptions,
    /// Whether it was sent before, so that this is a repetition.
    is_again: bool,
}

const fn exchange(name: &'static str, operation: &'static str, answered: bool, input: fn() -> Value) -> Exchange {
    Exchange { name, operation, input, answered, options: CallOptions::default, is_again: false }
}

impl Exchange {
    const fn options(self, options: fn() -> CallOptions) -> Exchange {
        Exchange { options, ..self }
    }
}

/// Ada, with the public API key.
fn ada() -> CallOptions {
    CallOptions { credentials: Credentials::ApiKey(auth::demo::api_key(UserId(1))), ..CallOptions::default() }
}

/// An idempotency key.
fn key() -> CallOptions {
    CallOptions { idempotency_key: Some("click-1".to_owned()), ..CallOptions::default() }
}

const EXCHANGES: &[Exchange] = &[
    exchange("get_user", "get_user", true, || json!({"id": 1})),
    exchange("get_user-refused", "get_user", false, || json!({"id": 51})),
    exchange("search", "search_products", true, || json!({"query": "laptop", "limit": 2})),
    exchange("search-refused", "search_products", false, || json!({"query": "", "limit": 0})),
    exchange(
        "place_order",
        "place_order",
        true,
        || json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}, {"product_id": 3, "quantity": 2}]}),
    ),
    exchange(
        "place_order-refused",
        "place_order",
        false,
        || json!({"user_id": 1, "lines": [{"product_id": 10, "quantity": 99}]}),
    ),
    Exchange {
        is_again: true,
        ..exchange(
            "place_order-again",
            "place_order",
            true,
            || json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}),
        )
        .options(key)
    },
    exchange("who_am_i", "who_am_i", true, || json!({})).options(ada),
    exchange("list_users-refused", "list_users", false, || json!({})).options(ada),
];

pub fn tests(trials: &mut Trials) {
    for exchange in EXCHANGES {
        for style in PROTOCOLS.iter() {
            trials.add(format!("{} :: {}", exchange.name, style.name), move |server| {
                let path = format!("tests/recorded/{}/{}.txt", style.name, exchange.name);
                committed::compare(&path, &record(server, style, exchange))
                    .unwrap_or_else(|problem| panic!("{problem}"));
            });
        }
    }
}

/// Makes an exchange, and shows all of its bytes.
fn record(server: &TestServer, style: &'static Adapter, exchange: &Exchange) -> String {
    // A command runs in a sandbox of its own, so that the others find the shop unchanged.
    let copy = match exchange.name {
        "place_order" => Some(format!("copy-for-{}", style.name)),
        "place_order-again" => Some(format!("again-for-{}", style.name)),
        _ => None,
    };
    let address = copy.as_ref().map_or(server.address(), |name| server.address().in_sandbox(name));
    let call_request =
        CallRequest { options: (exchange.options)(), ..tests::call_request(exchange.operation, &(exchange.input)()) };
    if exchange.is_again {
        let sandbox = Sandbox::parse(&copy.expect("a copy")).expect("a name");
        let context = RequestContext {
            idempotency_key: call_request.options.idempotency_key.clone(),
            ..RequestContext::new("none", sandbox)
        };
        runtime()
            .block_on(server.shop.execute(
                &context,
                domain::Operation::named(&call_request.operation),
                call_request.input.clone(),
            ))
            .expect("the first click");
    }
    let outgoing = style.client.encode(&call_request);
    let (result, opening, recording) = runtime().block_on(async {
        let mut line = Connection::open(&address, &outgoing).await.expect("a connection");
        let result = line.call(style.client, &call_request, &outgoing).await.expect("an answer");
        (result, line.handshake_recordings().to_vec(), line.take_recording())
    });
    assert_eq!(matches!(result, Outcome::Reply(_)), exchange.answered, "{result:?}");
    if let Some(check) = facts(style.name).check_exchange {
        let is_valid = exchange.name != "search-refused";
        check(&recording, is_valid).unwrap_or_else(|error| panic!("{error}"));
    }
    let mut shown = String::new();
    for recording in opening.iter().chain([&recording]) {
        shown.push_str(&show::wire(recording));
        shown.push('\n');
    }
    let port = server.running().socket().port();
    let text = settle(&shown.replace(&format!("127.0.0.1:{port}"), "127.0.0.1:PORT"));
    format!("{}\n", text.trim_end())
}

/// Replaces what differs in every recording by fixed words.
fn settle(shown: &str) -> String {
    let line = |line: &str| {
        for (header, fixed) in [
            ("date: ", "DATE"),
            ("sec-websocket-key: ", "KEY"),
            ("sec-websocket-accept: ", "ACCEPT"), //
        ] {
            let name = line.get(2..2 + header.len()).unwrap_or_default();
            if name.eq_ignore_ascii_case(header) {
                let end = if line.ends_with("\\r\\n") { "\\r\\n" } else { "" };
                return format!("{}{name}{fixed}{end}", &line[..2]);
            }
        }
        // The length of a header block differs with the digits of the port and of the date, which HPACK compresses.
        if let Some((start, rest)) = line.split_once("] HEADERS stream ") {
            let (stream, rest) = rest.split_once(", ").unwrap_or((rest, ""));
            let flags = rest.split_once(" bytes").map_or("", |(_, flags)| flags);
            return format!("{}LENGTH{}] HEADERS stream {stream}, N bytes{flags}", &start[..3], &start[11..]);
        }
        match line.strip_prefix("> [").and_then(|rest| rest.split_once("] ")) {
            // The mask of a client's frame: its last four bytes (RFC 6455 section 5.2).
            Some((header, payload)) if header.len() > 11 && !payload.contains(" stream ") => {
                format!("> [{}MA SK MA SK] {payload}", &header[..header.len() - 11])
            }
            _ => line.to_owned(),
        }
    };
    let mut lines: Vec<String> = shown.lines().map(line).collect();
    // actix keeps headers in a map, and writes them in an order that differs by process. RFC 9110 section 5.3:
    // it has no meaning. So they are recorded by name.
    // When an end of HTTP/2 acknowledges the settings is a matter of microseconds: it is recorded as its last frame.
    for position in 1..lines.len() {
        let acknowledges = lines[position - 1].contains("] SETTINGS ") && lines[position - 1].ends_with(", ACK");
        if acknowledges && lines[position].contains("] WINDOW_UPDATE stream 0") {
            lines[position - 1..position + 2].rotate_left(1);
        }
    }
    let is_field = |line: &String| line.starts_with("< ") && !line.starts_with("< [") && !line.starts_with("< :");
    for head in 0..lines.len() {
        if lines[head].starts_with("< [") && lines[head].contains("] HEADERS ") {
            let first = head + 1 + lines[head + 1..].iter().take_while(|line| line.starts_with("< :")).count();
            let count = lines[first..].iter().take_while(|line| is_field(line)).count();
            lines[first..first + count].sort();
        }
    }
    let mut start = 0;
    while let Some(first) = lines[start..].iter().position(|line| line.starts_with("< HTTP/1.1 ")) {
        let head = start + first + 1;
        let length = lines[head..].iter().position(|line| line == "< \\r\\n").unwrap_or_default();
        lines[head..head + length].sort();
        start = head;
    }
    lines.join("\n")
}
