//! What was said in these bytes, and what of that may be shown? Its style, its outcome, and its parts with secrets masked.

use super::assembler::{Call, Gathered};
use crate::mask;
use crate::parts::{self, Part};
use crate::report::Traffic;
use domain::time::Timestamp;
use domain::{Reason, Sandbox};
use serde::Serialize;
use std::time::{SystemTime, UNIX_EPOCH};
#[cfg(test)]
use ts_rs::TS;
use wire::Adapter;
use wire::measure::{WebSocketFrame, split_frames, split_http};

/// What an exchange takes beside the texts of its parts, in bytes: roughly, so that many small ones are bounded too.
const OVERHEAD_BYTES: usize = 1_024;
/// What a stream's chunks are read behind, as their own head is in an exchange that is over.
const STREAM_HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
/// The beginning of an answer after which frames follow (RFC 9110 section 15.2.2).
const SWITCHING: &[u8] = b"HTTP/1.1 101";
/// Methods that change nothing (RFC 9110 section 9.2.1).
const SAFE_METHODS: &[&str] = &["GET ", "HEAD ", "OPTIONS "];

/// Which style and sandbox something belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The style's name.
    pub style: &'static str,
    /// The sandbox.
    pub sandbox: Sandbox,
}

/// An exchange as it is shown.
#[derive(Debug)]
pub struct Exchange {
    /// The sandbox that it belongs to.
    pub sandbox: Sandbox,
    /// What there is to tell of it.
    pub told: Told,
    bytes: Traffic,
    is_cut: bool,
    /// What the server received, and what it sent.
    parts: parts::Exchange,
}

/// What is told of an exchange, whoever looks at it however closely.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Told {
    /// Its number.
    pub id: u64,
    at: String,
    style: &'static str,
    operation: Option<String>,
    outcome: String,
    caller: String,
    connection: u64,
    took_us: u64,
}

/// A line of the live traffic.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(rename = "Exchange"))]
pub struct ExchangeLine {
    #[serde(flatten)]
    told: Told,
    #[serde(flatten)]
    bytes: Traffic,
}

/// One exchange with all of its bytes, as far as they were kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct WholeExchange {
    #[serde(flatten)]
    told: Told,
    #[serde(flatten)]
    parts: parts::Exchange,
    bytes: Traffic,
    is_cut: bool,
}

impl Exchange {
    /// What is told of it to those who look.
    pub fn line(&self) -> ExchangeLine {
        ExchangeLine { told: self.told.clone(), bytes: self.bytes }
    }

    /// All that is kept of it.
    pub fn whole(&self) -> WholeExchange {
        let Exchange { told, parts, bytes, is_cut, .. } = self;
        WholeExchange { told: told.clone(), parts: parts.clone(), bytes: *bytes, is_cut: *is_cut }
    }

    /// How much memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        let of = |part: &Part| match part {
            Part::Http { head, body, chunks, .. } => {
                head.len() + body.len() + chunks.as_ref().map_or(0, |chunks| chunks.len() * size_of::<usize>())
            }
            Part::Frame { hex, text, .. } => hex.len() + text.len() + size_of::<Part>(),
        };
        OVERHEAD_BYTES + self.parts.sent.iter().chain(&self.parts.received).map(of).sum::<usize>()
    }
}

/// What can be shown of an exchange; nothing, if nobody looks at its sandbox, or if it is no call.
pub fn read(gathered: Gathered, is_looked_at: impl Fn(&Sandbox) -> bool) -> Option<Exchange> {
    let Place { style, sandbox } = gathered.place.clone().filter(|place| is_looked_at(&place.sandbox))?;
    let parts = parts_of(&gathered);
    if !is_call(&gathered, &parts) {
        return None;
    }
    let raw = &gathered.raw;
    // What a stream goes on to send was asked for before.
    let streamed = gathered.stream.as_slice();
    let calls = if raw.calls.is_empty() && raw.received.total == 0 { streamed } else { &raw.calls };
    let caller = calls.iter().map(|call| &call.caller).find(|caller| !caller.is_empty());
    let told = Told {
        id: 0,
        at: moment(raw.at),
        style,
        operation: operations(calls),
        outcome: outcome(calls, &gathered, &parts),
        caller: caller.cloned().unwrap_or_default(),
        connection: gathered.line,
        took_us: u64::try_from((raw.last - raw.begun).as_micros()).unwrap_or(u64::MAX),
    };
    let bytes = Traffic { sent: raw.sent.total, received: raw.received.total };
    let is_cut = raw.received.is_cut() || raw.sent.is_cut();
    Some(Exchange { sandbox, told, bytes, is_cut, parts })
}

/// Whether somebody called: files, and the pulse and the end of a socket, are not shown.
fn is_call(gathered: &Gathered, parts: &parts::Exchange) -> bool {
    if !gathered.raw.calls.is_empty() {
        return true;
    }
    let all = || parts.sent.iter().chain(&parts.received);
    if gathered.is_socket {
        return !all().all(|part| matches!(part, Part::Frame { opcode: "ping" | "pong" | "close", .. }));
    }
    let is_safe = parts.received.iter().all(|part| match part {
        Part::Http { head, .. } => SAFE_METHODS.iter().any(|method| head.starts_with(method)),
        Part::Frame { .. } => false,
    });
    gathered.stream.is_some() || !is_safe || switches(&gathered.raw.sent.bytes) || status(parts) >= 400
}

/// The operations' names, each once; nothing, if the door saw none.
fn operations(calls: &[Call]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in calls.iter().filter_map(|call| call.operation) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// What came of it: the first refusal that the door saw, or else what the answer says.
fn outcome(calls: &[Call], gathered: &Gathered, parts: &parts::Exchange) -> String {
    if let Some(refused) = calls.iter().find_map(|call| call.refused) {
        return refused.word().to_owned();
    }
    if !calls.is_empty() {
        return "ok".to_owned();
    }
    // It never came to the door. Most styles say in their answers why.
    let said = parts.sent.iter().find_map(|part| match part {
        Part::Http { body, .. } => reason_in(body),
        Part::Frame { text, .. } => reason_in(text),
    });
    match (said, status(parts)) {
        (Some(reason), _) => reason.word().to_owned(),
        (None, status) if status >= 400 => format!("status {status}"),
        (None, _) if gathered.raw.sent.total == 0 => "unanswered".to_owned(),
        (None, _) => "ok".to_owned(),
    }
}

/// The reason that an answer names, in JSON or in XML; a fault of XML-RPC begins its text with it.
fn reason_in(text: &str) -> Option<Reason> {
    let before = ["reason\":", "<reason>", "<name>faultString</name><value>"];
    let (_, rest) = before.iter().find_map(|before| text.split_once(before))?;
    let rest = rest.trim_start_matches("<string>").trim_start_matches([' ', '"']);
    let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
    Reason::find(&rest[..end])
}

/// The status of the first answer of HTTP; 0, if there is none.
fn status(parts: &parts::Exchange) -> u16 {
    let Some(Part::Http { head, .. }) = parts.sent.first() else { return 0 };
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn parts_of(gathered: &Gathered) -> parts::Exchange {
    let (received, sent) = (&gathered.raw.received.bytes, &gathered.raw.sent.bytes);
    if gathered.is_socket {
        return parts::Exchange { sent: frames(sent), received: frames(received) };
    }
    let answer = if switches(sent) {
        let (head, rest) = sent.split_at(end_of_head(sent));
        parts::http(head).into_iter().chain(frames(rest)).collect()
    } else if sent.starts_with(b"HTTP/") || sent.is_empty() {
        parts::http(sent)
    } else {
        let mut parts = parts::http(&[STREAM_HEAD, sent].concat());
        if let Some(Part::Http { head, .. }) = parts.first_mut() {
            head.clear();
        }
        parts
    };
    parts::Exchange { sent: answer, received: parts::http(received) }
}

/// Frames with secrets masked, also those that begin in one frame and end in the next (RFC 6455 section 5.4).
fn frames(bytes: &[u8]) -> Vec<Part> {
    let mut shown = parts::frames(bytes);
    let (frames, _) = split_frames(bytes);
    let is_data = |frame: &WebSocketFrame<'_>| !frame.is_control();
    if frames.iter().any(|frame| frame.opcode() == 0) {
        let texts: Vec<String> = frames.iter().filter(|frame| is_data(frame)).map(parts::payload).collect();
        let masked = mask::text(&texts.concat());
        let data = shown.iter_mut().zip(&frames).filter(|(_, frame)| is_data(frame));
        let mut from = 0;
        for ((part, _), whole) in data.zip(&texts) {
            if let Part::Frame { text, .. } = part {
                *text = masked.get(from..from + whole.len()).map_or_else(|| "*".repeat(whole.len()), str::to_owned);
            }
            from += whole.len();
        }
    }
    shown
}

/// Where a request of HTTP goes; nothing, if it is no style's, or if further ones go elsewhere.
pub fn place_of(received: &[u8], styles: &[Adapter]) -> Option<Place> {
    let (messages, _) = split_http(received);
    let mut places = messages.iter().map(|message| place_in(message.head, styles));
    let first = places.next()??;
    let is_there = |place: Option<Place>| place.is_some_and(|place| place.sandbox == first.sandbox);
    places.all(is_there).then_some(first)
}

fn place_in(head: &[u8], styles: &[Adapter]) -> Option<Place> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let target = std::str::from_utf8(line).ok()?.split(' ').nth(1)?;
    let path = target.split('?').next()?;
    let (sandbox, path) = match path.strip_prefix("/sandboxes/").and_then(|rest| rest.split_once('/')) {
        Some((name, rest)) => (Sandbox::parse(name)?, format!("/{rest}")),
        None => (Sandbox::main(), path.to_owned()),
    };
    let is_below = |of: &str| path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let style = styles.iter().find(|style| is_below(style.path))?;
    Some(Place { style: style.name, sandbox })
}

/// Whether frames follow an answer.
pub fn switches(sent: &[u8]) -> bool {
    sent.starts_with(SWITCHING)
}

/// Whether bytes are frames. RFC 6455 section 5.2: no bit but the first stands before the opcode, and HTTP begins with a letter.
pub fn is_socket(received: &[u8], sent: &[u8]) -> bool {
    received.first().or(sent.first()).is_some_and(|first| first & 0x70 == 0)
}

/// Whether frames end with a message, and not within one.
pub fn is_whole(received: &[u8]) -> bool {
    let (frames, rest) = split_frames(received);
    let data = frames.iter().rfind(|frame| !frame.is_control());
    let is_final = data.is_none_or(|frame| frame.header[0] & 0x80 != 0);
    rest.is_empty()
        && is_final
        && frames.last().is_none_or(|frame| announced(frame) == Some(frame.payload.len() as u64))
}

/// The length of the payload, as its frame announces it (RFC 6455 section 5.2), if that has come whole.
fn announced(frame: &WebSocketFrame<'_>) -> Option<u64> {
    let second = *frame.header.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let length = &frame.header[2..frame.header.len().checked_sub(mask).filter(|end| *end >= 2)?];
    match second & 0x7f {
        126 => length.try_into().ok().map(|bytes| u16::from_be_bytes(bytes).into()),
        127 => length.try_into().ok().map(u64::from_be_bytes),
        short => length.is_empty().then_some(short.into()),
    }
}

fn end_of_head(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |end| end + 4)
}

/// A moment by RFC 3339, with milliseconds.
fn moment(at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)).to_string();
    format!("{}.{:03}Z", seconds.trim_end_matches('Z'), since.subsec_millis())
}

#[cfg(test)]
mod tests;
