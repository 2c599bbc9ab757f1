//! How does the other end speak?

use crate::messages::{HEARTBEAT, REPLAYED};
use crate::service::AUTHENTICATE;
use domain::Value;
use domain::access::Credentials;
use wire::client::Message;
use wire::{CallRequest, Client, DecodeError, Outcome, WireRequest, WireResponse};

/// The client half.
pub struct WebSocketClient;

impl Client for WebSocketClient {
    fn encode(&self, ask: &CallRequest) -> WireRequest {
        let options = |text: &Option<String>| text.as_deref().map(Value::text);
        let members = [
            ("id", Some("1".into())),
            ("op", Some(ask.operation.as_str().into())),
            ("params", Some(ask.input.clone())),
            ("idempotency_key", options(&ask.options.idempotency_key)),
            ("fault", options(&ask.options.fault)),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
        WireRequest::Socket(Message {
            path: "/ws",
            subprotocol: crate::SUBPROTOCOL,
            headers: http::HeaderMap::new(),
            opening: opening(&ask.options.credentials).into_iter().collect(),
            text: wire::json::value(&Value::object(members)),
        })
    }

    fn decode(&self, ask: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        let WireResponse::Frame(text) = incoming else {
            return Err(DecodeError("no frame came".to_owned()));
        };
        let message = wire::json::read_reply(text.as_bytes()).map_err(|error| DecodeError(error.message))?;
        if let Some(error) = message.get("error") {
            return Ok(Outcome::Refused(wire::json::refused(error)));
        }
        if let Some(event) = message.get("event") {
            return Ok(Outcome::Event(event.clone()));
        }
        match message.get("ok") {
            Some(_) if ask.operation == crate::events::WATCH => Ok(Outcome::Started),
            Some(reply) => Ok(Outcome::Reply(reply.clone())),
            None if message.get("end").is_some() => Ok(Outcome::Ended),
            None if message.get(HEARTBEAT).is_some() => Ok(Outcome::Control),
            None => Err(DecodeError("a message has one of ok, error, event, heartbeat and end".to_owned())),
        }
    }

    fn is_replayed(&self, incoming: &WireResponse) -> bool {
        let WireResponse::Frame(text) = incoming else { return false };
        let message = wire::json::read_reply(text.as_bytes());
        message.is_ok_and(|message| message.get(REPLAYED) == Some(&Value::Bool(true)))
    }
}

/// What is said first, so that what follows is from somebody.
fn opening(credentials: &Credentials) -> Option<String> {
    let (op, params) = match credentials {
        Credentials::None | Credentials::Unusable(_) => return None,
        Credentials::ApiKey(key) => (AUTHENTICATE, Value::object([("api_key", key.reveal().into())])),
        Credentials::Token(token) => (AUTHENTICATE, Value::object([("token", token.reveal().into())])),
        Credentials::Password { email, password } => {
            ("log_in", Value::object([("email", email.as_str().into()), ("password", password.reveal().into())]))
        }
    };
    Some(wire::json::value(&Value::object([("id", "0".into()), ("op", op.into()), ("params", params)])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::Secret;
    use domain::operations::{OPERATIONS, OperationKind};
    use wire::testing::replies;

    #[test]
    fn what_rides_beside_a_question_has_its_place() {
        let mut ask = CallRequest::new("place_order", Value::object([]));
        ask.options.credentials = Credentials::ApiKey(Secret::new("k"));
        (ask.options.idempotency_key, ask.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
        let WireRequest::Socket(message) = WebSocketClient.encode(&ask) else { panic!("it is a socket") };
        assert_eq!(message.opening, [r#"{"id":"0","op":"authenticate","params":{"api_key":"k"}}"#]);
        let text = r#"{"id":"1","op":"place_order","params":{},"idempotency_key":"once","fault":"drop"}"#;
        assert_eq!(message.text, text);
    }

    #[test]
    fn every_reply_comes_back_as_it_was() {
        for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
            for reply in replies(operation.reply_name) {
                let again = operation.is_once;
                let frame = WireResponse::Frame(crate::messages::answer(&crate::messages::Id::Int(1), &reply, again));
                let heard = WebSocketClient.decode(&CallRequest::new(operation.name, Value::Null), &frame);
                assert_eq!(heard, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
                assert_eq!(WebSocketClient.is_replayed(&frame), again);
            }
        }
    }
}
