//! The outbox: mails that a real CRM would have sent.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use crate::fields::{COUNT, Field, Kind, STRING, ro};
use crate::http::call::Call;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Record, Resource, Test};

const KINDS: &[&str] = &["invoice", "reminder", "invitation"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    ro("kind", STRING),
    ro("to", Kind::Emails),
    ro("cc", Kind::Emails),
    ro("subject", STRING),
    ro("body", STRING),
    ro("pdf_url", STRING),
    ro("invoice_id", COUNT),
    ro("sent_at", STRING),
];

pub static OUTBOX: Resource = Resource {
    name: "mail",
    path: "/outbox",
    id: "mail_id",
    table: "mails",
    view: "mails",
    fields: FIELDS,
    list: List {
        search: &["subject", "body", "\"to\""],
        filters: &[
            Filter("kind", "kind", Test::Words(KINDS)),
            Filter("invoice_id", "invoice_id", Test::Id),
        ],
        sort: &["-sent_at"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/outbox", Handler::List(&OUTBOX)),
        Route::get("/outbox/{mail_id}", Handler::Get(&OUTBOX)),
    ]
}

/// Writes a mail.
pub fn send(call: &Call, mail: &Value) -> Result<Record, Problem> {
    let text = |name: &str| match mail.get(name) {
        Some(Value::String(text)) => Cell::Text(text.clone()),
        Some(Value::Array(list)) => Cell::Text(Value::Array(list.clone()).to_string()),
        _ => Cell::Null,
    };
    call.db.execute(
        "INSERT INTO mails (kind, \"to\", cc, subject, body, pdf_url, invoice_id, sent_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            text("kind"),
            text("to"),
            text("cc"),
            text("subject"),
            text("body"),
            text("pdf_url"),
            mail.get("invoice_id").and_then(Value::as_i64),
            &call.now.timestamp,
        ),
    )?;
    OUTBOX.get(call, call.db.last_insert_rowid())
}
