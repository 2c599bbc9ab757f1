//! Which questions does a pasted request ask?

use crate::messages::{self, MethodCall};
use crate::{NAME, PATH, service, system};
use domain::{Error, Operation};
use wire::Ask;
use wire::client::Beside;
use wire::pasted::{Pasted, Questions};

/// The questions, each of a multicall; nothing, if it is not of this style.
pub fn understand(pasted: &Pasted) -> Questions {
    let is_ours = pasted.is_at(PATH) || pasted.root().is_some_and(|name| name == "methodCall");
    is_ours.then(|| read(pasted))
}

fn read(pasted: &Pasted) -> Result<Vec<Ask>, Error> {
    let request = pasted.request("text/xml")?;
    let beside = Beside::from(wire::meta(&request, NAME)?);
    let charset = service::charset(&request)?;
    let call = MethodCall::read(pasted.body.trim_ascii(), charset.as_deref()).map_err(|fault| fault.error)?;
    let calls = if call.name == system::MULTICALL { system::calls(call.params)? } else { vec![call] };
    let ask = |MethodCall { name, params }| {
        let row = Operation::find(&name).ok_or_else(|| Error::unknown_operation(&name))?;
        Ok(Ask::beside(row.name, messages::input(row, params)?, beside.clone()))
    };
    calls.into_iter().map(ask).collect()
}
