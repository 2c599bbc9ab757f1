//! Which bounds are set anywhere? Every constant whose name says that it is one, with its value and its reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tests::committed::from_the_top;

/// How the name of a bound ends or what it holds.
const MARKS: &[&str] = &["_MAX", "_MS", "_SECONDS", "_DEFAULT", "_KEPT", "TIMEOUT"];

struct Limit {
    name: String,
    value: String,
    reason: String,
    file: String,
}

/// `docs/limits.md`
pub fn document() -> String {
    let mut text = String::from(
        "# Limits\n\n\
         Every queue, buffer, page, body, depth and wait has a limit with a name and a reason. A test (`tests/architecture`) writes\n\
         this file from the constants themselves.\n",
    );
    for (name, limits) in by_crate() {
        text.push_str(&format!("\n## {name}\n\n| limit | value | why | file |\n| --- | --- | --- | --- |\n"));
        for Limit { name, value, reason, file } in limits {
            text.push_str(&format!("| `{name}` | {value} | {reason} | `{file}` |\n"));
        }
    }
    text
}

fn by_crate() -> BTreeMap<String, Vec<Limit>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(from_the_top("crates")).unwrap() {
        let entry = entry.unwrap();
        let mut limits = Vec::new();
        walk(&entry.path().join("src"), &entry.path(), &mut limits);
        if !limits.is_empty() {
            found.insert(entry.file_name().into_string().unwrap(), limits);
        }
    }
    assert!(found.len() > 3, "limits are found by their names");
    found
}

fn walk(folder: &Path, top: &Path, limits: &mut Vec<Limit>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, top, limits);
        } else {
            let file = path.strip_prefix(top.join("src")).unwrap().to_str().unwrap().to_owned();
            read(&fs::read_to_string(&path).unwrap_or_default(), &file, limits);
        }
    }
}

fn read(text: &str, file: &str, limits: &mut Vec<Limit>) {
    let mut reason: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("///") {
            reason.push(said.trim());
            continue;
        }
        let constant = line.strip_prefix("pub const ").or_else(|| line.strip_prefix("const "));
        let parts = constant.and_then(|rest| rest.strip_suffix(';')?.split_once(" = "));
        let named = parts.and_then(|(left, value)| Some((left.split_once(':')?.0, value)));
        if let Some((name, value)) = named.filter(|(name, _)| MARKS.iter().any(|mark| name.contains(mark))) {
            assert!(!reason.is_empty(), "{name} in {file} has no reason");
            let reason = reason.join(" ").replace(['[', ']'], "").replace('|', "\\|");
            limits.push(Limit { name: name.to_owned(), value: evaluated(value), reason, file: file.to_owned() });
        }
        reason.clear();
    }
}

/// A constant's expression as a number: products, `i32::MAX`, limits of the shop and whole seconds are all there are.
fn evaluated(value: &str) -> String {
    let value = value
        .strip_prefix("Duration::from_secs(")
        .and_then(|rest| rest.strip_suffix(')'))
        .map_or_else(|| (value.to_owned(), ""), |seconds| (seconds.to_owned(), " s"));
    let digits = product(&value.0).to_string();
    let first = digits.len() % 3;
    let mut grouped = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        grouped.push_str(if grouped.is_empty() { "" } else { "," });
        grouped.push_str(std::str::from_utf8(group).unwrap());
    }
    grouped + value.1
}

fn product(value: &str) -> i64 {
    let factor = |factor: &str| match factor.trim() {
        "i32::MAX" => i64::from(i32::MAX),
        name if name.starts_with(|c: char| c.is_ascii_uppercase()) => product(&of_the_shop(name)),
        digits => digits.replace('_', "").parse().unwrap_or_else(|_| panic!("{digits} is no number")),
    };
    value.split('*').map(factor).product()
}

/// What the shop's limit of that name is set to.
fn of_the_shop(name: &str) -> String {
    let text = fs::read_to_string(from_the_top("crates/domain/src/limits.rs")).unwrap();
    let set = text.lines().find_map(|line| line.strip_prefix("pub const ")?.strip_prefix(name)?.strip_prefix(':'));
    let value = set.and_then(|rest| rest.strip_suffix(';')?.split_once(" = "));
    value.unwrap_or_else(|| panic!("{name} is no limit of the shop")).1.to_owned()
}
