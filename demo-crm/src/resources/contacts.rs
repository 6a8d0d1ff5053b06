//! Contacts: people at customers.

use crate::fields::{COUNT, Field, Kind, STRING, Values, def, opt, req, ro};
use crate::http::call::Call;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test};

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("customer_id", Kind::Ref("customers")).fixed(),
    ro("customer_name", STRING),
    req("first_name", Kind::Text(1, 80)),
    req("last_name", Kind::Text(1, 80)),
    opt("email", Kind::Email),
    opt("phone", Kind::Text(0, 40)),
    opt("job_title", Kind::Text(0, 80)),
    def("is_primary", Kind::Bool, "false"),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static CONTACTS: Resource = Resource {
    name: "contact",
    path: "/contacts",
    id: "contact_id",
    table: "contacts",
    view: "contact_view",
    fields: FIELDS,
    list: List {
        search: &[
            "first_name",
            "last_name",
            "email",
            "customer_name",
            "job_title",
        ],
        filters: &[
            Filter("customer_id", "customer_id", Test::Id),
            Filter("is_primary", "is_primary", Test::Bool),
            Filter("email", "email", Test::Text(254)),
        ],
        sort: &["last_name", "first_name", "created_at"],
        choose: &[],
    },
    check: Some(one_primary),
    decorate: None,
};

/// A customer has at most one primary contact: the newest choice wins.
fn one_primary(call: &Call, values: &mut Values, id: Option<i64>) -> Result<(), Problem> {
    if values.int("is_primary") == Some(1) {
        call.db.execute(
            "UPDATE contacts SET is_primary = 0 WHERE is_primary = 1 AND customer_id = \
             coalesce(?1, (SELECT customer_id FROM contacts WHERE id = ?2))",
            (values.int("customer_id"), id),
        )?;
    }
    Ok(())
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/contacts", Handler::List(&CONTACTS)),
        Route::post("/contacts", Handler::Create(&CONTACTS)),
        Route::get("/contacts/{contact_id}", Handler::Get(&CONTACTS)),
        Route::patch("/contacts/{contact_id}", Handler::Patch(&CONTACTS)),
        Route::delete("/contacts/{contact_id}", Handler::Delete(&CONTACTS)),
    ]
}
