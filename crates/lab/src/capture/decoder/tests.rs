//! Is it read right where something goes, what it says, and what of it is a secret?

use super::*;

/// An exchange of so many bytes.
impl Exchange {
    pub(in crate::capture) fn of_bytes(sandbox: &Sandbox, bytes: usize) -> Exchange {
        let part = Part::Http { head: String::new(), body: "x".repeat(bytes), chunks: None, packed: None };
        let told = Told {
            id: 0,
            at: moment(UNIX_EPOCH),
            style: "rest",
            operation: None,
            outcome: String::new(),
            caller: String::new(),
            connection: 0,
            took_us: 0,
        };
        let parts = parts::Exchange { sent: vec![part], received: Vec::new() };
        Exchange { sandbox: sandbox.clone(), told, bytes: Traffic { sent: 0, received: 0 }, is_cut: false, parts }
    }
}

#[test]
fn a_secret_in_two_frames_is_masked_in_both() {
    let frames = frames(b"\x01\x10{\"password\":\"cor\x80\x08rect\"}  ");
    let texts: Vec<&str> =
        frames.iter().map(|part| if let Part::Frame { text, .. } = part { text } else { "" }).collect();
    assert_eq!(texts, ["{\"password\":\"***", "****\"}  "]);
    assert!(!is_whole(b"\x01\x10{\"password\":\"cor"), "the message goes on");
    assert!(!is_whole(b"\x81\x05Hell") && !is_whole(b"\x81") && !is_whole(b"\x81\x7e\x01"), "the frame goes on");
    assert!(is_whole(b"\x81\x05Hello") && is_whole(b"\x01\x01a\x80\x01b") && is_whole(b""));
}

#[test]
fn what_never_came_to_the_door_says_why_itself() {
    let reason = |text: &str| reason_in(text).map(|reason| reason.word());
    assert_eq!([reason(r#"{"reason": "unreadable"}"#), reason("<reason>unreadable</reason>")], [Some("unreadable"); 2]);
    assert_eq!(reason(r#"{"reason":"user_not_found","kind":"not_found"}"#), Some("user_not_found"));
    assert_eq!(reason(r#"{"reason":"because"}"#), None);
}

#[test]
fn moments_have_milliseconds() {
    let at = UNIX_EPOCH + std::time::Duration::from_millis(1_795_203_000_007);
    assert_eq!(moment(at), "2026-11-20T19:30:00.007Z");
}
