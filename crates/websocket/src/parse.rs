//! From the text of a request to the calls that it makes.

use crate::messages::{self, AUTHENTICATE, Frame, LOG_IN};
use crate::{NAME, PATH};
use domain::access::{Credentials, Secret};
use domain::{Error, Value};
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// The calls: one per message. `None` if the text is not of this style.
pub fn parse_request(text: &RequestText) -> ParsedCalls {
    let is_websocket = text.is_at(PATH) || text.is_json_with(&["op"]);
    is_websocket.then(|| read_calls(text))
}

fn read_calls(text: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let handshake = text.request("application/json")?.context(NAME)?;
    let mut credentials = handshake.credentials;
    let mut calls = Vec::new();
    let messages = text.messages();
    for (position, message) in messages.iter().enumerate() {
        let frame = messages::read(message).map_err(|unreadable| unreadable.error)?;
        let Frame { op, params, idempotency_key, fault, .. } = frame;
        let is_followed = position + 1 < messages.len();
        match op.as_str() {
            AUTHENTICATE => credentials = messages::read_credentials(params)?,
            // A first `log_in` that others follow is how a client authenticates, not what it wants to call.
            LOG_IN if is_followed && position == 0 => credentials = password(&params),
            _ => {
                let (credentials, fault) = (credentials.clone(), fault.or_else(|| handshake.fault.clone()));
                let options = CallOptions { credentials, idempotency_key, fault, gzip: false };
                calls.push(CallRequest::with_options(&op, params, options));
            }
        }
    }
    Ok(calls)
}

fn password(params: &Value) -> Credentials {
    let text = |name| params.get(name).and_then(Value::as_text);
    match (text("email"), text("password")) {
        (Some(email), Some(password)) => {
            Credentials::Password { email: email.to_owned(), password: Secret::new(password) }
        }
        _ => Credentials::Unusable("log_in takes an email and a password"),
    }
}
