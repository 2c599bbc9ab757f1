//! Scenario: twenty small reads in two encodings, over two versions of HTTP, on one connection or on many.

use super::batches::http_request;
use super::runner::{Entry, Runner, Step};
use crate::call::reply;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, TE};
use http::{HeaderValue, Version};
use wire::connection::Failure;
use wire::{CallRequest, WireRequest, WireResponse};

/// Users of a new shop.
const IDS: std::ops::RangeInclusive<i64> = 1..=20;

const NEW: &str = "A client that opens a connection for each call: each waits for TCP first, and HTTP/2 can't refer to earlier headers.";
const KEPT: &str = "The connection stays open. Every request repeats all of its headers as text.";
const COMPRESSED: &str =
    "The connection stays open, and HPACK has a table of the headers that were sent before: it sends their numbers.";
const WEB: &str =
    "The same binary message with the headers of HTTP/1.1. The trailers that browsers can't read stand in the body.";

/// REST and gRPC over both versions, and the WebSocket as the third way to keep a connection.
pub const VARIANTS: &[Entry] = &[
    ("rest", "REST, HTTP/1.1, new connections", |runner| Box::pin(on_new_connections(runner))),
    ("rest", "REST, HTTP/1.1", |runner| Box::pin(one_by_one(runner, KEPT, |request| request))),
    ("rest", "REST, HTTP/2", |runner| Box::pin(one_by_one(runner, COMPRESSED, WireRequest::over_http2))),
    ("rest", "REST, HTTP/2, all at once", |runner| Box::pin(all_at_once(runner))),
    ("websocket", "WebSocket", |runner| {
        let why = "The socket stays open, and a message has no headers at all.";
        Box::pin(one_by_one(runner, why, |request| request))
    }),
    ("grpc", "gRPC-Web, HTTP/1.1", |runner| Box::pin(one_by_one(runner, WEB, as_grpc_web))),
    ("grpc", "gRPC, HTTP/2, new connections", |runner| Box::pin(on_new_connections(runner))),
    ("grpc", "gRPC, HTTP/2", |runner| Box::pin(one_by_one(runner, COMPRESSED, |request| request))),
    ("grpc", "gRPC, HTTP/2, all at once", |runner| Box::pin(all_at_once(runner))),
];

fn requests(runner: &Runner) -> Vec<CallRequest> {
    IDS.map(|id| runner.request_by_id("get_user", id)).collect()
}

fn step(number: usize, why: &'static str) -> Step {
    Step::new(format!("User {}", number + 1), "get_user", why)
}

async fn one_by_one(
    runner: &mut Runner,
    why: &'static str,
    carried: fn(WireRequest) -> WireRequest,
) -> Result<(), Failure> {
    for (number, request) in requests(runner).iter().enumerate() {
        let encoded = carried(runner.style.client.encode(request));
        reply(runner.send(step(number, why), request, encoded).await?)?;
    }
    Ok(())
}

async fn on_new_connections(runner: &mut Runner) -> Result<(), Failure> {
    for (number, request) in requests(runner).iter().enumerate() {
        runner.disconnect();
        runner.reply(step(number, NEW), request).await?;
    }
    Ok(())
}

async fn all_at_once(runner: &mut Runner) -> Result<(), Failure> {
    let (requests, mut encoded) = (requests(runner), Vec::new());
    for request in &requests {
        let mut request = http_request(runner, request)?;
        *request.version_mut() = Version::HTTP_2;
        encoded.push(request);
    }
    let why = "Each request is a stream of its own, so none waits for another: all leave at once, on one connection.";
    let responses = runner.fetch_at_once(Step::new("All twenty users", "get_user", why), encoded).await?;
    for (request, response) in requests.iter().zip(responses) {
        decode(runner, request, response)?;
    }
    Ok(())
}

/// The same message over HTTP/1.1.
fn as_grpc_web(request: WireRequest) -> WireRequest {
    let WireRequest::Http(mut request) = request else { return request };
    *request.version_mut() = Version::HTTP_11;
    request.headers_mut().remove(TE);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc-web+proto"));
    WireRequest::Http(request)
}

fn decode(runner: &Runner, call: &CallRequest, response: http::Response<Bytes>) -> Result<(), Failure> {
    let outcome = runner.style.client.decode(call, &WireResponse::Http(response)).map_err(Failure::DecodeError)?;
    reply(outcome).map(drop)
}
