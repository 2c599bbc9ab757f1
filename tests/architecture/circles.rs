//! Finds circles between the files of a crate. A file is a module; naming something of another module is a dependency on it.
//!
//! What counts, read from the text without comments and unit tests:
//!
//! - every path that begins with `crate`, `super`, `self` or a child module, in a `use` or anywhere else, is an arrow to the file that
//!   *defines* the name: names that are passed on by `use` are followed there;
//! - `mod child;` is none, and `pub use child::Name` is none unless the file itself says `Name` elsewhere: a parent that declares its
//!   children and passes their names on may hold what they build on. A parent that uses a child which uses the parent is a circle;
//! - a constant of the crate's root (`crate::NAME`) is none: it is a name that the whole crate shares, without further dependencies.
//!
//! What does not count: methods (`impl Shop` in a file of its own is not seen where it is called), and what a macro brings
//! (`$crate::...`).

use super::files::{sources, without_comments};
use std::collections::{BTreeMap, BTreeSet};

/// Maximum number of re-exports that are followed for a name.
const HOPS_MAX: usize = 9;

/// A file, as its module path; empty for the crate's root.
type Module = Vec<String>;
/// `pub use a::{b, c as d}` as pairs of path and local name.
type Imports = Vec<(Vec<String>, String)>;

struct File {
    imports: Imports,
    /// The names of its imports that are re-exported.
    passed_on: BTreeSet<String>,
    /// Its text without imports.
    body: String,
}

/// The circles of a crate: the files of each.
pub fn circles(name: &str) -> Vec<Vec<String>> {
    let files = files(name);
    let arrows: BTreeMap<&Module, BTreeSet<Module>> =
        files.keys().map(|module| (module, arrows(&files, module))).collect();
    let reach = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(next) = open.pop() {
            open.extend(arrows[next].iter().filter(|to| seen.insert((*to).clone())));
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = files.keys().map(|module| (module, reach(module))).collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, others) in reached.iter().filter(|(module, others)| others.contains(**module)) {
        let circle = others.iter().filter(|other| reached[other].contains(*module));
        found.insert(circle.map(shown).collect());
    }
    found.into_iter().collect()
}

fn shown(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("/") }
}

fn files(name: &str) -> BTreeMap<Module, File> {
    let top = format!("crates/{name}/src/");
    let module = |path: &str| {
        let path = path.strip_prefix(&top).unwrap().strip_suffix(".rs").unwrap();
        let path = path.strip_suffix("/mod").unwrap_or(path);
        if ["lib", "main"].contains(&path) { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
    };
    sources(&top).iter().map(|(path, text)| (module(path), read(text))).collect()
}

fn read(text: &str) -> File {
    let text = without_comments(text);
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut file = File { imports: Vec::new(), passed_on: BTreeSet::new(), body: String::new() };
    for statement in text.split(';') {
        let Some((before, is_public, tree)) = import(statement) else {
            // Declaring a child module is no use of it.
            let declares = statement.split_whitespace().rev().nth(1) == Some("mod");
            file.body.push_str(if declares { statement.rsplit_once(' ').unwrap().0 } else { statement });
            file.body.push(';');
            continue;
        };
        file.body.push_str(before);
        let known = file.imports.len();
        leaves(&[], tree, &mut file.imports);
        file.passed_on.extend(file.imports[known..].iter().filter(|_| is_public).map(|(_, name)| name.clone()));
    }
    file
}

/// The import at the end of a statement: the text before it, whether it is public, and the imported paths.
fn import(statement: &str) -> Option<(&str, bool, &str)> {
    let (before, tree) = statement.rsplit_once("use ")?;
    let (before, visibility) = before.rsplit_once('\n').unwrap_or(("", before));
    let is_public = visibility.trim().starts_with("pub");
    (is_public || visibility.trim().is_empty()).then_some((before, is_public, tree))
}

/// The segments of a path.
fn segments(path: &str) -> impl Iterator<Item = String> {
    path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty())
}

/// The paths of a `use`: `a::{b, c as d}` is `a::b` named `b`, and `a::c` named `d`.
fn leaves(before: &[String], tree: &str, found: &mut Imports) {
    if let Some((head, rest)) = tree.split_once('{') {
        let path: Vec<String> = before.iter().cloned().chain(segments(head)).collect();
        let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
        let mut depth = 0;
        let branches = inner.split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        branches.filter(|branch| !branch.trim().is_empty()).for_each(|branch| leaves(&path, branch.trim(), found));
        return;
    }
    let (path, name) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name)));
    let mut path: Vec<String> = before.iter().cloned().chain(segments(path)).collect();
    path.pop_if(|last| last == "self");
    let name = name.map_or_else(|| path.last().cloned().unwrap_or_default(), |name| name.trim().to_owned());
    found.push((path, name));
}

/// The files that a file depends on.
fn arrows(files: &BTreeMap<Module, File>, from: &Module) -> BTreeSet<Module> {
    let file = &files[from];
    let words: BTreeSet<&str> = file.body.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let is_own =
        |to: &Module, name: &str| to.starts_with(from) && file.passed_on.contains(name) && !words.contains(name);
    let imported =
        file.imports.iter().filter_map(|(path, name)| defined_in(files, from, path, 0).filter(|to| !is_own(to, name)));
    let written = paths(&file.body).into_iter().filter_map(|path| defined_in(files, from, &path, 0));
    imported.chain(written).filter(|to| to != from).collect()
}

/// Every path in a text: words joined by `::`.
fn paths(text: &str) -> Vec<Vec<String>> {
    let is_part = |c: char| c.is_alphanumeric() || "_:$".contains(c);
    let words = text.split(|c| !is_part(c)).filter(|word| word.contains("::") && !word.starts_with([':', '$']));
    words.map(|word| word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()).collect()
}

/// The file that defines the name at the end of a path, if it is in this crate.
fn defined_in(files: &BTreeMap<Module, File>, from: &Module, path: &[String], hops: usize) -> Option<Module> {
    let (mut module, mut rest) = (from.clone(), path);
    match rest.first()?.as_str() {
        "crate" => (module, rest) = (Vec::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                module.pop();
                rest = &rest[1..];
            }
        }
        child if files.contains_key(&joined(from, child)) => (module, rest) = (joined(from, child), &rest[1..]),
        name => return follow(files, from, name, &rest[1..], hops),
    }
    while let Some(child) = rest.first().map(|part| joined(&module, part)).filter(|child| files.contains_key(child)) {
        (module, rest) = (child, &rest[1..]);
    }
    let Some((name, further)) = rest.split_first() else { return Some(module) };
    let is_word = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    // An import doesn't resolve to itself.
    let is_passed_on = (module != *from || hops > 0) && files[&module].imports.iter().any(|(_, own)| own == name);
    if is_passed_on {
        follow(files, &module, name, further, hops)
    } else if module.is_empty() && is_word {
        None
    } else {
        Some(module)
    }
}

/// The file that defines an imported name, or a name below it.
fn follow(
    files: &BTreeMap<Module, File>,
    module: &Module,
    name: &str,
    further: &[String],
    hops: usize,
) -> Option<Module> {
    let (path, _) = files[module].imports.iter().find(|(_, own)| own == name).filter(|_| hops < HOPS_MAX)?;
    let path: Vec<String> = path.iter().chain(further).cloned().collect();
    defined_in(files, module, &path, hops + 1)
}

fn joined(module: &Module, child: &str) -> Module {
    module.iter().cloned().chain([child.to_owned()]).collect()
}
