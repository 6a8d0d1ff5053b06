//! Health, the caller's own account, search over everything, and the public lead form.

use rusqlite::types::Value as Cell;
use serde_json::json;

use super::leads::LEADS;
use super::staff::STAFF;
use crate::fields::{COUNT, Field, Kind, Mode, STRING, auto, opt, read, req, ro};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{int, query};

const KINDS: &[&str] = &[
    "customer", "contact", "lead", "invoice", "project", "ticket", "item",
];

const FORM: &[Field] = &[
    req("name", Kind::Text(1, 120)),
    opt("company", Kind::Text(1, 120)),
    req("email", Kind::Email),
    auto("message", Kind::Text(1, 200)),
];

const HIT: &[Field] = &[
    ro("type", STRING),
    ro("id", COUNT),
    ro("title", STRING),
    ro("customer_id", COUNT),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/health", Handler::Custom(health)).access(Access::Public),
        Route::post("/public/lead-form", Handler::Custom(lead_form)).access(Access::Public),
        Route::get("/me", Handler::Custom(me)),
        Route::get("/search", Handler::Custom(search)),
    ]
}

fn health(_: &mut Call) -> Result<Reply, Problem> {
    Ok(Reply::ok(
        json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}),
    ))
}

fn me(call: &mut Call) -> Result<Reply, Problem> {
    let member = STAFF.get(call, call.actor.staff_id)?;
    let mut permissions = vec!["read"];
    if call.actor.role != "readonly" {
        permissions.push("write");
    }
    if call.actor.role == "admin" {
        permissions.extend(["delete_customers", "delete_invoices", "manage_staff"]);
    }
    Ok(Reply::ok(json!({
        "staff": member,
        "role": call.actor.role,
        "permissions": permissions,
        "company": "Northlight Studio",
        "today": call.now.today.to_string(),
    })))
}

fn lead_form(call: &mut Call) -> Result<Reply, Problem> {
    let form = call.read(FORM, Mode::Create)?;
    let lead = json!({
        "name": form.text("name"),
        "company": form.text("company"),
        "email": form.text("email"),
        "source": "website",
        "next_step": form.text("message"),
    });
    let lead = LEADS.insert(call, read(LEADS.fields, &lead, Mode::Create)?)?;
    let reference = format!("LEAD-{:06}", int(&lead, "id").unwrap_or(0));
    // A stranger learns that the form arrived, and nothing else.
    Ok(Reply::json(202, json!({ "reference": reference })))
}

fn search(call: &mut Call) -> Result<Reply, Problem> {
    let text = call.query.text("q", 100);
    if text.is_none() {
        call.query.fail("q", "required", "is required");
    }
    let kinds = call.query.comma("types", 20);
    if let Some(kinds) = &kinds {
        call.query.check_words("types", kinds, KINDS);
    }
    let limit = call.query.integer("limit", 1, 100).unwrap_or(25);
    call.query.finish()?;
    let sql = "SELECT type, id, title, customer_id FROM ( \
        SELECT 1 AS rank, 'customer' AS type, id, name AS title, id AS customer_id, name || ' ' || coalesce(email, '') AS hay FROM customers \
        UNION ALL SELECT 2, 'contact', id, first_name || ' ' || last_name, customer_id, first_name || ' ' || last_name || ' ' || coalesce(email, '') FROM contacts \
        UNION ALL SELECT 3, 'lead', id, name, customer_id, name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') FROM leads \
        UNION ALL SELECT 4, 'item', id, name, NULL, code || ' ' || name || ' ' || coalesce(description, '') FROM items \
        UNION ALL SELECT 5, 'invoice', id, number, customer_id, number || ' ' || customer_name FROM invoice_view \
        UNION ALL SELECT 6, 'project', id, name, customer_id, name || ' ' || customer_name FROM project_view \
        UNION ALL SELECT 7, 'ticket', id, subject, customer_id, subject || ' ' || customer_name FROM ticket_view) \
        WHERE (json_array_length(?2) = 0 OR type IN (SELECT value FROM json_each(?2))) \
        AND NOT EXISTS (SELECT 1 FROM json_each(?1) w WHERE instr(lower(hay), lower(w.value)) = 0) \
        ORDER BY rank, title, id LIMIT ?3";
    let words: Vec<&str> = text.unwrap_or("").split_whitespace().take(10).collect();
    let params = [
        Cell::Text(json!(words).to_string()),
        Cell::Text(json!(kinds.unwrap_or_default()).to_string()),
        Cell::Integer(limit),
    ];
    Ok(Reply::ok(json!({"data": query(call, sql, &params, HIT)?})))
}
