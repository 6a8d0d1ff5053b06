//! API keys and roles.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use rusqlite::{Connection, OptionalExtension};

use crate::problem::Problem;

/// What a route asks of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No key needed.
    Public,
    /// Any key.
    Read,
    /// Staff and administrators.
    Write,
    /// Administrators.
    Admin,
}

/// Who calls.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Id in `staff`; 0 for public calls.
    pub staff_id: i64,
    /// Name for activities and mails.
    pub name: String,
    /// `admin`, `staff`, `readonly` or `public`.
    pub role: String,
    /// The key that was used; rate limits and idempotency keys are kept per key.
    pub key: String,
}

impl Actor {
    /// A caller without a key.
    pub fn public() -> Self {
        Self {
            staff_id: 0,
            name: "Public form".into(),
            role: "public".into(),
            key: String::new(),
        }
    }

    /// The caller behind `X-API-KEY` or `Authorization: Bearer`.
    pub fn authenticate(db: &Connection, headers: &HeaderMap) -> Result<Self, Problem> {
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let bearer = || {
            let (scheme, token) = header(AUTHORIZATION.as_str())?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        };
        let Some(key) = header("x-api-key").or_else(bearer) else {
            return Err(unauthenticated(
                "Send an API key as X-API-KEY or as a bearer token.",
            ));
        };
        let sql = "SELECT k.key, k.role, s.id, s.name FROM api_keys k JOIN staff s ON s.id = k.staff_id \
                   WHERE k.key = ?1 AND s.active = 1";
        db.query_row(sql, [key], |row| {
            Ok(Self {
                key: row.get(0)?,
                role: row.get(1)?,
                staff_id: row.get(2)?,
                name: row.get(3)?,
            })
        })
        .optional()?
        .ok_or_else(|| unauthenticated("The API key is not known."))
    }

    /// Whether the caller's role allows the route.
    pub fn check(&self, access: Access) -> Result<(), Problem> {
        let allowed = match access {
            Access::Public | Access::Read => true,
            Access::Write => self.role == "admin" || self.role == "staff",
            Access::Admin => self.role == "admin",
        };
        if allowed {
            return Ok(());
        }
        let needed = if access == Access::Admin {
            "admin"
        } else {
            "staff or admin"
        };
        let detail = format!(
            "This needs a key with the role {needed}; yours is {}.",
            self.role
        );
        Err(Problem::new(403, "forbidden", detail))
    }
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(401, "unauthenticated", detail)
}
