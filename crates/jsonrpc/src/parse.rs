//! Which questions does a pasted request ask?

use crate::NAME;
use crate::envelope::{Invalid, Reader, Request};
use crate::messages::read_input;
use domain::{Error, Operation};
use serde_json::value::RawValue;
use wire::CallRequest;
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};

/// The questions, each of a batch, or of the messages of a socket; nothing, if it is not of this style.
pub fn parse_request(pasted: &RequestText) -> ParsedCalls {
    let is_ours = pasted.is_at("/jsonrpc") || pasted.is_json_with(&["jsonrpc", "method"]);
    is_ours.then(|| read(pasted))
}

fn read(pasted: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let options = CallOptions::from(wire::request_context(&pasted.request("application/json")?, NAME)?);
    let mut asks = Vec::new();
    for message in pasted.messages() {
        match Reader::read(message.as_bytes())? {
            Reader::One(request) => asks.push(ask(request, &options)?),
            Reader::Batch(requests) => {
                for request in requests {
                    asks.push(ask(request, &options)?);
                }
            }
        }
    }
    Ok(asks)
}

fn ask(request: Result<Request, Invalid>, options: &CallOptions) -> Result<CallRequest, Error> {
    let Request { method, params, .. } = request.map_err(|invalid| invalid.error)?;
    let row = Operation::find(&method).ok_or_else(|| Error::unknown_operation(&method))?;
    let input = read_input(row, params.map(RawValue::get))?;
    Ok(CallRequest::with_options(row.name, input, options.clone()))
}
