//! What if it is the database itself that goes wrong? It is logged once, here, and the caller learns only that it was us.

use domain::Error;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The oldest SQLite that is safe: before 3.51.3 a file in WAL mode could be corrupted when two connections wrote and
/// copied back the log at the same moment (sqlite.org/wal.html, "The WAL-Reset Bug").
const LIBRARY_MIN: i32 = 3_051_003;

/// Why the store could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Another process, or another store of this one, has the file.
    InUse {
        /// The file.
        file: PathBuf,
    },
    /// The file is not one of ours; it was not touched.
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// A newer Parlance wrote the file; it was not touched.
    Newer {
        /// The file.
        file: PathBuf,
        /// The version of its tables.
        found: i32,
        /// The newest version that this program knows.
        known: i32,
    },
    /// The SQLite library is too old to be trusted with data.
    Library {
        /// Its version number, as `sqlite3_libversion_number` gives it.
        found: i32,
    },
    /// The system did not let us.
    Io {
        /// The file or directory.
        file: PathBuf,
        /// What it said.
        cause: io::Error,
    },
    /// SQLite did not want to.
    Database {
        /// The file.
        file: PathBuf,
        /// What it said.
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

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::InUse { file } => write!(f, "{} is in use by another process", file.display()),
            OpenError::Foreign { file } => write!(f, "{} is not a database of Parlance", file.display()),
            OpenError::Newer { file, found, known } => {
                write!(f, "{} has tables of version {found}, this program knows {known}", file.display())
            }
            OpenError::Library { found } => {
                write!(f, "SQLite {} is too old, {} is needed", Version(*found), Version(LIBRARY_MIN))
            }
            OpenError::Io { file, cause } => write!(f, "{}: {cause}", file.display()),
            OpenError::Database { file, cause } => write!(f, "{}: {cause}", file.display()),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OpenError::Io { cause, .. } => Some(cause),
            OpenError::Database { cause, .. } => Some(cause),
            OpenError::InUse { .. }
            | OpenError::Foreign { .. }
            | OpenError::Newer { .. }
            | OpenError::Library { .. } => None,
        }
    }
}

/// A version number of SQLite, to be read: 3_051_003 is 3.51.3.
struct Version(i32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0 / 1_000_000, self.0 / 1_000 % 1_000, self.0 % 1_000)
    }
}

/// Refuses a SQLite that is too old.
pub(crate) fn ensure_library(found: i32) -> Result<(), OpenError> {
    if found < LIBRARY_MIN { Err(OpenError::Library { found }) } else { Ok(()) }
}

/// Logs what went wrong inside, and gives what the caller may know of it.
pub(crate) fn internal(cause: rusqlite::Error) -> Error {
    tracing::error!(%cause, "the database failed");
    Error::internal()
}

/// Runs a rule, whose panic must end neither a worker nor the writer. Its message was printed by the panic hook.
pub(crate) fn guarded<T>(rule: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
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
        let said = OpenError::Library { found: 3_050_004 }.to_string();
        assert_eq!(said, "SQLite 3.50.4 is too old, 3.51.3 is needed");
    }
}
