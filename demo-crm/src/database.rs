//! Opening the database: schema, and the demo data when it is new.

use std::path::Path;

use rusqlite::Connection;

use crate::clock::Now;

const SCHEMA: &str = include_str!("database/schema.sql");
const VIEWS: &str = include_str!("database/views.sql");
const SEED: &str = include_str!("database/seed.sql");

/// Opens `file`, or a database in memory. A new one gets the demo data, dated relative to `now`.
pub fn open(file: Option<&Path>, now: &Now) -> Result<Connection, String> {
    let text = |error: rusqlite::Error| format!("database: {error}");
    let connection = match file {
        Some(file) => Connection::open(file).map_err(text)?,
        None => Connection::open_in_memory().map_err(text)?,
    };
    prepare(&connection, now).map_err(text)?;
    Ok(connection)
}

fn prepare(db: &Connection, now: &Now) -> Result<(), rusqlite::Error> {
    db.pragma_update(None, "foreign_keys", "ON")?;
    let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'clock'";
    let exists: i64 = db.query_row(tables, [], |row| row.get(0))?;
    if exists == 0 {
        let transaction = db.unchecked_transaction()?;
        transaction.execute_batch(SCHEMA)?;
        transaction.execute(
            "INSERT INTO clock (today, timestamp) VALUES (?1, ?2)",
            (now.today.to_string(), &now.timestamp),
        )?;
        transaction.execute_batch(VIEWS)?;
        transaction.execute_batch(SEED)?;
        transaction.commit()?;
    }
    Ok(())
}
