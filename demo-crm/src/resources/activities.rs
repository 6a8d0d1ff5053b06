//! The activity feed, paged by cursor because it grows at its head.

use rusqlite::types::Value as Cell;
use serde_json::{Map, Value, json};

use super::customers::CUSTOMERS;
use crate::fields::{COUNT, Field, Kind, STRING, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{int, query};

const TYPES: &[&str] = &["change", "email", "payment", "note"];

const ENTRY: &[Field] = &[
    ro("id", COUNT),
    ro("type", STRING),
    ro("occurred_at", STRING),
    ro("actor", STRING),
    ro("customer_id", COUNT),
    ro("summary", STRING),
    ro("detail", Kind::Map),
];

pub fn routes() -> Vec<Route> {
    vec![Route::get("/activities", Handler::Custom(list))]
}

fn list(call: &mut Call) -> Result<Reply, Problem> {
    page(call, None)
}

/// `GET /customers/{customer_id}/timeline`
pub fn of_customer(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("customer_id")?;
    CUSTOMERS.require(call, id)?;
    page(call, Some(id))
}

fn page(call: &Call, customer: Option<i64>) -> Result<Reply, Problem> {
    let types = call.query.words("type", TYPES);
    let limit = call.query.integer("limit", 1, 100).unwrap_or(25);
    let before = match call.query.one("cursor") {
        None => i64::MAX,
        Some(cursor) => decode(cursor).unwrap_or_else(|| {
            call.query.fail(
                "cursor",
                "format",
                "must be a next_cursor of an earlier answer",
            );
            0
        }),
    };
    call.query.finish()?;
    let sql = "SELECT * FROM activities WHERE id < ?1 AND (?2 IS NULL OR customer_id = ?2) \
               AND (json_array_length(?3) = 0 OR type IN (SELECT value FROM json_each(?3))) \
               ORDER BY id DESC LIMIT ?4";
    // One more than asked for tells whether there is a next page.
    let params = [
        before.into(),
        customer.into(),
        Cell::Text(json!(types).to_string()),
        (limit + 1).into(),
    ];
    let mut rows = query(call, sql, &params, ENTRY)?;
    let size = usize::try_from(limit).unwrap_or(25);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows
        .last()
        .filter(|_| more)
        .and_then(|row| int(row, "id"))
        .map(encode);
    let data: Vec<Map<String, Value>> = rows.into_iter().map(flatten).collect();
    Ok(Reply::ok(
        json!({"data": data, "meta": {"limit": limit, "next_cursor": next}}),
    ))
}

fn encode(id: i64) -> String {
    format!("c{id:x}")
}

fn decode(cursor: &str) -> Option<i64> {
    let digits = cursor.strip_prefix('c')?;
    let plain = (1..=15).contains(&digits.len())
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if plain {
        i64::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// The fields of an entry's kind stand beside the common ones.
fn flatten(mut row: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Object(detail)) = row.shift_remove("detail") {
        row.extend(detail);
    }
    row
}
