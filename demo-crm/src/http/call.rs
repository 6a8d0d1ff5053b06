//! One call of an operation: what a handler sees.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value, json};

use super::access::Actor;
use super::query::Query;
use crate::clock::Now;
use crate::fields::{Field, Mode, Values, error, read};
use crate::problem::Problem;

/// A file that was sent.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of the file on the sender's side, without folders.
    pub filename: String,
    /// Media type of the part.
    pub media_type: String,
    /// What the sender says about it.
    pub description: Option<String>,
    /// The bytes.
    pub content: Vec<u8>,
}

/// One call.
#[derive(Debug)]
pub struct Call<'a> {
    /// The connection, inside this call's transaction.
    pub db: &'a Connection,
    /// Who calls.
    pub actor: Actor,
    /// The moment of the call.
    pub now: Now,
    /// Start of links: `http://host:port/api/v1`.
    pub base_url: &'a str,
    /// Path parameters.
    pub path: Vec<(String, String)>,
    /// Query parameters.
    pub query: Query,
    /// JSON body; an empty object when none was sent.
    pub body: Value,
    /// File, on upload routes.
    pub upload: Option<Upload>,
}

impl Call<'_> {
    /// A path parameter.
    pub fn param(&self, name: &str) -> &str {
        self.path
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value)
    }

    /// A path parameter that is an id.
    pub fn id(&self, name: &str) -> Result<i64, Problem> {
        let text = self.param(name);
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        match text.parse() {
            Ok(id) if plain => Ok(id),
            _ => {
                let message = "must be a whole number of at least 1";
                Err(Problem::invalid(vec![error(name, "type", message)]))
            }
        }
    }

    /// The body, checked against a field table.
    pub fn read(&self, fields: &[Field], mode: Mode) -> Result<Values, Problem> {
        read(fields, &self.body, mode)
    }

    /// One whole number from the database.
    pub fn scalar(&self, sql: &str, params: impl rusqlite::Params) -> Result<Option<i64>, Problem> {
        let value = self
            .db
            .query_row(sql, params, |row| row.get::<_, Option<i64>>(0))
            .optional()?;
        Ok(value.flatten())
    }

    /// Writes an entry of the activity feed. `detail` holds the fields of its kind.
    pub fn log(
        &self,
        kind: &str,
        customer_id: Option<i64>,
        summary: &str,
        detail: Value,
    ) -> Result<(), Problem> {
        self.db.execute(
            "INSERT INTO activities (type, customer_id, actor, summary, detail, occurred_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                kind,
                customer_id,
                &self.actor.name,
                summary,
                detail.to_string(),
                &self.now.timestamp,
            ),
        )?;
        Ok(())
    }

    /// Writes a "change" entry of the activity feed.
    pub fn log_change(
        &self,
        action: &str,
        subject: &str,
        id: i64,
        row: &Map<String, Value>,
    ) -> Result<(), Problem> {
        let customer_id = match subject {
            "customer" => Some(id),
            _ => row.get("customer_id").and_then(Value::as_i64),
        };
        let name = [
            "number",
            "name",
            "title",
            "subject",
            "first_name",
            "description",
        ]
        .iter()
        .find_map(|key| row.get(*key).and_then(Value::as_str));
        let summary = match name {
            Some(name) => format!("{action} {subject} {id}: {name}"),
            None => format!("{action} {subject} {id}"),
        };
        let detail = json!({"action": action, "subject_type": subject, "subject_id": id});
        self.log("change", customer_id, &summary, detail)
    }
}
