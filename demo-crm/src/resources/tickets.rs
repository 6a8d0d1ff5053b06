//! Support tickets and the replies below them.

use rusqlite::types::Value as Cell;

use super::attachments;
use super::items::tree;
use super::tasks::PRIORITIES;
use crate::fields::{COUNT, Field, Kind, Mode, STRING, Values, def, opt, req, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, all, int, query};

const STATUSES: &[&str] = &["open", "in_progress", "waiting", "resolved", "closed"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("customer_id", Kind::Ref("customers")).fixed(),
    ro("customer_name", STRING),
    opt("contact_id", Kind::Ref("contacts")),
    req("subject", Kind::Text(1, 200)),
    req("body", Kind::Text(1, 10_000)).fixed(),
    def("status", Kind::Enum(STATUSES), "\"open\""),
    def("priority", Kind::Enum(PRIORITIES), "\"normal\""),
    opt("assignee_id", Kind::Ref("staff")),
    ro("assignee_name", STRING),
    def("tags", Kind::Labels, "[]"),
    ro("reply_count", COUNT),
    ro("closed_at", STRING),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static TICKETS: Resource = Resource {
    name: "ticket",
    path: "/tickets",
    id: "ticket_id",
    table: "tickets",
    view: "ticket_view",
    fields: FIELDS,
    list: List {
        search: &["subject", "body", "customer_name"],
        filters: &[
            Filter("status", "status", Test::Words(STATUSES)),
            Filter("priority", "priority", Test::Words(PRIORITIES)),
            Filter("customer_id", "customer_id", Test::Id),
            Filter("assignee_id", "assignee_id", Test::Id),
            Filter("filter[tag]", "tags", Test::Label),
        ],
        sort: &["-created_at", "updated_at", "subject"],
        choose: &[],
    },
    check: Some(check),
    decorate: None,
};

const REPLY: &[Field] = &[
    ro("id", COUNT),
    ro("ticket_id", COUNT),
    opt("parent_id", Kind::Ref("ticket_replies")),
    ro("author", STRING),
    req("body", Kind::Text(1, 10_000)),
    def("internal", Kind::Bool, "false"),
    ro("created_at", STRING),
];

static REPLIES: Resource = Resource {
    name: "ticket reply",
    path: "/ticket-replies",
    id: "reply_id",
    table: "ticket_replies",
    view: "ticket_replies",
    fields: REPLY,
    list: List {
        search: &[],
        filters: &[],
        sort: &["id"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

const CLOSE: &[Field] = &[def(
    "resolution",
    Kind::Enum(&["resolved", "closed"]),
    "\"resolved\"",
)];

/// How deep replies to replies may go.
const MAX_DEPTH: usize = 8;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/tickets", Handler::List(&TICKETS)),
        Route::post("/tickets", Handler::Create(&TICKETS)),
        Route::get("/tickets/{ticket_id}", Handler::Get(&TICKETS)),
        Route::patch("/tickets/{ticket_id}", Handler::Patch(&TICKETS)),
        Route::delete("/tickets/{ticket_id}", Handler::Delete(&TICKETS)),
        Route::post("/tickets/{ticket_id}/close", Handler::Custom(close)).body(Body::OptionalJson),
        Route::get("/tickets/{ticket_id}/replies", Handler::Custom(replies)),
        Route::post("/tickets/{ticket_id}/replies", Handler::Custom(reply)),
        Route::get(
            "/tickets/{ticket_id}/attachments",
            Handler::Custom(attachments::of_ticket),
        ),
    ]
}

fn check(call: &Call, values: &mut Values, id: Option<i64>) -> Result<(), Problem> {
    match values.text("status") {
        Some("resolved" | "closed") => values.set("closed_at", call.now.timestamp.clone()),
        Some(_) => values.set("closed_at", Cell::Null),
        None => {}
    }
    if let Some(contact) = values.int("contact_id") {
        let customer = match (values.int("customer_id"), id) {
            (None, Some(id)) => {
                call.scalar("SELECT customer_id FROM tickets WHERE id = ?1", [id])?
            }
            (customer, _) => customer,
        };
        if call.scalar("SELECT customer_id FROM contacts WHERE id = ?1", [contact])? != customer {
            let detail = format!("Contact {contact} belongs to another customer.");
            return Err(Problem::conflict("other_customer", detail));
        }
    }
    Ok(())
}

fn close(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("ticket_id")?;
    TICKETS.require(call, id)?;
    let wanted = call.read(CLOSE, Mode::Create)?;
    let mut values = Values::default();
    values.set(
        "status",
        wanted.text("resolution").unwrap_or("resolved").to_owned(),
    );
    Ok(Reply::ok(TICKETS.update(call, id, values)?))
}

fn replies(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("ticket_id")?;
    TICKETS.require(call, id)?;
    let sql = "SELECT * FROM ticket_replies WHERE ticket_id = ?1 ORDER BY id";
    let rows = query(call, sql, &[Cell::Integer(id)], REPLY)?;
    Ok(all(tree(&rows, None, "replies", 0)))
}

fn reply(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("ticket_id")?;
    TICKETS.require(call, id)?;
    let mut values = call.read(REPLY, Mode::Create)?;
    check_parent(call, id, values.int("parent_id"))?;
    values.set("ticket_id", id);
    values.set("author", call.actor.name.clone());
    let mut record = REPLIES.insert(call, values)?;
    record.insert("replies".into(), serde_json::json!([]));
    let reply = int(&record, "id").unwrap_or(0);
    call.db.execute(
        "UPDATE tickets SET updated_at = ?1 WHERE id = ?2",
        (&call.now.timestamp, id),
    )?;
    Ok(Reply::created(
        record,
        format!("{}/tickets/{id}/replies#{reply}", call.base_url),
    ))
}

/// A reply can only answer a reply of the same ticket, and not too deep.
fn check_parent(call: &Call, ticket: i64, parent: Option<i64>) -> Result<(), Problem> {
    let mut above = parent;
    for _ in 0..MAX_DEPTH {
        let Some(reply) = above else { return Ok(()) };
        let of = call.scalar(
            "SELECT ticket_id FROM ticket_replies WHERE id = ?1",
            [reply],
        )?;
        if of != Some(ticket) {
            let detail = format!("There is no reply {reply} on this ticket.");
            return Err(Problem::conflict("unknown_reference", detail));
        }
        above = call.scalar(
            "SELECT parent_id FROM ticket_replies WHERE id = ?1",
            [reply],
        )?;
    }
    Err(Problem::conflict(
        "too_deep",
        format!("Replies go at most {MAX_DEPTH} levels deep."),
    ))
}
