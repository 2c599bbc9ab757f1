//! The client half: a call becomes a request object, a response object becomes its outcome.

use crate::{PATH, events};
use domain::Value;
use http::header::{ACCEPT, CONTENT_TYPE};
use wire::client::Message;
use wire::{CallRequest, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The client half.
pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call: &CallRequest) -> WireRequest {
        let request = Value::object([
            ("jsonrpc", "2.0".into()),
            ("id", 1.into()),
            ("method", call.operation.as_str().into()),
            ("params", call.input.clone()),
        ]);
        let text = wire::json::value(&request);
        if call.operation == events::WATCH {
            let headers = call.options.headers().collect();
            return WireRequest::Socket(Message { path: PATH, subprotocol: "", headers, opening: Vec::new(), text });
        }
        let headers = [(CONTENT_TYPE, "application/json"), (ACCEPT, "application/json")];
        WireRequest::Http(call.options.post(http::Uri::from_static(PATH), &headers, text))
    }

    fn decode(&self, call: &CallRequest, response: &WireResponse) -> Result<Outcome, DecodeError> {
        let text = match response {
            WireResponse::Http(response) => response.body(),
            WireResponse::Frame(text) => text,
        };
        let response = wire::json::read_reply(text).map_err(|error| DecodeError(error.message))?;
        if response.get("jsonrpc").and_then(Value::as_text) != Some("2.0") {
            return Err(DecodeError("jsonrpc is not \"2.0\"".to_owned()));
        }
        // Only a notification has a method, and its params hold what a response holds itself.
        let method = response.get("method").and_then(Value::as_text);
        if method == Some(events::HEARTBEAT) {
            return Ok(Outcome::Control);
        }
        let is_event = method == Some(events::EVENT);
        let holder = if is_event { response.get("params") } else { Some(&response) };
        let member = |name: &str| holder.and_then(|holder| holder.get(name));
        match (member("result"), member("error")) {
            (Some(event), None) if is_event => Ok(Outcome::Event(event.clone())),
            (Some(_), None) if call.operation == events::WATCH => Ok(Outcome::Started),
            (Some(result), None) => Ok(Outcome::Reply(result.clone())),
            (None, Some(error)) => Ok(Outcome::Refused(refused(error))),
            // Section 5: either result or error, and not both.
            _ => Err(DecodeError("a response has either result or error".to_owned())),
        }
    }
}

fn refused(error: &Value) -> Refused {
    Refused {
        code: error.get("code").and_then(Value::int).unwrap_or_default().to_string(),
        message: error.get("message").and_then(Value::as_text).unwrap_or_default().to_owned(),
        ..error.get("data").map(wire::json::refused).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::web::Bytes;
    use domain::access::{Credentials, Secret};
    use domain::operations::{OPERATIONS, OperationKind};
    use testing::replies;
    use wire::Client as _;

    #[test]
    fn call_options_are_sent_as_headers() {
        for operation in OPERATIONS {
            let mut call = CallRequest::new(operation.name, Value::object([]));
            call.options.credentials = Credentials::Token(Secret::new("t"));
            (call.options.idempotency_key, call.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
            let headers = match Client.encode(&call) {
                WireRequest::Http(request) => request.headers().clone(),
                WireRequest::Socket(message) => message.headers,
                WireRequest::EventStream(_) => panic!("JSON-RPC has no server-sent events"),
            };
            let headers = ["authorization", "idempotency-key", "x-fault"].map(|name| headers[name].clone());
            assert_eq!(headers, ["Bearer t", "once", "drop"], "{}", operation.name);
        }
    }

    #[test]
    fn every_reply_is_decoded_unchanged() {
        for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            for reply in replies(operation.reply_name) {
                let body = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{}}}"#, wire::json::reply(&reply));
                let response = WireResponse::Http(http::Response::new(Bytes::from(body)));
                let outcome = Client.decode(&CallRequest::new(operation.name, Value::Null), &response);
                assert_eq!(outcome, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
            }
        }
    }
}
