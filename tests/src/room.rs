//! What has a style room for in a refusal? All say code, reason and message; what else fits is the style's own affair.

/// What a style has room for.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// The kind, beside the code.
    pub kind: bool,
    /// Every violation, and the time after which to try again.
    pub details: bool,
}

/// The room of a style.
pub fn room(style: &str) -> Room {
    match style {
        "rest" | "soap" | "jsonrpc" | "websocket" => Room { kind: true, details: true },
        // Its code tells the kind.
        "graphql" => Room { kind: false, details: true },
        // A fault "may not contain members other than those shown": a number and a text.
        "xmlrpc" => Room { kind: false, details: false },
        other => panic!("what has {other} room for?"),
    }
}
