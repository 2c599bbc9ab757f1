//! From the text of a request to the call that it makes.

use crate::errors::Refusal;
use crate::messages::{Codec, Form, unary_get};
use crate::service::find;
use crate::{NAME, PATH, SPELLING};
use bytes::Bytes;
use domain::operations::unknown_operation;
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// The call: the path names the method, and the body is a message, which is JSON if it was pasted as text.
pub fn parse_request(text: &RequestText) -> ParsedCalls {
    text.is_at(PATH).then(|| {
        let request = text.request("application/json")?;
        let options = CallOptions::from(request.context(NAME)?);
        let method = request.path().trim_start_matches(PATH).trim_start_matches('/');
        let operation = find(method).ok_or_else(|| unknown_operation(method, &SPELLING))?;
        let read =
            if text.method == "GET" { unary_get::read(request.query_string()) } else { read_body(text, &request) };
        let (form, message) = read.map_err(|refusal| refusal.error)?;
        let input = form.input(&message, operation).map_err(|error| error.spelled(&SPELLING))?;
        Ok(vec![CallRequest::with_options(operation.name, input, options)])
    })
}

/// The form and the message of a POST.
fn read_body(text: &RequestText, request: &dyn IncomingRequest) -> Result<(Form, Bytes), Refusal> {
    let form = Form::of(request.headers()).unwrap_or(Form::Connect(Codec::Json));
    // Tools that take JSON name gRPC's media type.
    let form = if text.body.trim_ascii_start().first().is_none_or(|first| *first == b'{') {
        Form::Connect(Codec::Json)
    } else {
        form
    };
    Ok((form, form.message(request.headers(), text.body.clone())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;

    #[test]
    fn a_get_has_its_message_in_the_address() {
        let target = format!("{PATH}/GetUser?connect=v1&encoding=json&message=%7B%22id%22%3A1%7D");
        let text = RequestText { method: "GET".to_owned(), target, ..RequestText::default() };
        let calls = parse_request(&text).unwrap().unwrap();
        assert_eq!(calls.len(), 1);
        assert_eq!(
            (calls[0].operation.as_str(), &calls[0].input),
            ("get_user", &Value::object([("id", Value::Int(1))]))
        );
    }
}
