//! What counts as one operation: a member of a batch, a call of a multicall, an aliased field, a message.

use crate::trials::Alone;
use domain::Sandbox;
use domain::sandbox::Settings;
use std::sync::Arc;
use tests::raw::{Line, Response};
use tests::{TestServer, runtime};
use wire::Address;

pub const TESTS: &[Alone] = &[
    ("each member of a batch counts", batch),
    ("each call of a multicall counts", multicall),
    ("each aliased field counts, nested fields do not", aliases),
    ("REST reports the rate limit", rest),
];

/// A sandbox with three operations per minute.
fn three(server: &TestServer) -> Address {
    let name = server.new_name();
    let settings = Settings { rate_per_minute: Some(3), ..Settings::default() };
    runtime().block_on(server.shop.store().configure(&Sandbox::parse(&name).unwrap(), settings)).unwrap();
    server.address().in_sandbox(&name)
}

fn send(address: &Address, method: &str, path: &str, media_type: &str, body: &str) -> Response {
    let mut line = Line::open(address);
    let head = format!(
        "{method} {}{path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\r\n",
        address.prefix,
        body.len()
    );
    line.send(format!("{head}{body}").as_bytes());
    line.response().expect("an answer")
}

fn batch(server: &Arc<TestServer>) {
    let call = |id: i32| format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"get_product","params":[1]}}"#);
    let body = format!("[{}]", (1..=5).map(call).collect::<Vec<_>>().join(","));
    let response = send(&three(server), "POST", "/jsonrpc", "application/json", &body);
    assert_eq!(response.text().matches(r#""result""#).count(), 3, "{}", response.text());
    assert_eq!(response.text().matches(r#""code":-32005"#).count(), 2, "{}", response.text());
}

fn multicall(server: &Arc<TestServer>) {
    let member = |name: &str, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let params = "<array><data><value><int>1</int></value></data></array>";
    let call =
        format!("<value><struct>{}{}</struct></value>", member("methodName", "get_product"), member("params", params));
    let body = format!(
        "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>{}</data></array>\
         </value></param></params></methodCall>",
        call.repeat(5)
    );
    let response = send(&three(server), "POST", "/xmlrpc", "text/xml", &body);
    assert_eq!(response.text().matches("<int>-32005</int>").count(), 2, "{}", response.text());
}

fn aliases(server: &Arc<TestServer>) {
    let fields: String =
        (1..=5).map(|n| format!("a{n}: order(id: 1) {{ id user {{ id }} lines {{ product {{ id }} }} }} ")).collect();
    let body = format!(r#"{{"query":"{{ {fields} }}"}}"#);
    let response = send(&three(server), "POST", "/graphql", "application/json", &body);
    assert_eq!(response.text().matches(r#""RATE_LIMITED""#).count(), 2, "{}", response.text());
}

/// The headers of draft-ietf-httpapi-ratelimit-headers.
fn rest(server: &Arc<TestServer>) {
    let address = three(server);
    let call_request = || send(&address, "GET", "/rest/products/1", "text/plain", "");
    for left in [2, 1, 0] {
        let response = call_request();
        assert_eq!(response.status, 200);
        assert_eq!(response.header("ratelimit-policy"), r#""default";q=3;w=60"#);
        assert!(response.header("ratelimit").starts_with(&format!(r#""default";r={left};t="#)), "{response:?}");
    }
    let response = call_request();
    assert_eq!(response.status, 429);
    assert!(response.header("ratelimit").starts_with(r#""default";r=0;t="#), "{response:?}");
    assert_eq!(response.header("retry-after"), "21", "20.001 s, rounded up");
}
