//! Items: what can be sold, and at which standard rate.

use serde_json::{Map, Value};

use crate::fields::{AMOUNT, COUNT, Field, Kind, MAX_MONEY, STRING, def, opt, req, ro};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Record, Resource, Test, all, int, query};

pub const UNITS: &[&str] = &["hour", "day", "piece", "month", "flat"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("code", Kind::Text(1, 40)),
    req("name", Kind::Text(1, 120)),
    opt("description", Kind::Text(0, 1000)),
    def("unit", Kind::Enum(UNITS), "\"piece\""),
    req("rate", Kind::Decimal(0, MAX_MONEY)),
    opt("tax_id", Kind::Ref("taxes")),
    ro("tax_rate", AMOUNT),
    opt("category_id", Kind::Ref("item_categories")),
    ro("category_name", STRING),
    def("active", Kind::Bool, "true"),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static ITEMS: Resource = Resource {
    name: "item",
    path: "/items",
    id: "item_id",
    table: "items",
    view: "item_view",
    fields: FIELDS,
    list: List {
        search: &["code", "name", "description"],
        filters: &[
            Filter("unit", "unit", Test::Words(UNITS)),
            Filter("category_id", "category_id", Test::Id),
            Filter("active", "active", Test::Bool),
        ],
        sort: &["code", "name", "rate"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

const CATEGORY: &[Field] = &[ro("id", COUNT), ro("parent_id", COUNT), ro("name", STRING)];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/items", Handler::List(&ITEMS)),
        Route::post("/items", Handler::Create(&ITEMS)),
        Route::get("/items/{item_id}", Handler::Get(&ITEMS)),
        Route::put("/items/{item_id}", Handler::Replace(&ITEMS)),
        Route::patch("/items/{item_id}", Handler::Patch(&ITEMS)),
        Route::delete("/items/{item_id}", Handler::Delete(&ITEMS)).access(Access::Admin),
        Route::get("/item-categories", Handler::Custom(categories)),
    ]
}

fn categories(call: &mut Call) -> Result<Reply, Problem> {
    let sql = "SELECT * FROM item_categories ORDER BY name";
    let rows = query(call, sql, &[], CATEGORY)?;
    Ok(all(tree(&rows, None, "children", 0)))
}

/// Nests records below the records that their `parent_id` names. Deeper than any rule allows, the
/// rest is cut off, so that no data can exhaust the stack.
pub fn tree(rows: &[Record], parent: Option<i64>, children: &str, depth: usize) -> Vec<Record> {
    if depth > 30 {
        return Vec::new();
    }
    rows.iter()
        .filter(|row| int(row, "parent_id") == parent)
        .map(|row| {
            let mut row: Map<String, Value> = row.clone();
            let below = tree(rows, int(&row, "id"), children, depth + 1);
            row.insert(
                children.to_owned(),
                below.into_iter().map(Value::Object).collect(),
            );
            row
        })
        .collect()
}
