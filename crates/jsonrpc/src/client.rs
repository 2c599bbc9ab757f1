//! How does the other end speak?

use bytes::Bytes;
use domain::Value;
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
        let request = http::Request::post("/jsonrpc")
            .header(http::header::CONTENT_TYPE, "application/json")
            .header(http::header::ACCEPT, "application/json")
            .body(Bytes::from(wire::json::value(&envelope)));
        // The parts are constants: this is always a request.
        Outgoing::Http(request.unwrap_or_default())
    }

    fn decode(&self, _: &Ask, incoming: &Incoming) -> Result<Heard, Garbled> {
        let Incoming::Http(response) = incoming else {
            return Err(Garbled("a frame came".to_owned()));
        };
        let envelope = wire::json::read(response.body()).map_err(|error| Garbled(error.message))?;
        if envelope.get("jsonrpc").and_then(Value::as_text) != Some("2.0") {
            return Err(Garbled("jsonrpc is not \"2.0\"".to_owned()));
        }
        match (envelope.get("result"), envelope.get("error")) {
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
