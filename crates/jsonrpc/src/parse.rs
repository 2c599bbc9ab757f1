//! From the text of a request to the calls that it makes.

use crate::messages::{self, Body, ParsedRequest, Request, input};
use crate::{NAME, PATH, SPELLING};
use domain::operations::unknown_operation;
use domain::{Error, Operation};
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// The calls: one per request of a batch, and per message of a socket. `None` if the text is not of this style.
pub fn parse_request(text: &RequestText) -> ParsedCalls {
    let is_jsonrpc = text.is_at(PATH) || text.is_json_with(&["jsonrpc", "method"]);
    is_jsonrpc.then(|| read_calls(text))
}

fn read_calls(text: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let options = CallOptions::from(text.request("application/json")?.context(NAME)?);
    let mut calls = Vec::new();
    for message in text.messages() {
        match messages::read(message.as_bytes())? {
            Body::Single(request) => calls.push(call(request, &options)?),
            Body::Batch(requests) => {
                for request in requests {
                    calls.push(call(request, &options)?);
                }
            }
        }
    }
    Ok(calls)
}

fn call(request: ParsedRequest, options: &CallOptions) -> Result<CallRequest, Error> {
    let Request { method, params, .. } = request.map_err(|invalid| invalid.error)?;
    let operation = Operation::find(&method).ok_or_else(|| unknown_operation(&method, &SPELLING))?;
    Ok(CallRequest::with_options(operation.name, input(operation, params)?, options.clone()))
}
