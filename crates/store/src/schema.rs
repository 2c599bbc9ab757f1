//! Connections to the database file: their settings, and the migrations of its tables.

use crate::errors::OpenError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// "Parl" in ASCII: the application id in the file's header.
const APPLICATION_ID: i32 = 0x5061_726c;

/// The migrations: the one at index n changes version n to n + 1. Statements of a migration never change once it is released.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
];

/// Prepared statements that a connection caches: more than the store has.
const STATEMENTS_MAX: usize = 128;
/// Page cache of a connection; a negative number means kibibytes. The standard shop needs a few hundred.
const CACHE_KIB: i32 = -8_192;
/// SQLite copies the write-ahead log into the file after this many pages, so the log stays small; SQLite's default.
const CHECKPOINT_PAGES: i32 = 1_000;
/// Time that a connection waits for a lock. There is one writer, so locks are short: for example while the log restarts.
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// Opens the connection of the writer and creates or migrates the tables.
pub(crate) fn open_writer(file: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = |cause| OpenError::database(file, cause);
    let mut connection = open(file, flags).map_err(database)?;
    // Checked before any change, also of the journal mode: a file of another program must stay as it is.
    let version = version_of(&connection, file)?;
    configure_writer(&connection).map_err(database)?;
    migrate(&mut connection, version).map_err(database)?;
    Ok(connection)
}

/// Returns the secret with this name, or stores a new one. It opens a connection of its own, because the writer's connection
/// belongs to the writer thread.
pub(crate) fn secret(file: &Path, name: &str, make: impl FnOnce() -> Vec<u8>) -> rusqlite::Result<Vec<u8>> {
    let connection = open(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute("INSERT INTO secrets (name, secret) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (name, make()))?;
    connection.query_row("SELECT secret FROM secrets WHERE name = ?1", [name], |row| row.get(0))
}

/// Opens a read-only connection.
pub(crate) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(file, flags)?;
    configure(&connection)?;
    Ok(connection)
}

fn open(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    Ok(connection)
}

/// Returns the schema version of the file; 0 if it is new. The application id distinguishes a file of Parlance from others.
fn version_of(connection: &Connection, file: &Path) -> Result<i32, OpenError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables = || connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i32>(0));
    let header = || Ok((pragma("application_id")?, pragma("user_version")?, tables()?));
    match header().map_err(|cause| OpenError::database(file, cause))? {
        (0, 0, 0) => Ok(0),
        (APPLICATION_ID, found, _) if usize::try_from(found).is_ok_and(|found| found <= MIGRATIONS.len()) => Ok(found),
        (APPLICATION_ID, found, _) => {
            Err(OpenError::Newer { file: file.to_owned(), found, supported: MIGRATIONS.len() as i32 })
        }
        _ => Err(OpenError::Foreign { file: file.to_owned() }),
    }
}

fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    configure(connection)?;
    // WAL: readers and the writer do not wait for each other. FULL: a COMMIT returns when the log is on the disk, so an
    // acknowledged write survives a power failure.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "foreign_keys", true)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // "Query planner stability guarantee": the plan does not depend on the bound values. Without it SQLite prepares some
    // statements again for each value, which takes 10 of the 13 microseconds of reading an order.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

fn migrate(connection: &mut Connection, version: i32) -> rusqlite::Result<()> {
    for (version, migration) in MIGRATIONS.iter().enumerate().skip(version as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", version as i32 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::Role;
    use domain::events::EventKind;
    use domain::limits::{LINES_MAX, PRICE_MAX, QUANTITY_MAX, STOCK_MAX};
    use domain::orders::OrderStatus;
    use domain::sandbox::Exercises;

    #[test]
    fn checks_in_the_tables_repeat_the_words_and_limits_of_the_domain() {
        let schema = MIGRATIONS.concat();
        let list = |words: Vec<&str>| format!("IN ('{}')", words.join("', '"));
        for words in [
            list(Role::ALL.iter().map(|role| role.word()).collect()),
            list(OrderStatus::ALL.iter().map(|status| status.word()).collect()),
            list(Exercises::ALL.iter().map(|exercises| exercises.word()).collect()),
            list(EventKind::ALL.iter().map(|kind| kind.word()).collect()),
            format!("price BETWEEN 1 AND {PRICE_MAX}"),
            format!("unit_price BETWEEN 1 AND {PRICE_MAX}"),
            format!("stock BETWEEN 0 AND {STOCK_MAX}"),
            format!("quantity BETWEEN 1 AND {QUANTITY_MAX}"),
            format!("position BETWEEN 0 AND {}", LINES_MAX - 1),
        ] {
            assert!(schema.contains(&words), "{words}");
        }
    }
}
