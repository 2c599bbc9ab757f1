//! Bundles the pages of `pages/` for the binary, with npm and esbuild, in cargo's output folder of this crate.

use std::env;
use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The sources of the pages.
const SOURCES: &[&str] = &["package.json", "package-lock.json", ".npmrc", "pages"];

/// Lists the packages to install. A copy of it shows which ones are installed.
const LOCK: &str = "package-lock.json";

/// npm is a script, which has another name on Windows.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() -> ExitCode {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    match write_list() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}", help(&problem));
            ExitCode::FAILURE
        }
    }
}

/// Writes the list of files that `src/lib.rs` includes.
fn write_list() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    let wanted = env::var_os("CARGO_FEATURE_EXPLORERS").is_some();
    let list = if wanted { list(&bundle(&out)?)? } else { "&[]\n".to_owned() };
    fs::write(out.join("files.rs"), list).map_err(|error| with_name("files.rs", error))
}

/// Bundles the pages, and returns the folder that has them.
fn bundle(out: &Path) -> Result<PathBuf, String> {
    let folder = out.join("npm");
    let pages = folder.join("pages");
    if pages.exists() {
        fs::remove_dir_all(&pages).map_err(|error| with_name("pages", error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| with_name("npm", error))?;
    for source in SOURCES {
        copy(Path::new(source), &folder.join(source)).map_err(|error| with_name(source, error))?;
    }
    install(&folder)?;
    run(Command::new("node").arg("pages/build.mjs"), &folder)?;
    Ok(folder.join("built"))
}

/// Installs the packages, unless they are installed: changing a page needs no network.
fn install(folder: &Path) -> Result<(), String> {
    let lock = fs::read(folder.join(LOCK)).map_err(|error| with_name(LOCK, error))?;
    let installed = folder.join("installed.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    // No package needs its scripts, and a script could do anything.
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    run(Command::new(NPM).args(arguments), folder)?;
    fs::write(installed, lock).map_err(|error| with_name("installed.json", error))
}

fn run(command: &mut Command, folder: &Path) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.current_dir(folder).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program} could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let output_text = [output.stdout, output.stderr].concat();
    Err(format!("{program} failed ({}):\n{}", output.status, String::from_utf8_lossy(&output_text).trim()))
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

/// The files as Rust source; `built/tags` has a line for each, with its path and the hash of its content.
fn list(built: &Path) -> Result<String, String> {
    let tags = fs::read_to_string(built.join("tags")).map_err(|error| with_name("tags", error))?;
    let files = tags.lines().map(|line| {
        let (path, tag) = line.split_once(' ').ok_or_else(|| format!("tags: a line without a space: {line}"))?;
        let gzip = built.join(format!("{path}.gz"));
        Ok(format!("    WebFile {{ path: {path:?}, tag: {tag:?}, compressed: include_bytes!({gzip:?}) }},\n"))
    });
    Ok(format!("&[\n{}]\n", files.collect::<Result<String, String>>()?))
}

fn with_name(what: &str, error: impl Display) -> String {
    format!("{what}: {error}")
}

/// The error, with what to do about it.
fn help(problem: &str) -> String {
    format!(
        "\n\
         The pages for a browser (the lab, Swagger UI, GraphiQL) could not be built.\n\
         \n\
         This needs Node 18 or newer with npm, and the first time a package registry. The error:\n\
         \n\
         {problem}\n\
         \n\
         Either install Node (nodejs.org, or the packages nodejs and npm of Debian), or leave the pages out:\n\
         \n    \
         cargo run --release --no-default-features\n"
    )
}
