//! How do the pages of `pages/` come into the binary? npm installs what `package-lock.json` pins, and esbuild bundles it, all in
//! cargo's own folder for this crate: nothing is written among the sources, and nothing is done twice.

use std::env;
use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// What the pages are made from.
const SOURCES: &[&str] = &["package.json", "package-lock.json", ".npmrc", "pages"];

/// What npm has to install, which is also how it is told what has been installed.
const LOCK: &str = "package-lock.json";

/// npm is a script, and so has another name where scripts have.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() -> ExitCode {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    match bring_in() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}", told(&problem));
            ExitCode::FAILURE
        }
    }
}

/// Writes the list of files that `src/lib.rs` includes.
fn bring_in() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    let wanted = env::var_os("CARGO_FEATURE_EXPLORERS").is_some();
    let list = if wanted { list(&bundle(&out)?)? } else { "&[]\n".to_owned() };
    fs::write(out.join("files.rs"), list).map_err(|error| because("files.rs", error))
}

/// Bundles the pages, and tells the folder in which they are.
fn bundle(out: &Path) -> Result<PathBuf, String> {
    let folder = out.join("npm");
    let pages = folder.join("pages");
    if pages.exists() {
        fs::remove_dir_all(&pages).map_err(|error| because("pages", error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| because("npm", error))?;
    for source in SOURCES {
        copy(Path::new(source), &folder.join(source)).map_err(|error| because(source, error))?;
    }
    install(&folder)?;
    run(Command::new("node").arg("pages/build.mjs"), &folder)?;
    Ok(folder.join("built"))
}

/// Installs the packages, unless they are there: whoever changes a page need not be online.
fn install(folder: &Path) -> Result<(), String> {
    let lock = fs::read(folder.join(LOCK)).map_err(|error| because(LOCK, error))?;
    let installed = folder.join("installed.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    // Scripts of packages are not run: none is needed, and each could do anything.
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    run(Command::new(NPM).args(arguments), folder)?;
    fs::write(installed, lock).map_err(|error| because("installed.json", error))
}

fn run(command: &mut Command, folder: &Path) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.current_dir(folder).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program} could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{program} failed ({}):\n{}", output.status, String::from_utf8_lossy(&said).trim()))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The files as Rust: `built/tags` has a line for each, with its path and what its content hashes to.
fn list(built: &Path) -> Result<String, String> {
    let tags = fs::read_to_string(built.join("tags")).map_err(|error| because("tags", error))?;
    let files = tags.lines().map(|line| {
        let (path, tag) = line.split_once(' ').ok_or_else(|| format!("tags: a line without a space: {line}"))?;
        let packed = built.join(format!("{path}.gz"));
        Ok(format!("    WebFile {{ path: {path:?}, tag: {tag:?}, packed: include_bytes!({packed:?}) }},\n"))
    });
    Ok(format!("&[\n{}]\n", files.collect::<Result<String, String>>()?))
}

fn because(what: &str, error: impl Display) -> String {
    format!("{what}: {error}")
}

/// What went wrong, and what to do about it.
fn told(problem: &str) -> String {
    format!(
        "\n\
         The pages for a browser (the lab, Swagger UI, GraphiQL) could not be built.\n\
         \n\
         They need Node 18 or newer with npm, and the first time a registry to install packages from. What happened:\n\
         \n\
         {problem}\n\
         \n\
         Either install Node (nodejs.org, or the packages nodejs and npm of Debian), or leave the pages out:\n\
         \n    \
         cargo run --release --no-default-features\n"
    )
}
