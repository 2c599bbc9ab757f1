//! Translates a pasted request of any style: the adapters' own decoders read it, and the input becomes the shop's own types, so that
//! every style can encode it.

mod command;
mod http_text;
mod program;
mod shell;

use domain::Error;
use domain::access::Credentials;
use domain::operations::{OperationKind, unknown_operation};
use wire::request_text::RequestText;
use wire::{Adapter, CallRequest};

/// Bytes of a text that is translated. It is encoded in every style for every tool: about forty texts come of one.
const TEXT_BYTES_MAX: usize = 32 * 1024;

/// The forms that are tried, for the message to a caller who pasted something else.
const TRIED: &str = "a curl, grpcurl, wget, HTTPie, PowerShell, websocat or wscat command, a program with fetch, requests, httpx, urllib or a \
                     WebSocket, an HTTP request with its headers, an address, a SOAP envelope, an XML-RPC methodCall, a message of \
                     JSON-RPC, WebSocket or GraphQL in JSON, a GraphQL document";

/// A pasted request.
pub struct Translated {
    /// Its style.
    pub from: &'static Adapter,
    /// Its calls: at least one, several if it was a batch.
    pub calls: Vec<CallRequest>,
    /// The sandbox that its address names.
    pub sandbox: Option<String>,
    /// What it says that has no place in other styles.
    pub dropped: Option<&'static str>,
}

/// Parses a pasted request. The error goes on from the name of the field.
pub fn parse_request(text: &str, styles: &'static [Adapter]) -> Result<Translated, String> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(format!("has {} bytes, and at most {TEXT_BYTES_MAX} are translated", text.len()));
    }
    // Commands and programs are tried first, as they may contain all of the others.
    let request = match command::read(text.trim()).or_else(|| program::read(text)) {
        Some(request) => request.map_err(|problem| format!("can't be read: {problem}"))?,
        None => http_text::read(text.trim()),
    };
    let parsed = styles.iter().find_map(|style| (style.parse_request)(&request).map(|calls| (style, calls)));
    let Some((from, calls)) = parsed else { return Err(why_unknown(&request)) };
    let calls = calls.and_then(|calls| {
        calls.into_iter().map(|call| with_own_types(call, from)).collect::<Result<Vec<CallRequest>, Error>>()
    });
    match calls.map_err(|error| format!("was read as {}: {}", from.title, message_of(&error)))? {
        calls if calls.is_empty() => Err(format!("was read as {}: it calls no operation", from.title)),
        calls => Ok(Translated { from, calls, dropped: (from.dropped)(&request), sandbox: request.sandbox }),
    }
}

/// The call with its input as the operation's schema has it: an integer where the style's grammar had only characters.
fn with_own_types(call: CallRequest, from: &Adapter) -> Result<CallRequest, Error> {
    if let Credentials::Unusable(problem) = call.options.credentials {
        return Err(Error::unreadable(problem));
    }
    let operation = call.row().ok_or_else(|| unknown_operation(&call.operation, from.spelling))?;
    Ok(CallRequest { input: (operation.settle)(call.input, from.spelling)?, ..call })
}

fn message_of(error: &Error) -> String {
    if error.errors.is_empty() {
        return error.message.clone();
    }
    let each = error.errors.iter().map(|violation| format!("{} {}", violation.place(), violation.message));
    each.collect::<Vec<_>>().join("; ")
}

fn why_unknown(request: &RequestText) -> String {
    if !request.is_bare() {
        return format!("is for \"{}\", where no style is served", domain::value::shown(&request.target));
    }
    let problem = match request.body.first() {
        Some(b'{' | b'[') => wire::json::read(&request.body).err(),
        Some(b'<') => wire::xml::read(&request.body).err(),
        _ => None,
    };
    let why = problem.map(|error| format!(" ({})", error.message)).unwrap_or_default();
    format!("is not a request that is recognised{why}; paste one of these: {TRIED}")
}

/// Whether a style can encode a call: not every style has streams.
pub fn can_encode(style: &Adapter, call: &CallRequest) -> bool {
    style.streams || call.row().is_none_or(|operation| operation.kind != OperationKind::Stream)
}
