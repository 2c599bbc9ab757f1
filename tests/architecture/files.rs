//! Lists the files of the project and reads them.

use std::fs;
use std::path::{Path, PathBuf};

/// A path from the top of the repository.
pub fn from_the_top(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// The names of the crates.
pub fn crates() -> impl Iterator<Item = String> {
    let entries = fs::read_dir(from_the_top("crates")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap())
}

/// Every Rust file of the project: its path from the top, and its text.
pub fn rust_files() -> impl Iterator<Item = (String, String)> {
    sources("crates").into_iter().chain(sources("tests"))
}

/// The Rust files in a folder.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(&from_the_top(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no Rust");
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(from_the_top("")).unwrap().to_str().unwrap().to_owned();
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The words of a text; an identifier in snake_case has several.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The text without `//` comments.
pub fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}
