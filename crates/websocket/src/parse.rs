//! Which questions do pasted messages ask?

use crate::NAME;
use crate::messages::{self, Frame};
use crate::service::{AUTHENTICATE, LOG_IN};
use domain::Error;
use domain::access::{Credentials, Secret};
use wire::CallRequest;
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};

/// The questions, of each message; nothing, if it is not of this style.
pub fn parse_request(pasted: &RequestText) -> ParsedCalls {
    let is_ours = pasted.is_at("/ws") || pasted.is_json_with(&["op"]);
    is_ours.then(|| read(pasted))
}

fn read(pasted: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let handshake = wire::request_context(&pasted.request("application/json")?, NAME)?;
    let mut said_before = handshake.credentials;
    let mut asks = Vec::new();
    let messages = pasted.messages();
    for (position, message) in messages.iter().enumerate() {
        let Frame { op, params, idempotency_key, fault, .. } =
            messages::read(message).map_err(|unreadable| unreadable.error)?;
        let is_followed = position + 1 < messages.len();
        match op.as_str() {
            AUTHENTICATE => said_before = messages::read_credentials(params)?,
            // A socket is from whom its last `log_in` named: where more follows, it says who asks.
            LOG_IN if is_followed && position == 0 => said_before = password(&params),
            _ => {
                let options = CallOptions {
                    credentials: said_before.clone(),
                    idempotency_key,
                    fault: fault.or_else(|| handshake.fault.clone()),
                    gzip: false,
                };
                asks.push(CallRequest::with_options(&op, params, options));
            }
        }
    }
    Ok(asks)
}

fn password(params: &domain::Value) -> Credentials {
    let text = |name| params.get(name).and_then(domain::Value::as_text);
    match (text("email"), text("password")) {
        (Some(email), Some(password)) => {
            Credentials::Password { email: email.to_owned(), password: Secret::new(password) }
        }
        _ => Credentials::Unusable("log_in takes an email and a password"),
    }
}
