//! Staff: only administrators change it.

use serde_json::json;

use super::outbox;
use crate::fields::{COUNT, Field, Kind, MAX_MONEY, Mode, STRING, Values, def, opt, req, ro};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, int, text};

const ROLES: &[&str] = &["admin", "staff", "readonly"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("name", Kind::Text(1, 120)),
    req("email", Kind::Email),
    def("role", Kind::Enum(ROLES), "\"staff\""),
    opt("job_title", Kind::Text(0, 80)),
    opt("hourly_rate", Kind::Decimal(0, MAX_MONEY)),
    // Write-only: no column has this name.
    def("send_invitation", Kind::Bool, "true").fixed(),
    ro("active", Kind::Bool),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static STAFF: Resource = Resource {
    name: "staff member",
    path: "/staff",
    id: "staff_id",
    table: "staff",
    view: "staff",
    fields: FIELDS,
    list: List {
        search: &["name", "email", "job_title"],
        filters: &[
            Filter("role", "role", Test::Words(ROLES)),
            Filter("active", "active", Test::Bool),
        ],
        sort: &["name", "created_at"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/staff", Handler::List(&STAFF)),
        Route::post("/staff", Handler::Custom(create)).access(Access::Admin),
        Route::get("/staff/{staff_id}", Handler::Get(&STAFF)),
        Route::patch("/staff/{staff_id}", Handler::Patch(&STAFF)).access(Access::Admin),
        Route::post("/staff/{staff_id}/activate", Handler::Custom(activate))
            .access(Access::Admin)
            .body(Body::None),
        Route::post("/staff/{staff_id}/deactivate", Handler::Custom(deactivate))
            .access(Access::Admin)
            .body(Body::None),
    ]
}

fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut values = call.read(FIELDS, Mode::Create)?;
    let invite = values.int("send_invitation") == Some(1);
    values.take("send_invitation");
    let member = STAFF.insert(call, values)?;
    if invite {
        let body = format!(
            "Hello {},\n\nyou can now use the CRM of Northlight Studio.",
            text(&member, "name")
        );
        outbox::send(
            call,
            &json!({"kind": "invitation", "to": [text(&member, "email")], "cc": [],
                    "subject": "Your account", "body": body}),
        )?;
    }
    let id = int(&member, "id").unwrap_or(0);
    Ok(STAFF.created(call, id, member))
}

fn activate(call: &mut Call) -> Result<Reply, Problem> {
    set_active(call, 1)
}

fn deactivate(call: &mut Call) -> Result<Reply, Problem> {
    if call.id("staff_id")? == call.actor.staff_id {
        let detail = "You cannot deactivate yourself.";
        return Err(Problem::conflict("own_account", detail));
    }
    set_active(call, 0)
}

fn set_active(call: &mut Call, active: i64) -> Result<Reply, Problem> {
    let id = call.id("staff_id")?;
    STAFF.require(call, id)?;
    let mut values = Values::default();
    values.set("active", active);
    Ok(Reply::ok(STAFF.update(call, id, values)?))
}
