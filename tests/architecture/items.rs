//! The items that every adapter has, under the same names and in the same files.

use super::files::{from_the_top, without_comments};
use std::collections::BTreeSet;

/// What each file of an adapter declares, or re-exports under that name.
const ITEMS: &[(&str, &[&str])] = &[
    ("lib", &["const NAME", "const PATH", "const SPELLING", "const CONTRACTS", "fn adapter"]),
    ("service", &["fn mount", "fn handle", "fn answer"]),
    ("errors", &["struct Refusal", "fn code"]),
    ("events", &["const STREAMS"]),
    ("client", &["struct Client"]),
    ("parse", &["fn parse_request"]),
];

/// The modules of an adapter in the order of `lib.rs`, before its own two.
const MODULES: &[&str] = &["service", "messages", "errors", "events", "contract", "client", "parse"];

/// What an adapter lacks of [`ITEMS`] and [`MODULES`].
pub fn missing(adapter: &str) -> BTreeSet<String> {
    let read = |file: &str| {
        without_comments(&std::fs::read_to_string(from_the_top(&format!("crates/{adapter}/src/{file}.rs"))).unwrap())
    };
    let mut missing = BTreeSet::new();
    for (file, items) in ITEMS {
        let text = read(file);
        for item in *items {
            if !has(&text, item) {
                missing.insert(format!("{adapter}: {file}.rs: {item}"));
            }
        }
    }
    let library = read("lib");
    let declared = library.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    let declared: Vec<&str> = declared.take(MODULES.len()).collect();
    if declared != MODULES {
        missing.insert(format!("{adapter}: lib.rs: order of modules"));
    }
    missing
}

/// Whether a line at the margin declares the item, or re-exports something under its name.
fn has(text: &str, item: &str) -> bool {
    let name = item.rsplit(' ').next().unwrap();
    let is_in_name = |c: char| c.is_alphanumeric() || c == '_';
    text.lines().any(|line| {
        if let Some(path) = line.strip_prefix("pub use ") {
            return path.split(|c| !is_in_name(c)).any(|word| word == name);
        }
        let mut declaration = line.strip_prefix("pub ").unwrap_or(line);
        if item.starts_with("fn ") {
            for modifier in ["const ", "async "] {
                declaration = declaration.strip_prefix(modifier).unwrap_or(declaration);
            }
        }
        declaration.strip_prefix(item).is_some_and(|after| !after.starts_with(is_in_name))
    })
}
