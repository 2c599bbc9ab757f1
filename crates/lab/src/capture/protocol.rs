//! Recognises where the bytes of a connection go and where its messages end.

use crate::sandboxes::split_path;
use domain::Sandbox;
use wire::Adapter;
use wire::measure::{WebSocketFrame, header, split_frames, split_http};

/// The beginning of a response after which frames follow (RFC 9110 section 15.2.2).
const SWITCHING: &[u8] = b"HTTP/1.1 101";

/// The name of no style.
pub const NO_STYLE: &str = "";
/// The page's own requests.
const LAB: &str = "/lab";

/// The style and the sandbox of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The style's name; [`NO_STYLE`] if the path is no style's.
    pub style: &'static str,
    /// The sandbox.
    pub sandbox: Sandbox,
}

/// The target of a request of HTTP; `None` if it is the page's own, or if pipelined requests go to several sandboxes.
pub fn target_of(received: &[u8], styles: &[Adapter]) -> Option<Target> {
    let (messages, _) = split_http(received);
    let mut targets = messages.iter().map(|message| target_in(message.head, styles));
    let first = targets.next()??;
    let is_same = |target: Option<Target>| target.is_some_and(|target| target.sandbox == first.sandbox);
    targets.all(is_same).then_some(first)
}

/// The target of one request, by its head.
fn target_in(head: &[u8], styles: &[Adapter]) -> Option<Target> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let path = std::str::from_utf8(line).ok()?.split(' ').nth(1)?.split('?').next()?;
    let (name, path) = split_path(path);
    let sandbox = name.map_or_else(|| Some(Sandbox::main()), Sandbox::parse)?;
    let is_below = |of: &str| path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let style = styles.iter().find(|style| is_below(style.path)).map_or(NO_STYLE, |style| style.name);
    (!is_below(LAB)).then_some(Target { style, sandbox })
}

/// The target, with the sandbox that the operations ran in: clients that can't prefix a path name it in a header or in the authority. Of a
/// request that names one in this way and ran no operation it is not known: it is not shown.
pub fn settled<'s>(
    target: Option<Target>,
    mut sandboxes: impl Iterator<Item = &'s Sandbox>,
    head: &[u8],
) -> Option<Target> {
    let target = target?;
    if let Some(sandbox) = sandboxes.next() {
        return sandboxes.all(|other| other == sandbox).then(|| Target { sandbox: sandbox.clone(), ..target });
    }
    let authority = header(head, ":authority").or_else(|| header(head, "host")).unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let names_one = header(head, "x-sandbox").is_some() || host.ends_with(".localhost");
    (!names_one || target.sandbox != Sandbox::main()).then_some(target)
}

/// Whether frames follow this response.
pub fn switches(sent: &[u8]) -> bool {
    sent.starts_with(SWITCHING)
}

/// Whether bytes are frames. RFC 6455 section 5.2: only the first bit before the opcode may be set, and HTTP begins with a letter.
pub fn is_socket(received: &[u8], sent: &[u8]) -> bool {
    received.first().or(sent.first()).is_some_and(|first| first & 0x70 == 0)
}

/// Whether frames end with a message, and not within one.
pub fn is_complete(received: &[u8]) -> bool {
    let (frames, rest) = split_frames(received);
    let last = frames.iter().rfind(|frame| !frame.is_control());
    rest.is_empty() && frames.iter().all(|frame| frame.is_whole) && last.is_none_or(WebSocketFrame::is_final)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_may_end_in_a_later_frame_and_a_frame_in_a_later_read() {
        assert!(!is_complete(b"\x01\x10{\"password\":\"cor"), "the message goes on");
        assert!(
            !is_complete(b"\x81\x05Hell") && !is_complete(b"\x81") && !is_complete(b"\x81\x7e\x01"),
            "the frame goes on"
        );
        assert!(is_complete(b"\x81\x05Hello") && is_complete(b"\x01\x01a\x80\x01b") && is_complete(b""));
    }
}
