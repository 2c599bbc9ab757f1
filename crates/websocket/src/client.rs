//! How does the other end speak?

use domain::Value;
use wire::client::Message;
use wire::{Ask, Client, Garbled, Heard, Incoming, Outgoing, Refused};

/// The client half.
pub struct WebSocketClient;

impl Client for WebSocketClient {
    fn encode(&self, ask: &Ask) -> Outgoing {
        let message =
            Value::record([("id", "1".into()), ("op", ask.operation.as_str().into()), ("params", ask.input.clone())]);
        Outgoing::Socket(Message {
            path: "/ws",
            subprotocol: crate::SUBPROTOCOL,
            opening: Vec::new(),
            text: wire::json::value(&message),
        })
    }

    fn decode(&self, ask: &Ask, incoming: &Incoming) -> Result<Heard, Garbled> {
        let Incoming::Frame(text) = incoming else {
            return Err(Garbled("no frame came".to_owned()));
        };
        let message = wire::json::read(text.as_bytes()).map_err(|error| Garbled(error.message))?;
        if let Some(error) = message.get("error") {
            return Ok(Heard::Refused(refused(error)));
        }
        if let Some(event) = message.get("event") {
            return Ok(Heard::Event(event.clone()));
        }
        match message.get("ok") {
            Some(_) if ask.operation == crate::events::WATCH => Ok(Heard::Started),
            Some(reply) => Ok(Heard::Answer(reply.clone())),
            None if message.get("end").is_some() => Ok(Heard::Ended),
            None => Err(Garbled("a message has one of ok, error, event and end".to_owned())),
        }
    }
}

fn refused(error: &Value) -> Refused {
    let text = |name: &str| error.get(name).and_then(Value::as_text).map(str::to_owned);
    Refused {
        code: text("reason").unwrap_or_default(),
        kind: text("kind"),
        reason: text("reason"),
        message: text("message").unwrap_or_default(),
        errors: wire::json::violations(error.get("errors")),
        retry_after_ms: error.get("retry_after_ms").and_then(Value::int),
    }
}
