//! Projects, and billing the hours that were worked on them.

use rusqlite::types::Value as Cell;
use serde_json::{Value, json};

use super::customers::CUSTOMERS;
use super::{invoices, tasks};
use crate::decimal;
use crate::fields::{
    AMOUNT, COUNT, Field, Kind, MAX_MONEY, MAX_QUANTITY, Mode, STRING, Values, auto, def, opt, req,
    ro,
};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, int, query, text};

const STATUSES: &[&str] = &[
    "not_started",
    "in_progress",
    "on_hold",
    "finished",
    "cancelled",
];
const BILLING: &[&str] = &["hourly", "fixed", "none"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("customer_id", Kind::Ref("customers")).fixed(),
    ro("customer_name", STRING),
    req("name", Kind::Text(1, 120)),
    opt("description", Kind::Text(0, 2000)),
    def("status", Kind::Enum(STATUSES), "\"not_started\""),
    def("billing", Kind::Enum(BILLING), "\"hourly\""),
    opt("budget", Kind::Decimal(0, MAX_MONEY)),
    opt("start_date", Kind::Date),
    opt("deadline", Kind::Date),
    ro("hours_logged", AMOUNT),
    ro("hours_unbilled", AMOUNT),
    ro("open_tasks", COUNT),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static PROJECTS: Resource = Resource {
    name: "project",
    path: "/projects",
    id: "project_id",
    table: "projects",
    view: "project_view",
    fields: FIELDS,
    list: List {
        search: &["name", "customer_name", "description"],
        filters: &[
            Filter("status", "status", Test::Words(STATUSES)),
            Filter("customer_id", "customer_id", Test::Id),
            Filter("deadline_to", "deadline", Test::To),
        ],
        sort: &["name", "deadline", "created_at"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

const BILL: &[Field] = &[auto("up_to", Kind::Date), auto("due_date", Kind::Date)];
const GROUP: &[Field] = &[
    ro("item_id", COUNT),
    ro("hours", COUNT),
    ro("descriptions", STRING),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/projects", Handler::List(&PROJECTS)),
        Route::post("/projects", Handler::Create(&PROJECTS)),
        Route::get("/projects/{project_id}", Handler::Get(&PROJECTS)),
        Route::patch("/projects/{project_id}", Handler::Patch(&PROJECTS)),
        Route::delete("/projects/{project_id}", Handler::Delete(&PROJECTS)),
        Route::get(
            "/projects/{project_id}/tasks",
            Handler::ListOf(&tasks::TASKS, "project_id", &PROJECTS, "project_id"),
        ),
        Route::post(
            "/projects/{project_id}/invoice-timesheets",
            Handler::Custom(bill),
        )
        .body(Body::OptionalJson),
    ]
}

/// A draft with one line per item, over all billable hours that are on no invoice yet.
fn bill(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("project_id")?;
    let project = PROJECTS.get(call, id)?;
    let wanted = call.read(BILL, Mode::Create)?;
    let up_to = wanted
        .text("up_to")
        .map_or_else(|| call.now.today.to_string(), str::to_owned);
    let open = "project_id = ?1 AND billable = 1 AND invoice_id IS NULL AND item_id IS NOT NULL AND work_date <= ?2";
    let sql = format!(
        "SELECT item_id, sum(hours) AS hours FROM timesheets WHERE {open} GROUP BY item_id ORDER BY item_id LIMIT 100"
    );
    let groups = query(
        call,
        &sql,
        &[Cell::Integer(id), Cell::Text(up_to.clone())],
        GROUP,
    )?;
    if groups.is_empty() {
        let detail = "This project has no billable hours that are not on an invoice.";
        return Err(Problem::conflict("nothing_to_bill", detail));
    }
    if groups
        .iter()
        .any(|group| int(group, "hours").unwrap_or(0) > MAX_QUANTITY)
    {
        let detail = "More hours than one line can hold; bill in parts with `up_to`.";
        return Err(Problem::conflict("too_many_hours", detail));
    }
    let lines: Vec<Value> = groups
        .iter()
        .map(|group| {
            let hours = decimal::format(int(group, "hours").unwrap_or(0));
            json!({"item_id": group.get("item_id"), "quantity": hours})
        })
        .collect();
    let customer_id = int(&project, "customer_id").unwrap_or(0);
    CUSTOMERS.require(call, customer_id)?;
    let mut values = Values::default();
    values.set("customer_id", customer_id);
    values.set("project_id", id);
    values.set(
        "notes",
        format!("{}: hours up to {up_to}", text(&project, "name")),
    );
    if let Some(due) = wanted.text("due_date") {
        values.set("due_date", due.to_owned());
    }
    let invoice = invoices::insert(call, values, &lines)?;
    call.db.execute(
        &format!("UPDATE timesheets SET invoice_id = ?3 WHERE {open}"),
        (id, up_to, invoice),
    )?;
    Ok(invoices::INVOICES.created(call, invoice, invoices::detail(call, invoice)?))
}
