//! The client half: a call becomes a POST over HTTP/2 with one message, a response becomes its outcome by its trailers, also one of gRPC-Web.

use crate::PATH;
use crate::errors::refused;
use crate::messages::{Form, Frame, framed, read_web};
use crate::protobuf::{self, input_to_json, to_json};
use bytes::Bytes;
use domain::operations::OperationKind;
use domain::{Operation, Value};
use http::header::{ACCEPT_ENCODING, CONTENT_TYPE, TE};
use http::{HeaderMap, HeaderName, Version};
use std::borrow::Cow;
use wire::limits::REPLY_BYTES_MAX;
use wire::names::pascal;
use wire::{CallRequest, DecodeError, Outcome, WireRequest, WireResponse};

/// The client half.
pub struct Client;

impl wire::Client for Client {
    fn encode(&self, call: &CallRequest) -> WireRequest {
        let message = call.row().map(|operation| protobuf::write(&call.input, operation.input)).unwrap_or_default();
        let mut request = post(call, &[(CONTENT_TYPE, "application/grpc"), (TE, "trailers")], framed(0, &message));
        *request.version_mut() = Version::HTTP_2;
        let headers = request.headers_mut();
        // gRPC compresses messages, not bodies.
        let accepted = headers.remove(ACCEPT_ENCODING);
        headers.extend(accepted.map(|codings| (HeaderName::from_static("grpc-accept-encoding"), codings)));
        carried(call, request)
    }

    /// Connect with JSON; a stream, which has an envelope there too, as grpcurl takes it.
    fn encode_by_hand(&self, call: &CallRequest) -> WireRequest {
        let input = &call.input;
        let json = call.row().map_or_else(|| input.clone(), |operation| input_to_json(input, operation.input));
        carried(call, post(call, &[(CONTENT_TYPE, "application/json")], Bytes::from(wire::json::value(&json))))
    }

    /// The message as JSON.
    fn readable(&self, call: &CallRequest, incoming: &WireResponse) -> String {
        match (self.decode(call, incoming), call.row()) {
            (Ok(Outcome::Reply(value) | Outcome::Event(value)), Some(operation)) => {
                wire::json::value(&to_json(&value, operation))
            }
            _ => incoming.text(),
        }
    }

    fn decode(&self, call: &CallRequest, response: &WireResponse) -> Result<Outcome, DecodeError> {
        let operation = || call.row().ok_or_else(|| DecodeError("a message of no operation".to_owned()));
        match response {
            WireResponse::Frame(bytes) => {
                let event = read(bytes.clone(), None, operation()?)?;
                Ok(Outcome::Event(event))
            }
            WireResponse::Http(response) => {
                let (headers, body) = parts(response)?;
                match refused(&headers).map_err(DecodeError)? {
                    Some(refused) => Ok(Outcome::Refused(refused)),
                    None if body.is_empty() => Ok(Outcome::Ended),
                    None => read(body, Some(&headers), operation()?).map(Outcome::Reply),
                }
            }
        }
    }
}

/// A POST to the method; to the service if an operation that is not in the table has a name with special characters.
fn post(call: &CallRequest, headers: &[(HeaderName, &str)], body: Bytes) -> http::Request<Bytes> {
    let path = format!("{PATH}/{}", pascal(&call.operation));
    call.options.post(path.parse().unwrap_or(http::Uri::from_static(PATH)), headers, body)
}

fn carried(call: &CallRequest, request: http::Request<Bytes>) -> WireRequest {
    match call.row() {
        Some(operation) if operation.kind == OperationKind::Stream => WireRequest::EventStream(request),
        _ => WireRequest::Http(request),
    }
}

/// The headers with the trailers, and the messages. gRPC-Web has the trailers in the body.
fn parts(response: &http::Response<Bytes>) -> Result<(Cow<'_, HeaderMap>, Bytes), DecodeError> {
    let (headers, body) = (response.headers(), response.body());
    let web = Form::Web { is_text: false }.media_type();
    if headers.get(CONTENT_TYPE).is_none_or(|media_type| media_type != web) {
        return Ok((Cow::Borrowed(headers), body.clone()));
    }
    let (messages, trailers) = read_web(body).ok_or_else(|| DecodeError("the body has no trailers".to_owned()))?;
    let mut headers = headers.clone();
    headers.extend(trailers);
    Ok((Cow::Owned(headers), messages))
}

/// The reply in a message with its prefix.
fn read(mut bytes: Bytes, headers: Option<&HeaderMap>, operation: &Operation) -> Result<Value, DecodeError> {
    let frame = Frame::take(&mut bytes).filter(|_| bytes.is_empty());
    let frame = frame.ok_or_else(|| DecodeError("a response is one whole message".to_owned()))?;
    let coding = headers.and_then(|headers| headers.get("grpc-encoding")?.to_str().ok());
    let message = Form::Grpc.decompressed(frame, coding, REPLY_BYTES_MAX);
    let message = message.map_err(|refusal| DecodeError(refusal.error.message))?;
    protobuf::read_response(&message, operation).map_err(|error| DecodeError(error.message))
}
