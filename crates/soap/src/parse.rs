//! From a pasted envelope to the call that it makes.

use crate::envelope::Version;
use crate::{PATH, service};
use domain::Error;
use domain::time::Timestamp;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// Reads the call; `None` if the text is no SOAP request.
pub fn parse_request(pasted: &RequestText) -> ParsedCalls {
    let is_ours = pasted.is_at(PATH) || pasted.root().is_some_and(|name| name == "Envelope");
    is_ours.then(|| read(pasted).map(|call| vec![call]))
}

fn read(pasted: &RequestText) -> Result<CallRequest, Error> {
    let pasted = RequestText { body: pasted.body.slice_ref(pasted.body.trim_ascii()), ..pasted.clone() };
    let request = pasted.request(media_type(&pasted.body))?;
    let version = service::requested_version(request.headers());
    let (context, row, input) =
        service::read(&request, version, Timestamp::now()).map_err(|fault| Error::unreadable(fault.message))?;
    Ok(CallRequest::with_options(row.name, input, context.into()))
}

/// The media type of an envelope that came without one: that of the version whose namespace it names.
fn media_type(envelope: &[u8]) -> &'static str {
    let named = |version: &Version| {
        let namespace = version.namespace().as_bytes();
        envelope.windows(namespace.len()).any(|window| window == namespace)
    };
    Version::ALL.into_iter().find(named).unwrap_or(Version::V11).media_type()
}
