//! The client half: a call becomes a message, a message of the server becomes its outcome.

use crate::events::{HEARTBEAT, WATCH};
use crate::messages::{AUTHENTICATE, LOG_IN, REPLAYED};
use crate::{PATH, SUBPROTOCOL};
use domain::Value;
use domain::access::Credentials;
use wire::client::Message;
use wire::{CallRequest, DecodeError, Outcome, WireRequest, WireResponse};

/// The client half.
pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call: &CallRequest) -> WireRequest {
        let text = |option: &Option<String>| option.as_deref().map(Value::text);
        let members = [
            ("id", Some("1".into())),
            ("op", Some(call.operation.as_str().into())),
            ("params", Some(call.input.clone())),
            ("idempotency_key", text(&call.options.idempotency_key)),
            ("fault", text(&call.options.fault)),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
        WireRequest::Socket(Message {
            path: PATH,
            subprotocol: SUBPROTOCOL,
            headers: http::HeaderMap::new(),
            opening: opening(&call.options.credentials).into_iter().collect(),
            text: wire::json::value(&Value::object(members)),
        })
    }

    fn decode(&self, call: &CallRequest, response: &WireResponse) -> Result<Outcome, DecodeError> {
        let WireResponse::Frame(text) = response else {
            return Err(DecodeError("a socket was expected, not a response over HTTP".to_owned()));
        };
        let message = wire::json::read_reply(text).map_err(|error| DecodeError(error.message))?;
        if let Some(error) = message.get("error") {
            return Ok(Outcome::Refused(wire::json::refused(error)));
        }
        if let Some(event) = message.get("event") {
            return Ok(Outcome::Event(event.clone()));
        }
        match message.get("ok") {
            Some(_) if call.operation == WATCH => Ok(Outcome::Started),
            Some(reply) => Ok(Outcome::Reply(reply.clone())),
            None if message.get("end").is_some() => Ok(Outcome::Ended),
            None if message.get(HEARTBEAT).is_some() => Ok(Outcome::Control),
            None => Err(DecodeError("a message has ok, error, event, heartbeat or end".to_owned())),
        }
    }

    fn is_replayed(&self, response: &WireResponse) -> bool {
        let WireResponse::Frame(text) = response else { return false };
        let message = wire::json::read_reply(text);
        message.is_ok_and(|message| message.get(REPLAYED) == Some(&Value::Bool(true)))
    }
}

/// The first message of a new socket, which authenticates the caller.
fn opening(credentials: &Credentials) -> Option<String> {
    let (op, params) = match credentials {
        Credentials::None | Credentials::Unusable(_) => return None,
        Credentials::ApiKey(key) => (AUTHENTICATE, Value::object([("api_key", key.reveal().into())])),
        Credentials::Token(token) => (AUTHENTICATE, Value::object([("token", token.reveal().into())])),
        Credentials::Password { email, password } => {
            (LOG_IN, Value::object([("email", email.as_str().into()), ("password", password.reveal().into())]))
        }
    };
    Some(wire::json::value(&Value::object([("id", "0".into()), ("op", op.into()), ("params", params)])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::Secret;
    use domain::operations::{OPERATIONS, OperationKind};
    use testing::replies;
    use wire::Client as _;

    #[test]
    fn call_options_are_sent_in_the_message_and_before_it() {
        let mut call = CallRequest::new("place_order", Value::object([]));
        call.options.credentials = Credentials::ApiKey(Secret::new("k"));
        (call.options.idempotency_key, call.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
        let WireRequest::Socket(message) = Client.encode(&call) else { panic!("not a socket") };
        assert_eq!(message.opening, [r#"{"id":"0","op":"authenticate","params":{"api_key":"k"}}"#]);
        let text = r#"{"id":"1","op":"place_order","params":{},"idempotency_key":"once","fault":"drop"}"#;
        assert_eq!(message.text, text);
    }

    #[test]
    fn every_reply_is_decoded_unchanged() {
        for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            for reply in replies(operation.reply_name) {
                let is_replayed = operation.is_once;
                let frame = WireResponse::Frame(
                    crate::messages::response(&crate::messages::Id::Int(1), &reply, is_replayed).into(),
                );
                let outcome = Client.decode(&CallRequest::new(operation.name, Value::Null), &frame);
                assert_eq!(outcome, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
                assert_eq!(Client.is_replayed(&frame), is_replayed);
            }
        }
    }
}
