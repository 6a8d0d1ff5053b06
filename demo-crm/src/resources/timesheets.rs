//! Timesheets: hours worked on projects.

use crate::fields::{COUNT, Field, Kind, STRING, Values, auto, def, opt, req, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test};

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    auto("staff_id", Kind::Ref("staff")).fixed(),
    ro("staff_name", STRING),
    req("project_id", Kind::Ref("projects")).fixed(),
    ro("project_name", STRING),
    ro("customer_id", COUNT),
    opt("task_id", Kind::Ref("tasks")),
    opt("item_id", Kind::Ref("items")),
    auto("work_date", Kind::Date),
    req("hours", Kind::Decimal(1, 2400)),
    req("description", Kind::Text(1, 500)),
    def("billable", Kind::Bool, "true"),
    ro("invoice_id", COUNT),
    ro("invoiced", Kind::Bool),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static TIMESHEETS: Resource = Resource {
    name: "timesheet",
    path: "/timesheets",
    id: "timesheet_id",
    table: "timesheets",
    view: "timesheet_view",
    fields: FIELDS,
    list: List {
        search: &["description", "project_name"],
        filters: &[
            Filter("staff_id", "staff_id", Test::Id),
            Filter("project_id", "project_id", Test::Id),
            Filter("customer_id", "customer_id", Test::Id),
            Filter("billable", "billable", Test::Bool),
            Filter("invoiced", "invoiced", Test::Bool),
            Filter("worked_from", "work_date", Test::From),
            Filter("worked_to", "work_date", Test::To),
        ],
        sort: &["-work_date", "hours"],
        choose: &[],
    },
    check: Some(check),
    decorate: None,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/timesheets", Handler::List(&TIMESHEETS)),
        Route::post("/timesheets", Handler::Create(&TIMESHEETS)),
        Route::get("/timesheets/{timesheet_id}", Handler::Get(&TIMESHEETS)),
        Route::patch("/timesheets/{timesheet_id}", Handler::Patch(&TIMESHEETS)),
        Route::delete("/timesheets/{timesheet_id}", Handler::Custom(delete)),
    ]
}

fn check(call: &Call, values: &mut Values, id: Option<i64>) -> Result<(), Problem> {
    match id {
        Some(id) => require_unbilled(call, id),
        None => {
            if values.get("staff_id").is_none() {
                values.set("staff_id", call.actor.staff_id);
            }
            if values.get("work_date").is_none() {
                values.set("work_date", call.now.today.to_string());
            }
            Ok(())
        }
    }
}

fn require_unbilled(call: &Call, id: i64) -> Result<(), Problem> {
    match call.scalar("SELECT invoice_id FROM timesheets WHERE id = ?1", [id])? {
        None => Ok(()),
        Some(invoice) => {
            let detail = format!("These hours are on invoice {invoice} and cannot be changed.");
            Err(Problem::conflict("already_invoiced", detail))
        }
    }
}

fn delete(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("timesheet_id")?;
    TIMESHEETS.require(call, id)?;
    require_unbilled(call, id)?;
    TIMESHEETS.delete(call)
}
