//! What does a request that somebody pasted ask, whatever its style? The adapters' own decoders say; here is found out what was
//! pasted, and the input put into the shop's own types, so that every style can say the same.

mod command;
mod message;
mod options;
mod shell;

use domain::operations::OperationKind;
use domain::{Error, Value};
use wire::request_text::RequestText;
use wire::{Adapter, CallRequest};

/// Bytes of a text that is translated. Every style says it anew, in each way to paste it: about forty texts come of one.
pub const PASTED_BYTES_MAX: usize = 32 * 1024;

/// What is tried, as somebody is told who pasted something else.
const TRIED: &str = "a command of curl, HTTPie, websocat or wscat, a request of HTTP with its headers, an address, a SOAP envelope, \
                     a methodCall of XML-RPC, JSON of JSON-RPC, of WebSocket or of GraphQL, a document of GraphQL";

/// What was pasted.
pub struct Understood {
    /// The style.
    pub from: &'static Adapter,
    /// What it asks: at least one question, several if it was a batch.
    pub asks: Vec<CallRequest>,
}

/// Reads what was pasted, or says why it can't, in words that go on from what it is called.
pub fn parse_request(text: &str, styles: &'static [Adapter]) -> Result<Understood, String> {
    if text.len() > PASTED_BYTES_MAX {
        return Err(format!("has {} bytes, and at most {PASTED_BYTES_MAX} are translated", text.len()));
    }
    let pasted = read(text)?;
    let read = |style: &'static Adapter| (style.parse_request)(&pasted).map(|asks| (style, asks));
    let Some((from, asks)) = styles.iter().find_map(read) else { return Err(not_understood(&pasted)) };
    let of_style = |error: Error| format!("was read as {}: {}", from.title, told(&error));
    let asks = asks.and_then(|asks| asks.into_iter().map(settled).collect::<Result<Vec<CallRequest>, Error>>());
    match asks.map_err(of_style)? {
        asks if asks.is_empty() => Err(format!("was read as {}: it asks for no operation", from.title)),
        asks => Ok(Understood { from, asks }),
    }
}

/// What was pasted, as a request: a command is looked for first, as it may hold all of the others.
fn read(text: &str) -> Result<RequestText, String> {
    let text = text.trim();
    if let Some(command) = command::read(text) {
        return command.map_err(|problem| format!("can't be read: {problem}"));
    }
    Ok(message::read(text))
}

/// The question with its input as the operation's shape has it: `1` where the style's grammar had but characters.
fn settled(ask: CallRequest) -> Result<CallRequest, Error> {
    if let domain::access::Credentials::Unusable(problem) = ask.options.credentials {
        return Err(Error::unreadable(problem));
    }
    let row = ask.row().ok_or_else(|| Error::unknown_operation(&ask.operation))?;
    Ok(CallRequest { input: (row.settle)(ask.input)?, ..ask })
}

fn told(error: &Error) -> String {
    if error.errors.is_empty() {
        return error.message.clone();
    }
    let each = error.errors.iter().map(|violation| format!("{} {}", violation.place(), violation.message));
    each.collect::<Vec<_>>().join("; ")
}

fn not_understood(pasted: &RequestText) -> String {
    if !pasted.is_bare() {
        let shown = domain::value::shown(&pasted.target);
        return format!("is for \"{shown}\", where no style is served");
    }
    let problem = match pasted.body.first() {
        Some(b'{' | b'[') => wire::json::read(&pasted.body).err(),
        Some(b'<') => wire::xml::read(&pasted.body).err(),
        _ => None,
    };
    let why = problem.map(|error| format!(" ({})", error.message)).unwrap_or_default();
    format!("is none of what is understood{why}: {TRIED}")
}

/// Whether a style can ask it: what streams is not asked where nothing streams.
pub fn can_say(style: &Adapter, ask: &CallRequest) -> bool {
    style.streams || ask.row().is_none_or(|row| row.kind != OperationKind::Stream)
}

/// Joins members into one record.
pub(crate) fn record(members: Vec<(String, Value)>) -> String {
    wire::json::value(&Value::Object(members))
}
