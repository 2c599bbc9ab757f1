//! Compares a committed file with what the code generates; with `UPDATE=1` in the environment, writes it.

use std::fs;
use std::path::{Path, PathBuf};

/// A path from the top of the repository.
pub fn from_the_top(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in the repository").join(path)
}

/// The text of a committed file, if there is one.
pub fn read(path: &str) -> Option<String> {
    fs::read_to_string(from_the_top(path)).ok()
}

/// Compares a text with the committed file, or writes the file. Shows the first difference.
pub fn compare(path: &str, text: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE").is_some() {
        let file = from_the_top(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        return fs::write(&file, text).map_err(|error| format!("{path}: {error}"));
    }
    let committed = read(path).ok_or_else(|| format!("{path} is not there; UPDATE=1 writes it"))?;
    if committed == text {
        return Ok(());
    }
    let (mut ours, mut theirs) = (text.lines(), committed.lines());
    for line in 1.. {
        match (ours.next(), theirs.next()) {
            (one, other) if one == other && one.is_some() => {}
            (one, other) => {
                let (one, other) = (one.unwrap_or("(the end)"), other.unwrap_or("(the end)"));
                return Err(format!("{path}, line {line}; UPDATE=1 writes it anew\n  was {other}\n  now {one}"));
            }
        }
    }
    Ok(())
}
