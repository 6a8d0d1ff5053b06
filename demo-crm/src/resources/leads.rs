//! Leads: bulk creation and conversion into customers.

use serde_json::{Value, json};

use super::contacts::CONTACTS;
use super::customers::{CURRENCIES, CUSTOMERS};
use crate::fields::{COUNT, Field, Kind, MAX_MONEY, Mode, STRING, auto, def, opt, read, req, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Record, Resource, Test, int, text};

/// Stages that a caller can set; `won` is reached by converting.
const STAGES: &[&str] = &["new", "contacted", "qualified", "proposal", "lost"];
const ALL_STAGES: &[&str] = &["new", "contacted", "qualified", "proposal", "won", "lost"];
pub const SOURCES: &[&str] = &[
    "website",
    "referral",
    "trade_fair",
    "cold_call",
    "advertisement",
    "other",
];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("name", Kind::Text(1, 120)),
    opt("company", Kind::Text(1, 120)),
    opt("email", Kind::Email),
    opt("phone", Kind::Text(0, 40)),
    def("source", Kind::Enum(SOURCES), "\"other\""),
    def("stage", Kind::Enum(STAGES), "\"new\""),
    def("value", Kind::Decimal(0, MAX_MONEY), "\"0.00\""),
    def("probability", Kind::Integer(0, 100), "10"),
    opt("next_step", Kind::Text(0, 200)),
    opt("lost_reason", Kind::Text(0, 200)),
    def("tags", Kind::Labels, "[]"),
    def("custom_fields", Kind::Map, "{}"),
    opt("owner_id", Kind::Ref("staff")),
    ro("owner_name", STRING),
    ro("customer_id", COUNT),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static LEADS: Resource = Resource {
    name: "lead",
    path: "/leads",
    id: "lead_id",
    table: "leads",
    view: "lead_view",
    fields: FIELDS,
    list: List {
        search: &["name", "company", "email"],
        filters: &[
            Filter("stage", "stage", Test::Words(ALL_STAGES)),
            Filter("source", "source", Test::Words(SOURCES)),
            Filter("owner_id", "owner_id", Test::Id),
            Filter("min_value", "value", Test::AtLeast),
            Filter("created_from", "created_at", Test::From),
            Filter("created_to", "created_at", Test::To),
        ],
        sort: &["-created_at", "name", "value", "probability"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

const BULK: &[Field] = &[req("items", Kind::List(FIELDS, 1, 50))];

const CONVERT: &[Field] = &[
    auto("customer_name", Kind::Text(1, 120)),
    def("currency", Kind::Enum(CURRENCIES), "\"EUR\""),
    def("create_contact", Kind::Bool, "true"),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/leads", Handler::List(&LEADS)),
        Route::post("/leads", Handler::Create(&LEADS)),
        Route::post("/leads/bulk", Handler::Custom(bulk)),
        Route::get("/leads/{lead_id}", Handler::Get(&LEADS)),
        Route::patch("/leads/{lead_id}", Handler::Patch(&LEADS)),
        Route::delete("/leads/{lead_id}", Handler::Delete(&LEADS)),
        Route::post("/leads/{lead_id}/convert", Handler::Custom(convert)).body(Body::OptionalJson),
    ]
}

/// All or none: the request's transaction is rolled back on the first error.
fn bulk(call: &mut Call) -> Result<Reply, Problem> {
    let items = call.read(BULK, Mode::Create)?.json("items");
    let mut created = Vec::new();
    for item in items.as_array().into_iter().flatten() {
        created.push(LEADS.insert(call, read(FIELDS, item, Mode::Create)?)?);
    }
    Ok(Reply::json(
        201,
        json!({"created": created.len(), "data": created}),
    ))
}

fn convert(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("lead_id")?;
    let lead = LEADS.get(call, id)?;
    let wanted = call.read(CONVERT, Mode::Create)?;
    if let Some(customer) = int(&lead, "customer_id") {
        let detail = format!("Lead {id} is customer {customer} already.");
        return Err(Problem::conflict("already_converted", detail));
    }
    if text(&lead, "stage") == "lost" {
        let detail = "A lost lead cannot be converted; set its stage first.";
        return Err(Problem::conflict("lead_lost", detail));
    }
    let company = match text(&lead, "company") {
        "" => text(&lead, "name"),
        company => company,
    };
    let body = json!({
        "name": wanted.text("customer_name").unwrap_or(company),
        "email": lead.get("email"),
        "phone": lead.get("phone"),
        "currency": wanted.text("currency"),
        "tags": lead.get("tags"),
        "custom_fields": lead.get("custom_fields"),
        "owner_id": lead.get("owner_id"),
    });
    let customer = CUSTOMERS.insert(call, read(CUSTOMERS.fields, &body, Mode::Create)?)?;
    let customer_id = int(&customer, "id").unwrap_or(0);
    let contact = match wanted.int("create_contact") {
        Some(1) => Value::Object(create_contact(call, &lead, customer_id)?),
        _ => Value::Null,
    };
    call.db.execute(
        "UPDATE leads SET stage = 'won', probability = 100, customer_id = ?1, updated_at = ?2 WHERE id = ?3",
        (customer_id, &call.now.timestamp, id),
    )?;
    let lead = LEADS.get(call, id)?;
    call.log_change("status_changed", "lead", id, &lead)?;
    Ok(Reply::created(
        json!({"lead": lead, "customer": customer, "contact": contact}),
        format!("{}/customers/{customer_id}", call.base_url),
    ))
}

fn create_contact(call: &Call, lead: &Record, customer_id: i64) -> Result<Record, Problem> {
    let name = text(lead, "name");
    let (first, last) = name.rsplit_once(' ').unwrap_or((name, ""));
    // A contact needs both names; a lead has one field that may hold anything.
    let part = |text: &str| match text {
        "" => "(unknown)".to_owned(),
        text => text.chars().take(80).collect::<String>(),
    };
    let body = json!({
        "customer_id": customer_id,
        "first_name": part(first),
        "last_name": part(last),
        "email": lead.get("email"),
        "phone": lead.get("phone"),
        "is_primary": true,
    });
    CONTACTS.insert(call, read(CONTACTS.fields, &body, Mode::Create)?)
}
