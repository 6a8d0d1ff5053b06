//! Notes on customers, leads, projects, tickets and contracts.

use serde_json::json;

use crate::fields::{COUNT, Field, Kind, Mode, STRING, def, error, req, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, int};

const SUBJECTS: &[&str] = &["customer", "lead", "project", "ticket", "contract"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("subject_type", Kind::Enum(SUBJECTS)).fixed(),
    req("subject_id", Kind::Integer(1, i64::MAX)).fixed(),
    ro("customer_id", COUNT),
    req("body", Kind::Text(1, 10_000)),
    def("pinned", Kind::Bool, "false"),
    ro("author", STRING),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static NOTES: Resource = Resource {
    name: "note",
    path: "/notes",
    id: "note_id",
    table: "notes",
    view: "notes",
    fields: FIELDS,
    list: List {
        search: &["body"],
        filters: &[
            Filter("subject_type", "subject_type", Test::Words(SUBJECTS)),
            Filter("subject_id", "subject_id", Test::Id),
            Filter("pinned", "pinned", Test::Bool),
        ],
        sort: &["-created_at"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notes", Handler::List(&NOTES)),
        Route::post("/notes", Handler::Custom(create)),
        Route::get("/notes/{note_id}", Handler::Get(&NOTES)),
        Route::patch("/notes/{note_id}", Handler::Patch(&NOTES)),
        Route::delete("/notes/{note_id}", Handler::Delete(&NOTES)),
    ]
}

fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut values = call.read(FIELDS, Mode::Create)?;
    let subject = values.text("subject_type").unwrap_or("").to_owned();
    let subject_id = values.int("subject_id").unwrap_or(0);
    // One statement per kind: the table cannot be a bound parameter.
    let sql = match subject.as_str() {
        "customer" => "SELECT id FROM customers WHERE id = ?1",
        "lead" => "SELECT coalesce(customer_id, 0) FROM leads WHERE id = ?1",
        "project" => "SELECT customer_id FROM projects WHERE id = ?1",
        "ticket" => "SELECT customer_id FROM tickets WHERE id = ?1",
        _ => "SELECT customer_id FROM contracts WHERE id = ?1",
    };
    let Some(customer) = call.scalar(sql, [subject_id])? else {
        let message = format!("there is no {subject} {subject_id}");
        let errors = vec![error("subject_id", "unknown_reference", message)];
        return Err(Problem::unknown_references(errors));
    };
    let customer = (customer != 0).then_some(customer);
    values.set("customer_id", customer);
    values.set("author", call.actor.name.clone());
    let note = NOTES.insert(call, values)?;
    let id = int(&note, "id").unwrap_or(0);
    let entry = json!({"note_id": id, "subject_type": subject, "subject_id": subject_id});
    call.log(
        "note",
        customer,
        &format!("Note on {subject} {subject_id}"),
        entry,
    )?;
    Ok(NOTES.created(call, id, note))
}
