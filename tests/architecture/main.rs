//! Checks that the project is built as `docs/architecture.md` says. Most checks are about what must be absent.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

mod circles;
mod documents;
mod files;
mod items;
mod words;

use circles::circles;
use files::{crates, from_the_top, rust_files, sources, without_comments, words};
use serde_json::Value;
use server::protocols::PROTOCOLS;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Maximum lines of a file. A larger file is split by resource.
const FILE_LINES_MAX: usize = 450;

/// Words that the domain and its schema kernel must not use: names of protocols, formats and databases.
const NOT_IN_DOMAIN: &str =
    "serde actix http json xml soap graphql websocket rpc jsonrpc xmlrpc grpc sql sqlite rusqlite postgres tokio";

/// The files that may name XML, because they say which characters it allows.
const CHARACTERS: &[&str] =
    &["crates/schema/src/characters.rs", "crates/schema/src/text.rs", "crates/domain/src/text.rs"];

/// The crates of cryptography.
const CRYPTOGRAPHY: &[&str] =
    &["argon2", "ed25519-dalek", "getrandom", "jsonwebtoken", "ring", "sha2", "subtle", "tokio-rustls"];

/// Those that `webhooks` may use, to sign deliveries and to send them over TLS.
const WEBHOOKS_CRYPTOGRAPHY: &[&str] = &["getrandom", "ring", "tokio-rustls"];

/// The files of an adapter, in reading order.
const ADAPTER_FILES: &[&str] = &["lib", "service", "messages", "errors", "events", "contract", "client", "parse"];
const FURTHER_FILES_MAX: usize = 2;

/// The items of [`items`] that an adapter still lacks. This list may only shrink.
const ITEMS_MISSING: &[&str] = &[];

/// What may stand at the top level, apart from dot files.
const TOP: &[&str] = &["Cargo.toml", "Cargo.lock", "crates", "wsdl", "tests", "docs", "README.md"];

/// The dependencies of each member of the workspace, and its development dependencies apart.
struct Members(BTreeMap<String, Value>);

impl Members {
    fn read() -> Members {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(from_the_top(""));
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let packages = metadata["packages"].as_array().unwrap().clone();
        Members(packages.into_iter().map(|package| (package["name"].as_str().unwrap().to_owned(), package)).collect())
    }

    fn needs(&self, package: &str) -> BTreeSet<String> {
        self.dependencies(package, |kind| kind != "dev")
    }

    /// The dependencies of its own tests.
    fn needs_in_tests(&self, package: &str) -> BTreeSet<String> {
        self.dependencies(package, |kind| kind == "dev")
    }

    fn dependencies(&self, package: &str, of: impl Fn(&Value) -> bool) -> BTreeSet<String> {
        let dependencies = self.0[package]["dependencies"].as_array().unwrap().iter();
        let wanted = dependencies.filter(|dependency| of(&dependency["kind"]));
        wanted.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Those of its dependencies that are members of the workspace.
    fn arrows(&self, package: &str) -> BTreeSet<String> {
        self.needs(package).into_iter().filter(|name| self.0.contains_key(name)).collect()
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn adapters() -> impl Iterator<Item = &'static str> {
    PROTOCOLS.iter().map(|protocol| protocol.name)
}

#[test]
fn arrows_point_inwards() {
    let members = Members::read();
    assert_eq!(members.arrows("schema"), set(&[]));
    assert_eq!(members.arrows("domain"), set(&["schema"]));
    assert_eq!(members.arrows("store"), set(&["domain"]));
    assert_eq!(members.arrows("auth"), set(&["domain"]));
    assert_eq!(members.arrows("wire"), set(&["domain"]));
    assert_eq!(members.arrows("testing"), set(&["domain"]));
    assert_eq!(members.arrows("lab"), set(&["domain", "wire"]));
    assert_eq!(members.arrows("webhooks"), set(&["domain", "wire"]));
    assert_eq!(members.arrows("web"), set(&[]));
    for adapter in adapters() {
        assert_eq!(members.arrows(adapter), set(&["domain", "wire"]), "{adapter}");
        // Unit tests of an adapter use a shop of their own; the real one is tested for all styles at once.
        // gRPC's tests compile its `.proto` file too.
        let compiler: &[&str] = if adapter == "grpc" { &["protox"] } else { &[] };
        let expected = &set(&["testing"]) | &set(compiler);
        assert_eq!(members.needs_in_tests(adapter), expected, "{adapter}");
    }
    let known = ["schema", "domain", "store", "auth", "wire", "testing", "lab", "web", "webhooks", "server"];
    let known: BTreeSet<_> = known.into_iter().chain(adapters()).map(str::to_owned).collect();
    let all: BTreeSet<_> = members.0.keys().filter(|name| *name != "tests").cloned().collect();
    assert_eq!(all, known, "a crate that no arrow is known of");
}

#[test]
fn no_crate_depends_on_the_tests() {
    let members = Members::read();
    for name in members.0.keys() {
        assert!(members.arrows(name).is_disjoint(&set(&["testing", "tests"])), "{name}");
    }
}

#[test]
fn the_domain_depends_on_the_stream_trait_alone() {
    let members = Members::read();
    assert_eq!(members.needs("domain"), set(&["futures-core", "schema"]));
    assert_eq!(members.needs("schema"), set(&["strsim"]));
}

#[test]
fn only_the_store_knows_the_database() {
    let members = Members::read();
    for name in members.0.keys().filter(|name| !["store", "tests"].contains(&name.as_str())) {
        assert!(!members.needs(name).contains("rusqlite"), "{name}");
    }
}

#[test]
fn cryptography_is_in_auth_alone() {
    let members = Members::read();
    for name in members.0.keys().filter(|name| *name != "auth") {
        let needs = members.needs(name);
        let known: BTreeSet<_> = set(CRYPTOGRAPHY).intersection(&needs).cloned().collect();
        let may = if name == "webhooks" { WEBHOOKS_CRYPTOGRAPHY } else { &[] };
        assert_eq!(known, set(may), "{name}");
    }
}

#[test]
fn a_folder_is_a_package_is_a_concept() {
    let members = Members::read();
    for (name, package) in &members.0 {
        let manifest = package["manifest_path"].as_str().unwrap();
        let folder = if name == "tests" { "tests".to_owned() } else { format!("crates/{name}") };
        assert!(manifest.ends_with(&format!("/{folder}/Cargo.toml")), "{name} is in {manifest}");
        assert_eq!(package["version"], "0.0.0", "{name}");
        assert_eq!(package["publish"], Value::Array(Vec::new()), "{name} may be published");
        let text = std::fs::read_to_string(manifest).unwrap();
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            assert!(text.contains(&format!("{key}.workspace = true")), "{name}: {key} is its own");
        }
        assert!(text.contains("[lints]\nworkspace = true"), "{name}: lints are its own");
        let versions = text.lines().filter(|line| line.contains("version =")).collect::<Vec<_>>();
        assert!(versions.is_empty(), "{name}: a version belongs to the workspace: {versions:?}");
    }
}

#[test]
fn the_domain_names_no_protocol_and_no_database() {
    for (path, text) in sources("crates/domain/src").into_iter().chain(sources("crates/schema/src")) {
        let found: BTreeSet<String> = words(&text).map(|word| word.to_lowercase()).collect();
        for word in NOT_IN_DOMAIN.split(' ') {
            let allowed = word == "xml" && CHARACTERS.contains(&path.as_str());
            assert!(allowed || !found.contains(word), "{path} says {word}");
        }
    }
}

#[test]
fn files_do_not_depend_in_circles() {
    for name in crates() {
        let found = circles(&name);
        assert!(found.is_empty(), "{name} has files that need each other in a circle: {found:?}");
    }
}

#[test]
fn every_adapter_has_the_same_files() {
    for adapter in adapters() {
        let source = from_the_top(&format!("crates/{adapter}/src"));
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&source).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            names.insert(name.trim_end_matches(".rs").to_owned());
        }
        for file in ADAPTER_FILES {
            assert!(names.remove(*file), "{adapter} has no {file}");
        }
        assert!(names.len() <= FURTHER_FILES_MAX, "{adapter} has more of its own than {FURTHER_FILES_MAX}: {names:?}");
        let library = std::fs::read_to_string(source.join("lib.rs")).unwrap();
        assert!(library.contains("pub fn adapter() -> Adapter"), "{adapter}");
        let opening: String = library.lines().filter(|line| line.starts_with("//!")).collect();
        for name in &names {
            assert!(opening.contains(name.as_str()), "{adapter}: lib.rs does not say what {name} is for");
        }
    }
}

#[test]
fn every_adapter_has_the_same_items() {
    let missing: BTreeSet<String> = adapters().flat_map(items::missing).collect();
    assert_eq!(missing, set(ITEMS_MISSING), "the left lacks them; the right is the list that may only shrink");
}

#[test]
fn error_kinds_are_matched_without_a_wildcard() {
    for adapter in adapters() {
        let text = std::fs::read_to_string(from_the_top(&format!("crates/{adapter}/src/errors.rs"))).unwrap();
        assert!(text.contains("#![deny(clippy::wildcard_enum_match_arm)]"), "{adapter}");
        assert!(!without_comments(&text).contains("_ =>"), "{adapter}: each kind of error is named");
    }
}

#[test]
fn every_file_opens_with_what_it_holds() {
    for (path, text) in rust_files() {
        assert!(text.starts_with("//! "), "{path} does not open with a line that says what it holds");
    }
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<_> =
        rust_files().filter(|(_, text)| text.lines().count() > FILE_LINES_MAX).map(|(path, _)| path).collect();
    assert!(long.is_empty(), "more than {FILE_LINES_MAX} lines: {long:?}");
}

#[test]
fn nothing_is_left_for_later() {
    // Joined here, so that this file doesn't find itself.
    let marks = [["todo", "!("], ["unimplemented", "!("], ["#[ign", "ore"], ["FIX", "ME"], ["TO", "DO"]]
        .map(|mark| mark.concat());
    for (path, text) in rust_files() {
        for mark in &marks {
            assert!(!text.contains(mark), "{path} has {mark}");
        }
    }
}

#[test]
fn every_test_of_the_shop_is_listed() {
    // `tests/shop` has a `main` of its own, and there the compiler ignores `#[test]`.
    for (path, text) in sources("tests/shop") {
        let marked = text.lines().find(|line| line.starts_with("#[") && line.ends_with("test]"));
        assert_eq!(marked, None, "{path}: list it with `tests!` or `async_tests!` instead");
    }
}

#[test]
fn no_adapter_bypasses_the_pipeline() {
    // The store's port is for rules and for code that manages sandboxes; an adapter calls the shop.
    for adapter in adapters() {
        for (path, text) in sources(&format!("crates/{adapter}/src")) {
            assert!(!without_comments(&text).contains(".store()"), "{path} goes around the pipeline");
            assert!(!text.contains("domain::store"), "{path} goes around the pipeline");
            // An adapter passes credentials on; access is decided in the domain.
            assert!(!without_comments(&text).contains(".authenticator()"), "{path} goes around the pipeline");
            assert!(!text.contains("domain::authenticator"), "{path} goes around the pipeline");
            assert!(!text.contains(".must_be(") && !text.contains(".must_have("), "{path} judges who calls");
        }
    }
}

#[test]
fn the_top_level_is_tidy() {
    for entry in std::fs::read_dir(from_the_top("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let made = name == "target" || name.contains(".db");
        let known = TOP.contains(&name.as_str()) || name.starts_with('.') || name.starts_with("LICENSE");
        assert!(known || made, "{name} does not belong at the top");
    }
}

#[test]
fn the_table_of_invariants_is_complete() {
    let written = std::fs::read_to_string(from_the_top("docs/architecture.md")).unwrap();
    let (_, text) = rust_files().find(|(path, _)| path == "tests/architecture/main.rs").unwrap();
    let names = text.lines().skip_while(|line| *line != "#[test]").filter_map(|line| line.strip_prefix("fn "));
    for name in names.filter_map(|line| line.strip_suffix("() {")) {
        assert!(written.contains(&format!("`{name}`")), "docs/architecture.md does not name {name}");
    }
    // And the other way round: every test that is named exists.
    let all: String = rust_files().map(|(_, text)| text).collect();
    let mut named = 0;
    for line in written.lines().filter(|line| line.starts_with("| ")) {
        let Some(test) = line.rsplit("| `").next().and_then(|cell| cell.strip_suffix("` |")) else { continue };
        let is_test = all.contains(&format!("fn {test}(")) || all.contains(&format!("\"{test}"));
        assert!(is_test, "docs/architecture.md names {test}, which is no test");
        named += 1;
    }
    assert!(named > 20, "only {named} tests are named");
    assert!(crates().all(|name| written.contains(&format!("`{name}`"))), "docs/architecture.md misses a crate");
}
