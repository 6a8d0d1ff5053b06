//! Customers, their agreed rates, and the search with a JSON body.

use rusqlite::types::Value as Cell;
use serde_json::json;

use super::{activities, attachments, contacts, invoices};
use crate::fields::{
    AMOUNT, COUNT, Field, Kind, MAX_MONEY, Mode, STRING, Values, auto, def, opt, req, ro,
};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, all, query};

pub const STATUSES: &[&str] = &["prospect", "active", "inactive"];
pub const CURRENCIES: &[&str] = &["EUR", "USD", "GBP", "CHF"];

const ADDRESS: &[Field] = &[
    req("line1", Kind::Text(1, 120)),
    opt("line2", Kind::Text(0, 120)),
    opt("postal_code", Kind::Text(0, 20)),
    req("city", Kind::Text(1, 80)),
    req("country", Kind::Letters(2)),
];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("name", Kind::Text(1, 120)),
    def("status", Kind::Enum(STATUSES), "\"active\""),
    opt("industry", Kind::Text(0, 80)),
    opt("email", Kind::Email),
    opt("phone", Kind::Text(0, 40)),
    opt("website", Kind::Text(0, 200)),
    opt("vat_number", Kind::Text(0, 30)),
    def("currency", Kind::Enum(CURRENCIES), "\"EUR\""),
    def("payment_terms_days", Kind::Integer(0, 365), "14"),
    opt("billing_address", Kind::Object(ADDRESS)),
    def("tags", Kind::Labels, "[]"),
    def("custom_fields", Kind::Map, "{}"),
    opt("owner_id", Kind::Ref("staff")),
    ro("owner_name", STRING),
    ro("balance_due", AMOUNT),
    ro("overdue_amount", AMOUNT),
    ro("open_tickets", COUNT),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static CUSTOMERS: Resource = Resource {
    name: "customer",
    path: "/customers",
    id: "customer_id",
    table: "customers",
    view: "customer_view",
    fields: FIELDS,
    list: List {
        search: &["name", "email", "industry", "city", "vat_number"],
        filters: &[
            Filter("status", "status", Test::Words(STATUSES)),
            Filter("ids", "id", Test::Ids),
            Filter("filter[city]", "city", Test::Text(80)),
            Filter("filter[country]", "country", Test::Text(2)),
            Filter("filter[industry]", "industry", Test::Text(80)),
            Filter("filter[tag]", "tags", Test::Label),
        ],
        sort: &["name", "created_at", "balance_due"],
        choose: &[
            "id",
            "name",
            "status",
            "industry",
            "email",
            "phone",
            "website",
            "vat_number",
            "currency",
            "payment_terms_days",
            "billing_address",
            "tags",
            "custom_fields",
            "owner_id",
            "owner_name",
            "balance_due",
            "overdue_amount",
            "open_tickets",
            "created_at",
            "updated_at",
        ],
    },
    check: None,
    decorate: None,
};

const RATE: &[Field] = &[
    ro("item_id", COUNT),
    ro("item_code", STRING),
    ro("item_name", STRING),
    ro("unit", STRING),
    ro("standard_rate", AMOUNT),
    req("rate", Kind::Decimal(0, MAX_MONEY)),
    ro("source", STRING),
];

const SEARCH: &[Field] = &[
    auto("query", Kind::Text(1, 100)),
    def("status", Kind::Words(STATUSES), "[]"),
    def("tags", Kind::Labels, "[]"),
    auto("country", Kind::Letters(2)),
    auto("min_balance_due", Kind::Decimal(0, MAX_MONEY)),
    def("only_overdue", Kind::Bool, "false"),
    def("page", Kind::Integer(1, 10_000), "1"),
    def("limit", Kind::Integer(1, 100), "25"),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/customers", Handler::List(&CUSTOMERS)),
        Route::post("/customers", Handler::Create(&CUSTOMERS)),
        Route::post("/customers/search", Handler::Custom(search)).access(Access::Read),
        Route::get("/customers/{customer_id}", Handler::Get(&CUSTOMERS)),
        Route::put("/customers/{customer_id}", Handler::Replace(&CUSTOMERS)),
        Route::patch("/customers/{customer_id}", Handler::Patch(&CUSTOMERS)),
        Route::delete("/customers/{customer_id}", Handler::Delete(&CUSTOMERS))
            .access(Access::Admin),
        Route::get(
            "/customers/{customer_id}/contacts",
            Handler::ListOf(
                &contacts::CONTACTS,
                "customer_id",
                &CUSTOMERS,
                "customer_id",
            ),
        ),
        Route::get(
            "/customers/{customer_id}/invoices",
            Handler::ListOf(
                &invoices::INVOICES,
                "customer_id",
                &CUSTOMERS,
                "customer_id",
            ),
        ),
        Route::get(
            "/customers/{customer_id}/timeline",
            Handler::Custom(activities::of_customer),
        ),
        Route::get(
            "/customers/{customer_id}/attachments",
            Handler::Custom(attachments::of_customer),
        ),
        Route::get(
            "/customers/{customer_id}/rates",
            Handler::Custom(list_rates),
        ),
        Route::put(
            "/customers/{customer_id}/rates/{item_id}",
            Handler::Custom(set_rate),
        ),
        Route::delete(
            "/customers/{customer_id}/rates/{item_id}",
            Handler::Custom(delete_rate),
        ),
    ]
}

fn rates(
    call: &Call,
    customer: i64,
    item: Option<i64>,
) -> Result<Vec<crate::resource::Record>, Problem> {
    let sql = "SELECT i.id AS item_id, i.code AS item_code, i.name AS item_name, i.unit, \
               i.rate AS standard_rate, coalesce(r.rate, i.rate) AS rate, \
               CASE WHEN r.rate IS NULL THEN 'standard' ELSE 'customer' END AS source \
               FROM items i LEFT JOIN customer_rates r ON r.item_id = i.id AND r.customer_id = ?1 \
               WHERE (i.active = 1 OR r.rate IS NOT NULL OR i.id = ?2) AND (?2 IS NULL OR i.id = ?2) \
               ORDER BY i.code";
    query(call, sql, &[Cell::Integer(customer), item.into()], RATE)
}

fn list_rates(call: &mut Call) -> Result<Reply, Problem> {
    let customer = call.id("customer_id")?;
    CUSTOMERS.require(call, customer)?;
    Ok(all(rates(call, customer, None)?))
}

fn set_rate(call: &mut Call) -> Result<Reply, Problem> {
    let (customer, item) = (call.id("customer_id")?, call.id("item_id")?);
    CUSTOMERS.require(call, customer)?;
    super::items::ITEMS.require(call, item)?;
    let values = call.read(RATE, Mode::Create)?;
    call.db.execute(
        "INSERT INTO customer_rates (customer_id, item_id, rate, updated_at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET rate = excluded.rate, updated_at = excluded.updated_at",
        (customer, item, values.int("rate"), &call.now.timestamp),
    )?;
    let rate = rates(call, customer, Some(item))?.pop();
    rate.map(Reply::ok)
        .ok_or_else(|| Problem::not_found("item", &item.to_string()))
}

fn delete_rate(call: &mut Call) -> Result<Reply, Problem> {
    let (customer, item) = (call.id("customer_id")?, call.id("item_id")?);
    let sql = "DELETE FROM customer_rates WHERE customer_id = ?1 AND item_id = ?2";
    match call.db.execute(sql, (customer, item))? {
        0 => Err(Problem::not_found(
            "agreed rate for item",
            &item.to_string(),
        )),
        _ => Ok(Reply::no_content()),
    }
}

fn search(call: &mut Call) -> Result<Reply, Problem> {
    let wanted: Values = call.read(SEARCH, Mode::Create)?;
    // Each condition is off when its parameter is null or empty, so one statement serves all.
    let condition = "(?1 IS NULL OR instr(lower(name), lower(?1)) > 0 OR instr(lower(coalesce(email, '')), lower(?1)) > 0) \
        AND (json_array_length(?2) = 0 OR status IN (SELECT value FROM json_each(?2))) \
        AND NOT EXISTS (SELECT 1 FROM json_each(?3) w WHERE NOT EXISTS (SELECT 1 FROM json_each(tags) t WHERE t.value = w.value)) \
        AND (?4 IS NULL OR country = ?4) AND (?5 IS NULL OR balance_due >= ?5) \
        AND (?6 = 0 OR overdue_amount > 0)";
    let names = [
        "query",
        "status",
        "tags",
        "country",
        "min_balance_due",
        "only_overdue",
    ];
    let mut params: Vec<Cell> = names
        .iter()
        .map(|name| wanted.get(name).cloned().unwrap_or(Cell::Null))
        .collect();
    let count = format!("SELECT count(*) FROM customer_view WHERE {condition}");
    let total = call
        .scalar(&count, rusqlite::params_from_iter(&params))?
        .unwrap_or(0);
    let (page, limit) = (
        wanted.int("page").unwrap_or(1),
        wanted.int("limit").unwrap_or(25),
    );
    params.extend([Cell::Integer(limit), Cell::Integer((page - 1) * limit)]);
    let sql = format!(
        "SELECT * FROM customer_view WHERE {condition} ORDER BY name, id LIMIT ?7 OFFSET ?8"
    );
    let data = CUSTOMERS.select(call, &sql, &params)?;
    let pages = (total + limit - 1) / limit;
    let meta = json!({"page": page, "limit": limit, "total": total, "pages": pages});
    Ok(Reply::ok(json!({"data": data, "meta": meta})))
}
