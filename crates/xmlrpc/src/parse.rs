//! Which questions does a pasted request ask?

use crate::messages::{self, MethodCall};
use crate::{NAME, PATH, service, system};
use domain::{Error, Operation};
use wire::CallRequest;
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};

/// The questions, each of a multicall; nothing, if it is not of this style.
pub fn parse_request(pasted: &RequestText) -> ParsedCalls {
    let is_ours = pasted.is_at(PATH) || pasted.root().is_some_and(|name| name == "methodCall");
    is_ours.then(|| read(pasted))
}

fn read(pasted: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let request = pasted.request("text/xml")?;
    let options = CallOptions::from(wire::request_context(&request, NAME)?);
    let charset = service::charset(&request)?;
    let call = MethodCall::read(pasted.body.trim_ascii(), charset.as_deref()).map_err(|fault| fault.error)?;
    let calls = if call.name == system::MULTICALL { system::calls(call.params)? } else { vec![call] };
    let ask = |MethodCall { name, params }| {
        let row = Operation::find(&name).ok_or_else(|| Error::unknown_operation(&name))?;
        Ok(CallRequest::with_options(row.name, messages::input(row, params)?, options.clone()))
    };
    calls.into_iter().map(ask).collect()
}
