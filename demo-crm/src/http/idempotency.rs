//! `Idempotency-Key`: the same key with the same request gets the first answer again.

use axum::http::HeaderMap;
use rusqlite::{Connection, OptionalExtension, params};

use super::reply::Reply;
use crate::fields::error;
use crate::problem::Problem;

/// A request that carries an idempotency key.
#[derive(Debug)]
pub struct Idempotent {
    /// API key, method, path and idempotency key: the scope in which a key is unique.
    scope: String,
    request: Vec<u8>,
}

impl Idempotent {
    /// Reads the header, if there is one.
    pub fn from_headers(
        headers: &HeaderMap,
        api_key: &str,
        target: &str,
        body: &[u8],
    ) -> Result<Option<Self>, Problem> {
        let Some(value) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        match value.to_str() {
            Ok(key) if (8..=100).contains(&key.len()) && key.bytes().all(allowed) => {
                let scope = format!("{api_key}\n{target}\n{key}");
                Ok(Some(Self {
                    scope,
                    request: body.to_vec(),
                }))
            }
            _ => {
                let message = "must have 8 to 100 characters out of A-Z, a-z, 0-9, - and _";
                Err(Problem::invalid(vec![error(
                    "Idempotency-Key",
                    "format",
                    message,
                )]))
            }
        }
    }

    /// The first answer, if this key was used before with the same request.
    pub fn replay(&self, db: &Connection) -> Result<Option<Reply>, Problem> {
        let sql = "SELECT request, status, location, body FROM idempotency WHERE scope = ?1";
        let row = db
            .query_row(sql, [&self.scope], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, u16>(1)?,
                    row.get::<_, Option<String>>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .optional()?;
        let Some((request, status, location, body)) = row else {
            return Ok(None);
        };
        if request != self.request {
            let detail = "This Idempotency-Key was used before with a different request.";
            return Err(Problem::conflict("idempotency_key_reused", detail));
        }
        Ok(Some(Reply::replayed(status, location, body)))
    }

    /// Keeps the answer. Only successes get here: a failed request may be tried again.
    pub fn keep(&self, db: &Connection, reply: &Reply) -> Result<(), Problem> {
        db.execute(
            "INSERT INTO idempotency (scope, request, status, location, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                self.scope,
                self.request,
                reply.status,
                reply.location,
                String::from_utf8_lossy(&reply.body)
            ],
        )?;
        Ok(())
    }
}
