//! Attacks on the reader of Protocol Buffers, in gRPC. A message is a `SearchProductsRequest`; fields that it does not have are
//! skipped, so what consists of them is refused for half a field at its end.

use super::{Attack, ENDLESS, FILL_BYTES, Mistake, attack, fill};

/// Attacks on one message.
pub const ATTACKS: &[Attack] = &[
    ENDLESS,
    attack("groups in groups", |_, _| filled(b"\xa3\x06"), Mistake::Unreadable),
    attack("groups in groups, closed", |_, _| closed(FILL_BYTES / 4), Mistake::Unreadable),
    attack("unknown fields", |_, _| half(filled(b"\xa0\x06\x01")), Mistake::Unreadable),
    attack("the query, again and again", |_, _| filled(b"\x0a\x01x"), Mistake::TooMuch),
    attack("a number of a million bytes", |_, _| [b"\x18", filled(b"\xff").as_slice()].concat(), Mistake::Unreadable),
    attack("a text of 2 GB that is not there", |_, _| text(b"\x0a\xff\xff\xff\xff\x07"), Mistake::Unreadable),
    attack("a text in place of a number", |_, _| text(b"\x1a\xc0\x84\x3d"), Mistake::Invalid),
    attack("invalid UTF-8", |_, _| [text(b"\x0a\xc1\x84\x3d"), vec![0xff]].concat(), Mistake::Unreadable),
    attack("a very long text", |_, _| text(b"\x0a\xc0\x84\x3d"), Mistake::Invalid),
    attack("NUL", |_, _| b"\x0a\x02x\0".to_vec(), Mistake::Invalid),
    attack("a list of a great many numbers", |_, _| filled(b"\x10\x01"), Mistake::TooMuch),
    attack(
        "a packed list of a great many numbers",
        |_, _| [b"\x12\xc0\x84\x3d", filled(b"\x01").as_slice()].concat(),
        Mistake::TooMuch,
    ),
];

fn filled(piece: &[u8]) -> Vec<u8> {
    piece.repeat(FILL_BYTES / piece.len())
}

/// With half a field at the end.
fn half(fields: Vec<u8>) -> Vec<u8> {
    [fields, vec![0x18]].concat()
}

/// So many groups in each other.
fn closed(depth: usize) -> Vec<u8> {
    [b"\xa3\x06".repeat(depth), b"\xa4\x06".repeat(depth)].concat()
}

/// A tag and a length, and a long text.
fn text(head: &[u8]) -> Vec<u8> {
    [head, fill().as_bytes()].concat()
}
