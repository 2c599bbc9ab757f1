//! From the text of a request to the call that it makes.

use crate::messages::{Codec, Form};
use crate::service::find;
use crate::{NAME, PATH, SPELLING};
use domain::operations::unknown_operation;
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// The call: the path names the method, and the body is a message, which is JSON if it was pasted as text.
pub fn parse_request(text: &RequestText) -> ParsedCalls {
    text.is_at(PATH).then(|| {
        let request = text.request("application/json")?;
        let options = CallOptions::from(request.context(NAME)?);
        let method = text.target.trim_start_matches(PATH).trim_start_matches('/');
        let operation = find(method).ok_or_else(|| unknown_operation(method, &SPELLING))?;
        let form = Form::of(request.headers()).unwrap_or(Form::Connect(Codec::Json));
        // Tools that take JSON name gRPC's media type.
        let form = if text.body.trim_ascii_start().first().is_none_or(|first| *first == b'{') {
            Form::Connect(Codec::Json)
        } else {
            form
        };
        let message = form.message(request.headers(), text.body.clone()).map_err(|refusal| refusal.error)?;
        let input = form.input(&message, operation).map_err(|error| error.spelled(&SPELLING))?;
        Ok(vec![CallRequest::with_options(operation.name, input, options)])
    })
}
