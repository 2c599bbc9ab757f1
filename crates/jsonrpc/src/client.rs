//! How does the other end speak?

use crate::events;
use bytes::Bytes;
use domain::Value;
use wire::client::Message;
use wire::{Ask, Client, Garbled, Heard, Incoming, Outgoing, Refused};

/// The client half.
pub struct JsonRpcClient;

impl Client for JsonRpcClient {
    fn encode(&self, ask: &Ask) -> Outgoing {
        let envelope = Value::record([
            ("jsonrpc", "2.0".into()),
            ("id", 1.into()),
            ("method", ask.operation.as_str().into()),
            ("params", ask.input.clone()),
        ]);
        if ask.operation == events::WATCH {
            let (opening, text) = (Vec::new(), wire::json::value(&envelope));
            return Outgoing::Socket(Message { path: "/jsonrpc", subprotocol: "", opening, text });
        }
        let request = http::Request::post("/jsonrpc")
            .header(http::header::CONTENT_TYPE, "application/json")
            .header(http::header::ACCEPT, "application/json")
            .body(Bytes::from(wire::json::value(&envelope)));
        // The parts are constants: this is always a request.
        Outgoing::Http(request.unwrap_or_default())
    }

    fn decode(&self, ask: &Ask, incoming: &Incoming) -> Result<Heard, Garbled> {
        let text = match incoming {
            Incoming::Http(response) => response.body(),
            Incoming::Frame(text) => text.as_bytes(),
        };
        let envelope = wire::json::read(text).map_err(|error| Garbled(error.message))?;
        if envelope.get("jsonrpc").and_then(Value::as_text) != Some("2.0") {
            return Err(Garbled("jsonrpc is not \"2.0\"".to_owned()));
        }
        let is_event = envelope.get("method").and_then(Value::as_text) == Some(events::EVENT);
        let within = if is_event { envelope.get("params") } else { Some(&envelope) };
        let said = |name: &str| within.and_then(|within| within.get(name));
        match (said("result"), said("error")) {
            (Some(event), None) if is_event => Ok(Heard::Event(event.clone())),
            (Some(_), None) if ask.operation == events::WATCH => Ok(Heard::Started),
            (Some(result), None) => Ok(Heard::Answer(result.clone())),
            (None, Some(error)) => Ok(Heard::Refused(refused(error))),
            // Section 5: either result or error, and not both.
            _ => Err(Garbled("it has not just one of result and error".to_owned())),
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
