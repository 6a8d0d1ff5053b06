//! Contracts: activation, renewal, and the dates that make them expire.

use crate::clock::{add_months, parse_date};
use crate::fields::{COUNT, Field, Kind, MAX_MONEY, Mode, STRING, Values, def, opt, req, ro};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, text};

const STATUSES: &[&str] = &["draft", "active", "ended"];
pub const TYPES: &[&str] = &["support", "maintenance", "hosting", "framework", "other"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("customer_id", Kind::Ref("customers")).fixed(),
    ro("customer_name", STRING),
    req("title", Kind::Text(1, 120)),
    def("type", Kind::Enum(TYPES), "\"other\""),
    def("status", Kind::Enum(STATUSES), "\"draft\""),
    def("value", Kind::Decimal(0, MAX_MONEY), "\"0.00\""),
    req("start_date", Kind::Date),
    opt("end_date", Kind::Date),
    def("auto_renew", Kind::Bool, "false"),
    def("notice_days", Kind::Integer(0, 365), "30"),
    ro("days_left", COUNT),
    ro("renewals", COUNT),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static CONTRACTS: Resource = Resource {
    name: "contract",
    path: "/contracts",
    id: "contract_id",
    table: "contracts",
    view: "contract_view",
    fields: FIELDS,
    list: List {
        search: &["title", "customer_name"],
        filters: &[
            Filter("status", "status", Test::Words(STATUSES)),
            Filter("type", "type", Test::Words(TYPES)),
            Filter("customer_id", "customer_id", Test::Id),
            Filter("ends_from", "end_date", Test::From),
            Filter("ends_to", "end_date", Test::To),
        ],
        sort: &["end_date", "title", "value", "created_at"],
        choose: &[],
    },
    check: Some(check),
    decorate: None,
};

const RENEW: &[Field] = &[def("months", Kind::Integer(1, 120), "12")];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/contracts", Handler::List(&CONTRACTS)),
        Route::post("/contracts", Handler::Create(&CONTRACTS)),
        Route::get("/contracts/{contract_id}", Handler::Get(&CONTRACTS)),
        Route::patch("/contracts/{contract_id}", Handler::Patch(&CONTRACTS)),
        Route::delete("/contracts/{contract_id}", Handler::Delete(&CONTRACTS))
            .access(Access::Admin),
        Route::post(
            "/contracts/{contract_id}/activate",
            Handler::Custom(activate),
        )
        .body(Body::None),
        Route::post("/contracts/{contract_id}/renew", Handler::Custom(renew))
            .body(Body::OptionalJson),
    ]
}

fn check(call: &Call, values: &mut Values, id: Option<i64>) -> Result<(), Problem> {
    let old = id
        .map(|id| CONTRACTS.get(call, id))
        .transpose()?
        .unwrap_or_default();
    let start = values
        .text("start_date")
        .unwrap_or(text(&old, "start_date"));
    let end = match values.get("end_date") {
        Some(_) => values.text("end_date").unwrap_or(""),
        None => text(&old, "end_date"),
    };
    if !end.is_empty() && end < start {
        let detail = "end_date is before start_date.";
        return Err(Problem::conflict("dates_out_of_order", detail));
    }
    Ok(())
}

fn activate(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("contract_id")?;
    let contract = CONTRACTS.get(call, id)?;
    if text(&contract, "status") != "draft" {
        let detail = format!(
            "Only drafts can be activated; this one is {}.",
            text(&contract, "status")
        );
        return Err(Problem::conflict("not_a_draft", detail));
    }
    let mut values = Values::default();
    values.set("status", "active".to_owned());
    Ok(Reply::ok(CONTRACTS.update(call, id, values)?))
}

fn renew(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("contract_id")?;
    let contract = CONTRACTS.get(call, id)?;
    let months = call.read(RENEW, Mode::Create)?.int("months").unwrap_or(12);
    if text(&contract, "status") != "active" {
        return Err(Problem::conflict(
            "not_active",
            "Only active contracts can be renewed.",
        ));
    }
    let end = parse_date(text(&contract, "end_date")).and_then(|end| add_months(end, months));
    let Some(end) = end else {
        return Err(Problem::conflict(
            "no_end_date",
            "This contract has no end date to move.",
        ));
    };
    let mut values = Values::default();
    values.set("end_date", end.to_string());
    call.db.execute(
        "UPDATE contracts SET renewals = renewals + 1 WHERE id = ?1",
        [id],
    )?;
    Ok(Reply::ok(CONTRACTS.update(call, id, values)?))
}
