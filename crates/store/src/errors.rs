//! Errors of the database: why it cannot be opened, and how a failure inside a rule is logged and hidden from the caller.

use domain::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The oldest SQLite that is safe. Before 3.51.3 two connections that wrote and checkpointed at the same moment could corrupt a
/// file in WAL mode (sqlite.org/wal.html, "The WAL-Reset Bug").
const LIBRARY_MIN: i32 = 3_051_003;

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another store of this process, uses the file.
    #[error("{} is in use by another process", .file.display())]
    InUse {
        /// The file.
        file: PathBuf,
    },
    /// The file belongs to another program; it was not changed.
    #[error("{} is not a Parlance database", .file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// A newer Parlance wrote the file; it was not changed.
    #[error("{} has schema version {found}; this program supports versions up to {supported}", .file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// The schema version of the file.
        found: i32,
        /// The newest schema version that this program supports.
        supported: i32,
    },
    /// The SQLite library is too old to be safe.
    #[error("SQLite {} is too old; {} or newer is required", version(.found), version(&LIBRARY_MIN))]
    Library {
        /// Its version number, as `sqlite3_libversion_number` returns it.
        found: i32,
    },
    /// The operating system reported an error.
    #[error("{}: {cause}", .file.display())]
    Io {
        /// The file or directory.
        file: PathBuf,
        /// The error.
        #[source]
        cause: io::Error,
    },
    /// SQLite reported an error.
    #[error("{}: {cause}", .file.display())]
    Database {
        /// The file.
        file: PathBuf,
        /// The error.
        #[source]
        cause: rusqlite::Error,
    },
}

impl OpenError {
    pub(crate) fn io(file: &Path, cause: io::Error) -> Self {
        OpenError::Io { file: file.to_owned(), cause }
    }

    pub(crate) fn database(file: &Path, cause: rusqlite::Error) -> Self {
        let file = file.to_owned();
        match cause.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign { file },
            _ => OpenError::Database { file, cause },
        }
    }
}

/// Writes a version number of SQLite: 3_051_003 is 3.51.3.
fn version(number: &i32) -> String {
    format!("{}.{}.{}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000)
}

/// Refuses a SQLite library that is too old.
pub(crate) fn ensure_library(found: i32) -> Result<(), OpenError> {
    if found < LIBRARY_MIN { Err(OpenError::Library { found }) } else { Ok(()) }
}

/// Logs a database error and returns the error for the caller, which reveals nothing of it.
pub(crate) fn internal(cause: rusqlite::Error) -> Error {
    tracing::error!(%cause, "database error");
    Error::internal()
}

/// Runs a rule and turns a panic into an error, so that the thread goes on. The panic hook has printed the message.
pub(crate) fn catch_panic<T>(rule: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(rule)).unwrap_or_else(|_| {
        tracing::error!("a rule panicked inside its transaction");
        Err(Error::internal())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_library_is_refused() {
        for old in [3_007_017, 3_050_004, 3_051_002] {
            assert!(matches!(ensure_library(old), Err(OpenError::Library { found }) if found == old));
        }
        for new in [3_051_003, 3_052_000, rusqlite::version_number()] {
            assert!(ensure_library(new).is_ok());
        }
        let message = OpenError::Library { found: 3_050_004 }.to_string();
        assert_eq!(message, "SQLite 3.50.4 is too old; 3.51.3 or newer is required");
    }
}
