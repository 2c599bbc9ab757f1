//! Attacks on readers of JSON, in JSON-RPC.

use super::{Attack, FILL_BYTES, Mistake, ORDER, attack, fill, pieces};

/// Attacks on one request.
pub const ATTACKS: &[Attack] = &[
    attack(
        "depth 10,000, of the request",
        |_, _| format!(r#"{{"jsonrpc":{}}}"#, deep()).into_bytes(),
        Mistake::NoRequest,
    ),
    attack("depth 10,000, of params", |_, _| with_params(&format!(r#"{{"query":{}}}"#, deep())), Mistake::Invalid),
    attack("brackets alone", |_, _| "[".repeat(FILL_BYTES).into_bytes(), Mistake::Unreadable),
    attack(
        "a member of the request twice",
        |_, _| {
            let text = fill();
            format!(r#"{{"jsonrpc":"2.0","id":"{text}","id":1,"method":"search_products"}}"#).into_bytes()
        },
        Mistake::NoRequest,
    ),
    attack(
        "a member of params, again and again",
        |_, _| with_params(&format!(r#"{{{}"query":"x"}}"#, pieces(|_| r#""query":"x","#.to_owned()))),
        Mistake::Invalid,
    ),
    attack(
        "unknown members",
        |_, _| with_params(&format!(r#"{{{}"query":"x"}}"#, pieces(|number| format!(r#""{number}":1,"#)))),
        Mistake::Invalid,
    ),
    attack(
        "a list of a great many numbers",
        |_, _| with_params(&format!(r#"{{"ids":[{}1]}}"#, pieces(|_| "1,".to_owned()))),
        Mistake::Invalid,
    ),
    attack(
        "a list of a great many lists",
        |_, _| with_params(&format!(r#"{{"ids":[{}1]}}"#, pieces(|_| "[],".to_owned()))),
        Mistake::Invalid,
    ),
    attack(
        "a number of a million digits",
        |_, _| with_params(&format!(r#"{{"limit":{}}}"#, "7".repeat(FILL_BYTES))),
        Mistake::Invalid,
    ),
    attack(
        "a fraction of a million digits",
        |_, _| with_params(&format!(r#"{{"limit":0.{}}}"#, "7".repeat(FILL_BYTES))),
        Mistake::Invalid,
    ),
    attack("escapes alone", |grammar, _| grammar.around(&pieces(|_| r"\u0041".to_owned())), Mistake::Invalid),
    attack("two roots", |grammar, _| [grammar.around(&fill()), b"{}".to_vec()].concat(), Mistake::Unreadable),
    attack("an unclosed root", |grammar, _| [grammar.around.0, &fill()].concat().into_bytes(), Mistake::Unreadable),
];

/// Several calls in one body, of which none must be executed.
pub const SEVERAL: &[Attack] = &[
    attack(
        "a batch of 1,000",
        |_, _| {
            let call = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"cancel_order","params":[{ORDER}]}}"#);
            format!("[{}]", vec![call; 1_000].join(",")).into_bytes()
        },
        Mistake::TooMuch,
    ),
    attack(
        "a batch of a great many",
        |_, _| format!("[{}1]", "1,".repeat(FILL_BYTES / 2)).into_bytes(),
        Mistake::TooMuch,
    ),
];

fn with_params(params: &str) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"search_products","params":{params}}}"#).into_bytes()
}

/// Nested lists, with a long text in the innermost.
fn deep() -> String {
    let depth = 10_000;
    format!("{}\"{}\"{}", "[".repeat(depth), fill(), "]".repeat(depth))
}
