//! Several calls at once, as each style does it: a batch, a multicall, pipelined messages, one GraphQL document.

use super::runner::{Runner, Step, Tally};
use crate::call::reply;
use bytes::Bytes;
use domain::Value;
use http::{HeaderValue, Request};
use wire::client::WireRequest;
use wire::connection::{Failure, broken};
use wire::xml::Element;
use wire::{CallRequest, WireResponse};

/// Sends several requests at once, as the style does it.
pub async fn at_once(runner: &mut Runner, step: Step, requests: &[CallRequest]) -> Result<Tally, Failure> {
    match runner.style.name {
        "jsonrpc" => batch(runner, step, requests).await,
        "xmlrpc" => multicall(runner, step, requests).await,
        _ => pipelined(runner, step, requests).await,
    }
}

/// JSON-RPC 2.0 section 6: requests in an array, answered by an array of responses.
async fn batch(runner: &mut Runner, step: Step, requests: &[CallRequest]) -> Result<Tally, Failure> {
    let (mut calls, mut last) = (Vec::new(), None);
    for (number, request) in requests.iter().enumerate() {
        let encoded = http_request(runner, request)?;
        calls.push(numbered(encoded.body(), number)?);
        last = Some(encoded);
    }
    let mut request = last.ok_or_else(|| broken("the batch is empty"))?;
    *request.body_mut() = Bytes::from(wire::json::value(&Value::List(calls)));
    let response = runner.fetch(step, request).await?;
    let mut tally = Tally::default();
    for (request, response) in requests.iter().zip(read(response.body())?.items()) {
        let frame = WireResponse::Frame(wire::json::value(response).into());
        tally.count(&runner.style.client.decode(request, &frame).map_err(Failure::DecodeError)?);
    }
    Ok(tally.of(requests))
}

/// `system.multicall`: an array of structs, each a method with its params. The reply has for each an array of one value, or the
/// struct of a fault.
async fn multicall(runner: &mut Runner, step: Step, requests: &[CallRequest]) -> Result<Tally, Failure> {
    let call = |request: &CallRequest| {
        let params = Value::List(vec![request.input.clone()]);
        Value::object([("methodName", request.operation.as_str().into()), ("params", params)])
    };
    let calls = Value::List(requests.iter().map(call).collect());
    let request = http_request(runner, &runner.request("system.multicall", calls))?;
    let response = runner.fetch(step, request).await?;
    let root = wire::xml::read_reply(response.body()).map_err(broken)?;
    let path = ["params", "param", "value", "array", "data"];
    let data = path.iter().try_fold(&root, |element: &Element, name| element.child(name));
    let mut tally = Tally::default();
    for value in data.map(|data| data.children.as_slice()).unwrap_or_default() {
        if value.child("array").is_some() { tally.answered += 1 } else { tally.refused += 1 }
    }
    Ok(tally.of(requests))
}

/// Messages of a WebSocket, sent one after the other without waiting.
async fn pipelined(runner: &mut Runner, step: Step, requests: &[CallRequest]) -> Result<Tally, Failure> {
    let mut messages = Vec::new();
    for (number, request) in requests.iter().enumerate() {
        let WireRequest::Socket(mut message) = runner.style.client.encode(request) else { return Err(unexpected()) };
        message.text = wire::json::value(&numbered(message.text.as_bytes(), number)?);
        messages.push(WireRequest::Socket(message));
    }
    let Some(first) = requests.first() else { return Ok(Tally::default()) };
    let mut tally = Tally::default();
    runner.pipeline(step, first, &messages).await?.iter().for_each(|outcome| tally.count(outcome));
    Ok(tally.of(requests))
}

/// A GraphQL document and its whole reply: data, errors and extensions.
pub async fn document(
    runner: &mut Runner,
    step: Step,
    document: &str,
    header: Option<(&'static str, &'static str)>,
) -> Result<Value, Failure> {
    // The client knows the address and the headers; the document is this scenario's own.
    let call = runner.request("who_am_i", Value::object([]));
    let mut request = http_request(runner, &call)?;
    *request.body_mut() = Bytes::from(wire::json::value(&Value::object([("query", document.into())])));
    request
        .headers_mut()
        .extend(header.map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value))));
    let response = runner.fetch(step, request).await?;
    let document = read(response.body())?;
    runner.run.lookups = document.at("extensions/lookups").and_then(Value::int).or(runner.run.lookups);
    if matches!(document.get("data"), Some(Value::Object(_))) {
        return Ok(document);
    }
    // Nothing was executed: the whole document was refused.
    reply(runner.style.client.decode(&call, &WireResponse::Http(response)).map_err(Failure::DecodeError)?)
}

/// The call as the style's client sends it over HTTP.
pub fn http_request(runner: &Runner, request: &CallRequest) -> Result<Request<Bytes>, Failure> {
    match runner.style.client.encode(request) {
        WireRequest::Http(request) => Ok(request),
        WireRequest::EventStream(_) | WireRequest::Socket(_) => Err(unexpected()),
    }
}

/// The same message with its position as the id, so that each reply belongs to one request.
fn numbered(message: &[u8], position: usize) -> Result<Value, Failure> {
    let mut message = read(message)?;
    if let Value::Object(members) = &mut message {
        for (_, value) in members.iter_mut().filter(|(name, _)| name == "id") {
            *value = (position as i64 + 1).into();
        }
    }
    Ok(message)
}

fn read(json: &[u8]) -> Result<Value, Failure> {
    wire::json::read_reply(json).map_err(broken)
}

fn unexpected() -> Failure {
    broken("the style's client sends something else here")
}
