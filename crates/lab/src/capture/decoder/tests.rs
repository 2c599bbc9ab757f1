//! Tests of the outcome and of the moment of a decoded exchange.

use super::*;

impl Exchange {
    /// An exchange of so many bytes.
    pub(in crate::capture) fn of_bytes(sandbox: &Sandbox, bytes: usize) -> Exchange {
        let part =
            Part::Http { head: String::new(), body: "x".repeat(bytes), trailers: None, chunks: None, compressed: None };
        let summary = Summary {
            id: 0,
            at: moment(UNIX_EPOCH),
            in_sandbox: sandbox.as_str().to_owned(),
            style: "rest",
            operation: None,
            request: None,
            outcome: String::new(),
            caller: String::new(),
            connection: 0,
            took_us: 0,
        };
        let parts = exchange::Exchange { sent: vec![part], received: Vec::new() };
        Exchange { sandbox: sandbox.clone(), summary, parts, bytes: ByteCount::default(), is_cut: false }
    }
}

#[test]
fn the_reason_is_read_from_the_response() {
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
