//! How does each style ask several things at once? By a batch, by a call of calls, by messages that do not wait for each other, or by
//! a document that selects.

use super::played::{Stop, Tally, answered};
use super::stage::{Stage, Words};
use bytes::Bytes;
use domain::Value;
use wire::client::WireRequest;
use wire::connection::broken;
use wire::xml::Element;
use wire::{CallRequest, Outcome, WireResponse};

/// JSON-RPC 2.0 section 6: requests in an array, answered by an array of responses.
pub(super) async fn batch(stage: &mut Stage, words: Words, asks: &[CallRequest]) -> Result<Tally, Stop> {
    let mut calls = Vec::new();
    let mut batch = None;
    for (number, ask) in asks.iter().enumerate() {
        let WireRequest::Http(request) = stage.style.client.encode(ask) else { return Err(no_request()) };
        calls.push(numbered(request.body(), number as i64 + 1)?);
        batch = Some(request);
    }
    let mut request = batch.ok_or_else(no_request)?;
    *request.body_mut() = Bytes::from(wire::json::value(&Value::List(calls)));
    let response = stage.fetch(words, request).await?;
    let answers = read(response.body())?;
    let mut tally = Tally::default();
    for (ask, answer) in asks.iter().zip(answers.items()) {
        let incoming = WireResponse::Frame(wire::json::value(answer));
        let heard = stage.style.client.decode(ask, &incoming);
        tally.count(&heard.map_err(wire::connection::Failure::DecodeError)?);
    }
    Ok(tally.of(asks))
}

/// `system.multicall`: an array of structs, each a method with its params; answered by an array that has for each an array of one
/// value, or the struct of a fault.
pub(super) async fn multicall(stage: &mut Stage, words: Words, asks: &[CallRequest]) -> Result<Tally, Stop> {
    let call = |ask: &CallRequest| {
        let params = Value::List(vec![ask.input.clone()]);
        Value::object([("methodName", ask.operation.as_str().into()), ("params", params)])
    };
    let calls = Value::List(asks.iter().map(call).collect());
    let ask = stage.question("system.multicall", calls);
    let WireRequest::Http(request) = stage.style.client.encode(&ask) else { return Err(no_request()) };
    let response = stage.fetch(words, request).await?;
    let root = wire::xml::read_reply(response.body()).map_err(broken)?;
    let path = ["params", "param", "value", "array", "data"];
    let data = path.iter().try_fold(&root, |element: &Element, name| element.child(name));
    let mut tally = Tally::default();
    for value in data.map(|data| data.children.as_slice()).unwrap_or_default() {
        let is_answer = value.child("array").is_some();
        if is_answer { tally.answered += 1 } else { tally.refused += 1 }
    }
    Ok(tally.of(asks))
}

/// Messages of a WebSocket, sent one after the other without waiting.
pub(super) async fn pipelined(stage: &mut Stage, words: Words, asks: &[CallRequest]) -> Result<Tally, Stop> {
    let mut messages = Vec::new();
    for (number, ask) in asks.iter().enumerate() {
        let WireRequest::Socket(mut message) = stage.style.client.encode(ask) else { return Err(no_request()) };
        message.text = wire::json::value(&numbered(message.text.as_bytes(), number as i64 + 1)?);
        messages.push(WireRequest::Socket(message));
    }
    let Some(first) = asks.first() else { return Ok(Tally::default()) };
    let mut tally = Tally::default();
    for heard in stage.pipeline(words, first, &messages).await? {
        tally.count(&heard);
    }
    Ok(tally.of(asks))
}

/// A document of GraphQL, and its answer, whole: with data, errors and extensions. It keeps what the server says of its look-ups.
pub(super) async fn document(
    stage: &mut Stage,
    words: Words,
    document: &str,
    headers: &[(&'static str, &'static str)],
) -> Result<Value, Stop> {
    // The client half knows where, and what rides beside; the document is ours.
    let ask = stage.question("who_am_i", Value::object([]));
    let WireRequest::Http(mut request) = stage.style.client.encode(&ask) else { return Err(no_request()) };
    *request.body_mut() = Bytes::from(wire::json::value(&Value::object([("query", document.into())])));
    for (name, value) in headers {
        request.headers_mut().insert(*name, http::HeaderValue::from_static(value));
    }
    let response = stage.fetch(words, request).await?;
    let answer = read(response.body())?;
    stage.lookups = answer.at("extensions/lookups").and_then(Value::int).or(stage.lookups);
    if !matches!(answer.get("data"), Some(Value::Object(_))) {
        // Nothing was executed: it is refused as a whole, as the client half would say it.
        let heard = stage.style.client.decode(&ask, &WireResponse::Http(response));
        return answered(heard.map_err(wire::connection::Failure::DecodeError)?);
    }
    Ok(answer)
}

impl Tally {
    /// One more that was heard of.
    pub(super) fn count(&mut self, heard: &Outcome) {
        match heard {
            Outcome::Reply(_) => self.answered += 1,
            Outcome::Refused(_) => self.refused += 1,
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {}
        }
    }

    /// The same, where so many were asked for: of the rest nothing was heard.
    pub(super) fn of<T>(self, asked: &[T]) -> Tally {
        Tally { left_out: asked.len() as i64 - self.answered - self.refused, ..self }
    }
}

/// The same message under another id, so that its answer is told from others.
fn numbered(message: &[u8], id: i64) -> Result<Value, Stop> {
    let mut message = read(message)?;
    if let Value::Object(members) = &mut message {
        for (_, value) in members.iter_mut().filter(|(name, _)| name == "id") {
            *value = id.into();
        }
    }
    Ok(message)
}

fn read(json: &[u8]) -> Result<Value, Stop> {
    Ok(wire::json::read_reply(json).map_err(broken)?)
}

fn no_request() -> Stop {
    broken("the client half sends something else here").into()
}
