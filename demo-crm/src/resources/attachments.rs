//! Files on customers and tickets.

use rusqlite::{OptionalExtension, types::Value as Cell};

use super::customers::CUSTOMERS;
use super::tickets::TICKETS;
use crate::fields::{COUNT, Field, STRING, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{List, Record, Resource, all};

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    ro("customer_id", COUNT),
    ro("ticket_id", COUNT),
    ro("filename", STRING),
    ro("media_type", STRING),
    ro("size", COUNT),
    ro("description", STRING),
    ro("download_url", STRING),
    ro("created_at", STRING),
];

static ATTACHMENTS: Resource = Resource {
    name: "attachment",
    path: "/attachments",
    id: "attachment_id",
    table: "attachments",
    view: "attachment_view",
    fields: FIELDS,
    list: List {
        search: &[],
        filters: &[],
        sort: &["id"],
        choose: &[],
    },
    check: None,
    decorate: Some(link),
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post(
            "/customers/{customer_id}/attachments",
            Handler::Custom(to_customer),
        )
        .body(Body::Upload),
        Route::post(
            "/tickets/{ticket_id}/attachments",
            Handler::Custom(to_ticket),
        )
        .body(Body::Upload),
        Route::get("/attachments/{attachment_id}", Handler::Get(&ATTACHMENTS)),
        Route::get(
            "/attachments/{attachment_id}/content",
            Handler::Custom(download),
        ),
        Route::delete(
            "/attachments/{attachment_id}",
            Handler::Delete(&ATTACHMENTS),
        ),
    ]
}

fn link(call: &Call, record: &mut Record) {
    if let Some(id) = record.get("id").cloned() {
        let url = format!("{}/attachments/{id}/content", call.base_url);
        record.insert("download_url".into(), url.into());
    }
}

/// `GET /customers/{customer_id}/attachments`
pub fn of_customer(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("customer_id")?;
    CUSTOMERS.require(call, id)?;
    of(call, "customer_id", id)
}

/// `GET /tickets/{ticket_id}/attachments`
pub fn of_ticket(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("ticket_id")?;
    TICKETS.require(call, id)?;
    of(call, "ticket_id", id)
}

fn of(call: &Call, column: &'static str, id: i64) -> Result<Reply, Problem> {
    let sql = format!("SELECT * FROM attachment_view WHERE {column} = ?1 ORDER BY id");
    Ok(all(ATTACHMENTS.select(call, &sql, &[Cell::Integer(id)])?))
}

fn to_customer(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("customer_id")?;
    CUSTOMERS.require(call, id)?;
    store(call, "customer_id", id)
}

fn to_ticket(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("ticket_id")?;
    TICKETS.require(call, id)?;
    store(call, "ticket_id", id)
}

fn store(call: &mut Call, column: &'static str, owner: i64) -> Result<Reply, Problem> {
    let Some(file) = call.upload.take() else {
        return Err(Problem::new(
            400,
            "malformed_form",
            "There is no file in the form.",
        ));
    };
    let sql = format!(
        "INSERT INTO attachments ({column}, filename, media_type, description, content, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    );
    let row = (
        owner,
        file.filename,
        file.media_type,
        file.description,
        file.content,
        &call.now.timestamp,
    );
    call.db.execute(&sql, row)?;
    let id = call.db.last_insert_rowid();
    let record = ATTACHMENTS.get(call, id)?;
    call.log_change("created", "attachment", id, &record)?;
    Ok(ATTACHMENTS.created(call, id, record))
}

/// Always `application/octet-stream`: what a stranger uploaded must not run in a browser.
fn download(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("attachment_id")?;
    let sql = "SELECT filename, content FROM attachments WHERE id = ?1";
    let file: Option<(String, Vec<u8>)> = call
        .db
        .query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (name, content) = file.ok_or_else(|| Problem::not_found("attachment", &id.to_string()))?;
    Ok(Reply::file("application/octet-stream", &name, content))
}
