//! Which tables are there, and how is a connection to them set up?

use crate::fault::OpenError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// "Parl" in ASCII: what says in the file's header that it is ours.
const APPLICATION_ID: i32 = 0x5061_726c;

/// How the tables came to be: the step at position n leads from version n to n + 1. Steps are added, never changed.
const STEPS: &[&str] = &[include_str!("schema.sql"), include_str!("schema-2.sql"), include_str!("schema-3.sql")];

/// Different statements that a connection keeps prepared: more than we have.
const STATEMENTS_MAX: usize = 128;
/// Memory for pages, per connection: negative means kibibytes. The whole standard shop takes a few hundred.
const CACHE_KIB: i32 = -8_192;
/// After so many frames the log is copied back into the file, so that it stays small beside it: SQLite's own default.
const CHECKPOINT_PAGES: i32 = 1_000;
/// Nobody else writes, so a lock is met only for moments, as when a reader comes while the log is restarted.
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// Opens the one connection that writes; makes the tables, or leads them to this version.
pub(crate) fn open_writer(file: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = |cause| OpenError::database(file, cause);
    let mut connection = Connection::open_with_flags(file, flags).map_err(database)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(database)?;
    // Before anything is changed, also the journal mode: a file that is not ours must stay as it is.
    let version = version_of(&connection, file)?;
    set_up_writer(&connection).map_err(database)?;
    migrate(&mut connection, version).map_err(database)?;
    Ok(connection)
}

/// What the server keeps under a name, or what is made to be kept. It has a connection of its own for a moment: the writer's
/// is with its thread, and this is asked before there is anything to write.
pub(crate) fn secret(file: &Path, name: &str, make: impl FnOnce() -> Vec<u8>) -> rusqlite::Result<Vec<u8>> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.execute("INSERT INTO secrets (name, secret) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (name, make()))?;
    connection.query_row("SELECT secret FROM secrets WHERE name = ?1", [name], |row| row.get(0))
}

/// Opens a connection that only reads.
pub(crate) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    set_up(&connection)?;
    Ok(connection)
}

/// The version of the file's tables; 0 if it is new. The application id tells our file from that of another program.
fn version_of(connection: &Connection, file: &Path) -> Result<i32, OpenError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables = || connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i32>(0));
    let found = || Ok((pragma("application_id")?, pragma("user_version")?, tables()?));
    match found().map_err(|cause| OpenError::database(file, cause))? {
        (0, 0, 0) => Ok(0),
        (APPLICATION_ID, found, _) if usize::try_from(found).is_ok_and(|found| found <= STEPS.len()) => Ok(found),
        (APPLICATION_ID, found, _) => Err(OpenError::Newer { file: file.to_owned(), found, known: STEPS.len() as i32 }),
        _ => Err(OpenError::Foreign { file: file.to_owned() }),
    }
}

fn set_up_writer(connection: &Connection) -> rusqlite::Result<()> {
    set_up(connection)?;
    // WAL: readers and the writer do not wait for each other. FULL: a COMMIT returns once the log is on the disk, so
    // that what was acknowledged outlives a loss of power, too.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "foreign_keys", true)
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // The "query planner stability guarantee": a plan does not depend on what is bound. Without it SQLite makes some
    // statements anew for each value, which costs a read of an order 10 of its 13 microseconds.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

fn migrate(connection: &mut Connection, version: i32) -> rusqlite::Result<()> {
    for (from, step) in STEPS.iter().enumerate().skip(version as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", from as i32 + 1)?;
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

    /// The tables repeat words and bounds of the domain: they must be the same.
    #[test]
    fn checks_are_those_of_the_domain() {
        let schema = STEPS.concat();
        let list = |words: Vec<&str>| format!("IN ('{}')", words.join("', '"));
        for words in [
            list(Role::ALL.iter().map(|role| role.word()).collect()),
            list(OrderStatus::ALL.iter().map(|status| status.word()).collect()),
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
