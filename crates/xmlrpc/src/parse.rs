//! From the text of a request to the calls that it makes.

use crate::messages::{self, MethodCall, input};
use crate::{NAME, PATH, SPELLING, system};
use domain::operations::unknown_operation;
use domain::{Error, Operation};
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// The calls: one per call of a multicall. `None` if the text is not of this style.
pub fn parse_request(text: &RequestText) -> ParsedCalls {
    let is_xmlrpc = text.is_at(PATH) || text.root().is_some_and(|name| name == "methodCall");
    is_xmlrpc.then(|| read_calls(text))
}

fn read_calls(text: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let request = text.request("text/xml")?;
    let options = CallOptions::from(request.context(NAME)?);
    let charset = messages::charset(request.headers())?;
    let method_call = messages::read(text.body.trim_ascii(), charset.as_deref()).map_err(|refusal| refusal.error)?;
    if method_call.name != system::MULTICALL {
        return Ok(vec![call(method_call, &options)?]);
    }
    let calls = system::calls(method_call.params)?.into_iter();
    calls.map(|struct_of_call| call(system::read_call(struct_of_call)?, &options)).collect()
}

fn call(method_call: MethodCall, options: &CallOptions) -> Result<CallRequest, Error> {
    let MethodCall { name, params } = method_call;
    let operation = Operation::find(&name).ok_or_else(|| unknown_operation(&name, &SPELLING))?;
    Ok(CallRequest::with_options(operation.name, input(operation, params)?, options.clone()))
}
