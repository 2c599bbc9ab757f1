//! Checks that names, comments, messages, pages and documents use the field's terms (`docs/contributing.md`, "Words").

use super::files::from_the_top;
use std::path::Path;

/// Words that this project does not use, alone or as a part of a name. The first column lists them in lower case.
const WORDS: &[&str] = &[
    "told", "heard", "somebody", "whoever", "comer", "couriers", "garbled", "unheard", "nobody", "nobodys", "beside",
    "said",
];
/// Names of types that have become the field's terms.
const NAMES: &[&str] = &[
    "Ask", "Asked", "Beside", "Grip", "Guard", "Heard", "House", "Keeper", "Meta", "Notes", "Payer", "Pulse",
    "Readable", "Shaped", "Sink", "Told", "Unsent", "Waiter", "Wish", "Witness", "Writable",
];
/// Turns of phrase.
const PHRASES: &[&str] =
    &["is told", "are told", "be told", "one may be", "as if it were said", "nobody in particular", "is not done here"];
/// Where an old word is right: the start of a line of `path: word`, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("tests/architecture/words.rs", "", "the lists themselves"),
    ("tests/recorded/", "", "bytes, not prose"),
    ("crates/store/src/schema", "", "migrations are never edited"),
    ("tests/clients/http/Clients.java", "nobody", "Java's `BodyPublishers.noBody`"),
    ("crates/server/src/seed/goods.rs", "Notes", "a product's name"),
];
const EXTENSIONS: &[&str] = &[
    "rs", "md", "ts", "tsx", "css", "html", "mjs", "wsdl", "xsd", "graphql", "json", "py", "js", "sh", "php", "pl",
    "pm", "rb", "java",
];
const FOLDERS: &[&str] = &["crates", "docs", "tests", "wsdl", "README.md"];

#[test]
fn old_words_do_not_come_back() {
    let mut found = Vec::new();
    for folder in FOLDERS {
        walk(&from_the_top(folder), &mut |path, text| {
            for (number, line) in text.lines().enumerate() {
                found.extend(old_words(path, line).map(|word| format!("{path}:{}: {word}", number + 1)));
            }
        });
    }
    assert!(found.is_empty(), "old words (see docs/contributing.md):\n{}", found.join("\n"));
}

#[test]
fn old_words_are_found() {
    let in_line = |line: &'static str| old_words("crates/x.rs", line).collect::<Vec<_>>();
    assert_eq!(in_line("let was_told = heard;"), ["told", "heard"]);
    assert_eq!(in_line("struct Witness;"), ["Witness"]);
    assert_eq!(in_line("/// The client is told."), ["told", "is told"]);
    assert_eq!(in_line("/// Who calls decides."), ["a sentence that begins with \"Who\""]);
    assert!(in_line("/// Who is it?").is_empty() && in_line("/// The asked-for witnessing, a guard.").is_empty());
}

/// The old words of a line.
fn old_words<'l>(path: &'l str, line: &'l str) -> impl Iterator<Item = &'l str> {
    let is_free = |word: &str| {
        EXCEPTIONS.iter().any(|(start, free, _)| path.starts_with(start) && (free.is_empty() || *free == word))
    };
    let parts = || line.split(|c: char| !c.is_ascii_alphanumeric());
    let words = WORDS.iter().filter(move |word| parts().any(|part| part.eq_ignore_ascii_case(word)));
    let names =
        NAMES.iter().filter(move |name| path.ends_with(".rs") && parts().any(|part| part == **name) && !is_prose(line));
    let phrases = PHRASES.iter().filter(move |phrase| line.contains(**phrase));
    let who = begins_with_who(line).then_some("a sentence that begins with \"Who\"");
    words.chain(names).chain(phrases).copied().chain(who).filter(move |word| !is_free(word))
}

/// Whether a line is a comment, where a capital word may just begin a sentence.
fn is_prose(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// "Who calls ..." instead of "A caller that ..."; a question ends with its mark.
fn begins_with_who(line: &str) -> bool {
    let text = line.trim_start().trim_start_matches(['/', '!', '#', '*', ' ']);
    is_prose(line) && text.starts_with("Who ") && !text.contains('?')
}

fn walk(path: &Path, read: &mut impl FnMut(&str, &str)) {
    if path.is_dir() {
        let mut entries: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        let is_ours = |path: &&std::path::PathBuf| !path.ends_with("node_modules") && !path.ends_with("target");
        entries.iter().filter(is_ours).for_each(|path| walk(path, read));
    } else if path.extension().is_none_or(|extension| EXTENSIONS.iter().any(|other| extension == *other))
        && !path.ends_with("package-lock.json")
    {
        let top = from_the_top("");
        let name = path.strip_prefix(&top).unwrap_or(path).to_string_lossy().into_owned();
        read(&name, &std::fs::read_to_string(path).unwrap_or_default());
    }
}
