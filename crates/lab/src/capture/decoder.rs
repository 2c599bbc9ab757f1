//! Decodes an assembled exchange: its style, operation, outcome and readable parts.

use super::assembler::Assembled;
use super::protocol::{NO_STYLE, Target, switches};
use super::raw::{Call, MessageHeads, RawExchange};
use crate::exchange::{self, Binary, Part};
use crate::redaction::holds_secrets;
use crate::report::ByteCount;
use domain::time::Timestamp;
use domain::{Operation, Reason, Sandbox};
use serde::Serialize;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Memory of an exchange without the texts of its parts, in bytes: a rough value, so that many small ones are bounded, too.
const OVERHEAD_BYTES: usize = 1_024;
/// The chunks of a stream are split as if they followed this head, which belongs to an earlier exchange.
const STREAM_HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
/// Methods that change nothing (RFC 9110 section 9.2.1).
const SAFE_METHODS: &[&str] = &["GET ", "HEAD ", "OPTIONS "];

/// One exchange with all of its bytes, as far as they were stored.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "WholeExchange"))]
pub struct Exchange {
    /// The sandbox that it belongs to.
    #[serde(skip)]
    pub sandbox: Sandbox,
    /// What every subscriber is sent of it.
    #[serde(flatten)]
    pub summary: Summary,
    #[serde(flatten)]
    pub(crate) parts: exchange::Exchange,
    /// The bytes that the client sent and received.
    pub bytes: ByteCount,
    is_cut: bool,
}

/// What every subscriber is sent of an exchange.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Summary {
    /// Its number.
    pub id: u64,
    at: String,
    #[serde(rename = "sandbox")]
    in_sandbox: String,
    /// The style; empty if the path is no style's.
    pub style: &'static str,
    operation: Option<String>,
    /// The method and the path, where no operation was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    pub(crate) outcome: String,
    caller: String,
    /// The number of the connection.
    pub connection: u64,
    took_us: u64,
}

/// A line of the live traffic.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Exchange"))]
pub struct ExchangeLine<'e> {
    #[serde(flatten)]
    summary: &'e Summary,
    #[serde(flatten)]
    bytes: ByteCount,
}

impl Exchange {
    /// The line of this exchange.
    pub fn line(&self) -> ExchangeLine<'_> {
        ExchangeLine { summary: &self.summary, bytes: self.bytes }
    }

    /// How much memory it takes, roughly.
    pub fn memory(&self) -> usize {
        let of = |part: &Part| match part {
            Part::Http { head, body, trailers, chunks, .. } => {
                head.len()
                    + body.len()
                    + trailers.as_ref().map_or(0, String::len)
                    + chunks.as_ref().map_or(0, |chunks| chunks.len() * size_of::<usize>())
            }
            Part::Frame { hex, text, .. } => hex.len() + text.len() + size_of::<Part>(),
        };
        OVERHEAD_BYTES + self.parts.sent.iter().chain(&self.parts.received).map(of).sum::<usize>()
    }
}

/// A decoded exchange, with what only the observer of the capture looks at.
pub struct Decoded {
    pub exchange: Exchange,
    /// Whether it is a call: other exchanges are not shown.
    pub is_call: bool,
    pub calls: Vec<Call>,
    pub begun: Instant,
    pub ended: Instant,
    /// Whether it is a stream of HTTP/2.
    pub is_http2: bool,
}

/// Decodes an exchange; `None` if its sandbox is not wanted.
pub fn decode(assembled: Assembled, is_wanted: impl Fn(&Sandbox) -> bool) -> Option<Decoded> {
    let Target { style, sandbox } = assembled.target.clone().filter(|target| is_wanted(&target.sandbox))?;
    let raw = &assembled.raw;
    // What a stream goes on to send was asked for before.
    let streamed = assembled.stream.as_slice();
    let calls = if raw.calls.is_empty() && raw.received.total == 0 { streamed } else { &raw.calls };
    let parts = parts_of(&assembled, binary(calls));
    let is_call = is_call(&assembled, &parts);
    let operation = operations(calls);
    let caller = calls.iter().map(|call| &call.caller).find(|caller| !caller.is_empty());
    let summary = Summary {
        id: 0,
        at: moment(raw.at),
        in_sandbox: sandbox.as_str().to_owned(),
        style,
        request: if operation.is_none() { request_line(&parts) } else { None },
        operation,
        outcome: outcome(calls, &assembled, &parts),
        caller: caller.cloned().unwrap_or_default(),
        connection: assembled.connection,
        took_us: u64::try_from((raw.last - raw.begun).as_micros()).unwrap_or(u64::MAX),
    };
    // As everywhere in the lab, the client sends and receives.
    let bytes = ByteCount { sent: raw.received.total, received: raw.sent.total };
    let is_cut = raw.is_cut();
    let exchange = Exchange { sandbox, summary, parts, bytes, is_cut };
    let RawExchange { begun, last: ended, calls, http2, .. } = assembled.raw;
    Some(Decoded { exchange, is_call, calls, begun, ended, is_http2: http2.is_some() })
}

/// Whether this is a call: files, and pings and closes of a socket, are not shown.
fn is_call(assembled: &Assembled, parts: &exchange::Exchange) -> bool {
    if !assembled.raw.calls.is_empty() {
        return true;
    }
    if assembled.is_socket {
        let is_control = |part: &Part| matches!(part, Part::Frame { opcode: "ping" | "pong" | "close", .. });
        return !parts.sent.iter().chain(&parts.received).all(is_control);
    }
    if assembled.target.as_ref().is_some_and(|target| target.style == NO_STYLE) {
        // Only a path at which nothing is, such as a misspelled one.
        return status(parts) == 404;
    }
    let is_safe = parts.sent.iter().all(|part| match part {
        Part::Http { head, .. } => SAFE_METHODS.iter().any(|method| head.starts_with(method)),
        Part::Frame { .. } => false,
    });
    assembled.stream.is_some() || !is_safe || switches(&assembled.raw.sent.bytes) || status(parts) >= 400
}

/// The names of the operations, each once; `None` if no operation was recorded.
fn operations(calls: &[Call]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in calls.iter().filter_map(|call| call.operation) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// The first refusal that was recorded, or else what the response says.
fn outcome(calls: &[Call], assembled: &Assembled, parts: &exchange::Exchange) -> String {
    if let Some(refused) = calls.iter().find_map(|call| call.refused) {
        return refused.word().to_owned();
    }
    if !calls.is_empty() {
        return "ok".to_owned();
    }
    // It was refused before any operation. The responses of most styles say why.
    match (parts.received.iter().find_map(|part| reason_in(part.text())), status(parts)) {
        (Some(reason), _) => reason.word().to_owned(),
        // gRPC answers a refused call with status 200, and says it in a field.
        (None, 200) if let Some(code) = parts.received.first().and_then(Part::grpc_status) => {
            format!("grpc-status {code}")
        }
        (None, status) if status >= 400 => format!("status {status}"),
        (None, _) if assembled.raw.sent.total == 0 => "unanswered".to_owned(),
        (None, _) => "ok".to_owned(),
    }
}

/// The reason in a response, in JSON or in XML; the text of an XML-RPC fault begins with it.
fn reason_in(text: &str) -> Option<Reason> {
    let before = ["reason\":", "<reason>", "<name>faultString</name><value>"];
    let (_, rest) = before.iter().find_map(|before| text.split_once(before))?;
    let rest = rest.trim_start_matches("<string>").trim_start_matches([' ', '"']);
    let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
    Reason::find(&rest[..end])
}

/// The status of the first response of HTTP; 0 if there is none.
fn status(parts: &exchange::Exchange) -> u16 {
    parts.received.first().and_then(Part::status).unwrap_or(0)
}

/// Whether bytes that are no text are shown: not if they may hold secrets, which have no names there.
fn binary(calls: &[Call]) -> Binary {
    let is_open = |call: &Call| call.operation.and_then(Operation::find).is_some_and(|row| !holds_secrets(row));
    if !calls.is_empty() && calls.iter().all(is_open) { Binary::Hex } else { Binary::Length }
}

fn parts_of(assembled: &Assembled, binary: Binary) -> exchange::Exchange {
    if let Some(heads) = &assembled.raw.http2 {
        let part = |heads: &MessageHeads, content: &[u8]| {
            let is_empty = heads.head.is_empty() && content.is_empty() && heads.trailers.is_empty();
            let part = exchange::message_of(&heads.head, content, &heads.trailers, binary);
            (!is_empty).then_some(part).into_iter().collect()
        };
        return exchange::Exchange {
            sent: part(&heads.request, &assembled.raw.received.bytes),
            received: part(&heads.response, &assembled.raw.sent.bytes),
        };
    }
    let (received, sent) = (&assembled.raw.received.bytes, &assembled.raw.sent.bytes);
    if assembled.is_socket {
        return exchange::Exchange { sent: exchange::frames(received), received: exchange::frames(sent) };
    }
    let response = if switches(sent) {
        let end = sent.windows(4).position(|four| four == b"\r\n\r\n").map_or(sent.len(), |end| end + 4);
        let (head, rest) = sent.split_at(end);
        exchange::http(head, binary).into_iter().chain(exchange::frames(rest)).collect()
    } else if sent.starts_with(b"HTTP/") || sent.is_empty() {
        exchange::http(sent, binary)
    } else {
        let mut parts = exchange::http(&[STREAM_HEAD, sent].concat(), binary);
        if let Some(Part::Http { head, .. }) = parts.first_mut() {
            head.clear();
        }
        parts
    };
    exchange::Exchange { sent: exchange::http(received, binary), received: response }
}

/// The method and the path of the first request. A query may hold secrets.
fn request_line(parts: &exchange::Exchange) -> Option<String> {
    let (method, rest) = parts.sent.first()?.head()?.split_once(' ')?;
    let path = rest.split([' ', '?', '\r']).next()?;
    Some(format!("{method} {}", domain::value::shown(path)))
}

/// A moment by RFC 3339, with milliseconds.
fn moment(at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)).to_string();
    format!("{}.{:03}Z", seconds.trim_end_matches('Z'), since.subsec_millis())
}

#[cfg(test)]
mod tests;
