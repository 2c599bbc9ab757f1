//! Checks that `docs/limits.md` has the values of the constants in the code, and a reason for each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tests::committed::{self, from_the_top};

/// The endings of the names of limits.
const MARKS: &[&str] = &["_MAX", "_MS", "_SECONDS", "_DEFAULT", "_KEPT", "TIMEOUT"];
/// Maximum number of rows: the document lists what a client can meet.
const ROWS_MAX: usize = 21;

/// Expressions by `crate::NAME`; `None` where two files of a crate use the name.
type Limits = BTreeMap<String, Option<String>>;

#[test]
fn limits_document_matches_the_constants() {
    let (document, limits) = (committed::read("docs/limits.md").unwrap(), limits());
    assert!(limits.len() > 100, "limits are found by their names");
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| line.ends_with("` |"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > ROWS_MAX / 2 && rows.len() <= ROWS_MAX, "{} rows", rows.len());
    for row in rows {
        let [_, value, _, names] = row[..] else { panic!("a row has four cells: {row:?}") };
        for (value, name) in value.split(" / ").zip(names.split(" / ")) {
            let name = name.trim_matches('`');
            let in_code = limits.get(name).unwrap_or_else(|| panic!("there is no {name}"));
            let in_code = in_code.as_ref().unwrap_or_else(|| panic!("{name} is twice in its crate"));
            assert_eq!(value.split(' ').next(), Some(&*evaluated(in_code)), "{name}");
        }
        assert_eq!(value.split(" / ").count(), names.split(" / ").count(), "{names}");
    }
}

fn limits() -> Limits {
    let mut limits = Limits::new();
    for entry in fs::read_dir(from_the_top("crates")).unwrap() {
        let entry = entry.unwrap();
        walk(&entry.path().join("src"), &entry.file_name().into_string().unwrap(), &mut limits);
    }
    limits
}

fn walk(folder: &Path, name: &str, limits: &mut Limits) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, name, limits);
        } else {
            read(&fs::read_to_string(&path).unwrap_or_default(), name, limits);
        }
    }
}

fn read(text: &str, crate_name: &str, limits: &mut Limits) {
    let mut has_reason = false;
    for line in text.lines().map(str::trim) {
        let constant = line.strip_prefix("pub const ").or_else(|| line.strip_prefix("const "));
        let parts = constant.and_then(|rest| rest.strip_suffix(';')?.split_once(" = "));
        let named = parts.and_then(|(left, value)| Some((left.split_once(':')?.0, value)));
        if let Some((name, value)) = named.filter(|(name, _)| MARKS.iter().any(|mark| name.contains(mark))) {
            assert!(has_reason, "{name} in {crate_name} has no reason");
            let twice = |limit: &mut Option<String>| *limit = None;
            limits.entry(format!("{crate_name}::{name}")).and_modify(twice).or_insert(Some(value.to_owned()));
        }
        has_reason = line.starts_with("///");
    }
}

/// The value of a constant's expression, with thousands separators.
fn evaluated(expression: &str) -> String {
    let factor = |factor: &str| -> i64 {
        factor.trim().replace('_', "").parse().unwrap_or_else(|_| panic!("{expression} is no product of numbers"))
    };
    let mut digits = expression.split('*').map(factor).product::<i64>().to_string();
    for place in (1..digits.len()).rev().filter(|place| (digits.len() - place).is_multiple_of(3)).collect::<Vec<_>>() {
        digits.insert(place, ',');
    }
    digits
}
