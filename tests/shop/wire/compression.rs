//! Every style over HTTP compresses its responses on request, and they decompress to the same bytes.

use serde_json::json;
use server::protocols::PROTOCOLS;
use tests::harness::bytes_of;
use tests::raw::{Line, Response};
use tests::{TestServer, call_request};
use wire::decompression::decompress;
use wire::{Address, WireRequest};

tests!(a_list_of_fifty_is_compressed_in_every_style, small_responses_refusals_and_heads_follow_the_same_rules,);

/// The size of a list of fifty users in the largest envelope, and more.
const LIST_BYTES_MAX: usize = 100_000;

/// The response to a request with that header added.
fn answered(address: &Address, request: &[u8], header: &str) -> Response {
    let (line, rest) = request.split_at(request.iter().position(|byte| *byte == b'\n').unwrap() + 1);
    let mut connection = Line::open(address);
    connection.send(&[line, header.as_bytes(), rest].concat());
    connection.response().unwrap()
}

fn a_list_of_fifty_is_compressed_in_every_style() {
    let server = TestServer::open();
    let address = server.address();
    let calls = PROTOCOLS.iter().filter_map(|style| {
        let outgoing = style.client.encode(&call_request("list_users", &json!({"limit": 50})));
        // gRPC compresses messages, not bodies.
        let is_http1 = matches!(&outgoing, WireRequest::Http(request) if request.version() == http::Version::HTTP_11);
        is_http1.then(|| (style.name, bytes_of(&outgoing).0))
    });
    let calls: Vec<_> = calls.collect();
    assert_eq!(
        calls.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["rest", "soap", "jsonrpc", "xmlrpc", "graphql"]
    );
    for (name, request) in calls {
        let plain = answered(&address, &request, "");
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{name}");
        let coding = "gzip";
        let compressed = answered(&address, &request, &format!("accept-encoding: {coding}\r\n"));
        assert_eq!((compressed.status, compressed.header("content-encoding")), (200, coding), "{name}");
        assert!(compressed.header("vary").contains("Accept-Encoding"), "{name}: {compressed:?}");
        assert_eq!(compressed.header("content-type"), plain.header("content-type"), "{name}");
        assert_eq!(decompress(coding, &compressed.body, LIST_BYTES_MAX).unwrap(), plain.body, "{name} by {coding}");
        assert!(compressed.body.len() * 3 < plain.body.len(), "{name} by {coding}: {} bytes", compressed.body.len());
    }
}

fn small_responses_refusals_and_heads_follow_the_same_rules() {
    let server = TestServer::open();
    let address = server.address();
    let gzip = "accept-encoding: gzip\r\n";
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").into_bytes();
    let small = answered(&address, &get("/rest/users/1"), gzip);
    assert_eq!((small.status, small.header("content-encoding")), (200, ""));
    let unwilling = answered(&address, &get("/rest/users?limit=50"), "accept-encoding: gzip;q=0, identity\r\n");
    assert_eq!((unwilling.status, unwilling.header("content-encoding")), (200, ""));
    // A contract is not part of a style, and is compressed all the same.
    let contract = answered(&address, &get("/soap?wsdl"), gzip);
    assert_eq!((contract.status, contract.header("content-encoding")), (200, "gzip"));
    assert!(decompress("gzip", &contract.body, LIST_BYTES_MAX * 10).unwrap().ends_with(b"definitions>\n"));
    // RFC 9110 section 9.3.2: the head is that of GET.
    let list = "/rest/users?limit=50";
    let got = answered(&address, &get(list), gzip);
    let mut line = Line::open(&address);
    line.send(format!("HEAD {list} HTTP/1.1\r\nhost: x\r\n{gzip}connection: close\r\n\r\n").as_bytes());
    let mut head = String::new();
    while let Some(byte) = line.byte() {
        head.push(char::from(byte));
    }
    for name in ["etag", "content-encoding", "content-length", "vary"] {
        let line = format!("\r\n{name}: {}\r\n", got.header(name));
        assert!(head.contains(&line), "{line} {head}");
    }
    assert!(head.ends_with("\r\n\r\n"), "no byte of a body: {head}");
}
