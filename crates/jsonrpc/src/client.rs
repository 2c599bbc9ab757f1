//! How does the other end speak?

use crate::events;
use bytes::Bytes;
use domain::Value;
use wire::client::Message;
use wire::{CallRequest, Client, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The client half.
pub struct JsonRpcClient;

impl Client for JsonRpcClient {
    fn encode(&self, ask: &CallRequest) -> WireRequest {
        let envelope = Value::object([
            ("jsonrpc", "2.0".into()),
            ("id", 1.into()),
            ("method", ask.operation.as_str().into()),
            ("params", ask.input.clone()),
        ]);
        if ask.operation == events::WATCH {
            let (opening, text) = (Vec::new(), wire::json::value(&envelope));
            let headers = ask.options.headers().collect();
            return WireRequest::Socket(Message { path: "/jsonrpc", subprotocol: "", headers, opening, text });
        }
        let request = http::Request::post("/jsonrpc")
            .header(http::header::CONTENT_TYPE, "application/json")
            .header(http::header::ACCEPT, "application/json")
            .body(Bytes::from(wire::json::value(&envelope)));
        // The parts are constants: this is always a request.
        let mut request = request.unwrap_or_default();
        request.headers_mut().extend(ask.options.headers());
        WireRequest::Http(request)
    }

    fn decode(&self, ask: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let text = match incoming {
            WireResponse::Http(response) => response.body(),
            WireResponse::Frame(text) => text.as_bytes(),
        };
        let envelope = wire::json::read_reply(text).map_err(|error| DecodeError(error.message))?;
        if envelope.get("jsonrpc").and_then(Value::as_text) != Some("2.0") {
            return Err(DecodeError("jsonrpc is not \"2.0\"".to_owned()));
        }
        if envelope.get("method").and_then(Value::as_text) == Some(events::HEARTBEAT) {
            return Ok(Outcome::Control);
        }
        let is_event = envelope.get("method").and_then(Value::as_text) == Some(events::EVENT);
        let within = if is_event { envelope.get("params") } else { Some(&envelope) };
        let said = |name: &str| within.and_then(|within| within.get(name));
        match (said("result"), said("error")) {
            (Some(event), None) if is_event => Ok(Outcome::Event(event.clone())),
            (Some(_), None) if ask.operation == events::WATCH => Ok(Outcome::Started),
            (Some(result), None) => Ok(Outcome::Reply(result.clone())),
            (None, Some(error)) => Ok(Outcome::Refused(refused(error))),
            // Section 5: either result or error, and not both.
            _ => Err(DecodeError("it has not just one of result and error".to_owned())),
        }
    }
}

fn refused(error: &Value) -> Refused {
    let data = |name: &str| error.at(&format!("data/{name}"));
    let text = |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned);
    Refused {
        code: error.get("code").and_then(Value::int).unwrap_or_default().to_string(),
        kind: text(data("kind")),
        reason: text(data("reason")),
        message: text(error.get("message")).unwrap_or_default(),
        errors: wire::json::violations(data("errors")),
        retry_after_ms: data("retry_after_ms").and_then(Value::int),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::{Credentials, Secret};
    use domain::operations::{OPERATIONS, OperationKind};
    use wire::testing::replies;

    #[test]
    fn what_rides_beside_a_question_rides_in_headers() {
        for operation in OPERATIONS {
            let mut ask = CallRequest::new(operation.name, Value::object([]));
            ask.options.credentials = Credentials::Token(Secret::new("t"));
            (ask.options.idempotency_key, ask.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
            let headers = match JsonRpcClient.encode(&ask) {
                WireRequest::Http(request) => request.headers().clone(),
                WireRequest::Socket(message) => message.headers,
                WireRequest::EventStream(_) => panic!("JSON-RPC has no server-sent events"),
            };
            let headers = ["authorization", "idempotency-key", "x-fault"].map(|name| headers[name].clone());
            assert_eq!(headers, ["Bearer t", "once", "drop"], "{}", operation.name);
        }
    }

    #[test]
    fn every_reply_comes_back_as_it_was() {
        for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            for reply in replies(operation.reply_name) {
                let body = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{}}}"#, wire::json::reply(&reply));
                let incoming = WireResponse::Http(http::Response::new(Bytes::from(body)));
                let heard = JsonRpcClient.decode(&CallRequest::new(operation.name, Value::Null), &incoming);
                assert_eq!(heard, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
            }
        }
    }
}
